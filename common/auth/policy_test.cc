// From claims to what a caller may do, the cache of verified tokens, and the local issuer.
#include "common/auth/policy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/auth/authenticator.h"
#include "common/auth/issuer.h"
#include "common/auth/key_watcher.h"
#include "common/testing/status_matchers.h"

namespace nscl::auth {
namespace {

using nscl::testing::CodeIs;
using nscl::testing::IsOk;
using nscl::testing::Reason;
using nscl::testing::ReasonIs;
using ::testing::UnorderedElementsAre;

// The files as a catalogue has them; `rows` without what every row must have.
std::string File(const std::string& name, std::vector<std::string> rows) {
  for (std::string& row : rows)
    absl::StrAppend(&row, R"(, "legal_basis": "b", "confidence": "H"})");
  return absl::StrCat(R"({"schema": "nscl.catalogue.)", name, R"(.v1", "rows": [)",
                      absl::StrJoin(rows, ", "), "]}");
}
std::string Roles(const std::vector<std::string>& rows) { return File("roles", rows); }
std::string Provinces(const std::vector<std::string>& rows) { return File("provinces", rows); }

const std::string& GoodRoles() {
  static const auto& roles = *new std::string(
      Roles({R"({"role": "reader", "permissions": ["a.things.get", "a.things.list"])",
             R"({"role": "writer", "permissions": ["a.things.get", "a.things.create"])",
             R"({"role": "acting", "permissions": ["a.things.get"], "valid_to": "2026-06-30")",
             R"({"role": "acting", "permissions": ["a.things.list"], "valid_from": "2026-07-01")",
             R"({"role": "service:b", "permissions": ["a.things.pay"])"}));
  return roles;
}
const std::string& GoodProvinces() {
  static const auto& provinces = *new std::string(Provinces(
      {R"({"code": "56", "name": "K", "predecessors": ["58"], "successor": null, "valid_to": null)",
       R"({"code": "58", "name": "N", "predecessors": [], "successor": "56", "valid_to": "2025-06-30")",
       R"({"code": "57", "name": "P", "predecessors": [], "successor": "58", "valid_to": "2010-12-31")",
       R"({"code": "48", "name": "D", "predecessors": [])"}));
  return provinces;
}

std::shared_ptr<const Policy> ThePolicy() { return *Policy::Parse(GoodRoles(), GoodProvinces()); }

// Midday in Việt Nam.
absl::Time On(int year, int month, int day) {
  return absl::FromCivil(absl::CivilHour(year, month, day, 5), absl::UTCTimeZone());
}

std::set<std::string> Members(const StringSet& set) { return {set.begin(), set.end()}; }

Claims ClaimsOf(std::vector<std::string> roles, std::vector<std::string> provinces) {
  Claims claims;
  claims.issuer = "https://id.example.vn";
  claims.subject = "u";
  claims.roles = std::move(roles);
  claims.provinces = std::move(provinces);
  claims.expires = absl::InfiniteFuture();
  return claims;
}

TEST(PolicyTest, RolesGrantTogetherAndUnknownOnesNothing) {
  const Caller caller =
      ThePolicy()->CallerOf(ClaimsOf({"reader", "writer", "king"}, {}), On(2026, 1, 1));
  EXPECT_THAT(Members(caller.permissions),
              UnorderedElementsAre("a.things.get", "a.things.list", "a.things.create"));
  EXPECT_TRUE(caller.May("a.things.create"));
  EXPECT_FALSE(caller.May("a.things.pay"));
  EXPECT_FALSE(caller.May("a.things"));
  EXPECT_FALSE(caller.May(""));
  EXPECT_EQ(caller.actor, "user:https://id.example.vn|u");
  EXPECT_FALSE(Caller().May("a.things.get"));  // nobody may nothing
}

TEST(PolicyTest, ASuccessorCoversItsPredecessorsFromTheMergeOn) {
  struct Row {
    absl::Time now;
    std::vector<std::string> scope;
    const char* province;
    bool covered;
  } rows[] = {
      {On(2026, 1, 1), {"56"}, "56", true},
      {On(2026, 1, 1), {"56"}, "58", true},
      {On(2026, 1, 1), {"56"}, "57", true},  // merged into one that was merged
      {On(2026, 1, 1), {"58"}, "56", false},
      {On(2026, 1, 1), {"58"}, "58", true},
      {On(2026, 1, 1), {"48"}, "58", false},
      {On(2026, 1, 1), {}, "48", false},
      {On(2025, 7, 1), {"56"}, "58", true},
      {On(2025, 6, 30), {"56"}, "58", false},
      // The day begins at UTC+7: 17:00 UTC is the next one.
      {absl::FromCivil(absl::CivilSecond(2025, 6, 30, 16, 59, 59), absl::UTCTimeZone()),
       {"56"},
       "58",
       false},
      {absl::FromCivil(absl::CivilSecond(2025, 6, 30, 17, 0, 0), absl::UTCTimeZone()),
       {"56"},
       "58",
       true},
  };
  for (const Row& row : rows) {
    const Caller caller = ThePolicy()->CallerOf(ClaimsOf({}, row.scope), row.now);
    EXPECT_EQ(caller.Covers(row.province), row.covered)
        << absl::FormatTime(row.now) << " " << row.province;
    EXPECT_EQ(Reason(CheckProvince(caller, row.province)), row.covered ? "OK" : "SCOPE_DENIED");
  }
}

TEST(PolicyTest, AllProvincesAndServices) {
  Claims all = ClaimsOf({"reader"}, {});
  all.all_provinces = true;
  EXPECT_TRUE(ThePolicy()->CallerOf(all, On(2026, 1, 1)).Covers("99"));
  Claims service = ClaimsOf({"service:b"}, {});
  service.subject = "service:b";
  service.service = true;
  const Caller caller = ThePolicy()->CallerOf(service, On(2026, 1, 1));
  EXPECT_EQ(caller.actor, "service:b");
  EXPECT_TRUE(caller.all_provinces);
  EXPECT_TRUE(caller.May("a.things.pay"));
}

TEST(PolicyTest, ARoleGrantsOnTheDaysOnWhichItHolds) {
  struct Row {
    absl::Time now;
    const char* permission;
  } rows[] = {
      {On(2020, 1, 1), "a.things.get"},
      // 1 July begins in Việt Nam at 17:00 UTC of the day before.
      {absl::FromCivil(absl::CivilSecond(2026, 6, 30, 16, 59, 59), absl::UTCTimeZone()),
       "a.things.get"},
      {absl::FromCivil(absl::CivilSecond(2026, 6, 30, 17, 0, 0), absl::UTCTimeZone()),
       "a.things.list"},
      {On(2030, 1, 1), "a.things.list"},
  };
  for (const Row& row : rows) {
    EXPECT_THAT(Members(ThePolicy()->CallerOf(ClaimsOf({"acting"}, {}), row.now).permissions),
                UnorderedElementsAre(row.permission))
        << absl::FormatTime(row.now);
  }
}

TEST(PolicyTest, BadFilesNameThePlace) {
  struct Row {
    std::string roles, provinces;
    const char* text;
  } rows[] = {
      {"[]", GoodProvinces(), "roles.json: is not a JSON object"},
      {R"({"schema": "other", "rows": []})", GoodProvinces(), "roles.json, head, schema"},
      {R"({"schema": "nscl.catalogue.roles.v1"})", GoodProvinces(), "roles.json, head, rows"},
      {R"({"schema": "nscl.catalogue.roles.v1", "rows": [1]})", GoodProvinces(),
       "roles.json, row 1: is not an object"},
      {Roles({R"({"permissions": [])"}), GoodProvinces(), "row 1, role: is missing"},
      {Roles({R"({"role": "r")"}), GoodProvinces(), "row 1, permissions: is not a list"},
      {Roles({R"({"role": "r", "permissions": [1])"}), GoodProvinces(), "row 1, permissions"},
      {Roles({R"({"role": "r", "permissions": [""])"}), GoodProvinces(), "row 1, permissions"},
      {Roles({R"({"role": "r", "permissions": ["p", "p"])"}), GoodProvinces(), "holds p twice"},
      {Roles({R"({"role": "r", "permissions": [])", R"({"role": "r", "permissions": [])"}),
       GoodProvinces(), "row 2: r holds on the same day as row 1"},
      {Roles({R"({"role": "r", "permissions": [], "valid_too": "2026-01-01")"}), GoodProvinces(),
       "row 1, valid_too: is not known"},
      {R"({"schema": "nscl.catalogue.roles.v1", "rows": [{"role": "r", "permissions": []}]})",
       GoodProvinces(), "row 1, legal_basis: is missing"},
      {GoodRoles(), Provinces({R"({"code": "580", "name": "N", "predecessors": [])"}),
       "provinces.json, row 1, code: is not two digits"},
      {GoodRoles(),
       Provinces({R"({"code": "58", "name": "N", "predecessors": [], "successor": "56")"}),
       "row 1, valid_to: is missing where there is a successor"},
      {GoodRoles(),
       Provinces({R"({"code": "58", "name": "N", "predecessors": [], "successor": 56)"}),
       "row 1, successor: is not a text"},
  };
  for (const Row& row : rows) {
    const absl::Status status = Policy::Parse(row.roles, row.provinces).status();
    EXPECT_THAT(status, CodeIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(status, ReasonIs("CATALOGUE"));
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(row.text));
  }
  EXPECT_THAT(Policy::Load("/no/such/folder"), CodeIs(absl::StatusCode::kNotFound));
}

// The division of work that the shipped roles promise.
TEST(ShippedRolesTest, WhoPreparesDoesNotApprove) {
  auto policy = Policy::Load(NSCL_SOURCE_DIR "/deploy/catalogue");
  ASSERT_THAT(policy, IsOk());
  absl::flat_hash_map<std::string, StringSet> roles;
  for (const Role& role : (*policy)->roles()) roles[role.name] = role.permissions;
  struct Row {
    const char* permission;
    std::vector<std::string> roles;
  } rows[] = {
      {"casework.supportCases.approve", {"dost_leader"}},
      {"budgeting.plans.issue", {"dost_leader"}},
      {"budgeting.plans.submit", {"dost_officer"}},
      {"budgeting.allocations.create", {"finance_officer"}},
      {"budgeting.payments.create", {"dost_officer", "finance_officer"}},
      {"budgeting.reservations.create", {"service:casework"}},
      {"budgeting.reservations.commit", {"service:casework"}},
      {"casework.store.backup", {"operator"}},
  };
  for (const Row& row : rows) {
    std::vector<std::string> found;
    for (const Role& role : (*policy)->roles()) {
      if (role.permissions.contains(row.permission)) found.push_back(role.name);
    }
    EXPECT_EQ(found, row.roles) << row.permission;
  }
  // Readers read: nothing but get and list, and the operator sees no business data.
  for (const char* reader : {"national_reader", "province_reader"}) {
    for (const std::string& permission : roles.at(reader)) {
      const std::string verb = permission.substr(permission.rfind('.') + 1);
      EXPECT_TRUE(verb == "get" || verb == "list") << permission;
    }
  }
  for (const std::string& permission : roles.at("operator")) {
    EXPECT_TRUE(permission.find(".store.") != std::string::npos ||
                permission == "reporting.follow.get")
        << permission;
  }
}

// ------------------------------------------------------------------------------------------ issuer
// and cache

class IssuerTest : public ::testing::Test {
 protected:
  IssuerTest() : folder_(absl::StrCat(::testing::TempDir(), "/issuer-", ::getpid(), "-", ++made_)) {
    std::filesystem::remove_all(folder_);
  }
  ~IssuerTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
  time::ManualClock clock_{On(2026, 11, 22)};

 private:
  static int made_;
};
int IssuerTest::made_ = 0;

TEST_F(IssuerTest, KeepsItsKeyToItself) {
  auto issuer = LocalIssuer::Open(folder_, &clock_);
  ASSERT_THAT(issuer, IsOk());
  struct stat info;
  ASSERT_EQ(::stat(absl::StrCat(folder_, "/issuer.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  // Opened again it has the same key; the key set on disk is what it says.
  auto again = LocalIssuer::Open(folder_, &clock_);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ((*again)->jwks(), (*issuer)->jwks());
  std::stringstream on_disk;
  on_disk << std::ifstream(absl::StrCat(folder_, "/issuer.jwks.json")).rdbuf();
  EXPECT_EQ(on_disk.str(), (*issuer)->jwks());
  ::chmod(absl::StrCat(folder_, "/issuer.key").c_str(), 0644);
  EXPECT_THAT(LocalIssuer::Open(folder_, &clock_), CodeIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(IssuerTest, MintsWhatItMay) {
  auto issuer = *LocalIssuer::Open(folder_, &clock_);
  struct Row {
    TokenRequest request;
    bool good;
  } rows[] = {
      {{.subject = "u", .roles = {"reader"}, .provinces = {"48"}}, true},
      {{.subject = "u", .provinces = {"*"}, .lifetime = absl::Hours(12)}, true},
      {{.subject = ""}, false},
      {{.subject = "service:casework"}, false},
      {{.subject = "u", .roles = {"service:casework"}}, false},
      {{.subject = "u", .provinces = {"480"}}, false},
      {{.subject = "u", .lifetime = absl::Hours(13)}, false},
      {{.subject = "u", .lifetime = absl::ZeroDuration()}, false},
      {{.subject = std::string(7000, 'u')}, false},
  };
  for (const Row& row : rows)
    EXPECT_EQ(issuer->Mint(row.request).ok(), row.good) << row.request.subject;
}

TEST_F(IssuerTest, ItsTokensAreTrustedAndEnd) {
  auto issuer = *LocalIssuer::Open(folder_, &clock_);
  Authenticator authenticator({issuer->trusted()}, ThePolicy(), &clock_);
  const std::string token = *issuer->Mint(
      {.subject = "u", .organisation = "dost-48", .roles = {"reader"}, .provinces = {"48"}});
  auto caller = authenticator.AuthenticateHeader("Bearer " + token);
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ((*caller)->organisation, "dost-48");
  EXPECT_TRUE((*caller)->Covers("48"));
  EXPECT_THAT(authenticator.AuthenticateHeader("bearer " + token), IsOk());
  auto service = authenticator.Authenticate(*issuer->MintForService("b"));
  ASSERT_THAT(service, IsOk());
  EXPECT_EQ((*service)->actor, "service:b");

  struct Row {
    std::string header;
    const char* reason;
  } rows[] = {{"", "TOKEN_MISSING"},
              {"Bearer", "TOKEN_MISSING"},
              {"Bearer ", "TOKEN_MISSING"},
              {"Basic dTpw", "TOKEN_MISSING"},
              {"Bearer  " + token, "TOKEN_INVALID"},
              {token, "TOKEN_MISSING"},
              {"Bearer " + token + ",Bearer " + token, "TOKEN_INVALID"}};
  for (const Row& row : rows)
    EXPECT_EQ(Reason(authenticator.AuthenticateHeader(row.header)), row.reason);

  clock_.Advance(absl::Minutes(15) + absl::Seconds(29));
  EXPECT_THAT(authenticator.Authenticate(token), IsOk());
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(authenticator.Authenticate(token), ReasonIs("TOKEN_EXPIRED"));
}

TEST_F(IssuerTest, TheCacheForgets) {
  auto issuer = *LocalIssuer::Open(folder_, &clock_);
  Authenticator authenticator({issuer->trusted()}, ThePolicy(), &clock_);
  const std::string token = *issuer->Mint({.subject = "u", .lifetime = absl::Seconds(90)});
  auto first = *authenticator.Authenticate(token);
  EXPECT_EQ(*authenticator.Authenticate(token),
            first);  // the same object: nothing was verified again
  EXPECT_EQ(authenticator.cached_tokens(), 1u);
  clock_.Advance(absl::Seconds(60));
  auto second = *authenticator.Authenticate(token);
  EXPECT_NE(second, first);  // after 60 s it is looked at again
  clock_.Advance(absl::Seconds(29));
  EXPECT_EQ(*authenticator.Authenticate(token), second);
  clock_.Advance(absl::Seconds(1));  // exp: not from the cache any more, only by the leeway
  EXPECT_NE(*authenticator.Authenticate(token), second);
  // Refused tokens are not kept.
  EXPECT_FALSE(authenticator.Authenticate("a.b.c").ok());
  authenticator.SetPolicy(ThePolicy());
  EXPECT_EQ(authenticator.cached_tokens(), 0u);
}

// Five services of one new installation, started together on one folder.
TEST_F(IssuerTest, ManyStartingAtOnceMakeOneKey) {
  for (int round = 0; round < 10; ++round) {
    const std::string folder = absl::StrCat(folder_, "-together-", round);
    std::vector<std::string> keys(5);
    std::vector<std::thread> services;
    for (std::string& jwks : keys) {
      services.emplace_back([&jwks, &folder] {
        auto issuer = LocalIssuer::Open(folder);
        jwks = issuer.ok() ? (*issuer)->jwks() : issuer.status().ToString();
      });
    }
    for (std::thread& service : services) service.join();
    for (const std::string& jwks : keys) EXPECT_EQ(jwks, (*LocalIssuer::Open(folder))->jwks());
    std::filesystem::remove_all(folder);
  }
}

TEST_F(IssuerTest, ARevokedKeyIsRefusedAtOnce) {
  auto issuer = *LocalIssuer::Open(folder_, &clock_);
  auto next = *LocalIssuer::Open(folder_ + "-next", &clock_);
  Authenticator authenticator({issuer->trusted()}, ThePolicy(), &clock_);
  const std::string token = *issuer->Mint({.subject = "u"}), other = *next->Mint({.subject = "u"});
  EXPECT_THAT(authenticator.Authenticate(token), IsOk());
  EXPECT_THAT(authenticator.Authenticate(other), ReasonIs("TOKEN_INVALID"));
  authenticator.SetIssuers({next->trusted()});
  EXPECT_THAT(authenticator.Authenticate(token), ReasonIs("TOKEN_INVALID"));
  EXPECT_THAT(authenticator.Authenticate(other), IsOk());
  std::filesystem::remove_all(folder_ + "-next");
}

// A provider rotates: adds a key, signs with it, drops the old one; then its file is spoilt.
TEST_F(IssuerTest, KeysRotateByTheirFile) {
  auto old_issuer = *LocalIssuer::Open(folder_, &clock_);
  auto new_issuer = *LocalIssuer::Open(folder_ + "-next", &clock_);
  auto authenticator = std::make_shared<Authenticator>(
      std::vector<TrustedIssuer>{old_issuer->trusted()}, ThePolicy(), &clock_);
  const std::string path = folder_ + "/keys.json";
  const auto key = [](const LocalIssuer& issuer) {
    const std::string& jwks = issuer.jwks();
    return jwks.substr(jwks.find('[') + 1, jwks.rfind(']') - jwks.find('[') - 1);
  };
  const auto write = [&](const std::string& keys) {
    std::ofstream(path) << "{\"keys\":[" << keys << "]}";
  };
  write(key(*old_issuer));
  KeyWatcher watcher(authenticator, kLocalIssuer, KeySource{path}, nullptr);
  const auto accepted = [&](const LocalIssuer& issuer) {
    return authenticator->Authenticate(*issuer.Mint({.subject = "u"})).ok();
  };
  struct Row {
    const char* what;
    std::string keys;
    bool looked, old_one, new_one;
  } rows[] = {
      {"one key", key(*old_issuer), true, true, false},
      {"a second", absl::StrCat(key(*old_issuer), ",", key(*new_issuer)), true, true, true},
      {"spoilt: nothing changes", "{", false, true, true},
      {"empty: nothing changes", "", false, true, true},
      {"the first is dropped", key(*new_issuer), true, false, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    write(row.keys);
    EXPECT_EQ(watcher.Look().ok(), row.looked);
    EXPECT_EQ(accepted(*old_issuer), row.old_one);
    EXPECT_EQ(accepted(*new_issuer), row.new_one);
  }
  EXPECT_THAT(authenticator->SetKeys("https://nobody", new_issuer->trusted().keys),
              CodeIs(absl::StatusCode::kNotFound));
  std::filesystem::remove_all(folder_ + "-next");
}

TEST_F(IssuerTest, TheCacheIsBounded) {
  auto issuer = *LocalIssuer::Open(folder_, &clock_);
  Authenticator authenticator({issuer->trusted()}, ThePolicy(), &clock_, /*cache_entries=*/64);
  for (int i = 0; i < 500; ++i) {
    ASSERT_THAT(authenticator.Authenticate(*issuer->Mint({.subject = absl::StrCat("u", i)})),
                IsOk());
    EXPECT_LE(authenticator.cached_tokens(), 64u);
  }
}

TEST_F(IssuerTest, TokenSourcesRenewInTime) {
  std::shared_ptr<LocalIssuer> issuer = *LocalIssuer::Open(folder_, &clock_);
  auto minted = TokenSource::FromIssuer(issuer, "b", &clock_);
  const std::string first = *minted->Token();
  EXPECT_EQ(*minted->Token(), first);
  clock_.Advance(absl::Minutes(5));
  EXPECT_NE(*minted->Token(), first);

  const std::string path = folder_ + "/token";
  auto mounted = TokenSource::FromFile(path, &clock_);
  EXPECT_THAT(mounted->Token(), CodeIs(absl::StatusCode::kUnavailable));
  std::ofstream(path) << "one\n";
  EXPECT_EQ(*mounted->Token(), "one");
  std::ofstream(path) << "two\n";
  EXPECT_EQ(*mounted->Token(), "one");
  clock_.Advance(absl::Seconds(30));
  EXPECT_EQ(*mounted->Token(), "two");
}

TEST(StringSetTest, CopiesShareUntilTheyChange) {
  StringSet one = {"a", "b"};
  StringSet two = one;
  two.insert("c");
  EXPECT_THAT(Members(one), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(Members(two), UnorderedElementsAre("a", "b", "c"));
  EXPECT_TRUE(StringSet().empty());
  EXPECT_FALSE(StringSet().contains(""));
}

}  // namespace
}  // namespace nscl::auth
