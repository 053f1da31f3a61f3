#include "services/registry/imports/cells.h"

#include <google/protobuf/reflection.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status/excerpt.h"
#include "common/text/enum_name.h"
#include "common/time/legal_date.h"

namespace nscl::registry::imports {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int64_t kMaxWhole = (int64_t{1} << 53) - 1;
constexpr size_t kMaxDigits = 16;
// A cell in a message.
constexpr size_t kMaxShown = 60;

std::string Shown(absl::string_view cell) { return status::Excerpt(cell, kMaxShown); }

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// 31/12/2025, 31-12-2025, 2025-12-31, and the last with a time of day of a spreadsheet.
bool ReadDate(absl::string_view text, google::type::Date* date) {
  text = text.substr(0, text.find(" 00:00:00"));
  const char separator = absl::StrContains(text, '/') ? '/' : '-';
  const std::vector<absl::string_view> parts = absl::StrSplit(text, separator);
  if (parts.size() != 3 || !std::all_of(parts.begin(), parts.end(), AllDigits)) return false;
  int numbers[3];
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].size() > 4 || !absl::SimpleAtoi(parts[i], &numbers[i])) return false;
  }
  const bool iso = parts[0].size() == 4;
  if (!iso && parts[2].size() != 4) return false;
  date->set_year(iso ? numbers[0] : numbers[2]);
  date->set_month(numbers[1]);
  date->set_day(iso ? numbers[2] : numbers[0]);
  return time::ToCivilDay(*date).ok();
}

void SetWhole(Message* message, const FieldDescriptor* field, int64_t value) {
  const Reflection& reflection = *message->GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    reflection.SetInt32(message, field, static_cast<int32_t>(value));
  } else {
    reflection.SetInt64(message, field, value);
  }
}

int64_t WholeOf(const Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  return field->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ? reflection.GetInt32(message, field)
                                                             : reflection.GetInt64(message, field);
}

}  // namespace

bool ReadWhole(absl::string_view text, bool thousands, int64_t* value) {
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    if (absl::ascii_isdigit(text[i])) {
      digits.push_back(text[i]);
      continue;
    }
    // A sign between thousands is followed by three digits and no fourth.
    if (!thousands || i == 0 || (text[i] != '.' && text[i] != ',' && text[i] != ' ')) return false;
    const absl::string_view next = text.substr(i + 1, 3);
    if (next.size() != 3 || !AllDigits(next) ||
        (i + 4 < text.size() && absl::ascii_isdigit(text[i + 4]))) {
      return false;
    }
  }
  return digits.size() <= kMaxDigits && absl::SimpleAtoi(digits, value) && *value <= kMaxWhole;
}

bool ReadTenths(absl::string_view text, int64_t* value) {
  const size_t point = text.find_first_of(",.");
  const absl::string_view whole = text.substr(0, point);
  const absl::string_view fraction =
      point == absl::string_view::npos ? absl::string_view() : text.substr(point + 1);
  if (!AllDigits(whole) || whole.size() >= kMaxDigits || fraction.size() > 1 ||
      (point != absl::string_view::npos && !AllDigits(fraction))) {
    return false;
  }
  return absl::SimpleAtoi(absl::StrCat(whole, fraction.empty() ? "0" : fraction), value) &&
         *value <= kMaxWhole;
}

std::string CanonicalDate(absl::string_view text) {
  google::type::Date date;
  if (!ReadDate(absl::StripAsciiWhitespace(text), &date)) return std::string(text);
  return time::FormatDate(absl::CivilDay(date.year(), date.month(), date.day()));
}

Field::Field(const google::protobuf::Descriptor* type, absl::string_view path, const Column& column)
    : column_(&column) {
  const google::protobuf::Descriptor* at = type;
  for (absl::string_view name : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field = at == nullptr ? nullptr : at->FindFieldByName(std::string(name));
    if (field == nullptr) {
      std::cerr << type->full_name() << " has no field " << path << std::endl;
      std::abort();
    }
    way_.push_back(field);
    at = field->message_type();
  }
  field_ = way_.back();
  way_.pop_back();
  if (column.kind == Kind::kEnum) names_.emplace(*field_->enum_type());
}

void Field::Set(absl::string_view cell, Message* message, status::Violations& violations) const {
  for (const FieldDescriptor* step : way_) {
    message = message->GetReflection()->MutableMessage(message, step);
  }
  const Reflection& reflection = *message->GetReflection();
  const absl::string_view trimmed = absl::StripAsciiWhitespace(cell);
  int64_t number = 0;
  switch (column_->kind) {
    case Kind::kText:
      return reflection.SetString(message, field_, std::string(cell));
    case Kind::kTexts:
      reflection.ClearField(message, field_);
      for (absl::string_view part : absl::StrSplit(cell, ';', absl::SkipWhitespace())) {
        reflection.AddString(message, field_, std::string(absl::StripAsciiWhitespace(part)));
      }
      return;
    case Kind::kEnum:
      if (const auto* value = names_->Find(trimmed); value != nullptr) {
        return reflection.SetEnum(message, field_, value);
      }
      return violations.Add(column_->field, "CELL_ENUM",
                            absl::StrCat("\"", Shown(cell), "\" is none of the values"),
                            absl::StrCat("“", Shown(cell), "” không có trong danh mục"));
    case Kind::kDate: {
      google::type::Date date;
      if (ReadDate(trimmed, &date)) {
        return reflection.MutableMessage(message, field_)->CopyFrom(date);
      }
      return violations.Add(
          column_->field, "CELL_DATE", absl::StrCat("\"", Shown(cell), "\" is no date, 31/12/2025"),
          absl::StrCat("“", Shown(cell), "” không phải là ngày, ví dụ 31/12/2025"));
    }
    case Kind::kNumber:
    case Kind::kMoney:
      if (ReadWhole(trimmed, column_->kind == Kind::kMoney, &number) &&
          (field_->cpp_type() != FieldDescriptor::CPPTYPE_INT32 || number <= INT32_MAX)) {
        return SetWhole(message, field_, number);
      }
      return violations.Add(column_->field, "CELL_NUMBER",
                            absl::StrCat("\"", Shown(cell), "\" is no whole number"),
                            absl::StrCat("“", Shown(cell), "” không phải là số nguyên"));
    case Kind::kTenths:
      if (ReadTenths(trimmed, &number)) return SetWhole(message, field_, number);
      return violations.Add(
          column_->field, "CELL_NUMBER",
          absl::StrCat("\"", Shown(cell), "\" is no number with at most one decimal"),
          absl::StrCat("“", Shown(cell), "” không phải là số có tối đa một chữ số lẻ"));
  }
}

std::string Field::Get(const Message& top) const {
  const Message* message = &top;
  for (const FieldDescriptor* step : way_) {
    if (!message->GetReflection()->HasField(*message, step)) return "";
    message = &message->GetReflection()->GetMessage(*message, step);
  }
  const Reflection& reflection = *message->GetReflection();
  switch (column_->kind) {
    case Kind::kText:
      return reflection.GetString(*message, field_);
    case Kind::kTexts: {
      const auto& texts = reflection.GetRepeatedFieldRef<std::string>(*message, field_);
      return absl::StrJoin(texts.begin(), texts.end(), "; ");
    }
    case Kind::kEnum: {
      const auto* value = reflection.GetEnum(*message, field_);
      return value->number() == 0 ? "" : text::VietnameseName(*value->type(), value->number());
    }
    case Kind::kDate: {
      if (!reflection.HasField(*message, field_)) return "";
      google::type::Date date;
      date.CopyFrom(reflection.GetMessage(*message, field_));
      const absl::StatusOr<absl::CivilDay> day = time::ToCivilDay(date);
      return day.ok() ? time::FormatDate(*day) : "";
    }
    case Kind::kNumber:
    case Kind::kMoney:
      // Absent and zero differ where the field says so.
      if (!reflection.HasField(*message, field_)) return "";
      return absl::StrCat(WholeOf(*message, field_));
    case Kind::kTenths: {
      const int64_t tenths = WholeOf(*message, field_);
      return tenths % 10 == 0 ? absl::StrCat(tenths / 10)
                              : absl::StrCat(tenths / 10, ",", tenths % 10);
    }
  }
  return "";
}

bool Field::Differs(const Message& a, const Message& b) const { return Get(a) != Get(b); }

}  // namespace nscl::registry::imports
