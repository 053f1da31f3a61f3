#include "services/registry/rpc/product_service.h"

#include "services/registry/domain/product.h"

namespace nscl::registry {

ProductHandlers::ProductHandlers(const Parts& parts)
    : methods_(parts, parts.tables.products,
               {.filter_fields = {"gtin", "key_product", "key_export", "ocop", "hs_code"},
                .normalise = domain::NormaliseProduct}) {}

grpc::ServerUnaryReactor* ProductHandlers::GetProduct(grpc::CallbackServerContext* context,
                                                      const v1::GetProductRequest* request,
                                                      v1::Product* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* ProductHandlers::ListProducts(grpc::CallbackServerContext* context,
                                                        const v1::ListProductsRequest* request,
                                                        v1::ListProductsResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* ProductHandlers::CreateProduct(grpc::CallbackServerContext* context,
                                                         const v1::CreateProductRequest* request,
                                                         v1::Product* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* ProductHandlers::UpdateProduct(grpc::CallbackServerContext* context,
                                                         const v1::UpdateProductRequest* request,
                                                         v1::Product* response) {
  return methods_.Update(context, request, response);
}

}  // namespace nscl::registry
