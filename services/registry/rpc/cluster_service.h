// nscl.registry.v1.ClusterService.
#pragma once

#include "nscl/registry/v1/cluster_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class ClusterHandlers final : public v1::ClusterService::CallbackService {
 public:
  explicit ClusterHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetCluster(grpc::CallbackServerContext* context,
                                       const v1::GetClusterRequest* request,
                                       v1::Cluster* response) override;
  grpc::ServerUnaryReactor* ListClusters(grpc::CallbackServerContext* context,
                                         const v1::ListClustersRequest* request,
                                         v1::ListClustersResponse* response) override;
  grpc::ServerUnaryReactor* CreateCluster(grpc::CallbackServerContext* context,
                                          const v1::CreateClusterRequest* request,
                                          v1::Cluster* response) override;
  grpc::ServerUnaryReactor* UpdateCluster(grpc::CallbackServerContext* context,
                                          const v1::UpdateClusterRequest* request,
                                          v1::Cluster* response) override;

 private:
  const StandardMethods<v1::Cluster> methods_;
};

}  // namespace nscl::registry
