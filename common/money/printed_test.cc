#include "common/money/printed.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/money/money.h"
#include "common/testing/random.h"
#include "common/testing/status_matchers.h"

namespace nscl::money {
namespace {

using ::nscl::testing::IsOkAndHolds;
using ::nscl::testing::Reason;

TEST(PrintedTest, AmountsByUnit) {
  constexpr int64_t kDong = 1, kThousand = 1'000, kMillion = 1'000'000;
  struct {
    const char* text;
    int64_t multiplier;
    const char* reason;
    int64_t value;
  } rows[] = {
      {"1.250,5", kMillion, "OK", 1'250'500'000},
      {"0", kDong, "OK", 0},
      {"500", kMillion, "OK", 500'000'000},
      {"05", kMillion, "OK", 5'000'000},
      {"135.760.000", kDong, "OK", 135'760'000},
      {"135760000", kDong, "OK", 135'760'000},
      {"1.250", kThousand, "OK", 1'250'000},
      {"1,25", kMillion, "OK", 1'250'000},
      {"1,250", kMillion, "OK", 1'250'000},
      {"0,000001", kMillion, "OK", 1},
      {"0,0000010", kMillion, "OK", 1},
      {"1,0", kDong, "OK", 1},
      {"9.007.199.254.740.991", kDong, "OK", kMaxAmountVnd},
      {"9.007.199.254,740991", kMillion, "OK", kMaxAmountVnd},
      {"9.007.199.254.740.992", kDong, "AMOUNT_RANGE", 0},
      {"9.007.199.255", kMillion, "AMOUNT_RANGE", 0},
      {"99999999999999999999999999999999999999", kDong, "AMOUNT_RANGE", 0},
      {"99999999999999999999999999999999999999999", kDong, "PRINTED_NUMBER", 0},
      {"0,5", kDong, "FRACTION_OF_DONG", 0},
      {"1,250", kDong, "FRACTION_OF_DONG", 0},
      {"0,0000001", kMillion, "FRACTION_OF_DONG", 0},
      {"0,0005", kThousand, "FRACTION_OF_DONG", 0},
      {"", kDong, "PRINTED_BLANK", 0},
      {"  ", kDong, "PRINTED_BLANK", 0},
      {"1.25", kMillion, "PRINTED_GROUPING", 0},
      {"1.2500", kMillion, "PRINTED_GROUPING", 0},
      {"1250.000", kDong, "PRINTED_GROUPING", 0},
      {"0.500", kMillion, "PRINTED_GROUPING", 0},
      {"1.250.00", kDong, "PRINTED_GROUPING", 0},
      {"-", kDong, "PRINTED_NUMBER", 0},
      {"-5", kDong, "PRINTED_NUMBER", 0},
      {"+5", kDong, "PRINTED_NUMBER", 0},
      {"1 250", kDong, "PRINTED_NUMBER", 0},
      {"1,250,000", kDong, "PRINTED_NUMBER", 0},
      {"1,250.5", kMillion, "PRINTED_NUMBER", 0},
      {"1.,5", kMillion, "PRINTED_NUMBER", 0},
      {".5", kMillion, "PRINTED_NUMBER", 0},
      {",5", kMillion, "PRINTED_NUMBER", 0},
      {"5,", kMillion, "PRINTED_NUMBER", 0},
      {"1..000", kDong, "PRINTED_NUMBER", 0},
      {"1e6", kDong, "PRINTED_NUMBER", 0},
      {"0x10", kDong, "PRINTED_NUMBER", 0},
      {"٥", kDong, "PRINTED_NUMBER", 0},
      {"5 triệu", kDong, "PRINTED_NUMBER", 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.text, " x ", row.multiplier));
    absl::StatusOr<int64_t> value = ParseVnd(row.text, row.multiplier);
    EXPECT_EQ(Reason(value), row.reason);
    if (value.ok()) {
      EXPECT_EQ(*value, row.value);
    }
  }
}

TEST(PrintedTest, AmountsWithUnitInWords) {
  struct {
    const char* text;
    const char* reason;
    int64_t value;
  } rows[] = {
      {"5.310.000.000 đồng", "OK", 5'310'000'000},
      {" 17.825 triệu đồng ", "OK", 17'825'000'000},
      {"5,31 tỷ đồng", "OK", 5'310'000'000},
      {"5,31 tỉ đồng", "OK", 5'310'000'000},
      {"135.760 ngàn đồng", "OK", 135'760'000},
      {"135.760 nghìn đồng", "OK", 135'760'000},
      {"12", "OK", 12},
      {"đồng", "PRINTED_BLANK", 0},
      {"5 đô la", "PRINTED_NUMBER", 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    absl::StatusOr<int64_t> value = ParseVndWithUnit(row.text);
    EXPECT_EQ(Reason(value), row.reason);
    if (value.ok()) {
      EXPECT_EQ(*value, row.value);
    }
  }
}

TEST(PrintedTest, Quantities) {
  struct {
    const char* text;
    const char* reason;
    int64_t value;
  } rows[] = {
      {"03", "OK", 3'000},      {"10,5", "OK", 10'500},          {"1.250", "OK", 1'250'000},
      {"0,001", "OK", 1},       {"1,2500", "OK", 1'250},         {"0,0001", "PRINTED_NUMBER", 0},
      {"", "PRINTED_BLANK", 0}, {"10.5", "PRINTED_GROUPING", 0}, {"10 - 15", "PRINTED_NUMBER", 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    absl::StatusOr<int64_t> value = ParseThousandths(row.text);
    EXPECT_EQ(Reason(value), row.reason);
    if (value.ok()) {
      EXPECT_EQ(*value, row.value);
    }
  }
}

TEST(PrintedTest, Formats) {
  struct {
    int64_t value;
    const char* vnd;
    const char* thousandths;
  } rows[] = {
      {0, "0", "0"},
      {1, "1", "0,001"},
      {-1, "-1", "-0,001"},
      {999, "999", "0,999"},
      {1'000, "1.000", "1"},
      {-1'500, "-1.500", "-1,5"},
      {-100, "-100", "-0,1"},
      {1'250'500'000, "1.250.500.000", "1.250.500"},
      {std::numeric_limits<int64_t>::max(), "9.223.372.036.854.775.807",
       "9.223.372.036.854.775,807"},
      {std::numeric_limits<int64_t>::min(), "-9.223.372.036.854.775.808",
       "-9.223.372.036.854.775,808"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(FormatVnd(row.value), row.vnd);
    EXPECT_EQ(FormatThousandths(row.value), row.thousandths);
  }
}

TEST(PrintedTest, WhatIsFormattedIsReadBack) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  for (int i = 0; i < 2'000; ++i) {
    int64_t value = static_cast<int64_t>(random() >> (11 + random() % 53));
    EXPECT_THAT(ParseVnd(FormatVnd(value), 1), IsOkAndHolds(value));
    EXPECT_THAT(ParseThousandths(FormatThousandths(value)), IsOkAndHolds(value));
  }
}

}  // namespace
}  // namespace nscl::money
