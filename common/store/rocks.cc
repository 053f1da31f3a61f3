#include "common/store/rocks.h"

#include <rocksdb/env.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/table.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/store/errors.h"
#include "common/store/keys.h"

namespace nscl::store {
namespace {

rocksdb::DBOptions MakeDbOptions(const DatabaseOptions& options) {
  rocksdb::DBOptions db;
  if (options.env != nullptr) db.env = options.env;
  // A lost CURRENT must not become an empty store: only `init` creates.
  db.create_if_missing = options.create;
  db.create_missing_column_families = options.create;
  // The default mode silently drops acknowledged rows after one flipped byte in the log; this one
  // refuses to open, and still accepts a tail torn by a crash.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Notices a closed log that is missing. Nothing here calls SyncWAL or FlushWAL, whose race with
  // it gives false alarms in 7.8.
  db.track_and_verify_wals_in_manifest = true;
  // With automatic recovery a log flushed by hand could leave families apart from each other
  // before 9.7.
  db.manual_wal_flush = false;
  // Unfinished in 7.8.
  db.wal_compression = rocksdb::kNoCompression;
  // Recycled logs lost data through stale records until 9.2.
  db.recycle_log_file_num = 0;
  // The defaults, said aloud because the promises rest on them.
  db.paranoid_checks = true;
  db.flush_verify_memtable_count = true;
  db.verify_sst_unique_id_in_manifest = true;
  // Without it neither a backup nor its verification notices a damaged table file.
  db.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  // POSIX files ignore the checksum that is handed over: no gain in 7.8.
  db.checksum_handoff_file_types = rocksdb::FileTypeSet();
  // Opens every table file at start, so that a missing one is found then and not at a read.
  db.max_open_files = -1;
  // Each of these gives up an order or a recovery that the single writer relies on.
  db.unordered_write = false;
  db.enable_pipelined_write = false;
  db.two_write_queues = false;
  db.allow_2pc = false;
  // Two cores; a bug in retried flushes needed eight jobs or more.
  db.max_background_jobs = 2;
  // Bounds memory over the four families, and the time to replay the log at start.
  db.db_write_buffer_size = size_t{48} << 20;
  db.max_total_wal_size = uint64_t{64} << 20;
  // What is left in memory at a close without a flush is in the log anyway.
  db.avoid_flush_during_shutdown = false;
  // Keeps personal data out of RocksDB's own logs and errors.
  db.allow_data_in_errors = false;
  // RocksDB's text logs must not fill the volume: at most 4 x 4 MiB.
  db.max_log_file_size = size_t{4} << 20;
  db.keep_log_file_num = 4;
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  // A table file that does not reach the disk at the end of a flush reaches it all at once: spread
  // it.
  db.bytes_per_sync = uint64_t{1} << 20;
  // Statistics dumped by a thread of their own: nobody reads them.
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  if (options.listener != nullptr) db.listeners.push_back(options.listener);
  return db;
}

rocksdb::ColumnFamilyOptions MakeFamilyOptions(const std::shared_ptr<rocksdb::Cache>& cache,
                                               bool point_lookups) {
  rocksdb::ColumnFamilyOptions family;
  // 16 MiB, two at most: the bug in retried flushes needed more than two buffers.
  family.write_buffer_size = size_t{16} << 20;
  family.max_write_buffer_number = 2;
  // Re-reads each new table file: data is small, and a file that was written wrong is found at
  // once.
  family.paranoid_file_checks = true;
  // Level invariants are checked in release builds, too.
  family.force_consistency_checks = true;
  // A bit that flips in memory is found at the flush.
  family.memtable_protection_bytes_per_key = kProtectionBytesPerKey;
  // A key that is not there costs one look at a filter (request ids: nearly always).
  if (point_lookups) family.memtable_prefix_bloom_size_ratio = 0.05;
  if (point_lookups) family.memtable_whole_key_filtering = true;
  family.compression = rocksdb::kLZ4Compression;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Index and filter blocks count against the cache's limit, so that memory stays bounded.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  // The newest format that 7.8 reads and writes.
  table.format_version = 5;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

}  // namespace

absl::Status ToAbsl(const rocksdb::Status& status, absl::string_view place) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsCorruption()) return errors::StoreCorrupt(place, status.ToString());
  if (status.IsNoSpace()) return errors::VolumeFull();
  if (status.IsPathNotFound() || status.IsNotFound()) {
    return errors::StoreCorrupt(place, "the file is missing");
  }
  return errors::StoreIo(place, status.ToString());
}

Database::~Database() { Close().PermitUncheckedError(); }

rocksdb::Status Database::Close() {
  if (db == nullptr) return rocksdb::Status::OK();
  for (rocksdb::ColumnFamilyHandle* handle : {rows, log, history, idempotency}) {
    if (handle != nullptr) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  rows = log = history = idempotency = nullptr;
  rocksdb::Status status = db->Close();
  db.reset();
  return status;
}

absl::StatusOr<std::shared_ptr<Database>> OpenDatabase(const DatabaseOptions& options) {
  // Shared by the families. One shard bit per core or so: more shards waste small caches.
  std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes, 2);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, MakeFamilyOptions(cache, true)},
      {keys::kLogFamily, MakeFamilyOptions(cache, false)},
      {keys::kHistoryFamily, MakeFamilyOptions(cache, false)},
      {keys::kIdempotencyFamily, MakeFamilyOptions(cache, true)}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const rocksdb::DBOptions db_options = MakeDbOptions(options);
  rocksdb::Status status =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(db_options, options.path, families, &handles, &db)
          : rocksdb::DB::Open(db_options, options.path, families, &handles, &db);
  if (!status.ok()) {
    // What RocksDB refuses without an I/O error is a folder that is not as it was left.
    if (status.IsInvalidArgument()) return errors::StoreCorrupt(options.path, status.ToString());
    return ToAbsl(status, options.path);
  }
  auto database = std::make_shared<Database>();
  database->db.reset(db);
  database->rows = handles[0];
  database->log = handles[1];
  database->history = handles[2];
  database->idempotency = handles[3];
  return database;
}

rocksdb::WriteOptions GroupWriteOptions(bool sync) {
  rocksdb::WriteOptions options;
  // An acknowledged group is on the disk. (False only in the control run of the crash tests.)
  options.sync = sync;
  options.disableWAL = false;
  // A stall answers Incomplete instead of holding the writer; the writer then decides how long to
  // wait.
  options.no_slowdown = true;
  // The batch carries a checksum per key from where it is made to where it is kept.
  options.protection_bytes_per_key = kProtectionBytesPerKey;
  return options;
}

}  // namespace nscl::store
