#include "services/budgeting/errors.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/money/printed.h"
#include "common/status/error.h"
#include "common/text/enum_name.h"

namespace nscl::budgeting::errors {
namespace {

using status::Error;

constexpr absl::StatusCode kPrecondition = absl::StatusCode::kFailedPrecondition;

std::string Dong(int64_t amount_vnd) { return money::FormatVnd(amount_vnd); }

std::string Iso(const google::type::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string Printed(const google::type::Date& date) {
  return absl::StrFormat("%02d/%02d/%04d", date.day(), date.month(), date.year());
}

Error OfAccount(absl::StatusCode code, absl::string_view reason, const v1::Account& account) {
  return Error(code, reason)
      .Meta("plan_line", account.plan_line())
      .Meta("budget_year", account.budget_year())
      .Meta("funding_source", account.funding_source());
}

}  // namespace

absl::Status PlanState(const v1::Plan& plan, absl::string_view act, v1::Plan::State wanted) {
  const std::string state = text::ShortName(plan.state());
  const std::string needed = text::ShortName(wanted);
  return Error(kPrecondition, "PLAN_STATE")
      .Meta("plan", plan.name())
      .Meta("state", state)
      .Meta("wanted_state", needed)
      .Meta("act", act)
      .Precondition("PLAN_STATE", plan.name(), needed)
      .En("the plan is in ", state, "; to ", act, " needs ", needed)
      .Vi("kế hoạch đang ở trạng thái \"", text::VietnameseName(plan.state()),
          "\", cần ở trạng thái \"", text::VietnameseName(wanted), "\"");
}

absl::Status FindingNotFound(absl::string_view plan, absl::string_view finding_id) {
  return Error(absl::StatusCode::kNotFound, "FINDING_NOT_FOUND")
      .Meta("plan", plan)
      .Meta("finding_id", finding_id)
      .En("the plan has no finding ", finding_id)
      .Vi("kế hoạch không có phát hiện ", finding_id);
}

absl::Status FindingNotOpen(absl::string_view plan, absl::string_view finding_id) {
  return Error(kPrecondition, "FINDING_NOT_OPEN")
      .Meta("plan", plan)
      .Meta("finding_id", finding_id)
      .Precondition("FINDING_NOT_OPEN", plan, finding_id)
      .En("finding ", finding_id, " was dealt with before")
      .Vi("phát hiện ", finding_id, " đã được xử lý");
}

absl::Status OpenErrorFindings(absl::string_view plan,
                               const std::vector<std::string>& finding_ids) {
  const std::string list = absl::StrJoin(finding_ids, ", ");
  return Error(kPrecondition, "OPEN_ERROR_FINDINGS")
      .Meta("plan", plan)
      .Meta("findings", list)
      .Meta("count", finding_ids.size())
      .Precondition("OPEN_ERROR_FINDINGS", plan, list)
      .En("findings of severity ERROR are open and must be accepted with a note first: ", list)
      .Vi("còn ", finding_ids.size(), " lỗi chưa được chấp nhận kèm ghi chú: ", list);
}

absl::Status DocumentNumberBlank(absl::string_view plan, const std::vector<std::string>& blank) {
  const std::string list = absl::StrJoin(blank, ", ");
  return Error(kPrecondition, "DOCUMENT_NUMBER_BLANK")
      .Meta("plan", plan)
      .Meta("blank", list)
      .Precondition("DOCUMENT_NUMBER_BLANK", plan, list)
      .En("the paper has no ", list, "; give it, or set allow_blank_number to keep it absent")
      .Vi("văn bản chưa có số hoặc ngày ban hành; hãy bổ sung, hoặc xác nhận để trống");
}

absl::Status PlanLineNotFound(absl::string_view plan_line) {
  return Error(absl::StatusCode::kNotFound, "PLAN_LINE_NOT_FOUND")
      .Meta("plan_line", plan_line)
      .En("there is no budget line ", plan_line)
      .Vi("không có dòng dự toán ", plan_line);
}

absl::Status AbovePlan(absl::string_view plan_line, int32_t budget_year, int64_t planned_vnd,
                       int64_t allocated_vnd, int64_t asked_vnd) {
  return Error(kPrecondition, "ABOVE_PLAN")
      .Meta("plan_line", plan_line)
      .Meta("budget_year", budget_year)
      .Meta("planned_vnd", planned_vnd)
      .Meta("allocated_vnd", allocated_vnd)
      .Meta("asked_vnd", asked_vnd)
      .Precondition("ABOVE_PLAN", plan_line,
                    absl::StrCat("at most ", planned_vnd, " đồng in ", budget_year))
      .En("the plan has ", planned_vnd, " đồng for ", plan_line, " in ", budget_year, "; ",
          allocated_vnd, " are allocated and ", asked_vnd, " more were asked")
      .Vi("kế hoạch năm ", budget_year, " của dòng này là ", Dong(planned_vnd), " đồng; đã giao ",
          Dong(allocated_vnd), " đồng, đề nghị giao thêm ", Dong(asked_vnd), " đồng");
}

absl::Status AccountNotFound(const v1::Account& account) {
  return OfAccount(absl::StatusCode::kNotFound, "ACCOUNT_NOT_FOUND", account)
      .En("nothing was ever allocated to ", account.plan_line(), " in ", account.budget_year(),
          " from ", account.funding_source())
      .Vi("chưa giao dự toán năm ", account.budget_year(), " nguồn ", account.funding_source(),
          " cho dòng ", account.plan_line());
}

absl::Status InsufficientBudget(const v1::Account& account, int64_t available_vnd,
                                int64_t asked_vnd) {
  return OfAccount(kPrecondition, "INSUFFICIENT_BUDGET", account)
      .Meta("available_vnd", available_vnd)
      .Meta("asked_vnd", asked_vnd)
      .Precondition("INSUFFICIENT_BUDGET", account.plan_line(),
                    absl::StrCat(available_vnd, " đồng available, ", asked_vnd, " asked"))
      .En("the account has ", available_vnd, " đồng available; ", asked_vnd, " were asked (",
          account.plan_line(), ", ", account.budget_year(), ", ", account.funding_source(), ")")
      .Vi("dự toán năm ", account.budget_year(), " nguồn ", account.funding_source(), " còn ",
          Dong(available_vnd), " đồng, đề nghị ", Dong(asked_vnd), " đồng");
}

absl::Status ReservationState(const v1::Reservation& reservation, absl::string_view act) {
  const std::string state = text::ShortName(reservation.state());
  return Error(kPrecondition, "RESERVATION_STATE")
      .Meta("reservation", reservation.name())
      .Meta("state", state)
      .Meta("act", act)
      .Precondition("RESERVATION_STATE", reservation.name(), "ACTIVE")
      .En("the reservation is in ", state, "; to ", act, " needs ACTIVE")
      .Vi("khoản giữ dự toán ", text::VietnameseName(reservation.state()), ", không còn hiệu lực");
}

absl::Status ReservationExpired(const v1::Reservation& reservation,
                                const google::type::Date& acted_on) {
  return Error(kPrecondition, "RESERVATION_EXPIRED")
      .Meta("reservation", reservation.name())
      .Meta("expire_on", Iso(reservation.expire_on()))
      .Meta("acted_on", Iso(acted_on))
      .Precondition("RESERVATION_EXPIRED", reservation.name(), Iso(reservation.expire_on()))
      .En("the reservation holds to ", Iso(reservation.expire_on()), "; the act is dated ",
          Iso(acted_on))
      .Vi("khoản giữ chỗ dự toán hết hạn sau ngày ", Printed(reservation.expire_on()));
}

absl::Status ExceedsReserved(const v1::Reservation& reservation, int64_t asked_vnd) {
  return Error(kPrecondition, "EXCEEDS_RESERVED")
      .Meta("reservation", reservation.name())
      .Meta("reserved_vnd", reservation.amount_vnd())
      .Meta("asked_vnd", asked_vnd)
      .Precondition("EXCEEDS_RESERVED", reservation.name(),
                    absl::StrCat("at most ", reservation.amount_vnd()))
      .En("the reservation holds ", reservation.amount_vnd(), " đồng; ", asked_vnd, " were asked")
      .Vi("khoản giữ chỗ là ", Dong(reservation.amount_vnd()), " đồng, đề nghị cam kết ",
          Dong(asked_vnd), " đồng");
}

absl::Status ExpiryInFuture(const google::type::Date& before, const google::type::Date& today) {
  return Error(kPrecondition, "EXPIRY_IN_FUTURE")
      .Meta("before", Iso(before))
      .Meta("today", Iso(today))
      .Precondition("EXPIRY_IN_FUTURE", "before", Iso(today))
      .En("reservations cannot expire before ", Iso(before), ": today is ", Iso(today))
      .Vi("không thể cho hết hạn đến ngày ", Printed(before), ": hôm nay là ", Printed(today));
}

absl::Status CommitmentState(const v1::Commitment& commitment, absl::string_view act) {
  const std::string state = text::ShortName(commitment.state());
  return Error(kPrecondition, "COMMITMENT_STATE")
      .Meta("commitment", commitment.name())
      .Meta("state", state)
      .Meta("act", act)
      .Precondition("COMMITMENT_STATE", commitment.name(), "OPEN")
      .En("the commitment is in ", state, "; to ", act, " needs OPEN")
      .Vi("cam kết chi ", text::VietnameseName(commitment.state()), ", không còn mở");
}

absl::Status LedgerInvariant(const v1::Account& account, absl::string_view what) {
  return OfAccount(absl::StatusCode::kInternal, "LEDGER_INVARIANT", account)
      .Meta("invariant", what)
      .En("the posting would break the ledger: ", what)
      .Vi("bút toán làm sai lệch sổ dự toán");
}

absl::Status CaseNotVisible(absl::string_view owner, int64_t asked_revision,
                            int64_t seen_revision) {
  return Error(kPrecondition, "CASE_NOT_VISIBLE")
      .Meta("owner", owner)
      .Meta("min_case_revision", asked_revision)
      .Meta("seen_revision", seen_revision)
      .Precondition("CASE_NOT_VISIBLE", owner, absl::StrCat("revision ", asked_revision))
      .RetryAfter(absl::Seconds(1))
      .En("the facts of ", owner, " have not arrived yet: revision ", asked_revision, " is asked, ",
          seen_revision, " is seen; try again")
      .Vi("dữ liệu của hồ sơ chưa đồng bộ sang ngân sách, đề nghị thử lại");
}

absl::Status CaseSuspended(absl::string_view owner, absl::string_view state,
                           absl::string_view vietnamese) {
  return Error(kPrecondition, "CASE_SUSPENDED")
      .Meta("owner", owner)
      .Meta("state", state)
      .Meta("rule", "PAY-P9")
      .Precondition("CASE_SUSPENDED", owner, state)
      .En("payments of ", owner, " are stopped: it is in ", state)
      .Vi("hồ sơ đang dừng (", vietnamese, "), không thanh toán");
}

absl::Status ContractNotActive(absl::string_view owner, absl::string_view state,
                               absl::string_view vietnamese) {
  return Error(kPrecondition, "CONTRACT_NOT_ACTIVE")
      .Meta("owner", owner)
      .Meta("state", state)
      .Meta("rule", "PAY-P1")
      .Precondition("CONTRACT_NOT_ACTIVE", owner, state)
      .En(owner, " has no contract or approved estimate in force: it is in ", state)
      .Vi("hồ sơ chưa có hợp đồng hoặc dự toán được duyệt còn hiệu lực (", vietnamese, ")");
}

absl::Status ExceedsCommitted(const v1::Commitment& commitment, int64_t asked_vnd) {
  const int64_t unpaid =
      commitment.amount_vnd() - commitment.paid_vnd() - commitment.released_vnd();
  return Error(kPrecondition, "EXCEEDS_COMMITTED")
      .Meta("commitment", commitment.name())
      .Meta("committed_vnd", commitment.amount_vnd())
      .Meta("paid_vnd", commitment.paid_vnd())
      .Meta("unpaid_vnd", unpaid)
      .Meta("asked_vnd", asked_vnd)
      .Meta("rule", "PAY-P3")
      .Meta("legal_basis", "Nghị định 347/2025/NĐ-CP Điều 6")
      .Precondition("EXCEEDS_COMMITTED", commitment.name(),
                    absl::StrCat("at most ", unpaid, " đồng"))
      .En("the commitment has ", unpaid, " đồng unpaid; ", asked_vnd, " were asked")
      .Vi("cam kết chi còn ", Dong(unpaid), " đồng chưa thanh toán, đề nghị ", Dong(asked_vnd),
          " đồng");
}

absl::Status PaymentAfterFinal(const v1::Commitment& commitment, v1::Payment::Kind kind) {
  return Error(kPrecondition, "PAYMENT_ORDER")
      .Meta("commitment", commitment.name())
      .Meta("kind", text::ShortName(kind))
      .Precondition("PAYMENT_ORDER", commitment.name(), "nothing is paid after the final payment")
      .En("the final payment was made; nothing is paid after it")
      .Vi("đã thanh toán lần cuối; không thanh toán thêm");
}

absl::Status AdvanceAfterAcceptance(const v1::Commitment& commitment) {
  return Error(kPrecondition, "PAYMENT_ORDER")
      .Meta("commitment", commitment.name())
      .Meta("kind", text::ShortName(v1::Payment::KIND_ADVANCE))
      .Precondition("PAYMENT_ORDER", commitment.name(), "no advance after the acceptance")
      .En("the results are accepted: there is nothing to advance any more")
      .Vi("kết quả đã được nghiệm thu; không tạm ứng sau nghiệm thu");
}

absl::Status AdvanceCeiling(const v1::Commitment& commitment, int64_t ceiling_vnd,
                            int64_t advanced_vnd, int64_t asked_vnd,
                            absl::string_view legal_basis) {
  return Error(kPrecondition, "ADVANCE_CEILING")
      .Meta("commitment", commitment.name())
      .Meta("ceiling_vnd", ceiling_vnd)
      .Meta("advanced_vnd", advanced_vnd)
      .Meta("asked_vnd", asked_vnd)
      .Meta("rule", "PAY-P5")
      .Meta("legal_basis", legal_basis)
      .Precondition("ADVANCE_CEILING", commitment.name(),
                    absl::StrCat("at most ", ceiling_vnd, " đồng in advance"))
      .En("at most ", ceiling_vnd, " đồng may be advanced; ", advanced_vnd, " were, and ",
          asked_vnd, " more were asked (", legal_basis, ")")
      .Vi("mức tạm ứng tối đa ", Dong(ceiling_vnd), " đồng; đã tạm ứng ", Dong(advanced_vnd),
          " đồng, đề nghị thêm ", Dong(asked_vnd), " đồng");
}

absl::Status CounterpartBehind(const v1::Commitment& commitment, int64_t spent_vnd,
                               int64_t needed_vnd, absl::string_view legal_basis) {
  return Error(kPrecondition, "COUNTERPART_BEHIND")
      .Meta("commitment", commitment.name())
      .Meta("owner", commitment.owner())
      .Meta("enterprise_spent_vnd", spent_vnd)
      .Meta("enterprise_needed_vnd", needed_vnd)
      .Meta("rule", "PAY-P6")
      .Meta("legal_basis", legal_basis)
      .Precondition("COUNTERPART_BEHIND", commitment.owner(),
                    absl::StrCat("at least ", needed_vnd, " đồng"))
      .En("the enterprise has shown ", spent_vnd, " đồng of its own spending; this payment needs ",
          needed_vnd, " (", legal_basis, ")")
      .Vi("doanh nghiệp mới chứng minh chi đối ứng ", Dong(spent_vnd),
          " đồng; lần thanh toán này cần ít nhất ", Dong(needed_vnd), " đồng");
}

absl::Status YearClosed(const v1::Account& account, const google::type::Date& acted_on,
                        v1::Payment::Kind kind, absl::string_view legal_basis) {
  return OfAccount(kPrecondition, "YEAR_CLOSED", account)
      .Meta("acted_on", Iso(acted_on))
      .Meta("kind", text::ShortName(kind))
      .Meta("rule", "PAY-P7")
      .Meta("legal_basis", legal_basis)
      .Precondition("YEAR_CLOSED", account.plan_line(), absl::StrCat(account.budget_year()))
      .En("budget year ", account.budget_year(), " takes no payment ", text::ShortName(kind),
          " dated ", Iso(acted_on), " (", legal_basis, ")")
      .Vi("năm ngân sách ", account.budget_year(), " không nhận khoản \"",
          text::VietnameseName(kind), "\" vào ngày ", Printed(acted_on));
}

absl::Status AcceptanceMissing(absl::string_view owner, absl::string_view state,
                               absl::string_view vietnamese) {
  return Error(kPrecondition, "ACCEPTANCE_MISSING")
      .Meta("owner", owner)
      .Meta("state", state)
      .Meta("rule", "PAY-P8")
      .Precondition("ACCEPTANCE_MISSING", owner, state)
      .En("a final payment needs an acceptance; ", owner, " is in ", state)
      .Vi("thanh toán cuối cần biên bản nghiệm thu; hồ sơ đang ở trạng thái \"", vietnamese, "\"");
}

}  // namespace nscl::budgeting::errors
