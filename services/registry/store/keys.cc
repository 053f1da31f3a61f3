#include "services/registry/store/keys.h"

#include "absl/strings/str_cat.h"

namespace nscl::registry::rows {

std::string TaxCodeKey(absl::string_view province, absl::string_view tax_code) {
  const absl::string_view end("\0", 1);
  return absl::StrCat(absl::string_view(&kTaxCodeKind, 1), province, end, tax_code, end);
}

std::string OperationsUnderWayPrefix(absl::string_view province) {
  return absl::StrCat(absl::string_view(&kOperationUnderWayKind, 1), province,
                      absl::string_view("\0", 1));
}

std::string OperationUnderWayKey(absl::string_view province, absl::string_view operation) {
  return absl::StrCat(OperationsUnderWayPrefix(province), operation, absl::string_view("\0", 1));
}

std::string OperationOfUnderWayKey(absl::string_view key) {
  key.remove_prefix(1);
  const size_t end = key.find('\0');
  absl::string_view operation = key.substr(end + 1);
  operation.remove_suffix(1);
  return absl::StrCat("provinces/", key.substr(0, end), "/operations/", operation);
}

std::string ExpiryKey(bool expiring, absl::string_view last_day, absl::string_view certificate) {
  std::string key{kExpiryKind, expiring ? 'x' : 'v'};
  absl::StrAppend(&key, last_day);
  if (last_day.empty()) return key;
  key.push_back('\0');
  if (!certificate.empty()) absl::StrAppend(&key, certificate, absl::string_view("\0", 1));
  return key;
}

absl::string_view NameOfExpiryKey(absl::string_view key) {
  key.remove_prefix(key.find('\0') + 1);
  key.remove_suffix(1);
  return key;
}

std::string ProviderTaxCodeKey(absl::string_view province, absl::string_view tax_code) {
  const absl::string_view end("\0", 1);
  return absl::StrCat(absl::string_view(&kProviderTaxCodeKind, 1), province, end, tax_code, end);
}

std::string CompetencePrefix(char kind, absl::string_view content) {
  return absl::StrCat(absl::string_view(&kind, 1), content, absl::string_view("\0", 1));
}

std::string CompetenceKey(char kind, absl::string_view content, absl::string_view name) {
  return absl::StrCat(CompetencePrefix(kind, content), name, absl::string_view("\0", 1));
}

absl::string_view NameOfCompetenceKey(absl::string_view key) {
  key.remove_prefix(key.find('\0') + 1);
  key.remove_suffix(1);
  return key;
}

}  // namespace nscl::registry::rows
