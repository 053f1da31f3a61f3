#include "services/registry/store/competences.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/status/status_macros.h"
#include "services/registry/store/keys.h"

namespace nscl::registry::rows {
namespace {

template <typename M>
std::set<std::string> ContentsOf(const M* resource) {
  std::set<std::string> contents;
  if (resource == nullptr) return contents;
  for (const v1::Competence& competence : resource->competences()) {
    contents.insert(competence.content());
  }
  return contents;
}

template <typename M>
void IndexCompetences(store::Txn& txn, char kind, const M* before, const M* after) {
  const std::string& name = (after == nullptr ? before : after)->name();
  const std::set<std::string> old_contents = ContentsOf(before);
  const std::set<std::string> new_contents = ContentsOf(after);
  for (const std::string& content : old_contents) {
    if (new_contents.count(content) == 0) txn.EraseDerived(CompetenceKey(kind, content, name));
  }
  for (const std::string& content : new_contents) {
    if (old_contents.count(content) == 0) txn.PutDerived(CompetenceKey(kind, content, name), "");
  }
}

std::string TaxCodeKeyOf(const v1::Provider* provider) {
  if (provider == nullptr || provider->tax_code().empty()) return "";
  return ProviderTaxCodeKey(resource::ProvinceOf(provider->name()), provider->tax_code());
}

absl::StatusOr<std::vector<std::string>> NamesFor(const store::Reader& reader, char kind,
                                                  absl::string_view content,
                                                  absl::string_view after, size_t limit) {
  const std::string prefix = CompetencePrefix(kind, content);
  std::vector<std::string> names;
  RETURN_IF_ERROR(reader.Scan(
      after.empty() ? store::KeyRange::Prefix(prefix)
                    : store::KeyRange::After(prefix, CompetenceKey(kind, content, after)),
      [&](absl::string_view key, absl::string_view) {
        if (names.size() == limit) return false;
        names.emplace_back(NameOfCompetenceKey(key));
        return true;
      }));
  return names;
}

}  // namespace

void IndexProvider(store::Txn& txn, const v1::Provider* before, const v1::Provider* after) {
  IndexCompetences(txn, kProviderCompetenceKind, before, after);
  const std::string old_key = TaxCodeKeyOf(before);
  const std::string new_key = TaxCodeKeyOf(after);
  if (old_key == new_key) return;
  if (!old_key.empty()) txn.EraseDerived(old_key);
  if (!new_key.empty()) txn.PutDerived(new_key, after->name());
}

void IndexExpert(store::Txn& txn, const v1::Expert* before, const v1::Expert* after) {
  IndexCompetences(txn, kExpertCompetenceKind, before, after);
}

absl::StatusOr<std::optional<std::string>> FindProviderByTaxCode(const store::Reader& reader,
                                                                 absl::string_view province,
                                                                 absl::string_view tax_code) {
  return reader.Get(ProviderTaxCodeKey(province, tax_code));
}

absl::StatusOr<std::vector<std::string>> ProvidersFor(const store::Reader& reader,
                                                      absl::string_view content,
                                                      absl::string_view after, size_t limit) {
  return NamesFor(reader, kProviderCompetenceKind, content, after, limit);
}

absl::StatusOr<std::vector<std::string>> ExpertsFor(const store::Reader& reader,
                                                    absl::string_view content,
                                                    absl::string_view after, size_t limit) {
  return NamesFor(reader, kExpertCompetenceKind, content, after, limit);
}

}  // namespace nscl::registry::rows
