// Every method of registry over a real server, with the shipped roles and catalogue, and every
// refusal that its protos name.
#include "services/registry/service.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_format.h"
#include "common/rpc/testing/test_door.h"
#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/admin_unit_service.grpc.pb.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "nscl/registry/v1/event_service.grpc.pb.h"
#include "nscl/registry/v1/store_service.grpc.pb.h"
#include "nscl/registry/v1/year_profile_service.grpc.pb.h"

namespace nscl::registry {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;
using ::nscl::testing::Refused;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr char kCatalogue[] = NSCL_SOURCE_DIR "/deploy/catalogue";

template <typename M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// "5800000023" and so on: the n-th valid tax code.
std::string TaxCode(int n) {
  constexpr int kWeights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
  for (int serial = 1;; ++serial) {
    std::string nine = absl::StrFormat("58%07d", serial);
    int sum = 0;
    for (int i = 0; i < 9; ++i) sum += kWeights[i] * (nine[i] - '0');
    if (sum % 11 != 0 && n-- == 0) return absl::StrCat(nine, 10 - sum % 11);
  }
}

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() { Start(/*init=*/true); }

  ~ServiceTest() override {
    test_.Stop();
    service_.reset();
  }

  void Start(bool init) {
    Options options;
    options.data_dir = test_.folder();
    options.backup_dir = absl::StrCat(test_.folder(), "/backup");
    options.catalogue_dir = kCatalogue;
    options.init = init;
    options.clock = &clock_;
    options.door = &test_.door();
    absl::StatusOr<std::unique_ptr<Service>> service = Service::Open(options);
    if (!service.ok()) {
      std::cerr << service.status() << std::endl;
      std::abort();
    }
    service_ = *std::move(service);
    clerk_ = test_.Serve(service_->grpc_services(),
                         test_.Token({"enterprise_clerk", "province_reader"}, {"48", "56"}));
  }

  // Calls as `peer`, the clerk unless another is given.
  template <typename Api, typename Method, typename Request>
  auto CallAs(const rpc::Peer& peer, Method method, const Request& request) {
    auto stub = Api::NewStub(peer.channel);
    return rpc::Call(peer, *stub, method, request);
  }

  using Enterprises = v1::EnterpriseService;
  using Profiles = v1::YearProfileService;

  absl::StatusOr<v1::Enterprise> Create(v1::CreateEnterpriseRequest request) {
    if (request.request_id().empty()) request.set_request_id(NextRequestId());
    return CallAs<Enterprises>(clerk_, &Enterprises::Stub::CreateEnterprise, request);
  }
  absl::StatusOr<v1::Enterprise> CreateNamed(const std::string& id, const std::string& tax_code,
                                             const std::string& province = "48") {
    v1::CreateEnterpriseRequest request = Good();
    request.set_parent("provinces/" + province);
    request.set_enterprise_id(id);
    request.mutable_enterprise()->set_tax_code(tax_code);
    return Create(request);
  }
  absl::StatusOr<v1::Enterprise> Get(const std::string& name) {
    v1::GetEnterpriseRequest request;
    request.set_name(name);
    return CallAs<Enterprises>(clerk_, &Enterprises::Stub::GetEnterprise, request);
  }
  absl::StatusOr<v1::Enterprise> Update(const std::string& text) {
    auto request = Parse<v1::UpdateEnterpriseRequest>(text);
    if (request.request_id().empty()) request.set_request_id(NextRequestId());
    return CallAs<Enterprises>(clerk_, &Enterprises::Stub::UpdateEnterprise, request);
  }
  absl::StatusOr<v1::ListEnterprisesResponse> List(const std::string& text) {
    return CallAs<Enterprises>(clerk_, &Enterprises::Stub::ListEnterprises,
                               Parse<v1::ListEnterprisesRequest>(text));
  }
  absl::StatusOr<v1::YearProfile> UpdateProfile(const std::string& text) {
    auto request = Parse<v1::UpdateYearProfileRequest>(text);
    if (request.request_id().empty()) request.set_request_id(NextRequestId());
    return CallAs<Profiles>(clerk_, &Profiles::Stub::UpdateYearProfile, request);
  }
  absl::StatusOr<v1::SizeClass> SizeClass(const std::string& name) {
    v1::GetSizeClassRequest request;
    request.set_name(name);
    return CallAs<Enterprises>(clerk_, &Enterprises::Stub::GetSizeClass, request);
  }

  static v1::CreateEnterpriseRequest Good() {
    return Parse<v1::CreateEnterpriseRequest>(
        "parent: 'provinces/48' enterprise { display_name: 'Công ty TNHH An Bình' "
        "tax_code: '5800123458' legal_kind: LEGAL_KIND_LLC1 vsic_section: 'C' demo: true }");
  }
  std::string NextRequestId() {
    return absl::StrFormat("00000000-0000-4000-8000-%012d", ++requests_);
  }
  static std::string Names(const absl::StatusOr<v1::ListEnterprisesResponse>& list) {
    if (!list.ok()) return Reason(list);
    std::string names;
    for (const v1::Enterprise& enterprise : list->enterprises()) {
      absl::StrAppend(&names, names.empty() ? "" : " ", enterprise.name().substr(10));
    }
    return names;
  }

  time::ManualClock clock_{absl::FromUnixSeconds(1'795'320'000)};  // 22/11/2026 in Viet Nam
  rpc::TestDoor test_{"registry"};
  std::unique_ptr<Service> service_;
  rpc::Peer clerk_;
  int requests_ = 0;
};

TEST_F(ServiceTest, CreatesAndGets) {
  ASSERT_OK_AND_ASSIGN(v1::Enterprise created, Create(Good()));
  EXPECT_THAT(created.name(), ::testing::MatchesRegex("provinces/48/enterprises/[0-9a-z]{26}"));
  EXPECT_EQ(created.display_name(), "Công ty TNHH An Bình");
  EXPECT_EQ(created.sector(), v1::SECTOR_INDUSTRY_CONSTRUCTION);
  EXPECT_EQ(created.operating_status(), v1::Enterprise::OPERATING_STATUS_ACTIVE);
  EXPECT_TRUE(created.demo());
  EXPECT_NE(created.etag(), "");
  EXPECT_GE(created.create_time().seconds(), 1'795'320'000);
  ASSERT_OK_AND_ASSIGN(v1::Enterprise got, Get(created.name()));
  EXPECT_EQ(got.SerializeAsString(), created.SerializeAsString());

  v1::GetEnterpriseRequest masked;
  masked.set_name(created.name());
  masked.mutable_read_mask()->add_paths("tax_code");
  ASSERT_OK_AND_ASSIGN(got, CallAs<Enterprises>(clerk_, &Enterprises::Stub::GetEnterprise, masked));
  EXPECT_EQ(got.ShortDebugString(), "tax_code: \"5800123458\"");
  masked.mutable_read_mask()->add_paths("nope");
  EXPECT_EQ(Reason(CallAs<Enterprises>(clerk_, &Enterprises::Stub::GetEnterprise, masked)),
            "READ_MASK");
}

TEST_F(ServiceTest, CreateRefusals) {
  ASSERT_OK(CreateNamed("taken", "4001234569"));
  struct {
    const char* what;
    std::string over;  // merged over a good request
    const char* reason;
    std::vector<std::string> fields;
  } rows[] = {
      {"tax code", "enterprise { tax_code: '5800123459' }", "TAX_CODE", {"enterprise.tax_code"}},
      {"several",
       "enterprise { tax_code: 'x' vsic_section: 'Z' commune_code: '1' } enterprise_id: 'a b'",
       "BAD_FIELDS",
       {"enterprise_id", "enterprise.tax_code", "enterprise.commune_code",
        "enterprise.vsic_section"}},
      {"output only",
       "enterprise { sector: SECTOR_TRADE_SERVICES etag: 'x' create_time { seconds: 1 } }",
       "OUTPUT_ONLY",
       {"enterprise.sector", "enterprise.etag", "enterprise.create_time"}},
      {"id", "enterprise_id: '-'", "RESOURCE_ID", {"enterprise_id"}},
      {"tax code taken", "enterprise { tax_code: '4001234569' }", "TAX_CODE_EXISTS", {}},
      {"id taken", "enterprise_id: 'taken'", "ENTERPRISE_EXISTS", {}},
      {"a name is ignored", "enterprise { name: 'whatever' }", "OK", {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::CreateEnterpriseRequest request = Good();
    request.MergeFrom(Parse<v1::CreateEnterpriseRequest>(row.over));
    absl::StatusOr<v1::Enterprise> created = Create(request);
    EXPECT_EQ(Reason(created), row.reason);
    EXPECT_THAT(created, FieldsAre(::testing::UnorderedElementsAreArray(row.fields)));
  }
  v1::CreateEnterpriseRequest empty;
  empty.set_parent("provinces/48");
  EXPECT_THAT(Create(empty),
              FieldsAre(UnorderedElementsAre("enterprise.display_name", "enterprise.tax_code",
                                             "enterprise.legal_kind", "enterprise.vsic_section")));
  EXPECT_THAT(CreateNamed("b", "4001234569"),
              MetadataIs("enterprise", "provinces/48/enterprises/taken"));
}

TEST_F(ServiceTest, AProvinceThatNeverWasIsRefused) {
  rpc::Peer national = test_.As(test_.Token({"enterprise_clerk"}, {"*"}));
  v1::CreateEnterpriseRequest request = Good();
  request.set_parent("provinces/99");
  request.set_request_id(NextRequestId());
  EXPECT_EQ(Reason(CallAs<Enterprises>(national, &Enterprises::Stub::CreateEnterprise, request)),
            "PROVINCE_UNKNOWN");
}

// A scope over Khánh Hòa (56) covers Ninh Thuận (58): the year 2024 is entered after the merger.
TEST_F(ServiceTest, AProvinceOfThePastTakesEnterprises) {
  EXPECT_OK(CreateNamed("a", "5800123458", "58"));
}

TEST_F(ServiceTest, TheSameCommandHasOneAnswer) {
  v1::CreateEnterpriseRequest request = Good();
  request.set_request_id("11111111-1111-4111-8111-111111111111");
  ASSERT_OK_AND_ASSIGN(v1::Enterprise first, Create(request));
  clock_.Advance(absl::Minutes(1));
  ASSERT_OK_AND_ASSIGN(v1::Enterprise second, Create(request));
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  request.mutable_enterprise()->set_address("Huế");
  EXPECT_EQ(Reason(Create(request)), "REQUEST_ID_REUSED");
  request.set_request_id("not a uuid");
  EXPECT_THAT(Create(request), nscl::testing::CodeIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Names(List("parent: 'provinces/48'")), first.name().substr(10));
}

TEST_F(ServiceTest, AReplayedAnswerSaysSo) {
  v1::CreateEnterpriseRequest request = Good();
  request.set_request_id(NextRequestId());
  auto stub = Enterprises::NewStub(clerk_.channel);
  for (const bool replayed : {false, true}) {
    grpc::ClientContext context;
    ASSERT_TRUE(rpc::Prepare(clerk_, {}, &context).ok());
    v1::Enterprise enterprise;
    ASSERT_TRUE(stub->CreateEnterprise(&context, request, &enterprise).ok());
    const auto& trailers = context.GetServerTrailingMetadata();
    const auto at = trailers.find("x-idempotent-replay");
    EXPECT_EQ(at != trailers.end(), replayed);
    EXPECT_TRUE(at == trailers.end() || at->second == "true");
  }
}

TEST_F(ServiceTest, ValidateOnlyStoresNothing) {
  v1::CreateEnterpriseRequest request = Good();
  request.set_validate_only(true);
  request.set_enterprise_id("a");
  EXPECT_OK(Create(request));
  EXPECT_THAT(Get("provinces/48/enterprises/a"), Refused(absl::StatusCode::kNotFound, "NOT_FOUND"));
  ASSERT_OK(CreateNamed("a", "5800123458"));
  EXPECT_EQ(Reason(Create(request)), "ENTERPRISE_EXISTS");
  request.set_enterprise_id("b");
  request.clear_request_id();
  EXPECT_EQ(Reason(Create(request)), "TAX_CODE_EXISTS");
}

TEST_F(ServiceTest, GetRefusals) {
  struct {
    const char *name, *reason;
  } rows[] = {
      {"provinces/48/enterprises/none", "NOT_FOUND"},
      {"provinces/48/enterprises/a b", "RESOURCE_NAME"},
      {"provinces/48/supportCases/a", "RESOURCE_NAME"},
      {"provinces/01/enterprises/none", "SCOPE_DENIED"},
  };
  for (const auto& row : rows) EXPECT_EQ(Reason(Get(row.name)), row.reason) << row.name;
}

TEST_F(ServiceTest, Updates) {
  ASSERT_OK_AND_ASSIGN(v1::Enterprise created, CreateNamed("a", "5800123458"));
  ASSERT_OK(CreateNamed("b", "4001234569"));
  const std::string kName = "name: 'provinces/48/enterprises/a' ";
  struct {
    const char* what;
    std::string request;
    const char* reason;
    std::vector<std::string> fields;
  } rows[] = {
      {"not there",
       "enterprise { name: 'provinces/48/enterprises/none' address: 'x' }",
       "NOT_FOUND",
       {}},
      {"stale etag", "enterprise { " + kName + "etag: '\"0\"' address: 'x' }", "ETAG_MISMATCH", {}},
      {"unknown path",
       "enterprise { " + kName + "} update_mask { paths: 'nope' }",
       "UPDATE_MASK",
       {"update_mask"}},
      {"output-only path",
       "enterprise { " + kName + "} update_mask { paths: 'sector' }",
       "UPDATE_MASK",
       {"update_mask"}},
      {"output-only field",
       "enterprise { " + kName + "sector: SECTOR_TRADE_SERVICES }",
       "OUTPUT_ONLY",
       {"enterprise.sector"}},
      {"immutable",
       "enterprise { " + kName + "} update_mask { paths: 'demo' }",
       "IMMUTABLE",
       {"enterprise.demo"}},
      {"bad fields",
       "enterprise { " + kName + "tax_code: 'x' vsic_section: 'Z' }",
       "BAD_FIELDS",
       {"enterprise.tax_code", "enterprise.vsic_section"}},
      {"cleared",
       "enterprise { " + kName + "} update_mask { paths: 'display_name' }",
       "TEXT_LENGTH",
       {"enterprise.display_name"}},
      {"tax code taken",
       "enterprise { " + kName + "tax_code: '4001234569' }",
       "TAX_CODE_EXISTS",
       {}},
      {"validate only", "enterprise { " + kName + "address: 'x' } validate_only: true", "OK", {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    absl::StatusOr<v1::Enterprise> updated = Update(row.request);
    EXPECT_EQ(Reason(updated), row.reason);
    EXPECT_THAT(updated, FieldsAre(::testing::UnorderedElementsAreArray(row.fields)));
  }
  ASSERT_OK_AND_ASSIGN(v1::Enterprise unchanged, Get(created.name()));
  EXPECT_EQ(unchanged.SerializeAsString(), created.SerializeAsString());

  clock_.Advance(absl::Seconds(5));
  ASSERT_OK_AND_ASSIGN(v1::Enterprise updated,
                       Update("enterprise { " + kName + "etag: '" + created.etag() +
                              "' vsic_section: 'G' address: 'Lê Lợi' } "));
  EXPECT_EQ(updated.sector(), v1::SECTOR_TRADE_SERVICES);
  EXPECT_EQ(updated.address(), "Lê Lợi");
  EXPECT_EQ(updated.display_name(), created.display_name());
  EXPECT_NE(updated.etag(), created.etag());
  EXPECT_EQ(updated.create_time().seconds(), created.create_time().seconds());
  EXPECT_GT(updated.update_time().seconds(), created.update_time().seconds());
  EXPECT_EQ(
      Reason(Update("enterprise { " + kName + "etag: '" + created.etag() + "' address: 'y' }")),
      "ETAG_MISMATCH");
}

TEST_F(ServiceTest, Lists) {
  ASSERT_OK(CreateNamed("a", TaxCode(0)));
  ASSERT_OK(CreateNamed("b", TaxCode(1)));
  ASSERT_OK(CreateNamed("c", TaxCode(2), "56"));
  ASSERT_OK(CreateNamed("d", TaxCode(0), "58"));
  ASSERT_OK(
      Update("enterprise { name: 'provinces/48/enterprises/b' vsic_section: 'A' "
             "legal_kind: LEGAL_KIND_COOPERATIVE operating_status: OPERATING_STATUS_SUSPENDED }"));
  rpc::Peer elsewhere = test_.As(test_.Token({"enterprise_clerk"}, {"01"}));
  v1::CreateEnterpriseRequest foreign = Good();
  foreign.set_parent("provinces/01");
  foreign.set_request_id(NextRequestId());
  ASSERT_OK(CallAs<Enterprises>(elsewhere, &Enterprises::Stub::CreateEnterprise, foreign));

  const std::string kAll = "48/enterprises/a 48/enterprises/b 56/enterprises/c 58/enterprises/d";
  struct {
    std::string request;
    std::string names;  // or the refusal
  } rows[] = {
      {"parent: 'provinces/48'", "48/enterprises/a 48/enterprises/b"},
      {"parent: 'provinces/56'", "56/enterprises/c"},
      {"parent: 'provinces/-'", kAll},  // what is elsewhere does not show
      {"parent: 'provinces/01'", "SCOPE_DENIED"},
      {"parent: 'provinces/-' filter: 'demo = true'", kAll},
      {"parent: 'provinces/-' filter: 'sector = SECTOR_AGRI_FORESTRY_FISHERY'", "48/enterprises/b"},
      {"parent: 'provinces/-' filter: 'legal_kind != LEGAL_KIND_COOPERATIVE AND demo = true'",
       "48/enterprises/a 56/enterprises/c 58/enterprises/d"},
      {"parent: 'provinces/-' filter: 'operating_status = OPERATING_STATUS_SUSPENDED'",
       "48/enterprises/b"},
      {"parent: 'provinces/48' filter: 'tax_code = \"" + TaxCode(1) + "\"'", "48/enterprises/b"},
      {"parent: 'provinces/48' filter: 'tax_code = \"" + TaxCode(1) + "\" AND demo = false'", ""},
      {"parent: 'provinces/48' filter: 'tax_code = \"" + TaxCode(2) + "\"'", ""},
      {"parent: 'provinces/-' filter: 'tax_code = \"" + TaxCode(0) + "\"'",
       "48/enterprises/a 58/enterprises/d"},
      {"parent: 'provinces/48' filter: 'display_name = \"x\"'", "FILTER"},
      {"parent: 'provinces/48' page_size: -1", "PAGE_SIZE"},
      {"parent: 'provinces/48' page_token: 'AAAA'", "PAGE_TOKEN"},
      {"parent: 'provinces/48' read_mask { paths: 'nope' }", "READ_MASK"},
  };
  for (const auto& row : rows) EXPECT_EQ(Names(List(row.request)), row.names) << row.request;

  ASSERT_OK_AND_ASSIGN(auto masked, List("parent: 'provinces/56' read_mask { paths: 'name' }"));
  EXPECT_EQ(masked.enterprises(0).ShortDebugString(), "name: \"provinces/56/enterprises/c\"");
}

TEST_F(ServiceTest, PagesHoldEverythingOnce) {
  constexpr int kRows = 7;
  for (int i = 0; i < kRows; ++i) ASSERT_OK(CreateNamed(absl::StrCat("e", i), TaxCode(i)));
  std::string seen, token;
  int pages = 0;
  do {
    std::string request =
        "parent: 'provinces/48' page_size: 3 filter: 'demo = true' page_token: '" + token + "'";
    ASSERT_OK_AND_ASSIGN(auto page, List(request));
    absl::StrAppend(&seen, Names(page), " ");
    token = page.next_page_token();
    if (pages++ == 0) {
      EXPECT_EQ(Reason(List("parent: 'provinces/48' page_token: '" + token + "'")), "PAGE_TOKEN");
      v1::ListEnterprisesRequest others = Parse<v1::ListEnterprisesRequest>(request);
      others.set_page_token(token);
      rpc::Peer other = test_.As(test_.Token({"province_reader"}, {"48"}, "somebody else"));
      EXPECT_EQ(Reason(CallAs<Enterprises>(other, &Enterprises::Stub::ListEnterprises, others)),
                "PAGE_TOKEN");
    }
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen,
            "48/enterprises/e0 48/enterprises/e1 48/enterprises/e2 48/enterprises/e3 "
            "48/enterprises/e4 48/enterprises/e5 48/enterprises/e6 ");
}

// Whatever the size of the pages, over a scope of several provinces and over all.
TEST_F(ServiceTest, PagesOverProvincesHoldEverythingOnce) {
  const char* places[] = {"48", "48", "56", "58", "58"};
  for (int i = 0; i < 5; ++i) ASSERT_OK(CreateNamed(absl::StrCat("e", i), TaxCode(i), places[i]));
  rpc::Peer peers[] = {clerk_, test_.As(test_.Token({"national_reader"}, {"*"}))};
  for (const rpc::Peer& peer : peers) {
    for (int page_size = 1; page_size <= 6; ++page_size) {
      SCOPED_TRACE(page_size);
      v1::ListEnterprisesRequest request;
      request.set_parent("provinces/-");
      request.set_page_size(page_size);
      std::string seen;
      int pages = 0;
      do {
        ASSERT_OK_AND_ASSIGN(
            auto page, CallAs<Enterprises>(peer, &Enterprises::Stub::ListEnterprises, request));
        EXPECT_LE(page.enterprises_size(), page_size);
        for (const auto& enterprise : page.enterprises())
          seen += enterprise.name().substr(25) + " ";
        request.set_page_token(page.next_page_token());
        ASSERT_LT(++pages, 10);
      } while (!request.page_token().empty());
      EXPECT_EQ(seen, "e0 e1 e2 e3 e4 ");
    }
  }
}

TEST_F(ServiceTest, YearProfilesAndSizeClasses) {
  ASSERT_OK(CreateNamed("a", "5800123458"));
  const std::string kYear = "provinces/48/enterprises/a/yearProfiles/2024";
  const std::string kFigures =
      "employees_tenths: 505 revenue_vnd: 20000000000 months_operating: 12 ";
  const std::string kProfile = "year_profile { name: '" + kYear + "' " + kFigures + "} ";

  EXPECT_THAT(SizeClass("provinces/48/enterprises/a/sizeClasses/2024"),
              Refused(absl::StatusCode::kNotFound, "YEAR_PROFILE_NOT_FOUND"));
  EXPECT_EQ(Reason(UpdateProfile(kProfile)), "YEAR_PROFILE_NOT_FOUND");
  EXPECT_EQ(Reason(UpdateProfile("year_profile { name: '" + kYear + "' " + kFigures +
                                 "etag: '\"1\"' } allow_missing: true")),
            "YEAR_PROFILE_NOT_FOUND");
  EXPECT_EQ(
      Reason(UpdateProfile("year_profile { name: 'provinces/48/enterprises/x/yearProfiles/2024' " +
                           kFigures + "} allow_missing: true")),
      "NOT_FOUND");
  EXPECT_EQ(
      Reason(UpdateProfile("year_profile { name: 'provinces/48/enterprises/a/yearProfiles/24' } "
                           "allow_missing: true")),
      "RESOURCE_NAME");
  EXPECT_THAT(
      UpdateProfile("year_profile { name: '" + kYear +
                    "' months_operating: 13 } allow_missing: true"),
      FieldsAre(UnorderedElementsAre("year_profile.months_operating", "year_profile.revenue_vnd")));

  ASSERT_OK_AND_ASSIGN(v1::YearProfile first, UpdateProfile(kProfile + "allow_missing: true"));
  EXPECT_NE(first.etag(), "");
  EXPECT_FALSE(first.has_capital_vnd());
  ASSERT_OK_AND_ASSIGN(v1::SizeClass size,
                       SizeClass("provinces/48/enterprises/a/sizeClasses/2024"));
  EXPECT_EQ(size.name(), "provinces/48/enterprises/a/sizeClasses/2024");
  EXPECT_EQ(size.size(), v1::SIZE_SMALL);
  EXPECT_EQ(size.tests_size(), 2);
  EXPECT_EQ(size.year_profile_etag(), first.etag());

  ASSERT_OK_AND_ASSIGN(
      v1::YearProfile second,
      UpdateProfile("year_profile { name: '" + kYear + "' employees_tenths: 2001 etag: '" +
                    first.etag() + "' } update_mask { paths: 'employees_tenths' }"));
  EXPECT_EQ(second.revenue_vnd(), 20'000'000'000);
  ASSERT_OK_AND_ASSIGN(size, SizeClass("provinces/48/enterprises/a/sizeClasses/2024"));
  EXPECT_EQ(size.size(), v1::SIZE_LARGE);
  EXPECT_EQ(Reason(UpdateProfile("year_profile { name: '" + kYear +
                                 "' employees_tenths: 1 etag: '" + first.etag() + "' }")),
            "ETAG_MISMATCH");

  ASSERT_OK(UpdateProfile("year_profile { name: 'provinces/48/enterprises/a/yearProfiles/2020' " +
                          kFigures + "} allow_missing: true"));
  EXPECT_THAT(SizeClass("provinces/48/enterprises/a/sizeClasses/2020"),
              Refused(absl::StatusCode::kFailedPrecondition, "NO_SIZE_RULE"));
  EXPECT_EQ(Reason(SizeClass("provinces/48/enterprises/x/sizeClasses/2024")), "NOT_FOUND");
  EXPECT_EQ(Reason(SizeClass("provinces/48/enterprises/a/sizeClasses/x")), "RESOURCE_NAME");

  v1::GetYearProfileRequest get;
  get.set_name(kYear);
  ASSERT_OK_AND_ASSIGN(v1::YearProfile got,
                       CallAs<Profiles>(clerk_, &Profiles::Stub::GetYearProfile, get));
  EXPECT_EQ(got.SerializeAsString(), second.SerializeAsString());

  v1::ListYearProfilesRequest list;
  list.set_parent("provinces/48/enterprises/a");
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(auto page,
                       CallAs<Profiles>(clerk_, &Profiles::Stub::ListYearProfiles, list));
  ASSERT_EQ(page.year_profiles_size(), 1);
  EXPECT_EQ(page.year_profiles(0).name(), "provinces/48/enterprises/a/yearProfiles/2020");
  list.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(page, CallAs<Profiles>(clerk_, &Profiles::Stub::ListYearProfiles, list));
  EXPECT_EQ(page.year_profiles(0).name(), kYear);
  EXPECT_EQ(page.next_page_token(), "");
  list.set_parent("provinces/48/enterprises/x");
  list.clear_page_token();
  EXPECT_EQ(Reason(CallAs<Profiles>(clerk_, &Profiles::Stub::ListYearProfiles, list)), "NOT_FOUND");
}

TEST_F(ServiceTest, AdminUnits) {
  using Units = v1::AdminUnitService;
  v1::GetAdminUnitRequest get;
  get.set_name("adminUnits/58");
  ASSERT_OK_AND_ASSIGN(v1::AdminUnit unit, CallAs<Units>(clerk_, &Units::Stub::GetAdminUnit, get));
  EXPECT_EQ(unit.display_name(), "Tỉnh Ninh Thuận");
  EXPECT_EQ(unit.successor(), "adminUnits/56");
  EXPECT_EQ(unit.valid_to().ShortDebugString(), "year: 2025 month: 6 day: 30");
  EXPECT_FALSE(unit.has_valid_from());
  get.set_name("adminUnits/99");
  EXPECT_EQ(Reason(CallAs<Units>(clerk_, &Units::Stub::GetAdminUnit, get)), "ADMIN_UNIT_NOT_FOUND");
  get.set_name("provinces/48");
  EXPECT_EQ(Reason(CallAs<Units>(clerk_, &Units::Stub::GetAdminUnit, get)), "RESOURCE_NAME");

  v1::ListAdminUnitsRequest list;
  list.set_page_size(30);
  ASSERT_OK_AND_ASSIGN(auto page, CallAs<Units>(clerk_, &Units::Stub::ListAdminUnits, list));
  EXPECT_EQ(page.admin_units_size(), 30);
  EXPECT_EQ(page.admin_units(0).name(), "adminUnits/01");
  list.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(page, CallAs<Units>(clerk_, &Units::Stub::ListAdminUnits, list));
  EXPECT_EQ(page.admin_units_size(), 38 - 30);  // 34, and four that were merged
  EXPECT_EQ(page.next_page_token(), "");
}

TEST_F(ServiceTest, EventsTellWhatHappened) {
  ASSERT_OK(CreateNamed("a", "5800123458"));
  ASSERT_OK(Update("enterprise { name: 'provinces/48/enterprises/a' address: 'Huế' }"));
  ASSERT_OK(
      UpdateProfile("year_profile { name: 'provinces/48/enterprises/a/yearProfiles/2024' "
                    "capital_vnd: 5 months_operating: 12 } allow_missing: true"));
  EXPECT_EQ(Reason(CreateNamed("b", "5800123458")), "TAX_CODE_EXISTS");  // no event

  rpc::Peer reader = test_.As(test_.Token({"national_reader"}, {"*"}));
  event::v1::ListEventsRequest request;
  request.set_parent("provinces/48");
  ASSERT_OK_AND_ASSIGN(
      auto page, CallAs<v1::EventService>(reader, &v1::EventService::Stub::ListEvents, request));
  std::vector<std::string> types;
  for (const v1::Event& event : page.events()) types.push_back(event.metadata().type());
  EXPECT_THAT(types, ElementsAre("enterprise.created", "enterprise.updated", "yearProfile.created",
                                 "enterprise.updated"));  // its newest size class
  EXPECT_EQ(page.events(1).enterprise().address(), "Huế");
  EXPECT_EQ(page.events(2).year_profile().capital_vnd(), 5);
  EXPECT_EQ(page.events(2).metadata().province(), "48");
}

TEST_F(ServiceTest, TheStoreIsThereAgain) {
  ASSERT_OK(CreateNamed("a", "5800123458"));
  for (int i = 0; i < 3; ++i) ASSERT_OK(CreateNamed(absl::StrCat("b", i), TaxCode(i)));
  ASSERT_OK_AND_ASSIGN(auto page, List("parent: 'provinces/48' page_size: 1"));
  test_.Stop();
  service_.reset();
  Start(/*init=*/false);
  EXPECT_OK(Get("provinces/48/enterprises/a"));
  EXPECT_EQ(Reason(CreateNamed("z", "5800123458")), "TAX_CODE_EXISTS");
  // Page tokens outlive a restart.
  EXPECT_OK(List("parent: 'provinces/48' page_token: '" + page.next_page_token() + "'"));

  rpc::Peer operator_peer = test_.As(test_.Token({"operator"}, {"*"}));
  ASSERT_OK_AND_ASSIGN(
      store::v1::StoreStatus status,
      CallAs<v1::StoreService>(operator_peer, &v1::StoreService::Stub::GetStoreStatus,
                               store::v1::GetStoreStatusRequest()));
  EXPECT_EQ(status.service(), "registry");
  EXPECT_GE(status.event_position(), 4);
}

TEST_F(ServiceTest, WhoMayNot) {
  rpc::Peer reader = test_.As(test_.Token({"province_reader"}, {"48"}));
  v1::CreateEnterpriseRequest request = Good();
  request.set_request_id(NextRequestId());
  EXPECT_EQ(Reason(CallAs<Enterprises>(reader, &Enterprises::Stub::CreateEnterprise, request)),
            "ROLE_DENIED");
  request.set_parent("provinces/01");
  EXPECT_EQ(Reason(Create(request)), "SCOPE_DENIED");
}

TEST(ServiceOpenTest, ACatalogueThatCannotBeReadStopsTheStart) {
  rpc::TestDoor test("registry");
  Options options;
  options.data_dir = test.folder();
  options.catalogue_dir = test.folder();
  options.init = true;
  options.door = &test.door();
  EXPECT_EQ(Reason(Service::Open(options).status()), "CATALOGUE");
  EXPECT_FALSE(std::filesystem::exists(test.folder() + "/registry"));
  options.catalogue_dir = kCatalogue;
  options.init = false;
  EXPECT_EQ(Reason(Service::Open(options).status()), "STORE_MISSING");
}

}  // namespace
}  // namespace nscl::registry
