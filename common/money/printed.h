// Numbers as Vietnamese papers print them: "." groups thousands, "," is the decimal mark.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::money {

// An amount printed in units of `multiplier` đồng (1, 1,000 or 1,000,000; any power of ten to
// 10^9): "1.250,5" in millions is 1,250,500,000. Exact. INVALID_ARGUMENT:
//   `PRINTED_BLANK`     nothing is printed: a blank is not a zero
//   `PRINTED_NUMBER`    a sign, letter or blank in it, two commas, nothing beside the comma
//   `PRINTED_GROUPING`  groups not of three digits ("1.25", "1250.000", "0.500"): two readings
//   `FRACTION_OF_DONG`  not a whole number of đồng
//   `AMOUNT_RANGE`      more than kMaxAmountVnd
absl::StatusOr<int64_t> ParseVnd(absl::string_view text, int64_t multiplier);

// An amount with its unit in words, "5.310.000.000 đồng", "17.825 triệu đồng", "5,31 tỷ đồng";
// without a unit it is đồng. Refused like ParseVnd; an unknown unit is `PRINTED_NUMBER`.
absl::StatusOr<int64_t> ParseVndWithUnit(absl::string_view text);

// A quantity in thousandths: "03" is 3000, "10,5" is 10500. Refused like ParseVnd, and
// `PRINTED_NUMBER` where it has more than three decimals that are not zero.
absl::StatusOr<int64_t> ParseThousandths(absl::string_view text);

// "1.250.000", "-1.000".
std::string FormatVnd(int64_t amount_vnd);

// "1.250,5"; decimals only where there are some.
std::string FormatThousandths(int64_t thousandths);

}  // namespace nscl::money
