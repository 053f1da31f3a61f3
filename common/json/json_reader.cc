#include "common/json/json_reader.h"

#include <google/protobuf/descriptor.h>

#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/json/errors.h"
#include "common/json/field_text.h"
#include "common/status/excerpt.h"
#include "common/status/status_macros.h"

namespace nscl::json {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Whole numbers up to here survive a client that keeps numbers as doubles.
constexpr int64_t kMaxExactDouble = (int64_t{1} << 53) - 1;

// Where the reader stands, as a chain on the stack; made into text only for an error.
struct Place {
  const Place* parent = nullptr;
  absl::string_view name;
  int64_t index = -1;  // of a list element

  std::string Path() const {
    std::string path = parent == nullptr ? std::string() : parent->Path();
    if (index >= 0) {
      absl::StrAppend(&path, "[", index, "]");
    } else if (!name.empty()) {
      absl::StrAppend(&path, path.empty() ? "" : ".", name);
    }
    return path;
  }
};

enum class Kind { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull, kEnd, kOther };

absl::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kObject:
      return "an object";
    case Kind::kArray:
      return "a list";
    case Kind::kString:
      return "a string";
    case Kind::kNumber:
      return "a number";
    case Kind::kTrue:
    case Kind::kFalse:
      return "true or false";
    case Kind::kNull:
      return "null";
    default:
      return "something else";
  }
}

class Reader {
 public:
  Reader(absl::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

  absl::Status ReadDocument(absl::string_view prefix, Message& message) {
    Place root{nullptr, prefix, -1};
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") return Malformed(root, "a byte order mark");
    SkipBlanks();
    if (TextTypeOf(*message.GetDescriptor()) != TextType::kNone) {
      RETURN_IF_ERROR(ReadTextMessage(message, root));
    } else {
      RETURN_IF_ERROR(ReadMessage(message, root));
    }
    SkipBlanks();
    if (at_ != text_.size()) return Malformed(root, "more text after the document");
    return absl::OkStatus();
  }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  Kind Peek() const {
    if (at_ == text_.size()) return Kind::kEnd;
    switch (text_[at_]) {
      case '{':
        return Kind::kObject;
      case '[':
        return Kind::kArray;
      case '"':
        return Kind::kString;
      case 't':
        return Kind::kTrue;
      case 'f':
        return Kind::kFalse;
      case 'n':
        return Kind::kNull;
      default:
        return text_[at_] == '-' || absl::ascii_isdigit(text_[at_]) ? Kind::kNumber : Kind::kOther;
    }
  }

  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  absl::Status Malformed(const Place& place, absl::string_view what) const {
    return errors::Malformed(at_, place.Path(), what);
  }

  // The value at hand is of the wrong kind, or is no value at all.
  absl::Status Wrong(const Place& place, absl::string_view wanted) const {
    const Kind kind = Peek();
    if (kind == Kind::kEnd) return Malformed(place, "the text ends early");
    if (kind == Kind::kOther) return Malformed(place, "an unexpected character");
    return errors::WrongType(place.Path(), wanted, KindName(kind));
  }

  absl::Status CountToken(const Place& place) {
    if (++tokens_ > limits_.tokens) {
      return errors::LimitExceeded(at_, place.Path(), "too many values", limits_.tokens);
    }
    return absl::OkStatus();
  }

  absl::Status Literal(absl::string_view word, const Place& place) {
    if (text_.substr(at_, word.size()) != word) return Malformed(place, "an unexpected character");
    at_ += word.size();
    if (at_ < text_.size() && (absl::ascii_isalnum(text_[at_]) || text_[at_] == '_')) {
      return Malformed(place, "an unexpected character");
    }
    return CountToken(place);
  }

  // A number as written, checked against the grammar of RFC 8259.
  absl::Status Number(const Place& place, absl::string_view* number) {
    const size_t begin = at_;
    const auto digits = [this] {
      const size_t first = at_;
      while (at_ < text_.size() && absl::ascii_isdigit(text_[at_])) ++at_;
      return at_ - first;
    };
    Take('-');
    const size_t whole = at_;
    if (digits() == 0) return Malformed(place, "a number without digits");
    if (text_[whole] == '0' && at_ - whole > 1) return Malformed(place, "a leading zero");
    if (Take('.') && digits() == 0) return Malformed(place, "a number without digits");
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (!Take('+')) Take('-');
      if (digits() == 0) return Malformed(place, "a number without digits");
    }
    if (at_ < text_.size() && (absl::ascii_isalnum(text_[at_]) || text_[at_] == '.')) {
      return Malformed(place, "an unexpected character in a number");
    }
    *number = text_.substr(begin, at_ - begin);
    if (number->size() > limits_.number_chars) {
      return errors::LimitExceeded(begin, place.Path(), "too long a number", limits_.number_chars);
    }
    return CountToken(place);
  }

  bool Hex4(uint32_t* code) {
    if (at_ + 4 > text_.size()) return false;
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_ + i];
      if (!absl::ascii_isxdigit(c)) return false;
      value = value * 16 + (absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10);
    }
    at_ += 4;
    *code = value;
    return true;
  }

  static void AppendUtf8(uint32_t code, std::string* out) {
    if (code < 0x80) {
      out->push_back(static_cast<char>(code));
    } else if (code < 0x800) {
      out->push_back(static_cast<char>(0xC0 | (code >> 6)));
      out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
      out->push_back(static_cast<char>(0xE0 | (code >> 12)));
      out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
      out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
    } else {
      out->push_back(static_cast<char>(0xF0 | (code >> 18)));
      out->push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3F)));
      out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
      out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
    }
  }

  absl::Status Escape(const Place& place, std::string* out) {
    if (at_ == text_.size()) return Malformed(place, "the text ends in an escape");
    switch (text_[at_++]) {
      case '"':
        out->push_back('"');
        return absl::OkStatus();
      case '\\':
        out->push_back('\\');
        return absl::OkStatus();
      case '/':
        out->push_back('/');
        return absl::OkStatus();
      case 'b':
        out->push_back('\b');
        return absl::OkStatus();
      case 'f':
        out->push_back('\f');
        return absl::OkStatus();
      case 'n':
        out->push_back('\n');
        return absl::OkStatus();
      case 'r':
        out->push_back('\r');
        return absl::OkStatus();
      case 't':
        out->push_back('\t');
        return absl::OkStatus();
      case 'u':
        break;
      default:
        --at_;
        return Malformed(place, "an unknown escape");
    }
    const size_t begin = at_ - 2;
    uint32_t code;
    if (!Hex4(&code)) return Malformed(place, "an incomplete \\u escape");
    if (code == 0) return errors::InvalidText(begin, place.Path(), "U+0000");
    if (code >= 0xDC00 && code <= 0xDFFF) {
      return errors::InvalidText(begin, place.Path(), "a lone surrogate");
    }
    if (code >= 0xD800 && code <= 0xDBFF) {
      uint32_t low = 0;
      if (!Take('\\') || !Take('u') || !Hex4(&low) || low < 0xDC00 || low > 0xDFFF) {
        return errors::InvalidText(begin, place.Path(), "a lone surrogate");
      }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    AppendUtf8(code, out);
    return absl::OkStatus();
  }

  // A string, unescaped. `*value` points into the text where nothing was escaped, else into
  // `*buffer`.
  absl::Status String(const Place& place, std::string* buffer, absl::string_view* value) {
    ++at_;  // the opening quote
    buffer->clear();
    bool copied = false;
    for (size_t run = at_;;) {
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20) {
        ++at_;
      }
      const absl::string_view part = text_.substr(run, at_ - run);
      if (buffer->size() + part.size() > limits_.string_bytes) {
        return errors::LimitExceeded(run, place.Path(), "too long a string", limits_.string_bytes);
      }
      size_t bad;
      if (!IsCleanUtf8(part, &bad)) {
        return errors::InvalidText(run + bad, place.Path(), "invalid UTF-8");
      }
      if (at_ == text_.size()) return Malformed(place, "a string without end");
      if (text_[at_] == '"' && !copied) {
        *value = part;
        break;
      }
      buffer->append(part.data(), part.size());
      if (text_[at_] == '"') {
        *value = *buffer;
        break;
      }
      if (text_[at_] != '\\') return Malformed(place, "a raw control character in a string");
      ++at_;
      copied = true;
      RETURN_IF_ERROR(Escape(place, buffer));
      run = at_;
    }
    ++at_;  // the closing quote
    return CountToken(place);
  }

  absl::Status Enter(const Place& place) {
    if (++depth_ > limits_.depth) return errors::DepthExceeded(at_, limits_.depth);
    ++at_;
    SkipBlanks();
    return CountToken(place);
  }

  // After a member or an element: true where another follows.
  absl::Status Next(char close, const Place& place, bool* more) {
    SkipBlanks();
    if (Take(close)) {
      *more = false;
      --depth_;
      return absl::OkStatus();
    }
    if (!Take(',')) {
      return Malformed(place, at_ == text_.size() ? "the text ends early" : "a missing comma");
    }
    SkipBlanks();
    if (at_ < text_.size() && text_[at_] == close) return Malformed(place, "a trailing comma");
    *more = true;
    return absl::OkStatus();
  }

  // A key and its colon.
  absl::Status Key(const Place& place, std::string* buffer, absl::string_view* key) {
    if (Peek() != Kind::kString) {
      return Malformed(place,
                       at_ == text_.size() ? "the text ends early" : "a key that is not a string");
    }
    RETURN_IF_ERROR(String(place, buffer, key));
    SkipBlanks();
    if (!Take(':')) return Malformed(place, "a missing colon");
    SkipBlanks();
    return absl::OkStatus();
  }

  absl::Status ReadMessage(Message& message, const Place& place) {
    if (Peek() != Kind::kObject) return Wrong(place, "an object");
    RETURN_IF_ERROR(Enter(place));
    if (Take('}')) {
      --depth_;
      return absl::OkStatus();
    }
    const Descriptor& type = *message.GetDescriptor();
    absl::InlinedVector<bool, 64> seen(type.field_count());
    std::string buffer;
    for (bool more = true; more;) {
      absl::string_view key;
      RETURN_IF_ERROR(Key(place, &buffer, &key));
      const std::string name(key);
      const FieldDescriptor* field = type.FindFieldByCamelcaseName(name);
      if (field == nullptr) field = type.FindFieldByName(name);
      if (field == nullptr) {
        return errors::UnknownField(Place{&place, status::Excerpt(name, 200), -1}.Path(),
                                    type.full_name());
      }
      const Place here{&place, field->name(), -1};
      if (seen[field->index()]) return errors::DuplicateField(here.Path());
      seen[field->index()] = true;
      if (Peek() == Kind::kNull) {  // protobuf's mapping: null is the same as leaving the field out
        RETURN_IF_ERROR(Literal("null", here));
      } else {
        RETURN_IF_ERROR(ReadField(message, *field, here));
      }
      RETURN_IF_ERROR(Next('}', place, &more));
    }
    return absl::OkStatus();
  }

  absl::Status ReadField(Message& message, const FieldDescriptor& field, const Place& place) {
    if (field.is_map()) return ReadMap(message, field, place);
    if (field.is_repeated()) return ReadList(message, field, place);
    if (const auto* oneof = field.real_containing_oneof();
        oneof != nullptr && message.GetReflection()->HasOneof(message, oneof)) {
      return errors::OneofConflict(place.Path(), oneof->name());
    }
    return ReadValue(message, field, place);
  }

  absl::Status ReadList(Message& message, const FieldDescriptor& field, const Place& place) {
    if (Peek() != Kind::kArray) return Wrong(place, "a list");
    RETURN_IF_ERROR(Enter(place));
    if (Take(']')) {
      --depth_;
      return absl::OkStatus();
    }
    int64_t index = 0;
    for (bool more = true; more; ++index) {
      RETURN_IF_ERROR(ReadValue(message, field, Place{&place, "", index}));
      RETURN_IF_ERROR(Next(']', place, &more));
    }
    return absl::OkStatus();
  }

  absl::Status ReadMap(Message& message, const FieldDescriptor& field, const Place& place) {
    if (Peek() != Kind::kObject) return Wrong(place, "an object");
    RETURN_IF_ERROR(Enter(place));
    if (Take('}')) {
      --depth_;
      return absl::OkStatus();
    }
    const Descriptor& entry_type = *field.message_type();
    absl::flat_hash_set<std::string> keys;
    std::string buffer;
    for (bool more = true; more;) {
      absl::string_view key;
      RETURN_IF_ERROR(Key(place, &buffer, &key));
      const std::string name(key);
      const Place here{&place, name, -1};
      if (!keys.insert(name).second) return errors::DuplicateField(here.Path());
      Message& entry = *message.GetReflection()->AddMessage(&message, &field);
      RETURN_IF_ERROR(SetFieldFromText(entry, *entry_type.map_key(), name, here.Path()));
      RETURN_IF_ERROR(ReadValue(entry, *entry_type.map_value(), here));
      RETURN_IF_ERROR(Next('}', place, &more));
    }
    return absl::OkStatus();
  }

  absl::Status ReadTextMessage(Message& message, const Place& place) {
    if (Peek() != Kind::kString) return Wrong(place, "a string");
    std::string buffer;
    absl::string_view text;
    RETURN_IF_ERROR(String(place, &buffer, &text));
    return ParseTextMessage(TextTypeOf(*message.GetDescriptor()), text, place.Path(), message);
  }

  // One value: sets it, or adds it to a repeated field.
  absl::Status ReadValue(Message& message, const FieldDescriptor& field, const Place& place) {
    const Reflection& reflection = *message.GetReflection();
    const Kind kind = Peek();
    absl::string_view text;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        // The kind first: a refused value must not leave an empty element behind.
        const bool is_text = TextTypeOf(*field.message_type()) != TextType::kNone;
        if (kind != (is_text ? Kind::kString : Kind::kObject)) {
          return Wrong(place, is_text ? "a string" : "an object");
        }
        Message& child = field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                             : *reflection.MutableMessage(&message, &field);
        return is_text ? ReadTextMessage(child, place) : ReadMessage(child, place);
      }
      case FieldDescriptor::CPPTYPE_BOOL: {
        if (kind != Kind::kTrue && kind != Kind::kFalse) return Wrong(place, "true or false");
        RETURN_IF_ERROR(Literal(kind == Kind::kTrue ? "true" : "false", place));
        field.is_repeated() ? reflection.AddBool(&message, &field, kind == Kind::kTrue)
                            : reflection.SetBool(&message, &field, kind == Kind::kTrue);
        return absl::OkStatus();
      }
      case FieldDescriptor::CPPTYPE_STRING: {
        if (kind != Kind::kString) return Wrong(place, "a string");
        std::string buffer;
        RETURN_IF_ERROR(String(place, &buffer, &text));
        if (field.type() == FieldDescriptor::TYPE_BYTES) {
          return SetFieldFromText(message, field, text, place.Path());
        }
        if (text.data() != buffer.data()) buffer.assign(text.data(), text.size());
        field.is_repeated() ? reflection.AddString(&message, &field, std::move(buffer))
                            : reflection.SetString(&message, &field, std::move(buffer));
        return absl::OkStatus();
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        if (kind != Kind::kString && kind != Kind::kNumber) return Wrong(place, "an enum value");
        return ReadFromText(message, field, kind, place);
      }
      default:
        break;
    }
    if (kind != Kind::kString && kind != Kind::kNumber) {
      if (kind == Kind::kEnd || kind == Kind::kOther) return Wrong(place, "a number");
      return errors::InvalidNumber(place.Path(), "a number");
    }
    return ReadFromText(message, field, kind, place);
  }

  // A number or an enum value, written as a JSON number or as a string.
  absl::Status ReadFromText(Message& message, const FieldDescriptor& field, Kind kind,
                            const Place& place) {
    std::string buffer;
    absl::string_view text;
    if (kind == Kind::kString) {
      RETURN_IF_ERROR(String(place, &buffer, &text));
    } else {
      RETURN_IF_ERROR(Number(place, &text));
      if (int64_t exact; field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 ||
                         field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
        if (!ParseInteger(text, &exact) || exact > kMaxExactDouble || exact < -kMaxExactDouble) {
          return errors::InvalidNumber(place.Path(),
                                       "a whole number; above 2^53-1 it is written as a string");
        }
      }
    }
    // The path costs an allocation and is only for errors: ask again with it.
    if (SetFieldFromText(message, field, text, "").ok()) return absl::OkStatus();
    return SetFieldFromText(message, field, text, place.Path());
  }

  const absl::string_view text_;
  const Limits& limits_;
  size_t at_ = 0;
  int depth_ = 0;
  size_t tokens_ = 0;
};

bool IsSupportedType(const Descriptor& type, std::set<const Descriptor*>& seen,
                     std::string* problem) {
  if (TextTypeOf(type) != TextType::kNone || !seen.insert(&type).second) return true;
  if (type.file()->package() == "google.protobuf") {
    *problem = type.full_name();
    return false;
  }
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.type() == FieldDescriptor::TYPE_GROUP) {
      *problem = field.full_name();
      return false;
    }
    if (field.message_type() != nullptr && !IsSupportedType(*field.message_type(), seen, problem)) {
      *problem = absl::StrCat(field.full_name(), ": ", *problem);
      return false;
    }
  }
  return true;
}

}  // namespace

absl::Status ReadJson(absl::string_view text, const Limits& limits, absl::string_view path_prefix,
                      Message& message) {
  return Reader(text, limits).ReadDocument(path_prefix, message);
}

bool IsSupported(const Descriptor& type, std::string* problem) {
  std::set<const Descriptor*> seen;
  return IsSupportedType(type, seen, problem);
}

}  // namespace nscl::json
