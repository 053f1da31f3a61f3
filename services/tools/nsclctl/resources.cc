#include "services/tools/nsclctl/resources.h"

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/api/resource.pb.h"
#include "services/tools/nsclctl/methods.h"

namespace nscl::nsclctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

// The message type that a List answer has many of; null where the method is no List.
const Descriptor* ListedType(const MethodDescriptor& method) {
  if (!absl::StartsWith(method.name(), "List") ||
      method.input_type()->FindFieldByName("page_size") == nullptr) {
    return nullptr;
  }
  for (int i = 0; i < method.output_type()->field_count(); ++i) {
    const FieldDescriptor& field = *method.output_type()->field(i);
    if (field.is_repeated() && field.message_type() != nullptr) return field.message_type();
  }
  return nullptr;
}

bool Fits(absl::string_view pattern, absl::string_view name) {
  const std::vector<absl::string_view> wanted = absl::StrSplit(pattern, '/');
  const std::vector<absl::string_view> given = absl::StrSplit(name, '/');
  if (wanted.size() != given.size()) return false;
  for (size_t i = 0; i < wanted.size(); ++i) {
    const bool variable = absl::StartsWith(wanted[i], "{");
    if (variable ? given[i].empty() : wanted[i] != given[i]) return false;
  }
  return true;
}

}  // namespace

std::vector<Resource> AllResources() {
  std::map<std::string, Resource> by_plural;
  for (const MethodDescriptor* method : AllMethods()) {
    const bool get = method->name() == absl::StrCat("Get", method->output_type()->name()) &&
                     method->input_type()->FindFieldByName("name") != nullptr;
    const Descriptor* type = get ? method->output_type() : ListedType(*method);
    if (type == nullptr || !type->options().HasExtension(google::api::resource)) continue;
    const auto& options = type->options().GetExtension(google::api::resource);
    if (options.pattern_size() == 0) continue;
    Resource& resource = by_plural[options.plural()];
    resource.type = type;
    resource.plural = options.plural();
    resource.pattern = options.pattern(0);
    (get ? resource.get : resource.list) = method;
  }
  std::vector<Resource> resources;
  for (auto& [plural, resource] : by_plural) resources.push_back(std::move(resource));
  return resources;
}

absl::StatusOr<Resource> ResourceOfName(absl::string_view name) {
  for (const Resource& resource : AllResources()) {
    if (resource.get != nullptr && Fits(resource.pattern, name)) return resource;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", name, "\" is no name of a resource; `nsclctl resources` lists their forms"));
}

absl::StatusOr<Resource> ResourceOfPlural(absl::string_view plural) {
  std::vector<std::string> all;
  for (const Resource& resource : AllResources()) {
    if (resource.list == nullptr) continue;
    if (resource.plural == plural) return resource;
    all.push_back(resource.plural);
  }
  return absl::InvalidArgumentError(absl::StrCat("there is no collection \"", plural,
                                                 "\"; there are ", absl::StrJoin(all, ", ")));
}

}  // namespace nscl::nsclctl
