// nscl.registry.v1.ContactService.
#pragma once

#include "nscl/registry/v1/contact_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class ContactHandlers final : public v1::ContactService::CallbackService {
 public:
  explicit ContactHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetContact(grpc::CallbackServerContext* context,
                                       const v1::GetContactRequest* request,
                                       v1::Contact* response) override;
  grpc::ServerUnaryReactor* ListContacts(grpc::CallbackServerContext* context,
                                         const v1::ListContactsRequest* request,
                                         v1::ListContactsResponse* response) override;
  grpc::ServerUnaryReactor* CreateContact(grpc::CallbackServerContext* context,
                                          const v1::CreateContactRequest* request,
                                          v1::Contact* response) override;
  grpc::ServerUnaryReactor* UpdateContact(grpc::CallbackServerContext* context,
                                          const v1::UpdateContactRequest* request,
                                          v1::Contact* response) override;
  grpc::ServerUnaryReactor* EraseContact(grpc::CallbackServerContext* context,
                                         const v1::EraseContactRequest* request,
                                         v1::Contact* response) override;

 private:
  const StandardMethods<v1::Contact> methods_;
};

}  // namespace nscl::registry
