#include "common/auth/issuer.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/encoding.h"
#include "common/status/status_macros.h"

namespace nscl::auth {
namespace {

using Json = nlohmann::json;

constexpr absl::Duration kServiceTokenLifetime = absl::Minutes(15);

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioFree>;

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::InternalError(
      absl::StrCat(what, " ", path, ": ", std::generic_category().message(errno)));
}

// Writes a file whole or not at all: a crash leaves no half of a key. `replace`: what is there
// gives way; otherwise it stays, though several processes begin at the same moment.
absl::Status WriteFile(const std::string& path, absl::string_view text, mode_t mode, bool replace) {
  std::string draft = absl::StrCat(path, ".XXXXXX");
  const int fd = ::mkostemp(draft.data(), O_CLOEXEC);
  if (fd < 0) return Failed("cannot make", draft);
  const bool written = ::fchmod(fd, mode) == 0 &&
                       ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(fd) == 0;
  const bool closed = ::close(fd) == 0;
  absl::Status status;
  if (!closed || !written) {
    status = Failed("cannot write", draft);
  } else if (replace) {
    if (::rename(draft.c_str(), path.c_str()) == 0) return absl::OkStatus();
    status = Failed("cannot rename to", path);
  } else if (::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    status = Failed("cannot make", path);
  }
  ::unlink(draft.c_str());
  return status;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::StatusOr<EvpKey> ReadKey(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return Failed("cannot look at", path);
  // A secret that Kubernetes mounts belongs to root and is read through the group of the pod.
  const bool mounted = info.st_uid == 0 && ::geteuid() != 0;
  if ((info.st_mode & (mounted ? 037 : 077)) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " can be read by others; chmod 600 it"));
  }
  ASSIGN_OR_RETURN(std::string pem, ReadFile(path));
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EvpKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError(absl::StrCat(path, " does not hold an Ed25519 key"));
  }
  return key;
}

absl::Status MakeKey(const std::string& path) {
  EvpKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  Bio bio(BIO_new(BIO_s_mem()));
  if (key == nullptr ||
      PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return absl::InternalError("cannot make a key");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);  // NOLINT: OpenSSL's type
  return WriteFile(path, absl::string_view(data, size), 0600, /*replace=*/false);
}

// The id says which key it is and changes with it.
std::string KidOf(EVP_PKEY* key) {
  std::string raw(32, '\0');
  size_t size = raw.size();
  EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size);
  unsigned char digest[32];
  EVP_Digest(raw.data(), raw.size(), digest, nullptr, EVP_sha256(), nullptr);
  return Base64UrlEncode(absl::string_view(reinterpret_cast<char*>(digest), 12));
}

}  // namespace

absl::StatusOr<TrustedIssuer> TrustLocalIssuer(absl::string_view jwks) {
  TrustedIssuer trusted;
  trusted.issuer = kLocalIssuer;
  trusted.audiences = {kLocalAudience};
  trusted.max_lifetime = kLocalMaxTokenLifetime;
  trusted.may_name_services = true;
  ASSIGN_OR_RETURN(trusted.keys, KeySet::Parse(jwks));
  return trusted;
}

absl::StatusOr<std::unique_ptr<LocalIssuer>> LocalIssuer::Open(const std::string& folder,
                                                               const time::Clock* clock) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return absl::InternalError(absl::StrCat("cannot make ", folder, ": ", error.message()));
  std::unique_ptr<LocalIssuer> issuer(new LocalIssuer);
  issuer->clock_ = clock == nullptr ? &time::SystemClock() : clock;
  const std::string key_path = absl::StrCat(folder, "/issuer.key");
  if (!std::filesystem::exists(key_path)) RETURN_IF_ERROR(MakeKey(key_path));
  ASSIGN_OR_RETURN(issuer->key_, ReadKey(key_path));
  issuer->kid_ = KidOf(issuer->key_.get());
  ASSIGN_OR_RETURN(std::string jwk, PublicJwk(issuer->key_.get(), Algorithm::kEdDsa, issuer->kid_));
  issuer->jwks_ = absl::StrCat("{\"keys\":[", jwk, "]}\n");
  // A mounted secret holds the key alone and cannot be written to; who has the key needs no more.
  if (::access(folder.c_str(), W_OK) == 0) {
    RETURN_IF_ERROR(WriteFile(absl::StrCat(folder, "/issuer.jwks.json"), issuer->jwks_, 0644,
                              /*replace=*/true));
  }
  ASSIGN_OR_RETURN(issuer->trusted_, TrustLocalIssuer(issuer->jwks_));
  return issuer;
}

absl::StatusOr<std::string> LocalIssuer::Mint(const TokenRequest& request) const {
  if (request.subject.empty()) return absl::InvalidArgumentError("a token needs a subject");
  if (request.lifetime <= absl::ZeroDuration() || request.lifetime > kLocalMaxTokenLifetime) {
    return absl::InvalidArgumentError("a token lives more than 0 s and at most 12 h");
  }
  if (absl::StartsWith(request.subject, "service:")) {
    return absl::InvalidArgumentError("a user's subject cannot begin with \"service:\"");
  }
  for (const std::string& role : request.roles) {
    if (absl::StartsWith(role, "service:")) {
      return absl::InvalidArgumentError(absl::StrCat(role, " is a role of services, not of users"));
    }
  }
  for (const std::string& province : request.provinces) {
    const bool code = province.size() == 2 && absl::ascii_isdigit(province[0]) &&
                      absl::ascii_isdigit(province[1]);
    if (!code && province != "*") {
      return absl::InvalidArgumentError(
          absl::StrCat("province ", province, " is not two digits or *"));
    }
  }
  return Sign(request);
}

absl::StatusOr<std::string> LocalIssuer::MintForService(const std::string& service) const {
  if (service.empty()) return absl::InvalidArgumentError("a service needs a name");
  const std::string name = absl::StrCat("service:", service);
  return Sign(
      {.subject = name, .roles = {name}, .provinces = {"*"}, .lifetime = kServiceTokenLifetime});
}

absl::StatusOr<std::string> LocalIssuer::Sign(const TokenRequest& request) const {
  const int64_t now = absl::ToUnixSeconds(clock_->Now());
  const Json header = {{"alg", "EdDSA"}, {"typ", "at+jwt"}, {"kid", kid_}};
  Json payload = {{"iss", kLocalIssuer},
                  {"aud", kLocalAudience},
                  {"sub", request.subject},
                  {"iat", now},
                  {"exp", now + absl::ToInt64Seconds(request.lifetime)},
                  {"roles", request.roles},
                  {"provinces", request.provinces}};
  if (!request.organisation.empty()) payload["org"] = request.organisation;
  std::string text =
      absl::StrCat(Base64UrlEncode(header.dump()), ".",
                   Base64UrlEncode(payload.dump(-1, ' ', false, Json::error_handler_t::replace)));
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  unsigned char signature[64];
  size_t size = sizeof(signature);
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature, &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
    return absl::InternalError("cannot sign a token");
  }
  absl::StrAppend(&text, ".",
                  Base64UrlEncode(absl::string_view(reinterpret_cast<char*>(signature), size)));
  if (text.size() > kMaxTokenBytes)
    return absl::InvalidArgumentError("the token would be over 6 KiB");
  return text;
}

TokenSource::TokenSource(Fetch fetch, absl::Duration renew_after, const time::Clock* clock)
    : fetch_(std::move(fetch)),
      renew_after_(renew_after),
      clock_(clock == nullptr ? &time::SystemClock() : clock) {}

std::shared_ptr<TokenSource> TokenSource::FromIssuer(std::shared_ptr<const LocalIssuer> issuer,
                                                     std::string service,
                                                     const time::Clock* clock) {
  return std::shared_ptr<TokenSource>(
      new TokenSource([issuer = std::move(issuer),
                       service = std::move(service)] { return issuer->MintForService(service); },
                      kServiceTokenLifetime / 3, clock));
}

std::shared_ptr<TokenSource> TokenSource::FromFile(std::string path, const time::Clock* clock) {
  return std::shared_ptr<TokenSource>(new TokenSource(
      [path = std::move(path)]() -> absl::StatusOr<std::string> {
        ASSIGN_OR_RETURN(std::string text, ReadFile(path));
        absl::StripAsciiWhitespace(&text);
        if (text.empty()) return absl::UnavailableError(absl::StrCat(path, " is empty"));
        return text;
      },
      absl::Seconds(30), clock));
}

std::shared_ptr<TokenSource> TokenSource::Fixed(std::string token) {
  return std::shared_ptr<TokenSource>(new TokenSource([token = std::move(token)] { return token; },
                                                      absl::InfiniteDuration(), nullptr));
}

absl::StatusOr<std::string> TokenSource::Token() {
  std::lock_guard lock(mutex_);
  const absl::Time now = clock_->Now();
  if (now < renew_at_) return token_;
  absl::StatusOr<std::string> token = fetch_();
  if (!token.ok()) {
    return absl::UnavailableError(
        absl::StrCat("no token to call with: ", token.status().message()));
  }
  token_ = *std::move(token);
  renew_at_ = now + renew_after_;
  return token_;
}

}  // namespace nscl::auth
