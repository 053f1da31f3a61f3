#include "services/reporting/store/projection.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "services/reporting/domain/money.h"
#include "services/reporting/domain/obligations.h"
#include "services/reporting/errors.h"
#include "services/reporting/store/keys.h"

namespace nscl::reporting::rows {
namespace {

using budgeting::v1::Balance;
using budgeting::v1::Plan;
using casework::v1::Activity;
using casework::v1::SupportCase;
using registry::v1::Enterprise;
using store::KeyRange;
using store::Reader;
using store::Txn;

// Parses a kept row; nullopt where there is none.
template <typename M>
absl::StatusOr<std::optional<M>> Load(const Reader& reader, absl::string_view key) {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, reader.Get(key));
  if (!bytes.has_value()) return std::nullopt;
  M message;
  if (!message.ParseFromString(*bytes)) return errors::UnreadableRow(M::descriptor()->full_name());
  return message;
}

template <typename M>
absl::Status LoadAll(const Reader& reader, absl::string_view prefix, std::vector<M>* out) {
  bool readable = true;
  RETURN_IF_ERROR(
      reader.Scan(KeyRange::Prefix(prefix), [&](absl::string_view, absl::string_view value) {
        M message;
        readable = message.ParseFromArray(value.data(), static_cast<int>(value.size()));
        if (readable) out->push_back(std::move(message));
        return readable;
      }));
  if (!readable) return errors::UnreadableRow(M::descriptor()->full_name());
  return absl::OkStatus();
}

// The parts that reports need. Fields are copied one by one, so that what is added to a resource
// later does not land here unasked.
Enterprise Kept(const Enterprise& enterprise) {
  Enterprise kept;
  kept.set_name(enterprise.name());
  kept.set_tax_code(enterprise.tax_code());
  return kept;
}

SupportCase Kept(const SupportCase& c) {
  SupportCase kept;
  kept.set_name(c.name());
  kept.set_enterprise(c.enterprise());
  kept.mutable_content()->set_family(c.content().family());
  kept.mutable_content()->set_pilot_model(c.content().pilot_model());
  kept.set_plan_line(c.plan_line());
  kept.set_budget_year(c.budget_year());
  kept.set_funding_source(c.funding_source());
  kept.set_state(c.state());
  if (c.approval().has_decided_on()) {
    *kept.mutable_approval()->mutable_decided_on() = c.approval().decided_on();
  }
  if (c.acceptance().has_accepted_on()) {
    *kept.mutable_acceptance()->mutable_accepted_on() = c.acceptance().accepted_on();
  }
  kept.set_demo(c.demo());
  return kept;
}

Activity Kept(const Activity& activity) {
  Activity kept;
  kept.set_name(activity.name());
  kept.set_kind(activity.kind());
  kept.set_plan_line(activity.plan_line());
  kept.set_budget_year(activity.budget_year());
  kept.set_state(activity.state());
  if (activity.has_first_day()) *kept.mutable_first_day() = activity.first_day();
  // Turns are counted; who they were is not reporting's business.
  for (int i = 0; i < activity.attendances_size(); ++i) kept.add_attendances();
  kept.set_demo(activity.demo());
  return kept;
}

Plan Kept(const Plan& plan) {
  Plan kept = plan;
  kept.clear_tasks();
  kept.clear_general_aims();
  return kept;
}

// Puts a case or an activity and its row under its plan.
template <typename M>
absl::Status PutOfPlan(Txn& txn, char kind, const M& resource) {
  ASSIGN_OR_RETURN(std::string key, KeyOf(kind, resource.name()));
  ASSIGN_OR_RETURN(std::optional<M> before, Load<M>(txn, key));
  const std::string plan = PlanOfLine(resource.plan_line());
  const std::string plan_before =
      before.has_value() ? PlanOfLine(before->plan_line()) : std::string();
  if (plan_before != plan) {
    if (!plan_before.empty()) {
      ASSIGN_OR_RETURN(std::string index, OfPlanKey(plan_before, kind, resource.name()));
      txn.EraseDerived(index);
    }
    if (!plan.empty()) {
      ASSIGN_OR_RETURN(std::string index, OfPlanKey(plan, kind, resource.name()));
      txn.PutDerived(index, "");
    }
  }
  txn.Put(key, Kept(resource).SerializeAsString());
  return absl::OkStatus();
}

template <typename M>
absl::Status LoadOfPlan(const Reader& reader, absl::string_view plan, char kind,
                        std::vector<M>* out) {
  ASSIGN_OR_RETURN(std::string prefix, OfPlanPrefix(plan, kind));
  std::vector<std::string> names;
  RETURN_IF_ERROR(
      reader.Scan(KeyRange::Prefix(prefix), [&](absl::string_view key, absl::string_view) {
        names.emplace_back(key.substr(prefix.size()));
        return true;
      }));
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::string key, KeyOf(kind, name));
    ASSIGN_OR_RETURN(std::optional<M> row, Load<M>(reader, key));
    if (!row.has_value()) return errors::UnreadableRow(name);
    out->push_back(*std::move(row));
  }
  return absl::OkStatus();
}

std::string KindsOf(absl::string_view service) {
  if (service == "registry") return {kEnterprise};
  if (service == "casework") return {kCase, kActivity, kOfPlan};
  return {kPlan, kBalance};
}

}  // namespace

absl::Status Projection::Apply(Txn& txn, const registry::v1::Event& event) const {
  if (!event.has_enterprise()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string key, KeyOf(kEnterprise, event.enterprise().name()));
  txn.Put(key, Kept(event.enterprise()).SerializeAsString());
  return absl::OkStatus();
}

absl::Status Projection::Apply(Txn& txn, const casework::v1::Event& event) const {
  if (event.has_support_case()) return PutOfPlan(txn, kCase, event.support_case());
  if (event.has_activity()) return PutOfPlan(txn, kActivity, event.activity());
  return absl::OkStatus();
}

absl::Status Projection::Apply(Txn& txn, const budgeting::v1::Event& event) const {
  if (event.has_ledger_entry()) {
    ASSIGN_OR_RETURN(std::string key, BalanceKey(event.ledger_entry().account()));
    ASSIGN_OR_RETURN(std::optional<Balance> kept, Load<Balance>(txn, key));
    Balance balance = kept.value_or(Balance());
    RETURN_IF_ERROR(domain::FoldEntry(balance, event.ledger_entry()));
    txn.Put(key, balance.SerializeAsString());
    return absl::OkStatus();
  }
  if (!event.has_plan()) return absl::OkStatus();
  const Plan& plan = event.plan();
  ASSIGN_OR_RETURN(std::string key, KeyOf(kPlan, plan.name()));
  txn.Put(key, Kept(plan).SerializeAsString());
  if (plan.state() != Plan::STATE_ISSUED) return absl::OkStatus();
  const store::Table<v1::Obligation> obligations(kObligations);
  for (v1::Obligation& obligation : domain::ObligationsOf(plan, catalogue_.obligations)) {
    ASSIGN_OR_RETURN(bool exists, obligations.Exists(txn, obligation.name()));
    if (exists) continue;
    RETURN_IF_ERROR(obligations.Insert(txn, std::move(obligation)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Projection::Erase(Txn& txn, absl::string_view service, int limit) const {
  int erased = 0;
  for (char kind : KindsOf(service)) {
    std::vector<std::string> keys;
    RETURN_IF_ERROR(txn.Scan(KeyRange::Prefix(absl::string_view(&kind, 1)),
                             [&](absl::string_view key, absl::string_view) {
                               if (erased + static_cast<int>(keys.size()) >= limit) return false;
                               keys.emplace_back(key);
                               return true;
                             }));
    for (const std::string& key : keys) {
      if (kind == kOfPlan) {
        txn.EraseDerived(key);
      } else {
        txn.Erase(key);
      }
    }
    erased += static_cast<int>(keys.size());
  }
  if (erased > 0) return erased;
  // The cursor goes last: until then the feed cannot be followed over what is half erased.
  ASSIGN_OR_RETURN(std::optional<std::string> cursor, txn.Get(CursorKey(service)));
  if (!cursor.has_value()) return 0;
  txn.Erase(CursorKey(service));
  return 1;
}

absl::StatusOr<Plan> GetPlan(const Reader& reader, absl::string_view plan) {
  ASSIGN_OR_RETURN(std::string key, KeyOf(kPlan, plan));
  ASSIGN_OR_RETURN(std::optional<Plan> kept, Load<Plan>(reader, key));
  if (!kept.has_value()) return errors::PlanNotFound(plan);
  return *std::move(kept);
}

absl::StatusOr<domain::Happenings> HappeningsOf(const Reader& reader, absl::string_view plan) {
  domain::Happenings happenings;
  RETURN_IF_ERROR(LoadOfPlan(reader, plan, kCase, &happenings.cases));
  RETURN_IF_ERROR(LoadOfPlan(reader, plan, kActivity, &happenings.activities));
  for (const SupportCase& c : happenings.cases) {
    if (happenings.tax_codes.contains(c.enterprise())) continue;
    ASSIGN_OR_RETURN(std::string key, KeyOf(kEnterprise, c.enterprise()));
    ASSIGN_OR_RETURN(std::optional<Enterprise> enterprise, Load<Enterprise>(reader, key));
    if (enterprise.has_value()) {
      happenings.tax_codes.emplace(c.enterprise(), enterprise->tax_code());
    }
  }
  return happenings;
}

absl::StatusOr<std::vector<Balance>> BalancesOf(const Reader& reader, absl::string_view plan,
                                                int year) {
  std::vector<Balance> balances;
  ASSIGN_OR_RETURN(std::string prefix, BalancePrefix(plan, year));
  RETURN_IF_ERROR(LoadAll(reader, prefix, &balances));
  return balances;
}

absl::StatusOr<std::vector<v1::Obligation>> ObligationsOf(const Reader& reader,
                                                          absl::string_view plan, int year) {
  // Names begin with the plan's id and the year, except where that was cut for its length: read by
  // province then (a province has some thousands at most), and by the fields in any case.
  std::vector<v1::Obligation> obligations;
  ASSIGN_OR_RETURN(std::string prefix, KeyOf(kObligations.kind, plan));
  prefix.resize(prefix.find('\0') + 1);
  std::vector<v1::Obligation> of_province;
  RETURN_IF_ERROR(LoadAll(reader, prefix, &of_province));
  for (v1::Obligation& obligation : of_province) {
    if (obligation.plan() == plan && obligation.year() == year) {
      obligations.push_back(std::move(obligation));
    }
  }
  return obligations;
}

absl::StatusOr<v1::FeedPosition> PositionOf(const Reader& reader, absl::string_view service) {
  ASSIGN_OR_RETURN(std::optional<event::v1::FeedCursor> cursor,
                   Load<event::v1::FeedCursor>(reader, CursorKey(service)));
  v1::FeedPosition position;
  position.set_service(std::string(service));
  if (cursor.has_value()) {
    position.set_epoch(cursor->epoch());
    position.set_position(cursor->position());
  }
  return position;
}

absl::StatusOr<domain::ReportFacts> FactsOf(const Reader& reader, absl::string_view plan,
                                            int year) {
  domain::ReportFacts facts;
  ASSIGN_OR_RETURN(facts.plan, GetPlan(reader, plan));
  ASSIGN_OR_RETURN(facts.happenings, HappeningsOf(reader, plan));
  ASSIGN_OR_RETURN(facts.balances, BalancesOf(reader, plan, year));
  ASSIGN_OR_RETURN(facts.obligations, ObligationsOf(reader, plan, year));
  for (absl::string_view service : kFeeds) {
    ASSIGN_OR_RETURN(v1::FeedPosition position, PositionOf(reader, service));
    facts.as_of.push_back(std::move(position));
  }
  return facts;
}

}  // namespace nscl::reporting::rows
