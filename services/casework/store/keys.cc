#include "services/casework/store/keys.h"

#include "absl/strings/str_cat.h"
#include "common/text/search_key.h"

namespace nscl::casework::rows {

std::string IntentKey(absl::string_view owner) {
  return absl::StrCat(std::string(1, kIntentKind), owner);
}

std::string CaseNumberKey(absl::string_view province, int year) {
  return absl::StrCat(std::string(1, kCaseNumberKind), province, "/", year);
}

std::string FollowerKey(absl::string_view feed) {
  return absl::StrCat(std::string(1, kFollowerKind), feed);
}

std::string OpenCaseKey(const v1::SupportCase& support_case) {
  const v1::SupportContent& content = support_case.content();
  const absl::string_view end("\0", 1);
  return absl::StrCat(std::string(1, kOpenCaseKind), support_case.enterprise(), end,
                      content.family(), end, text::SearchKey(content.catalogue_name()));
}

}  // namespace nscl::casework::rows
