#include "common/catalogue/rows.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"

namespace nscl::catalogue {
namespace {

using nlohmann::json;

// Fields beside `rows` that every file may have.
constexpr char kRows[] = "rows";

status::Error Refusal(absl::StatusCode code, absl::string_view file, absl::string_view place,
                      absl::string_view what) {
  return status::Error(code, "CATALOGUE")
      .Meta("file", file)
      .En("catalogue ", file, place.empty() ? "" : ", ", place, ": ", what)
      .Vi("danh mục ", file, place.empty() ? "" : ", ", place, ": ", what);
}

// Parses strictly: nlohmann keeps the last of two equal keys without a word.
absl::StatusOr<json> Parse(absl::string_view text, absl::string_view file) {
  std::vector<std::set<std::string>> open_objects;
  std::string duplicate;
  json::parser_callback_t callback = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open_objects.emplace_back();
    if (event == json::parse_event_t::object_end) open_objects.pop_back();
    if (event == json::parse_event_t::key &&
        !open_objects.back().insert(value.get<std::string>()).second) {
      duplicate = value.get<std::string>();
    }
    return true;
  };
  json root = json::parse(text.begin(), text.end(), callback, /*allow_exceptions=*/false);
  if (root.is_discarded() || !root.is_object()) {
    return Refusal(absl::StatusCode::kInvalidArgument, file, "", "is not a JSON object").Build();
  }
  if (!duplicate.empty()) {
    return Refusal(absl::StatusCode::kInvalidArgument, file, "",
                   absl::StrCat("has the key \"", duplicate, "\" twice in one object"))
        .Meta("field", duplicate)
        .Build();
  }
  return root;
}

}  // namespace

Row::Row(absl::string_view file, size_t index, const json& row)
    : file_(file), index_(index), row_(row) {
  if (!row_.is_object()) Fault("", "is not an object");
}

void Row::Fault(absl::string_view field, absl::string_view what) {
  if (!fault_.ok()) return;
  std::string place = index_ == 0 ? "head" : absl::StrCat("row ", index_);
  if (!field.empty()) absl::StrAppend(&place, ", ", field);
  fault_ = Refusal(absl::StatusCode::kInvalidArgument, file_, place, what)
               .Meta("row", index_)
               .Meta("field", field);
}

const json* Row::Find(absl::string_view field) {
  known_.insert(std::string(field));
  if (!row_.is_object()) return nullptr;
  auto found = row_.find(std::string(field));
  return found == row_.end() || found->is_null() ? nullptr : &*found;
}

std::string Row::OptionalText(absl::string_view field) {
  const json* value = Find(field);
  if (value == nullptr) return "";
  if (!value->is_string()) {
    Fault(field, "is not a text");
    return "";
  }
  return value->get<std::string>();
}

std::string Row::Text(absl::string_view field) {
  std::string text = OptionalText(field);
  if (text.empty()) Fault(field, "is missing");
  return text;
}

std::vector<std::string> Row::Texts(absl::string_view field) {
  const json* value = Find(field);
  std::vector<std::string> texts;
  if (value == nullptr || !value->is_array()) {
    Fault(field, "is not a list");
    return texts;
  }
  for (const json& text : *value) {
    if (text.is_string()) {
      texts.push_back(text.get<std::string>());
    } else {
      Fault(field, "is not a list of texts");
    }
  }
  return texts;
}

bool Row::Flag(absl::string_view field) {
  const json* value = Find(field);
  if (value != nullptr && value->is_boolean()) return value->get<bool>();
  Fault(field, "is not true or false");
  return false;
}

absl::optional<int64_t> Row::ToWhole(absl::string_view field, const json& value, int64_t min,
                                     int64_t max) {
  int64_t number = 0;
  bool whole = false;
  if (value.is_number_unsigned()) {
    whole = value.get<uint64_t>() <= static_cast<uint64_t>(INT64_MAX);
    number = value.get<int64_t>();
  } else if (value.is_number_integer()) {
    whole = true;
    number = value.get<int64_t>();
  } else if (value.is_string()) {
    whole = absl::SimpleAtoi(value.get<std::string>(), &number);
  }
  if (!whole || number < min || number > max) {
    Fault(field, absl::StrCat("is not a whole number of ", min, " to ", max));
    return absl::nullopt;
  }
  return number;
}

absl::optional<int64_t> Row::OptionalWhole(absl::string_view field, int64_t min, int64_t max) {
  const json* value = Find(field);
  if (value == nullptr) return absl::nullopt;
  return ToWhole(field, *value, min, max);
}

int64_t Row::Whole(absl::string_view field, int64_t min, int64_t max) {
  const json* value = Find(field);
  if (value == nullptr) {
    Fault(field, "is missing");
    return min;
  }
  return ToWhole(field, *value, min, max).value_or(min);
}

absl::optional<absl::CivilDay> Row::OptionalDay(absl::string_view field) {
  std::string text = OptionalText(field);
  if (text.empty()) return absl::nullopt;
  absl::StatusOr<absl::CivilDay> day = time::ParseIsoDate(text);
  if (!day.ok()) {
    Fault(field, absl::StrCat("\"", text, "\" is no date YYYY-MM-DD"));
    return absl::nullopt;
  }
  return *day;
}

absl::CivilDay Row::Day(absl::string_view field) {
  absl::optional<absl::CivilDay> day = OptionalDay(field);
  if (!day.has_value()) Fault(field, "is missing");
  return day.value_or(absl::CivilDay());
}

Basis Row::ReadBasis() {
  Basis basis;
  basis.valid_from = OptionalDay("valid_from");
  basis.valid_to = OptionalDay("valid_to");
  basis.legal_basis = Text("legal_basis");
  std::string confidence = Text("confidence");
  if (confidence != "H" && confidence != "M" && confidence != "L") {
    Fault("confidence", "is not H, M or L");
  }
  if (basis.valid_from.has_value() && basis.valid_to.has_value() &&
      *basis.valid_to < *basis.valid_from) {
    Fault("valid_to", "is before valid_from");
  }
  return basis;
}

absl::Status Row::Finish() const {
  if (!fault_.ok()) return fault_;
  for (const auto& [field, value] : row_.items()) {
    if (known_.count(field) > 0) continue;
    Row copy = *this;
    copy.Fault(field, "is not known");
    return copy.fault_;
  }
  return absl::OkStatus();
}

absl::Status ReadRowsOf(absl::string_view text, absl::string_view file,
                        absl::FunctionRef<void(Row&)> visit,
                        absl::FunctionRef<void(Row&)> visit_head) {
  ASSIGN_OR_RETURN(json root, Parse(text, file));
  Row head(file, 0, root);
  std::string schema = absl::StrCat("nscl.catalogue.", absl::StripSuffix(file, ".json"), ".v1");
  if (head.Text("schema") != schema) head.Fault("schema", absl::StrCat("is not ", schema));
  head.OptionalText("source");
  head.OptionalText("rule");
  if (!root.contains(kRows) || !root[kRows].is_array()) head.Fault(kRows, "is not a list");
  json rows = root.value(kRows, json::array());
  root.erase(kRows);
  visit_head(head);
  RETURN_IF_ERROR(head.Finish());
  size_t index = 0;
  for (const json& value : rows) {
    Row row(file, ++index, value);
    visit(row);
    RETURN_IF_ERROR(row.Finish());
  }
  return absl::OkStatus();
}

absl::Status ReadRows(absl::string_view dir, absl::string_view file,
                      absl::FunctionRef<void(Row&)> visit) {
  ASSIGN_OR_RETURN(std::string text, ReadFile(dir, file));
  return ReadRowsOf(text, file, visit, [](Row&) {});
}

absl::StatusOr<std::string> ReadFile(absl::string_view dir, absl::string_view file) {
  std::ifstream stream(absl::StrCat(dir, "/", file), std::ios::binary);
  std::ostringstream text;
  if (!stream.is_open() || !(text << stream.rdbuf())) {
    return Refusal(absl::StatusCode::kNotFound, file, "", absl::StrCat("cannot be read in ", dir))
        .Build();
  }
  return text.str();
}

absl::Status CheckNoOverlapOf(absl::string_view file,
                              absl::Span<const std::pair<std::string, Basis>> keyed) {
  for (size_t i = 0; i < keyed.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const Basis &a = keyed[i].second, &b = keyed[j].second;
      bool apart =
          (a.valid_to.has_value() && b.valid_from.has_value() && *a.valid_to < *b.valid_from) ||
          (b.valid_to.has_value() && a.valid_from.has_value() && *b.valid_to < *a.valid_from);
      if (keyed[i].first != keyed[j].first || apart) continue;
      return Refusal(absl::StatusCode::kInvalidArgument, file, absl::StrCat("row ", i + 1),
                     absl::StrCat(keyed[i].first, " holds on the same day as row ", j + 1))
          .Meta("row", i + 1);
    }
  }
  return absl::OkStatus();
}

}  // namespace nscl::catalogue
