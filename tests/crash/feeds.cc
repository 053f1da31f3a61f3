#include "tests/crash/feeds.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/issuer.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/event_service.pb.h"
#include "nscl/casework/v1/event_service.pb.h"
#include "nscl/registry/v1/event_service.pb.h"

namespace nscl::crash {
namespace {

// As events name the caller: an officer is the subject of journeys::System's tokens.
std::string ActorOf(absl::string_view caller) {
  return caller == "officer" ? absl::StrCat("user:", auth::kLocalIssuer, "|journey")
                             : absl::StrCat("service:", caller);
}

}  // namespace

template <typename Event>
void Feeds::Take(const Event& event, Feed& feed, std::vector<std::string>& problems) {
  const event::v1::EventMetadata& m = event.metadata();
  if (m.position() != ++feed.position) {
    problems.push_back(
        absl::StrCat("position ", m.position(), " where ", feed.position, " is due"));
    feed.position = m.position();
  }
  if (!m.request_id().empty()) {
    // A request id is its caller's own.
    auto [known, first] =
        feed.revision_of.try_emplace(absl::StrCat(m.actor(), " ", m.request_id()), m.revision());
    if (!first && known->second != m.revision()) {
      problems.push_back(absl::StrCat(m.type(), " of ", m.resource_name(), " for request ",
                                      m.request_id(), " at revision ", m.revision(), " and at ",
                                      known->second));
    }
  }
  if (absl::EndsWith(m.type(), ".created") && !feed.made.insert(m.resource_name()).second) {
    problems.push_back(absl::StrCat(m.resource_name(), " made twice"));
  }
  if constexpr (requires { event.ledger_entry(); }) {
    if (!event.has_ledger_entry()) return;
    const budgeting::v1::LedgerEntry& entry = event.ledger_entry();
    const std::string movement =
        absl::StrCat(entry.kind(), " ", entry.from_column(), " ", entry.subject());
    if (!feed.entries.insert(movement).second) {
      problems.push_back(absl::StrCat("entry twice: ", movement));
    }
  }
}

template <typename Response>
absl::Status Feeds::ReadOne(tools::Door& door, const std::string& service,
                            std::vector<std::string>& problems) {
  Feed& feed = feeds_[service];
  event::v1::ListEventsRequest request;
  request.set_parent("provinces/-");
  request.set_page_size(1000);
  while (true) {
    request.set_after_position(feed.position);
    request.set_epoch(feed.epoch);
    ASSIGN_OR_RETURN(Response page,
                     door.Call<Response>(
                         absl::StrCat("nscl.", service, ".v1.EventService.ListEvents"), request));
    feed.epoch = page.epoch();
    for (const auto& event : page.events()) Take(event, feed, problems);
    events_ += page.events_size();
    if (page.events().empty()) return absl::OkStatus();
  }
}

absl::Status Feeds::ReadOn(tools::Door& door, std::vector<std::string>& problems) {
  RETURN_IF_ERROR(ReadOne<registry::v1::ListEventsResponse>(door, "registry", problems));
  RETURN_IF_ERROR(ReadOne<casework::v1::ListEventsResponse>(door, "casework", problems));
  return ReadOne<budgeting::v1::ListEventsResponse>(door, "budgeting", problems);
}

bool Feeds::Holds(const Write& write) const {
  auto feed = feeds_.find(ServiceOf(write));
  if (feed == feeds_.end()) return false;
  auto done =
      feed->second.revision_of.find(absl::StrCat(ActorOf(write.caller), " ", RequestIdOf(write)));
  return done != feed->second.revision_of.end() && done->second == RevisionOf(*write.response);
}

}  // namespace nscl::crash
