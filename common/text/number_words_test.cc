#include "common/text/number_words.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/money/money.h"
#include "common/testing/data_file.h"
#include "common/testing/random.h"
#include "common/testing/status_matchers.h"

namespace nscl::text {
namespace {

using ::nscl::testing::IsOkAndHolds;
using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(NumberWordsTest, CanonicalVectors) {
  nlohmann::json file = testing::ReadJson("tests/data/number_words_vectors.json");
  ASSERT_EQ(file["canonical_vectors"].size(), 34u);
  for (const auto& row : file["canonical_vectors"]) {
    int64_t value = row["value"];
    std::string words = row["words"];
    SCOPED_TRACE(value);
    EXPECT_EQ(AmountInWords(value), words);
    EXPECT_THAT(ParseAmountInWords(words), IsOkAndHolds(value));
  }
}

TEST(NumberWordsTest, AcceptedInputs) {
  nlohmann::json file = testing::ReadJson("tests/data/number_words_vectors.json");
  ASSERT_EQ(file["accepted_inputs"].size(), 5u);
  for (const auto& row : file["accepted_inputs"]) {
    std::string words = row["input"];
    SCOPED_TRACE(words);
    EXPECT_THAT(ParseAmountInWords(words), IsOkAndHolds(row["value"].get<int64_t>()));
  }
}

// Every accepted variant, put into every canonical vector, is read as the same amount.
TEST(NumberWordsTest, AcceptedVariants) {
  nlohmann::json file = testing::ReadJson("tests/data/number_words_vectors.json");
  int replaced = 0;
  for (const auto& [canonical, variants] : file["accept_variants"].items()) {
    std::string from = canonical == "mươi_lăm" ? "mươi lăm" : canonical;
    for (const auto& variant : variants) {
      for (const auto& row : file["canonical_vectors"]) {
        std::string words = row["words"];
        size_t at = words.find(" " + from + " ");
        if (at == std::string::npos) continue;
        ++replaced;
        words.replace(at + 1, from.size(), variant.get<std::string>());
        EXPECT_THAT(ParseAmountInWords(words), IsOkAndHolds(row["value"].get<int64_t>())) << words;
      }
    }
  }
  EXPECT_GT(replaced, 25);
}

TEST(NumberWordsTest, MoreThatPapersPrint) {
  struct {
    const char* words;
    int64_t value;
  } rows[] = {
      {"NĂM TỶ BA TRĂM MƯỜI TRIỆU ĐỒNG", 5'310'000'000},
      {"Năm tỷ đồng chẵn.", 5'000'000'000},
      {"hai mươi lăm nghìn", 25'000},
      {"mười nhăm đồng", 15},
      {"một trăm lẻ tám đồng.", 108},
      {"hai triệu năm nghìn đồng", 2'005'000},
      {"hai triệu năm mươi nghìn đồng", 2'050'000},
      {"một nghìn linh năm", 1'005},
      {"hai mươi bốn", 24},
      {"  một \n nghìn\tđồng ", 1'000},
      {"Một nghi\u0300n đồng", 1'000},  // NFD
      {"âm năm đồng", -5},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(ParseAmountInWords(row.words), IsOkAndHolds(row.value)) << row.words;
  }
}

TEST(NumberWordsTest, RefusedWithThePlace) {
  struct {
    std::string words;
    const char* reason;
    const char* position;
  } rows[] = {
      {"", "AMOUNT_WORDS", "1"},
      {"đồng", "AMOUNT_WORDS", "1"},
      {"âm", "AMOUNT_WORDS", "2"},
      {"một hai", "AMOUNT_WORDS", "2"},
      {"một trăm năm", "AMOUNT_WORDS", "3"},        // 105 or 150
      {"hai triệu năm đồng", "AMOUNT_WORDS", "3"},  // 2,000,005 or 2,500,000
      {"năm triệu ba tỷ", "AMOUNT_WORDS", "3"},     // 5,000,003 tỷ is not written so
      {"hai nghìn ba triệu", "AMOUNT_WORDS", "2"},
      {"hai nghìn ba nghìn", "AMOUNT_WORDS", "4"},
      {"tỷ đồng", "AMOUNT_WORDS", "1"},
      {"không tỷ", "AMOUNT_WORDS", "1"},
      {"không trăm linh năm", "AMOUNT_WORDS", "1"},
      {"mươi", "AMOUNT_WORDS", "1"},
      {"một mươi", "AMOUNT_WORDS", "2"},
      {"linh năm", "AMOUNT_WORDS", "1"},
      {"mười mốt", "AMOUNT_WORDS", "2"},
      {"hai mươi năm", "AMOUNT_WORDS", "3"},
      {"mười tư", "AMOUNT_WORDS", "2"},
      {"mười hai ba", "AMOUNT_WORDS", "3"},
      {"năm đô la", "AMOUNT_WORDS", "2"},
      {"5 triệu", "AMOUNT_WORDS", "1"},
      {"một đồng đồng", "AMOUNT_WORDS", "2"},
      {"\xFF\xFE", "AMOUNT_WORDS", "1"},
      {"mười tỷ tỷ", "AMOUNT_RANGE", ""},
      {"một tỷ tỷ tỷ tỷ", "AMOUNT_RANGE", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.words);
    absl::StatusOr<int64_t> value = ParseAmountInWords(row.words);
    EXPECT_EQ(Reason(value), row.reason);
    EXPECT_THAT(value, MetadataIs("position", row.position));
  }
  std::string endless;
  for (int i = 0; i < 100'000; ++i) endless += "tỷ ";
  EXPECT_EQ(Reason(ParseAmountInWords(endless)), "AMOUNT_WORDS");
}

TEST(NumberWordsTest, TheEndsOfInt64) {
  EXPECT_EQ(AmountInWords(1'000'000'000'000'000'000), "Một tỷ tỷ đồng");
  EXPECT_EQ(
      AmountInWords(kMax),
      "Chín tỷ hai trăm hai mươi ba triệu ba trăm bảy mươi hai nghìn không trăm ba mươi sáu tỷ "
      "tám trăm năm mươi tư triệu bảy trăm bảy mươi lăm nghìn tám trăm linh bảy đồng");
  for (int64_t value : {kMax, kMin, kMin + 1, money::kMaxAmountVnd, money::kMaxAmountVnd + 1}) {
    EXPECT_THAT(ParseAmountInWords(AmountInWords(value)), IsOkAndHolds(value));
  }
  EXPECT_EQ(
      Reason(ParseAmountInWords(
          "Chín tỷ hai trăm hai mươi ba triệu ba trăm bảy mươi hai nghìn không trăm ba mươi sáu "
          "tỷ tám trăm năm mươi tư triệu bảy trăm bảy mươi lăm nghìn tám trăm linh tám đồng")),
      "AMOUNT_RANGE");
}

TEST(NumberWordsTest, WhatIsWrittenIsReadBack) {
  for (int64_t value = 0; value < 12'000; ++value) {
    ASSERT_THAT(ParseAmountInWords(AmountInWords(value)), IsOkAndHolds(value));
  }
  std::mt19937_64 random = nscl::testing::SeededRandom();
  for (int i = 0; i < 10'000; ++i) {
    // Numbers of every length, many with runs of zeros.
    int64_t value = static_cast<int64_t>(random() >> (random() % 64));
    for (uint64_t zeros = random() % 12, scale = 1; zeros > 0; --zeros) {
      scale *= 10;
      if (random() % 3 == 0) value -= value % static_cast<int64_t>(scale);
    }
    ASSERT_THAT(ParseAmountInWords(AmountInWords(value)), IsOkAndHolds(value)) << value;
  }
}

// No other words are read as an amount that is written differently in digits: every random row of
// words is refused, or means what its own canonical form means.
TEST(NumberWordsTest, AnyWords) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  const char* words[] = {"không", "một",  "hai",   "năm",   "mười", "mươi", "mốt", "tư",   "lăm",
                         "linh",  "trăm", "nghìn", "triệu", "tỷ",   "đồng", "âm",  "chẵn", "x"};
  int read = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (uint64_t n = random() % 7; n > 0; --n) {
      text += std::string(words[random() % std::size(words)]) + " ";
    }
    absl::StatusOr<int64_t> value = ParseAmountInWords(text);
    if (!value.ok()) continue;
    ++read;
    EXPECT_THAT(ParseAmountInWords(AmountInWords(*value)), IsOkAndHolds(*value)) << text;
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace nscl::text
