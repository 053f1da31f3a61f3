// Names of enum values for refusals: never a bare constant in a sentence for people.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>

namespace nscl::text {

// "ACCEPTED" of STATE_ACCEPTED of the enum State: the value as the APIs spell it, less the prefix
// that the proto style asks for. "UNKNOWN 99" of a number that the enum does not have.
std::string ShortName(const google::protobuf::EnumDescriptor& type, int number);
// "đã nghiệm thu": the value's `(nscl.annotation.v1.vi)`; "không rõ" (not known) where it has none.
std::string VietnameseName(const google::protobuf::EnumDescriptor& type, int number);

template <typename Enum>
std::string ShortName(Enum value) {
  return ShortName(*google::protobuf::GetEnumDescriptor<Enum>(), value);
}
template <typename Enum>
std::string VietnameseName(Enum value) {
  return VietnameseName(*google::protobuf::GetEnumDescriptor<Enum>(), value);
}

}  // namespace nscl::text
