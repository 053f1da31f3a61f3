#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "services/tools/demo/scenario.h"

namespace nscl::tools {
namespace {

namespace bd = budgeting::v1;
namespace rp = reporting::v1;

// 1234567 -> "1.234.567".
std::string Dong(int64_t amount) {
  std::string digits = absl::StrCat(amount), out;
  for (size_t i = 0; i < digits.size(); ++i) {
    size_t left = digits.size() - i;
    if (i > 0 && left % 3 == 0 && digits[i - 1] != '-') out.push_back('.');
    out.push_back(digits[i]);
  }
  return out;
}

std::string Thousandths(int64_t value) {
  return value % 1000 == 0 ? Dong(value / 1000)
                           : absl::StrFormat("%s,%03d", Dong(value / 1000), value % 1000);
}

std::string Day(const google::type::Date& d) {
  return absl::StrFormat("%02d/%02d/%04d", d.day(), d.month(), d.year());
}

// Pads by characters, not bytes, so that accented columns line up.
std::string Pad(absl::string_view text, size_t width, bool right = false) {
  size_t characters = 0;
  std::string cut;
  for (size_t i = 0; i < text.size();) {
    size_t next = i + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    if (characters == width) break;
    absl::StrAppend(&cut, text.substr(i, next - i));
    ++characters;
    i = next;
  }
  std::string fill(width - characters, ' ');
  return right ? absl::StrCat(fill, cut) : absl::StrCat(cut, fill);
}

const char* OperatorSign(bd::PlanTarget::Operator op) {
  switch (op) {
    case bd::PlanTarget::OPERATOR_GE:
      return "≥";
    case bd::PlanTarget::OPERATOR_GT:
      return ">";
    case bd::PlanTarget::OPERATOR_APPROX:
      return "≈";
    default:
      return "=";
  }
}

std::string TargetLine(const rp::TargetResult& row) {
  const bd::PlanTarget& t = row.target();
  std::string wanted =
      absl::StrCat(OperatorSign(t.operator_()), " ", Thousandths(t.value_thousandths()));
  if (t.has_upper_value_thousandths())
    absl::StrAppend(&wanted, "-", Thousandths(t.upper_value_thousandths()));
  absl::StrAppend(&wanted, " ", t.unit());
  std::string year =
      row.has_year_result_thousandths() ? Thousandths(row.year_result_thousandths()) : "-";
  std::string all = row.has_cumulative_result_thousandths()
                        ? Thousandths(row.cumulative_result_thousandths())
                        : "-";
  std::string status(absl::StripPrefix(rp::TargetResult::Status_Name(row.status()), "STATUS_"));
  return absl::StrCat("  ", Pad(t.target_id(), 7), " ", Pad(t.metric(), 30), " ", Pad(wanted, 24),
                      " ", Pad(year, 8, true), " ", Pad(all, 8, true), "  ", status,
                      row.note().empty() ? "" : absl::StrCat(" (", row.note(), ")"), "\n");
}

std::string MoneyLine(const rp::MoneyRow& m, absl::string_view label) {
  std::string line = absl::StrCat("  ", Pad(label, 28));
  absl::StrAppend(&line, " ", Pad(m.has_planned_vnd() ? Dong(m.planned_vnd()) : "-", 15, true));
  for (int64_t v :
       {m.allocated_vnd(), m.reserved_vnd(), m.committed_vnd(), m.paid_vnd(), m.available_vnd()}) {
    absl::StrAppend(&line, " ", Pad(Dong(v), 15, true));
  }
  return line + "\n";
}

std::string MoneyHead() {
  std::string head = absl::StrCat("  ", Pad("", 28));
  for (const char* column : {"kế hoạch", "được giao", "tạm giữ", "cam kết", "đã chi", "còn lại"}) {
    absl::StrAppend(&head, " ", Pad(column, 15, true));
  }
  return head + "\n";
}

std::string States(const google::protobuf::RepeatedPtrField<rp::StateCount>& counts) {
  std::string out;
  for (const rp::StateCount& c : counts)
    absl::StrAppend(&out, out.empty() ? "" : ", ", c.state(), " ", c.count());
  return out.empty() ? "không có" : out;
}

}  // namespace

std::string PrintReport(const rp::Report& r) {
  std::string out =
      absl::StrCat("\nBÁO CÁO NĂM ", r.year(), "  ", r.name(), "\n", r.plan_title(), "\n");
  absl::StrAppend(&out, "\n1. Chỉ tiêu và kết quả", "\n  ", Pad("mã", 7), " ", Pad("chỉ số", 30),
                  " ", Pad("chỉ tiêu", 24), " ", Pad("năm", 8, true), " ", Pad("lũy kế", 8, true),
                  "  trạng thái\n");
  for (const rp::TargetResult& row : r.targets()) absl::StrAppend(&out, TargetLine(row));
  absl::StrAppend(&out, "\n2. Kinh phí theo nguồn (đồng)\n", MoneyHead());
  for (const rp::MoneyRow& m : r.money_by_source())
    absl::StrAppend(&out, MoneyLine(m, m.funding_source()));
  absl::StrAppend(&out, "\n   theo dòng kế hoạch\n");
  for (const rp::MoneyRow& m : r.money()) {
    absl::string_view line = m.plan_line();
    absl::StrAppend(&out, MoneyLine(m, absl::StrCat(line.substr(line.rfind('/') + 1), " ",
                                                    m.funding_source())));
  }
  absl::StrAppend(&out, "\n3. Hồ sơ hỗ trợ theo trạng thái: ", States(r.cases()),
                  "\n   Hoạt động theo trạng thái: ", States(r.activities()),
                  "\n\n4. Phát hiện khi đối chiếu văn bản\n");
  for (const bd::Finding& f : r.findings()) {
    absl::StrAppend(
        &out, "  ", f.status() == bd::Finding::STATUS_OPEN ? "CÒN MỞ    " : "CHẤP NHẬN ",
        Pad(f.rule(), 22), " ", f.place(), ": in ", f.printed(), ", tính ", f.computed(), "\n");
  }
  absl::StrAppend(&out, "\n5. Báo cáo phải nộp\n");
  for (const rp::ObligationRow& row : r.obligations()) {
    const rp::Obligation& o = row.obligation();
    std::string state = o.state() == rp::Obligation::STATE_OPEN
                            ? (row.overdue() ? "CHƯA BÁO CÁO, QUÁ HẠN" : "chưa báo cáo")
                        : o.state() == rp::Obligation::STATE_FILED
                            ? absl::StrCat("đã nộp ", Day(o.filed_on()))
                            : absl::StrCat("nộp muộn ", Day(o.filed_on()));
    absl::StrAppend(&out, "  ", o.strict() ? "trước " : "đến ", Day(o.due_date()), "  ",
                    Pad(o.organisation(), 60), "  ", state,
                    o.default_used() ? " (hạn mặc định)" : "", "\n");
  }
  if (r.notes_size() > 0) absl::StrAppend(&out, "\nGhi chú\n");
  for (const std::string& note : r.notes()) absl::StrAppend(&out, "  - ", note, "\n");
  absl::StrAppend(&out, "\nSố liệu đến:");
  for (const rp::FeedPosition& p : r.as_of())
    absl::StrAppend(&out, " ", p.service(), " ", p.position());
  return out + "\n";
}

}  // namespace nscl::tools
