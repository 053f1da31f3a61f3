#include "services/registry/domain/gs1.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace nscl::registry::domain {
namespace {

// Given to Việt Nam by GS1, in the place that a GTIN of 13 digits has it.
constexpr absl::string_view kVietnamPrefix = "893";
constexpr size_t kGtin13 = 13;
constexpr size_t kGtin14 = 14;

bool CheckDigitFits(absl::string_view digits) {
  int sum = 0;
  int weight = 3;
  for (size_t i = digits.size() - 1; i-- > 0;) {
    sum += weight * (digits[i] - '0');
    weight = 4 - weight;
  }
  return (10 - sum % 10) % 10 == digits.back() - '0';
}

Gs1Fault CheckDigits(absl::string_view number, std::initializer_list<size_t> lengths) {
  if (!std::all_of(number.begin(), number.end(), absl::ascii_isdigit)) return Gs1Fault::kNotDigits;
  if (std::find(lengths.begin(), lengths.end(), number.size()) == lengths.end()) {
    return Gs1Fault::kLength;
  }
  return Gs1Fault::kNone;
}

Gs1Fault Check(absl::string_view number, std::initializer_list<size_t> lengths) {
  const Gs1Fault fault = CheckDigits(number, lengths);
  if (fault != Gs1Fault::kNone) return fault;
  return CheckDigitFits(number) ? Gs1Fault::kNone : Gs1Fault::kCheckDigit;
}

}  // namespace

Gs1Fault CheckGtin(absl::string_view gtin) { return Check(gtin, {8, 12, 13, 14}); }

Gs1Fault CheckGln(absl::string_view gln) { return Check(gln, {13}); }

Gs1Fault CheckCompanyPrefix(absl::string_view prefix) {
  return CheckDigits(prefix, {7, 8, 9, 10, 12});
}

bool IsVietnameseGtin(absl::string_view gtin) {
  // The first of fourteen digits tells the packing, not the country.
  if (gtin.size() == kGtin14) gtin.remove_prefix(1);
  return gtin.size() == kGtin13 && absl::StartsWith(gtin, kVietnamPrefix);
}

absl::string_view NameOf(Gs1Fault fault) {
  switch (fault) {
    case Gs1Fault::kNone:
      return "NONE";
    case Gs1Fault::kNotDigits:
      return "NOT_DIGITS";
    case Gs1Fault::kLength:
      return "LENGTH";
    case Gs1Fault::kCheckDigit:
      return "CHECK_DIGIT";
  }
  return "";
}

absl::string_view EnglishOf(Gs1Fault fault) {
  switch (fault) {
    case Gs1Fault::kNone:
      return "";
    case Gs1Fault::kNotDigits:
      return "holds something other than digits";
    case Gs1Fault::kLength:
      return "a GTIN has 8, 12, 13 or 14 digits, a GLN 13";
    case Gs1Fault::kCheckDigit:
      return "the last digit does not check the others";
  }
  return "";
}

absl::string_view VietnameseOf(Gs1Fault fault) {
  switch (fault) {
    case Gs1Fault::kNone:
      return "";
    case Gs1Fault::kNotDigits:
      return "có ký tự không phải chữ số";
    case Gs1Fault::kLength:
      return "GTIN có 8, 12, 13 hoặc 14 chữ số, GLN có 13 chữ số";
    case Gs1Fault::kCheckDigit:
      return "chữ số kiểm tra không đúng";
  }
  return "";
}

}  // namespace nscl::registry::domain
