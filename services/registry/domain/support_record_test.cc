#include "services/registry/domain/support_record.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

constexpr char kCatalogue[] = NSCL_SOURCE_DIR "/deploy/catalogue";
constexpr absl::CivilDay kToday(2026, 11, 22);

TEST(SupportRecordTest, EveryFieldIsChecked) {
  ASSERT_OK_AND_ASSIGN(auto contents, catalogue::SupportContents::Load(kCatalogue));
  ASSERT_OK_AND_ASSIGN(auto sources, catalogue::FundingSources::Load(kCatalogue));
  const std::string kGood =
      "programme: 'NSCL_1322' sector_unit: 'Sở KH&CN' content: 'TRACEABILITY' "
      "starts_on { year: 2024 month: 2 day: 29 } origin: ORIGIN_ENTERED ";
  struct {
    const char* what;
    std::string over;
    const char *reason, *field;
  } rows[] = {
      {"good", "", "OK", ""},
      {"before the programme", "starts_on { year: 2010 month: 2 day: 1 }", "OK", ""},
      {"no programme", "programme: ' '", "TEXT_LENGTH", "support_record.programme"},
      {"no unit", "sector_unit: ''", "TEXT_LENGTH", "support_record.sector_unit"},
      {"content", "content: 'X'", "CONTENT_FAMILY", "support_record.content"},
      {"long solution", "solution: '" + std::string(101, 'x') + "'", "TEXT_LENGTH",
       "support_record.solution"},
      {"no such day", "starts_on { month: 2 day: 30 }", "DATE", "support_record.starts_on"},
      {"ends as it starts", "ends_on { year: 2024 month: 2 day: 29 }", "OK", ""},
      {"ends before", "ends_on { year: 2024 month: 2 day: 28 }", "PERIOD",
       "support_record.starts_on"},
      {"bad end", "ends_on { year: 2025 month: 2 day: 29 }", "DATE", "support_record.starts_on"},
      {"no money", "state_part_vnd: 0", "OK", ""},
      {"negative", "state_part_vnd: -1", "AMOUNT_RANGE", "support_record.state_part_vnd"},
      {"most", "state_part_vnd: 9007199254740991", "OK", ""},
      {"too much", "state_part_vnd: 9007199254740992", "AMOUNT_RANGE",
       "support_record.state_part_vnd"},
      {"source", "funding_source: 'ST_TASK'", "OK", ""},
      {"no source", "funding_source: 'X'", "FUNDING_SOURCE", "support_record.funding_source"},
      {"no origin", "origin: ORIGIN_UNSPECIFIED", "ENUM_VALUE", "support_record.origin"},
      {"case without its name", "origin: ORIGIN_CASE", "SUPPORT_CASE",
       "support_record.support_case"},
      {"case", "origin: ORIGIN_CASE support_case: 'provinces/48/supportCases/a'", "OK", ""},
      {"a case's name without the origin", "support_case: 'provinces/48/supportCases/a'",
       "SUPPORT_CASE", "support_record.support_case"},
      {"no case's name", "origin: ORIGIN_CASE support_case: 'a'", "RESOURCE_NAME",
       "support_record.support_case"},
      {"paper", "evidence { issuer: 'x' }", "TEXT_LENGTH",
       "support_record.evidence.document_number"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::SupportRecord record, over;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kGood, &record));
    ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(row.over, &record)) << row.over;
    const absl::Status status = NormaliseSupportRecord(record, kToday, contents, sources);
    EXPECT_EQ(Reason(status), row.reason);
    if (*row.field != '\0') {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
}

}  // namespace
}  // namespace nscl::registry::domain
