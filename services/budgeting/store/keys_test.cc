// The bytes of every key, for ever.
#include "services/budgeting/store/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace nscl::budgeting::rows {
namespace {

using std::string_literals::operator""s;

std::string KeyOf(const store::TableSpec& spec, const char* name) {
  return store::internal::KeyOfName(spec, name).value();
}

TEST(KeysTest, BytesAreForEver) {
  EXPECT_EQ(KeyOf(PlanSpec(), "provinces/48/plans/p"), "p48\0p\0"s);
  EXPECT_EQ(KeyOf(AllocationSpec(), "provinces/48/allocations/a"), "a48\0a\0"s);
  EXPECT_EQ(KeyOf(ReservationSpec(), "provinces/48/reservations/r"), "r48\0r\0"s);
  EXPECT_EQ(KeyOf(CommitmentSpec(), "provinces/48/commitments/c"), "c48\0c\0"s);
  EXPECT_EQ(KeyOf(PaymentSpec(), "provinces/48/payments/y"), "y48\0y\0"s);
  EXPECT_EQ(KeyOf(LedgerEntrySpec(), "provinces/48/ledgerEntries/0000000000000123-001"),
            "e48\0"
            "0000000000000123-001\0"s);
  EXPECT_EQ(KeyOf(BalanceSpec(), "provinces/48/plans/p/lines/I-1/balances/2023-ST_TASK"),
            "b48\0p\0I-1\0"
            "2023-ST_TASK\0"s);
  EXPECT_EQ(KeyOf(CaseFactsSpec(), "provinces/48/supportCases/s"), "s48\0s\0"s);
  EXPECT_EQ(KeyOf(ActivityFactsSpec(), "provinces/48/activities/t"), "t48\0t\0"s);
  EXPECT_EQ(std::string(kCaseworkCursorKey), "fcasework");
  EXPECT_EQ(std::string(kCaseworkRevisionKey), "vcasework");

  v1::Reservation reservation;
  reservation.set_name("provinces/48/reservations/r");
  reservation.mutable_expire_on()->set_year(2023);
  reservation.mutable_expire_on()->set_month(2);
  reservation.mutable_expire_on()->set_day(3);
  EXPECT_EQ(ExpiryKey(reservation),
            "x48\0"
            "20230203r\0"s);
  EXPECT_EQ(ReservationIdOfExpiryKey("48", ExpiryKey(reservation)), "r");
  EXPECT_EQ(PaymentIndexKey("provinces/48/commitments/c", "provinces/48/payments/y"),
            "qprovinces/48/commitments/c\0y\0"s);
  EXPECT_EQ(
      PaymentIdOfIndexKey("provinces/48/commitments/c",
                          PaymentIndexKey("provinces/48/commitments/c", "provinces/48/payments/y")),
      "y");
}

TEST(KeysTest, PapersByContentAndByNumberIssuerAndDate) {
  v1::Plan plan;
  plan.set_name("provinces/48/plans/p");
  plan.set_content_sha256("ab");
  const auto keys = [&plan] {
    std::vector<std::string> keys;
    for (const std::string& prefix : DocumentPrefixes(plan)) {
      keys.push_back(DocumentKey(prefix, plan));
      EXPECT_EQ(PlanOfDocumentKey(plan, prefix, keys.back()), "provinces/48/plans/p");
    }
    return keys;
  };
  const std::string content = "d48\0hab\0p\0"s;
  EXPECT_THAT(keys(), testing::ElementsAre(content));
  plan.mutable_document()->set_number(" 37/KH-UBND");
  plan.mutable_document()->set_issuer("UBND Đà Nẵng");
  EXPECT_THAT(keys(), testing::ElementsAre(content)) << "no date";
  plan.mutable_document()->mutable_issue_date()->set_year(2022);
  plan.mutable_document()->mutable_issue_date()->set_month(2);
  plan.mutable_document()->mutable_issue_date()->set_day(23);
  EXPECT_THAT(keys(),
              testing::ElementsAre(content, "d48\0n37/kh-ubnd\nubnd da nang\n2022-02-23\0p\0"s));
  plan.mutable_document()->set_number("/KH-UBND");
  EXPECT_THAT(keys(), testing::ElementsAre(content)) << "a blank number";
}

TEST(KeysTest, ExpiryKeysBeforeADayStandBeforeIt) {
  v1::Reservation reservation;
  reservation.set_name("provinces/48/reservations/r");
  reservation.mutable_expire_on()->set_year(2023);
  reservation.mutable_expire_on()->set_month(12);
  reservation.mutable_expire_on()->set_day(31);
  EXPECT_LT(ExpiryKey(reservation), ExpiryKeyOfDay("48", absl::CivilDay(2024, 1, 1)));
  EXPECT_GT(ExpiryKey(reservation), ExpiryKeyOfDay("48", absl::CivilDay(2023, 12, 31)));
}

TEST(KeysTest, KindsAreUnique) {
  const std::set<char> kinds = {PlanSpec().kind,
                                AllocationSpec().kind,
                                ReservationSpec().kind,
                                CommitmentSpec().kind,
                                PaymentSpec().kind,
                                LedgerEntrySpec().kind,
                                BalanceSpec().kind,
                                CaseFactsSpec().kind,
                                ActivityFactsSpec().kind,
                                kCaseworkCursorKey[0],
                                kCaseworkRevisionKey[0],
                                'x',
                                'q',
                                'd'};
  EXPECT_EQ(kinds.size(), 14u);
}

TEST(KeysTest, NamesAndEntryIds) {
  v1::Account account;
  account.set_plan_line("provinces/48/plans/p/lines/I-1");
  account.set_budget_year(2023);
  account.set_funding_source("ST_TASK");
  EXPECT_EQ(BalanceName(account), "provinces/48/plans/p/lines/I-1/balances/2023-ST_TASK");
  EXPECT_EQ(LedgerEntryId(123, 1), "0000000000000123-001");
  EXPECT_LT(LedgerEntryId(9, 500), LedgerEntryId(10, 1));
}

}  // namespace
}  // namespace nscl::budgeting::rows
