#include "services/registry/store/keys.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "common/store/table.h"

namespace nscl::registry::rows {
namespace {

// The bytes of every kind of key. A row here changes with a migration only.
TEST(KeysTest, TheseBytesAreForEver) {
  EXPECT_EQ(kSchemaVersion, 1);
  EXPECT_EQ(absl::BytesToHexString(TaxCodeKey("48", "5800123458-001")),
            "54"
            "3438"
            "00"
            "353830303132333435382d303031"
            "00");
  EXPECT_EQ(absl::BytesToHexString(ProviderTaxCodeKey("48", "5800123458")),
            "70"
            "3438"
            "00"
            "35383030313233343538"
            "00");
  const std::string competence = CompetenceKey(kProviderCompetenceKind, "AB", "provinces/48");
  EXPECT_EQ(absl::BytesToHexString(competence),
            "71"
            "4142"
            "00"
            "70726f76696e6365732f3438"
            "00");
  EXPECT_EQ(std::string(NameOfCompetenceKey(competence)), "provinces/48");
  EXPECT_EQ(kExpertCompetenceKind, 'x');
  store::TableSpec enterprises{kEnterpriseKind, "provinces/{province}/enterprises/{enterprise}", "",
                               0};
  EXPECT_EQ(absl::BytesToHexString(
                *store::internal::KeyOfName(enterprises, "provinces/48/enterprises/ab")),
            "45"
            "3438"
            "00"
            "6162"
            "00");
  EXPECT_EQ(absl::BytesToHexString(OperationUnderWayKey("48", "ab")),
            "6a"
            "3438"
            "00"
            "6162"
            "00");
  EXPECT_EQ(OperationOfUnderWayKey(OperationUnderWayKey("48", "ab")), "provinces/48/operations/ab");
  EXPECT_EQ(absl::CHexEscape(ExpiryKey(false, "2026-11-22", "c")), "ev2026-11-22\\x00\\x63\\x00");
  EXPECT_EQ(ExpiryKey(true, "", ""), "ex");
  EXPECT_EQ(std::string(NameOfExpiryKey(ExpiryKey(true, "2026-11-22", "provinces/48"))),
            "provinces/48");
  store::TableSpec size_classes{
      kSizeClassKind, "provinces/{province}/enterprises/{enterprise}/sizeClasses/{year}", "", 0};
  EXPECT_EQ(absl::BytesToHexString(*store::internal::KeyOfName(
                size_classes, "provinces/48/enterprises/ab/sizeClasses/2024")),
            "5a"
            "3438"
            "00"
            "6162"
            "00"
            "32303234"
            "00");
  store::TableSpec profiles{
      kYearProfileKind, "provinces/{province}/enterprises/{enterprise}/yearProfiles/{year}", "", 0};
  EXPECT_EQ(absl::BytesToHexString(*store::internal::KeyOfName(
                profiles, "provinces/48/enterprises/ab/yearProfiles/2024")),
            "59"
            "3438"
            "00"
            "6162"
            "00"
            "32303234"
            "00");
}

}  // namespace
}  // namespace nscl::registry::rows
