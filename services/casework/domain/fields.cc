#include "services/casework/domain/fields.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"

namespace nscl::casework::domain {
namespace {

// From here on a text is an account of something and may have lines.
constexpr int kMultiline = 1000;

}  // namespace

void CheckText(status::Violations& v, absl::string_view path, absl::string_view text, int min,
               int max) {
  std::string copy(text);
  text::CleanField(v, path, &copy,
                   {.min_chars = static_cast<size_t>(min),
                    .max_chars = static_cast<size_t>(max),
                    .multiline = max >= kMultiline});
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
  time::CheckDate(v, absl::StrCat(path, ".decided_on"), decision.decided_on());
  CheckText(v, absl::StrCat(path, ".signing_capacity"), decision.signing_capacity(), 0, 200);
}

absl::Status CheckApproval(const v1::Decision& decision, absl::string_view etag) {
  status::Violations v;
  CheckDecision(v, "decision", decision);
  CheckEtag(v, etag);
  return v.ToStatus();
}

void CheckMinutes(status::Violations& v, absl::string_view path, const v1::Minutes& minutes) {
  CheckText(v, absl::StrCat(path, ".document_number"), minutes.document_number(), 1,
            kMaxDocumentNumber);
  time::CheckDate(v, absl::StrCat(path, ".held_on"), minutes.held_on());
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
               const resource::NamePattern& pattern, absl::string_view parent) {
  if (!v.Check(pattern.Matches(name), path, "RESOURCE_NAME",
               absl::StrCat("must have the form ", pattern.pattern()),
               absl::StrCat("phải có dạng ", pattern.pattern()))) {
    return;
  }
  if (parent.empty()) return;
  v.Check(resource::ProvinceOf(name) == resource::ProvinceOf(parent), path, "OTHER_PROVINCE",
          absl::StrCat("must be of ", parent), absl::StrCat("phải thuộc ", parent));
}

const resource::NamePattern& EnterpriseNames() {
  static const resource::NamePattern pattern("provinces/{province}/enterprises/{enterprise}");
  return pattern;
}

const resource::NamePattern& PlanLineNames() {
  static const resource::NamePattern pattern("provinces/{province}/plans/{plan}/lines/{line}");
  return pattern;
}

void CheckEtag(status::Violations& v, absl::string_view etag) {
  v.Check(!etag.empty(), "etag", "ETAG", "must be given where public money is committed",
          "phải gửi kèm etag khi cam kết ngân sách");
}

}  // namespace nscl::casework::domain
