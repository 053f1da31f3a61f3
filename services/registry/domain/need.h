// What a need must be, the acts on it, and sums over needs.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/catalogue/support_contents.h"
#include "nscl/registry/v1/need_service.pb.h"

namespace nscl::registry::domain {

// Cleans a need that is to be stored: INVALID_ARGUMENT with every bad field. A new one (`before` is
// null) is PROPOSED.
absl::Status NormaliseNeed(v1::Need& need, const v1::Need* before, absl::CivilDay today,
                           const catalogue::SupportContents& contents);

// FAILED_PRECONDITION `NEED_STATE` unless it is PROPOSED: decided needs do not change.
absl::Status CheckProposed(const v1::Need& need);

// The reason of an act, cleaned: 1 to 1,000 characters where it is required, else at most.
absl::StatusOr<std::string> CleanReason(absl::string_view reason, bool required);

// PROPOSED to what was decided. FAILED_PRECONDITION `NEED_STATE`.
absl::StatusOr<v1::Need> Decide(v1::Need current, v1::Need::State decided, std::string reason);

// Adds needs up.
class NeedSums {
 public:
  // Whether a need counts in the year (0: in any).
  static bool Counts(const v1::Need& need, int year);

  explicit NeedSums(v1::SummarizeNeedsRequest::GroupBy group_by) : group_by_(group_by) {}

  // Adds a need that counts. `enterprise` tells its enterprise from others; `province` is the code
  // that it is counted under.
  void Add(const v1::Need& need, const std::string& enterprise, const std::string& province);

  // In order of year and key.
  v1::SummarizeNeedsResponse Rows() const;

 private:
  struct Sum {
    int64_t needs = 0;
    int64_t quantity = 0;
    std::set<std::string> enterprises;
  };

  v1::SummarizeNeedsRequest::GroupBy group_by_;
  std::map<std::pair<int, std::string>, Sum> sums_;
};

// What tells an enterprise that is not registered from others: its folded name.
std::string KeyOfUnregistered(absl::string_view enterprise_name);

}  // namespace nscl::registry::domain
