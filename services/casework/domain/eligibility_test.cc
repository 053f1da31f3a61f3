#include "services/casework/domain/eligibility.h"

#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using testing::MetadataIs;
using testing::ReasonIs;

TEST(RecordSurveyTest, OnlyUnderSurvey) {
  v1::RecordSurveyRequest request;
  request.mutable_survey()->set_baseline("Chưa có hệ thống");
  auto act = [&](const Case& current) { return RecordSurvey(current, request); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_UNDER_SURVEY}, act);
  const CaseChange change = *act(CaseIn(Case::STATE_UNDER_SURVEY));
  EXPECT_EQ(change.next.state(), Case::STATE_SURVEYED);
  EXPECT_EQ(change.next.survey().baseline(), "Chưa có hệ thống");
}

TEST(RecordSurveyTest, NeedsBaselineAndNeeds) {
  EXPECT_THAT(Check(v1::RecordSurveyRequest()),
              testing::FieldsAre(
                  ::testing::ElementsAre("survey.surveyed_on", "survey.baseline", "survey.needs")));
}

TEST(DecideEligibleTest, OnlyFromSurveyed) {
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_SURVEYED}, [](const Case& current) {
    return DecideEligible(current, v1::DecideEligibleRequest(), SizeFacts{.known = true});
  });
}

TEST(DecideEligibleTest, SizeOfTheYearBefore) {
  const absl::Status refused =
      DecideEligible(CaseIn(Case::STATE_SURVEYED), v1::DecideEligibleRequest(), SizeFacts())
          .status();
  EXPECT_THAT(refused, ReasonIs("SIZE_UNKNOWN"));
  EXPECT_THAT(refused, MetadataIs("year", "2022"));
}

TEST(CheckSizeTest, TheSchemeForSmallAndMediumEnterprisesIsNotForLargeOnes) {
  struct {
    Case::Scheme scheme;
    const char* size;
    bool possible;
  } rows[] = {
      {Case::SCHEME_SME, "MICRO", true},     {Case::SCHEME_SME, "SMALL", true},
      {Case::SCHEME_SME, "MEDIUM", true},    {Case::SCHEME_SME, "LARGE", false},
      {Case::SCHEME_ST_TASK, "LARGE", true}, {Case::SCHEME_UNSPECIFIED, "LARGE", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(Case::Scheme_Name(row.scheme), " ", row.size));
    Case current = CaseIn(Case::STATE_SURVEYED);
    current.set_scheme(row.scheme);
    const SizeFacts size{.known = true, .size = row.size};
    const absl::Status status = DecideEligible(current, v1::DecideEligibleRequest(), size).status();
    EXPECT_EQ(status.ok(), row.possible);
    if (!row.possible) {
      EXPECT_THAT(status, ReasonIs("SCHEME_NOT_FOR_SIZE"));
    }
  }
}

TEST(DecideIneligibleTest, OnlyFromSurveyed) {
  v1::DecideIneligibleRequest request;
  request.set_reason("ngoài đối tượng");
  auto act = [&](const Case& current) { return DecideIneligible(current, request); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_SURVEYED}, act);
  const CaseChange change = *act(CaseIn(Case::STATE_SURVEYED));
  EXPECT_EQ(change.next.state(), Case::STATE_REJECTED);
  EXPECT_EQ(change.next.closing_reason(), "ngoài đối tượng");
}

}  // namespace
}  // namespace nscl::casework::domain
