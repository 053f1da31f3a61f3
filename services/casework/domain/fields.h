// Checks of request fields that the acts share. Each adds a row for a bad field, so that a caller
// sees all bad fields at once.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/status/error.h"
#include "google/type/date.pb.h"
#include "nscl/casework/v1/support_case.pb.h"

namespace nscl::casework::domain {

// Limits that the protos state, in characters (code points) unless said otherwise.
inline constexpr int kMaxDocumentNumber = 100;
inline constexpr int kMaxDocuments = 50;  // numbers in one request
inline constexpr int kMaxReason = 2000;
inline constexpr int kMaxLongText = 4000;
inline constexpr int kFirstYear = 2000;
inline constexpr int kLastYear = 2100;

// `TEXT_LENGTH`: not from `min` to `max` characters; text of white space only counts as empty.
void CheckText(status::Violations& v, absl::string_view path, absl::string_view text, int min,
               int max);
// `DATE`: not a day of the calendar from 2000 to 2100.
void CheckDate(status::Violations& v, absl::string_view path, const google::type::Date& date);
// `NUMBER_RANGE`: not from `min` to `max`.
void CheckNumber(status::Violations& v, absl::string_view path, int64_t number, int64_t min,
                 int64_t max);
// `TEXT_LENGTH` of each, `NUMBER_RANGE` where they are not from `min` to 50.
void CheckDocuments(status::Violations& v, absl::string_view path,
                    const google::protobuf::RepeatedPtrField<std::string>& numbers, int min);
void CheckDecision(status::Violations& v, absl::string_view path, const v1::Decision& decision);
void CheckMinutes(status::Violations& v, absl::string_view path, const v1::Minutes& minutes);
// `CODE`: not upper-case letters, digits and `_`, 1 to 40.
void CheckCode(status::Violations& v, absl::string_view path, absl::string_view code);
// `RESOURCE_NAME`: not "provinces/{province}/<collection>/{id}" (and `sub_collection` under it,
// where given); `OTHER_PROVINCE`: of another province than `parent`, "provinces/48", where that is
// not empty.
void CheckName(status::Violations& v, absl::string_view path, absl::string_view name,
               absl::string_view parent, absl::string_view collection,
               absl::string_view sub_collection = "");

}  // namespace nscl::casework::domain
