// The projection of a feed: what is kept, what a plan that is issued raises, and that following
// from the start again gives the same rows as the running one.
#include "services/reporting/store/projection.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/random.h"
#include "common/testing/status_matchers.h"
#include "common/time/clock.h"
#include "services/reporting/domain/shipped_catalogue.h"
#include "services/reporting/store/keys.h"

namespace nscl::reporting::rows {
namespace {

using budgeting::v1::LedgerEntry;
using budgeting::v1::Plan;
using casework::v1::Activity;
using casework::v1::SupportCase;

constexpr char kDaNang[] = "provinces/48/plans/danang";

class ProjectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(::testing::TempDir()) /
            absl::StrCat("reporting_projection_",
                         ::testing::UnitTest::GetInstance()->current_test_info()->name(), "_",
                         getpid());
    std::filesystem::remove_all(path_);
    store::Options options;
    options.service = "reporting";
    options.path = path_ / "store";
    options.init = true;
    options.clock = &clock_;
    ASSERT_OK_AND_ASSIGN(store_, store::Store::Open(options));
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(path_);
  }

  absl::Status Run(std::function<absl::Status(store::Txn&)> body) {
    store::Command command;
    command.origin.actor = "service:reporting";
    command.origin.method = "internal:test";
    command.apply = [body](store::Txn& txn) -> absl::StatusOr<std::string> {
      RETURN_IF_ERROR(body(txn));
      return "";
    };
    return store_->Run(std::move(command)).status();
  }
  template <typename Event>
  absl::Status Apply(const Event& event) {
    return Run([&](store::Txn& txn) { return projection_.Apply(txn, event); });
  }

  // Every row of the projections; reports and obligations are not among them.
  std::map<std::string, std::string> Rows() {
    std::map<std::string, std::string> rows;
    auto snapshot = store_->TakeSnapshot();
    for (char kind : {kPlan, kBalance, kCase, kActivity, kEnterprise, kOfPlan}) {
      EXPECT_OK(snapshot->Scan(store::KeyRange::Prefix(std::string(1, kind)),
                               [&](absl::string_view key, absl::string_view value) {
                                 rows[std::string(key)] = std::string(value);
                                 return true;
                               }));
    }
    return rows;
  }

  time::ManualClock clock_{absl::FromUnixSeconds(1700000000)};
  const domain::Catalogue catalogue_ = domain::ShippedCatalogue();
  const Projection projection_{catalogue_};
  std::filesystem::path path_;
  std::unique_ptr<store::Store> store_;
};

budgeting::v1::Event PlanEvent(Plan::State state) {
  budgeting::v1::Event event;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(
                  domain::ShippedFile("plans/danang-2022-2025.json"), event.mutable_plan())
                  .ok());
  event.mutable_plan()->set_name(kDaNang);
  event.mutable_plan()->set_state(state);
  return event;
}

casework::v1::Event CaseEvent(const std::string& id, const std::string& line,
                              SupportCase::State state) {
  casework::v1::Event event;
  SupportCase& c = *event.mutable_support_case();
  c.set_name("provinces/48/supportCases/" + id);
  c.set_enterprise("provinces/48/enterprises/e-" + id);
  c.set_plan_line(line);
  c.set_budget_year(2023);
  c.set_state(state);
  c.mutable_survey()->set_baseline("not a report's business");
  return event;
}

TEST_F(ProjectionTest, AnIssuedPlanRaisesItsObligationsOnce) {
  for (auto state : {Plan::STATE_DRAFT, Plan::STATE_SUBMITTED, Plan::STATE_APPRAISED}) {
    ASSERT_OK(Apply(PlanEvent(state)));
    ASSERT_OK_AND_ASSIGN(auto none, ObligationsOf(*store_->TakeSnapshot(), kDaNang, 2023));
    EXPECT_TRUE(none.empty());
  }
  ASSERT_OK(Apply(PlanEvent(Plan::STATE_ISSUED)));
  ASSERT_OK_AND_ASSIGN(auto raised, ObligationsOf(*store_->TakeSnapshot(), kDaNang, 2023));
  ASSERT_EQ(raised.size(), 6u);
  EXPECT_FALSE(raised[0].etag().empty());

  // One is filed; the plan changes again; nothing is raised twice and the filing stands.
  const store::Table<v1::Obligation> table(kObligations);
  ASSERT_OK(Run([&](store::Txn& txn) {
    v1::Obligation filed = raised[0];
    filed.set_state(v1::Obligation::STATE_FILED);
    return table.Update(txn, raised[0], filed, "filed").status();
  }));
  const int64_t position = store_->TakeSnapshot()->event_position();
  ASSERT_OK(Apply(PlanEvent(Plan::STATE_ISSUED)));
  EXPECT_EQ(store_->TakeSnapshot()->event_position(), position);
  ASSERT_OK_AND_ASSIGN(raised, ObligationsOf(*store_->TakeSnapshot(), kDaNang, 2023));
  ASSERT_EQ(raised.size(), 6u);
  EXPECT_EQ(raised[0].state(), v1::Obligation::STATE_FILED);
}

TEST_F(ProjectionTest, OnlyWhatReportsNeedIsKept) {
  ASSERT_OK(Apply(PlanEvent(Plan::STATE_ISSUED)));
  ASSERT_OK_AND_ASSIGN(Plan plan, GetPlan(*store_->TakeSnapshot(), kDaNang));
  EXPECT_EQ(plan.annex().rows_size(), 21);
  EXPECT_EQ(plan.tasks_size(), 0);

  registry::v1::Event enterprise;
  enterprise.mutable_enterprise()->set_name("provinces/48/enterprises/e-a");
  enterprise.mutable_enterprise()->set_tax_code("0400101394");
  enterprise.mutable_enterprise()->set_address("1 Trần Phú");
  ASSERT_OK(Apply(enterprise));
  ASSERT_OK(Apply(CaseEvent("a", absl::StrCat(kDaNang, "/lines/IV-1"), SupportCase::STATE_PAID)));
  casework::v1::Event activity;
  activity.mutable_activity()->set_name("provinces/48/activities/k");
  activity.mutable_activity()->set_plan_line(absl::StrCat(kDaNang, "/lines/I-3"));
  activity.mutable_activity()->add_attendances()->set_list_number("1");
  ASSERT_OK(Apply(activity));

  ASSERT_OK_AND_ASSIGN(domain::Happenings happenings,
                       HappeningsOf(*store_->TakeSnapshot(), kDaNang));
  ASSERT_EQ(happenings.cases.size(), 1u);
  EXPECT_FALSE(happenings.cases[0].has_survey());
  EXPECT_EQ(happenings.tax_codes.at("provinces/48/enterprises/e-a"), "0400101394");
  ASSERT_EQ(happenings.activities.size(), 1u);
  ASSERT_EQ(happenings.activities[0].attendances_size(), 1);
  EXPECT_TRUE(happenings.activities[0].attendances(0).list_number().empty());
  for (const auto& [key, value] : Rows()) EXPECT_EQ(value.find("Trần Phú"), std::string::npos);
}

TEST_F(ProjectionTest, ACaseThatChangesItsPlanIsCountedThere) {
  ASSERT_OK(Apply(CaseEvent("a", absl::StrCat(kDaNang, "/lines/IV-1"), SupportCase::STATE_PAID)));
  ASSERT_OK(Apply(CaseEvent("a", "provinces/48/plans/other/lines/1", SupportCase::STATE_PAID)));
  ASSERT_OK_AND_ASSIGN(auto here, HappeningsOf(*store_->TakeSnapshot(), kDaNang));
  ASSERT_OK_AND_ASSIGN(auto there,
                       HappeningsOf(*store_->TakeSnapshot(), "provinces/48/plans/other"));
  EXPECT_EQ(here.cases.size(), 0u);
  EXPECT_EQ(there.cases.size(), 1u);
}

TEST_F(ProjectionTest, APlanThatIsNotKnown) {
  EXPECT_THAT(GetPlan(*store_->TakeSnapshot(), "provinces/48/plans/none"),
              testing::Refused(absl::StatusCode::kNotFound, "PLAN_NOT_FOUND"));
}

// Any history: erased in small steps and followed again from the start, the rows are byte for byte
// the same.
TEST_F(ProjectionTest, FollowedFromTheStartItIsTheSame) {
  std::mt19937_64 random = testing::SeededRandom();
  auto pick = [&](int below) { return static_cast<int>(random() % below); };
  std::vector<casework::v1::Event> casework_events;
  std::vector<budgeting::v1::Event> budgeting_events = {PlanEvent(Plan::STATE_DRAFT),
                                                        PlanEvent(Plan::STATE_ISSUED)};
  const char* lines[] = {"I-1", "II-1", "IV-1"};
  for (int i = 0; i < 300; ++i) {
    casework_events.push_back(
        CaseEvent(std::to_string(pick(40)),
                  absl::StrCat(pick(4) == 0 ? "provinces/48/plans/other" : kDaNang, "/lines/",
                               lines[pick(3)]),
                  static_cast<SupportCase::State>(1 + pick(SupportCase::State_MAX))));
    LedgerEntry& entry = *budgeting_events.emplace_back().mutable_ledger_entry();
    entry.mutable_account()->set_plan_line(absl::StrCat(kDaNang, "/lines/", lines[pick(3)]));
    entry.mutable_account()->set_budget_year(2022 + pick(4));
    entry.mutable_account()->set_funding_source("ST_TASK");
    entry.set_from_column(LedgerEntry::COLUMN_SOURCE);
    entry.set_to_column(LedgerEntry::COLUMN_AVAILABLE);
    entry.set_amount_vnd(1 + pick(1000000));
  }
  auto follow = [&] {
    // Pages of random size, each one command.
    for (size_t i = 0; i < casework_events.size();) {
      const size_t end = std::min(casework_events.size(), i + 1 + pick(50));
      ASSERT_OK(Run([&](store::Txn& txn) {
        for (size_t at = i; at < end; ++at) {
          RETURN_IF_ERROR(projection_.Apply(txn, casework_events[at]));
        }
        return absl::OkStatus();
      }));
      i = end;
    }
    for (const auto& event : budgeting_events) ASSERT_OK(Apply(event));
  };
  follow();
  const auto running = Rows();
  ASSERT_GT(running.size(), 40u);

  for (absl::string_view feed : kFeeds) {
    int erased = 1;
    while (erased > 0) {
      ASSERT_OK(Run([&](store::Txn& txn) -> absl::Status {
        ASSIGN_OR_RETURN(erased, projection_.Erase(txn, feed, 7));
        EXPECT_LE(erased, 7);
        return absl::OkStatus();
      }));
    }
  }
  EXPECT_TRUE(Rows().empty());
  ASSERT_OK_AND_ASSIGN(auto kept, ObligationsOf(*store_->TakeSnapshot(), kDaNang, 2023));
  EXPECT_EQ(kept.size(), 6u) << "obligations are reporting's own";
  follow();
  EXPECT_EQ(Rows(), running);
}

TEST_F(ProjectionTest, ThePositionIsTheFollowersCursorAndGoesLast) {
  ASSERT_OK_AND_ASSIGN(v1::FeedPosition none, PositionOf(*store_->TakeSnapshot(), "casework"));
  EXPECT_EQ(none.service(), "casework");
  EXPECT_EQ(none.position(), 0);
  event::v1::FeedCursor cursor;
  cursor.set_epoch(1);
  cursor.set_position(42);
  ASSERT_OK(Run([&](store::Txn& txn) {
    txn.Put(CursorKey("casework"), cursor.SerializeAsString());
    return absl::OkStatus();
  }));
  ASSERT_OK(Apply(CaseEvent("a", absl::StrCat(kDaNang, "/lines/IV-1"), SupportCase::STATE_PAID)));
  for (const auto& [erased, position] : {std::pair{2, 42}, std::pair{1, 0}, std::pair{0, 0}}) {
    ASSERT_OK(Run([&, erased = erased](store::Txn& txn) -> absl::Status {
      ASSIGN_OR_RETURN(int rows, projection_.Erase(txn, "casework", 100));
      EXPECT_EQ(rows, erased);
      return absl::OkStatus();
    }));
    ASSERT_OK_AND_ASSIGN(v1::FeedPosition kept, PositionOf(*store_->TakeSnapshot(), "casework"));
    EXPECT_EQ(kept.position(), position);
  }
}

}  // namespace
}  // namespace nscl::reporting::rows
