#include "services/casework/rpc/support_case_handlers.h"

#include <utility>
#include <vector>

namespace nscl::casework {
namespace {

using Case = v1::SupportCase;

constexpr absl::string_view kFilterable[] = {"state",       "enterprise",     "plan_line",
                                             "budget_year", "content.family", "demo"};
constexpr int kLongFields[] = {Case::kActsFieldNumber};

}  // namespace

Case SupportCaseHandlers::Peek(const std::string& name) const {
  absl::StatusOr<Case> current =
      workflow_.rows->cases().Get(*workflow_.store->TakeSnapshot(), name);
  return current.ok() ? *std::move(current) : Case();
}

absl::Status SupportCaseHandlers::CheckCodes(const Case& asked) const {
  status::Violations v;
  const google::type::Date& day = asked.received_on();
  workflow_.catalogue->CheckFamily(v, "support_case.content.family", asked.content().family(),
                                   absl::CivilDay(day.year(), day.month(), day.day()));
  workflow_.catalogue->CheckFundingSource(v, "support_case.funding_source", asked.funding_source(),
                                          asked.budget_year());
  return v.ToStatus();
}

grpc::ServerUnaryReactor* SupportCaseHandlers::GetSupportCase(
    Context* context, const v1::GetSupportCaseRequest* request, Case* response) {
  return rpc::Handle(*workflow_.door, context, request, response,
                     [this](const auth::Call&, const v1::GetSupportCaseRequest& request) {
                       return workflow_.rows->cases().Get(*workflow_.store->TakeSnapshot(),
                                                          request.name());
                     });
}

grpc::ServerUnaryReactor* SupportCaseHandlers::ListSupportCases(
    Context* context, const v1::ListSupportCasesRequest* request,
    v1::ListSupportCasesResponse* response) {
  return rpc::Handle(*workflow_.door, context, request, response,
                     [this](const auth::Call& call, const v1::ListSupportCasesRequest& request)
                         -> absl::StatusOr<v1::ListSupportCasesResponse> {
                       v1::ListSupportCasesResponse response;
                       ASSIGN_OR_RETURN(
                           store::Page<Case> page,
                           ListPage(workflow_, workflow_.rows->cases(), call, request, kFilterable,
                                    kLongFields, response.mutable_next_page_token()));
                       for (Case& row : page.rows) *response.add_support_cases() = std::move(row);
                       return response;
                     });
}

grpc::ServerUnaryReactor* SupportCaseHandlers::CreateSupportCase(
    Context* context, const v1::CreateSupportCaseRequest* request, Case* response) {
  using Request = v1::CreateSupportCaseRequest;
  return rpc::Handle(
      *workflow_.door, context, request, response,
      [this](const auth::Call& call, const Request& request, rpc::Done<Case> done) {
        if (absl::Status bad = domain::Check(request); !bad.ok()) return done(std::move(bad));
        absl::StatusOr<std::string> name = NewName(workflow_, request.parent(), "supportCases",
                                                   request.support_case_id(), "support_case_id");
        if (!name.ok()) return done(name.status());
        Case asked = request.support_case();
        asked.set_name(*name);
        const auto create = [this, &call, &request, asked, done](
                                absl::StatusOr<domain::EnterpriseFacts> enterprise,
                                absl::StatusOr<domain::PlanFacts> plan) {
          store::Change<Case>(
              *workflow_.store, call, request, asked.name(), store::Retention::kForever,
              [this, asked, enterprise, plan](store::Txn& txn) -> absl::StatusOr<Case> {
                // Here and not before: a repetition gets the first answer, whatever the code lists
                // and the peers say by now.
                RETURN_IF_ERROR(CheckCodes(asked));
                RETURN_IF_ERROR(enterprise.status());
                RETURN_IF_ERROR(plan.status());
                RETURN_IF_ERROR(domain::CheckReceived(asked, time::VietnamDay(txn.commit_time())));
                ASSIGN_OR_RETURN(domain::CaseChange change,
                                 domain::RegisterNeed(asked, *enterprise, *plan));
                return workflow_.rows->Insert(txn, std::move(change));
              },
              done);
        };
        workflow_.registry->FindEnterprise(
            asked.enterprise(),
            [this, asked, create](absl::StatusOr<domain::EnterpriseFacts> enterprise) {
              workflow_.budgeting->FindPlan(
                  asked.plan_line(), [enterprise, create](absl::StatusOr<domain::PlanFacts> plan) {
                    create(enterprise, std::move(plan));
                  });
            });
      });
}

grpc::ServerUnaryReactor* SupportCaseHandlers::SubmitSupportCase(
    Context* context, const v1::SubmitSupportCaseRequest* request, Case* response) {
  using Request = v1::SubmitSupportCaseRequest;
  return rpc::Handle(
      *workflow_.door, context, request, response,
      [this](const auth::Call& call, const Request& request, rpc::Done<Case> done) {
        if (absl::Status bad = domain::Check(request); !bad.ok()) return done(std::move(bad));
        const auto submit = [this, &call, &request,
                             done](absl::StatusOr<domain::EnterpriseFacts> enterprise) {
          Act<Case, Request>(
              workflow_, workflow_.rows->cases(), call, request,
              [enterprise](store::Txn& txn, const Case& current,
                           const Request& request) -> absl::StatusOr<domain::CaseChange> {
                RETURN_IF_ERROR(enterprise.status());
                ASSIGN_OR_RETURN(std::string open_case, rows::FindOpenCase(txn, current));
                return domain::Submit(current, request, *enterprise, open_case);
              },
              done);
        };
        const Case current = Peek(request.name());
        if (current.name().empty()) return submit(domain::EnterpriseFacts());
        workflow_.registry->FindEnterprise(current.enterprise(), submit);
      });
}

template <typename Request>
grpc::ServerUnaryReactor* SupportCaseHandlers::HandleWithSize(
    Context* context, const Request* request, Case* response,
    absl::StatusOr<domain::CaseChange> (*rule)(const Case&, const Request&,
                                               const domain::SizeFacts&)) {
  return rpc::Handle(
      *workflow_.door, context, request, response,
      [this, rule](const auth::Call& call, const Request& request, rpc::Done<Case> done) {
        if (absl::Status bad = domain::Check(request); !bad.ok()) return done(std::move(bad));
        const auto act = [this, rule, &call, &request,
                          done](absl::StatusOr<domain::SizeFacts> size) {
          Act<Case, Request>(
              workflow_, workflow_.rows->cases(), call, request,
              [rule, size](store::Txn&, const Case& current,
                           const Request& request) -> absl::StatusOr<domain::CaseChange> {
                RETURN_IF_ERROR(size.status());
                return rule(current, request, *size);
              },
              done);
        };
        const Case current = Peek(request.name());
        if (current.name().empty()) return act(domain::SizeFacts());
        workflow_.registry->FindSize(current.enterprise(), domain::SizeYear(current), act);
      });
}

grpc::ServerUnaryReactor* SupportCaseHandlers::ReturnSupportCase(
    Context* context, const v1::ReturnSupportCaseRequest* request, Case* response) {
  return Handle(context, request, response, domain::Return);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::ResubmitSupportCase(
    Context* context, const v1::ResubmitSupportCaseRequest* request, Case* response) {
  return Handle(context, request, response, domain::Resubmit);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::AcceptDossier(
    Context* context, const v1::AcceptDossierRequest* request, Case* response) {
  return Handle(context, request, response, domain::AcceptDossier);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::RecordSurvey(Context* context,
                                                            const v1::RecordSurveyRequest* request,
                                                            Case* response) {
  return Handle(context, request, response, domain::RecordSurvey);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::DecideEligible(
    Context* context, const v1::DecideEligibleRequest* request, Case* response) {
  return HandleWithSize(context, request, response, domain::DecideEligible);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::DecideIneligible(
    Context* context, const v1::DecideIneligibleRequest* request, Case* response) {
  return Handle(context, request, response, domain::DecideIneligible);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::SubmitOutline(
    Context* context, const v1::SubmitOutlineRequest* request, Case* response) {
  return Handle(context, request, response, domain::SubmitOutline);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::RequestRevision(
    Context* context, const v1::RequestRevisionRequest* request, Case* response) {
  return Handle(context, request, response, domain::RequestRevision);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::AppraiseEstimate(
    Context* context, const v1::AppraiseEstimateRequest* request, Case* response) {
  return Handle(context, request, response, domain::AppraiseEstimate);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::SelectByCouncil(
    Context* context, const v1::SelectByCouncilRequest* request, Case* response) {
  return Handle(context, request, response, domain::SelectByCouncil);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::RejectByCouncil(
    Context* context, const v1::RejectByCouncilRequest* request, Case* response) {
  return Handle(context, request, response, domain::RejectByCouncil);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::ApproveSupportCase(
    Context* context, const v1::ApproveSupportCaseRequest* request, Case* response) {
  return HandleWithSize<v1::ApproveSupportCaseRequest>(context, request, response, domain::Approve);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::SignContract(Context* context,
                                                            const v1::SignContractRequest* request,
                                                            Case* response) {
  return Handle(context, request, response, domain::SignContract);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::StartSupportCase(
    Context* context, const v1::StartSupportCaseRequest* request, Case* response) {
  return Handle(context, request, response, domain::Start);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::ReportProgress(
    Context* context, const v1::ReportProgressRequest* request, Case* response) {
  return Handle(context, request, response, domain::ReportProgress);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::SubmitResults(
    Context* context, const v1::SubmitResultsRequest* request, Case* response) {
  return Handle(context, request, response, domain::SubmitResults);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::AcceptResults(
    Context* context, const v1::AcceptResultsRequest* request, Case* response) {
  return Handle(context, request, response, domain::AcceptResults);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::LiquidateSupportCase(
    Context* context, const v1::LiquidateSupportCaseRequest* request, Case* response) {
  return Handle(context, request, response, domain::Liquidate);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::SettleSupportCase(
    Context* context, const v1::SettleSupportCaseRequest* request, Case* response) {
  return Handle(context, request, response, domain::Settle);
}

grpc::ServerUnaryReactor* SupportCaseHandlers::WithdrawSupportCase(
    Context* context, const v1::WithdrawSupportCaseRequest* request, Case* response) {
  return Handle(context, request, response, domain::Withdraw);
}

}  // namespace nscl::casework
