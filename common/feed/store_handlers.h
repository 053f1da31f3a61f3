// A service's StoreService over its store, once for all services:
//
//   feed::StoreHandlers<casework::v1::StoreService> store_service(door, *store);
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "common/feed/errors.h"
#include "common/feed/event_handlers.h"
#include "common/feed/worker.h"
#include "common/rpc/errors.h"
#include "common/rpc/handle.h"
#include "common/status/status_macros.h"
#include "common/store/store.h"
#include "nscl/store/v1/store.pb.h"

namespace nscl::feed {

inline constexpr int32_t kDefaultLeaseMs = 5'000;
inline constexpr int32_t kMaxLeaseMs = 30'000;

template <typename Service>
class StoreHandlers final : public Service::CallbackService {
 public:
  StoreHandlers(rpc::Door& door, store::Store& store) : door_(door), store_(store) {
    const auto read = [&](const char* kind, int64_t store::MemoryUse::*bytes) {
      return door.metrics().Read(
          "nscl_store_memory_bytes", "Memory of a store's block cache and write buffers",
          {{"service", door.service()}, {"kind", kind}},
          [&store, bytes] { return static_cast<double>(store.memory_use().*bytes); });
    };
    readings_[0] = read("block_cache", &store::MemoryUse::block_cache_bytes);
    readings_[1] = read("write_buffers", &store::MemoryUse::write_buffer_bytes);
  }

  grpc::ServerUnaryReactor* GetStoreStatus(grpc::CallbackServerContext* context,
                                           const nscl::store::v1::GetStoreStatusRequest* request,
                                           nscl::store::v1::StoreStatus* response) override {
    return rpc::HandleMethod(
        door_, Method("GetStoreStatus"), context, request, response,
        [this](const auth::Call&, const nscl::store::v1::GetStoreStatusRequest&)
            -> absl::StatusOr<nscl::store::v1::StoreStatus> { return store_.GetStatus(); });
  }

  grpc::ServerUnaryReactor* PauseWrites(grpc::CallbackServerContext* context,
                                        const nscl::store::v1::PauseWritesRequest* request,
                                        nscl::store::v1::PauseWritesResponse* response) override {
    using Response = nscl::store::v1::PauseWritesResponse;
    return rpc::HandleMethod(
        door_, Method("PauseWrites"), context, request, response,
        [this](const auth::Call&, const nscl::store::v1::PauseWritesRequest& request,
               rpc::Done<Response> done) {
          Post(backup_, std::move(done), [this, request]() -> absl::StatusOr<Response> {
            if (request.lease_ms() < 0 || request.lease_ms() > kMaxLeaseMs) {
              return errors::BadLease(request.lease_ms());
            }
            const int32_t lease = request.lease_ms() == 0 ? kDefaultLeaseMs : request.lease_ms();
            ASSIGN_OR_RETURN(nscl::store::v1::StoreStatus status,
                             store_.PauseWrites(request.barrier_id(), absl::Milliseconds(lease)));
            Response response;
            *response.mutable_status() = std::move(status);
            return response;
          });
        });
  }

  grpc::ServerUnaryReactor* CreateBackup(grpc::CallbackServerContext* context,
                                         const nscl::store::v1::CreateBackupRequest* request,
                                         nscl::store::v1::Backup* response) override {
    using Response = nscl::store::v1::Backup;
    return rpc::HandleMethod(
        door_, Method("CreateBackup"), context, request, response,
        [this](const auth::Call&, const nscl::store::v1::CreateBackupRequest& request,
               rpc::Done<Response> done) {
          Post(backup_, std::move(done), [this, request]() -> absl::StatusOr<Response> {
            return store_.CreateBackup(request.barrier_id(), request.backup_set());
          });
        });
  }

  grpc::ServerUnaryReactor* ConfirmClock(grpc::CallbackServerContext* context,
                                         const nscl::store::v1::ConfirmClockRequest* request,
                                         nscl::store::v1::StoreStatus* response) override {
    using nscl::store::v1::StoreStatus;
    return rpc::HandleMethod(
        door_, Method("ConfirmClock"), context, request, response,
        [this](const auth::Call&,
               const nscl::store::v1::ConfirmClockRequest&) -> absl::StatusOr<StoreStatus> {
          if (store_.GetStatus().write_state() != StoreStatus::WRITE_STATE_CLOCK_JUMPED) {
            return errors::ClockNotJumped();
          }
          store_.ConfirmClock();
          return store_.GetStatus();
        });
  }

  grpc::ServerUnaryReactor* VerifyStore(grpc::CallbackServerContext* context,
                                        const nscl::store::v1::VerifyStoreRequest* request,
                                        nscl::store::v1::VerifyStoreResponse* response) override {
    using Response = nscl::store::v1::VerifyStoreResponse;
    return rpc::HandleMethod(door_, Method("VerifyStore"), context, request, response,
                             [this](const auth::Call&, const nscl::store::v1::VerifyStoreRequest&,
                                    rpc::Done<Response> done) {
                               Post(verify_, std::move(done), [this]() -> absl::StatusOr<Response> {
                                 return store_.Verify();
                               });
                             });
  }

 private:
  static const google::protobuf::MethodDescriptor* Method(const char* name) {
    return MethodNamed(Service::service_full_name(), name);
  }

  template <typename Response, typename Work>
  static void Post(Worker& worker, rpc::Done<Response> done, Work work) {
    auto answer = std::make_shared<rpc::Done<Response>>(std::move(done));
    const bool taken = worker.Post([answer, work = std::move(work)] { (*answer)(work()); });
    if (!taken) (*answer)(rpc::errors::Overloaded());
  }

  rpc::Door& door_;
  store::Store& store_;
  std::shared_ptr<void> readings_[2];
  // A verification takes minutes where a barrier's lease takes seconds: each has its own thread.
  Worker backup_, verify_;
};

}  // namespace nscl::feed
