// Reading a store: what a snapshot and a running command have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::store {

// A half-open range of keys, read forward. Keys are a service's own (its keys.h); the store's rows
// for log, events and idempotency live elsewhere and cannot be reached through these.
struct KeyRange {
  std::string begin;  // first key, inclusive
  std::string end;    // first key after the range, exclusive; empty: no end
  // All keys that start with `prefix`.
  static KeyRange Prefix(absl::string_view prefix);
  // All keys with the prefix that come after `after` (exclusive): the next page.
  static KeyRange After(absl::string_view prefix, absl::string_view after);
};

class Reader {
 public:
  virtual ~Reader() = default;

  // The value, nullopt where there is none, DATA_LOSS `STORE_CORRUPT` where it cannot be trusted.
  virtual absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const = 0;

  // The personal data kept beside a row (Txn::PutPersonal); nullopt where there are none, or where
  // they were erased. No scan reaches them, and no revision of the past has them.
  absl::StatusOr<std::optional<std::string>> GetPersonal(absl::string_view row_key) const;

  // Visits the rows in order of key until `visit` returns false. A damaged block is DATA_LOSS,
  // never a short answer.
  virtual absl::Status Scan(
      const KeyRange& range,
      absl::FunctionRef<bool(absl::string_view key, absl::string_view value)> visit) const = 0;

  // Last committed revision that this reader sees.
  virtual int64_t revision() const = 0;
};

}  // namespace nscl::store
