#include "services/registry/store/enterprise_search.h"

#include <prometheus/family.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status/status_macros.h"
#include "common/telemetry/log.h"
#include "nscl/registry/v1/event_service.pb.h"
#include "services/registry/errors.h"
#include "services/registry/store/keys.h"

namespace nscl::registry::rows {
namespace {

using search::Index;
using telemetry::Level;
using telemetry::Log;

// Events taken in at once: few where the index is nearly in step, since a search may wait for them;
// many where it is far behind, as after an import, since that costs less.
constexpr int64_t kLeastPage = 500;
constexpr int64_t kMostPage = 10'000;
// Merging gives way to calls: after an import it has work for seconds, calls have not.
constexpr int kNiceness = 10;
// Enterprises that are in memory at once while the index is made anew.
constexpr size_t kRebuildStep = 100'000;
// Records that were merged into one, themselves and those merged into them.
constexpr size_t kMostAliases = 100;
constexpr absl::Duration kRetryAfter = absl::Seconds(1);

constexpr absl::string_view kProvinces = "provinces/";
constexpr absl::string_view kEnterprises = "/enterprises/";

// "48/<id>" of "provinces/48/enterprises/<id>".
std::string KeyOf(absl::string_view name) {
  const absl::string_view rest = name.substr(kProvinces.size());
  const size_t end = rest.find('/');
  return absl::StrCat(rest.substr(0, end), "/", rest.substr(end + kEnterprises.size()));
}

int NumberOf(absl::string_view digits) {
  int number = 0;
  return absl::SimpleAtoi(digits, &number) && number >= 0 ? number : 0;
}

// On a thread of its own: without privileges a thread that has given way once stays behind.
bool Merge(Index& index) {
  bool merged = false;
  std::thread thread([&] {
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness);
    merged = index.Merge();
  });
  thread.join();
  return merged;
}

void AddNames(const v1::Enterprise& enterprise, std::vector<std::string>* names) {
  names->push_back(enterprise.display_name());
  names->push_back(enterprise.short_name());
  names->push_back(enterprise.foreign_name());
  for (const v1::FormerName& former : enterprise.former_names()) {
    names->push_back(former.display_name());
  }
}

}  // namespace

search::Attributes AttributesOf(const v1::Enterprise& enterprise) {
  search::Attributes attributes;
  const absl::string_view name = enterprise.name();
  attributes.province = static_cast<uint8_t>(NumberOf(name.substr(kProvinces.size(), 2)));
  attributes.legal_kind = static_cast<uint8_t>(enterprise.legal_kind());
  attributes.size = static_cast<uint8_t>(enterprise.latest_size());
  attributes.sector = static_cast<uint8_t>(enterprise.sector());
  attributes.operating_status = static_cast<uint8_t>(enterprise.operating_status());
  attributes.demo = enterprise.demo() ? 1 : 0;
  for (const v1::Mark& mark : enterprise.marks()) {
    attributes.marks = static_cast<uint16_t>(attributes.marks | 1u << (mark.kind() & 15));
  }
  attributes.commune = static_cast<uint32_t>(NumberOf(enterprise.commune_code()));
  return attributes;
}

v1::Enterprise EnterpriseOf(const search::Attributes& attributes) {
  v1::Enterprise enterprise;
  enterprise.set_legal_kind(static_cast<v1::Enterprise::LegalKind>(attributes.legal_kind));
  enterprise.set_latest_size(static_cast<v1::Size>(attributes.size));
  enterprise.set_sector(static_cast<v1::Sector>(attributes.sector));
  enterprise.set_operating_status(
      static_cast<v1::Enterprise::OperatingStatus>(attributes.operating_status));
  enterprise.set_demo(attributes.demo != 0);
  if (attributes.commune != 0) {
    enterprise.set_commune_code(absl::StrFormat("%05d", attributes.commune));
  }
  return enterprise;
}

std::string EnterpriseNameOf(const search::Found& found) {
  const absl::string_view key = found.key;
  const size_t slash = key.find('/');
  return absl::StrCat(kProvinces, key.substr(0, slash), kEnterprises, key.substr(slash + 1));
}

EnterpriseSearch::EnterpriseSearch(store::Store& store, const Enterprises& enterprises,
                                   Options options)
    : store_(store), enterprises_(enterprises), options_(std::move(options)) {
  const nscl::store::v1::StoreStatus status = store_.GetStatus();
  identity_ = {status.installation(), status.epoch()};
  if (options_.metrics != nullptr) {
    auto gauge = [this](const char* name, const char* help) {
      return &prometheus::BuildGauge().Name(name).Help(help).Register(*options_.metrics).Add({});
    };
    bytes_gauge_ = gauge("nscl_search_index_bytes", "Memory of the search index");
    documents_gauge_ = gauge("nscl_search_index_enterprises", "Enterprises in the search index");
    revision_gauge_ = gauge("nscl_search_index_revision",
                            "Revision of the last event that the search index took in");
    loading_gauge_ = gauge("nscl_search_index_loading",
                           "1 while the search index is read and searches are refused");
    full_gauge_ = gauge("nscl_search_index_full",
                        "1 where the search index outgrew --search-index-bytes and was given up");
    gauge("nscl_search_index_limit_bytes", "--search-index-bytes")
        ->Set(static_cast<double>(options_.max_bytes));
    loading_gauge_->Set(1);
  }
  thread_ = std::thread([this] { Run(); });
}

EnterpriseSearch::~EnterpriseSearch() { Stop(); }

void EnterpriseSearch::Stop() {
  {
    std::lock_guard lock(mutex_);
    stops_ = true;
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool EnterpriseSearch::Pause(absl::Duration duration) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, absl::ToChronoNanoseconds(duration), [this] { return stops_; });
}

bool EnterpriseSearch::WaitUntilRead(absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, absl::ToChronoNanoseconds(timeout),
                           [this] { return condition_ != Condition::kLoading; });
}

// --- Searching ----------------------------------------------------------------------------------

absl::StatusOr<EnterpriseSearch::Answer> EnterpriseSearch::Search(const search::Query& query) {
  std::shared_ptr<Index> index;
  {
    std::lock_guard lock(mutex_);
    if (condition_ == Condition::kLoading) return errors::SearchIndexLoading();
    if (condition_ == Condition::kFull) {
      return errors::SearchIndexFull(options_.max_bytes, needed_bytes_);
    }
    index = index_;
  }
  // Who has just written finds it: what the thread has not taken in yet is taken in here. Where
  // that fails the thread says so, and the answer says how far it goes.
  const auto snapshot = store_.TakeSnapshot();
  const int64_t head = snapshot->event_position();
  CatchUp(*index, head,
          std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(options_.most_wait))
      .IgnoreError();
  Answer answer;
  const search::Position position = index->position();
  answer.revision = position.event >= head ? std::max(position.revision, snapshot->revision())
                                           : position.revision;
  answer.found = index->Search(query);
  return answer;
}

// --- In step with the store ---------------------------------------------------------------------

search::Change EnterpriseSearch::ChangeOf(const store::Reader& reader,
                                          const v1::Enterprise& enterprise) const {
  search::Change change;
  change.key = KeyOf(enterprise.name());
  // A merged record is found as its survivor.
  if (!enterprise.merged_into().empty()) return change;
  std::vector<std::string> names;
  AddNames(enterprise, &names);
  std::vector<std::string> aliases(enterprise.aliases().begin(), enterprise.aliases().end());
  for (size_t i = 0; i < aliases.size() && i < kMostAliases; ++i) {
    const absl::StatusOr<v1::Enterprise> merged = enterprises_.Get(reader, aliases[i]);
    if (!merged.ok()) continue;
    AddNames(*merged, &names);
    aliases.insert(aliases.end(), merged->aliases().begin(), merged->aliases().end());
  }
  change.document = search::MakeDocument(change.key, {names.begin(), names.end()},
                                         enterprise.tax_code(), AttributesOf(enterprise));
  return change;
}

absl::StatusOr<bool> EnterpriseSearch::TakePage(Index& index, int limit) {
  search::Position position = index.position();
  ASSIGN_OR_RETURN(store::EventPage page,
                   store_.ReadEvents(position.event, identity_.epoch, "-", limit));
  if (page.next_position == position.event) return false;
  const auto snapshot = store_.TakeSnapshot();
  std::vector<search::Change> changes;
  for (const std::string& bytes : page.events) {
    v1::Event event;
    if (!event.ParseFromString(bytes)) {
      return absl::DataLossError(absl::StrCat("an event after ", position.event, " is unreadable"));
    }
    position.revision = event.metadata().revision();
    position.log_hash = event.metadata().log_hash();
    if (event.has_enterprise()) changes.push_back(ChangeOf(*snapshot, event.enterprise()));
  }
  position.event = page.next_position;
  index.Apply(std::move(changes), std::move(position));
  return true;
}

bool EnterpriseSearch::TakeTurn(SteadyTime deadline) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, deadline, [this] { return !feeding_; })) return false;
  feeding_ = true;
  return true;
}

void EnterpriseSearch::EndTurn() {
  {
    std::lock_guard lock(mutex_);
    feeding_ = false;
  }
  changed_.notify_all();
}

absl::Status EnterpriseSearch::CatchUp(Index& index, int64_t position, SteadyTime deadline) {
  while (!stopping_ && index.position().event < position &&
         std::chrono::steady_clock::now() < deadline) {
    if (!TakeTurn(deadline)) break;
    const int64_t behind = position - index.position().event;
    // A caller has no time for a large page.
    const int64_t limit =
        deadline == SteadyTime::max() ? std::clamp(behind, kLeastPage, kMostPage) : kLeastPage;
    const absl::StatusOr<bool> more = TakePage(index, static_cast<int>(limit));
    EndTurn();
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> EnterpriseSearch::LogHashAt(int64_t position) const {
  if (position == 0) return std::string();
  ASSIGN_OR_RETURN(store::EventPage page, store_.ReadEvents(position - 1, identity_.epoch, "-", 1));
  v1::Event event;
  if (page.events.empty() || !event.ParseFromString(page.events[0])) {
    return absl::DataLossError(absl::StrCat("event ", position, " cannot be read"));
  }
  return event.metadata().log_hash();
}

absl::StatusOr<std::shared_ptr<Index>> EnterpriseSearch::LoadSaved() {
  ASSIGN_OR_RETURN(std::shared_ptr<Index> index, Index::Load(options_.folder, identity_));
  const search::Position position = index->position();
  ASSIGN_OR_RETURN(std::string log_hash, LogHashAt(position.event));
  if (log_hash != position.log_hash) {
    return absl::FailedPreconditionError("the saved search index is of another history");
  }
  saved_event_ = position.event;
  return index;
}

absl::StatusOr<std::shared_ptr<Index>> EnterpriseSearch::Rebuild() {
  auto index = std::make_shared<Index>();
  const auto snapshot = store_.TakeSnapshot();
  std::vector<search::Document> documents;
  absl::Status unreadable;
  absl::Status scanned = snapshot->Scan(
      store::KeyRange::Prefix(std::string(1, kEnterpriseKind)),
      [&](absl::string_view key, absl::string_view value) {
        v1::Enterprise enterprise;
        if (!enterprise.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
          unreadable = absl::DataLossError("a row of an enterprise cannot be read");
          return false;
        }
        search::Change change = ChangeOf(*snapshot, enterprise);
        if (change.document.has_value()) documents.push_back(*std::move(change.document));
        if (documents.size() == kRebuildStep) {
          index->Fill(std::exchange(documents, {}));
          if (index->bytes() > options_.max_bytes) return false;
        }
        return !stopping_;
      });
  RETURN_IF_ERROR(scanned);
  RETURN_IF_ERROR(unreadable);
  index->Fill(std::move(documents));
  search::Position position;
  position.event = snapshot->event_position();
  position.revision = snapshot->revision();
  ASSIGN_OR_RETURN(position.log_hash, LogHashAt(position.event));
  index->Apply({}, std::move(position));
  while (!stopping_ && Merge(*index)) {
  }
  return index;
}

std::shared_ptr<Index> EnterpriseSearch::LoadOrRebuild() {
  absl::StatusOr<std::shared_ptr<Index>> index = LoadSaved();
  if (index.ok()) return *std::move(index);
  if (!absl::IsNotFound(index.status())) {
    Log(Level::kWarning, "search index made anew", {{"problem", index.status().message()}});
    // Or a damaged file would be taken for the same one, saved already.
    std::error_code error;
    std::filesystem::remove_all(options_.folder, error);
  }
  while (true) {
    index = Rebuild();
    if (stopping_) return nullptr;
    if (index.ok()) return *std::move(index);
    Log(Level::kError, "search index not made", {{"problem", index.status().message()}});
    if (!Pause(kRetryAfter)) return nullptr;
  }
}

void EnterpriseSearch::Run() {
  std::shared_ptr<Index> index = LoadOrRebuild();
  bool serving = false;
  while (index != nullptr && !stopping_) {
    absl::Status caught_up =
        CatchUp(*index, store_.TakeSnapshot()->event_position(), SteadyTime::max());
    if (!caught_up.ok()) {
      Log(Level::kError, "search index not fed", {{"problem", caught_up.message()}});
      if (!Pause(kRetryAfter)) break;
    }
    if (!CheckMemory(*index)) return;
    if (!serving) {
      std::lock_guard lock(mutex_);
      condition_ = Condition::kServing;
      index_ = index;
      serving = true;
      changed_.notify_all();
    }
    Tell(index.get());
    // What came meanwhile is taken in between.
    if (Merge(*index)) continue;
    SaveWhereDue(*index);
    if (caught_up.ok()) WaitForEvents(index->position().event);
  }
  if (index != nullptr) Save(*index);
}

void EnterpriseSearch::WaitForEvents(int64_t position) {
  {
    std::lock_guard lock(mutex_);
    woken_ = false;
  }
  const int64_t token = store_.WaitForEvents(position, [this] {
    {
      std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_all();
  });
  {
    std::unique_lock lock(mutex_);
    // Or for what is to be saved.
    changed_.wait_for(lock, absl::ToChronoNanoseconds(options_.save_interval),
                      [this] { return stops_ || woken_; });
  }
  store_.CancelWait(token);
  Pause(options_.patience);
}

bool EnterpriseSearch::CheckMemory(const Index& index) {
  const size_t bytes = index.bytes();
  if (bytes <= options_.max_bytes) return true;
  Log(Level::kError, "search index given up",
      {{"bytes", static_cast<int64_t>(bytes)},
       {"search_index_bytes", static_cast<int64_t>(options_.max_bytes)}});
  std::lock_guard lock(mutex_);
  condition_ = Condition::kFull;
  needed_bytes_ = bytes;
  index_ = nullptr;
  changed_.notify_all();
  Tell(nullptr);
  return false;
}

void EnterpriseSearch::Tell(const Index* index) {
  if (bytes_gauge_ == nullptr) return;
  loading_gauge_->Set(0);
  full_gauge_->Set(index == nullptr ? 1 : 0);
  bytes_gauge_->Set(index == nullptr ? 0 : static_cast<double>(index->bytes()));
  documents_gauge_->Set(index == nullptr ? 0 : static_cast<double>(index->documents()));
  if (index != nullptr) revision_gauge_->Set(static_cast<double>(index->position().revision));
}

void EnterpriseSearch::SaveWhereDue(Index& index) {
  const int64_t events = index.position().event - saved_event_;
  if (events == 0) return;
  const bool due =
      events >= options_.save_events || std::chrono::steady_clock::now() - saved_at_ >=
                                            absl::ToChronoNanoseconds(options_.save_interval);
  if (due) Save(index);
}

void EnterpriseSearch::Save(Index& index) {
  const int64_t event = index.position().event;
  if (event == saved_event_) return;
  saved_at_ = std::chrono::steady_clock::now();
  absl::Status saved = index.Save(options_.folder, identity_);
  if (saved.ok()) {
    saved_event_ = event;
  } else {
    Log(Level::kWarning, "search index not saved", {{"problem", saved.message()}});
  }
}

}  // namespace nscl::registry::rows
