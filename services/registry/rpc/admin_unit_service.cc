#include "services/registry/rpc/admin_unit_service.h"

#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/registry/errors.h"

namespace nscl::registry {
namespace {

using absl::StatusOr;

const resource::NamePattern& Names() {
  static const auto& names = *new resource::NamePattern("adminUnits/{admin_unit}");
  return names;
}

v1::AdminUnit ToAdminUnit(const catalogue::Province& province) {
  v1::AdminUnit unit;
  unit.set_name(Names().Format({province.code}));
  unit.set_display_name(province.name);
  if (province.basis.valid_from.has_value()) {
    *unit.mutable_valid_from() = time::ToDate(*province.basis.valid_from);
  }
  if (province.basis.valid_to.has_value()) {
    *unit.mutable_valid_to() = time::ToDate(*province.basis.valid_to);
  }
  if (!province.successor.empty()) unit.set_successor(Names().Format({province.successor}));
  unit.set_legal_basis(province.basis.legal_basis);
  return unit;
}

}  // namespace

grpc::ServerUnaryReactor* AdminUnitHandlers::GetAdminUnit(grpc::CallbackServerContext* context,
                                                          const v1::GetAdminUnitRequest* request,
                                                          v1::AdminUnit* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call&, const v1::GetAdminUnitRequest& request) -> StatusOr<v1::AdminUnit> {
        ASSIGN_OR_RETURN(resource::Ids ids, Names().Parse(request.name()));
        const catalogue::Province* province = parts_.provinces.Newest(ids[0]);
        if (province == nullptr) return errors::AdminUnitNotFound(request.name());
        return ToAdminUnit(*province);
      });
}

grpc::ServerUnaryReactor* AdminUnitHandlers::ListAdminUnits(
    grpc::CallbackServerContext* context, const v1::ListAdminUnitsRequest* request,
    v1::ListAdminUnitsResponse* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call& call, const v1::ListAdminUnitsRequest& request) {
                       return List(call, request);
                     });
}

StatusOr<v1::ListAdminUnitsResponse> AdminUnitHandlers::List(
    const auth::Call& call, const v1::ListAdminUnitsRequest& request) {
  ASSIGN_OR_RETURN(int page_size, resource::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(std::string after_code,
                   parts_.page_tokens.Read(call.method, call.caller.actor, request));
  v1::ListAdminUnitsResponse response;
  std::string last_code;
  for (const catalogue::Province& province : parts_.provinces.rows()) {
    // A code stands once, in its newest form.
    if (province.code <= after_code || &province != parts_.provinces.Newest(province.code))
      continue;
    if (response.admin_units_size() == page_size) {
      response.set_next_page_token(
          parts_.page_tokens.Make(call.method, call.caller.actor, request, last_code));
      break;
    }
    *response.add_admin_units() = ToAdminUnit(province);
    last_code = province.code;
  }
  return response;
}

}  // namespace nscl::registry
