#include "common/resource/filter.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"

namespace nscl::resource {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// "STATE_OPEN, STATE_CLOSED": what a filter may ask for, less the first, which stands for no value.
std::string ValuesOf(const google::protobuf::EnumDescriptor& type) {
  std::string values;
  for (int i = 1; i < type.value_count(); ++i) {
    absl::StrAppend(&values, i == 1 ? "" : ", ", type.value(i)->name());
  }
  return values;
}

// Characters of a word: paths, names of enum values, numbers, names of resources.
bool IsWordChar(char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '/' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

absl::Status Fault(size_t position, absl::string_view en, absl::string_view vi) {
  return status::Error(absl::StatusCode::kInvalidArgument, "FILTER")
      .Meta("position", position)
      .Field("filter", absl::StrCat("FILTER: at ", position, ": ", en))
      .En("filter, at byte ", position, ": ", en)
      .Vi("bộ lọc, tại vị trí ", position, ": ", vi);
}

// Fields along a path, or empty where there is no such path through singular fields to a scalar.
std::vector<const FieldDescriptor*> FieldsOf(const Descriptor* type, absl::string_view path) {
  std::vector<const FieldDescriptor*> fields;
  for (absl::string_view part : absl::StrSplit(path, '.')) {
    if (type == nullptr) return {};
    const FieldDescriptor* field = type->FindFieldByName(std::string(part));
    if (field == nullptr || field->is_repeated()) return {};
    fields.push_back(field);
    type = field->message_type();
  }
  return type == nullptr ? fields : std::vector<const FieldDescriptor*>{};
}

template <typename T>
int Compare(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

class FilterParser {
 public:
  FilterParser(absl::string_view text, const Descriptor* type,
               absl::Span<const absl::string_view> allowed)
      : text_(text), type_(type), allowed_(allowed) {}

  absl::StatusOr<Filter> Parse() {
    if (text_.size() > kMaxFilterBytes) {
      return Fault(kMaxFilterBytes, absl::StrCat("longer than ", kMaxFilterBytes, " bytes"),
                   absl::StrCat("dài quá ", kMaxFilterBytes, " byte"));
    }
    RETURN_IF_ERROR(Next());
    if (token_.kind == Token::kEnd) return std::move(filter_);
    ASSIGN_OR_RETURN(filter_.root_, And(0));
    if (token_.kind != Token::kEnd) return Expected("AND, OR or the end");
    return std::move(filter_);
  }

 private:
  using Node = Filter::Node;
  using Comparison = Filter::Comparison;

  struct Token {
    enum Kind { kEnd, kWord, kText, kOperator, kOpen, kClose };
    Kind kind = kEnd;
    size_t position = 0;
    std::string text;  // without quotes
  };

  bool IsKeyword(absl::string_view keyword) const {
    return token_.kind == Token::kWord && token_.text == keyword;
  }

  absl::Status Expected(absl::string_view what) const {
    return Fault(token_.position, absl::StrCat("expected ", what), absl::StrCat("cần ", what));
  }

  absl::Status Next() {
    while (position_ < text_.size() && absl::ascii_isspace(text_[position_])) ++position_;
    token_ = Token{Token::kEnd, position_, ""};
    if (position_ == text_.size()) return absl::OkStatus();
    char c = text_[position_];
    if (c == '(' || c == ')') {
      ++position_;
      token_.kind = c == '(' ? Token::kOpen : Token::kClose;
      return absl::OkStatus();
    }
    if (c == '"' || c == '\'') return NextText(c);
    if (c == '=' || c == '!' || c == '<' || c == '>') {
      bool two = c != '=' && position_ + 1 < text_.size() && text_[position_ + 1] == '=';
      token_.kind = Token::kOperator;
      token_.text = std::string(text_.substr(position_, two ? 2 : 1));
      position_ += token_.text.size();
      if (token_.text == "!") return Expected("=, !=, <, <=, > or >=");
      return absl::OkStatus();
    }
    if (!IsWordChar(c)) {
      return Fault(position_,
                   absl::StrCat("a character that has no meaning here, code ",
                                static_cast<unsigned char>(c)),
                   "ký tự không hợp lệ");
    }
    token_.kind = Token::kWord;
    while (position_ < text_.size() && IsWordChar(text_[position_])) {
      token_.text.push_back(text_[position_++]);
    }
    return absl::OkStatus();
  }

  absl::Status NextText(char quote) {
    token_.kind = Token::kText;
    for (++position_; position_ < text_.size(); ++position_) {
      char c = text_[position_];
      if (c == quote) {
        ++position_;
        return absl::OkStatus();
      }
      if (c == '\\') {
        if (++position_ == text_.size()) break;
        c = text_[position_];
        if (c != '"' && c != '\'' && c != '\\') {
          return Fault(position_ - 1, "only \\\", \\' and \\\\ are known",
                       "dãy thoát không hợp lệ");
        }
      }
      token_.text.push_back(c);
    }
    return Fault(token_.position, "text without a closing quote", "chuỗi thiếu dấu nháy đóng");
  }

  int Add(Node node) {
    filter_.nodes_.push_back(std::move(node));
    return static_cast<int>(filter_.nodes_.size()) - 1;
  }

  absl::StatusOr<int> And(int depth) { return Chain("AND", Filter::Kind::kAnd, depth); }
  absl::StatusOr<int> Or(int depth) { return Chain("OR", Filter::Kind::kOr, depth); }

  absl::StatusOr<int> Chain(absl::string_view keyword, Filter::Kind kind, int depth) {
    Node node{kind, {}, {}};
    while (true) {
      ASSIGN_OR_RETURN(int child, kind == Filter::Kind::kAnd ? Or(depth) : Term(depth));
      node.children.push_back(child);
      if (!IsKeyword(keyword)) break;
      RETURN_IF_ERROR(Next());
    }
    return node.children.size() == 1 ? node.children[0] : Add(std::move(node));
  }

  absl::StatusOr<int> Term(int depth) {
    if (depth >= kMaxFilterDepth) {
      return Fault(token_.position, absl::StrCat("nested deeper than ", kMaxFilterDepth),
                   absl::StrCat("lồng nhau quá ", kMaxFilterDepth, " cấp"));
    }
    if (IsKeyword("NOT")) {
      RETURN_IF_ERROR(Next());
      ASSIGN_OR_RETURN(int child, Term(depth + 1));
      return Add({Filter::Kind::kNot, {child}, {}});
    }
    if (token_.kind == Token::kOpen) {
      RETURN_IF_ERROR(Next());
      ASSIGN_OR_RETURN(int inner, And(depth + 1));
      if (token_.kind != Token::kClose) return Expected("AND, OR or )");
      RETURN_IF_ERROR(Next());
      return inner;
    }
    return ReadComparison();
  }

  absl::StatusOr<int> ReadComparison() {
    if (++comparisons_ > kMaxFilterComparisons) {
      return Fault(token_.position,
                   absl::StrCat("more than ", kMaxFilterComparisons, " comparisons"),
                   absl::StrCat("quá ", kMaxFilterComparisons, " điều kiện"));
    }
    if (token_.kind != Token::kWord) return Expected("a field");
    Comparison comparison;
    comparison.path = token_.text;
    for (absl::string_view path : allowed_) {
      if (path == comparison.path) comparison.fields = FieldsOf(type_, path);
    }
    if (comparison.fields.empty()) {
      std::string known = absl::StrJoin(allowed_, ", ");
      return Fault(token_.position, absl::StrCat("no field to filter by; there are: ", known),
                   absl::StrCat("không lọc được theo trường này; các trường: ", known));
    }
    RETURN_IF_ERROR(Next());
    if (token_.kind != Token::kOperator) return Expected("=, !=, <, <=, > or >=");
    RETURN_IF_ERROR(ReadOperator(&comparison));
    RETURN_IF_ERROR(Next());
    if (token_.kind != Token::kWord && token_.kind != Token::kText) return Expected("a value");
    comparison.text = token_.text;
    RETURN_IF_ERROR(ReadValue(&comparison));
    RETURN_IF_ERROR(Next());
    return Add({Filter::Kind::kComparison, {}, std::move(comparison)});
  }

  absl::Status ReadOperator(Comparison* comparison) const {
    using Operator = Filter::Operator;
    constexpr std::pair<absl::string_view, Operator> kOperators[] = {
        {"=", Operator::kEqual},   {"!=", Operator::kNotEqual},
        {"<", Operator::kLess},    {"<=", Operator::kLessOrEqual},
        {">", Operator::kGreater}, {">=", Operator::kGreaterOrEqual},
    };
    for (const auto& [text, op] : kOperators) {
      if (text == token_.text) comparison->op = op;
    }
    FieldDescriptor::CppType type = comparison->fields.back()->cpp_type();
    bool ordered = type != FieldDescriptor::CPPTYPE_BOOL && type != FieldDescriptor::CPPTYPE_ENUM;
    if (!ordered && comparison->op != Operator::kEqual && comparison->op != Operator::kNotEqual) {
      return Expected("= or != for this field");
    }
    return absl::OkStatus();
  }

  absl::Status ReadValue(Comparison* comparison) const {
    const FieldDescriptor* field = comparison->fields.back();
    const std::string& text = comparison->text;
    bool quoted = token_.kind == Token::kText;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        comparison->value = text;
        return absl::OkStatus();
      case FieldDescriptor::CPPTYPE_BOOL:
        if (quoted || (text != "true" && text != "false")) return Expected("true or false");
        comparison->value = text == "true";
        return absl::OkStatus();
      case FieldDescriptor::CPPTYPE_ENUM: {
        const EnumValueDescriptor* value = field->enum_type()->FindValueByName(text);
        if (value == nullptr) {
          return Expected(absl::StrCat("one of ", ValuesOf(*field->enum_type())));
        }
        comparison->value = int64_t{value->number()};
        return absl::OkStatus();
      }
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64: {
        int64_t number;
        if (quoted || !absl::SimpleAtoi(text, &number)) return Expected("a whole number");
        comparison->value = number;
        return absl::OkStatus();
      }
      default: {  // CPPTYPE_UINT32, CPPTYPE_UINT64: Parse lets no other in
        uint64_t number;
        if (quoted || !absl::SimpleAtoi(text, &number)) return Expected("a whole number");
        comparison->value = number;
        return absl::OkStatus();
      }
    }
  }

  absl::string_view text_;
  const Descriptor* type_;
  absl::Span<const absl::string_view> allowed_;
  size_t position_ = 0;
  Token token_;
  int comparisons_ = 0;
  Filter filter_;
};

absl::StatusOr<Filter> Filter::Parse(absl::string_view text, const Descriptor* type,
                                     absl::Span<const absl::string_view> allowed) {
  for (absl::string_view path : allowed) {
    std::vector<const FieldDescriptor*> fields = FieldsOf(type, path);
    if (fields.empty() || fields.back()->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE ||
        fields.back()->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
      std::fprintf(stderr, "%s cannot be filtered by \"%s\"\n", type->full_name().c_str(),
                   std::string(path).c_str());
      std::abort();
    }
  }
  return FilterParser(text, type, allowed).Parse();
}

bool Filter::Matches(const Message& message) const { return empty() || Matches(root_, message); }

bool Filter::Matches(int index, const Message& message) const {
  const Node& node = nodes_[index];
  switch (node.kind) {
    case Kind::kComparison:
      return Holds(node.comparison, message);
    case Kind::kNot:
      return !Matches(node.children[0], message);
    case Kind::kAnd:
      for (int child : node.children) {
        if (!Matches(child, message)) return false;
      }
      return true;
    case Kind::kOr:
      for (int child : node.children) {
        if (Matches(child, message)) return true;
      }
      return false;
  }
  return false;
}

bool Filter::Holds(const Comparison& comparison, const Message& message) {
  const Message* holder = &message;
  for (size_t i = 0; i + 1 < comparison.fields.size(); ++i) {
    const Reflection* reflection = holder->GetReflection();
    if (!reflection->HasField(*holder, comparison.fields[i])) return false;
    holder = &reflection->GetMessage(*holder, comparison.fields[i]);
  }
  const Reflection* reflection = holder->GetReflection();
  const FieldDescriptor* field = comparison.fields.back();
  if (field->has_presence() && !reflection->HasField(*holder, field)) return false;
  int order = 0;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      order = reflection->GetStringReference(*holder, field, &scratch)
                  .compare(absl::get<std::string>(comparison.value));
      break;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      order = Compare(reflection->GetBool(*holder, field), absl::get<bool>(comparison.value));
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      order = Compare(int64_t{reflection->GetEnumValue(*holder, field)},
                      absl::get<int64_t>(comparison.value));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      order = Compare(int64_t{reflection->GetInt32(*holder, field)},
                      absl::get<int64_t>(comparison.value));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      order = Compare(int64_t{reflection->GetInt64(*holder, field)},
                      absl::get<int64_t>(comparison.value));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      order = Compare(uint64_t{reflection->GetUInt32(*holder, field)},
                      absl::get<uint64_t>(comparison.value));
      break;
    default:
      order = Compare(uint64_t{reflection->GetUInt64(*holder, field)},
                      absl::get<uint64_t>(comparison.value));
      break;
  }
  switch (comparison.op) {
    case Operator::kEqual:
      return order == 0;
    case Operator::kNotEqual:
      return order != 0;
    case Operator::kLess:
      return order < 0;
    case Operator::kLessOrEqual:
      return order <= 0;
    case Operator::kGreater:
      return order > 0;
    case Operator::kGreaterOrEqual:
      return order >= 0;
  }
  return false;
}

const Filter::Comparison* Filter::Required(int index, absl::string_view path) const {
  const Node& node = nodes_[index];
  if (node.kind == Kind::kComparison) {
    bool required = node.comparison.op == Operator::kEqual && node.comparison.path == path;
    return required ? &node.comparison : nullptr;
  }
  if (node.kind != Kind::kAnd) return nullptr;
  for (int child : node.children) {
    if (const Comparison* found = Required(child, path)) return found;
  }
  return nullptr;
}

absl::optional<std::string> Filter::RequiredValue(absl::string_view path) const {
  const Comparison* found = empty() ? nullptr : Required(root_, path);
  if (found == nullptr) return absl::nullopt;
  return found->text;
}

}  // namespace nscl::resource
