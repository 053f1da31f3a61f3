#include "common/resource/page.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace nscl::resource {
namespace {

// Bytes of the HMAC that a token carries, before the key.
constexpr size_t kSealBytes = 16;
// Longer tokens were not made here: keys are names of ids.
constexpr size_t kMaxTokenBytes = 2048;
constexpr char kPageToken[] = "page_token";
constexpr char kPageSize[] = "page_size";

absl::Status BadToken() {
  status::Violations violations;
  violations.Add(kPageToken, "PAGE_TOKEN",
                 "is not a token of this query and caller; begin again without one",
                 "không phải mã trang của truy vấn này; hãy bắt đầu lại từ trang đầu");
  return violations.ToStatus();
}

// The request without its paging, in bytes that are the same for equal requests.
std::string QueryBytes(const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> query(request.New());
  query->CopyFrom(request);
  for (const char* field : {kPageToken, kPageSize}) {
    const google::protobuf::FieldDescriptor* descriptor =
        query->GetDescriptor()->FindFieldByName(field);
    if (descriptor != nullptr) query->GetReflection()->ClearField(query.get(), descriptor);
  }
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  query->SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

std::string TokenOf(const google::protobuf::Message& request) {
  const google::protobuf::FieldDescriptor* descriptor =
      request.GetDescriptor()->FindFieldByName(kPageToken);
  return descriptor == nullptr ? "" : request.GetReflection()->GetString(request, descriptor);
}

void AppendPart(std::string& out, absl::string_view part) {
  absl::StrAppend(&out, part.size(), ":", part);
}

}  // namespace

absl::StatusOr<int> PageSize(int32_t page_size) {
  if (page_size < 0) {
    status::Violations violations;
    violations.Add(kPageSize, "PAGE_SIZE", absl::StrCat("must not be negative, is ", page_size),
                   absl::StrCat("không được âm, đang là ", page_size));
    return violations.ToStatus();
  }
  return page_size == 0 ? kDefaultPageSize : std::min(page_size, kMaxPageSize);
}

std::string PageTokens::Seal(absl::string_view method, absl::string_view actor,
                             const google::protobuf::Message& request,
                             absl::string_view last_key) const {
  std::string sealed;
  AppendPart(sealed, method);
  AppendPart(sealed, actor);
  AppendPart(sealed, QueryBytes(request));
  AppendPart(sealed, last_key);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
       reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size(), mac, &size);
  return std::string(reinterpret_cast<const char*>(mac), kSealBytes);
}

std::string PageTokens::Make(absl::string_view method, absl::string_view actor,
                             const google::protobuf::Message& request,
                             absl::string_view last_key) const {
  if (last_key.empty()) return "";
  return absl::WebSafeBase64Escape(absl::StrCat(Seal(method, actor, request, last_key), last_key));
}

absl::StatusOr<std::string> PageTokens::Read(absl::string_view method, absl::string_view actor,
                                             const google::protobuf::Message& request) const {
  std::string token = TokenOf(request);
  if (token.empty()) return "";
  std::string bytes;
  if (token.size() > kMaxTokenBytes || !absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() <= kSealBytes) {
    return BadToken();
  }
  std::string last_key = bytes.substr(kSealBytes);
  std::string seal = Seal(method, actor, request, last_key);
  if (CRYPTO_memcmp(seal.data(), bytes.data(), kSealBytes) != 0) return BadToken();
  return last_key;
}

}  // namespace nscl::resource
