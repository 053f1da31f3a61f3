// The ZIP archive of a workbook and the XML in it, read as a stream under limits.
#pragma once

#include <expat.h>
#include <unzip.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sheet/sheet.h"

namespace nscl::sheet {

struct ZipCloser {
  void operator()(void* zip) const { unzClose(zip); }
};

// An open archive. Only parts that are asked for are unpacked; what they unpack to is counted over
// the whole life of the archive.
class XlsxPackage {
 public:
  static absl::StatusOr<std::unique_ptr<XlsxPackage>> Open(const std::string& path,
                                                           const Limits& limits);

  bool Has(const std::string& part) const;
  // One part is open at a time. INVALID_ARGUMENT `XLSX_DAMAGED` where it is not there.
  absl::Status OpenPart(const std::string& part);
  // The next bytes of the part; empty at its end, when its checksum was compared.
  absl::StatusOr<absl::string_view> Read();
  void ClosePart();

  const Limits& limits() const { return limits_; }
  const std::string& part() const { return part_; }

 private:
  XlsxPackage(void* zip, const Limits& limits);

  std::unique_ptr<void, ZipCloser> zip_;
  const Limits limits_;
  std::string part_;
  int64_t packed_bytes_ = 0;    // of the open part
  int64_t unpacked_bytes_ = 0;  // of the open part, so far
  int64_t all_bytes_ = 0;
  std::string buffer_;
};

// An attribute's value by its name without prefix; null where there is none.
const char* Attribute(const char** attributes, absl::string_view name);
// "row" for "x:row".
absl::string_view LocalName(absl::string_view name);

// What is done with the XML of a part.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void Start(absl::string_view element, const char** attributes) = 0;
  virtual void End(absl::string_view element) = 0;
  virtual void Text(absl::string_view text) {}
  // Set by the handler: ends the parsing with this refusal.
  const absl::Status& fault() const { return fault_; }

 protected:
  absl::Status fault_;
};

// Parses the open part piece by piece. A document type is refused: nothing of an XLSX needs one,
// and entities come from it.
class XmlStream {
 public:
  XmlStream(XlsxPackage& package, XmlHandler& handler);

  // Parses the next piece; false at the end.
  absl::StatusOr<bool> Step();

 private:
  static void OnStart(void* self, const char* name, const char** attributes);
  static void OnEnd(void* self, const char* name);
  static void OnText(void* self, const char* text, int size);
  static void OnDoctype(void* self, const char*, const char*, const char*, int);
  void StopAt(absl::Status fault);

  struct ParserFree {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };

  XlsxPackage& package_;
  XmlHandler& handler_;
  std::unique_ptr<XML_ParserStruct, ParserFree> parser_;
  int depth_ = 0;
  absl::Status fault_;
};

// Parses a whole part.
absl::Status ParsePart(XlsxPackage& package, const std::string& part, XmlHandler& handler);

}  // namespace nscl::sheet
