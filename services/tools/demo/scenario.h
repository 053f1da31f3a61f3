// The demonstration: the year 2024 of Ninh Thuận and the plan 2022-2025 of Đà Nẵng, run through the
// public API like any client would. Each step first looks at what is there and does only what is
// missing, so that it can be run again, also after it was interrupted.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "nscl/reporting/v1/report.pb.h"
#include "services/tools/door/door.h"

namespace nscl::tools {

struct ScenarioOptions {
  std::string plans_dir;  // deploy/plans
  // Told of each step as it is done or found done: "imported provinces/48/plans/…".
  std::function<void(absl::string_view line)> say = [](absl::string_view) {};
  // Longest wait for a money step of another service, and for reports to catch up.
  absl::Duration patience = absl::Seconds(30);
};

// What the scenario left, for whoever prints or checks it.
struct ScenarioResult {
  budgeting::v1::Plan danang, ninhthuan;
  std::vector<registry::v1::Enterprise> enterprises;  // 12
  std::vector<registry::v1::SizeClass> size_classes;  // of the same
  casework::v1::SupportCase paid, rejected, refused;  // in Đà Nẵng, 2023
  casework::v1::Activity training;                    // in Ninh Thuận, 2024
  reporting::v1::Report danang_report, ninhthuan_report;
  int steps_done = 0;   // steps that this run did
  int steps_found = 0;  // steps that were there
};

absl::StatusOr<ScenarioResult> RunScenario(Door& door, const ScenarioOptions& options);

// The report as a person reads it, Vietnamese, for a terminal.
std::string PrintReport(const reporting::v1::Report& report);

}  // namespace nscl::tools
