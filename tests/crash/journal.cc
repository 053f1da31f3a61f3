#include "tests/crash/journal.h"

#include <google/protobuf/descriptor.h>

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace nscl::crash {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string StringField(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

// The call ended without an answer of the server.
bool IsInDoubt(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsCancelled(status) || absl::IsUnknown(status);
}

class JournalDoor : public tools::Door {
 public:
  JournalDoor(std::unique_ptr<tools::Door> door, std::string caller, Journal& journal)
      : door_(std::move(door)), caller_(std::move(caller)), journal_(journal) {}

  absl::Status Call(absl::string_view method, const Message& request, Message* response) override {
    absl::Status status = door_->Call(method, request, response);
    const bool changes = request.GetDescriptor()->FindFieldByName("request_id") != nullptr;
    if (!changes || (!status.ok() && !IsInDoubt(status))) return status;
    Write write{std::string(method), caller_};
    write.request = Copy(request);
    if (status.ok()) write.response = Copy(*response);
    journal_.Add(std::move(write));
    return status;
  }

 private:
  static std::shared_ptr<const Message> Copy(const Message& message) {
    std::shared_ptr<Message> copy(message.New());
    copy->CopyFrom(message);
    return copy;
  }

  std::unique_ptr<tools::Door> door_;
  std::string caller_;
  Journal& journal_;
};

}  // namespace

std::string ServiceOf(const Write& write) {
  return std::vector<std::string>(absl::StrSplit(write.method, '.'))[1];
}

std::string RequestIdOf(const Write& write) { return StringField(*write.request, "request_id"); }

std::string NameOf(const Write& write) { return StringField(*write.response, "name"); }

int64_t RevisionOf(const Message& resource) {
  const std::string etag = StringField(resource, "etag");  // "\"1f\""
  int64_t revision = 0;
  if (etag.size() < 3 || !absl::SimpleHexAtoi(etag.substr(1, etag.size() - 2), &revision)) return 0;
  return revision;
}

void Journal::Add(Write write) {
  std::lock_guard<std::mutex> lock(mutex_);
  (write.response == nullptr ? in_doubt_ : acknowledged_).push_back(std::move(write));
  changed_.notify_all();
}

bool Journal::WaitForAcknowledged(size_t wanted, absl::Duration patience) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, absl::ToChronoMilliseconds(patience),
                           [&] { return acknowledged_.size() - round_begin_ >= wanted; });
}

void Journal::BeginRound() {
  std::lock_guard<std::mutex> lock(mutex_);
  round_begin_ = acknowledged_.size();
}

std::vector<Write> Journal::TakeInDoubt() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(in_doubt_, {});
}

std::vector<Write> Journal::acknowledged_this_round() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return {acknowledged_.begin() + static_cast<std::ptrdiff_t>(round_begin_), acknowledged_.end()};
}

std::vector<Write> Journal::acknowledged() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return acknowledged_;
}

std::unique_ptr<tools::Door> MakeJournalDoor(std::unique_ptr<tools::Door> door, std::string caller,
                                             Journal& journal) {
  return std::make_unique<JournalDoor>(std::move(door), std::move(caller), journal);
}

}  // namespace nscl::crash
