#include "services/registry/domain/competence.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/text/search_key.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/code_value.h"
#include "services/registry/domain/evidence.h"

namespace nscl::registry::domain {
namespace {

constexpr int kMaxCompetences = 200;

bool HoldsOn(const v1::Competence& competence, absl::CivilDay day) {
  return !competence.has_valid_to() || day <= *time::ToCivilDay(competence.valid_to());
}

bool EvidencedOn(const v1::Competence& competence, absl::CivilDay day) {
  if (!competence.has_evidence()) return false;
  const v1::Evidence& paper = competence.evidence();
  return !paper.has_issued_on() || *time::ToCivilDay(paper.issued_on()) <= day;
}

}  // namespace

void NormaliseCompetences(status::Violations& violations, absl::string_view path,
                          Competences* competences, absl::CivilDay today,
                          const catalogue::SupportContents& contents) {
  if (!violations.Check(competences->size() <= kMaxCompetences, path, "LIST_LENGTH",
                        absl::StrCat("must be at most ", kMaxCompetences),
                        absl::StrCat("không được quá ", kMaxCompetences, " mục"))) {
    return;
  }
  std::set<std::pair<std::string, std::string>> seen;
  for (int i = 0; i < competences->size(); ++i) {
    v1::Competence& competence = (*competences)[i];
    const std::string at = absl::StrCat(path, "[", i, "]");
    contents.CheckKnown(violations, absl::StrCat(at, ".content"), competence.content());
    NormaliseCodeValue(violations, absl::StrCat(at, ".solution"), competence.mutable_solution(),
                       /*required=*/false);
    if (competence.has_evidence()) {
      NormaliseEvidence(violations, absl::StrCat(at, ".evidence"), competence.mutable_evidence(),
                        today);
    }
    if (competence.has_valid_to()) {
      time::CheckDate(violations, absl::StrCat(at, ".valid_to"), competence.valid_to());
    }
    violations.Check(seen.emplace(competence.content(), competence.solution()).second, at, "TWICE",
                     "stands twice", "bị trùng");
  }
}

std::optional<Fit> BestFit(const Competences& competences, const WantedCompetence& wanted) {
  const std::string wanted_solution = text::SearchKey(wanted.solution);
  std::optional<Fit> best;
  for (const v1::Competence& competence : competences) {
    if (competence.content() != wanted.content || !HoldsOn(competence, wanted.on)) continue;
    const std::string solution = text::SearchKey(competence.solution());
    const bool itself = !wanted_solution.empty() && solution == wanted_solution;
    // Who can do another solution cannot be said to do this one.
    if (!wanted_solution.empty() && !itself && !solution.empty()) continue;
    const Fit fit{.solution = itself, .evidenced = EvidencedOn(competence, wanted.on)};
    if (!best.has_value() || RankOf(fit, false) < RankOf(*best, false)) best = fit;
  }
  return best;
}

int RankOf(const Fit& fit, bool same_province) {
  return (fit.solution ? 0 : 4) + (same_province ? 0 : 2) + (fit.evidenced ? 0 : 1);
}

}  // namespace nscl::registry::domain
