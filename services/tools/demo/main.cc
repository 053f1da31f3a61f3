// nscl-demo: runs the demonstration against a running system through its public JSON door, then
// prints the annual reports. Run again, it finds everything there.
#include <CLI/CLI.hpp>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/error.h"
#include "services/tools/demo/scenario.h"
#include "services/tools/door/connection.h"

namespace {

constexpr int kRefused = 1;  // the system refused a step
constexpr int kUsage = 2;    // the command line is wrong, or the token cannot be read

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Runs the year 2024 of Ninh Thuận and the plan 2022-2025 of Đà Nẵng through the public API."};
  std::string url = "http://127.0.0.1:8080", token_file, plans = "deploy/plans";
  app.add_option("--url", url, "JSON address of the system")->capture_default_str();
  app.add_option("--token-file", token_file, "File that holds a bearer token")->required();
  app.add_option("--plans", plans, "Folder of the plan files")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;  // 0: help was asked for
  }
  const absl::StatusOr<std::string> token = nscl::tools::ReadToken(token_file);
  if (!token.ok()) {
    std::cerr << std::string(token.status().message()) << "\n";
    return kUsage;
  }
  std::unique_ptr<nscl::tools::Door> door = nscl::tools::MakeHttpDoor(url, *token);
  nscl::tools::ScenarioOptions options;
  options.plans_dir = plans;
  options.say = [](absl::string_view line) { std::cout << line << std::endl; };
  absl::StatusOr<nscl::tools::ScenarioResult> result = nscl::tools::RunScenario(*door, options);
  if (!result.ok()) {
    std::cerr << "the demonstration stopped: "
              << result.status().ToString(absl::StatusToStringMode::kWithNoExtraData) << "\n"
              << nscl::status::LocalizedMessageOf(result.status()) << "\n";
    return kRefused;
  }
  std::cout << nscl::tools::PrintReport(result->ninhthuan_report)
            << nscl::tools::PrintReport(result->danang_report) << "\n";
  if (result->steps_done == 0) {
    std::cout << "Everything was there already: nothing was done again.\n";
  } else {
    std::cout << result->steps_done << " steps done, " << result->steps_found << " found done.\n";
  }
  return 0;
}
