// Keys of casework's rows. THESE BYTES ARE FOR EVER: every store written since stands on them, and
// keys_test.cc holds each. The first byte is the kind; names are as in the API.
//
//   kind  key                                            value
//   'c'   name of a support case (TableSpec)             SupportCase
//   'a'   name of an activity (TableSpec)                Activity
//   'i'   name of the owner                              Intent that waits for budgeting's answer
//   'n'   province, "/", year of receipt                 last running number of a case, decimal
//   'o'   enterprise 0x00 family 0x00 folded content     name of the open case (derived)
//   'f'   feed followed, "budgeting"                     FeedCursor of common/feed
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "nscl/casework/v1/support_case.pb.h"

namespace nscl::casework::rows {

inline constexpr char kCaseKind = 'c';
inline constexpr char kActivityKind = 'a';
inline constexpr char kIntentKind = 'i';
inline constexpr char kCaseNumberKind = 'n';
inline constexpr char kOpenCaseKind = 'o';
inline constexpr char kFollowerKind = 'f';

std::string IntentKey(absl::string_view owner);
std::string CaseNumberKey(absl::string_view province, int year);
std::string FollowerKey(absl::string_view feed);
// The same for contents that differ only in case, accents' encoding or spacing.
std::string OpenCaseKey(const v1::SupportCase& support_case);

}  // namespace nscl::casework::rows
