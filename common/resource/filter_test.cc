#include "common/resource/filter.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/testing/random.h"
#include "common/testing/status_matchers.h"
#include "nscl/budgeting/v1/ledger.pb.h"

namespace nscl::resource {
namespace {

using ::nscl::budgeting::v1::Reservation;
using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;

constexpr absl::string_view kAllowed[] = {"owner", "amount_vnd", "state", "account.budget_year",
                                          "account.funding_source"};

absl::StatusOr<Filter> Parse(absl::string_view text) {
  return Filter::Parse(text, Reservation::descriptor(), kAllowed);
}

Reservation Row(const char* text) {
  Reservation row;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &row)) << text;
  return row;
}

TEST(FilterTest, Matches) {
  Reservation row =
      Row("owner: 'provinces/48/supportCases/a' amount_vnd: 100 state: STATE_ACTIVE "
          "account { budget_year: 2024 funding_source: \"nguồn 'khác'\" }");
  Reservation bare = Row("amount_vnd: -5");
  struct {
    const char* filter;
    bool row, bare;
  } rows[] = {
      {"", true, true},
      {"   ", true, true},
      {"amount_vnd = 100", true, false},
      {"amount_vnd != 100", false, true},
      {"amount_vnd < 100", false, true},
      {"amount_vnd <= 100", true, true},
      {"amount_vnd > 99", true, false},
      {"amount_vnd>=101", false, false},
      {"amount_vnd = -5", false, true},
      {"amount_vnd > -9223372036854775808", true, true},
      {"state = STATE_ACTIVE", true, false},
      {"state != STATE_ACTIVE", false, true},
      {"state = STATE_UNSPECIFIED", false, true},
      {"owner = \"provinces/48/supportCases/a\"", true, false},
      {"owner = provinces/48/supportCases/a", true, false},
      {"owner >= 'provinces/48/'", true, false},
      {"owner = ''", false, true},
      {"account.budget_year = 2024", true, false},
      // The account is absent: no comparison of it holds, != included; NOT turns that round.
      {"account.budget_year != 2023", true, false},
      {"NOT account.budget_year = 2023", true, true},
      {"account.funding_source = \"nguồn 'khác'\"", true, false},
      {"account.funding_source = 'nguồn \\'khác\\''", true, false},
      {"amount_vnd = 1 OR amount_vnd = 100", true, false},
      {"amount_vnd = 100 AND state = STATE_ACTIVE", true, false},
      {"amount_vnd = 100 AND state = STATE_EXPIRED", false, false},
      {"NOT amount_vnd = 100", false, true},
      {"NOT NOT amount_vnd = 100", true, false},
      {"NOT (amount_vnd = 100 AND state = STATE_ACTIVE)", false, true},
      // OR binds closer than AND (AIP-160): false AND (true OR true).
      {"amount_vnd = 1 AND state = STATE_ACTIVE OR amount_vnd = 100", false, false},
      {"(amount_vnd = 1 AND state = STATE_ACTIVE) OR amount_vnd = 100", true, false},
      {"((((amount_vnd = 100))))", true, false},
      {"\tamount_vnd\n=\r100 ", true, false},
  };
  for (const auto& expected : rows) {
    SCOPED_TRACE(expected.filter);
    absl::StatusOr<Filter> filter = Parse(expected.filter);
    ASSERT_OK(filter);
    EXPECT_EQ(filter->Matches(row), expected.row);
    EXPECT_EQ(filter->Matches(bare), expected.bare);
  }
}

TEST(FilterTest, ARefusalOfAnEnumListsWhatItTakes) {
  const absl::Status status = Parse("state = OPEN").status();
  EXPECT_THAT(std::string(status.message()),
              ::testing::HasSubstr("one of STATE_ACTIVE, STATE_COMMITTED, "
                                   "STATE_RELEASED, STATE_EXPIRED"));
}

TEST(FilterTest, RefusedWithItsPlace) {
  std::string deep = std::string(21, '(') + "amount_vnd = 1" + std::string(21, ')');
  std::string nots;
  for (int i = 0; i < 21; ++i) nots += "NOT ";
  std::vector<std::string> comparisons(51, "amount_vnd = 1");
  struct {
    std::string filter;
    int position;
  } rows[] = {
      {"nope = 1", 0},
      {"create_time.seconds = 1", 0},
      {"account = 1", 0},
      {"account. = 1", 0},
      {"amount_vnd = x", 13},
      {"amount_vnd = 1.5", 13},
      {"amount_vnd = 9223372036854775808", 13},
      {"amount_vnd = '1'", 13},
      {"amount_vnd = 0x10", 13},
      {"state = NOPE", 8},
      {"state = 99", 8},
      {"state < STATE_ACTIVE", 6},
      {"amount_vnd", 10},
      {"amount_vnd =", 12},
      {"amount_vnd = 1 AND", 18},
      {"amount_vnd = 1 OR OR amount_vnd = 1", 18},
      {"amount_vnd = 1 amount_vnd = 2", 15},
      {"amount_vnd = 1 and amount_vnd = 2", 15},
      {"AND", 0},
      {"= 1", 0},
      {"amount_vnd ! 1", 11},
      {"amount_vnd == 1", 12},
      {"amount_vnd : 1", 11},
      {"(amount_vnd = 1", 15},
      {"amount_vnd = 1)", 14},
      {"()", 1},
      {"owner = 'abc", 8},
      {"owner = 'a\\nb'", 10},
      {"owner = 'a\\", 8},
      {"owner = a*", 9},
      {std::string("owner = \0", 9), 8},
      {std::string(10'000, '('), 2'000},
      {std::string(1'000, '('), 20},
      {deep, 20},
      {nots + "amount_vnd = 1", 80},
      {absl::StrJoin(comparisons, " OR "), 50 * 18},
      {std::string(1 << 20, 'a'), 2'000},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.filter.substr(0, 60));
    absl::StatusOr<Filter> filter = Parse(row.filter);
    EXPECT_EQ(Reason(filter), "FILTER");
    EXPECT_THAT(filter, MetadataIs("position", absl::StrCat(row.position)));
  }
}

TEST(FilterTest, AtTheLimitsItIsTaken) {
  std::string deep = std::string(19, '(') + "amount_vnd = 1" + std::string(19, ')');
  EXPECT_OK(Parse(deep));
  EXPECT_OK(Parse(absl::StrJoin(std::vector<std::string>(50, "amount_vnd = 1"), " OR ")));
}

TEST(FilterTest, SaysWhatAnIndexCanBeAskedFor) {
  struct {
    const char* filter;
    const char* owner;  // null: nothing required
  } rows[] = {
      {"owner = 'a'", "a"},
      {"amount_vnd > 1 AND owner = 'a'", "a"},
      {"amount_vnd > 1 AND (state = STATE_ACTIVE AND owner = 'a')", "a"},
      {"owner != 'a'", nullptr},
      {"owner >= 'a'", nullptr},
      {"NOT owner = 'a'", nullptr},
      {"owner = 'a' OR amount_vnd = 1", nullptr},
      {"", nullptr},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.filter);
    absl::StatusOr<Filter> filter = Parse(row.filter);
    ASSERT_OK(filter);
    absl::optional<std::string> owner = filter->RequiredValue("owner");
    EXPECT_EQ(owner.value_or("-"), row.owner == nullptr ? "-" : row.owner);
  }
}

// No bytes crash it, and none take long: every answer is a filter or a place.
TEST(FilterTest, AnyBytes) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  const char* parts[] = {"owner", "amount_vnd", "state", "=",  "!=",   "<",
                         "AND",   "OR",         "NOT",   "(",  ")",    "'a'",
                         "1",     " ",          "\"",    "\\", "\xff", "STATE_ACTIVE"};
  Reservation row = Row("owner: 'a' amount_vnd: 1");
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (uint64_t n = random() % 12; n > 0; --n) {
      text += parts[random() % std::size(parts)];
      if (random() % 2) text += " ";
    }
    absl::StatusOr<Filter> filter = Parse(text);
    if (filter.ok()) {
      filter->Matches(row);
    } else {
      EXPECT_EQ(Reason(filter), "FILTER") << text;
    }
  }
}

}  // namespace
}  // namespace nscl::resource
