#include "services/casework/domain/activity_holding.h"

#include <string>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Activity = v1::Activity;

absl::Status Check(const v1::OpenActivityRequest& request) {
  status::Violations v;
  time::CheckDate(v, "first_day", request.first_day());
  CheckText(v, "place", request.place(), 1, 300);
  return v.ToStatus();
}

absl::Status Check(const v1::RecordAttendanceRequest& request) {
  status::Violations v;
  CheckNumber(v, "attendances", request.attendances_size(), 1, kMaxAttendancesInRequest);
  if (!v.empty()) return v.ToStatus();
  for (int i = 0; i < request.attendances_size(); ++i) {
    const v1::Attendance& row = request.attendances(i);
    const std::string path = absl::StrCat("attendances[", i, "]");
    CheckText(v, absl::StrCat(path, ".list_number"), row.list_number(), 1, 40);
    v.Check(v1::Attendance::OrganisationKind_IsValid(row.organisation_kind()) &&
                row.organisation_kind() != v1::Attendance::ORGANISATION_KIND_UNSPECIFIED,
            absl::StrCat(path, ".organisation_kind"), "ENUM", "must be one of the kinds",
            "phải là một loại tổ chức đã quy định");
    // Guests may come from enterprises of other provinces.
    if (!row.enterprise().empty()) {
      CheckName(v, absl::StrCat(path, ".enterprise"), row.enterprise(), EnterpriseNames(), "");
    }
    CheckNumber(v, absl::StrCat(path, ".hours_tenths"), row.hours_tenths(), 0, 366 * 240);
  }
  return v.ToStatus();
}

absl::Status Check(const v1::HoldActivityRequest& request) {
  status::Violations v;
  CheckText(v, "completion_number", request.completion_number(), 1, kMaxDocumentNumber);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::StatusOr<ActivityChange> Open(const Activity& current,
                                    const v1::OpenActivityRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "open", {Activity::STATE_APPROVED}));
  Activity next = MovedTo(current, Activity::STATE_OPEN);
  *next.mutable_first_day() = request.first_day();
  next.set_place(request.place());
  return ActivityChange{std::move(next), "opened", std::nullopt};
}

absl::StatusOr<ActivityChange> RecordAttendance(const Activity& current,
                                                const v1::RecordAttendanceRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "recordAttendance", {Activity::STATE_OPEN}));
  std::unordered_set<std::string> numbers;
  for (const v1::Attendance& row : current.attendances()) numbers.insert(row.list_number());
  for (const v1::Attendance& row : request.attendances()) {
    if (!numbers.insert(row.list_number()).second)
      return errors::AttendanceExists(row.list_number());
  }
  if (numbers.size() > kMaxAttendances) {
    return errors::AttendanceFull(static_cast<int>(numbers.size()), kMaxAttendances);
  }
  Activity next = MovedTo(current, Activity::STATE_OPEN);
  next.mutable_attendances()->MergeFrom(request.attendances());
  return ActivityChange{std::move(next), "attendanceRecorded", std::nullopt};
}

absl::StatusOr<ActivityChange> Hold(const Activity& current,
                                    const v1::HoldActivityRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "hold", {Activity::STATE_OPEN}));
  if (current.attendances().empty()) return errors::NoAttendance(current.name());
  Activity next = MovedTo(current, Activity::STATE_HELD);
  next.set_completion_number(request.completion_number());
  Record(next, "held", request.acted_on()).add_document_numbers(request.completion_number());
  return ActivityChange{std::move(next), "held", std::nullopt};
}

}  // namespace nscl::casework::domain
