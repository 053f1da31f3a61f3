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
#include "services/registry/rpc/enterprise_change.h"

namespace nscl::registry {
namespace {

using absl::StatusOr;
using rpc::Done;

// A cluster may lie in another province: only within the caller's scope is said whether it is
// there.
absl::Status CheckClusterScope(const auth::Call& call, const v1::Enterprise& enterprise) {
  for (const v1::Membership& membership : enterprise.memberships()) {
    const absl::string_view province = resource::ProvinceOf(membership.cluster());
    if (resource::IsProvinceCode(province)) {
      RETURN_IF_ERROR(auth::CheckProvince(call.caller, province));
    }
  }
  return absl::OkStatus();
}

// What a client may send back as it read it: how its marks stand follows from their papers.
v1::Enterprise WithoutStandings(v1::Enterprise enterprise) {
  for (v1::Mark& mark : *enterprise.mutable_marks()) mark.clear_standing();
  return enterprise;
}

absl::Status TwoPasts() {
  status::Violations violations;
  violations.Add("as_of_on", "AS_OF", "not beside as_of_revision",
                 "không dùng cùng as_of_revision");
  return violations.ToStatus();
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
  ASSIGN_OR_RETURN(resource::Filter filter,
                   resource::Filter::Parse(request.filter(), v1::Enterprise::descriptor(),
                                           kEnterpriseFilterFields));
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

StatusOr<v1::Enterprise> EnterpriseHandlers::Prepare(const v1::CreateEnterpriseRequest& request,
                                                     absl::Time now) const {
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
        const absl::Time now = parts_.clock.Now();
        StatusOr<v1::Enterprise> enterprise = Prepare(request, now);
        if (absl::Status scope = CheckClusterScope(call, request.enterprise()); !scope.ok()) {
          return done(scope);
        }
        // A refusal is given in the change: a repetition gets the first answer, whatever the code
        // lists say by now.
        const std::string name = enterprise.ok() ? enterprise->name() : request.parent();
        store::ChangeBytes(
            parts_.store, call, request, name, store::Retention::kThirtyDays,
            [this, enterprise = std::move(enterprise),
             today = time::VietnamDay(now)](store::Txn& txn) mutable -> StatusOr<std::string> {
              RETURN_IF_ERROR(enterprise.status());
              return InsertEnterprise(parts_, txn, *std::move(enterprise), today);
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
        if (absl::Status scope = CheckClusterScope(call, request.enterprise()); !scope.ok()) {
          return done(scope);
        }
        const absl::CivilDay today = time::VietnamDay(parts_.clock.Now());
        store::Change<v1::Enterprise>(
            parts_.store, call, request, request.enterprise().name(), store::Retention::kThirtyDays,
            [this, &request, today](store::Txn& txn) -> StatusOr<v1::Enterprise> {
              const v1::Enterprise& patch = request.enterprise();
              ASSIGN_OR_RETURN(v1::Enterprise current,
                               parts_.enterprises.Load(txn, patch.name(), patch.etag()));
              v1::Enterprise next = current;
              RETURN_IF_ERROR(resource::ApplyUpdate(
                  request.update_mask(), patch.marks().empty() ? patch : WithoutStandings(patch),
                  "enterprise", &next));
              RETURN_IF_ERROR(domain::Normalise(&next, parts_.sectors, today));
              return registry::UpdateEnterprise(parts_, txn, current, std::move(next), today);
            },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* EnterpriseHandlers::GetSizeClass(grpc::CallbackServerContext* context,
                                                           const v1::GetSizeClassRequest* request,
                                                           v1::SizeClass* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call&, const v1::GetSizeClassRequest& request) {
                       return FindSizeClass(request);
                     });
}

StatusOr<v1::SizeClass> EnterpriseHandlers::FindSizeClass(
    const v1::GetSizeClassRequest& request) const {
  RETURN_IF_ERROR(parts_.tables.size_classes.names().Parse(request.name()).status());
  if (request.as_of_revision() != 0 && request.has_as_of_on()) return TwoPasts();
  std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
  const bool newest = request.as_of_revision() == 0 && !request.has_as_of_on();
  int64_t revision = newest ? snapshot->revision() : request.as_of_revision();
  if (request.has_as_of_on()) {
    status::Violations violations;
    if (!time::CheckDate(violations, "as_of_on", request.as_of_on())) return violations.ToStatus();
    const absl::CivilDay day = *time::ToCivilDay(request.as_of_on());
    ASSIGN_OR_RETURN(revision, parts_.store.RevisionBefore(time::StartOfVietnamDay(day + 1)));
  }
  const rows::SizeClasses& size_classes = parts_.tables.size_classes;
  ASSIGN_OR_RETURN(std::optional<v1::SizeClass> kept,
                   newest ? size_classes.Get(*snapshot, request.name())
                          : size_classes.GetAsOf(parts_.store, request.name(), revision));
  if (kept.has_value()) return *std::move(kept);
  return ComputeSizeClass(request.name(), revision);
}

// Why none is kept; and the class of figures that were entered before classes were kept.
StatusOr<v1::SizeClass> EnterpriseHandlers::ComputeSizeClass(absl::string_view name,
                                                             int64_t revision) const {
  const std::string parent(resource::ParentOf(name));
  const absl::string_view year = resource::LastIdOf(name);
  int number = 0;
  if (!absl::SimpleAtoi(year, &number)) return absl::InternalError("a year that is no number");
  ASSIGN_OR_RETURN(v1::Enterprise enterprise,
                   parts_.enterprises.GetAsOf(parts_.store, parent, revision));
  ASSIGN_OR_RETURN(v1::YearProfile profile,
                   parts_.year_profiles.GetAsOf(
                       parts_.store, parts_.year_profiles.NameOf(parent, year), revision));
  ASSIGN_OR_RETURN(v1::SizeClass size_class,
                   domain::Classify(enterprise, profile, number, parts_.size_rules));
  size_class.set_name(std::string(name));
  return size_class;
}

}  // namespace nscl::registry
