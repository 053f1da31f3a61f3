#include "common/money/money.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/money/printed.h"

namespace nscl::money {
namespace {

absl::Status Overflow(int64_t a, absl::string_view operation, int64_t b) {
  return status::Error(absl::StatusCode::kInvalidArgument, "AMOUNT_OVERFLOW")
      .Meta("left", a)
      .Meta("operation", operation)
      .Meta("right", b)
      .En(a, " ", operation, " ", b, " is more than a 64-bit amount holds")
      .Vi("phép tính ", a, " ", operation, " ", b, " vượt quá giới hạn số tiền");
}

}  // namespace

absl::StatusOr<int64_t> Add(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) return Overflow(a, "+", b);
  return sum;
}

absl::StatusOr<int64_t> Sub(int64_t a, int64_t b) {
  int64_t difference;
  if (__builtin_sub_overflow(a, b, &difference)) return Overflow(a, "-", b);
  return difference;
}

absl::StatusOr<int64_t> Mul(int64_t a, int64_t b) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product)) return Overflow(a, "*", b);
  return product;
}

absl::StatusOr<int64_t> Sum(absl::Span<const int64_t> amounts) {
  int64_t sum = 0;
  for (int64_t amount : amounts) {
    int64_t next;
    if (__builtin_add_overflow(sum, amount, &next)) return Overflow(sum, "+", amount);
    sum = next;
  }
  return sum;
}

absl::StatusOr<int64_t> MulQuantity(int64_t unit_price_vnd, int64_t quantity_thousandths) {
  __int128 thousandths = static_cast<__int128>(unit_price_vnd) * quantity_thousandths;
  __int128 product = thousandths / kThousandthsPerUnit;
  if (product > std::numeric_limits<int64_t>::max() ||
      product < std::numeric_limits<int64_t>::min()) {
    return Overflow(unit_price_vnd, "*", quantity_thousandths / kThousandthsPerUnit);
  }
  if (thousandths % kThousandthsPerUnit != 0) {
    return status::Error(absl::StatusCode::kInvalidArgument, "FRACTION_OF_DONG")
        .Meta("unit_price_vnd", unit_price_vnd)
        .Meta("quantity_thousandths", quantity_thousandths)
        .En(unit_price_vnd, " đồng times ", FormatThousandths(quantity_thousandths),
            " is no whole number of đồng")
        .Vi("đơn giá ", FormatVnd(unit_price_vnd), " nhân số lượng ",
            FormatThousandths(quantity_thousandths), " không ra số đồng nguyên");
  }
  return static_cast<int64_t>(product);
}

bool CheckAmount(status::Violations& violations, absl::string_view path, int64_t amount_vnd,
                 int64_t min_vnd) {
  return violations.Check(
      amount_vnd >= min_vnd && amount_vnd <= kMaxAmountVnd, path, "AMOUNT_RANGE",
      absl::StrCat("must be ", min_vnd, " to ", kMaxAmountVnd, " đồng, is ", amount_vnd),
      absl::StrCat("phải từ ", FormatVnd(min_vnd), " đến ", FormatVnd(kMaxAmountVnd),
                   " đồng, đang là ", FormatVnd(amount_vnd)));
}

}  // namespace nscl::money
