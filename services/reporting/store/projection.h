// What reporting keeps of other services' resources, written only by the followers of their feeds:
// a page of events and the position after it in one command, so that each event is taken in exactly
// once; and made again from the start of a feed whenever that is needed.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/store.h"
#include "common/store/table.h"
#include "nscl/budgeting/v1/event_service.pb.h"
#include "nscl/casework/v1/event_service.pb.h"
#include "nscl/registry/v1/event_service.pb.h"
#include "nscl/reporting/v1/obligation.pb.h"
#include "nscl/reporting/v1/report.pb.h"
#include "services/reporting/domain/annual_report.h"
#include "services/reporting/domain/catalogue.h"

namespace nscl::reporting::rows {

// The services whose feeds are followed, in the order in which reports name them.
inline constexpr absl::string_view kFeeds[] = {"registry", "casework", "budgeting"};

class Projection {
 public:
  // `catalogue` must outlive it.
  explicit Projection(const domain::Catalogue& catalogue) : catalogue_(catalogue) {}

  // Takes in one event.
  absl::Status Apply(store::Txn& txn, const registry::v1::Event& event) const;
  absl::Status Apply(store::Txn& txn, const casework::v1::Event& event) const;
  // A plan that is issued raises its obligations, once: those that exist stay as they are.
  absl::Status Apply(store::Txn& txn, const budgeting::v1::Event& event) const;

  // Erases at most `limit` rows that came from the feed; returns how many. The feed is then
  // followed from its start. Reports and obligations are reporting's own and stay.
  absl::StatusOr<int> Erase(store::Txn& txn, absl::string_view service, int limit) const;

 private:
  const domain::Catalogue& catalogue_;
};

// NOT_FOUND `PLAN_NOT_FOUND`.
absl::StatusOr<budgeting::v1::Plan> GetPlan(const store::Reader& reader, absl::string_view plan);
// Cases and activities on the lines of the plan, with the tax codes of their enterprises.
absl::StatusOr<domain::Happenings> HappeningsOf(const store::Reader& reader,
                                                absl::string_view plan);
absl::StatusOr<std::vector<budgeting::v1::Balance>> BalancesOf(const store::Reader& reader,
                                                               absl::string_view plan, int year);
// In order of name, which is the order of the plan.
absl::StatusOr<std::vector<v1::Obligation>> ObligationsOf(const store::Reader& reader,
                                                          absl::string_view plan, int year);
// Where a feed was followed to; epoch and position 0 where it was not yet.
absl::StatusOr<v1::FeedPosition> PositionOf(const store::Reader& reader, absl::string_view service);

// All that a report of the plan and year rests on, from one snapshot.
absl::StatusOr<domain::ReportFacts> FactsOf(const store::Reader& reader, absl::string_view plan,
                                            int year);

}  // namespace nscl::reporting::rows
