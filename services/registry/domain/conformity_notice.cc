#include "services/registry/domain/conformity_notice.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/evidence.h"
#include "services/registry/domain/references.h"

namespace nscl::registry::domain {
namespace {

using v1::ConformityNotice;

constexpr size_t kMaxStandard = 100;
constexpr size_t kMaxNumber = 100;
constexpr int kMethods = 8;

// A day of the notice, where it is given and is one.
std::optional<absl::CivilDay> DayOf(bool given, const google::type::Date& date) {
  if (!given) return std::nullopt;
  const absl::StatusOr<absl::CivilDay> day = time::ToCivilDay(date);
  if (!day.ok()) return std::nullopt;
  return *day;
}

void CheckKinds(status::Violations& violations, const ConformityNotice& notice) {
  violations.Check(ConformityNotice::Kind_IsValid(notice.kind()) &&
                       notice.kind() != ConformityNotice::KIND_UNSPECIFIED,
                   "conformity_notice.kind", "ENUM_VALUE", "must be a known kind",
                   "phải là hợp chuẩn hoặc hợp quy");
  violations.Check(ConformityNotice::Base_IsValid(notice.base()) &&
                       notice.base() != ConformityNotice::BASE_UNSPECIFIED,
                   "conformity_notice.base", "ENUM_VALUE", "must be a known base",
                   "phải là căn cứ đã biết");
  violations.Check(notice.method() >= 1 && notice.method() <= kMethods, "conformity_notice.method",
                   "METHOD_RANGE", absl::StrCat("must be 1 to ", kMethods),
                   absl::StrCat("phải từ 1 đến ", kMethods));
}

void CheckTestResult(status::Violations& violations, const ConformityNotice& notice,
                     const RegistryRules& rules, absl::CivilDay received) {
  const std::optional<absl::CivilDay> tested = DayOf(notice.has_test_on(), notice.test_on());
  const std::optional<int> months = rules.TestResultMonths(received);
  if (!tested.has_value()) return;
  violations.Check(*tested <= received, "conformity_notice.test_on", "TEST_AFTER_DOSSIER",
                   "must not be after the day of receipt", "không được sau ngày nhận hồ sơ");
  if (!months.has_value()) return;
  violations.Check(AddMonths(*tested, *months) >= received, "conformity_notice.test_on", "TEST_AGE",
                   absl::StrCat("the result is older than ", *months, " months on ",
                                time::FormatIsoDate(received)),
                   absl::StrCat("kết quả thử nghiệm đã quá ", *months, " tháng vào ngày ",
                                time::FormatDate(received)));
}

void CheckValidity(status::Violations& violations, ConformityNotice& notice,
                   const RegistryRules& rules, absl::CivilDay received, absl::CivilDay accepted) {
  std::optional<absl::CivilDay> last = DayOf(notice.has_valid_to(), notice.valid_to());
  const std::optional<int> months = rules.SelfAssessedMonths(received);
  const bool self = notice.base() == ConformityNotice::BASE_SELF;
  if (self && months.has_value()) {
    const absl::CivilDay most = AddMonths(accepted, *months);
    if (!notice.has_valid_to()) *notice.mutable_valid_to() = time::ToDate(most);
    if (!last.has_value()) last = most;
    violations.Check(*last <= most, "conformity_notice.valid_to", "VALIDITY",
                     absl::StrCat("an own assessment is valid for ", *months, " months, to ",
                                  time::FormatIsoDate(most)),
                     absl::StrCat("kết quả tự đánh giá có giá trị ", *months, " tháng, đến ngày ",
                                  time::FormatDate(most)));
  }
  if (!last.has_value()) return;
  violations.Check(*last >= accepted, "conformity_notice.valid_to", "PERIOD",
                   "must not be before the day of acceptance",
                   "không được trước ngày tiếp nhận công bố");
}

}  // namespace

absl::Status NormaliseConformityNotice(ConformityNotice& notice, const RegistryRules& rules,
                                       absl::CivilDay today) {
  status::Violations violations;
  CheckKinds(violations, notice);
  text::CleanField(violations, "conformity_notice.standard_code", notice.mutable_standard_code(),
                   {.min_chars = 1, .max_chars = kMaxStandard});
  CheckSibling(violations, "conformity_notice.product", notice.product(), notice.name(),
               "products");
  text::CleanField(violations, "conformity_notice.notice_number", notice.mutable_notice_number(),
                   {.max_chars = kMaxNumber});
  violations.Check(notice.has_received_on(), "conformity_notice.received_on", "REQUIRED",
                   "must be there", "phải có");
  CheckNotAfter(violations, "conformity_notice.received_on", notice.has_received_on(),
                notice.received_on(), today);
  CheckNotAfter(violations, "conformity_notice.accepted_on", notice.has_accepted_on(),
                notice.accepted_on(), today);
  CheckNotAfter(violations, "conformity_notice.test_on", notice.has_test_on(), notice.test_on(),
                today);
  if (notice.has_valid_to()) {
    time::CheckDate(violations, "conformity_notice.valid_to", notice.valid_to());
  }
  violations.Check(notice.has_accepted_on() == !notice.notice_number().empty(),
                   "conformity_notice.notice_number", "NUMBER_AND_DAY",
                   "number and day of the acceptance go together",
                   "số và ngày của thông báo tiếp nhận phải đi cùng nhau");
  const std::optional<absl::CivilDay> received =
      DayOf(notice.has_received_on(), notice.received_on());
  const std::optional<absl::CivilDay> accepted =
      DayOf(notice.has_accepted_on(), notice.accepted_on());
  if (received.has_value()) CheckTestResult(violations, notice, rules, *received);
  if (received.has_value() && accepted.has_value()) {
    violations.Check(*accepted >= *received, "conformity_notice.accepted_on", "PERIOD",
                     "must not be before the day of receipt", "không được trước ngày nhận hồ sơ");
    CheckValidity(violations, notice, rules, *received, *accepted);
  }
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
