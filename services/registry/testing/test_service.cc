#include "services/registry/testing/test_service.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"

namespace nscl::registry {

std::string TaxCode(int n) {
  constexpr int kWeights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
  for (int serial = 1;; ++serial) {
    std::string nine = absl::StrFormat("58%07d", serial);
    int sum = 0;
    for (int i = 0; i < 9; ++i) sum += kWeights[i] * (nine[i] - '0');
    if (sum % 11 != 0 && n-- == 0) return absl::StrCat(nine, 10 - sum % 11);
  }
}

TestService::TestService() { Open(/*init=*/true); }

TestService::~TestService() {
  test_.Stop();
  service_.reset();
}

void TestService::Restart(const std::function<void(Options*)>& between) {
  test_.Stop();
  service_.reset();
  Open(/*init=*/false, between);
}

void TestService::Open(bool init, const std::function<void(Options*)>& change) {
  Options options;
  options.data_dir = test_.folder();
  options.backup_dir = absl::StrCat(test_.folder(), "/backup");
  options.catalogue_dir = NSCL_SOURCE_DIR "/deploy/catalogue";
  options.init = init;
  options.clock = &clock_;
  options.door = &test_.door();
  if (change) change(&options);
  absl::StatusOr<std::unique_ptr<Service>> service = Service::Open(options);
  if (!service.ok()) {
    std::cerr << service.status() << std::endl;
    std::abort();
  }
  service_ = *std::move(service);
  service_->Start();
  clerk_ = test_.Serve(service_->grpc_services(),
                       test_.Token({"enterprise_clerk", "province_reader"}, {"48", "56"}));
}

std::string TestService::Enterprise(const std::string& id, const std::string& tax_code,
                                    const std::string& province) {
  v1::CreateEnterpriseRequest request;
  request.set_parent(absl::StrCat("provinces/", province));
  request.set_enterprise_id(id);
  v1::Enterprise* enterprise = request.mutable_enterprise();
  enterprise->set_display_name(absl::StrCat("Công ty TNHH ", id));
  enterprise->set_tax_code(tax_code);
  enterprise->set_legal_kind(v1::Enterprise::LEGAL_KIND_LLC1);
  enterprise->set_vsic_section("C");
  absl::StatusOr<v1::Enterprise> created =
      CallAs(As({"enterprise_clerk"}, {"*"}), &v1::EnterpriseService::Stub::CreateEnterprise,
             std::move(request));
  EXPECT_TRUE(created.ok()) << created.status();
  return created.ok() ? created->name() : "";
}

std::string TestService::RequestId() {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", ++requests_);
}

}  // namespace nscl::registry
