#include "services/tools/nsclctl/methods.h"

#include <google/protobuf/descriptor_database.h>

#include <algorithm>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace nscl::nsclctl {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::vector<const MethodDescriptor*> methods;
  for (const std::string& name : files) {
    if (!absl::StartsWith(name, "nscl/")) continue;
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int s = 0; file != nullptr && s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  std::sort(methods.begin(), methods.end(),
            [](const auto* a, const auto* b) { return a->full_name() < b->full_name(); });
  return methods;
}

absl::StatusOr<const MethodDescriptor*> FindMethod(absl::string_view name) {
  std::vector<const MethodDescriptor*> found;
  for (const MethodDescriptor* method : AllMethods()) {
    // "budgeting.EventService.ListEvents" leaves out "nscl." and the version.
    const std::string plain = absl::StrReplaceAll(method->full_name(), {{".v1.", "."}});
    if (method->full_name() == name) return method;
    if (absl::EndsWith(method->full_name(), absl::StrCat(".", name)) ||
        absl::EndsWith(plain, absl::StrCat(".", name))) {
      found.push_back(method);
    }
  }
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no method ", name, "; `nsclctl methods` lists them"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name, " may be any of: ",
                   absl::StrJoin(found, ", ", [](std::string* out, const MethodDescriptor* method) {
                     absl::StrAppend(out, method->full_name());
                   })));
}

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::string NewUuid() {
  std::random_device random;
  uint32_t words[4];
  for (uint32_t& word : words) word = random();
  words[1] = (words[1] & 0xFFFF0FFF) | 0x4000;      // version 4
  words[2] = (words[2] & 0x3FFFFFFF) | 0x80000000;  // RFC 4122 variant
  return absl::StrFormat("%08x-%04x-%04x-%04x-%04x%08x", words[0], words[1] >> 16,
                         words[1] & 0xFFFF, words[2] >> 16, words[2] & 0xFFFF, words[3]);
}

void FillRequestId(Message& request, const std::string& given) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING) return;
  if (!request.GetReflection()->GetString(request, field).empty()) return;
  request.GetReflection()->SetString(&request, field, given.empty() ? NewUuid() : given);
}

}  // namespace nscl::nsclctl
