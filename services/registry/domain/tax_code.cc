#include "services/registry/domain/tax_code.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kHeadDigits = 10;
constexpr size_t kBranchDigits = 13;
constexpr size_t kPersonalIdDigits = 12;
constexpr int kWeights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};

bool AreDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
}

TaxCode Faulty(TaxCodeFault fault) { return TaxCode{fault, TaxCodeKind::kHead, ""}; }

TaxCodeFault CheckHead(absl::string_view head) {
  if (head.substr(2, 7) == "0000000") return TaxCodeFault::kSerialRange;
  int sum = 0;
  for (size_t i = 0; i < std::size(kWeights); ++i) sum += kWeights[i] * (head[i] - '0');
  int check = 10 - sum % 11;
  if (check == 10) return TaxCodeFault::kNoValidCheckDigit;
  return head[9] - '0' == check ? TaxCodeFault::kNone : TaxCodeFault::kCheckDigit;
}

}  // namespace

TaxCode ReadTaxCode(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty()) return Faulty(TaxCodeFault::kEmpty);
  std::string digits(text);
  if (digits.size() == kBranchDigits + 1 && digits[kHeadDigits] == '-') {
    digits.erase(kHeadDigits, 1);
  }
  if (!AreDigits(digits)) return Faulty(TaxCodeFault::kNotDigits);
  if (digits.size() == kPersonalIdDigits) {
    return TaxCode{TaxCodeFault::kNone, TaxCodeKind::kPersonalId12, digits};
  }
  if (digits.size() != kHeadDigits && digits.size() != kBranchDigits) {
    return Faulty(TaxCodeFault::kLength);
  }
  TaxCodeFault fault = CheckHead(digits);
  if (fault != TaxCodeFault::kNone) return Faulty(fault);
  if (digits.size() == kHeadDigits) return TaxCode{fault, TaxCodeKind::kHead, digits};
  absl::string_view branch = absl::string_view(digits).substr(kHeadDigits);
  if (branch == "000") return Faulty(TaxCodeFault::kBranchRange);
  return TaxCode{fault, TaxCodeKind::kBranch,
                 absl::StrCat(digits.substr(0, kHeadDigits), "-", branch)};
}

absl::string_view NameOf(TaxCodeFault fault) {
  switch (fault) {
    case TaxCodeFault::kNone:
      return "";
    case TaxCodeFault::kEmpty:
      return "EMPTY";
    case TaxCodeFault::kNotDigits:
      return "NOT_DIGITS";
    case TaxCodeFault::kLength:
      return "LENGTH";
    case TaxCodeFault::kSerialRange:
      return "SERIAL_RANGE_0000001_9999999";
    case TaxCodeFault::kNoValidCheckDigit:
      return "NO_VALID_CHECK_DIGIT";
    case TaxCodeFault::kCheckDigit:
      return "CHECK_DIGIT";
    case TaxCodeFault::kBranchRange:
      return "BRANCH_RANGE_001_999";
  }
  return "";
}

absl::string_view EnglishOf(TaxCodeFault fault) {
  switch (fault) {
    case TaxCodeFault::kNone:
      return "";
    case TaxCodeFault::kEmpty:
      return "is missing";
    case TaxCodeFault::kNotDigits:
      return "must be digits, with a dash before a branch number only";
    case TaxCodeFault::kLength:
      return "must have 10 digits, or 13 for a branch";
    case TaxCodeFault::kSerialRange:
      return "digits 3 to 9 must be 0000001 to 9999999";
    case TaxCodeFault::kNoValidCheckDigit:
      return "no valid tax code begins with these nine digits";
    case TaxCodeFault::kCheckDigit:
      return "the tenth digit does not check the nine before it";
    case TaxCodeFault::kBranchRange:
      return "the branch number must be 001 to 999";
  }
  return "";
}

absl::string_view VietnameseOf(TaxCodeFault fault) {
  switch (fault) {
    case TaxCodeFault::kNone:
      return "";
    case TaxCodeFault::kEmpty:
      return "chưa nhập mã số thuế";
    case TaxCodeFault::kNotDigits:
      return "mã số thuế chỉ gồm chữ số, có thể có dấu gạch trước số đơn vị phụ thuộc";
    case TaxCodeFault::kLength:
      return "mã số thuế phải có 10 chữ số, hoặc 13 chữ số đối với đơn vị phụ thuộc";
    case TaxCodeFault::kSerialRange:
      return "chữ số thứ 3 đến thứ 9 phải từ 0000001 đến 9999999";
    case TaxCodeFault::kNoValidCheckDigit:
      return "không có mã số thuế hợp lệ bắt đầu bằng chín chữ số này";
    case TaxCodeFault::kCheckDigit:
      return "chữ số kiểm tra (thứ 10) không khớp với chín chữ số đầu";
    case TaxCodeFault::kBranchRange:
      return "số thứ tự đơn vị phụ thuộc phải từ 001 đến 999";
  }
  return "";
}

}  // namespace nscl::registry::domain
