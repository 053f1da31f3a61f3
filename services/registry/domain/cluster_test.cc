#include "services/registry/domain/cluster.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

constexpr absl::CivilDay kToday(2026, 11, 22);

TEST(ClusterTest, EveryFieldIsChecked) {
  std::string many;
  for (int i = 0; i <= 100; ++i) many += "key_products: 'p" + std::to_string(i) + "' ";
  struct {
    const char* what;
    std::string text;
    const char *reason, *field;
  } rows[] = {
      {"good", "", "OK", ""},
      {"name of blanks", "display_name: ' '", "TEXT_LENGTH", "cluster.display_name"},
      {"unknown kind", "kind: 7", "ENUM_VALUE", "cluster.kind"},
      {"led by an enterprise", "lead: 'provinces/48/enterprises/a'", "OK", ""},
      {"led by an organisation", "lead: 'provinces/48/organisations/a'", "OK", ""},
      {"led by a case", "lead: 'provinces/48/supportCases/a'", "REFERENCE", "cluster.lead"},
      {"product twice", "key_products: ['chè', 'chè']", "PRODUCT_TWICE", "cluster.key_products[1]"},
      {"no product", "key_products: ''", "TEXT_LENGTH", "cluster.key_products[0]"},
      {"products", many, "TOO_MANY", "cluster.key_products"},
      {"ends before it begins",
       "valid_from { year: 2026 month: 2 day: 2 } valid_to { year: 2026 month: 2 day: 1 }",
       "PERIOD", "cluster.valid_to"},
      {"paper without number", "evidence { }", "TEXT_LENGTH", "cluster.evidence.document_number"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::Cluster cluster, over;
    cluster.set_display_name("Chuỗi giá trị cà phê");
    cluster.set_kind(v1::Cluster::KIND_VALUE_CHAIN);
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.text, &over)) << row.text;
    cluster.MergeFrom(over);
    const absl::Status status = NormaliseCluster(cluster, nullptr, kToday);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
}

}  // namespace
}  // namespace nscl::registry::domain
