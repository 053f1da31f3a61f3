#include "services/registry/domain/contact.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

constexpr absl::CivilDay kToday(2026, 11, 22);
constexpr char kName[] = "provinces/48/enterprises/a/contacts/c";

v1::Contact Good() {
  v1::Contact contact;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "role: ROLE_OWNER full_name: 'Nguyễn Thị Hoa' personal_id: '001099012345' "
      "phone: '0905 123 456' processing_basis: 'Luật Quản lý thuế Điều 35.7'",
      &contact));
  contact.set_name(kName);
  return contact;
}

TEST(ContactTest, EveryFieldIsChecked) {
  struct {
    const char* what;
    std::string text;  // merged over a good one
    const char *reason, *field;
  } rows[] = {
      {"good", "", "OK", ""},
      {"no role", "role: ROLE_UNSPECIFIED", "OK", ""},  // merging does not clear
      {"unknown role", "role: 77", "ENUM_VALUE", "contact.role"},
      {"name of blanks", "full_name: '  '", "TEXT_LENGTH", "contact.full_name"},
      {"long name", "full_name: '" + std::string(201, 'x') + "'", "TEXT_LENGTH",
       "contact.full_name"},
      {"11 digits", "personal_id: '00109901234'", "PERSONAL_ID", "contact.personal_id"},
      {"letters", "personal_id: '00109901234x'", "PERSONAL_ID", "contact.personal_id"},
      {"full-width digits", "personal_id: '００１０９９０１２３４５'", "PERSONAL_ID",
       "contact.personal_id"},
      {"phone", "phone: '0905-123'", "PHONE", "contact.phone"},
      {"email", "email: 'hoa'", "EMAIL", "contact.email"},
      {"long position", "position: '" + std::string(201, 'x') + "'", "TEXT_LENGTH",
       "contact.position"},
      {"no such day", "valid_from { year: 2026 month: 2 day: 30 }", "DATE", "contact.valid_to"},
      {"ends before it begins",
       "valid_from { year: 2026 month: 2 day: 2 } valid_to { year: 2026 month: 2 day: 1 }",
       "PERIOD", "contact.valid_to"},
      {"no basis", "processing_basis: ' '", "TEXT_LENGTH", "contact.processing_basis"},
      {"id of a person", "name: 'provinces/48/enterprises/a/contacts/001099012345'", "RESOURCE_ID",
       "contact_id"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::Contact over, contact = Good();
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.text, &over)) << row.text;
    contact.MergeFrom(over);
    const absl::Status status = NormaliseContact(contact, nullptr, kToday);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
    // Refusals are logged (REG-09).
    EXPECT_EQ(status.ToString().find("00109901234"), std::string::npos);
    EXPECT_EQ(status.ToString().find("0905"), std::string::npos);
  }
  v1::Contact nothing;
  EXPECT_THAT(NormaliseContact(nothing, nullptr, kToday),
              FieldsAre(::testing::ElementsAre("contact.role", "contact.full_name",
                                               "contact.processing_basis")));
}

// Only the owner of a household business must give the number, and not after it was erased.
TEST(ContactTest, WhoMustGiveTheNumber) {
  struct {
    v1::Contact::Role role;
    v1::Enterprise::LegalKind kind;
    bool given, erased;
    const char* reason;
  } rows[] = {
      {v1::Contact::ROLE_OWNER, v1::Enterprise::LEGAL_KIND_HOUSEHOLD, false, false,
       "PERSONAL_ID_REQUIRED"},
      {v1::Contact::ROLE_OWNER, v1::Enterprise::LEGAL_KIND_HOUSEHOLD, true, false, "OK"},
      {v1::Contact::ROLE_OWNER, v1::Enterprise::LEGAL_KIND_HOUSEHOLD, false, true, "OK"},
      {v1::Contact::ROLE_OWNER, v1::Enterprise::LEGAL_KIND_PRIVATE, false, false, "OK"},
      {v1::Contact::ROLE_LIAISON, v1::Enterprise::LEGAL_KIND_HOUSEHOLD, false, false, "OK"},
  };
  for (const auto& row : rows) {
    v1::Contact contact;
    contact.set_role(row.role);
    contact.set_erased(row.erased);
    if (row.given) contact.set_personal_id("001099012345");
    v1::Enterprise enterprise;
    enterprise.set_legal_kind(row.kind);
    EXPECT_EQ(Reason(CheckOwner(contact, enterprise)), row.reason);
  }
}

}  // namespace
}  // namespace nscl::registry::domain
