#include "services/registry/search/index.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace nscl::registry::search {
namespace {

namespace fs = std::filesystem;

// Offsets within a segment are of 32 bits: larger ones stay apart.
constexpr size_t kMostSegmentBytes = size_t{3} << 30;

}  // namespace

Index::Index() : state_(std::make_shared<State>()) {}

std::shared_ptr<const Index::State> Index::state() const {
  std::lock_guard lock(published_);
  return state_;
}

void Index::Publish(std::shared_ptr<const State> state) {
  {
    std::lock_guard lock(published_);
    state_.swap(state);
  }
  // The old state goes here, outside the lock, or with the last search that looks at it.
}

Position Index::position() const { return state()->position; }

size_t Index::documents() const {
  const auto state = this->state();
  size_t count = state->recent.size();
  for (const Part& part : state->parts) count += part.living();
  return count;
}

size_t Index::bytes() const {
  const auto state = this->state();
  size_t bytes = state->recent_bytes;
  for (const Part& part : state->parts) {
    bytes += part.segment->bytes().size() + (part.dead == nullptr ? 0 : part.dead->size() / 8);
  }
  return bytes;
}

size_t Index::segments() const { return state()->parts.size(); }

// --- Changing -----------------------------------------------------------------------------------

std::shared_ptr<const Segment> Index::SegmentOf(
    const std::vector<std::shared_ptr<const Document>>& documents) {
  std::vector<const Document*> sorted;
  sorted.reserve(documents.size());
  for (const auto& document : documents) sorted.push_back(document.get());
  std::sort(sorted.begin(), sorted.end(), [](const Document* a, const Document* b) {
    return Before(NameOf(a->text), a->key, NameOf(b->text), b->key);
  });
  size_t next = 0;
  return Segment::Build([&](DocumentView* view) {
    if (next == sorted.size()) return false;
    const Document& document = *sorted[next++];
    *view = {document.key, document.text, document.attributes};
    return true;
  });
}

std::shared_ptr<const Segment> Index::SegmentOf(const std::vector<Part>& parts) {
  struct Source {
    const Part* part;
    uint32_t next = 0;
    void SkipDead() {
      while (next < part->segment->size() && part->IsDead(next)) ++next;
    }
    bool done() const { return next == part->segment->size(); }
  };
  std::vector<Source> sources;
  for (const Part& part : parts) {
    Source source{&part};
    source.SkipDead();
    if (!source.done()) sources.push_back(source);
  }
  // A heap whose top comes first.
  auto after = [](const Source& a, const Source& b) {
    const Segment& x = *a.part->segment;
    const Segment& y = *b.part->segment;
    return Before(y.Name(b.next), y.Key(b.next), x.Name(a.next), x.Key(a.next));
  };
  std::make_heap(sources.begin(), sources.end(), after);
  return Segment::Build([&](DocumentView* view) {
    if (sources.empty()) return false;
    std::pop_heap(sources.begin(), sources.end(), after);
    Source& source = sources.back();
    *view = source.part->segment->At(source.next++);
    source.SkipDead();
    if (source.done()) {
      sources.pop_back();
    } else {
      std::push_heap(sources.begin(), sources.end(), after);
    }
    return true;
  });
}

void Index::Freeze(State* state) {
  if (state->recent.empty()) return;
  Part part;
  part.segment = SegmentOf(state->recent);
  state->parts.push_back(std::move(part));
  state->recent.clear();
  state->recent_bytes = 0;
}

void Index::Fill(std::vector<Document> documents) {
  if (documents.empty()) return;
  std::vector<std::shared_ptr<const Document>> shared;
  shared.reserve(documents.size());
  for (Document& document : documents) {
    shared.push_back(std::make_shared<const Document>(std::move(document)));
  }
  Part part;
  part.segment = SegmentOf(shared);
  std::lock_guard changing(changing_);
  auto next = std::make_shared<State>(*state());
  next->parts.push_back(std::move(part));
  Publish(std::move(next));
}

void Index::Apply(std::vector<Change> changes, Position position) {
  std::lock_guard changing(changing_);
  auto next = std::make_shared<State>(*state());
  next->position = std::move(position);
  // Where each key stands among the newest, and the bits of each part that this call has copied.
  absl::flat_hash_map<absl::string_view, size_t> recent;
  for (size_t i = 0; i < next->recent.size(); ++i) recent[next->recent[i]->key] = i;
  std::vector<std::shared_ptr<DeadBits>> own(next->parts.size());
  for (Change& change : changes) {
    if (auto found = recent.find(change.key); found != recent.end()) {
      const size_t place = found->second;
      recent.erase(found);  // before the document that its key stands in
      next->recent_bytes -= next->recent[place]->text.size() + sizeof(Document);
      next->recent[place] = std::move(next->recent.back());
      next->recent.pop_back();
      if (place < next->recent.size()) recent[next->recent[place]->key] = place;
    } else {
      for (size_t i = 0; i < next->parts.size(); ++i) {
        Part& part = next->parts[i];
        const std::optional<uint32_t> ordinal = part.segment->Find(change.key);
        if (ordinal.has_value() && !part.IsDead(*ordinal)) KillIn(&part, *ordinal, &own[i]);
      }
    }
    if (!change.document.has_value()) continue;
    next->recent_bytes += change.document->text.size() + sizeof(Document);
    next->recent.push_back(std::make_shared<const Document>(*std::move(change.document)));
    recent[next->recent.back()->key] = next->recent.size() - 1;
  }
  if (next->recent.size() >= kMostRecent) Freeze(next.get());
  Publish(std::move(next));
}

void Index::KillIn(Part* part, uint32_t ordinal, std::shared_ptr<DeadBits>* own) {
  if (*own == nullptr) {
    *own = part->dead == nullptr ? std::make_shared<DeadBits>(part->segment->size())
                                 : std::make_shared<DeadBits>(*part->dead);
    part->dead = *own;
  }
  (**own)[ordinal] = true;
  ++part->dead_count;
}

std::pair<size_t, size_t> Index::DueOf(const std::vector<Part>& parts) {
  auto tier = [](const Part& part) {
    int tier = 0;
    for (size_t size = kMostRecent; size * kFanOut <= part.living(); size *= kFanOut) ++tier;
    return tier;
  };
  // One of which most is dead is written again by itself.
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].dead_count * 2 > parts[i].segment->size()) return {i, i + 1};
  }
  // The newest are the smallest: from the end, as far as none is of a higher tier than the last
  // so many would make together.
  int highest = 0;
  size_t bytes = 0;
  std::pair<size_t, size_t> due = {0, 0};
  for (size_t begin = parts.size(); begin-- > 0;) {
    highest = std::max(highest, tier(parts[begin]));
    bytes += parts[begin].segment->bytes().size();
    if (bytes > kMostSegmentBytes) break;
    size_t of_highest = 0;
    for (size_t i = begin; i < parts.size(); ++i) {
      if (tier(parts[i]) >= highest) ++of_highest;
    }
    if (of_highest >= kFanOut) due = {begin, parts.size()};
  }
  return due;
}

bool Index::Merge() {
  const auto before = state();
  const auto [begin, end] = DueOf(before->parts);
  if (begin == end) return false;
  const std::vector<Part> parts(before->parts.begin() + begin, before->parts.begin() + end);
  Part merged;
  merged.segment = SegmentOf(parts);

  std::lock_guard changing(changing_);
  auto next = std::make_shared<State>(*state());
  // Parts only came at the end meanwhile; what died in those that were merged dies here too.
  std::shared_ptr<DeadBits> own;
  for (size_t i = 0; i < parts.size(); ++i) {
    const Part& now = next->parts[begin + i];
    if (now.dead_count == parts[i].dead_count) continue;
    for (uint32_t n = 0; n < now.segment->size(); ++n) {
      if (!now.IsDead(n) || parts[i].IsDead(n)) continue;
      const std::optional<uint32_t> ordinal = merged.segment->Find(now.segment->Key(n));
      if (ordinal.has_value()) KillIn(&merged, *ordinal, &own);
    }
  }
  const auto first = next->parts.begin() + static_cast<ptrdiff_t>(begin);
  const auto place = next->parts.erase(first, first + static_cast<ptrdiff_t>(parts.size()));
  if (merged.living() > 0) next->parts.insert(place, std::move(merged));
  Publish(std::move(next));
  return true;
}

// --- Searching ----------------------------------------------------------------------------------

std::vector<Found> Index::Search(const Query& query) const {
  const auto state = this->state();
  // The newest are matched once, for all ways of matching.
  std::vector<std::pair<Match, const Document*>> recent;
  for (const auto& document : state->recent) {
    if (!query.scope.Takes(document->attributes)) continue;
    const Match match = MatchOf(document->text, query.pattern);
    if (match != Match::kNone) recent.emplace_back(match, document.get());
  }
  struct Hit {
    absl::string_view name, key;
  };
  std::vector<Found> found;
  std::vector<Hit> hits;
  for (Match match : kMatches) {
    if (query.after.has_value() && match < query.after->match) continue;
    const Found* after =
        query.after.has_value() && match == query.after->match ? &*query.after : nullptr;
    const size_t wanted = query.limit - found.size();
    hits.clear();
    for (const Part& part : state->parts) {
      const Segment& segment = *part.segment;
      const uint32_t begin = after == nullptr ? 0 : segment.After(after->name, after->key);
      for (uint32_t ordinal :
           segment.Collect(query.pattern, match, query.scope, part.dead.get(), begin, wanted)) {
        hits.push_back({segment.Name(ordinal), segment.Key(ordinal)});
      }
    }
    for (const auto& [kind, document] : recent) {
      const absl::string_view name = NameOf(document->text);
      if (kind != match) continue;
      if (after != nullptr && !Before(after->name, after->key, name, document->key)) continue;
      hits.push_back({name, document->key});
    }
    std::sort(hits.begin(), hits.end(),
              [](const Hit& a, const Hit& b) { return Before(a.name, a.key, b.name, b.key); });
    if (hits.size() > wanted) hits.resize(wanted);
    for (const Hit& hit : hits) {
      found.push_back({match, std::string(hit.name), std::string(hit.key)});
    }
    if (found.size() == query.limit) break;
  }
  return found;
}

// --- Saved files --------------------------------------------------------------------------------
//
// <folder>/index                what the index is: format, identity, position, segments with their
//                               dead, closed by a checksum of all that
// <folder>/<checksum>.segment   bytes of a segment

namespace {

constexpr char kFormat[] = "NSCLIDX1";
constexpr char kIndexFile[] = "index";

std::string SegmentFile(absl::string_view checksum) {
  return absl::StrCat(absl::BytesToHexString(checksum), ".segment");
}

class Writer {
 public:
  void Number(uint64_t number) {
    for (int i = 0; i < 8; ++i) bytes_.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
  }
  void Text(absl::string_view text) {
    Number(text.size());
    bytes_.append(text.data(), text.size());
  }
  std::string Sealed() && { return absl::StrCat(bytes_, Checksum(bytes_)); }

 private:
  std::string bytes_;
};

// What is not there reads as 0 and "": the checksum was compared before, and fails for the rest.
class Reader {
 public:
  explicit Reader(absl::string_view bytes) : bytes_(bytes) {}

  uint64_t Number() {
    uint64_t number = 0;
    const absl::string_view at = Take(8);
    for (size_t i = 0; i < at.size(); ++i) {
      number |= uint64_t{static_cast<uint8_t>(at[i])} << (8 * i);
    }
    return number;
  }
  absl::string_view Text() { return Take(Number()); }

 private:
  absl::string_view Take(size_t count) {
    const absl::string_view taken = bytes_.substr(0, std::min(count, bytes_.size()));
    bytes_.remove_prefix(taken.size());
    return taken;
  }

  absl::string_view bytes_;
};

}  // namespace

absl::Status Index::Save(const std::string& folder, const Identity& identity) {
  {
    std::lock_guard changing(changing_);
    auto next = std::make_shared<State>(*state());
    Freeze(next.get());
    Publish(std::move(next));
  }
  const auto state = this->state();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make ", folder, ": ", error.message()));

  Writer index;
  index.Text(kFormat);
  index.Text(identity.installation);
  index.Number(static_cast<uint64_t>(identity.epoch));
  index.Number(static_cast<uint64_t>(state->position.event));
  index.Number(static_cast<uint64_t>(state->position.revision));
  index.Text(state->position.log_hash);
  index.Number(state->parts.size());
  absl::flat_hash_set<std::string> wanted = {kIndexFile};
  for (const Part& part : state->parts) {
    const absl::string_view bytes = part.segment->bytes();
    const std::string checksum = Checksum(bytes);
    const std::string file = SegmentFile(checksum);
    const std::string path = absl::StrCat(folder, "/", file);
    if (fs::file_size(path, error) != bytes.size() || error) {
      RETURN_IF_ERROR(WriteFile(path, bytes));
    }
    wanted.insert(file);
    index.Text(checksum);
    index.Number(bytes.size());
    std::string dead;
    if (part.dead != nullptr) {
      dead.resize((part.dead->size() + 7) / 8);
      for (size_t n = 0; n < part.dead->size(); ++n) {
        if ((*part.dead)[n]) dead[n / 8] = static_cast<char>(dead[n / 8] | 1 << (n % 8));
      }
    }
    index.Text(dead);
  }
  RETURN_IF_ERROR(WriteFile(absl::StrCat(folder, "/", kIndexFile), std::move(index).Sealed()));
  // What is of no use any more. One that cannot be removed now is removed the next time.
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (!wanted.contains(entry.path().filename().string())) fs::remove(entry.path(), error);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Index>> Index::Load(const std::string& folder,
                                                   const Identity& identity) {
  ASSIGN_OR_RETURN(std::string contents, ReadFile(absl::StrCat(folder, "/", kIndexFile)));
  constexpr size_t kChecksumBytes = 16;
  const absl::string_view all = contents;
  if (all.size() < kChecksumBytes || Checksum(all.substr(0, all.size() - kChecksumBytes)) !=
                                         all.substr(all.size() - kChecksumBytes)) {
    return absl::DataLossError("the saved search index is damaged");
  }
  Reader index(all.substr(0, all.size() - kChecksumBytes));
  if (index.Text() != kFormat) {
    return absl::FailedPreconditionError("the saved search index is of another format");
  }
  Identity saved;
  saved.installation = std::string(index.Text());
  saved.epoch = static_cast<int64_t>(index.Number());
  if (!(saved == identity)) {
    return absl::FailedPreconditionError("the saved search index is of another store");
  }
  auto state = std::make_shared<State>();
  state->position.event = static_cast<int64_t>(index.Number());
  state->position.revision = static_cast<int64_t>(index.Number());
  state->position.log_hash = std::string(index.Text());
  for (uint64_t parts = index.Number(); parts > 0; --parts) {
    const std::string checksum(index.Text());
    const uint64_t size = index.Number();
    const std::string path = absl::StrCat(folder, "/", SegmentFile(checksum));
    ASSIGN_OR_RETURN(std::unique_ptr<Bytes> bytes, Bytes::Map(path, size));
    if (Checksum(bytes->view()) != checksum) {
      return absl::DataLossError(absl::StrCat(path, " is damaged"));
    }
    Part part;
    ASSIGN_OR_RETURN(part.segment, Segment::Open(std::move(bytes)));
    const absl::string_view dead = index.Text();
    if (!dead.empty()) {
      auto bits = std::make_shared<DeadBits>(part.segment->size());
      for (size_t n = 0; n < bits->size(); ++n) {
        if ((static_cast<uint8_t>(dead[n / 8]) >> (n % 8) & 1) == 0) continue;
        (*bits)[n] = true;
        ++part.dead_count;
      }
      part.dead = std::move(bits);
    }
    state->parts.push_back(std::move(part));
  }
  auto loaded = std::make_unique<Index>();
  loaded->Publish(std::move(state));
  return loaded;
}

}  // namespace nscl::registry::search
