// What the values of an XLSX cell mean: numbers, dates by their format, escaped characters.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::sheet {

// How the numbers of a cell format are to be read.
struct NumberFormat {
  bool date = false;
  int padded_digits = 0;  // "0000000000" shows leading zeros: so many digits
};

// By the number of a built-in format (ECMA-376 part 1, 18.8.30), and by the code of one's own.
NumberFormat BuiltInFormat(int id);
NumberFormat FormatOfCode(absl::string_view code);

// The text of a number as it stands in the file, "5800123458" or "5.8001234580000004E9", under its
// format: whole numbers without exponent, dates as "2026-11-22", with the time of day where they
// have one. What is no number is given back.
std::string NumberText(absl::string_view value, const NumberFormat& format, bool dates_from_1904);

// "_x000D_" as the character that it stands for (ST_Xstring), and a text that holds such letters
// written so that they come back.
std::string Unescape(absl::string_view text);
std::string Escape(absl::string_view text);

}  // namespace nscl::sheet
