// The bytes of casework's keys, for ever.
#include "services/casework/store/keys.h"

#include <string>

#include "gtest/gtest.h"

namespace nscl::casework::rows {
namespace {

TEST(KeysTest, TheBytesAreForEver) {
  EXPECT_EQ(kCaseKind, 'c');
  EXPECT_EQ(kActivityKind, 'a');
  EXPECT_EQ(IntentKey("provinces/48/supportCases/c1"), "iprovinces/48/supportCases/c1");
  EXPECT_EQ(CaseNumberKey("48", 2023), "n48/2023");
  EXPECT_EQ(FollowerKey("budgeting"), "fbudgeting");
}

TEST(KeysTest, EqualContentsAreOneKey) {
  v1::SupportCase c;
  c.set_enterprise("provinces/48/enterprises/e1");
  c.mutable_content()->set_family("MANAGEMENT_SYSTEM");
  const auto key = [&](const std::string& solution) {
    c.mutable_content()->set_catalogue_name(solution);
    return OpenCaseKey(c);
  };
  using std::string_literals::operator""s;
  EXPECT_EQ(key("ISO 9001:2015"),
            "oprovinces/48/enterprises/e1\0MANAGEMENT_SYSTEM\0iso 9001 2015"s);
  EXPECT_EQ(key("iso  9001:2015"), key("ISO 9001:2015"));
  EXPECT_EQ(key("Truy xuất"), key("truy xuâ\xCC\x81t"));
  EXPECT_NE(key("ISO 9001:2015"), key("ISO 9001:2008"));
}

}  // namespace
}  // namespace nscl::casework::rows
