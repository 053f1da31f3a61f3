// EnterpriseService.SearchEnterprises over a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "services/registry/testing/test_service.h"

namespace nscl::registry {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

using Stub = v1::EnterpriseService::Stub;

class SearchTest : public ::testing::Test {
 protected:
  void Create(const std::string& id, const std::string& display_name,
              const std::string& province = "48", const std::string& more = "") {
    auto request = Parse<v1::CreateEnterpriseRequest>(
        absl::StrCat("parent: 'provinces/", province, "' enterprise_id: '", id,
                     "' enterprise { legal_kind: LEGAL_KIND_LLC1 ", more, " }"));
    if (request.enterprise().vsic_section().empty()) {
      request.mutable_enterprise()->set_vsic_section("C");
    }
    request.mutable_enterprise()->set_display_name(display_name);
    request.mutable_enterprise()->set_tax_code(TaxCode(created_++));
    EXPECT_OK(test_.Call(&Stub::CreateEnterprise, request));
  }
  absl::StatusOr<v1::SearchEnterprisesResponse> Search(
      const v1::SearchEnterprisesRequest& request) {
    EXPECT_TRUE(test_.service().WaitUntilSearchable(absl::Seconds(60)));
    return test_.Call(&Stub::SearchEnterprises, request);
  }
  absl::StatusOr<v1::SearchEnterprisesResponse> Search(const std::string& text) {
    return Search(Parse<v1::SearchEnterprisesRequest>(text));
  }
  // "48/a:3" for what was found by its beginning, or the reason of the refusal.
  static std::string Show(const absl::StatusOr<v1::SearchEnterprisesResponse>& response) {
    if (!response.ok()) return Reason(response);
    std::string shown;
    for (const v1::SearchResult& result : response->results()) {
      const std::string& name = result.enterprise().name();
      absl::StrAppend(&shown, shown.empty() ? "" : " ", name.substr(10, 2), "/", name.substr(25),
                      ":", static_cast<int>(result.match()));
    }
    return shown;
  }
  std::string Find(const std::string& query, const std::string& more = "") {
    auto request =
        Parse<v1::SearchEnterprisesRequest>(absl::StrCat("parent: 'provinces/48' ", more));
    request.set_query(query);
    return Show(Search(request));
  }

  TestService test_;
  int created_ = 0;
};

TEST_F(SearchTest, BestFirst) {
  Create("a", "Công ty TNHH Cơ khí Đức Phát");
  Create("b", "Đức Phát");
  Create("c", "Đức Phát Quảng Nam");
  Create("d", "Công ty Phát Đạt Đức");
  Create("e", "Xưởng Caduc Phát");
  EXPECT_EQ(Find("đức phát"), "48/b:2 48/c:3 48/d:4 48/a:4 48/e:5");
  EXPECT_EQ(Find("DUC   phat"), "48/b:2 48/c:3 48/d:4 48/a:4 48/e:5");
  EXPECT_EQ(Find("Đu\u031B\u0301c Pha\u0301t"), "48/b:2 48/c:3 48/d:4 48/a:4 48/e:5");
  EXPECT_EQ(Find(TaxCode(2)), "48/c:1");
  EXPECT_EQ(Find("không có"), "");
  auto response = Search("parent: 'provinces/48' query: 'quảng' read_mask { paths: 'tax_code' }");
  ASSERT_OK(response);
  ASSERT_EQ(response->results_size(), 1);
  EXPECT_EQ(response->results(0).enterprise().ShortDebugString(),
            absl::StrCat("tax_code: \"", TaxCode(2), "\""));
  EXPECT_EQ(response->index_revision(), test_.service().store().GetStatus().revision());
}

TEST_F(SearchTest, WithinTheScopeOnly) {
  Create("a", "Công ty Một", "48");
  Create("b", "Công ty Một", "56");
  EXPECT_EQ(Find("mot"), "48/a:4");
  EXPECT_EQ(Show(Search("parent: 'provinces/-' query: 'mot'")), "48/a:4 56/b:4");
  EXPECT_EQ(Show(Search("parent: 'provinces/01' query: 'mot'")), "SCOPE_DENIED");
  auto request = Parse<v1::SearchEnterprisesRequest>("parent: 'provinces/-' query: 'mot'");
  auto find_as = [&](const std::vector<std::string>& roles, const std::string& province) {
    return Show(test_.CallAs(test_.As(roles, {province}), &Stub::SearchEnterprises, request));
  };
  EXPECT_EQ(find_as({"enterprise_clerk"}, "56"), "56/b:4");
  EXPECT_EQ(find_as({"enterprise_clerk"}, "*"), "48/a:4 56/b:4");
  EXPECT_EQ(find_as({}, "48"), "ROLE_DENIED");
}

TEST_F(SearchTest, Filters) {
  Create("a", "Công ty A", "48", "commune_code: '20194' demo: true");
  Create("b", "Công ty B", "48", "operating_status: OPERATING_STATUS_SUSPENDED vsic_section: 'G'");
  struct {
    const char *filter, *found;
  } rows[] = {
      {"", "48/a:3 48/b:3"},
      {"demo = true", "48/a:3"},
      {"commune_code = \"20194\"", "48/a:3"},
      {"NOT commune_code = \"20194\"", "48/b:3"},
      {"operating_status = OPERATING_STATUS_SUSPENDED", "48/b:3"},
      {"legal_kind = LEGAL_KIND_LLC1 AND sector = SECTOR_TRADE_SERVICES", "48/b:3"},
      {"latest_size != SIZE_UNSPECIFIED", ""},
      {"tax_code = \"1\"", "FILTER"},
      {"demo", "FILTER"},
  };
  for (const auto& row : rows) {
    auto request = Parse<v1::SearchEnterprisesRequest>("parent: 'provinces/48' query: 'cong ty'");
    request.set_filter(row.filter);
    EXPECT_EQ(Show(Search(request)), row.found) << row.filter;
  }
}

TEST_F(SearchTest, Refusals) {
  Create("a", "Công ty A");
  struct {
    const char* what;
    std::string request;
    const char* reason;
    std::vector<std::string> fields;
  } rows[] = {
      {"no query", "", "TEXT_LENGTH", {"query"}},
      {"blank", "query: '   '", "TEXT_LENGTH", {"query"}},
      {"signs only", "query: '“--”'", "SEARCH_QUERY", {"query"}},
      {"too long", absl::StrCat("query: '", std::string(201, 'a'), "'"), "TEXT_LENGTH", {"query"}},
      {"as long as may be", absl::StrCat("query: '", std::string(200, 'a'), "'"), "OK", {}},
      {"control", "query: 'a\\001b'", "INVALID_TEXT", {"query"}},
      {"no mark", "query: 'a' marks: KIND_UNSPECIFIED", "ENUM_VALUE", {"marks[0]"}},
      {"page size", "query: 'a' page_size: -1", "PAGE_SIZE", {"page_size"}},
      {"page token", "query: 'a' page_token: 'x'", "PAGE_TOKEN", {"page_token"}},
      {"read mask", "query: 'a' read_mask { paths: 'x' }", "READ_MASK", {"read_mask"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    auto response = Search(absl::StrCat("parent: 'provinces/48' ", row.request));
    EXPECT_EQ(Reason(response), row.reason);
    if (!row.fields.empty()) {
      EXPECT_THAT(response, FieldsAre(::testing::UnorderedElementsAreArray(row.fields)));
    }
  }
  auto response = Search("parent: 'provinces/48' query: '...' marks: [0]");
  EXPECT_EQ(Reason(response), "BAD_FIELDS");
}

TEST_F(SearchTest, PagesStayInStepWhileEnterprisesCome) {
  for (int i = 0; i < 9; ++i) Create(absl::StrCat("n", i), absl::StrCat("Công ty ", i));
  auto request =
      Parse<v1::SearchEnterprisesRequest>("parent: 'provinces/48' query: 'cong ty' page_size: 3");
  std::string found;
  for (int page = 0; page < 10; ++page) {
    auto response = Search(request);
    ASSERT_OK(response);
    absl::StrAppend(&found, Show(response), "|");
    if (response->next_page_token().empty()) break;
    request.set_page_token(response->next_page_token());
    // One before the place, which is not seen, and one behind it, which is.
    Create(absl::StrCat("before", page), "Công ty 0 0");
    if (page == 0) Create("behind", "Công ty 5 5");
  }
  EXPECT_EQ(found,
            "48/n0:3 48/n1:3 48/n2:3|48/n3:3 48/n4:3 48/n5:3|48/behind:3 48/n6:3 48/n7:3|48/n8:3|");
  // A token is of use with its own query only.
  request.set_query("cong");
  EXPECT_EQ(Show(Search(request)), "PAGE_TOKEN");
}

TEST_F(SearchTest, EverythingElseIsServedWhileTheIndexIsRead) {
  Create("a", "Công ty Một");
  // A file that nobody has written to yet: who reads it waits.
  const std::string pipe = absl::StrCat(test_.folder(), "/registry.search/index");
  test_.Restart([&](Options*) {
    std::filesystem::remove(pipe);
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  });
  const auto request = Parse<v1::SearchEnterprisesRequest>("parent: 'provinces/48' query: 'mot'");
  const auto refused = test_.Call(&Stub::SearchEnterprises, request);
  EXPECT_EQ(Reason(refused), "SEARCH_INDEX_LOADING");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
  Create("b", "Công ty Hai");
  std::ofstream(pipe) << "no index";
  EXPECT_EQ(Find("cong ty"), "48/b:3 48/a:3");
}

TEST_F(SearchTest, ServesAgainAfterAStart) {
  Create("a", "Công ty Một");
  const std::string saved = absl::StrCat(test_.folder(), "/registry.search");
  test_.Restart([&](Options*) { EXPECT_TRUE(std::filesystem::exists(saved + "/index")); });
  EXPECT_EQ(Find("mot"), "48/a:4");
  test_.Restart([&](Options*) { std::filesystem::remove_all(saved); });
  EXPECT_EQ(Find("mot"), "48/a:4");
  // Too little memory: searches are refused, nothing else is.
  test_.Restart([](Options* options) { options->search_index_bytes = 100; });
  EXPECT_EQ(Find("mot"), "SEARCH_INDEX_FULL");
  Create("b", "Công ty Hai");
  test_.Restart();
  EXPECT_EQ(Find("cong ty"), "48/b:3 48/a:3");
}

}  // namespace
}  // namespace nscl::registry
