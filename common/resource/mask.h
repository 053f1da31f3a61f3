// Field masks (AIP-157, AIP-161) and field behaviour (AIP-203).
#pragma once

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::resource {

// Keeps of `resource` only what the mask names; all where the mask is empty or "*".
// INVALID_ARGUMENT `READ_MASK` naming the paths that the resource does not have.
absl::Status ApplyReadMask(const google::protobuf::FieldMask& mask,
                           google::protobuf::Message* resource);
// The check alone, for lists, before the first row is read.
absl::Status CheckReadMask(const google::protobuf::FieldMask& mask,
                           const google::protobuf::Descriptor* resource);

// Carries a client's change into `resource`, which holds the current one. An empty mask means every
// field that is set in `patch`; "*" means every field that a client may write. A path named by the
// mask and not set in `patch` is cleared. Refused with INVALID_ARGUMENT, each with all its paths
// below `field`:
//   `UPDATE_MASK`  a path that the resource does not have, or that no client writes
//   `IMMUTABLE`    a field that may be set on creation only, with another value than the current
//   `OUTPUT_ONLY`  a field that the server sets, with another value than the current: inside what
//                  the mask names, or anywhere without a mask
// `name` and `etag` are not changed. The mask alone is checked by CheckUpdateMask before the
// resource is loaded, so that a bad mask is refused whether or not the resource exists.
absl::Status CheckUpdateMask(const google::protobuf::FieldMask& mask,
                             const google::protobuf::Descriptor* resource);
absl::Status ApplyUpdate(const google::protobuf::FieldMask& mask,
                         const google::protobuf::Message& patch, absl::string_view field,
                         google::protobuf::Message* resource);

// For creation: refuses fields that the server sets, at any depth, in one INVALID_ARGUMENT
// `OUTPUT_ONLY` that lists their paths below `field` ("plan.rows[3].part").
absl::Status CheckOutputOnly(const google::protobuf::Message& resource, absl::string_view field);

// Clears what CheckOutputOnly would refuse.
void ClearOutputOnly(google::protobuf::Message* resource);

}  // namespace nscl::resource
