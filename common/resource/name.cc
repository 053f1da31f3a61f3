#include "common/resource/name.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/error.h"

namespace nscl::resource {
namespace {

// Names longer than any pattern of ids can make are shown cut in refusals.
constexpr size_t kMaxShownBytes = 200;

bool AreDigits(absl::string_view text, size_t count) {
  if (text.size() != count) return false;
  for (char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return true;
}

// What can be repeated in a message: a name that is refused may hold any bytes.
std::string Shown(absl::string_view text) {
  std::string shown(text.substr(0, kMaxShownBytes));
  for (char& c : shown) {
    if (!absl::ascii_isprint(c)) c = '?';
  }
  return shown;
}

}  // namespace

bool IsId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdLength || !absl::ascii_isalnum(id[0])) return false;
  for (char c : id) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '.') return false;
  }
  return true;
}

bool IsProvinceCode(absl::string_view code) { return AreDigits(code, 2); }

absl::Status CheckId(absl::string_view id, absl::string_view field) {
  if (IsId(id)) return absl::OkStatus();
  status::Violations violations;
  violations.Add(
      field, "RESOURCE_ID",
      absl::StrCat("\"", Shown(id), "\" is no id: letters, digits, `-` and `.`, beginning with ",
                   "a letter or digit, at most ", kMaxIdLength, " characters"),
      absl::StrCat("\"", Shown(id), "\" không phải mã hợp lệ: chỉ gồm chữ không dấu, số, `-` và ",
                   "`.`, bắt đầu bằng chữ hoặc số, tối đa ", kMaxIdLength, " ký tự"));
  return violations.ToStatus();
}

NamePattern::NamePattern(absl::string_view pattern) : pattern_(pattern) {
  for (absl::string_view segment : absl::StrSplit(pattern, '/')) {
    Kind kind = Kind::kLiteral;
    if (absl::StartsWith(segment, "{") && absl::EndsWith(segment, "}")) {
      kind = segment == "{province}" ? Kind::kProvince
             : segment == "{year}"   ? Kind::kYear
                                     : Kind::kId;
      ++variables_;
    } else if (segment.empty()) {
      std::fprintf(stderr, "bad name pattern \"%s\"\n", pattern_.c_str());
      std::abort();
    }
    segments_.push_back({kind, std::string(segment)});
  }
}

bool NamePattern::Split(absl::string_view name, bool wildcards, Ids* ids) const {
  for (size_t i = 0; i < segments_.size(); ++i) {
    const Segment& segment = segments_[i];
    size_t end = name.find('/');
    bool last = i + 1 == segments_.size();
    if (last != (end == absl::string_view::npos)) return false;
    absl::string_view part = name.substr(0, end);
    if (!last) name.remove_prefix(end + 1);
    if (segment.kind == Kind::kLiteral) {
      if (part != segment.literal) return false;
      continue;
    }
    bool fits =
        (wildcards && part == kWildcard) || (segment.kind == Kind::kProvince ? IsProvinceCode(part)
                                             : segment.kind == Kind::kYear   ? AreDigits(part, 4)
                                                                             : IsId(part));
    if (!fits) return false;
    ids->push_back(part);
  }
  return true;
}

absl::Status NamePattern::Misfit(absl::string_view name, absl::string_view field) const {
  status::Violations violations;
  violations.Add(field, "RESOURCE_NAME",
                 absl::StrCat("\"", Shown(name), "\" does not have the form \"", pattern_, "\""),
                 absl::StrCat("\"", Shown(name), "\" không đúng dạng \"", pattern_, "\""));
  return violations.ToStatus();
}

absl::StatusOr<Ids> NamePattern::Parse(absl::string_view name, absl::string_view field) const {
  Ids ids;
  if (!Split(name, /*wildcards=*/false, &ids)) return Misfit(name, field);
  return ids;
}

absl::StatusOr<Ids> NamePattern::ParseParent(absl::string_view parent,
                                             absl::string_view field) const {
  Ids ids;
  if (!Split(parent, /*wildcards=*/true, &ids)) return Misfit(parent, field);
  return ids;
}

bool NamePattern::Matches(absl::string_view name) const {
  Ids ids;
  return Split(name, /*wildcards=*/false, &ids);
}

std::string NamePattern::Format(std::initializer_list<absl::string_view> ids) const {
  std::string name;
  const absl::string_view* id = ids.begin();
  for (const Segment& segment : segments_) {
    absl::string_view part = segment.literal;
    if (segment.kind != Kind::kLiteral) part = id == ids.end() ? "" : *id++;
    absl::StrAppend(&name, name.empty() ? "" : "/", part);
  }
  return name;
}

absl::string_view ProvinceOf(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "provinces/")) return "";
  return name.substr(0, name.find('/'));
}

absl::string_view ParentOf(absl::string_view name) {
  for (int i = 0; i < 2; ++i) {
    size_t slash = name.rfind('/');
    if (slash == absl::string_view::npos) return "";
    name = name.substr(0, slash);
  }
  return name;
}

absl::string_view LastIdOf(absl::string_view name) {
  size_t slash = name.rfind('/');
  return slash == absl::string_view::npos ? name : name.substr(slash + 1);
}

}  // namespace nscl::resource
