// A page of a list, the same way for every resource: scope, filter, page token, snapshot.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/auth/call.h"
#include "common/resource/filter.h"
#include "common/resource/page.h"
#include "common/status/status_macros.h"
#include "common/store/list_over.h"
#include "common/store/store.h"
#include "common/store/table.h"

namespace nscl::budgeting {

template <typename M>
struct ListPage {
  std::vector<M> rows;
  std::string next_page_token;
};

// Rows of `table` under the request's parent in order of name. `filterable` are the paths that the
// filter may name. "provinces/-" reads the provinces within the caller's scope. INVALID_ARGUMENT
// `PAGE_SIZE`, `PAGE_TOKEN`, `FILTER`, `RESOURCE_NAME`.
template <typename M, typename Request>
absl::StatusOr<ListPage<M>> List(const auth::Call& call, const Request& request,
                                 const store::Store& store, const store::Table<M>& table,
                                 const resource::PageTokens& tokens,
                                 absl::Span<const absl::string_view> filterable) {
  ASSIGN_OR_RETURN(const int page_size, resource::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after_key,
                   tokens.Read(call.method, call.caller.actor, request));
  ASSIGN_OR_RETURN(const resource::Filter filter,
                   resource::Filter::Parse(request.filter(), M::descriptor(), filterable));
  ASSIGN_OR_RETURN(
      store::Page<M> page,
      store::ListInScope<M>(table, *store.TakeSnapshot(), call.caller, request.parent(), after_key,
                            page_size, [&](const M& row) { return filter.Matches(row); }));
  return ListPage<M>{std::move(page.rows),
                     tokens.Make(call.method, call.caller.actor, request, page.last_key)};
}

}  // namespace nscl::budgeting
