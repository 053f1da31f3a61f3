#include "services/registry/domain/traceability_record.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

constexpr absl::CivilDay kToday(2026, 11, 22);

TEST(TraceabilityRecordTest, EveryFieldIsChecked) {
  struct {
    const char* what;
    std::string text;
    const char *reason, *field;
  } rows[] = {
      {"nothing yet", "", "OK", ""},
      {"prefix", "company_prefix: '893456789'", "OK", ""},
      {"prefix of 11", "company_prefix: '89345678901'", "COMPANY_PREFIX",
       "traceability_record.company_prefix"},
      {"gln", "gln: '8936012345674'", "OK", ""},
      {"check digit", "gln: '8936012345675'", "GLN", "traceability_record.gln"},
      {"gln of 12", "gln: '036000291452'", "GLN", "traceability_record.gln"},
      {"product of another", "product: 'provinces/48/enterprises/b/products/p'", "REFERENCE",
       "traceability_record.product"},
      {"long portal id", "portal_id: '" + std::string(101, 'x') + "'", "TEXT_LENGTH",
       "traceability_record.portal_id"},
      {"applied tomorrow", "applied_on { year: 2026 month: 11 day: 23 }", "DATE_FUTURE",
       "traceability_record.applied_on"},
      {"granted before it was applied for",
       "applied_on { year: 2026 month: 5 day: 2 } granted_on { year: 2026 month: 5 day: 1 }",
       "PERIOD", "traceability_record.granted_on"},
      {"paper without number", "evidence { }", "TEXT_LENGTH",
       "traceability_record.evidence.document_number"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::TraceabilityRecord record;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.text, &record)) << row.text;
    record.set_name("provinces/48/enterprises/a/traceabilityRecords/r");
    const absl::Status status = NormaliseTraceabilityRecord(record, nullptr, kToday);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
}

}  // namespace
}  // namespace nscl::registry::domain
