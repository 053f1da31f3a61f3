// nscl-reconcile: checks the invariants across services and prints what disagrees.
#include <CLI/CLI.hpp>
#include <iostream>

#include "common/status/error.h"
#include "services/tools/door/connection.h"
#include "services/tools/reconcile/reconcile.h"
#include "services/tools/words/words.h"

namespace {

constexpr int kDisagrees = 1;
constexpr int kUsage = 2;
constexpr int kUnreadable = 3;
constexpr int kBadData = 65;

int Fail(int code, const absl::Status& status) {
  std::cerr << status.ToString(absl::StatusToStringMode::kWithNoExtraData) << "\n";
  if (const std::string vi = nscl::status::LocalizedMessageOf(status); !vi.empty()) {
    std::cerr << "  " << vi << "\n";
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  using nscl::tools::Words;
  CLI::App app{
      Words("Compares what the services hold about the same money, cases and events.\n"
            "The token must be that of a reconciler for all provinces.\n"
            "Exit codes: 0 nothing disagrees, 1 something does, 2 wrong command line, 3 the system "
            "cannot "
            "be read, 65 a file of this side cannot.",
            "So sánh số liệu của các dịch vụ về cùng khoản tiền, hồ sơ và sự kiện.\n"
            "Mã truy cập phải thuộc vai trò reconciler cho mọi tỉnh.\n"
            "Mã kết thúc: 0 khớp, 1 có chỗ lệch, 2 sai dòng lệnh, 3 không đọc được hệ thống, 65 "
            "không đọc "
            "được tệp trên máy này.")};
  nscl::tools::Connection connection;
  connection.AddFlags(app);
  app.get_option("--token-file")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;  // 0: help was asked for
  }
  const auto door = connection.Open();
  if (!door.ok()) return Fail(kBadData, door.status());
  const auto result = nscl::tools::Reconcile(**door);
  if (!result.ok()) return Fail(kUnreadable, result.status());
  for (const auto& d : result->disagreements)
    std::cout << d.invariant << "\t" << d.place << "\t" << d.found << "\n";
  for (const std::string& name : result->in_motion) std::cout << "in motion\t" << name << "\n";
  std::cout << result->rows_checked << " rows checked, " << result->disagreements.size()
            << " disagreements, " << result->in_motion.size() << " in motion\n";
  return result->disagreements.empty() ? 0 : kDisagrees;
}
