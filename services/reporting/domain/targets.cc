#include "services/reporting/domain/targets.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::PlanTarget;
using v1::TargetResult;

TargetResult NotEvaluable(TargetResult result, absl::string_view why) {
  result.set_status(TargetResult::STATUS_NOT_EVALUABLE);
  result.set_note(std::string(why));
  return result;
}

}  // namespace

bool Reaches(const PlanTarget& target, int64_t result, int64_t approx_tolerance_thousandths) {
  const int64_t value = target.value_thousandths();
  switch (target.operator_()) {
    case PlanTarget::OPERATOR_EQ:
      return target.aggregation() == PlanTarget::AGGREGATION_SHARE ? result == value
                                                                   : result >= value;
    case PlanTarget::OPERATOR_GE:
      return result >= value;
    case PlanTarget::OPERATOR_GT:
      return result > value;
    case PlanTarget::OPERATOR_APPROX:
      // In whole numbers: result / value >= 1 - tolerance / 1000.
      return result * 1000 >= value * (1000 - approx_tolerance_thousandths);
    case PlanTarget::OPERATOR_RANGE:
      return result >= value && result <= target.upper_value_thousandths();
    default:
      return false;
  }
}

TargetResult JudgeTarget(const PlanTarget& target, const Catalogue& catalogue,
                         const Happenings& happenings, int year, absl::CivilDay today) {
  TargetResult result;
  *result.mutable_target() = target;
  const IndicatorRule* rule = catalogue.Indicator(target.metric(), absl::CivilDay(year, 12, 31));
  if (rule == nullptr) {
    return NotEvaluable(std::move(result), absl::StrCat("Danh mục chỉ tiêu của năm ", year,
                                                        " không có mã ", target.metric(), "."));
  }
  if (rule->counting == Counting::kNotEvaluable) {
    return NotEvaluable(std::move(result), rule->not_evaluable_reason);
  }
  switch (target.aggregation()) {
    case PlanTarget::AGGREGATION_CUMULATIVE:
    case PlanTarget::AGGREGATION_ANNUAL:
      break;
    case PlanTarget::AGGREGATION_POINT_IN_TIME:
    case PlanTarget::AGGREGATION_ANNUAL_GROWTH:
    case PlanTarget::AGGREGATION_ANNUAL_AVG_RATE:
    case PlanTarget::AGGREGATION_SHARE:
    default:
      return NotEvaluable(
          std::move(result),
          "Chỉ tiêu đếm được nhưng cách tổng hợp (tăng trưởng, tỷ lệ hoặc thời điểm) "
          "cần số gốc hoặc mẫu số mà kế hoạch không nêu.");
  }

  const bool yearly = target.aggregation() == PlanTarget::AGGREGATION_ANNUAL;
  const int last = std::min(year, target.last_year());
  const Count in_year =
      CountHappenings(*rule, happenings, {std::max(year, target.first_year()), last});
  const Count cumulative = CountHappenings(*rule, happenings, {target.first_year(), last});
  result.set_year_result_thousandths(in_year.value * 1000);
  result.set_cumulative_result_thousandths(cumulative.value * 1000);
  for (size_t i = 0; i < std::min(cumulative.names.size(), kMaxNames); ++i) {
    result.add_counted(cumulative.names[i]);
  }

  // A yearly target has no say in a year that is not its own.
  if (yearly && (year < target.first_year() || year > target.last_year())) {
    result.set_status(TargetResult::STATUS_NOT_STARTED);
    result.set_note(absl::StrCat("Chỉ tiêu hằng năm áp dụng cho các năm ", target.first_year(), "-",
                                 target.last_year(), "."));
    return result;
  }
  const int64_t judged = (yearly ? in_year.value : cumulative.value) * 1000;
  const int end = yearly ? year : target.last_year();
  const bool over = year >= end && today > absl::CivilDay(end, 12, 31);
  if (Reaches(target, judged, catalogue.approx_tolerance_thousandths)) {
    result.set_status(TargetResult::STATUS_MET);
  } else if (over) {
    result.set_status(TargetResult::STATUS_MISSED);
  } else if (judged > 0) {
    result.set_status(TargetResult::STATUS_IN_PROGRESS);
  } else {
    result.set_status(TargetResult::STATUS_NOT_STARTED);
  }
  return result;
}

}  // namespace nscl::reporting::domain
