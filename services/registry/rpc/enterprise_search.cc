// EnterpriseService.SearchEnterprises.
#include <array>
#include <bitset>
#include <functional>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/resource/filter.h"
#include "common/resource/mask.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"
#include "services/registry/rpc/enterprise_service.h"

namespace nscl::registry {
namespace {

using absl::StatusOr;

constexpr absl::string_view kFilterFields[] = {"commune_code", "legal_kind",       "latest_size",
                                               "sector",       "operating_status", "demo"};
constexpr size_t kMaxQueryChars = 200;
// Enterprises loaded for one page, so that it may be short without being the last: marks count by
// their days, which the index does not know.
constexpr size_t kMaxLookedAt = 10'000;

StatusOr<search::Pattern> PatternOf(const v1::SearchEnterprisesRequest& request) {
  status::Violations violations;
  std::string query = request.query();
  search::Pattern pattern;
  if (text::CleanField(violations, "query", &query,
                       {.min_chars = 1, .max_chars = kMaxQueryChars})) {
    pattern = search::Pattern::Of(query);
    violations.Check(!pattern.key.empty(), "query", "SEARCH_QUERY", "needs a letter or a digit",
                     "phải có ít nhất một chữ cái hoặc chữ số");
  }
  for (int i = 0; i < request.marks_size(); ++i) {
    const int mark = request.marks(i);
    violations.Check(mark != v1::Mark::KIND_UNSPECIFIED && v1::Mark::Kind_IsValid(mark),
                     absl::StrCat("marks[", i, "]"), "ENUM_VALUE", "is no kind of mark",
                     "không phải loại dấu hiệu đã biết");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return pattern;
}

// The mark stands, and the day is within its days.
bool HoldsOn(const v1::Mark& mark, absl::CivilDay day) {
  if (mark.has_valid_from()) {
    const auto from = time::ToCivilDay(mark.valid_from());
    if (!from.ok() || day < *from) return false;
  }
  if (!mark.has_valid_to()) return true;
  const auto to = time::ToCivilDay(mark.valid_to());
  return to.ok() && day <= *to;
}

bool HasMarks(const v1::Enterprise& enterprise, const v1::SearchEnterprisesRequest& request,
              absl::CivilDay day) {
  for (int wanted : request.marks()) {
    bool has = false;
    for (const v1::Mark& mark : enterprise.marks()) {
      has = has || (mark.kind() == wanted && HoldsOn(mark, day));
    }
    if (!has) return false;
  }
  return true;
}

// What the index can tell of filter and marks. A filter is asked once for each combination of
// values: there are many enterprises and few of those.
std::function<bool(const search::Attributes&)> AcceptOf(
    const resource::Filter& filter, const v1::SearchEnterprisesRequest& request) {
  uint16_t marks = 0;
  for (int mark : request.marks()) marks = static_cast<uint16_t>(marks | 1u << (mark & 15));
  if (filter.empty() && marks == 0) return nullptr;
  return [&filter, marks, known = absl::flat_hash_map<std::array<uint32_t, 2>, bool>()](
             const search::Attributes& attributes) mutable {
    if ((attributes.marks & marks) != marks) return false;
    if (filter.empty()) return true;
    const uint32_t values = uint32_t{attributes.legal_kind} << 24 |
                            uint32_t{attributes.size} << 20 | uint32_t{attributes.sector} << 12 |
                            uint32_t{attributes.operating_status} << 4 | attributes.demo;
    auto [it, added] = known.try_emplace({values, attributes.commune});
    if (added) it->second = filter.Matches(rows::EnterpriseOf(attributes));
    return it->second;
  };
}

std::bitset<100> ProvincesOf(const auth::Call& call) {
  std::bitset<100> provinces;
  auto add = [&](absl::string_view code) {
    int number = 0;
    if (absl::SimpleAtoi(code, &number) && number >= 0 && number < 100) provinces.set(number);
  };
  if (call.province != resource::kWildcard) {
    add(call.province);
  } else if (call.caller.all_provinces) {
    provinces.set();
  } else {
    for (const std::string& province : call.caller.provinces) add(province);
  }
  return provinces;
}

// A place in the results, for page tokens: "<match><name>\n<key>". Names hold no line break.
std::string PlaceOf(const search::Found& found) {
  return absl::StrCat(static_cast<int>(found.match), found.name, "\n", found.key);
}

std::optional<search::Found> ReadPlace(absl::string_view place) {
  const size_t end = place.find('\n');
  if (place.empty() || end == absl::string_view::npos) return std::nullopt;
  search::Found found;
  found.match = static_cast<search::Match>(place[0] - '0');
  found.name = std::string(place.substr(1, end - 1));
  found.key = std::string(place.substr(end + 1));
  return found;
}

}  // namespace

grpc::ServerUnaryReactor* EnterpriseHandlers::SearchEnterprises(
    grpc::CallbackServerContext* context, const v1::SearchEnterprisesRequest* request,
    v1::SearchEnterprisesResponse* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call& call, const v1::SearchEnterprisesRequest& request) {
                       return Search(call, request);
                     });
}

StatusOr<v1::SearchEnterprisesResponse> EnterpriseHandlers::Search(
    const auth::Call& call, const v1::SearchEnterprisesRequest& request) {
  ASSIGN_OR_RETURN(int page_size, resource::PageSize(request.page_size()));
  RETURN_IF_ERROR(resource::CheckReadMask(request.read_mask(), v1::Enterprise::descriptor()));
  search::Query query;
  ASSIGN_OR_RETURN(query.pattern, PatternOf(request));
  ASSIGN_OR_RETURN(
      resource::Filter filter,
      resource::Filter::Parse(request.filter(), v1::Enterprise::descriptor(), kFilterFields));
  ASSIGN_OR_RETURN(std::string place,
                   parts_.page_tokens.Read(call.method, call.caller.actor, request));
  query.after = ReadPlace(place);
  query.scope = {ProvincesOf(call), AcceptOf(filter, request)};
  const absl::CivilDay today = time::VietnamDay(parts_.clock.Now());

  v1::SearchEnterprisesResponse response;
  bool more = true;
  size_t looked_at = 0;
  while (more && response.results_size() < page_size && looked_at < kMaxLookedAt) {
    // One more than wanted says whether there is a next page.
    const auto wanted = static_cast<size_t>(page_size - response.results_size());
    query.limit = wanted + 1;
    ASSIGN_OR_RETURN(rows::EnterpriseSearch::Answer answer, parts_.enterprise_search.Search(query));
    more = answer.found.size() > wanted;
    if (more) answer.found.pop_back();
    if (!answer.found.empty()) query.after = answer.found.back();
    response.set_index_revision(answer.revision);
    // Not older than the index. What has changed since it was indexed is judged as it is now.
    const auto snapshot = parts_.store.TakeSnapshot();
    looked_at += answer.found.size();
    for (const search::Found& found : answer.found) {
      ASSIGN_OR_RETURN(v1::Enterprise enterprise,
                       parts_.enterprises.Get(*snapshot, rows::EnterpriseNameOf(found)));
      if (!enterprise.merged_into().empty() || !filter.Matches(enterprise) ||
          !HasMarks(enterprise, request, today)) {
        continue;
      }
      RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &enterprise));
      v1::SearchResult* result = response.add_results();
      *result->mutable_enterprise() = std::move(enterprise);
      result->set_match(static_cast<v1::SearchResult::Match>(found.match));
    }
  }
  if (more && query.after.has_value()) {
    response.set_next_page_token(
        parts_.page_tokens.Make(call.method, call.caller.actor, request, PlaceOf(*query.after)));
  }
  return response;
}

}  // namespace nscl::registry
