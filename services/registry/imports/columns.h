// The columns of the files that are imported and exported: titles in Vietnamese, the fields that
// they fill, and what their cells take. docs/imports.md is written from these tables, and a test
// compares the two.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "nscl/registry/v1/operation.pb.h"

namespace nscl::registry::imports {

// How a cell is read and written.
enum class Kind {
  kText,
  kTexts,   // several, parted by semicolons
  kEnum,    // a Vietnamese name of the value, or the value's own
  kDate,    // 31/12/2025 or 2025-12-31
  kNumber,  // whole
  kMoney,   // whole đồng; points, commas or blanks may part thousands
  kTenths,  // one decimal: "10,5" is 105 tenths
};

struct Column {
  absl::string_view title;  // "Mã số thuế"
  absl::string_view field;  // "tax_code"; "year_profile.revenue_vnd"
  Kind kind = Kind::kText;
  bool required = false;          // in every row
  absl::string_view description;  // what it takes, in Vietnamese
};

// The columns of a dataset, in the order of its template.
const std::vector<Column>& ColumnsOf(v1::Operation::Dataset dataset);

// "doanh-nghiep", for names of files, and "Doanh nghiệp", for names of sheets.
absl::string_view SlugOf(v1::Operation::Dataset dataset);
absl::string_view LabelOf(v1::Operation::Dataset dataset);

// Columns that the file of errors has besides: where the refused row stood, and why it was refused.
// They are passed over when the mended file is sent again.
inline constexpr absl::string_view kRowTitle = "Dòng trong tệp";
inline constexpr absl::string_view kReasonTitle = "Lý do không nhận";

// The values of an enum by what a cell may call them: the Vietnamese name of the proto, with or
// without accents, or the value's own name with or without its prefix.
class EnumNames {
 public:
  explicit EnumNames(const google::protobuf::EnumDescriptor& type);
  // Null where there is none.
  const google::protobuf::EnumValueDescriptor* Find(absl::string_view text) const;

 private:
  absl::flat_hash_map<std::string, const google::protobuf::EnumValueDescriptor*> values_;
};

}  // namespace nscl::registry::imports
