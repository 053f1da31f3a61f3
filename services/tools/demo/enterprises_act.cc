#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "nscl/registry/v1/enterprise_service.pb.h"
#include "nscl/registry/v1/year_profile_service.pb.h"
#include "services/tools/demo/enterprises.h"
#include "services/tools/demo/stage.h"

namespace nscl::tools {
namespace {

namespace rg = registry::v1;

class EnterprisesAct {
 public:
  explicit EnterprisesAct(Stage& stage) : stage_(stage) {}

  absl::Status Register(const DemoEnterprise& row) {
    std::string name = absl::StrCat("provinces/", row.province, "/enterprises/", row.id);
    rg::GetEnterpriseRequest get;
    get.set_name(name);
    absl::StatusOr<rg::Enterprise> enterprise =
        stage_.door().Call<rg::Enterprise>("nscl.registry.v1.EnterpriseService.GetEnterprise", get);
    if (!enterprise.ok() && !absl::IsNotFound(enterprise.status())) return enterprise.status();
    bool found = enterprise.ok();
    if (!found) {
      rg::CreateEnterpriseRequest create;
      create.set_parent(absl::StrCat("provinces/", row.province));
      create.set_enterprise_id(row.id);
      create.set_request_id(RequestId(absl::StrCat("register ", name)));
      rg::Enterprise& e = *create.mutable_enterprise();
      e.set_display_name(row.display_name);
      e.set_tax_code(row.tax_code);
      e.set_legal_kind(row.legal_kind);
      e.set_vsic_section(row.vsic_section);
      e.set_demo(true);
      *e.mutable_established_on() = Day(2015, 6, 1);
      enterprise = stage_.door().Call<rg::Enterprise>(
          "nscl.registry.v1.EnterpriseService.CreateEnterprise", create);
      RETURN_IF_ERROR(enterprise.status());
    }
    rg::UpdateYearProfileRequest profile;
    profile.set_allow_missing(true);
    profile.set_request_id(RequestId(absl::StrCat("profile ", name)));
    rg::YearProfile& p = *profile.mutable_year_profile();
    p.set_name(absl::StrCat(name, "/yearProfiles/", row.profile_year));
    p.set_employees_tenths(row.employees_tenths);
    if (row.revenue_vnd >= 0) p.set_revenue_vnd(row.revenue_vnd);
    if (row.capital_vnd >= 0) p.set_capital_vnd(row.capital_vnd);
    p.set_months_operating(12);
    p.set_declared_by("Doanh nghiệp tự kê khai (dữ liệu minh họa)");
    *p.mutable_declared_on() = Day(row.profile_year + 1, 1, 15);
    rg::GetSizeClassRequest size;
    size.set_name(absl::StrCat(name, "/sizeClasses/", row.profile_year));
    absl::StatusOr<rg::SizeClass> size_class =
        stage_.door().Call<rg::SizeClass>("nscl.registry.v1.EnterpriseService.GetSizeClass", size);
    if (absl::IsNotFound(size_class.status())) {
      RETURN_IF_ERROR(stage_.door()
                          .Call<rg::YearProfile>(
                              "nscl.registry.v1.YearProfileService.UpdateYearProfile", profile)
                          .status());
      size_class = stage_.door().Call<rg::SizeClass>(
          "nscl.registry.v1.EnterpriseService.GetSizeClass", size);
    }
    RETURN_IF_ERROR(size_class.status());
    std::string line =
        absl::StrCat("enterprise ", enterprise->tax_code(), " ", enterprise->display_name(), ": ",
                     rg::Size_Name(size_class->size()), " by ", size_class->legal_basis());
    found ? stage_.Found(line) : stage_.Did(line);
    stage_.result().enterprises.push_back(*std::move(enterprise));
    stage_.result().size_classes.push_back(*std::move(size_class));
    return absl::OkStatus();
  }

 private:
  Stage& stage_;
};

}  // namespace

absl::Status PlayEnterprise(Stage& stage, const DemoEnterprise& row) {
  return EnterprisesAct(stage).Register(row);
}

absl::Status PlayEnterprises(Stage& stage) {
  for (const DemoEnterprise& row : kEnterprises) RETURN_IF_ERROR(PlayEnterprise(stage, row));
  return absl::OkStatus();
}

}  // namespace nscl::tools
