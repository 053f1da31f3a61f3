// Cells of a file to fields of a message, and back.
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/status/error.h"
#include "services/registry/imports/columns.h"

namespace nscl::registry::imports {

// A field by its path below a resource, "evidence.issuer", found once.
class Field {
 public:
  // `path` is a literal of the program; one that does not exist stops the process.
  Field(const google::protobuf::Descriptor* type, absl::string_view path, const Column& column);

  const Column& column() const { return *column_; }

  // Reads a cell that is not empty into the message. Adds a violation under the column's field
  // where the cell is not what the column takes: `CELL_DATE`, `CELL_NUMBER`, `CELL_ENUM`.
  void Set(absl::string_view cell, google::protobuf::Message* message,
           status::Violations& violations) const;
  // The cell of a message; empty where the field is not set.
  std::string Get(const google::protobuf::Message& message) const;
  // Whether two messages differ in the field.
  bool Differs(const google::protobuf::Message& a, const google::protobuf::Message& b) const;

 private:
  const Column* column_;
  // Singular messages down to the field.
  std::vector<const google::protobuf::FieldDescriptor*> way_;
  const google::protobuf::FieldDescriptor* field_;
  std::optional<EnumNames> names_;  // of an enum
};

// "1.234.567" and "1 234 567" are 1234567; tenths: "10,5" and "10.5" are 105. False where the text
// is no such number of at most 2^53-1.
bool ReadWhole(absl::string_view text, bool thousands, int64_t* value);
bool ReadTenths(absl::string_view text, int64_t* value);

// A date in the one form that ids are made of, "31/12/2025"; what is no date as it is.
std::string CanonicalDate(absl::string_view text);

}  // namespace nscl::registry::imports
