#include "services/casework/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/text/enum_name.h"

namespace nscl::casework::errors {
namespace {

using status::Error;
using Case = v1::SupportCase;
using Activity = v1::Activity;

Error Precondition(absl::string_view reason) {
  return Error(absl::StatusCode::kFailedPrecondition, reason);
}

}  // namespace

absl::Status CaseNotInState(const Case& current, absl::string_view act) {
  const std::string state = text::ShortName(current.state());
  return Precondition("CASE_STATE")
      .Meta("name", current.name())
      .Meta("state", state)
      .Meta("act", act)
      .Precondition("CASE_STATE", current.name(), absl::StrCat(act, " is not possible in ", state))
      .En("the case is in state ", state, ", in which `", act, "` is not possible")
      .Vi("hồ sơ đang ở trạng thái \"", text::VietnameseName(current.state()),
          "\", không thực hiện được thao tác này");
}

absl::Status ActivityNotInState(const Activity& current, absl::string_view act) {
  const std::string state = text::ShortName(current.state());
  return Precondition("ACTIVITY_STATE")
      .Meta("name", current.name())
      .Meta("state", state)
      .Meta("act", act)
      .Precondition("ACTIVITY_STATE", current.name(),
                    absl::StrCat(act, " is not possible in ", state))
      .En("the activity is in state ", state, ", in which `", act, "` is not possible")
      .Vi("hoạt động đang ở trạng thái \"", text::VietnameseName(current.state()),
          "\", không thực hiện được thao tác này");
}

absl::Status ActsFull(absl::string_view name, int limit) {
  return Precondition("ACTS_FULL")
      .Meta("name", name)
      .Meta("limit", limit)
      .En("the record of acts holds ", limit, ", its limit")
      .Vi("hồ sơ đã ghi ", limit, " thao tác, là số tối đa");
}

absl::Status EnterpriseUnknown(absl::string_view enterprise) {
  return Precondition("ENTERPRISE_UNKNOWN")
      .Meta("enterprise", enterprise)
      .Precondition("ENTERPRISE", enterprise, "not in the registry")
      .En("the registry has no enterprise ", enterprise)
      .Vi("không có doanh nghiệp ", enterprise, " trong danh bạ");
}

absl::Status EnterpriseNotActive(absl::string_view enterprise, absl::string_view operating_status,
                                 absl::string_view vietnamese) {
  return Precondition("ENTERPRISE_NOT_ACTIVE")
      .Meta("enterprise", enterprise)
      .Meta("operating_status", operating_status)
      .Precondition("ENTERPRISE", enterprise, "does not operate")
      .En("the enterprise is ", operating_status, "; only an ACTIVE one may be supported")
      .Vi("doanh nghiệp ", vietnamese, " nên không được mở hồ sơ hỗ trợ");
}

absl::Status SizeUnknown(absl::string_view enterprise, int year) {
  return Precondition("SIZE_UNKNOWN")
      .Meta("enterprise", enterprise)
      .Meta("year", year)
      .Precondition("SIZE_CLASS", absl::StrCat(enterprise, "/sizeClasses/", year), "not known")
      .En("the registry has no size class of the enterprise for ", year)
      .Vi("chưa xác định được quy mô doanh nghiệp của năm ", year);
}

absl::Status SchemeNotForSize(const Case& current, absl::string_view size) {
  return Precondition("SCHEME_NOT_FOR_SIZE")
      .Meta("name", current.name())
      .Meta("scheme", text::ShortName(current.scheme()))
      .Meta("size", size)
      .Meta("legal_basis", "Nghị định 80/2021/NĐ-CP")
      .Precondition("SCHEME", current.name(), "for small and medium enterprises only")
      .En("the scheme ", text::ShortName(current.scheme()), " is not for an enterprise of size ",
          size)
      .Vi("\"", text::VietnameseName(current.scheme()), "\" không áp dụng cho doanh nghiệp lớn");
}

absl::Status PlanLineUnknown(absl::string_view plan_line) {
  return Precondition("PLAN_LINE_UNKNOWN")
      .Meta("plan_line", plan_line)
      .Precondition("PLAN_LINE", plan_line, "not in budgeting")
      .En("budgeting has no plan line ", plan_line)
      .Vi("không có dòng kế hoạch ", plan_line);
}

absl::Status PlanNotIssued(absl::string_view plan_line, absl::string_view state,
                           absl::string_view vietnamese) {
  return Precondition("PLAN_NOT_ISSUED")
      .Meta("plan_line", plan_line)
      .Meta("state", state)
      .Precondition("PLAN", plan_line, "the plan is not issued")
      .En("the plan of ", plan_line, " is in state ", state, ", not ISSUED")
      .Vi("kế hoạch chưa được ban hành (", vietnamese, ")");
}

absl::Status YearNotOfPlan(absl::string_view plan_line, int year, int first_year, int last_year) {
  return Precondition("YEAR_NOT_OF_PLAN")
      .Meta("plan_line", plan_line)
      .Meta("budget_year", year)
      .Meta("first_year", first_year)
      .Meta("last_year", last_year)
      .Precondition("BUDGET_YEAR", plan_line, "not a year of the plan")
      .En("the plan covers ", first_year, " to ", last_year, "; the budget year is ", year)
      .Vi("kế hoạch từ năm ", first_year, " đến năm ", last_year, ", năm ngân sách là ", year);
}

absl::Status PeerUnavailable(absl::string_view peer, const absl::Status& cause) {
  return Error(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE")
      .Meta("peer", peer)
      .Meta("cause", absl::StatusCodeToString(cause.code()))
      .RetryAfter(absl::Seconds(1))
      .En(peer, " could not be asked: ", cause.message())
      .Vi("chưa kết nối được với dịch vụ ", peer, ", xin thử lại");
}

absl::Status OpenCaseExists(absl::string_view enterprise, absl::string_view content,
                            absl::string_view open_case) {
  return Precondition("OPEN_CASE_EXISTS")
      .Meta("enterprise", enterprise)
      .Meta("content", content)
      .Meta("open_case", open_case)
      .Precondition("OPEN_CASE", open_case, "open with the same enterprise and content")
      .En("the enterprise has the open case ", open_case, " with the content ", content)
      .Vi("doanh nghiệp đang có hồ sơ ", open_case, " cùng nội dung ", content);
}

absl::Status PartsDoNotAddUp(int64_t total_vnd, int64_t parts_vnd) {
  return Precondition("PARTS_DO_NOT_ADD_UP")
      .Meta("total_cost_vnd", total_vnd)
      .Meta("parts_vnd", parts_vnd)
      .Meta("difference_vnd", parts_vnd - total_vnd)
      .En("the parts come to ", parts_vnd, " đồng, the total cost is ", total_vnd)
      .Vi("tổng các nguồn là ", parts_vnd, " đồng, khác tổng dự toán ", total_vnd, " đồng");
}

absl::Status CouncilVote(int members, int present, int votes_for) {
  return Precondition("COUNCIL_VOTE")
      .Meta("members", members)
      .Meta("members_present", present)
      .Meta("votes_for", votes_for)
      .En("of ", members, " members ", present, " were present and ", votes_for,
          " voted for; nobody's vote, more votes than members present, or more present than "
          "members cannot select")
      .Vi("hội đồng ", members, " thành viên, có mặt ", present, ", tán thành ", votes_for,
          ": số liệu biểu quyết không hợp lệ");
}

absl::Status ApprovedAmountOutOfRange(int64_t approved_vnd, int64_t asked_vnd) {
  return Precondition("APPROVED_AMOUNT")
      .Meta("approved_vnd", approved_vnd)
      .Meta("asked_vnd", asked_vnd)
      .En("approved are ", approved_vnd, " đồng; from 1 to the ", asked_vnd,
          " asked for is possible")
      .Vi("số phê duyệt ", approved_vnd, " đồng phải từ 1 đến số đề nghị ", asked_vnd, " đồng");
}

absl::Status ContractParts(int64_t contract_vnd, int64_t approved_vnd) {
  return Precondition("CONTRACT_PARTS")
      .Meta("contract_vnd", contract_vnd)
      .Meta("approved_vnd", approved_vnd)
      .En("the contract's state part is ", contract_vnd, " đồng; ", approved_vnd, " were approved")
      .Vi("phần ngân sách trong hợp đồng ", contract_vnd, " đồng vượt số được duyệt ", approved_vnd,
          " đồng");
}

absl::Status AdvanceLimit(int64_t limit_vnd, int64_t state_part_vnd) {
  return Precondition("ADVANCE_LIMIT")
      .Meta("advance_limit_vnd", limit_vnd)
      .Meta("state_part_vnd", state_part_vnd)
      .En("the advance limit of ", limit_vnd, " đồng is above the state part of ", state_part_vnd)
      .Vi("mức tạm ứng ", limit_vnd, " đồng vượt phần ngân sách ", state_part_vnd, " đồng");
}

absl::Status SpendingDecreased(int64_t given_vnd, int64_t recorded_vnd) {
  return Precondition("SPENDING_DECREASED")
      .Meta("enterprise_spent_vnd", given_vnd)
      .Meta("recorded_vnd", recorded_vnd)
      .En("all spending so far is given as ", given_vnd, " đồng; ", recorded_vnd, " are on record")
      .Vi("tổng chi của doanh nghiệp ", given_vnd, " đồng thấp hơn số đã ghi nhận ", recorded_vnd,
          " đồng");
}

absl::Status AttendanceExists(absl::string_view list_number) {
  return Error(absl::StatusCode::kAlreadyExists, "ATTENDANCE_EXISTS")
      .Meta("list_number", list_number)
      .En("number ", list_number, " is on the attendance list")
      .Vi("số ", list_number, " đã có trong danh sách tham dự");
}

absl::Status AttendanceFull(int would_be, int limit) {
  return Precondition("ATTENDANCE_FULL")
      .Meta("would_be", would_be)
      .Meta("limit", limit)
      .En("the attendance list would have ", would_be, " rows; at most ", limit, " are possible")
      .Vi("danh sách tham dự sẽ có ", would_be, " dòng, tối đa ", limit);
}

absl::Status NoAttendance(absl::string_view activity) {
  return Precondition("NO_ATTENDANCE")
      .Meta("name", activity)
      .En("an activity counts as held only with an attendance list")
      .Vi("chưa có danh sách tham dự");
}

absl::Status NothingPaid(absl::string_view activity, int64_t paid_vnd) {
  return Precondition("NOTHING_PAID")
      .Meta("name", activity)
      .Meta("paid_vnd", paid_vnd)
      .En("the final payment was not made; ", paid_vnd, " đồng are paid")
      .Vi("chưa thanh toán lần cuối; đã chi ", paid_vnd, " đồng");
}

}  // namespace nscl::casework::errors
