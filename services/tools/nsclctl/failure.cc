#include "services/tools/nsclctl/failure.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"
#include "services/tools/door/grpc_door.h"
#include "services/tools/nsclctl/run.h"

namespace nscl::nsclctl {
namespace {

template <typename Detail>
bool Find(const absl::Status& status, Detail* detail) {
  const auto payload =
      status.GetPayload(absl::StrCat("type.googleapis.com/", Detail::descriptor()->full_name()));
  return payload.has_value() && detail->ParseFromString(std::string(*payload));
}

void Write(const absl::Status& status, std::ostream& err) {
  const std::string reason = status::ReasonOf(status);
  err << absl::StatusCodeToString(status.code()) << (reason.empty() ? "" : " ") << reason << ": "
      << std::string(status.message()) << "\n";
  if (const std::string vi = status::LocalizedMessageOf(status); !vi.empty()) {
    err << "  " << vi << "\n";
  }
  const google::rpc::BadRequest bad = status::BadRequestOf(status);
  for (const auto& row : bad.field_violations()) {
    err << "  " << row.field() << ": " << row.description() << "\n";
  }
  if (google::rpc::PreconditionFailure failure; Find(status, &failure)) {
    for (const auto& row : failure.violations()) {
      err << "  " << row.type() << " " << row.subject() << ": " << row.description() << "\n";
    }
  }
  if (google::rpc::ErrorInfo info; Find(status, &info)) {
    for (const auto& [key, value] : std::map(info.metadata().begin(), info.metadata().end())) {
      err << "  " << key << " = " << value << "\n";
    }
  }
  if (google::rpc::RetryInfo retry; Find(status, &retry)) {
    err << "  try again after " << retry.retry_delay().seconds() << " s\n";
  }
}

}  // namespace

int Explain(const absl::Status& status, std::ostream& err) {
  Write(status, err);
  if (tools::IsUnreachable(status)) return kUnreachable;
  return absl::IsDataLoss(status) ? kBadData : kRefused;
}

int BadData(const absl::Status& status, std::ostream& err) {
  Write(status, err);
  return kBadData;
}

}  // namespace nscl::nsclctl
