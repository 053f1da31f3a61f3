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

}  // namespace nscl::registry::rows::internal
