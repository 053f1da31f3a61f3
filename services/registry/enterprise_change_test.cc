// What stands on other rows when an enterprise or its figures change: heads of branches, communes,
// clusters, former names, size classes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/resource/name.h"
#include "common/store/testing/fixture.h"
#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/cluster_service.grpc.pb.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "nscl/registry/v1/year_profile_service.grpc.pb.h"
#include "services/registry/store/tables.h"
#include "services/registry/testing/test_service.h"

namespace nscl::registry {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;
using ::testing::ElementsAre;
using EnterpriseStub = v1::EnterpriseService::Stub;

class EnterpriseChangeTest : public ::testing::Test {
 protected:
  // Creates an enterprise of 48, or of another province, over a good one.
  absl::StatusOr<v1::Enterprise> Create(const std::string& id, const std::string& over,
                                        const std::string& province = "48") {
    auto request = Parse<v1::CreateEnterpriseRequest>(
        "enterprise { display_name: 'Công ty TNHH An Bình' legal_kind: LEGAL_KIND_LLC1 "
        "vsic_section: 'C' }");
    request.set_parent("provinces/" + province);
    request.set_enterprise_id(id);
    request.mutable_enterprise()->set_tax_code(TaxCode(++codes_));
    request.MergeFrom(Parse<v1::CreateEnterpriseRequest>("enterprise { " + over + " }"));
    return test_.Call(&EnterpriseStub::CreateEnterprise, request);
  }
  absl::StatusOr<v1::Enterprise> Update(const std::string& id, const std::string& fields,
                                        const std::string& mask = "") {
    return test_.Call(
        &EnterpriseStub::UpdateEnterprise,
        Parse<v1::UpdateEnterpriseRequest>("enterprise { name: 'provinces/48/enterprises/" + id +
                                           "' " + fields + " } " + mask));
  }
  v1::Enterprise Get(const std::string& name) {
    v1::GetEnterpriseRequest request;
    request.set_name(name);
    absl::StatusOr<v1::Enterprise> enterprise = test_.Call(&EnterpriseStub::GetEnterprise, request);
    EXPECT_OK(enterprise);
    return enterprise.ok() ? *enterprise : v1::Enterprise();
  }
  absl::StatusOr<v1::YearProfile> Profile(const std::string& year, const std::string& figures) {
    return test_.Call(
        &v1::YearProfileService::Stub::UpdateYearProfile,
        Parse<v1::UpdateYearProfileRequest>(
            "allow_missing: true update_mask { paths: ['employees_tenths', 'revenue_vnd', "
            "'capital_vnd', 'months_operating', 'incomplete_reason'] } year_profile { name: "
            "'provinces/48/enterprises/a/yearProfiles/" +
            year + "' " + figures + " }"));
  }
  absl::StatusOr<v1::SizeClass> SizeClass(const std::string& year, const std::string& as_of = "") {
    return test_.Call(&EnterpriseStub::GetSizeClass,
                      Parse<v1::GetSizeClassRequest>(
                          "name: 'provinces/48/enterprises/a/sizeClasses/" + year + "' " + as_of));
  }
  // "MICRO 2024": the newest size class kept with the enterprise.
  std::string Latest() {
    const v1::Enterprise enterprise = Get("provinces/48/enterprises/a");
    return absl::StrCat(v1::Size_Name(enterprise.latest_size()).substr(5), " ",
                        enterprise.latest_size_year());
  }
  // "MICRO", or the reason of the refusal.
  static std::string SizeOf(const absl::StatusOr<v1::SizeClass>& size_class) {
    return size_class.ok() ? v1::Size_Name(size_class->size()).substr(5) : Reason(size_class);
  }
  int64_t Revision() { return test_.service().store().GetStatus().revision(); }

  // Puts an administrative unit as an import of communes would.
  void Unit(const std::string& text) {
    ASSERT_OK(test_.service().store().Run(
        store::CommandOf([&](store::Txn& txn) -> absl::StatusOr<std::string> {
          return Reason(tables_.admin_units.Insert(txn, Parse<v1::AdminUnit>(text)));
        })));
  }

  TestService test_;
  rows::Tables tables_;
  int codes_ = 100;
};

// REG-02.
TEST_F(EnterpriseChangeTest, ABranchStandsUnderItsHead) {
  EXPECT_EQ(Reason(Create("b", "tax_code: '5800123458-001'")), "BRANCH_WITHOUT_HEAD");
  EXPECT_THAT(Create("b", "tax_code: '5800123458-001'"), MetadataIs("head_tax_code", "5800123458"));
  test_.Enterprise("far", "5800123458", "01");
  ASSERT_OK_AND_ASSIGN(v1::Enterprise branch, Create("b", "tax_code: '5800123458-001'"));
  EXPECT_EQ(branch.head(), "provinces/01/enterprises/far");
  // One in its own province comes first.
  ASSERT_OK(Create("near", "tax_code: '5800123458'"));
  ASSERT_OK_AND_ASSIGN(branch, Create("c", "tax_code: '5800123458002'"));
  EXPECT_EQ(branch.head(), "provinces/48/enterprises/near");
  ASSERT_OK_AND_ASSIGN(branch, Create("d", "tax_code: '5800123458-001'", "56"));
  EXPECT_EQ(branch.head(), "provinces/01/enterprises/far");

  EXPECT_EQ(Reason(Update("b", "tax_code: '4001234569-001'")), "BRANCH_WITHOUT_HEAD");
  ASSERT_OK(Create("other", "tax_code: '4001234569'"));
  ASSERT_OK_AND_ASSIGN(branch, Update("b", "tax_code: '4001234569-001'"));
  EXPECT_EQ(branch.head(), "provinces/48/enterprises/other");
  ASSERT_OK_AND_ASSIGN(branch, Update("b", "tax_code: '0100047516'"));
  EXPECT_EQ(branch.head(), "");
  EXPECT_EQ(Reason(Create("e", "head: 'provinces/48/enterprises/near'")), "OUTPUT_ONLY");
}

TEST_F(EnterpriseChangeTest, HouseholdsGoWithoutATaxCode) {
  auto household = Parse<v1::CreateEnterpriseRequest>(
      "parent: 'provinces/48' enterprise { display_name: 'Hộ kinh doanh Hoa' legal_kind: "
      "LEGAL_KIND_HOUSEHOLD vsic_section: 'G' }");
  EXPECT_OK(test_.Call(&EnterpriseStub::CreateEnterprise, household));
  EXPECT_OK(test_.Call(&EnterpriseStub::CreateEnterprise, household));
  household.mutable_enterprise()->set_legal_kind(v1::Enterprise::LEGAL_KIND_LLC1);
  EXPECT_EQ(Reason(test_.Call(&EnterpriseStub::CreateEnterprise, household)), "TAX_CODE");
  household.mutable_enterprise()->set_tax_code("001099012345");
  const auto refused = test_.Call(&EnterpriseStub::CreateEnterprise, household);
  EXPECT_EQ(Reason(refused), "TAX_CODE");
  EXPECT_EQ(refused.status().ToString().find("001099012345"), std::string::npos);
}

TEST_F(EnterpriseChangeTest, ANewNameKeepsTheOldOne) {
  ASSERT_OK(Create("a", "display_name: 'Một'"));
  ASSERT_OK(Update("a", "address: '1 Lê Lợi'"));
  ASSERT_OK(Update("a", "display_name: 'Một'"));
  EXPECT_EQ(Get("provinces/48/enterprises/a").former_names_size(), 0);
  test_.clock().Advance(absl::Hours(1));
  ASSERT_OK(Update("a", "display_name: 'Hai'"));
  ASSERT_OK(Update("a", "display_name: 'Ba'"));
  const v1::Enterprise renamed = Get("provinces/48/enterprises/a");
  ASSERT_EQ(renamed.former_names_size(), 2);
  EXPECT_EQ(renamed.former_names(0).display_name(), "Một");
  EXPECT_EQ(renamed.former_names(1).display_name(), "Hai");
  EXPECT_GE(renamed.former_names(0).replace_time().seconds(),
            absl::ToUnixSeconds(test_.clock().Now()));
}

// REG-04. Without communes any five digits are taken; with them the code is one of the province on
// the day.
TEST_F(EnterpriseChangeTest, CommunesAreThoseOfTheProvinceOnTheDay) {
  ASSERT_OK(Create("before", "commune_code: '99999'"));
  Unit("name: 'adminUnits/48' forms { }");
  ASSERT_OK(Create("only-provinces", "commune_code: '99999'"));
  Unit(
      "name: 'adminUnits/20194' forms { parent_unit: 'adminUnits/48' valid_from { year: 2025 "
      "month: 7 day: 1 } }");
  Unit(
      "name: 'adminUnits/22741' forms { parent_unit: 'adminUnits/56' valid_from { year: 2025 "
      "month: 7 day: 1 } }");
  Unit(
      "name: 'adminUnits/490' forms { parent_unit: 'adminUnits/48' valid_to { year: 2025 month: 6 "
      "day: 30 } }");
  Unit(
      "name: 'adminUnits/20195' forms { parent_unit: 'adminUnits/490' valid_to { year: 2025 "
      "month: 6 day: 30 } }");
  const std::string kPlace = "business_locations { number: '00001' address: '1 Lê Lợi' ";
  struct {
    const char* what;
    const char* province;
    std::string over;
    const char *reason, *field;
  } rows[] = {
      {"its own", "48", "commune_code: '20194'", "OK", ""},
      {"none", "48", "", "OK", ""},
      {"unknown", "48", "commune_code: '99999'", "COMMUNE_UNKNOWN", "enterprise.commune_code"},
      {"another province's", "48", "commune_code: '22741'", "COMMUNE_PROVINCE",
       "enterprise.commune_code"},
      {"of before the merger", "48", "commune_code: '20195'", "COMMUNE_NOT_VALID",
       "enterprise.commune_code"},
      {"of the successor", "58", "commune_code: '22741'", "OK", ""},
      {"a location today", "48", kPlace + "commune_code: '20194' }", "OK", ""},
      {"a location of another province", "48", kPlace + "commune_code: '22741' }",
       "COMMUNE_PROVINCE", "enterprise.business_locations[0].commune_code"},
      {"a location of then", "48",
       kPlace + "commune_code: '20195' valid_from { year: 2024 month: 5 day: 1 } }", "OK", ""},
      {"a location of then with today's code", "48",
       kPlace + "commune_code: '20194' valid_from { year: 2024 month: 5 day: 1 } }",
       "COMMUNE_NOT_VALID", "enterprise.business_locations[0].commune_code"},
      {"a location that closed then", "48",
       kPlace + "commune_code: '20195' valid_to { year: 2024 month: 5 day: 1 } }", "OK", ""},
  };
  int id = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto created = Create(absl::StrCat("c", ++id), row.over, row.province);
    EXPECT_EQ(Reason(created), row.reason);
    if (!created.ok()) {
      EXPECT_THAT(created, FieldsAre(ElementsAre(row.field)));
    }
  }
  // What was taken before is not looked at again; what changes is.
  EXPECT_OK(Update("before", "address: '2 Lê Lợi'"));
  EXPECT_EQ(Reason(Update("before", "commune_code: '99998'")), "COMMUNE_UNKNOWN");
}

TEST_F(EnterpriseChangeTest, MembershipsAreOfClustersInTheirTime) {
  const auto cluster = [&](const std::string& province, const std::string& id) {
    EXPECT_OK(test_.CallAs(
        test_.As({"enterprise_clerk"}, {"*"}), &v1::ClusterService::Stub::CreateCluster,
        Parse<v1::CreateClusterRequest>(
            "parent: 'provinces/" + province + "' cluster_id: '" + id +
            "' cluster { display_name: 'Cà phê' kind: KIND_VALUE_CHAIN valid_from { year: 2024 "
            "month: 1 day: 1 } valid_to { year: 2025 month: 12 day: 31 } }")));
  };
  cluster("48", "c");
  cluster("56", "c");
  cluster("01", "c");
  struct {
    std::string membership;
    const char* reason;
  } rows[] = {
      {"cluster: 'provinces/48/clusters/c' role: 'Thu mua'", "OK"},
      {"cluster: 'provinces/56/clusters/c'", "OK"},
      {"cluster: 'provinces/48/clusters/none'", "CLUSTER_UNKNOWN"},
      {"cluster: 'provinces/01/clusters/c'", "SCOPE_DENIED"},
      {"cluster: 'provinces/01/clusters/none'", "SCOPE_DENIED"},
      {"cluster: 'provinces/48/clusters/c' valid_from { year: 2023 month: 12 day: 31 }",
       "CLUSTER_PERIOD"},
      {"cluster: 'provinces/48/clusters/c' valid_from { year: 2024 month: 1 day: 1 }", "OK"},
      {"cluster: 'provinces/48/clusters/c' valid_to { year: 2026 month: 1 day: 1 }",
       "CLUSTER_PERIOD"},
  };
  int id = 0;
  for (const auto& row : rows) {
    EXPECT_EQ(Reason(Create(absl::StrCat("m", ++id), "memberships { " + row.membership + " }")),
              row.reason)
        << row.membership;
  }
}

// REG-08. What a client read it may send back.
TEST_F(EnterpriseChangeTest, MarksStandOnTheirPapers) {
  ASSERT_OK_AND_ASSIGN(v1::Enterprise read, Create("a", "marks { kind: KIND_WOMEN_OWNED }"));
  EXPECT_EQ(read.marks(0).standing(), v1::Mark::STANDING_DECLARED);
  v1::UpdateEnterpriseRequest request;
  *request.mutable_enterprise() = read;
  request.mutable_enterprise()->mutable_marks(0)->mutable_evidence()->set_document_number("1/XN");
  ASSERT_OK_AND_ASSIGN(v1::Enterprise changed,
                       test_.Call(&EnterpriseStub::UpdateEnterprise, request));
  EXPECT_EQ(changed.marks(0).standing(), v1::Mark::STANDING_EVIDENCED);
  EXPECT_EQ(Reason(Create("b", "marks { kind: KIND_HIGH_TECH standing: STANDING_EVIDENCED }")),
            "OUTPUT_ONLY");
}

constexpr char kMicro[] = "employees_tenths: 50 capital_vnd: 1000000000 months_operating: 12";
constexpr char kSmall[] = "employees_tenths: 500 capital_vnd: 19000000000 months_operating: 12";

TEST_F(EnterpriseChangeTest, TheSizeIsKeptWithTheFigures) {
  ASSERT_OK(Create("a", ""));
  EXPECT_EQ(Latest(), "UNSPECIFIED 0");
  ASSERT_OK(Profile("2024", kSmall));
  EXPECT_EQ(Latest(), "SMALL 2024");
  ASSERT_OK(Profile("2023", kMicro));  // an older year
  EXPECT_EQ(Latest(), "SMALL 2024");
  ASSERT_OK(Profile("2025",
                    "employees_tenths: 50 months_operating: 12 incomplete_reason: "
                    "'chưa có báo cáo tài chính'"));
  EXPECT_EQ(Latest(), "SMALL 2024");
  EXPECT_EQ(SizeOf(SizeClass("2025")), "SIZE_INPUTS");
  ASSERT_OK(Profile("2025", kMicro));  // corrected
  EXPECT_EQ(Latest(), "MICRO 2025");
  ASSERT_OK(Profile("2025", "employees_tenths: 50 months_operating: 12 incomplete_reason: 'x'"));
  EXPECT_EQ(Latest(), "SMALL 2024");
  EXPECT_EQ(SizeOf(SizeClass("2025")), "SIZE_INPUTS");

  // Another sector, other limits: 50 people are SMALL in industry, and in trade.
  ASSERT_OK(
      Profile("2024", "employees_tenths: 1000 capital_vnd: 19000000000 months_operating: 12"));
  EXPECT_EQ(Latest(), "SMALL 2024");
  ASSERT_OK(Update("a", "vsic_section: 'G'"));
  EXPECT_EQ(Latest(), "MEDIUM 2024");
  EXPECT_EQ(SizeOf(SizeClass("2024")), "MEDIUM");
  EXPECT_EQ(Reason(Update("a", "latest_size: SIZE_MICRO")), "OUTPUT_ONLY");
}

TEST_F(EnterpriseChangeTest, TheSizeAsItWasKnown) {
  ASSERT_OK(Create("a", ""));
  const int64_t before = Revision();
  ASSERT_OK(Profile("2024", kMicro));
  const int64_t first = Revision();
  ASSERT_OK_AND_ASSIGN(v1::SizeClass kept, SizeClass("2024"));
  EXPECT_EQ(kept.revision(), first);
  EXPECT_EQ(kept.rule_version(), "ND80-2021");
  EXPECT_EQ(kept.tests(0).employees_tenths(), 50);
  EXPECT_EQ(kept.tests(0).capital_vnd(), 1'000'000'000);
  EXPECT_EQ(kept.compute_time().seconds(), absl::ToUnixSeconds(test_.clock().Now()));
  test_.clock().Advance(absl::Hours(24));
  ASSERT_OK(Profile("2024", kSmall));
  struct {
    std::string as_of;
    const char* size;
  } rows[] = {
      {"", "SMALL"},
      {absl::StrCat("as_of_revision: ", before), "YEAR_PROFILE_NOT_FOUND"},
      {absl::StrCat("as_of_revision: ", first), "MICRO"},
      {absl::StrCat("as_of_revision: ", Revision()), "SMALL"},
      {absl::StrCat("as_of_revision: ", Revision() + 1), "REVISION_AHEAD"},
      {"as_of_revision: -1", "NOT_FOUND"},
      {"as_of_on { year: 2026 month: 11 day: 21 }", "NOT_FOUND"},
      {"as_of_on { year: 2026 month: 11 day: 22 }", "MICRO"},
      {"as_of_on { year: 2026 month: 11 day: 23 }", "SMALL"},
      {"as_of_on { year: 2027 month: 1 day: 1 }", "SMALL"},
      {"as_of_on { year: 2027 month: 2 day: 30 }", "DATE"},
      {"as_of_revision: 1 as_of_on { year: 2027 month: 1 day: 1 }", "AS_OF"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(SizeOf(SizeClass("2024", row.as_of)), row.size) << row.as_of;
  ASSERT_OK_AND_ASSIGN(v1::SizeClass then,
                       SizeClass("2024", absl::StrCat("as_of_revision: ", first)));
  EXPECT_EQ(then.SerializeAsString(), kept.SerializeAsString());
}

}  // namespace
}  // namespace nscl::registry
