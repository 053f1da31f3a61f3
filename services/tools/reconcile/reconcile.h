// Checks the invariants that hold across services (every approved case has its money held, every
// final payment its acceptance, every balance its entries) and tells what disagrees. Reads through
// the public API only. It repairs nothing: money is mended by driving a case on, or by a new entry
// that a person signs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/tools/door/door.h"

namespace nscl::tools {

struct Disagreement {
  std::string invariant;  // "I2"
  std::string place;      // resource names
  std::string found;      // what disagrees, with the figures
};

struct Reconciliation {
  std::vector<Disagreement> disagreements;
  // Cases and activities that wait for an answer of budgeting, or payments that casework has not
  // followed yet: checked again when they have come to rest.
  std::vector<std::string> in_motion;
  int64_t rows_checked = 0;
};

// The caller of the door must be allowed to list everything in all provinces (role reconciler,
// scope "*").
//
//   I1   reserved + committed + paid <= allocated, for every account
//   I2   balances = fold of the ledger's entries
//   I3   a reservation has at most one end, and commits no more than it held
//   I4   paid + released <= committed, and paid = sum of its payments
//   I5   every final payment belongs to an accepted case or a held activity; a case is paid what
//        its payments add up to
//   I6   a case that holds money holds it once: a reservation, a commitment that is open or paid in
//        full while it goes on, one that is closed when it has ended; in any other state none
//   I7   no live reservation or commitment without a case or activity that owns it
//   I13  every feed is dense and ordered
//   I17  money in reports = balances
absl::StatusOr<Reconciliation> Reconcile(Door& door);

}  // namespace nscl::tools
