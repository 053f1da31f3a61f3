#include "common/store/change.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/store/errors.h"
#include "common/store/hash.h"

namespace nscl::store {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr char kRequestIdField[] = "request_id";
constexpr char kValidateOnlyField[] = "validate_only";

// 8-4-4-4-12 hexadecimal digits.
bool IsUuid(absl::string_view id) {
  if (id.size() != 36) return false;
  for (size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? id[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(id[i])))
      return false;
  }
  return true;
}

// SHA-256 of the request without its request id. Serialised once and cut, rather than copied and
// cleared: a plan with its annexes has megabytes.
std::string HashBody(const Message& request, int request_id_number) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream output(&stream);
    // Maps in order of key: equal requests have equal bytes.
    output.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&output);
  }
  CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                         static_cast<int>(bytes.size()));
  while (true) {
    const int begin = input.CurrentPosition();
    const uint32_t tag = input.ReadTag();
    if (tag == 0) return Sha256({bytes});
    if (!WireFormatLite::SkipField(&input, tag)) return Sha256({bytes});
    if (WireFormatLite::GetTagFieldNumber(tag) != request_id_number) continue;
    absl::string_view view(bytes);
    return Sha256({view.substr(0, begin), view.substr(input.CurrentPosition())});
  }
}

absl::string_view ProvinceOf(const auth::Call& call, absl::string_view resource) {
  if (!call.province.empty() && call.province != "-") return call.province;
  if (!absl::ConsumePrefix(&resource, "provinces/")) return "";
  absl::string_view province = resource.substr(0, resource.find('/'));
  return province == "-" ? absl::string_view() : province;
}

}  // namespace

absl::StatusOr<Origin> OriginOf(const auth::Call& call, const Message& request,
                                absl::string_view resource) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(kRequestIdField);
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) {
    return errors::RequestIdMissing();
  }
  std::string scratch;
  const std::string& id = request.GetReflection()->GetStringReference(request, field, &scratch);
  if (id.empty()) return errors::RequestIdMissing();
  if (!IsUuid(id)) return errors::RequestIdMalformed(id);
  Origin origin;
  origin.actor = call.caller.actor;
  origin.method = call.method;
  origin.province = std::string(ProvinceOf(call, resource));
  origin.request_id = absl::AsciiStrToLower(id);
  origin.scope = call.caller.organisation.empty() ? call.caller.actor : call.caller.organisation;
  origin.body_hash = HashBody(request, field->number());
  origin.resource = std::string(resource);
  return origin;
}

bool ValidateOnly(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(kValidateOnlyField);
  return field != nullptr && field->type() == FieldDescriptor::TYPE_BOOL && !field->is_repeated() &&
         request.GetReflection()->GetBool(request, field);
}

void ChangeBytes(Store& store, const auth::Call& call, const Message& request,
                 absl::string_view resource, Retention retention,
                 std::function<absl::StatusOr<std::string>(Txn&)> body,
                 std::function<void(absl::StatusOr<std::string>)> done) {
  absl::StatusOr<Origin> origin = OriginOf(call, request, resource);
  if (!origin.ok()) return done(origin.status());
  Command command;
  command.origin = *std::move(origin);
  command.retention = retention;
  command.dry_run = ValidateOnly(request);
  command.cancelled = call.cancelled;
  command.apply = std::move(body);
  store.Submit(std::move(command),
               [replayed = call.replayed, done = std::move(done)](absl::StatusOr<Outcome> outcome) {
                 if (!outcome.ok()) return done(outcome.status());
                 if (outcome->replayed) replayed();
                 done(std::move(outcome->response));
               });
}

}  // namespace nscl::store
