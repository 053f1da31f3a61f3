#include "common/store/personal.h"

#include <memory>
#include <set>
#include <vector>

#include "common/store/errors.h"
#include "nscl/annotation/v1/annotation.pb.h"

namespace nscl::store {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsPersonal(const FieldDescriptor* field) {
  return field->options().GetExtension(nscl::annotation::v1::pii);
}

bool Has(const Descriptor* type, std::set<const Descriptor*>& seen) {
  if (!seen.insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (IsPersonal(field)) return true;
    if (field->message_type() != nullptr && Has(field->message_type(), seen)) return true;
  }
  return false;
}

}  // namespace

bool HasPersonal(const Descriptor* type) {
  std::set<const Descriptor*> seen;
  return Has(type, seen);
}

std::string TakePersonal(Message& resource) {
  std::unique_ptr<Message> personal(resource.New());
  std::vector<const FieldDescriptor*> fields;
  resource.GetReflection()->ListFields(resource, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsPersonal(field)) resource.GetReflection()->SwapFields(&resource, personal.get(), {field});
  }
  ClearPersonal(resource);
  return personal->SerializeAsString();
}

absl::Status GivePersonal(absl::string_view personal, Message& resource) {
  std::unique_ptr<Message> fields(resource.New());
  if (!fields->ParseFromArray(personal.data(), static_cast<int>(personal.size()))) {
    return errors::StoreCorrupt("personal data", "they cannot be read");
  }
  resource.MergeFrom(*fields);
  return absl::OkStatus();
}

void ClearPersonal(Message& message) {
  const Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsPersonal(field)) {
      reflection->ClearField(&message, field);
    } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    } else if (!field->is_repeated()) {
      ClearPersonal(*reflection->MutableMessage(&message, field));
    } else {
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        ClearPersonal(*reflection->MutableRepeatedMessage(&message, field, i));
      }
    }
  }
}

}  // namespace nscl::store
