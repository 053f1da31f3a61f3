#include "common/auth/access.h"

#include <google/protobuf/descriptor_database.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/auth/errors.h"
#include "nscl/annotation/v1/annotation.pb.h"

namespace nscl::auth {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr absl::string_view kProvinces = "provinces/";

// "-" or "-/plans/-": beneath all provinces, one thing of one of them cannot be named.
bool AllWildcards(absl::string_view ids_and_collections) {
  bool is_id = true;
  for (absl::string_view segment : absl::StrSplit(ids_and_collections, '/')) {
    if (is_id ? segment != "-" : segment.empty()) return false;
    is_id = !is_id;
  }
  return !is_id;
}

}  // namespace

absl::StatusOr<AccessRule> AccessRule::Of(const MethodDescriptor* method) {
  const auto& access = method->options().GetExtension(nscl::annotation::v1::access);
  if (access.permission().empty()) return errors::NoAccessRule(MethodPath(method));
  AccessRule rule;
  rule.permission_ = access.permission();
  rule.scope_field_ = access.scope_field();
  rule.any_scope_ = access.any_scope();
  for (absl::string_view verb : {"List", "Search", "Summarize", "Watch"}) {
    if (absl::StartsWith(method->name(), verb) && rule.scope_field_ == "parent") {
      rule.wildcard_allowed_ = true;
    }
  }
  if (rule.scope_field_.empty()) return rule;
  const google::protobuf::Descriptor* message = method->input_type();
  for (absl::string_view part : absl::StrSplit(rule.scope_field_, '.')) {
    const FieldDescriptor* field =
        message == nullptr ? nullptr : message->FindFieldByName(std::string(part));
    if (field == nullptr || field->is_repeated()) {
      return absl::InternalError(
          absl::StrCat(MethodPath(method), ": scope_field ", rule.scope_field_, " leads nowhere"));
    }
    rule.path_.push_back(field);
    message = field->message_type();
  }
  if (rule.path_.back()->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return absl::InternalError(
        absl::StrCat(MethodPath(method), ": scope_field ", rule.scope_field_, " is not a text"));
  }
  return rule;
}

absl::Status AccessRule::CheckPermission(const Caller& caller) const {
  if (caller.May(permission_)) return absl::OkStatus();
  return errors::RoleDenied(permission_);
}

absl::StatusOr<std::string> AccessRule::CheckScope(const Caller& caller,
                                                   const Message& request) const {
  if (path_.empty()) {
    if (!any_scope_ && !caller.all_provinces) return errors::ScopeDenied();
    return std::string();
  }
  const Message* message = &request;
  for (size_t i = 0; i + 1 < path_.size(); ++i) {
    message = &message->GetReflection()->GetMessage(*message, path_[i]);
  }
  std::string scratch;
  const absl::string_view name =
      message->GetReflection()->GetStringReference(*message, path_.back(), &scratch);
  absl::string_view rest = name;
  if (!absl::ConsumePrefix(&rest, kProvinces)) {
    return errors::NameWithoutProvince(scope_field_, wildcard_allowed_);
  }
  const absl::string_view province = rest.substr(0, rest.find('/'));
  if (province == "-") {
    if (!wildcard_allowed_ || !AllWildcards(rest)) {
      return errors::NameWithoutProvince(scope_field_, wildcard_allowed_);
    }
    // A caller without any province has nothing to list.
    if (!caller.all_provinces && caller.provinces.empty() && !any_scope_)
      return errors::ScopeDenied();
    return std::string("-");
  }
  if (province.size() != 2 || !absl::ascii_isdigit(province[0]) ||
      !absl::ascii_isdigit(province[1])) {
    return errors::NameWithoutProvince(scope_field_, wildcard_allowed_);
  }
  if (!any_scope_ && !caller.Covers(province)) return errors::ScopeDenied();
  return std::string(province);
}

std::vector<const MethodDescriptor*> LinkedMethods(const std::string& prefix) {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::vector<const MethodDescriptor*> methods;
  for (const std::string& name : files) {
    const FileDescriptor* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr) continue;
    for (int s = 0; s < file->service_count(); ++s) {
      const ServiceDescriptor* service = file->service(s);
      if (!absl::StartsWith(service->full_name(), prefix)) continue;
      for (int m = 0; m < service->method_count(); ++m) methods.push_back(service->method(m));
    }
  }
  std::sort(methods.begin(), methods.end(),
            [](const MethodDescriptor* a, const MethodDescriptor* b) {
              return a->full_name() < b->full_name();
            });
  return methods;
}

std::string MethodPath(const MethodDescriptor* method) {
  return absl::StrCat("/", method->service()->full_name(), "/", method->name());
}

}  // namespace nscl::auth
