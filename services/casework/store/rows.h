// Rows of casework: cases and activities with their indexes, and the transactions over them.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/store.h"
#include "common/store/table.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/change.h"
#include "services/casework/domain/ledger_events.h"

namespace nscl::casework::rows {

// The tables; the open-case index is kept with the cases.
store::Table<v1::SupportCase> CaseTable();
store::Table<v1::Activity> ActivityTable();

// Name of the open case with the enterprise and content of `support_case`, itself not counted;
// empty where there is none.
absl::StatusOr<std::string> FindOpenCase(const store::Reader& reader,
                                         const v1::SupportCase& support_case);

class Rows {
 public:
  Rows();

  const store::Table<v1::SupportCase>& cases() const { return cases_; }
  const store::Table<v1::Activity>& activities() const { return activities_; }

  // Puts what a rule decided on a new case, with the next running number of its province and year
  // of receipt; on a new activity.
  absl::StatusOr<v1::SupportCase> Insert(store::Txn& txn, domain::CaseChange change) const;
  absl::StatusOr<v1::Activity> Insert(store::Txn& txn, domain::ActivityChange change) const;
  // Puts what a rule decided: the row, its indexes and event, and the intent.
  absl::StatusOr<v1::SupportCase> Apply(store::Txn& txn, const v1::SupportCase& before,
                                        domain::CaseChange change) const;
  absl::StatusOr<v1::Activity> Apply(store::Txn& txn, const v1::Activity& before,
                                     domain::ActivityChange change) const;

  // Applies budgeting's answer to an intent, once: nothing happens where the intent is not waiting
  // any more.
  absl::Status ApplyAnswer(store::Txn& txn, const v1::Intent& sent,
                           const domain::Answer& answer) const;

  // A payment for the owner, a case or an activity. One that casework does not know is passed over.
  absl::Status ApplyPayment(store::Txn& txn, absl::string_view owner,
                            const domain::PaymentFacts& payment) const;
  // A reservation of the owner has expired.
  absl::Status ApplyExpiry(store::Txn& txn, absl::string_view owner,
                           const std::string& reservation) const;

 private:
  store::Table<v1::SupportCase> cases_;
  store::Table<v1::Activity> activities_;
};

// Whether a name is that of a support case; else it is an activity's.
bool IsCase(absl::string_view owner);

}  // namespace nscl::casework::rows
