#include "services/casework/clients/calls.h"

namespace nscl::casework {

bool Calls::Add(grpc::ClientContext* context) {
  std::lock_guard lock(mutex_);
  if (closed_) return false;
  under_way_.insert(context);
  return true;
}

void Calls::Remove(grpc::ClientContext* context) {
  std::lock_guard lock(mutex_);
  under_way_.erase(context);
  if (under_way_.empty()) idle_.notify_all();
}

void Calls::CancelAndWait() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  for (grpc::ClientContext* context : under_way_) context->TryCancel();
  idle_.wait(lock, [this] { return under_way_.empty(); });
}

}  // namespace nscl::casework
