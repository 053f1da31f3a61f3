#include "services/registry/store/enterprise_search.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_join.h"
#include "common/store/testing/fixture.h"
#include "common/testing/status_matchers.h"

namespace nscl::registry::rows {
namespace {

namespace fs = std::filesystem;

using ::nscl::status::MetadataOf;
using ::nscl::testing::Reason;

class EnterpriseSearchTest : public ::testing::Test {
 protected:
  EnterpriseSearchTest()
      : saved_(folder_.path() + "/saved"), store_(store::OpenOrDie(folder_.StoreOptions())) {
    Open();
  }

  void Open(size_t max_bytes = EnterpriseSearch::kDefaultBytes) {
    EnterpriseSearch::Options options;
    options.folder = saved_;
    options.max_bytes = max_bytes;
    options.metrics = &metrics_;
    options.patience = absl::ZeroDuration();
    options.most_wait = absl::Seconds(60);
    search_ = std::make_unique<EnterpriseSearch>(*store_, enterprises_, options);
  }
  // Ends it as a service that stops does.
  void Close() { search_.reset(); }

  void Run(std::function<absl::Status(store::Txn&)> change) {
    EXPECT_OK(store_->Run(store::CommandOf([&](store::Txn& txn) -> absl::StatusOr<std::string> {
      absl::Status changed = change(txn);
      if (!changed.ok()) return changed;
      return std::string();
    })));
  }
  void Insert(const std::string& id, const std::string& display_name,
              const std::string& tax_code = "") {
    v1::Enterprise enterprise;
    enterprise.set_name("provinces/48/enterprises/" + id);
    enterprise.set_display_name(display_name);
    // Without the index on tax codes in the way.
    enterprise.set_tax_code(tax_code.empty() ? "x" + id : tax_code);
    Run([&](store::Txn& txn) { return enterprises_.Insert(txn, enterprise).status(); });
  }
  void Update(const std::string& id, std::function<void(v1::Enterprise*)> change) {
    Run([&](store::Txn& txn) -> absl::Status {
      auto before = enterprises_.Load(txn, "provinces/48/enterprises/" + id, "");
      if (!before.ok()) return before.status();
      v1::Enterprise after = *before;
      change(&after);
      return enterprises_.Update(txn, *before, after).status();
    });
  }

  absl::StatusOr<EnterpriseSearch::Answer> Answer(const std::string& text) {
    search::Query query;
    query.pattern = search::Pattern::Of(text);
    query.scope.provinces.set();
    query.limit = 100;
    EXPECT_TRUE(search_->WaitUntilRead(absl::Seconds(60)));
    return search_->Search(query);
  }
  // Ids in order, or the reason of the refusal.
  std::string Find(const std::string& text) {
    const absl::StatusOr<EnterpriseSearch::Answer> answer = Answer(text);
    if (!answer.ok()) return Reason(answer);
    std::vector<std::string> ids;
    for (const search::Found& found : answer->found) {
      ids.push_back(EnterpriseNameOf(found).substr(25));
    }
    return absl::StrJoin(ids, " ");
  }

  store::TestFolder folder_;
  const std::string saved_;
  prometheus::Registry metrics_;
  std::unique_ptr<store::Store> store_;
  Enterprises enterprises_;
  std::unique_ptr<EnterpriseSearch> search_;
};

TEST_F(EnterpriseSearchTest, FindsWhatWasJustCommitted) {
  for (int i = 0; i < 200; ++i) {
    const std::string id = std::to_string(1000 + i);
    Insert(id, "Công ty số " + id);
    ASSERT_EQ(Find("SO " + id), id);
  }
  Update("1007", [](v1::Enterprise* e) { e->set_display_name("Hợp tác xã Đại Lộc"); });
  EXPECT_EQ(Find("dai loc"), "1007");
  EXPECT_EQ(Find("1007"), "1007");  // its tax code
  EXPECT_EQ(Find("so 1007"), "");
  const auto answer = Answer("so 1008");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->revision, store_->TakeSnapshot()->revision());
}

TEST_F(EnterpriseSearchTest, EachFindsItsOwnAmongMany) {
  std::vector<std::thread> threads;
  std::atomic<int> lost{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        const std::string id = absl::StrCat("n", t, "x", i);
        Insert(id, absl::StrCat("Công ty ", id));
        if (Find(id) != id) ++lost;
        Update(id, [](v1::Enterprise* e) { e->set_display_name(e->display_name() + " Mới"); });
        if (Find(id + " moi") != id) ++lost;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lost, 0);
}

TEST_F(EnterpriseSearchTest, EveryNameLeadsThere) {
  Insert("a", "Công ty Cơ khí An Bình", "0101234567");
  Update("a", [](v1::Enterprise* e) {
    e->set_short_name("AB Mech");
    e->set_foreign_name("An Binh Engineering");
    e->add_former_names()->set_display_name("Xưởng cơ khí Hòa Khánh");
  });
  for (const char* text : {"cơ khí an", "ab mech", "engineering", "hoa khanh", "0101234567"}) {
    EXPECT_EQ(Find(text), "a") << text;
  }
}

TEST_F(EnterpriseSearchTest, MergedRecordsLeadToTheirSurvivor) {
  Insert("a", "Công ty An Bình");
  Insert("b", "Cty AnBinh");
  Insert("c", "Doanh nghiệp Bình An");
  auto merge = [&](const std::string& merged, const std::string& survivor) {
    Update(merged,
           [&](v1::Enterprise* e) { e->set_merged_into("provinces/48/enterprises/" + survivor); });
    Update(survivor,
           [&](v1::Enterprise* e) { e->add_aliases("provinces/48/enterprises/" + merged); });
  };
  merge("b", "a");
  EXPECT_EQ(Find("anbinh"), "a");
  merge("a", "c");
  for (const char* text : {"anbinh", "cong ty an binh", "doanh nghiep"}) EXPECT_EQ(Find(text), "c");
  // The same after a start.
  Close();
  fs::remove_all(saved_);
  Open();
  for (const char* text : {"anbinh", "cong ty an binh", "doanh nghiep"}) EXPECT_EQ(Find(text), "c");
  // Undone.
  Update("c", [](v1::Enterprise* e) { e->clear_aliases(); });
  Update("a", [](v1::Enterprise* e) { e->clear_merged_into(); });
  EXPECT_EQ(Find("cong ty an binh"), "a");
  EXPECT_EQ(Find("anbinh"), "a");
}

TEST_F(EnterpriseSearchTest, GoesOnWithWhatWasSaved) {
  Insert("a", "Công ty Một");
  EXPECT_EQ(Find("mot"), "a");
  Close();
  const std::string old = folder_.path() + "/old";
  fs::copy(saved_, old, fs::copy_options::recursive);
  Open();
  EXPECT_EQ(Find("mot"), "a");
  Insert("b", "Công ty Hai");
  Update("a", [](v1::Enterprise* e) { e->set_display_name("Công ty Ba"); });
  EXPECT_EQ(Find("cong ty"), "a b");
  Close();
  // Killed before it saved again: the older one is caught up.
  fs::remove_all(saved_);
  fs::rename(old, saved_);
  Open();
  EXPECT_EQ(Find("cong ty"), "a b");
  EXPECT_EQ(Find("mot"), "");
}

TEST_F(EnterpriseSearchTest, WhatCannotBeUsedIsMadeAnew) {
  Insert("a", "Công ty Một");
  Insert("b", "Công ty Hai");
  Close();
  const auto status = store_->GetStatus();
  // Somebody else's, with an enterprise that is not there.
  auto foreign = [&](const std::string& installation, int64_t epoch, int64_t event) {
    fs::remove_all(saved_);
    search::Index index;
    index.Apply({{"48/z", search::MakeDocument("48/z", {"Công ty Lạ"}, "", {})}},
                {event, event, "another history"});
    ASSERT_OK(index.Save(saved_, {installation, epoch}));
  };
  struct {
    const char* what;
    std::function<void()> spoil;
  } rows[] = {
      {"missing", [&] { fs::remove_all(saved_); }},
      {"index missing", [&] { fs::remove(saved_ + "/index"); }},
      {"index damaged", [&] { std::ofstream(saved_ + "/index", std::ios::app) << "x"; }},
      {"segment damaged",
       [&] {
         for (const auto& entry : fs::directory_iterator(saved_)) {
           if (entry.path().extension() != ".segment") continue;
           std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
           file.seekp(300);
           file.put('\x7f');
         }
       }},
      {"segments missing",
       [&] {
         for (const auto& entry : fs::directory_iterator(saved_)) {
           if (entry.path().extension() == ".segment") fs::remove(entry.path());
         }
       }},
      {"another installation", [&] { foreign("other", status.epoch(), 1); }},
      {"another epoch", [&] { foreign(status.installation(), status.epoch() + 1, 1); }},
      {"another history", [&] { foreign(status.installation(), status.epoch(), 1); }},
      {"ahead of the store", [&] { foreign(status.installation(), status.epoch(), 1000); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    row.spoil();
    Open();
    EXPECT_EQ(Find("cong ty"), "b a");
    Close();
    // And saved again, to be read the next time.
    ASSERT_OK(search::Index::Load(saved_, {status.installation(), status.epoch()}).status());
  }
}

TEST_F(EnterpriseSearchTest, GivesUpWhereItsMemoryIsOver) {
  Insert("a", "Công ty Một");
  EXPECT_EQ(Find("mot"), "a");
  Close();
  Open(/*max_bytes=*/500);
  EXPECT_EQ(Find("mot"), "SEARCH_INDEX_FULL");
  EXPECT_EQ(MetadataOf(Answer("mot").status(), "limit_bytes"), "500");
  Insert("b", "Công ty Hai");  // writes go on
  double full = 0;
  for (const auto& family : metrics_.Collect()) {
    if (family.name == "nscl_search_index_full") full = family.metric[0].gauge.value;
  }
  EXPECT_EQ(full, 1);
  Close();
  Open();
  EXPECT_EQ(Find("hai"), "b");
}

TEST_F(EnterpriseSearchTest, AttributesComeBack) {
  v1::Enterprise enterprise;
  enterprise.set_name("provinces/48/enterprises/a");
  enterprise.set_legal_kind(v1::Enterprise::LEGAL_KIND_PUBLIC_UNIT);
  enterprise.set_latest_size(v1::SIZE_LARGE);
  enterprise.set_sector(v1::SECTOR_TRADE_SERVICES);
  enterprise.set_operating_status(v1::Enterprise::OPERATING_STATUS_UNKNOWN);
  enterprise.set_demo(true);
  enterprise.set_commune_code("00123");
  enterprise.add_marks()->set_kind(v1::Mark::KIND_CRAFT_VILLAGE);
  const search::Attributes attributes = AttributesOf(enterprise);
  EXPECT_EQ(attributes.province, 48);
  EXPECT_EQ(attributes.marks, 1u << v1::Mark::KIND_CRAFT_VILLAGE);
  enterprise.clear_name();
  enterprise.clear_marks();
  EXPECT_EQ(EnterpriseOf(attributes).SerializeAsString(), enterprise.SerializeAsString());
  EXPECT_EQ(EnterpriseOf({}).commune_code(), "");
}

}  // namespace
}  // namespace nscl::registry::rows
