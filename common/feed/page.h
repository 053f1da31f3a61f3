// Pages of a feed for one reader: what may be seen, and how much fits into a message.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/auth/call.h"
#include "common/store/store.h"

namespace nscl::feed {

inline constexpr int kDefaultPageSize = 100;
inline constexpr int kMaxPageSize = 1000;
// Events in one message of a stream: a follower applies them in one command, which must stay short.
inline constexpr int kWatchPageSize = 500;
// A message ends with the command that passes this size; gRPC takes 4 MiB.
inline constexpr size_t kMaxPageBytes = size_t{1} << 20;

// Puts the events of a page into a ListEventsResponse or WatchEventsResponse, those outside the
// caller's scope left out, whole commands only, and sets next_position and epoch. DATA_LOSS for an
// event that cannot be read.
template <typename Response>
absl::Status FillPage(const store::EventPage& page, const auth::Call& call, Response* response) {
  // The store has filtered by a single province; a list over several is filtered here. National
  // reference data has no province and is everybody's.
  const bool filter = call.province == "-" && !call.caller.all_provinces;
  size_t bytes = 0;
  int64_t revision = 0;
  response->set_epoch(page.epoch);
  for (const std::string& stored : page.events) {
    auto* event = response->add_events();
    if (!event->ParseFromString(stored)) return absl::DataLossError("an event cannot be read");
    const auto& metadata = event->metadata();
    if (bytes > kMaxPageBytes && metadata.revision() != revision) {
      response->set_next_position(metadata.position() - 1);
      response->mutable_events()->RemoveLast();
      return absl::OkStatus();
    }
    bytes += stored.size();
    revision = metadata.revision();
    if (filter && !metadata.province().empty() && !call.caller.Covers(metadata.province())) {
      response->mutable_events()->RemoveLast();
    }
  }
  response->set_next_position(page.next_position);
  return absl::OkStatus();
}

}  // namespace nscl::feed
