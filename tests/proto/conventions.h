// The conventions of the API that buf's lint does not know, as one function from a file of the
// contract to its faults. docs: design, "APIs"; https://aip.dev for the numbers named in the
// comments.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace nscl::conventions {

// Every breach in `file`, as "<full name of the element>: <what is wrong>", in the file's order.
// Empty when the file keeps all conventions.
std::vector<std::string> FaultsOf(const google::protobuf::FileDescriptor& file);

// Methods of `files` that answer on the same HTTP verb and path, which no router could tell apart.
std::vector<std::string> SharedRoutes(
    const std::vector<const google::protobuf::FileDescriptor*>& files);

}  // namespace nscl::conventions
