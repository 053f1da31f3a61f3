// Whether a support asked for was given before (Thông tư 35/2021/TT-BTC Điều 11.2: no overlap with
// other programmes).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/catalogue/rows.h"
#include "common/catalogue/support_contents.h"
#include "nscl/registry/v1/support_record_service.pb.h"

namespace nscl::registry::domain {

// How a support that was given may differ from one of the same family that is asked for.
enum class Difference {
  kNone,
  kSolutionUnnamed,  // one of the two does not name it
  kSolutionOther,
  kProductUnnamed,  // one is for a product, the other for the enterprise
  kProductOther,
  kTimeOther,
};
inline constexpr size_t kDifferences = 6;

// What each difference makes of an overlap: the rule of a day.
struct OverlapRule {
  std::array<v1::CheckOverlapResponse::Verdict, kDifferences> verdicts;
  std::string legal_basis;
};

// The rules over time (deploy/catalogue/support_overlap.json).
class OverlapRules {
 public:
  static absl::StatusOr<OverlapRules> Load(absl::string_view dir);
  static absl::StatusOr<OverlapRules> Parse(absl::string_view text);

  // The rule of a day; nullopt unless it says something of every difference.
  absl::optional<OverlapRule> On(absl::CivilDay day) const;

 private:
  struct Row {
    std::string difference;
    v1::CheckOverlapResponse::Verdict verdict;
    catalogue::Basis basis;
  };

  std::vector<Row> rows_;
};

// A support that was given.
struct GivenSupport {
  v1::SupportRecord record;
  std::string product;  // what tells its product from others; "" where it is for the enterprise
};

// The support asked for.
struct AskedSupport {
  std::string content;
  std::string solution;
  std::string product;
  absl::CivilDay starts_on;
  absl::CivilDay ends_on;  // the last day there is where it is open
  std::string except_support_case;
};

// Cleans a request and reads it, but for the product: INVALID_ARGUMENT with every bad field.
absl::StatusOr<AskedSupport> ReadAsked(const v1::CheckOverlapRequest& request,
                                       const catalogue::SupportContents& contents);

// The verdict over all that was given, with the rows that made it so: gravest first, then the
// newest. Cancelled records and those of the excepted case do not count. Of several differences the
// one that weighs least decides.
v1::CheckOverlapResponse CheckOverlap(const AskedSupport& asked,
                                      const std::vector<GivenSupport>& given,
                                      const OverlapRule& rule);

}  // namespace nscl::registry::domain
