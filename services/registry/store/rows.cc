#include "services/registry/store/rows.h"

#include <cstdio>
#include <cstdlib>

namespace nscl::registry::rows::internal {

store::TableSpec SpecOf(char kind, const google::protobuf::Descriptor* type) {
  const google::api::ResourceDescriptor& resource =
      type->options().GetExtension(google::api::resource);
  const google::protobuf::Descriptor* event = v1::Event::descriptor();
  for (int i = 0; i < event->field_count(); ++i) {
    if (event->field(i)->message_type() != type) continue;
    return {kind, resource.pattern(0), resource.singular(), event->field(i)->number()};
  }
  std::fprintf(stderr, "%s does not stand in registry's Event\n", type->full_name().c_str());
  std::abort();
}

std::string EndOfProvince(char kind, absl::string_view province) {
  std::string key(1, kind);
  absl::StrAppend(&key, province);
  key.push_back('\0');
  key.push_back('\xff');
  return key;
}

absl::string_view ProvinceOfKey(absl::string_view key) {
  const size_t end = key.find('\0');
  return end == absl::string_view::npos ? "" : key.substr(1, end - 1);
}

}  // namespace nscl::registry::rows::internal
