#include "services/tools/demo/scenario.h"

#include <openssl/sha.h>

#include <chrono>
#include <thread>
#include <utility>

#include "common/status/status_macros.h"
#include "services/tools/demo/stage.h"

namespace nscl::tools {

google::type::Date Day(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// A request id that is the same in every run, so that a repeated step gets its first answer.
std::string RequestId(absl::string_view step) {
  std::string text = absl::StrCat("nscl-demo:", step);
  unsigned char h[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), h);
  h[6] = static_cast<unsigned char>((h[6] & 0x0f) | 0x50);  // a UUID of version 5
  h[8] = static_cast<unsigned char>((h[8] & 0x3f) | 0x80);
  std::string id;
  for (int i = 0; i < 16; ++i) {
    absl::StrAppend(&id, i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                    absl::Hex(h[i], absl::kZeroPad2));
  }
  return id;
}

void Stage::Pause() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

absl::StatusOr<ScenarioResult> RunScenario(Door& door, const ScenarioOptions& options) {
  Stage stage(door, options);
  for (auto* act : {&PlayPlans, &PlayEnterprises, &PlayCases, &PlayTraining, &PlayReports}) {
    RETURN_IF_ERROR(act(stage));
  }
  return std::move(stage.result());
}

}  // namespace nscl::tools
