#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/status_macros.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/tools/demo/pay.h"
#include "services/tools/demo/stage.h"

namespace nscl::tools {
namespace {

namespace bd = budgeting::v1;
namespace cw = casework::v1;

constexpr int64_t kMillion = 1'000'000;

class CasesAct {
 public:
  explicit CasesAct(Stage& stage) : stage_(stage) {}

  absl::Status RunCases() {
    ASSIGN_OR_RETURN(stage_.result().paid,
                     RunCase({"dn-2023-iso", "dn-co-khi", "MANAGEMENT_SYSTEM", "ISO 9001:2015",
                              420 * kMillion, 300 * kMillion, /*rejected=*/false}));
    ASSIGN_OR_RETURN(stage_.result().rejected,
                     RunCase({"dn-2023-lean", "dn-may-mac", "IMPROVEMENT_TOOL", "Lean",
                              250 * kMillion, 150 * kMillion, /*rejected=*/true}));
    ASSIGN_OR_RETURN(stage_.result().refused,
                     RunCase({"dn-2023-tpm", "dn-thuy-san", "IMPROVEMENT_TOOL", "TPM",
                              900 * kMillion, 600 * kMillion, /*rejected=*/false}));
    return absl::OkStatus();
  }

  absl::StatusOr<cw::SupportCase> GetCase(const std::string& name) {
    cw::GetSupportCaseRequest request;
    request.set_name(name);
    return stage_.door().Call<cw::SupportCase>("nscl.casework.v1.SupportCaseService.GetSupportCase",
                                               request);
  }

  absl::StatusOr<cw::SupportCase> RunCase(const CasePlot& plot) {
    std::string name = absl::StrCat(kDaNang, "/supportCases/", plot.id);
    absl::StatusOr<cw::SupportCase> current = GetCase(name);
    if (!current.ok() && !absl::IsNotFound(current.status())) return current.status();
    if (current.ok() && Ended(*current)) {
      stage_.Found("case ", name, ", ", cw::SupportCase::State_Name(current->state()));
      return current;
    }
    if (!current.ok()) current = RegisterNeed(plot);
    RETURN_IF_ERROR(current.status());
    cw::SupportCase c = *std::move(current);
    const absl::Time give_up = absl::Now() + stage_.options().patience;
    while (!Ended(c)) {
      if (Waiting(c)) {
        if (absl::Now() > give_up)
          return absl::DeadlineExceededError(
              absl::StrCat(name, " stays ", cw::SupportCase::State_Name(c.state())));
        stage_.Pause();
        ASSIGN_OR_RETURN(c, GetCase(name));
        continue;
      }
      ASSIGN_OR_RETURN(c, NextCaseStep(c, plot));
    }
    std::string end = cw::SupportCase::State_Name(c.state());
    if (c.has_last_refusal()) {
      absl::StrAppend(&end, ", refused ", c.last_refusal().reason(), ": available ",
                      c.last_refusal().available_vnd(), ", asked ", c.last_refusal().asked_vnd());
    }
    stage_.Did("case ", name, ": ", end);
    return c;
  }

  static bool Ended(const cw::SupportCase& c) {
    return c.state() == cw::SupportCase::STATE_CLOSED ||
           c.state() == cw::SupportCase::STATE_REJECTED ||
           (c.state() == cw::SupportCase::STATE_SELECTED && c.has_last_refusal());
  }

  static bool Waiting(const cw::SupportCase& c) {
    return c.state() == cw::SupportCase::STATE_APPROVAL_PENDING ||
           c.state() == cw::SupportCase::STATE_CONTRACT_PENDING ||
           c.state() == cw::SupportCase::STATE_LIQUIDATION_PENDING;
  }

  absl::StatusOr<cw::SupportCase> RegisterNeed(const CasePlot& plot) {
    cw::CreateSupportCaseRequest request;
    request.set_parent(kDaNang);
    request.set_support_case_id(plot.id);
    request.set_request_id(RequestId(absl::StrCat("need ", plot.id)));
    cw::SupportCase& c = *request.mutable_support_case();
    c.set_enterprise(absl::StrCat(kDaNang, "/enterprises/", plot.enterprise));
    c.mutable_content()->set_family(plot.family);
    c.mutable_content()->set_catalogue_name(plot.solution);
    c.mutable_content()->set_pilot_model(!plot.rejected);
    c.set_plan_line(absl::StrCat(kDaNangPlan, "/lines/IV-1"));
    c.set_budget_year(kDaNangYear);
    c.set_funding_source("ST_TASK");
    c.set_demo(true);
    *c.mutable_received_on() = Day(2023, 2, 6);
    return stage_.door().Call<cw::SupportCase>(
        "nscl.casework.v1.SupportCaseService.CreateSupportCase", request);
  }

  // Sends the arrow that leaves the case's state.
  template <typename Request>
  absl::StatusOr<cw::SupportCase> Arrow(absl::string_view method, const cw::SupportCase& c,
                                        Request request) {
    request.set_name(c.name());
    request.set_etag(c.etag());
    request.set_request_id(RequestId(absl::StrCat(method, " ", c.name(), " ", c.etag())));
    return stage_.door().Call<cw::SupportCase>(
        absl::StrCat("nscl.casework.v1.SupportCaseService.", method), request);
  }

  absl::StatusOr<cw::SupportCase> NextCaseStep(const cw::SupportCase& c, const CasePlot& plot) {
    switch (c.state()) {
      case cw::SupportCase::STATE_NEED_REGISTERED: {
        cw::SubmitSupportCaseRequest r;
        r.add_document_numbers("ĐN-01/2023");
        *r.mutable_acted_on() = Day(2023, 2, 20);
        return Arrow("SubmitSupportCase", c, r);
      }
      case cw::SupportCase::STATE_SUBMITTED: {
        cw::AcceptDossierRequest r;
        *r.mutable_acted_on() = Day(2023, 2, 22);
        return Arrow("AcceptDossier", c, r);
      }
      case cw::SupportCase::STATE_UNDER_SURVEY: {
        cw::RecordSurveyRequest r;
        *r.mutable_survey()->mutable_surveyed_on() = Day(2023, 3, 2);
        r.mutable_survey()->set_baseline(
            "Chưa áp dụng hệ thống; tỷ lệ lỗi sản phẩm 4,2 % (dữ liệu minh họa)");
        r.mutable_survey()->set_needs(absl::StrCat("Áp dụng ", plot.solution));
        return Arrow("RecordSurvey", c, r);
      }
      case cw::SupportCase::STATE_SURVEYED: {
        cw::DecideEligibleRequest r;
        r.mutable_decision()->set_document_number("15/TB-SKHCN");
        *r.mutable_decision()->mutable_decided_on() = Day(2023, 3, 10);
        return Arrow("DecideEligible", c, r);
      }
      case cw::SupportCase::STATE_ELIGIBLE: {
        cw::SubmitOutlineRequest r;
        r.mutable_outline()->set_summary(absl::StrCat("Xây dựng và áp dụng ", plot.solution));
        r.mutable_outline()->set_total_cost_vnd(plot.total_cost_vnd);
        r.mutable_outline()->set_state_part_vnd(plot.state_part_vnd);
        r.mutable_outline()->set_enterprise_part_vnd(plot.total_cost_vnd - plot.state_part_vnd);
        *r.mutable_outline()->mutable_estimated_on() = Day(2023, 3, 20);
        return Arrow("SubmitOutline", c, r);
      }
      case cw::SupportCase::STATE_OUTLINE_SUBMITTED: {
        cw::AppraiseEstimateRequest r;
        r.mutable_minutes()->set_document_number("03/BB-TTĐ");
        *r.mutable_minutes()->mutable_held_on() = Day(2023, 4, 4);
        return Arrow("AppraiseEstimate", c, r);
      }
      case cw::SupportCase::STATE_APPRAISED: {
        cw::Minutes minutes;
        minutes.set_document_number("07/BB-HĐ");
        *minutes.mutable_held_on() = Day(2023, 4, 18);
        minutes.set_members(7);
        minutes.set_members_present(7);
        minutes.set_votes_for(plot.rejected ? 2 : 6);
        if (plot.rejected) {
          cw::RejectByCouncilRequest r;
          *r.mutable_minutes() = minutes;
          r.set_reason("Đề cương chưa nêu rõ chỉ tiêu năng suất trước và sau");
          return Arrow("RejectByCouncil", c, r);
        }
        cw::SelectByCouncilRequest r;
        *r.mutable_minutes() = minutes;
        return Arrow("SelectByCouncil", c, r);
      }
      case cw::SupportCase::STATE_SELECTED: {
        cw::ApproveSupportCaseRequest r;
        r.set_approved_vnd(plot.state_part_vnd);
        r.mutable_decision()->set_document_number("52/QĐ-SKHCN");
        *r.mutable_decision()->mutable_decided_on() = Day(2023, 5, 5);
        return Arrow("ApproveSupportCase", c, r);
      }
      case cw::SupportCase::STATE_APPROVED: {
        cw::SignContractRequest r;
        r.mutable_contract()->set_contract_number("11/2023/HĐ-NSCL");
        *r.mutable_contract()->mutable_signed_on() = Day(2023, 5, 15);
        r.mutable_contract()->set_state_part_vnd(plot.state_part_vnd);
        r.mutable_contract()->set_enterprise_part_vnd(plot.total_cost_vnd - plot.state_part_vnd);
        r.mutable_contract()->set_advance_limit_vnd(plot.state_part_vnd / 3);
        return Arrow("SignContract", c, r);
      }
      case cw::SupportCase::STATE_CONTRACTED: {
        if (c.paid_vnd() == 0) {
          return PayPart(c, bd::Payment::KIND_ADVANCE, plot.state_part_vnd / 3, Day(2023, 5, 25));
        }
        cw::StartSupportCaseRequest r;
        *r.mutable_acted_on() = Day(2023, 6, 1);
        return Arrow("StartSupportCase", c, r);
      }
      case cw::SupportCase::STATE_IN_PROGRESS:
        return Work(c, plot);
      case cw::SupportCase::STATE_DELIVERED: {
        cw::AcceptResultsRequest r;
        r.mutable_acceptance()->set_document_number("21/BB-NT");
        *r.mutable_acceptance()->mutable_accepted_on() = Day(2023, 11, 20);
        r.mutable_acceptance()->add_evidence_numbers("QMS-2023-0148");
        return Arrow("AcceptResults", c, r);
      }
      case cw::SupportCase::STATE_ACCEPTED:
        return PayPart(c, bd::Payment::KIND_FINAL, plot.state_part_vnd - c.paid_vnd(),
                       Day(2023, 12, 8));
      case cw::SupportCase::STATE_PAID: {
        cw::LiquidateSupportCaseRequest r;
        r.set_document_number("11/2023/TLHĐ-NSCL");
        *r.mutable_acted_on() = Day(2023, 12, 20);
        return Arrow("LiquidateSupportCase", c, r);
      }
      case cw::SupportCase::STATE_LIQUIDATED: {
        cw::SettleSupportCaseRequest r;
        r.set_document_number("02/QT-2023");
        *r.mutable_acted_on() = Day(2024, 1, 20);
        return Arrow("SettleSupportCase", c, r);
      }
      default:
        return absl::FailedPreconditionError(absl::StrCat(c.name(), " stands at ",
                                                          cw::SupportCase::State_Name(c.state()),
                                                          ", where the scenario has no step"));
    }
  }

  // Three quarters of the enterprise's part spent, the interim payment, the rest spent, the results
  // in.
  absl::StatusOr<cw::SupportCase> Work(const cw::SupportCase& c, const CasePlot& plot) {
    const int64_t enterprise_part = plot.total_cost_vnd - plot.state_part_vnd;
    const int64_t first_spending = enterprise_part * 3 / 4;
    if (c.enterprise_spent_vnd() < first_spending) {
      return ReportSpending(c, first_spending, "HĐ-0001", Day(2023, 8, 30));
    }
    if (c.paid_vnd() < plot.state_part_vnd / 3 * 2) {
      return PayPart(c, bd::Payment::KIND_INTERIM, plot.state_part_vnd / 3, Day(2023, 9, 5));
    }
    if (c.enterprise_spent_vnd() < enterprise_part) {
      return ReportSpending(c, enterprise_part, "HĐ-0002", Day(2023, 10, 25));
    }
    cw::SubmitResultsRequest r;
    r.add_document_numbers("BCKQ-2023");
    *r.mutable_acted_on() = Day(2023, 11, 6);
    return Arrow("SubmitResults", c, r);
  }

  absl::StatusOr<cw::SupportCase> ReportSpending(const cw::SupportCase& c, int64_t spent_vnd,
                                                 absl::string_view evidence,
                                                 const google::type::Date& acted_on) {
    cw::ReportProgressRequest r;
    r.set_enterprise_spent_vnd(spent_vnd);
    r.add_evidence_numbers(std::string(evidence));
    *r.mutable_acted_on() = acted_on;
    return Arrow("ReportProgress", c, r);
  }

  // Pays, and waits until the case has followed budgeting's feed: its paid amount, and PAID after
  // the last.
  absl::StatusOr<cw::SupportCase> PayPart(const cw::SupportCase& c, bd::Payment::Kind kind,
                                          int64_t amount_vnd, const google::type::Date& acted_on) {
    RETURN_IF_ERROR(Pay(stage_, c, kind, amount_vnd, acted_on));
    const absl::Time give_up = absl::Now() + stage_.options().patience;
    while (absl::Now() < give_up) {
      ASSIGN_OR_RETURN(cw::SupportCase now, GetCase(c.name()));
      if (now.paid_vnd() > c.paid_vnd()) return now;
      stage_.Pause();
    }
    return absl::DeadlineExceededError(absl::StrCat(c.name(), " does not learn of its payment"));
  }

 private:
  Stage& stage_;
};

}  // namespace

absl::StatusOr<cw::SupportCase> PlayCase(Stage& stage, const CasePlot& plot) {
  return CasesAct(stage).RunCase(plot);
}

absl::Status PlayCases(Stage& stage) { return CasesAct(stage).RunCases(); }

}  // namespace nscl::tools
