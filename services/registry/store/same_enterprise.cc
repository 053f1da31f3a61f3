#include "services/registry/store/same_enterprise.h"

#include <optional>
#include <set>
#include <utility>

#include "common/status/status_macros.h"

namespace nscl::registry::rows {
namespace {

// Names found on the way, each looked at once.
class Names {
 public:
  explicit Names(absl::string_view first) { Add(std::string(first)); }

  void Add(std::string name) {
    if (name.empty() || !found_.insert(name).second) return;
    waiting_.push_back(std::move(name));
  }
  std::optional<std::string> Next() {
    if (waiting_.empty()) return std::nullopt;
    std::string next = std::move(waiting_.back());
    waiting_.pop_back();
    return next;
  }
  std::vector<std::string> InOrder() const { return {found_.begin(), found_.end()}; }

 private:
  std::set<std::string> found_;
  std::vector<std::string> waiting_;
};

// Follows `name` to all names of its enterprise; with provinces, through its tax codes too.
absl::StatusOr<std::vector<std::string>> Follow(const Enterprises& enterprises,
                                                const store::Reader& reader, absl::string_view name,
                                                const catalogue::Provinces* provinces) {
  Names names(name);
  std::set<std::string> tax_codes;
  for (std::optional<std::string> next = names.Next(); next.has_value(); next = names.Next()) {
    ASSIGN_OR_RETURN(v1::Enterprise enterprise, enterprises.Get(reader, *next));
    names.Add(enterprise.name());
    names.Add(enterprise.merged_into());
    for (const std::string& alias : enterprise.aliases()) names.Add(alias);
    const std::string& tax_code = enterprise.tax_code();
    if (provinces == nullptr || tax_code.empty() || !tax_codes.insert(tax_code).second) continue;
    for (const catalogue::Province& province : provinces->rows()) {
      ASSIGN_OR_RETURN(std::optional<std::string> copy,
                       enterprises.FindByTaxCode(reader, province.code, tax_code));
      if (copy.has_value()) names.Add(*std::move(copy));
    }
  }
  return names.InOrder();
}

}  // namespace

absl::StatusOr<v1::Enterprise> FindStanding(const Enterprises& enterprises,
                                            const store::Reader& reader, absl::string_view name) {
  std::set<std::string> seen;
  std::string next(name);
  for (;;) {
    ASSIGN_OR_RETURN(v1::Enterprise enterprise, enterprises.Get(reader, next));
    // Merges make no cycle; a damaged one must not hold the reader.
    if (enterprise.merged_into().empty() || !seen.insert(next).second) return enterprise;
    next = enterprise.merged_into();
  }
}

absl::StatusOr<std::vector<std::string>> NamesOf(const Enterprises& enterprises,
                                                 const store::Reader& reader,
                                                 absl::string_view name) {
  return Follow(enterprises, reader, name, nullptr);
}

absl::StatusOr<std::vector<std::string>> NamesEverywhere(const Enterprises& enterprises,
                                                         const store::Reader& reader,
                                                         absl::string_view name,
                                                         const catalogue::Provinces& provinces) {
  return Follow(enterprises, reader, name, &provinces);
}

}  // namespace nscl::registry::rows
