#include "services/registry/domain/overlap.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/text/search_key.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/code_value.h"
#include "services/registry/domain/evidence.h"

namespace nscl::registry::domain {
namespace {

using Response = v1::CheckOverlapResponse;

constexpr char kFile[] = "support_overlap.json";

// In order of Difference: its name in the file, and what it says.
struct Words {
  absl::string_view name, en, vi;
};
constexpr std::array<Words, kDifferences> kWords = {{
    {"NONE", "the same solution for the same product in the same time",
     "cùng giải pháp, cùng sản phẩm, cùng thời gian"},
    {"SOLUTION_UNNAMED", "the solution is not named on both sides",
     "một bên chưa nêu giải pháp cụ thể"},
    {"SOLUTION_OTHER", "another solution", "giải pháp khác"},
    {"PRODUCT_UNNAMED", "one is for a product, the other for the enterprise",
     "một bên hỗ trợ cho sản phẩm, một bên cho cả doanh nghiệp"},
    {"PRODUCT_OTHER", "another product", "sản phẩm khác"},
    {"TIME_OTHER", "another time", "thời gian khác"},
}};

const Words& WordsOf(Difference difference) { return kWords[static_cast<size_t>(difference)]; }

Response::Verdict ReadVerdict(catalogue::Row& row) {
  Response::Verdict verdict;
  if (Response::Verdict_Parse(absl::StrCat("VERDICT_", row.Text("verdict")), &verdict) &&
      verdict != Response::VERDICT_UNSPECIFIED) {
    return verdict;
  }
  row.Fault("verdict", "is not NONE, RELATED or DUPLICATE");
  return Response::VERDICT_UNSPECIFIED;
}

absl::CivilDay LastDay(const v1::SupportRecord& record) {
  return record.has_ends_on() ? *time::ToCivilDay(record.ends_on()) : absl::CivilDay::max();
}

void CompareNames(absl::string_view asked, absl::string_view given, Difference unnamed,
                  Difference other, std::vector<Difference>* differences) {
  if (asked == given) return;
  differences->push_back(asked.empty() || given.empty() ? unnamed : other);
}

std::vector<Difference> DifferencesOf(const AskedSupport& asked, const GivenSupport& given) {
  std::vector<Difference> differences;
  // Solutions are told apart as they are read: "iso 9001 : 2015" is "ISO 9001:2015".
  const std::string asked_solution = text::SearchKey(asked.solution);
  const std::string given_solution = text::SearchKey(given.record.solution());
  // An open solution on both sides is not known to be the same either.
  if (asked_solution.empty() && given_solution.empty()) {
    differences.push_back(Difference::kSolutionUnnamed);
  }
  CompareNames(asked_solution, given_solution, Difference::kSolutionUnnamed,
               Difference::kSolutionOther, &differences);
  CompareNames(asked.product, given.product, Difference::kProductUnnamed, Difference::kProductOther,
               &differences);
  const absl::CivilDay from = *time::ToCivilDay(given.record.starts_on());
  if (asked.ends_on < from || LastDay(given.record) < asked.starts_on) {
    differences.push_back(Difference::kTimeOther);
  }
  if (differences.empty()) differences.push_back(Difference::kNone);
  return differences;
}

std::string Join(const std::vector<Difference>& differences, absl::string_view Words::*language) {
  return absl::StrJoin(differences, "; ", [language](std::string* out, Difference difference) {
    absl::StrAppend(out, WordsOf(difference).*language);
  });
}

void Explain(const std::vector<Difference>& differences, v1::Overlap& overlap) {
  const v1::SupportRecord& record = overlap.record();
  const absl::CivilDay from = *time::ToCivilDay(record.starts_on());
  const bool open = !record.has_ends_on();
  overlap.set_reason(absl::StrCat("the same content, ", Join(differences, &Words::en), ": ",
                                  record.sector_unit(), ", programme ", record.programme(), ", ",
                                  time::FormatIsoDate(from), " to ",
                                  open ? "open" : time::FormatIsoDate(LastDay(record))));
  overlap.set_reason_vi(
      absl::StrCat("cùng nội dung, ", Join(differences, &Words::vi), ": ", record.sector_unit(),
                   ", chương trình ", record.programme(), ", từ ", time::FormatDate(from), " đến ",
                   open ? "nay chưa kết thúc" : time::FormatDate(LastDay(record))));
}

// Gravest first, then the newest, then in order of name.
bool StandsBefore(const v1::Overlap& a, const v1::Overlap& b) {
  if (a.verdict() != b.verdict()) return a.verdict() > b.verdict();
  const absl::CivilDay a_from = *time::ToCivilDay(a.record().starts_on());
  const absl::CivilDay b_from = *time::ToCivilDay(b.record().starts_on());
  if (a_from != b_from) return a_from > b_from;
  return a.record().name() < b.record().name();
}

}  // namespace

absl::StatusOr<OverlapRules> OverlapRules::Load(absl::string_view dir) {
  ASSIGN_OR_RETURN(std::string text, catalogue::ReadFile(dir, kFile));
  return Parse(text);
}

absl::StatusOr<OverlapRules> OverlapRules::Parse(absl::string_view text) {
  OverlapRules rules;
  RETURN_IF_ERROR(catalogue::ReadRowsOf(text, kFile, [&](catalogue::Row& file_row) {
    Row row;
    row.difference = file_row.Text("difference");
    if (std::none_of(kWords.begin(), kWords.end(),
                     [&](const Words& words) { return words.name == row.difference; })) {
      file_row.Fault("difference", "is not a difference");
    }
    row.verdict = ReadVerdict(file_row);
    row.basis = file_row.ReadBasis();
    rules.rows_.push_back(std::move(row));
  }));
  RETURN_IF_ERROR(
      catalogue::CheckNoOverlap(kFile, rules.rows_, [](const Row& row) { return row.difference; }));
  return rules;
}

absl::optional<OverlapRule> OverlapRules::On(absl::CivilDay day) const {
  OverlapRule rule;
  for (size_t i = 0; i < kDifferences; ++i) {
    const Row* row = catalogue::ValidOn(
        rows_, day, [&](const Row& candidate) { return candidate.difference == kWords[i].name; });
    if (row == nullptr) return absl::nullopt;
    rule.verdicts[i] = row->verdict;
    if (i == 0) rule.legal_basis = row->basis.legal_basis;
  }
  return rule;
}

absl::StatusOr<AskedSupport> ReadAsked(const v1::CheckOverlapRequest& request,
                                       const catalogue::SupportContents& contents) {
  status::Violations violations;
  AskedSupport asked{.content = request.content(), .solution = request.solution()};
  contents.CheckKnown(violations, "content", asked.content);
  NormaliseCodeValue(violations, "solution", &asked.solution, /*required=*/false);
  CheckPeriod(violations, "starts_on", &request.starts_on(),
              request.has_ends_on() ? &request.ends_on() : nullptr);
  CheckCaseName(violations, "except_support_case", request.except_support_case());
  RETURN_IF_ERROR(violations.ToStatus());
  asked.starts_on = *time::ToCivilDay(request.starts_on());
  asked.ends_on =
      request.has_ends_on() ? *time::ToCivilDay(request.ends_on()) : absl::CivilDay::max();
  asked.except_support_case = request.except_support_case();
  return asked;
}

Response CheckOverlap(const AskedSupport& asked, const std::vector<GivenSupport>& given,
                      const OverlapRule& rule) {
  std::vector<v1::Overlap> overlaps;
  for (const GivenSupport& support : given) {
    const v1::SupportRecord& record = support.record;
    if (record.cancelled() || record.content() != asked.content) continue;
    if (!asked.except_support_case.empty() && record.support_case() == asked.except_support_case) {
      continue;
    }
    const std::vector<Difference> differences = DifferencesOf(asked, support);
    Response::Verdict verdict = Response::VERDICT_DUPLICATE;
    for (Difference difference : differences) {
      verdict = std::min(verdict, rule.verdicts[static_cast<size_t>(difference)]);
    }
    if (verdict == Response::VERDICT_NONE) continue;
    v1::Overlap& overlap = overlaps.emplace_back();
    *overlap.mutable_record() = record;
    overlap.set_verdict(verdict);
    Explain(differences, overlap);
  }
  std::sort(overlaps.begin(), overlaps.end(), StandsBefore);
  Response response;
  response.set_verdict(overlaps.empty() ? Response::VERDICT_NONE : overlaps.front().verdict());
  for (v1::Overlap& overlap : overlaps) response.add_overlaps()->Swap(&overlap);
  response.set_legal_basis(rule.legal_basis);
  return response;
}

}  // namespace nscl::registry::domain
