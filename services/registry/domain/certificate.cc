#include "services/registry/domain/certificate.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/text/clean.h"
#include "common/text/search_key.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/evidence.h"
#include "services/registry/domain/references.h"

namespace nscl::registry::domain {
namespace {

using v1::Certificate;

constexpr size_t kMaxStandard = 100;
constexpr size_t kMaxScope = 1'000;
constexpr size_t kMaxBody = 300;
constexpr size_t kMaxNumber = 100;

bool SameDay(const Certificate& a, const Certificate& b) {
  return a.has_expires_on() == b.has_expires_on() &&
         a.expires_on().SerializeAsString() == b.expires_on().SerializeAsString();
}

void DeriveState(Certificate& certificate, const Certificate* before, absl::CivilDay today) {
  if (before != nullptr && SameDay(certificate, *before)) return;
  certificate.set_expiry_state(Certificate::EXPIRY_STATE_VALID);
  if (StateOn(certificate, today, 0) == Certificate::EXPIRY_STATE_EXPIRED) {
    certificate.set_expiry_state(Certificate::EXPIRY_STATE_EXPIRED);
  }
}

}  // namespace

absl::Status NormaliseCertificate(Certificate& certificate, const Certificate* before,
                                  absl::CivilDay today) {
  status::Violations violations;
  violations.Check(Certificate::Kind_IsValid(certificate.kind()) &&
                       certificate.kind() != Certificate::KIND_UNSPECIFIED,
                   "certificate.kind", "ENUM_VALUE", "must be a known kind",
                   "phải là loại giấy chứng nhận đã biết");
  text::CleanField(violations, "certificate.standard_code", certificate.mutable_standard_code(),
                   {.min_chars = 1, .max_chars = kMaxStandard});
  text::CleanField(violations, "certificate.scope", certificate.mutable_scope(),
                   {.max_chars = kMaxScope, .multiline = true});
  CheckSibling(violations, "certificate.product", certificate.product(), certificate.name(),
               "products");
  text::CleanField(violations, "certificate.certification_body",
                   certificate.mutable_certification_body(),
                   {.min_chars = 1, .max_chars = kMaxBody});
  CheckReference(violations, "certificate.provider", certificate.provider(),
                 {"provinces/{province}/providers/{provider}"});
  text::CleanField(violations, "certificate.certificate_number",
                   certificate.mutable_certificate_number(),
                   {.min_chars = 1, .max_chars = kMaxNumber});
  violations.Check(certificate.has_issued_on(), "certificate.issued_on", "REQUIRED",
                   "must be there", "phải có");
  CheckNotAfter(violations, "certificate.issued_on", certificate.has_issued_on(),
                certificate.issued_on(), today);
  CheckPeriod(violations, "certificate.expires_on",
              certificate.has_issued_on() ? &certificate.issued_on() : nullptr,
              certificate.has_expires_on() ? &certificate.expires_on() : nullptr);
  CheckReference(violations, "certificate.support_case", certificate.support_case(),
                 {"provinces/{province}/supportCases/{support_case}"});
  RETURN_IF_ERROR(violations.ToStatus());
  DeriveState(certificate, before, today);
  return absl::OkStatus();
}

bool SamePaper(const Certificate& a, const Certificate& b) {
  return a.certificate_number() == b.certificate_number() &&
         a.standard_code() == b.standard_code() &&
         text::SearchKey(a.certification_body()) == text::SearchKey(b.certification_body());
}

Certificate::ExpiryState StateOn(const Certificate& certificate, absl::CivilDay today,
                                 int expiring_days) {
  if (certificate.revoked() || !certificate.has_expires_on()) return certificate.expiry_state();
  const absl::StatusOr<absl::CivilDay> last = time::ToCivilDay(certificate.expires_on());
  if (!last.ok()) return certificate.expiry_state();
  if (*last < today) return Certificate::EXPIRY_STATE_EXPIRED;
  if (certificate.expiry_state() == Certificate::EXPIRY_STATE_VALID &&
      *last - today <= expiring_days && expiring_days > 0) {
    return Certificate::EXPIRY_STATE_EXPIRING;
  }
  return certificate.expiry_state();
}

}  // namespace nscl::registry::domain
