// SupportCaseService.
#pragma once

#include "nscl/casework/v1/support_case_service.grpc.pb.h"
#include "services/casework/rpc/workflow.h"

namespace nscl::casework {

class SupportCaseHandlers final : public v1::SupportCaseService::CallbackService {
 public:
  explicit SupportCaseHandlers(const Workflow& workflow) : workflow_(workflow) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* GetSupportCase(Context* context, const v1::GetSupportCaseRequest* request,
                          v1::SupportCase* response) override;
  Reactor* ListSupportCases(Context* context, const v1::ListSupportCasesRequest* request,
                            v1::ListSupportCasesResponse* response) override;
  Reactor* CreateSupportCase(Context* context, const v1::CreateSupportCaseRequest* request,
                             v1::SupportCase* response) override;
  Reactor* SubmitSupportCase(Context* context, const v1::SubmitSupportCaseRequest* request,
                             v1::SupportCase* response) override;
  Reactor* ReturnSupportCase(Context* context, const v1::ReturnSupportCaseRequest* request,
                             v1::SupportCase* response) override;
  Reactor* ResubmitSupportCase(Context* context, const v1::ResubmitSupportCaseRequest* request,
                               v1::SupportCase* response) override;
  Reactor* AcceptDossier(Context* context, const v1::AcceptDossierRequest* request,
                         v1::SupportCase* response) override;
  Reactor* RecordSurvey(Context* context, const v1::RecordSurveyRequest* request,
                        v1::SupportCase* response) override;
  Reactor* DecideEligible(Context* context, const v1::DecideEligibleRequest* request,
                          v1::SupportCase* response) override;
  Reactor* DecideIneligible(Context* context, const v1::DecideIneligibleRequest* request,
                            v1::SupportCase* response) override;
  Reactor* SubmitOutline(Context* context, const v1::SubmitOutlineRequest* request,
                         v1::SupportCase* response) override;
  Reactor* RequestRevision(Context* context, const v1::RequestRevisionRequest* request,
                           v1::SupportCase* response) override;
  Reactor* AppraiseEstimate(Context* context, const v1::AppraiseEstimateRequest* request,
                            v1::SupportCase* response) override;
  Reactor* SelectByCouncil(Context* context, const v1::SelectByCouncilRequest* request,
                           v1::SupportCase* response) override;
  Reactor* RejectByCouncil(Context* context, const v1::RejectByCouncilRequest* request,
                           v1::SupportCase* response) override;
  Reactor* ApproveSupportCase(Context* context, const v1::ApproveSupportCaseRequest* request,
                              v1::SupportCase* response) override;
  Reactor* SignContract(Context* context, const v1::SignContractRequest* request,
                        v1::SupportCase* response) override;
  Reactor* StartSupportCase(Context* context, const v1::StartSupportCaseRequest* request,
                            v1::SupportCase* response) override;
  Reactor* ReportProgress(Context* context, const v1::ReportProgressRequest* request,
                          v1::SupportCase* response) override;
  Reactor* SubmitResults(Context* context, const v1::SubmitResultsRequest* request,
                         v1::SupportCase* response) override;
  Reactor* AcceptResults(Context* context, const v1::AcceptResultsRequest* request,
                         v1::SupportCase* response) override;
  Reactor* LiquidateSupportCase(Context* context, const v1::LiquidateSupportCaseRequest* request,
                                v1::SupportCase* response) override;
  Reactor* SettleSupportCase(Context* context, const v1::SettleSupportCaseRequest* request,
                             v1::SupportCase* response) override;
  Reactor* WithdrawSupportCase(Context* context, const v1::WithdrawSupportCaseRequest* request,
                               v1::SupportCase* response) override;

 private:
  // An arrow whose rule needs no facts.
  template <typename Request>
  Reactor* Handle(Context* context, const Request* request, v1::SupportCase* response,
                  std::type_identity_t<PureRule<v1::SupportCase, Request>> rule) {
    return HandleAct<v1::SupportCase, Request>(workflow_, workflow_.rows->cases(), context, request,
                                               response, rule);
  }

  // An arrow whose rule needs the size class for the year before the budget year of the case.
  template <typename Request>
  Reactor* HandleWithSize(Context* context, const Request* request, v1::SupportCase* response,
                          absl::StatusOr<domain::CaseChange> (*rule)(const v1::SupportCase&,
                                                                     const Request&,
                                                                     const domain::SizeFacts&));

  // The case as it is, to know what to ask for. One that is not there is refused by the command,
  // which looks again: then this one is empty.
  v1::SupportCase Peek(const std::string& name) const;

  // Codes of a checked need that the catalogue must know.
  absl::Status CheckCodes(const v1::SupportCase& asked) const;

  const Workflow& workflow_;
};

}  // namespace nscl::casework
