#include "tests/crash/clients.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "services/tools/demo/stage.h"

namespace nscl::crash {
namespace {

namespace bd = budgeting::v1;

// A tax code of ten digits for each number below ten million for which one exists, else "".
std::string TaxCodeOf(int number) {
  constexpr std::array<int, 9> kWeights = {31, 29, 23, 19, 17, 13, 7, 5, 3};
  const std::string digits = absl::StrCat("04", absl::Dec(number, absl::kZeroPad7));
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
  const int check = 10 - sum % 11;
  return check == 10 ? "" : absl::StrCat(digits, check);
}

class Office : public Client {
 public:
  explicit Office(int number) : next_(number * 100'000) { Next(); }

  std::string caller() const override { return "officer"; }
  bool Rests() const override { return true; }  // a case may stand where it stands

  absl::Status Work(tools::Door& door) override {
    tools::Stage stage(door, options_);
    RETURN_IF_ERROR(tools::PlayEnterprise(stage, enterprise_));
    tools::CasePlot plot{absl::StrCat("c", next_),   enterprise_.id,
                         "MANAGEMENT_SYSTEM",        "ISO 9001:2015",
                         /*total_cost_vnd=*/4'200,
                         /*state_part_vnd=*/3'000,
                         /*rejected=*/next_ % 5 == 4};
    RETURN_IF_ERROR(tools::PlayCase(stage, plot).status());
    Next();
    return absl::OkStatus();
  }

 private:
  void Next() {
    do {
      enterprise_.tax_code = TaxCodeOf(++next_);
    } while (enterprise_.tax_code.empty());
    enterprise_.id = absl::StrCat("e", next_);
    enterprise_.display_name = absl::StrCat("Công ty Minh Họa ", next_);
  }

  const tools::ScenarioOptions options_;
  int next_;
  tools::DemoEnterprise enterprise_ = {"48",
                                       "",
                                       "",
                                       "",
                                       registry::v1::Enterprise::LEGAL_KIND_LLC2,
                                       "C",
                                       2022,
                                       620,
                                       48'000'000'000,
                                       21'000'000'000};
};

class Holder : public Client {
 public:
  explicit Holder(int number) : number_(number) {}

  std::string caller() const override { return "casework"; }
  bool Rests() const override { return !working_; }

  absl::Status Work(tools::Door& door) override {
    working_ = true;
    do {
      RETURN_IF_ERROR(Step(door));
    } while (step_ != 0);
    working_ = false;
    return absl::OkStatus();
  }

 private:
  // The same command again where the last try broke off: the request id is the step's.
  absl::Status Step(tools::Door& door) {
    const std::string id = absl::StrCat("hold-", number_, "-", turn_);
    const std::string name = absl::StrCat(tools::kDaNang, "/reservations/", id);
    const bool commits = turn_ % 2 == 1;
    if (step_ == 0) {
      bd::CreateReservationRequest request;
      request.set_parent(tools::kDaNang);
      request.set_reservation_id(id);
      request.set_request_id(tools::RequestId(absl::StrCat("hold ", id)));
      bd::Reservation& r = *request.mutable_reservation();
      r.mutable_account()->set_plan_line(absl::StrCat(tools::kDaNangPlan, "/lines/IV-1"));
      r.mutable_account()->set_budget_year(tools::kDaNangYear);
      r.mutable_account()->set_funding_source("ST_TASK");
      r.set_amount_vnd(1'000);
      r.set_owner(absl::StrCat(tools::kDaNang, "/supportCases/dn-2023-tpm"));
      *r.mutable_acted_on() = tools::Day(2023, 6, 1);
      RETURN_IF_ERROR(
          door.Call<bd::Reservation>("nscl.budgeting.v1.LedgerService.CreateReservation", request)
              .status());
      step_ = commits ? 1 : 2;
      return absl::OkStatus();
    }
    if (step_ == 1) {
      bd::CommitReservationRequest request;
      request.set_name(name);
      request.set_amount_vnd(600);  // the rest goes back at once
      request.set_contract_number(id);
      *request.mutable_acted_on() = tools::Day(2023, 6, 2);
      request.set_commitment_id(id);
      request.set_request_id(tools::RequestId(absl::StrCat("commit ", id)));
      RETURN_IF_ERROR(
          door.Call<bd::Commitment>("nscl.budgeting.v1.LedgerService.CommitReservation", request)
              .status());
      step_ = 2;
      return absl::OkStatus();
    }
    if (commits) {
      bd::ReleaseCommitmentRequest request;
      request.set_name(absl::StrCat(tools::kDaNang, "/commitments/", id));
      *request.mutable_acted_on() = tools::Day(2023, 6, 3);
      request.set_request_id(tools::RequestId(absl::StrCat("release ", id)));
      RETURN_IF_ERROR(
          door.Call<bd::Commitment>("nscl.budgeting.v1.LedgerService.ReleaseCommitment", request)
              .status());
    } else {
      bd::ReleaseReservationRequest request;
      request.set_name(name);
      *request.mutable_acted_on() = tools::Day(2023, 6, 3);
      request.set_request_id(tools::RequestId(absl::StrCat("release ", id)));
      RETURN_IF_ERROR(
          door.Call<bd::Reservation>("nscl.budgeting.v1.LedgerService.ReleaseReservation", request)
              .status());
    }
    step_ = 0;
    ++turn_;
    return absl::OkStatus();
  }

  const int number_;
  int turn_ = 0;
  bool working_ = false;
  int step_ = 0;  // 0: to be held, 1: to be committed, 2: to be given back
};

}  // namespace

std::unique_ptr<Client> MakeOffice(int number) { return std::make_unique<Office>(number); }
std::unique_ptr<Client> MakeHolder(int number) { return std::make_unique<Holder>(number); }

}  // namespace nscl::crash
