#include "services/registry/rpc/cluster_service.h"

#include "services/registry/domain/cluster.h"

namespace nscl::registry {
namespace {

// One name of a kind in a province; a province has tens of them.
absl::Status CheckNameFree(const Parts& parts, store::Txn& txn, const v1::Cluster& next) {
  ASSIGN_OR_RETURN(store::Page<v1::Cluster> same,
                   parts.tables.clusters.List(txn, resource::ParentOf(next.name()), std::nullopt,
                                              "", 1, [&](const v1::Cluster& other) {
                                                return other.name() != next.name() &&
                                                       other.kind() == next.kind() &&
                                                       other.display_name() == next.display_name();
                                              }));
  if (same.rows.empty()) return absl::OkStatus();
  return errors::ClusterNameExists(next.display_name(), same.rows[0].name());
}

}  // namespace

ClusterHandlers::ClusterHandlers(const Parts& parts)
    : methods_(parts, parts.tables.clusters,
               {.filter_fields = {"kind"},
                .normalise = domain::NormaliseCluster,
                .settle = [parts](store::Txn& txn, v1::Cluster& next, const v1::Cluster*) {
                  return CheckNameFree(parts, txn, next);
                }}) {}

grpc::ServerUnaryReactor* ClusterHandlers::GetCluster(grpc::CallbackServerContext* context,
                                                      const v1::GetClusterRequest* request,
                                                      v1::Cluster* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* ClusterHandlers::ListClusters(grpc::CallbackServerContext* context,
                                                        const v1::ListClustersRequest* request,
                                                        v1::ListClustersResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* ClusterHandlers::CreateCluster(grpc::CallbackServerContext* context,
                                                         const v1::CreateClusterRequest* request,
                                                         v1::Cluster* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* ClusterHandlers::UpdateCluster(grpc::CallbackServerContext* context,
                                                         const v1::UpdateClusterRequest* request,
                                                         v1::Cluster* response) {
  return methods_.Update(context, request, response);
}

}  // namespace nscl::registry
