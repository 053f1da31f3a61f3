#include "services/registry/domain/support_record.h"

#include "absl/strings/str_cat.h"
#include "common/money/money.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "services/registry/domain/code_value.h"
#include "services/registry/domain/evidence.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kMaxUnit = 300;

void CheckOrigin(status::Violations& violations, const v1::SupportRecord& record) {
  using R = v1::SupportRecord;
  violations.Check(R::Origin_IsValid(record.origin()) && record.origin() != R::ORIGIN_UNSPECIFIED,
                   "support_record.origin", "ENUM_VALUE", "must be a known origin",
                   "phải là nguồn ghi nhận đã biết");
  violations.Check((record.origin() == R::ORIGIN_CASE) == !record.support_case().empty(),
                   "support_record.support_case", "SUPPORT_CASE",
                   "is given where, and only where, the origin is a support case",
                   "phải nêu hồ sơ hỗ trợ khi và chỉ khi ghi nhận từ hồ sơ hỗ trợ");
  CheckCaseName(violations, "support_record.support_case", record.support_case());
}

}  // namespace

absl::Status NormaliseSupportRecord(v1::SupportRecord& record, absl::CivilDay today,
                                    const catalogue::SupportContents& contents,
                                    const catalogue::FundingSources& sources) {
  status::Violations violations;
  NormaliseCodeValue(violations, "support_record.programme", record.mutable_programme(),
                     /*required=*/true);
  text::CleanField(violations, "support_record.sector_unit", record.mutable_sector_unit(),
                   {.min_chars = 1, .max_chars = kMaxUnit});
  contents.CheckKnown(violations, "support_record.content", record.content());
  NormaliseCodeValue(violations, "support_record.solution", record.mutable_solution(),
                     /*required=*/false);
  CheckPeriod(violations, "support_record.starts_on", &record.starts_on(),
              record.has_ends_on() ? &record.ends_on() : nullptr);
  if (record.has_state_part_vnd()) {
    money::CheckAmount(violations, "support_record.state_part_vnd", record.state_part_vnd());
  }
  violations.Check(
      record.funding_source().empty() || sources.Any(record.funding_source()) != nullptr,
      "support_record.funding_source", "FUNDING_SOURCE",
      absl::StrCat("`", record.funding_source(), "` is not a funding source"),
      absl::StrCat("`", record.funding_source(), "` không phải nguồn kinh phí"));
  CheckOrigin(violations, record);
  if (record.has_evidence()) {
    NormaliseEvidence(violations, "support_record.evidence", record.mutable_evidence(), today);
  }
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
