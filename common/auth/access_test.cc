// Walks every RPC that is linked: none without a rule, none that nobody may call.
#include "common/auth/access.h"

#include <gtest/gtest.h>

#include <set>

#include "common/auth/policy.h"
#include "common/testing/status_matchers.h"

namespace nscl::auth {
namespace {

using google::protobuf::MethodDescriptor;
using nscl::testing::IsOk;

TEST(AccessTest, EveryMethodIsLinked) {
  std::set<std::string> packages;
  for (const MethodDescriptor* method : LinkedMethods("nscl."))
    packages.insert(method->file()->package());
  for (const char* service : {"registry", "casework", "budgeting", "reporting"}) {
    EXPECT_TRUE(packages.contains(std::string("nscl.") + service + ".v1")) << service;
  }
}

TEST(AccessTest, EveryMethodDeclaresARule) {
  for (const MethodDescriptor* method : LinkedMethods("nscl.")) {
    EXPECT_THAT(AccessRule::Of(method), IsOk()) << method->full_name();
  }
}

// "casework.supportCases.approve" for a method of casework: a copied annotation shows.
TEST(AccessTest, PermissionsAreOfTheirService) {
  for (const MethodDescriptor* method : LinkedMethods("nscl.")) {
    auto rule = AccessRule::Of(method);
    if (!rule.ok()) continue;
    const std::string package = method->file()->package();  // nscl.casework.v1
    const std::string service = package.substr(5, package.rfind('.') - 5);
    EXPECT_EQ(rule->permission().substr(0, rule->permission().find('.')), service)
        << method->full_name();
  }
}

TEST(AccessTest, SomeRoleGrantsEveryPermission) {
  auto policy = Policy::Load(NSCL_SOURCE_DIR "/deploy/catalogue");
  ASSERT_THAT(policy, IsOk());
  for (const MethodDescriptor* method : LinkedMethods("nscl.")) {
    auto rule = AccessRule::Of(method);
    if (!rule.ok()) continue;
    EXPECT_TRUE((*policy)->IsGranted(rule->permission())) << rule->permission();
  }
}

TEST(AccessTest, NoRoleGrantsWhatNoMethodAsks) {
  auto policy = Policy::Load(NSCL_SOURCE_DIR "/deploy/catalogue");
  ASSERT_THAT(policy, IsOk());
  std::set<std::string> asked;
  for (const MethodDescriptor* method : LinkedMethods("nscl.")) {
    auto rule = AccessRule::Of(method);
    if (rule.ok()) asked.insert(rule->permission());
  }
  // Asked of a field's reader, not of a method.
  asked.insert("registry.personalData.get");
  for (const Role& role : (*policy)->roles()) {
    for (const std::string& permission : role.permissions) {
      EXPECT_TRUE(asked.contains(permission)) << role.name << " grants " << permission;
    }
  }
}

// What all provinces share: changed by callers of national scope, read by everybody.
bool IsReferenceData(const MethodDescriptor& method) {
  static const std::set<std::string> kServices = {"AdminUnitService", "CalendarService",
                                                  "CodeListService", "CodeService"};
  return kServices.contains(method.service()->name());
}

// What changes something names what it changes, or is a matter of operators or of reference data.
TEST(AccessTest, OnlyReadsStoreCareAndReferenceDataGoWithoutAProvince) {
  for (const MethodDescriptor* method : LinkedMethods("nscl.")) {
    auto rule = AccessRule::Of(method);
    if (!rule.ok() || !rule->scope_field().empty()) continue;
    const bool reads = method->name().rfind("Get", 0) == 0 || method->name().rfind("List", 0) == 0;
    EXPECT_TRUE(reads || method->service()->name() == "StoreService" || IsReferenceData(*method))
        << method->full_name();
  }
}

TEST(AccessTest, AcrossIsForListsOnly) {
  for (const MethodDescriptor* method : LinkedMethods("nscl.")) {
    auto rule = AccessRule::Of(method);
    if (!rule.ok()) continue;
    if (rule->wildcard_allowed()) {
      EXPECT_EQ(rule->scope_field(), "parent") << method->full_name();
    }
    if (method->name().rfind("Create", 0) == 0) {
      EXPECT_FALSE(rule->wildcard_allowed()) << method->full_name();
    }
  }
}

}  // namespace
}  // namespace nscl::auth
