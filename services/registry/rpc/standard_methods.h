// Get, List, Create and Update of a resource type (AIP-131 to 134), once for all of registry. A
// handler names what its type adds: the fields that a list may be filtered by, the rule that cleans
// a resource, and the refusals that stand on other rows.
//
//   class ProductHandlers final : public v1::ProductService::CallbackService {
//    public:
//     explicit ProductHandlers(const Parts& parts)
//         : methods_(parts, parts.products, {.filter_fields = {"gtin"}, .normalise =
//         domain::NormaliseProduct}) {}
//     grpc::ServerUnaryReactor* GetProduct(grpc::CallbackServerContext* context,
//                                          const v1::GetProductRequest* request, v1::Product*
//                                          response) override {
//       return methods_.Get(context, request, response);
//     }
//     ...
//    private:
//     const StandardMethods<v1::Product> methods_;
//   };
//
// The messages are read by what AIPs make the same everywhere: `name`, `parent`, `filter`,
// `read_mask`, `update_mask`, the field whose type is the resource, "<resource>_id", and the page
// as field 1 of a list's answer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/resource/filter.h"
#include "common/resource/id.h"
#include "common/resource/mask.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "common/store/personal.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"
#include "services/registry/errors.h"
#include "services/registry/rpc/parts.h"
#include "services/registry/store/rows.h"

namespace nscl::registry {

// Refuses a parent that is not there: a province that never was, an enterprise that is not
// registered or was merged away, a code list. Wildcards stand for what is there.
absl::Status CheckParent(const Parts& parts, const store::Reader& reader, absl::string_view parent);

// The provinces that a list over "provinces/-" may look at, in order; nullopt where nothing limits
// it: the parent names one, or the scope has all.
std::optional<std::vector<std::string>> ProvincesToList(const auth::Call& call);

// Who has it is answered personal data (protos: nscl.annotation.v1.pii); all others none.
inline constexpr absl::string_view kMaySeePersonalData = "registry.personalData.get";

namespace internal {

// The field of `request` whose type is the resource.
const google::protobuf::FieldDescriptor* ResourceField(
    const google::protobuf::Descriptor* request, const google::protobuf::Descriptor* resource);
// The value of "<resource>_id".
std::string IdWanted(const google::protobuf::Message& request, absl::string_view field);

}  // namespace internal

// What one resource type adds to the standard methods.
template <typename M>
struct Standard {
  // Paths that a list may be filtered by; none: the request has no filter.
  std::vector<absl::string_view> filter_fields;
  // Cleans and checks what is to be stored: every bad field at once. Pure; `before` is null on
  // creation, when the name of `next` is known already.
  std::function<absl::Status(M& next, const M* before, absl::CivilDay today)> normalise;
  // Refusals that stand on other rows, and fields that are derived from them. Runs in the writer
  // after `normalise`.
  std::function<absl::Status(store::Txn&, M& next, const M* before)> settle;
  // Whether a list's row is seen besides what the filter says; null: every row.
  std::function<bool(const M&)> listed;
};

template <typename M>
class StandardMethods {
 public:
  StandardMethods(const Parts& parts, const rows::Rows<M>& rows, Standard<M> own)
      : parts_(parts), rows_(rows), own_(std::move(own)) {}

  // What the type adds, for imports: they go by the same rules.
  const Standard<M>& own() const { return own_; }

  template <typename Request>
  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const Request* request,
                                M* response) const {
    return rpc::Handle(parts_.door, context, request, response,
                       [this](const auth::Call& call, const Request& request) -> absl::StatusOr<M> {
                         std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
                         ASSIGN_OR_RETURN(M found, rows_.Load(*snapshot, request.name()));
                         RETURN_IF_ERROR(GivePersonal(call, *snapshot, found));
                         RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &found));
                         return found;
                       });
  }

  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* List(grpc::CallbackServerContext* context, const Request* request,
                                 Response* response) const {
    return rpc::Handle(parts_.door, context, request, response,
                       [this](const auth::Call& call, const Request& request) {
                         return ListPage<Response>(call, request);
                       });
  }

  template <typename Request>
  grpc::ServerUnaryReactor* Create(grpc::CallbackServerContext* context, const Request* request,
                                   M* response) const {
    return rpc::Handle(parts_.door, context, request, response,
                       [this](const auth::Call& call, const Request& request, rpc::Done<M> done) {
                         const absl::Time now = parts_.clock.Now();
                         absl::StatusOr<std::string> name = NameOfNew(request, now);
                         if (!name.ok()) return done(name.status());
                         store::Change<M>(
                             parts_.store, call, request, *name, store::Retention::kThirtyDays,
                             [this, &request, name = *name, today = time::VietnamDay(now)](
                                 store::Txn& txn) { return Insert(txn, request, name, today); },
                             WithPersonal(call, std::move(done)));
                       });
  }

  template <typename Request>
  grpc::ServerUnaryReactor* Update(grpc::CallbackServerContext* context, const Request* request,
                                   M* response) const {
    return rpc::Handle(
        parts_.door, context, request, response,
        [this](const auth::Call& call, const Request& request, rpc::Done<M> done) {
          if (absl::Status bad = resource::CheckUpdateMask(request.update_mask(), M::descriptor());
              !bad.ok()) {
            return done(bad);
          }
          store::Change<M>(
              parts_.store, call, request, ResourceOf(request).name(),
              store::Retention::kThirtyDays,
              [this, &request, today = time::VietnamDay(parts_.clock.Now())](store::Txn& txn) {
                return Patch(txn, request, today);
              },
              WithPersonal(call, std::move(done)));
        });
  }

  // Erases the personal data of a resource that has `erased` (its protos say with what reason); a
  // second time changes nothing.
  template <typename Request>
  grpc::ServerUnaryReactor* Erase(grpc::CallbackServerContext* context, const Request* request,
                                  M* response) const {
    return rpc::Handle(
        parts_.door, context, request, response,
        [this](const auth::Call& call, const Request& request, rpc::Done<M> done) {
          status::Violations violations;
          std::string reason = request.reason();
          text::CleanField(violations, "reason", &reason, {.min_chars = 1, .max_chars = 500});
          if (!violations.empty()) return done(violations.ToStatus());
          store::Change<M>(
              parts_.store, call, request, request.name(), store::Retention::kForever,
              [this, &request, reason](store::Txn& txn) -> absl::StatusOr<M> {
                ASSIGN_OR_RETURN(M current, rows_.Load(txn, request.name()));
                if (current.erased()) return current;
                RETURN_IF_ERROR(rows_.GivePersonal(txn, current));
                M next = current;
                store::ClearPersonal(next);
                next.set_erased(true);
                if constexpr (requires { next.set_erase_reason(reason); }) {
                  next.set_erase_reason(reason);
                }
                return rows_.Update(txn, current, std::move(next), "erased");
              },
              std::move(done));
        });
  }

  // The answer of a change with the personal data that the caller may see: they are kept apart from
  // it, so they are those of now.
  rpc::Done<M> WithPersonal(const auth::Call& call, rpc::Done<M> done) const {
    if (!rows_.HasPersonal() || !call.caller.May(kMaySeePersonalData)) return done;
    return [this, &call, done = std::move(done)](absl::StatusOr<M> answer) {
      if (answer.ok()) {
        absl::Status given = GivePersonal(call, *parts_.store.TakeSnapshot(), *answer);
        if (!given.ok()) return done(given);
      }
      done(std::move(answer));
    };
  }

  // The page of a list, for methods that add something to it.
  template <typename Response, typename Request>
  absl::StatusOr<Response> ListPage(const auth::Call& call, const Request& request) const {
    ASSIGN_OR_RETURN(int page_size, resource::PageSize(request.page_size()));
    RETURN_IF_ERROR(resource::CheckReadMask(request.read_mask(), M::descriptor()));
    resource::Filter filter;
    if constexpr (requires { request.filter(); }) {
      ASSIGN_OR_RETURN(
          filter, resource::Filter::Parse(request.filter(), M::descriptor(), own_.filter_fields));
    }
    ASSIGN_OR_RETURN(std::string after_key,
                     parts_.page_tokens.Read(call.method, call.caller.actor, request));
    std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
    std::string parent;
    if constexpr (requires { request.parent(); }) parent = request.parent();
    RETURN_IF_ERROR(CheckParent(parts_, *snapshot, parent));
    ASSIGN_OR_RETURN(store::Page<M> page,
                     rows_.List(*snapshot, parent, ProvincesToList(call), after_key,
                                static_cast<size_t>(page_size), [&](const M& row) {
                                  return (!own_.listed || own_.listed(row)) && filter.Matches(row);
                                }));
    Response response;
    const google::protobuf::FieldDescriptor* rows = Response::descriptor()->FindFieldByNumber(1);
    for (M& row : page.rows) {
      RETURN_IF_ERROR(GivePersonal(call, *snapshot, row));
      RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &row));
      static_cast<M*>(response.GetReflection()->AddMessage(&response, rows))->Swap(&row);
    }
    response.set_next_page_token(
        parts_.page_tokens.Make(call.method, call.caller.actor, request, page.last_key));
    return response;
  }

 private:
  // Fills in the personal data where the caller may see them.
  absl::Status GivePersonal(const auth::Call& call, const store::Reader& reader, M& row) const {
    if (!rows_.HasPersonal() || !call.caller.May(kMaySeePersonalData)) return absl::OkStatus();
    return rows_.GivePersonal(reader, row);
  }

  // "support_record": the name of the field that holds the resource.
  template <typename Request>
  static const std::string& FieldName() {
    return internal::ResourceField(Request::descriptor(), M::descriptor())->name();
  }
  template <typename Request>
  static const M& ResourceOf(const Request& request) {
    static const google::protobuf::FieldDescriptor* const kField =
        internal::ResourceField(Request::descriptor(), M::descriptor());
    return static_cast<const M&>(request.GetReflection()->GetMessage(request, kField));
  }

  template <typename Request>
  absl::StatusOr<std::string> NameOfNew(const Request& request, absl::Time now) const {
    const std::string field = absl::StrCat(FieldName<Request>(), "_id");
    std::string id = internal::IdWanted(request, field);
    if (!id.empty()) RETURN_IF_ERROR(resource::CheckId(id, field));
    if (id.empty()) id = resource::NewId(now);
    std::string parent;
    if constexpr (requires { request.parent(); }) parent = request.parent();
    const std::string name = absl::StrCat(parent, parent.empty() ? "" : "/", Collection(), "/", id);
    RETURN_IF_ERROR(rows_.names().Parse(name, "parent").status());
    return name;
  }

  // "supportRecords".
  static const std::string& Collection() {
    return M::descriptor()->options().GetExtension(google::api::resource).plural();
  }

  template <typename Request>
  absl::StatusOr<M> Insert(store::Txn& txn, const Request& request, const std::string& name,
                           absl::CivilDay today) const {
    M next = ResourceOf(request);
    next.set_name(name);
    RETURN_IF_ERROR(CheckParent(parts_, txn, resource::ParentOf(name)));
    status::Violations violations;
    violations.AddAll(resource::CheckOutputOnly(next, FieldName<Request>()), "");
    violations.AddAll(own_.normalise(next, nullptr, today), "");
    RETURN_IF_ERROR(violations.ToStatus());
    if (own_.settle) RETURN_IF_ERROR(own_.settle(txn, next, nullptr));
    return rows_.Insert(txn, std::move(next));
  }

  template <typename Request>
  absl::StatusOr<M> Patch(store::Txn& txn, const Request& request, absl::CivilDay today) const {
    const M& patch = ResourceOf(request);
    ASSIGN_OR_RETURN(M current, rows_.Load(txn, patch.name(), patch.etag()));
    RETURN_IF_ERROR(rows_.GivePersonal(txn, current));
    M next = current;
    RETURN_IF_ERROR(
        resource::ApplyUpdate(request.update_mask(), patch, FieldName<Request>(), &next));
    if constexpr (requires { current.erased(); }) {
      M given = next;
      if (current.erased() && !store::TakePersonal(given).empty()) {
        return errors::PersonalDataErased(next.name());
      }
    }
    RETURN_IF_ERROR(own_.normalise(next, &current, today));
    if (own_.settle) RETURN_IF_ERROR(own_.settle(txn, next, &current));
    return rows_.Update(txn, current, std::move(next));
  }

  const Parts parts_;
  const rows::Rows<M>& rows_;
  const Standard<M> own_;
};

}  // namespace nscl::registry
