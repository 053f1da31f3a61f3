#include "services/registry/rpc/need_service.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/registry/domain/need.h"
#include "services/registry/rpc/references.h"
#include "services/registry/store/same_enterprise.h"

namespace nscl::registry {
namespace {

using Request = v1::SummarizeNeedsRequest;

constexpr char kSolutions[] = "solutions";
constexpr size_t kPage = 1'000;

absl::Status Settle(const Parts& parts, const store::Reader& reader, const v1::Need& next,
                    const v1::Need* before) {
  const absl::CivilDay day = *time::ToCivilDay(next.proposed_on());
  const absl::string_view province = resource::ProvinceOf(next.name());
  status::Violations violations;
  if (!next.enterprise().empty()) {
    RETURN_IF_ERROR(
        CheckEnterprise(violations, parts, reader, "need.enterprise", next.enterprise(), province));
  }
  RETURN_IF_ERROR(
      CheckCode(violations, parts, reader, "need.solution", kSolutions, next.solution(), day));
  RETURN_IF_ERROR(CheckOrganisation(violations, parts, reader, "need.proposed_by",
                                    next.proposed_by(), province, day));
  RETURN_IF_ERROR(violations.ToStatus());
  return before == nullptr ? absl::OkStatus() : domain::CheckProposed(*before);
}

absl::Status CheckRequest(const Request& request) {
  status::Violations violations;
  violations.Check(Request::GroupBy_IsValid(request.group_by()) &&
                       request.group_by() != Request::GROUP_BY_UNSPECIFIED,
                   "group_by", "ENUM_VALUE", "must say what the rows are",
                   "phải chọn cách tổng hợp");
  violations.Check(v1::UnitMode_IsValid(request.unit_mode()), "unit_mode", "ENUM_VALUE",
                   "must be a known mode", "phải là cách tính đơn vị hành chính đã biết");
  violations.Check(request.year() == 0 ||
                       (request.year() >= time::kFirstYear && request.year() <= time::kLastYear),
                   "year", "YEAR_RANGE",
                   absl::StrCat("must be 0, or ", time::kFirstYear, " to ", time::kLastYear),
                   absl::StrCat("phải là 0, hoặc từ ", time::kFirstYear, " đến ", time::kLastYear));
  return violations.ToStatus();
}

// Tells enterprises apart, each looked up once.
class EnterpriseKeys {
 public:
  EnterpriseKeys(const Parts& parts, const store::Reader& reader)
      : parts_(parts), reader_(reader) {}

  absl::StatusOr<std::string> Of(const v1::Need& need) {
    if (need.enterprise().empty()) return domain::KeyOfUnregistered(need.enterprise_name());
    auto [known, added] = known_.try_emplace(need.enterprise());
    if (added) {
      ASSIGN_OR_RETURN(v1::Enterprise enterprise,
                       rows::FindStanding(parts_.enterprises, reader_, need.enterprise()));
      known->second = enterprise.tax_code().empty() ? enterprise.name() : enterprise.tax_code();
    }
    return known->second;
  }

 private:
  const Parts& parts_;
  const store::Reader& reader_;
  std::map<std::string, std::string> known_;
};

}  // namespace

NeedHandlers::NeedHandlers(const Parts& parts)
    : parts_(parts),
      methods_(
          parts, parts.tables.needs,
          {.filter_fields = {"enterprise", "content", "solution", "year", "proposed_by", "state"},
           .normalise =
               [parts](v1::Need& next, const v1::Need* before, absl::CivilDay today) {
                 return domain::NormaliseNeed(next, before, today, parts.support_contents);
               },
           .settle = [parts](
                         store::Txn& txn, v1::Need& next,
                         const v1::Need* before) { return Settle(parts, txn, next, before); }}) {}

grpc::ServerUnaryReactor* NeedHandlers::GetNeed(grpc::CallbackServerContext* context,
                                                const v1::GetNeedRequest* request,
                                                v1::Need* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* NeedHandlers::ListNeeds(grpc::CallbackServerContext* context,
                                                  const v1::ListNeedsRequest* request,
                                                  v1::ListNeedsResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* NeedHandlers::CreateNeed(grpc::CallbackServerContext* context,
                                                   const v1::CreateNeedRequest* request,
                                                   v1::Need* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* NeedHandlers::UpdateNeed(grpc::CallbackServerContext* context,
                                                   const v1::UpdateNeedRequest* request,
                                                   v1::Need* response) {
  return methods_.Update(context, request, response);
}

grpc::ServerUnaryReactor* NeedHandlers::AcceptNeed(grpc::CallbackServerContext* context,
                                                   const v1::AcceptNeedRequest* request,
                                                   v1::Need* response) {
  return Decide(context, request, response, v1::Need::STATE_ACCEPTED, "accepted");
}

grpc::ServerUnaryReactor* NeedHandlers::DeclineNeed(grpc::CallbackServerContext* context,
                                                    const v1::DeclineNeedRequest* request,
                                                    v1::Need* response) {
  return Decide(context, request, response, v1::Need::STATE_DECLINED, "declined");
}

grpc::ServerUnaryReactor* NeedHandlers::WithdrawNeed(grpc::CallbackServerContext* context,
                                                     const v1::WithdrawNeedRequest* request,
                                                     v1::Need* response) {
  return Decide(context, request, response, v1::Need::STATE_WITHDRAWN, "withdrawn");
}

template <typename Request>
grpc::ServerUnaryReactor* NeedHandlers::Decide(grpc::CallbackServerContext* context,
                                               const Request* request, v1::Need* response,
                                               v1::Need::State decided, absl::string_view verb) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this, decided, verb](const auth::Call& call, const Request& request,
                            rpc::Done<v1::Need> done) {
        absl::StatusOr<std::string> reason =
            domain::CleanReason(request.reason(), decided == v1::Need::STATE_DECLINED);
        if (!reason.ok()) return done(reason.status());
        store::Change<v1::Need>(
            parts_.store, call, request, request.name(), store::Retention::kThirtyDays,
            [this, &request, decided, verb,
             reason = *std::move(reason)](store::Txn& txn) -> absl::StatusOr<v1::Need> {
              ASSIGN_OR_RETURN(v1::Need current,
                               parts_.tables.needs.Load(txn, request.name(), request.etag()));
              ASSIGN_OR_RETURN(v1::Need next, domain::Decide(current, decided, reason));
              return parts_.tables.needs.Update(txn, current, std::move(next), verb);
            },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* NeedHandlers::SummarizeNeeds(grpc::CallbackServerContext* context,
                                                       const v1::SummarizeNeedsRequest* request,
                                                       v1::SummarizeNeedsResponse* response) {
  return rpc::Handle(parts_.door, context, request, response,
                     [this](const auth::Call& call, const v1::SummarizeNeedsRequest& request) {
                       return Summarize(call, request);
                     });
}

absl::StatusOr<v1::SummarizeNeedsResponse> NeedHandlers::Summarize(
    const auth::Call& call, const v1::SummarizeNeedsRequest& request) const {
  RETURN_IF_ERROR(CheckRequest(request));
  std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
  RETURN_IF_ERROR(CheckParent(parts_, *snapshot, request.parent()));
  const absl::CivilDay today = time::VietnamDay(parts_.clock.Now());
  const bool as_was = request.unit_mode() == v1::UNIT_MODE_AS_WAS;
  std::string parent = request.parent();
  std::optional<std::vector<std::string>> provinces = ProvincesToList(call);
  if (!as_was && call.province != resource::kWildcard) {
    parent = "provinces/-";
    provinces = parts_.provinces.HeldOn(call.province, today);
    if (provinces->empty()) provinces = {call.province};  // it was merged into another
  }
  domain::NeedSums sums(request.group_by());
  EnterpriseKeys enterprises(parts_, *snapshot);
  std::string after_key;
  do {
    if (call.cancelled()) return absl::CancelledError("the caller has gone");
    ASSIGN_OR_RETURN(store::Page<v1::Need> page,
                     parts_.tables.needs.List(
                         *snapshot, parent, provinces, after_key, kPage, [&](const v1::Need& need) {
                           return domain::NeedSums::Counts(need, request.year());
                         }));
    for (const v1::Need& need : page.rows) {
      ASSIGN_OR_RETURN(std::string enterprise, enterprises.Of(need));
      const absl::CivilDay day = as_was ? *time::ToCivilDay(need.proposed_on()) : today;
      sums.Add(need, enterprise, parts_.provinces.HolderOn(resource::ProvinceOf(need.name()), day));
    }
    after_key = std::move(page.last_key);
  } while (!after_key.empty());
  return sums.Rows();
}

}  // namespace nscl::registry
