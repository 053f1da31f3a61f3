// Contacts over a real server: who sees personal data, where they stand, and that they can be
// erased.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "common/store/testing/fixture.h"
#include "common/telemetry/log.h"
#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/contact_service.grpc.pb.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "services/registry/testing/test_service.h"

namespace nscl::registry {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;
using ::testing::ElementsAre;
using Stub = v1::ContactService::Stub;

constexpr char kId[] = "001099012345";
constexpr char kPhone[] = "0905 123 456";
constexpr char kName[] = "Nguyễn Thị Hoa";
constexpr char kEmail[] = "hoa.nguyen@an-binh.vn";
constexpr char kContact[] = "provinces/48/enterprises/a/contacts/c";

class ContactsTest : public ::testing::Test {
 protected:
  ContactsTest() { test_.Enterprise("a", TaxCode(1)); }

  static v1::CreateContactRequest Good(const std::string& over = "") {
    auto request = Parse<v1::CreateContactRequest>(
        "parent: 'provinces/48/enterprises/a' contact_id: 'c' contact { role: ROLE_OWNER "
        "position: 'Chủ hộ' processing_basis: 'Luật Quản lý thuế Điều 35.7' }");
    v1::Contact& contact = *request.mutable_contact();
    contact.set_full_name(kName);
    contact.set_personal_id(kId);
    contact.set_phone(kPhone);
    contact.set_email(kEmail);
    request.MergeFrom(Parse<v1::CreateContactRequest>(over));
    return request;
  }
  absl::StatusOr<v1::Contact> Create(const std::string& over = "") {
    return test_.Call(&Stub::CreateContact, Good(over));
  }
  absl::StatusOr<v1::Contact> Get(const rpc::Peer& as) {
    v1::GetContactRequest request;
    request.set_name(kContact);
    return test_.CallAs(as, &Stub::GetContact, request);
  }
  absl::StatusOr<v1::Contact> Get() { return Get(Clerk()); }
  absl::StatusOr<v1::Contact> Update(const std::string& text) {
    return test_.Call(
        &Stub::UpdateContact,
        Parse<v1::UpdateContactRequest>("contact { name: '" + std::string(kContact) + "' " + text));
  }
  absl::StatusOr<v1::Contact> Erase(const std::string& over = "reason: 'Đơn số 5'") {
    auto request = Parse<v1::EraseContactRequest>(over);
    if (request.name().empty()) request.set_name(kContact);
    return test_.Call(&Stub::EraseContact, request);
  }
  rpc::Peer Clerk() { return test_.As({"enterprise_clerk"}, {"48"}); }
  rpc::Peer Reader() { return test_.As({"province_reader"}, {"48"}); }
  // The four personal fields, one after another.
  static std::string PersonalOf(const absl::StatusOr<v1::Contact>& contact) {
    if (!contact.ok()) return Reason(contact);
    return absl::StrCat(contact->full_name(), "|", contact->personal_id(), "|", contact->phone(),
                        "|", contact->email());
  }

  TestService test_;
  const std::string all_ = absl::StrCat(kName, "|", kId, "|", kPhone, "|", kEmail);
};

TEST_F(ContactsTest, OnlyWhoMaySeePersonalDataIsAnsweredThem) {
  EXPECT_EQ(PersonalOf(Create()), all_);
  EXPECT_EQ(PersonalOf(Get()), all_);
  const absl::StatusOr<v1::Contact> read = Get(Reader());
  EXPECT_EQ(PersonalOf(read), "|||");
  EXPECT_EQ(read->position(), "Chủ hộ");
  EXPECT_EQ(PersonalOf(Get(test_.As({"enterprise_clerk"}, {"01"}))), "SCOPE_DENIED");

  v1::ListContactsRequest list;
  list.set_parent("provinces/48/enterprises/a");
  ASSERT_OK_AND_ASSIGN(v1::ListContactsResponse page,
                       test_.CallAs(Clerk(), &Stub::ListContacts, list));
  ASSERT_EQ(page.contacts_size(), 1);
  EXPECT_EQ(PersonalOf(page.contacts(0)), all_);
  ASSERT_OK_AND_ASSIGN(page, test_.CallAs(Reader(), &Stub::ListContacts, list));
  EXPECT_EQ(PersonalOf(page.contacts(0)), "|||");
  list.set_filter("role = ROLE_LIAISON");
  ASSERT_OK_AND_ASSIGN(page, test_.CallAs(Clerk(), &Stub::ListContacts, list));
  EXPECT_EQ(page.contacts_size(), 0);
  // A mask does not give what a caller may not see, and a filter cannot ask for it.
  v1::GetContactRequest masked;
  masked.set_name(kContact);
  masked.mutable_read_mask()->add_paths("phone");
  EXPECT_EQ(PersonalOf(test_.CallAs(Clerk(), &Stub::GetContact, masked)),
            absl::StrCat("||", kPhone, "|"));
  EXPECT_EQ(PersonalOf(test_.CallAs(Reader(), &Stub::GetContact, masked)), "|||");
  list.set_filter(absl::StrCat("personal_id = ", kId));
  EXPECT_EQ(Reason(test_.CallAs(Clerk(), &Stub::ListContacts, list)), "FILTER");
}

TEST_F(ContactsTest, ChangesKeepWhatTheyDoNotName) {
  ASSERT_OK_AND_ASSIGN(v1::Contact created, Create());
  EXPECT_EQ(PersonalOf(Update("phone: '114' }")), absl::StrCat(kName, "|", kId, "|114|", kEmail));
  EXPECT_EQ(PersonalOf(Update("} update_mask { paths: 'email' }")),
            absl::StrCat(kName, "|", kId, "|114|"));
  EXPECT_EQ(PersonalOf(Update("valid_to { year: 2026 month: 6 day: 30 } }")),
            absl::StrCat(kName, "|", kId, "|114|"));
  EXPECT_EQ(PersonalOf(Get()), absl::StrCat(kName, "|", kId, "|114|"));
  EXPECT_EQ(Reason(Update("phone: '115' etag: '" + created.etag() + "' }")), "ETAG_MISMATCH");
  EXPECT_EQ(Reason(Update("} update_mask { paths: 'full_name' }")), "TEXT_LENGTH");
}

TEST_F(ContactsTest, Refusals) {
  ASSERT_OK(Create());
  EXPECT_EQ(Reason(Create()), "CONTACT_EXISTS");
  struct {
    std::string over;
    const char *reason, *field;
  } rows[] = {
      {"contact_id: 'd' contact { personal_id: '123' }", "PERSONAL_ID", "contact.personal_id"},
      {"contact_id: 'd' contact { phone: 'không có' }", "PHONE", "contact.phone"},
      {"contact_id: 'd' contact { erased: true }", "OUTPUT_ONLY", "contact.erased"},
      {"contact_id: '001099012345'", "RESOURCE_ID", "contact_id"},
  };
  for (const auto& row : rows) {
    const auto refused = Create(row.over);
    EXPECT_EQ(Reason(refused), row.reason) << row.over;
    EXPECT_THAT(refused, FieldsAre(ElementsAre(row.field))) << row.over;
  }
  EXPECT_EQ(Reason(Create("parent: 'provinces/48/enterprises/none'")), "NOT_FOUND");
  EXPECT_EQ(Reason(Create("parent: 'provinces/01/enterprises/a'")), "SCOPE_DENIED");
  v1::CreateContactRequest request = Good("contact_id: 'd'");
  EXPECT_EQ(Reason(test_.CallAs(Reader(), &Stub::CreateContact, request)), "ROLE_DENIED");
}

TEST_F(ContactsTest, TheOwnerOfAHouseholdGoesByTheNumber) {
  ASSERT_OK(test_.Call(&v1::EnterpriseService::Stub::CreateEnterprise,
                       Parse<v1::CreateEnterpriseRequest>(
                           "parent: 'provinces/48' enterprise_id: 'h' enterprise { display_name: "
                           "'Hộ Hoa' legal_kind: LEGAL_KIND_HOUSEHOLD vsic_section: 'G' }")));
  v1::CreateContactRequest request = Good("parent: 'provinces/48/enterprises/h'");
  request.mutable_contact()->clear_personal_id();
  EXPECT_EQ(Reason(test_.Call(&Stub::CreateContact, request)), "PERSONAL_ID_REQUIRED");
  request.mutable_contact()->set_role(v1::Contact::ROLE_LIAISON);
  EXPECT_OK(test_.Call(&Stub::CreateContact, request));
  request.set_contact_id("o");
  request.mutable_contact()->set_role(v1::Contact::ROLE_OWNER);
  request.mutable_contact()->set_personal_id(kId);
  EXPECT_OK(test_.Call(&Stub::CreateContact, request));
}

TEST_F(ContactsTest, WhatWasErasedIsGone) {
  const v1::CreateContactRequest entered = [] {
    v1::CreateContactRequest request = Good();
    request.set_request_id("11111111-1111-4111-8111-111111111111");
    return request;
  }();
  ASSERT_OK(test_.Call(&Stub::CreateContact, entered));
  EXPECT_EQ(Reason(Erase("name: 'provinces/48/enterprises/a/contacts/none' reason: 'x'")),
            "NOT_FOUND");
  EXPECT_EQ(Reason(Erase("")), "TEXT_LENGTH");
  EXPECT_EQ(Reason(Erase("reason: 'x' validate_only: true")), "OK");
  EXPECT_EQ(PersonalOf(Get()), all_);

  ASSERT_OK_AND_ASSIGN(v1::Contact erased, Erase());
  EXPECT_TRUE(erased.erased());
  EXPECT_EQ(erased.erase_reason(), "Đơn số 5");
  EXPECT_EQ(PersonalOf(erased), "|||");
  EXPECT_EQ(PersonalOf(Get()), "|||");
  EXPECT_EQ(Get()->position(), "Chủ hộ");
  // A second time changes nothing; neither does a repetition of the command that entered them.
  ASSERT_OK_AND_ASSIGN(v1::Contact again, Erase("reason: 'Đơn số 6'"));
  EXPECT_EQ(again.etag(), erased.etag());
  EXPECT_EQ(again.erase_reason(), "Đơn số 5");
  EXPECT_EQ(PersonalOf(test_.Call(&Stub::CreateContact, entered)), "|||");
  // The role goes on; the person is not entered again.
  EXPECT_EQ(Reason(Update("position: 'Nguyên chủ hộ' }")), "OK");
  EXPECT_EQ(Reason(Update("phone: '114' }")), "PERSONAL_DATA_ERASED");
  ASSERT_OK(test_.service().store().Verify());
}

// PDPL: neither log, events, history, kept answers, indexes nor the process's log hold a byte.
TEST_F(ContactsTest, PersonalDataStandBesideTheRowsOnly) {
  const std::string log_path = absl::StrCat(test_.folder(), "/log.json");
  ASSERT_OK(telemetry::OpenLog({log_path}));
  ASSERT_OK(Create());
  ASSERT_OK(Update("phone: '0905 999 888' }"));
  ASSERT_OK(Get());
  EXPECT_EQ(Reason(Create("contact_id: 'd' contact { personal_id: '0010990123456' }")),
            "PERSONAL_ID");
  EXPECT_EQ(Reason(Create()), "CONTACT_EXISTS");
  const std::string store_path = absl::StrCat(test_.folder(), "/registry");
  for (const char* planted : {kId, kPhone, kName, kEmail, "0905 999 888", "0010990123456"}) {
    EXPECT_THAT(store::PlacesOf(planted, store_path), ElementsAre()) << planted;
  }
  EXPECT_THAT(store::PlacesOf("Chủ hộ", store_path), ::testing::Not(ElementsAre()));
  telemetry::FlushLog();
  std::stringstream lines;
  lines << std::ifstream(log_path).rdbuf();
  EXPECT_THAT(lines.str(), ::testing::HasSubstr("CreateContact"));
  for (const char* planted : {kId, "0905 ", kName, kEmail}) {
    EXPECT_THAT(lines.str(), ::testing::Not(::testing::HasSubstr(planted)));
  }
  ASSERT_OK(test_.service().store().Verify());
  test_.Restart();
  EXPECT_EQ(PersonalOf(Get()), absl::StrCat(kName, "|", kId, "|0905 999 888|", kEmail));
}

}  // namespace
}  // namespace nscl::registry
