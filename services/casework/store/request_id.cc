#include "services/casework/store/request_id.h"

#include <openssl/evp.h>

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace nscl::casework::rows {
namespace {

// Name space of casework's intents: a random UUID, the same for ever.
constexpr unsigned char kNamespace[16] = {0x6d, 0x1c, 0x0e, 0x5b, 0x4f, 0x2a, 0x4d, 0x93,
                                          0xa7, 0x1e, 0x52, 0xc8, 0x3b, 0x90, 0xf6, 0x14};

}  // namespace

std::string RequestIdOf(absl::string_view owner, v1::Intent::Step step, int64_t revision) {
  std::string name(reinterpret_cast<const char*>(kNamespace), sizeof(kNamespace));
  absl::StrAppend(&name, owner, "\n", v1::Intent::Step_Name(step), "\n", revision);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  // SHA-1 is what version 5 is made of; nothing rests on its strength here.
  EVP_Digest(name.data(), name.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0F) | 0x50);
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3F) | 0x80);
  const std::string hex =
      absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest.data()), 16));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

}  // namespace nscl::casework::rows
