#include "common/catalogue/support_contents.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"

namespace nscl::catalogue {
namespace {

constexpr char kFile[] = "support_contents.json";
constexpr char kReason[] = "CONTENT_FAMILY";

}  // namespace

absl::StatusOr<SupportContents> SupportContents::Load(absl::string_view dir) {
  ASSIGN_OR_RETURN(std::string text, ReadFile(dir, kFile));
  return Parse(text);
}

absl::StatusOr<SupportContents> SupportContents::Parse(absl::string_view text) {
  SupportContents contents;
  RETURN_IF_ERROR(ReadRowsOf(text, kFile, [&](Row& row) {
    SupportContent content;
    content.family = row.Text("family");
    content.name = row.Text("name");
    content.name_en = row.Text("name_en");
    content.examples = row.Texts("examples");
    content.basis = row.ReadBasis();
    contents.rows_.push_back(std::move(content));
  }));
  RETURN_IF_ERROR(
      CheckNoOverlap(kFile, contents.rows_, [](const SupportContent& row) { return row.family; }));
  return contents;
}

const SupportContent* SupportContents::ValidOn(absl::string_view family, absl::CivilDay day) const {
  return catalogue::ValidOn(rows_, day,
                            [&](const SupportContent& row) { return row.family == family; });
}

void SupportContents::CheckOn(status::Violations& violations, absl::string_view path,
                              absl::string_view family, absl::CivilDay day) const {
  violations.Check(ValidOn(family, day) != nullptr, path, kReason,
                   absl::StrCat("`", family, "` is not a family of supported contents on ",
                                time::FormatIsoDate(day)),
                   absl::StrCat("`", family, "` không có trong danh mục nội dung hỗ trợ vào ngày ",
                                time::FormatDate(day)));
}

void SupportContents::CheckInYear(status::Violations& violations, absl::string_view path,
                                  absl::string_view family, int year) const {
  const bool known = std::any_of(rows_.begin(), rows_.end(), [&](const SupportContent& row) {
    return row.family == family &&
           (!row.basis.valid_from.has_value() || row.basis.valid_from->year() <= year) &&
           (!row.basis.valid_to.has_value() || row.basis.valid_to->year() >= year);
  });
  violations.Check(
      known, path, kReason,
      absl::StrCat("`", family, "` is not a family of supported contents in ", year),
      absl::StrCat("`", family, "` không có trong danh mục nội dung hỗ trợ của năm ", year));
}

void SupportContents::CheckKnown(status::Violations& violations, absl::string_view path,
                                 absl::string_view family) const {
  const bool known = std::any_of(rows_.begin(), rows_.end(),
                                 [&](const SupportContent& row) { return row.family == family; });
  violations.Check(known, path, kReason,
                   absl::StrCat("`", family, "` is not a family of supported contents"),
                   absl::StrCat("`", family, "` không có trong danh mục nội dung hỗ trợ"));
}

}  // namespace nscl::catalogue
