#include "common/store/table.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/store/errors.h"

namespace nscl::store::internal {
namespace {

constexpr char kWildcard[] = "-";

bool IsVariable(absl::string_view segment) { return !segment.empty() && segment[0] == '{'; }

// An id: what AIP-122 allows in a segment is checked by common/resource; here only what the key
// needs.
bool IsId(absl::string_view segment) {
  return !segment.empty() && segment.find('\0') == absl::string_view::npos;
}

std::string ProvinceOf(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "provinces/")) return "";
  return std::string(name.substr(0, name.find('/')));
}

// "supportCase" -> "SUPPORT_CASE".
std::string ReasonPrefix(absl::string_view event_prefix) {
  std::string reason;
  for (char c : event_prefix) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c))) reason.push_back('_');
    reason.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  return reason;
}

}  // namespace

absl::StatusOr<std::string> KeyOfName(const TableSpec& spec, absl::string_view name) {
  std::string key(1, spec.kind);
  absl::string_view rest_of_pattern = spec.pattern;
  absl::string_view rest_of_name = name;
  while (true) {
    const size_t pattern_end = rest_of_pattern.find('/');
    const size_t name_end = rest_of_name.find('/');
    absl::string_view wanted = rest_of_pattern.substr(0, pattern_end);
    absl::string_view segment = rest_of_name.substr(0, name_end);
    if (IsVariable(wanted)) {
      if (!IsId(segment) || segment == kWildcard) return errors::ResourceName(name, spec.pattern);
      absl::StrAppend(&key, segment);
      key.push_back('\0');
    } else if (segment != wanted) {
      return errors::ResourceName(name, spec.pattern);
    }
    const bool pattern_over = pattern_end == absl::string_view::npos;
    const bool name_over = name_end == absl::string_view::npos;
    if (pattern_over != name_over) return errors::ResourceName(name, spec.pattern);
    if (pattern_over) return key;
    rest_of_pattern.remove_prefix(pattern_end + 1);
    rest_of_name.remove_prefix(name_end + 1);
  }
}

absl::StatusOr<std::string> KeyPrefixOfParent(const TableSpec& spec, absl::string_view parent) {
  std::string prefix(1, spec.kind);
  if (parent.empty()) return prefix;
  const std::vector<absl::string_view> pattern = absl::StrSplit(spec.pattern, '/');
  const std::vector<absl::string_view> segments = absl::StrSplit(parent, '/');
  // A parent ends before the collection and the id of the resource itself.
  if (segments.size() + 2 > pattern.size()) return errors::ResourceName(parent, spec.pattern);
  bool wildcard = false;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (!IsVariable(pattern[i])) {
      if (segments[i] != pattern[i]) return errors::ResourceName(parent, spec.pattern);
      continue;
    }
    if (segments[i] == kWildcard) {
      wildcard = true;
      continue;
    }
    // Beneath a wildcard all rows of the province would have to be read: an index is the way.
    if (wildcard || !IsId(segments[i])) return errors::ResourceName(parent, spec.pattern);
    absl::StrAppend(&prefix, segments[i]);
    prefix.push_back('\0');
  }
  return prefix;
}

absl::Status NotFound(const TableSpec& spec, absl::string_view name) {
  return errors::NotFound(name);
}

absl::Status AlreadyExists(const TableSpec& spec, absl::string_view name) {
  return errors::Exists(absl::StrCat(ReasonPrefix(spec.event_prefix), "_EXISTS"), name);
}

absl::Status EtagMismatch(absl::string_view name, absl::string_view given,
                          absl::string_view current) {
  return errors::EtagMismatch(name, given, current);
}

absl::Status UnreadableRow(absl::string_view name) {
  return errors::StoreCorrupt(name, "the row cannot be read");
}

std::string EtagOf(int64_t revision) { return absl::StrCat("\"", absl::Hex(revision), "\""); }

void EmitChange(Txn& txn, const TableSpec& spec, absl::string_view verb, absl::string_view name,
                absl::string_view bytes) {
  nscl::event::v1::EventMetadata metadata;
  metadata.set_type(absl::StrCat(spec.event_prefix, ".", verb));
  metadata.set_resource_name(std::string(name));
  metadata.set_province(ProvinceOf(name));
  txn.Emit(std::move(metadata), spec.event_field, bytes);
}

}  // namespace nscl::store::internal
