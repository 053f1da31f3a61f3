// Money: whole đồng in int64, checked. There is no floating point on the way of a đồng.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/status/error.h"

namespace nscl::money {

// Most that one amount in a request may be: 2^53 - 1 đồng, the largest integer that a JSON client's
// double holds exactly. Sums may be larger, up to int64.
inline constexpr int64_t kMaxAmountVnd = (int64_t{1} << 53) - 1;

// Quantities are counted in thousandths: 10,5 is 10500.
inline constexpr int64_t kThousandthsPerUnit = 1000;

// Exact sums and products. INVALID_ARGUMENT `AMOUNT_OVERFLOW` naming the operands where int64 is
// too small.
absl::StatusOr<int64_t> Add(int64_t a, int64_t b);
absl::StatusOr<int64_t> Sub(int64_t a, int64_t b);
absl::StatusOr<int64_t> Mul(int64_t a, int64_t b);
absl::StatusOr<int64_t> Sum(absl::Span<const int64_t> amounts);

// Unit price times quantity. INVALID_ARGUMENT `FRACTION_OF_DONG` where the product is no whole
// number of đồng, `AMOUNT_OVERFLOW` where int64 is too small.
absl::StatusOr<int64_t> MulQuantity(int64_t unit_price_vnd, int64_t quantity_thousandths);

// Adds a violation `AMOUNT_RANGE` unless min <= amount <= kMaxAmountVnd; returns whether it is
// within.
bool CheckAmount(status::Violations& violations, absl::string_view path, int64_t amount_vnd,
                 int64_t min_vnd = 0);

}  // namespace nscl::money
