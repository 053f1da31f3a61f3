// status, verify, backup and restore.
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/json/json_writer.h"
#include "common/store/store.h"
#include "nscl/store/v1/store.pb.h"
#include "services/tools/nsclctl/commands.h"
#include "services/tools/nsclctl/failure.h"
#include "services/tools/nsclctl/methods.h"
#include "services/tools/nsclctl/run.h"
#include "services/tools/nsclctl/table.h"

namespace nscl::nsclctl {
namespace {

using google::protobuf::Message;
using store::v1::CreateBackupRequest;
using store::v1::GetStoreStatusRequest;
using store::v1::PauseWritesRequest;
using store::v1::PauseWritesResponse;
using store::v1::StoreStatus;
using store::v1::VerifyStoreRequest;
using store::v1::VerifyStoreResponse;

// Long enough to pause the last service and to pin the first; the writers go on by themselves after
// it.
constexpr int kBarrierLeaseMs = 15'000;

std::string Method(const std::string& service, const char* name) {
  return absl::StrCat("nscl.", service, ".v1.StoreService.", name);
}

void PrintAll(const Terminal& terminal, const std::vector<std::unique_ptr<Message>>& rows,
              const std::vector<std::string>& columns) {
  if (!terminal.json) return PrintTable(rows, columns, terminal.out);
  for (const auto& row : rows) {
    terminal.out << json::WriteJson(*row, {.defaults = false}) << "\n";
  }
}

// Calls a method of every service's StoreService; prints what came, explains what did not.
template <typename Request, typename Response>
int CallEach(const Terminal& terminal, Client& client, const std::vector<std::string>& services,
             const char* method, const Request& request, const std::vector<std::string>& columns) {
  std::vector<std::unique_ptr<Message>> rows;
  int worst = kOk;
  for (const std::string& service : services) {
    auto response = std::make_unique<Response>();
    const absl::Status status = client.Call(Method(service, method), request, response.get());
    if (status.ok()) {
      rows.push_back(std::move(response));
      continue;
    }
    terminal.err << service << ": ";
    worst = std::max(worst, Explain(status, terminal.err));
  }
  PrintAll(terminal, rows, columns);
  return worst;
}

// Where a set of a service is: under its own backup folder, or under a common one. Empty where
// nowhere.
std::string BackupFolder(const RestoreArguments& arguments, const std::string& service) {
  for (const std::string& folder : {absl::StrCat(arguments.from, "/", service), arguments.from}) {
    if (std::filesystem::exists(absl::StrCat(folder, "/", arguments.backup_set, "/", service))) {
      return folder;
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> StoreServices() {
  return {"registry", "casework", "budgeting", "reporting"};
}

int Status(const Terminal& terminal, Client& client, const std::vector<std::string>& services) {
  return CallEach<GetStoreStatusRequest, StoreStatus>(
      terminal, client, services, "GetStoreStatus", {},
      {"service", "write_state", "epoch", "revision", "event_position", "store_bytes",
       "free_bytes"});
}

int Verify(const Terminal& terminal, Client& client, const std::vector<std::string>& services) {
  return CallEach<VerifyStoreRequest, VerifyStoreResponse>(
      terminal, client, services, "VerifyStore", {},
      {"status.service", "status.epoch", "status.revision", "log_records", "state_rows", "events"});
}

// All writers are paused before the first copy is pinned: the set is of one moment.
int Backup(const Terminal& terminal, Client& client, const std::vector<std::string>& services,
           const std::string& backup_set) {
  PauseWritesRequest pause;
  pause.set_barrier_id(NewUuid());
  pause.set_lease_ms(kBarrierLeaseMs);
  for (const std::string& service : services) {
    PauseWritesResponse paused;
    const absl::Status status = client.Call(Method(service, "PauseWrites"), pause, &paused);
    if (status.ok()) continue;
    terminal.err << service << " could not be paused (those paused before it go on within "
                 << kBarrierLeaseMs / 1000 << " s): ";
    return Explain(status, terminal.err);
  }
  CreateBackupRequest request;
  request.set_barrier_id(pause.barrier_id());
  request.set_backup_set(backup_set);
  const int code = CallEach<CreateBackupRequest, store::v1::Backup>(
      terminal, client, services, "CreateBackup", request,
      {"service", "epoch", "revision", "bytes", "path"});
  if (code != kOk) terminal.err << "the set " << backup_set << " is incomplete: do not keep it\n";
  return code;
}

int Restore(const Terminal& terminal, const RestoreArguments& arguments) {
  std::error_code failed;
  std::filesystem::create_directories(arguments.to, failed);
  std::filesystem::permissions(arguments.to, std::filesystem::perms::owner_all, failed);
  if (failed) {
    return BadData(
        absl::NotFoundError(absl::StrCat("cannot make ", arguments.to, ": ", failed.message())),
        terminal.err);
  }
  // Found first: half a set is not restored.
  std::vector<std::pair<std::string, std::string>> folders;
  for (const std::string& service : arguments.services) {
    folders.emplace_back(service, BackupFolder(arguments, service));
    if (folders.back().second.empty()) {
      return BadData(
          absl::NotFoundError(absl::StrCat("there is no backup of ", service, " in set ",
                                           arguments.backup_set, " under ", arguments.from)),
          terminal.err);
    }
  }
  std::vector<std::unique_ptr<Message>> rows;
  for (const auto& [service, folder] : folders) {
    store::Options target;
    target.service = service;
    target.path = absl::StrCat(arguments.to, "/", service);
    const auto status = store::Restore(target, folder, arguments.backup_set);
    if (!status.ok()) {
      terminal.err << service << ": ";
      return BadData(status.status(), terminal.err);
    }
    rows.push_back(std::make_unique<StoreStatus>(*status));
  }
  PrintAll(terminal, rows, {"service", "epoch", "revision", "event_position", "log_hash"});
  terminal.err << "restored and verified; run nscl-reconcile once the services serve\n";
  return kOk;
}

}  // namespace nscl::nsclctl
