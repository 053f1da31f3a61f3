// Keys of reporting's rows. THESE BYTES ARE FOREVER: a change is a migration, and keys_test.cc
// holds them.
//
//   'R' province 00 report 00                    nscl.reporting.v1.Report
//   'O' province 00 obligation 00                nscl.reporting.v1.Obligation
//   'k' service                                  nscl.reporting.v1.FeedPosition: how far a feed is
//                                                followed
//
// Projections: what reports need of other services' resources, the source's own message with the
// other fields cleared. They can be made again from the feeds (projection.h).
//
//   'p' province 00 plan 00                      nscl.budgeting.v1.Plan
//   'b' province 00 plan 00 year(4, big-endian) line 00 source 00
//                                                nscl.budgeting.v1.Balance, folded from entries
//   'c' province 00 case 00                      nscl.casework.v1.SupportCase
//   'a' province 00 activity 00                  nscl.casework.v1.Activity
//   'e' province 00 enterprise 00                nscl.registry.v1.Enterprise
//   'x' province 00 plan 00 'c' or 'a' name      derived: cases and activities of a plan
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/table.h"
#include "nscl/budgeting/v1/ledger.pb.h"

namespace nscl::reporting::rows {

// Tables of reporting's own resources. The event fields are those of nscl.reporting.v1.Event.
inline const store::TableSpec kReports = {'R', "provinces/{province}/reports/{report}", "report",
                                          2};
inline const store::TableSpec kObligations = {'O', "provinces/{province}/obligations/{obligation}",
                                              "obligation", 3};

// The kind byte of each projection.
inline constexpr char kCursor = 'k';
inline constexpr char kPlan = 'p';
inline constexpr char kBalance = 'b';
inline constexpr char kCase = 'c';
inline constexpr char kActivity = 'a';
inline constexpr char kEnterprise = 'e';
inline constexpr char kOfPlan = 'x';

std::string CursorKey(absl::string_view service);

// Key of a name of the form "provinces/{province}/{collection}/{id}". INVALID_ARGUMENT
// `RESOURCE_NAME` for any other.
absl::StatusOr<std::string> KeyOf(char kind, absl::string_view name);

// The plan of "provinces/{province}/plans/{plan}/lines/{line}"; empty where the name is not a
// line's.
std::string PlanOfLine(absl::string_view plan_line);

absl::StatusOr<std::string> BalanceKey(const budgeting::v1::Account& account);
// All balances of a plan in a year.
absl::StatusOr<std::string> BalancePrefix(absl::string_view plan, int year);

// The index row of a case (`kind` kCase) or an activity (kActivity) under its plan.
absl::StatusOr<std::string> OfPlanKey(absl::string_view plan, char kind, absl::string_view name);
// All of a kind under a plan; the rest of the key is the name.
absl::StatusOr<std::string> OfPlanPrefix(absl::string_view plan, char kind);

}  // namespace nscl::reporting::rows
