// A file of enterprises through both doors: CSV over JSON, XLSX over gRPC, and back out again.
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/store/hash.h"
#include "nscl/registry/v1/operation_service.pb.h"
#include "tests/journeys/system.h"

namespace nscl::journeys {
namespace {

using registry::v1::Operation;

constexpr char kOperations[] = "nscl.registry.v1.OperationService.";

class Files {
 public:
  explicit Files(std::unique_ptr<tools::Door> door) : door_(std::move(door)) {}

  Operation Import(const std::string& file, Operation::Format format) {
    registry::v1::StartImportRequest start;
    start.set_parent("provinces/48");
    start.set_dataset(Operation::DATASET_ENTERPRISES);
    start.set_format(format);
    start.set_file_name("doanh nghiệp");
    start.set_size_bytes(static_cast<int64_t>(file.size()));
    start.set_file_sha256(store::Hex(store::Sha256({file})));
    start.set_request_id(Uuid());
    Operation operation = Call<Operation>("StartImport", start);
    registry::v1::AppendImportDataRequest append;
    append.set_name(operation.name());
    append.set_data(file);
    append.set_request_id(Uuid());
    operation = Call<Operation>("AppendImportData", append);
    return Wait(operation);
  }

  std::string Export(Operation::Format format) {
    registry::v1::StartExportRequest start;
    start.set_parent("provinces/48");
    start.set_dataset(Operation::DATASET_ENTERPRISES);
    start.set_format(format);
    start.set_request_id(Uuid());
    const Operation operation = Wait(Call<Operation>("StartExport", start));
    EXPECT_EQ(operation.state(), Operation::STATE_SUCCEEDED) << operation.ShortDebugString();
    registry::v1::ReadOperationFileRequest read;
    read.set_name(operation.name());
    return Call<registry::v1::ReadOperationFileResponse>("ReadOperationFile", read).data();
  }

 private:
  template <typename Response, typename Request>
  Response Call(const std::string& method, const Request& request) {
    auto answer = door_->Call<Response>(absl::StrCat(kOperations, method), request);
    EXPECT_TRUE(answer.ok()) << method << ": " << answer.status();
    return answer.ok() ? *answer : Response();
  }
  static std::string Uuid() {
    static int count = 0;
    return absl::StrCat("00000000-0000-4000-9000-", absl::Dec(++count, absl::kZeroPad12));
  }
  Operation Wait(Operation operation) {
    const absl::Time patience = absl::Now() + absl::Seconds(60);
    registry::v1::GetOperationRequest get;
    get.set_name(operation.name());
    while (operation.state() == Operation::STATE_RUNNING && absl::Now() < patience) {
      operation = Call<Operation>("GetOperation", get);
    }
    return operation;
  }

  const std::unique_ptr<tools::Door> door_;
};

TEST(ImportTest, InByOneDoorAndOutByTheOther) {
  std::unique_ptr<System> system = StartInOneProcess();
  const std::string token = system->Token({"enterprise_clerk"}, {"48"});
  Files json(system->HttpDoor(token));
  Files grpc(system->GrpcDoor(token));
  const Operation first = json.Import(
      "Mã số thuế;Tên doanh nghiệp;Loại hình;Ngành cấp 1;Năm số liệu;Lao động bình quân;Doanh thu;"
      "Số tháng hoạt động\n"
      "0100109106;Tập đoàn Công nghiệp - Viễn thông Quân đội;Doanh nghiệp nhà nước;J;2024;10,5;"
      "1.000.000.000;12\n"
      "0100109107;Sai số kiểm tra;Công ty cổ phần;C;;;;\n",
      Operation::FORMAT_CSV);
  EXPECT_EQ(first.rows_created(), 1) << first.ShortDebugString();
  EXPECT_EQ(first.rows_failed(), 1);
  for (Operation::Format format : {Operation::FORMAT_CSV, Operation::FORMAT_XLSX}) {
    const Operation by_grpc = grpc.Import(json.Export(format), format);
    EXPECT_EQ(by_grpc.rows_unchanged(), 1) << by_grpc.ShortDebugString();
    const Operation by_json = json.Import(grpc.Export(format), format);
    EXPECT_EQ(by_json.rows_unchanged(), 1) << by_json.ShortDebugString();
  }
  const Operation latin = grpc.Import("M\xE3 s\xF4\n", Operation::FORMAT_CSV);
  EXPECT_EQ(latin.failure().reason(), "CSV_ENCODING");
}

}  // namespace
}  // namespace nscl::journeys
