// What providers and experts can do: its form, and how well it fits what is wanted on a day.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/catalogue/support_contents.h"
#include "common/status/error.h"
#include "nscl/registry/v1/provider.pb.h"

namespace nscl::registry::domain {

using Competences = google::protobuf::RepeatedPtrField<v1::Competence>;

// Cleans competences that are to be stored; adds a violation below `path` for every bad field.
void NormaliseCompetences(status::Violations& violations, absl::string_view path,
                          Competences* competences, absl::CivilDay today,
                          const catalogue::SupportContents& contents);

// What is looked for.
struct WantedCompetence {
  std::string content;
  std::string solution;  // "": any of the family
  absl::CivilDay on;
};

// How well somebody fits.
struct Fit {
  bool solution = false;   // the solution itself, not all of its family
  bool evidenced = false;  // a paper shows it on the day
};

// The best of the competences that hold on the day; nullopt where none does.
std::optional<Fit> BestFit(const Competences& competences, const WantedCompetence& wanted);

// Where somebody stands among those who fit: 0 is best. The solution itself before its family, the
// province before others, evidence before declaration.
int RankOf(const Fit& fit, bool same_province);

}  // namespace nscl::registry::domain
