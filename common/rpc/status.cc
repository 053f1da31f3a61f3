#include "common/rpc/status.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/limits.h"
#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace nscl::rpc {
namespace {

constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kInternalPrefix[] = "nscl.internal/";

google::rpc::Status Details(const absl::Status& status) {
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  std::vector<std::pair<std::string, std::string>> payloads;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& bytes) {
    if (!absl::StartsWith(url, kInternalPrefix)) {
      payloads.emplace_back(std::string(url), std::string(bytes));
    }
  });
  std::sort(payloads.begin(), payloads.end());
  for (auto& [url, bytes] : payloads) {
    google::protobuf::Any* detail = wire.add_details();
    detail->set_type_url(std::move(url));
    detail->set_value(std::move(bytes));
  }
  return wire;
}

// Leaves violations out from the end until the status fits.
void Trim(google::rpc::Status& wire) {
  constexpr size_t kNote = 32;    // " (and 123456 more fields)"
  constexpr size_t kFraming = 4;  // tag and length of a row
  for (google::protobuf::Any& detail : *wire.mutable_details()) {
    if (detail.type_url() != kBadRequestUrl) continue;
    google::rpc::BadRequest bad;
    if (!bad.ParseFromString(detail.value())) return;
    size_t size = wire.ByteSizeLong() - detail.value().size() + kNote;
    int kept = 0;
    for (; kept < bad.field_violations_size(); ++kept) {
      size += bad.field_violations(kept).ByteSizeLong() + kFraming;
      if (kept > 0 && size > limits::kMaxStatusBytes) break;
    }
    const int left = bad.field_violations_size() - kept;
    if (left == 0) return;
    bad.mutable_field_violations()->DeleteSubrange(kept, left);
    auto* last = bad.mutable_field_violations(kept - 1);
    last->set_description(absl::StrCat(last->description(), " (and ", left, " more fields)"));
    detail.set_value(bad.SerializeAsString());
  }
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status wire = Details(status);
  if (wire.ByteSizeLong() > limits::kMaxStatusBytes) Trim(wire);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), wire.message(),
                      wire.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  google::rpc::Status wire;
  if (status.error_details().empty() || !wire.ParseFromString(status.error_details())) {
    return absl::Status(code, status.error_message());
  }
  absl::Status out(code, wire.message().empty() ? status.error_message() : wire.message());
  for (const google::protobuf::Any& detail : wire.details()) {
    out.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return out;
}

absl::Status Outward(const absl::Status& status, absl::string_view incident) {
  if (status.ok()) return status;
  const std::string reason = status::ReasonOf(status);
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      // Ours to mend. Paths, keys and texts of libraries are for the log; a stable reason stays.
      return status::Error(status.code(),
                           reason.empty() ? absl::StatusCodeToString(status.code()) : reason)
          .Meta("incident", incident)
          .En("internal error; the log has it as ", incident)
          .Vi("lỗi hệ thống; mã tra cứu ", incident);
    default:
      break;
  }
  if (!reason.empty()) return status;
  // A plain status of a library: its code is the reason.
  absl::Status out = status;
  google::rpc::ErrorInfo info;
  info.set_domain(status::kErrorDomain);
  info.set_reason(absl::StatusCodeToString(status.code()));
  out.SetPayload(absl::StrCat("type.googleapis.com/", info.GetTypeName()),
                 absl::Cord(info.SerializeAsString()));
  return out;
}

}  // namespace nscl::rpc
