// One row for each state and both edges of each amount: the tables are the rules.
#include "services/budgeting/domain/ledger.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/testing/status_matchers.h"

namespace nscl::budgeting::domain {
namespace {

using testing::CodeIs;
using testing::MetadataIs;
using testing::Reason;
using Entry = v1::LedgerEntry;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

google::type::Date Day(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

v1::Balance BalanceOf(int64_t allocated, int64_t reserved, int64_t committed, int64_t paid) {
  v1::Balance balance;
  balance.mutable_account()->set_plan_line("provinces/48/plans/p/lines/I-1");
  balance.mutable_account()->set_budget_year(2023);
  balance.mutable_account()->set_funding_source("ST_TASK");
  balance.set_allocated_vnd(allocated);
  balance.set_reserved_vnd(reserved);
  balance.set_committed_vnd(committed);
  balance.set_paid_vnd(paid);
  balance.set_available_vnd(allocated - reserved - committed - paid);
  return balance;
}

TEST(PostTest, ColumnsNeverFallBelowZeroOrLeaveInt64) {
  struct {
    const char* name;
    v1::Balance before;
    Posting posting;
    const char* reason;
    int64_t available;  // after
  } rows[] = {
      {"allocate",
       BalanceOf(0, 0, 0, 0),
       {Entry::KIND_ALLOCATE, Entry::COLUMN_SOURCE, Entry::COLUMN_AVAILABLE, 5},
       "OK",
       5},
      {"allocate to the edge",
       BalanceOf(kMax - 1, 0, 0, 0),
       {Entry::KIND_ALLOCATE, Entry::COLUMN_SOURCE, Entry::COLUMN_AVAILABLE, 1},
       "OK",
       kMax},
      {"allocate over the edge",
       BalanceOf(kMax, 0, 0, 0),
       {Entry::KIND_ALLOCATE, Entry::COLUMN_SOURCE, Entry::COLUMN_AVAILABLE, 1},
       "LEDGER_INVARIANT",
       0},
      {"reserve all",
       BalanceOf(5, 0, 0, 0),
       {Entry::KIND_RESERVE, Entry::COLUMN_AVAILABLE, Entry::COLUMN_RESERVED, 5},
       "OK",
       0},
      {"reserve too much",
       BalanceOf(5, 0, 0, 0),
       {Entry::KIND_RESERVE, Entry::COLUMN_AVAILABLE, Entry::COLUMN_RESERVED, 6},
       "LEDGER_INVARIANT",
       0},
      {"commit what is held",
       BalanceOf(5, 5, 0, 0),
       {Entry::KIND_COMMIT, Entry::COLUMN_RESERVED, Entry::COLUMN_COMMITTED, 5},
       "OK",
       0},
      {"commit what is not held",
       BalanceOf(5, 1, 0, 0),
       {Entry::KIND_COMMIT, Entry::COLUMN_RESERVED, Entry::COLUMN_COMMITTED, 2},
       "LEDGER_INVARIANT",
       0},
      {"pay",
       BalanceOf(5, 0, 5, 0),
       {Entry::KIND_PAY, Entry::COLUMN_COMMITTED, Entry::COLUMN_PAID, 3},
       "OK",
       0},
      {"pay too much",
       BalanceOf(5, 0, 2, 0),
       {Entry::KIND_PAY, Entry::COLUMN_COMMITTED, Entry::COLUMN_PAID, 3},
       "LEDGER_INVARIANT",
       0},
      {"release",
       BalanceOf(5, 0, 2, 0),
       {Entry::KIND_RELEASE, Entry::COLUMN_COMMITTED, Entry::COLUMN_AVAILABLE, 2},
       "OK",
       5},
      {"nothing",
       BalanceOf(5, 0, 2, 0),
       {Entry::KIND_RELEASE, Entry::COLUMN_COMMITTED, Entry::COLUMN_AVAILABLE, 0},
       "LEDGER_INVARIANT",
       0},
      {"less than nothing",
       BalanceOf(5, 0, 2, 0),
       {Entry::KIND_RELEASE, Entry::COLUMN_COMMITTED, Entry::COLUMN_AVAILABLE, -1},
       "LEDGER_INVARIANT",
       0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const absl::StatusOr<v1::Balance> after = Post(row.before, row.posting);
    EXPECT_EQ(Reason(after), row.reason);
    if (!after.ok()) continue;
    EXPECT_EQ(after->available_vnd(), row.available);
  }
}

TEST(AllocateTest, NeverAboveThePlan) {
  struct {
    int64_t planned, allocated, asked;
    const char* reason;
  } rows[] = {
      {100, 0, 100, "OK"},           {100, 0, 101, "ABOVE_PLAN"}, {100, 99, 1, "OK"},
      {100, 99, 2, "ABOVE_PLAN"},    {0, 0, 1, "ABOVE_PLAN"},     {kMax, 0, kMax, "OK"},
      {kMax, 1, kMax, "ABOVE_PLAN"},
  };
  for (const auto& row : rows) {
    v1::Allocation allocation;
    allocation.set_amount_vnd(row.asked);
    EXPECT_EQ(Reason(Allocate(allocation, row.planned, row.allocated)), row.reason)
        << row.planned << " " << row.allocated << " " << row.asked;
  }
}

TEST(ReserveTest, WithinWhatIsAvailable) {
  struct {
    int64_t available, asked;
    const char* reason;
  } rows[] = {{100, 1, "OK"},
              {100, 100, "OK"},
              {100, 101, "INSUFFICIENT_BUDGET"},
              {0, 1, "INSUFFICIENT_BUDGET"},
              {kMax, kMax, "OK"}};
  for (const auto& row : rows) {
    v1::Reservation reservation;
    *reservation.mutable_account() = BalanceOf(0, 0, 0, 0).account();
    reservation.set_amount_vnd(row.asked);
    const auto moved = Reserve(BalanceOf(row.available, 0, 0, 0), reservation);
    EXPECT_EQ(Reason(moved), row.reason);
    if (moved.ok()) {
      EXPECT_EQ(moved->resource.state(), v1::Reservation::STATE_ACTIVE);
      EXPECT_EQ(moved->resource.expire_on().day(), 31)
          << "31/12 of the budget year where not given";
    } else {
      EXPECT_THAT(moved.status(), CodeIs(absl::StatusCode::kFailedPrecondition));
      EXPECT_THAT(moved.status(), MetadataIs("available_vnd", absl::StrCat(row.available)));
      EXPECT_THAT(moved.status(), MetadataIs("asked_vnd", absl::StrCat(row.asked)));
      EXPECT_THAT(moved.status(), MetadataIs("plan_line", "provinces/48/plans/p/lines/I-1"));
      EXPECT_THAT(moved.status(), MetadataIs("budget_year", "2023"));
      EXPECT_THAT(moved.status(), MetadataIs("funding_source", "ST_TASK"));
      EXPECT_THAT(status::LocalizedMessageOf(moved.status()), ::testing::HasSubstr("đồng"));
    }
  }
}

v1::Reservation ReservationOf(v1::Reservation::State state) {
  v1::Reservation reservation;
  reservation.set_name("provinces/48/reservations/r");
  *reservation.mutable_account() = BalanceOf(0, 0, 0, 0).account();
  reservation.set_amount_vnd(100);
  reservation.set_owner("provinces/48/supportCases/c");
  *reservation.mutable_expire_on() = Day(2023, 12, 31);
  reservation.set_state(state);
  return reservation;
}

TEST(CommitTest, ActiveReservationsToTheirLastDay) {
  struct {
    v1::Reservation::State state;
    int64_t amount;
    google::type::Date acted_on;
    const char* reason;
    size_t postings;
  } rows[] = {
      {v1::Reservation::STATE_ACTIVE, 1, Day(2023, 6, 1), "OK", 2},
      {v1::Reservation::STATE_ACTIVE, 100, Day(2023, 6, 1), "OK", 1},
      {v1::Reservation::STATE_ACTIVE, 101, Day(2023, 6, 1), "EXCEEDS_RESERVED", 0},
      {v1::Reservation::STATE_ACTIVE, 100, Day(2023, 12, 31), "OK", 1},
      {v1::Reservation::STATE_ACTIVE, 100, Day(2024, 1, 1), "RESERVATION_EXPIRED", 0},
      {v1::Reservation::STATE_ACTIVE, 101, Day(2024, 1, 1), "RESERVATION_EXPIRED", 0},
      {v1::Reservation::STATE_COMMITTED, 100, Day(2023, 6, 1), "RESERVATION_STATE", 0},
      {v1::Reservation::STATE_RELEASED, 100, Day(2023, 6, 1), "RESERVATION_STATE", 0},
      {v1::Reservation::STATE_EXPIRED, 100, Day(2024, 6, 1), "RESERVATION_STATE", 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(v1::Reservation::State_Name(row.state), " ", row.amount));
    v1::CommitReservationRequest request;
    request.set_amount_vnd(row.amount);
    *request.mutable_acted_on() = row.acted_on;
    const auto committed = CommitReservation(ReservationOf(row.state), request);
    EXPECT_EQ(Reason(committed), row.reason);
    if (!committed.ok()) continue;
    EXPECT_EQ(committed->postings.size(), row.postings) << "what is not committed goes back";
    EXPECT_EQ(committed->commitment.amount_vnd(), row.amount);
    EXPECT_EQ(committed->commitment.state(), v1::Commitment::STATE_OPEN);
    EXPECT_EQ(committed->reservation.state(), v1::Reservation::STATE_COMMITTED);
  }
}

TEST(EndingTest, OneTerminalEntryForEachReservation) {
  for (int state = v1::Reservation::STATE_ACTIVE; state <= v1::Reservation::STATE_EXPIRED;
       ++state) {
    const auto reservation = ReservationOf(static_cast<v1::Reservation::State>(state));
    const char* reason = state == v1::Reservation::STATE_ACTIVE ? "OK" : "RESERVATION_STATE";
    EXPECT_EQ(Reason(ReleaseReservation(reservation, Day(2023, 5, 10))), reason) << state;
    EXPECT_EQ(Reason(ExpireReservation(reservation)), reason) << state;
  }
}

TEST(EndingTest, AReleasedCommitmentGivesBackWhatIsUnpaid) {
  v1::Commitment commitment;
  commitment.set_amount_vnd(100);
  commitment.set_paid_vnd(30);
  commitment.set_state(v1::Commitment::STATE_OPEN);
  ASSERT_OK_AND_ASSIGN(const auto moved, ReleaseCommitment(commitment, Day(2023, 12, 20)));
  EXPECT_EQ(moved.postings.at(0).amount_vnd, 70);
  EXPECT_EQ(moved.resource.released_vnd(), 70);
  EXPECT_EQ(UnpaidVnd(moved.resource), 0);
  EXPECT_EQ(Reason(ReleaseCommitment(moved.resource, Day(2023, 12, 20))), "COMMITMENT_STATE");
}

TEST(LineTest, SourcesAreTheRowsOrThoseAboveOrBelow) {
  const FundingSources sources = {
      {"ST_TASK", {"", false}}, {"ST_RECURRENT", {"", false}}, {"INTEGRATED", {"", true}}};
  v1::Plan plan;
  auto add = [&](const char* id, const char* parent, v1::AnnexRow::Level level,
                 const char* source) {
    v1::AnnexRow* row = plan.mutable_annex()->add_rows();
    row->set_row_id(id);
    row->set_parent_row_id(parent);
    row->set_level(level);
    if (*source != 0) row->add_funding_sources(source);
  };
  add("S", "", v1::AnnexRow::LEVEL_SECTION, "ST_TASK");
  add("S-1", "S", v1::AnnexRow::LEVEL_LINE, "");
  add("S-2", "S", v1::AnnexRow::LEVEL_LINE, "ST_RECURRENT");
  add("S-3", "S", v1::AnnexRow::LEVEL_LINE, "INTEGRATED");
  add("L", "", v1::AnnexRow::LEVEL_LINE, "");
  add("L.1", "L", v1::AnnexRow::LEVEL_ITEM, "ST_RECURRENT");
  add("M", "", v1::AnnexRow::LEVEL_LINE, "");
  struct {
    const char* line;
    const char* source;
    bool takes;
  } rows[] = {
      {"S-1", "ST_TASK", true},  {"S-1", "ST_RECURRENT", false}, {"S-2", "ST_RECURRENT", true},
      {"S-2", "ST_TASK", false}, {"S-3", "INTEGRATED", false},   {"L", "ST_RECURRENT", true},
      {"L", "ST_TASK", false},   {"M", "ST_TASK", true},         {"M", "LOTTERY", false}};
  for (const auto& row : rows) {
    const v1::AnnexRow* line = FindLine(plan, row.line);
    ASSERT_NE(line, nullptr) << row.line;
    EXPECT_EQ(LineTakesSource(plan, *line, row.source, sources), row.takes)
        << row.line << " " << row.source;
  }
  EXPECT_EQ(FindLine(plan, "S"), nullptr) << "money is kept by lines only";
  EXPECT_EQ(FindLine(plan, "L.1"), nullptr);
}

TEST(LineTest, APlannedFigureIsTheSumOfTheCountingRows) {
  v1::Plan plan;
  auto add = [&](const char* id, const char* parent, v1::AnnexRow::Part part, int64_t amount) {
    v1::AnnexRow* row = plan.mutable_annex()->add_rows();
    row->set_row_id(id);
    row->set_parent_row_id(parent);
    row->set_level(*parent == 0 ? v1::AnnexRow::LEVEL_LINE : v1::AnnexRow::LEVEL_ITEM);
    row->set_part(part);
    if (amount == 0) return;
    row->add_cells()->set_year(2023);
    row->mutable_cells(0)->mutable_printed()->set_amount_vnd(amount);
  };
  add("A", "", v1::AnnexRow::PART_COUNTING, 7);
  add("B", "", v1::AnnexRow::PART_SUBTOTAL, 100);  // misprinted: its items come to 30
  add("B.1", "B", v1::AnnexRow::PART_COUNTING, 10);
  add("B.2", "B", v1::AnnexRow::PART_COUNTING, 20);
  add("B.2.u", "B.2", v1::AnnexRow::PART_BREAKDOWN, 5);
  add("C", "", v1::AnnexRow::PART_BLANK, 0);  // a heading without a figure of its own
  add("C.1", "C", v1::AnnexRow::PART_COUNTING, 3);
  struct {
    const char* line;
    int32_t year;
    int64_t planned;
  } rows[] = {{"A", 2023, 7}, {"A", 2024, 0}, {"B", 2023, 30}, {"C", 2023, 3}};
  for (const auto& row : rows) {
    EXPECT_EQ(PlannedVnd(plan, *FindLine(plan, row.line), row.year), row.planned) << row.line;
  }
}

// Every act on a commitment and a reservation by its day: the same day is in order.
TEST(DaysTest, NoActIsBeforeTheOneBeforeIt) {
  v1::Reservation reservation;
  reservation.set_state(v1::Reservation::STATE_ACTIVE);
  reservation.set_amount_vnd(10);
  *reservation.mutable_acted_on() = Day(2023, 5, 5);
  *reservation.mutable_expire_on() = Day(2023, 12, 31);
  v1::Commitment commitment;
  commitment.set_state(v1::Commitment::STATE_OPEN);
  commitment.set_amount_vnd(10);
  *commitment.mutable_acted_on() = Day(2023, 5, 15);
  v1::Commitment paid = commitment;
  paid.set_paid_vnd(4);
  *paid.mutable_last_paid_on() = Day(2023, 9, 5);
  const auto commit = [&](const google::type::Date& day) {
    v1::CommitReservationRequest request;
    request.set_amount_vnd(10);
    *request.mutable_acted_on() = day;
    return CommitReservation(reservation, request).status();
  };
  const auto hold = [](const google::type::Date& day, const google::type::Date& last_day) {
    v1::Reservation asked;
    asked.set_amount_vnd(1);
    asked.mutable_account()->set_budget_year(2023);
    *asked.mutable_acted_on() = day;
    if (last_day.year() != 0) *asked.mutable_expire_on() = last_day;
    return Reserve(BalanceOf(10, 0, 0, 0), asked).status();
  };
  struct {
    const char* name;
    absl::Status status;
    const char* earlier_act;  // "" where the act is in order
  } rows[] = {
      {"hold on its last day", hold(Day(2023, 6, 30), Day(2023, 6, 30)), ""},
      {"hold after its last day", hold(Day(2023, 7, 1), Day(2023, 6, 30)), "reserve"},
      {"hold on the last day of the year", hold(Day(2023, 12, 31), {}), ""},
      {"hold for a year that is over", hold(Day(2024, 1, 1), {}), "reserve"},
      {"commit on the day of the hold", commit(Day(2023, 5, 5)), ""},
      {"commit before the hold", commit(Day(2023, 5, 4)), "reserve"},
      {"release on the day of the hold", ReleaseReservation(reservation, Day(2023, 5, 5)).status(),
       ""},
      {"release before the hold", ReleaseReservation(reservation, Day(2023, 5, 4)).status(),
       "reserve"},
      {"give back on the day of the commitment",
       ReleaseCommitment(commitment, Day(2023, 5, 15)).status(), ""},
      {"give back before the commitment", ReleaseCommitment(commitment, Day(2023, 5, 14)).status(),
       "commit"},
      {"give back on the day of the payment", ReleaseCommitment(paid, Day(2023, 9, 5)).status(),
       ""},
      {"give back before the payment", ReleaseCommitment(paid, Day(2023, 9, 4)).status(), "pay"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(status::MetadataOf(row.status, "earlier_act"), row.earlier_act);
    EXPECT_EQ(status::ReasonOf(row.status), *row.earlier_act == 0 ? "" : "DATE_ORDER");
  }
}

}  // namespace
}  // namespace nscl::budgeting::domain
