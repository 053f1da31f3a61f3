// The commands that wait for the writer, one lane for each province. Lanes take turns, so that an
// import of one province does not hold the others up.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "common/store/store.h"

namespace nscl::store {

// A command and whom to tell.
struct Waiting {
  Command command;
  std::function<void(absl::StatusOr<Outcome>)> done;
  bool sweep = false;  // the store's own command that removes kept answers
};

// Not thread-safe: the store's mutex guards it.
class FairQueue {
 public:
  explicit FairQueue(size_t max) : max_(max), max_lane_(max - max / 4) {}

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }

  // Whether one more of the province finds room. One province may take three quarters of it, so
  // that the others find some, too.
  bool HasRoom(absl::string_view province) const {
    if (size_ >= max_) return false;
    auto lane = lanes_.find(province);
    return lane == lanes_.end() || lane->second->size() < max_lane_;
  }

  void Push(Waiting waiting) {
    std::unique_ptr<Lane>& lane = lanes_[waiting.command.origin.province];
    if (lane == nullptr) lane = std::make_unique<Lane>();
    if (lane->empty()) turns_.push_back(lane.get());
    lane->push_back(std::move(waiting));
    ++size_;
  }

  // The next command: of the lane whose turn it is.
  Waiting Pop() {
    Lane* lane = turns_.front();
    turns_.pop_front();
    Waiting waiting = std::move(lane->front());
    lane->pop_front();
    if (!lane->empty()) turns_.push_back(lane);
    --size_;
    return waiting;
  }

 private:
  using Lane = std::deque<Waiting>;
  const size_t max_;
  const size_t max_lane_;
  size_t size_ = 0;
  // Provinces are few: an empty lane stays.
  absl::flat_hash_map<std::string, std::unique_ptr<Lane>> lanes_;
  std::deque<Lane*> turns_;
};

}  // namespace nscl::store
