// Feeds over real stores and a real server: what readers see, and that followers take each event in
// exactly once, whatever happens between.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/feed/event_handlers.h"
#include "common/feed/follower.h"
#include "common/feed/store_handlers.h"
#include "common/rpc/testing/test_door.h"
#include "common/status/error.h"
#include "common/store/testing/fixture.h"
#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/event_service.grpc.pb.h"
#include "nscl/registry/v1/store_service.grpc.pb.h"

namespace nscl::feed {
namespace {

using event::v1::ListEventsRequest;
using event::v1::WatchEventsRequest;
using nscl::testing::CodeIs;
using nscl::testing::IsOk;
using nscl::testing::Reason;
using nscl::testing::ReasonIs;
using nscl::testing::Refused;
using registry::v1::Enterprise;
using registry::v1::Event;
using registry::v1::EventService;
using registry::v1::ListEventsResponse;
using registry::v1::StoreService;
using registry::v1::WatchEventsResponse;
using Handlers = EventHandlers<EventService, Event, ListEventsResponse, WatchEventsResponse>;

constexpr absl::Duration kPatience = absl::Seconds(20);

void Until(const std::function<bool()>& condition) {
  const absl::Time end = absl::Now() + kPatience;
  while (!condition() && absl::Now() < end) std::this_thread::yield();
  ASSERT_TRUE(condition());
}

// One command that raises `count` events in a province.
void Emit(store::Store& store, const std::string& province, int count = 1, size_t bytes = 0) {
  store::Command command;
  command.origin.actor = "user:test";
  command.origin.method = "internal:test";
  command.apply = [&](store::Txn& txn) -> absl::StatusOr<std::string> {
    for (int i = 0; i < count; ++i) {
      Enterprise enterprise;
      enterprise.set_name(
          absl::StrCat("provinces/", province, "/enterprises/", txn.next_revision(), "-", i));
      enterprise.set_etag(std::string(bytes, 'x'));
      event::v1::EventMetadata metadata;
      metadata.set_type("enterprise.created");
      metadata.set_resource_name(enterprise.name());
      metadata.set_province(province);
      txn.Put(absl::StrCat("E", enterprise.name()), enterprise.SerializeAsString());
      txn.Emit(metadata, Event::kEnterpriseFieldNumber, enterprise.SerializeAsString());
    }
    return std::string();
  };
  ASSERT_THAT(store.Run(std::move(command)), IsOk());
}

std::unique_ptr<store::Store> OpenStore(const std::string& path, const std::string& service,
                                        const std::string& backups = "") {
  store::Options options;
  options.service = service;
  options.path = path;
  options.backup_path = backups;
  options.init = true;
  options.low_space_bytes = options.resume_space_bytes = 0;
  options.fail_stop = [](const absl::Status& status) { ADD_FAILURE() << status; };
  auto store = store::Store::Open(options);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

// A registry that serves its feed.
class Source {
 public:
  explicit Source(absl::Duration heartbeat = kHeartbeat) {
    const std::string path = folder_.path() + "/registry";
    store_ = OpenStore(path, "registry", folder_.path() + "/backups");
    Serve(heartbeat);
  }
  ~Source() { test_->Stop(); }

  void Serve(absl::Duration heartbeat) {
    test_ = std::make_unique<rpc::TestDoor>("registry");
    events_ = std::make_unique<Handlers>(test_->door(), *store_, heartbeat);
    store_service_ = std::make_unique<StoreHandlers<StoreService>>(test_->door(), *store_);
    peer_ = test_->Serve({events_.get(), store_service_.get()}, test_->ServiceToken("reporting"));
    stub_ = EventService::NewStub(peer_.channel);
  }

  rpc::TestDoor& test() { return *test_; }
  store::Store& store() { return *store_; }
  const rpc::Peer& peer() const { return peer_; }
  EventService::Stub& stub() { return *stub_; }

  absl::StatusOr<ListEventsResponse> List(const rpc::Peer& peer, const std::string& parent,
                                          int64_t after = 0, int page_size = 0, int64_t epoch = 0) {
    ListEventsRequest request;
    request.set_parent(parent);
    request.set_after_position(after);
    request.set_page_size(page_size);
    request.set_epoch(epoch);
    return rpc::Call(peer, *stub_, &EventService::Stub::ListEvents, request);
  }

 private:
  store::TestFolder folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<rpc::TestDoor> test_;
  std::unique_ptr<Handlers> events_;
  std::unique_ptr<StoreHandlers<StoreService>> store_service_;
  rpc::Peer peer_;
  std::unique_ptr<EventService::Stub> stub_;
};

std::vector<int64_t> Positions(const absl::StatusOr<ListEventsResponse>& page) {
  std::vector<int64_t> positions;
  EXPECT_TRUE(page.ok()) << page.status();
  for (const Event& event : page->events()) positions.push_back(event.metadata().position());
  return positions;
}

// ------------------------------------------------------------------------------------------
// reading

TEST(EventHandlersTest, ListsInOrderWithinScope) {
  Source source;
  for (const char* province : {"48", "58", "48", "56", "01"}) Emit(source.store(), province);
  const rpc::Peer& all = source.peer();
  const rpc::Peer khanh_hoa =
      source.test().As(source.test().Token({"national_reader"}, {"56"}));  // covers 58
  const rpc::Peer two = source.test().As(source.test().Token({"national_reader"}, {"48", "01"}));
  using V = std::vector<int64_t>;
  EXPECT_EQ(Positions(source.List(all, "provinces/-")), (V{1, 2, 3, 4, 5}));
  EXPECT_EQ(Positions(source.List(all, "provinces/48")), (V{1, 3}));
  EXPECT_EQ(Positions(source.List(khanh_hoa, "provinces/-")), (V{2, 4}));
  EXPECT_EQ(Positions(source.List(khanh_hoa, "provinces/58")), (V{2}));
  EXPECT_EQ(Positions(source.List(two, "provinces/-")), (V{1, 3, 5}));
  EXPECT_EQ(Positions(source.List(all, "provinces/-", 3)), (V{4, 5}));
  EXPECT_EQ(Positions(source.List(all, "provinces/-", 1, 2)), (V{2, 3}));
  EXPECT_EQ(Positions(source.List(all, "provinces/-", 5)), (V{}));
  // What is left out is still passed by.
  auto page = source.List(two, "provinces/-", 1, 1);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->head_position(), 5);
  EXPECT_EQ(page->epoch(), source.store().GetStatus().epoch());
  EXPECT_EQ(source.List(khanh_hoa, "provinces/-")->next_position(), 5);
}

TEST(EventHandlersTest, Refusals) {
  Source source;
  Emit(source.store(), "48");
  const rpc::Peer da_nang = source.test().As(source.test().Token({"national_reader"}, {"48"}));
  const rpc::Peer officer = source.test().As(source.test().Token({"dost_officer"}, {"48"}));
  EXPECT_THAT(source.List(da_nang, "provinces/58"), ReasonIs("SCOPE_DENIED"));
  EXPECT_THAT(source.List(officer, "provinces/48"), ReasonIs("ROLE_DENIED"));
  EXPECT_THAT(source.List(source.peer(), ""), ReasonIs("RESOURCE_NAME"));
  EXPECT_THAT(source.List(source.peer(), "provinces/-", 2),
              Refused(absl::StatusCode::kOutOfRange, "CURSOR_AHEAD"));
  EXPECT_THAT(source.List(source.peer(), "provinces/-", 0, 0, 99),
              Refused(absl::StatusCode::kAborted, "EPOCH_CHANGED"));
  EXPECT_THAT(source.List(source.peer(), "provinces/-", -1),
              CodeIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(source.List(source.peer(), "provinces/-", 0, -1), ReasonIs("PAGE_SIZE"));
}

TEST(EventHandlersTest, ACommandIsNeverSplit) {
  Source source;
  Emit(source.store(), "48", 3);
  Emit(source.store(), "48", 3);
  EXPECT_EQ(Positions(source.List(source.peer(), "provinces/-", 0, 1)).size(), 3u);
  EXPECT_EQ(Positions(source.List(source.peer(), "provinces/-", 0, 4)).size(), 6u);
}

// 30 events of 100 KB: pages end at about 1 MiB, and go on where they ended.
TEST(EventHandlersTest, PagesFitIntoMessages) {
  Source source;
  for (int i = 0; i < 30; ++i) Emit(source.store(), "48", 1, 100'000);
  int64_t position = 0;
  int pages = 0;
  while (position < 30) {
    auto page = source.List(source.peer(), "provinces/-", position, 1000);
    ASSERT_THAT(page, IsOk());
    ASSERT_GT(page->events_size(), 0);
    EXPECT_EQ(page->events(0).metadata().position(), position + 1);
    EXPECT_LE(page->ByteSizeLong(), kMaxPageBytes + 250'000);
    EXPECT_EQ(page->next_position(), page->events(page->events_size() - 1).metadata().position());
    position = page->next_position();
    ++pages;
  }
  EXPECT_GE(pages, 3);
}

TEST(EventHandlersTest, WatchGoesOnFromWhatThereIs) {
  Source source(absl::Milliseconds(20));
  Emit(source.store(), "48");
  grpc::ClientContext context;
  ASSERT_THAT(rpc::Prepare(source.peer(), {.timeout = absl::Seconds(30)}, &context), IsOk());
  WatchEventsRequest request;
  request.set_parent("provinces/48");
  auto stream = source.stub().WatchEvents(&context, request);
  int64_t next = 0, seen = 0;
  bool heartbeat = false;
  const auto read_until = [&](int64_t position) {
    WatchEventsResponse response;
    while (next < position && stream->Read(&response)) {
      heartbeat |= response.events().empty();
      seen += response.events_size();
      EXPECT_GE(response.next_position(), next);
      next = response.next_position();
    }
    EXPECT_EQ(next, position);
  };
  read_until(1);
  Emit(source.store(), "48");
  read_until(2);
  Emit(source.store(), "58");  // of another province: passed by, told by a heartbeat
  read_until(3);
  EXPECT_TRUE(heartbeat);
  Emit(source.store(), "48", 5);
  read_until(8);
  EXPECT_EQ(seen, 7);
  context.TryCancel();
  stream->Finish();
}

TEST(EventHandlersTest, WatchersLeaveNothingBehind) {
  Source source;
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    ASSERT_THAT(rpc::Prepare(source.peer(), {}, &context), IsOk());
    WatchEventsRequest request;
    request.set_parent("provinces/-");
    auto stream = source.stub().WatchEvents(&context, request);
    if (i % 2 == 0) Until([&] { return source.test().door().streams() > 0; });
    context.TryCancel();
    stream->Finish();
  }
  Until([&] { return source.test().door().streams() == 0; });
  Emit(source.store(), "48");  // wakes nobody that has gone
}

// ------------------------------------------------------------------------------------------ store
// care

TEST(StoreHandlersTest, StatusPauseBackupVerify) {
  Source source;
  Emit(source.store(), "48", 3);
  const rpc::Peer operator_ = source.test().As(source.test().Token({"operator"}, {"*"}));
  auto stub = StoreService::NewStub(operator_.channel);
  auto status = rpc::Call(operator_, *stub, &StoreService::Stub::GetStoreStatus, {});
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->service(), "registry");
  EXPECT_EQ(status->event_position(), 3);

  store::v1::PauseWritesRequest pause;
  pause.set_barrier_id("0b8e7a4e-7a4b-4d0e-9a55-0f6b7d3a2c11");
  pause.set_lease_ms(30'001);
  EXPECT_THAT(rpc::Call(operator_, *stub, &StoreService::Stub::PauseWrites, pause),
              ReasonIs("LEASE"));
  pause.set_lease_ms(20'000);
  auto paused = rpc::Call(operator_, *stub, &StoreService::Stub::PauseWrites, pause);
  ASSERT_THAT(paused, IsOk());
  EXPECT_EQ(paused->status().revision(), status->revision());

  store::v1::CreateBackupRequest backup;
  backup.set_barrier_id(pause.barrier_id());
  backup.set_backup_set("set-1");
  auto made = rpc::Call(operator_, *stub, &StoreService::Stub::CreateBackup, backup);
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->revision(), status->revision());
  Emit(source.store(), "48");  // goes on after the copy is pinned

  auto verified = rpc::Call(operator_, *stub, &StoreService::Stub::VerifyStore, {});
  ASSERT_THAT(verified, IsOk());
  EXPECT_EQ(verified->events(), 4);

  EXPECT_THAT(rpc::Call(operator_, *stub, &StoreService::Stub::ConfirmClock, {}),
              ReasonIs("CLOCK_NOT_JUMPED"));

  // A province's officer has no business here, and neither has an operator of one province.
  const rpc::Peer local = source.test().As(source.test().Token({"operator"}, {"48"}));
  EXPECT_THAT(rpc::Call(local, *stub, &StoreService::Stub::GetStoreStatus, {}),
              ReasonIs("SCOPE_DENIED"));
}

// ------------------------------------------------------------------------------------------
// following

constexpr char kCursor[] = "cursor/registry";

// A follower's own store: counts events, and how often each position was applied.
class Projection {
 public:
  Projection() : store_(OpenStore(folder_.path() + "/reporting", "reporting")) {}

  std::unique_ptr<Follower> Follow(const rpc::Peer& peer) {
    FollowerOptions options;
    options.source = "registry";
    options.actor = "service:reporting";
    options.store = store_.get();
    options.cursor_key = kCursor;
    options.page_size = 7;
    options.least_backoff = absl::Milliseconds(5);
    options.most_backoff = absl::Milliseconds(50);
    return feed::Follow<EventService, Event>(
        options, peer, [this](store::Txn& txn, const Event& event) -> absl::Status {
          if (fail > 0) {
            --fail;
            return absl::UnavailableError("not now");
          }
          const std::string key = absl::StrCat("seen/", event.metadata().position());
          auto row = txn.Get(key);
          if (!row.ok()) return row.status();
          txn.Put(key, row->has_value() ? "twice" : "once");
          return absl::OkStatus();
        });
  }

  // "" where each position up to `head` was applied once; else what is wrong.
  std::string Fault(int64_t head) {
    auto snapshot = store_->TakeSnapshot();
    int64_t rows = 0;
    std::string fault;
    EXPECT_THAT(snapshot->Scan(store::KeyRange::Prefix("seen/"),
                               [&](absl::string_view key, absl::string_view value) {
                                 ++rows;
                                 if (value != "once")
                                   absl::StrAppend(&fault, key, " ", value, "; ");
                                 return true;
                               }),
                IsOk());
    if (rows != head) absl::StrAppend(&fault, rows, " rows of ", head);
    return fault;
  }
  store::Store& store() { return *store_; }

  std::atomic<int> fail{0};

 private:
  store::TestFolder folder_;
  std::unique_ptr<store::Store> store_;
};

TEST(FollowerTest, TakesInWhatIsThereAndWhatComes) {
  Source source;
  for (int i = 0; i < 40; ++i) Emit(source.store(), i % 2 == 0 ? "48" : "58", 1 + i % 3);
  Projection projection;
  auto follower = projection.Follow(source.peer());
  follower->Start();
  int64_t head = source.store().GetStatus().event_position();
  EXPECT_TRUE(follower->WaitForPosition(head, kPatience));
  for (int i = 0; i < 20; ++i) Emit(source.store(), "48");
  head += 20;
  EXPECT_TRUE(follower->WaitForPosition(head, kPatience));
  EXPECT_EQ(projection.Fault(head), "");
  const FollowerStatus status = follower->status();
  EXPECT_EQ(status.position, head);
  EXPECT_EQ(status.head_position, head);
  EXPECT_THAT(status.problem, IsOk());
  EXPECT_GE(status.StaleSeconds(absl::Now()), 0);
  EXPECT_LT(status.StaleSeconds(absl::Now()), 20);
  follower->Stop();
}

TEST(FollowerTest, StopsAndGoesOnWithoutLossOrRepetition) {
  Source source;
  Projection projection;
  for (int round = 0; round < 8; ++round) {
    auto follower = projection.Follow(source.peer());
    follower->Start();
    std::thread writer([&] {
      for (int i = 0; i < 15; ++i) Emit(source.store(), "48", 2);
    });
    follower->WaitForPosition(30 * round + 9, kPatience);
    follower->Stop();  // in the middle of it
    writer.join();
  }
  auto follower = projection.Follow(source.peer());
  follower->Start();
  EXPECT_TRUE(follower->WaitForPosition(240, kPatience));
  follower->Stop();
  EXPECT_EQ(projection.Fault(240), "");
}

TEST(FollowerTest, AProjectionThatFailsIsTriedAgain) {
  Source source;
  for (int i = 0; i < 20; ++i) Emit(source.store(), "48");
  Projection projection;
  projection.fail = 5;
  auto follower = projection.Follow(source.peer());
  follower->Start();
  EXPECT_TRUE(follower->WaitForPosition(20, kPatience));
  Until([&] { return follower->status().problem.ok(); });
  follower->Stop();
  EXPECT_EQ(projection.Fault(20), "");
}

TEST(FollowerTest, AnAbsentPeerIsWaitedFor) {
  Projection projection;
  auto channel = rpc::MakeChannel({.target = "unix:/tmp/nscl-no-such.sock"});
  auto follower = projection.Follow({*channel, auth::TokenSource::Fixed("x")});
  follower->Start();
  Until([&] { return !follower->status().problem.ok(); });
  EXPECT_FALSE(follower->status().halted);
  EXPECT_EQ(follower->status().StaleSeconds(absl::Now()), -1);
  follower->Stop();  // at once, whatever it was doing
}

// A drained server ends the stream; the follower comes back to the next one at the same address.
TEST(FollowerTest, SurvivesARestartOfItsSource) {
  store::TestFolder folder;
  auto store = OpenStore(folder.path() + "/registry", "registry");
  Emit(*store, "48");
  rpc::TestDoor issuer("registry");
  const std::string address = absl::StrCat("unix:", issuer.folder(), "/restarted.sock");
  rpc::Peer peer{*rpc::MakeChannel({.target = address}),
                 auth::TokenSource::Fixed(issuer.ServiceToken("reporting"))};
  Projection projection;
  auto follower = projection.Follow(peer);
  follower->Start();
  for (int round = 1; round <= 3; ++round) {
    rpc::Door door({.service = "registry", .authenticator = issuer.authenticator()});
    Handlers handlers(door, *store);
    auto server = rpc::Server::Start(
        {.service = "registry", .address = address, .services = {&handlers}, .door = &door});
    ASSERT_THAT(server, IsOk());
    EXPECT_TRUE(follower->WaitForPosition(2 * round - 1, kPatience));
    Emit(*store, "48");
    EXPECT_TRUE(follower->WaitForPosition(2 * round, kPatience));
    (*server)->Drain();
    Until([&] { return !follower->status().problem.ok(); });
    EXPECT_FALSE(follower->status().halted);
    Emit(*store, "48");
  }
  follower->Stop();
  EXPECT_EQ(projection.Fault(6), "");
}

// A store may be closed as soon as its server has drained, however busy the watchers were.
TEST(FollowerTest, AStoreMayCloseOnceItsServerHasDrained) {
  for (int round = 0; round < 6; ++round) {
    auto source = std::make_unique<Source>(absl::Milliseconds(1));
    Projection projection;
    std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
    std::vector<std::unique_ptr<grpc::ClientReader<WatchEventsResponse>>> streams;
    WatchEventsRequest request;
    request.set_parent("provinces/-");
    for (int i = 0; i < 8; ++i) {
      contexts.push_back(std::make_unique<grpc::ClientContext>());
      ASSERT_THAT(rpc::Prepare(source->peer(), {}, contexts.back().get()), IsOk());
      streams.push_back(source->stub().WatchEvents(contexts.back().get(), request));
    }
    auto follower = projection.Follow(source->peer());
    follower->Start();
    Emit(source->store(), "48", 5);
    EXPECT_TRUE(follower->WaitForPosition(5, kPatience));
    follower->Stop();
    source.reset();  // drains the server, then closes the store
    for (auto& stream : streams) {
      WatchEventsResponse response;
      while (stream->Read(&response)) {
      }
      EXPECT_FALSE(stream->Finish().ok());
    }
  }
}

// Another history behind the same address: nothing more is taken in.
TEST(FollowerTest, HaltsWhereHistoryDiffers) {
  struct Row {
    const char* what;
    std::function<void(event::v1::FeedCursor&)> change;
    const char* reason;
  } rows[] = {
      {"the source lost its end", [](auto& c) { c.set_position(1000); }, "CURSOR_AHEAD"},
      {"the source was rewritten", [](auto& c) { c.set_log_hash("00"); }, "FEED_REWRITTEN"},
      {"the source was restored to another history",
       [](auto& c) {
         c.set_epoch(c.epoch() + 7);
         c.set_log_hash("00");
       },
       "FEED_REWRITTEN"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Source source;
    for (int i = 0; i < 5; ++i) Emit(source.store(), "48");
    Projection projection;
    auto follower = projection.Follow(source.peer());
    follower->Start();
    ASSERT_TRUE(follower->WaitForPosition(5, kPatience));
    follower->Stop();
    store::Command tamper;
    tamper.origin.method = "internal:test";
    tamper.apply = [&](store::Txn& txn) -> absl::StatusOr<std::string> {
      event::v1::FeedCursor cursor;
      EXPECT_TRUE(cursor.ParseFromString(**txn.Get(kCursor)));
      row.change(cursor);
      txn.Put(kCursor, cursor.SerializeAsString());
      return std::string();
    };
    ASSERT_THAT(projection.store().Run(std::move(tamper)), IsOk());
    Emit(source.store(), "48");
    follower = projection.Follow(source.peer());
    follower->Start();
    Until([&] { return follower->status().halted; });
    EXPECT_THAT(follower->status().problem, ReasonIs(row.reason));
    EXPECT_EQ(projection.Fault(5), "");
    follower->Stop();
  }
}

// A source restored from a backup that holds the cursor's event: the same history in another epoch.
TEST(FollowerTest, GoesOnWithARestoredSource) {
  Source source;
  for (int i = 0; i < 5; ++i) Emit(source.store(), "48");
  Projection projection;
  auto follower = projection.Follow(source.peer());
  follower->Start();
  ASSERT_TRUE(follower->WaitForPosition(5, kPatience));
  follower->Stop();
  store::Command before;
  before.origin.method = "internal:test";
  before.apply = [&](store::Txn& txn) -> absl::StatusOr<std::string> {
    event::v1::FeedCursor cursor;
    EXPECT_TRUE(cursor.ParseFromString(**txn.Get(kCursor)));
    cursor.set_epoch(cursor.epoch() + 7);
    txn.Put(kCursor, cursor.SerializeAsString());
    return std::string();
  };
  ASSERT_THAT(projection.store().Run(std::move(before)), IsOk());
  Emit(source.store(), "48");
  follower = projection.Follow(source.peer());
  follower->Start();
  EXPECT_TRUE(follower->WaitForPosition(6, kPatience));
  follower->Stop();
  EXPECT_EQ(follower->status().epoch, source.store().GetStatus().epoch());
  EXPECT_FALSE(follower->status().halted);
  EXPECT_EQ(projection.Fault(6), "");
}

TEST(WorkerTest, TakesTwoAndNoMore) {
  std::atomic<bool> go{false};
  std::atomic<int> done{0};
  {
    Worker worker;
    EXPECT_TRUE(worker.Post([&] {
      while (!go) std::this_thread::yield();
      ++done;
    }));
    EXPECT_TRUE(worker.Post([&] { ++done; }));
    EXPECT_FALSE(worker.Post([&] { ++done; }));
    go = true;
  }
  EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace nscl::feed
