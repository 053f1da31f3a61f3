#include "services/registry/domain/enterprise_details.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/text/clean.h"
#include "services/registry/domain/evidence.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kCommuneDigits = 5;
constexpr size_t kLocationDigits = 5;
constexpr absl::string_view kNoLocation = "00000";

bool AreDigits(absl::string_view text, size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

template <typename Dated>
void CheckPeriodOf(status::Violations& violations, absl::string_view path, const Dated& dated) {
  CheckPeriod(violations, path, dated.has_valid_from() ? &dated.valid_from() : nullptr,
              dated.has_valid_to() ? &dated.valid_to() : nullptr);
}

bool CheckCount(status::Violations& violations, absl::string_view path, int count, int most) {
  return violations.Check(count <= most, path, "TOO_MANY",
                          absl::StrCat("at most ", most, ", are ", count),
                          absl::StrCat("nhiều nhất ", most, ", đang có ", count));
}

const resource::NamePattern& ClusterNames() {
  static const auto& names = *new resource::NamePattern("provinces/{province}/clusters/{cluster}");
  return names;
}

}  // namespace

void CheckCommuneForm(status::Violations& violations, absl::string_view path,
                      absl::string_view code) {
  violations.Check(code.empty() || AreDigits(code, kCommuneDigits), path, "COMMUNE_CODE",
                   "must be five digits", "phải gồm năm chữ số");
}

void NormaliseBusinessLocations(status::Violations& violations, v1::Enterprise& enterprise) {
  constexpr char kList[] = "enterprise.business_locations";
  if (!CheckCount(violations, kList, enterprise.business_locations_size(), kMaxBusinessLocations)) {
    return;
  }
  std::set<std::string> numbers;
  for (int i = 0; i < enterprise.business_locations_size(); ++i) {
    v1::BusinessLocation& location = *enterprise.mutable_business_locations(i);
    const std::string path = absl::StrCat(kList, "[", i, "]");
    violations.Check(AreDigits(location.number(), kLocationDigits) &&
                         location.number() != kNoLocation &&
                         numbers.insert(location.number()).second,
                     absl::StrCat(path, ".number"), "LOCATION_NUMBER",
                     "must be 00001 to 99999, each once", "phải từ 00001 đến 99999, không trùng");
    text::CleanField(violations, absl::StrCat(path, ".address"), location.mutable_address(),
                     {.min_chars = 1, .max_chars = kMaxLocationAddress});
    CheckCommuneForm(violations, absl::StrCat(path, ".commune_code"), location.commune_code());
    CheckPeriodOf(violations, absl::StrCat(path, ".valid_to"), location);
  }
}

void NormaliseMarks(status::Violations& violations, v1::Enterprise& enterprise,
                    absl::CivilDay today) {
  std::set<int> kinds;
  for (int i = 0; i < enterprise.marks_size(); ++i) {
    v1::Mark& mark = *enterprise.mutable_marks(i);
    const std::string path = absl::StrCat("enterprise.marks[", i, "]");
    violations.Check(v1::Mark::Kind_IsValid(mark.kind()) &&
                         mark.kind() != v1::Mark::KIND_UNSPECIFIED &&
                         kinds.insert(mark.kind()).second,
                     absl::StrCat(path, ".kind"), "MARK_KIND", "must be a known mark, each once",
                     "phải là đặc điểm đã biết, không trùng");
    if (mark.has_evidence()) {
      NormaliseEvidence(violations, absl::StrCat(path, ".evidence"), mark.mutable_evidence(),
                        today);
    }
    CheckPeriodOf(violations, absl::StrCat(path, ".valid_to"), mark);
    mark.set_standing(mark.has_evidence() ? v1::Mark::STANDING_EVIDENCED
                                          : v1::Mark::STANDING_DECLARED);
  }
}

void NormaliseMemberships(status::Violations& violations, v1::Enterprise& enterprise) {
  constexpr char kList[] = "enterprise.memberships";
  if (!CheckCount(violations, kList, enterprise.memberships_size(), kMaxMemberships)) return;
  std::set<std::string> clusters;
  for (int i = 0; i < enterprise.memberships_size(); ++i) {
    v1::Membership& membership = *enterprise.mutable_memberships(i);
    const std::string path = absl::StrCat(kList, "[", i, "]");
    violations.Check(ClusterNames().Matches(membership.cluster()) &&
                         clusters.insert(membership.cluster()).second,
                     absl::StrCat(path, ".cluster"), "CLUSTER_NAME",
                     absl::StrCat("must be a name ", ClusterNames().pattern(), ", each once"),
                     absl::StrCat("phải là tên ", ClusterNames().pattern(), ", không trùng"));
    text::CleanField(violations, absl::StrCat(path, ".role"), membership.mutable_role(),
                     {.max_chars = kMaxMembershipRole});
    CheckPeriodOf(violations, absl::StrCat(path, ".valid_to"), membership);
  }
}

}  // namespace nscl::registry::domain
