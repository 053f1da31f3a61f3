// Refusals of feeds and store care, and what makes a follower stop.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::feed::errors {

// DATA_LOSS `FEED_REWRITTEN`: at the cursor the feed has another event than the one that was taken
// in.
absl::Status FeedRewritten(absl::string_view source, int64_t position, absl::string_view kept_hash,
                           absl::string_view found_hash);
// DATA_LOSS `FEED_GAP`: the feed does not go on at the next position.
absl::Status FeedGap(absl::string_view source, int64_t expected, int64_t found);
// ABORTED `CURSOR_MOVED`: another follower of this store has taken the same feed in.
absl::Status CursorMoved(absl::string_view source);
// INVALID_ARGUMENT `PAGE_SIZE`.
absl::Status NegativePageSize(int32_t page_size);
// INVALID_ARGUMENT `LEASE`: outside 0 to 30,000 ms.
absl::Status BadLease(int32_t lease_ms);
// FAILED_PRECONDITION `CLOCK_NOT_JUMPED`.
absl::Status ClockNotJumped();

// Whether going on would take in another history: a follower stops at these until somebody looks.
bool IsFatalToFollower(const absl::Status& status);

}  // namespace nscl::feed::errors
