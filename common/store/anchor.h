// The anchor beside a store (`<path>.anchor`): where the log stood and which files were live. No
// mode of RocksDB notices a missing write-ahead log, a cleanly cut tail, or every flip in a
// MANIFEST; this does.
//
// Written at each flush, every ten seconds where the head moved, and at a clean stop; compared at
// opening:
//   clean stop:  every file must be there, with its size, and no other data file; small files
//                (MANIFEST, CURRENT, OPTIONS, WAL) with their SHA-256; table files with the
//                checksum that RocksDB keeps of them (their bytes are checked block by block as
//                they are read, and whole by Verify)
//   otherwise:   a table file that is still there has its size; the MANIFEST begins with the bytes
//                it had
// and in both cases the store's head must not be behind the anchor's, nor have another hash at its
// revision.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace nscl::store {

struct AnchoredFile {
  std::string name;  // in the store's folder
  uint64_t size = 0;
  std::string checksum;  // hexadecimal: RocksDB's checksum of a table file, SHA-256 of another
};

struct Anchor {
  std::string service;
  std::string installation;
  int64_t epoch = 0;
  int64_t revision = 0;
  std::string log_hash;  // hexadecimal; empty at revision 0
  bool clean = false;    // the store was stopped cleanly after this
  std::vector<AnchoredFile> files;
};

std::string AnchorPath(absl::string_view store_path);
absl::Status WriteAnchor(rocksdb::Env* env, absl::string_view store_path, const Anchor& anchor);
// NOT_FOUND without one, DATA_LOSS where it is damaged.
absl::StatusOr<Anchor> ReadAnchor(rocksdb::Env* env, absl::string_view store_path);

// The table files that the database lists, with RocksDB's checksums.
std::vector<AnchoredFile> TableFiles(rocksdb::DB* db);
// The other data files in the folder, hashed over the bytes that they have now. `only_manifest`
// leaves out what a running store rewrites.
absl::StatusOr<std::vector<AnchoredFile>> SmallFiles(rocksdb::Env* env,
                                                     const std::string& store_path,
                                                     bool only_manifest);

// Whether a file of a running store may be compared at all: the others are rewritten as it runs.
bool OutlivesAStop(absl::string_view name);

// Compares the folder with the anchor before the database is opened: DATA_LOSS with the file's
// name.
absl::Status CheckFiles(rocksdb::Env* env, const std::string& store_path, const Anchor& anchor);
// Compares the opened database's table files with those of a clean anchor.
absl::Status CheckTableFiles(rocksdb::DB* db, const std::string& store_path, const Anchor& anchor);

}  // namespace nscl::store
