// One raw HTTP exchange, for requests that no well-behaved client would send.
#pragma once

#include <string>
#include <vector>

namespace nscl::journeys {

struct HttpAnswer {
  long code = 0;  // 0: no answer
  std::string body;
  std::string reason;  // ErrorInfo.reason of an error body
  std::string status;  // error.status, "INVALID_ARGUMENT"
};

HttpAnswer Exchange(const std::string& verb, const std::string& url, const std::string& body,
                    const std::vector<std::string>& headers);

}  // namespace nscl::journeys
