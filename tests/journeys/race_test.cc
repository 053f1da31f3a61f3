// Sixty-four clients, one account, one đồng too few: whoever asks at the same time, the sum of what
// is held never exceeds what was assigned, and each loser is told what was left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "services/tools/demo/scenario.h"
#include "tests/journeys/expectations.h"
#include "tests/journeys/system.h"

namespace nscl::journeys {
namespace {

namespace bd = budgeting::v1;

constexpr int kClients = 64;
constexpr int64_t kAvailable = 500'000'000;  // what the scenario leaves on IV-1

std::string Uuid(int n) {
  return absl::StrCat("00000000-0000-4000-8000-", absl::Dec(n, absl::kZeroPad12));
}

bd::CreateReservationRequest Reserve(int client, int64_t amount_vnd) {
  bd::CreateReservationRequest request;
  request.set_parent("provinces/48");
  request.set_reservation_id(absl::StrCat("race-", client));
  request.set_request_id(Uuid(client));
  bd::Reservation& r = *request.mutable_reservation();
  r.mutable_account()->set_plan_line("provinces/48/plans/kh-37-2022/lines/IV-1");
  r.mutable_account()->set_budget_year(2023);
  r.mutable_account()->set_funding_source("ST_TASK");
  r.set_amount_vnd(amount_vnd);
  r.set_owner("provinces/48/supportCases/dn-2023-tpm");
  r.mutable_acted_on()->set_year(2023);
  r.mutable_acted_on()->set_month(6);
  r.mutable_acted_on()->set_day(1);
  return request;
}

TEST(RaceTest, TheLastDongIsHeldOnce) {
  std::unique_ptr<System> system = StartInOneProcess();
  tools::ScenarioOptions options;
  options.plans_dir = NSCL_SOURCE_DIR "/deploy/plans";
  ASSERT_TRUE(tools::RunScenario(*system->GrpcDoor(system->OfficerToken()), options).ok());

  // Sixty-three shares fit, the sixty-fourth lacks one đồng.
  const int64_t share = kAvailable / (kClients - 1);
  const int64_t over = kAvailable - share * (kClients - 1);
  std::atomic<int> held{0}, refused{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      auto door = system->GrpcDoor(system->ServiceToken("casework"));
      auto answer = door->Call<bd::Reservation>("nscl.budgeting.v1.LedgerService.CreateReservation",
                                                Reserve(i, share));
      if (answer.ok()) {
        ++held;
        return;
      }
      ++refused;
      EXPECT_EQ(status::ReasonOf(answer.status()), "INSUFFICIENT_BUDGET") << answer.status();
      EXPECT_EQ(status::MetadataOf(answer.status(), "available_vnd"), absl::StrCat(over));
      EXPECT_EQ(status::MetadataOf(answer.status(), "asked_vnd"), absl::StrCat(share));
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(held, kClients - 1);
  EXPECT_EQ(refused, 1);

  bd::GetBalanceRequest get;
  get.set_name("provinces/48/plans/kh-37-2022/lines/IV-1/balances/2023-ST_TASK");
  auto balance = system->HttpDoor(system->OfficerToken())
                     ->Call<bd::Balance>("nscl.budgeting.v1.LedgerService.GetBalance", get);
  ASSERT_TRUE(balance.ok()) << balance.status();
  EXPECT_EQ(balance->reserved_vnd(), share * (kClients - 1));
  EXPECT_EQ(balance->available_vnd(), over);
}

}  // namespace
}  // namespace nscl::journeys
