// The load of the crash tests: clients that work as offices do, each on its own cases, and go on
// after a crash with what they had not seen done.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "services/tools/door/door.h"

namespace nscl::crash {

class Client {
 public:
  virtual ~Client() = default;
  // Which token it works with: "officer", "casework".
  virtual std::string caller() const = 0;
  // Does one piece of work, or goes on with the one that broke off. The error that broke it off.
  virtual absl::Status Work(tools::Door& door) = 0;
  // Whether it is between two pieces of work.
  virtual bool Rests() const = 0;
};

// Registers an enterprise with its yearly figures and takes a support case of it from the need to
// the settlement, with its three payments; each fifth is rejected by the council.
std::unique_ptr<Client> MakeOffice(int number);

// Holds money and gives it back, by turns before and after it was committed, as casework does.
std::unique_ptr<Client> MakeHolder(int number);

}  // namespace nscl::crash
