#include "common/resource/mask.h"

#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "google/api/field_behavior.pb.h"

namespace nscl::resource {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FieldMask;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::util::FieldMaskUtil;

// A mask longer than this is no mask of ours: the widest resource has fewer fields.
constexpr int kMaxPaths = 200;
constexpr char kAll[] = "*";

bool Has(const FieldDescriptor* field, google::api::FieldBehavior behaviour) {
  const google::protobuf::FieldOptions& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behaviour) return true;
  }
  return false;
}

bool IsOutputOnly(const FieldDescriptor* field) { return Has(field, google::api::OUTPUT_ONLY); }

// Output-only, or what finds the resource and its version.
bool IsServers(const FieldDescriptor* field) {
  return IsOutputOnly(field) || Has(field, google::api::IDENTIFIER);
}

bool IsEtag(const FieldDescriptor* field) { return field->name() == "etag"; }

bool IsAll(const FieldMask& mask) { return mask.paths_size() == 1 && mask.paths(0) == kAll; }

// Whether the field has the same value (or is absent) in both.
bool SameValue(const Message& a, const Message& b, const FieldDescriptor* field) {
  google::protobuf::util::MessageDifferencer differencer;
  return differencer.CompareWithFields(a, b, {field}, {field});
}

void UnknownPath(status::Violations& violations, absl::string_view mask_field,
                 absl::string_view reason, absl::string_view path, const Descriptor* resource) {
  violations.Add(mask_field, reason,
                 absl::StrCat("\"", path, "\" is no path of ", resource->name()),
                 absl::StrCat("\"", path, "\" không phải là trường của ", resource->name()));
}

bool TooMany(status::Violations& violations, absl::string_view mask_field, absl::string_view reason,
             const FieldMask& mask) {
  return !violations.Check(mask.paths_size() <= kMaxPaths, mask_field, reason,
                           absl::StrCat("has more than ", kMaxPaths, " paths"),
                           absl::StrCat("có quá ", kMaxPaths, " trường"));
}

// Visits the paths of the output-only fields that are set, at any depth.
template <typename Visit>
void VisitOutputOnly(const Message& message, const std::string& path, const Visit& visit) {
  const Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    std::string field_path = absl::StrCat(path, path.empty() ? "" : ".", field->name());
    if (IsOutputOnly(field)) {
      visit(field_path);
      continue;
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    if (!field->is_repeated()) {
      VisitOutputOnly(reflection->GetMessage(message, field), field_path, visit);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      VisitOutputOnly(reflection->GetRepeatedMessage(message, field, i),
                      absl::StrCat(field_path, "[", i, "]"), visit);
    }
  }
}

void AddOutputOnly(status::Violations& violations, absl::string_view path) {
  violations.Add(path, "OUTPUT_ONLY", "is set by the server",
                 "do hệ thống tự ghi, không nhập được");
}

// A path that a client may write: it exists, and the server does not set it.
void CheckUpdatePath(const std::string& path, const google::protobuf::Descriptor* resource,
                     status::Violations& violations) {
  std::vector<const FieldDescriptor*> fields;
  if (!FieldMaskUtil::GetFieldDescriptors(resource, path, &fields)) {
    return UnknownPath(violations, "update_mask", "UPDATE_MASK", path, resource);
  }
  for (const FieldDescriptor* part : fields) {
    if (!IsServers(part)) continue;
    return violations.Add("update_mask", "UPDATE_MASK",
                          absl::StrCat("\"", path, "\" is set by the server"),
                          absl::StrCat("\"", path, "\" do hệ thống tự ghi, không sửa được"));
  }
}

void CheckImmutable(const std::string& path, const Message& current, const Message& patch,
                    absl::string_view field, status::Violations& violations) {
  const FieldDescriptor* top =
      current.GetDescriptor()->FindFieldByName(path.substr(0, path.find('.')));
  if (Has(top, google::api::IMMUTABLE) && !SameValue(current, patch, top)) {
    violations.Add(absl::StrCat(field, ".", path), "IMMUTABLE", "can be set on creation only",
                   "chỉ đặt được khi tạo mới");
  }
}

// The mask that an empty mask or "*" stands for. "*" clears what the patch leaves out, except what
// may be set on creation only.
FieldMask ImpliedMask(const Message& patch, bool all) {
  FieldMask mask;
  std::vector<const FieldDescriptor*> set;
  patch.GetReflection()->ListFields(patch, &set);
  for (const FieldDescriptor* field : set) {
    if (!IsServers(field)) mask.add_paths(field->name());
  }
  if (!all) return mask;
  for (int i = 0; i < patch.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = patch.GetDescriptor()->field(i);
    bool left_out = std::find(set.begin(), set.end(), field) == set.end();
    if (left_out && !IsServers(field) && !Has(field, google::api::IMMUTABLE)) {
      mask.add_paths(field->name());
    }
  }
  return mask;
}

// Refuses output-only fields in the part of the patch that would be carried over, and at its top
// where no mask left them out. A client that sends back what it read is not refused for it.
void CheckPatchOutputOnly(const Message& patch, const Message& current, absl::string_view field,
                          const FieldMask& meant, bool implied, status::Violations& violations) {
  std::unique_ptr<Message> carried(patch.New());
  carried->CopyFrom(patch);
  if (!implied) FieldMaskUtil::TrimMessage(meant, carried.get());
  std::vector<const FieldDescriptor*> set;
  carried->GetReflection()->ListFields(*carried, &set);
  for (const FieldDescriptor* top : set) {
    if ((IsOutputOnly(top) && IsEtag(top)) || SameValue(*carried, current, top)) {
      carried->GetReflection()->ClearField(carried.get(), top);
    }
  }
  VisitOutputOnly(*carried, std::string(field),
                  [&](const std::string& path) { AddOutputOnly(violations, path); });
}

}  // namespace

absl::Status CheckReadMask(const FieldMask& mask, const Descriptor* resource) {
  if (mask.paths().empty() || IsAll(mask)) return absl::OkStatus();
  status::Violations violations;
  if (TooMany(violations, "read_mask", "READ_MASK", mask)) return violations.ToStatus();
  for (const std::string& path : mask.paths()) {
    if (!FieldMaskUtil::GetFieldDescriptors(resource, path, nullptr)) {
      UnknownPath(violations, "read_mask", "READ_MASK", path, resource);
    }
  }
  return violations.ToStatus();
}

absl::Status ApplyReadMask(const FieldMask& mask, Message* resource) {
  if (mask.paths().empty() || IsAll(mask)) return absl::OkStatus();
  RETURN_IF_ERROR(CheckReadMask(mask, resource->GetDescriptor()));
  FieldMaskUtil::TrimMessage(mask, resource);
  return absl::OkStatus();
}

absl::Status CheckUpdateMask(const FieldMask& mask, const google::protobuf::Descriptor* resource) {
  status::Violations violations;
  if (IsAll(mask) || TooMany(violations, "update_mask", "UPDATE_MASK", mask)) {
    return violations.ToStatus();
  }
  for (const std::string& path : mask.paths()) CheckUpdatePath(path, resource, violations);
  return violations.ToStatus();
}

absl::Status ApplyUpdate(const FieldMask& mask, const Message& patch, absl::string_view field,
                         Message* resource) {
  RETURN_IF_ERROR(CheckUpdateMask(mask, resource->GetDescriptor()));
  status::Violations violations;
  bool implied = mask.paths().empty() || IsAll(mask);
  FieldMask meant = implied ? ImpliedMask(patch, IsAll(mask)) : mask;
  for (const std::string& path : meant.paths()) {
    CheckImmutable(path, *resource, patch, field, violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  CheckPatchOutputOnly(patch, *resource, field, meant, implied, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(patch, meant, options, resource);
  return absl::OkStatus();
}

absl::Status CheckOutputOnly(const Message& resource, absl::string_view field) {
  status::Violations violations;
  VisitOutputOnly(resource, std::string(field),
                  [&](const std::string& path) { AddOutputOnly(violations, path); });
  return violations.ToStatus();
}

void ClearOutputOnly(Message* resource) {
  const Reflection* reflection = resource->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(*resource, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsOutputOnly(field)) {
      reflection->ClearField(resource, field);
      continue;
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    if (!field->is_repeated()) {
      ClearOutputOnly(reflection->MutableMessage(resource, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*resource, field); ++i) {
      ClearOutputOnly(reflection->MutableRepeatedMessage(resource, field, i));
    }
  }
}

}  // namespace nscl::resource
