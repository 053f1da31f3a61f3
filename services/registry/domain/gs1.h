// Numbers of GS1: GTIN of products, GLN of places (ISO/IEC 15459; Nghị định 37/2026/NĐ-CP Điều 28).
#pragma once

#include "absl/strings/string_view.h"

namespace nscl::registry::domain {

// What is wrong with a number.
enum class Gs1Fault { kNone, kNotDigits, kLength, kCheckDigit };

// A GTIN has 8, 12, 13 or 14 digits, a GLN 13; the last is the check digit: weights 3, 1, 3, 1 from
// the right.
Gs1Fault CheckGtin(absl::string_view gtin);
Gs1Fault CheckGln(absl::string_view gln);
// A company prefix has 7, 8, 9, 10 or 12 digits and no check digit.
Gs1Fault CheckCompanyPrefix(absl::string_view prefix);

// Whether a valid GTIN begins with the prefix of Việt Nam. Goods may carry others.
bool IsVietnameseGtin(absl::string_view gtin);

// "CHECK_DIGIT", and what it means in both languages.
absl::string_view NameOf(Gs1Fault fault);
absl::string_view EnglishOf(Gs1Fault fault);
absl::string_view VietnameseOf(Gs1Fault fault);

}  // namespace nscl::registry::domain
