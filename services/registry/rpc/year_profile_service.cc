#include "services/registry/rpc/year_profile_service.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "common/resource/mask.h"
#include "common/resource/name.h"
#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/year_profile.h"
#include "services/registry/rpc/enterprise_change.h"

namespace nscl::registry {

using absl::StatusOr;
using rpc::Done;

grpc::ServerUnaryReactor* YearProfileHandlers::GetYearProfile(
    grpc::CallbackServerContext* context, const v1::GetYearProfileRequest* request,
    v1::YearProfile* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call&, const v1::GetYearProfileRequest& request) {
                       return parts_.year_profiles.Get(*parts_.store.TakeSnapshot(),
                                                       request.name());
                     });
}

grpc::ServerUnaryReactor* YearProfileHandlers::ListYearProfiles(
    grpc::CallbackServerContext* context, const v1::ListYearProfilesRequest* request,
    v1::ListYearProfilesResponse* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call& call, const v1::ListYearProfilesRequest& request) {
                       return List(call, request);
                     });
}

StatusOr<v1::ListYearProfilesResponse> YearProfileHandlers::List(
    const auth::Call& call, const v1::ListYearProfilesRequest& request) {
  ASSIGN_OR_RETURN(int page_size, resource::PageSize(request.page_size()));
  RETURN_IF_ERROR(parts_.enterprises.names().Parse(request.parent(), "parent").status());
  ASSIGN_OR_RETURN(std::string after_key,
                   parts_.page_tokens.Read(call.method, call.caller.actor, request));
  std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
  RETURN_IF_ERROR(parts_.enterprises.Get(*snapshot, request.parent()).status());
  ASSIGN_OR_RETURN(store::Page<v1::YearProfile> page,
                   parts_.year_profiles.List(*snapshot, request.parent(), after_key,
                                             static_cast<size_t>(page_size)));
  v1::ListYearProfilesResponse response;
  for (v1::YearProfile& profile : page.rows) *response.add_year_profiles() = std::move(profile);
  response.set_next_page_token(
      parts_.page_tokens.Make(call.method, call.caller.actor, request, page.last_key));
  return response;
}

grpc::ServerUnaryReactor* YearProfileHandlers::UpdateYearProfile(
    grpc::CallbackServerContext* context, const v1::UpdateYearProfileRequest* request,
    v1::YearProfile* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call& call, const v1::UpdateYearProfileRequest& request,
             Done<v1::YearProfile> done) {
        if (auto bad =
                resource::CheckUpdateMask(request.update_mask(), v1::YearProfile::descriptor());
            !bad.ok()) {
          return done(bad);
        }
        const absl::CivilDay today = time::VietnamDay(parts_.clock.Now());
        store::Change<v1::YearProfile>(
            parts_.store, call, request, request.year_profile().name(),
            store::Retention::kThirtyDays,
            [this, &request, today](store::Txn& txn) { return Apply(txn, request, today); },
            std::move(done));
      });
}

StatusOr<v1::YearProfile> YearProfileHandlers::Apply(store::Txn& txn,
                                                     const v1::UpdateYearProfileRequest& request,
                                                     absl::CivilDay today) const {
  const v1::YearProfile& patch = request.year_profile();
  ASSIGN_OR_RETURN(resource::Ids ids,
                   parts_.year_profiles.names().Parse(patch.name(), "year_profile.name"));
  int year = 0;
  if (!absl::SimpleAtoi(ids[2], &year)) return absl::InternalError("a year that is no number");
  ASSIGN_OR_RETURN(v1::Enterprise enterprise,
                   parts_.enterprises.Get(txn, resource::ParentOf(patch.name())));
  ASSIGN_OR_RETURN(bool exists, parts_.year_profiles.Exists(txn, patch.name()));
  // With an etag the caller means figures that exist.
  const bool create = !exists && request.allow_missing() && patch.etag().empty();
  v1::YearProfile current;
  if (create) {
    current.set_name(patch.name());
  } else {
    ASSIGN_OR_RETURN(current, parts_.year_profiles.Load(txn, patch.name(), patch.etag()));
  }
  v1::YearProfile next = current;
  RETURN_IF_ERROR(resource::ApplyUpdate(request.update_mask(), patch, "year_profile", &next));
  RETURN_IF_ERROR(domain::Normalise(&next, enterprise, year, today));
  return PutYearProfile(parts_, txn, enterprise, create ? nullptr : &current, std::move(next));
}

}  // namespace nscl::registry
