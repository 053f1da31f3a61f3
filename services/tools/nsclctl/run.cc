#include "services/tools/nsclctl/run.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/time/budget_year.h"
#include "services/tools/door/connection.h"
#include "services/tools/nsclctl/commands.h"
#include "services/tools/nsclctl/failure.h"
#include "services/tools/nsclctl/transfer.h"
#include "services/tools/words/words.h"

namespace nscl::nsclctl {
namespace {

using tools::Connection;
using tools::Words;

std::string Description() {
  return Words(
      "Operates NSCL over its public gRPC interface.\n\n"
      "A token is needed for everything but `token`, `restore`, `resources` and `methods`:\n"
      "  nsclctl token --data-dir data --role dost_officer --province 48 >token\n"
      "  nsclctl --token-file token list plans --province 48\n"
      "  nsclctl --token-file token get provinces/48/plans/danang-2022-2025\n"
      "  nsclctl --token-file token import plan deploy/plans/danang-2022-2025.json --province 48\n"
      "  nsclctl --token-file token report provinces/48/plans/danang-2022-2025 2023\n"
      "  nsclctl --token-file token import enterprises dn.csv --province 48 --errors loi.csv\n"
      "  nsclctl --token-file token export enterprises --province 48 --output dn.xlsx\n\n"
      "NSCL_LANG=vi: trợ giúp bằng tiếng Việt.",
      "Vận hành NSCL qua giao diện gRPC công khai.\n\n"
      "Mọi lệnh đều cần mã truy cập, trừ `token`, `restore`, `resources` và `methods`:\n"
      "  nsclctl token --data-dir data --role dost_officer --province 48 >token\n"
      "  nsclctl --token-file token list plans --province 48\n"
      "  nsclctl --token-file token get provinces/48/plans/danang-2022-2025\n"
      "  nsclctl --token-file token import plan deploy/plans/danang-2022-2025.json --province 48\n"
      "  nsclctl --token-file token report provinces/48/plans/danang-2022-2025 2023\n"
      "  nsclctl --token-file token import enterprises dn.csv --province 48 --errors loi.csv\n"
      "  nsclctl --token-file token export enterprises --province 48 --output dn.xlsx\n\n"
      "NSCL_LANG=en: help in English.");
}

std::string ExitCodes() {
  return Words(
      "Exit codes: 0 done; 1 refused by the server, which says why; 2 wrong command line;\n"
      "3 no answer (not running, not reachable, another TLS, too late); 4 imported, but some rows "
      "were refused; 65 bad data (a file, a damaged store).",
      "Mã kết thúc: 0 xong; 1 máy chủ từ chối và nêu lý do; 2 sai dòng lệnh;\n"
      "3 không có trả lời (chưa chạy, không tới được, khác TLS, quá hạn); 4 đã nhập nhưng có dòng "
      "bị từ chối; 65 dữ liệu hỏng (tệp, kho dữ liệu).");
}

// Registers a command; `run` gives the exit code.
class CommandLine {
 public:
  CommandLine(std::istream& in, std::ostream& out, std::ostream& err)
      : app_(Description(), "nsclctl"), terminal_{in, out, err, false} {
    app_.footer(ExitCodes());
    app_.require_subcommand(1);
    app_.fallthrough();  // --json and the like may stand after the command
    connection_.AddFlags(app_);
    app_.add_flag("--json", terminal_.json,
                  Words("Print JSON, one object a line", "In JSON, mỗi dòng một đối tượng"));
    AddLocalCommands();
    AddDataCommands();
    AddStoreCommands();
  }

  int Run(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
      return app_.exit(error, terminal_.out, terminal_.err) == 0 ? kOk : kUsage;
    }
    return run_();
  }

 private:
  using Call = std::function<int(Client&)>;

  CLI::App* Local(CLI::App& parent, const char* name, const std::string& description,
                  std::function<int()> run) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->callback([this, run = std::move(run)] { run_ = run; });
    return command;
  }
  CLI::App* Remote(CLI::App& parent, const char* name, const std::string& description, Call call) {
    return Local(parent, name, description, [this, call = std::move(call)] {
      const auto client = connection_.Open();
      return client.ok() ? call(**client) : BadData(client.status(), terminal_.err);
    });
  }

  void AddLocalCommands() {
    CLI::App* token = Local(app_, "token",
                            Words("Print a token, signed with the local issuer's key",
                                  "In mã truy cập, ký bằng khóa của nơi cấp mã tại chỗ"),
                            [this] { return nsclctl::Token(terminal_, token_); });
    token->add_option("--data-dir", token_.data_dir,
                      Words("Data folder of the installation", "Thư mục dữ liệu của hệ thống"));
    token->add_option(
        "--issuer-dir", token_.issuer_dir,
        Words("Folder of the issuer's key itself", "Thư mục chứa khóa của nơi cấp mã"));
    token->add_option("--subject", token_.subject, Words("Who it is for", "Cấp cho ai"))
        ->capture_default_str();
    token->add_option("--organisation", token_.organisation,
                      Words("Organisation of the subject", "Đơn vị của người được cấp"));
    token
        ->add_option("--role", token_.roles,
                     Words("A role (deploy/catalogue/roles.json); repeatable",
                           "Vai trò (deploy/catalogue/roles.json); có thể lặp lại"))
        ->required();
    token
        ->add_option("--province", token_.provinces,
                     Words("A two-digit province code, or * for all; repeatable",
                           "Mã tỉnh hai chữ số, hoặc * cho tất cả; có thể lặp lại"))
        ->required();
    token
        ->add_option("--minutes", token_.minutes,
                     Words("How long it is valid", "Thời hạn, tính bằng phút"))
        ->check(CLI::Range(1, 720))
        ->capture_default_str();
    Local(app_, "resources",
          Words("List the kinds of resources and the form of their names",
                "Liệt kê các loại tài nguyên và dạng tên"),
          [this] { return nsclctl::Resources(terminal_); });
    Local(app_, "methods", Words("List the methods", "Liệt kê các phương thức"),
          [this] { return nsclctl::Methods(terminal_); });
  }

  void AddDataCommands() {
    CLI::App* get = Remote(
        app_, "get", Words("Get a resource by its name", "Đọc một tài nguyên theo tên"),
        [this](Client& client) { return nsclctl::Get(terminal_, client, name_, list_.read_mask); });
    get->add_option("name", name_, "provinces/48/plans/danang-2022-2025")->required();
    get->add_option(
        "--read-mask", list_.read_mask,
        Words("Fields wanted, separated by commas", "Các trường cần lấy, cách nhau bằng dấu phẩy"));

    CLI::App* list = Remote(app_, "list",
                            Words("List a collection: `nsclctl resources` says which",
                                  "Liệt kê một tập: xem `nsclctl resources`"),
                            [this](Client& c) {
                              if (!province_.empty())
                                list_.parent = absl::StrCat("provinces/", province_);
                              return nsclctl::List(terminal_, c, list_);
                            });
    list->add_option("collection", list_.collection, "enterprises, plans, supportCases, …")
        ->required();
    auto* parent = list->add_option("--parent", list_.parent, Words("Where to look", "Phạm vi tìm"))
                       ->capture_default_str();
    list->add_option(
            "--province", province_,
            Words("Short for --parent provinces/CODE", "Viết tắt của --parent provinces/MÃ"))
        ->excludes(parent);
    list->add_option("--filter", list_.filter,
                     Words("AIP-160 filter: 'state = \"STATE_ISSUED\"'",
                           "Bộ lọc AIP-160: 'state = \"STATE_ISSUED\"'"));
    list->add_option(
        "--read-mask", list_.read_mask,
        Words("Fields wanted, separated by commas", "Các trường cần lấy, cách nhau bằng dấu phẩy"));
    list->add_option("--page-size", list_.page_size,
                     Words("At most so many at once", "Số dòng tối đa mỗi trang"))
        ->check(CLI::Range(1, 500));
    list->add_option("--page-token", list_.page_token,
                     Words("From the list before", "Lấy từ lần liệt kê trước"));
    list->add_flag("--all", list_.all, Words("Go through all pages", "Đọc hết các trang"));
    list->add_option("--columns", list_.columns, Words("Columns of the table", "Các cột của bảng"))
        ->delimiter(',');

    CLI::App* call = Remote(
        app_, "call",
        Words("Call any method: `nsclctl methods` says which",
              "Gọi một phương thức bất kỳ: xem `nsclctl methods`"),
        [this](Client& c) { return nsclctl::Call(terminal_, c, name_, json_, request_id_); });
    call->add_option("method", name_,
                     Words("GetPlan, or its full name where several fit",
                           "GetPlan, hoặc tên đầy đủ khi trùng tên"))
        ->required();
    call->add_option("json", json_,
                     Words("The request, @file, or - for the standard input",
                           "Yêu cầu, @tệp, hoặc - để đọc từ đầu vào chuẩn"));
    call->add_option("--request-id", request_id_,
                     Words("UUID of the command; a new one when left out",
                           "UUID của lệnh; bỏ trống thì tạo mới"));

    CLI::App* import = app_.add_subcommand("import", Words("Import files", "Nhập tệp"));
    import->require_subcommand(1);
    CLI::App* plan =
        Remote(*import, "plan", Words("Import a plan as printed", "Nhập kế hoạch như bản in"),
               [this](Client& client) {
                 import_.request_id = request_id_;
                 return nsclctl::ImportPlan(terminal_, client, import_);
               });
    plan->add_option("file", import_.file,
                     Words("JSON of nscl.budgeting.v1.Plan", "JSON của nscl.budgeting.v1.Plan"))
        ->required();
    plan->add_option("--province", import_.province,
                     Words("Two-digit code of the province", "Mã tỉnh hai chữ số"))
        ->required();
    plan->add_option("--id", import_.plan_id,
                     Words("Id of the plan; the file's name when left out",
                           "Mã kế hoạch; bỏ trống thì lấy tên tệp"));
    plan->add_flag("--validate-only", import_.validate_only,
                   Words("Check and show, store nothing", "Kiểm tra và hiển thị, không lưu"));
    plan->add_option("--request-id", request_id_,
                     Words("UUID of the command; a new one when left out",
                           "UUID của lệnh; bỏ trống thì tạo mới"));

    AddTables(*import);

    CLI::App* report =
        Remote(app_, "report",
               Words("Print the annual report of a plan", "In báo cáo năm của một kế hoạch"),
               [this](Client& c) {
                 report_.request_id = request_id_;
                 return nsclctl::Report(terminal_, c, report_);
               });
    report->add_option("plan", report_.plan, "provinces/48/plans/danang-2022-2025")->required();
    report->add_option("year", report_.year, Words("The year", "Năm"))
        ->required()
        ->check(CLI::Range(time::kFirstBudgetYear, time::kLastBudgetYear));
    report->add_option("--id", report_.report_id,
                       Words("Keep it, frozen, under this id", "Lưu bản chốt với mã này"));
    report->add_option("--request-id", request_id_,
                       Words("UUID of the command; a new one when left out",
                             "UUID của lệnh; bỏ trống thì tạo mới"));
  }

  // Tables of the registry in files (docs/imports.md).
  void AddTables(CLI::App& import) {
    const auto format = [this](CLI::App* command) {
      command
          ->add_option("--format", transfer_.format,
                       Words("csv or xlsx; by the file's ending when left out", "Định dạng tệp"))
          ->check(CLI::IsMember({"csv", "xlsx"}));
    };
    const auto quiet = [this](CLI::App* command) {
      command->add_flag("--quiet", transfer_.quiet, Words("No progress bar", "Không hiện tiến độ"));
    };
    const auto province = [this](CLI::App* command) {
      command
          ->add_option("--province", transfer_.province,
                       Words("Two-digit code of the province", "Mã tỉnh hai chữ số"))
          ->required();
    };
    for (const std::string& dataset : Datasets()) {
      CLI::App* table = Remote(import, dataset.c_str(),
                               Words("Import a CSV or XLSX table; run again it goes on",
                                     "Nhập bảng CSV, XLSX; chạy lại để gửi tiếp"),
                               [this, dataset](Client& client) {
                                 transfer_.dataset = dataset;
                                 return ImportTable(terminal_, client, transfer_);
                               });
      table->add_option("file", transfer_.file, Words("CSV in UTF-8, or XLSX", "Tệp"))->required();
      province(table);
      format(table);
      table->add_flag("--dry-run", transfer_.dry_run,
                      Words("Check all rows, store nothing", "Kiểm tra, không ghi"));
      table->add_option("--errors", transfer_.errors,
                        Words("Where the refused rows go, with reasons", "Tệp ghi các dòng lỗi"));
      quiet(table);
    }
    const auto dataset = [this](CLI::App* command) {
      command->add_option("dataset", transfer_.dataset, Words("Which table", "Bảng nào"))
          ->required()
          ->check(CLI::IsMember(Datasets()));
      command->add_option(
          "--output", transfer_.file,
          Words("Where the file goes; standard output when left out", "Tệp ghi ra"));
    };
    CLI::App* exported = Remote(app_, "export", Words("Export a table", "Xuất bảng"),
                                [this](Client& c) { return ExportTable(terminal_, c, transfer_); });
    dataset(exported);
    province(exported);
    format(exported);
    exported->add_option("--filter", transfer_.filter,
                         Words("Filter of the list", "Điều kiện lọc"));
    quiet(exported);
    CLI::App* empty =
        Remote(app_, "import-template",
               Words("Get a template with its titles; --json tells the columns", "Tải mẫu nhập"),
               [this](Client& c) { return ImportTemplate(terminal_, c, transfer_); });
    dataset(empty);
    format(empty);
  }

  void AddStoreCommands() {
    const auto services = [this](CLI::App* command) {
      command
          ->add_option(
              "--service", services_,
              Words("Only these services; repeatable", "Chỉ các dịch vụ này; có thể lặp lại"))
          ->check(CLI::IsMember(StoreServices()));
    };
    services(Remote(
        app_, "status", Words("Say where the stores stand", "Cho biết tình trạng các kho dữ liệu"),
        [this](Client& client) { return nsclctl::Status(terminal_, client, services_); }));
    // These read every byte.
    const auto patient = [this](auto command) {
      return [this, command](Client&) {
        connection_.timeout_seconds = std::max(connection_.timeout_seconds, 1800.0);
        const auto client = connection_.Open();
        return client.ok() ? command(**client) : BadData(client.status(), terminal_.err);
      };
    };
    services(Remote(
        app_, "verify",
        Words("Check files, log and state of the stores",
              "Kiểm tra tệp, nhật ký và trạng thái của các kho dữ liệu"),
        patient([this](Client& client) { return nsclctl::Verify(terminal_, client, services_); })));
    CLI::App* backup =
        Remote(app_, "backup",
               Words("Take a backup set of one moment", "Sao lưu mọi kho tại cùng một thời điểm"),
               patient([this](Client& client) {
                 return nsclctl::Backup(terminal_, client, services_, backup_set_);
               }));
    services(backup);
    backup
        ->add_option("--set", backup_set_,
                     Words("Id of the set: letters, digits and -; the present time when left out",
                           "Mã bản sao lưu: chữ, số và -; bỏ trống thì lấy giờ hiện tại"))
        ->default_val(absl::FormatTime("%Y%m%d-%H%M%S", absl::Now(), absl::UTCTimeZone()));
    CLI::App* restore =
        Local(app_, "restore",
              Words("Put a backup set into a new data folder, with the services stopped",
                    "Khôi phục bản sao lưu vào thư mục dữ liệu mới, khi các dịch vụ đã dừng"),
              [this] {
                restore_.backup_set = backup_set_;
                restore_.services = services_;
                return nsclctl::Restore(terminal_, restore_);
              });
    services(restore);
    restore->add_option("--set", backup_set_, Words("Id of the set", "Mã bản sao lưu"))->required();
    restore
        ->add_option("--from", restore_.from,
                     Words("Folder that holds the services' backup folders",
                           "Thư mục chứa các bản sao lưu của dịch vụ"))
        ->required()
        ->check(CLI::ExistingDirectory);
    restore
        ->add_option(
            "--to", restore_.to,
            Words("New folder for the stores: <data folder>/stores of nscl, or the data folder of "
                  "a service started alone",
                  "Thư mục mới cho các kho: <thư mục dữ liệu>/stores của nscl, hoặc thư mục dữ "
                  "liệu của dịch vụ chạy riêng"))
        ->required();
  }

  CLI::App app_;
  Terminal terminal_;
  Connection connection_;
  std::function<int()> run_;
  TokenArguments token_;
  ListArguments list_;
  ImportArguments import_;
  TransferArguments transfer_;
  ReportArguments report_;
  RestoreArguments restore_;
  std::string name_, json_, request_id_, province_, backup_set_;
  std::vector<std::string> services_ = StoreServices();
};

}  // namespace

int Run(std::vector<std::string> arguments, std::istream& in, std::ostream& out,
        std::ostream& err) {
  return CommandLine(in, out, err).Run(std::move(arguments));
}

}  // namespace nscl::nsclctl
