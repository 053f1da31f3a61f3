// Amounts in Vietnamese words. No legal text fixes the wording; the convention: "nghìn", "tỷ",
// "linh", "mươi mốt / mươi tư / mươi lăm", "mười lăm", "không trăm" kept where a higher group
// stands before, first letter upper case, the unit đồng.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::text {

// "Năm tỷ hai trăm mười triệu đồng". Every int64 has words: above 10^9 the number of "tỷ" is itself
// read in words ("Một nghìn tỷ"), above 10^18 as "tỷ tỷ".
std::string AmountInWords(int64_t amount_vnd);

// Reads an amount in words, in any case and Unicode form: the words above, and what papers also
// print (tỉ, ngàn, lẻ, bốn for tư, bẩy, nhăm; commas between groups; with or without "đồng" and a
// closing "chẵn" or full stop). INVALID_ARGUMENT `AMOUNT_WORDS` with metadata `position` (the word,
// from 1) where it is no amount; AMOUNT_RANGE above int64.
absl::StatusOr<int64_t> ParseAmountInWords(absl::string_view words);

}  // namespace nscl::text
