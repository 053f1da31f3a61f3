// Building refusals that explain themselves.
//
// A service's errors.h holds one named function for each of its refusals; each builds its status
// here, so that every refusal has a stable reason, every variable part in metadata, and both
// languages. The details travel as payloads of the absl::Status (one google.rpc message each) until
// common/rpc puts them into a google.rpc.Status.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/rpc/error_details.pb.h"

namespace nscl::status {

// The domain of every ErrorInfo.
inline constexpr char kErrorDomain[] = "nscl.vn";

// Collects the parts of one refusal.
//
//   return Error(absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_BUDGET")
//       .Meta("available_vnd", available)
//       .Meta("asked_vnd", asked)
//       .En("the account has ", available, " đồng available; ", asked, " were asked")
//       .Vi("dự toán còn ", available, " đồng, đề nghị ", asked, " đồng");
class Error {
 public:
  Error(absl::StatusCode code, absl::string_view reason);

  // Puts a variable part into ErrorInfo.metadata.
  Error& Meta(absl::string_view key, const absl::AlphaNum& value);

  // The message for developers.
  template <typename... Parts>
  Error& En(const Parts&... parts) {
    message_ = absl::StrCat(parts...);
    return *this;
  }

  // The message for people (LocalizedMessage, vi-VN).
  template <typename... Parts>
  Error& Vi(const Parts&... parts) {
    localized_message_ = absl::StrCat(parts...);
    return *this;
  }

  // Adds a row to BadRequest.
  Error& Field(absl::string_view path, absl::string_view description);

  // Adds a row to PreconditionFailure.
  Error& Precondition(absl::string_view type, absl::string_view subject,
                      absl::string_view description);

  // Says when to try again (RetryInfo).
  Error& RetryAfter(absl::Duration delay);

  // The status.
  absl::Status Build() const;
  operator absl::Status() const { return Build(); }  // NOLINT: a refusal is a status

 private:
  absl::StatusCode code_;
  std::string message_;
  std::string localized_message_;
  google::rpc::ErrorInfo info_;
  google::rpc::BadRequest bad_request_;
  google::rpc::PreconditionFailure precondition_;
  absl::Duration retry_after_ = absl::ZeroDuration();
};

// Reads the parts back: of our own statuses and of statuses received from a peer.
std::string ReasonOf(const absl::Status& status);  // "" where there is none
std::string MetadataOf(const absl::Status& status,
                       absl::string_view key);  // "" where there is none
std::string LocalizedMessageOf(const absl::Status& status);
google::rpc::BadRequest BadRequestOf(const absl::Status& status);

// Collects all bad fields of a request, so that the caller sees them at once.
//
//   Violations v;
//   v.Check(amount > 0, "payment.amount_vnd", "AMOUNT_RANGE", "must be at least 1", "phải từ 1
//   đồng"); RETURN_IF_ERROR(v.ToStatus());
class Violations {
 public:
  // Adds a violation. `reason` is stable and becomes ErrorInfo.reason where it is the only kind;
  // with several kinds the reason is BAD_FIELDS. Each row's description starts with its own.
  void Add(absl::string_view path, absl::string_view reason, absl::string_view en,
           absl::string_view vi);
  // Adds a violation unless `ok`; returns `ok`.
  bool Check(bool ok, absl::string_view path, absl::string_view reason, absl::string_view en,
             absl::string_view vi);
  // Takes over the violations of a status made here, with a prefix before each path.
  void AddAll(const absl::Status& status, absl::string_view path_prefix);

  bool empty() const { return rows_.empty(); }
  // OK, or INVALID_ARGUMENT with every row: "REASON: en" under its path in BadRequest, one line
  // "path: vi" each in LocalizedMessage. Metadata `violations` counts them; rows past what a gRPC
  // trailer holds (about twenty) are only counted.
  absl::Status ToStatus() const;

 private:
  struct Row {
    std::string path, reason, en, vi;
  };
  std::vector<Row> rows_;
};

}  // namespace nscl::status
