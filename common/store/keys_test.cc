// The bytes of the store's own keys: every store on a disk stands on them. A change that fails here
// is wrong.
#include "common/store/keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "common/store/group.h"
#include "common/store/hash.h"

namespace nscl::store::keys {
namespace {

std::string Bytes(std::initializer_list<int> bytes) {
  std::string out;
  for (int byte : bytes) out.push_back(static_cast<char>(byte));
  return out;
}

TEST(KeysTest, TheseBytesAreForEver) {
  EXPECT_EQ(std::string(kLogFamily), "log");
  EXPECT_EQ(std::string(kHistoryFamily), "history");
  EXPECT_EQ(std::string(kIdempotencyFamily), "idempotency");
  EXPECT_EQ(kStateTag, 's');
  EXPECT_EQ(kDerivedTag, 'd');
  EXPECT_EQ(kPersonalTag, 'p');
  EXPECT_EQ(PersonalKey("k"), Bytes({0, 'k'}));
  EXPECT_EQ(std::string(kHeadKey), "Mhead");
  EXPECT_EQ(LogKey(0x0102030405060708), Bytes({'L', 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(EventKey(258), Bytes({'E', 0, 0, 0, 0, 0, 0, 1, 2}));
  EXPECT_EQ(HistoryKey(Bytes({'k', 0, 'x'}), 3),
            Bytes({'k', 0, 0xff, 'x', 0, 1, 0, 0, 0, 0, 0, 0, 0, 3}));
  EXPECT_EQ(IdempotencyKey("org", "/m", "id"), Bytes({'o', 'r', 'g', 0, '/', 'm', 0, 'i', 'd'}));
  EXPECT_EQ(EventRowPrefix(5, "48"), Bytes({0, 0, 0, 0, 0, 0, 0, 5, 2, '4', '8'}));
  EXPECT_EQ(Hex(Sha256({"a", "bc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(KeysTest, TheStatesRecordsKeepTheirFieldNumbers) {
  nscl::store::v1::LogRecord record;
  record.set_revision(1);
  record.set_actor("a");
  nscl::store::v1::RowImage& image = *record.add_rows();
  image.set_key("k");
  image.set_value("v");
  EXPECT_EQ(record.SerializeAsString(),
            Bytes({0x08, 1, 0x22, 1, 'a', 0x62, 6, 0x0a, 1, 'k', 0x12, 1, 'v'}));
}

TEST(KeysTest, HistoryKeysSortLikeTheKeysAndComeApartAgain) {
  std::vector<std::string> rows = {
      "",  Bytes({0}),      Bytes({0, 0}),      Bytes({0, 1}), Bytes({0, 0xff}), Bytes({1}),
      "k", Bytes({'k', 0}), Bytes({'k', 0, 0}), "kk",          Bytes({0xff})};
  std::sort(rows.begin(), rows.end());
  std::string before;
  for (const std::string& row : rows) {
    for (int64_t revision : {1, 256}) {
      const std::string key = HistoryKey(row, revision);
      EXPECT_LT(before, key);
      before = key;
      std::string row_back;
      int64_t revision_back = 0;
      ASSERT_TRUE(ParseHistoryKey(key, &row_back, &revision_back));
      EXPECT_EQ(row_back, row);
      EXPECT_EQ(revision_back, revision);
    }
  }
  std::string row;
  int64_t revision;
  EXPECT_FALSE(ParseHistoryKey("short", &row, &revision));
  EXPECT_FALSE(ParseHistoryKey("a key without an end", &row, &revision));
}

TEST(KeysTest, AnEventRowComesApartAgain) {
  const std::string row = EventRowPrefix(7, "48") + "event";
  EventHeader header;
  ASSERT_TRUE(ParseEventRow(row, &header));
  EXPECT_EQ(header.revision, 7);
  EXPECT_EQ(std::string(header.province), "48");
  EXPECT_EQ(std::string(header.event), "event");
  EXPECT_FALSE(ParseEventRow(row.substr(0, 10), &header));
  EXPECT_FALSE(ParseEventRow("", &header));
}

}  // namespace
}  // namespace nscl::store::keys
