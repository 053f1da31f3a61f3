#include "services/budgeting/rpc/plan_service.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/resource/mask.h"
#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "common/time/legal_date.h"
#include "services/budgeting/domain/plan_findings.h"
#include "services/budgeting/domain/plan_import.h"
#include "services/budgeting/domain/plan_workflow.h"
#include "services/budgeting/domain/requests.h"
#include "services/budgeting/rpc/list.h"
#include "services/budgeting/store/ledger.h"
#include "services/budgeting/store/plan_documents.h"

namespace nscl::budgeting {
namespace {

constexpr absl::string_view kFilterable[] = {"state", "kind", "first_year", "last_year"};

// A list shows plans without the parts that fill pages, unless they are asked for.
absl::Status Trim(const google::protobuf::FieldMask& mask, v1::Plan& plan) {
  if (mask.paths_size() > 0) return resource::ApplyReadMask(mask, &plan);
  plan.clear_annex();
  plan.clear_tasks();
  plan.clear_targets();
  return absl::OkStatus();
}

// Loads a plan, applies a rule and puts the result: the shape of every act.
template <typename Request, typename Rule>
void ChangePlan(store::Store& store, const store::Table<v1::Plan>& plans, const auth::Call& call,
                const Request& request, absl::string_view verb, Rule rule,
                rpc::Done<v1::Plan> done) {
  if (absl::Status bad = domain::CheckRequest(request); !bad.ok()) return done(bad);
  store::Change<v1::Plan>(
      store, call, request, request.name(), store::Retention::kForever,
      [&plans, &request, verb, rule](store::Txn& txn) -> absl::StatusOr<v1::Plan> {
        ASSIGN_OR_RETURN(const v1::Plan before, plans.Load(txn, request.name(), request.etag()));
        ASSIGN_OR_RETURN(v1::Plan after, rule(before, time::VietnamDay(txn.commit_time())));
        return plans.Update(txn, before, std::move(after), verb);
      },
      std::move(done));
}

}  // namespace

PlanService::PlanService(rpc::Door& door, store::Store& store, const resource::PageTokens& tokens,
                         const domain::FundingSources& sources)
    : door_(door), store_(store), tokens_(tokens), sources_(sources), plans_(rows::PlanTable()) {}

grpc::ServerUnaryReactor* PlanService::GetPlan(grpc::CallbackServerContext* context,
                                               const v1::GetPlanRequest* request,
                                               v1::Plan* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call&, const v1::GetPlanRequest& request) -> absl::StatusOr<v1::Plan> {
        ASSIGN_OR_RETURN(v1::Plan plan, plans_.Get(*store_.TakeSnapshot(), request.name()));
        RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &plan));
        return plan;
      });
}

grpc::ServerUnaryReactor* PlanService::ListPlans(grpc::CallbackServerContext* context,
                                                 const v1::ListPlansRequest* request,
                                                 v1::ListPlansResponse* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call,
             const v1::ListPlansRequest& request) -> absl::StatusOr<v1::ListPlansResponse> {
        RETURN_IF_ERROR(resource::CheckReadMask(request.read_mask(), v1::Plan::descriptor()));
        ASSIGN_OR_RETURN(ListPage<v1::Plan> page,
                         List(call, request, store_, plans_, tokens_, kFilterable));
        v1::ListPlansResponse list;
        list.set_next_page_token(page.next_page_token);
        for (v1::Plan& plan : page.rows) {
          RETURN_IF_ERROR(Trim(request.read_mask(), plan));
          list.add_plans()->Swap(&plan);
        }
        return list;
      });
}

grpc::ServerUnaryReactor* PlanService::ImportPlan(grpc::CallbackServerContext* context,
                                                  const v1::ImportPlanRequest* request,
                                                  v1::Plan* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::ImportPlanRequest& request,
             rpc::Done<v1::Plan> done) {
        if (absl::Status bad = domain::CheckRequest(request); !bad.ok()) return done(bad);
        const std::string name = absl::StrCat(request.parent(), "/plans/", request.plan_id());
        // Reading and checking a plan takes milliseconds: before the writer, which has others
        // waiting.
        absl::StatusOr<v1::Plan> plan = domain::ImportPlan(request.plan(), name, sources_);
        if (plan.ok()) plan->set_content_sha256(rows::ContentSha256(request.plan()));
        store::Change<v1::Plan>(
            store_, call, request, name, store::Retention::kForever,
            [this, plan = std::move(plan)](store::Txn& txn) -> absl::StatusOr<v1::Plan> {
              // Refused here and not before: a repetition gets the first answer, whatever the code
              // lists say by now.
              RETURN_IF_ERROR(plan.status());
              v1::Plan next = *plan;
              ASSIGN_OR_RETURN(const std::optional<std::string> known,
                               rows::FindSameDocument(txn, next));
              if (known.has_value()) *next.add_findings() = domain::DocumentKnown(next, *known);
              return plans_.Insert(txn, std::move(next), "imported");
            },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* PlanService::AcceptFinding(grpc::CallbackServerContext* context,
                                                     const v1::AcceptFindingRequest* request,
                                                     v1::Plan* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call& call, const v1::AcceptFindingRequest& request,
                            rpc::Done<v1::Plan> done) {
                       ChangePlan(
                           store_, plans_, call, request, "findingAccepted",
                           [&request](const v1::Plan& plan, absl::CivilDay) {
                             return domain::AcceptFinding(plan, request);
                           },
                           std::move(done));
                     });
}

grpc::ServerUnaryReactor* PlanService::SubmitPlan(grpc::CallbackServerContext* context,
                                                  const v1::SubmitPlanRequest* request,
                                                  v1::Plan* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::SubmitPlanRequest& request,
             rpc::Done<v1::Plan> done) {
        ChangePlan(
            store_, plans_, call, request, "submitted",
            [](const v1::Plan& plan, absl::CivilDay) { return domain::SubmitPlan(plan); },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* PlanService::AppraisePlan(grpc::CallbackServerContext* context,
                                                    const v1::AppraisePlanRequest* request,
                                                    v1::Plan* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call& call, const v1::AppraisePlanRequest& request,
                            rpc::Done<v1::Plan> done) {
                       ChangePlan(
                           store_, plans_, call, request, "appraised",
                           [&request](const v1::Plan& plan, absl::CivilDay) {
                             return domain::AppraisePlan(plan, request);
                           },
                           std::move(done));
                     });
}

grpc::ServerUnaryReactor* PlanService::IssuePlan(grpc::CallbackServerContext* context,
                                                 const v1::IssuePlanRequest* request,
                                                 v1::Plan* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call& call, const v1::IssuePlanRequest& request,
                            rpc::Done<v1::Plan> done) {
                       ChangePlan(
                           store_, plans_, call, request, "issued",
                           [&request](const v1::Plan& plan, absl::CivilDay today) {
                             return domain::IssuePlan(plan, request, today);
                           },
                           std::move(done));
                     });
}

}  // namespace nscl::budgeting
