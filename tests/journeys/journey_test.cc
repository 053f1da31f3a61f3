// The whole programme on two real plans, through every door: JSON and gRPC in one process, and JSON
// against five processes. One scenario, one set of expectations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "services/tools/demo/scenario.h"
#include "tests/journeys/expectations.h"
#include "tests/journeys/system.h"

namespace nscl::journeys {
namespace {

enum class Deployment { kOneProcess, kFiveProcesses };
enum class DoorKind { kHttp, kGrpc };

struct Way {
  const char* name;
  Deployment deployment;
  DoorKind door;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

class JourneyTest : public testing::TestWithParam<Way> {};

TEST_P(JourneyTest, TwoPlansFromImportToReport) {
  std::unique_ptr<System> system =
      GetParam().deployment == Deployment::kOneProcess ? StartInOneProcess() : StartFiveProcesses();
  ASSERT_NE(system, nullptr);
  std::unique_ptr<tools::Door> door = GetParam().door == DoorKind::kHttp
                                          ? system->HttpDoor(system->OfficerToken())
                                          : system->GrpcDoor(system->OfficerToken());
  tools::ScenarioOptions options;
  options.plans_dir = NSCL_SOURCE_DIR "/deploy/plans";
  std::string told;
  options.say = [&told](absl::string_view line) {
    told.append(line.data(), line.size()).append("\n");
  };

  absl::StatusOr<tools::ScenarioResult> first = tools::RunScenario(*door, options);
  ASSERT_TRUE(first.ok()) << first.status() << "\n" << told;
  EXPECT_GT(first->steps_done, 0);
  ExpectScenario(*first);
  std::unique_ptr<tools::Door> reconciler = system->GrpcDoor(system->ReconcilerToken());
  ExpectReconciled(*reconciler);

  absl::StatusOr<tools::ScenarioResult> second = tools::RunScenario(*door, options);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->steps_done, 0) << "a second run finds everything there";
  ExpectScenario(*second);
}

INSTANTIATE_TEST_SUITE_P(
    Doors, JourneyTest,
    testing::Values(Way{"JsonInOneProcess", Deployment::kOneProcess, DoorKind::kHttp},
                    Way{"GrpcInOneProcess", Deployment::kOneProcess, DoorKind::kGrpc},
                    Way{"JsonFiveProcesses", Deployment::kFiveProcesses, DoorKind::kHttp}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace nscl::journeys
