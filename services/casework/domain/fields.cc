#include "services/casework/domain/fields.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"

namespace nscl::casework::domain {
namespace {

// Code points of UTF-8 text; protobuf has checked that it is UTF-8.
int Characters(absl::string_view text) {
  int count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

bool IsId(absl::string_view id) {
  if (id.empty() || id.size() > 63) return false;
  for (char c : id) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '.') return false;
  }
  return true;
}

}  // namespace

void CheckText(status::Violations& v, absl::string_view path, absl::string_view text, int min,
               int max) {
  const int characters = absl::StripAsciiWhitespace(text).empty() ? 0 : Characters(text);
  v.Check(characters >= min && characters <= max, path, "TEXT_LENGTH",
          absl::StrCat("must have ", min, " to ", max, " characters"),
          absl::StrCat("phải có từ ", min, " đến ", max, " ký tự"));
}

void CheckDate(status::Violations& v, absl::string_view path, const google::type::Date& date) {
  // CivilDay carries 31/02 over into March: a date that comes back changed was none.
  const absl::CivilDay day(date.year(), date.month(), date.day());
  const bool real =
      day.year() == date.year() && day.month() == date.month() && day.day() == date.day();
  v.Check(real && date.year() >= kFirstYear && date.year() <= kLastYear, path, "DATE",
          "must be a day of the calendar from 2000 to 2100",
          "phải là ngày có thật, từ năm 2000 đến năm 2100");
}

void CheckNumber(status::Violations& v, absl::string_view path, int64_t number, int64_t min,
                 int64_t max) {
  v.Check(number >= min && number <= max, path, "NUMBER_RANGE",
          absl::StrCat("must be from ", min, " to ", max),
          absl::StrCat("phải từ ", min, " đến ", max));
}

void CheckDocuments(status::Violations& v, absl::string_view path,
                    const google::protobuf::RepeatedPtrField<std::string>& numbers, int min) {
  if (!v.Check(numbers.size() >= min && numbers.size() <= kMaxDocuments, path, "NUMBER_RANGE",
               absl::StrCat("must have ", min, " to ", kMaxDocuments, " entries"),
               absl::StrCat("phải có từ ", min, " đến ", kMaxDocuments, " văn bản"))) {
    return;
  }
  for (int i = 0; i < numbers.size(); ++i) {
    CheckText(v, absl::StrCat(path, "[", i, "]"), numbers[i], 1, kMaxDocumentNumber);
  }
}

void CheckDecision(status::Violations& v, absl::string_view path, const v1::Decision& decision) {
  CheckText(v, absl::StrCat(path, ".document_number"), decision.document_number(), 1,
            kMaxDocumentNumber);
  CheckDate(v, absl::StrCat(path, ".decided_on"), decision.decided_on());
  CheckText(v, absl::StrCat(path, ".signing_capacity"), decision.signing_capacity(), 0, 200);
}

void CheckMinutes(status::Violations& v, absl::string_view path, const v1::Minutes& minutes) {
  CheckText(v, absl::StrCat(path, ".document_number"), minutes.document_number(), 1,
            kMaxDocumentNumber);
  CheckDate(v, absl::StrCat(path, ".held_on"), minutes.held_on());
  CheckNumber(v, absl::StrCat(path, ".members"), minutes.members(), 0, 1000);
  CheckNumber(v, absl::StrCat(path, ".members_present"), minutes.members_present(), 0, 1000);
  CheckNumber(v, absl::StrCat(path, ".votes_for"), minutes.votes_for(), 0, 1000);
  CheckText(v, absl::StrCat(path, ".conclusion"), minutes.conclusion(), 0, kMaxLongText);
}

void CheckCode(status::Violations& v, absl::string_view path, absl::string_view code) {
  bool ok = !code.empty() && code.size() <= 40;
  for (char c : code) ok = ok && (absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '_');
  v.Check(ok, path, "CODE", "must be 1 to 40 upper-case letters, digits and `_`",
          "phải là mã gồm 1 đến 40 chữ in hoa, chữ số và dấu gạch dưới");
}

void CheckName(status::Violations& v, absl::string_view path, absl::string_view name,
               absl::string_view parent, absl::string_view collection,
               absl::string_view sub_collection) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  const size_t length = sub_collection.empty() ? 4 : 6;
  const bool fits = parts.size() == length && parts[0] == "provinces" && IsId(parts[1]) &&
                    parts[2] == collection && IsId(parts[3]) &&
                    (length == 4 || (parts[4] == sub_collection && IsId(parts[5])));
  const std::string form =
      absl::StrCat("provinces/{province}/", collection, "/{id}",
                   sub_collection.empty() ? "" : absl::StrCat("/", sub_collection, "/{id}"));
  if (!v.Check(fits, path, "RESOURCE_NAME", absl::StrCat("must have the form ", form),
               absl::StrCat("phải có dạng ", form))) {
    return;
  }
  if (parent.empty()) return;
  v.Check(absl::StrCat(parts[0], "/", parts[1]) == parent, path, "OTHER_PROVINCE",
          absl::StrCat("must be of ", parent), absl::StrCat("phải thuộc ", parent));
}

}  // namespace nscl::casework::domain
