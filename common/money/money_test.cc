#include "common/money/money.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/testing/status_matchers.h"

namespace nscl::money {
namespace {

using ::nscl::testing::IsOkAndHolds;
using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(MoneyTest, SumsAndProductsAreExactOrRefused) {
  struct {
    absl::StatusOr<int64_t> (*operation)(int64_t, int64_t);
    int64_t a, b;
    absl::optional<int64_t> result;
  } rows[] = {
      {Add, 1, 2, 3},           {Add, kMax - 1, 1, kMax}, {Add, kMax, 1, {}},
      {Add, kMin, -1, {}},      {Add, kMax, kMin, -1},    {Sub, 1, 2, -1},
      {Sub, kMin + 1, 1, kMin}, {Sub, kMin, 1, {}},       {Sub, 0, kMin, {}},
      {Mul, 3, -4, -12},        {Mul, kMax, 1, kMax},     {Mul, kMax / 2 + 1, 2, {}},
      {Mul, kMin, -1, {}},      {Mul, 0, kMin, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.a, " ", row.b));
    absl::StatusOr<int64_t> result = row.operation(row.a, row.b);
    if (row.result.has_value()) {
      EXPECT_THAT(result, IsOkAndHolds(*row.result));
      continue;
    }
    EXPECT_EQ(Reason(result), "AMOUNT_OVERFLOW");
    EXPECT_THAT(result, MetadataIs("left", absl::StrCat(row.a)));
    EXPECT_THAT(result, MetadataIs("right", absl::StrCat(row.b)));
  }
}

TEST(MoneyTest, SumOfMany) {
  EXPECT_THAT(Sum({}), IsOkAndHolds(0));
  EXPECT_THAT(Sum({5, -3, 1}), IsOkAndHolds(3));
  absl::StatusOr<int64_t> overflow = Sum({kMax - 5, 3, 7, 1});
  EXPECT_EQ(Reason(overflow), "AMOUNT_OVERFLOW");
  EXPECT_THAT(overflow, MetadataIs("left", absl::StrCat(kMax - 2)));
  EXPECT_THAT(overflow, MetadataIs("right", "7"));
}

TEST(MoneyTest, PriceTimesQuantity) {
  struct {
    int64_t price, thousandths;
    const char* reason;
    int64_t result;
  } rows[] = {
      {200'000, 2'000, "OK", 400'000},
      {1'001, 500, "FRACTION_OF_DONG", 0},
      {1'000, 1, "OK", 1},
      {-1'000, 1'500, "OK", -1'500},
      {kMax, 1'000, "OK", kMax},
      {kMax, 1'001, "AMOUNT_OVERFLOW", 0},
      {kMax, kMax, "AMOUNT_OVERFLOW", 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.price, " * ", row.thousandths));
    absl::StatusOr<int64_t> result = MulQuantity(row.price, row.thousandths);
    EXPECT_EQ(Reason(result), row.reason);
    if (result.ok()) {
      EXPECT_EQ(*result, row.result);
    }
  }
}

TEST(MoneyTest, RangeOfRequests) {
  EXPECT_EQ(kMaxAmountVnd, 9'007'199'254'740'991);
  struct {
    int64_t amount, min;
    bool within;
  } rows[] = {{0, 0, true}, {-1, 0, false},           {0, 1, false},
              {1, 1, true}, {kMaxAmountVnd, 0, true}, {kMaxAmountVnd + 1, 0, false}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.amount);
    status::Violations violations;
    EXPECT_EQ(CheckAmount(violations, "payment.amount_vnd", row.amount, row.min), row.within);
    EXPECT_EQ(Reason(violations.ToStatus()), row.within ? "OK" : "AMOUNT_RANGE");
  }
}

}  // namespace
}  // namespace nscl::money
