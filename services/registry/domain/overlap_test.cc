#include "services/registry/domain/overlap.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

using Day = absl::CivilDay;

constexpr char kCatalogue[] = NSCL_SOURCE_DIR "/deploy/catalogue";

template <typename M>
M Parse(const std::string& text) {
  M message;
  // What stands after a bar is written over what stands before it.
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(text, '|'))) {
    EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(part, &message)) << text;
  }
  return message;
}

OverlapRule Rule() {
  absl::StatusOr<OverlapRules> rules = OverlapRules::Load(kCatalogue);
  EXPECT_OK(rules);
  return rules->On(Day(2026, 1, 1)).value();
}

// A management system ISO 9001 for the enterprise, 01/03/2024 to 31/08/2024.
v1::SupportRecord Given(const std::string& over = "") {
  return Parse<v1::SupportRecord>(
      "name: 'provinces/48/enterprises/a/supportRecords/r' programme: 'OTHER' "
      "sector_unit: 'Sở Công Thương' content: 'MANAGEMENT_SYSTEM' solution: 'ISO 9001:2015' "
      "starts_on { year: 2024 month: 3 day: 1 } ends_on { year: 2024 month: 8 day: 31 }|" +
      over);
}

AskedSupport Asked(Day from = Day(2024, 6, 1), Day to = Day(2024, 12, 31)) {
  return {.content = "MANAGEMENT_SYSTEM",
          .solution = "ISO 9001:2015",
          .product = "",
          .starts_on = from,
          .ends_on = to,
          .except_support_case = ""};
}

std::string VerdictOf(const AskedSupport& asked, const GivenSupport& given) {
  const v1::CheckOverlapResponse response = CheckOverlap(asked, {given}, Rule());
  EXPECT_EQ(response.overlaps_size(),
            response.verdict() == v1::CheckOverlapResponse::VERDICT_NONE ? 0 : 1);
  EXPECT_EQ(response.legal_basis(), "Thông tư 35/2021/TT-BTC Điều 11.2");
  return v1::CheckOverlapResponse::Verdict_Name(response.verdict()).substr(8);
}

TEST(OverlapTest, TheSameIsADuplicateTheRestOfTheFamilyIsRelated) {
  struct {
    const char* what;
    const char *content, *solution, *product;  // asked
    const char* given;                         // over the record
    const char* given_product;
    const char* verdict;
  } rows[] = {
      {"the same", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "", "", "", "DUPLICATE"},
      {"the same, written otherwise", "MANAGEMENT_SYSTEM", "iso  9001: 2015", "", "", "",
       "DUPLICATE"},
      {"another family", "TRACEABILITY", "ISO 9001:2015", "", "", "", "NONE"},
      {"another solution", "MANAGEMENT_SYSTEM", "ISO 14001:2015", "", "", "", "RELATED"},
      {"any solution asked", "MANAGEMENT_SYSTEM", "", "", "", "", "DUPLICATE"},
      {"solution not known", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "", "solution: ''", "",
       "DUPLICATE"},
      {"neither solution known", "MANAGEMENT_SYSTEM", "", "", "solution: ''", "", "DUPLICATE"},
      {"for a product", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "p", "", "", "RELATED"},
      {"given for a product", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "", "", "p", "RELATED"},
      {"the same product", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "p", "", "p", "DUPLICATE"},
      {"another product", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "p", "", "q", "RELATED"},
      {"cancelled", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "", "cancelled: true", "", "NONE"},
      {"of a case", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "",
       "support_case: 'provinces/48/supportCases/b'", "", "DUPLICATE"},
      {"of the excepted case", "MANAGEMENT_SYSTEM", "ISO 9001:2015", "",
       "support_case: 'provinces/48/supportCases/c'", "", "NONE"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    AskedSupport asked = Asked();
    asked.content = row.content;
    asked.solution = row.solution;
    asked.product = row.product;
    asked.except_support_case = "provinces/48/supportCases/c";
    EXPECT_EQ(VerdictOf(asked, {Given(row.given), row.given_product}), row.verdict);
  }
  // No case excepted: records by hand, which have none, count.
  EXPECT_EQ(VerdictOf(Asked(), {Given(), ""}), "DUPLICATE");
}

TEST(OverlapTest, TheEdgesOfThePeriods) {
  struct {
    const char* what;
    Day from, to;
    bool given_open;
    const char* verdict;
  } rows[] = {
      {"ends the day before", Day(2024, 1, 1), Day(2024, 2, 29), false, "RELATED"},
      {"ends on the first day", Day(2024, 1, 1), Day(2024, 3, 1), false, "DUPLICATE"},
      {"begins on the last day", Day(2024, 8, 31), Day(2024, 12, 31), false, "DUPLICATE"},
      {"begins the day after", Day(2024, 9, 1), Day(2024, 12, 31), false, "RELATED"},
      {"open, from the day after", Day(2024, 9, 1), Day::max(), false, "RELATED"},
      {"open, from before", Day(2023, 1, 1), Day::max(), false, "DUPLICATE"},
      {"within it", Day(2024, 4, 1), Day(2024, 4, 1), false, "DUPLICATE"},
      {"given without end", Day(2030, 1, 1), Day(2030, 1, 1), true, "DUPLICATE"},
      {"given without end, ends before", Day(2024, 1, 1), Day(2024, 2, 29), true, "RELATED"},
      {"both without end", Day(2030, 1, 1), Day::max(), true, "DUPLICATE"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::SupportRecord given = Given();
    if (row.given_open) given.clear_ends_on();
    EXPECT_EQ(VerdictOf(Asked(row.from, row.to), {given, ""}), row.verdict);
  }
}

TEST(OverlapTest, TheRowsSayWhyGravestFirstThenNewest) {
  const std::vector<GivenSupport> given = {
      {Given("name: 'old' starts_on { year: 2020 } ends_on { year: 2020 }"), ""},
      {Given("name: 'other' solution: 'ISO 14001:2015'"), ""},
      {Given("name: 'b'"), ""},
      {Given("name: 'a'"), ""},
      {Given("name: 'newer' starts_on { month: 5 }"), ""},
  };
  const v1::CheckOverlapResponse response = CheckOverlap(Asked(), given, Rule());
  EXPECT_EQ(response.verdict(), v1::CheckOverlapResponse::VERDICT_DUPLICATE);
  std::string names;
  for (const v1::Overlap& overlap : response.overlaps()) names += overlap.record().name() + " ";
  EXPECT_EQ(names, "newer a b other old ");
  EXPECT_EQ(response.overlaps(0).reason(),
            "the same content, the same solution for the same product in the same time: Sở Công "
            "Thương, programme OTHER, 2024-05-01 to 2024-08-31");
  EXPECT_EQ(response.overlaps(4).reason_vi(),
            "cùng nội dung, thời gian khác: Sở Công Thương, chương trình OTHER, từ 01/03/2020 đến "
            "31/08/2020");
  v1::SupportRecord open = Given("solution: 'ISO 14001:2015'");
  open.clear_ends_on();
  const v1::Overlap both =
      CheckOverlap(Asked(Day(2020, 1, 1), Day(2020, 1, 1)), {{open, "p"}}, Rule()).overlaps(0);
  EXPECT_EQ(both.reason(),
            "the same content, another solution; one is for a product, the other for the "
            "enterprise; another time: Sở Công Thương, programme OTHER, 2024-03-01 to open");
  EXPECT_EQ(both.reason_vi(),
            "cùng nội dung, giải pháp khác; một bên hỗ trợ cho sản phẩm, một bên cho cả doanh "
            "nghiệp; thời gian khác: Sở Công Thương, chương trình OTHER, từ 01/03/2024 đến nay "
            "chưa kết thúc");
}

TEST(OverlapTest, WhatIsGivenWithinTheCallersRightsIsRead) {
  ASSERT_OK_AND_ASSIGN(auto contents, catalogue::SupportContents::Load(kCatalogue));
  auto request = Parse<v1::CheckOverlapRequest>(
      "content: 'TRACEABILITY' starts_on { year: 2024 month: 2 day: 29 }");
  ASSERT_OK_AND_ASSIGN(AskedSupport asked, ReadAsked(request, contents));
  EXPECT_EQ(asked.starts_on, Day(2024, 2, 29));
  EXPECT_EQ(asked.ends_on, Day::max());
  struct {
    const char *over, *reason, *field;
  } rows[] = {
      {"content: 'X'", "CONTENT_FAMILY", "content"},
      {"solution: '\\001'", "INVALID_TEXT", "solution"},
      {"starts_on { day: 30 }", "DATE", "starts_on"},
      {"ends_on { year: 2024 month: 2 day: 28 }", "PERIOD", "starts_on"},
      {"except_support_case: 'a'", "RESOURCE_NAME", "except_support_case"},
  };
  for (const auto& row : rows) {
    auto bad = request;
    bad.MergeFrom(Parse<v1::CheckOverlapRequest>(row.over));
    EXPECT_EQ(Reason(ReadAsked(bad, contents)), row.reason) << row.over;
    EXPECT_THAT(ReadAsked(bad, contents), FieldsAre(::testing::ElementsAre(row.field)));
  }
}

TEST(OverlapTest, TheRuleIsThatOfTheDay) {
  ASSERT_OK_AND_ASSIGN(OverlapRules shipped, OverlapRules::Load(kCatalogue));
  EXPECT_FALSE(shipped.On(Day(2021, 7, 4)).has_value());
  EXPECT_TRUE(shipped.On(Day(2021, 7, 5)).has_value());
  const auto file = [](const std::string& rows) {
    return R"({"schema": "nscl.catalogue.support_overlap.v1", "source": "x", "rows": [)" + rows +
           "]}";
  };
  const auto row = [](const std::string& difference, const std::string& verdict,
                      const std::string& to = "null") {
    return R"({"difference": ")" + difference + R"(", "verdict": ")" + verdict +
           R"(", "valid_from": null, "valid_to": )" + to +
           R"(, "legal_basis": "x", "confidence": "L"})";
  };
  EXPECT_OK(OverlapRules::Parse(file(row("NONE", "DUPLICATE"))));
  EXPECT_EQ(Reason(OverlapRules::Parse(file(row("NEVER", "DUPLICATE")))), "CATALOGUE");
  EXPECT_EQ(Reason(OverlapRules::Parse(file(row("NONE", "GRAVE")))), "CATALOGUE");
  EXPECT_EQ(Reason(OverlapRules::Parse(file(row("NONE", "UNSPECIFIED")))), "CATALOGUE");
  EXPECT_EQ(Reason(OverlapRules::Parse(file(row("NONE", "NONE") + "," + row("NONE", "RELATED")))),
            "CATALOGUE");
  // A difference of which no rule speaks leaves the day without a rule.
  ASSERT_OK_AND_ASSIGN(OverlapRules partial, OverlapRules::Parse(file(row("NONE", "DUPLICATE"))));
  EXPECT_FALSE(partial.On(Day(2026, 1, 1)).has_value());
}

}  // namespace
}  // namespace nscl::registry::domain
