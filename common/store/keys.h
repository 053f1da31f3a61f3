// Keys of the store's own rows. THESE BYTES ARE FOR EVER: every store written since stands on them,
// and keys_test.cc holds each. A service's rows live in a family of their own under the service's
// own keys.
//
//   family       key                               value
//   default      the service's key                 's' or 'd' (state, derived), then the value
//                0x00, then the service's key    'p', then the personal data beside that row
//   log          'L' revision                      32 bytes of hash, then LogRecord
//                'E' position                      revision, length of province (1 byte), province,
//                                                  then the service's Event
//                'M' "head"                        Head
//   history      escaped key, 0x00 0x01, revision  empty: the image is in the log record
//   idempotency  scope 0x00 method 0x00 request id KeptAnswer
//
// Numbers are eight bytes, big-endian, so that they sort; 0x00 in an escaped key is 0x00 0xFF, so
// that escaped keys sort as the keys do and none is a prefix of another.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace nscl::store::keys {

inline constexpr char kLogFamily[] = "log";
inline constexpr char kHistoryFamily[] = "history";
inline constexpr char kIdempotencyFamily[] = "idempotency";

inline constexpr char kStateTag = 's';
inline constexpr char kDerivedTag = 'd';
inline constexpr char kPersonalTag = 'p';
inline constexpr char kLogKind = 'L';
inline constexpr char kEventKind = 'E';
inline constexpr char kHeadKey[] = "Mhead";

// Appends eight big-endian bytes.
void AppendNumber(std::string* out, uint64_t number);
// Reads eight big-endian bytes from the front of `bytes`, which must hold them.
uint64_t ReadNumber(absl::string_view bytes);

// Personal data sort before every row of the service: its keys begin with a byte that is not 0x00.
inline constexpr char kFirstServiceByte = '\x01';
std::string PersonalKey(absl::string_view row_key);

std::string LogKey(int64_t revision);
std::string EventKey(int64_t position);
// The number of a log or event key.
int64_t NumberOf(absl::string_view key);

// Everything of a history key but the revision.
std::string HistoryPrefix(absl::string_view row_key);
std::string HistoryKey(absl::string_view row_key, int64_t revision);
// Takes a history key apart; false where it is none.
bool ParseHistoryKey(absl::string_view key, std::string* row_key, int64_t* revision);

std::string IdempotencyKey(absl::string_view scope, absl::string_view method,
                           absl::string_view request_id);

// Head of an event row: what filters and paging need without reading the event.
struct EventHeader {
  int64_t revision = 0;
  absl::string_view province;
  absl::string_view event;  // the service's Event, serialised
};
std::string EventRowPrefix(int64_t revision, absl::string_view province);
bool ParseEventRow(absl::string_view row, EventHeader* header);

// The first key after all keys with the prefix; empty where there is none.
std::string PrefixEnd(absl::string_view prefix);

}  // namespace nscl::store::keys
