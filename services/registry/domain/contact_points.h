// Ways to reach somebody: telephone, e-mail, web site.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace nscl::registry::domain {

// Limits in characters.
inline constexpr size_t kMaxPhone = 30;
inline constexpr size_t kMaxEmail = 254;
inline constexpr size_t kMaxWebsite = 300;

// Clean a field that may be empty, or add a violation, which never repeats the value: it may be
// personal. Digits are ASCII digits.
//   `PHONE`    digits and single spaces with a leading "+" or not, at least three digits
//   `EMAIL`    one "@", no spaces, a dot in the domain
//   `WEBSITE`  a host with a dot, "http://" or "https://" before it and a path behind it or not
void NormalisePhone(status::Violations& violations, absl::string_view path, std::string* phone);
void NormaliseEmail(status::Violations& violations, absl::string_view path, std::string* email);
void NormaliseWebsite(status::Violations& violations, absl::string_view path, std::string* website);

}  // namespace nscl::registry::domain
