#include "services/registry/domain/size_class.h"

#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "common/catalogue/rows.h"
#include "common/testing/data_file.h"
#include "common/testing/status_matchers.h"
#include "services/registry/domain/sectors.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::Reason;
using ::nscl::testing::Refused;

constexpr char kCatalogue[] = NSCL_SOURCE_DIR "/deploy/catalogue";
constexpr int kYear = 2024;

SizeRules Shipped() {
  absl::StatusOr<SizeRules> rules = SizeRules::Load(kCatalogue);
  EXPECT_OK(rules);
  return *std::move(rules);
}

v1::Enterprise EnterpriseOf(v1::Sector sector) {
  v1::Enterprise enterprise;
  enterprise.set_sector(sector);
  return enterprise;
}

v1::YearProfile Profile(int64_t employees_tenths, absl::optional<int64_t> revenue,
                        absl::optional<int64_t> capital, int months = 12) {
  v1::YearProfile profile;
  profile.set_name("provinces/48/enterprises/e/yearProfiles/2024");
  profile.set_etag("\"1\"");
  profile.set_employees_tenths(employees_tenths);
  if (revenue.has_value()) profile.set_revenue_vnd(*revenue);
  if (capital.has_value()) profile.set_capital_vnd(*capital);
  profile.set_months_operating(months);
  return profile;
}

TEST(SizeClassTest, Vectors) {
  nlohmann::json file = testing::ReadJson("tests/data/sme_size_vectors.json");
  ASSERT_EQ(file["vectors"].size(), 14u);
  SizeRules rules = Shipped();
  for (const auto& row : file["vectors"]) {
    SCOPED_TRACE(row.dump());
    v1::Sector sector = SectorNamed(row["sector"].get<std::string>());
    absl::StatusOr<v1::SizeClass> size = Classify(
        EnterpriseOf(sector),
        Profile(row["si_employees_avg"].get<int64_t>() * 10, row["revenue_vnd"].get<int64_t>(),
                row["total_capital_vnd"].get<int64_t>()),
        kYear, rules);
    ASSERT_OK(size);
    EXPECT_EQ(v1::Size_Name(size->size()), "SIZE_" + row["expected"].get<std::string>());
  }
}

// The nine thresholds of the law, as the catalogue ships them.
TEST(SizeClassTest, ShippedThresholdsAreThoseOfTheLaw) {
  nlohmann::json file = testing::ReadJson("tests/data/sme_size_vectors.json");
  ASSERT_EQ(file["thresholds"].size(), 9u);
  SizeRules rules = Shipped();
  for (const auto& row : file["thresholds"]) {
    SCOPED_TRACE(row.dump());
    const SizeRule* rule =
        rules.ValidOn(SectorNamed(row["sector"].get<std::string>()), absl::CivilDay(2021, 10, 15));
    ASSERT_NE(rule, nullptr);
    const SizeLimits& limits = row["size"] == "MICRO"   ? rule->micro
                               : row["size"] == "SMALL" ? rule->small
                                                        : rule->medium;
    EXPECT_EQ(limits.max_employees, row["max_employees"].get<int64_t>());
    EXPECT_EQ(limits.max_revenue_vnd, row["max_revenue_vnd"].get<int64_t>());
    EXPECT_EQ(limits.max_capital_vnd, row["max_capital_vnd"].get<int64_t>());
  }
}

TEST(SizeClassTest, Edges) {
  constexpr int64_t kBillion = 1'000'000'000;
  v1::Enterprise old = EnterpriseOf(v1::SECTOR_INDUSTRY_CONSTRUCTION);
  old.mutable_established_on()->set_year(2020);
  v1::Enterprise young = old;
  young.mutable_established_on()->set_year(kYear);
  v1::Enterprise unknown = EnterpriseOf(v1::SECTOR_INDUSTRY_CONSTRUCTION);
  SizeRules rules = Shipped();
  struct {
    const char* what;
    const v1::Enterprise& enterprise;
    v1::YearProfile profile;
    const char* size;  // or the refusal
  } rows[] = {
      {"a tenth of a person too many", old, Profile(101, 0, 0), "SIZE_SMALL"},
      {"exactly ten persons", old, Profile(100, 0, 0), "SIZE_MICRO"},
      {"nobody", old, Profile(0, 0, 0), "SIZE_MICRO"},
      {"revenue only", old, Profile(100, 3 * kBillion, {}), "SIZE_MICRO"},
      {"revenue only, too high", old, Profile(100, 3 * kBillion + 1, {}), "SIZE_SMALL"},
      {"capital only", old, Profile(100, {}, 3 * kBillion), "SIZE_MICRO"},
      {"first year: the low revenue is not used", young, Profile(100, 1, 4 * kBillion, 5),
       "SIZE_SMALL"},
      {"first year, whole", young, Profile(100, 1, 4 * kBillion, 12), "SIZE_MICRO"},
      {"a later year with a break: the revenue is used", old, Profile(100, 1, 4 * kBillion, 5),
       "SIZE_MICRO"},
      {"age not known, months missing", unknown, Profile(100, 1, 4 * kBillion, 5), "SIZE_SMALL"},
      {"first year without capital", young, Profile(100, 1, {}, 5), "SIZE_INPUTS"},
      {"nothing", old, Profile(100, {}, {}), "SIZE_INPUTS"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    absl::StatusOr<v1::SizeClass> size = Classify(row.enterprise, row.profile, kYear, rules);
    EXPECT_EQ(size.ok() ? v1::Size_Name(size->size()) : Reason(size), row.size);
  }
}

TEST(SizeClassTest, SaysWhy) {
  absl::StatusOr<v1::SizeClass> size =
      Classify(EnterpriseOf(v1::SECTOR_TRADE_SERVICES), Profile(505, 20'000'000'000, absl::nullopt),
               kYear, Shipped());
  ASSERT_OK(size);
  EXPECT_EQ(size->size(), v1::SIZE_MEDIUM);
  EXPECT_EQ(size->sector(), v1::SECTOR_TRADE_SERVICES);
  EXPECT_EQ(size->rule_version(), "ND80-2021");
  EXPECT_EQ(size->legal_basis(), "Nghị định 80/2021/NĐ-CP Điều 5");
  EXPECT_EQ(size->year_profile_etag(), "\"1\"");
  ASSERT_EQ(size->tests_size(), 3);
  struct {
    v1::Size size;
    int64_t employees, revenue, capital;
    bool holds;
  } tests[] = {
      {v1::SIZE_MICRO, 10, 10'000'000'000, 3'000'000'000, false},
      {v1::SIZE_SMALL, 50, 100'000'000'000, 50'000'000'000, false},
      {v1::SIZE_MEDIUM, 100, 300'000'000'000, 100'000'000'000, true},
  };
  for (int i = 0; i < 3; ++i) {
    const v1::SizeTest& test = size->tests(i);
    EXPECT_EQ(test.size(), tests[i].size);
    EXPECT_EQ(test.employees_tenths(), 505);
    EXPECT_EQ(test.max_employees(), tests[i].employees);
    EXPECT_EQ(test.revenue_vnd(), 20'000'000'000);
    EXPECT_EQ(test.max_revenue_vnd(), tests[i].revenue);
    EXPECT_FALSE(test.has_capital_vnd());
    EXPECT_EQ(test.max_capital_vnd(), tests[i].capital);
    EXPECT_EQ(test.holds(), tests[i].holds);
  }
}

TEST(SizeClassTest, TheRuleIsThatOfTheYear) {
  SizeRules rules = Shipped();
  v1::Enterprise enterprise = EnterpriseOf(v1::SECTOR_TRADE_SERVICES);
  v1::YearProfile profile = Profile(10, 1, 1);
  EXPECT_THAT(Classify(enterprise, profile, 2020, rules),
              Refused(absl::StatusCode::kFailedPrecondition, "NO_SIZE_RULE"));
  EXPECT_OK(Classify(enterprise, profile, 2021, rules));
  EXPECT_EQ(Reason(Classify(EnterpriseOf(v1::SECTOR_UNSPECIFIED), profile, 2024, rules)),
            "NO_SIZE_RULE");
}

TEST(SizeRulesTest, AFileThatCannotBeTrustedIsRefused) {
  absl::StatusOr<std::string> shipped = catalogue::ReadFile(kCatalogue, "sme_thresholds.json");
  ASSERT_OK(shipped);
  ASSERT_OK(SizeRules::Parse(*shipped));
  const char* replacements[][2] = {
      {"\"size\": \"MEDIUM\"", "\"size\": \"LARGE\""},
      {"\"size\": \"MEDIUM\"", "\"size\": \"SMALL\""},  // SMALL twice on one day
      {"\"AGRI_FORESTRY_FISHERY\"", "\"AGRICULTURE\""},
      {"\"max_employees\": 10,", "\"max_employees\": 0,"},
      {"\"max_employees\": 10,", "\"max_employees\": 10.5,"},
      {"\"max_revenue_vnd\": 3000000000,", ""},
  };
  for (const auto& replacement : replacements) {
    std::string bad = absl::StrReplaceAll(*shipped, {{replacement[0], replacement[1]}});
    ASSERT_NE(bad, *shipped) << replacement[0];
    EXPECT_EQ(Reason(SizeRules::Parse(bad)), "CATALOGUE") << replacement[1];
  }
  // A sector that lacks a size.
  std::string lacking = *shipped;
  size_t medium = lacking.find("\"size\": \"MEDIUM\"");
  size_t begin = lacking.rfind('{', medium), end = lacking.find("},", medium) + 2;
  lacking.erase(begin, end - begin);
  EXPECT_EQ(Reason(SizeRules::Parse(lacking)), "CATALOGUE");
}

}  // namespace
}  // namespace nscl::registry::domain
