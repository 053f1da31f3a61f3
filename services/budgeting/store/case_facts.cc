#include "services/budgeting/store/case_facts.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "services/budgeting/store/keys.h"

namespace nscl::budgeting::rows {
namespace {

template <typename M>
absl::Status Put(store::Txn& txn, const store::TableSpec& spec, const M& resource) {
  ASSIGN_OR_RETURN(const std::string key, store::internal::KeyOfName(spec, resource.name()));
  txn.Put(key, resource.SerializeAsString());
  return absl::OkStatus();
}

template <typename M>
absl::StatusOr<std::optional<domain::PaymentFacts>> Find(const store::Reader& reader,
                                                         const store::Table<M>& table,
                                                         absl::string_view name) {
  absl::StatusOr<M> resource = table.Get(reader, name);
  if (absl::IsNotFound(resource.status())) return std::optional<domain::PaymentFacts>();
  if (!resource.ok()) return resource.status();
  return std::optional<domain::PaymentFacts>(domain::FactsOf(*resource));
}

}  // namespace

CaseFacts::CaseFacts() : cases_(CaseFactsSpec()), activities_(ActivityFactsSpec()) {}

absl::Status CaseFacts::Keep(store::Txn& txn, const nscl::casework::v1::Event& event) const {
  txn.Put(kCaseworkRevisionKey, absl::StrCat(event.metadata().revision()));
  switch (event.resource_case()) {
    case nscl::casework::v1::Event::kSupportCase:
      return Put(txn, cases_.spec(), event.support_case());
    case nscl::casework::v1::Event::kActivity:
      return Put(txn, activities_.spec(), event.activity());
    default:
      return absl::OkStatus();  // of a newer casework
  }
}

absl::StatusOr<int64_t> CaseFacts::SeenRevision(const store::Reader& reader) const {
  ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(kCaseworkRevisionKey));
  int64_t revision = 0;
  if (value.has_value() && !absl::SimpleAtoi(*value, &revision)) {
    return absl::DataLossError("the newest revision of casework cannot be read");
  }
  return revision;
}

absl::StatusOr<std::optional<domain::PaymentFacts>> CaseFacts::Get(const store::Reader& reader,
                                                                   absl::string_view owner) const {
  if (absl::StrContains(owner, "/activities/")) return Find(reader, activities_, owner);
  return Find(reader, cases_, owner);
}

}  // namespace nscl::budgeting::rows
