// Casework's outbox: what budgeting was asked and has not answered. A row per owner, so that a case
// never waits for two answers and its intents keep their order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/store.h"
#include "nscl/casework/v1/intent.pb.h"

namespace nscl::casework::rows {

// Puts an intent of `owner`, raised by the running command: fills owner, revision, request id and
// time. INTERNAL where the owner waits for an answer already, which no rule lets happen.
absl::Status RaiseIntent(store::Txn& txn, absl::string_view owner, v1::Intent intent);

absl::StatusOr<std::optional<v1::Intent>> FindIntent(const store::Reader& reader,
                                                     absl::string_view owner);
// All that wait, in order of owner.
absl::StatusOr<std::vector<v1::Intent>> ListIntents(const store::Reader& reader);

// Puts back a changed one (attempts, what was heard of it).
void PutIntent(store::Txn& txn, const v1::Intent& intent);
void EraseIntent(store::Txn& txn, absl::string_view owner);

}  // namespace nscl::casework::rows
