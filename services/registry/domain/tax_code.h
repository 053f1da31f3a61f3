// Tax codes (Thông tư 105/2020/TT-BTC Điều 5).
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::registry::domain {

// What is wrong with a tax code.
enum class TaxCodeFault {
  kNone,
  kEmpty,
  kNotDigits,
  kLength,
  kSerialRange,        // digits 3 to 9 are 0000000
  kNoValidCheckDigit,  // the weighted sum leaves 10: no code exists for the nine digits
  kCheckDigit,
  kBranchRange,  // the branch number is 000
};

enum class TaxCodeKind { kHead, kBranch, kPersonalId12 };

// A tax code as read. N10 = 10 - (sum of w·d mod 11), w = 31, 29, 23, 19, 17, 13, 7, 5, 3. Blanks
// around it are dropped; 13 digits without the dash are stored with it. Twelve digits are a
// personal identifier, which has no check digit.
struct TaxCode {
  TaxCodeFault fault = TaxCodeFault::kNone;
  TaxCodeKind kind = TaxCodeKind::kHead;
  std::string normalised;  // "5800123458" or "5800123458-001"; empty where there is a fault
};

TaxCode ReadTaxCode(absl::string_view text);

// Stable name, "CHECK_DIGIT", and what it means in both languages.
absl::string_view NameOf(TaxCodeFault fault);
absl::string_view EnglishOf(TaxCodeFault fault);
absl::string_view VietnameseOf(TaxCodeFault fault);

}  // namespace nscl::registry::domain
