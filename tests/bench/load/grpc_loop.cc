#include "tests/bench/load/grpc_loop.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <memory>
#include <mutex>

namespace nscl::bench {
namespace {

using std::chrono::steady_clock;

// What all callers share.
struct Run {
  const GrpcLoad& load;
  Window window;
  std::atomic<uint64_t> next{0};
  std::mutex mutex;
  std::condition_variable done;
  int running = 0;          // guarded by mutex
  uint64_t errors = 0;      // guarded by mutex
  std::string first_error;  // guarded by mutex
};

class Caller {
 public:
  Caller(Run* run, grpc::GenericStub* stub) : run_(run), stub_(stub) {}

  void Call() {
    const uint64_t number = run_->next.fetch_add(1, std::memory_order_relaxed);
    const bool over =
        run_->load.count > 0 ? number >= run_->load.count : steady_clock::now() >= run_->window.end;
    if (over) return Stop("");

    const grpc::Slice slice(run_->load.request(number));
    request_ = grpc::ByteBuffer(&slice, 1);
    response_.Clear();
    context_ = std::make_unique<grpc::ClientContext>();
    const auto& tokens = run_->load.tokens;
    if (!tokens.empty()) {
      context_->AddMetadata("authorization", "Bearer " + tokens[number % tokens.size()]);
    }
    context_->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    started_ = steady_clock::now();
    stub_->UnaryCall(context_.get(), run_->load.method, {}, &request_, &response_,
                     [this](grpc::Status status) { Answered(status); });
  }

  const Latencies& latencies() const { return latencies_; }
  grpc::ByteBuffer* response() { return &response_; }

 private:
  void Answered(const grpc::Status& status) {
    const auto finished = steady_clock::now();
    // One failure ends the caller: a benchmark of refusals would be fast and worthless.
    if (!status.ok()) {
      return Stop("code " + std::to_string(status.error_code()) + ": " + status.error_message());
    }
    if (run_->load.count > 0 || run_->window.Holds(started_, finished)) {
      latencies_.Add(finished - started_);
    }
    Call();
  }

  void Stop(const std::string& error) {
    std::lock_guard<std::mutex> lock(run_->mutex);
    if (!error.empty() && run_->errors++ == 0) run_->first_error = error;
    if (--run_->running == 0) run_->done.notify_all();
  }

  Run* run_;
  grpc::GenericStub* stub_;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer request_, response_;
  SteadyTime started_;
  Latencies latencies_;
};

}  // namespace

Result RunGrpc(const GrpcLoad& load, std::string* last_response) {
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
  for (int i = 0; i < load.connections; ++i) {
    grpc::ChannelArguments arguments;
    // A connection of its own, instead of one shared by all channels to the target.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel =
        grpc::CreateCustomChannel(load.target, grpc::InsecureChannelCredentials(), arguments);
    Result failed;
    if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10))) {
      failed.errors = 1;
      failed.first_error = "no connection to " + load.target;
      return failed;
    }
    stubs.push_back(std::make_unique<grpc::GenericStub>(channel));
  }

  const auto now = steady_clock::now();
  Run run{load, {now + load.warmup, now + load.warmup + load.length}};
  run.running = load.callers;
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < load.callers; ++i) {
    callers.push_back(std::make_unique<Caller>(&run, stubs[i % stubs.size()].get()));
  }
  const double cpu_before = CpuSeconds(load.processes);
  for (auto& caller : callers) caller->Call();

  Result result;
  if (load.count == 0) {
    result.cpu_seconds = CpuWithin(run.window, load.processes);
    result.seconds = std::chrono::duration<double>(load.length).count();
  }
  {
    std::unique_lock<std::mutex> lock(run.mutex);
    run.done.wait(lock, [&run] { return run.running == 0; });
    result.errors = run.errors;
    result.first_error = run.first_error;
  }
  if (load.count > 0) {
    result.cpu_seconds = CpuSeconds(load.processes) - cpu_before;
    result.seconds = std::chrono::duration<double>(steady_clock::now() - now).count();
  }
  for (auto& caller : callers) {
    const auto& micros = caller->latencies().micros();
    result.micros.insert(result.micros.end(), micros.begin(), micros.end());
  }
  result.calls = result.micros.size();
  if (last_response != nullptr) {
    std::vector<grpc::Slice> slices;
    callers[0]->response()->Dump(&slices);
    for (const grpc::Slice& slice : slices) {
      last_response->append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
  }
  return result;
}

}  // namespace nscl::bench
