// An import, killed with SIGKILL in the middle of the upload and of the work, again and again:
// every row is entered once, every refused row is listed once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/store/hash.h"
#include "common/testing/random.h"
#include "nscl/registry/v1/enterprise_service.pb.h"
#include "nscl/registry/v1/operation_service.pb.h"
#include "tests/crash/killable.h"
#include "tests/crash/rounds.h"

namespace nscl::crash {
namespace {

using registry::v1::Operation;

constexpr char kOperations[] = "nscl.registry.v1.OperationService.";
constexpr int kRows = 20'000;
constexpr int kRefusedEvery = 97;
constexpr size_t kPieceBytes = size_t{100} << 10;
constexpr absl::Duration kEnough = absl::Seconds(240);

// A file of enterprises; every 97th row has a tax code that is none.
std::string MakeFile() {
  constexpr int kWeights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
  std::string file = "Mã số thuế,Tên doanh nghiệp,Loại hình,Ngành cấp 1\r\n";
  for (int row = 0, serial = 1; row < kRows; ++serial) {
    const std::string nine = absl::StrFormat("04%07d", serial);
    int sum = 0;
    for (size_t i = 0; i < 9; ++i) sum += kWeights[i] * (nine[i] - '0');
    if (sum % 11 == 0) continue;
    const std::string code =
        row % kRefusedEvery == 0 ? absl::StrCat("sai", row) : absl::StrCat(nine, 10 - sum % 11);
    absl::StrAppend(&file, code, ",Công ty ", row, ",Công ty cổ phần,C\r\n");
    ++row;
  }
  return file;
}

std::string Uuid(int n) { return absl::StrFormat("00000000-0000-4000-8000-%012d", n); }

class ImportCrash {
 public:
  ImportCrash() : random_(testing::Seed()), file_(MakeFile()) {}

  void Run() {
    ASSERT_TRUE(system_.Start().ok());
    Open();
    ASSERT_NO_FATAL_FAILURE(Begin());
    int kills = 0;
    const absl::Time end = absl::Now() + kEnough;
    Operation operation = Get();
    const int wanted = Kills(6);
    while (operation.state() == Operation::STATE_RECEIVING ||
           operation.state() == Operation::STATE_RUNNING) {
      ASSERT_LT(absl::Now(), end) << operation.ShortDebugString();
      if (operation.state() == Operation::STATE_RECEIVING) {
        Send(operation);
      }
      // Half of the kills while the file is sent, the others while it is worked off.
      const bool sending = operation.state() == Operation::STATE_RECEIVING;
      if (kills < (sending ? wanted / 2 : wanted) && random_() % (sending ? 8 : 12) == 0) {
        EXPECT_EQ(system_.Kill(), -SIGKILL);
        ++kills;
        ASSERT_TRUE(system_.Start().ok());
        Open();
      }
      operation = Get();
    }
    std::printf("%d kills\n", kills);
    EXPECT_GT(kills, 0);
    Check(operation);
  }

 private:
  void Open() { door_ = system_.GrpcDoor(system_.Token({"enterprise_clerk"}, {"48"})); }

  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(const std::string& method, const Request& request) {
    return door_->Call<Response>(absl::StrCat(kOperations, method), request);
  }

  void Begin() {
    registry::v1::StartImportRequest request;
    request.set_parent("provinces/48");
    request.set_dataset(Operation::DATASET_ENTERPRISES);
    request.set_format(Operation::FORMAT_CSV);
    request.set_file_name("dn.csv");
    request.set_size_bytes(static_cast<int64_t>(file_.size()));
    request.set_file_sha256(store::Hex(store::Sha256({file_})));
    request.set_request_id(Uuid(++requests_));
    const auto operation = Call<Operation>("StartImport", request);
    ASSERT_TRUE(operation.ok()) << operation.status();
    name_ = operation->name();
  }

  void Send(const Operation& operation) {
    registry::v1::AppendImportDataRequest request;
    request.set_name(name_);
    request.set_offset(operation.received_bytes());
    request.set_data(file_.substr(static_cast<size_t>(operation.received_bytes()), kPieceBytes));
    request.set_request_id(Uuid(++requests_));
    const auto sent = Call<Operation>("AppendImportData", request);
    EXPECT_TRUE(sent.ok()) << sent.status();
  }

  Operation Get() {
    registry::v1::GetOperationRequest request;
    request.set_name(name_);
    const auto operation = Call<Operation>("GetOperation", request);
    EXPECT_TRUE(operation.ok()) << operation.status();
    return operation.ok() ? *operation : Operation();
  }

  void Check(const Operation& operation) {
    constexpr int kRefused = (kRows + kRefusedEvery - 1) / kRefusedEvery;
    EXPECT_EQ(operation.state(), Operation::STATE_SUCCEEDED) << operation.ShortDebugString();
    EXPECT_EQ(operation.rows_created(), kRows - kRefused);
    EXPECT_EQ(operation.rows_failed(), kRefused);
    EXPECT_EQ(operation.rows_updated() + operation.rows_unchanged(), 0);
    std::set<std::string> codes;
    size_t found = 0;
    registry::v1::ListEnterprisesRequest list;
    list.set_parent("provinces/48");
    list.set_page_size(500);
    do {
      const auto page = door_->Call<registry::v1::ListEnterprisesResponse>(
          "nscl.registry.v1.EnterpriseService.ListEnterprises", list);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const auto& enterprise : page->enterprises()) codes.insert(enterprise.tax_code());
      found += static_cast<size_t>(page->enterprises_size());
      list.set_page_token(page->next_page_token());
    } while (!list.page_token().empty());
    EXPECT_EQ(found, static_cast<size_t>(kRows - kRefused));
    EXPECT_EQ(codes.size(), found);
    const std::string errors = ReadErrors();
    const std::vector<std::string> lines = absl::StrSplit(errors, "\r\n", absl::SkipEmpty());
    EXPECT_EQ(lines.size(), static_cast<size_t>(kRefused) + 1);
    EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()).size(), lines.size());
  }

  std::string ReadErrors() {
    std::string errors;
    registry::v1::ReadOperationFileRequest request;
    request.set_name(name_);
    while (true) {
      const auto part = Call<registry::v1::ReadOperationFileResponse>("ReadOperationFile", request);
      EXPECT_TRUE(part.ok()) << part.status();
      if (!part.ok()) return errors;
      errors += part->data();
      if (part->next_offset() == part->size_bytes()) return errors;
      request.set_offset(part->next_offset());
    }
  }

  std::mt19937_64 random_;
  const std::string file_;
  Killable system_{Disk{}};
  std::unique_ptr<tools::Door> door_;
  std::string name_;
  int requests_ = 0;
};

TEST(ImportCrashTest, EveryRowOnce) { ImportCrash().Run(); }

}  // namespace
}  // namespace nscl::crash
