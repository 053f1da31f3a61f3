#include "services/registry/rpc/support_record_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/registry/domain/overlap.h"
#include "services/registry/domain/support_record.h"
#include "services/registry/rpc/references.h"
#include "services/registry/store/same_enterprise.h"

namespace nscl::registry {
namespace {

constexpr char kProgrammes[] = "programmes";
constexpr char kSolutions[] = "solutions";
constexpr size_t kPage = 500;

// The product is there, and one of the enterprise.
absl::Status CheckProduct(status::Violations& violations, const Parts& parts,
                          const store::Reader& reader, absl::string_view path,
                          absl::string_view product, const std::vector<std::string>& owners) {
  if (product.empty()) return absl::OkStatus();
  const std::string owner(resource::ParentOf(product));
  absl::Status found = absl::NotFoundError("");
  if (std::find(owners.begin(), owners.end(), owner) != owners.end()) {
    found = parts.tables.products.Load(reader, product).status();
  }
  if (!found.ok() && !absl::IsNotFound(found) && !absl::IsInvalidArgument(found)) return found;
  violations.Check(found.ok(), path, "PRODUCT_UNKNOWN",
                   absl::StrCat("the enterprise has no product ", product),
                   absl::StrCat("doanh nghiệp không có sản phẩm ", product));
  return absl::OkStatus();
}

absl::Status Settle(const Parts& parts, const store::Reader& reader,
                    const v1::SupportRecord& record) {
  const absl::CivilDay day = *time::ToCivilDay(record.starts_on());
  status::Violations violations;
  RETURN_IF_ERROR(CheckCode(violations, parts, reader, "support_record.programme", kProgrammes,
                            record.programme(), day));
  RETURN_IF_ERROR(CheckCode(violations, parts, reader, "support_record.solution", kSolutions,
                            record.solution(), day));
  ASSIGN_OR_RETURN(std::vector<std::string> owners,
                   rows::NamesOf(parts.enterprises, reader, resource::ParentOf(record.name())));
  RETURN_IF_ERROR(
      CheckProduct(violations, parts, reader, "support_record.product", record.product(), owners));
  return violations.ToStatus();
}

// What tells a product from others, wherever it is registered: its GTIN, or else its name.
absl::StatusOr<std::string> ProductKey(const Parts& parts, const store::Reader& reader,
                                       const std::string& product) {
  if (product.empty()) return product;
  absl::StatusOr<v1::Product> found = parts.tables.products.Load(reader, product);
  if (absl::IsNotFound(found.status())) return product;
  RETURN_IF_ERROR(found.status());
  return found->gtin().empty() ? product : found->gtin();
}

// Whatever was given to the enterprise under any of its names.
absl::StatusOr<std::vector<domain::GivenSupport>> GivenTo(const Parts& parts,
                                                          const store::Reader& reader,
                                                          const std::vector<std::string>& names,
                                                          const std::string& content) {
  std::vector<domain::GivenSupport> given;
  for (const std::string& name : names) {
    std::string after_key;
    do {
      ASSIGN_OR_RETURN(store::Page<v1::SupportRecord> page,
                       parts.tables.support_records.List(
                           reader, name, std::nullopt, after_key, kPage,
                           [&](const v1::SupportRecord& row) { return row.content() == content; }));
      for (v1::SupportRecord& record : page.rows) {
        ASSIGN_OR_RETURN(std::string product, ProductKey(parts, reader, record.product()));
        given.push_back({std::move(record), std::move(product)});
      }
      after_key = std::move(page.last_key);
    } while (!after_key.empty());
  }
  return given;
}

// What a caller may know of a record of another province.
v1::SupportRecord WithoutDetails(const v1::SupportRecord& record) {
  v1::SupportRecord cut;
  cut.set_name(record.name());
  cut.set_programme(record.programme());
  cut.set_sector_unit(record.sector_unit());
  cut.set_content(record.content());
  cut.set_solution(record.solution());
  cut.set_product(record.product());
  *cut.mutable_starts_on() = record.starts_on();
  if (record.has_ends_on()) *cut.mutable_ends_on() = record.ends_on();
  return cut;
}

}  // namespace

SupportRecordHandlers::SupportRecordHandlers(const Parts& parts)
    : parts_(parts),
      methods_(parts, parts.tables.support_records,
               {.filter_fields = {"programme", "content", "solution", "cancelled", "origin"},
                .normalise =
                    [parts](v1::SupportRecord& next, const v1::SupportRecord* /*before*/,
                            absl::CivilDay today) {
                      return domain::NormaliseSupportRecord(next, today, parts.support_contents,
                                                            parts.funding_sources);
                    },
                .settle = [parts](store::Txn& txn, v1::SupportRecord& next,
                                  const v1::SupportRecord*) { return Settle(parts, txn, next); }}) {
}

grpc::ServerUnaryReactor* SupportRecordHandlers::GetSupportRecord(
    grpc::CallbackServerContext* context, const v1::GetSupportRecordRequest* request,
    v1::SupportRecord* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* SupportRecordHandlers::ListSupportRecords(
    grpc::CallbackServerContext* context, const v1::ListSupportRecordsRequest* request,
    v1::ListSupportRecordsResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* SupportRecordHandlers::CreateSupportRecord(
    grpc::CallbackServerContext* context, const v1::CreateSupportRecordRequest* request,
    v1::SupportRecord* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* SupportRecordHandlers::UpdateSupportRecord(
    grpc::CallbackServerContext* context, const v1::UpdateSupportRecordRequest* request,
    v1::SupportRecord* response) {
  return methods_.Update(context, request, response);
}

grpc::ServerUnaryReactor* SupportRecordHandlers::CheckOverlap(
    grpc::CallbackServerContext* context, const v1::CheckOverlapRequest* request,
    v1::CheckOverlapResponse* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call& call, const v1::CheckOverlapRequest& request) {
                       return Check(call, request);
                     });
}

absl::StatusOr<v1::CheckOverlapResponse> SupportRecordHandlers::Check(
    const auth::Call& call, const v1::CheckOverlapRequest& request) const {
  ASSIGN_OR_RETURN(domain::AskedSupport asked, domain::ReadAsked(request, parts_.support_contents));
  std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
  ASSIGN_OR_RETURN(
      std::vector<std::string> names,
      rows::NamesEverywhere(parts_.enterprises, *snapshot, request.name(), parts_.provinces));
  status::Violations violations;
  RETURN_IF_ERROR(CheckProduct(violations, parts_, *snapshot, "product", request.product(), names));
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(asked.product, ProductKey(parts_, *snapshot, request.product()));
  const absl::optional<domain::OverlapRule> rule = parts_.overlap_rules.On(asked.starts_on);
  if (!rule.has_value()) return errors::NoOverlapRule(asked.starts_on);
  ASSIGN_OR_RETURN(std::vector<domain::GivenSupport> given,
                   GivenTo(parts_, *snapshot, names, asked.content));
  v1::CheckOverlapResponse response = domain::CheckOverlap(asked, given, *rule);
  for (v1::Overlap& overlap : *response.mutable_overlaps()) {
    if (call.caller.Covers(resource::ProvinceOf(overlap.record().name()))) continue;
    *overlap.mutable_record() = WithoutDetails(overlap.record());
  }
  return response;
}

}  // namespace nscl::registry
