// Lists over the provinces of a caller.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/status/status_macros.h"
#include "common/store/table.h"

namespace nscl::store {

namespace internal {
// A key after every row of a province and before those of the next: names hold no 0xff.
std::string EndOfProvinceKey(char kind, absl::string_view province);
// The province of a key of the table; "" where it is none.
absl::string_view ProvinceOfKey(char kind, absl::string_view key);
}  // namespace internal

// A page under "provinces/-" or deeper ("provinces/-/plans/-") over some provinces, given in order:
// rows of others are not even looked at.
template <typename M>
absl::StatusOr<Page<M>> ListOver(const Table<M>& table, const Reader& reader,
                                 const std::vector<std::string>& provinces,
                                 absl::string_view parent, absl::string_view after_key,
                                 size_t limit, const std::function<bool(const M&)>& match) {
  constexpr absl::string_view kAll = "provinces/-";
  const absl::string_view deeper = parent.substr(kAll.size());
  const char kind = table.spec().kind;
  const absl::string_view from = internal::ProvinceOfKey(kind, after_key);
  Page<M> page;
  for (size_t i = 0; i < provinces.size(); ++i) {
    const std::string& province = provinces[i];
    if (province < from) continue;
    ASSIGN_OR_RETURN(Page<M> part, table.List(reader, absl::StrCat("provinces/", province, deeper),
                                              province == from ? after_key : "",
                                              limit - page.rows.size(), match));
    std::move(part.rows.begin(), part.rows.end(), std::back_inserter(page.rows));
    page.last_key = std::move(part.last_key);
    if (!page.last_key.empty()) return page;
    if (page.rows.size() == limit) {
      if (i + 1 < provinces.size()) page.last_key = internal::EndOfProvinceKey(kind, province);
      return page;
    }
  }
  return page;
}

// A page of what `caller` (auth::Caller) may see under a parent that the door let in: over the
// caller's provinces where the parent is "provinces/-" or deeper.
template <typename M, typename Caller>
absl::StatusOr<Page<M>> ListInScope(const Table<M>& table, const Reader& reader,
                                    const Caller& caller, absl::string_view parent,
                                    absl::string_view after_key, size_t limit,
                                    const std::function<bool(const M&)>& match) {
  const bool across = parent == "provinces/-" || absl::StartsWith(parent, "provinces/-/");
  if (!across || caller.all_provinces) return table.List(reader, parent, after_key, limit, match);
  std::vector<std::string> provinces(caller.provinces.begin(), caller.provinces.end());
  std::sort(provinces.begin(), provinces.end());
  return ListOver<M>(table, reader, provinces, parent, after_key, limit, match);
}

}  // namespace nscl::store
