#include "services/registry/errors.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/time/legal_date.h"

namespace nscl::registry::errors {

using status::Error;

absl::Status TaxCodeExists(absl::string_view tax_code, absl::string_view enterprise) {
  return Error(absl::StatusCode::kAlreadyExists, "TAX_CODE_EXISTS")
      .Meta("tax_code", tax_code)
      .Meta("enterprise", enterprise)
      .En("tax code ", tax_code, " belongs to ", enterprise)
      .Vi("mã số thuế ", tax_code, " đã được đăng ký cho ", enterprise);
}

absl::Status BranchWithoutHead(absl::string_view tax_code, absl::string_view head_tax_code) {
  return Error(absl::StatusCode::kFailedPrecondition, "BRANCH_WITHOUT_HEAD")
      .Meta("tax_code", tax_code)
      .Meta("head_tax_code", head_tax_code)
      .Precondition("BRANCH_WITHOUT_HEAD", tax_code, "register the head first")
      .En("no enterprise has the tax code ", head_tax_code, ", the head of ", tax_code)
      .Vi("chưa có doanh nghiệp mã số thuế ", head_tax_code, ", trụ sở chính của đơn vị ",
          tax_code);
}

absl::Status PersonalDataErased(absl::string_view name) {
  return Error(absl::StatusCode::kFailedPrecondition, "PERSONAL_DATA_ERASED")
      .Meta("name", name)
      .Precondition("PERSONAL_DATA_ERASED", name, "enter a new one")
      .En("the personal data of ", name, " were erased on request and are not entered again")
      .Vi("dữ liệu cá nhân của ", name, " đã được xóa theo yêu cầu, không nhập lại được");
}

absl::Status CertificateNumberExists(absl::string_view number, absl::string_view certificate) {
  return Error(absl::StatusCode::kAlreadyExists, "CERTIFICATE_NUMBER_EXISTS")
      .Meta("certificate_number", number)
      .Meta("certificate", certificate)
      .En("certificate ", number, " of the same body and standard is ", certificate)
      .Vi("giấy chứng nhận số ", number, " của cùng tổ chức và tiêu chuẩn đã có: ", certificate);
}

absl::Status ClusterNameExists(absl::string_view display_name, absl::string_view cluster) {
  return Error(absl::StatusCode::kAlreadyExists, "CLUSTER_NAME_EXISTS")
      .Meta("display_name", display_name)
      .Meta("cluster", cluster)
      .En("\"", display_name, "\" is ", cluster)
      .Vi("\"", display_name, "\" đã có: ", cluster);
}

absl::Status ProviderTaxCodeExists(absl::string_view tax_code, absl::string_view provider) {
  return Error(absl::StatusCode::kAlreadyExists, "TAX_CODE_EXISTS")
      .Meta("tax_code", tax_code)
      .Meta("provider", provider)
      .En("tax code ", tax_code, " belongs to ", provider)
      .Vi("mã số thuế ", tax_code, " đã được ghi nhận cho ", provider);
}

absl::Status ProvinceUnknown(absl::string_view field, absl::string_view province) {
  status::Violations violations;
  violations.Add(field, "PROVINCE_UNKNOWN",
                 absl::StrCat("no province has or had the code ", province),
                 absl::StrCat("không có tỉnh, thành phố nào mang mã ", province));
  return violations.ToStatus();
}

absl::Status AdminUnitNotFound(absl::string_view name) {
  return Error(absl::StatusCode::kNotFound, "ADMIN_UNIT_NOT_FOUND")
      .Meta("name", name)
      .En("no administrative unit ", name)
      .Vi("không tìm thấy đơn vị hành chính ", name);
}

absl::Status YearProfileNotFound(absl::string_view name) {
  return Error(absl::StatusCode::kNotFound, "YEAR_PROFILE_NOT_FOUND")
      .Meta("name", name)
      .En("no figures of the year: ", name)
      .Vi("chưa có số liệu của năm: ", name);
}

absl::Status NoSizeRule(absl::string_view sector, int year) {
  return Error(absl::StatusCode::kFailedPrecondition, "NO_SIZE_RULE")
      .Meta("sector", sector)
      .Meta("year", year)
      .Precondition("NO_SIZE_RULE", absl::StrCat(sector),
                    absl::StrCat("no rule holds on 31/12/", year))
      .En("no rule on the size of enterprises of the sector ", sector, " holds on 31/12/", year)
      .Vi("không có quy định về quy mô doanh nghiệp của khu vực ", sector,
          " có hiệu lực ngày 31/12/", year);
}

absl::Status SizeInputsMissing(absl::string_view year_profile) {
  return Error(absl::StatusCode::kFailedPrecondition, "SIZE_INPUTS")
      .Meta("year_profile", year_profile)
      .Precondition("SIZE_INPUTS", year_profile, "the capital is needed")
      .En("the revenue of an enterprise younger than one year is not used, and ", year_profile,
          " has no capital")
      .Vi("doanh nghiệp hoạt động dưới một năm không dùng doanh thu; ", year_profile,
          " chưa có tổng nguồn vốn");
}

absl::Status SurveyHasNoBaseline(absl::string_view survey) {
  return Error(absl::StatusCode::kFailedPrecondition, "SURVEY_HAS_NO_BASELINE")
      .Meta("survey", survey)
      .Precondition("SURVEY_HAS_NO_BASELINE", survey, "it names no baseline")
      .En(survey, " names no baseline to be compared with")
      .Vi(survey, " không có khảo sát ban đầu để so sánh");
}

absl::Status NoOverlapRule(absl::CivilDay day) {
  const std::string iso = time::FormatIsoDate(day);
  return Error(absl::StatusCode::kFailedPrecondition, "NO_OVERLAP_RULE")
      .Meta("day", iso)
      .Precondition("NO_OVERLAP_RULE", iso, "no rule holds on the day")
      .En("no rule on overlapping support holds on ", iso)
      .Vi("không có quy định về hỗ trợ trùng lặp có hiệu lực ngày ", time::FormatDate(day));
}

absl::Status NeedNotProposed(absl::string_view need, absl::string_view state) {
  return Error(absl::StatusCode::kFailedPrecondition, "NEED_STATE")
      .Meta("need", need)
      .Meta("state", state)
      .Precondition("NEED_STATE", need, absl::StrCat("it is ", state))
      .En(need, " is ", state, ", not STATE_PROPOSED")
      .Vi("nhu cầu ", need, " đã được xử lý (", state, "), không thay đổi được nữa");
}

absl::Status SearchIndexLoading() {
  return Error(absl::StatusCode::kUnavailable, "SEARCH_INDEX_LOADING")
      .RetryAfter(absl::Seconds(1))
      .En("the search index is being read; everything else is served")
      .Vi("hệ thống đang nạp chỉ mục tìm kiếm, vui lòng thử lại sau ít giây");
}

absl::Status SearchIndexFull(size_t limit_bytes, size_t needed_bytes) {
  return Error(absl::StatusCode::kResourceExhausted, "SEARCH_INDEX_FULL")
      .Meta("limit_bytes", limit_bytes)
      .Meta("needed_bytes", needed_bytes)
      .En("the search index needs ", needed_bytes, " bytes and more, --search-index-bytes allows ",
          limit_bytes, "; everything else is served")
      .Vi("chỉ mục tìm kiếm cần hơn ", needed_bytes, " byte, vượt giới hạn ", limit_bytes,
          " byte; các chức năng khác vẫn hoạt động");
}

}  // namespace nscl::registry::errors
