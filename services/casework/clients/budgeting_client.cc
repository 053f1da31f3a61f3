#include "services/casework/clients/budgeting_client.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/text/enum_name.h"
#include "services/casework/clients/deadlines.h"
#include "services/casework/errors.h"

namespace nscl::casework {
namespace {

using budgeting::v1::Commitment;
using budgeting::v1::Plan;
using budgeting::v1::Reservation;

// Refusals of budgeting's store: it takes no writes until somebody has looked, whatever is asked.
constexpr absl::string_view kStoreRefusals[] = {"CLOCK_JUMPED", "STORE_REGRESSED"};

// `line` is the last id of the line's name.
domain::PlanFacts FactsOf(const Plan& plan, absl::string_view line) {
  domain::PlanFacts facts;
  for (const budgeting::v1::AnnexRow& row : plan.annex().rows()) {
    if (row.level() != budgeting::v1::AnnexRow::LEVEL_LINE) continue;
    if (absl::string_view(row.row_id()) == line) facts.line_known = true;
  }
  facts.issued = plan.state() == Plan::STATE_ISSUED;
  facts.state = text::ShortName(plan.state());
  facts.state_vi = text::VietnameseName(plan.state());
  facts.first_year = plan.first_year();
  facts.last_year = plan.last_year();
  return facts;
}

// From budgeting's answer to ours, whatever resource it answers with.
template <typename Resource>
std::function<void(absl::StatusOr<Resource>)> Answering(
    std::function<void(absl::StatusOr<domain::Answer>)> done) {
  return [done = std::move(done)](absl::StatusOr<Resource> answer) {
    if (answer.ok()) return done(domain::Answer{answer->name(), std::nullopt});
    if (!IsRefusal(answer.status())) return done(answer.status());
    done(domain::Answer{"", RefusalOf(answer.status())});
  };
}

}  // namespace

bool IsRefusal(const absl::Status& status) {
  if (std::count(std::begin(kStoreRefusals), std::end(kStoreRefusals), status::ReasonOf(status)) >
      0)
    return false;
  switch (status.code()) {
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

v1::Refusal RefusalOf(const absl::Status& status) {
  v1::Refusal refusal;
  refusal.set_reason(status::ReasonOf(status));
  if (refusal.reason().empty()) refusal.set_reason(absl::StatusCodeToString(status.code()));
  refusal.set_message(std::string(status.message()));
  refusal.set_localized_message(status::LocalizedMessageOf(status));
  int64_t amount_vnd = 0;
  if (absl::SimpleAtoi(status::MetadataOf(status, "available_vnd"), &amount_vnd)) {
    refusal.set_available_vnd(amount_vnd);
  }
  if (absl::SimpleAtoi(status::MetadataOf(status, "asked_vnd"), &amount_vnd)) {
    refusal.set_asked_vnd(amount_vnd);
  }
  return refusal;
}

BudgetingClient::BudgetingClient(rpc::Peer peer)
    : peer_(std::move(peer)),
      plans_(budgeting::v1::PlanService::NewStub(peer_.channel)),
      ledger_(budgeting::v1::LedgerService::NewStub(peer_.channel)) {}

void BudgetingClient::FindPlan(const std::string& plan_line,
                               std::function<void(absl::StatusOr<domain::PlanFacts>)> done) {
  budgeting::v1::GetPlanRequest request;
  request.set_name(std::string(resource::ParentOf(plan_line)));
  for (const char* path : {"state", "first_year", "last_year", "annex"}) {
    request.mutable_read_mask()->add_paths(path);
  }
  calls_.Start<Plan>(
      peer_, kFactTimeout, std::move(request),
      [this](auto* context, auto* request, auto* response, auto answered) {
        plans_->async()->GetPlan(context, request, response, std::move(answered));
      },
      [plan_line, done = std::move(done)](absl::StatusOr<Plan> plan) {
        if (absl::IsNotFound(plan.status())) return done(domain::PlanFacts());
        if (!plan.ok()) return done(errors::PeerUnavailable("budgeting", plan.status()));
        done(FactsOf(*plan, resource::LastIdOf(plan_line)));
      });
}

void BudgetingClient::Send(const v1::Intent& intent,
                           std::function<void(absl::StatusOr<domain::Answer>)> done) {
  switch (intent.step()) {
    case v1::Intent::STEP_RESERVE: {
      budgeting::v1::CreateReservationRequest request;
      request.set_parent(absl::StrCat("provinces/", resource::ProvinceOf(intent.owner())));
      Reservation& reservation = *request.mutable_reservation();
      reservation.mutable_account()->set_plan_line(intent.plan_line());
      reservation.mutable_account()->set_budget_year(intent.budget_year());
      reservation.mutable_account()->set_funding_source(intent.funding_source());
      reservation.set_amount_vnd(intent.amount_vnd());
      reservation.set_owner(intent.owner());
      *reservation.mutable_acted_on() = intent.acted_on();
      request.set_request_id(intent.request_id());
      return calls_.Start<Reservation>(
          peer_, kIntentTimeout, std::move(request),
          [this](auto* context, auto* request, auto* response, auto answered) {
            ledger_->async()->CreateReservation(context, request, response, std::move(answered));
          },
          Answering<Reservation>(std::move(done)));
    }
    case v1::Intent::STEP_COMMIT: {
      budgeting::v1::CommitReservationRequest request;
      request.set_name(intent.subject());
      request.set_amount_vnd(intent.amount_vnd());
      request.set_contract_number(intent.document_number());
      *request.mutable_acted_on() = intent.acted_on();
      request.set_request_id(intent.request_id());
      return calls_.Start<Commitment>(
          peer_, kIntentTimeout, std::move(request),
          [this](auto* context, auto* request, auto* response, auto answered) {
            ledger_->async()->CommitReservation(context, request, response, std::move(answered));
          },
          Answering<Commitment>(std::move(done)));
    }
    case v1::Intent::STEP_RELEASE_RESERVATION: {
      budgeting::v1::ReleaseReservationRequest request;
      request.set_name(intent.subject());
      request.set_reason(intent.reason());
      *request.mutable_acted_on() = intent.acted_on();
      request.set_request_id(intent.request_id());
      return calls_.Start<Reservation>(
          peer_, kIntentTimeout, std::move(request),
          [this](auto* context, auto* request, auto* response, auto answered) {
            ledger_->async()->ReleaseReservation(context, request, response, std::move(answered));
          },
          Answering<Reservation>(std::move(done)));
    }
    case v1::Intent::STEP_RELEASE_COMMITMENT: {
      budgeting::v1::ReleaseCommitmentRequest request;
      request.set_name(intent.subject());
      request.set_reason(intent.reason());
      *request.mutable_acted_on() = intent.acted_on();
      request.set_request_id(intent.request_id());
      return calls_.Start<Commitment>(
          peer_, kIntentTimeout, std::move(request),
          [this](auto* context, auto* request, auto* response, auto answered) {
            ledger_->async()->ReleaseCommitment(context, request, response, std::move(answered));
          },
          Answering<Commitment>(std::move(done)));
    }
    default:
      return done(
          absl::InternalError(absl::StrCat(intent.owner(), " has an intent without a step")));
  }
}

}  // namespace nscl::casework
