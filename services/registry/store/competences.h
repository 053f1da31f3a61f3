// Derived rows of providers and experts: who is competent for a content, and which provider of a
// province has a tax code.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/store.h"
#include "nscl/registry/v1/expert.pb.h"
#include "nscl/registry/v1/provider.pb.h"

namespace nscl::registry::rows {

void IndexProvider(store::Txn& txn, const v1::Provider* before, const v1::Provider* after);
void IndexExpert(store::Txn& txn, const v1::Expert* before, const v1::Expert* after);

// The name of the provider of a province that has a tax code.
absl::StatusOr<std::optional<std::string>> FindProviderByTaxCode(const store::Reader& reader,
                                                                 absl::string_view province,
                                                                 absl::string_view tax_code);

// Names of those with a competence for a content, whether or not it still holds, in order: at most
// `limit` after `after` ("": from the first).
absl::StatusOr<std::vector<std::string>> ProvidersFor(const store::Reader& reader,
                                                      absl::string_view content,
                                                      absl::string_view after, size_t limit);
absl::StatusOr<std::vector<std::string>> ExpertsFor(const store::Reader& reader,
                                                    absl::string_view content,
                                                    absl::string_view after, size_t limit);

}  // namespace nscl::registry::rows
