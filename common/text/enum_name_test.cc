#include "common/text/enum_name.h"

#include "gtest/gtest.h"
#include "nscl/annotation/v1/annotation.pb.h"
#include "nscl/budgeting/v1/ledger.pb.h"
#include "nscl/budgeting/v1/payment.pb.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "nscl/reporting/v1/obligation.pb.h"

namespace nscl::text {
namespace {

using casework::v1::SupportCase;

TEST(EnumNameTest, ForDevelopersAndForPeople) {
  EXPECT_EQ(ShortName(SupportCase::STATE_ACCEPTED), "ACCEPTED");
  EXPECT_EQ(VietnameseName(SupportCase::STATE_ACCEPTED), "đã nghiệm thu");
  EXPECT_EQ(ShortName(registry::v1::Enterprise::OPERATING_STATUS_SUSPENDED), "SUSPENDED");
  EXPECT_EQ(VietnameseName(budgeting::v1::Payment::KIND_FINAL), "thanh toán lần cuối");
  EXPECT_EQ(VietnameseName(SupportCase::STATE_UNSPECIFIED), "không rõ");
  EXPECT_EQ(ShortName(static_cast<SupportCase::State>(99)), "UNKNOWN 99");
  EXPECT_EQ(VietnameseName(static_cast<SupportCase::State>(99)), "không rõ");
}

// A new state without a name would be "không rõ" in the refusals that name it.
TEST(EnumNameTest, EveryStateAndKindThatRefusalsNameHasAName) {
  const google::protobuf::EnumDescriptor* enums[] = {
      SupportCase::State_descriptor(),
      SupportCase::Scheme_descriptor(),
      casework::v1::Activity::State_descriptor(),
      budgeting::v1::Plan::State_descriptor(),
      budgeting::v1::Reservation::State_descriptor(),
      budgeting::v1::Commitment::State_descriptor(),
      budgeting::v1::Payment::Kind_descriptor(),
      registry::v1::Enterprise::OperatingStatus_descriptor(),
      registry::v1::Sector_descriptor(),
      registry::v1::Size_descriptor(),
      reporting::v1::Obligation::State_descriptor(),
  };
  for (const auto* type : enums) {
    for (int i = 0; i < type->value_count(); ++i) {
      const auto* value = type->value(i);
      if (value->number() == 0) continue;
      EXPECT_TRUE(value->options().HasExtension(annotation::v1::vi)) << value->full_name();
    }
  }
}

}  // namespace
}  // namespace nscl::text
