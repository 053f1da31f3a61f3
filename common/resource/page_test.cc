#include "common/resource/page.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/enterprise_service.pb.h"

namespace nscl::resource {
namespace {

using ::nscl::registry::v1::ListEnterprisesRequest;
using ::nscl::testing::IsOkAndHolds;
using ::nscl::testing::Reason;

constexpr char kMethod[] = "/nscl.registry.v1.EnterpriseService/ListEnterprises";
constexpr char kActor[] = "user:iss|an";

ListEnterprisesRequest Request() {
  ListEnterprisesRequest request;
  request.set_parent("provinces/48");
  request.set_filter("demo = true");
  request.mutable_read_mask()->add_paths("name");
  return request;
}

TEST(PageTest, Sizes) {
  struct {
    int32_t given;
    int size;
  } rows[] = {{0, 50}, {1, 1}, {500, 500}, {501, 500}, {1'000'000'000, 500}};
  for (const auto& row : rows) EXPECT_THAT(PageSize(row.given), IsOkAndHolds(row.size));
  EXPECT_EQ(Reason(PageSize(-1)), "PAGE_SIZE");
}

TEST(PageTest, TokenGoesOnWhereItWasMade) {
  PageTokens tokens("installation-1");
  std::string key("E48\0abc\0", 8);
  ListEnterprisesRequest request = Request();
  EXPECT_THAT(tokens.Read(kMethod, kActor, request), IsOkAndHolds(""));
  EXPECT_EQ(tokens.Make(kMethod, kActor, request, ""), "");
  request.set_page_token(tokens.Make(kMethod, kActor, request, key));
  EXPECT_THAT(tokens.Read(kMethod, kActor, request), IsOkAndHolds(key));
  request.set_page_size(7);
  EXPECT_THAT(tokens.Read(kMethod, kActor, request), IsOkAndHolds(key));
  // Another server of the same installation reads it.
  EXPECT_THAT(PageTokens("installation-1").Read(kMethod, kActor, request), IsOkAndHolds(key));
}

TEST(PageTest, ForeignAndChangedTokensAreRefused) {
  PageTokens tokens("installation-1");
  ListEnterprisesRequest made = Request();
  std::string token = tokens.Make(kMethod, kActor, made, "key");
  made.set_page_token(token);

  EXPECT_EQ(Reason(tokens.Read("/other", kActor, made)), "PAGE_TOKEN");
  EXPECT_EQ(Reason(tokens.Read(kMethod, "user:iss|binh", made)), "PAGE_TOKEN");
  EXPECT_EQ(Reason(PageTokens("installation-2").Read(kMethod, kActor, made)), "PAGE_TOKEN");
  ListEnterprisesRequest other = made;
  other.set_parent("provinces/58");
  EXPECT_EQ(Reason(tokens.Read(kMethod, kActor, other)), "PAGE_TOKEN");
  other = made;
  other.set_filter("");
  EXPECT_EQ(Reason(tokens.Read(kMethod, kActor, other)), "PAGE_TOKEN");

  for (size_t i = 0; i < token.size(); ++i) {
    ListEnterprisesRequest changed = made;
    std::string text = token;
    text[i] = text[i] == 'A' ? 'B' : 'A';
    changed.set_page_token(text);
    // The last character may carry bits that mean nothing; then it is the same token.
    absl::StatusOr<std::string> key = tokens.Read(kMethod, kActor, changed);
    if (key.ok()) {
      EXPECT_EQ(*key, "key");
      EXPECT_EQ(i + 1, token.size());
    } else {
      EXPECT_EQ(Reason(key), "PAGE_TOKEN");
    }
  }
  for (std::string text : {std::string("x"), std::string("%%%"), std::string(5'000, 'A'),
                           token.substr(0, token.size() - 3), std::string("đ")}) {
    ListEnterprisesRequest changed = made;
    changed.set_page_token(text);
    EXPECT_EQ(Reason(tokens.Read(kMethod, kActor, changed)), "PAGE_TOKEN") << text.substr(0, 20);
  }
}

}  // namespace
}  // namespace nscl::resource
