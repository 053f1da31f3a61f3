// The search index: segments of documents, the newest documents beside them, and where in the
// store's events it stands. One thread at a time changes it; any number search it meanwhile, each
// in the state that it found, without waiting.
//
// A change goes to the newest documents; where it replaces one in a segment, that one is marked
// dead. From kMostRecent documents on they become a segment of their own, and segments of about the
// same size are made one, so that a document is written a few times in its life and a search looks
// into a dozen segments at most.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/registry/search/document.h"
#include "services/registry/search/segment.h"

namespace nscl::registry::search {

// Up to where the index was told of changes.
struct Position {
  int64_t event = 0;     // position of the last event
  int64_t revision = 0;  // of it
  std::string log_hash;  // of it: tells another history from this one
};

// A document that is new or replaces the one with its key, or nothing: the key is gone.
struct Change {
  std::string key;
  std::optional<Document> document;
};

// What was found before: the next page begins after it.
struct Found {
  Match match = Match::kNone;
  std::string name;  // folded
  std::string key;
};

struct Query {
  Pattern pattern;
  Scope scope;
  std::optional<Found> after;
  size_t limit = 0;
};

// Whose index a saved one is: it is of no use to another.
struct Identity {
  std::string installation;
  int64_t epoch = 0;
  bool operator==(const Identity& other) const {
    return installation == other.installation && epoch == other.epoch;
  }
};

class Index {
 public:
  // Documents that are looked at one by one.
  static constexpr size_t kMostRecent = 512;
  // Segments of about one size that become one.
  static constexpr size_t kFanOut = 4;

  Index();
  // Reads what Save wrote. NOT_FOUND where there is nothing, DATA_LOSS where it is damaged,
  // FAILED_PRECONDITION where it is another's or of another format.
  static absl::StatusOr<std::unique_ptr<Index>> Load(const std::string& folder,
                                                     const Identity& identity);

  // --- One thread at a time ---

  // Adds documents whose keys the index does not have; faster than Apply. Some hundred thousand at
  // once, since they are in memory twice meanwhile.
  void Fill(std::vector<Document> documents);
  // Many changes at once cost less each: they become one segment.
  void Apply(std::vector<Change> changes, Position position);
  // Saves what is there: segments that are saved already are not written again. What stood in the
  // folder before serves until the last step.
  absl::Status Save(const std::string& folder, const Identity& identity);

  // --- One thread at a time, beside the ones above ---

  // Makes one segment of several where that is due; false where nothing was. May take seconds for a
  // million documents.
  bool Merge();

  // --- Any thread ---

  // The first `limit` after `after`, best first; equally good ones in order of name and key.
  std::vector<Found> Search(const Query& query) const;
  Position position() const;
  size_t documents() const;
  // Memory of the index; while Merge runs, up to twice as much is taken.
  size_t bytes() const;
  size_t segments() const;

 private:
  struct Part {
    std::shared_ptr<const Segment> segment;
    std::shared_ptr<const DeadBits> dead;  // null: none
    uint32_t dead_count = 0;

    uint32_t living() const { return segment->size() - dead_count; }
    bool IsDead(uint32_t ordinal) const { return dead != nullptr && (*dead)[ordinal]; }
  };
  struct State {
    std::vector<Part> parts;  // oldest first
    std::vector<std::shared_ptr<const Document>> recent;
    Position position;
    size_t recent_bytes = 0;
  };

  std::shared_ptr<const State> state() const;
  void Publish(std::shared_ptr<const State> state);
  static void KillIn(Part* part, uint32_t ordinal, std::shared_ptr<DeadBits>* own);
  // Makes a segment of the newest documents.
  static void Freeze(State* state);
  static std::shared_ptr<const Segment> SegmentOf(
      const std::vector<std::shared_ptr<const Document>>& documents);
  static std::shared_ptr<const Segment> SegmentOf(const std::vector<Part>& parts);
  // The parts that Merge makes one: bounds in `parts`.
  static std::pair<size_t, size_t> DueOf(const std::vector<Part>& parts);

  std::mutex changing_;  // held by who makes a new state
  mutable std::mutex published_;
  std::shared_ptr<const State> state_;
};

}  // namespace nscl::registry::search
