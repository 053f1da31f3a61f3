#include "services/registry/rpc/conformity_notice_service.h"

#include "services/registry/domain/conformity_notice.h"
#include "services/registry/rpc/siblings.h"

namespace nscl::registry {
ConformityNoticeHandlers::ConformityNoticeHandlers(const Parts& parts)
    : methods_(parts, parts.tables.conformity_notices,
               {.filter_fields = {"kind", "standard_code", "base"},
                .normalise =
                    [parts](v1::ConformityNotice& next, const v1::ConformityNotice*,
                            absl::CivilDay today) {
                      return domain::NormaliseConformityNotice(next, parts.rules, today);
                    },
                .settle =
                    [parts](store::Txn& txn, v1::ConformityNotice& next,
                            const v1::ConformityNotice* before) {
                      return CheckProduct(parts, txn, "conformity_notice.product", next.product(),
                                          before == nullptr ? "" : before->product());
                    }}) {}

grpc::ServerUnaryReactor* ConformityNoticeHandlers::GetConformityNotice(
    grpc::CallbackServerContext* context, const v1::GetConformityNoticeRequest* request,
    v1::ConformityNotice* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* ConformityNoticeHandlers::ListConformityNotices(
    grpc::CallbackServerContext* context, const v1::ListConformityNoticesRequest* request,
    v1::ListConformityNoticesResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* ConformityNoticeHandlers::CreateConformityNotice(
    grpc::CallbackServerContext* context, const v1::CreateConformityNoticeRequest* request,
    v1::ConformityNotice* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* ConformityNoticeHandlers::UpdateConformityNotice(
    grpc::CallbackServerContext* context, const v1::UpdateConformityNoticeRequest* request,
    v1::ConformityNotice* response) {
  return methods_.Update(context, request, response);
}

}  // namespace nscl::registry
