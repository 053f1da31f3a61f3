#include "services/registry/rpc/standard_methods.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace nscl::registry {

absl::Status CheckParent(const Parts& parts, const store::Reader& reader,
                         absl::string_view parent) {
  if (parent.empty()) return absl::OkStatus();
  if (absl::StartsWith(parent, "codeLists/"))
    return parts.tables.code_lists.Load(reader, parent).status();
  const absl::string_view province = resource::ProvinceOf(parent);
  if (province != resource::kWildcard && parts.provinces.Newest(province) == nullptr) {
    return errors::ProvinceUnknown("parent", province);
  }
  if (!parts.enterprises.names().Matches(parent)) return absl::OkStatus();
  return parts.enterprises.Get(reader, parent).status();
}

std::optional<std::vector<std::string>> ProvincesToList(const auth::Call& call) {
  if (call.province != resource::kWildcard || call.caller.all_provinces) return std::nullopt;
  std::vector<std::string> provinces(call.caller.provinces.begin(), call.caller.provinces.end());
  std::sort(provinces.begin(), provinces.end());
  return provinces;
}

namespace internal {

const google::protobuf::FieldDescriptor* ResourceField(
    const google::protobuf::Descriptor* request, const google::protobuf::Descriptor* resource) {
  for (int i = 0; i < request->field_count(); ++i) {
    if (request->field(i)->message_type() == resource) return request->field(i);
  }
  return nullptr;
}

std::string IdWanted(const google::protobuf::Message& request, absl::string_view field) {
  const google::protobuf::FieldDescriptor* id =
      request.GetDescriptor()->FindFieldByName(std::string(field));
  return id == nullptr ? "" : request.GetReflection()->GetString(request, id);
}

}  // namespace internal
}  // namespace nscl::registry
