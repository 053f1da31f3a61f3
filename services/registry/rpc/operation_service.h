// nscl.registry.v1.OperationService.
#pragma once

#include "nscl/registry/v1/operation_service.grpc.pb.h"
#include "services/registry/imports/runner.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class OperationHandlers final : public v1::OperationService::CallbackService {
 public:
  // Works off what is begun once Start is called.
  OperationHandlers(const Parts& parts, std::unique_ptr<imports::Files> files,
                    absl::Duration files_kept);

  // Datasets besides the enterprises, by the rules of their methods; before Start. One that was not
  // added is refused.
  void AddSupportRecords(const Standard<v1::SupportRecord>& rules);
  void AddNeeds(const Standard<v1::Need>& rules);

  void Start() { runner_.Start(); }
  void Stop() { runner_.Stop(); }
  imports::Runner& runner() { return runner_; }

  grpc::ServerUnaryReactor* GetOperation(grpc::CallbackServerContext* context,
                                         const v1::GetOperationRequest* request,
                                         v1::Operation* response) override;
  grpc::ServerUnaryReactor* ListOperations(grpc::CallbackServerContext* context,
                                           const v1::ListOperationsRequest* request,
                                           v1::ListOperationsResponse* response) override;
  grpc::ServerUnaryReactor* StartImport(grpc::CallbackServerContext* context,
                                        const v1::StartImportRequest* request,
                                        v1::Operation* response) override;
  grpc::ServerUnaryReactor* AppendImportData(grpc::CallbackServerContext* context,
                                             const v1::AppendImportDataRequest* request,
                                             v1::Operation* response) override;
  grpc::ServerUnaryReactor* StartExport(grpc::CallbackServerContext* context,
                                        const v1::StartExportRequest* request,
                                        v1::Operation* response) override;
  grpc::ServerUnaryReactor* CancelOperation(grpc::CallbackServerContext* context,
                                            const v1::CancelOperationRequest* request,
                                            v1::Operation* response) override;
  grpc::ServerUnaryReactor* ReadOperationFile(grpc::CallbackServerContext* context,
                                              const v1::ReadOperationFileRequest* request,
                                              v1::ReadOperationFileResponse* response) override;
  grpc::ServerUnaryReactor* GetImportTemplate(grpc::CallbackServerContext* context,
                                              const v1::GetImportTemplateRequest* request,
                                              v1::GetImportTemplateResponse* response) override;

 private:
  // Null where there is none.
  const imports::Dataset* DatasetOf(v1::Operation::Dataset dataset) const;
  void CheckKinds(status::Violations& violations, v1::Operation::Dataset dataset,
                  v1::Operation::Format format, bool format_needed) const;
  absl::StatusOr<v1::Operation> Insert(store::Txn& txn, v1::Operation operation) const;
  absl::StatusOr<v1::Operation> PrepareImport(const auth::Call& call,
                                              const v1::StartImportRequest& request) const;
  absl::StatusOr<v1::Operation> PrepareExport(const auth::Call& call,
                                              const v1::StartExportRequest& request) const;
  // Puts the bytes into the file; refused before anything is stored.
  absl::Status Receive(const v1::AppendImportDataRequest& request);
  absl::StatusOr<v1::Operation> TakeBytes(store::Txn& txn,
                                          const v1::AppendImportDataRequest& request) const;
  void FailUpload(const v1::Operation& operation, const absl::Status& why);
  absl::StatusOr<v1::Operation> Cancel(store::Txn& txn, const std::string& name) const;
  absl::StatusOr<v1::ReadOperationFileResponse> ReadFile(
      const v1::ReadOperationFileRequest& request) const;
  absl::StatusOr<v1::GetImportTemplateResponse> Template(
      const v1::GetImportTemplateRequest& request) const;

  const Parts parts_;
  const StandardMethods<v1::Operation> methods_;
  const std::unique_ptr<imports::Files> files_;
  const absl::Duration files_kept_;
  std::unique_ptr<imports::Dataset> enterprises_, support_records_, needs_;
  imports::Runner runner_;
};

}  // namespace nscl::registry
