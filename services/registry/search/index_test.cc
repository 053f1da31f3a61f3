// The index against the plainest one there is: every document looked at, all that match sorted.
#include "services/registry/search/index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/testing/random.h"
#include "common/testing/status_matchers.h"

namespace nscl::registry::search {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937_64;

// Few words, so that names share their beginnings, words and pieces.
constexpr const char* kWords[] = {
    "Công", "ty",   "TNHH",  "Cổ",  "phần", "Hợp", "tác",    "xã",   "An",    "Bình", "Đà",  "Nẵng",
    "Đức",  "Phát", "Thành", "Đạt", "Hòa",  "Quý", "Nguyễn", "Kỹ",   "thuật", "số",   "1",   "24",
    "X",    "Ánh",  "Dương", "Lộc", "ABC",  "A",   "ngân",   "hàng", "ô",     "tô",   "кот", "Ưu"};

size_t Below(Random& random, size_t limit) { return random() % limit; }

std::string RandomName(Random& random) {
  std::string name;
  for (size_t n = 1 + Below(random, 5); n > 0; --n) {
    absl::StrAppend(&name, name.empty() ? "" : " ", kWords[Below(random, std::size(kWords))]);
  }
  return name;
}

std::string RandomTaxCode(Random& random) {
  if (Below(random, 4) == 0) return "";
  std::string code = absl::StrFormat("01%08d", Below(random, 300) * 333333);
  return Below(random, 3) == 0 ? absl::StrCat(code, "-00", Below(random, 10)) : code;
}

Document RandomDocument(Random& random, std::string key) {
  Attributes attributes;
  attributes.province = static_cast<uint8_t>(Below(random, 3) == 0 ? 56 : 48);
  attributes.size = static_cast<uint8_t>(Below(random, 5));
  std::vector<std::string> names = {RandomName(random)};
  while (Below(random, 3) == 0) names.push_back(RandomName(random));
  return MakeDocument(std::move(key), {names.begin(), names.end()}, RandomTaxCode(random),
                      attributes);
}

// Whole names, their pieces, their words shuffled, numbers, nonsense.
std::string RandomQuery(Random& random) {
  if (Below(random, 4) == 0) {
    const std::string code = RandomTaxCode(random);
    return code.empty() ? "0" : code.substr(0, 1 + Below(random, code.size()));
  }
  const Pattern folded = Pattern::Of(absl::StrCat(RandomName(random), " ", RandomName(random)));
  switch (Below(random, 4)) {
    case 0:
      return RandomName(random);
    case 1: {
      std::string query;
      std::vector<std::string> words = folded.words;
      std::shuffle(words.begin(), words.end(), random);
      words.resize(std::min<size_t>(words.size(), 1 + Below(random, 3)));
      for (const std::string& word : words) {
        absl::StrAppend(&query, " ", word.substr(0, 1 + Below(random, word.size())));
      }
      return query;
    }
    case 2: {
      const size_t begin = Below(random, folded.key.size());
      return folded.key.substr(begin, 1 + Below(random, 8));
    }
    default:
      return kWords[Below(random, std::size(kWords))];
  }
}

class Model {
 public:
  void Apply(const Change& change) {
    documents_.erase(change.key);
    if (change.document.has_value()) documents_[change.key] = *change.document;
  }

  std::vector<Found> Search(const Query& query) const {
    std::vector<Found> found;
    for (const auto& [key, document] : documents_) {
      if (!query.scope.Takes(document.attributes)) continue;
      Found one{MatchOf(document.text, query.pattern), std::string(NameOf(document.text)), key};
      if (one.match == Match::kNone) continue;
      if (query.after.has_value() && !Less(*query.after, one)) continue;
      found.push_back(std::move(one));
    }
    std::sort(found.begin(), found.end(), Less);
    if (found.size() > query.limit) found.resize(query.limit);
    return found;
  }

  static bool Less(const Found& a, const Found& b) {
    return std::tie(a.match, a.name, a.key) < std::tie(b.match, b.name, b.key);
  }

  const std::map<std::string, Document>& documents() const { return documents_; }

 private:
  std::map<std::string, Document> documents_;
};

std::string Show(const std::vector<Found>& found) {
  std::string text;
  for (const Found& one : found) {
    absl::StrAppend(&text, static_cast<int>(one.match), " ", one.name, " ", one.key, "\n");
  }
  return text;
}

Scope RandomScope(Random& random) {
  Scope scope;
  if (Below(random, 4) != 0) scope.provinces.set(48);
  if (Below(random, 2) == 0) scope.provinces.set(56);
  if (Below(random, 3) == 0) {
    scope.accept = [size = Below(random, 5)](const Attributes& a) { return a.size == size; };
  }
  return scope;
}

void ExpectSame(const Index& index, const Model& model, Random& random, int queries) {
  for (int i = 0; i < queries; ++i) {
    Query query;
    const std::string text = RandomQuery(random);
    query.pattern = Pattern::Of(text);
    query.scope = RandomScope(random);
    query.limit = 1 + Below(random, 20);
    // Page by page, to the end where it is near.
    for (int pages = 0; pages < 6; ++pages) {
      const std::vector<Found> expected = model.Search(query);
      ASSERT_EQ(Show(index.Search(query)), Show(expected)) << "looked for: " << text;
      if (expected.size() < query.limit) break;
      query.after = expected.back();
    }
  }
}

std::string KeyOf(size_t n) { return absl::StrFormat("%d/%05d", n % 2 == 0 ? 48 : 56, n); }

std::vector<Change> RandomChanges(Random& random, size_t count, size_t keys) {
  std::vector<Change> changes;
  for (size_t i = 0; i < count; ++i) {
    const std::string key = KeyOf(Below(random, keys));
    changes.push_back({key, std::nullopt});
    if (Below(random, 10) != 0) changes.back().document = RandomDocument(random, key);
  }
  return changes;
}

TEST(IndexTest, FindsWhatTheModelFinds) {
  Random random = testing::SeededRandom();
  Index index;
  Model model;
  std::vector<Document> filled;
  for (size_t n = 0; n < 1000; ++n) {
    filled.push_back(RandomDocument(random, KeyOf(n)));
    model.Apply({filled.back().key, filled.back()});
  }
  index.Fill(std::move(filled));
  ExpectSame(index, model, random, 60);
  for (int64_t round = 1; round <= 12; ++round) {
    const std::vector<Change> changes =
        RandomChanges(random, round % 3 == 0 ? 700 : 1 + Below(random, 50), 2500);
    for (const Change& change : changes) model.Apply(change);
    index.Apply(changes, {round, round * 2, "hash"});
    EXPECT_EQ(index.documents(), model.documents().size());
    EXPECT_EQ(index.position().event, round);
    ExpectSame(index, model, random, 20);
    if (round % 2 == 0) {
      while (index.Merge()) ExpectSame(index, model, random, 10);
    }
  }
}

// Enough of them that the first candidates are looked at before all are narrowed down.
TEST(IndexTest, FindsWhatTheModelFindsAmongMany) {
  Random random = testing::SeededRandom();
  Index index;
  Model model;
  std::vector<Document> filled;
  for (size_t n = 0; n < 12'000; ++n) {
    filled.push_back(RandomDocument(random, KeyOf(n)));
    model.Apply({filled.back().key, filled.back()});
  }
  index.Fill(std::move(filled));
  ExpectSame(index, model, random, 8);
}

TEST(IndexTest, EmptyAndOne) {
  Index index;
  Query query;
  query.scope.provinces.set();
  query.limit = 10;
  for (const char* text : {"", "a", "ab", "abc", "0101234567"}) {
    query.pattern = Pattern::Of(text);
    EXPECT_TRUE(index.Search(query).empty());
  }
  index.Apply({{"48/a", MakeDocument("48/a", {"Đà Nẵng"}, "", {})}}, {1, 1, ""});
  query.pattern = Pattern::Of("NANG đà");
  EXPECT_EQ(Show(index.Search(query)), "4 da nang 48/a\n");
  index.Apply({{"48/a", std::nullopt}}, {2, 2, ""});
  EXPECT_TRUE(index.Search(query).empty());
  EXPECT_EQ(index.documents(), 0u);
}

// What many updates of the same few leave behind goes away.
TEST(IndexTest, MergesBoundSegmentsAndTheDead) {
  Random random = testing::SeededRandom();
  Index index;
  for (int64_t i = 1; i <= 60; ++i) {
    index.Apply(RandomChanges(random, Index::kMostRecent, 1000), {i, i, ""});
    while (index.Merge()) {
    }
    EXPECT_LE(index.segments(), 2 * Index::kFanOut);
  }
  EXPECT_LE(index.documents(), 1000u);
  EXPECT_LT(index.bytes(), 4u << 20);
}

class SavedTest : public ::testing::Test {
 protected:
  SavedTest() : folder_(absl::StrCat(::testing::TempDir(), "/saved_index_", getpid())) {
    fs::remove_all(folder_);
  }
  ~SavedTest() override { fs::remove_all(folder_); }

  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(folder_)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
  }

  const std::string folder_;
  const Identity identity_{"installation", 3};
};

TEST_F(SavedTest, ComesBack) {
  Random random = testing::SeededRandom();
  EXPECT_EQ(Index::Load(folder_, identity_).status().code(), absl::StatusCode::kNotFound);
  Model model;
  auto index = std::make_unique<Index>();
  for (int64_t round = 1; round <= 6; ++round) {
    const std::vector<Change> changes = RandomChanges(random, 400, 1500);
    for (const Change& change : changes) model.Apply(change);
    index->Apply(changes, {round, round * 10, absl::StrCat("hash", round)});
    if (round % 2 == 0) index->Merge();
    ASSERT_OK(index->Save(folder_, identity_));
    ASSERT_OK_AND_ASSIGN(index, Index::Load(folder_, identity_));
    EXPECT_EQ(index->position().event, round);
    EXPECT_EQ(index->position().revision, round * 10);
    EXPECT_EQ(index->position().log_hash, absl::StrCat("hash", round));
    EXPECT_EQ(index->documents(), model.documents().size());
    // Nothing of what was saved before is left.
    EXPECT_EQ(Files().size(), index->segments() + 1);
    ExpectSame(*index, model, random, 20);
  }
  for (const Identity& other : {Identity{"installation", 4}, Identity{"other", 3}}) {
    EXPECT_EQ(Index::Load(folder_, other).status().code(), absl::StatusCode::kFailedPrecondition);
  }
}

TEST_F(SavedTest, DamageIsNoticedWhereverItIs) {
  Random random = testing::SeededRandom();
  Index index;
  index.Apply(RandomChanges(random, 8, 100), {1, 1, "hash"});
  ASSERT_OK(index.Save(folder_, identity_));
  index.Apply(RandomChanges(random, 8, 100), {2, 2, "hash"});
  ASSERT_OK(index.Save(folder_, identity_));
  for (const std::string& path : Files()) {
    SCOPED_TRACE(path);
    std::string whole;
    {
      std::ifstream in(path, std::ios::binary);
      whole.assign(std::istreambuf_iterator<char>(in), {});
    }
    auto expect_damage = [&](const std::string& contents, size_t at) {
      std::ofstream(path, std::ios::binary | std::ios::trunc) << contents;
      EXPECT_EQ(Index::Load(folder_, identity_).status().code(), absl::StatusCode::kDataLoss) << at;
    };
    // Every byte of what is small, some of what is large.
    for (size_t at = 0; at < whole.size(); at += whole.size() < 2000 ? 1 : 211) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << Below(random, 8)));
      expect_damage(damaged, at);
    }
    for (size_t size : {size_t{0}, size_t{1}, whole.size() / 2, whole.size() - 1}) {
      expect_damage(whole.substr(0, size), size);
    }
    expect_damage(whole + "x", whole.size());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << whole;
    ASSERT_OK(Index::Load(folder_, identity_).status());
    if (fs::path(path).extension() == ".segment") {
      fs::rename(path, path + ".away");
      EXPECT_FALSE(Index::Load(folder_, identity_).ok());
      fs::rename(path + ".away", path);
    }
  }
}

// Readers see whole states only, in order of place, while everything goes on beside them.
TEST_F(SavedTest, ReadersWhileItChanges) {
  Index index;
  std::atomic<bool> ends{false};
  std::atomic<int> faults{0}, searches{0};
  // Each change renames both enterprises of a pair: never is one found without the other.
  auto pair_of = [](int64_t round, size_t pair) {
    std::vector<Change> changes;
    for (const char* province : {"48", "56"}) {
      const std::string key = absl::StrCat(province, "/", pair);
      changes.push_back({key, MakeDocument(key, {absl::StrCat("Tên ", round)}, "", {})});
    }
    return changes;
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      Query query;
      query.pattern = Pattern::Of("tên");
      query.scope.provinces.set();
      query.limit = 500;
      while (!ends) {
        const std::vector<Found> found = index.Search(query);
        if (found.size() % 2 != 0 || !std::is_sorted(found.begin(), found.end(), Model::Less)) {
          ++faults;
        }
        ++searches;
      }
    });
  }
  for (int64_t round = 1; round <= 1500 || searches < 20; ++round) {
    index.Apply(pair_of(round, static_cast<size_t>(round) % 100), {round, round, ""});
    if (round % 100 == 0) index.Merge();
    if (round % 500 == 0) {
      ASSERT_OK(index.Save(folder_, identity_));
    }
  }
  ends = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(faults, 0);
  EXPECT_EQ(index.documents(), 200u);
}

}  // namespace
}  // namespace nscl::registry::search
