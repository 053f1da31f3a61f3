// RETURN_IF_ERROR and ASSIGN_OR_RETURN, the only macros of the code base.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Evaluates an absl::Status and returns it from the function where it is not OK.
#define RETURN_IF_ERROR(expr)                                                     \
  do {                                                                            \
    if (absl::Status nscl_status = (expr); !nscl_status.ok()) return nscl_status; \
  } while (false)

#define NSCL_CONCAT_INNER(a, b) a##b
#define NSCL_CONCAT(a, b) NSCL_CONCAT_INNER(a, b)
#define NSCL_ASSIGN_OR_RETURN(tmp, lhs, expr)    \
  auto tmp = (expr);                             \
  if (!tmp.ok()) return std::move(tmp).status(); \
  lhs = *std::move(tmp)

// Evaluates an absl::StatusOr, returns its error from the function or assigns its value:
// ASSIGN_OR_RETURN(Plan plan, plans.Get(reader, name));
#define ASSIGN_OR_RETURN(lhs, ...) \
  NSCL_ASSIGN_OR_RETURN(NSCL_CONCAT(nscl_statusor_, __LINE__), lhs, (__VA_ARGS__))
