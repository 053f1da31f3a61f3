#include "services/casework/store/intents.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/store/keys.h"
#include "services/casework/store/request_id.h"

namespace nscl::casework::rows {
namespace {

absl::StatusOr<v1::Intent> Parse(absl::string_view bytes) {
  v1::Intent intent;
  if (!intent.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("an intent cannot be read");
  }
  return intent;
}

}  // namespace

absl::Status RaiseIntent(store::Txn& txn, absl::string_view owner, v1::Intent intent) {
  ASSIGN_OR_RETURN(std::optional<v1::Intent> waiting, FindIntent(txn, owner));
  if (waiting.has_value()) {
    return absl::InternalError(
        absl::StrCat(owner, " waits for the answer to intent ", waiting->request_id(), " already"));
  }
  intent.set_owner(std::string(owner));
  intent.set_revision(txn.next_revision());
  intent.set_request_id(RequestIdOf(owner, intent.step(), intent.revision()));
  *intent.mutable_create_time() = time::ToTimestamp(txn.commit_time());
  PutIntent(txn, intent);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<v1::Intent>> FindIntent(const store::Reader& reader,
                                                     absl::string_view owner) {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, reader.Get(IntentKey(owner)));
  if (!bytes.has_value()) return std::optional<v1::Intent>();
  ASSIGN_OR_RETURN(v1::Intent intent, Parse(*bytes));
  return std::optional<v1::Intent>(std::move(intent));
}

absl::StatusOr<std::vector<v1::Intent>> ListIntents(const store::Reader& reader) {
  std::vector<v1::Intent> intents;
  absl::Status bad;
  RETURN_IF_ERROR(reader.Scan(store::KeyRange::Prefix(std::string(1, kIntentKind)),
                              [&](absl::string_view, absl::string_view value) {
                                absl::StatusOr<v1::Intent> intent = Parse(value);
                                if (!intent.ok()) bad = intent.status();
                                if (bad.ok()) intents.push_back(*std::move(intent));
                                return bad.ok();
                              }));
  RETURN_IF_ERROR(bad);
  return intents;
}

void PutIntent(store::Txn& txn, const v1::Intent& intent) {
  txn.Put(IntentKey(intent.owner()), intent.SerializeAsString());
}

void EraseIntent(store::Txn& txn, absl::string_view owner) { txn.Erase(IntentKey(owner)); }

}  // namespace nscl::casework::rows
