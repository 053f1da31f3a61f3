#include "services/registry/domain/product.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

constexpr absl::CivilDay kToday(2026, 11, 22);

TEST(ProductTest, EveryFieldIsChecked) {
  struct {
    const char* what;
    std::string text;
    const char *reason, *field;
  } rows[] = {
      {"good", "", "OK", ""},
      {"name of blanks", "display_name: ' '", "TEXT_LENGTH", "product.display_name"},
      {"gtin", "gtin: '8938500012341'", "OK", ""},
      {"check digit", "gtin: '8934602401077'", "GTIN", "product.gtin"},
      {"hs code", "hs_code: '09012111'", "OK", ""},
      {"short hs code", "hs_code: '090'", "HS_CODE", "product.hs_code"},
      {"long hs code", "hs_code: '090121110'", "HS_CODE", "product.hs_code"},
      {"letters in the hs code", "hs_code: '0901x'", "HS_CODE", "product.hs_code"},
      {"long mark", "registered_mark: '" + std::string(101, 'x') + "'", "TEXT_LENGTH",
       "product.registered_mark"},
      {"long standard", "standard_code: '" + std::string(101, 'x') + "'", "TEXT_LENGTH",
       "product.standard_code"},
      {"on the market today", "on_market_since { year: 2026 month: 11 day: 22 }", "OK", ""},
      {"on the market tomorrow", "on_market_since { year: 2026 month: 11 day: 23 }", "DATE_FUTURE",
       "product.on_market_since"},
      {"paper without number", "evidence { issuer: 'x' }", "TEXT_LENGTH",
       "product.evidence.document_number"},
      {"file that is none", "evidence { document_number: '1' file_sha256: 'AB' }", "SHA256",
       "product.evidence.file_sha256"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::Product product, over;
    product.set_display_name("Cà phê Đà Lạt");
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.text, &over)) << row.text;
    product.MergeFrom(over);
    const absl::Status status = NormaliseProduct(product, nullptr, kToday);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
}

TEST(ProductTest, ThePrefixIsReadOffTheNumber) {
  v1::Product product;
  product.set_display_name("Ca\u0300 phe\u0302");
  product.set_gtin("8938500012341");
  ASSERT_OK(NormaliseProduct(product, nullptr, kToday));
  EXPECT_TRUE(product.gtin_vietnamese());
  EXPECT_EQ(product.display_name(), "Cà phê");
  product.set_gtin("4006381333931");
  ASSERT_OK(NormaliseProduct(product, nullptr, kToday));
  EXPECT_FALSE(product.gtin_vietnamese());
}

}  // namespace
}  // namespace nscl::registry::domain
