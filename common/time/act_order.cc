#include "common/time/act_order.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/time/legal_date.h"

namespace nscl::time {

absl::Status CheckOrder(const DatedAct& earlier, const DatedAct& later) {
  if (earlier.day <= later.day) return absl::OkStatus();
  return status::Error(absl::StatusCode::kFailedPrecondition, "DATE_ORDER")
      .Meta("act", later.act)
      .Meta("acted_on", FormatIsoDate(later.day))
      .Meta("earlier_act", earlier.act)
      .Meta("earlier_acted_on", FormatIsoDate(earlier.day))
      .Precondition("DATE_ORDER", later.act,
                    absl::StrCat("not before ", FormatIsoDate(earlier.day)))
      .En("`", later.act, "` is dated ", FormatIsoDate(later.day), ", before `", earlier.act,
          "` of ", FormatIsoDate(earlier.day))
      .Vi("ngày ", later.vi, " (", FormatDate(later.day), ") không được trước ngày ", earlier.vi,
          " (", FormatDate(earlier.day), ")");
}

absl::Status CheckNotAfterToday(const DatedAct& act, absl::CivilDay today) {
  if (act.day <= today) return absl::OkStatus();
  return status::Error(absl::StatusCode::kFailedPrecondition, "DATE_ORDER")
      .Meta("act", act.act)
      .Meta("acted_on", FormatIsoDate(act.day))
      .Meta("today", FormatIsoDate(today))
      .Precondition("DATE_ORDER", act.act, absl::StrCat("not after ", FormatIsoDate(today)))
      .En("`", act.act, "` is dated ", FormatIsoDate(act.day), ", after today, ",
          FormatIsoDate(today))
      .Vi("ngày ", act.vi, " (", FormatDate(act.day), ") không được sau hôm nay (",
          FormatDate(today), ")");
}

}  // namespace nscl::time
