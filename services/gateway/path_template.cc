#include "services/gateway/path_template.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/json/field_text.h"
#include "common/status/status_macros.h"
#include "services/gateway/errors.h"

namespace nscl::gateway {
namespace {

absl::Status BadTemplate(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("path template \"", text, "\": ", what));
}

bool IsLiteral(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~';
  });
}

absl::Status AddSegment(absl::string_view text, absl::string_view segment, PathTemplate& out) {
  if (!out.segments.empty() && out.segments.back().kind == PathTemplate::Segment::kRest) {
    return BadTemplate(text, "** must be the last segment");
  }
  if (segment == "*") {
    out.segments.push_back({PathTemplate::Segment::kOne, ""});
  } else if (segment == "**") {
    out.segments.push_back({PathTemplate::Segment::kRest, ""});
  } else if (IsLiteral(segment)) {
    out.segments.push_back({PathTemplate::Segment::kLiteral, std::string(segment)});
  } else {
    return BadTemplate(text, absl::StrCat("bad segment \"", segment, "\""));
  }
  return absl::OkStatus();
}

// Decodes %XX. `what` must decode to clean UTF-8 without control characters.
absl::Status Decode(absl::string_view text, bool plus_is_blank, std::string* out) {
  out->clear();
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !absl::ascii_isxdigit(text[i + 1]) ||
          !absl::ascii_isxdigit(text[i + 2])) {
        return errors::MalformedPath("an incomplete %-escape");
      }
      const auto digit = [](char h) {
        return absl::ascii_isdigit(h) ? h - '0' : absl::ascii_tolower(h) - 'a' + 10;
      };
      c = static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      return errors::MalformedPath("a control character");
    }
    out->push_back(c);
  }
  size_t bad;
  if (!json::IsCleanUtf8(*out, &bad)) return errors::MalformedPath("text that is not UTF-8");
  return absl::OkStatus();
}

absl::Status DecodeSegment(absl::string_view text, std::string* out) {
  RETURN_IF_ERROR(Decode(text, /*plus_is_blank=*/false, out));
  if (out->empty()) return errors::MalformedPath("an empty segment");
  if (*out == "." || *out == "..") return errors::MalformedPath("a \".\" or \"..\" segment");
  if (out->find('/') != std::string::npos) return errors::MalformedPath("an escaped \"/\"");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PathTemplate> ParsePathTemplate(absl::string_view text) {
  PathTemplate out;
  absl::string_view rest = text;
  if (rest.empty() || rest[0] != '/') return BadTemplate(text, "must begin with /");
  // The verb is what follows the last colon, if that is after the last slash and brace.
  if (const size_t colon = rest.rfind(':'); colon != absl::string_view::npos) {
    if (rest.find_first_of("/}", colon) != absl::string_view::npos) {
      return BadTemplate(text, "a colon within the path");
    }
    out.verb = std::string(rest.substr(colon + 1));
    rest = rest.substr(0, colon);
    if (!IsLiteral(out.verb)) return BadTemplate(text, "bad verb");
  }
  rest.remove_prefix(1);
  while (true) {
    if (!rest.empty() && rest[0] == '{') {
      const size_t close = rest.find('}');
      if (close == absl::string_view::npos) return BadTemplate(text, "a brace without end");
      absl::string_view inside = rest.substr(1, close - 1);
      rest.remove_prefix(close + 1);
      absl::string_view pattern = "*";
      if (const size_t equals = inside.find('='); equals != absl::string_view::npos) {
        pattern = inside.substr(equals + 1);
        inside = inside.substr(0, equals);
      }
      PathTemplate::Variable variable;
      variable.field_path = std::string(inside);
      variable.begin = out.segments.size();
      for (absl::string_view segment : absl::StrSplit(pattern, '/')) {
        RETURN_IF_ERROR(AddSegment(text, segment, out));
      }
      variable.end = out.segments.size();
      for (absl::string_view part : absl::StrSplit(variable.field_path, '.')) {
        if (!IsLiteral(part)) return BadTemplate(text, "bad variable");
      }
      out.variables.push_back(std::move(variable));
    } else {
      const size_t end = std::min(rest.find('/'), rest.size());
      RETURN_IF_ERROR(AddSegment(text, rest.substr(0, end), out));
      rest.remove_prefix(end);
    }
    if (rest.empty()) break;
    if (rest[0] != '/') return BadTemplate(text, "text after a variable");
    rest.remove_prefix(1);
  }
  return out;
}

bool Overlap(const PathTemplate& a, const PathTemplate& b) {
  if (a.verb != b.verb) return false;
  for (size_t i = 0;; ++i) {
    const bool a_ends = i == a.segments.size();
    const bool b_ends = i == b.segments.size();
    if (a_ends || b_ends) return a_ends && b_ends;
    if (a.segments[i].kind == PathTemplate::Segment::kRest ||
        b.segments[i].kind == PathTemplate::Segment::kRest) {
      return true;
    }
    if (a.segments[i].kind == PathTemplate::Segment::kLiteral &&
        b.segments[i].kind == PathTemplate::Segment::kLiteral &&
        a.segments[i].literal != b.segments[i].literal) {
      return false;
    }
  }
}

absl::StatusOr<Target> ParseTarget(absl::string_view target) {
  Target out;
  if (target.empty() || target[0] != '/') return errors::MalformedPath("no leading \"/\"");
  absl::string_view query;
  if (const size_t mark = target.find('?'); mark != absl::string_view::npos) {
    query = target.substr(mark + 1);
    target = target.substr(0, mark);
  }
  target.remove_prefix(1);
  if (!target.empty()) {
    // The verb is cut off before decoding: an escaped colon belongs to the segment.
    const size_t slash = target.rfind('/');
    const size_t last = slash == absl::string_view::npos ? 0 : slash + 1;
    if (const size_t colon = target.find(':', last); colon != absl::string_view::npos) {
      RETURN_IF_ERROR(DecodeSegment(target.substr(colon + 1), &out.verb));
      target = target.substr(0, colon);
    }
    for (absl::string_view segment : absl::StrSplit(target, '/')) {
      std::string decoded;
      RETURN_IF_ERROR(DecodeSegment(segment, &decoded));
      out.segments.push_back(std::move(decoded));
    }
  }
  if (query.empty()) return out;
  for (absl::string_view pair : absl::StrSplit(query, '&')) {
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    if (equals == absl::string_view::npos) {
      return errors::MalformedPath("a query parameter without \"=\"");
    }
    std::string key, value;
    RETURN_IF_ERROR(Decode(pair.substr(0, equals), true, &key));
    RETURN_IF_ERROR(Decode(pair.substr(equals + 1), true, &value));
    out.query.emplace_back(std::move(key), std::move(value));
  }
  return out;
}

}  // namespace nscl::gateway
