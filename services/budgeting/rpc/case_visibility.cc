#include "services/budgeting/rpc/case_visibility.h"

#include <grpcpp/alarm.h>

#include <memory>
#include <utility>

#include "common/status/status_macros.h"
#include "services/budgeting/errors.h"

namespace nscl::budgeting {
namespace {

// Facts come in commits of the follower, which wake nobody: looking again costs microseconds.
constexpr absl::Duration kLookAgain = absl::Milliseconds(20);

absl::Status Look(const store::Store& store, const rows::Ledger& ledger, const std::string& name,
                  int64_t min_case_revision) {
  const std::unique_ptr<store::Snapshot> snapshot = store.TakeSnapshot();
  const absl::StatusOr<v1::Commitment> commitment = ledger.commitments().Get(*snapshot, name);
  if (absl::IsNotFound(commitment.status())) return absl::OkStatus();
  RETURN_IF_ERROR(commitment.status());
  ASSIGN_OR_RETURN(const int64_t seen, ledger.case_facts().SeenRevision(*snapshot));
  ASSIGN_OR_RETURN(const auto facts, ledger.case_facts().Get(*snapshot, commitment->owner()));
  if (facts.has_value() && seen >= min_case_revision) return absl::OkStatus();
  return errors::CaseNotVisible(commitment->owner(), min_case_revision, seen);
}

// One wait; keeps itself alive through the alarm that is on.
class Wait : public std::enable_shared_from_this<Wait> {
 public:
  Wait(const store::Store& store, const rows::Ledger& ledger, std::string commitment,
       int64_t min_case_revision, absl::Duration patience, std::function<void(absl::Status)> then)
      : store_(store),
        ledger_(ledger),
        commitment_(std::move(commitment)),
        min_case_revision_(min_case_revision),
        looks_left_(patience / kLookAgain),
        then_(std::move(then)) {}

  void Go() {
    absl::Status status = Look(store_, ledger_, commitment_, min_case_revision_);
    if (!absl::IsFailedPrecondition(status) || looks_left_-- <= 0) return then_(std::move(status));
    alarm_ = std::make_unique<grpc::Alarm>();
    alarm_->Set(absl::ToChronoTime(absl::Now() + kLookAgain),
                [self = shared_from_this()](bool) { self->Go(); });
  }

 private:
  const store::Store& store_;
  const rows::Ledger& ledger_;
  const std::string commitment_;
  const int64_t min_case_revision_;
  int64_t looks_left_;
  std::function<void(absl::Status)> then_;
  std::unique_ptr<grpc::Alarm> alarm_;
};

}  // namespace

void WhenCaseVisible(const store::Store& store, const rows::Ledger& ledger, std::string commitment,
                     int64_t min_case_revision, absl::Duration patience,
                     std::function<void(absl::Status)> then) {
  std::make_shared<Wait>(store, ledger, std::move(commitment), min_case_revision, patience,
                         std::move(then))
      ->Go();
}

}  // namespace nscl::budgeting
