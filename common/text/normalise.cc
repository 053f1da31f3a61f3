#include "common/text/normalise.h"

#include <string>
#include <utility>
#include <vector>

#include "common/text/clean.h"

namespace nscl::text {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void NormaliseFields(Message* message) {
  const Reflection* reflection = message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int size = field->is_repeated() ? reflection->FieldSize(*message, field) : 1;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map()) {
      for (int i = 0; i < size; ++i) {
        NormaliseFields(field->is_repeated() ? reflection->MutableRepeatedMessage(message, field, i)
                                             : reflection->MutableMessage(message, field));
      }
    }
    if (field->type() != FieldDescriptor::TYPE_STRING) continue;
    for (int i = 0; i < size; ++i) {
      std::string scratch;
      const std::string& text =
          field->is_repeated()
              ? reflection->GetRepeatedStringReference(*message, field, i, &scratch)
              : reflection->GetStringReference(*message, field, &scratch);
      if (IsAscii(text)) continue;
      std::string normal = Nfc(text);
      if (field->is_repeated()) {
        reflection->SetRepeatedString(message, field, i, std::move(normal));
      } else {
        reflection->SetString(message, field, std::move(normal));
      }
    }
  }
}

}  // namespace nscl::text
