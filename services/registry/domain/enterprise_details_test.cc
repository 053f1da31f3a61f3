#include "services/registry/domain/enterprise_details.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

constexpr absl::CivilDay kToday(2026, 11, 22);

TEST(EnterpriseDetailsTest, EveryFieldIsChecked) {
  const std::string kPlace = "address: '1 Lê Lợi' ";
  const std::string kMember = "cluster: 'provinces/48/clusters/a' ";
  struct {
    const char* what;
    std::string text;
    const char *reason, *field;
  } rows[] = {
      {"location", "business_locations { number: '00001' " + kPlace + "}", "OK", ""},
      {"last location", "business_locations { number: '99999' " + kPlace + "}", "OK", ""},
      {"location zero", "business_locations { number: '00000' " + kPlace + "}", "LOCATION_NUMBER",
       "enterprise.business_locations[0].number"},
      {"short number", "business_locations { number: '1' " + kPlace + "}", "LOCATION_NUMBER",
       "enterprise.business_locations[0].number"},
      {"full-width number", "business_locations { number: '０００１' " + kPlace + "}",
       "LOCATION_NUMBER", "enterprise.business_locations[0].number"},
      {"location twice",
       "business_locations { number: '00001' " + kPlace +
           "} business_locations { number: '00001' " + kPlace + "}",
       "LOCATION_NUMBER", "enterprise.business_locations[1].number"},
      {"no address", "business_locations { number: '00001' }", "TEXT_LENGTH",
       "enterprise.business_locations[0].address"},
      {"commune", "business_locations { number: '00001' commune_code: '123' " + kPlace + "}",
       "COMMUNE_CODE", "enterprise.business_locations[0].commune_code"},
      {"ends before it begins",
       "business_locations { number: '00001' " + kPlace +
           "valid_from { year: 2025 month: 2 day: 1 } valid_to { year: 2025 month: 1 day: 31 } }",
       "PERIOD", "enterprise.business_locations[0].valid_to"},
      {"mark", "marks { kind: KIND_WOMEN_OWNED }", "OK", ""},
      {"mark without kind", "marks { }", "MARK_KIND", "enterprise.marks[0].kind"},
      {"unknown mark", "marks { kind: 99 }", "MARK_KIND", "enterprise.marks[0].kind"},
      {"mark twice", "marks { kind: KIND_HIGH_TECH } marks { kind: KIND_HIGH_TECH }", "MARK_KIND",
       "enterprise.marks[1].kind"},
      {"paper without number", "marks { kind: KIND_HIGH_TECH evidence { issuer: 'x' } }",
       "TEXT_LENGTH", "enterprise.marks[0].evidence.document_number"},
      {"paper of tomorrow",
       "marks { kind: KIND_HIGH_TECH evidence { document_number: '1' issued_on { year: 2026 month: "
       "11 day: 23 } } }",
       "DATE_FUTURE", "enterprise.marks[0].evidence.issued_on"},
      {"membership", "memberships { " + kMember + "}", "OK", ""},
      {"no cluster", "memberships { }", "CLUSTER_NAME", "enterprise.memberships[0].cluster"},
      {"another thing", "memberships { cluster: 'provinces/48/enterprises/a' }", "CLUSTER_NAME",
       "enterprise.memberships[0].cluster"},
      {"membership twice", "memberships { " + kMember + "} memberships { " + kMember + "}",
       "CLUSTER_NAME", "enterprise.memberships[1].cluster"},
      {"long role", "memberships { " + kMember + "role: '" + std::string(201, 'x') + "' }",
       "TEXT_LENGTH", "enterprise.memberships[0].role"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::Enterprise enterprise;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.text, &enterprise)) << row.text;
    status::Violations violations;
    NormaliseBusinessLocations(violations, enterprise);
    NormaliseMarks(violations, enterprise, kToday);
    NormaliseMemberships(violations, enterprise);
    const absl::Status status = violations.ToStatus();
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
}

// REG-08.
TEST(EnterpriseDetailsTest, AMarkWithoutAPaperIsOnlyDeclared) {
  v1::Enterprise enterprise;
  enterprise.add_marks()->set_kind(v1::Mark::KIND_WOMEN_OWNED);
  v1::Mark& shown = *enterprise.add_marks();
  shown.set_kind(v1::Mark::KIND_HIGH_TECH);
  shown.mutable_evidence()->set_document_number("12/GCN");
  status::Violations violations;
  NormaliseMarks(violations, enterprise, kToday);
  EXPECT_OK(violations.ToStatus());
  EXPECT_EQ(enterprise.marks(0).standing(), v1::Mark::STANDING_DECLARED);
  EXPECT_EQ(enterprise.marks(1).standing(), v1::Mark::STANDING_EVIDENCED);
  enterprise.mutable_marks(1)->clear_evidence();
  NormaliseMarks(violations, enterprise, kToday);
  EXPECT_EQ(enterprise.marks(1).standing(), v1::Mark::STANDING_DECLARED);
}

TEST(EnterpriseDetailsTest, NumbersAreBounded) {
  v1::Enterprise enterprise;
  for (int i = 0; i <= kMaxBusinessLocations; ++i) enterprise.add_business_locations();
  for (int i = 0; i <= kMaxMemberships; ++i) enterprise.add_memberships();
  status::Violations violations;
  NormaliseBusinessLocations(violations, enterprise);
  NormaliseMemberships(violations, enterprise);
  EXPECT_EQ(Reason(violations.ToStatus()), "TOO_MANY");
}

}  // namespace
}  // namespace nscl::registry::domain
