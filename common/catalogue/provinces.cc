#include "common/catalogue/provinces.h"

#include <algorithm>

#include "common/resource/name.h"
#include "common/status/status_macros.h"

namespace nscl::catalogue {
namespace {

constexpr char kFile[] = "provinces.json";
// No province has as many communes.
constexpr int64_t kMaxCommunes = 1'000;

}  // namespace

absl::StatusOr<Provinces> Provinces::Load(absl::string_view dir) {
  ASSIGN_OR_RETURN(std::string text, ReadFile(dir, kFile));
  return Parse(text);
}

absl::StatusOr<Provinces> Provinces::Parse(absl::string_view text) {
  Provinces provinces;
  RETURN_IF_ERROR(ReadRowsOf(text, kFile, [&](Row& row) {
    Province province;
    province.code = row.Text("code");
    if (!resource::IsProvinceCode(province.code)) row.Fault("code", "is not two digits");
    province.name = row.Text("name");
    province.communes = row.OptionalWhole("communes", 1, kMaxCommunes);
    province.predecessors = row.Texts("predecessors");
    province.successor = row.OptionalText("successor");
    province.basis = row.ReadBasis();
    if (!province.successor.empty() && !province.basis.valid_to.has_value()) {
      row.Fault("valid_to", "is missing where there is a successor");
    }
    provinces.rows_.push_back(std::move(province));
  }));
  RETURN_IF_ERROR(CheckNoOverlap(kFile, provinces.rows_, [](const Province& p) { return p.code; }));
  std::stable_sort(provinces.rows_.begin(), provinces.rows_.end(),
                   [](const Province& a, const Province& b) {
                     if (a.code != b.code) return a.code < b.code;
                     return a.basis.valid_from.value_or(absl::CivilDay::min()) <
                            b.basis.valid_from.value_or(absl::CivilDay::min());
                   });
  return provinces;
}

const Province* Provinces::Newest(absl::string_view code) const {
  const Province* newest = nullptr;
  for (const Province& row : rows_) {
    if (row.code == code) newest = &row;
  }
  return newest;
}

const Province* Provinces::ValidOn(absl::string_view code, absl::CivilDay day) const {
  return catalogue::ValidOn(rows_, day, [&](const Province& row) { return row.code == code; });
}

std::string Provinces::HolderOn(absl::string_view code, absl::CivilDay day) const {
  std::string holder(code);
  // Each step goes to another row: a cycle in the file ends with the rows.
  for (size_t steps = 0; steps < rows_.size(); ++steps) {
    const Province* newest = Newest(holder);
    if (newest == nullptr || newest->successor.empty() || day <= *newest->basis.valid_to) break;
    holder = newest->successor;
  }
  return holder;
}

std::vector<std::string> Provinces::HeldOn(absl::string_view code, absl::CivilDay day) const {
  std::vector<std::string> held;
  for (const Province& row : rows_) {
    if (!held.empty() && held.back() == row.code) continue;
    if (HolderOn(row.code, day) == code) held.push_back(row.code);
  }
  return held;
}

}  // namespace nscl::catalogue
