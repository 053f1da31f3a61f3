// The store through its public surface: commands, replays, refusals, reads, feed.
#include "common/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/error.h"
#include "common/store/testing/fixture.h"

namespace nscl::store {
namespace {

using testing::ElementsAre;

TEST(StoreTest, AnAcknowledgedCommandIsReadBackBySnapshotAfterReopening) {
  TestFolder folder;
  {
    auto store = OpenOrDie(folder.StoreOptions());
    absl::StatusOr<Outcome> outcome = store->Run(PutCommand("k", "v"));
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(outcome->revision, 1);
    EXPECT_FALSE(outcome->replayed);
    EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k"), "v");
    ASSERT_TRUE(store->Close().ok());
  }
  auto store = OpenOrDie(folder.StoreOptions());
  EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k"), "v");
  EXPECT_EQ(store->TakeSnapshot()->revision(), 1);
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
}

}  // namespace
}  // namespace nscl::store
