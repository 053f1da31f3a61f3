#include "common/sheet/xlsx_package.h"

#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sheet/errors.h"
#include "common/sheet/file.h"
#include "common/status/status_macros.h"

namespace nscl::sheet {
namespace {

constexpr size_t kReadBytes = size_t{128} << 10;
// Elements within one another; a sheet has six.
constexpr int kMaxDepth = 64;
constexpr uLong kEncryptedFlag = 1;

// What the file is where it is no archive.
absl::Status NotAnArchive(const std::string& path) {
  ASSIGN_OR_RETURN(File file, OpenToRead(path));
  std::array<char, 8> bytes = {};
  const size_t got = std::fread(bytes.data(), 1, bytes.size(), file.get());
  if (absl::StartsWith(absl::string_view(bytes.data(), got), "\xD0\xCF\x11\xE0")) {
    return errors::AnotherFormat(
        "a workbook of Excel 97-2003 (.xls) or one protected by a password; save it as .xlsx",
        "bảng tính Excel 97-2003 (.xls) hoặc có mật khẩu; hãy lưu lại dạng .xlsx");
  }
  if (absl::StartsWith(absl::string_view(bytes.data(), got), "PK")) {
    return errors::XlsxDamaged("archive", "the directory at its end cannot be read");
  }
  return errors::AnotherFormat("not an XLSX workbook", "tệp không phải bảng tính XLSX");
}

}  // namespace

XlsxPackage::XlsxPackage(void* zip, const Limits& limits)
    : zip_(zip), limits_(limits), buffer_(kReadBytes, 0) {}

absl::StatusOr<std::unique_ptr<XlsxPackage>> XlsxPackage::Open(const std::string& path,
                                                               const Limits& limits) {
  void* zip = unzOpen64(path.c_str());
  if (zip == nullptr) return NotAnArchive(path);
  std::unique_ptr<XlsxPackage> package(new XlsxPackage(zip, limits));
  unz_global_info64 info;
  if (unzGetGlobalInfo64(zip, &info) != UNZ_OK) {
    return errors::XlsxDamaged("archive", "the directory cannot be read");
  }
  if (info.number_entry > limits.max_parts) {
    return errors::XlsxTooMany("parts", static_cast<int64_t>(limits.max_parts));
  }
  return package;
}

bool XlsxPackage::Has(const std::string& part) const {
  return unzLocateFile(zip_.get(), part.c_str(), /*iCaseSensitivity=*/1) == UNZ_OK;
}

absl::Status XlsxPackage::OpenPart(const std::string& part) {
  ClosePart();
  if (!Has(part)) return errors::XlsxDamaged(part, "the part is missing");
  unz_file_info64 info;
  if (unzGetCurrentFileInfo64(zip_.get(), &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
    return errors::XlsxDamaged(part, "its entry cannot be read");
  }
  if ((info.flag & kEncryptedFlag) != 0) return errors::XlsxEncrypted(part);
  if (unzOpenCurrentFile(zip_.get()) != UNZ_OK) {
    return errors::XlsxDamaged(part, "its compression is not known");
  }
  part_ = part;
  packed_bytes_ = static_cast<int64_t>(info.compressed_size);
  unpacked_bytes_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<absl::string_view> XlsxPackage::Read() {
  const int got =
      unzReadCurrentFile(zip_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
  if (got < 0) return errors::XlsxDamaged(part_, "it cannot be unpacked");
  if (got == 0) {
    if (unzCloseCurrentFile(zip_.get()) == UNZ_CRCERROR) {
      return errors::XlsxDamaged(part_, "its checksum does not fit");
    }
    part_.clear();
    return absl::string_view();
  }
  unpacked_bytes_ += got;
  all_bytes_ += got;
  if (unpacked_bytes_ > limits_.ratio_from_bytes &&
      unpacked_bytes_ / limits_.max_ratio > packed_bytes_) {
    return errors::XlsxRatio(part_, limits_.max_ratio);
  }
  if (all_bytes_ > limits_.max_inflated_bytes) {
    return errors::XlsxTooLarge(part_, limits_.max_inflated_bytes);
  }
  return absl::string_view(buffer_.data(), static_cast<size_t>(got));
}

void XlsxPackage::ClosePart() {
  if (!part_.empty()) unzCloseCurrentFile(zip_.get());
  part_.clear();
}

absl::string_view LocalName(absl::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

const char* Attribute(const char** attributes, absl::string_view name) {
  for (; attributes[0] != nullptr; attributes += 2) {
    if (LocalName(attributes[0]) == name) return attributes[1];
  }
  return nullptr;
}

XmlStream::XmlStream(XlsxPackage& package, XmlHandler& handler)
    : package_(package), handler_(handler), parser_(XML_ParserCreate(nullptr)) {
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), OnStart, OnEnd);
  XML_SetCharacterDataHandler(parser_.get(), OnText);
  XML_SetStartDoctypeDeclHandler(parser_.get(), OnDoctype);
}

void XmlStream::StopAt(absl::Status fault) {
  if (fault_.ok()) fault_ = std::move(fault);
  XML_StopParser(parser_.get(), XML_FALSE);
}

void XmlStream::OnStart(void* self, const char* name, const char** attributes) {
  auto& stream = *static_cast<XmlStream*>(self);
  if (!stream.fault_.ok()) return;
  if (++stream.depth_ > kMaxDepth) {
    return stream.StopAt(errors::XlsxDamaged(stream.package_.part(), "elements nest too deeply"));
  }
  stream.handler_.Start(LocalName(name), attributes);
  if (!stream.handler_.fault().ok()) stream.StopAt(stream.handler_.fault());
}

void XmlStream::OnEnd(void* self, const char* name) {
  auto& stream = *static_cast<XmlStream*>(self);
  if (!stream.fault_.ok()) return;
  --stream.depth_;
  stream.handler_.End(LocalName(name));
  if (!stream.handler_.fault().ok()) stream.StopAt(stream.handler_.fault());
}

void XmlStream::OnText(void* self, const char* text, int size) {
  auto& stream = *static_cast<XmlStream*>(self);
  if (!stream.fault_.ok()) return;
  stream.handler_.Text(absl::string_view(text, static_cast<size_t>(size)));
  if (!stream.handler_.fault().ok()) stream.StopAt(stream.handler_.fault());
}

void XmlStream::OnDoctype(void* self, const char* /*name*/, const char* /*system_id*/,
                          const char* /*public_id*/, int /*has_internal_subset*/) {
  auto& stream = *static_cast<XmlStream*>(self);
  stream.StopAt(errors::XlsxDoctype(stream.package_.part()));
}

absl::StatusOr<bool> XmlStream::Step() {
  const std::string part = package_.part();
  ASSIGN_OR_RETURN(absl::string_view bytes, package_.Read());
  const bool last = bytes.empty();
  const XML_Status parsed =
      XML_Parse(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
  RETURN_IF_ERROR(fault_);
  if (parsed != XML_STATUS_OK) {
    return errors::XlsxDamaged(part,
                               absl::StrCat("line ", XML_GetCurrentLineNumber(parser_.get()), ": ",
                                            XML_ErrorString(XML_GetErrorCode(parser_.get()))));
  }
  return !last;
}

absl::Status ParsePart(XlsxPackage& package, const std::string& part, XmlHandler& handler) {
  RETURN_IF_ERROR(package.OpenPart(part));
  XmlStream stream(package, handler);
  while (true) {
    ASSIGN_OR_RETURN(bool more, stream.Step());
    if (!more) return absl::OkStatus();
  }
}

}  // namespace nscl::sheet
