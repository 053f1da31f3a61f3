// nscl.registry.v1.ProductService.
#pragma once

#include "nscl/registry/v1/product_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class ProductHandlers final : public v1::ProductService::CallbackService {
 public:
  explicit ProductHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetProduct(grpc::CallbackServerContext* context,
                                       const v1::GetProductRequest* request,
                                       v1::Product* response) override;
  grpc::ServerUnaryReactor* ListProducts(grpc::CallbackServerContext* context,
                                         const v1::ListProductsRequest* request,
                                         v1::ListProductsResponse* response) override;
  grpc::ServerUnaryReactor* CreateProduct(grpc::CallbackServerContext* context,
                                          const v1::CreateProductRequest* request,
                                          v1::Product* response) override;
  grpc::ServerUnaryReactor* UpdateProduct(grpc::CallbackServerContext* context,
                                          const v1::UpdateProductRequest* request,
                                          v1::Product* response) override;

 private:
  const StandardMethods<v1::Product> methods_;
};

}  // namespace nscl::registry
