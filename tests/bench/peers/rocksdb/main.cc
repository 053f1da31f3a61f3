// Peer: what durable writing alone costs. As many threads as there are clients write batches of the
// bytes of one create, each synced, and leave the grouping to RocksDB.
//
//   bench_rocksdb --path=FOLDER --threads=64 --keys=5 --bytes=2000 --seconds=2     prints one line
//   of JSON
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <iostream>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "tests/bench/load/measure.h"

ABSL_FLAG(std::string, path, "", "folder of the database, made anew");
ABSL_FLAG(int32_t, threads, 64, "writers");
ABSL_FLAG(int32_t, keys, 5, "keys in a batch");
ABSL_FLAG(int32_t, bytes, 2000, "bytes of a batch, keys and values");
ABSL_FLAG(double, seconds, 2, "length of the measured stretch");
ABSL_FLAG(double, warmup, 0.3, "seconds before it that do not count");

int main(int argc, char** argv) {
  using namespace nscl::bench;
  using std::chrono::steady_clock;
  absl::ParseCommandLine(argc, argv);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.error_if_exists = true;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, absl::GetFlag(FLAGS_path), &opened);
  if (!status.ok()) {
    std::cerr << "bench_rocksdb: " << status.ToString() << "\n";
    return 1;
  }
  const std::unique_ptr<rocksdb::DB> db(opened);

  const int keys = absl::GetFlag(FLAGS_keys);
  // Bytes that do not compress away, in keys of 24.
  std::string value(static_cast<size_t>(std::max(1, absl::GetFlag(FLAGS_bytes) / keys - 24)), 'x');
  for (size_t i = 0; i < value.size(); ++i) value[i] = static_cast<char>(i * 2654435761u >> 24);
  const auto length = std::chrono::duration<double>(absl::GetFlag(FLAGS_seconds));
  const auto begin =
      steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(
                                std::chrono::duration<double>(absl::GetFlag(FLAGS_warmup)));
  const Window window{begin, begin + std::chrono::duration_cast<steady_clock::duration>(length)};

  std::atomic<uint64_t> next{0}, errors{0};
  std::vector<Latencies> latencies(static_cast<size_t>(absl::GetFlag(FLAGS_threads)));
  std::vector<std::thread> threads;
  for (Latencies& mine : latencies) {
    threads.emplace_back([&] {
      rocksdb::WriteOptions synced;
      synced.sync = true;
      for (auto started = steady_clock::now(); started < window.end;
           started = steady_clock::now()) {
        const uint64_t number = next.fetch_add(1, std::memory_order_relaxed);
        rocksdb::WriteBatch batch;
        for (int key = 0; key < keys; ++key) {
          char name[32];
          // State and index rows go all over the key space, logs and events to the end.
          std::snprintf(
              name, sizeof(name), "%03d/%020llu", key,
              static_cast<unsigned long long>(key < 2 ? number * 0x9E3779B97F4A7C15ull : number));
          batch.Put(name, value);
        }
        if (!db->Write(synced, &batch).ok()) ++errors;
        const auto finished = steady_clock::now();
        if (window.Holds(started, finished)) mine.Add(finished - started);
      }
    });
  }
  Result result;
  result.cpu_seconds = CpuWithin(window, {getpid()});
  result.seconds = length.count();
  for (std::thread& thread : threads) thread.join();
  for (const Latencies& mine : latencies) {
    result.micros.insert(result.micros.end(), mine.micros().begin(), mine.micros().end());
  }
  result.calls = result.micros.size();
  result.errors = errors;
  std::cout << result.ToJson() << "\n";
  return errors == 0 ? 0 : 1;
}
