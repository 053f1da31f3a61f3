// The one way to write. The order of refusals is fixed here for every method:
//   (permission and scope on the name: rpc::Handle, before)
//   request_id missing or not a UUID      INVALID_ARGUMENT `REQUEST_ID`
//   request_id known, other body          ALREADY_EXISTS `REQUEST_ID_REUSED`
//   request_id known, same body           the kept answer
//   then `body`: NOT_FOUND, permission on the loaded thing, ABORTED `ETAG_MISMATCH`, the rule's
//   refusals.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/auth/call.h"
#include "common/store/personal.h"
#include "common/store/store.h"

namespace nscl::store {

// Origin of a request: reads `request_id` off the message and hashes the rest.
absl::StatusOr<Origin> OriginOf(const auth::Call& call, const google::protobuf::Message& request,
                                absl::string_view resource);
bool ValidateOnly(const google::protobuf::Message& request);

// Runs `body` as a command and hands its answer, serialised by `body`, to `done`: for
// rpc::HandleBytes. Otherwise as Change.
void ChangeBytes(Store& store, const auth::Call& call, const google::protobuf::Message& request,
                 absl::string_view resource, Retention retention,
                 std::function<absl::StatusOr<std::string>(Txn&)> body,
                 std::function<void(absl::StatusOr<std::string>)> done);

// Runs `body` as a command and hands the parsed answer to `done`. The request must have
// `request_id`; `validate_only` runs everything and stores nothing.
//
//   store::Change<SupportCase>(*store_, call, request, request.name(), store::Retention::kForever,
//       [this, &request](store::Txn& txn) -> absl::StatusOr<SupportCase> {
//         ASSIGN_OR_RETURN(SupportCase current, cases_.Load(txn, request.name(), request.etag()));
//         ASSIGN_OR_RETURN(SupportCase next, domain::Approve(current, request));
//         return cases_.Update(txn, current, std::move(next), "approved");
//       }, std::move(done));
//
// Personal fields of an answer are not kept, so not given either: fill them in afterwards
// (Table::GivePersonal).
//
// `request` must outlive the call of `done` (it does in a reactor).
template <typename Response, typename Request>
void Change(Store& store, const auth::Call& call, const Request& request,
            absl::string_view resource, Retention retention,
            std::function<absl::StatusOr<Response>(Txn&)> body,
            std::function<void(absl::StatusOr<Response>)> done) {
  ChangeBytes(
      store, call, request, resource, retention,
      [body = std::move(body)](Txn& txn) -> absl::StatusOr<std::string> {
        absl::StatusOr<Response> response = body(txn);
        if (!response.ok()) return response.status();
        static const bool kPersonal = HasPersonal(Response::descriptor());
        if (kPersonal) ClearPersonal(*response);
        return response->SerializeAsString();
      },
      [done = std::move(done)](absl::StatusOr<std::string> bytes) {
        if (!bytes.ok()) return done(bytes.status());
        Response response;
        if (!response.ParseFromString(*bytes)) {
          return done(absl::DataLossError("a kept answer cannot be read"));
        }
        done(std::move(response));
      });
}

}  // namespace nscl::store
