// The requests of the benchmark: the same enterprise for every peer.
#pragma once

#include <cstdint>
#include <string>

#include "nscl/registry/v1/enterprise_service.pb.h"
#include "tests/bench/load/names.h"

namespace nscl::bench {

// A UUID (version 4 in form) that is the same for the same pair.
std::string RequestId(uint64_t run, uint64_t number);

// An enterprise of about 300 bytes; `long_text` makes it about 1.2 KB, the size of the JSON goals.
registry::v1::Enterprise EnterpriseOf(uint64_t number, bool long_text);

registry::v1::CreateEnterpriseRequest CreateRequest(const std::string& parent, uint64_t run,
                                                    uint64_t number, bool long_text);

}  // namespace nscl::bench
