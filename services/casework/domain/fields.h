// Checks of request fields that the acts share. Each adds a row for a bad field, so that a caller
// sees all bad fields at once.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "google/type/date.pb.h"
#include "nscl/casework/v1/support_case.pb.h"

namespace nscl::casework::domain {

// Limits that the protos state, in characters (code points) unless said otherwise.
inline constexpr int kMaxDocumentNumber = 100;
inline constexpr int kMaxDocuments = 50;  // numbers in one request
inline constexpr int kMaxReason = 2000;
inline constexpr int kMaxLongText = 4000;

// `TEXT_LENGTH`: not from `min` to `max` characters; text of blanks only counts as empty.
// `INVALID_TEXT`: control characters and the like. Long texts may have several lines.
void CheckText(status::Violations& v, absl::string_view path, absl::string_view text, int min,
               int max);
// `NUMBER_RANGE`: not from `min` to `max`.
void CheckNumber(status::Violations& v, absl::string_view path, int64_t number, int64_t min,
                 int64_t max);
// `TEXT_LENGTH` of each, `NUMBER_RANGE` where they are not from `min` to 50.
void CheckDocuments(status::Violations& v, absl::string_view path,
                    const google::protobuf::RepeatedPtrField<std::string>& numbers, int min);
void CheckDecision(status::Violations& v, absl::string_view path, const v1::Decision& decision);
// The fields of an approval: of a case as of an activity.
absl::Status CheckApproval(const v1::Decision& decision, absl::string_view etag);
void CheckMinutes(status::Violations& v, absl::string_view path, const v1::Minutes& minutes);
// `CODE`: not upper-case letters, digits and `_`, 1 to 40.
void CheckCode(status::Violations& v, absl::string_view path, absl::string_view code);
// `RESOURCE_NAME`: not of the pattern; `OTHER_PROVINCE`: of another province than `parent`,
// "provinces/48", where that is not empty.
void CheckName(status::Violations& v, absl::string_view path, absl::string_view name,
               const resource::NamePattern& pattern, absl::string_view parent);
const resource::NamePattern& EnterpriseNames();
const resource::NamePattern& PlanLineNames();
// `ETAG`: not given where the proto requires it.
void CheckEtag(status::Violations& v, absl::string_view etag);

}  // namespace nscl::casework::domain
