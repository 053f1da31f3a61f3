#include "common/json/json_writer.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/json/field_text.h"

namespace nscl::json {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void AppendDouble(double value, int digits, std::string* out) {
  if (!std::isfinite(value)) {
    absl::StrAppend(out, std::isnan(value) ? "\"NaN\""
                         : value > 0       ? "\"Infinity\""
                                           : "\"-Infinity\"");
    return;
  }
  absl::StrAppendFormat(out, "%.*g", digits, value);
}

void AppendEnum(const FieldDescriptor& field, int number, std::string* out) {
  const auto* value = field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) {
    absl::StrAppend(out, number);
  } else {
    absl::StrAppend(out, "\"", value->name(), "\"");
  }
}

class Writer {
 public:
  Writer(const WriteOptions& options, std::string* out) : options_(options), out_(out) {}

  void Object(const Message& message) {
    const Descriptor& type = *message.GetDescriptor();
    if (const TextType text = TextTypeOf(type); text != TextType::kNone) {
      AppendJsonString(FormatTextMessage(text, message), out_);
      return;
    }
    const Reflection& reflection = *message.GetReflection();
    out_->push_back('{');
    bool first = true;
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (!Wanted(message, reflection, field)) continue;
      if (!first) out_->push_back(',');
      first = false;
      out_->push_back('"');
      out_->append(field.json_name());
      out_->append("\":");
      if (field.is_map()) {
        Map(message, reflection, field);
      } else if (field.is_repeated()) {
        List(message, reflection, field);
      } else {
        Value(message, reflection, field);
      }
    }
    out_->push_back('}');
  }

 private:
  bool Wanted(const Message& message, const Reflection& reflection,
              const FieldDescriptor& field) const {
    if (field.is_repeated()) return options_.defaults || reflection.FieldSize(message, &field) > 0;
    if (field.has_presence() || !options_.defaults) return reflection.HasField(message, &field);
    return true;
  }

  void List(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
    out_->push_back('[');
    const int size = reflection.FieldSize(message, &field);
    for (int i = 0; i < size; ++i) {
      if (i > 0) out_->push_back(',');
      Element(message, reflection, field, i);
    }
    out_->push_back(']');
  }

  // In order of key, so that equal messages are equal bytes.
  void Map(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
    const FieldDescriptor& key = *field.message_type()->map_key();
    const FieldDescriptor& value = *field.message_type()->map_value();
    std::vector<std::pair<std::string, const Message*>> entries;
    const int size = reflection.FieldSize(message, &field);
    for (int i = 0; i < size; ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
      std::string text;
      Writer(options_, &text).Value(entry, *entry.GetReflection(), key);
      entries.emplace_back(text[0] == '"' ? text : absl::StrCat("\"", text, "\""), &entry);
    }
    std::sort(entries.begin(), entries.end());
    out_->push_back('{');
    for (size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) out_->push_back(',');
      absl::StrAppend(out_, entries[i].first, ":");
      Value(*entries[i].second, *entries[i].second->GetReflection(), value);
    }
    out_->push_back('}');
  }

  void Value(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        absl::StrAppend(out_, reflection.GetInt32(message, &field));
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        absl::StrAppend(out_, reflection.GetUInt32(message, &field));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        absl::StrAppend(out_, "\"", reflection.GetInt64(message, &field), "\"");
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        absl::StrAppend(out_, "\"", reflection.GetUInt64(message, &field), "\"");
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        AppendDouble(reflection.GetDouble(message, &field), 17, out_);
        break;
      case FieldDescriptor::CPPTYPE_FLOAT:
        AppendDouble(reflection.GetFloat(message, &field), 9, out_);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        out_->append(reflection.GetBool(message, &field) ? "true" : "false");
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        AppendEnum(field, reflection.GetEnumValue(message, &field), out_);
        break;
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        Text(field, reflection.GetStringReference(message, &field, &scratch));
        break;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Object(reflection.GetMessage(message, &field));
        break;
    }
  }

  void Element(const Message& message, const Reflection& reflection, const FieldDescriptor& field,
               int i) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        absl::StrAppend(out_, reflection.GetRepeatedInt32(message, &field, i));
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        absl::StrAppend(out_, reflection.GetRepeatedUInt32(message, &field, i));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        absl::StrAppend(out_, "\"", reflection.GetRepeatedInt64(message, &field, i), "\"");
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        absl::StrAppend(out_, "\"", reflection.GetRepeatedUInt64(message, &field, i), "\"");
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        AppendDouble(reflection.GetRepeatedDouble(message, &field, i), 17, out_);
        break;
      case FieldDescriptor::CPPTYPE_FLOAT:
        AppendDouble(reflection.GetRepeatedFloat(message, &field, i), 9, out_);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        out_->append(reflection.GetRepeatedBool(message, &field, i) ? "true" : "false");
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        AppendEnum(field, reflection.GetRepeatedEnumValue(message, &field, i), out_);
        break;
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        Text(field, reflection.GetRepeatedStringReference(message, &field, i, &scratch));
        break;
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        Object(reflection.GetRepeatedMessage(message, &field, i));
        break;
    }
  }

  void Text(const FieldDescriptor& field, const std::string& value) {
    if (field.type() == FieldDescriptor::TYPE_BYTES) {
      absl::StrAppend(out_, "\"", absl::Base64Escape(value), "\"");
    } else {
      AppendJsonString(value, out_);
    }
  }

  const WriteOptions& options_;
  std::string* const out_;
};

}  // namespace

void AppendJsonString(absl::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out->push_back('"');
  size_t run = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) continue;
    out->append(text.data() + run, i - run);
    run = i + 1;
    switch (c) {
      case '"':
        out->append("\\\"");
        break;
      case '\\':
        out->append("\\\\");
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\r':
        out->append("\\r");
        break;
      case '\t':
        out->append("\\t");
        break;
      default:
        out->append("\\u00");
        out->push_back(kHex[c >> 4]);
        out->push_back(kHex[c & 15]);
    }
  }
  out->append(text.data() + run, text.size() - run);
  out->push_back('"');
}

void AppendJson(const Message& message, const WriteOptions& options, std::string* out) {
  Writer(options, out).Object(message);
}

std::string WriteJson(const Message& message, const WriteOptions& options) {
  std::string out;
  AppendJson(message, options, &out);
  return out;
}

}  // namespace nscl::json
