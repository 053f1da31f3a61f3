#include <google/protobuf/util/json_util.h>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "nscl/budgeting/v1/plan_service.pb.h"
#include "services/tools/demo/stage.h"

namespace nscl::tools {
namespace {

namespace bd = budgeting::v1;

class PlansAct {
 public:
  explicit PlansAct(Stage& stage) : stage_(stage) {}

  absl::StatusOr<bd::Plan> ReadPlanFile(absl::string_view file) {
    std::string path = absl::StrCat(stage_.options().plans_dir, "/", file);
    std::ifstream in(path);
    if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
    std::stringstream text;
    text << in.rdbuf();
    bd::Plan plan;
    auto parsed = google::protobuf::util::JsonStringToMessage(text.str(), &plan);
    if (!parsed.ok())
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", parsed.ToString()));
    return plan;
  }

  absl::StatusOr<bd::Plan> GetPlan(const std::string& name) {
    bd::GetPlanRequest request;
    request.set_name(name);
    return stage_.door().Call<bd::Plan>("nscl.budgeting.v1.PlanService.GetPlan", request);
  }

  absl::StatusOr<bd::Plan> ImportPlan(const std::string& name, absl::string_view file) {
    size_t slash = name.rfind('/');
    bd::ImportPlanRequest request;
    request.set_parent(name.substr(0, name.find("/plans")));
    request.set_plan_id(name.substr(slash + 1));
    request.set_request_id(RequestId(absl::StrCat("import ", name)));
    ASSIGN_OR_RETURN(*request.mutable_plan(), ReadPlanFile(file));
    ASSIGN_OR_RETURN(bd::Plan plan, stage_.door().Call<bd::Plan>(
                                        "nscl.budgeting.v1.PlanService.ImportPlan", request));
    stage_.Did("imported ", name, ": ", plan.counting_rows(), " of ", plan.amount_rows(),
               " rows count, ", plan.computed_total_vnd(), " đồng, ", plan.findings_size(),
               " findings");
    return plan;
  }

  // Takes a plan from wherever it stands to ISSUED.
  absl::StatusOr<bd::Plan> IssuedPlan(const std::string& name, absl::string_view file) {
    absl::StatusOr<bd::Plan> found = GetPlan(name);
    if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
    if (found.ok() && found->state() == bd::Plan::STATE_ISSUED) {
      stage_.Found("plan ", name, ", issued");
      return found;
    }
    if (!found.ok()) found = ImportPlan(name, file);
    RETURN_IF_ERROR(found.status());
    bd::Plan plan = *std::move(found);
    while (plan.state() != bd::Plan::STATE_ISSUED) {
      ASSIGN_OR_RETURN(plan, NextPlanStep(plan));
    }
    return plan;
  }

  absl::StatusOr<bd::Plan> NextPlanStep(const bd::Plan& plan) {
    std::string step = absl::StrCat(plan.name(), " ", plan.etag());
    if (plan.state() == bd::Plan::STATE_DRAFT) {
      for (const bd::Finding& finding : plan.findings()) {
        if (finding.status() != bd::Finding::STATUS_OPEN ||
            finding.severity() == bd::Finding::SEVERITY_INFO)
          continue;
        bd::AcceptFindingRequest request;
        request.set_name(plan.name());
        request.set_etag(plan.etag());
        request.set_finding_id(finding.finding_id());
        request.set_note("Giữ nguyên như bản in; số tính lại được ghi bên cạnh.");
        request.set_request_id(RequestId(absl::StrCat("accept ", step, finding.finding_id())));
        ASSIGN_OR_RETURN(
            bd::Plan next,
            stage_.door().Call<bd::Plan>("nscl.budgeting.v1.PlanService.AcceptFinding", request));
        stage_.Did("accepted finding ", finding.finding_id(), ": ", finding.message());
        return next;
      }
      bd::SubmitPlanRequest request;
      request.set_name(plan.name());
      request.set_etag(plan.etag());
      request.set_request_id(RequestId(absl::StrCat("submit ", step)));
      return stage_.door().Call<bd::Plan>("nscl.budgeting.v1.PlanService.SubmitPlan", request);
    }
    if (plan.state() == bd::Plan::STATE_SUBMITTED) {
      bd::AppraisePlanRequest request;
      request.set_name(plan.name());
      request.set_etag(plan.etag());
      request.set_request_id(RequestId(absl::StrCat("appraise ", step)));
      return stage_.door().Call<bd::Plan>("nscl.budgeting.v1.PlanService.AppraisePlan", request);
    }
    bd::IssuePlanRequest request;
    request.set_name(plan.name());
    request.set_etag(plan.etag());
    request.set_allow_blank_number(plan.name() == kNinhThuanPlan);  // its number stays absent
    request.set_request_id(RequestId(absl::StrCat("issue ", step)));
    ASSIGN_OR_RETURN(bd::Plan issued, stage_.door().Call<bd::Plan>(
                                          "nscl.budgeting.v1.PlanService.IssuePlan", request));
    stage_.Did("issued ", plan.name());
    return issued;
  }

  // Assigns what the plan has for the year to each line that names one source. A line that names
  // several without a split (Đà Nẵng I-4) is left: whoever assigns it must say how it divides.
  absl::Status Allocate(const std::string& parent, const bd::Plan& plan, int year,
                        absl::string_view decision, const google::type::Date& decided_on) {
    bd::ListBalancesRequest list;
    list.set_parent(plan.name());
    list.set_filter(absl::StrCat("account.budget_year = ", year));
    ASSIGN_OR_RETURN(bd::ListBalancesResponse balances,
                     stage_.door().Call<bd::ListBalancesResponse>(
                         "nscl.budgeting.v1.LedgerService.ListBalances", list));
    if (balances.balances_size() > 0) {
      stage_.Found("money of ", year, " assigned to ", balances.balances_size(), " lines of ",
                   plan.name());
      return absl::OkStatus();
    }
    bd::BatchCreateAllocationsRequest request;
    request.set_parent(parent);
    request.set_request_id(RequestId(absl::StrCat("allocate ", plan.name(), year)));
    int64_t total = 0;
    for (const bd::AnnexRow& row : plan.annex().rows()) {
      if (row.level() != bd::AnnexRow::LEVEL_LINE) continue;
      for (const bd::AnnexCell& cell : row.cells()) {
        if (cell.year() != year || !cell.has_printed()) continue;
        if (row.funding_sources_size() != 1) {
          stage_.Say(absl::StrCat("  left   ", row.row_id(), ": ", cell.printed().amount_vnd(),
                                  " đồng, its sources are printed without a split"));
          continue;
        }
        bd::Allocation* allocation = request.add_allocations();
        allocation->mutable_account()->set_plan_line(
            absl::StrCat(plan.name(), "/lines/", row.row_id()));
        allocation->mutable_account()->set_budget_year(year);
        allocation->mutable_account()->set_funding_source(row.funding_sources(0));
        allocation->set_amount_vnd(cell.printed().amount_vnd());
        allocation->set_decision_number(std::string(decision));
        *allocation->mutable_acted_on() = decided_on;
        total += cell.printed().amount_vnd();
      }
    }
    RETURN_IF_ERROR(stage_.door()
                        .Call<bd::BatchCreateAllocationsResponse>(
                            "nscl.budgeting.v1.LedgerService.BatchCreateAllocations", request)
                        .status());
    stage_.Did("assigned ", total, " đồng of ", year, " to ", request.allocations_size(),
               " lines of ", plan.name());
    return absl::OkStatus();
  }

 private:
  Stage& stage_;
};

}  // namespace

absl::Status PlayPlans(Stage& stage) {
  PlansAct act(stage);
  ScenarioResult& result = stage.result();
  ASSIGN_OR_RETURN(result.danang, act.IssuedPlan(kDaNangPlan, "danang-2022-2025.json"));
  ASSIGN_OR_RETURN(result.ninhthuan, act.IssuedPlan(kNinhThuanPlan, "ninhthuan-2024.json"));
  RETURN_IF_ERROR(act.Allocate(kDaNang, result.danang, kDaNangYear,
                               "QĐ giao dự toán 2023 (minh họa)", Day(2023, 1, 10)));
  return act.Allocate(kNinhThuan, result.ninhthuan, kNinhThuanYear, "190/QĐ-SKHHCN",
                      Day(2023, 12, 29));
}

}  // namespace nscl::tools
