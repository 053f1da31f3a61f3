#include "services/casework/domain/answer.h"

#include "absl/strings/str_cat.h"

namespace nscl::casework::domain {

v1::Refusal ReservationExpired(absl::string_view reservation) {
  v1::Refusal refusal;
  refusal.set_reason("RESERVATION_EXPIRED");
  refusal.set_message(absl::StrCat("the reservation ", reservation, " expired without a contract"));
  refusal.set_localized_message("kinh phí giữ cho hồ sơ đã hết hạn khi chưa ký hợp đồng");
  return refusal;
}

}  // namespace nscl::casework::domain
