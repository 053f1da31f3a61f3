// What a contact of an enterprise must be.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/contact.pb.h"
#include "nscl/registry/v1/enterprise.pb.h"

namespace nscl::registry::domain {

// Cleans a contact that is to be stored, its personal fields filled in: INVALID_ARGUMENT with every
// bad field, whose value is never repeated (REG-09). `before` is null on creation.
absl::Status NormaliseContact(v1::Contact& contact, const v1::Contact* before,
                              absl::CivilDay today);

// INVALID_ARGUMENT `PERSONAL_ID_REQUIRED`: the owner of a household business goes by the number of
// 12 digits (Luật Quản lý thuế Điều 35.7), unless it was erased.
absl::Status CheckOwner(const v1::Contact& contact, const v1::Enterprise& enterprise);

}  // namespace nscl::registry::domain
