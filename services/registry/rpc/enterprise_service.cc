#include "services/registry/rpc/enterprise_service.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/resource/filter.h"
#include "common/resource/id.h"
#include "common/resource/mask.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "common/store/list_over.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/enterprise.h"
#include "services/registry/errors.h"

namespace nscl::registry {
namespace {

using absl::StatusOr;
using rpc::Done;

// What a list may be filtered by.
constexpr absl::string_view kFilterFields[] = {"tax_code", "legal_kind", "operating_status",
                                               "sector", "demo"};

const resource::NamePattern& SizeClassNames() {
  static const auto& names = *new resource::NamePattern(
      "provinces/{province}/enterprises/{enterprise}/sizeClasses/{year}");
  return names;
}

}  // namespace

grpc::ServerUnaryReactor* EnterpriseHandlers::GetEnterprise(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return rpc::HandleBytes<v1::GetEnterpriseRequest, v1::Enterprise>(
      parts_.door, context, request, response,
      [this](const auth::Call&, const v1::GetEnterpriseRequest& request) -> StatusOr<std::string> {
        if (!request.has_read_mask()) {
          return parts_.enterprises.GetBytes(parts_.store.Latest(), request.name());
        }
        ASSIGN_OR_RETURN(v1::Enterprise enterprise,
                         parts_.enterprises.Get(parts_.store.Latest(), request.name()));
        RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &enterprise));
        return enterprise.SerializeAsString();
      });
}

grpc::ServerUnaryReactor* EnterpriseHandlers::ListEnterprises(
    grpc::CallbackServerContext* context, const v1::ListEnterprisesRequest* request,
    v1::ListEnterprisesResponse* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call& call, const v1::ListEnterprisesRequest& request) {
                       return List(call, request);
                     });
}

StatusOr<v1::ListEnterprisesResponse> EnterpriseHandlers::List(
    const auth::Call& call, const v1::ListEnterprisesRequest& request) {
  ASSIGN_OR_RETURN(int page_size, resource::PageSize(request.page_size()));
  RETURN_IF_ERROR(resource::CheckReadMask(request.read_mask(), v1::Enterprise::descriptor()));
  ASSIGN_OR_RETURN(
      resource::Filter filter,
      resource::Filter::Parse(request.filter(), v1::Enterprise::descriptor(), kFilterFields));
  ASSIGN_OR_RETURN(std::string after_key,
                   parts_.page_tokens.Read(call.method, call.caller.actor, request));

  const bool across = call.province == resource::kWildcard;
  auto match = [&](const v1::Enterprise& enterprise) { return filter.Matches(enterprise); };
  std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
  v1::ListEnterprisesResponse response;
  // One province and one tax code: at most one enterprise, found by its index.
  if (absl::optional<std::string> tax_code = filter.RequiredValue("tax_code");
      tax_code.has_value() && !across) {
    ASSIGN_OR_RETURN(std::optional<std::string> name,
                     parts_.enterprises.FindByTaxCode(*snapshot, call.province, *tax_code));
    if (!name.has_value()) return response;
    ASSIGN_OR_RETURN(v1::Enterprise enterprise, parts_.enterprises.Get(*snapshot, *name));
    if (match(enterprise)) *response.add_enterprises() = std::move(enterprise);
  } else {
    ASSIGN_OR_RETURN(store::Page<v1::Enterprise> page,
                     store::ListInScope<v1::Enterprise>(parts_.enterprises.table(), *snapshot,
                                                        call.caller, request.parent(), after_key,
                                                        static_cast<size_t>(page_size), match));
    for (v1::Enterprise& enterprise : page.rows) {
      *response.add_enterprises() = std::move(enterprise);
    }
    response.set_next_page_token(
        parts_.page_tokens.Make(call.method, call.caller.actor, request, page.last_key));
  }
  for (v1::Enterprise& enterprise : *response.mutable_enterprises()) {
    RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &enterprise));
  }
  return response;
}

StatusOr<v1::Enterprise> EnterpriseHandlers::Prepare(
    const v1::CreateEnterpriseRequest& request) const {
  absl::string_view province = resource::ProvinceOf(request.parent());
  v1::Enterprise enterprise = request.enterprise();
  status::Violations violations;
  if (parts_.provinces.Newest(province) == nullptr) {
    violations.AddAll(errors::ProvinceUnknown("parent", province), "");
  }
  if (!request.enterprise_id().empty()) {
    violations.AddAll(resource::CheckId(request.enterprise_id(), "enterprise_id"), "");
  }
  violations.AddAll(resource::CheckOutputOnly(enterprise, "enterprise"), "");
  const absl::Time now = parts_.clock.Now();
  violations.AddAll(domain::Normalise(&enterprise, parts_.sectors, time::VietnamDay(now)), "");
  RETURN_IF_ERROR(violations.ToStatus());
  const std::string id =
      request.enterprise_id().empty() ? resource::NewId(now) : request.enterprise_id();
  enterprise.set_name(parts_.enterprises.names().Format({province, id}));
  return enterprise;
}

grpc::ServerUnaryReactor* EnterpriseHandlers::CreateEnterprise(grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request,
                                                               grpc::ByteBuffer* response) {
  return rpc::HandleBytes<v1::CreateEnterpriseRequest, v1::Enterprise>(
      parts_.door, context, request, response,
      [this](const auth::Call& call, const v1::CreateEnterpriseRequest& request,
             Done<std::string> done) {
        StatusOr<v1::Enterprise> enterprise = Prepare(request);
        // A refusal is given in the change: a repetition gets the first answer, whatever the code
        // lists say by now.
        const std::string name = enterprise.ok() ? enterprise->name() : request.parent();
        store::ChangeBytes(
            parts_.store, call, request, name, store::Retention::kThirtyDays,
            [this,
             enterprise = std::move(enterprise)](store::Txn& txn) mutable -> StatusOr<std::string> {
              RETURN_IF_ERROR(enterprise.status());
              return parts_.enterprises.Insert(txn, *std::move(enterprise));
            },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* EnterpriseHandlers::UpdateEnterprise(
    grpc::CallbackServerContext* context, const v1::UpdateEnterpriseRequest* request,
    v1::Enterprise* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call& call, const v1::UpdateEnterpriseRequest& request,
             Done<v1::Enterprise> done) {
        if (auto bad =
                resource::CheckUpdateMask(request.update_mask(), v1::Enterprise::descriptor());
            !bad.ok()) {
          return done(bad);
        }
        const absl::CivilDay today = time::VietnamDay(parts_.clock.Now());
        store::Change<v1::Enterprise>(
            parts_.store, call, request, request.enterprise().name(), store::Retention::kThirtyDays,
            [this, &request, today](store::Txn& txn) -> StatusOr<v1::Enterprise> {
              const v1::Enterprise& patch = request.enterprise();
              ASSIGN_OR_RETURN(v1::Enterprise current,
                               parts_.enterprises.Load(txn, patch.name(), patch.etag()));
              v1::Enterprise next = current;
              RETURN_IF_ERROR(
                  resource::ApplyUpdate(request.update_mask(), patch, "enterprise", &next));
              RETURN_IF_ERROR(domain::Normalise(&next, parts_.sectors, today));
              return parts_.enterprises.Update(txn, current, std::move(next));
            },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* EnterpriseHandlers::GetSizeClass(grpc::CallbackServerContext* context,
                                                           const v1::GetSizeClassRequest* request,
                                                           v1::SizeClass* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call&, const v1::GetSizeClassRequest& request) {
                       return ComputeSizeClass(request.name());
                     });
}

StatusOr<v1::SizeClass> EnterpriseHandlers::ComputeSizeClass(absl::string_view name) const {
  ASSIGN_OR_RETURN(resource::Ids ids, SizeClassNames().Parse(name));
  const std::string parent(resource::ParentOf(name));
  int year = 0;
  if (!absl::SimpleAtoi(ids[2], &year)) return absl::InternalError("a year that is no number");
  std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
  ASSIGN_OR_RETURN(v1::Enterprise enterprise, parts_.enterprises.Get(*snapshot, parent));
  ASSIGN_OR_RETURN(
      v1::YearProfile profile,
      parts_.year_profiles.Get(*snapshot, parts_.year_profiles.NameOf(parent, ids[2])));
  ASSIGN_OR_RETURN(v1::SizeClass size_class,
                   domain::Classify(enterprise, profile, year, parts_.size_rules));
  size_class.set_name(std::string(name));
  return size_class;
}

}  // namespace nscl::registry
