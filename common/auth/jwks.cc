#include "common/auth/jwks.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/encoding.h"
#include "common/status/status_macros.h"

namespace nscl::auth {
namespace {

using Json = nlohmann::json;

struct BnFree {
  void operator()(BIGNUM* n) const { BN_free(n); }
};
struct SigFree {
  void operator()(ECDSA_SIG* s) const { ECDSA_SIG_free(s); }
};
struct CtxFree {
  void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};
struct PkeyCtxFree {
  void operator()(EVP_PKEY_CTX* c) const { EVP_PKEY_CTX_free(c); }
};
struct BldFree {
  void operator()(OSSL_PARAM_BLD* b) const { OSSL_PARAM_BLD_free(b); }
};
struct ParamFree {
  void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
};
using Bn = std::unique_ptr<BIGNUM, BnFree>;

Bn Number(absl::string_view bytes) {
  return Bn(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()), nullptr));
}

absl::StatusOr<std::string> Text(const Json& jwk, const char* member) {
  auto it = jwk.find(member);
  if (it == jwk.end() || !it->is_string()) {
    return absl::InvalidArgumentError(absl::StrCat("a key without the text `", member, "`"));
  }
  return it->get<std::string>();
}

absl::StatusOr<std::string> Bytes(const Json& jwk, const char* member) {
  ASSIGN_OR_RETURN(std::string text, Text(jwk, member));
  return Base64UrlDecode(text);
}

EvpKey FromParams(const char* type, OSSL_PARAM_BLD* builder) {
  std::unique_ptr<OSSL_PARAM, ParamFree> params(OSSL_PARAM_BLD_to_param(builder));
  std::unique_ptr<EVP_PKEY_CTX, PkeyCtxFree> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  EvpKey made(key);
  std::unique_ptr<EVP_PKEY_CTX, PkeyCtxFree> check(
      EVP_PKEY_CTX_new_from_pkey(nullptr, made.get(), nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
  return made;
}

absl::StatusOr<EvpKey> RsaKey(const Json& jwk) {
  ASSIGN_OR_RETURN(std::string n, Bytes(jwk, "n"));
  ASSIGN_OR_RETURN(std::string e, Bytes(jwk, "e"));
  Bn modulus = Number(n), exponent = Number(e);
  const int bits = BN_num_bits(modulus.get());
  // Under 2048 bits is broken; over 8192 a signature check becomes a way to burn our CPU.
  if (bits < 2048 || bits > 8192) {
    return absl::InvalidArgumentError(
        absl::StrCat("an RSA key of ", bits, " bits; 2048 to 8192 are taken"));
  }
  if (BN_num_bits(exponent.get()) > 32 || BN_get_word(exponent.get()) < 65537 ||
      BN_is_odd(exponent.get()) == 0) {
    return absl::InvalidArgumentError("an RSA exponent that is not odd and 65537 or more");
  }
  std::unique_ptr<OSSL_PARAM_BLD, BldFree> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  EvpKey key = FromParams("RSA", builder.get());
  if (key == nullptr) return absl::InvalidArgumentError("an RSA key that OpenSSL refuses");
  return key;
}

absl::StatusOr<EvpKey> EcKey(const Json& jwk) {
  ASSIGN_OR_RETURN(std::string x, Bytes(jwk, "x"));
  ASSIGN_OR_RETURN(std::string y, Bytes(jwk, "y"));
  if (x.size() != 32 || y.size() != 32)
    return absl::InvalidArgumentError("P-256 coordinates not 32 bytes");
  const std::string point = absl::StrCat("\x04", x, y);
  std::unique_ptr<OSSL_PARAM_BLD, BldFree> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  EvpKey key = FromParams("EC", builder.get());  // refuses a point that is not on the curve
  if (key == nullptr) return absl::InvalidArgumentError("a P-256 key that OpenSSL refuses");
  return key;
}

absl::StatusOr<EvpKey> EdKey(const Json& jwk) {
  ASSIGN_OR_RETURN(std::string x, Bytes(jwk, "x"));
  if (x.size() != 32) return absl::InvalidArgumentError("an Ed25519 key not 32 bytes");
  EvpKey key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(x.data()), x.size()));
  if (key == nullptr) return absl::InvalidArgumentError("an Ed25519 key that OpenSSL refuses");
  return key;
}

// Whether the key is one of ours to use; errors are for keys that no sound set holds.
absl::StatusOr<bool> IsForUs(const Json& jwk, const std::string& kty, Algorithm* algorithm) {
  for (const char* secret : {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}) {
    if (jwk.contains(secret))
      return absl::InvalidArgumentError("a private or symmetric key in the set");
  }
  if (kty == "oct") return absl::InvalidArgumentError("a symmetric key in the set");
  if (jwk.contains("use") && jwk["use"] != "sig") return false;
  if (jwk.contains("key_ops")) {
    const Json& ops = jwk["key_ops"];
    if (!ops.is_array() || std::find(ops.begin(), ops.end(), Json("verify")) == ops.end())
      return false;
  }
  if (kty == "RSA") {
    *algorithm = Algorithm::kRs256;
  } else if (kty == "EC" && jwk.value("crv", Json()) == "P-256") {
    *algorithm = Algorithm::kEs256;
  } else if (kty == "OKP" && jwk.value("crv", Json()) == "Ed25519") {
    *algorithm = Algorithm::kEdDsa;
  } else {
    return false;
  }
  if (!jwk.contains("alg")) return true;
  return jwk["alg"] == std::string(AlgorithmName(*algorithm));
}

std::string FixedWidth(const BIGNUM* number, int bytes) {
  std::string out(bytes, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), bytes);
  return out;
}

Bn KeyNumber(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  return Bn(number);
}

}  // namespace

absl::string_view AlgorithmName(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kRs256:
      return "RS256";
    case Algorithm::kEs256:
      return "ES256";
    case Algorithm::kEdDsa:
      return "EdDSA";
  }
  return "";
}

bool VerifyingKey::Verifies(absl::string_view message, absl::string_view signature) const {
  std::unique_ptr<EVP_MD_CTX, CtxFree> context(EVP_MD_CTX_new());
  // Fetched once: EVP_sha256() makes OpenSSL 3 look the algorithm up for every signature.
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  const EVP_MD* digest = algorithm == Algorithm::kEdDsa ? nullptr : kSha256;
  // RS256 is PKCS#1 v1.5, which is what OpenSSL takes for an RSA key unless told otherwise.
  if (context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) != 1) {
    return false;
  }
  std::string der;
  if (algorithm == Algorithm::kEs256) {
    if (signature.size() != 64) return false;
    std::unique_ptr<ECDSA_SIG, SigFree> pair(ECDSA_SIG_new());
    Bn r = Number(signature.substr(0, 32)), s = Number(signature.substr(32));
    if (ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return false;
    static_cast<void>(r.release());  // now the pair's
    static_cast<void>(s.release());
    unsigned char* out = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &out);
    if (size <= 0) return false;
    der.assign(reinterpret_cast<char*>(out), size);
    OPENSSL_free(out);
    signature = der;
  }
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(message.data()),
                          message.size()) == 1;
}

absl::StatusOr<std::shared_ptr<const KeySet>> KeySet::Parse(absl::string_view jwks) {
  if (jwks.size() > kMaxBytes) return absl::InvalidArgumentError("the key set is over 64 KiB");
  ASSIGN_OR_RETURN(Json json, ParseStrictJson(jwks, /*max_depth=*/6));
  auto rows = json.find("keys");
  if (rows == json.end() || !rows->is_array()) return absl::InvalidArgumentError("no array `keys`");
  if (rows->size() > kMaxKeys) return absl::InvalidArgumentError("more than 32 keys");
  auto set = std::make_shared<KeySet>();
  for (const Json& jwk : *rows) {
    if (!jwk.is_object()) return absl::InvalidArgumentError("a key that is not an object");
    ASSIGN_OR_RETURN(std::string kty, Text(jwk, "kty"));
    VerifyingKey key;
    ASSIGN_OR_RETURN(bool ours, IsForUs(jwk, kty, &key.algorithm));
    if (!ours) continue;
    if (jwk.contains("kid")) {
      ASSIGN_OR_RETURN(key.kid, Text(jwk, "kid"));
    }
    for (const VerifyingKey& other : set->keys_) {
      if (other.kid == key.kid && !key.kid.empty()) {
        return absl::InvalidArgumentError("two keys of one kid");
      }
    }
    switch (key.algorithm) {
      case Algorithm::kRs256: {
        ASSIGN_OR_RETURN(key.key, RsaKey(jwk));
        break;
      }
      case Algorithm::kEs256: {
        ASSIGN_OR_RETURN(key.key, EcKey(jwk));
        break;
      }
      case Algorithm::kEdDsa: {
        ASSIGN_OR_RETURN(key.key, EdKey(jwk));
        break;
      }
    }
    set->keys_.push_back(std::move(key));
  }
  if (set->keys_.empty()) return absl::InvalidArgumentError("no key for RS256, ES256 or EdDSA");
  return std::shared_ptr<const KeySet>(std::move(set));
}

const VerifyingKey* KeySet::Find(absl::string_view kid, Algorithm algorithm) const {
  const VerifyingKey* found = nullptr;
  for (const VerifyingKey& key : keys_) {
    if (key.algorithm != algorithm) continue;
    if (!kid.empty()) {
      if (key.kid == kid) return &key;
      continue;
    }
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}

absl::StatusOr<std::string> PublicJwk(EVP_PKEY* key, Algorithm algorithm, absl::string_view kid) {
  Json jwk = {
      {"use", "sig"}, {"alg", std::string(AlgorithmName(algorithm))}, {"kid", std::string(kid)}};
  switch (algorithm) {
    case Algorithm::kRs256: {
      Bn n = KeyNumber(key, OSSL_PKEY_PARAM_RSA_N), e = KeyNumber(key, OSSL_PKEY_PARAM_RSA_E);
      if (n == nullptr || e == nullptr) return absl::InvalidArgumentError("not an RSA key");
      jwk["kty"] = "RSA";
      jwk["n"] = Base64UrlEncode(FixedWidth(n.get(), BN_num_bytes(n.get())));
      jwk["e"] = Base64UrlEncode(FixedWidth(e.get(), BN_num_bytes(e.get())));
      break;
    }
    case Algorithm::kEs256: {
      Bn x = KeyNumber(key, OSSL_PKEY_PARAM_EC_PUB_X), y = KeyNumber(key, OSSL_PKEY_PARAM_EC_PUB_Y);
      if (x == nullptr || y == nullptr) return absl::InvalidArgumentError("not an EC key");
      jwk["kty"] = "EC";
      jwk["crv"] = "P-256";
      jwk["x"] = Base64UrlEncode(FixedWidth(x.get(), 32));
      jwk["y"] = Base64UrlEncode(FixedWidth(y.get(), 32));
      break;
    }
    case Algorithm::kEdDsa: {
      std::string raw(32, '\0');
      size_t size = raw.size();
      if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size) !=
          1) {
        return absl::InvalidArgumentError("not an Ed25519 key");
      }
      jwk["kty"] = "OKP";
      jwk["crv"] = "Ed25519";
      jwk["x"] = Base64UrlEncode(raw);
      break;
    }
  }
  return jwk.dump();
}

}  // namespace nscl::auth
