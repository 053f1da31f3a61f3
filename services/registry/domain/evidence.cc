#include "services/registry/domain/evidence.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kMaxNumber = 100;
constexpr size_t kMaxIssuer = 300;
constexpr size_t kSha256HexDigits = 64;

bool IsSha256(absl::string_view text) {
  return text.size() == kSha256HexDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

void NormaliseEvidence(status::Violations& violations, absl::string_view path,
                       v1::Evidence* evidence, absl::CivilDay today) {
  const auto at = [path](absl::string_view field) { return absl::StrCat(path, ".", field); };
  text::CleanField(violations, at("document_number"), evidence->mutable_document_number(),
                   {.min_chars = 1, .max_chars = kMaxNumber});
  text::CleanField(violations, at("issuer"), evidence->mutable_issuer(), {.max_chars = kMaxIssuer});
  CheckNotAfter(violations, at("issued_on"), evidence->has_issued_on(), evidence->issued_on(),
                today);
  violations.Check(evidence->file_sha256().empty() || IsSha256(evidence->file_sha256()),
                   at("file_sha256"), "SHA256", "must be 64 lower-case hexadecimal digits",
                   "phải gồm 64 ký tự hệ mười sáu viết thường");
}

void CheckNotAfter(status::Violations& violations, absl::string_view path, bool given,
                   const google::type::Date& date, absl::CivilDay today) {
  if (!given || !time::CheckDate(violations, path, date)) return;
  violations.Check(*time::ToCivilDay(date) <= today, path, "DATE_FUTURE",
                   absl::StrCat("must not be after ", time::FormatIsoDate(today)),
                   absl::StrCat("không được sau ngày ", time::FormatDate(today)));
}

void CheckPeriod(status::Violations& violations, absl::string_view path,
                 const google::type::Date* from, const google::type::Date* to) {
  bool whole = true;
  if (from != nullptr) whole &= time::CheckDate(violations, path, *from);
  if (to != nullptr) whole &= time::CheckDate(violations, path, *to);
  if (!whole || from == nullptr || to == nullptr) return;
  violations.Check(*time::ToCivilDay(*from) <= *time::ToCivilDay(*to), path, "PERIOD",
                   "must not end before it begins", "ngày kết thúc không được trước ngày bắt đầu");
}

}  // namespace nscl::registry::domain
