#include "services/casework/clients/registry_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/text/enum_name.h"
#include "services/casework/clients/deadlines.h"
#include "services/casework/errors.h"

namespace nscl::casework {

RegistryClient::RegistryClient(rpc::Peer peer)
    : peer_(std::move(peer)), stub_(registry::v1::EnterpriseService::NewStub(peer_.channel)) {}

void RegistryClient::FindEnterprise(
    const std::string& enterprise,
    std::function<void(absl::StatusOr<domain::EnterpriseFacts>)> done) {
  registry::v1::GetEnterpriseRequest request;
  request.set_name(enterprise);
  calls_.Start<registry::v1::Enterprise>(
      peer_, kFactTimeout, std::move(request),
      [this](auto* context, auto* request, auto* response, auto answered) {
        stub_->async()->GetEnterprise(context, request, response, std::move(answered));
      },
      [done = std::move(done)](absl::StatusOr<registry::v1::Enterprise> answer) {
        using registry::v1::Enterprise;
        domain::EnterpriseFacts facts;
        if (absl::IsNotFound(answer.status())) return done(facts);
        if (!answer.ok()) return done(errors::PeerUnavailable("registry", answer.status()));
        facts.known = true;
        facts.active = answer->operating_status() == Enterprise::OPERATING_STATUS_ACTIVE;
        facts.operating_status = text::ShortName(answer->operating_status());
        facts.operating_status_vi = text::VietnameseName(answer->operating_status());
        done(std::move(facts));
      });
}

void RegistryClient::FindSize(const std::string& enterprise, int year,
                              std::function<void(absl::StatusOr<domain::SizeFacts>)> done) {
  registry::v1::GetSizeClassRequest request;
  request.set_name(absl::StrCat(enterprise, "/sizeClasses/", year));
  calls_.Start<registry::v1::SizeClass>(
      peer_, kFactTimeout, std::move(request),
      [this](auto* context, auto* request, auto* response, auto answered) {
        stub_->async()->GetSizeClass(context, request, response, std::move(answered));
      },
      [done = std::move(done)](absl::StatusOr<registry::v1::SizeClass> answer) {
        domain::SizeFacts facts;
        if (absl::IsNotFound(answer.status()) || absl::IsFailedPrecondition(answer.status())) {
          return done(facts);
        }
        if (!answer.ok()) return done(errors::PeerUnavailable("registry", answer.status()));
        facts.known = answer->size() != registry::v1::SIZE_UNSPECIFIED;
        facts.size = text::ShortName(answer->size());
        facts.rule_version = answer->rule_version();
        done(std::move(facts));
      });
}

}  // namespace nscl::casework
