#include "common/rpc/errors.h"

#include <random>

#include "common/rpc/limits.h"
#include "common/status/error.h"

namespace nscl::rpc::errors {

absl::Status Overloaded() {
  thread_local std::minstd_rand random(std::random_device{}());
  const double part = std::uniform_real_distribution<double>(0, 1)(random);
  return status::Error(absl::StatusCode::kResourceExhausted, "OVERLOADED")
      .RetryAfter(limits::kRetryAfterLeast +
                  part * (limits::kRetryAfterMost - limits::kRetryAfterLeast))
      .En("too many calls at once; try again later")
      .Vi("hệ thống đang quá tải, vui lòng thử lại sau");
}

absl::Status Draining() {
  return status::Error(absl::StatusCode::kUnavailable, "DRAINING")
      .RetryAfter(limits::kRetryAfterLeast)
      .En("the server is stopping")
      .Vi("máy chủ đang dừng, vui lòng thử lại");
}

absl::Status StreamEnded() {
  return status::Error(absl::StatusCode::kUnavailable, "STREAM_ENDED")
      .En("the stream has lived its time; resume after the last position")
      .Vi("luồng dữ liệu đã hết thời hạn; kết nối lại từ vị trí cuối");
}

absl::Status DeadlineExceeded() {
  return status::Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED")
      .En("the deadline was over before the call was done")
      .Vi("quá thời hạn xử lý");
}

absl::Status PeerResting(absl::Duration rest) {
  return status::Error(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE")
      .RetryAfter(rest)
      .En("another service does not answer; it is asked again later")
      .Vi("dịch vụ liên quan đang không phản hồi, vui lòng thử lại sau");
}

absl::Status PeerBusy(int in_flight) {
  return status::Error(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE")
      .Meta("in_flight", in_flight)
      .RetryAfter(limits::kRetryAfterLeast)
      .En("another service still works on ", in_flight, " calls; try again later")
      .Vi("dịch vụ liên quan đang bận, vui lòng thử lại sau");
}

absl::Status Cancelled() {
  return status::Error(absl::StatusCode::kCancelled, "CANCELLED")
      .En("the caller has gone")
      .Vi("bên gọi đã hủy yêu cầu");
}

}  // namespace nscl::rpc::errors
