#include "services/registry/imports/columns.h"

#include <string>

#include "absl/strings/ascii.h"
#include "common/text/enum_name.h"
#include "common/text/search_key.h"

namespace nscl::registry::imports {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;

const std::vector<Column>& EnterpriseColumns() {
  static const auto& columns = *new std::vector<Column>{
      {"Mã số thuế", "tax_code", Kind::kText, true,
       "10 chữ số, hoặc 10 chữ số-3 chữ số của chi nhánh; định dạng ô là văn bản để giữ số 0 đầu"},
      {"Tên doanh nghiệp", "display_name", Kind::kText, true, "Tên đăng ký, tối đa 500 ký tự"},
      {"Tên nước ngoài", "foreign_name", Kind::kText, false, "Tối đa 500 ký tự"},
      {"Tên viết tắt", "short_name", Kind::kText, false, "Tối đa 200 ký tự"},
      {"Loại hình", "legal_kind", Kind::kEnum, true,
       "công ty TNHH một thành viên, công ty cổ phần, hợp tác xã, hộ kinh doanh…"},
      {"Tình trạng hoạt động", "operating_status", Kind::kEnum, false,
       "đang hoạt động (mặc định), tạm ngừng kinh doanh, đang làm thủ tục giải thể, đã giải thể, "
       "không rõ"},
      {"Địa chỉ", "address", Kind::kText, false, "Địa chỉ đăng ký, tối đa 500 ký tự"},
      {"Mã xã", "commune_code", Kind::kText, false, "Mã xã, phường từ 01/07/2025, 5 chữ số"},
      {"Mã xã cũ", "old_commune_code", Kind::kText, false,
       "Mã xã, phường trước 01/07/2025, 5 chữ số"},
      {"Ngày thành lập", "established_on", Kind::kDate, false, "Ngày/tháng/năm"},
      {"Ngành cấp 1", "vsic_section", Kind::kText, false,
       "Chữ cái ngành cấp 1 của ngành chính (VSIC); phải có nếu không có mã ngành chính"},
      {"Mã ngành chính", "vsic_main", Kind::kText, false, "Mã ngành kinh tế chính (VSIC)"},
      {"Mã ngành khác", "vsic_others", Kind::kTexts, false, "Các mã cách nhau bằng dấu chấm phẩy"},
      {"Ngày đăng ký ngành", "vsic_on", Kind::kDate, false,
       "Ngày/tháng/năm; quyết định phiên bản VSIC"},
      {"Điện thoại", "phone", Kind::kText, false, "Tối đa 30 ký tự"},
      {"Thư điện tử", "email", Kind::kText, false, "Tối đa 254 ký tự"},
      {"Trang thông tin điện tử", "website", Kind::kText, false, "Tối đa 300 ký tự"},
      {"Năm số liệu", "year_profile.year", Kind::kNumber, false,
       "Năm của các cột sau; để trống nếu không có số liệu năm"},
      {"Lao động bình quân", "year_profile.employees_tenths", Kind::kTenths, false,
       "Số lao động tham gia BHXH bình quân năm, một số lẻ"},
      {"Doanh thu", "year_profile.revenue_vnd", Kind::kMoney, false, "Đồng"},
      {"Tổng nguồn vốn", "year_profile.capital_vnd", Kind::kMoney, false, "Đồng"},
      {"Số tháng hoạt động", "year_profile.months_operating", Kind::kNumber, false, "1 đến 12"},
      {"Đơn vị kê khai", "year_profile.declared_by", Kind::kText, false, "Tối đa 200 ký tự"},
      {"Ngày kê khai", "year_profile.declared_on", Kind::kDate, false, "Ngày/tháng/năm"},
      {"Số văn bản kê khai", "year_profile.document_number", Kind::kText, false,
       "Tối đa 100 ký tự"},
  };
  return columns;
}

const std::vector<Column>& SupportRecordColumns() {
  static const auto& columns = *new std::vector<Column>{
      {"Mã bản ghi", "id", Kind::kText, false,
       "Để trống khi nhập mới; tệp xuất ra có mã để sửa đúng bản ghi"},
      {"Mã số thuế", "tax_code", Kind::kText, true, "Của doanh nghiệp đã đăng ký trong tỉnh"},
      {"Chương trình", "programme", Kind::kText, true, "Mã chương trình, ví dụ NSCL_1322"},
      {"Đơn vị hỗ trợ", "sector_unit", Kind::kText, true, "Tối đa 300 ký tự"},
      {"Nội dung hỗ trợ", "content", Kind::kText, true, "Mã nội dung, ví dụ MANAGEMENT_SYSTEM"},
      {"Giải pháp", "solution", Kind::kText, false, "Mã giải pháp"},
      {"Sản phẩm", "product", Kind::kText, false, "Tên tài nguyên của sản phẩm được hỗ trợ"},
      {"Từ ngày", "starts_on", Kind::kDate, true, "Ngày/tháng/năm"},
      {"Đến ngày", "ends_on", Kind::kDate, false, "Ngày/tháng/năm; để trống nếu chưa kết thúc"},
      {"Kinh phí nhà nước", "state_part_vnd", Kind::kMoney, false, "Đồng"},
      {"Nguồn kinh phí", "funding_source", Kind::kText, false, "Mã nguồn kinh phí"},
      {"Số văn bản", "evidence.document_number", Kind::kText, false, "Tối đa 100 ký tự"},
      {"Cơ quan ban hành", "evidence.issuer", Kind::kText, false, "Tối đa 300 ký tự"},
      {"Ngày ban hành", "evidence.issued_on", Kind::kDate, false, "Ngày/tháng/năm"},
  };
  return columns;
}

const std::vector<Column>& NeedColumns() {
  static const auto& columns = *new std::vector<Column>{
      {"Mã nhu cầu", "id", Kind::kText, false,
       "Để trống khi nhập mới; tệp xuất ra có mã để sửa đúng nhu cầu"},
      {"Mã số thuế", "tax_code", Kind::kText, false,
       "Của doanh nghiệp đã đăng ký trong tỉnh; nếu chưa đăng ký thì ghi tên"},
      {"Tên doanh nghiệp", "enterprise_name", Kind::kText, false,
       "Khi doanh nghiệp chưa đăng ký; tối đa 500 ký tự"},
      {"Nội dung", "content", Kind::kText, true, "Mã nội dung, ví dụ MANAGEMENT_SYSTEM"},
      {"Giải pháp", "solution", Kind::kText, false, "Mã giải pháp"},
      {"Năm", "year", Kind::kNumber, true, "Năm cần hỗ trợ"},
      {"Số lượng", "quantity", Kind::kNumber, true, "1 đến 1.000.000"},
      {"Đơn vị đề xuất", "proposed_by", Kind::kText, true, "Mã tổ chức trong tỉnh"},
      {"Ngày đề xuất", "proposed_on", Kind::kDate, true, "Ngày/tháng/năm"},
      {"Ghi chú", "note", Kind::kText, false, "Tối đa 2.000 ký tự"},
  };
  return columns;
}

}  // namespace

const std::vector<Column>& ColumnsOf(v1::Operation::Dataset dataset) {
  switch (dataset) {
    case v1::Operation::DATASET_SUPPORT_RECORDS:
      return SupportRecordColumns();
    case v1::Operation::DATASET_NEEDS:
      return NeedColumns();
    default:
      return EnterpriseColumns();
  }
}

absl::string_view SlugOf(v1::Operation::Dataset dataset) {
  switch (dataset) {
    case v1::Operation::DATASET_SUPPORT_RECORDS:
      return "lich-su-ho-tro";
    case v1::Operation::DATASET_NEEDS:
      return "nhu-cau";
    default:
      return "doanh-nghiep";
  }
}

absl::string_view LabelOf(v1::Operation::Dataset dataset) {
  switch (dataset) {
    case v1::Operation::DATASET_SUPPORT_RECORDS:
      return "Lịch sử hỗ trợ";
    case v1::Operation::DATASET_NEEDS:
      return "Nhu cầu";
    default:
      return "Doanh nghiệp";
  }
}

EnumNames::EnumNames(const EnumDescriptor& type) {
  for (int i = 1; i < type.value_count(); ++i) {
    const EnumValueDescriptor& value = *type.value(i);
    const std::string label = text::VietnameseName(type, value.number());
    for (const std::string& name :
         {label, text::SearchKey(label), value.name(), text::ShortName(type, value.number())}) {
      values_.emplace(name, &value);
    }
  }
}

const EnumValueDescriptor* EnumNames::Find(absl::string_view text) const {
  for (const std::string& name :
       {std::string(text), text::SearchKey(text), absl::AsciiStrToUpper(text)}) {
    if (const auto found = values_.find(name); found != values_.end()) return found->second;
  }
  return nullptr;
}

}  // namespace nscl::registry::imports
