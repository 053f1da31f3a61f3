#include "services/registry/rpc/contact_service.h"

#include "services/registry/domain/contact.h"

namespace nscl::registry {
ContactHandlers::ContactHandlers(const Parts& parts)
    : methods_(parts, parts.tables.contacts,
               {.filter_fields = {"role"},
                .normalise = domain::NormaliseContact,
                .settle = [parts](store::Txn& txn, v1::Contact& next,
                                  const v1::Contact*) -> absl::Status {
                  ASSIGN_OR_RETURN(v1::Enterprise enterprise,
                                   parts.enterprises.Get(txn, resource::ParentOf(next.name())));
                  return domain::CheckOwner(next, enterprise);
                }}) {}

grpc::ServerUnaryReactor* ContactHandlers::GetContact(grpc::CallbackServerContext* context,
                                                      const v1::GetContactRequest* request,
                                                      v1::Contact* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* ContactHandlers::ListContacts(grpc::CallbackServerContext* context,
                                                        const v1::ListContactsRequest* request,
                                                        v1::ListContactsResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* ContactHandlers::CreateContact(grpc::CallbackServerContext* context,
                                                         const v1::CreateContactRequest* request,
                                                         v1::Contact* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* ContactHandlers::UpdateContact(grpc::CallbackServerContext* context,
                                                         const v1::UpdateContactRequest* request,
                                                         v1::Contact* response) {
  return methods_.Update(context, request, response);
}

grpc::ServerUnaryReactor* ContactHandlers::EraseContact(grpc::CallbackServerContext* context,
                                                        const v1::EraseContactRequest* request,
                                                        v1::Contact* response) {
  return methods_.Erase(context, request, response);
}

}  // namespace nscl::registry
