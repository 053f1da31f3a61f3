#include "common/text/enum_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "nscl/annotation/v1/annotation.pb.h"

namespace nscl::text {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;

// "OPERATING_STATUS_" of OperatingStatus.
std::string PrefixOf(const EnumDescriptor& type) {
  std::string prefix;
  for (char c : type.name()) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(c);
  }
  return prefix + "_";
}

}  // namespace

std::string ShortName(const EnumDescriptor& type, int number) {
  const EnumValueDescriptor* value = type.FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat("UNKNOWN ", number);
  return std::string(absl::StripPrefix(value->name(), PrefixOf(type)));
}

std::string VietnameseName(const EnumDescriptor& type, int number) {
  const EnumValueDescriptor* value = type.FindValueByNumber(number);
  if (value == nullptr || !value->options().HasExtension(annotation::v1::vi)) return "không rõ";
  return value->options().GetExtension(annotation::v1::vi);
}

}  // namespace nscl::text
