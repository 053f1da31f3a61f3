// The API description, made from the same descriptors as the routes.
#pragma once

#include <string>

#include "services/gateway/router.h"

namespace nscl::gateway {

// An OpenAPI 3.1 document of all routes: parameters, bodies, answers, errors, with the comments of
// the protos.
std::string OpenApi(const Router& router);

// A page that says what is served here and how to call it.
std::string IndexPage(const Router& router);

}  // namespace nscl::gateway
