#include "common/auth/encoding.h"

#include <array>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace nscl::auth {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::array<int8_t, 256> MakeReverse() {
  std::array<int8_t, 256> reverse;
  reverse.fill(-1);
  for (int i = 0; i < 64; ++i) reverse[static_cast<uint8_t>(kAlphabet[i])] = static_cast<int8_t>(i);
  return reverse;
}

}  // namespace

absl::StatusOr<std::string> Base64UrlDecode(absl::string_view text) {
  static const std::array<int8_t, 256> kReverse = MakeReverse();
  if (text.size() % 4 == 1) return absl::InvalidArgumentError("base64url of an impossible length");
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t pending = 0;
  int bits = 0;
  for (char c : text) {
    const int8_t value = kReverse[static_cast<uint8_t>(c)];
    if (value < 0) return absl::InvalidArgumentError("a character outside base64url");
    pending = (pending << 6) | static_cast<uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>((pending >> bits) & 0xff));
    }
  }
  if ((pending & ((1u << bits) - 1)) != 0) {
    return absl::InvalidArgumentError("base64url with stray bits at the end");
  }
  return bytes;
}

std::string Base64UrlEncode(absl::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t pending = 0;
  int bits = 0;
  for (char c : bytes) {
    pending = (pending << 8) | static_cast<uint8_t>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text.push_back(kAlphabet[(pending >> bits) & 0x3f]);
    }
  }
  if (bits > 0) text.push_back(kAlphabet[(pending << (6 - bits)) & 0x3f]);
  return text;
}

absl::StatusOr<nlohmann::json> ParseStrictJson(absl::string_view text, int max_depth) {
  using Json = nlohmann::json;
  std::string fault;
  std::vector<std::set<std::string>> open_objects;
  // `depth` counts the containers around the value that the event is about.
  auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
        open_objects.emplace_back();
        [[fallthrough]];
      case Json::parse_event_t::array_start:
        if (depth >= max_depth) fault = "nested too deeply";
        break;
      case Json::parse_event_t::object_end:
        open_objects.pop_back();
        break;
      case Json::parse_event_t::key:
        if (!open_objects.back().insert(parsed.get<std::string>()).second)
          fault = "a duplicate key";
        break;
      default:
        break;
    }
    return true;
  };
  Json json =
      Json::parse(text.data(), text.data() + text.size(), watch, /*allow_exceptions=*/false);
  if (json.is_discarded()) return absl::InvalidArgumentError("not JSON");
  if (!fault.empty()) return absl::InvalidArgumentError(fault);
  if (!json.is_object()) return absl::InvalidArgumentError("not a JSON object");
  return json;
}

}  // namespace nscl::auth
