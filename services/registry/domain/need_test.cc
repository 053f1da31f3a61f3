#include "services/registry/domain/need.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;
using v1::Need;

constexpr char kCatalogue[] = NSCL_SOURCE_DIR "/deploy/catalogue";
constexpr absl::CivilDay kToday(2026, 11, 22);

Need Parse(const std::string& text) {
  Need need;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &need)) << text;
  return need;
}

TEST(NeedTest, EveryFieldIsChecked) {
  ASSERT_OK_AND_ASSIGN(auto contents, catalogue::SupportContents::Load(kCatalogue));
  const std::string kGood =
      "enterprise: 'provinces/48/enterprises/a' content: 'TRACEABILITY' year: 2027 quantity: 1 "
      "proposed_by: 'provinces/48/organisations/x' "
      "proposed_on { year: 2026 month: 11 day: 22 } ";
  struct {
    const char* what;
    std::string over;
    const char *reason, *field;
  } rows[] = {
      {"good", "", "OK", ""},
      {"enterprise's name", "enterprise: 'a'", "RESOURCE_NAME", "need.enterprise"},
      {"neither", "enterprise: ''", "TEXT_LENGTH", "need.enterprise_name"},
      {"not registered", "enterprise: '' enterprise_name: 'Cơ sở Một'", "OK", ""},
      {"both", "enterprise_name: 'Cơ sở Một'", "ENTERPRISE_NAME", "need.enterprise_name"},
      {"long name", "enterprise: '' enterprise_name: '" + std::string(501, 'x') + "'",
       "TEXT_LENGTH", "need.enterprise_name"},
      {"content", "content: ''", "CONTENT_FAMILY", "need.content"},
      {"content's first year", "year: 2021", "OK", ""},
      {"content before its year", "year: 2020", "CONTENT_FAMILY", "need.content"},
      {"last year", "year: 2200", "OK", ""},
      {"after the last year", "year: 2201", "YEAR_RANGE", "need.year"},
      {"none", "quantity: 0", "QUANTITY_RANGE", "need.quantity"},
      {"most", "quantity: 1000000", "OK", ""},
      {"too many", "quantity: 1000001", "QUANTITY_RANGE", "need.quantity"},
      {"nobody", "proposed_by: ''", "RESOURCE_NAME", "need.proposed_by"},
      {"tomorrow", "proposed_on { day: 23 }", "DATE_FUTURE", "need.proposed_on"},
      {"no day", "proposed_on { day: 31 }", "DATE", "need.proposed_on"},
      {"note", "note: 'a\\nb'", "OK", ""},
      {"long note", "note: '" + std::string(2'001, 'x') + "'", "TEXT_LENGTH", "need.note"},
      {"solution", "solution: '" + std::string(101, 'x') + "'", "TEXT_LENGTH", "need.solution"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    Need need = Parse(kGood);
    ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(row.over, &need)) << row.over;
    const absl::Status status = NormaliseNeed(need, nullptr, kToday, contents);
    EXPECT_EQ(Reason(status), row.reason);
    if (*row.field != '\0') {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
    EXPECT_EQ(need.state(), Need::STATE_PROPOSED);
  }
}

TEST(NeedTest, OnlyProposedNeedsAreDecided) {
  for (Need::State state :
       {Need::STATE_PROPOSED, Need::STATE_ACCEPTED, Need::STATE_DECLINED, Need::STATE_WITHDRAWN}) {
    for (Need::State decided :
         {Need::STATE_ACCEPTED, Need::STATE_DECLINED, Need::STATE_WITHDRAWN}) {
      Need current = Parse("name: 'n'");
      current.set_state(state);
      const absl::StatusOr<Need> next = Decide(current, decided, "vì");
      if (state == Need::STATE_PROPOSED) {
        ASSERT_OK(next);
        EXPECT_EQ(next->state(), decided);
        EXPECT_EQ(next->decision_reason(), "vì");
        continue;
      }
      EXPECT_EQ(Reason(next), "NEED_STATE");
      EXPECT_THAT(next, MetadataIs("state", Need::State_Name(state)));
    }
  }
}

TEST(NeedTest, ReasonsOfActs) {
  EXPECT_EQ(Reason(CleanReason("", /*required=*/false)), "OK");
  EXPECT_EQ(Reason(CleanReason(" ", /*required=*/true)), "TEXT_LENGTH");
  EXPECT_EQ(Reason(CleanReason(std::string(1'000, 'x'), /*required=*/true)), "OK");
  EXPECT_EQ(Reason(CleanReason(std::string(1'001, 'x'), /*required=*/false)), "TEXT_LENGTH");
}

TEST(NeedTest, SumsByEveryKey) {
  const struct {
    const char *need, *enterprise, *province;
  } needs[] = {
      {"year: 2026 content: 'A' solution: '5S' quantity: 2 proposed_by: 'x'", "e", "48"},
      {"year: 2026 content: 'A' quantity: 3 proposed_by: 'y'", "e", "56"},
      {"year: 2026 content: 'B' solution: '5S' quantity: 4 proposed_by: 'x'", "f", "48"},
      {"year: 2027 content: 'A' quantity: 1000000 proposed_by: 'x'", "f", "48"},
  };
  const struct {
    v1::SummarizeNeedsRequest::GroupBy group_by;
    const char* rows;
  } rows[] = {
      {v1::SummarizeNeedsRequest::GROUP_BY_CONTENT,
       "2026/A:2/1/5 2026/B:1/1/4 2027/A:1/1/1000000 "},
      {v1::SummarizeNeedsRequest::GROUP_BY_SOLUTION,
       "2026/:1/1/3 2026/5S:2/2/6 2027/:1/1/1000000 "},
      {v1::SummarizeNeedsRequest::GROUP_BY_ORGANISATION,
       "2026/x:2/2/6 2026/y:1/1/3 2027/x:1/1/1000000 "},
      {v1::SummarizeNeedsRequest::GROUP_BY_PROVINCE,
       "2026/48:2/2/6 2026/56:1/1/3 2027/48:1/1/1000000 "},
  };
  for (const auto& row : rows) {
    NeedSums sums(row.group_by);
    for (const auto& need : needs) sums.Add(Parse(need.need), need.enterprise, need.province);
    std::string shown;
    const v1::SummarizeNeedsResponse response = sums.Rows();
    for (const v1::NeedSummary& sum : response.rows()) {
      shown += std::to_string(sum.year()) + "/" + sum.key() + ":" +
               std::to_string(sum.need_count()) + "/" + std::to_string(sum.enterprise_count()) +
               "/" + std::to_string(sum.quantity()) + " ";
    }
    EXPECT_EQ(shown, row.rows);
  }
}

TEST(NeedTest, WhatCounts) {
  const struct {
    const char* need;
    int year;
    bool counts;
  } rows[] = {
      {"state: STATE_PROPOSED year: 2026", 2026, true},
      {"state: STATE_ACCEPTED year: 2026", 2026, true},
      {"state: STATE_ACCEPTED year: 2026", 0, true},
      {"state: STATE_ACCEPTED year: 2026", 2027, false},
      {"state: STATE_DECLINED year: 2026", 2026, false},
      {"state: STATE_WITHDRAWN year: 2026", 0, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(NeedSums::Counts(Parse(row.need), row.year), row.counts) << row.need << row.year;
  }
  EXPECT_EQ(KeyOfUnregistered("Cơ sở  ĐỨC Phát"), KeyOfUnregistered("co so duc phat"));
  EXPECT_NE(KeyOfUnregistered("Cơ sở Một"), KeyOfUnregistered("Cơ sở Hai"));
}

}  // namespace
}  // namespace nscl::registry::domain
