#include "common/status/error.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message_lite.h>

#include <optional>

#include "absl/container/btree_set.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

namespace nscl::status {
namespace {

constexpr char kLocale[] = "vi-VN";
// The reason of a BadRequest whose rows have reasons of their own.
constexpr char kBadFields[] = "BAD_FIELDS";
// Bytes of paths and texts that one BadRequest may carry: with its copies in the message and in
// both languages it stays under the 8 KiB of trailing metadata that gRPC clients take by default.
constexpr size_t kMaxViolationBytes = 2600;

// Details travel as payloads keyed by the type URL that they have in google.rpc.Status.details.
std::string TypeUrl(const google::protobuf::MessageLite& detail) {
  return absl::StrCat("type.googleapis.com/", detail.GetTypeName());
}

void SetDetail(absl::Status& status, const google::protobuf::MessageLite& detail) {
  // Deterministic: a map's order is by chance otherwise, and a refusal must be the same bytes each
  // time.
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    detail.SerializeToCodedStream(&coded);
  }
  status.SetPayload(TypeUrl(detail), absl::Cord(bytes));
}

template <typename M>
std::optional<M> DetailOf(const absl::Status& status) {
  M detail;
  absl::optional<absl::Cord> payload = status.GetPayload(TypeUrl(detail));
  if (!payload.has_value() || !detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}

// One line: rows are joined by line breaks, and taken apart again by AddAll.
std::string OneLine(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\r", " "}, {"\n", " "}});
}

}  // namespace

Error::Error(absl::StatusCode code, absl::string_view reason) : code_(code) {
  info_.set_reason(std::string(reason));
  info_.set_domain(kErrorDomain);
}

Error& Error::Meta(absl::string_view key, const absl::AlphaNum& value) {
  (*info_.mutable_metadata())[std::string(key)] = std::string(value.Piece());
  return *this;
}

Error& Error::Field(absl::string_view path, absl::string_view description) {
  google::rpc::BadRequest::FieldViolation* row = bad_request_.add_field_violations();
  row->set_field(std::string(path));
  row->set_description(std::string(description));
  return *this;
}

Error& Error::Precondition(absl::string_view type, absl::string_view subject,
                           absl::string_view description) {
  google::rpc::PreconditionFailure::Violation* row = precondition_.add_violations();
  row->set_type(std::string(type));
  row->set_subject(std::string(subject));
  row->set_description(std::string(description));
  return *this;
}

Error& Error::RetryAfter(absl::Duration delay) {
  retry_after_ = delay;
  return *this;
}

absl::Status Error::Build() const {
  absl::Status status(code_, message_);
  SetDetail(status, info_);
  if (bad_request_.field_violations_size() > 0) SetDetail(status, bad_request_);
  if (precondition_.violations_size() > 0) SetDetail(status, precondition_);
  if (!localized_message_.empty()) {
    google::rpc::LocalizedMessage localized;
    localized.set_locale(kLocale);
    localized.set_message(localized_message_);
    SetDetail(status, localized);
  }
  if (retry_after_ > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry;
    absl::Duration rest;
    retry.mutable_retry_delay()->set_seconds(
        absl::IDivDuration(retry_after_, absl::Seconds(1), &rest));
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
    SetDetail(status, retry);
  }
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  std::optional<google::rpc::ErrorInfo> info = DetailOf<google::rpc::ErrorInfo>(status);
  return info.has_value() ? info->reason() : "";
}

std::string MetadataOf(const absl::Status& status, absl::string_view key) {
  std::optional<google::rpc::ErrorInfo> info = DetailOf<google::rpc::ErrorInfo>(status);
  if (!info.has_value()) return "";
  auto found = info->metadata().find(std::string(key));
  return found == info->metadata().end() ? "" : found->second;
}

std::string LocalizedMessageOf(const absl::Status& status) {
  std::optional<google::rpc::LocalizedMessage> localized =
      DetailOf<google::rpc::LocalizedMessage>(status);
  return localized.has_value() ? localized->message() : "";
}

google::rpc::BadRequest BadRequestOf(const absl::Status& status) {
  return DetailOf<google::rpc::BadRequest>(status).value_or(google::rpc::BadRequest());
}

void Violations::Add(absl::string_view path, absl::string_view reason, absl::string_view en,
                     absl::string_view vi) {
  rows_.push_back({std::string(path), std::string(reason), OneLine(en), OneLine(vi)});
}

bool Violations::Check(bool ok, absl::string_view path, absl::string_view reason,
                       absl::string_view en, absl::string_view vi) {
  if (!ok) Add(path, reason, en, vi);
  return ok;
}

void Violations::AddAll(const absl::Status& status, absl::string_view path_prefix) {
  if (status.ok()) return;
  google::rpc::BadRequest bad_request = BadRequestOf(status);
  std::string localized = LocalizedMessageOf(status);
  if (bad_request.field_violations_size() == 0) {
    Add(absl::StripSuffix(path_prefix, "."), ReasonOf(status), status.message(), localized);
    return;
  }
  std::vector<std::string> localized_rows = absl::StrSplit(localized, '\n');
  for (int i = 0; i < bad_request.field_violations_size(); ++i) {
    const google::rpc::BadRequest::FieldViolation& row = bad_request.field_violations(i);
    std::pair<absl::string_view, absl::string_view> description =
        absl::StrSplit(row.description(), absl::MaxSplits(": ", 1));
    absl::string_view vi;
    if (static_cast<size_t>(i) < localized_rows.size()) {
      vi = absl::StripPrefix(localized_rows[i], absl::StrCat(row.field(), ": "));
    }
    Add(absl::StrCat(path_prefix, row.field()), description.first, description.second, vi);
  }
}

absl::Status Violations::ToStatus() const {
  if (rows_.empty()) return absl::OkStatus();
  absl::btree_set<std::string> reasons;
  for (const Row& row : rows_) reasons.insert(row.reason);
  size_t shown = 0;
  for (size_t bytes = 0; shown < rows_.size(); ++shown) {
    const Row& row = rows_[shown];
    bytes += 2 * row.path.size() + row.reason.size() + row.en.size() + row.vi.size();
    if (shown > 0 && bytes > kMaxViolationBytes) break;
  }
  absl::Span<const Row> rows = absl::MakeConstSpan(rows_).first(shown);
  size_t more = rows_.size() - shown;

  Error error(absl::StatusCode::kInvalidArgument,
              reasons.size() == 1 ? *reasons.begin() : std::string(kBadFields));
  for (const Row& row : rows) error.Field(row.path, absl::StrCat(row.reason, ": ", row.en));
  error.Meta("violations", rows_.size());
  error.En(absl::StrJoin(rows, "; ",
                         [](std::string* out, const Row& row) {
                           absl::StrAppend(out, row.path, ": ", row.en);
                         }),
           more > 0 ? absl::StrCat("; and ", more, " more") : "");
  error.Vi(absl::StrJoin(rows, "\n",
                         [](std::string* out, const Row& row) {
                           absl::StrAppend(out, row.path, ": ", row.vi);
                         }),
           more > 0 ? absl::StrCat("\nvà ", more, " lỗi khác") : "");
  return error;
}

}  // namespace nscl::status
