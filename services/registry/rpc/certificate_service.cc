#include "services/registry/rpc/certificate_service.h"

#include "services/registry/domain/certificate.h"
#include "services/registry/rpc/siblings.h"

namespace nscl::registry {
namespace {

// The paper is entered once, and what it names of the enterprise is there.
absl::Status Settle(const Parts& parts, store::Txn& txn, const v1::Certificate& next,
                    const v1::Certificate* before) {
  RETURN_IF_ERROR(CheckProduct(parts, txn, "certificate.product", next.product(),
                               before == nullptr ? "" : before->product()));
  if (before != nullptr && domain::SamePaper(*before, next)) return absl::OkStatus();
  ASSIGN_OR_RETURN(store::Page<v1::Certificate> same,
                   parts.tables.certificates.List(
                       txn, resource::ParentOf(next.name()), std::nullopt, "", 1,
                       [&](const v1::Certificate& other) {
                         return other.name() != next.name() && domain::SamePaper(other, next);
                       }));
  if (same.rows.empty()) return absl::OkStatus();
  return errors::CertificateNumberExists(next.certificate_number(), same.rows[0].name());
}

}  // namespace

CertificateHandlers::CertificateHandlers(const Parts& parts)
    : methods_(parts, parts.tables.certificates,
               {.filter_fields = {"kind", "standard_code", "expiry_state", "certificate_number",
                                  "renewal", "revoked"},
                .normalise = domain::NormaliseCertificate,
                .settle = [parts](store::Txn& txn, v1::Certificate& next,
                                  const v1::Certificate* before) {
                  return Settle(parts, txn, next, before);
                }}) {}

grpc::ServerUnaryReactor* CertificateHandlers::GetCertificate(
    grpc::CallbackServerContext* context, const v1::GetCertificateRequest* request,
    v1::Certificate* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* CertificateHandlers::ListCertificates(
    grpc::CallbackServerContext* context, const v1::ListCertificatesRequest* request,
    v1::ListCertificatesResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* CertificateHandlers::CreateCertificate(
    grpc::CallbackServerContext* context, const v1::CreateCertificateRequest* request,
    v1::Certificate* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* CertificateHandlers::UpdateCertificate(
    grpc::CallbackServerContext* context, const v1::UpdateCertificateRequest* request,
    v1::Certificate* response) {
  return methods_.Update(context, request, response);
}

}  // namespace nscl::registry
