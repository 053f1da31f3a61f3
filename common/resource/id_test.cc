#include "common/resource/id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "common/resource/name.h"

namespace nscl::resource {
namespace {

TEST(IdTest, IsAnIdOf26Characters) {
  std::string id = NewId(absl::FromUnixMillis(1'700'000'000'000));
  EXPECT_EQ(id.size(), 26u);
  EXPECT_TRUE(IsId(id));
  // The instant is readable: ULID of 1700000000000 begins so.
  EXPECT_EQ(id.substr(0, 10), "01hf7yat00");
}

TEST(IdTest, LaterSortsLaterAndNoneIsTwice) {
  std::string last;
  for (int64_t ms = 0; ms < (int64_t{1} << 47); ms = ms * 3 + 1) {
    std::string id = NewId(absl::FromUnixMillis(ms));
    EXPECT_LT(last, id);
    last = id;
  }
  std::set<std::string> ids;
  for (int i = 0; i < 5'000; ++i) ids.insert(NewId(absl::UnixEpoch()));
  EXPECT_EQ(ids.size(), 5'000u);
}

}  // namespace
}  // namespace nscl::resource
