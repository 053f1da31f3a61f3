#include "common/auth/key_watcher.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace nscl::auth {

KeyWatcher::KeyWatcher(std::shared_ptr<Authenticator> authenticator, std::string issuer,
                       std::string path, std::function<void(const absl::Status&)> report,
                       absl::Duration interval)
    : authenticator_(std::move(authenticator)),
      issuer_(std::move(issuer)),
      path_(std::move(path)),
      report_(std::move(report)),
      thread_([this, interval] { Run(interval); }) {}

KeyWatcher::~KeyWatcher() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

absl::StatusOr<bool> KeyWatcher::Look() {
  std::lock_guard lock(look_mutex_);
  std::ifstream file(path_, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path_, " cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str() == last_) return false;
  absl::StatusOr<std::shared_ptr<const KeySet>> keys = KeySet::Parse(text.str());
  if (!keys.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path_, ": ", keys.status().message()));
  }
  RETURN_IF_ERROR(authenticator_->SetKeys(issuer_, *std::move(keys)));
  last_ = text.str();
  return true;
}

void KeyWatcher::Run(absl::Duration interval) {
  absl::Status told;
  std::unique_lock lock(mutex_);
  while (!ends_) {
    lock.unlock();
    const absl::StatusOr<bool> looked = Look();
    const bool replaced = looked.ok() && *looked;
    if (report_ && (replaced || looked.status() != told)) report_(looked.status());
    told = looked.status();
    lock.lock();
    changed_.wait_for(lock, absl::ToChronoMilliseconds(interval), [this] { return ends_; });
  }
}

}  // namespace nscl::auth
