// Certificates whose last day comes near or is over: the events that say so, once each.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/registry/rpc/parts.h"

namespace nscl::registry {

// Raises `certificate.expiring` and `certificate.expired` for all that is due today, in commands of
// a bounded number of rows; returns how many were raised. State and event are one commit, so that a
// crash between two of them loses none and repeats none.
absl::StatusOr<int> SweepCertificates(const Parts& parts);

// Sweeps at the start and every `every` after it.
class ExpirySweeper {
 public:
  explicit ExpirySweeper(const Parts& parts, absl::Duration every = absl::Hours(1))
      : parts_(parts), every_(every) {}
  ~ExpirySweeper() { Stop(); }

  void Start();
  // Finishes the sweep that runs. May be called again.
  void Stop();

 private:
  void Run();

  const Parts parts_;
  const absl::Duration every_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace nscl::registry
