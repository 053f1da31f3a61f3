#include "services/registry/rpc/operation_service.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/auth/errors.h"
#include "common/text/clean.h"
#include "services/registry/domain/enterprise.h"
#include "services/registry/domain/year_profile.h"
#include "services/registry/imports/errors.h"
#include "services/registry/imports/template.h"
#include "services/registry/rpc/enterprise_change.h"
#include "services/registry/rpc/enterprise_service.h"

namespace nscl::registry {
namespace {

using absl::StatusOr;
using rpc::Done;

constexpr int64_t kMaxFileBytes = int64_t{4} << 30;
constexpr size_t kMaxPieceBytes = size_t{512} << 10;
constexpr size_t kMaxFileName = 255;
constexpr size_t kSha256Digits = 64;

// The permission of a method over the rows of a dataset, "registry.enterprises.create".
std::string PermissionOf(v1::Operation::Dataset dataset, absl::string_view verb) {
  switch (dataset) {
    case v1::Operation::DATASET_SUPPORT_RECORDS:
      return absl::StrCat("registry.supportRecords.", verb);
    case v1::Operation::DATASET_NEEDS:
      return absl::StrCat("registry.needs.", verb);
    default:
      return absl::StrCat("registry.enterprises.", verb);
  }
}

absl::Status CheckMay(const auth::Call& call, v1::Operation::Dataset dataset,
                      std::initializer_list<absl::string_view> verbs) {
  for (absl::string_view verb : verbs) {
    const std::string permission = PermissionOf(dataset, verb);
    if (!call.caller.May(permission)) return auth::errors::RoleDenied(permission);
  }
  return absl::OkStatus();
}

bool IsSha256(absl::string_view text) {
  return text.size() == kSha256Digits && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

sheet::Format SheetFormat(v1::Operation::Format format) {
  return format == v1::Operation::FORMAT_XLSX ? sheet::Format::kXlsx : sheet::Format::kCsv;
}

std::string StateName(const v1::Operation& operation) {
  return v1::Operation::State_Name(operation.state());
}

template <typename M>
imports::Rules<M> ImportRules(const Standard<M>& own) {
  return {own.filter_fields, own.normalise, own.settle};
}

imports::EnterpriseRules EnterpriseRules(const Parts& parts) {
  return {
      .filter_fields = {"tax_code", "legal_kind", "operating_status", "sector", "demo"},
      .normalise =
          [parts](v1::Enterprise& next, absl::CivilDay today) {
            return domain::Normalise(&next, parts.sectors, today);
          },
      .normalise_profile =
          [](v1::YearProfile& next, const v1::Enterprise& enterprise, int year,
             absl::CivilDay today) { return domain::Normalise(&next, enterprise, year, today); },
      .insert =
          [parts](store::Txn& txn, const v1::Enterprise& enterprise, absl::CivilDay today) {
            return InsertEnterprise(parts, txn, enterprise, today).status();
          },
      .update =
          [parts](store::Txn& txn, const v1::Enterprise& before, const v1::Enterprise& after,
                  absl::CivilDay today) {
            return UpdateEnterprise(parts, txn, before, after, today).status();
          },
      .put_profile =
          [parts](store::Txn& txn, const v1::Enterprise& stored, const v1::YearProfile* before,
                  const v1::YearProfile& after) {
            return PutYearProfile(parts, txn, stored, before, after).status();
          }};
}

}  // namespace

OperationHandlers::OperationHandlers(const Parts& parts, std::unique_ptr<imports::Files> files,
                                     absl::Duration files_kept)
    : parts_(parts),
      methods_(parts, parts.tables.operations,
               {.filter_fields = {"kind", "dataset", "state"}, .normalise = nullptr}),
      files_(std::move(files)),
      files_kept_(files_kept),
      enterprises_(imports::EnterprisesDataset(parts.tables, EnterpriseRules(parts))),
      runner_({parts.store, parts.tables, parts.clock, *files_,
               [this](v1::Operation::Dataset dataset) -> const imports::Dataset& {
                 return *DatasetOf(dataset);
               },
               files_kept}) {}

void OperationHandlers::AddSupportRecords(const Standard<v1::SupportRecord>& rules) {
  support_records_ = imports::SupportRecordsDataset(parts_.tables, ImportRules(rules));
}

void OperationHandlers::AddNeeds(const Standard<v1::Need>& rules) {
  needs_ = imports::NeedsDataset(parts_.tables, ImportRules(rules));
}

const imports::Dataset* OperationHandlers::DatasetOf(v1::Operation::Dataset dataset) const {
  switch (dataset) {
    case v1::Operation::DATASET_ENTERPRISES:
      return enterprises_.get();
    case v1::Operation::DATASET_SUPPORT_RECORDS:
      return support_records_.get();
    case v1::Operation::DATASET_NEEDS:
      return needs_.get();
    default:
      return nullptr;
  }
}

void OperationHandlers::CheckKinds(status::Violations& violations, v1::Operation::Dataset dataset,
                                   v1::Operation::Format format, bool format_needed) const {
  violations.Check(DatasetOf(dataset) != nullptr, "dataset", "ENUM_VALUE",
                   "must be a known dataset", "phải là bộ dữ liệu đã biết");
  violations.Check(v1::Operation::Format_IsValid(format) &&
                       (format != v1::Operation::FORMAT_UNSPECIFIED || !format_needed),
                   "format", "ENUM_VALUE", "must be a known format", "phải là định dạng đã biết");
}

grpc::ServerUnaryReactor* OperationHandlers::GetOperation(grpc::CallbackServerContext* context,
                                                          const v1::GetOperationRequest* request,
                                                          v1::Operation* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call&, const v1::GetOperationRequest& request) -> StatusOr<v1::Operation> {
        ASSIGN_OR_RETURN(
            v1::Operation operation,
            parts_.tables.operations.Load(*parts_.store.TakeSnapshot(), request.name()));
        runner_.ShowFailure(operation);
        RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &operation));
        return operation;
      });
}

grpc::ServerUnaryReactor* OperationHandlers::ListOperations(
    grpc::CallbackServerContext* context, const v1::ListOperationsRequest* request,
    v1::ListOperationsResponse* response) {
  return methods_.List(context, request, response);
}

StatusOr<v1::Operation> OperationHandlers::Insert(store::Txn& txn, v1::Operation operation) const {
  const absl::string_view province = resource::ProvinceOf(operation.name());
  RETURN_IF_ERROR(CheckParent(parts_, txn, resource::ParentOf(operation.name())));
  ASSIGN_OR_RETURN(int under_way, rows::CountUnderWay(txn, province));
  if (under_way >= imports::kMaxOfProvince) {
    return errors::TooManyOperations(province, imports::kMaxOfProvince);
  }
  if (operation.state() == v1::Operation::STATE_RUNNING) {
    *operation.mutable_start_time() = time::ToTimestamp(txn.commit_time());
  }
  return parts_.tables.operations.Insert(txn, std::move(operation));
}

StatusOr<v1::Operation> OperationHandlers::PrepareImport(
    const auth::Call& call, const v1::StartImportRequest& request) const {
  RETURN_IF_ERROR(CheckMay(call, request.dataset(), {"create", "update"}));
  status::Violations violations;
  CheckKinds(violations, request.dataset(), request.format(), /*format_needed=*/true);
  std::string file_name = request.file_name();
  text::CleanField(violations, "file_name", &file_name,
                   {.min_chars = 1, .max_chars = kMaxFileName});
  violations.Check(request.size_bytes() >= 1 && request.size_bytes() <= kMaxFileBytes, "size_bytes",
                   "IMPORT_SIZE", absl::StrCat("must be 1 to ", kMaxFileBytes),
                   absl::StrCat("phải từ 1 đến ", kMaxFileBytes));
  violations.Check(IsSha256(request.file_sha256()), "file_sha256", "SHA256",
                   "must be 64 lower-case hexadecimal digits",
                   "phải gồm 64 chữ số thập lục phân viết thường");
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(files_->CheckSpace(request.size_bytes()));
  v1::Operation operation;
  operation.set_name(
      absl::StrCat(request.parent(), "/operations/", resource::NewId(parts_.clock.Now())));
  operation.set_kind(v1::Operation::KIND_IMPORT);
  operation.set_dataset(request.dataset());
  operation.set_format(request.format());
  operation.set_state(v1::Operation::STATE_RECEIVING);
  operation.set_dry_run(request.dry_run());
  operation.set_file_name(file_name);
  operation.set_size_bytes(request.size_bytes());
  operation.set_file_sha256(request.file_sha256());
  operation.set_requested_by(call.caller.actor);
  return operation;
}

grpc::ServerUnaryReactor* OperationHandlers::StartImport(grpc::CallbackServerContext* context,
                                                         const v1::StartImportRequest* request,
                                                         v1::Operation* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call& call, const v1::StartImportRequest& request,
             Done<v1::Operation> done) {
        StatusOr<v1::Operation> operation = PrepareImport(call, request);
        if (!operation.ok()) return done(operation.status());
        store::Change<v1::Operation>(
            parts_.store, call, request, operation->name(), store::Retention::kThirtyDays,
            [this, operation = *operation](store::Txn& txn) { return Insert(txn, operation); },
            std::move(done));
      });
}

absl::Status OperationHandlers::Receive(const v1::AppendImportDataRequest& request) {
  status::Violations violations;
  violations.Check(!request.data().empty() && request.data().size() <= kMaxPieceBytes, "data",
                   "IMPORT_PIECE", absl::StrCat("must be 1 to ", kMaxPieceBytes, " bytes"),
                   absl::StrCat("phải từ 1 đến ", kMaxPieceBytes, " byte"));
  violations.Check(request.offset() >= 0 && request.offset() <= kMaxFileBytes, "offset",
                   "IMPORT_OFFSET", absl::StrCat("must be 0 to ", kMaxFileBytes),
                   absl::StrCat("phải từ 0 đến ", kMaxFileBytes));
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(v1::Operation operation,
                   parts_.tables.operations.Load(*parts_.store.TakeSnapshot(), request.name()));
  // A repetition of what was answered: the command finds the answer that is kept.
  if (operation.state() != v1::Operation::STATE_RECEIVING || request.validate_only()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::string digest,
                   files_->Receive(operation, request.offset(), request.data()));
  if (digest.empty() || digest == operation.file_sha256()) return absl::OkStatus();
  const absl::Status differs = errors::ImportChecksum(operation.file_sha256(), digest);
  FailUpload(operation, differs);
  return differs;
}

// What arrived is not what was announced: the upload is over.
void OperationHandlers::FailUpload(const v1::Operation& operation, const absl::Status& why) {
  store::Command command;
  command.origin.actor = operation.requested_by();
  command.origin.method = "internal:import";
  command.origin.province = std::string(resource::ProvinceOf(operation.name()));
  command.origin.resource = operation.name();
  command.apply = [this, operation, why](store::Txn& txn) -> StatusOr<std::string> {
    ASSIGN_OR_RETURN(v1::Operation before,
                     parts_.tables.operations.Load(txn, operation.name(), operation.etag()));
    v1::Operation after = before;
    *after.mutable_failure() = imports::FailureOf(why);
    imports::End(files_kept_, txn, v1::Operation::STATE_FAILED, after);
    RETURN_IF_ERROR(parts_.tables.operations.Update(txn, before, std::move(after)).status());
    return std::string();
  };
  parts_.store.Submit(std::move(command), [this, name = operation.name()](auto outcome) {
    if (outcome.ok()) files_->Remove(files_->UploadOf(name));
  });
}

StatusOr<v1::Operation> OperationHandlers::TakeBytes(
    store::Txn& txn, const v1::AppendImportDataRequest& request) const {
  ASSIGN_OR_RETURN(v1::Operation before, parts_.tables.operations.Load(txn, request.name()));
  if (before.state() != v1::Operation::STATE_RECEIVING) {
    return errors::OperationState(before.name(), StateName(before), "STATE_RECEIVING");
  }
  const int64_t end = request.offset() + static_cast<int64_t>(request.data().size());
  if (end <= before.received_bytes()) return before;
  if (request.offset() != before.received_bytes()) {
    return errors::ImportOffset(request.offset(), before.received_bytes());
  }
  v1::Operation after = before;
  after.set_received_bytes(end);
  if (end == before.size_bytes()) {
    after.set_state(v1::Operation::STATE_RUNNING);
    *after.mutable_start_time() = time::ToTimestamp(txn.commit_time());
  }
  return parts_.tables.operations.Update(txn, before, std::move(after));
}

grpc::ServerUnaryReactor* OperationHandlers::AppendImportData(
    grpc::CallbackServerContext* context, const v1::AppendImportDataRequest* request,
    v1::Operation* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call& call, const v1::AppendImportDataRequest& request,
             Done<v1::Operation> done) {
        if (absl::Status refused = Receive(request); !refused.ok()) return done(refused);
        store::Change<v1::Operation>(
            parts_.store, call, request, request.name(), store::Retention::kThirtyDays,
            [this, &request](store::Txn& txn) { return TakeBytes(txn, request); },
            [this, done = std::move(done),
             dry = request.validate_only()](StatusOr<v1::Operation> operation) {
              if (operation.ok() && !dry && operation->state() == v1::Operation::STATE_RUNNING) {
                runner_.Add(operation->name());
              }
              done(std::move(operation));
            });
      });
}

StatusOr<v1::Operation> OperationHandlers::PrepareExport(
    const auth::Call& call, const v1::StartExportRequest& request) const {
  RETURN_IF_ERROR(CheckMay(call, request.dataset(), {"list"}));
  status::Violations violations;
  CheckKinds(violations, request.dataset(), request.format(), /*format_needed=*/true);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(DatasetOf(request.dataset())->CheckFilter(request.filter()));
  RETURN_IF_ERROR(files_->CheckSpace(0));
  v1::Operation operation;
  operation.set_name(
      absl::StrCat(request.parent(), "/operations/", resource::NewId(parts_.clock.Now())));
  operation.set_kind(v1::Operation::KIND_EXPORT);
  operation.set_dataset(request.dataset());
  operation.set_format(request.format());
  operation.set_state(v1::Operation::STATE_RUNNING);
  operation.set_filter(request.filter());
  operation.set_requested_by(call.caller.actor);
  return operation;
}

grpc::ServerUnaryReactor* OperationHandlers::StartExport(grpc::CallbackServerContext* context,
                                                         const v1::StartExportRequest* request,
                                                         v1::Operation* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call& call, const v1::StartExportRequest& request,
             Done<v1::Operation> done) {
        StatusOr<v1::Operation> operation = PrepareExport(call, request);
        if (!operation.ok()) return done(operation.status());
        store::Change<v1::Operation>(
            parts_.store, call, request, operation->name(), store::Retention::kThirtyDays,
            [this, operation = *operation](store::Txn& txn) { return Insert(txn, operation); },
            [this, done = std::move(done),
             dry = request.validate_only()](StatusOr<v1::Operation> operation) {
              if (operation.ok() && !dry) runner_.Add(operation->name());
              done(std::move(operation));
            });
      });
}

StatusOr<v1::Operation> OperationHandlers::Cancel(store::Txn& txn, const std::string& name) const {
  ASSIGN_OR_RETURN(v1::Operation before, parts_.tables.operations.Load(txn, name));
  if (!rows::IsUnderWay(before)) {
    return errors::OperationState(name, StateName(before), "STATE_RECEIVING, STATE_RUNNING");
  }
  v1::Operation after = before;
  imports::End(files_kept_, txn, v1::Operation::STATE_CANCELLED, after);
  return parts_.tables.operations.Update(txn, before, std::move(after), "cancelled");
}

grpc::ServerUnaryReactor* OperationHandlers::CancelOperation(
    grpc::CallbackServerContext* context, const v1::CancelOperationRequest* request,
    v1::Operation* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call& call, const v1::CancelOperationRequest& request,
             Done<v1::Operation> done) {
        store::Change<v1::Operation>(
            parts_.store, call, request, request.name(), store::Retention::kThirtyDays,
            [this, &request](store::Txn& txn) { return Cancel(txn, request.name()); },
            std::move(done));
      });
}

StatusOr<v1::ReadOperationFileResponse> OperationHandlers::ReadFile(
    const v1::ReadOperationFileRequest& request) const {
  status::Violations violations;
  violations.Check(request.max_bytes() >= 0, "max_bytes", "RANGE", "must not be negative",
                   "không được âm");
  violations.Check(request.offset() >= 0, "offset", "RANGE", "must not be negative",
                   "không được âm");
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(v1::Operation operation,
                   parts_.tables.operations.Load(*parts_.store.TakeSnapshot(), request.name()));
  if (rows::IsUnderWay(operation)) {
    return errors::OperationState(operation.name(), StateName(operation),
                                  "STATE_SUCCEEDED, STATE_FAILED, STATE_CANCELLED");
  }
  if (time::FromTimestamp(operation.expire_time()) <= parts_.clock.Now()) {
    return errors::OperationFileGone(operation.name());
  }
  const bool is_export = operation.kind() == v1::Operation::KIND_EXPORT;
  if (is_export && operation.state() != v1::Operation::STATE_SUCCEEDED) {
    return errors::OperationState(operation.name(), StateName(operation), "STATE_SUCCEEDED");
  }
  const std::string path = files_->ResultOf(operation.name());
  // Where no row was refused there is no file: it is empty.
  if (is_export && !files_->Exists(path)) return errors::OperationFileGone(operation.name());
  v1::ReadOperationFileResponse response;
  response.set_size_bytes(files_->SizeOf(path));
  if (request.offset() > response.size_bytes()) {
    return errors::FileOffset(request.offset(), response.size_bytes());
  }
  const size_t most = request.max_bytes() == 0
                          ? kMaxPieceBytes
                          : std::min(kMaxPieceBytes, static_cast<size_t>(request.max_bytes()));
  ASSIGN_OR_RETURN(*response.mutable_data(), files_->Read(path, request.offset(), most));
  response.set_next_offset(request.offset() + static_cast<int64_t>(response.data().size()));
  const bool xlsx = is_export && operation.format() == v1::Operation::FORMAT_XLSX;
  response.set_file_name(absl::StrCat(
      is_export ? "" : "loi-nhap-", imports::SlugOf(operation.dataset()), xlsx ? ".xlsx" : ".csv"));
  return response;
}

grpc::ServerUnaryReactor* OperationHandlers::ReadOperationFile(
    grpc::CallbackServerContext* context, const v1::ReadOperationFileRequest* request,
    v1::ReadOperationFileResponse* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call&, const v1::ReadOperationFileRequest& request) {
                       return ReadFile(request);
                     });
}

StatusOr<v1::GetImportTemplateResponse> OperationHandlers::Template(
    const v1::GetImportTemplateRequest& request) const {
  status::Violations violations;
  CheckKinds(violations, request.dataset(), request.format(), /*format_needed=*/false);
  RETURN_IF_ERROR(violations.ToStatus());
  return imports::MakeTemplate(request.dataset(), SheetFormat(request.format()),
                               files_->UploadOf(absl::StrCat("provinces/00/operations/template-",
                                                             resource::NewId(parts_.clock.Now()))));
}

grpc::ServerUnaryReactor* OperationHandlers::GetImportTemplate(
    grpc::CallbackServerContext* context, const v1::GetImportTemplateRequest* request,
    v1::GetImportTemplateResponse* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call&, const v1::GetImportTemplateRequest& request) {
                       return Template(request);
                     });
}

}  // namespace nscl::registry
