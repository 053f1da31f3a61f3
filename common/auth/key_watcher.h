// Key rotation: an identity provider's key set, looked at again and again. What is read there
// replaces the issuer's keys and drops every verified token; what cannot be read or parsed changes
// nothing (the last good keys stay) and is reported.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authenticator.h"
#include "common/auth/key_source.h"

namespace nscl::auth {

class KeyWatcher {
 public:
  // How soon after a look the next one comes: a file, an address, and an address that failed (the
  // first time so long, then twice as long each time, never longer than the address's own pause).
  static constexpr absl::Duration kFileInterval = absl::Seconds(30);
  static constexpr absl::Duration kUrlInterval = absl::Minutes(5);
  static constexpr absl::Duration kFirstRetry = absl::Seconds(5);

  // `report` is told of each change (OK) and of each problem, once while it lasts; on the watcher's
  // thread.
  KeyWatcher(std::shared_ptr<Authenticator> authenticator, std::string issuer, KeySource source,
             std::function<void(const absl::Status&)> report);
  ~KeyWatcher();

  // Looks now; whether the keys were replaced. For tests, and for a reload that cannot wait.
  absl::StatusOr<bool> Look();

  // The pause after the `failures`th look in a row that failed; 0: after one that did not.
  static absl::Duration PauseAfter(const KeySource& source, int failures);

 private:
  void Run();

  const std::shared_ptr<Authenticator> authenticator_;
  const std::string issuer_;
  const KeySource source_;
  const std::function<void(const absl::Status&)> report_;
  std::mutex look_mutex_;
  std::string last_;  // text of the keys in use
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace nscl::auth
