#include "services/registry/domain/contact_points.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::Reason;

TEST(ContactPointsTest, EachHasItsForm) {
  struct {
    void (*normalise)(status::Violations&, absl::string_view, std::string*);
    std::string value;
    const char* reason;
  } rows[] = {
      {NormalisePhone, "", "OK"},
      {NormalisePhone, "0236 3822 789", "OK"},
      {NormalisePhone, "+84 905 123 456", "OK"},
      {NormalisePhone, "114", "OK"},
      {NormalisePhone, "12", "PHONE"},
      {NormalisePhone, "0236.3822.789", "PHONE"},
      {NormalisePhone, "0905  123", "PHONE"},
      {NormalisePhone, "84+905123", "PHONE"},
      {NormalisePhone, "０９０５１２３４５６", "PHONE"},  // full-width digits
      {NormalisePhone, "0905\n123456", "INVALID_TEXT"},
      {NormalisePhone, std::string(31, '1'), "TEXT_LENGTH"},
      {NormaliseEmail, "", "OK"},
      {NormaliseEmail, "vanthu.skhcn@danang.gov.vn", "OK"},
      {NormaliseEmail, "a+b@c-d.vn", "OK"},
      {NormaliseEmail, "a@b", "EMAIL"},
      {NormaliseEmail, "@b.vn", "EMAIL"},
      {NormaliseEmail, "a.@b.vn", "EMAIL"},
      {NormaliseEmail, "a@b.vn.", "EMAIL"},
      {NormaliseEmail, "a@-b.vn", "EMAIL"},
      {NormaliseEmail, "a@b..vn", "EMAIL"},
      {NormaliseEmail, "a@b@c.vn", "EMAIL"},
      {NormaliseEmail, "a b@c.vn", "EMAIL"},
      {NormaliseEmail, "a@b.vn\u202E", "INVALID_TEXT"},
      {NormaliseEmail, std::string(252, 'a') + "@b.vn", "TEXT_LENGTH"},
      {NormaliseWebsite, "", "OK"},
      {NormaliseWebsite, "https://skhcn.danang.gov.vn/nscl?nam=2026", "OK"},
      {NormaliseWebsite, "an-binh.vn", "OK"},
      {NormaliseWebsite, "an-binh.vn:8080/x", "OK"},
      {NormaliseWebsite, "an-binh.vn:80800000", "WEBSITE"},
      {NormaliseWebsite, "ftp://an-binh.vn", "WEBSITE"},
      {NormaliseWebsite, "javascript:alert(1)", "WEBSITE"},
      {NormaliseWebsite, "an binh.vn", "WEBSITE"},
      {NormaliseWebsite, "localhost", "WEBSITE"},
      {NormaliseWebsite, "a.vn/" + std::string(300, 'a'), "TEXT_LENGTH"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.value);
    status::Violations violations;
    std::string value = row.value;
    row.normalise(violations, "x", &value);
    EXPECT_EQ(Reason(violations.ToStatus()), row.reason);
  }
}

// What is refused is logged.
TEST(ContactPointsTest, ARefusalDoesNotRepeatTheValue) {
  status::Violations violations;
  std::string phone = "0905x123456", email = "nguyen.van.a";
  NormalisePhone(violations, "phone", &phone);
  NormaliseEmail(violations, "email", &email);
  const std::string text = violations.ToStatus().ToString();
  EXPECT_EQ(text.find("0905"), std::string::npos);
  EXPECT_EQ(text.find("nguyen"), std::string::npos);
}

}  // namespace
}  // namespace nscl::registry::domain
