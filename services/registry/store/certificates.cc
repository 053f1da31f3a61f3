#include "services/registry/store/certificates.h"

#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/registry/store/keys.h"

namespace nscl::registry::rows {
namespace {

// "" where no event is to come.
std::string KeyOf(const v1::Certificate& certificate) {
  if (certificate.revoked() || !certificate.has_expires_on() ||
      certificate.expiry_state() == v1::Certificate::EXPIRY_STATE_EXPIRED) {
    return "";
  }
  const absl::StatusOr<absl::CivilDay> last = time::ToCivilDay(certificate.expires_on());
  if (!last.ok()) return "";
  return ExpiryKey(certificate.expiry_state() == v1::Certificate::EXPIRY_STATE_EXPIRING,
                   time::FormatIsoDate(*last), certificate.name());
}

// Adds the names whose last day is before `end`.
absl::Status AddDue(const store::Reader& reader, bool expiring, absl::CivilDay end, size_t limit,
                    std::vector<std::string>& names) {
  const store::KeyRange range{ExpiryKey(expiring, "", ""),
                              ExpiryKey(expiring, time::FormatIsoDate(end), "")};
  return reader.Scan(range, [&](absl::string_view key, absl::string_view) {
    if (names.size() >= limit) return false;
    names.emplace_back(NameOfExpiryKey(key));
    return true;
  });
}

}  // namespace

void IndexExpiry(store::Txn& txn, const v1::Certificate* before, const v1::Certificate* after) {
  const std::string old_key = before == nullptr ? "" : KeyOf(*before);
  const std::string new_key = after == nullptr ? "" : KeyOf(*after);
  if (old_key == new_key) return;
  if (!old_key.empty()) txn.EraseDerived(old_key);
  if (!new_key.empty()) txn.PutDerived(new_key, "");
}

absl::StatusOr<std::vector<std::string>> DueCertificates(const store::Reader& reader,
                                                         absl::CivilDay today, int expiring_days,
                                                         size_t limit) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(AddDue(reader, /*expiring=*/true, today, limit, names));
  const absl::CivilDay end = expiring_days > 0 ? today + expiring_days + 1 : today;
  RETURN_IF_ERROR(AddDue(reader, /*expiring=*/false, end, limit, names));
  return names;
}

}  // namespace nscl::registry::rows
