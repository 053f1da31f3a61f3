#include "services/tools/nsclctl/table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/json/field_text.h"
#include "common/json/json_writer.h"
#include "google/type/date.pb.h"

namespace nscl::nsclctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kColumns = 8;
constexpr size_t kCellCharacters = 44;

bool IsDate(const FieldDescriptor& field) {
  return field.message_type() == google::type::Date::descriptor();
}

// Fields that fit into a cell.
bool IsPlain(const FieldDescriptor& field) {
  if (field.is_repeated() || field.name() == "etag") return false;
  return field.message_type() == nullptr || IsDate(field) ||
         json::TextTypeOf(*field.message_type()) != json::TextType::kNone;
}

// "LEGAL_KIND_JSC" of enum LegalKind is "JSC".
std::string EnumText(const FieldDescriptor& field, int number) {
  const auto* value = field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat(number);
  std::string prefix;
  for (char c : field.enum_type()->name()) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix.push_back('_');
    prefix.push_back(absl::ascii_toupper(c));
  }
  absl::string_view text = value->name();
  absl::ConsumePrefix(&text, prefix + "_");
  return text == "UNSPECIFIED" ? "" : std::string(text);
}

std::string ValueText(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.has_presence() && !reflection.HasField(message, &field)) return "";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(reflection.GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return absl::StrCat(reflection.GetFloat(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(field, reflection.GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& value = reflection.GetMessage(message, &field);
      if (IsDate(field)) {
        const auto& date = static_cast<const google::type::Date&>(value);
        return absl::StrFormat("%02d/%02d/%04d", date.day(), date.month(), date.year());
      }
      const auto type = json::TextTypeOf(*field.message_type());
      return type == json::TextType::kNone ? json::WriteJson(value)
                                           : json::FormatTextMessage(type, value);
    }
  }
  return "";
}

// An element of a repeated field that holds no messages.
std::string ElementText(const Message& message, const FieldDescriptor& field, int i) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetRepeatedInt32(message, &field, i));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetRepeatedInt64(message, &field, i));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetRepeatedBool(message, &field, i) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(field, reflection.GetRepeatedEnumValue(message, &field, i));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetRepeatedString(message, &field, i);
    default:
      return "…";
  }
}

// The value at "plan.document.number"; empty where something on the way is absent.
std::string ValueAt(const Message& message, absl::string_view path) {
  const Message* holder = &message;
  const std::vector<std::string> parts = absl::StrSplit(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    const Descriptor& type = *holder->GetDescriptor();
    const FieldDescriptor* field = type.FindFieldByName(parts[i]);
    if (field == nullptr) field = type.FindFieldByCamelcaseName(parts[i]);
    if (field == nullptr || field->is_repeated()) return "";
    if (i + 1 == parts.size()) return ValueText(*holder, *field);
    if (field->message_type() == nullptr) return "";
    holder = &holder->GetReflection()->GetMessage(*holder, field);
  }
  return "";
}

size_t Characters(absl::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string Cut(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (Characters(text) <= kCellCharacters) return text;
  size_t at = 0;
  for (size_t n = 0; n < kCellCharacters - 1; ++n) {
    do {
      ++at;
    } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  }
  return absl::StrCat(text.substr(0, at), "…");
}

std::vector<std::string> ChooseColumns(const std::vector<std::unique_ptr<Message>>& rows) {
  std::vector<std::string> columns;
  const Descriptor& type = *rows[0]->GetDescriptor();
  for (int i = 0; i < type.field_count() && columns.size() < kColumns; ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!IsPlain(field)) continue;
    const bool somewhere = std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
      return row->GetReflection()->HasField(*row, &field);
    });
    if (somewhere) columns.push_back(field.name());
  }
  return columns;
}

}  // namespace

void PrintTable(const std::vector<std::unique_ptr<Message>>& rows,
                const std::vector<std::string>& wanted, std::ostream& out) {
  if (rows.empty()) return;
  const std::vector<std::string> columns = wanted.empty() ? ChooseColumns(rows) : wanted;
  std::vector<std::vector<std::string>> cells = {{}};
  for (const std::string& column : columns) {
    cells[0].push_back(absl::AsciiStrToUpper(column));
  }
  for (const auto& row : rows) {
    auto& line = cells.emplace_back();
    // The name is what the next command needs: never cut.
    for (const std::string& column : columns) {
      const std::string value = ValueAt(*row, column);
      line.push_back(column == "name" ? value : Cut(value));
    }
  }
  std::vector<size_t> widths(columns.size(), 0);
  for (const auto& line : cells) {
    for (size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], Characters(line[c]));
  }
  for (const auto& line : cells) {
    std::string text;
    for (size_t c = 0; c < line.size(); ++c) {
      absl::StrAppend(&text, line[c], std::string(widths[c] - Characters(line[c]) + 2, ' '));
    }
    out << absl::StripTrailingAsciiWhitespace(text) << "\n";
  }
}

void PrintFields(const Message& message, std::ostream& out, int indent) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  const std::string margin(static_cast<size_t>(indent), ' ');
  for (const FieldDescriptor* field : fields) {
    if (!field->is_repeated()) {
      if (IsPlain(*field) || field->name() == "etag") {
        out << margin << field->name() << ": " << ValueText(message, *field) << "\n";
      } else {
        out << margin << field->name() << ":\n";
        PrintFields(message.GetReflection()->GetMessage(message, field), out, indent + 2);
      }
      continue;
    }
    const int size = message.GetReflection()->FieldSize(message, field);
    for (int i = 0; i < size; ++i) {
      if (field->message_type() != nullptr) {
        out << margin << field->name() << "[" << i << "]:\n";
        PrintFields(message.GetReflection()->GetRepeatedMessage(message, field, i), out,
                    indent + 2);
      } else {
        out << margin << field->name() << "[" << i << "]: " << ElementText(message, *field, i)
            << "\n";
      }
    }
  }
}

}  // namespace nscl::nsclctl
