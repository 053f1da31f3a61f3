#include "services/registry/domain/traceability_record.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "services/registry/domain/evidence.h"
#include "services/registry/domain/gs1.h"
#include "services/registry/domain/references.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kMaxPortalId = 100;

void CheckGs1(status::Violations& violations, absl::string_view path, absl::string_view reason,
              Gs1Fault fault) {
  violations.Check(fault == Gs1Fault::kNone, path, reason,
                   absl::StrCat(NameOf(fault), ": ", EnglishOf(fault)),
                   absl::StrCat(NameOf(fault), ": ", VietnameseOf(fault)));
}

}  // namespace

absl::Status NormaliseTraceabilityRecord(v1::TraceabilityRecord& record,
                                         const v1::TraceabilityRecord* /*before*/,
                                         absl::CivilDay today) {
  status::Violations violations;
  if (!record.company_prefix().empty()) {
    const Gs1Fault fault = CheckCompanyPrefix(record.company_prefix());
    violations.Check(
        fault == Gs1Fault::kNone, "traceability_record.company_prefix", "COMPANY_PREFIX",
        absl::StrCat(NameOf(fault), ": 7, 8, 9, 10 or 12 digits are given"),
        absl::StrCat(NameOf(fault), ": mã doanh nghiệp có 7, 8, 9, 10 hoặc 12 chữ số"));
  }
  if (!record.gln().empty()) {
    CheckGs1(violations, "traceability_record.gln", "GLN", CheckGln(record.gln()));
  }
  CheckSibling(violations, "traceability_record.product", record.product(), record.name(),
               "products");
  text::CleanField(violations, "traceability_record.portal_id", record.mutable_portal_id(),
                   {.max_chars = kMaxPortalId});
  CheckNotAfter(violations, "traceability_record.applied_on", record.has_applied_on(),
                record.applied_on(), today);
  CheckNotAfter(violations, "traceability_record.granted_on", record.has_granted_on(),
                record.granted_on(), today);
  CheckPeriod(violations, "traceability_record.granted_on",
              record.has_applied_on() ? &record.applied_on() : nullptr,
              record.has_granted_on() ? &record.granted_on() : nullptr);
  if (record.has_evidence()) {
    NormaliseEvidence(violations, "traceability_record.evidence", record.mutable_evidence(), today);
  }
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
