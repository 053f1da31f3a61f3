#include "common/auth/key_watcher.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace nscl::auth {

KeyWatcher::KeyWatcher(std::shared_ptr<Authenticator> authenticator, std::string issuer,
                       KeySource source, std::function<void(const absl::Status&)> report)
    : authenticator_(std::move(authenticator)),
      issuer_(std::move(issuer)),
      source_(std::move(source)),
      report_(std::move(report)),
      thread_([this] { Run(); }) {}

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
  ASSIGN_OR_RETURN(std::string text, source_.Read());
  if (text == last_) return false;
  absl::StatusOr<std::shared_ptr<const KeySet>> keys = KeySet::Parse(text);
  if (!keys.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(source_.location, ": ", keys.status().message()));
  }
  RETURN_IF_ERROR(authenticator_->SetKeys(issuer_, *std::move(keys)));
  last_ = std::move(text);
  return true;
}

absl::Duration KeyWatcher::PauseAfter(const KeySource& source, int failures) {
  if (!source.is_url()) return kFileInterval;
  if (failures == 0) return kUrlInterval;
  return std::min(kUrlInterval, kFirstRetry * (int64_t{1} << std::min(failures - 1, 20)));
}

void KeyWatcher::Run() {
  absl::Status told;
  int failures = 0;
  std::unique_lock lock(mutex_);
  while (!ends_) {
    lock.unlock();
    const absl::StatusOr<bool> looked = Look();
    const bool replaced = looked.ok() && *looked;
    if (report_ && (replaced || looked.status() != told)) report_(looked.status());
    told = looked.status();
    failures = looked.ok() ? 0 : failures + 1;
    lock.lock();
    changed_.wait_for(lock, absl::ToChronoMilliseconds(PauseAfter(source_, failures)),
                      [this] { return ends_; });
  }
}

}  // namespace nscl::auth
