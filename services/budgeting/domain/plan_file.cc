#include "services/budgeting/domain/plan_file.h"

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/money/printed.h"
#include "common/resource/mask.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/text/clean.h"
#include "common/time/budget_year.h"
#include "common/time/legal_date.h"
#include "services/budgeting/domain/annex_sums.h"

namespace nscl::budgeting::domain {
namespace {

using status::Violations;

constexpr int kMaxTitle = 1'000;       // characters
constexpr int kMaxText = 10'000;       // characters of any printed text
constexpr int kMaxPrintedAmount = 40;  // characters
constexpr int kMaxRowId = 32;          // characters

bool CheckLength(Violations& v, const std::string& path, absl::string_view text, int max) {
  return v.Check(text::CountChars(text) <= static_cast<size_t>(max), path, "TEXT_LENGTH",
                 absl::StrCat("at most ", max, " characters"),
                 absl::StrCat("tối đa ", max, " ký tự"));
}

// Every text of the plan, at any depth, in NFC and free of characters that no paper prints.
void CleanTexts(Violations& v, const std::string& path, google::protobuf::Message* message) {
  const text::TextRule rule{.max_chars = kMaxText, .multiline = true};
  const google::protobuf::Reflection& fields = *message->GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> set;
  fields.ListFields(*message, &set);
  for (const google::protobuf::FieldDescriptor* field : set) {
    const std::string field_path = absl::StrCat(path, ".", field->name());
    const int size = field->is_repeated() ? fields.FieldSize(*message, field) : 1;
    for (int i = 0; i < size; ++i) {
      const std::string place =
          field->is_repeated() ? absl::StrCat(field_path, "[", i, "]") : field_path;
      if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
        CleanTexts(v, place,
                   field->is_repeated() ? fields.MutableRepeatedMessage(message, field, i)
                                        : fields.MutableMessage(message, field));
      } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
        std::string text = field->is_repeated() ? fields.GetRepeatedString(*message, field, i)
                                                : fields.GetString(*message, field);
        if (!text::CleanField(v, place, &text, rule)) continue;
        if (field->is_repeated()) {
          fields.SetRepeatedString(message, field, i, text);
        } else {
          fields.SetString(message, field, text);
        }
      }
    }
  }
}

bool CheckGiven(Violations& v, const std::string& path, bool given) {
  return v.Check(given, path, "FIELD_REQUIRED", "must be given", "bắt buộc");
}

// Ids travel in resource names: ASCII letters, digits, "-" and ".".
bool IsRowId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxRowId) return false;
  for (char c : id) {
    if (!absl::ascii_isalnum(c) && c != '-' && c != '.') return false;
  }
  return id != "." && id != ".." && id != "-";
}

// Reads a printed amount into its đồng.
void ReadAmount(Violations& v, const std::string& path, int64_t vnd_per_unit,
                v1::PrintedAmount& amount) {
  const std::string text_path = absl::StrCat(path, ".text");
  if (!CheckLength(v, text_path, amount.text(), kMaxPrintedAmount)) return;
  if (vnd_per_unit == 0) return;  // the unit is refused already
  absl::StatusOr<int64_t> vnd = money::ParseVnd(amount.text(), vnd_per_unit);
  if (!vnd.ok()) {
    v.Add(text_path, status::ReasonOf(vnd.status()), vnd.status().message(),
          status::LocalizedMessageOf(vnd.status()));
    return;
  }
  amount.set_amount_vnd(*vnd);
}

// Cells of a row or of the total: one for each year of the annex, each with a figure or a reason.
void ReadCells(Violations& v, const std::string& path, const absl::flat_hash_set<int32_t>& years,
               int64_t vnd_per_unit, google::protobuf::RepeatedPtrField<v1::AnnexCell>& cells) {
  absl::flat_hash_set<int32_t> seen;
  for (int i = 0; i < cells.size(); ++i) {
    v1::AnnexCell& cell = cells[i];
    const std::string cell_path = absl::StrCat(path, ".cells[", i, "]");
    v.Check(years.contains(cell.year()), absl::StrCat(cell_path, ".year"), "CELL_YEAR",
            absl::StrCat("the annex has no column ", cell.year()),
            absl::StrCat("phụ lục không có cột năm ", cell.year()));
    v.Check(seen.insert(cell.year()).second, absl::StrCat(cell_path, ".year"), "CELL_YEAR",
            absl::StrCat("a second cell of ", cell.year()),
            absl::StrCat("năm ", cell.year(), " có hai ô"));
    if (cell.has_printed()) {
      ReadAmount(v, absl::StrCat(cell_path, ".printed"), vnd_per_unit, *cell.mutable_printed());
      v.Check(cell.absence_reason() == v1::ABSENCE_REASON_UNSPECIFIED,
              absl::StrCat(cell_path, ".absence_reason"), "ABSENCE_REASON",
              "a cell with a figure has none", "ô có số liệu thì không có lý do để trống");
    } else {
      v.Check(cell.absence_reason() != v1::ABSENCE_REASON_UNSPECIFIED &&
                  v1::AbsenceReason_IsValid(cell.absence_reason()),
              absl::StrCat(cell_path, ".absence_reason"), "ABSENCE_REASON",
              "a blank cell needs its reason: a blank is not a zero",
              "ô trống phải có lý do: trống không phải là 0");
    }
  }
  if (cells.empty()) return;
  for (int32_t year : years) {
    v.Check(seen.contains(year), absl::StrCat(path, ".cells"), "CELL_YEAR",
            absl::StrCat("no cell of ", year, ": a blank needs its reason"),
            absl::StrCat("thiếu ô năm ", year, ": ô trống phải có lý do"));
  }
}

// Where a row may stand: sections and lines in sections only, all else within a line.
bool LevelFits(v1::AnnexRow::Level level, const v1::AnnexRow* parent, bool within_line) {
  switch (level) {
    case v1::AnnexRow::LEVEL_SECTION:
    case v1::AnnexRow::LEVEL_LINE:
      return parent == nullptr || parent->level() == v1::AnnexRow::LEVEL_SECTION;
    case v1::AnnexRow::LEVEL_GROUP:
    case v1::AnnexRow::LEVEL_ITEM:
      return within_line;
    default:
      return false;
  }
}

class RowReader {
 public:
  RowReader(Violations& v, v1::Annex& annex, const FundingSources& sources)
      : v_(v),
        annex_(annex),
        sources_(sources),
        vnd_per_unit_(VndPerUnit(annex.money_unit())),
        years_(annex.years().begin(), annex.years().end()) {}

  void ReadAll() {
    for (int i = 0; i < annex_.rows_size(); ++i) all_ids_.insert(annex_.rows(i).row_id());
    for (int i = 0; i < annex_.rows_size(); ++i) {
      if (!annex_.rows(i).parent_row_id().empty()) parents_.insert(annex_.rows(i).parent_row_id());
    }
    for (int i = 0; i < annex_.rows_size(); ++i) Read(i);
    if (annex_.has_total()) ReadTotal();
  }

 private:
  void Read(int index) {
    v1::AnnexRow& row = *annex_.mutable_rows(index);
    const std::string path = absl::StrCat("plan.annex.rows[", index, "]");
    ReadPlace(path, index, row);
    ReadTexts(path, row);
    ReadCells(v_, path, years_, vnd_per_unit_, *row.mutable_cells());
    if (row.has_total())
      ReadAmount(v_, absl::StrCat(path, ".total"), vnd_per_unit_, *row.mutable_total());
    v_.Check(!row.cells().empty() || row.has_total() || parents_.contains(row.row_id()),
             absl::StrCat(path, ".cells"), "ABSENCE_REASON",
             "a row without rows below needs its cells; a blank needs its reason",
             "dòng không có dòng con phải có các ô; ô trống phải có lý do");
    if (row.has_unit_price()) {
      ReadAmount(v_, absl::StrCat(path, ".unit_price"), vnd_per_unit_, *row.mutable_unit_price());
    }
    ReadQuantity(path, row);
    for (int i = 0; i < row.funding_sources_size(); ++i) {
      v_.Check(IsKnown(sources_, row.funding_sources(i)),
               absl::StrCat(path, ".funding_sources[", i, "]"), "FUNDING_SOURCE",
               absl::StrCat("unknown source ", row.funding_sources(i)),
               absl::StrCat("không có nguồn kinh phí ", row.funding_sources(i)));
    }
    for (int i = 0; i < row.label_factors_size(); ++i) {
      v_.Check(row.label_factors(i) >= 1, absl::StrCat(path, ".label_factors[", i, "]"),
               "PRINTED_NUMBER", "must be at least 1", "phải từ 1");
    }
  }

  void ReadPlace(const std::string& path, int index, const v1::AnnexRow& row) {
    v_.Check(IsRowId(row.row_id()), absl::StrCat(path, ".row_id"), "ROW_ID",
             "must be 1 to 32 letters, digits, `-` or `.`",
             "gồm 1 đến 32 chữ cái, chữ số, `-` hoặc `.`");
    const v1::AnnexRow* parent = nullptr;
    bool within_line = false;
    bool parent_ok = true;
    if (!row.parent_row_id().empty()) {
      auto above = before_.find(row.parent_row_id());
      parent_ok = above != before_.end();
      if (parent_ok) {
        parent = &annex_.rows(above->second);
        within_line = within_line_[above->second];
      } else {
        AddParentFault(path, row.parent_row_id());
      }
    }
    within_line_[index] = within_line || row.level() == v1::AnnexRow::LEVEL_LINE;
    v_.Check(before_.emplace(row.row_id(), index).second, absl::StrCat(path, ".row_id"), "ROW_ID",
             absl::StrCat("row id ", row.row_id(), " is used twice"),
             absl::StrCat("mã dòng ", row.row_id(), " bị trùng"));
    if (!parent_ok) return;
    v_.Check(LevelFits(row.level(), parent, within_line), absl::StrCat(path, ".level"), "ROW_LEVEL",
             "sections and lines stand at the top or in a section, groups and items within a line",
             "mục và dòng dự toán đứng đầu hoặc trong mục; nhóm và khoản chi đứng trong một dòng "
             "dự toán");
  }

  void AddParentFault(const std::string& path, const std::string& parent) {
    const bool known = all_ids_.contains(parent);
    v_.Add(absl::StrCat(path, ".parent_row_id"), "ROW_PARENT",
           known ? absl::StrCat("row ", parent, " must stand before the rows below it")
                 : absl::StrCat("there is no row ", parent),
           known ? absl::StrCat("dòng ", parent, " phải đứng trước các dòng con")
                 : absl::StrCat("không có dòng ", parent));
  }

  void ReadTexts(const std::string& path, const v1::AnnexRow& row) {
    CheckLength(v_, absl::StrCat(path, ".label"), row.label(), kMaxText);
    CheckLength(v_, absl::StrCat(path, ".note"), row.note(), kMaxText);
    CheckLength(v_, absl::StrCat(path, ".lead_unit"), row.lead_unit(), kMaxTitle);
    CheckLength(v_, absl::StrCat(path, ".unit"), row.unit(), kMaxTitle);
    CheckLength(v_, absl::StrCat(path, ".order_text"), row.order_text(), kMaxPrintedAmount);
  }

  void ReadQuantity(const std::string& path, v1::AnnexRow& row) {
    if (row.quantity_text().empty()) return;
    const std::string text_path = absl::StrCat(path, ".quantity_text");
    if (!CheckLength(v_, text_path, row.quantity_text(), kMaxPrintedAmount)) return;
    absl::StatusOr<int64_t> quantity = money::ParseThousandths(row.quantity_text());
    if (!quantity.ok()) {
      v_.Add(text_path, status::ReasonOf(quantity.status()), quantity.status().message(),
             status::LocalizedMessageOf(quantity.status()));
      return;
    }
    row.set_quantity_thousandths(*quantity);
  }

  void ReadTotal() {
    v1::AnnexTotal& total = *annex_.mutable_total();
    ReadCells(v_, "plan.annex.total", years_, vnd_per_unit_, *total.mutable_cells());
    if (total.has_total())
      ReadAmount(v_, "plan.annex.total.total", vnd_per_unit_, *total.mutable_total());
  }

  Violations& v_;
  v1::Annex& annex_;
  const FundingSources& sources_;
  const int64_t vnd_per_unit_;
  const absl::flat_hash_set<int32_t> years_;
  absl::flat_hash_set<std::string> all_ids_;
  absl::flat_hash_set<std::string> parents_;
  absl::flat_hash_map<std::string, int> before_;  // row ids seen so far
  absl::flat_hash_map<int, bool> within_line_;    // by row index
};

void ReadAnnex(Violations& v, v1::Plan& plan, const FundingSources& sources) {
  v1::Annex& annex = *plan.mutable_annex();
  v.Check(VndPerUnit(annex.money_unit()) != 0, "plan.annex.money_unit", "ENUM_VALUE",
          "unknown unit of money", "đơn vị tiền không hợp lệ");
  v.Check(annex.rows_size() <= kMaxAnnexRows, "plan.annex.rows", "LIST_LENGTH",
          absl::StrCat("at most ", kMaxAnnexRows, " rows"),
          absl::StrCat("tối đa ", kMaxAnnexRows, " dòng"));
  CheckLength(v, "plan.annex.caption", annex.caption(), kMaxText);
  CheckGiven(v, "plan.annex.years", annex.rows().empty() || !annex.years().empty());
  for (int i = 0; i < annex.years_size(); ++i) {
    const std::string path = absl::StrCat("plan.annex.years[", i, "]");
    const int32_t year = annex.years(i);
    if (!time::CheckBudgetYear(v, path, year)) continue;
    v.Check(year >= plan.first_year() && year <= plan.last_year(), path, "YEAR_RANGE",
            absl::StrCat(year, " is not a year of the plan"),
            absl::StrCat("năm ", year, " ngoài thời kỳ kế hoạch"));
    v.Check(i == 0 || annex.years(i - 1) < year, path, "YEAR_RANGE", "years must ascend",
            "các năm phải tăng dần");
  }
  if (annex.rows_size() <= kMaxAnnexRows) RowReader(v, annex, sources).ReadAll();
}

void ReadHeader(Violations& v, const v1::Plan& plan) {
  CheckGiven(v, "plan.title", !plan.title().empty());
  CheckLength(v, "plan.title", plan.title(), kMaxTitle);
  CheckGiven(v, "plan.programme", !plan.programme().empty());
  CheckLength(v, "plan.programme", plan.programme(), kMaxPrintedAmount);
  v.Check(plan.kind() == v1::Plan::KIND_PERIOD || plan.kind() == v1::Plan::KIND_ANNUAL, "plan.kind",
          "ENUM_VALUE", "must be KIND_PERIOD or KIND_ANNUAL",
          "phải là kế hoạch giai đoạn hoặc kế hoạch năm");
  const bool years = time::CheckBudgetYear(v, "plan.first_year", plan.first_year()) &&
                     time::CheckBudgetYear(v, "plan.last_year", plan.last_year());
  if (years) {
    v.Check(plan.first_year() <= plan.last_year(), "plan.last_year", "YEAR_RANGE",
            "must not be before the first year", "không được trước năm đầu");
    v.Check(plan.kind() != v1::Plan::KIND_ANNUAL || plan.first_year() == plan.last_year(),
            "plan.last_year", "YEAR_RANGE", "a plan of one year has one year",
            "kế hoạch năm chỉ có một năm");
  }
  CheckGiven(v, "plan.document", plan.has_document());
  v.Check(!plan.document().has_issue_date() || time::ToCivilDay(plan.document().issue_date()).ok(),
          "plan.document.issue_date", "DATE",
          "must be a full date; a date not printed in full is left out",
          "phải là ngày đầy đủ; ngày in thiếu thì để trống");
  CheckLength(v, "plan.document.number", plan.document().number(), 100);
  CheckLength(v, "plan.document.issue_date_text", plan.document().issue_date_text(), 100);
  CheckLength(v, "plan.document.issuer", plan.document().issuer(), kMaxTitle);
  CheckLength(v, "plan.document.signing_capacity", plan.document().signing_capacity(), kMaxTitle);
}

void CheckListLengths(Violations& v, const v1::Plan& plan) {
  struct {
    const char* path;
    int size;
  } const lists[] = {{"plan.general_aims", plan.general_aims_size()},
                     {"plan.tasks", plan.tasks_size()},
                     {"plan.targets", plan.targets_size()},
                     {"plan.organisations", plan.organisations_size()}};
  for (const auto& list : lists) {
    v.Check(list.size <= kMaxPlanEntries, list.path, "LIST_LENGTH",
            absl::StrCat("at most ", kMaxPlanEntries), absl::StrCat("tối đa ", kMaxPlanEntries));
  }
}

void CheckTargets(Violations& v, const v1::Plan& plan) {
  absl::flat_hash_set<std::string> ids;
  for (int i = 0; i < plan.targets_size(); ++i) {
    const v1::PlanTarget& target = plan.targets(i);
    const std::string path = absl::StrCat("plan.targets[", i, "]");
    CheckGiven(v, absl::StrCat(path, ".target_id"), !target.target_id().empty());
    v.Check(ids.insert(target.target_id()).second, absl::StrCat(path, ".target_id"), "TARGET_ID",
            absl::StrCat("target id ", target.target_id(), " is used twice"),
            absl::StrCat("mã chỉ tiêu ", target.target_id(), " bị trùng"));
    CheckGiven(v, absl::StrCat(path, ".metric"), !target.metric().empty());
    v.Check(target.operator_() != v1::PlanTarget::OPERATOR_UNSPECIFIED &&
                v1::PlanTarget::Operator_IsValid(target.operator_()),
            absl::StrCat(path, ".operator"), "ENUM_VALUE", "unknown operator",
            "phép so sánh không hợp lệ");
    v.Check((target.operator_() == v1::PlanTarget::OPERATOR_RANGE) ==
                target.has_upper_value_thousandths(),
            absl::StrCat(path, ".upper_value_thousandths"), "FIELD_REQUIRED",
            "goes with OPERATOR_RANGE, and only with it", "chỉ dùng cho khoảng giá trị");
    if (target.has_upper_value_thousandths()) {
      v.Check(target.value_thousandths() <= target.upper_value_thousandths(),
              absl::StrCat(path, ".upper_value_thousandths"), "PRINTED_NUMBER",
              "must not be below the value", "không được nhỏ hơn giá trị dưới");
    }
    time::CheckBudgetYear(v, absl::StrCat(path, ".first_year"), target.first_year());
    time::CheckBudgetYear(v, absl::StrCat(path, ".last_year"), target.last_year());
    v.Check(target.first_year() <= target.last_year(), absl::StrCat(path, ".last_year"),
            "YEAR_RANGE", "must not be before the first year", "không được trước năm đầu");
  }
}

}  // namespace

absl::StatusOr<v1::Plan> ReadPlanFile(v1::Plan plan, const FundingSources& sources) {
  Violations v;
  // Before the server's own fields are filled in below.
  v.AddAll(resource::CheckOutputOnly(plan, "plan"), "");
  CleanTexts(v, "plan", &plan);
  ReadHeader(v, plan);
  CheckListLengths(v, plan);
  CheckTargets(v, plan);
  if (plan.has_annex()) ReadAnnex(v, plan, sources);
  RETURN_IF_ERROR(v.ToStatus());
  return plan;
}

}  // namespace nscl::budgeting::domain
