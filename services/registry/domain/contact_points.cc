#include "services/registry/domain/contact_points.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/text/clean.h"

namespace nscl::registry::domain {
namespace {

constexpr int kMinPhoneDigits = 3;

bool IsPhone(absl::string_view phone) {
  absl::ConsumePrefix(&phone, "+");
  const auto digits = std::count_if(phone.begin(), phone.end(), absl::ascii_isdigit);
  return digits >= kMinPhoneDigits && !absl::StrContains(phone, "  ") &&
         std::all_of(phone.begin(), phone.end(),
                     [](char c) { return absl::ascii_isdigit(c) || c == ' '; });
}

// Labels of letters, digits and "-", at least two of them.
bool IsHost(absl::string_view host) {
  bool dot = false;
  char before = '.';
  for (char c : host) {
    if (c == '.') {
      if (before == '.' || before == '-') return false;
      dot = true;
    } else if (c == '-') {
      if (before == '.') return false;
    } else if (!absl::ascii_isalnum(c)) {
      return false;
    }
    before = c;
  }
  return dot && before != '.' && before != '-';
}

bool IsEmail(absl::string_view email) {
  const size_t at = email.find('@');
  if (at == 0 || at == absl::string_view::npos || !IsHost(email.substr(at + 1))) return false;
  const absl::string_view local = email.substr(0, at);
  return !absl::StartsWith(local, ".") && !absl::EndsWith(local, ".") &&
         std::all_of(local.begin(), local.end(), [](char c) {
           return absl::ascii_isgraph(c) && !absl::StrContains("\"(),:;<>[\\]", c);
         });
}

bool IsWebsite(absl::string_view website) {
  if (!absl::ConsumePrefix(&website, "https://")) absl::ConsumePrefix(&website, "http://");
  const size_t end = website.find_first_of("/?#");
  if (absl::StrContains(website, ' ')) return false;
  absl::string_view host = website.substr(0, end);
  if (const size_t colon = host.find(':'); colon != absl::string_view::npos) {
    const absl::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 ||
        !std::all_of(port.begin(), port.end(), absl::ascii_isdigit)) {
      return false;
    }
    host = host.substr(0, colon);
  }
  return IsHost(host);
}

}  // namespace

void NormalisePhone(status::Violations& violations, absl::string_view path, std::string* phone) {
  if (!text::CleanField(violations, path, phone, {.max_chars = kMaxPhone}) || phone->empty()) {
    return;
  }
  violations.Check(IsPhone(*phone), path, "PHONE",
                   "must be digits and single spaces, with a leading \"+\" or not",
                   "chỉ gồm chữ số và khoảng trắng đơn, có thể có dấu \"+\" ở đầu");
}

void NormaliseEmail(status::Violations& violations, absl::string_view path, std::string* email) {
  if (!text::CleanField(violations, path, email, {.max_chars = kMaxEmail}) || email->empty()) {
    return;
  }
  violations.Check(IsEmail(*email), path, "EMAIL", "must be an e-mail address",
                   "phải là địa chỉ thư điện tử");
}

void NormaliseWebsite(status::Violations& violations, absl::string_view path,
                      std::string* website) {
  if (!text::CleanField(violations, path, website, {.max_chars = kMaxWebsite}) ||
      website->empty()) {
    return;
  }
  violations.Check(IsWebsite(*website), path, "WEBSITE", "must be the address of a web site",
                   "phải là địa chỉ trang thông tin điện tử");
}

}  // namespace nscl::registry::domain
