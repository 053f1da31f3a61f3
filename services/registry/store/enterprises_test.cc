#include "services/registry/store/enterprises.h"

#include <gtest/gtest.h>

#include "common/status/status_macros.h"
#include "common/store/testing/fixture.h"
#include "common/testing/status_matchers.h"
#include "services/registry/store/year_profiles.h"

namespace nscl::registry::rows {
namespace {

using ::nscl::testing::IsOkAndHolds;
using ::nscl::testing::Reason;

v1::Enterprise Make(const std::string& name, const std::string& tax_code) {
  v1::Enterprise enterprise;
  enterprise.set_name(name);
  enterprise.set_tax_code(tax_code);
  return enterprise;
}

class EnterprisesTest : public ::testing::Test {
 protected:
  EnterprisesTest() : store_(store::OpenOrDie(folder_.StoreOptions())) {}

  // Runs `change` as a command; "OK" or the reason of the refusal.
  std::string Run(std::function<absl::StatusOr<std::string>(store::Txn&)> change) {
    return Reason(store_->Run(store::CommandOf(std::move(change))));
  }
  std::string Insert(const std::string& name, const std::string& tax_code) {
    return Run([&](store::Txn& txn) { return rows_.Insert(txn, Make(name, tax_code)); });
  }
  std::string HolderOf(const std::string& province, const std::string& tax_code) {
    auto snapshot = store_->TakeSnapshot();
    return rows_.FindByTaxCode(*snapshot, province, tax_code)->value_or("");
  }

  store::TestFolder folder_;
  std::unique_ptr<store::Store> store_;
  Enterprises rows_;
};

TEST_F(EnterprisesTest, ATaxCodeIsUniqueInItsProvince) {
  EXPECT_EQ(Insert("provinces/48/enterprises/a", "5800123458"), "OK");
  EXPECT_EQ(Insert("provinces/48/enterprises/b", "5800123458"), "TAX_CODE_EXISTS");
  EXPECT_EQ(Insert("provinces/48/enterprises/a", "4001234569"), "ENTERPRISE_EXISTS");
  EXPECT_EQ(Insert("provinces/58/enterprises/a", "5800123458"), "OK");
  EXPECT_EQ(Insert("provinces/48/enterprises/b", "5800123458-001"), "OK");
  EXPECT_EQ(HolderOf("48", "5800123458"), "provinces/48/enterprises/a");
  EXPECT_EQ(HolderOf("58", "5800123458"), "provinces/58/enterprises/a");
  EXPECT_EQ(HolderOf("48", "4001234569"), "");
}

TEST_F(EnterprisesTest, AChangedTaxCodeFreesTheOldOne) {
  ASSERT_EQ(Insert("provinces/48/enterprises/a", "5800123458"), "OK");
  ASSERT_EQ(Insert("provinces/48/enterprises/b", "4001234569"), "OK");
  auto change = [&](const std::string& name, const std::string& tax_code) {
    return Run([&](store::Txn& txn) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(const v1::Enterprise before, rows_.Load(txn, name, ""));
      v1::Enterprise after = before;
      after.set_tax_code(tax_code);
      RETURN_IF_ERROR(rows_.Update(txn, before, after).status());
      return std::string();
    });
  };
  EXPECT_EQ(change("provinces/48/enterprises/b", "5800123458"), "TAX_CODE_EXISTS");
  EXPECT_EQ(change("provinces/48/enterprises/b", "4001234569"), "OK");
  EXPECT_EQ(change("provinces/48/enterprises/a", "0100047516"), "OK");
  EXPECT_EQ(HolderOf("48", "5800123458"), "");
  EXPECT_EQ(change("provinces/48/enterprises/b", "5800123458"), "OK");
  EXPECT_EQ(HolderOf("48", "5800123458"), "provinces/48/enterprises/b");
  EXPECT_EQ(HolderOf("48", "4001234569"), "");
}

TEST_F(EnterprisesTest, NamesAreChecked) {
  auto snapshot = store_->TakeSnapshot();
  EXPECT_EQ(Reason(rows_.Get(*snapshot, "provinces/48/enterprises/a")), "NOT_FOUND");
  for (const char* bad : {"provinces/48/enterprises/", "provinces/4/enterprises/a",
                          "provinces/48/enterprises/-", "provinces/48/plans/a"}) {
    EXPECT_EQ(Reason(rows_.Get(*snapshot, bad)), "RESOURCE_NAME") << bad;
  }
}

TEST_F(EnterprisesTest, YearsOfAnEnterpriseOldestFirst) {
  YearProfiles profiles;
  for (const char* name : {"provinces/48/enterprises/a/yearProfiles/2024",
                           "provinces/48/enterprises/a/yearProfiles/2022",
                           "provinces/48/enterprises/ab/yearProfiles/2021"}) {
    ASSERT_OK(store_->Run(store::CommandOf([&](store::Txn& txn) -> absl::StatusOr<std::string> {
      v1::YearProfile profile;
      profile.set_name(name);
      return profiles.Insert(txn, profile)->SerializeAsString();
    })));
  }
  auto snapshot = store_->TakeSnapshot();
  auto page = profiles.List(*snapshot, "provinces/48/enterprises/a", "", 10);
  ASSERT_OK(page);
  ASSERT_EQ(page->rows.size(), 2u);
  EXPECT_EQ(page->rows[0].name(), "provinces/48/enterprises/a/yearProfiles/2022");
  EXPECT_EQ(page->rows[1].name(), "provinces/48/enterprises/a/yearProfiles/2024");
}

}  // namespace
}  // namespace nscl::registry::rows
