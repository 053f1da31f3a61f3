// The ledger against a model of a few lines: after each of many thousand random commands every
// balance is what the model says, whatever was refused.
#include "services/budgeting/store/ledger.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/store/testing/fixture.h"
#include "common/testing/random.h"
#include "common/testing/status_matchers.h"
#include "services/budgeting/store/keys.h"

namespace nscl::budgeting::rows {
namespace {

using testing::Reason;

constexpr char kProvince[] = "provinces/48";
constexpr int kCommands = 20'000;
constexpr int64_t kPlanned = 1'000'000;

google::type::Date Day(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// An issued plan of three lines over two years, one line with two sources.
v1::Plan IssuedPlan() {
  v1::Plan plan;
  plan.set_name("provinces/48/plans/p");
  plan.set_first_year(2023);
  plan.set_last_year(2024);
  plan.set_state(v1::Plan::STATE_ISSUED);
  for (const char* id : {"A", "B", "C"}) {
    v1::AnnexRow& row = *plan.mutable_annex()->add_rows();
    row.set_row_id(id);
    row.set_level(v1::AnnexRow::LEVEL_LINE);
    row.set_part(v1::AnnexRow::PART_COUNTING);
    row.add_funding_sources("ST_TASK");
    if (*id == 'C') row.add_funding_sources("ST_RECURRENT");
    for (int year : {2023, 2024}) {
      v1::AnnexCell& cell = *row.add_cells();
      cell.set_year(year);
      cell.mutable_printed()->set_amount_vnd(kPlanned);
    }
  }
  return plan;
}

// The reference: plain numbers and plain rules.
struct Model {
  struct Account {
    int64_t allocated = 0, reserved = 0, committed = 0, paid = 0;
    bool opened = false;
    int64_t available() const { return allocated - reserved - committed - paid; }
  };
  struct Hold {
    size_t account;
    int64_t amount;
    bool active;
    int expires;  // day of December of the account's year
  };
  struct Bond {
    size_t account;
    int64_t amount, unpaid;
    bool open;
  };
  std::vector<Account> accounts;
  std::map<std::string, Hold> holds;
  std::map<std::string, Bond> bonds;
};

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() : ledger_({{"ST_TASK", {"", false}}, {"ST_RECURRENT", {"", false}}}, {}) {
    store::Options options = folder_.StoreOptions();
    options.sync = false;  // sums are under test here, not the disk
    store_ = store::OpenOrDie(std::move(options));
    for (const char* line : {"A", "B", "C", "C"}) {
      for (int year : {2023, 2024}) {
        v1::Account account;
        account.set_plan_line(absl::StrCat("provinces/48/plans/p/lines/", line));
        account.set_budget_year(year);
        account.set_funding_source(accounts_.size() < 6 ? "ST_TASK" : "ST_RECURRENT");
        accounts_.push_back(account);
      }
    }
    Run<v1::Plan>([](store::Txn& txn) { return PlanTable().Insert(txn, IssuedPlan()); }).value();
    // A case whose contract is in force, so that payments meet the ledger's own limits.
    Run<v1::Plan>([this](store::Txn& txn) -> absl::StatusOr<v1::Plan> {
      nscl::casework::v1::Event event;
      event.mutable_support_case()->set_name("provinces/48/supportCases/s");
      event.mutable_support_case()->set_state(nscl::casework::v1::SupportCase::STATE_ACCEPTED);
      absl::Status kept = ledger_.case_facts().Keep(txn, event);
      if (!kept.ok()) return kept;
      return v1::Plan();
    }).value();
  }

  // Runs a transaction as one command.
  template <typename Response>
  absl::StatusOr<Response> Run(std::function<absl::StatusOr<Response>(store::Txn&)> transaction) {
    auto outcome =
        store_->Run(store::CommandOf([&](store::Txn& txn) -> absl::StatusOr<std::string> {
          absl::StatusOr<Response> response = transaction(txn);
          if (!response.ok()) return response.status();
          return response->SerializeAsString();
        }));
    if (!outcome.ok()) return outcome.status();
    Response response;
    response.ParseFromString(outcome->response);
    return response;
  }

  store::TestFolder folder_;
  Ledger ledger_;
  std::unique_ptr<store::Store> store_;
  std::vector<v1::Account> accounts_;
};

// One random command against the store and the model; returns what the model expects.
class RandomCommands {
 public:
  RandomCommands(std::mt19937_64& random, const std::vector<v1::Account>& accounts)
      : random_(random), accounts_(accounts) {
    model_.accounts.resize(accounts.size());
  }

  Model& model() { return model_; }
  int64_t Pick(int64_t n) { return static_cast<int64_t>(random_() % n); }
  size_t PickAccount() { return Pick(accounts_.size()); }

  template <typename Map>
  typename Map::iterator PickOf(Map& map) {
    // The newest are the ones that still may change: half of the picks are among the last twenty.
    const int64_t size = static_cast<int64_t>(map.size());
    const int64_t last = Pick(2) == 0 ? std::min<int64_t>(size, 20) : size;
    return std::prev(map.end(), 1 + Pick(last));
  }

  // Allocations of all sources of a line and year may not exceed the plan.
  int64_t LineAllocated(size_t account) const {
    int64_t sum = 0;
    for (size_t i = 0; i < accounts_.size(); ++i) {
      if (accounts_[i].plan_line() == accounts_[account].plan_line() &&
          accounts_[i].budget_year() == accounts_[account].budget_year()) {
        sum += model_.accounts[i].allocated;
      }
    }
    return sum;
  }

 private:
  std::mt19937_64& random_;
  const std::vector<v1::Account>& accounts_;
  Model model_;
};

TEST_F(LedgerTest, RandomCommandsAgreeWithTheModel) {
  std::mt19937_64 random = testing::SeededRandom();
  RandomCommands commands(random, accounts_);
  Model& model = commands.model();
  std::map<std::string, int> seen;  // reasons met, so that the test cannot pass by doing nothing

  for (int n = 0; n < kCommands; ++n) {
    std::string expected = "OK", reason;
    switch (commands.Pick(7)) {
      case 0: {  // allocate
        const size_t a = commands.PickAccount();
        v1::BatchCreateAllocationsRequest request;
        request.set_parent(kProvince);
        v1::Allocation& allocation = *request.add_allocations();
        *allocation.mutable_account() = accounts_[a];
        allocation.set_amount_vnd(1 + commands.Pick(kPlanned / 20));
        *allocation.mutable_acted_on() = Day(2023, 1, 1);
        if (commands.LineAllocated(a) + allocation.amount_vnd() > kPlanned) expected = "ABOVE_PLAN";
        reason = Reason(Run<v1::BatchCreateAllocationsResponse>(
            [&](store::Txn& txn) { return ledger_.Allocate(txn, request); }));
        if (reason == "OK") {
          model.accounts[a].allocated += allocation.amount_vnd();
          model.accounts[a].opened = true;
        }
        break;
      }
      case 1: {  // reserve
        const size_t a = commands.PickAccount();
        v1::CreateReservationRequest request;
        request.set_parent(kProvince);
        *request.mutable_reservation()->mutable_account() = accounts_[a];
        request.mutable_reservation()->set_amount_vnd(1 + commands.Pick(kPlanned / 10));
        request.mutable_reservation()->set_owner("provinces/48/supportCases/s");
        *request.mutable_reservation()->mutable_acted_on() = Day(2023, 2, 1);
        const int expires = 1 + static_cast<int>(commands.Pick(31));
        *request.mutable_reservation()->mutable_expire_on() =
            Day(accounts_[a].budget_year(), 12, expires);
        if (!model.accounts[a].opened) {
          expected = "ACCOUNT_NOT_FOUND";
        } else if (request.reservation().amount_vnd() > model.accounts[a].available()) {
          expected = "INSUFFICIENT_BUDGET";
        }
        const auto made =
            Run<v1::Reservation>([&](store::Txn& txn) { return ledger_.Reserve(txn, request); });
        reason = Reason(made);
        if (made.ok()) {
          model.holds[made->name()] = {a, made->amount_vnd(), true, expires};
          model.accounts[a].reserved += made->amount_vnd();
        }
        break;
      }
      case 2: {  // commit
        if (model.holds.empty()) continue;
        auto hold = commands.PickOf(model.holds);
        Model::Account& account = model.accounts[hold->second.account];
        v1::CommitReservationRequest request;
        request.set_name(hold->first);
        request.set_amount_vnd(1 +
                               commands.Pick(hold->second.amount + hold->second.amount / 8 + 1));
        request.set_contract_number("1/HĐ");
        *request.mutable_acted_on() = Day(2023, 3, 1);
        if (!hold->second.active) {
          expected = "RESERVATION_STATE";
        } else if (request.amount_vnd() > hold->second.amount) {
          expected = "EXCEEDS_RESERVED";
        }
        const auto made =
            Run<v1::Commitment>([&](store::Txn& txn) { return ledger_.Commit(txn, request); });
        reason = Reason(made);
        if (made.ok()) {
          hold->second.active = false;
          account.reserved -= hold->second.amount;
          account.committed += request.amount_vnd();
          model.bonds[made->name()] = {hold->second.account, request.amount_vnd(),
                                       request.amount_vnd(), true};
        }
        break;
      }
      case 3: {  // release a reservation
        if (model.holds.empty()) continue;
        auto hold = commands.PickOf(model.holds);
        v1::ReleaseReservationRequest request;
        request.set_name(hold->first);
        *request.mutable_acted_on() = Day(2023, 3, 1);
        if (!hold->second.active) expected = "RESERVATION_STATE";
        reason = Reason(
            Run<v1::Reservation>([&](store::Txn& txn) { return ledger_.Release(txn, request); }));
        if (reason == "OK") {
          hold->second.active = false;
          model.accounts[hold->second.account].reserved -= hold->second.amount;
        }
        break;
      }
      case 4: {  // pay
        if (model.bonds.empty()) continue;
        auto bond = commands.PickOf(model.bonds);
        v1::CreatePaymentRequest request;
        request.set_parent(kProvince);
        request.mutable_payment()->set_commitment(bond->first);
        request.mutable_payment()->set_kind(v1::Payment::KIND_INTERIM);
        request.mutable_payment()->set_amount_vnd(1 + commands.Pick(bond->second.amount));
        *request.mutable_payment()->mutable_acted_on() = Day(2023, 4, 1);
        if (!bond->second.open) {
          expected = "COMMITMENT_STATE";
        } else if (request.payment().amount_vnd() > bond->second.unpaid) {
          expected = "EXCEEDS_COMMITTED";
        }
        reason =
            Reason(Run<v1::Payment>([&](store::Txn& txn) { return ledger_.Pay(txn, request); }));
        if (reason == "OK") {
          const int64_t amount = request.payment().amount_vnd();
          bond->second.unpaid -= amount;
          bond->second.open = bond->second.unpaid > 0;
          model.accounts[bond->second.account].committed -= amount;
          model.accounts[bond->second.account].paid += amount;
        }
        break;
      }
      case 5: {  // release a commitment
        if (model.bonds.empty()) continue;
        auto bond = commands.PickOf(model.bonds);
        v1::ReleaseCommitmentRequest request;
        request.set_name(bond->first);
        *request.mutable_acted_on() = Day(2023, 4, 1);
        if (!bond->second.open) expected = "COMMITMENT_STATE";
        reason = Reason(Run<v1::Commitment>(
            [&](store::Txn& txn) { return ledger_.ReleaseCommitment(txn, request); }));
        if (reason == "OK") {
          model.accounts[bond->second.account].committed -= bond->second.unpaid;
          bond->second.unpaid = 0;
          bond->second.open = false;
        }
        break;
      }
      default: {  // expire, now and then
        if (commands.Pick(20) != 0) continue;
        const int year = 2023 + static_cast<int>(commands.Pick(2)),
                  day = 1 + static_cast<int>(commands.Pick(31));
        v1::ExpireReservationsRequest request;
        request.set_parent(kProvince);
        *request.mutable_before() = Day(year, 12, day);
        reason = Reason(Run<v1::ExpireReservationsResponse>([&](store::Txn& txn) {
          return ledger_.Expire(txn, request, absl::CivilDay(2026, 1, 1));
        }));
        for (auto& [name, hold] : model.holds) {
          const int hold_year = accounts_[hold.account].budget_year();
          if (!hold.active || std::make_pair(hold_year, hold.expires) >= std::make_pair(year, day))
            continue;
          hold.active = false;
          model.accounts[hold.account].reserved -= hold.amount;
        }
      }
    }
    ASSERT_EQ(reason, expected) << "command " << n;
    ++seen[reason];
    const auto snapshot = store_->TakeSnapshot();
    for (size_t a = 0; a < accounts_.size(); ++a) {
      const auto balance = ledger_.GetBalance(*snapshot, accounts_[a]);
      const Model::Account& account = model.accounts[a];
      if (!account.opened) {
        ASSERT_EQ(Reason(balance), "ACCOUNT_NOT_FOUND");
        continue;
      }
      ASSERT_TRUE(balance.ok()) << balance.status();
      ASSERT_EQ(
          std::make_tuple(balance->allocated_vnd(), balance->reserved_vnd(),
                          balance->committed_vnd(), balance->paid_vnd(), balance->available_vnd()),
          std::make_tuple(account.allocated, account.reserved, account.committed, account.paid,
                          account.available()))
          << "account " << a << " after command " << n;
      ASSERT_GE(account.available(), 0);
    }
  }
  for (const char* reason : {"OK", "ABOVE_PLAN", "INSUFFICIENT_BUDGET", "EXCEEDS_RESERVED",
                             "RESERVATION_STATE", "COMMITMENT_STATE", "EXCEEDS_COMMITTED"}) {
    EXPECT_GT(seen[reason], 0) << reason;
  }

  // I2: the entries alone make the balances again, and debit equals credit by their very shape.
  std::map<std::string, std::map<v1::LedgerEntry::Column, int64_t>> sums;
  std::string after;
  const auto snapshot = store_->TakeSnapshot();
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, ledger_.entries().List(*snapshot, kProvince, after, 500));
    for (const v1::LedgerEntry& entry : page.rows) {
      sums[entry.balance().name()][entry.from_column()] -= entry.amount_vnd();
      sums[entry.balance().name()][entry.to_column()] += entry.amount_vnd();
    }
    after = page.last_key;
  } while (!after.empty());
  for (const v1::Account& account : accounts_) {
    const auto balance = ledger_.GetBalance(*snapshot, account);
    if (!balance.ok()) continue;
    auto& columns = sums[balance->name()];
    EXPECT_EQ(-columns[v1::LedgerEntry::COLUMN_SOURCE], balance->allocated_vnd());
    EXPECT_EQ(columns[v1::LedgerEntry::COLUMN_AVAILABLE], balance->available_vnd());
    EXPECT_EQ(columns[v1::LedgerEntry::COLUMN_RESERVED], balance->reserved_vnd());
    EXPECT_EQ(columns[v1::LedgerEntry::COLUMN_COMMITTED], balance->committed_vnd());
    EXPECT_EQ(columns[v1::LedgerEntry::COLUMN_PAID], balance->paid_vnd());
  }
  EXPECT_OK(store_->Verify());
}

TEST_F(LedgerTest, ExpiryTakesAtMostItsNumberAndSaysThatMoreWait) {
  v1::BatchCreateAllocationsRequest allocate;
  allocate.set_parent(kProvince);
  *allocate.add_allocations()->mutable_account() = accounts_[0];
  allocate.mutable_allocations(0)->set_amount_vnd(kPlanned);
  ASSERT_OK(Run<v1::BatchCreateAllocationsResponse>(
      [&](store::Txn& txn) { return ledger_.Allocate(txn, allocate); }));
  for (size_t i = 0; i < kMaxExpired + 1; ++i) {
    v1::CreateReservationRequest request;
    request.set_parent(kProvince);
    *request.mutable_reservation()->mutable_account() = accounts_[0];
    request.mutable_reservation()->set_amount_vnd(1);
    ASSERT_OK(Run<v1::Reservation>([&](store::Txn& txn) { return ledger_.Reserve(txn, request); }));
  }
  v1::ExpireReservationsRequest expire;
  expire.set_parent(kProvince);
  *expire.mutable_before() = Day(2024, 1, 1);
  auto run = [&](absl::CivilDay today) {
    return Run<v1::ExpireReservationsResponse>(
        [&](store::Txn& txn) { return ledger_.Expire(txn, expire, today); });
  };
  EXPECT_EQ(Reason(run(absl::CivilDay(2023, 12, 31))), "EXPIRY_IN_FUTURE");
  ASSERT_OK_AND_ASSIGN(const auto first, run(absl::CivilDay(2024, 1, 1)));
  EXPECT_EQ(first.reservations_size(), static_cast<int>(kMaxExpired));
  EXPECT_TRUE(first.more());
  ASSERT_OK_AND_ASSIGN(const auto second, run(absl::CivilDay(2024, 1, 1)));
  EXPECT_EQ(second.reservations_size(), 1);
  EXPECT_FALSE(second.more());
  EXPECT_EQ(ledger_.GetBalance(*store_->TakeSnapshot(), accounts_[0])->available_vnd(), kPlanned);
}

}  // namespace
}  // namespace nscl::budgeting::rows
