// Obligations from rule data, and the edges of "trước ngày".
#include "services/reporting/domain/obligations.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <set>

#include "common/status/error.h"
#include "common/time/legal_date.h"
#include "services/reporting/domain/shipped_catalogue.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::Plan;
using budgeting::v1::PlanOrganisation;
using v1::Obligation;

Plan ShippedPlan(const std::string& file, const std::string& name) {
  Plan plan;
  EXPECT_TRUE(
      google::protobuf::util::JsonStringToMessage(ShippedFile("plans/" + file), &plan).ok());
  plan.set_name(name);
  return plan;
}

TEST(ObligationsOfTest, DaNangNamesNoDaySoTheDefaultStands) {
  Plan plan = ShippedPlan("danang-2022-2025.json", "provinces/48/plans/danang-2022-2025");
  std::vector<Obligation> all = ObligationsOf(plan, ShippedCatalogue().obligations);
  // 5 units and the focal body, 4 years.
  ASSERT_EQ(all.size(), 24u);
  std::set<std::string> names;
  for (const Obligation& o : all) {
    EXPECT_TRUE(names.insert(o.name()).second) << o.name();
    EXPECT_TRUE(o.default_used());
    EXPECT_TRUE(o.strict());
    EXPECT_EQ(o.state(), Obligation::STATE_OPEN);
    EXPECT_NE(o.basis().find("không nêu ngày"), std::string::npos);
    EXPECT_NE(o.basis().find("Sơn La"), std::string::npos);
  }
  const Obligation& focal = all[0];
  EXPECT_EQ(focal.name(), "provinces/48/obligations/danang-2022-2025-2022-01");
  EXPECT_EQ(focal.organisation(), "Sở Khoa học và Công nghệ");
  EXPECT_EQ(focal.recipient(), "Bộ KH&CN; UBND thành phố");
  EXPECT_EQ(*time::ToCivilDay(focal.due_date()), absl::CivilDay(2022, 11, 30));
  EXPECT_EQ(*time::ToCivilDay(focal.last_day()), absl::CivilDay(2022, 11, 29));
  EXPECT_EQ(
      focal.basis(),
      "Kế hoạch (mục VI.1.e) không nêu ngày; dùng ngày mặc định trước ngày 30/11 theo Kế hoạch "
      "của UBND tỉnh Sơn La giai đoạn 2026-2030, mục V.1");
  const Obligation& unit = all[1];
  EXPECT_EQ(unit.organisation(), "Sở Công Thương");
  EXPECT_EQ(unit.recipient(), "Sở Khoa học và Công nghệ");
  EXPECT_EQ(*time::ToCivilDay(unit.due_date()), absl::CivilDay(2022, 11, 15));
  EXPECT_EQ(*time::ToCivilDay(unit.last_day()), absl::CivilDay(2022, 11, 14));
}

TEST(ObligationsOfTest, NinhThuanHasNoRuleAtAll) {
  Plan plan = ShippedPlan("ninhthuan-2024.json", "provinces/58/plans/ninhthuan-2024");
  std::vector<Obligation> all = ObligationsOf(plan, ShippedCatalogue().obligations);
  ASSERT_EQ(all.size(), 7u);
  for (const Obligation& o : all) {
    EXPECT_EQ(o.year(), 2024);
    EXPECT_TRUE(o.default_used());
    EXPECT_EQ(o.basis().find("mục VI"), std::string::npos);
  }
}

TEST(ObligationsOfTest, APlanWithItsOwnDayKeepsIt) {
  Plan plan;
  plan.set_name("provinces/14/plans/sl");
  plan.set_first_year(2026);
  plan.set_last_year(2030);
  for (auto role : {PlanOrganisation::ROLE_FOCAL, PlanOrganisation::ROLE_UNIT,
                    PlanOrganisation::ROLE_SUPERVISING}) {
    plan.add_organisations()->set_role(role);
  }
  std::vector<Obligation> all = ObligationsOf(plan, ShippedCatalogue().obligations);
  ASSERT_EQ(all.size(), 10u);  // the supervising body owes none
  EXPECT_FALSE(all[0].default_used());
  EXPECT_EQ(all[0].basis(), "Kế hoạch, mục V.1: trước ngày 30/11");
  EXPECT_EQ(all[1].basis(), "Kế hoạch, mục V.7: trước ngày 15/11");
  EXPECT_EQ(*time::ToCivilDay(all[1].last_day()), absl::CivilDay(2026, 11, 14));
}

TEST(ObligationsOfTest, IdsStayWithinTheirLength) {
  Plan plan;
  plan.set_first_year(2024);
  plan.set_last_year(2024);
  plan.add_organisations()->set_role(PlanOrganisation::ROLE_UNIT);
  std::set<std::string> names;
  for (const char last : {'a', 'b'}) {
    plan.set_name("provinces/48/plans/" + std::string(62, 'x') + last);
    std::vector<Obligation> all = ObligationsOf(plan, ShippedCatalogue().obligations);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_TRUE(names.insert(all[0].name()).second);
    EXPECT_LE(all[0].name().size() - std::string("provinces/48/obligations/").size(), 63u);
  }
}

TEST(ObligationsOfTest, ARuleOutOfForceMakesNone) {
  std::vector<ObligationRule> rules = ShippedCatalogue().obligations;
  for (ObligationRule& rule : rules) rule.basis.valid_to = absl::CivilDay(2024, 11, 20);
  Plan plan = ShippedPlan("ninhthuan-2024.json", "provinces/58/plans/nt");
  // Due on 15/11/2024, within; due on 30/11/2024, not.
  EXPECT_EQ(ObligationsOf(plan, rules).size(), 6u);
}

// A default that is replaced, and a plan's own rule that ends: each year takes what holds then.
TEST(ObligationsOfTest, RulesFollowEachOther) {
  std::vector<ObligationRule> rules;
  const auto add = [&](std::optional<std::pair<int, int>> due, bool is_default, absl::CivilDay from,
                       absl::CivilDay to) {
    ObligationRule& rule = rules.emplace_back();
    rule.role = PlanOrganisation::ROLE_UNIT;
    rule.due = due;
    rule.is_default = is_default;
    if (!is_default) {
      rule.province = "48";
      rule.plan_first_year = 2022;
      rule.plan_last_year = 2025;
      rule.recipient = "own";
    }
    rule.basis.valid_from = from;
    rule.basis.valid_to = to;
  };
  const absl::CivilDay open_from(2000, 1, 1), open_to(2100, 12, 31);
  add({{11, 15}}, true, open_from, absl::CivilDay(2023, 12, 31));
  add({{12, 10}}, true, absl::CivilDay(2024, 1, 1), open_to);
  add({{12, 31}}, false, open_from, absl::CivilDay(2022, 12, 31));  // due on its last day
  add(std::nullopt, false, absl::CivilDay(2023, 1, 1), absl::CivilDay(2024, 12, 9));

  Plan plan;
  plan.set_name("provinces/48/plans/p");
  plan.set_first_year(2022);
  plan.set_last_year(2025);
  plan.add_organisations()->set_role(PlanOrganisation::ROLE_UNIT);
  const std::vector<Obligation> all = ObligationsOf(plan, rules);
  const struct {
    absl::CivilDay due, last_day;
    bool default_used;
    const char* recipient;
  } rows[] = {
      // Before New Year's Eve is the day before it, in the same year.
      {absl::CivilDay(2022, 12, 31), absl::CivilDay(2022, 12, 30), false, "own"},
      {absl::CivilDay(2023, 11, 15), absl::CivilDay(2023, 11, 14), true, "own"},
      // The plan's own rule ended a day before the default's day.
      {absl::CivilDay(2024, 12, 10), absl::CivilDay(2024, 12, 9), true, ""},
      {absl::CivilDay(2025, 12, 10), absl::CivilDay(2025, 12, 9), true, ""},
  };
  ASSERT_EQ(all.size(), std::size(rows));
  for (size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(*time::ToCivilDay(all[i].due_date()), rows[i].due);
    EXPECT_EQ(*time::ToCivilDay(all[i].last_day()), rows[i].last_day);
    EXPECT_EQ(all[i].default_used(), rows[i].default_used);
    EXPECT_EQ(all[i].recipient(), rows[i].recipient);
  }
}

Obligation Open(absl::CivilDay last_day) {
  Obligation o;
  o.set_name("provinces/48/obligations/x-2024-01");
  o.set_state(Obligation::STATE_OPEN);
  *o.mutable_last_day() = time::ToDate(last_day);
  return o;
}

TEST(FileObligationTest, TheLastDayIsInTimeAndTheNextIsLate) {
  const absl::CivilDay last(2024, 11, 14), today(2024, 11, 20);
  const struct {
    absl::CivilDay filed_on;
    Obligation::State state;
  } rows[] = {
      {absl::CivilDay(2024, 11, 13), Obligation::STATE_FILED},
      {absl::CivilDay(2024, 11, 14), Obligation::STATE_FILED},
      {absl::CivilDay(2024, 11, 15), Obligation::STATE_FILED_LATE},
      {absl::CivilDay(2024, 11, 20), Obligation::STATE_FILED_LATE},
  };
  for (const auto& row : rows) {
    v1::FileObligationRequest request;
    request.set_document_number("12/BC-SCT");
    *request.mutable_filed_on() = time::ToDate(row.filed_on);
    auto filed = FileObligation(Open(last), request, today);
    ASSERT_TRUE(filed.ok()) << filed.status();
    EXPECT_EQ(filed->state(), row.state) << row.filed_on;
    EXPECT_EQ(filed->document_number(), "12/BC-SCT");
    EXPECT_FALSE(IsOverdue(*filed, today));
    // Filed is final.
    EXPECT_EQ(status::ReasonOf(FileObligation(*filed, request, today).status()),
              "OBLIGATION_STATE");
  }
}

TEST(FileObligationTest, AllBadFieldsAtOnce) {
  std::string hundred_and_one, hundred;  // characters of two bytes
  for (int i = 0; i < 101; ++i) hundred_and_one += "Đ";
  hundred = hundred_and_one.substr(2);
  const struct {
    std::string number;
    int year, month, day;
    const char* fields;
  } rows[] = {
      {hundred, 2024, 11, 1, ""},
      {"", 2024, 11, 1, "document_number"},
      {" ", 2024, 11, 1, "document_number"},
      {hundred_and_one, 2024, 11, 1, "document_number"},
      // A mark that turns the text around, and bytes that are no text.
      {"12\u202e/BC", 2024, 11, 1, "document_number"},
      {"12\xff", 2024, 11, 1, "document_number"},
      {"1", 0, 0, 0, "filed_on"},
      {"1", 2023, 2, 29, "filed_on"},
      {"1", 2024, 11, 21, "filed_on"},
      {"", 2024, 13, 1, "document_number filed_on"},
  };
  for (const auto& row : rows) {
    v1::FileObligationRequest request;
    request.set_document_number(row.number);
    request.mutable_filed_on()->set_year(row.year);
    request.mutable_filed_on()->set_month(row.month);
    request.mutable_filed_on()->set_day(row.day);
    auto filed =
        FileObligation(Open(absl::CivilDay(2024, 11, 14)), request, absl::CivilDay(2024, 11, 20));
    EXPECT_EQ(filed.ok(), row.fields[0] == 0) << filed.status();
    std::string fields;
    const auto bad_request = status::BadRequestOf(filed.status());
    for (const auto& violation : bad_request.field_violations()) {
      fields += (fields.empty() ? "" : " ") + violation.field();
    }
    EXPECT_EQ(fields, row.fields);
  }
}

TEST(FileObligationTest, TheNumberIsKeptInNfc) {
  v1::FileObligationRequest request;
  request.set_document_number("12/BC-UBNDe\u0302");  // e and a circumflex of its own
  *request.mutable_filed_on() = time::ToDate(absl::CivilDay(2024, 11, 1));
  auto filed =
      FileObligation(Open(absl::CivilDay(2024, 11, 14)), request, absl::CivilDay(2024, 11, 2));
  ASSERT_TRUE(filed.ok()) << filed.status();
  EXPECT_EQ(filed->document_number(), "12/BC-UBND\u00ea");
}

TEST(IsOverdueTest, FromTheDayAfterTheLast) {
  Obligation o = Open(absl::CivilDay(2024, 11, 14));
  EXPECT_FALSE(IsOverdue(o, absl::CivilDay(2024, 11, 14)));
  EXPECT_TRUE(IsOverdue(o, absl::CivilDay(2024, 11, 15)));
  o.set_state(Obligation::STATE_FILED_LATE);
  EXPECT_FALSE(IsOverdue(o, absl::CivilDay(2024, 11, 15)));
}

}  // namespace
}  // namespace nscl::reporting::domain
