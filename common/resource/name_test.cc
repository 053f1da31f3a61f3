#include "common/resource/name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::resource {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;
using ::testing::ElementsAre;

std::string Joined(const absl::StatusOr<Ids>& ids) {
  if (!ids.ok()) return Reason(ids);
  std::string joined;
  for (absl::string_view id : *ids) absl::StrAppend(&joined, joined.empty() ? "" : " ", id);
  return joined;
}

TEST(NameTest, FitsItsPatternOrIsRefused) {
  NamePattern cases("provinces/{province}/supportCases/{support_case}");
  NamePattern years("provinces/{province}/enterprises/{enterprise}/yearProfiles/{year}");
  std::string longest(63, 'x');
  struct {
    const NamePattern& pattern;
    std::string name;
    std::string ids;         // as a name
    std::string parent_ids;  // where wildcards are taken
  } rows[] = {
      {cases, "provinces/48/supportCases/01hx", "48 01hx", "48 01hx"},
      {cases, "provinces/48/supportCases/3.c.u1", "48 3.c.u1", "48 3.c.u1"},
      {cases, "provinces/48/supportCases/" + longest, "48 " + longest, "48 " + longest},
      {cases, "provinces/48/supportCases/" + longest + "x", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/-/supportCases/a", "RESOURCE_NAME", "- a"},
      {cases, "provinces/48/supportCases/-", "RESOURCE_NAME", "48 -"},
      {cases, "provinces/48/supportCases/-a", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/48/supportCases/..", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/48/supportCases/", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/48/supportCases", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/48/supportCases/a/", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/48/supportCases/a/b", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "/provinces/48/supportCases/a", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/48/plans/a", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/4/supportCases/a", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/480/supportCases/a", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/4x/supportCases/a", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/48/supportCases/đ", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, std::string("provinces/48/supportCases/a\0b", 28), "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "provinces/48/supportCases/a%2fb", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, "", "RESOURCE_NAME", "RESOURCE_NAME"},
      {cases, std::string(100'000, '/'), "RESOURCE_NAME", "RESOURCE_NAME"},
      {years, "provinces/58/enterprises/e/yearProfiles/2024", "58 e 2024", "58 e 2024"},
      {years, "provinces/58/enterprises/e/yearProfiles/24", "RESOURCE_NAME", "RESOURCE_NAME"},
      {years, "provinces/58/enterprises/e/yearProfiles/20x4", "RESOURCE_NAME", "RESOURCE_NAME"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name.substr(0, 80));
    EXPECT_EQ(Joined(row.pattern.Parse(row.name)), row.ids);
    EXPECT_EQ(Joined(row.pattern.ParseParent(row.name)), row.parent_ids);
    EXPECT_EQ(row.pattern.Matches(row.name), row.ids != "RESOURCE_NAME");
  }
}

TEST(NameTest, RefusalNamesFieldAndPatternAndIsPrintable) {
  NamePattern provinces("provinces/{province}");
  absl::Status status = provinces.Parse("prov\n\xff", "enterprise.name").status();
  EXPECT_THAT(status, FieldsAre(ElementsAre("enterprise.name")));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("prov??"));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("provinces/{province}"));
  EXPECT_LT(provinces.Parse(std::string(100'000, 'x')).status().message().size(), 400u);
}

TEST(NameTest, FormatsWhatItParses) {
  NamePattern years("provinces/{province}/enterprises/{enterprise}/yearProfiles/{year}");
  EXPECT_EQ(years.Format({"58", "e", "2024"}), "provinces/58/enterprises/e/yearProfiles/2024");
  EXPECT_EQ(years.ids(), 3u);
}

TEST(NameTest, Parts) {
  struct {
    const char *name, *province, *parent, *last;
  } rows[] = {
      {"provinces/48", "48", "", "48"},
      {"provinces/48/plans/p", "48", "provinces/48", "p"},
      {"provinces/48/plans/p/lines/I-1", "48", "provinces/48/plans/p", "I-1"},
      {"adminUnits/56", "", "", "56"},
      {"", "", "", ""},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(std::string(ProvinceOf(row.name)), row.province);
    EXPECT_EQ(std::string(ParentOf(row.name)), row.parent);
    EXPECT_EQ(std::string(LastIdOf(row.name)), row.last);
  }
}

TEST(NameTest, IdsAskedForByClients) {
  for (const char* good : {"a", "A-1", "3.c.u1", "0"}) {
    EXPECT_EQ(Reason(CheckId(good, "enterprise_id")), "OK") << good;
  }
  for (const char* bad : {"", "-", ".", "-a", "a b", "a/b", "đ", "a_b"}) {
    EXPECT_EQ(Reason(CheckId(bad, "enterprise_id")), "RESOURCE_ID") << bad;
  }
}

}  // namespace
}  // namespace nscl::resource
