// What the acts of the scenario share: the door, the telling, and ids that are the same in every
// run.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/type/date.pb.h"
#include "services/tools/demo/enterprises.h"
#include "services/tools/demo/scenario.h"

namespace nscl::tools {

inline constexpr char kDaNang[] = "provinces/48";
inline constexpr char kNinhThuan[] = "provinces/58";
inline constexpr char kDaNangPlan[] = "provinces/48/plans/kh-37-2022";
inline constexpr char kNinhThuanPlan[] = "provinces/58/plans/kh-2024";
inline constexpr int kDaNangYear = 2023;
inline constexpr int kNinhThuanYear = 2024;

google::type::Date Day(int year, int month, int day);

// A request id that is the same in every run, so that a repeated step gets its first answer.
std::string RequestId(absl::string_view step);

class Stage {
 public:
  Stage(Door& door, const ScenarioOptions& options) : door_(door), options_(options) {}

  Door& door() { return door_; }
  const ScenarioOptions& options() const { return options_; }
  ScenarioResult& result() { return result_; }

  // Tells of a step that this run did.
  template <typename... Parts>
  void Did(const Parts&... parts) {
    ++result_.steps_done;
    Say(absl::StrCat("  done   ", parts...));
  }
  // Tells of a step that was there.
  template <typename... Parts>
  void Found(const Parts&... parts) {
    ++result_.steps_found;
    Say(absl::StrCat("  found  ", parts...));
  }
  void Say(absl::string_view line) { options_.say(line); }

  // A moment between two looks at something that another service is still working on.
  void Pause();

 private:
  Door& door_;
  const ScenarioOptions& options_;
  ScenarioResult result_;
};

// A support case of Đà Nẵng, in the year and from the account of the scenario.
struct CasePlot {
  std::string id, enterprise, family, solution;
  int64_t total_cost_vnd, state_part_vnd;
  bool rejected;  // the council says no
};

// Takes a case from wherever it stands to its end.
absl::StatusOr<casework::v1::SupportCase> PlayCase(Stage& stage, const CasePlot& plot);
// Registers an enterprise with its yearly figures, where that is missing.
absl::Status PlayEnterprise(Stage& stage, const DemoEnterprise& row);

// The acts, in order. Each takes its things from wherever they stand to their end.
absl::Status PlayPlans(Stage& stage);        // import, findings, issue, allocation
absl::Status PlayEnterprises(Stage& stage);  // registration, yearly figures, size classes
absl::Status PlayCases(Stage& stage);        // three support cases in Đà Nẵng
absl::Status PlayTraining(Stage& stage);     // one class in Ninh Thuận
absl::Status PlayReports(Stage& stage);      // the annual reports

}  // namespace nscl::tools
