#include "common/text/normalise.h"

#include "gtest/gtest.h"
#include "nscl/casework/v1/support_case_service.pb.h"

namespace nscl::text {
namespace {

constexpr char kNfd[] = "So\u031b\u0309 Khoa ho\u0323c";  // o + horn + hook above, o + dot below
constexpr char kNfc[] = "Sở Khoa học";

TEST(NormaliseFieldsTest, EveryTextNestedAndRepeated) {
  ASSERT_NE(std::string(kNfd), kNfc);
  casework::v1::AcceptResultsRequest request;
  request.set_name(kNfd);
  request.mutable_acceptance()->set_document_number(kNfd);
  request.mutable_acceptance()->add_evidence_numbers(kNfc);
  request.mutable_acceptance()->add_evidence_numbers(kNfd);
  request.mutable_acceptance()->add_evidence_numbers("ISO 9001");
  request.mutable_acceptance()->add_evidence_numbers("");
  NormaliseFields(&request);
  EXPECT_EQ(request.name(), kNfc);
  EXPECT_EQ(request.acceptance().document_number(), kNfc);
  EXPECT_EQ(request.acceptance().evidence_numbers(0), kNfc);
  EXPECT_EQ(request.acceptance().evidence_numbers(1), kNfc);
  EXPECT_EQ(request.acceptance().evidence_numbers(2), "ISO 9001");
  EXPECT_EQ(request.acceptance().evidence_numbers(3), "");
}

TEST(NormaliseFieldsTest, AddsNothingAndRepeatsMessages) {
  casework::v1::ListSupportCasesResponse list;
  list.add_support_cases()->mutable_content()->set_catalogue_name(kNfd);
  list.add_support_cases();
  NormaliseFields(&list);
  EXPECT_EQ(list.support_cases(0).content().catalogue_name(), kNfc);
  EXPECT_EQ(list.support_cases(1).ByteSizeLong(), 0u);
}

}  // namespace
}  // namespace nscl::text
