#include "common/auth/token.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/auth/encoding.h"
#include "common/auth/errors.h"
#include "common/status/status_macros.h"

namespace nscl::auth {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 4;
constexpr size_t kMaxKidBytes = 128;
constexpr size_t kMaxSubjectBytes = 256;
constexpr size_t kMaxListItems = 64;
constexpr int64_t kMaxSeconds = int64_t{1}
                                << 40;  // far beyond any date; keeps sums from overflowing

// Header members that change how a token is to be read, or say where to fetch its key: never taken.
constexpr absl::string_view kForbiddenHeaders[] = {"crit", "jku", "x5u", "jwk", "x5c",
                                                   "b64",  "zip", "enc", "cty"};

struct Parts {
  absl::string_view signed_text;  // header.payload
  Json header, payload;
  std::string signature;
};

absl::StatusOr<Json> PartJson(absl::string_view part, absl::string_view what) {
  absl::StatusOr<std::string> bytes = Base64UrlDecode(part);
  if (!bytes.ok()) return errors::TokenInvalid(absl::StrCat(what, ": ", bytes.status().message()));
  absl::StatusOr<Json> json = ParseStrictJson(*bytes, kMaxDepth);
  if (!json.ok()) return errors::TokenInvalid(absl::StrCat(what, ": ", json.status().message()));
  return json;
}

absl::StatusOr<Parts> Split(absl::string_view token) {
  if (token.size() > kMaxTokenBytes) return errors::TokenInvalid("over 6 KiB");
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return errors::TokenInvalid("not three parts");
  Parts out;
  out.signed_text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  ASSIGN_OR_RETURN(out.header, PartJson(parts[0], "header"));
  ASSIGN_OR_RETURN(out.payload, PartJson(parts[1], "payload"));
  absl::StatusOr<std::string> signature = Base64UrlDecode(parts[2]);
  if (!signature.ok()) return errors::TokenInvalid("signature is not base64url");
  if (signature->empty()) return errors::TokenInvalid("no signature");
  out.signature = *std::move(signature);
  return out;
}

// A text member: nullopt where absent, an error where it is anything else.
absl::StatusOr<std::optional<std::string>> Text(const Json& json, const char* member) {
  auto it = json.find(member);
  if (it == json.end()) return std::optional<std::string>();
  if (!it->is_string()) return errors::TokenInvalid(absl::StrCat(member, " is not a text"));
  return std::optional<std::string>(it->get<std::string>());
}

struct Header {
  Algorithm algorithm;
  std::string kid;
};

absl::StatusOr<Header> ReadHeader(const Json& json) {
  for (absl::string_view name : kForbiddenHeaders) {
    if (json.contains(std::string(name)))
      return errors::TokenInvalid(absl::StrCat("header ", name));
  }
  ASSIGN_OR_RETURN(std::optional<std::string> alg, Text(json, "alg"));
  Header header;
  if (alg == "RS256") {
    header.algorithm = Algorithm::kRs256;
  } else if (alg == "ES256") {
    header.algorithm = Algorithm::kEs256;
  } else if (alg == "EdDSA") {
    header.algorithm = Algorithm::kEdDsa;
  } else {
    return errors::TokenInvalid("alg is not RS256, ES256 or EdDSA");
  }
  ASSIGN_OR_RETURN(std::optional<std::string> kid, Text(json, "kid"));
  header.kid = kid.value_or("");
  if (header.kid.size() > kMaxKidBytes) return errors::TokenInvalid("kid over 128 bytes");
  ASSIGN_OR_RETURN(std::optional<std::string> typ, Text(json, "typ"));
  if (!typ.has_value()) return errors::TokenInvalid("no typ");
  const std::string type = absl::AsciiStrToLower(*typ);
  // An ID token or a refresh token is no access token, whoever signed it.
  if (type != "at+jwt" && type != "application/at+jwt")
    return errors::TokenAudience("typ is not at+jwt");
  return header;
}

absl::StatusOr<std::optional<int64_t>> Seconds(const Json& json, const char* member) {
  auto it = json.find(member);
  if (it == json.end()) return std::optional<int64_t>();
  if (!it->is_number_integer())
    return errors::TokenInvalid(absl::StrCat(member, " is not an integer"));
  // get<int64_t> of a larger unsigned number would wrap.
  const bool in_range = it->is_number_unsigned() ? it->get<uint64_t>() <= uint64_t{kMaxSeconds}
                                                 : it->get<int64_t>() >= 0;
  if (!in_range) return errors::TokenInvalid(absl::StrCat(member, " is out of range"));
  return std::optional<int64_t>(it->get<int64_t>());
}

absl::StatusOr<std::vector<std::string>> Texts(const Json& json, const char* member) {
  std::vector<std::string> out;
  auto it = json.find(member);
  if (it == json.end()) return out;
  if (!it->is_array() || it->size() > kMaxListItems) {
    return errors::TokenInvalid(absl::StrCat(member, " is not a list of at most 64"));
  }
  for (const Json& item : *it) {
    if (!item.is_string())
      return errors::TokenInvalid(absl::StrCat(member, " holds more than texts"));
    out.push_back(item.get<std::string>());
  }
  return out;
}

absl::Status CheckAudience(const Json& payload, const TrustedIssuer& issuer) {
  std::vector<std::string> audiences;
  auto aud = payload.find("aud");
  if (aud != payload.end() && aud->is_string()) {
    audiences.push_back(aud->get<std::string>());
  } else {
    ASSIGN_OR_RETURN(audiences, Texts(payload, "aud"));
  }
  for (const std::string& audience : audiences) {
    if (std::find(issuer.audiences.begin(), issuer.audiences.end(), audience) !=
        issuer.audiences.end()) {
      return absl::OkStatus();
    }
  }
  return errors::TokenAudience("aud holds none of ours");
}

absl::Status ReadTimes(const Json& payload, const TrustedIssuer& issuer, absl::Time now,
                       Claims* claims) {
  ASSIGN_OR_RETURN(std::optional<int64_t> exp, Seconds(payload, "exp"));
  ASSIGN_OR_RETURN(std::optional<int64_t> iat, Seconds(payload, "iat"));
  ASSIGN_OR_RETURN(std::optional<int64_t> nbf, Seconds(payload, "nbf"));
  if (!exp.has_value() || !iat.has_value()) return errors::TokenInvalid("no exp or no iat");
  claims->issued = absl::FromUnixSeconds(*iat);
  claims->expires = absl::FromUnixSeconds(*exp);
  if (claims->expires <= claims->issued) return errors::TokenInvalid("exp is not after iat");
  if (claims->expires - claims->issued > issuer.max_lifetime) {
    return errors::TokenInvalid("lives longer than the issuer's tokens may");
  }
  if (now >= claims->expires + kTokenLeeway) return errors::TokenExpired("exp has passed");
  if (claims->issued > now + kTokenLeeway) return errors::TokenExpired("iat is in the future");
  if (nbf.has_value() && absl::FromUnixSeconds(*nbf) > now + kTokenLeeway) {
    return errors::TokenExpired("nbf is in the future");
  }
  return absl::OkStatus();
}

bool IsProvinceCode(absl::string_view code) {
  return code.size() == 2 && absl::ascii_isdigit(code[0]) && absl::ascii_isdigit(code[1]);
}

absl::Status ReadScope(const Json& payload, Claims* claims) {
  ASSIGN_OR_RETURN(claims->roles, Texts(payload, "roles"));
  ASSIGN_OR_RETURN(std::vector<std::string> provinces, Texts(payload, "provinces"));
  for (std::string& province : provinces) {
    if (province == "*") {
      claims->all_provinces = true;
    } else if (IsProvinceCode(province)) {
      claims->provinces.push_back(std::move(province));
    } else {
      return errors::TokenInvalid("provinces holds more than two-digit codes and *");
    }
  }
  return absl::OkStatus();
}

// A service's token carries exactly its own role; nobody else's carries a service's role.
absl::Status CheckServiceClaims(const TrustedIssuer& issuer, Claims* claims) {
  claims->service = absl::StartsWith(claims->subject, "service:");
  if (claims->service) {
    if (!issuer.may_name_services) return errors::TokenInvalid("the issuer may not name services");
    if (claims->roles != std::vector<std::string>{claims->subject}) {
      return errors::TokenInvalid("a service's token with other roles than its own");
    }
    return absl::OkStatus();
  }
  for (const std::string& role : claims->roles) {
    if (absl::StartsWith(role, "service:"))
      return errors::TokenInvalid("a user with a service's role");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Claims> VerifyToken(absl::string_view token,
                                   const std::vector<TrustedIssuer>& issuers, absl::Time now) {
  ASSIGN_OR_RETURN(Parts parts, Split(token));
  ASSIGN_OR_RETURN(Header header, ReadHeader(parts.header));
  Claims claims;
  // The issuer is read before the signature only to know whose keys to check with.
  ASSIGN_OR_RETURN(std::optional<std::string> iss, Text(parts.payload, "iss"));
  if (!iss.has_value()) return errors::TokenInvalid("no iss");
  auto issuer = std::find_if(issuers.begin(), issuers.end(),
                             [&](const TrustedIssuer& i) { return i.issuer == *iss; });
  if (issuer == issuers.end()) return errors::TokenAudience("iss is not trusted");
  const VerifyingKey* key = issuer->keys->Find(header.kid, header.algorithm);
  if (key == nullptr) return errors::TokenInvalid("no key of that kid and alg");
  if (!key->Verifies(parts.signed_text, parts.signature))
    return errors::TokenInvalid("wrong signature");

  claims.issuer = *std::move(iss);
  RETURN_IF_ERROR(CheckAudience(parts.payload, *issuer));
  RETURN_IF_ERROR(ReadTimes(parts.payload, *issuer, now, &claims));
  ASSIGN_OR_RETURN(std::optional<std::string> sub, Text(parts.payload, "sub"));
  if (!sub.has_value() || sub->empty() || sub->size() > kMaxSubjectBytes) {
    return errors::TokenInvalid("no sub, or one over 256 bytes");
  }
  claims.subject = *std::move(sub);
  ASSIGN_OR_RETURN(std::optional<std::string> org, Text(parts.payload, "org"));
  claims.organisation = org.value_or("");
  if (claims.organisation.size() > kMaxSubjectBytes)
    return errors::TokenInvalid("org over 256 bytes");
  RETURN_IF_ERROR(ReadScope(parts.payload, &claims));
  RETURN_IF_ERROR(CheckServiceClaims(*issuer, &claims));
  return claims;
}

}  // namespace nscl::auth
