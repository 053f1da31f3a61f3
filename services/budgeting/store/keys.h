// Keys of budgeting's rows. THESE BYTES ARE FOR EVER: every store written since stands on them, and
// keys_test.cc holds each. The first byte is the kind; ids of names follow, each ended by 0x00.
//
//   kind  key                                                    value
//   'p'   name of a plan (TableSpec)                             Plan
//   'a'   name of an allocation (TableSpec)                      Allocation
//   'r'   name of a reservation (TableSpec)                      Reservation
//   'c'   name of a commitment (TableSpec)                       Commitment
//   'y'   name of a payment (TableSpec)                          Payment
//   'e'   name of a ledger entry (TableSpec)                     LedgerEntry
//   'b'   name of a balance (TableSpec)                          Balance
//   's'   name of a support case of casework (TableSpec)         casework's SupportCase, followed
//   't'   name of an activity of casework (TableSpec)            casework's Activity, followed
//   'f'   feed followed, "casework"                              cursor of common/feed
//   'v'   feed followed, "casework"                              its newest revision taken in,
//                                                                decimal
//   'x'   province 0x00 last day "YYYYMMDD" reservation id 0x00  "" (derived; ACTIVE reservations)
//   'q'   name of a commitment 0x00 payment id 0x00              "" (derived; payments out of it)
//   'd'   province 0x00 paper 0x00 plan id 0x00                 "" (derived; plans by their paper)
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/store/table.h"
#include "nscl/budgeting/v1/ledger.pb.h"
#include "nscl/budgeting/v1/plan.pb.h"

namespace nscl::budgeting::rows {

// Where the follower keeps its cursor.
inline constexpr char kCaseworkCursorKey[] = "fcasework";
// Where the newest revision of casework that the follower took in stands.
inline constexpr char kCaseworkRevisionKey[] = "vcasework";

// Event field numbers are those of the resource in nscl.budgeting.v1.Event.
store::TableSpec PlanSpec();
store::TableSpec AllocationSpec();
store::TableSpec ReservationSpec();
store::TableSpec CommitmentSpec();
store::TableSpec PaymentSpec();
store::TableSpec LedgerEntrySpec();
store::TableSpec BalanceSpec();    // raises no events: each entry carries the balance after it
store::TableSpec CaseFactsSpec();  // raise no events: they are casework's
store::TableSpec ActivityFactsSpec();

// "provinces/48/plans/p/lines/I-1/balances/2023-ST_TASK".
std::string BalanceName(const v1::Account& account);
// "0000000000000123-001": the revision and the number within it, so that ids ascend as entries do.
std::string LedgerEntryId(int64_t revision, int number);

// Index of ACTIVE reservations by last day. The reservations of a province whose last day is before
// a day stand from ExpiryPrefix to ExpiryKeyOfDay, exclusive.
std::string ExpiryPrefix(absl::string_view province);
std::string ExpiryKeyOfDay(absl::string_view province, absl::CivilDay day);
std::string ExpiryKey(const v1::Reservation& reservation);
// Id of the reservation in an expiry key of that province.
std::string ReservationIdOfExpiryKey(absl::string_view province, absl::string_view key);

// Index of plans by their paper: by what was imported, and by number, issuer and date where all
// three are known. Prefixes of one plan, each to be ended by its id.
std::vector<std::string> DocumentPrefixes(const v1::Plan& plan);
std::string DocumentKey(absl::string_view prefix, const v1::Plan& plan);
// Name of the plan in a document key with that prefix; `like` is a plan of the same province.
std::string PlanOfDocumentKey(const v1::Plan& like, absl::string_view prefix,
                              absl::string_view key);

// Index of payments by commitment.
std::string PaymentIndexPrefix(absl::string_view commitment);
std::string PaymentIndexKey(absl::string_view commitment, absl::string_view payment);
std::string PaymentIdOfIndexKey(absl::string_view commitment, absl::string_view key);

}  // namespace nscl::budgeting::rows
