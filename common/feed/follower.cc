#include "common/feed/follower.h"

#include <algorithm>
#include <optional>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/feed/errors.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/telemetry/log.h"

namespace nscl::feed {
namespace {

constexpr absl::Duration kListTimeout = absl::Seconds(30);
constexpr absl::Duration kLogAgain = absl::Minutes(1);

double NowSeconds() { return absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()); }

// A stream that was ended in good order: it is resumed at once, and nothing is wrong.
bool EndedInOrder(const absl::Status& status) {
  return status.ok() || status::ReasonOf(status) == "STREAM_ENDED";
}

// Puts what `apply` makes and the cursor after it in one commit, where the cursor is still the one
// that this follower put.
absl::Status MoveCursor(const FollowerOptions& options, nscl::event::v1::FeedCursor* cursor,
                        nscl::event::v1::FeedCursor next,
                        const std::function<absl::Status(store::Txn&)>& apply) {
  store::Command command;
  command.origin.actor = options.actor;
  command.origin.method = absl::StrCat("internal:follow/", options.source);
  command.origin.resource = absl::StrCat("feeds/", options.source);
  const std::string before = cursor->position() == 0 ? std::string() : cursor->SerializeAsString();
  command.apply = [&](store::Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(std::optional<std::string> row, txn.Get(options.cursor_key));
    if (row.value_or("") != before) return errors::CursorMoved(options.source);
    RETURN_IF_ERROR(apply(txn));
    txn.Put(options.cursor_key, next.SerializeAsString());
    return std::string();
  };
  RETURN_IF_ERROR(options.store->Run(std::move(command)).status());
  *cursor = std::move(next);
  return absl::OkStatus();
}

}  // namespace

Follower::Follower(FollowerOptions options, rpc::Peer peer, FeedReader reader)
    : options_(std::move(options)), peer_(std::move(peer)), reader_(std::move(reader)) {
  status_.source = options_.source;
  if (options_.metrics == nullptr) return;
  const auto gauge = [this](const char* name, const char* help) {
    return &prometheus::BuildGauge()
                .Name(name)
                .Help(help)
                .Register(options_.metrics->registry())
                .Add({{"actor", options_.actor}, {"source", options_.source}});
  };
  position_gauge_ = gauge("nscl_feed_position", "Position up to which a feed was taken in");
  fresh_gauge_ = gauge("nscl_feed_fresh_timestamp_seconds",
                       "When the follower last knew itself to be at the head of the feed");
  halted_gauge_ =
      gauge("nscl_feed_halted", "1 where the follower found another history and stopped");
}

Follower::~Follower() { Stop(); }

void Follower::Start() {
  if (thread_.joinable()) return;
  thread_ = std::thread([this] { Run(); });
}

void Follower::Stop() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

FollowerStatus Follower::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

bool Follower::WaitForPosition(int64_t position, absl::Duration timeout) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, absl::ToChronoMilliseconds(timeout),
                    [&] { return stop_ || status_.halted || status_.position >= position; });
  return status_.position >= position;
}

bool Follower::Pause(absl::Duration duration) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, absl::ToChronoMilliseconds(duration), [this] { return stop_; });
  return !stop_;
}

void Follower::Report(const absl::Status& problem) {
  const bool fatal = errors::IsFatalToFollower(problem);
  {
    std::lock_guard lock(mutex_);
    if (stop_) return;
    const bool known = status_.problem == problem;
    status_.problem = problem;
    status_.halted = fatal;
    if (known && !fatal) return;
  }
  changed_.notify_all();
  if (halted_gauge_ != nullptr) halted_gauge_->Set(fatal ? 1 : 0);
  if (problem.ok()) return;
  // A peer that comes and goes would fill the log: the same words once a minute.
  const absl::Time now = absl::Now();
  if (problem.message() == logged_ && now < logged_at_ + kLogAgain && !fatal) return;
  logged_ = std::string(problem.message());
  logged_at_ = now;
  telemetry::Log(fatal ? telemetry::Level::kError : telemetry::Level::kWarning,
                 fatal ? "follower halted" : "follower tries again",
                 {{"actor", options_.actor},
                  {"source", options_.source},
                  {"reason", status::ReasonOf(problem)},
                  {"problem", absl::StrCat(absl::StatusCodeToString(problem.code()), ": ",
                                           problem.message())}});
}

void Follower::Run() {
  std::mt19937 random(std::random_device{}());
  absl::Duration backoff = options_.least_backoff;
  while (Pause(absl::ZeroDuration())) {
    const int64_t before = cursor_.position();
    const absl::Status ended = Session();
    if (errors::IsFatalToFollower(ended)) {
      Report(ended);
      return;
    }
    if (EndedInOrder(ended)) {
      backoff = options_.least_backoff;
      if (!Pause(options_.least_backoff)) return;
      continue;
    }
    Report(ended);
    // A session that got somewhere starts the count afresh.
    if (cursor_.position() != before) backoff = options_.least_backoff;
    const double jitter = std::uniform_real_distribution<double>(0.8, 1.2)(random);
    if (!Pause(backoff * jitter)) return;
    backoff = std::min(backoff * 2, options_.most_backoff);
  }
}

absl::Status Follower::Session() {
  RETURN_IF_ERROR(LoadCursor());
  RETURN_IF_ERROR(CheckHistory());
  RETURN_IF_ERROR(CatchUp());
  Report(absl::OkStatus());
  return Watch();
}

absl::Status Follower::LoadCursor() {
  ASSIGN_OR_RETURN(std::optional<std::string> row,
                   options_.store->TakeSnapshot()->Get(options_.cursor_key));
  cursor_.Clear();
  cursor_.set_source(options_.source);
  if (row.has_value() && !cursor_.ParseFromString(*row)) {
    return absl::DataLossError(absl::StrCat("the cursor of ", options_.source, " cannot be read"));
  }
  std::lock_guard lock(mutex_);
  status_.epoch = cursor_.epoch();
  status_.position = cursor_.position();
  return absl::OkStatus();
}

template <typename Call>
auto Follower::Cancellable(absl::Duration timeout, Call call) {
  grpc::ClientContext context;
  absl::Status ready = rpc::Prepare(peer_, {.timeout = timeout}, &context);
  {
    std::lock_guard lock(mutex_);
    if (stop_ && ready.ok()) ready = absl::CancelledError("the follower stops");
    if (ready.ok()) context_ = &context;
  }
  using Result = decltype(call(&context));
  if (!ready.ok()) return Result(ready);
  Result result = call(&context);
  std::lock_guard lock(mutex_);
  context_ = nullptr;
  return result;
}

absl::StatusOr<FollowedPage> Follower::List(int64_t after, int limit) {
  return Cancellable(kListTimeout, [&](grpc::ClientContext* context) {
    return reader_.list(context, after, cursor_.epoch(), limit);
  });
}

// The event at the cursor must still be the one that was taken in. Its hash covers everything
// before it, whatever the epoch: a source that was restored with that event in it has the same
// history up to here, and is followed on in its new epoch. Every other history ends the follower.
absl::Status Follower::CheckHistory() {
  if (cursor_.position() == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(FollowedPage page, Cancellable(kListTimeout, [&](grpc::ClientContext* context) {
                     return reader_.list(context, cursor_.position() - 1, /*epoch=*/0, 1);
                   }));
  if (page.marks.empty() || page.marks[0].position != cursor_.position()) {
    return errors::FeedGap(options_.source, cursor_.position(),
                           page.marks.empty() ? 0 : page.marks[0].position);
  }
  if (page.marks[0].log_hash != cursor_.log_hash()) {
    return errors::FeedRewritten(options_.source, cursor_.position(), cursor_.log_hash(),
                                 page.marks[0].log_hash);
  }
  if (page.epoch == cursor_.epoch()) return absl::OkStatus();
  nscl::event::v1::FeedCursor next = cursor_;
  next.set_epoch(page.epoch);
  return MoveCursor(options_, &cursor_, std::move(next),
                    [](store::Txn&) { return absl::OkStatus(); });
}

absl::Status Follower::CatchUp() {
  while (true) {
    ASSIGN_OR_RETURN(FollowedPage page, List(cursor_.position(), options_.page_size));
    RETURN_IF_ERROR(Take(page));
    if (cursor_.position() >= page.head_position) return absl::OkStatus();
  }
}

absl::Status Follower::Watch() {
  return Cancellable(
      rpc::limits::kStreamLifetime + absl::Minutes(1), [&](grpc::ClientContext* context) {
        return reader_.watch(context, cursor_.position(), cursor_.epoch(),
                             [this](const FollowedPage& page) { return Take(page); });
      });
}

absl::Status Follower::CheckPage(const FollowedPage& page) const {
  int64_t expected = cursor_.position() + 1;
  for (const FollowedPage::Mark& mark : page.marks) {
    if (mark.position != expected) return errors::FeedGap(options_.source, expected, mark.position);
    ++expected;
  }
  // Over all provinces nothing is left out, so the page ends with its last event.
  if (page.next_position != expected - 1) {
    return errors::FeedGap(options_.source, expected, page.next_position + 1);
  }
  return absl::OkStatus();
}

absl::Status Follower::Take(const FollowedPage& page) {
  RETURN_IF_ERROR(CheckPage(page));
  if (page.marks.empty()) {
    Told(std::max(page.head_position, page.next_position));
    return absl::OkStatus();
  }
  nscl::event::v1::FeedCursor next = cursor_;
  next.set_epoch(page.epoch);
  next.set_position(page.next_position);
  next.set_log_hash(page.marks.back().log_hash);
  *next.mutable_commit_time() = page.commit_time;
  RETURN_IF_ERROR(MoveCursor(options_, &cursor_, std::move(next), page.apply));
  Told(std::max(page.head_position, page.next_position));
  return absl::OkStatus();
}

void Follower::Told(int64_t head_position) {
  {
    std::lock_guard lock(mutex_);
    status_.epoch = cursor_.epoch();
    status_.position = cursor_.position();
    status_.head_position = std::max(status_.head_position, head_position);
    if (cursor_.position() >= head_position) status_.fresh_at = absl::Now();
  }
  changed_.notify_all();
  if (position_gauge_ == nullptr) return;
  position_gauge_->Set(static_cast<double>(cursor_.position()));
  if (cursor_.position() >= head_position) fresh_gauge_->Set(NowSeconds());
}

}  // namespace nscl::feed
