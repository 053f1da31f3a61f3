// Where money comes from, as the dated catalogue says (deploy/catalogue/funding_sources.json).
#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace nscl::budgeting::domain {

struct FundingSource {
  std::string name;
  // Says where the money is ("lồng ghép") and never carries an amount of this plan: nothing can be
  // assigned to it (INV-B10).
  bool pseudo = false;
};

// By code, "ST_RECURRENT".
using FundingSources = absl::flat_hash_map<std::string, FundingSource>;

inline bool IsKnown(const FundingSources& sources, absl::string_view code) {
  return sources.contains(code);
}

inline bool IsAssignable(const FundingSources& sources, absl::string_view code) {
  auto source = sources.find(code);
  return source != sources.end() && !source->second.pseudo;
}

}  // namespace nscl::budgeting::domain
