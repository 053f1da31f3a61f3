#include "common/feed/errors.h"

#include <string>

#include "common/status/error.h"

namespace nscl::feed::errors {

absl::Status FeedRewritten(absl::string_view source, int64_t position, absl::string_view kept_hash,
                           absl::string_view found_hash) {
  return status::Error(absl::StatusCode::kDataLoss, "FEED_REWRITTEN")
      .Meta("source", source)
      .Meta("position", position)
      .Meta("kept_hash", kept_hash)
      .Meta("found_hash", found_hash)
      .En("the feed of ", source, " has another event at ", position,
          " than the one that was taken in")
      .Vi("nhật ký sự kiện của ", source, " tại vị trí ", position, " khác với sự kiện đã nhận");
}

absl::Status FeedGap(absl::string_view source, int64_t expected, int64_t found) {
  return status::Error(absl::StatusCode::kDataLoss, "FEED_GAP")
      .Meta("source", source)
      .Meta("expected_position", expected)
      .Meta("found_position", found)
      .En("the feed of ", source, " goes on at ", found, " instead of ", expected)
      .Vi("nhật ký sự kiện của ", source, " bị thiếu: chờ vị trí ", expected, ", nhận ", found);
}

absl::Status CursorMoved(absl::string_view source) {
  return status::Error(absl::StatusCode::kAborted, "CURSOR_MOVED")
      .Meta("source", source)
      .En("another follower has moved the cursor of ", source)
      .Vi("con trỏ của ", source, " đã bị thay đổi");
}

absl::Status NegativePageSize(int32_t page_size) {
  return status::Error(absl::StatusCode::kInvalidArgument, "PAGE_SIZE")
      .Meta("page_size", page_size)
      .Field("page_size", "must be 0 or more")
      .En("page_size must be 0 or more")
      .Vi("page_size không được âm");
}

absl::Status BadLease(int32_t lease_ms) {
  return status::Error(absl::StatusCode::kInvalidArgument, "LEASE")
      .Meta("lease_ms", lease_ms)
      .Field("lease_ms", "must be 0 to 30000")
      .En("lease_ms must be 0 to 30000")
      .Vi("lease_ms phải từ 0 đến 30000");
}

absl::Status ClockNotJumped() {
  return status::Error(absl::StatusCode::kFailedPrecondition, "CLOCK_NOT_JUMPED")
      .En("the clock has not jumped; there is nothing to confirm")
      .Vi("đồng hồ không nhảy; không có gì để xác nhận");
}

bool IsFatalToFollower(const absl::Status& status) {
  // Not EPOCH_CHANGED: the next session finds out whether the restored source has the same history.
  const std::string reason = status::ReasonOf(status);
  return reason == "FEED_REWRITTEN" || reason == "FEED_GAP" || reason == "CURSOR_MOVED" ||
         reason == "CURSOR_AHEAD";
}

}  // namespace nscl::feed::errors
