#include "services/registry/domain/survey.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/money/money.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/code_value.h"
#include "services/registry/domain/evidence.h"

namespace nscl::registry::domain {
namespace {

using v1::MeasureChange;

constexpr int kMaxMeasures = 100;
constexpr int kMaxSystems = 100;
constexpr size_t kMaxNote = 2'000;
constexpr int kMaxVisitDaysTenths = 10'000;
constexpr int64_t kMaxValue = money::kMaxAmountVnd * 1'000;
constexpr int64_t kPerMille = 1'000;

void CheckYear(status::Violations& violations, const v1::Survey& survey) {
  if (!time::ToCivilDay(survey.surveyed_on()).ok()) return;  // said already
  const int last = survey.surveyed_on().year();
  violations.Check(survey.year() >= time::kFirstYear && survey.year() <= last, "survey.year",
                   "YEAR_RANGE", absl::StrCat("must be ", time::kFirstYear, " to ", last),
                   absl::StrCat("phải từ ", time::kFirstYear, " đến ", last));
}

void CheckBaselineGiven(status::Violations& violations, const v1::Survey& survey) {
  constexpr char kPath[] = "survey.baseline";
  if (survey.kind() == v1::Survey::KIND_BASELINE) {
    violations.Check(survey.baseline().empty(), kPath, "SURVEY_BASELINE",
                     "a baseline has no baseline of its own",
                     "khảo sát ban đầu không có khảo sát gốc");
  }
  if (survey.kind() == v1::Survey::KIND_REMEASUREMENT) {
    violations.Check(!survey.baseline().empty(), kPath, "SURVEY_BASELINE",
                     "a measurement after needs the baseline that it is compared with",
                     "đo lại phải nêu khảo sát ban đầu để so sánh");
  }
}

void NormaliseMeasure(status::Violations& violations, const std::string& path,
                      v1::Measure& measure) {
  NormaliseCodeValue(violations, absl::StrCat(path, ".metric"), measure.mutable_metric(),
                     /*required=*/true);
  NormaliseCodeValue(violations, absl::StrCat(path, ".absence_reason"),
                     measure.mutable_absence_reason(), /*required=*/false);
  violations.Check(measure.has_value_thousandths() == measure.absence_reason().empty(), path,
                   "MEASURE_VALUE", "needs either a figure or the reason of its absence",
                   "phải có số đo hoặc lý do không có số đo, không phải cả hai");
  violations.Check(
      measure.value_thousandths() >= -kMaxValue && measure.value_thousandths() <= kMaxValue,
      absl::StrCat(path, ".value_thousandths"), "AMOUNT_RANGE",
      absl::StrCat("must be within ", -kMaxValue, " and ", kMaxValue),
      absl::StrCat("phải từ ", -kMaxValue, " đến ", kMaxValue));
}

void NormaliseMeasures(status::Violations& violations, v1::Survey& survey) {
  constexpr char kPath[] = "survey.measures";
  violations.Check(survey.measures_size() >= 1 && survey.measures_size() <= kMaxMeasures, kPath,
                   "LIST_LENGTH", absl::StrCat("must be 1 to ", kMaxMeasures),
                   absl::StrCat("phải có từ 1 đến ", kMaxMeasures, " số đo"));
  if (survey.measures_size() > kMaxMeasures) return;
  std::set<std::string> seen;
  for (int i = 0; i < survey.measures_size(); ++i) {
    v1::Measure& measure = *survey.mutable_measures(i);
    const std::string path = absl::StrCat(kPath, "[", i, "]");
    NormaliseMeasure(violations, path, measure);
    violations.Check(seen.insert(measure.metric()).second, absl::StrCat(path, ".metric"), "TWICE",
                     "stands twice", "bị trùng");
  }
}

void NormaliseSystems(status::Violations& violations, v1::Survey& survey) {
  constexpr char kPath[] = "survey.systems_in_use";
  if (!violations.Check(survey.systems_in_use_size() <= kMaxSystems, kPath, "LIST_LENGTH",
                        absl::StrCat("must be at most ", kMaxSystems),
                        absl::StrCat("không được quá ", kMaxSystems, " mục"))) {
    return;
  }
  std::set<std::string> seen;
  for (int i = 0; i < survey.systems_in_use_size(); ++i) {
    std::string* system = survey.mutable_systems_in_use(i);
    const std::string path = absl::StrCat(kPath, "[", i, "]");
    NormaliseCodeValue(violations, path, system, /*required=*/true);
    violations.Check(seen.insert(*system).second, path, "TWICE", "stands twice", "bị trùng");
  }
}

// Thousandths of the size of `before`, rounded half away from zero; none where there is no such
// number.
std::optional<int64_t> PerMille(int64_t before, int64_t after) {
  if (before == 0) return std::nullopt;
  const __int128 size = before < 0 ? -static_cast<__int128>(before) : before;
  const __int128 scaled = (static_cast<__int128>(after) - before) * kPerMille;
  const __int128 magnitude = ((scaled < 0 ? -scaled : scaled) * 2 + size) / (size * 2);
  if (magnitude > std::numeric_limits<int64_t>::max()) return std::nullopt;
  return static_cast<int64_t>(scaled < 0 ? -magnitude : magnitude);
}

MeasureChange::Direction DirectionOf(int64_t before, int64_t after, Better better) {
  if (before == after) return MeasureChange::DIRECTION_SAME;
  if (better == Better::kNotSaid) return MeasureChange::DIRECTION_UNSPECIFIED;
  return (after > before) == (better == Better::kMore) ? MeasureChange::DIRECTION_BETTER
                                                       : MeasureChange::DIRECTION_WORSE;
}

void Compare(MeasureChange& change, Better better) {
  if (!change.has_before_thousandths() || !change.has_after_thousandths()) {
    change.set_direction(MeasureChange::DIRECTION_NOT_COMPARABLE);
    return;
  }
  const int64_t before = change.before_thousandths();
  const int64_t after = change.after_thousandths();
  const std::optional<int64_t> per_mille = PerMille(before, after);
  if (per_mille.has_value()) change.set_change_per_mille(*per_mille);
  change.set_direction(DirectionOf(before, after, better));
}

}  // namespace

absl::Status NormaliseSurvey(v1::Survey& survey, const v1::Survey* /*before*/,
                             absl::CivilDay today) {
  status::Violations violations;
  violations.Check(
      v1::Survey::Kind_IsValid(survey.kind()) && survey.kind() != v1::Survey::KIND_UNSPECIFIED,
      "survey.kind", "ENUM_VALUE", "must be a known kind", "phải là loại khảo sát đã biết");
  CheckNotAfter(violations, "survey.surveyed_on", /*given=*/true, survey.surveyed_on(), today);
  CheckYear(violations, survey);
  CheckBaselineGiven(violations, survey);
  CheckCaseName(violations, "survey.support_case", survey.support_case());
  NormaliseMeasures(violations, survey);
  NormaliseSystems(violations, survey);
  text::CleanField(violations, "survey.needs", survey.mutable_needs(),
                   {.max_chars = kMaxNote, .multiline = true});
  text::CleanField(violations, "survey.recommendation", survey.mutable_recommendation(),
                   {.max_chars = kMaxNote, .multiline = true});
  violations.Check(
      survey.visit_days_tenths() >= 0 && survey.visit_days_tenths() <= kMaxVisitDaysTenths,
      "survey.visit_days_tenths", "VISIT_DAYS_RANGE",
      absl::StrCat("must be 0 to ", kMaxVisitDaysTenths),
      absl::StrCat("phải từ 0 đến ", kMaxVisitDaysTenths));
  return violations.ToStatus();
}

absl::Status CheckBaseline(const v1::Survey& survey, const v1::Survey& baseline) {
  constexpr char kPath[] = "survey.baseline";
  constexpr char kReason[] = "SURVEY_BASELINE";
  status::Violations violations;
  violations.Check(baseline.kind() == v1::Survey::KIND_BASELINE, kPath, kReason,
                   absl::StrCat(baseline.name(), " is no baseline"),
                   absl::StrCat(baseline.name(), " không phải khảo sát ban đầu"));
  const absl::CivilDay before = *time::ToCivilDay(baseline.surveyed_on());
  violations.Check(
      before <= *time::ToCivilDay(survey.surveyed_on()), kPath, kReason,
      absl::StrCat("the baseline is of ", time::FormatIsoDate(before), ", later"),
      absl::StrCat("khảo sát ban đầu ngày ", time::FormatDate(before), ", sau lần đo"));
  return violations.ToStatus();
}

v1::CompareSurveysResponse CompareSurveys(const v1::Survey& baseline, const v1::Survey& after,
                                          const std::map<std::string, Better>& metrics) {
  std::map<std::string, MeasureChange> changes;
  for (const v1::Measure& measure : baseline.measures()) {
    MeasureChange& change = changes[measure.metric()];
    if (measure.has_value_thousandths()) {
      change.set_before_thousandths(measure.value_thousandths());
    }
  }
  for (const v1::Measure& measure : after.measures()) {
    MeasureChange& change = changes[measure.metric()];
    if (measure.has_value_thousandths()) change.set_after_thousandths(measure.value_thousandths());
  }
  v1::CompareSurveysResponse response;
  response.set_baseline(baseline.name());
  for (auto& [metric, change] : changes) {
    const auto said = metrics.find(metric);
    Compare(change, said == metrics.end() ? Better::kNotSaid : said->second);
    change.set_metric(metric);
    *response.add_changes() = change;
  }
  return response;
}

}  // namespace nscl::registry::domain
