#include "common/json/field_text.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/json/errors.h"
#include "common/status/excerpt.h"

namespace nscl::json {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Instants that RFC 3339 can write: years 0001 to 9999.
constexpr int64_t kMinSeconds = -62135596800;
constexpr int64_t kMaxSeconds = 253402300799;

bool Digits(absl::string_view text, size_t at, size_t count, int* value) {
  if (at + count > text.size()) return false;
  int n = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (!absl::ascii_isdigit(text[i])) return false;
    n = n * 10 + (text[i] - '0');
  }
  *value = n;
  return true;
}

// RFC 3339 with a capital T and Z, up to nine fraction digits, an offset of hours and minutes.
bool ParseTimestamp(absl::string_view t, google::protobuf::Timestamp& out) {
  int year, month, day, hour, minute, second;
  if (t.size() < 20 || !Digits(t, 0, 4, &year) || t[4] != '-' || !Digits(t, 5, 2, &month) ||
      t[7] != '-' || !Digits(t, 8, 2, &day) || t[10] != 'T' || !Digits(t, 11, 2, &hour) ||
      t[13] != ':' || !Digits(t, 14, 2, &minute) || t[16] != ':' || !Digits(t, 17, 2, &second)) {
    return false;
  }
  // CivilSecond normalises: a date that does not exist comes back as another.
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  if (year < 1 || civil.month() != month || civil.day() != day || civil.hour() != hour ||
      civil.minute() != minute || civil.second() != second) {
    return false;
  }
  size_t at = 19;
  int32_t nanos = 0;
  if (t[at] == '.') {
    const size_t begin = ++at;
    int32_t scale = 100'000'000;
    for (; at < t.size() && absl::ascii_isdigit(t[at]); ++at, scale /= 10) {
      if (at - begin == 9) return false;
      nanos += (t[at] - '0') * scale;
    }
    if (at == begin) return false;
  }
  int64_t offset_seconds = 0;
  const absl::string_view zone = t.substr(at);
  if (zone != "Z") {
    int zone_hours, zone_minutes;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' ||
        !Digits(zone, 1, 2, &zone_hours) || !Digits(zone, 4, 2, &zone_minutes) || zone_hours > 23 ||
        zone_minutes > 59) {
      return false;
    }
    offset_seconds = (int64_t{zone_hours} * 60 + zone_minutes) * 60;
    if (zone[0] == '-') offset_seconds = -offset_seconds;
  }
  const int64_t seconds = civil - absl::CivilSecond(1970, 1, 1) - offset_seconds;
  if (seconds < kMinSeconds || seconds > kMaxSeconds) return false;
  out.set_seconds(seconds);
  out.set_nanos(nanos);
  return true;
}

std::string FormatTimestamp(const google::protobuf::Timestamp& value) {
  if (value.seconds() < kMinSeconds || value.seconds() > kMaxSeconds || value.nanos() < 0 ||
      value.nanos() > 999'999'999) {
    return "";
  }
  const absl::CivilSecond civil = absl::CivilSecond(1970, 1, 1) + value.seconds();
  char text[40];
  int size = std::snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d",
                           static_cast<int>(civil.year()), civil.month(), civil.day(), civil.hour(),
                           civil.minute(), civil.second());
  const int nanos = value.nanos();
  if (nanos % 1'000'000 == 0) {
    if (nanos != 0) size += std::snprintf(text + size, 12, ".%03d", nanos / 1'000'000);
  } else if (nanos % 1'000 == 0) {
    size += std::snprintf(text + size, 12, ".%06d", nanos / 1'000);
  } else {
    size += std::snprintf(text + size, 12, ".%09d", nanos);
  }
  text[size++] = 'Z';
  return std::string(text, size);
}

// "startTime" and "start_time" both give "start_time"; anything but letters, digits, `_`, `.` and
// `*` is refused.
bool SnakePath(absl::string_view path, std::string* out) {
  if (path.empty()) return false;
  out->clear();
  for (char c : path) {
    if (absl::ascii_isupper(c)) {
      out->push_back('_');
      out->push_back(absl::ascii_tolower(c));
    } else if (absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '*') {
      out->push_back(c);
    } else {
      return false;
    }
  }
  return true;
}

std::string CamelPath(absl::string_view path) {
  std::string out;
  bool upper = false;
  for (char c : path) {
    if (c == '_') {
      upper = true;
    } else {
      out.push_back(upper ? absl::ascii_toupper(c) : c);
      upper = false;
    }
  }
  return out;
}

bool IsFinite(absl::string_view text, double* value) {
  return absl::SimpleAtod(text, value) && std::isfinite(*value);
}

}  // namespace

TextType TextTypeOf(const Descriptor& type) {
  if (type.file()->package() != "google.protobuf") return TextType::kNone;
  if (type.name() == "Timestamp") return TextType::kTimestamp;
  if (type.name() == "Duration") return TextType::kDuration;
  if (type.name() == "FieldMask") return TextType::kFieldMask;
  return TextType::kNone;
}

bool ParseInteger(absl::string_view text, int64_t* value) {
  absl::string_view digits = text;
  if (!digits.empty() && digits[0] == '-') digits.remove_prefix(1);
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return false;
  if (digits == "0" && text.size() == 2) return false;  // "-0"
  for (char c : digits) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return absl::SimpleAtoi(text, value);
}

bool ParseUnsigned(absl::string_view text, uint64_t* value) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return false;
  for (char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return absl::SimpleAtoi(text, value);
}

bool IsCleanUtf8(absl::string_view text, size_t* bad) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const size_t size = text.size();
  const auto continues = [&](size_t at) { return at < size && (p[at] & 0xC0) == 0x80; };
  for (size_t i = 0; i < size;) {
    const unsigned char c = p[i];
    size_t length = 0;
    if (c == 0) {
      length = 0;
    } else if (c < 0x80) {
      length = 1;
    } else if (c >= 0xC2 && c <= 0xDF) {
      if (continues(i + 1)) length = 2;
    } else if (c >= 0xE0 && c <= 0xEF) {
      if (continues(i + 1) && continues(i + 2) && !(c == 0xE0 && p[i + 1] < 0xA0) &&
          !(c == 0xED && p[i + 1] >= 0xA0)) {
        length = 3;
      }
    } else if (c >= 0xF0 && c <= 0xF4) {
      if (continues(i + 1) && continues(i + 2) && continues(i + 3) &&
          !(c == 0xF0 && p[i + 1] < 0x90) && !(c == 0xF4 && p[i + 1] >= 0x90)) {
        length = 4;
      }
    }
    if (length == 0) {
      *bad = i;
      return false;
    }
    i += length;
  }
  return true;
}

absl::Status ParseTextMessage(TextType type, absl::string_view text, absl::string_view path,
                              Message& message) {
  switch (type) {
    case TextType::kTimestamp:
      if (!ParseTimestamp(text, static_cast<google::protobuf::Timestamp&>(message))) {
        return errors::InvalidFormat(path, "an instant such as 2024-01-31T07:30:00Z (RFC 3339)");
      }
      return absl::OkStatus();
    case TextType::kDuration:
      if (!google::protobuf::util::TimeUtil::FromString(
              std::string(text), static_cast<google::protobuf::Duration*>(&message))) {
        return errors::InvalidFormat(path, "a duration such as 1.5s");
      }
      return absl::OkStatus();
    case TextType::kFieldMask: {
      auto& mask = static_cast<google::protobuf::FieldMask&>(message);
      if (text.empty()) return absl::OkStatus();
      for (absl::string_view part : absl::StrSplit(text, ',')) {
        std::string snake;
        if (!SnakePath(part, &snake)) {
          return errors::InvalidFormat(path, "field paths separated by commas");
        }
        mask.add_paths(std::move(snake));
      }
      return absl::OkStatus();
    }
    case TextType::kNone:
      break;
  }
  return absl::InternalError("not a message with a text form");
}

std::string FormatTextMessage(TextType type, const Message& message) {
  switch (type) {
    case TextType::kTimestamp:
      return FormatTimestamp(static_cast<const google::protobuf::Timestamp&>(message));
    case TextType::kDuration:
      return google::protobuf::util::TimeUtil::ToString(
          static_cast<const google::protobuf::Duration&>(message));
    case TextType::kFieldMask: {
      const auto& mask = static_cast<const google::protobuf::FieldMask&>(message);
      return absl::StrJoin(mask.paths(), ",", [](std::string* out, const std::string& path) {
        absl::StrAppend(out, CamelPath(path));
      });
    }
    case TextType::kNone:
      break;
  }
  return "";
}

absl::Status SetFieldFromText(Message& message, const FieldDescriptor& field,
                              absl::string_view text, absl::string_view path) {
  const Reflection& reflection = *message.GetReflection();
  const bool repeated = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      int64_t value;
      if (!ParseInteger(text, &value) || value < std::numeric_limits<int32_t>::min() ||
          value > std::numeric_limits<int32_t>::max()) {
        return errors::InvalidNumber(path, "a whole number of 32 bits");
      }
      repeated ? reflection.AddInt32(&message, &field, static_cast<int32_t>(value))
               : reflection.SetInt32(&message, &field, static_cast<int32_t>(value));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      int64_t value;
      if (!ParseInteger(text, &value)) {
        return errors::InvalidNumber(path, "a whole number of 64 bits");
      }
      repeated ? reflection.AddInt64(&message, &field, value)
               : reflection.SetInt64(&message, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      uint64_t value;
      if (!ParseUnsigned(text, &value) || value > std::numeric_limits<uint32_t>::max()) {
        return errors::InvalidNumber(path, "a whole number of 32 bits, not negative");
      }
      repeated ? reflection.AddUInt32(&message, &field, static_cast<uint32_t>(value))
               : reflection.SetUInt32(&message, &field, static_cast<uint32_t>(value));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      uint64_t value;
      if (!ParseUnsigned(text, &value)) {
        return errors::InvalidNumber(path, "a whole number of 64 bits, not negative");
      }
      repeated ? reflection.AddUInt64(&message, &field, value)
               : reflection.SetUInt64(&message, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT: {
      double value;
      if (!IsFinite(text, &value)) {
        return absl::SimpleAtod(text, &value) ? errors::NotFinite(path)
                                              : errors::InvalidNumber(path, "a number");
      }
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
        repeated ? reflection.AddDouble(&message, &field, value)
                 : reflection.SetDouble(&message, &field, value);
        return absl::OkStatus();
      }
      const float narrow = static_cast<float>(value);
      if (!std::isfinite(narrow)) return errors::NotFinite(path);
      repeated ? reflection.AddFloat(&message, &field, narrow)
               : reflection.SetFloat(&message, &field, narrow);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      if (text != "true" && text != "false") {
        return errors::WrongType(path, "true or false", "other text");
      }
      repeated ? reflection.AddBool(&message, &field, text == "true")
               : reflection.SetBool(&message, &field, text == "true");
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = field.enum_type()->FindValueByName(std::string(text));
      int64_t number;
      if (value == nullptr && ParseInteger(text, &number) &&
          number >= std::numeric_limits<int32_t>::min() &&
          number <= std::numeric_limits<int32_t>::max()) {
        value = field.enum_type()->FindValueByNumber(static_cast<int>(number));
      }
      if (value == nullptr) {
        return errors::InvalidEnum(path, status::Excerpt(text, 100),
                                   field.enum_type()->full_name());
      }
      repeated ? reflection.AddEnum(&message, &field, value)
               : reflection.SetEnum(&message, &field, value);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string value;
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        if (!absl::Base64Unescape(text, &value) && !absl::WebSafeBase64Unescape(text, &value)) {
          return errors::InvalidFormat(path, "base64");
        }
      } else {
        value.assign(text.data(), text.size());
      }
      repeated ? reflection.AddString(&message, &field, std::move(value))
               : reflection.SetString(&message, &field, std::move(value));
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const TextType type = TextTypeOf(*field.message_type());
      if (type == TextType::kNone) return errors::WrongType(path, "an object", "text");
      return ParseTextMessage(type, text, path,
                              repeated ? *reflection.AddMessage(&message, &field)
                                       : *reflection.MutableMessage(&message, &field));
    }
  }
  return absl::InternalError("unknown kind of field");
}

}  // namespace nscl::json
