#include "services/gateway/comments.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <map>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

// A FileDescriptorSet with source info, put into the object file as it is.
asm(".section .rodata\n"
    ".balign 8\n"
    ".global nscl_comments_begin\n"
    ".global nscl_comments_end\n"
    "nscl_comments_begin:\n"
    ".incbin \"" NSCL_COMMENTS_FILE
    "\"\n"
    "nscl_comments_end:\n"
    ".byte 0\n"
    ".previous\n");
extern "C" const char nscl_comments_begin[];
extern "C" const char nscl_comments_end[];

namespace nscl::gateway {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

// " First line\n second line\n\n next\n" -> "First line second line\nnext".
std::string Paragraphs(absl::string_view comment) {
  std::string out;
  bool new_paragraph = false;
  for (absl::string_view line : absl::StrSplit(comment, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) {
      new_paragraph = !out.empty();
      continue;
    }
    absl::StrAppend(&out, out.empty() ? "" : new_paragraph ? "\n" : " ", line);
    new_paragraph = false;
  }
  return out;
}

// Numbers of the fields of descriptor.proto that make up a source location's path.
using Path = std::vector<int>;

class Comments {
 public:
  Comments() {
    FileDescriptorSet files;
    const auto size = nscl_comments_end - nscl_comments_begin;
    if (!files.ParseFromArray(nscl_comments_begin, static_cast<int>(size))) return;
    for (const FileDescriptorProto& file : files.file()) AddFile(file);
  }

  std::string Find(absl::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? "" : found->second;
  }

 private:
  void AddFile(const FileDescriptorProto& file) {
    by_path_.clear();
    for (const auto& location : file.source_code_info().location()) {
      if (location.has_leading_comments()) {
        by_path_[Path(location.path().begin(), location.path().end())] =
            Paragraphs(location.leading_comments());
      }
    }
    const std::string prefix = file.package() + ".";
    for (int i = 0; i < file.message_type_size(); ++i) {
      AddMessage(file.message_type(i), prefix, {FileDescriptorProto::kMessageTypeFieldNumber, i});
    }
    for (int i = 0; i < file.enum_type_size(); ++i) {
      AddEnum(file.enum_type(i), prefix, {FileDescriptorProto::kEnumTypeFieldNumber, i});
    }
    for (int i = 0; i < file.service_size(); ++i) {
      const auto& service = file.service(i);
      const Path path = {FileDescriptorProto::kServiceFieldNumber, i};
      Add(prefix + service.name(), path);
      for (int m = 0; m < service.method_size(); ++m) {
        Add(absl::StrCat(prefix, service.name(), ".", service.method(m).name()),
            Below(path, google::protobuf::ServiceDescriptorProto::kMethodFieldNumber, m));
      }
    }
  }

  void AddMessage(const DescriptorProto& message, const std::string& scope, const Path& path) {
    const std::string name = scope + message.name();
    Add(name, path);
    for (int i = 0; i < message.field_size(); ++i) {
      Add(absl::StrCat(name, ".", message.field(i).name()),
          Below(path, DescriptorProto::kFieldFieldNumber, i));
    }
    for (int i = 0; i < message.nested_type_size(); ++i) {
      AddMessage(message.nested_type(i), name + ".",
                 Below(path, DescriptorProto::kNestedTypeFieldNumber, i));
    }
    for (int i = 0; i < message.enum_type_size(); ++i) {
      AddEnum(message.enum_type(i), name + ".",
              Below(path, DescriptorProto::kEnumTypeFieldNumber, i));
    }
  }

  // Values stand under the enum's name here, though protobuf scopes them beside it.
  void AddEnum(const EnumDescriptorProto& type, const std::string& scope, const Path& path) {
    const std::string name = scope + type.name();
    Add(name, path);
    for (int i = 0; i < type.value_size(); ++i) {
      Add(absl::StrCat(name, ".", type.value(i).name()),
          Below(path, EnumDescriptorProto::kValueFieldNumber, i));
    }
  }

  static Path Below(Path path, int field, int index) {
    path.push_back(field);
    path.push_back(index);
    return path;
  }

  void Add(const std::string& name, const Path& path) {
    const auto found = by_path_.find(path);
    if (found != by_path_.end()) by_name_[name] = found->second;
  }

  std::map<Path, std::string> by_path_;  // of the file at hand
  absl::flat_hash_map<std::string, std::string> by_name_;
};

}  // namespace

std::string CommentOf(absl::string_view full_name) {
  static const auto* const kComments = new Comments();
  return kComments->Find(full_name);
}

}  // namespace nscl::gateway
