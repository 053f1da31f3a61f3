// Imports and exports over a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/rpc/testing/test_door.h"
#include "common/sheet/csv.h"
#include "common/store/hash.h"
#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "nscl/registry/v1/operation_service.grpc.pb.h"
#include "nscl/registry/v1/year_profile_service.grpc.pb.h"
#include "services/registry/service.h"

namespace nscl::registry {
namespace {

using ::nscl::testing::CodeIs;
using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;
using ::nscl::testing::Refused;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Operations = v1::OperationService;
using Op = v1::Operation;

// The n-th valid tax code of the tax office 58.
std::string TaxCode(int n) {
  constexpr int kWeights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
  static auto& codes = *new std::vector<std::string>;
  for (int serial = codes.empty() ? 1 : std::atoi(codes.back().substr(2, 7).c_str()) + 1;
       codes.size() <= static_cast<size_t>(n); ++serial) {
    const std::string nine = absl::StrFormat("58%07d", serial);
    int sum = 0;
    for (int i = 0; i < 9; ++i) sum += kWeights[i] * (nine[static_cast<size_t>(i)] - '0');
    if (sum % 11 != 0) codes.push_back(absl::StrCat(nine, 10 - sum % 11));
  }
  return codes[static_cast<size_t>(n)];
}

constexpr char kTitles[] =
    "Tên doanh nghiệp;Mã số thuế;Loại hình;Ngành cấp 1;Địa chỉ;Năm số liệu;Lao động bình quân;"
    "Doanh thu;Tổng nguồn vốn;Số tháng hoạt động\n";

// A row with figures; `n` chooses the tax code.
std::string Line(int n, const std::string& name = "Công ty A", const std::string& more = "") {
  return absl::StrCat(name, " ", n, ";", TaxCode(n), ";Công ty cổ phần;C;Đà Nẵng;",
                      more.empty() ? "2024;10,5;1.000.000.000;;12" : more, "\n");
}

std::string Lines(int count) {
  std::string lines = kTitles;
  for (int n = 0; n < count; ++n) lines += Line(n);
  return lines;
}

class OperationTest : public ::testing::Test {
 protected:
  OperationTest() { Start(/*init=*/true); }
  ~OperationTest() override { Stop(); }

  void Start(bool init) {
    Options options;
    options.data_dir = test_.folder();
    options.catalogue_dir = NSCL_SOURCE_DIR "/deploy/catalogue";
    options.init = init;
    options.clock = &clock_;
    options.door = &test_.door();
    options.volume = [this] { return store::Volume{.free_bytes = free_bytes_}; };
    absl::StatusOr<std::unique_ptr<Service>> service = Service::Open(options);
    if (!service.ok()) {
      std::cerr << service.status() << std::endl;
      std::abort();
    }
    service_ = *std::move(service);
    clerk_ = test_.Serve(service_->grpc_services(),
                         test_.Token({"enterprise_clerk", "dost_officer"}, {"48", "56"}));
    service_->Start();
  }
  void Stop() {
    if (service_ == nullptr) return;
    service_->Stop();
    test_.Stop();
    service_.reset();
  }
  void Restart() {
    Stop();
    Start(/*init=*/false);
  }

  template <typename Method, typename Request>
  auto CallAs(const rpc::Peer& peer, Method method, const Request& request) {
    auto stub = Operations::NewStub(peer.channel);
    return rpc::Call(peer, *stub, method, request);
  }

  std::string NextRequestId() {
    return absl::StrFormat("00000000-0000-4000-8000-%012d", ++requests_);
  }

  v1::StartImportRequest ImportOf(const std::string& bytes, Op::Format format = Op::FORMAT_CSV,
                                  const std::string& province = "48") {
    v1::StartImportRequest request;
    request.set_parent("provinces/" + province);
    request.set_dataset(Op::DATASET_ENTERPRISES);
    request.set_format(format);
    request.set_file_name("doanh nghiệp.csv");
    request.set_size_bytes(static_cast<int64_t>(bytes.size()));
    request.set_file_sha256(store::Hex(store::Sha256({bytes})));
    request.set_request_id(NextRequestId());
    return request;
  }
  absl::StatusOr<Op> Begin(const v1::StartImportRequest& request) {
    return CallAs(clerk_, &Operations::Stub::StartImport, request);
  }
  absl::StatusOr<Op> Append(const std::string& name, int64_t offset, absl::string_view data) {
    v1::AppendImportDataRequest request;
    request.set_name(name);
    request.set_offset(offset);
    request.set_data(std::string(data));
    request.set_request_id(NextRequestId());
    return CallAs(clerk_, &Operations::Stub::AppendImportData, request);
  }
  absl::StatusOr<Op> Get(const std::string& name) {
    v1::GetOperationRequest request;
    request.set_name(name);
    return CallAs(clerk_, &Operations::Stub::GetOperation, request);
  }

  // Sends a file in small pieces and waits until the work ends.
  absl::StatusOr<Op> Send(v1::StartImportRequest request, const std::string& bytes) {
    absl::StatusOr<Op> operation = Begin(request);
    constexpr size_t kPiece = 300'000;
    for (size_t at = 0; operation.ok() && at < bytes.size(); at += kPiece) {
      operation = Append(operation->name(), static_cast<int64_t>(at), bytes.substr(at, kPiece));
    }
    if (!operation.ok()) return operation;
    return Wait(operation->name());
  }
  Op Import(const std::string& bytes, Op::Format format = Op::FORMAT_CSV, bool dry_run = false) {
    v1::StartImportRequest request = ImportOf(bytes, format);
    request.set_dry_run(dry_run);
    absl::StatusOr<Op> operation = Send(request, bytes);
    EXPECT_TRUE(operation.ok()) << operation.status();
    return operation.ok() ? *operation : Op();
  }
  Op Export(Op::Format format, const std::string& filter = "") {
    v1::StartExportRequest request;
    request.set_parent("provinces/48");
    request.set_dataset(Op::DATASET_ENTERPRISES);
    request.set_format(format);
    request.set_filter(filter);
    request.set_request_id(NextRequestId());
    const auto operation = CallAs(clerk_, &Operations::Stub::StartExport, request);
    EXPECT_TRUE(operation.ok()) << operation.status();
    return operation.ok() ? Wait(operation->name()) : Op();
  }

  // Looks at each event of the store until the operation has ended.
  Op Wait(const std::string& name) {
    const absl::Time patience = absl::Now() + absl::Seconds(60);
    while (absl::Now() < patience) {
      const int64_t head = service_->store().TakeSnapshot()->event_position();
      const absl::StatusOr<Op> operation = Get(name);
      EXPECT_TRUE(operation.ok()) << operation.status();
      if (!operation.ok()) return Op();
      if (operation->state() != Op::STATE_RECEIVING && operation->state() != Op::STATE_RUNNING) {
        return *operation;
      }
      std::mutex mutex;
      std::condition_variable changed;
      bool woken = false;
      const int64_t token = service_->store().WaitForEvents(head, [&] {
        std::lock_guard<std::mutex> lock(mutex);
        woken = true;
        changed.notify_all();
      });
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait_for(lock, std::chrono::milliseconds(200), [&] { return woken; });
      lock.unlock();
      service_->store().CancelWait(token);
      lock.lock();
    }
    ADD_FAILURE() << name << " does not end";
    return Op();
  }

  absl::StatusOr<std::string> ReadFile(const std::string& name, int max_bytes = 0) {
    std::string bytes;
    v1::ReadOperationFileRequest request;
    request.set_name(name);
    request.set_max_bytes(max_bytes);
    while (true) {
      request.set_offset(static_cast<int64_t>(bytes.size()));
      auto part = CallAs(clerk_, &Operations::Stub::ReadOperationFile, request);
      if (!part.ok()) return part.status();
      bytes += part->data();
      if (part->next_offset() == part->size_bytes()) return bytes;
    }
  }

  std::vector<v1::Enterprise> Enterprises(const std::string& province = "48") {
    std::vector<v1::Enterprise> all;
    v1::ListEnterprisesRequest request;
    request.set_parent("provinces/" + province);
    request.set_page_size(500);
    auto stub = v1::EnterpriseService::NewStub(clerk_.channel);
    do {
      auto page = rpc::Call(clerk_, *stub, &v1::EnterpriseService::Stub::ListEnterprises, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const auto& enterprise : page->enterprises()) all.push_back(enterprise);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  time::ManualClock clock_{absl::FromCivil(absl::CivilSecond(2026, 11, 22), absl::UTCTimeZone())};
  std::atomic<int64_t> free_bytes_{int64_t{100} << 30};
  rpc::TestDoor test_{"registry"};
  std::unique_ptr<Service> service_;
  rpc::Peer clerk_;
  int requests_ = 0;
};

// "created updated unchanged failed" of an operation that succeeded, else why it failed.
std::string Counts(const Op& operation) {
  if (operation.state() != Op::STATE_SUCCEEDED) {
    return absl::StrCat(Op::State_Name(operation.state()), " ", operation.failure().reason());
  }
  EXPECT_EQ(operation.rows_done(), operation.rows_total());
  return absl::StrCat(operation.rows_created(), " ", operation.rows_updated(), " ",
                      operation.rows_unchanged(), " ", operation.rows_failed());
}

TEST_F(OperationTest, ACsvBecomesEnterprisesWithFigures) {
  const Op operation = Import(Lines(3));
  EXPECT_EQ(Counts(operation), "3 0 0 0");
  EXPECT_EQ(operation.kind(), Op::KIND_IMPORT);
  EXPECT_TRUE(operation.has_start_time());
  EXPECT_TRUE(operation.has_end_time());
  const std::vector<v1::Enterprise> enterprises = Enterprises();
  ASSERT_EQ(enterprises.size(), 3u);
  const v1::Enterprise& first = enterprises[0];
  EXPECT_EQ(first.legal_kind(), v1::Enterprise::LEGAL_KIND_JSC);
  EXPECT_EQ(first.operating_status(), v1::Enterprise::OPERATING_STATUS_ACTIVE);
  EXPECT_EQ(first.sector(), v1::SECTOR_INDUSTRY_CONSTRUCTION);
  v1::GetYearProfileRequest request;
  request.set_name(first.name() + "/yearProfiles/2024");
  auto stub = v1::YearProfileService::NewStub(clerk_.channel);
  const auto profile =
      rpc::Call(clerk_, *stub, &v1::YearProfileService::Stub::GetYearProfile, request);
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->employees_tenths(), 105);
  EXPECT_EQ(profile->revenue_vnd(), 1'000'000'000);
  EXPECT_FALSE(profile->has_capital_vnd());
}

TEST_F(OperationTest, TheSameFileTwiceChangesNothing) {
  const std::string file = Lines(700);  // more than one batch
  EXPECT_EQ(Counts(Import(file)), "700 0 0 0");
  const std::vector<v1::Enterprise> before = Enterprises();
  EXPECT_EQ(Counts(Import(file)), "0 0 700 0");
  const std::vector<v1::Enterprise> after = Enterprises();
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].etag(), after[i].etag());
}

TEST_F(OperationTest, WhatDiffersIsUpdatedAndListed) {
  EXPECT_EQ(Counts(Import(Lines(3))), "3 0 0 0");
  const Op operation =
      Import(absl::StrCat(kTitles, Line(0, "Công ty B"), Line(1, "Công ty A", "2024;11;;;"),
                          Line(2, "Công ty A", "2023;11;;500000;12"), Line(3)));
  EXPECT_EQ(Counts(operation), "1 3 0 0");
  std::vector<std::string> fields;
  for (const auto& field : operation.updated_fields()) {
    fields.push_back(absl::StrCat(field.field(), " ", field.rows()));
  }
  EXPECT_THAT(fields, ElementsAre("display_name 1", "year_profile.employees_tenths 2",
                                  "year_profile.capital_vnd 1", "year_profile.months_operating 1"));
  // An empty cell leaves what is there.
  EXPECT_EQ(Counts(Import(
                absl::StrCat(kTitles, "Công ty B 0;", TaxCode(0), ";Công ty cổ phần;C;;;;;;\n"))),
            "0 0 1 0");
}

TEST_F(OperationTest, RefusedRowsAreListedAndCanBeMended) {
  const std::string file = absl::StrCat(
      kTitles, Line(0), "Sai mã;5800123457;Công ty cổ phần;C;;;;;;\n", "\"=Tên; \"\"lạ\"\"\";",
      TaxCode(1), ";Công ty gì;Z;;năm;;;;\n", Line(0, "Lặp lại"), "Thừa;", TaxCode(2),
      ";Công ty cổ phần;C;;;;;;;x\n", ";", TaxCode(4), ";;;;;;;;\n", Line(3));
  const Op operation = Import(file);
  EXPECT_EQ(Counts(operation), "2 0 0 5");
  EXPECT_EQ(operation.rows_listed(), 5);
  const absl::StatusOr<std::string> errors = ReadFile(operation.name(), 100);
  ASSERT_TRUE(errors.ok()) << errors.status();
  const std::vector<std::string> lines = absl::StrSplit(*errors, "\r\n", absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 6u) << *errors;
  EXPECT_THAT(lines[0], HasSubstr("Dòng trong tệp,Lý do không nhận"));
  EXPECT_THAT(lines[1], HasSubstr("5800123457"));
  EXPECT_THAT(lines[1], HasSubstr(",3,Mã số thuế: CHECK_DIGIT"));
  EXPECT_THAT(lines[2], HasSubstr("\"'=Tên; \"\"lạ\"\"\""));
  EXPECT_THAT(lines[2], HasSubstr("Loại hình: “Công ty gì” không có trong danh mục"));
  EXPECT_THAT(lines[2], HasSubstr("Ngành cấp 1: "));
  EXPECT_THAT(lines[2], HasSubstr("Năm số liệu: "));
  EXPECT_THAT(lines[3], HasSubstr("trùng với dòng 2"));
  EXPECT_THAT(lines[4], HasSubstr("ngoài các cột"));
  EXPECT_THAT(lines[5], HasSubstr("Tên doanh nghiệp: không được để trống"));
  // Sent again as it is, mended in one row.
  std::string mended = absl::StrReplaceAll(*errors, {{"5800123457", TaxCode(5)}});
  EXPECT_EQ(Counts(Import(mended)), "1 1 0 3");
}

TEST_F(OperationTest, ADryRunStoresNothingAndTellsAll) {
  const std::string file = absl::StrCat(Lines(400), "Sai mã;123;Công ty cổ phần;C;;;;;;\n");
  const Op operation = Import(file, Op::FORMAT_CSV, /*dry_run=*/true);
  EXPECT_EQ(Counts(operation), "400 0 0 1");
  EXPECT_TRUE(operation.dry_run());
  EXPECT_TRUE(Enterprises().empty());
  EXPECT_THAT(*ReadFile(operation.name()), HasSubstr("Mã số thuế: "));
  EXPECT_EQ(Counts(Import(file)), "400 0 0 1");
}

TEST_F(OperationTest, AnExportComesBackUnchanged) {
  EXPECT_EQ(Counts(Import(absl::StrCat(kTitles, Line(0), Line(1, "'=HYPERLINK(1)"),
                                       "\"Hai \"\"dấu\"\"; '=x\";", TaxCode(2),
                                       ";Hợp tác xã;A;'+84;2024;0,5;;9007199254740991;12\n",
                                       "Không số liệu;", TaxCode(3), ";Hộ kinh doanh;G;;;;;;\n"))),
            "4 0 0 0");
  std::set<std::string> names;
  for (const v1::Enterprise& enterprise : Enterprises()) names.insert(enterprise.display_name());
  EXPECT_EQ(names.count("=HYPERLINK(1) 1"), 1u);
  for (Op::Format format : {Op::FORMAT_CSV, Op::FORMAT_XLSX}) {
    const Op exported = Export(format);
    EXPECT_EQ(exported.rows_total(), 4);
    const absl::StatusOr<std::string> file = ReadFile(exported.name());
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(exported.size_bytes(), static_cast<int64_t>(file->size()));
    EXPECT_EQ(Counts(Import(*file, format)), "0 0 4 0");
  }
}

TEST_F(OperationTest, FaultsOfTheFileStoreNothing) {
  struct {
    const char* what;
    std::string bytes;
    Op::Format format;
    const char* reason;
  } table[] = {
      {"no titles", "\n\n", Op::FORMAT_CSV, "IMPORT_EMPTY"},
      {"unknown title", "Mã số thuế,Vốn\n", Op::FORMAT_CSV, "IMPORT_TITLE_UNKNOWN"},
      {"missing title", "Mã số thuế\n", Op::FORMAT_CSV, "IMPORT_TITLE_MISSING"},
      {"twice", "Mã số thuế,Mã số thuế\n", Op::FORMAT_CSV, "IMPORT_TITLE_TWICE"},
      {"Latin at the end", absl::StrCat(Lines(300), "C\xF4ng ty\n"), Op::FORMAT_CSV,
       "CSV_ENCODING"},
      {"open quote at the end", absl::StrCat(Lines(300), "\"Công ty\n"), Op::FORMAT_CSV,
       "CSV_QUOTE"},
      {"CSV as XLSX", Lines(1), Op::FORMAT_XLSX, "SHEET_FORMAT"},
      {"XLSX as CSV", "PK\x03\x04", Op::FORMAT_CSV, "SHEET_FORMAT"},
      {"cut XLSX", "PK\x03\x04", Op::FORMAT_XLSX, "XLSX_DAMAGED"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    const Op operation = Import(row.bytes, row.format);
    EXPECT_EQ(Counts(operation), absl::StrCat("STATE_FAILED ", row.reason));
    EXPECT_FALSE(operation.failure().message().empty());
    EXPECT_FALSE(operation.failure().message_vi().empty());
    EXPECT_TRUE(Enterprises().empty());
  }
}

TEST_F(OperationTest, AnUploadGoesOnWhereItWas) {
  const std::string file = Lines(3);
  const auto operation = Begin(ImportOf(file));
  ASSERT_TRUE(operation.ok()) << operation.status();
  const std::string& name = operation->name();
  EXPECT_THAT(Append(name, 5, file.substr(5)),
              Refused(absl::StatusCode::kOutOfRange, "IMPORT_OFFSET"));
  EXPECT_EQ(Append(name, 0, file.substr(0, 100))->received_bytes(), 100);
  // The same again, a part of it, other bytes, more than fits.
  EXPECT_EQ(Append(name, 0, file.substr(0, 100))->received_bytes(), 100);
  EXPECT_EQ(Append(name, 10, file.substr(10, 50))->received_bytes(), 100);
  EXPECT_THAT(Append(name, 0, "xyz").status(), MetadataIs("received_bytes", "100"));
  EXPECT_THAT(Append(name, 90, file.substr(90, 20)),
              Refused(absl::StatusCode::kOutOfRange, "IMPORT_OFFSET"));
  EXPECT_THAT(Append(name, 100, file.substr(100) + "x"),
              Refused(absl::StatusCode::kInvalidArgument, "IMPORT_SIZE"));
  EXPECT_THAT(Append(name, 100, ""), Refused(absl::StatusCode::kInvalidArgument, "IMPORT_PIECE"));
  EXPECT_THAT(Append(name, 100, std::string((size_t{512} << 10) + 1, 'x')),
              Refused(absl::StatusCode::kInvalidArgument, "IMPORT_PIECE"));
  EXPECT_THAT(Append("provinces/48/operations/none", 0, "x"), CodeIs(absl::StatusCode::kNotFound));
  Restart();  // the digest is taken from the file then
  EXPECT_EQ(Get(name)->received_bytes(), 100);
  EXPECT_EQ(Append(name, 100, file.substr(100))->state(), Op::STATE_RUNNING);
  EXPECT_EQ(Counts(Wait(name)), "3 0 0 0");
  EXPECT_THAT(Append(name, 0, file),
              Refused(absl::StatusCode::kFailedPrecondition, "OPERATION_STATE"));
}

TEST_F(OperationTest, AnotherFileThanAnnouncedFails) {
  const std::string file = Lines(3);
  const auto operation = Begin(ImportOf(file));
  std::string other = file;
  other[other.size() - 2] = 'x';
  EXPECT_THAT(Append(operation->name(), 0, other),
              Refused(absl::StatusCode::kDataLoss, "IMPORT_CHECKSUM"));
  EXPECT_EQ(Counts(Wait(operation->name())), "STATE_FAILED IMPORT_CHECKSUM");
  EXPECT_TRUE(Enterprises().empty());
}

TEST_F(OperationTest, WhatAStartNeeds) {
  const v1::StartImportRequest good = ImportOf(Lines(1));
  struct {
    const char* what;
    std::function<void(v1::StartImportRequest&)> change;
    const char* reason;
  } table[] = {
      {"dataset", [](auto& r) { r.clear_dataset(); }, "ENUM_VALUE"},
      {"format", [](auto& r) { r.clear_format(); }, "ENUM_VALUE"},
      {"name", [](auto& r) { r.clear_file_name(); }, "TEXT_LENGTH"},
      {"size", [](auto& r) { r.set_size_bytes(0); }, "IMPORT_SIZE"},
      {"too large", [](auto& r) { r.set_size_bytes((int64_t{4} << 30) + 1); }, "IMPORT_SIZE"},
      {"digest", [](auto& r) { r.set_file_sha256("AB"); }, "SHA256"},
      {"request id", [](auto& r) { r.clear_request_id(); }, "REQUEST_ID"},
      {"province", [](auto& r) { r.set_parent("provinces/99"); }, "SCOPE_DENIED"},
      {"space", [this](auto&) { free_bytes_ = 1 << 20; }, "STORAGE_FULL"},
  };
  for (const auto& row : table) {
    v1::StartImportRequest request = good;
    row.change(request);
    EXPECT_EQ(Reason(Begin(request)), row.reason) << row.what;
  }
  free_bytes_ = int64_t{100} << 30;
  const rpc::Peer reader = test_.As(test_.Token({"province_reader"}, {"48"}));
  EXPECT_THAT(CallAs(reader, &Operations::Stub::StartImport, good),
              Refused(absl::StatusCode::kPermissionDenied, "ROLE_DENIED"));
}

TEST_F(OperationTest, AProvinceHasSoManyUnderWay) {
  const std::string file = Lines(1);
  const auto first = Begin(ImportOf(file));
  const auto second = Begin(ImportOf(file));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_THAT(Begin(ImportOf(file)),
              Refused(absl::StatusCode::kResourceExhausted, "TOO_MANY_OPERATIONS"));
  EXPECT_TRUE(Begin(ImportOf(file, Op::FORMAT_CSV, "56")).ok());
  v1::CancelOperationRequest cancel;
  cancel.set_name(first->name());
  cancel.set_request_id(NextRequestId());
  const auto cancelled = CallAs(clerk_, &Operations::Stub::CancelOperation, cancel);
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state(), Op::STATE_CANCELLED);
  EXPECT_THAT(Append(first->name(), 0, file),
              Refused(absl::StatusCode::kFailedPrecondition, "OPERATION_STATE"));
  cancel.set_request_id(NextRequestId());
  EXPECT_THAT(CallAs(clerk_, &Operations::Stub::CancelOperation, cancel),
              Refused(absl::StatusCode::kFailedPrecondition, "OPERATION_STATE"));
  EXPECT_TRUE(Begin(ImportOf(file)).ok());
}

// Stopped and started in the middle, again and again: every row once, every refusal listed once.
TEST_F(OperationTest, AnImportGoesOnAfterARestart) {
  constexpr int kRows = 6000;
  std::string file = kTitles;
  int refused = 0;
  for (int n = 0; n < kRows; ++n) {
    const bool bad = n % 100 == 7;
    refused += bad ? 1 : 0;
    file += bad ? absl::StrCat("Sai ", n, ";123;Công ty cổ phần;C;;;;;;\n") : Line(n);
  }
  absl::StatusOr<Op> operation = Begin(ImportOf(file));
  ASSERT_TRUE(operation.ok()) << operation.status();
  for (size_t at = 0; at < file.size(); at += 500'000) {
    ASSERT_TRUE(Append(operation->name(), static_cast<int64_t>(at), file.substr(at, 500'000)).ok());
  }
  int restarts = 0;
  for (int64_t seen = 0; restarts < 4; ++restarts) {
    const absl::Time patience = absl::Now() + absl::Seconds(30);
    do {
      operation = Get(operation->name());
    } while (operation->rows_done() <= seen && operation->state() == Op::STATE_RUNNING &&
             absl::Now() < patience);
    if (operation->state() != Op::STATE_RUNNING) break;
    seen = operation->rows_done();
    Restart();
  }
  EXPECT_GT(restarts, 0);
  const Op done = Wait(operation->name());
  EXPECT_EQ(Counts(done), absl::StrCat(kRows - refused, " 0 0 ", refused));
  EXPECT_EQ(done.rows_listed(), refused);
  EXPECT_EQ(Enterprises().size(), static_cast<size_t>(kRows - refused));
  const std::vector<std::string> lines =
      absl::StrSplit(*ReadFile(done.name()), "\r\n", absl::SkipEmpty());
  EXPECT_EQ(lines.size(), static_cast<size_t>(refused) + 1);
  std::set<std::string> distinct(lines.begin(), lines.end());
  EXPECT_EQ(distinct.size(), lines.size());
}

TEST_F(OperationTest, TwoImportsAtOnce) {
  const std::string file = Lines(2000);
  std::vector<std::string> names;
  for (const char* province : {"48", "48", "56"}) {
    const auto operation = Begin(ImportOf(file, Op::FORMAT_CSV, province));
    ASSERT_TRUE(operation.ok()) << operation.status();
    names.push_back(operation->name());
  }
  for (const std::string& name : names) {
    ASSERT_TRUE(Append(name, 0, file.substr(0, 300'000)).ok());
    if (file.size() > 300'000) {
      ASSERT_TRUE(Append(name, 300'000, file.substr(300'000)).ok());
    }
  }
  // The two of one province share their rows between them; none is entered twice, none lost.
  const Op first = Wait(names[0]);
  const Op second = Wait(names[1]);
  EXPECT_EQ(first.rows_created() + second.rows_created(), 2000);
  EXPECT_EQ(first.rows_unchanged() + second.rows_unchanged(), 2000);
  EXPECT_EQ(Enterprises().size(), 2000u);
  EXPECT_EQ(Counts(Wait(names[2])), "2000 0 0 0");
  EXPECT_EQ(Enterprises("56").size(), 2000u);
}

TEST_F(OperationTest, AFullDiskFailsTheWorkAndSaysSo) {
  const std::string file = Lines(1000);
  const auto operation = Begin(ImportOf(file));
  ASSERT_TRUE(Append(operation->name(), 0, file.substr(0, 1000)).ok());
  free_bytes_ = 1 << 20;
  EXPECT_THAT(Append(operation->name(), 1000, file.substr(1000)),
              Refused(absl::StatusCode::kResourceExhausted, "STORAGE_FULL"));
  free_bytes_ = int64_t{100} << 30;
  EXPECT_TRUE(Append(operation->name(), 1000, file.substr(1000)).ok());
  EXPECT_EQ(Counts(Wait(operation->name())), "1000 0 0 0");
}

TEST_F(OperationTest, FilesAreKeptForATime) {
  const Op operation = Import(absl::StrCat(Lines(1), "x;1;y;z;;;;;;\n"));
  EXPECT_TRUE(ReadFile(operation.name()).ok());
  const std::string folder = absl::StrCat(test_.folder(), "/registry.files");
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(folder),
                         std::filesystem::directory_iterator());
  };
  // The file that was sent goes right after the end of the work is on record.
  const absl::Time removed = absl::Now() + absl::Seconds(30);
  while (files() > 1 && absl::Now() < removed) std::this_thread::yield();
  EXPECT_EQ(files(), 1);
  EXPECT_EQ(std::filesystem::status(*std::filesystem::directory_iterator(folder)).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  v1::ReadOperationFileRequest beyond;
  beyond.set_name(operation.name());
  beyond.set_offset(1 << 20);
  EXPECT_THAT(CallAs(clerk_, &Operations::Stub::ReadOperationFile, beyond),
              Refused(absl::StatusCode::kOutOfRange, "FILE_OFFSET"));
  clock_.Advance(absl::Hours(24 * 7 + 1));
  EXPECT_THAT(ReadFile(operation.name()),
              Refused(absl::StatusCode::kNotFound, "OPERATION_FILE_GONE"));
  Restart();  // sweeps when it starts
  const absl::Time patience = absl::Now() + absl::Seconds(30);
  while (files() > 0 && absl::Now() < patience) std::this_thread::yield();
  EXPECT_EQ(files(), 0);
}

TEST_F(OperationTest, TheTemplateIsATableThatCanBeSent) {
  for (Op::Format format : {Op::FORMAT_CSV, Op::FORMAT_XLSX}) {
    v1::GetImportTemplateRequest request;
    request.set_dataset(Op::DATASET_ENTERPRISES);
    request.set_format(format);
    const auto answer = CallAs(clerk_, &Operations::Stub::GetImportTemplate, request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->columns(0).title(), "Mã số thuế");
    EXPECT_EQ(Counts(Import(answer->content(), format)), "0 0 0 0");
  }
}

TEST_F(OperationTest, AnExportIsListedAndFiltered) {
  EXPECT_EQ(Counts(Import(absl::StrCat(Lines(3), "HTX;", TaxCode(9), ";Hợp tác xã;A;;;;;;\n"))),
            "4 0 0 0");
  const Op all = Export(Op::FORMAT_CSV);
  EXPECT_EQ(all.rows_total(), 4);
  const Op some = Export(Op::FORMAT_CSV, "legal_kind = LEGAL_KIND_COOPERATIVE");
  EXPECT_EQ(some.rows_total(), 1);
  EXPECT_THAT(*ReadFile(some.name()), HasSubstr("hợp tác xã"));
  v1::StartExportRequest bad;
  bad.set_parent("provinces/48");
  bad.set_dataset(Op::DATASET_ENTERPRISES);
  bad.set_format(Op::FORMAT_CSV);
  bad.set_filter("nothing = 1");
  bad.set_request_id(NextRequestId());
  EXPECT_THAT(CallAs(clerk_, &Operations::Stub::StartExport, bad),
              Refused(absl::StatusCode::kInvalidArgument, "FILTER"));
  v1::ListOperationsRequest list;
  list.set_parent("provinces/48");
  list.set_filter("kind = KIND_EXPORT");
  const auto listed = CallAs(clerk_, &Operations::Stub::ListOperations, list);
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_EQ(listed->operations_size(), 2);
}

}  // namespace
}  // namespace nscl::registry
