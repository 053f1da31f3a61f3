// A plan file as given: what a file must be before the paper in it can be judged. Faults of the
// file are refused here, all places at once; faults of the paper become findings (plan_findings.h).
#pragma once

#include "absl/status/statusor.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "services/budgeting/domain/funding_sources.h"

namespace nscl::budgeting::domain {

// Most rows of an annex, and most entries of each other list of a plan.
inline constexpr int kMaxAnnexRows = 2'000;
inline constexpr int kMaxPlanEntries = 1'000;

// The plan with every printed number read into its `…_vnd` field. INVALID_ARGUMENT with every bad
// place, its path under `plan`:
//   `INVALID_TEXT`    a text that is not UTF-8 or holds characters that no paper prints; texts are
//                     kept in NFC
//   `FIELD_REQUIRED`, `TEXT_LENGTH`, `LIST_LENGTH`, `ENUM_VALUE`, `DATE`
//                     shape of the fields
//   `OUTPUT_ONLY`     a field that the server computes is set
//   `YEAR_RANGE`      years that time::CheckBudgetYear refuses, unordered, or outside the plan's
//                     period
//   `PRINTED_NUMBER` and the other reasons of money::ParseVnd
//                     a number that cannot be read
//   `ROW_ID`, `ROW_PARENT`, `ROW_LEVEL`
//                     a row id used twice; a parent that is unknown, the row itself or below it; a
//                     line within a line, an item outside every line
//   `CELL_YEAR`       a cell of a year that the annex has not, twice, or not there
//   `ABSENCE_REASON`  a blank without a reason, or a reason beside a figure
//   `FUNDING_SOURCE`  a code that the catalogue has not
//   `TARGET_ID`       a target id used twice
absl::StatusOr<v1::Plan> ReadPlanFile(v1::Plan plan, const FundingSources& sources);

}  // namespace nscl::budgeting::domain
