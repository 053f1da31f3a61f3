#include "services/tools/reconcile/reconcile.h"

#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/event_service.pb.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "nscl/budgeting/v1/payment_service.pb.h"
#include "nscl/budgeting/v1/plan_service.pb.h"
#include "nscl/casework/v1/activity_service.pb.h"
#include "nscl/casework/v1/event_service.pb.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "nscl/registry/v1/event_service.pb.h"
#include "nscl/reporting/v1/report_service.pb.h"

namespace nscl::tools {
namespace {

namespace bd = budgeting::v1;
namespace cw = casework::v1;
namespace rp = reporting::v1;

constexpr char kEverywhere[] = "provinces/-";
constexpr int kPageSize = 500;

// All pages of a list.
template <typename Request, typename Response>
absl::Status ForEachPage(Door& door, absl::string_view method, absl::string_view parent,
                         const std::function<void(const Response&)>& visit) {
  Request request;
  request.set_parent(std::string(parent));
  request.set_page_size(kPageSize);
  do {
    ASSIGN_OR_RETURN(Response page, door.Call<Response>(method, request));
    visit(page);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

std::string AccountKey(const bd::Account& a) {
  return absl::StrCat(a.plan_line(), " ", a.budget_year(), " ", a.funding_source());
}

struct Columns {
  int64_t allocated = 0, reserved = 0, committed = 0, paid = 0;
  bool operator==(const Columns&) const = default;
  std::string ToString() const {
    return absl::StrCat("allocated ", allocated, ", reserved ", reserved, ", committed ", committed,
                        ", paid ", paid);
  }
};

Columns ColumnsOf(const bd::Balance& b) {
  return {b.allocated_vnd(), b.reserved_vnd(), b.committed_vnd(), b.paid_vnd()};
}

void Move(Columns& c, bd::LedgerEntry::Column column, int64_t amount) {
  switch (column) {
    case bd::LedgerEntry::COLUMN_RESERVED:
      c.reserved += amount;
      break;
    case bd::LedgerEntry::COLUMN_COMMITTED:
      c.committed += amount;
      break;
    case bd::LedgerEntry::COLUMN_PAID:
      c.paid += amount;
      break;
    default:
      break;  // source and available follow from the others
  }
}

// What an owner must hold in its state.
enum class Holding {
  kNothing,
  kReservation,
  kCommitment,  // bound: open, or paid in full
  kSpent,       // ended: closed, what was not paid given back
  kInMotion,
};

Holding HoldingOf(cw::SupportCase::State state) {
  switch (state) {
    case cw::SupportCase::STATE_APPROVED:
      return Holding::kReservation;
    case cw::SupportCase::STATE_CONTRACTED:
    case cw::SupportCase::STATE_IN_PROGRESS:
    case cw::SupportCase::STATE_DELIVERED:
    case cw::SupportCase::STATE_ACCEPTED:
    case cw::SupportCase::STATE_PAID:
      return Holding::kCommitment;
    case cw::SupportCase::STATE_LIQUIDATED:
    case cw::SupportCase::STATE_CLOSED:
      return Holding::kSpent;
    case cw::SupportCase::STATE_APPROVAL_PENDING:
    case cw::SupportCase::STATE_CONTRACT_PENDING:
    case cw::SupportCase::STATE_WITHDRAWAL_PENDING:
    case cw::SupportCase::STATE_LIQUIDATION_PENDING:
      return Holding::kInMotion;
    default:
      return Holding::kNothing;
  }
}

Holding HoldingOf(cw::Activity::State state) {
  switch (state) {
    case cw::Activity::STATE_APPROVED:
    case cw::Activity::STATE_OPEN:
    case cw::Activity::STATE_HELD:
      return Holding::kCommitment;
    case cw::Activity::STATE_SETTLED:
      return Holding::kSpent;
    case cw::Activity::STATE_APPROVAL_PENDING:
    case cw::Activity::STATE_CANCELLATION_PENDING:
    case cw::Activity::STATE_SETTLEMENT_PENDING:
      return Holding::kInMotion;
    default:
      return Holding::kNothing;
  }
}

bool Accepted(cw::SupportCase::State state) {
  return (state >= cw::SupportCase::STATE_ACCEPTED && state <= cw::SupportCase::STATE_CLOSED) ||
         state == cw::SupportCase::STATE_LIQUIDATION_PENDING;
}

bool Held(cw::Activity::State state) {
  return state == cw::Activity::STATE_HELD || state == cw::Activity::STATE_SETTLED ||
         state == cw::Activity::STATE_SETTLEMENT_PENDING;
}

struct Owner {
  Holding holding = Holding::kNothing;
  bool accepted = false;
  int64_t paid_vnd = 0;
};

class Reconciler {
 public:
  explicit Reconciler(Door& door) : door_(door) {}

  absl::StatusOr<Reconciliation> Run() {
    RETURN_IF_ERROR(ReadOwners());
    RETURN_IF_ERROR(CheckBalances());
    RETURN_IF_ERROR(CheckReservations());
    RETURN_IF_ERROR(CheckCommitments());
    RETURN_IF_ERROR(CheckPayments());
    CheckHoldings();
    RETURN_IF_ERROR(CheckFeed<bd::ListEventsResponse>("budgeting"));
    RETURN_IF_ERROR(CheckFeed<cw::ListEventsResponse>("casework"));
    RETURN_IF_ERROR(CheckFeed<registry::v1::ListEventsResponse>("registry"));
    RETURN_IF_ERROR(CheckReports());
    return std::move(result_);
  }

 private:
  template <typename... Parts>
  void Disagree(absl::string_view invariant, absl::string_view place, const Parts&... found) {
    result_.disagreements.push_back(
        {std::string(invariant), std::string(place), absl::StrCat(found...)});
  }

  absl::Status ReadOwners() {
    RETURN_IF_ERROR((ForEachPage<cw::ListSupportCasesRequest, cw::ListSupportCasesResponse>(
        door_, "nscl.casework.v1.SupportCaseService.ListSupportCases", kEverywhere,
        [this](const auto& page) {
          for (const cw::SupportCase& c : page.support_cases()) {
            AddOwner(c.name(), {HoldingOf(c.state()), Accepted(c.state()), c.paid_vnd()});
          }
        })));
    return ForEachPage<cw::ListActivitiesRequest, cw::ListActivitiesResponse>(
        door_, "nscl.casework.v1.ActivityService.ListActivities", kEverywhere,
        [this](const auto& page) {
          for (const cw::Activity& a : page.activities()) {
            AddOwner(a.name(), {HoldingOf(a.state()), Held(a.state()), a.paid_vnd()});
          }
        });
  }

  void AddOwner(const std::string& name, Owner owner) {
    ++result_.rows_checked;
    if (owner.holding == Holding::kInMotion) result_.in_motion.push_back(name);
    owners_[name] = owner;
  }

  absl::Status CheckBalances() {
    std::map<std::string, Columns> folded;
    RETURN_IF_ERROR((ForEachPage<bd::ListLedgerEntriesRequest, bd::ListLedgerEntriesResponse>(
        door_, "nscl.budgeting.v1.LedgerService.ListLedgerEntries", kEverywhere,
        [&](const auto& page) {
          for (const bd::LedgerEntry& entry : page.ledger_entries()) {
            ++result_.rows_checked;
            Columns& c = folded[AccountKey(entry.account())];
            if (entry.kind() == bd::LedgerEntry::KIND_ALLOCATE) c.allocated += entry.amount_vnd();
            Move(c, entry.from_column(), -entry.amount_vnd());
            Move(c, entry.to_column(), entry.amount_vnd());
            if (!(ColumnsOf(entry.balance()) == c)) {
              Disagree("I2", entry.name(), "the entry says ", ColumnsOf(entry.balance()).ToString(),
                       "; the entries up to it give ", c.ToString());
            }
          }
        })));
    RETURN_IF_ERROR((ForEachPage<bd::ListBalancesRequest, bd::ListBalancesResponse>(
        door_, "nscl.budgeting.v1.LedgerService.ListBalances", "provinces/-/plans/-",
        [&](const auto& page) {
          for (const bd::Balance& b : page.balances()) {
            ++result_.rows_checked;
            CheckBalance(b, folded);
          }
        })));
    for (const auto& [account, columns] : folded)
      Disagree("I2", account, "entries without a balance: ", columns.ToString());
    return absl::OkStatus();
  }

  void CheckBalance(const bd::Balance& b, std::map<std::string, Columns>& folded) {
    Columns kept = ColumnsOf(b);
    if (kept.reserved < 0 || kept.committed < 0 || kept.paid < 0 || b.available_vnd() < 0 ||
        b.available_vnd() != kept.allocated - kept.reserved - kept.committed - kept.paid) {
      Disagree("I1", b.name(), kept.ToString(), ", available ", b.available_vnd());
    }
    auto it = folded.find(AccountKey(b.account()));
    Columns counted = it == folded.end() ? Columns{} : it->second;
    if (!(counted == kept))
      Disagree("I2", b.name(), "kept: ", kept.ToString(), "; counted: ", counted.ToString());
    if (it != folded.end()) folded.erase(it);
    balances_[AccountKey(b.account())] = kept;
  }

  absl::Status CheckReservations() {
    return ForEachPage<bd::ListReservationsRequest, bd::ListReservationsResponse>(
        door_, "nscl.budgeting.v1.LedgerService.ListReservations", kEverywhere,
        [this](const auto& page) {
          for (const bd::Reservation& r : page.reservations()) {
            ++result_.rows_checked;
            bool committed = r.state() == bd::Reservation::STATE_COMMITTED;
            if (r.committed_vnd() > r.amount_vnd() || (r.committed_vnd() > 0) != committed) {
              Disagree("I3", r.name(), bd::Reservation::State_Name(r.state()), ", held ",
                       r.amount_vnd(), ", committed ", r.committed_vnd());
            }
            if (r.state() == bd::Reservation::STATE_ACTIVE)
              live_reservations_[r.owner()].insert(r.name());
            sums_[AccountKey(r.account())].reserved +=
                r.state() == bd::Reservation::STATE_ACTIVE ? r.amount_vnd() : 0;
          }
        });
  }

  absl::Status CheckCommitments() {
    return ForEachPage<bd::ListCommitmentsRequest, bd::ListCommitmentsResponse>(
        door_, "nscl.budgeting.v1.LedgerService.ListCommitments", kEverywhere,
        [this](const auto& page) {
          for (const bd::Commitment& c : page.commitments()) {
            ++result_.rows_checked;
            if (c.paid_vnd() + c.released_vnd() > c.amount_vnd()) {
              Disagree("I4", c.name(), "amount ", c.amount_vnd(), ", paid ", c.paid_vnd(),
                       ", released ", c.released_vnd());
            }
            // Closed with a rest given back is no money for a case that goes on.
            const bool open = c.state() == bd::Commitment::STATE_OPEN;
            if (open || c.paid_vnd() == c.amount_vnd())
              bound_commitments_[c.owner()].insert(c.name());
            if (!open && c.paid_vnd() > 0) spent_commitments_[c.owner()].insert(c.name());
            commitment_paid_[c.name()] = c.paid_vnd();
            Columns& sum = sums_[AccountKey(c.account())];
            sum.committed += c.amount_vnd() - c.paid_vnd() - c.released_vnd();
            sum.paid += c.paid_vnd();
          }
        });
  }

  absl::Status CheckPayments() {
    std::map<std::string, int64_t> by_commitment;
    RETURN_IF_ERROR((ForEachPage<bd::ListPaymentsRequest, bd::ListPaymentsResponse>(
        door_, "nscl.budgeting.v1.PaymentService.ListPayments", kEverywhere, [&](const auto& page) {
          for (const bd::Payment& p : page.payments()) {
            ++result_.rows_checked;
            by_commitment[p.commitment()] += p.amount_vnd();
            paid_by_owner_[p.owner()] += p.amount_vnd();
            auto owner = owners_.find(p.owner());
            if (p.kind() == bd::Payment::KIND_FINAL &&
                (owner == owners_.end() || !owner->second.accepted)) {
              Disagree("I5", p.name(), "a final payment of ", p.amount_vnd(),
                       " without an acceptance at ", p.owner());
            }
          }
        })));
    for (const auto& [commitment, paid] : commitment_paid_) {
      if (by_commitment[commitment] != paid)
        Disagree("I4", commitment, "says paid ", paid, "; its payments add up to ",
                 by_commitment[commitment]);
    }
    for (const auto& [account, sum] : sums_) {
      const Columns& kept = balances_[account];
      if (sum.reserved != kept.reserved || sum.committed != kept.committed ||
          sum.paid != kept.paid) {
        Disagree("I2", account, "balance: ", kept.ToString(),
                 "; reservations and commitments add up to reserved ", sum.reserved, ", committed ",
                 sum.committed, ", paid ", sum.paid);
      }
    }
    return absl::OkStatus();
  }

  void CheckHoldings() {
    for (const auto& [name, owner] : owners_) {
      if (owner.holding == Holding::kInMotion) continue;
      const bool ended = owner.holding == Holding::kSpent;
      const size_t reservations = live_reservations_[name].size();
      const size_t bound = bound_commitments_[name].size();
      const size_t spent = spent_commitments_[name].size();
      const size_t want_reservations = owner.holding == Holding::kReservation ? 1 : 0;
      const size_t want_commitments = owner.holding == Holding::kCommitment || ended ? 1 : 0;
      if (reservations != want_reservations || (ended ? spent : bound) != want_commitments) {
        Disagree("I6", name, "must hold ", want_reservations, " reservations and ",
                 want_commitments, ended ? " closed" : " open or fully paid",
                 " commitments, holds ", reservations, " and ", ended ? spent : bound);
      }
      int64_t paid = paid_by_owner_.contains(name) ? paid_by_owner_[name] : 0;
      if (paid != owner.paid_vnd)
        Disagree("I5", name, "says paid ", owner.paid_vnd, "; its payments add up to ", paid);
    }
    for (const auto* holdings : {&live_reservations_, &bound_commitments_, &spent_commitments_}) {
      for (const auto& [owner, names] : *holdings) {
        if (!names.empty() && !owners_.contains(owner))
          Disagree("I7", *names.begin(), "its owner ", owner, " does not exist");
      }
    }
  }

  template <typename Response>
  absl::Status CheckFeed(absl::string_view service) {
    event::v1::ListEventsRequest request;
    request.set_parent(kEverywhere);
    request.set_page_size(1000);
    int64_t expected = 1, revision = 0;
    while (true) {
      ASSIGN_OR_RETURN(Response page,
                       door_.Call<Response>(
                           absl::StrCat("nscl.", service, ".v1.EventService.ListEvents"), request));
      for (const auto& event : page.events()) {
        ++result_.rows_checked;
        if (event.metadata().position() != expected || event.metadata().revision() < revision) {
          Disagree("I13", absl::StrCat(service, " feed"), "position ", event.metadata().position(),
                   " where ", expected, " was due");
          return absl::OkStatus();
        }
        ++expected;
        revision = event.metadata().revision();
      }
      if (page.next_position() >= page.head_position()) return absl::OkStatus();
      request.set_after_position(page.next_position());
      request.set_epoch(page.epoch());
    }
  }

  // Builds each plan's report afresh, stores nothing, and compares its money with the balances.
  absl::Status CheckReports() {
    std::vector<bd::Plan> plans;
    RETURN_IF_ERROR((ForEachPage<bd::ListPlansRequest, bd::ListPlansResponse>(
        door_, "nscl.budgeting.v1.PlanService.ListPlans", kEverywhere, [&](const auto& page) {
          for (const bd::Plan& plan : page.plans()) {
            if (plan.state() == bd::Plan::STATE_ISSUED) plans.push_back(plan);
          }
        })));
    event::v1::ListEventsRequest head_request;
    head_request.set_parent(kEverywhere);
    head_request.set_page_size(1);
    ASSIGN_OR_RETURN(auto head, door_.Call<bd::ListEventsResponse>(
                                    "nscl.budgeting.v1.EventService.ListEvents", head_request));
    ASSIGN_OR_RETURN(auto followed,
                     door_.Call<rp::FollowStatus>("nscl.reporting.v1.ReportService.GetFollowStatus",
                                                  rp::GetFollowStatusRequest()));
    for (const rp::FollowedFeed& feed : followed.feeds()) {
      if (feed.followed().service() == "budgeting" &&
          feed.followed().position() < head.head_position()) {
        result_.in_motion.push_back(absl::StrCat("reporting follows budgeting up to ",
                                                 feed.followed().position(), " of ",
                                                 head.head_position()));
        return absl::OkStatus();
      }
    }
    for (const bd::Plan& plan : plans) {
      for (int year = plan.first_year(); year <= plan.last_year(); ++year)
        RETURN_IF_ERROR(CheckReport(plan, year));
    }
    return absl::OkStatus();
  }

  absl::Status CheckReport(const bd::Plan& plan, int year) {
    rp::CreateReportRequest request;
    request.set_parent(plan.name().substr(0, plan.name().find("/plans")));
    request.set_plan(plan.name());
    request.set_year(year);
    request.set_validate_only(true);
    request.set_request_id(
        absl::StrCat("00000000-0000-4000-8000-00000000", absl::Dec(year, absl::kZeroPad4)));
    ASSIGN_OR_RETURN(
        rp::Report report,
        door_.Call<rp::Report>("nscl.reporting.v1.ReportService.CreateReport", request));
    for (const rp::MoneyRow& m : report.money()) {
      ++result_.rows_checked;
      Columns said{m.allocated_vnd(), m.reserved_vnd(), m.committed_vnd(), m.paid_vnd()};
      auto kept = balances_.find(absl::StrCat(m.plan_line(), " ", year, " ", m.funding_source()));
      if (!(said == (kept == balances_.end() ? Columns{} : kept->second))) {
        Disagree("I17", absl::StrCat(m.plan_line(), " ", year, " ", m.funding_source()),
                 "report: ", said.ToString(),
                 "; balance: ", kept == balances_.end() ? "none" : kept->second.ToString());
      }
    }
    return absl::OkStatus();
  }

  Door& door_;
  Reconciliation result_;
  std::map<std::string, Owner> owners_;
  std::map<std::string, Columns> balances_;  // by account, as kept
  std::map<std::string, Columns> sums_;      // by account, over reservations and commitments
  std::map<std::string, std::set<std::string>> live_reservations_;  // by owner
  std::map<std::string, std::set<std::string>>
      bound_commitments_;  // by owner: open, or paid in full
  std::map<std::string, std::set<std::string>> spent_commitments_;  // by owner: closed, paid from
  std::map<std::string, int64_t> commitment_paid_, paid_by_owner_;
};

}  // namespace

absl::StatusOr<Reconciliation> Reconcile(Door& door) { return Reconciler(door).Run(); }

}  // namespace nscl::tools
