#include "common/store/hash.h"

#include <openssl/evp.h>

#include <cstdlib>

#include "absl/strings/escaping.h"

namespace nscl::store {
namespace {

// Fetched once: EVP_sha256() makes OpenSSL 3 look the algorithm up again for every digest.
const EVP_MD* Algorithm() {
  static const EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

void Require(int ok) {
  if (ok != 1) std::abort();  // SHA-256 fails only without memory
}

}  // namespace

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  Require(context_ != nullptr && Algorithm() != nullptr);
  Require(EVP_DigestInit_ex2(context_, Algorithm(), nullptr));
}

Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(context_); }

void Sha256Stream::Add(absl::string_view bytes) {
  Require(EVP_DigestUpdate(context_, bytes.data(), bytes.size()));
}

std::string Sha256Stream::Finish() {
  std::string digest(kHashBytes, '\0');
  Require(EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest.data()), nullptr));
  Require(EVP_DigestInit_ex2(context_, nullptr, nullptr));
  return digest;
}

std::string Sha256(std::initializer_list<absl::string_view> parts) {
  thread_local Sha256Stream stream;
  for (absl::string_view part : parts) stream.Add(part);
  return stream.Finish();
}

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

}  // namespace nscl::store
