#include "common/auth/errors.h"

#include "absl/strings/cord.h"
#include "common/status/error.h"

namespace nscl::auth::errors {
namespace {

absl::Status WithFault(absl::Status status, absl::string_view fault) {
  status.SetPayload(kTokenFaultUrl, absl::Cord(fault));
  return status;
}

}  // namespace

absl::Status TokenMissing() {
  return status::Error(absl::StatusCode::kUnauthenticated, "TOKEN_MISSING")
      .En("one header `authorization: Bearer <token>` is needed")
      .Vi("thiếu mã truy cập (authorization: Bearer …)");
}

absl::Status TokenInvalid(absl::string_view fault) {
  return WithFault(status::Error(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID")
                       .En("the token is not valid")
                       .Vi("mã truy cập không hợp lệ"),
                   fault);
}

absl::Status TokenExpired(absl::string_view fault) {
  return WithFault(status::Error(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED")
                       .En("the token has expired or is not yet valid")
                       .Vi("mã truy cập đã hết hạn hoặc chưa có hiệu lực"),
                   fault);
}

absl::Status TokenAudience(absl::string_view fault) {
  return WithFault(status::Error(absl::StatusCode::kUnauthenticated, "TOKEN_AUDIENCE")
                       .En("the token was not issued for this system")
                       .Vi("mã truy cập không được cấp cho hệ thống này"),
                   fault);
}

absl::Status RoleDenied(absl::string_view permission) {
  return status::Error(absl::StatusCode::kPermissionDenied, "ROLE_DENIED")
      .Meta("permission", permission)
      .En("no role of the caller grants ", permission)
      .Vi("vai trò của người gọi không có quyền ", permission);
}

absl::Status ScopeDenied() {
  return status::Error(absl::StatusCode::kPermissionDenied, "SCOPE_DENIED")
      .En("outside the provinces that the caller may act for")
      .Vi("ngoài phạm vi địa bàn được phân quyền");
}

absl::Status NameWithoutProvince(absl::string_view field, bool wildcard_allowed) {
  const absl::string_view forms =
      wildcard_allowed ? "\"provinces/{province}\" or \"provinces/-\"" : "\"provinces/{province}\"";
  return status::Error(absl::StatusCode::kInvalidArgument, "RESOURCE_NAME")
      .Meta("field", field)
      .Field(field, absl::StrCat("must begin with ", forms, ", province a two-digit code"))
      .En(field, " must begin with ", forms, ", province a two-digit code")
      .Vi(field, " phải bắt đầu bằng ", forms, ", mã tỉnh gồm hai chữ số");
}

absl::Status NoAccessRule(absl::string_view method) {
  return status::Error(absl::StatusCode::kInternal, "NO_ACCESS_RULE")
      .Meta("method", method)
      .En("the method declares no access rule, so nobody may call it")
      .Vi("phương thức chưa khai báo quyền truy cập");
}

std::string TokenFaultOf(const absl::Status& status) {
  auto payload = status.GetPayload(kTokenFaultUrl);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace nscl::auth::errors
