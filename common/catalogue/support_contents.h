// Families of what can be supported (deploy/catalogue/support_contents.json).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/catalogue/rows.h"
#include "common/status/error.h"

namespace nscl::catalogue {

struct SupportContent {
  std::string family;  // "MANAGEMENT_SYSTEM"
  std::string name;    // Vietnamese
  std::string name_en;
  std::vector<std::string> examples;
  Basis basis;
};

class SupportContents {
 public:
  static absl::StatusOr<SupportContents> Load(absl::string_view dir);
  static absl::StatusOr<SupportContents> Parse(absl::string_view text);

  const std::vector<SupportContent>& rows() const { return rows_; }
  // The family as it is on a day; null where there is none.
  const SupportContent* ValidOn(absl::string_view family, absl::CivilDay day) const;

  // Adds a violation `CONTENT_FAMILY` for what is not a family on the day; not on any day of the
  // year; never was one.
  void CheckOn(status::Violations& violations, absl::string_view path, absl::string_view family,
               absl::CivilDay day) const;
  void CheckInYear(status::Violations& violations, absl::string_view path, absl::string_view family,
                   int year) const;
  void CheckKnown(status::Violations& violations, absl::string_view path,
                  absl::string_view family) const;

 private:
  std::vector<SupportContent> rows_;
};

}  // namespace nscl::catalogue
