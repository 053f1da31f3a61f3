#include "services/registry/domain/contact.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "services/registry/domain/contact_points.h"
#include "services/registry/domain/evidence.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kMaxFullName = 200;
constexpr size_t kMaxPosition = 200;
constexpr size_t kMaxBasis = 300;
constexpr size_t kPersonalIdDigits = 12;

bool IsPersonalId(absl::string_view text) {
  return text.size() == kPersonalIdDigits &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

absl::Status NormaliseContact(v1::Contact& contact, const v1::Contact* before,
                              absl::CivilDay /*today*/) {
  status::Violations violations;
  // Names stand in addresses and logs.
  violations.Check(before != nullptr || !IsPersonalId(resource::LastIdOf(contact.name())),
                   "contact_id", "RESOURCE_ID", "must not be the number of a person",
                   "không được là số định danh cá nhân");
  violations.Check(
      v1::Contact::Role_IsValid(contact.role()) && contact.role() != v1::Contact::ROLE_UNSPECIFIED,
      "contact.role", "ENUM_VALUE", "must be a known role", "phải là vai trò đã biết");
  text::CleanField(
      violations, "contact.full_name", contact.mutable_full_name(),
      {.min_chars = contact.erased() ? size_t{0} : size_t{1}, .max_chars = kMaxFullName});
  violations.Check(contact.personal_id().empty() || IsPersonalId(contact.personal_id()),
                   "contact.personal_id", "PERSONAL_ID", "must be 12 digits", "phải gồm 12 chữ số");
  NormalisePhone(violations, "contact.phone", contact.mutable_phone());
  NormaliseEmail(violations, "contact.email", contact.mutable_email());
  text::CleanField(violations, "contact.position", contact.mutable_position(),
                   {.max_chars = kMaxPosition});
  CheckPeriod(violations, "contact.valid_to",
              contact.has_valid_from() ? &contact.valid_from() : nullptr,
              contact.has_valid_to() ? &contact.valid_to() : nullptr);
  text::CleanField(violations, "contact.processing_basis", contact.mutable_processing_basis(),
                   {.min_chars = 1, .max_chars = kMaxBasis});
  return violations.ToStatus();
}

absl::Status CheckOwner(const v1::Contact& contact, const v1::Enterprise& enterprise) {
  status::Violations violations;
  violations.Check(contact.role() != v1::Contact::ROLE_OWNER ||
                       enterprise.legal_kind() != v1::Enterprise::LEGAL_KIND_HOUSEHOLD ||
                       contact.erased() || !contact.personal_id().empty(),
                   "contact.personal_id", "PERSONAL_ID_REQUIRED",
                   "the owner of a household business must have it",
                   "chủ hộ kinh doanh phải có số định danh cá nhân");
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
