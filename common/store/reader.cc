#include "common/store/reader.h"

#include "common/store/keys.h"

namespace nscl::store {

KeyRange KeyRange::Prefix(absl::string_view prefix) {
  return {std::string(prefix), keys::PrefixEnd(prefix)};
}

KeyRange KeyRange::After(absl::string_view prefix, absl::string_view after) {
  KeyRange range = Prefix(prefix);
  // The key that follows `after` directly.
  if (after >= prefix) range.begin = std::string(after) + '\0';
  return range;
}

absl::StatusOr<std::optional<std::string>> Reader::GetPersonal(absl::string_view row_key) const {
  return Get(keys::PersonalKey(row_key));
}

}  // namespace nscl::store
