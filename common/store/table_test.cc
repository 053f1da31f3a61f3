// Tables and changes, on a resource that a service has.
#include "common/store/table.h"
#include "common/store/list_over.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/store/change.h"
#include "common/store/hash.h"
#include "common/store/testing/fixture.h"
#include "nscl/registry/v1/contact.pb.h"
#include "nscl/registry/v1/contact_service.pb.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "nscl/registry/v1/enterprise_service.pb.h"

namespace nscl::store {
namespace {

using registry::v1::CreateEnterpriseRequest;
using registry::v1::Enterprise;

const TableSpec kSpec = {'E', "provinces/{province}/enterprises/{enterprise}", "enterprise", 2};

Enterprise Named(absl::string_view name, absl::string_view display_name = "") {
  Enterprise enterprise;
  enterprise.set_name(std::string(name));
  enterprise.set_display_name(std::string(display_name));
  return enterprise;
}

TEST(TableTest, KeysOfNames) {
  struct {
    const char* name;
    const char* key;  // '.' for the zero byte; "" where it is refused
  } rows[] = {
      {"provinces/48/enterprises/a", "E48.a."},
      {"provinces/48/enterprises/a/", ""},
      {"provinces/48/enterprises/", ""},
      {"provinces/-/enterprises/a", ""},
      {"provinces/48/enterprises/-", ""},
      {"provinces/48/enterprise/a", ""},
      {"provinces/48", ""},
      {"/provinces/48/enterprises/a", ""},
      {"provinces/48/enterprises/a/b/c", ""},
      {"", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    absl::StatusOr<std::string> key = internal::KeyOfName(kSpec, row.name);
    if (*row.key == '\0') {
      EXPECT_EQ(status::ReasonOf(key.status()), "RESOURCE_NAME");
      continue;
    }
    ASSERT_TRUE(key.ok()) << key.status();
    std::replace(key->begin(), key->end(), '\0', '.');
    EXPECT_EQ(*key, row.key);
  }
  EXPECT_EQ(status::ReasonOf(
                internal::KeyOfName(kSpec, absl::string_view("provinces/48/enterprises/a\0b", 28))
                    .status()),
            "RESOURCE_NAME");
}

TEST(TableTest, PrefixesOfParents) {
  const TableSpec deep = {'Y', "provinces/{province}/enterprises/{enterprise}/yearProfiles/{year}",
                          "y", 3};
  struct {
    const TableSpec& spec;
    const char* parent;
    const char* prefix;
  } rows[] = {
      {kSpec, "provinces/48", "E48."},
      {kSpec, "provinces/-", "E"},
      {kSpec, "", "E"},
      {kSpec, "provinces/48/enterprises/a", ""},
      {kSpec, "regions/48", ""},
      {deep, "provinces/48/enterprises/a", "Y48.a."},
      {deep, "provinces/48/enterprises/-", "Y48."},
      {deep, "provinces/-/enterprises/-", "Y"},
      {deep, "provinces/-/enterprises/a", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.parent);
    absl::StatusOr<std::string> prefix = internal::KeyPrefixOfParent(row.spec, row.parent);
    if (*row.prefix == '\0') {
      EXPECT_EQ(status::ReasonOf(prefix.status()), "RESOURCE_NAME");
      continue;
    }
    ASSERT_TRUE(prefix.ok()) << prefix.status();
    std::replace(prefix->begin(), prefix->end(), '\0', '.');
    EXPECT_EQ(*prefix, row.prefix);
  }
}

// What Insert and Update stamp, index and emit.
TEST(TableTest, InsertLoadUpdate) {
  TestFolder folder;
  time::ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  Options options = folder.StoreOptions();
  options.clock = &clock;
  auto store = OpenOrDie(options);
  std::vector<std::string> indexed;
  const Table<Enterprise> table(
      kSpec, [&](Txn&, const Enterprise* before, const Enterprise* after) {
        indexed.push_back(
            absl::StrCat(before ? before->display_name() : "-", ">", after->display_name()));
      });
  const std::string name = "provinces/48/enterprises/a";
  const auto insert = [&](Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(Enterprise stored, table.Insert(txn, Named(name, "An")));
    EXPECT_EQ(stored.etag(), "\"1\"");
    return std::string();
  };
  ASSERT_TRUE(store->Run(CommandOf(insert)).ok());
  absl::Status taken = store->Run(CommandOf(insert)).status();
  EXPECT_EQ(taken.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(status::ReasonOf(taken), "ENTERPRISE_EXISTS");

  clock.Advance(absl::Seconds(60));
  const auto update = [&](absl::string_view etag) {
    return store->Run(CommandOf([&, etag](Txn& txn) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(Enterprise current, table.Load(txn, name, etag));
      Enterprise next = current;
      next.set_display_name("Bình");
      next.clear_create_time();
      ASSIGN_OR_RETURN(next, table.Update(txn, current, next, "renamed"));
      return std::string();
    }));
  };
  absl::Status mismatch = update("\"9\"").status();
  EXPECT_EQ(mismatch.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status::ReasonOf(mismatch), "ETAG_MISMATCH");
  EXPECT_EQ(status::MetadataOf(mismatch, "current_etag"), "\"1\"");
  ASSERT_TRUE(update("\"1\"").ok());  // revision 4: two refusals came between
  ASSERT_TRUE(update("").ok());
  EXPECT_EQ(indexed, (std::vector<std::string>{"->An", "An>Bình", "Bình>Bình"}));

  absl::StatusOr<Enterprise> stored = table.Get(*store->TakeSnapshot(), name);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->display_name(), "Bình");
  EXPECT_EQ(stored->etag(), "\"5\"");
  EXPECT_EQ(stored->create_time().seconds(), 1'700'000'000);
  EXPECT_EQ(stored->update_time().seconds(), 1'700'000'060);
  EXPECT_TRUE(*table.Exists(*store->TakeSnapshot(), name));
  EXPECT_FALSE(*table.Exists(*store->TakeSnapshot(), name + "b"));
  EXPECT_EQ(status::ReasonOf(table.Get(*store->TakeSnapshot(), name + "b").status()), "NOT_FOUND");
  EXPECT_EQ(store->GetStatus().event_position(), 3);
  EXPECT_EQ(store->ReadEvents(0, 0, "48", 10)->events.size(), 3);
  EXPECT_EQ(store->ReadEvents(0, 0, "56", 10)->events.size(), 0);
}

TEST(TableTest, ListsPageInOrderOfName) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  const Table<Enterprise> table(kSpec);
  ASSERT_TRUE(
      store
          ->Run(CommandOf([&](Txn& txn) -> absl::StatusOr<std::string> {
            for (absl::string_view id : {"b", "a", "c", "ab", "d"}) {
              RETURN_IF_ERROR(
                  table.Insert(txn, Named(absl::StrCat("provinces/48/enterprises/", id))).status());
            }
            RETURN_IF_ERROR(table.Insert(txn, Named("provinces/56/enterprises/a")).status());
            RETURN_IF_ERROR(table.Insert(txn, Named("provinces/4/enterprises/a")).status());
            return std::string();
          }))
          .ok());
  auto snapshot = store->TakeSnapshot();
  std::vector<std::string> names;
  std::vector<size_t> sizes;
  std::string after;
  do {
    absl::StatusOr<Page<Enterprise>> page = table.List(*snapshot, "provinces/48", after, 2);
    ASSERT_TRUE(page.ok()) << page.status();
    sizes.push_back(page->rows.size());
    for (const Enterprise& row : page->rows) names.push_back(row.name().substr(25));
    after = page->last_key;
  } while (!after.empty());
  EXPECT_EQ(names, (std::vector<std::string>{"a", "ab", "b", "c", "d"}));
  EXPECT_EQ(sizes, (std::vector<size_t>{2, 2, 1}));
  EXPECT_EQ(table.List(*snapshot, "provinces/-", "", 100)->rows.size(), 7);
  EXPECT_EQ(table.List(*snapshot, "provinces/99", "", 100)->rows.size(), 0);
  const auto ends_in_a = [](const Enterprise& row) { return row.name().back() == 'a'; };
  EXPECT_EQ(table.List(*snapshot, "provinces/-", "", 100, ends_in_a)->rows.size(), 3);
  EXPECT_TRUE(table.List(*snapshot, "provinces/48", "", 5)->last_key.empty())
      << "a full page may be the last";
}

// Whatever the size of the pages: rows of the scope, all, once, in order; at the last key of a
// province the next page begins with the next.
TEST(ListOverTest, OnlyTheProvincesOfTheScope) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  const Table<Enterprise> table(kSpec);
  ASSERT_TRUE(store
                  ->Run(CommandOf([&](Txn& txn) -> absl::StatusOr<std::string> {
                    for (absl::string_view name :
                         {"48/enterprises/a", "48/enterprises/b", "49/enterprises/foreign",
                          "56/enterprises/c", "58/enterprises/d", "58/enterprises/e"}) {
                      RETURN_IF_ERROR(
                          table.Insert(txn, Named(absl::StrCat("provinces/", name))).status());
                    }
                    return std::string();
                  }))
                  .ok());
  auto snapshot = store->TakeSnapshot();
  // As auth::Caller has them.
  struct {
    std::vector<std::string> provinces{"58", "48", "50", "56"};
    bool all_provinces = false;
  } caller;
  for (size_t limit = 1; limit <= 6; ++limit) {
    SCOPED_TRACE(limit);
    std::string seen, after;
    int looked_at = 0, pages = 0;
    do {
      absl::StatusOr<Page<Enterprise>> page =
          ListInScope<Enterprise>(table, *snapshot, caller, "provinces/-", after, limit,
                                  [&](const Enterprise&) { return ++looked_at > 0; });
      ASSERT_TRUE(page.ok()) << page.status();
      EXPECT_LE(page->rows.size(), limit);
      for (const Enterprise& row : page->rows) seen += row.name().substr(25);
      after = page->last_key;
      ASSERT_LT(++pages, 10);
    } while (!after.empty());
    EXPECT_EQ(seen, "abcde");
    EXPECT_EQ(looked_at, 5) << "rows of 49 are not even looked at";
  }
  const auto all = [](const Enterprise&) { return true; };
  EXPECT_EQ(
      ListInScope<Enterprise>(table, *snapshot, caller, "provinces/48", "", 9, all)->rows.size(),
      2);
  caller.all_provinces = true;
  EXPECT_EQ(
      ListInScope<Enterprise>(table, *snapshot, caller, "provinces/-", "", 9, all)->rows.size(), 6);
  EXPECT_EQ(absl::BytesToHexString(internal::EndOfProvinceKey('E', "48")), "45343800ff");
  EXPECT_EQ(internal::ProvinceOfKey('E', internal::EndOfProvinceKey('E', "48")), "48");
  EXPECT_EQ(internal::ProvinceOfKey('E', ""), "");
}

auth::Call CallOf() {
  auth::Call call;
  call.caller.actor = "user:test|an";
  call.caller.organisation = "so-khcn-48";
  call.method = "/nscl.registry.v1.EnterpriseService/CreateEnterprise";
  call.province = "48";
  return call;
}

CreateEnterpriseRequest RequestOf(absl::string_view display_name, absl::string_view request_id) {
  CreateEnterpriseRequest request;
  request.set_parent("provinces/48");
  request.mutable_enterprise()->set_display_name(std::string(display_name));
  request.set_request_id(std::string(request_id));
  return request;
}

TEST(OriginTest, TheBodyIsTheRequestWithoutItsRequestId) {
  const absl::StatusOr<Origin> origin =
      OriginOf(CallOf(), RequestOf("An", RequestId(1)), "provinces/48/x/y");
  ASSERT_TRUE(origin.ok());
  EXPECT_EQ(origin->scope, "so-khcn-48");
  EXPECT_EQ(origin->province, "48");
  EXPECT_EQ(origin->body_hash.size(), 32);
  EXPECT_EQ(origin->body_hash, OriginOf(CallOf(), RequestOf("An", RequestId(2)), "")->body_hash);
  EXPECT_NE(origin->body_hash, OriginOf(CallOf(), RequestOf("Bình", RequestId(1)), "")->body_hash);
  CreateEnterpriseRequest without = RequestOf("An", RequestId(1));
  without.clear_request_id();
  EXPECT_EQ(origin->body_hash, Sha256({without.SerializeAsString()}));

  auth::Call national = CallOf();
  national.province = "-";
  national.caller.organisation.clear();
  EXPECT_EQ(
      OriginOf(national, RequestOf("An", RequestId(1)), "provinces/56/enterprises/a")->province,
      "56");
  EXPECT_EQ(OriginOf(national, RequestOf("An", RequestId(1)), "provinces/-")->province, "");
  EXPECT_EQ(OriginOf(national, RequestOf("An", RequestId(1)), "")->scope, "user:test|an");
}

TEST(OriginTest, RequestIdsAreUuids) {
  struct {
    const char* id;
    const char* kept;  // "" where it is refused
  } rows[] = {
      {"", ""},
      {"1", ""},
      {"00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000001"},
      {"ABCDEF00-0000-4000-8000-000000000001", "abcdef00-0000-4000-8000-000000000001"},
      {"00000000-0000-4000-8000-0000000000011", ""},
      {"00000000-0000-4000-8000-00000000000g", ""},
      {"000000000000-4000-8000-0000-00000000", ""},
      {"{0000000-0000-4000-8000-00000000000}", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.id);
    absl::StatusOr<Origin> origin = OriginOf(CallOf(), RequestOf("An", row.id), "");
    if (*row.kept == '\0') {
      EXPECT_EQ(origin.status().code(), absl::StatusCode::kInvalidArgument);
      EXPECT_EQ(status::ReasonOf(origin.status()), "REQUEST_ID");
      EXPECT_EQ(status::BadRequestOf(origin.status()).field_violations(0).field(), "request_id");
    } else {
      EXPECT_EQ(origin->request_id, row.kept);
    }
  }
}

TEST(ChangeTest, AnswersReplaysAndValidatesOnly) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  const Table<Enterprise> table(kSpec);
  int runs = 0;
  const auto create = [&](const CreateEnterpriseRequest& request) {
    absl::StatusOr<Enterprise> answer = absl::UnknownError("no answer");
    Change<Enterprise>(
        *store, CallOf(), request, "provinces/48/enterprises/a", Retention::kForever,
        [&](Txn& txn) -> absl::StatusOr<Enterprise> {
          ++runs;
          return table.Insert(
              txn, Named("provinces/48/enterprises/a", request.enterprise().display_name()));
        },
        [&](absl::StatusOr<Enterprise> result) { answer = std::move(result); });
    store
        ->Run(
            CommandOf([](Txn&) -> absl::StatusOr<std::string> {  // comes behind it: it was answered
              return std::string();
            }))
        .IgnoreError();
    return answer;
  };
  CreateEnterpriseRequest validate = RequestOf("An", RequestId(1));
  validate.set_validate_only(true);
  EXPECT_EQ(create(validate)->display_name(), "An");
  EXPECT_FALSE(*table.Exists(*store->TakeSnapshot(), "provinces/48/enterprises/a"));

  absl::StatusOr<Enterprise> created = create(RequestOf("An", RequestId(1)));
  ASSERT_TRUE(created.ok()) << created.status();
  absl::StatusOr<Enterprise> replayed = create(RequestOf("An", RequestId(1)));
  ASSERT_TRUE(replayed.ok());
  EXPECT_EQ(replayed->SerializeAsString(), created->SerializeAsString());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(status::ReasonOf(create(RequestOf("Bình", RequestId(1))).status()),
            "REQUEST_ID_REUSED");
  EXPECT_EQ(status::ReasonOf(create(RequestOf("An", RequestId(2))).status()), "ENTERPRISE_EXISTS");
  EXPECT_EQ(status::ReasonOf(create(RequestOf("An", "")).status()), "REQUEST_ID");
}

// Personal fields stand beside the row, and nowhere else.
class PersonalTest : public ::testing::Test {
 protected:
  using Contact = registry::v1::Contact;

  PersonalTest() : store_(OpenOrDie(folder_.StoreOptions())) {}

  // Runs `change` through the door for changes; returns the answer of the command.
  absl::StatusOr<Contact> Run(std::function<absl::StatusOr<Contact>(Txn&)> change) {
    auth::Call call;
    call.caller.actor = "user:test|an";
    call.method = "/nscl.registry.v1.ContactService/CreateContact";
    registry::v1::CreateContactRequest request;
    request.mutable_contact()->set_phone("0905123456");
    request.set_request_id(RequestId(++commands_));
    absl::StatusOr<Contact> answer = absl::UnknownError("no answer");
    Change<Contact>(*store_, call, request, kName, Retention::kForever, std::move(change),
                    [&](absl::StatusOr<Contact> given) { answer = std::move(given); });
    return answer;
  }
  absl::StatusOr<Contact> Insert() {
    return Run([&](Txn& txn) {
      Contact contact;
      contact.set_name(kName);
      contact.set_phone("0905123456");
      contact.set_personal_id("001099012345");
      contact.set_position("Giám đốc");
      return table_.Insert(txn, contact);
    });
  }
  // The contact with its personal data.
  Contact Whole() {
    auto snapshot = store_->TakeSnapshot();
    Contact contact = *table_.Get(*snapshot, kName);
    EXPECT_EQ(contact.phone() + contact.personal_id(), "");
    EXPECT_TRUE(table_.GivePersonal(*snapshot, contact).ok());
    return contact;
  }
  // Changes it with or without its personal fields filled in.
  void Update(bool whole, std::function<void(Contact&)> change) {
    EXPECT_TRUE(Run([&](Txn& txn) -> absl::StatusOr<Contact> {
                  ASSIGN_OR_RETURN(Contact before, table_.Get(txn, kName));
                  if (whole) RETURN_IF_ERROR(table_.GivePersonal(txn, before));
                  Contact after = before;
                  change(after);
                  return table_.Update(txn, before, after);
                }).ok());
  }

  static constexpr char kName[] = "provinces/48/enterprises/a/contacts/c";
  const Table<Contact> table_{
      {'O', "provinces/{province}/enterprises/{enterprise}/contacts/{contact}", "contact", 4}};
  TestFolder folder_;
  std::unique_ptr<Store> store_;
  int commands_ = 0;
};

TEST_F(PersonalTest, IsGivenBackOnlyWhereItIsAskedFor) {
  absl::StatusOr<Contact> answer = Insert();
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->phone() + answer->personal_id(), "");
  EXPECT_EQ(answer->position(), "Giám đốc");
  EXPECT_EQ(Whole().personal_id(), "001099012345");
  EXPECT_EQ(Whole().position(), "Giám đốc");
}

TEST_F(PersonalTest, ChangesOfOtherFieldsLeaveItAsItIs) {
  ASSERT_TRUE(Insert().ok());
  Update(/*whole=*/false, [](Contact& contact) { contact.set_position("Chủ hộ"); });
  EXPECT_EQ(Whole().phone(), "0905123456");
  EXPECT_EQ(Whole().position(), "Chủ hộ");
  Update(/*whole=*/true, [](Contact& contact) { contact.clear_phone(); });
  EXPECT_EQ(Whole().phone(), "");
  EXPECT_EQ(Whole().personal_id(), "001099012345");
  Update(/*whole=*/true, [](Contact& contact) { contact.clear_personal_id(); });
  EXPECT_EQ(Whole().personal_id(), "");
}

TEST_F(PersonalTest, StandsInNoRecordEventOrKeptAnswer) {
  ASSERT_TRUE(Insert().ok());
  Update(/*whole=*/true, [](Contact& contact) { contact.set_phone("0905000111"); });
  absl::StatusOr<nscl::store::v1::VerifyStoreResponse> verified = store_->Verify();
  EXPECT_TRUE(verified.ok()) << verified.status();
  int scanned = 0;
  ASSERT_TRUE(store_->TakeSnapshot()
                  ->Scan({}, [&](absl::string_view, absl::string_view) { return ++scanned > 0; })
                  .ok());
  EXPECT_EQ(scanned, 1);
  ASSERT_TRUE(store_->Close().ok());
  for (const char* planted : {"001099012345", "0905123456", "0905000111"}) {
    EXPECT_EQ(PlacesOf(planted, folder_.store_path()), std::vector<std::string>()) << planted;
  }
  EXPECT_NE(PlacesOf("Giám đốc", folder_.store_path()), std::vector<std::string>());

  store_ = OpenOrDie(folder_.StoreOptions());
  EXPECT_EQ(Whole().phone(), "0905000111");
}

TEST_F(PersonalTest, IsInBackups) {
  ASSERT_TRUE(Insert().ok());
  ASSERT_TRUE(store_->PauseWrites(RequestId(99), absl::Seconds(20)).ok());
  absl::StatusOr<nscl::store::v1::Backup> backup = store_->CreateBackup(RequestId(99), "set");
  ASSERT_TRUE(backup.ok()) << backup.status();
  Options target = folder_.StoreOptions();
  target.path = folder_.path() + "/restored";
  absl::StatusOr<nscl::store::v1::StoreStatus> restored =
      Restore(target, folder_.StoreOptions().backup_path, "set");
  ASSERT_TRUE(restored.ok()) << restored.status();
  store_ = OpenOrDie(target);
  EXPECT_EQ(Whole().personal_id(), "001099012345");
}

}  // namespace
}  // namespace nscl::store
