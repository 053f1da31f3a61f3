// Key rotation: the key set of an identity provider in a mounted file, looked at again every 30 s.
// What is written there replaces the issuer's keys and drops every verified token; a file that
// cannot be read or parsed changes nothing and is reported.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/auth/authenticator.h"

namespace nscl::auth {

class KeyWatcher {
 public:
  static constexpr absl::Duration kInterval = absl::Seconds(30);

  // `report` is told of each change (OK) and of each problem, once while it lasts; on the watcher's
  // thread.
  KeyWatcher(std::shared_ptr<Authenticator> authenticator, std::string issuer, std::string path,
             std::function<void(const absl::Status&)> report, absl::Duration interval = kInterval);
  ~KeyWatcher();

  // Looks now; whether the keys were replaced. For tests, and for a reload that cannot wait.
  absl::StatusOr<bool> Look();

 private:
  void Run(absl::Duration interval);

  const std::shared_ptr<Authenticator> authenticator_;
  const std::string issuer_, path_;
  const std::function<void(const absl::Status&)> report_;
  std::mutex look_mutex_;
  std::string last_;  // text of the keys in use
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace nscl::auth
