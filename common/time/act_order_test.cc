#include "common/time/act_order.h"

#include "common/status/error.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace nscl::time {
namespace {

TEST(CheckOrderTest, TheSameDayIsInOrder) {
  struct {
    absl::CivilDay earlier, later;
    const char* reason;
  } rows[] = {
      {absl::CivilDay(2023, 5, 5), absl::CivilDay(2023, 5, 15), ""},
      {absl::CivilDay(2023, 5, 5), absl::CivilDay(2023, 5, 5), ""},
      {absl::CivilDay(2023, 5, 5), absl::CivilDay(2023, 5, 4), "DATE_ORDER"},
      {absl::CivilDay(2024, 1, 1), absl::CivilDay(2023, 12, 31), "DATE_ORDER"},
  };
  for (const auto& row : rows) {
    const absl::Status status = CheckOrder({"approvalDecided", "phê duyệt", row.earlier},
                                           {"contractSigned", "ký hợp đồng", row.later});
    EXPECT_EQ(status::ReasonOf(status), row.reason) << row.later;
  }
}

TEST(CheckOrderTest, NamesBothActsAndBothDays) {
  const absl::Status status =
      CheckOrder({"approvalDecided", "phê duyệt", absl::CivilDay(2023, 5, 5)},
                 {"contractSigned", "ký hợp đồng", absl::CivilDay(2023, 5, 4)});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status::MetadataOf(status, "act"), "contractSigned");
  EXPECT_EQ(status::MetadataOf(status, "acted_on"), "2023-05-04");
  EXPECT_EQ(status::MetadataOf(status, "earlier_act"), "approvalDecided");
  EXPECT_EQ(status::MetadataOf(status, "earlier_acted_on"), "2023-05-05");
  EXPECT_EQ(status::LocalizedMessageOf(status),
            "ngày ký hợp đồng (04/05/2023) không được trước ngày phê duyệt (05/05/2023)");
}

TEST(CheckNotAfterTodayTest, TodayIsNotTheFuture) {
  const DatedAct act{"payment", "thanh toán", absl::CivilDay(2023, 12, 8)};
  EXPECT_OK(CheckNotAfterToday(act, absl::CivilDay(2023, 12, 8)));
  const absl::Status status = CheckNotAfterToday(act, absl::CivilDay(2023, 12, 7));
  EXPECT_EQ(status::ReasonOf(status), "DATE_ORDER");
  EXPECT_EQ(status::MetadataOf(status, "today"), "2023-12-07");
  EXPECT_EQ(status::LocalizedMessageOf(status),
            "ngày thanh toán (08/12/2023) không được sau hôm nay (07/12/2023)");
}

}  // namespace
}  // namespace nscl::time
