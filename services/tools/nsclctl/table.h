// Messages as a table for people.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace nscl::nsclctl {

// One row a message. Columns: those asked for (proto or JSON names; nested by dots), else the name
// and the first plain fields that have a value somewhere. Long values are cut; `--json` shows
// everything.
void PrintTable(const std::vector<std::unique_ptr<google::protobuf::Message>>& rows,
                const std::vector<std::string>& columns, std::ostream& out);

// One message as lines "field: value", nested ones indented; absent fields left out.
void PrintFields(const google::protobuf::Message& message, std::ostream& out, int indent = 0);

}  // namespace nscl::nsclctl
