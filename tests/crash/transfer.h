// The command of the crash tests: a counter, a row, a derived row, an event and a kept answer,
// which are there together or not at all, and whose number shows what happened twice.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/store/store.h"

namespace nscl::crash {

inline std::string RowKey(int64_t n) { return absl::StrFormat("row/%012d", n); }
inline std::string IndexKey(int64_t n) { return absl::StrFormat("index/%012d", n); }
inline std::string AnswerOf(int64_t n) { return absl::StrCat("done ", n); }
inline constexpr char kCountKey[] = "count";

inline store::Command Transfer(int64_t n) {
  store::Command command;
  command.origin.actor = "user:crash|test";
  command.origin.method = "/nscl.crash.v1.CrashService/Transfer";
  command.origin.province = n % 2 == 0 ? "48" : "58";
  command.origin.scope = "crash";
  command.origin.request_id = absl::StrFormat("00000000-0000-4000-8000-%012x", n);
  command.origin.body_hash = "body";
  command.retention = store::Retention::kForever;
  command.apply = [n](store::Txn& txn) -> absl::StatusOr<std::string> {
    absl::StatusOr<std::optional<std::string>> before = txn.Get(kCountKey);
    if (!before.ok()) return before.status();
    int64_t count = 0;
    if (before->has_value() && !absl::SimpleAtoi(**before, &count))
      return absl::InternalError("count");
    txn.Put(kCountKey, absl::StrCat(count + 1));
    txn.Put(RowKey(n), std::string(300, static_cast<char>('a' + n % 26)));
    txn.PutDerived(IndexKey(n), "");
    nscl::event::v1::EventMetadata metadata;
    metadata.set_type("transfer.done");
    metadata.set_resource_name(absl::StrCat("transfers/", n));
    metadata.set_province(n % 2 == 0 ? "48" : "58");
    txn.Emit(std::move(metadata), 2, absl::StrCat("transfer ", n));
    return AnswerOf(n);
  };
  return command;
}

}  // namespace nscl::crash
