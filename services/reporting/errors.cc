#include "services/reporting/errors.h"

#include "absl/time/time.h"
#include "common/status/error.h"

namespace nscl::reporting::errors {

using status::Error;

absl::Status ObligationNotOpen(const v1::Obligation& current) {
  return Error(absl::StatusCode::kFailedPrecondition, "OBLIGATION_STATE")
      .Meta("obligation", current.name())
      .Meta("state", v1::Obligation::State_Name(current.state()))
      .Meta("document_number", current.document_number())
      .En("the report was filed before, as ", current.document_number())
      .Vi("Báo cáo này đã được nộp, số ", current.document_number(), ".")
      .Precondition("OBLIGATION_STATE", current.name(), "must be STATE_OPEN");
}

absl::Status PlanNotFound(absl::string_view plan) {
  return Error(absl::StatusCode::kNotFound, "PLAN_NOT_FOUND")
      .Meta("plan", plan)
      .En("reporting knows no plan ", plan, "; it follows budgeting's feed")
      .Vi("Chưa có kế hoạch ", plan, " trong dữ liệu báo cáo.");
}

absl::Status PlanOfOtherProvince(absl::string_view parent, absl::string_view plan) {
  return Error(absl::StatusCode::kInvalidArgument, "PLAN_PROVINCE")
      .Meta("parent", parent)
      .Meta("plan", plan)
      .En(plan, " is not a plan of ", parent)
      .Vi("Kế hoạch ", plan, " không thuộc ", parent, ".")
      .Field("plan", "must be a plan of the parent");
}

absl::Status YearNotOfPlan(int year, int first_year, int last_year) {
  return Error(absl::StatusCode::kInvalidArgument, "YEAR_NOT_OF_PLAN")
      .Meta("year", year)
      .Meta("first_year", first_year)
      .Meta("last_year", last_year)
      .En(year, " is not a year of the plan, ", first_year, " to ", last_year)
      .Vi("Năm ", year, " ngoài thời kỳ của kế hoạch, ", first_year, "-", last_year, ".")
      .Field("year", "must be a year of the plan");
}

absl::Status UnknownFeed(absl::string_view service) {
  return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_FEED")
      .Meta("service", service)
      .En("no feed of ", service, " is followed: registry, casework or budgeting")
      .Vi("Không theo dõi dữ liệu của ", service, ".")
      .Field("min_as_of.service", "must be registry, casework or budgeting");
}

absl::Status NotCaughtUp(absl::string_view service, int64_t asked_epoch, int64_t asked_position,
                         int64_t epoch, int64_t position) {
  return Error(absl::StatusCode::kFailedPrecondition, "NOT_CAUGHT_UP")
      .Meta("service", service)
      .Meta("asked_epoch", asked_epoch)
      .Meta("asked_position", asked_position)
      .Meta("epoch", epoch)
      .Meta("position", position)
      .En("the feed of ", service, " is followed to ", position, ", ", asked_position,
          " were asked; try again")
      .Vi("Dữ liệu từ ", service, " mới cập nhật đến ", position, ", yêu cầu ", asked_position,
          "; hãy thử lại sau.")
      .RetryAfter(absl::Milliseconds(200));
}

absl::Status EpochChanged(absl::string_view service, int64_t asked_epoch, int64_t epoch) {
  return Error(absl::StatusCode::kAborted, "EPOCH_CHANGED")
      .Meta("service", service)
      .Meta("asked_epoch", asked_epoch)
      .Meta("epoch", epoch)
      .En(service, " was restored since: epoch ", epoch, ", ", asked_epoch, " was asked")
      .Vi("Dữ liệu của ", service, " đã được khôi phục (kỳ ", epoch, "), yêu cầu kỳ ", asked_epoch,
          ".");
}

absl::Status BrokenLedgerEntry(absl::string_view ledger_entry, absl::string_view why) {
  return Error(absl::StatusCode::kDataLoss, "LEDGER_ENTRY")
      .Meta("ledger_entry", ledger_entry)
      .En(ledger_entry, " cannot be taken in: ", why)
      .Vi("Không thể ghi nhận bút toán ", ledger_entry, ".");
}

absl::Status UnreadableRow(absl::string_view what) {
  return Error(absl::StatusCode::kDataLoss, "ROW_UNREADABLE")
      .Meta("row", what)
      .En("a kept row cannot be read: ", what)
      .Vi("Không đọc được dữ liệu đã lưu: ", what, ".");
}

}  // namespace nscl::reporting::errors
