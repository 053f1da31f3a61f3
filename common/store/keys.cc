#include "common/store/keys.h"

#include "absl/strings/str_cat.h"

namespace nscl::store::keys {

void AppendNumber(std::string* out, uint64_t number) {
  char bytes[8];
  for (int i = 7; i >= 0; --i) {
    bytes[i] = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  out->append(bytes, sizeof(bytes));
}

uint64_t ReadNumber(absl::string_view bytes) {
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

namespace {

std::string NumberedKey(char kind, int64_t number) {
  std::string key(1, kind);
  AppendNumber(&key, static_cast<uint64_t>(number));
  return key;
}

}  // namespace

std::string PersonalKey(absl::string_view row_key) {
  return absl::StrCat(absl::string_view("\0", 1), row_key);
}

std::string LogKey(int64_t revision) { return NumberedKey(kLogKind, revision); }
std::string EventKey(int64_t position) { return NumberedKey(kEventKind, position); }

int64_t NumberOf(absl::string_view key) {
  return key.size() == 9 ? static_cast<int64_t>(ReadNumber(key.substr(1))) : -1;
}

std::string HistoryPrefix(absl::string_view row_key) {
  std::string prefix;
  prefix.reserve(row_key.size() + 16);
  for (char c : row_key) {
    prefix.push_back(c);
    if (c == '\0') prefix.push_back('\xff');
  }
  prefix.push_back('\0');
  prefix.push_back('\x01');
  return prefix;
}

std::string HistoryKey(absl::string_view row_key, int64_t revision) {
  std::string key = HistoryPrefix(row_key);
  AppendNumber(&key, static_cast<uint64_t>(revision));
  return key;
}

bool ParseHistoryKey(absl::string_view key, std::string* row_key, int64_t* revision) {
  if (key.size() < 10) return false;
  absl::string_view escaped = key.substr(0, key.size() - 10);
  if (key.substr(escaped.size(), 2) != absl::string_view("\0\x01", 2)) return false;
  row_key->clear();
  for (size_t i = 0; i < escaped.size(); ++i) {
    row_key->push_back(escaped[i]);
    if (escaped[i] != '\0') continue;
    if (++i == escaped.size() || escaped[i] != '\xff') return false;
  }
  *revision = static_cast<int64_t>(ReadNumber(key.substr(key.size() - 8)));
  return true;
}

std::string IdempotencyKey(absl::string_view scope, absl::string_view method,
                           absl::string_view request_id) {
  constexpr absl::string_view kEnd("\0", 1);
  return absl::StrCat(scope, kEnd, method, kEnd, request_id);
}

std::string EventRowPrefix(int64_t revision, absl::string_view province) {
  std::string prefix;
  AppendNumber(&prefix, static_cast<uint64_t>(revision));
  province = province.substr(0, 255);
  prefix.push_back(static_cast<char>(province.size()));
  prefix.append(province.data(), province.size());
  return prefix;
}

bool ParseEventRow(absl::string_view row, EventHeader* header) {
  if (row.size() < 9) return false;
  size_t length = static_cast<unsigned char>(row[8]);
  if (row.size() < 9 + length) return false;
  header->revision = static_cast<int64_t>(ReadNumber(row));
  header->province = row.substr(9, length);
  header->event = row.substr(9 + length);
  return true;
}

std::string PrefixEnd(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace nscl::store::keys
