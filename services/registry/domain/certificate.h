// What a certificate must be, and where it stands against its last day.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/certificate.pb.h"

namespace nscl::registry::domain {

// Cleans a certificate that is to be stored: INVALID_ARGUMENT with every bad field. A new last day
// starts its watch anew; one that is over already when it is entered is EXPIRED without an event.
// `before` is null on creation.
absl::Status NormaliseCertificate(v1::Certificate& certificate, const v1::Certificate* before,
                                  absl::CivilDay today);

// Whether two are the same paper: number, standard, and the body without regard to marks and case.
bool SamePaper(const v1::Certificate& a, const v1::Certificate& b);

// The state that the day calls for: EXPIRING from `expiring_days` before the last day, EXPIRED
// after it. A certificate that is revoked or has no last day keeps its state.
v1::Certificate::ExpiryState StateOn(const v1::Certificate& certificate, absl::CivilDay today,
                                     int expiring_days);

}  // namespace nscl::registry::domain
