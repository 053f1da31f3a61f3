#include "services/registry/search/segment.h"

#include <gtest/gtest.h>

#include <cstring>

namespace nscl::registry::search {
namespace {

std::shared_ptr<const Segment> Of(const std::vector<Document>& documents) {
  size_t next = 0;
  return Segment::Build([&](DocumentView* view) {
    if (next == documents.size()) return false;
    const Document& document = documents[next++];
    *view = {document.key, document.text, document.attributes};
    return true;
  });
}

TEST(SegmentTest, KeepsWhatItIsMadeOf) {
  std::vector<Document> documents;
  for (int i = 0; i < 300; ++i) {
    Attributes attributes;
    attributes.commune = 20000 + i;
    documents.push_back(MakeDocument("48/" + std::to_string(1000 + i), {"Tên"}, "", attributes));
  }
  const auto made = Of(documents);
  std::unique_ptr<Bytes> copy = Bytes::Make(made->bytes().size());
  std::memcpy(copy->data(), made->bytes().data(), made->bytes().size());
  const auto opened = Segment::Open(std::move(copy));
  ASSERT_TRUE(opened.ok()) << opened.status();
  for (const auto& segment : {made, *opened}) {
    ASSERT_EQ(segment->size(), documents.size());
    for (uint32_t i = 0; i < segment->size(); ++i) {
      EXPECT_EQ(segment->Key(i), documents[i].key);
      EXPECT_EQ(segment->Text(i), "\nten\n");
      EXPECT_EQ(segment->At(i).attributes.commune, 20000 + i);
      EXPECT_EQ(segment->Find(documents[i].key), i);
      EXPECT_EQ(segment->After("ten", documents[i].key), i + 1);
    }
    EXPECT_EQ(segment->Find("48/999"), std::nullopt);
    EXPECT_EQ(segment->After("tem", "z"), 0u);
    EXPECT_EQ(segment->After("tf", ""), 300u);
  }
}

TEST(SegmentTest, Empty) {
  const auto segment = Of({});
  EXPECT_EQ(segment->size(), 0u);
  EXPECT_EQ(segment->Find("a"), std::nullopt);
  for (Match match : kMatches) {
    for (const char* text : {"a", "ab", "abc", "0101234567"}) {
      EXPECT_TRUE(segment->Collect(Pattern::Of(text), match, {}, nullptr, 0, 10).empty());
    }
  }
}

TEST(SegmentTest, OtherBytesAreRefused) {
  const auto segment = Of({MakeDocument("48/a", {"Tên"}, "", {})});
  for (size_t size : {size_t{0}, size_t{7}, size_t{100}, segment->bytes().size() - 1}) {
    std::unique_ptr<Bytes> copy = Bytes::Make(size);
    std::memcpy(copy->data(), segment->bytes().data(), size);
    EXPECT_EQ(Segment::Open(std::move(copy)).status().code(), absl::StatusCode::kDataLoss) << size;
  }
}

}  // namespace
}  // namespace nscl::registry::search
