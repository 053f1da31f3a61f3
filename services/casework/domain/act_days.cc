#include "services/casework/domain/act_days.h"

#include <optional>
#include <string>

#include "common/status/status_macros.h"
#include "common/time/act_order.h"

namespace nscl::casework::domain {
namespace {

using time::DatedAct;

// Acts as people call them, after "ngày".
constexpr struct {
  absl::string_view act, vi;
} kActs[] = {
    {"received", "tiếp nhận nhu cầu"},
    {"submitted", "nộp hồ sơ"},
    {"returned", "trả lại hồ sơ"},
    {"resubmitted", "nộp lại hồ sơ"},
    {"dossierAccepted", "chấp nhận hồ sơ"},
    {"surveyed", "khảo sát"},
    {"foundEligible", "quyết định đủ điều kiện"},
    {"foundIneligible", "quyết định không đủ điều kiện"},
    {"outlineSubmitted", "lập đề cương, dự toán"},
    {"revisionRequested", "yêu cầu chỉnh sửa"},
    {"appraised", "thẩm định dự toán"},
    {"selected", "họp hội đồng tuyển chọn"},
    {"rejected", "hội đồng từ chối"},
    {"approvalDecided", "quyết định phê duyệt"},
    {"contractSigned", "ký hợp đồng"},
    {"started", "bắt đầu thực hiện"},
    {"progressReported", "báo cáo tiến độ"},
    {"delivered", "giao kết quả"},
    {"accepted", "nghiệm thu"},
    {"paid", "thanh toán gần nhất"},
    {"liquidated", "thanh lý hợp đồng"},
    {"settled", "quyết toán"},
    {"withdrawn", "rút hồ sơ"},
    {"estimated", "lập dự toán"},
    {"opened", "khai mạc"},
    {"held", "hoàn thành"},
    {"cancelled", "hủy"},
};

DatedAct ActOn(absl::string_view act, const google::type::Date& day) {
  DatedAct dated{std::string(act), std::string(act),
                 absl::CivilDay(day.year(), day.month(), day.day())};
  for (const auto& row : kActs) {
    if (row.act == act) dated.vi = std::string(row.vi);
  }
  return dated;
}

bool Ends(absl::string_view act) {
  return act == "liquidated" || act == "settled" || act == "cancelled";
}

template <typename M>
std::optional<DatedAct> LatestOf(const M& resource) {
  std::optional<DatedAct> latest;
  for (const v1::Act& row : resource.acts()) {
    if (row.undone()) continue;
    DatedAct act = ActOn(row.act(), row.acted_on());
    if (!latest.has_value() || latest->day <= act.day) latest = std::move(act);
  }
  return latest;
}

template <typename M>
absl::Status CheckNewActs(std::optional<DatedAct> latest, const M& before, const M& next,
                          absl::CivilDay today) {
  for (int i = before.acts_size(); i < next.acts_size(); ++i) {
    DatedAct act = ActOn(next.acts(i).act(), next.acts(i).acted_on());
    if (latest.has_value()) RETURN_IF_ERROR(CheckOrder(*latest, act));
    if (Ends(act.act) && next.has_last_paid_on()) {
      RETURN_IF_ERROR(CheckOrder(ActOn("paid", next.last_paid_on()), act));
    }
    RETURN_IF_ERROR(CheckNotAfterToday(act, today));
    latest = std::move(act);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckReceived(const v1::SupportCase& asked, absl::CivilDay today) {
  return CheckNotAfterToday(ActOn("received", asked.received_on()), today);
}

absl::Status CheckActDays(const v1::SupportCase& before, const v1::SupportCase& next,
                          absl::CivilDay today) {
  std::optional<DatedAct> latest = LatestOf(before);
  if (!latest.has_value()) latest = ActOn("received", before.received_on());
  return CheckNewActs(std::move(latest), before, next, today);
}

absl::Status CheckActDays(const v1::Activity& before, const v1::Activity& next,
                          absl::CivilDay today) {
  std::optional<DatedAct> latest = LatestOf(before);
  const bool opens =
      before.state() == v1::Activity::STATE_APPROVED && next.state() == v1::Activity::STATE_OPEN;
  if (opens && latest.has_value()) {
    RETURN_IF_ERROR(CheckOrder(*latest, ActOn("opened", next.first_day())));
  }
  if (next.state() == v1::Activity::STATE_HELD && before.has_first_day()) {
    latest = ActOn("opened", before.first_day());
  }
  return CheckNewActs(std::move(latest), before, next, today);
}

}  // namespace nscl::casework::domain
