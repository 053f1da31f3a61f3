#include "common/catalogue/funding_sources.h"

#include "common/status/status_macros.h"

namespace nscl::catalogue {
namespace {

constexpr char kFile[] = "funding_sources.json";

}  // namespace

absl::StatusOr<FundingSources> FundingSources::Load(absl::string_view dir) {
  ASSIGN_OR_RETURN(std::string text, ReadFile(dir, kFile));
  return Parse(text);
}

absl::StatusOr<FundingSources> FundingSources::Parse(absl::string_view text) {
  FundingSources sources;
  RETURN_IF_ERROR(ReadRowsOf(text, kFile, [&](Row& row) {
    FundingSource source;
    source.code = row.Text("code");
    source.name = row.Text("name");
    source.name_en = row.Text("name_en");
    source.state_money = row.Flag("state_money");
    source.pseudo = row.Flag("pseudo");
    source.basis = row.ReadBasis();
    sources.rows_.push_back(std::move(source));
  }));
  RETURN_IF_ERROR(
      CheckNoOverlap(kFile, sources.rows_, [](const FundingSource& s) { return s.code; }));
  return sources;
}

const FundingSource* FundingSources::ValidOn(absl::string_view code, absl::CivilDay day) const {
  return catalogue::ValidOn(rows_, day, [&](const FundingSource& row) { return row.code == code; });
}

const FundingSource* FundingSources::Any(absl::string_view code) const {
  for (const FundingSource& row : rows_) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace nscl::catalogue
