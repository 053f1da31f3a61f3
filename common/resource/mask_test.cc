#include "common/resource/mask.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "common/testing/status_matchers.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "nscl/registry/v1/year_profile.pb.h"

namespace nscl::resource {
namespace {

using ::nscl::budgeting::v1::Plan;
using ::nscl::registry::v1::Enterprise;
using ::nscl::registry::v1::YearProfile;
using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;
using ::testing::ElementsAre;

template <typename M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

google::protobuf::FieldMask Mask(absl::string_view paths) {
  google::protobuf::FieldMask mask;
  for (absl::string_view path : absl::StrSplit(paths, ',', absl::SkipEmpty())) {
    mask.add_paths(std::string(path));
  }
  return mask;
}

TEST(ReadMaskTest, KeepsWhatItNames) {
  struct {
    const char* mask;
    const char* reason;
    const char* kept;
  } rows[] = {
      {"", "OK", "name: 'n' title: 't' document { number: '1' issuer: 'i' }"},
      {"*", "OK", "name: 'n' title: 't' document { number: '1' issuer: 'i' }"},
      {"title", "OK", "title: 't'"},
      {"name,document.number", "OK", "name: 'n' document { number: '1' }"},
      {"kind", "OK", ""},
      {"nope", "READ_MASK", ""},
      {"title,*", "READ_MASK", ""},
      {"document.nope", "READ_MASK", ""},
      {"title.x", "READ_MASK", ""},
      {"annex.rows.label", "READ_MASK", ""},
      {"Title", "READ_MASK", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.mask);
    Plan plan = Parse<Plan>("name: 'n' title: 't' document { number: '1' issuer: 'i' }");
    absl::Status status = ApplyReadMask(Mask(row.mask), &plan);
    EXPECT_EQ(Reason(status), row.reason);
    if (status.ok()) {
      EXPECT_EQ(plan.ShortDebugString(), Parse<Plan>(row.kept).ShortDebugString());
    }
  }
  google::protobuf::FieldMask many;
  for (int i = 0; i < 201; ++i) many.add_paths("title");
  EXPECT_EQ(Reason(CheckReadMask(many, Plan::descriptor())), "READ_MASK");
}

TEST(UpdateMaskTest, CarriesOverWhatItMeans) {
  const char* current =
      "name: 'provinces/48/enterprises/e' display_name: 'An' tax_code: '1' address: 'Huế' "
      "demo: true etag: 'v1' sector: SECTOR_TRADE_SERVICES established_on { year: 2020 month: 5 }";
  struct {
    const char* what;
    const char* mask;
    const char* patch;
    const char* reason;
    std::vector<std::string> fields;  // refused
    const char* changed;              // set over `current`
    std::vector<std::string> cleared;
  } rows[] = {
      {"all that are set", "", "display_name: 'Bình'", "OK", {}, "display_name: 'Bình'", {}},
      {"one named",
       "address",
       "display_name: 'Bình' address: 'Vinh'",
       "OK",
       {},
       "address: 'Vinh'",
       {}},
      {"named and not set is cleared",
       "address",
       "display_name: 'Bình'",
       "OK",
       {},
       "",
       {"address"}},
      {"part of a message",
       "established_on.day",
       "established_on { day: 9 }",
       "OK",
       {},
       "established_on { day: 9 }",
       {}},
      {"all that may be written",
       "*",
       "display_name: 'Bình'",
       "OK",
       {},
       "display_name: 'Bình'",
       {"tax_code", "address", "established_on"}},
      {"what was read comes back",
       "",
       "name: 'provinces/48/enterprises/e' display_name: 'Bình' etag: 'v0' demo: true "
       "sector: SECTOR_TRADE_SERVICES",
       "OK",
       {},
       "display_name: 'Bình'",
       {}},
      {"unknown paths",
       "nope,address.x,display_name",
       "",
       "UPDATE_MASK",
       {"update_mask", "update_mask"},
       "",
       {}},
      {"the server's paths",
       "etag,name,sector,create_time.seconds",
       "",
       "UPDATE_MASK",
       {"update_mask", "update_mask", "update_mask", "update_mask"},
       "",
       {}},
      {"immutable", "demo", "demo: false", "IMMUTABLE", {"enterprise.demo"}, "", {}},
      {"immutable, the same", "demo", "demo: true", "OK", {}, "", {}},
      {"output only, other value",
       "",
       "sector: SECTOR_INDUSTRY_CONSTRUCTION create_time { seconds: 1 }",
       "OUTPUT_ONLY",
       {"enterprise.sector", "enterprise.create_time"},
       "",
       {}},
      {"output only, left out by the mask",
       "address",
       "address: 'V' sector: SECTOR_INDUSTRY_CONSTRUCTION",
       "OK",
       {},
       "address: 'V'",
       {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    Enterprise resource = Parse<Enterprise>(current);
    Enterprise expected = resource;
    absl::Status status =
        ApplyUpdate(Mask(row.mask), Parse<Enterprise>(row.patch), "enterprise", &resource);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::UnorderedElementsAreArray(row.fields)));
    }
    expected.MergeFrom(Parse<Enterprise>(row.changed));
    for (const std::string& field : row.cleared) {
      expected.GetReflection()->ClearField(&expected,
                                           Enterprise::descriptor()->FindFieldByName(field));
    }
    EXPECT_EQ(resource.ShortDebugString(), expected.ShortDebugString());
  }
}

TEST(UpdateMaskTest, PresenceOfOptionalFieldsIsKept) {
  YearProfile profile = Parse<YearProfile>("revenue_vnd: 5 capital_vnd: 7");
  ASSERT_OK(ApplyUpdate(Mask("revenue_vnd,capital_vnd"), Parse<YearProfile>("capital_vnd: 0"), "p",
                        &profile));
  EXPECT_FALSE(profile.has_revenue_vnd());
  ASSERT_TRUE(profile.has_capital_vnd());
  EXPECT_EQ(profile.capital_vnd(), 0);
}

TEST(UpdateMaskTest, OutputOnlyInsideWhatIsReplaced) {
  Plan current = Parse<Plan>("annex { rows { row_id: 'a' part: PART_COUNTING } }");
  Plan same = current;
  EXPECT_OK(ApplyUpdate(Mask("annex"), current, "plan", &same));
  Plan patch = Parse<Plan>("annex { rows { row_id: 'b' part: PART_COUNTING } }");
  absl::Status status = ApplyUpdate(Mask("annex"), patch, "plan", &current);
  EXPECT_EQ(Reason(status), "OUTPUT_ONLY");
  EXPECT_THAT(status, FieldsAre(ElementsAre("plan.annex.rows[0].part")));
}

TEST(OutputOnlyTest, ListsEveryPath) {
  Plan plan = Parse<Plan>(
      "title: 't' state: STATE_ISSUED "
      "annex { rows { row_id: 'a' } rows { row_id: 'b' part: PART_COUNTING cells { year: 2024 "
      "printed { text: '1' amount_vnd: 1 } computed_vnd: 0 } } }");
  absl::Status status = CheckOutputOnly(plan, "plan");
  EXPECT_EQ(Reason(status), "OUTPUT_ONLY");
  EXPECT_THAT(status, FieldsAre(ElementsAre("plan.annex.rows[1].cells[0].printed.amount_vnd",
                                            "plan.annex.rows[1].cells[0].computed_vnd",
                                            "plan.annex.rows[1].part", "plan.state")));
  ClearOutputOnly(&plan);
  EXPECT_OK(CheckOutputOnly(plan, "plan"));
  EXPECT_EQ(plan.annex().rows(1).cells(0).printed().text(), "1");
}

}  // namespace
}  // namespace nscl::resource
