// The store's refusals. Each has a stable reason; tests and callers go by it.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace nscl::store::errors {

// Reasons that the store itself looks for.
inline constexpr char kStoreCorrupt[] = "STORE_CORRUPT";
inline constexpr char kStoreIo[] = "STORE_IO";

// Opening.
absl::Status StoreMissing(absl::string_view path);                         // NOT_FOUND
absl::Status StoreLost(absl::string_view path, absl::string_view anchor);  // DATA_LOSS
absl::Status FolderNotEmpty(absl::string_view path);                       // ALREADY_EXISTS
absl::Status MarkerMissing(absl::string_view path);                        // FAILED_PRECONDITION
absl::Status OtherService(absl::string_view path, absl::string_view found,
                          absl::string_view wanted);
absl::Status SchemaNewer(absl::string_view path, int found, int known);
absl::Status StoreInUse(absl::string_view path);
absl::Status StoreCorrupt(absl::string_view place, absl::string_view what);  // DATA_LOSS
absl::Status StoreIo(absl::string_view place, absl::string_view what);       // UNAVAILABLE

// Submitting.
absl::Status Overloaded(absl::string_view province, size_t waiting);     // RESOURCE_EXHAUSTED
absl::Status StorageFull(int64_t free_bytes, int64_t limit_bytes);       // RESOURCE_EXHAUSTED
absl::Status VolumeFull();                                               // RESOURCE_EXHAUSTED
absl::Status StoreRegressed(int64_t revision, int64_t anchor_revision);  // FAILED_PRECONDITION
absl::Status ClockJumped(absl::Time expected, absl::Time seen);          // FAILED_PRECONDITION
absl::Status OutcomeUnknown();                                           // UNAVAILABLE
absl::Status StoreClosed();                                              // UNAVAILABLE
absl::Status Cancelled();                                                // CANCELLED
absl::Status RequestIdReused(absl::string_view request_id);              // ALREADY_EXISTS
absl::Status RequestIdMissing();                                         // INVALID_ARGUMENT
absl::Status RequestIdMalformed(absl::string_view request_id);           // INVALID_ARGUMENT

// Reading.
absl::Status EpochChanged(int64_t given, int64_t current);  // ABORTED
absl::Status CursorAhead(int64_t given, int64_t head);      // OUT_OF_RANGE
absl::Status CursorNegative(int64_t given);                 // INVALID_ARGUMENT
absl::Status RevisionAhead(int64_t given, int64_t head);    // OUT_OF_RANGE

// Backing up.
absl::Status NoBackupFolder();                                               // FAILED_PRECONDITION
absl::Status BackupSetName(absl::string_view name);                          // INVALID_ARGUMENT
absl::Status BackupExists(absl::string_view path);                           // ALREADY_EXISTS
absl::Status BackupMissing(absl::string_view path);                          // NOT_FOUND
absl::Status BackupDamaged(absl::string_view path, absl::string_view what);  // DATA_LOSS
absl::Status BarrierHeld(absl::string_view held, absl::string_view asked);   // FAILED_PRECONDITION
absl::Status BarrierGone(absl::string_view asked);                           // FAILED_PRECONDITION
absl::Status LeaseRange(absl::Duration lease);                               // INVALID_ARGUMENT

// Tables.
absl::Status ResourceName(absl::string_view name, absl::string_view pattern);  // INVALID_ARGUMENT
absl::Status NotFound(absl::string_view name);                                 // NOT_FOUND
absl::Status Exists(absl::string_view reason, absl::string_view name);         // ALREADY_EXISTS
absl::Status EtagMismatch(absl::string_view name, absl::string_view given,
                          absl::string_view current);  // ABORTED

}  // namespace nscl::store::errors
