// Which tokens pass: a table of bad ones, each wrong in one way, made by OpenSSL here; and the
// published examples of RFC 7515 and RFC 8037 for each algorithm.
#include "common/auth/token.h"

#include <gtest/gtest.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/auth/encoding.h"
#include "common/auth/errors.h"
#include "common/testing/status_matchers.h"

namespace nscl::auth {
namespace {

using nscl::testing::CodeIs;
using nscl::testing::IsOk;
using nscl::testing::Reason;
using Json = nlohmann::ordered_json;

constexpr char kIssuer[] = "https://id.example.vn";
const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
constexpr int64_t kIat = 1'790'000'000 - 60;

// ------------------------------------------------------------------------------------------ making
// tokens

EvpKey MakeKey(Algorithm algorithm, int rsa_bits = 2048) {
  switch (algorithm) {
    case Algorithm::kRs256:
      return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<size_t>(rsa_bits)));
    case Algorithm::kEs256:
      return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    case Algorithm::kEdDsa:
      return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  }
  return nullptr;
}

// One key of each kind, made once: RSA keys are slow.
EVP_PKEY* Key(Algorithm algorithm) {
  static auto* keys = new std::vector<EvpKey>;
  if (keys->empty()) {
    for (Algorithm a : {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa}) {
      keys->push_back(MakeKey(a));
    }
  }
  return (*keys)[static_cast<int>(algorithm)].get();
}

std::string SignWith(EVP_PKEY* key, const EVP_MD* digest, const std::string& text) {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EXPECT_EQ(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key), 1);
  std::string signature(1024, '\0');
  size_t size = signature.size();
  EXPECT_EQ(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                           reinterpret_cast<const unsigned char*>(text.data()), text.size()),
            1);
  signature.resize(size);
  return signature;
}

// JWS wants r and s side by side where OpenSSL gives DER.
std::string RawEcdsa(const std::string& der) {
  const unsigned char* at = reinterpret_cast<const unsigned char*>(der.data());
  std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> pair(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);  // NOLINT
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), reinterpret_cast<unsigned char*>(raw.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
  return raw;
}

std::string Signature(Algorithm algorithm, const std::string& text, EVP_PKEY* key) {
  switch (algorithm) {
    case Algorithm::kRs256:
      return SignWith(key, EVP_sha256(), text);
    case Algorithm::kEs256:
      return RawEcdsa(SignWith(key, EVP_sha256(), text));
    case Algorithm::kEdDsa:
      return SignWith(key, nullptr, text);
  }
  return "";
}

struct Draft {
  Algorithm algorithm = Algorithm::kEs256;
  Json header = {{"alg", "ES256"}, {"typ", "at+jwt"}, {"kid", "es"}};
  Json payload = {{"iss", kIssuer},     {"aud", "nscl"},     {"sub", "officer-1"},
                  {"iat", kIat},        {"exp", kIat + 600}, {"roles", {"dost_officer"}},
                  {"provinces", {"48"}}};
  std::string header_text, payload_text;  // instead of the JSON above
  EVP_PKEY* key = nullptr;                // instead of the issuer's
};

std::string SignedText(const Draft& draft) {
  return absl::StrCat(
      Base64UrlEncode(draft.header_text.empty() ? draft.header.dump() : draft.header_text), ".",
      Base64UrlEncode(draft.payload_text.empty() ? draft.payload.dump() : draft.payload_text));
}

std::string TokenOf(const Draft& draft) {
  const std::string text = SignedText(draft);
  EVP_PKEY* key = draft.key == nullptr ? Key(draft.algorithm) : draft.key;
  return absl::StrCat(text, ".", Base64UrlEncode(Signature(draft.algorithm, text, key)));
}

Draft DraftOf(Algorithm algorithm) {
  Draft draft;
  draft.algorithm = algorithm;
  draft.header["alg"] = std::string(AlgorithmName(algorithm));
  draft.header["kid"] = algorithm == Algorithm::kRs256   ? "rs"
                        : algorithm == Algorithm::kEs256 ? "es"
                                                         : "ed";
  return draft;
}

const std::vector<TrustedIssuer>& Issuers() {
  static const auto* issuers = [] {
    TrustedIssuer trusted;
    trusted.issuer = kIssuer;
    trusted.audiences = {"nscl", "nscl-48"};
    std::string jwks =
        absl::StrCat("{\"keys\":[", *PublicJwk(Key(Algorithm::kRs256), Algorithm::kRs256, "rs"),
                     ",", *PublicJwk(Key(Algorithm::kEs256), Algorithm::kEs256, "es"), ",",
                     *PublicJwk(Key(Algorithm::kEdDsa), Algorithm::kEdDsa, "ed"), "]}");
    trusted.keys = *KeySet::Parse(jwks);
    return new std::vector<TrustedIssuer>{trusted};
  }();
  return *issuers;
}

absl::StatusOr<Claims> Verify(const std::string& token) {
  return VerifyToken(token, Issuers(), kNow);
}

std::string Hs256Token(const std::string& secret) {
  Draft draft;
  draft.header["alg"] = "HS256";
  draft.header["kid"] = "rs";
  const std::string text = SignedText(draft);
  unsigned char mac[32];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  return absl::StrCat(text, ".",
                      Base64UrlEncode(absl::string_view(reinterpret_cast<char*>(mac), size)));
}

std::string PublicPem(EVP_PKEY* key) {
  std::unique_ptr<BIO, void (*)(BIO*)> bio(BIO_new(BIO_s_mem()), [](BIO* b) { BIO_free(b); });
  PEM_write_bio_PUBKEY(bio.get(), key);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);  // NOLINT: OpenSSL's type
  return std::string(data, size);
}

// ------------------------------------------------------------------------------------------ good
// ones

TEST(TokenTest, EachAlgorithmPasses) {
  for (Algorithm algorithm : {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa}) {
    SCOPED_TRACE(std::string(AlgorithmName(algorithm)));
    auto claims = Verify(TokenOf(DraftOf(algorithm)));
    ASSERT_THAT(claims, IsOk());
    EXPECT_EQ(claims->issuer, kIssuer);
    EXPECT_EQ(claims->subject, "officer-1");
    EXPECT_EQ(claims->roles, std::vector<std::string>{"dost_officer"});
    EXPECT_EQ(claims->provinces, std::vector<std::string>{"48"});
    EXPECT_FALSE(claims->all_provinces);
    EXPECT_EQ(claims->expires, absl::FromUnixSeconds(kIat + 600));
  }
}

TEST(TokenTest, GoodVariantsPass) {
  struct Row {
    const char* what;
    std::function<void(Draft&)> change;
  } rows[] = {
      {"a list of audiences",
       [](Draft& d) {
         d.payload["aud"] = {"other", "nscl-48"};
       }},
      {"the full media type", [](Draft& d) { d.header["typ"] = "application/at+jwt"; }},
      {"another case of it", [](Draft& d) { d.header["typ"] = "AT+JWT"; }},
      {"no kid, one key of the algorithm", [](Draft& d) { d.header.erase("kid"); }},
      {"just expired, within the leeway", [](Draft& d) { d.payload["exp"] = 1'790'000'000 - 29; }},
      {"a clock 29 s ahead of ours", [](Draft& d) { d.payload["iat"] = 1'790'000'000 + 29; }},
      {"nbf within the leeway", [](Draft& d) { d.payload["nbf"] = 1'790'000'000 + 29; }},
      {"all provinces", [](Draft& d) { d.payload["provinces"] = {"*"}; }},
      {"no roles", [](Draft& d) { d.payload.erase("roles"); }},
      {"claims of others",
       [](Draft& d) {
         d.payload["https://x/y"] = {{"a", 1}};
       }},
      {"Vietnamese", [](Draft& d) { d.payload["org"] = "Sở KH&CN Đà Nẵng"; }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Draft draft;
    row.change(draft);
    EXPECT_THAT(Verify(TokenOf(draft)), IsOk());
  }
}

// ------------------------------------------------------------------------------------------ bad
// ones

TEST(TokenTest, BadTokensAreRefused) {
  static const EvpKey* strange = new EvpKey(MakeKey(Algorithm::kEs256));
  const std::string invalid = "TOKEN_INVALID", expired = "TOKEN_EXPIRED",
                    audience = "TOKEN_AUDIENCE";
  struct Row {
    const char* what;
    std::function<void(Draft&)> change;
    std::string reason;
  } rows[] = {
      // The signature and its key.
      {"signed by another key", [](Draft& d) { d.key = strange->get(); }, invalid},
      {"an unknown kid", [](Draft& d) { d.header["kid"] = "old"; }, invalid},
      {"the kid of a key of another algorithm", [](Draft& d) { d.header["kid"] = "rs"; }, invalid},
      {"a kid that is a path", [](Draft& d) { d.header["kid"] = "../../etc/passwd"; }, invalid},
      {"a kid that is SQL", [](Draft& d) { d.header["kid"] = "' OR 1=1 --"; }, invalid},
      {"a kid of 10 KB", [](Draft& d) { d.header["kid"] = std::string(10'000, 'k'); }, invalid},
      {"a kid that is a number", [](Draft& d) { d.header["kid"] = 1; }, invalid},
      // The algorithm.
      {"alg none", [](Draft& d) { d.header["alg"] = "none"; }, invalid},
      {"alg None", [](Draft& d) { d.header["alg"] = "None"; }, invalid},
      {"alg nOnE", [](Draft& d) { d.header["alg"] = "nOnE"; }, invalid},
      {"alg es256", [](Draft& d) { d.header["alg"] = "es256"; }, invalid},
      {"alg of another key", [](Draft& d) { d.header["alg"] = "RS256"; }, invalid},
      {"alg HS256", [](Draft& d) { d.header["alg"] = "HS256"; }, invalid},
      {"alg ES384", [](Draft& d) { d.header["alg"] = "ES384"; }, invalid},
      {"alg PS256", [](Draft& d) { d.header["alg"] = "PS256"; }, invalid},
      {"no alg", [](Draft& d) { d.header.erase("alg"); }, invalid},
      {"alg is a list", [](Draft& d) { d.header["alg"] = {"ES256"}; }, invalid},
      // Headers that say how to read the token or where to fetch its key.
      {"crit", [](Draft& d) { d.header["crit"] = {"exp"}; }, invalid},
      {"jku", [](Draft& d) { d.header["jku"] = "https://evil.example/keys"; }, invalid},
      {"x5u", [](Draft& d) { d.header["x5u"] = "https://evil.example/cert"; }, invalid},
      {"jwk",
       [](Draft& d) {
         d.header["jwk"] = {{"kty", "EC"}};
       },
       invalid},
      {"x5c", [](Draft& d) { d.header["x5c"] = {"MII"}; }, invalid},
      {"b64 false", [](Draft& d) { d.header["b64"] = false; }, invalid},
      {"zip", [](Draft& d) { d.header["zip"] = "DEF"; }, invalid},
      {"enc", [](Draft& d) { d.header["enc"] = "A256GCM"; }, invalid},
      {"cty: a token within", [](Draft& d) { d.header["cty"] = "JWT"; }, invalid},
      // Its purpose.
      {"no typ", [](Draft& d) { d.header.erase("typ"); }, invalid},
      {"an ID token", [](Draft& d) { d.header["typ"] = "JWT"; }, audience},
      {"a logout token", [](Draft& d) { d.header["typ"] = "logout+jwt"; }, audience},
      {"another issuer", [](Draft& d) { d.payload["iss"] = "https://id.other.vn"; }, audience},
      {"the issuer with a slash", [](Draft& d) { d.payload["iss"] = absl::StrCat(kIssuer, "/"); },
       audience},
      {"no issuer", [](Draft& d) { d.payload.erase("iss"); }, invalid},
      {"another audience", [](Draft& d) { d.payload["aud"] = "portal"; }, audience},
      {"no audience", [](Draft& d) { d.payload.erase("aud"); }, audience},
      {"an empty list of audiences", [](Draft& d) { d.payload["aud"] = Json::array(); }, audience},
      {"an audience in part", [](Draft& d) { d.payload["aud"] = "nscl-"; }, audience},
      {"an audience that is a number", [](Draft& d) { d.payload["aud"] = {1}; }, invalid},
      // Times.
      {"expired", [](Draft& d) { d.payload["exp"] = 1'790'000'000 - 30; }, expired},
      {"from the future",
       [](Draft& d) {
         d.payload["iat"] = 1'790'000'000 + 31;
         d.payload["exp"] = 1'790'000'000 + 60;
       },
       expired},
      {"nbf in the future", [](Draft& d) { d.payload["nbf"] = 1'790'000'000 + 31; }, expired},
      {"no exp", [](Draft& d) { d.payload.erase("exp"); }, invalid},
      {"no iat", [](Draft& d) { d.payload.erase("iat"); }, invalid},
      {"exp is a text", [](Draft& d) { d.payload["exp"] = "1790000600"; }, invalid},
      {"exp is a fraction", [](Draft& d) { d.payload["exp"] = 1790000600.5; }, invalid},
      {"exp is a float without fraction", [](Draft& d) { d.payload["exp"] = 1790000600.0; },
       invalid},
      {"exp is null", [](Draft& d) { d.payload["exp"] = nullptr; }, invalid},
      {"exp is negative", [](Draft& d) { d.payload["exp"] = -1; }, invalid},
      {"exp over 64 bits",
       [](Draft& d) {
         d.payload_text =
             absl::StrReplaceAll(d.payload.dump(), {{"1790000540", "18446744073709551616"}});
       },
       invalid},
      {"exp of 2^64-1", [](Draft& d) { d.payload["exp"] = UINT64_MAX; }, invalid},
      {"exp of 1e400",
       [](Draft& d) {
         d.payload_text = absl::StrReplaceAll(d.payload.dump(), {{"1790000540", "1e400"}});
       },
       invalid},
      {"exp before iat", [](Draft& d) { d.payload["exp"] = kIat - 1; }, invalid},
      {"ten years", [](Draft& d) { d.payload["exp"] = kIat + 315'360'000; }, invalid},
      {"a minute over the limit", [](Draft& d) { d.payload["exp"] = kIat + 15 * 60 + 60; },
       invalid},
      // Claims.
      {"no subject", [](Draft& d) { d.payload.erase("sub"); }, invalid},
      {"an empty subject", [](Draft& d) { d.payload["sub"] = ""; }, invalid},
      {"a subject of 300 bytes", [](Draft& d) { d.payload["sub"] = std::string(300, 's'); },
       invalid},
      {"roles is a text", [](Draft& d) { d.payload["roles"] = "dost_leader"; }, invalid},
      {"roles holds a number", [](Draft& d) { d.payload["roles"] = {1}; }, invalid},
      {"65 roles", [](Draft& d) { d.payload["roles"] = std::vector<std::string>(65, "r"); },
       invalid},
      {"a province of three digits", [](Draft& d) { d.payload["provinces"] = {"048"}; }, invalid},
      {"a province that is a name", [](Draft& d) { d.payload["provinces"] = {"Đà Nẵng"}; },
       invalid},
      {"a service named by an identity provider",
       [](Draft& d) {
         d.payload["sub"] = "service:casework";
         d.payload["roles"] = {"service:casework"};
       },
       invalid},
      {"a user with a service's role", [](Draft& d) { d.payload["roles"] = {"service:casework"}; },
       invalid},
      // The text itself.
      {"a duplicate claim",
       [](Draft& d) {
         d.payload_text =
             absl::StrReplaceAll(d.payload.dump(), {{"{\"iss\"", "{\"sub\":\"admin\",\"iss\""}});
       },
       invalid},
      {"a duplicate header",
       [](Draft& d) {
         d.header_text = R"({"alg":"none","alg":"ES256","typ":"at+jwt","kid":"es"})";
       },
       invalid},
      {"nested a thousand deep",
       [](Draft& d) {
         d.payload_text = absl::StrReplaceAll(
             d.payload.dump(), {{"{\"iss\"", absl::StrCat("{\"x\":", std::string(1000, '['),
                                                          std::string(1000, ']'), ",\"iss\"")}});
       },
       invalid},
      {"nested five deep",
       [](Draft& d) {
         d.payload["x"] = {{"a", {{"b", {{"c", {{"d", 1}}}}}}}};
       },
       invalid},
      {"over 6 KiB", [](Draft& d) { d.payload["x"] = std::string(6'000, 'x'); }, invalid},
      {"not JSON", [](Draft& d) { d.payload_text = "{iss:1}"; }, invalid},
      {"a list", [](Draft& d) { d.payload_text = "[]"; }, invalid},
      {"a trailing comma",
       [](Draft& d) {
         d.payload_text = absl::StrReplaceAll(d.payload.dump(), {{"\"48\"]}", "\"48\"],}"}});
       },
       invalid},
      {"two documents", [](Draft& d) { d.payload_text = d.payload.dump() + "{}"; }, invalid},
      {"not UTF-8",
       [](Draft& d) {
         d.payload_text = absl::StrReplaceAll(d.payload.dump(), {{"officer-1", "\xff\xfe"}});
       },
       invalid},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Draft draft;
    row.change(draft);
    const absl::Status status = Verify(TokenOf(draft)).status();
    EXPECT_THAT(status, CodeIs(absl::StatusCode::kUnauthenticated));
    EXPECT_EQ(Reason(status), row.reason);
    EXPECT_FALSE(errors::TokenFaultOf(status).empty());  // for the log
  }
  EXPECT_GE(std::size(rows), 40u);
}

TEST(TokenTest, MangledTokensAreRefused) {
  const std::string good = TokenOf(Draft());
  ASSERT_THAT(Verify(good), IsOk());
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  Draft admin;
  admin.payload["sub"] = "admin";
  const std::vector<std::string> other = absl::StrSplit(TokenOf(admin), '.');
  std::string last_bit = good;
  // The last character of a 64-byte signature carries four bits that must be zero.
  last_bit.back() = last_bit.back() == 'A' ? 'B' : static_cast<char>(last_bit.back() + 1);
  struct Row {
    const char* what;
    std::string token;
  } rows[] = {
      {"empty", ""},
      {"one part", parts[0]},
      {"no signature", absl::StrCat(parts[0], ".", parts[1])},
      {"an empty signature", absl::StrCat(parts[0], ".", parts[1], ".")},
      {"an extra dot at the end", absl::StrCat(good, ".")},
      {"an extra dot at the start", absl::StrCat(".", good)},
      {"four parts", absl::StrCat(good, ".", parts[2])},
      {"five parts, as an encrypted token", "a.b.c.d.e"},
      {"dots alone", ".."},
      {"another payload under the signature", absl::StrCat(parts[0], ".", other[1], ".", parts[2])},
      {"another token's signature", absl::StrCat(parts[0], ".", parts[1], ".", other[2])},
      {"half a signature", absl::StrCat(parts[0], ".", parts[1], ".", parts[2].substr(0, 43))},
      {"a zero signature",
       absl::StrCat(parts[0], ".", parts[1], ".", Base64UrlEncode(std::string(64, '\0')))},
      {"a DER signature",
       absl::StrCat(parts[0], ".", parts[1], ".",
                    Base64UrlEncode(SignWith(Key(Algorithm::kEs256), EVP_sha256(),
                                             absl::StrCat(parts[0], ".", parts[1]))))},
      {"padding", absl::StrCat(good, "==")},
      {"stray bits in the last character", last_bit},
      {"a space before", absl::StrCat(" ", good)},
      {"a line break after", absl::StrCat(good, "\n")},
      {"a space within", absl::StrCat(parts[0], ". ", parts[1], ".", parts[2])},
      {"standard base64", absl::StrReplaceAll(good, {{"-", "+"}, {"_", "/"}}) + "+"},
      {"a zero byte", good + std::string(1, '\0')},
      {"HS256 with the public key as the secret", Hs256Token(PublicPem(Key(Algorithm::kRs256)))},
      {"HS256 with an empty secret", Hs256Token("")},
      {"7 KB", std::string(7'000, 'a')},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(Reason(Verify(row.token)), "TOKEN_INVALID");
  }
}

// A flipped bit anywhere must not pass.
TEST(TokenTest, EveryByteCounts) {
  for (Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEdDsa}) {
    const std::string good = TokenOf(DraftOf(algorithm));
    for (size_t i = 0; i < good.size(); i += 3) {
      std::string bad = good;
      bad[i] = bad[i] == 'A' ? 'B' : 'A';
      if (bad == good) continue;
      EXPECT_FALSE(Verify(bad).ok()) << i;
    }
  }
}

// Only the issuer that may name services does, and then exactly its own role.
TEST(TokenTest, ServicesAreNamedByTheLocalIssuerOnly) {
  std::vector<TrustedIssuer> local = Issuers();
  local[0].may_name_services = true;
  struct Row {
    std::string subject;
    std::vector<std::string> roles;
    const char* reason;
  } rows[] = {
      {"service:casework", {"service:casework"}, "OK"},
      {"service:casework", {"service:budgeting"}, "TOKEN_INVALID"},
      {"service:casework", {"service:casework", "dost_leader"}, "TOKEN_INVALID"},
      {"service:casework", {}, "TOKEN_INVALID"},
      {"casework", {"service:casework"}, "TOKEN_INVALID"},
  };
  for (const Row& row : rows) {
    Draft draft;
    draft.payload["sub"] = row.subject;
    draft.payload["roles"] = row.roles;
    EXPECT_EQ(Reason(VerifyToken(TokenOf(draft), local, kNow)), row.reason) << row.subject;
  }
}

// ------------------------------------------------------------------------------------------ key
// sets

TEST(KeySetTest, UnsoundSetsAreRefused) {
  const std::string ed = *PublicJwk(Key(Algorithm::kEdDsa), Algorithm::kEdDsa, "ed");
  const EvpKey weak = MakeKey(Algorithm::kRs256, 1024);
  struct Row {
    const char* what;
    std::string jwks;
    bool good;
  } rows[] = {
      {"one key", absl::StrCat("{\"keys\":[", ed, "]}"), true},
      {"keys of other kinds passed over",
       absl::StrCat(
           R"({"keys":[{"kty":"EC","crv":"P-384","x":"AA","y":"AA"},{"kty":"RSA","use":"enc"},)",
           ed, "]}"),
       true},
      {"no keys", R"({"keys":[]})", false},
      {"no list", R"({})", false},
      {"not JSON", "keys", false},
      {"two of one kid", absl::StrCat("{\"keys\":[", ed, ",", ed, "]}"), false},
      {"a symmetric key", absl::StrCat(R"({"keys":[{"kty":"oct","k":"AAAA"},)", ed, "]}"), false},
      {"a private key",
       absl::StrReplaceAll(absl::StrCat("{\"keys\":[", ed, "]}"),
                           {{"{\"alg\"", "{\"d\":\"AA\",\"alg\""}}),
       false},
      {"RSA of 1024 bits",
       absl::StrCat("{\"keys\":[", *PublicJwk(weak.get(), Algorithm::kRs256, "w"), "]}"), false},
      {"a point off the curve",
       absl::StrCat(R"({"keys":[{"kty":"EC","crv":"P-256","x":")",
                    Base64UrlEncode(std::string(32, '\1')), R"(","y":")",
                    Base64UrlEncode(std::string(32, '\1')), R"("}]})"),
       false},
      {"an Ed25519 key of 31 bytes",
       absl::StrCat(R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":")",
                    Base64UrlEncode(std::string(31, 'x')), R"("}]})"),
       false},
      {"70 KB", absl::StrCat("{\"keys\":[", ed, "],\"x\":\"", std::string(70'000, 'x'), "\"}"),
       false},
      {"a duplicate member", absl::StrCat("{\"keys\":[],\"keys\":[", ed, "]}"), false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(KeySet::Parse(row.jwks).ok(), row.good) << row.what;
  }
}

// The published examples: made by nobody here.
TEST(KeySetTest, PublishedSignaturesVerify) {
  const std::string rfc7515_payload =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
      "fQ";
  struct Row {
    const char* source;
    Algorithm algorithm;
    std::string jwk, text, signature;
  } rows[] = {
      {"RFC 7515 A.2", Algorithm::kRs256,
       R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"})",
       absl::StrCat("eyJhbGciOiJSUzI1NiJ9.", rfc7515_payload),
       "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
       "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
       "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
       "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0"
       "igcN_IoypGlUPQGe77Rw"},
      {"RFC 7515 A.3", Algorithm::kEs256,
       R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
       absl::StrCat("eyJhbGciOiJFUzI1NiJ9.", rfc7515_payload),
       "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
      {"RFC 8037 A.4", Algorithm::kEdDsa,
       R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
       "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
       "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.source);
    auto keys = KeySet::Parse(absl::StrCat("{\"keys\":[", row.jwk, "]}"));
    ASSERT_THAT(keys, IsOk());
    const VerifyingKey* key = (*keys)->Find("", row.algorithm);
    ASSERT_NE(key, nullptr);
    const std::string signature = *Base64UrlDecode(row.signature);
    EXPECT_TRUE(key->Verifies(row.text, signature));
    EXPECT_FALSE(key->Verifies(row.text + "x", signature));
  }
}

TEST(EncodingTest, Base64UrlIsStrict) {
  struct Row {
    std::string text;
    bool good;
  } rows[] = {{"", true},      {"AA", true},     {"AAA", true},  {"AAAA", true}, {"-_-_", true},
              {"A", false},    {"AAAAA", false}, {"AB", false},  {"AAB", false}, {"AA==", false},
              {"AA A", false}, {"+/AA", false},  {"AA\n", false}};
  for (const Row& row : rows) {
    auto bytes = Base64UrlDecode(row.text);
    EXPECT_EQ(bytes.ok(), row.good) << row.text;
    if (bytes.ok()) {
      EXPECT_EQ(Base64UrlEncode(*bytes), row.text);
    }
  }
}

}  // namespace
}  // namespace nscl::auth
