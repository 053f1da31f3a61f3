#include "services/tools/nsclctl/run.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/time/budget_year.h"
#include "services/tools/nsclctl/client.h"
#include "services/tools/nsclctl/commands.h"
#include "services/tools/nsclctl/failure.h"

namespace nscl::nsclctl {
namespace {

constexpr char kDescription[] =
    "Operates NSCL over its public gRPC interface.\n\n"
    "A token is needed for everything but `token`, `restore`, `resources` and `methods`:\n"
    "  nsclctl token --data-dir data --role dost_officer --province 48 >token\n"
    "  nsclctl --token-file token list plans --province 48\n"
    "  nsclctl --token-file token get provinces/48/plans/danang-2022-2025\n"
    "  nsclctl --token-file token import plan deploy/plans/danang-2022-2025.json --province 48\n"
    "  nsclctl --token-file token report provinces/48/plans/danang-2022-2025 2023";
constexpr char kFooter[] =
    "Exit codes: 0 done; 1 refused by the server, which says why; 2 wrong command line;\n"
    "3 no answer (not running, not reachable, too late); 65 bad data (a file, a damaged store).";

// How the server is reached.
struct Connection {
  std::string target = "127.0.0.1:8090";
  std::string token_file;
  rpc::TlsFiles tls;
  double timeout_seconds = 30;

  absl::StatusOr<std::unique_ptr<Client>> Dial() const {
    std::string token;
    if (!token_file.empty()) {
      std::ifstream file(token_file);
      if (!std::getline(file, token)) {
        return absl::NotFoundError(absl::StrCat("cannot read a token from ", token_file));
      }
    }
    rpc::ChannelOptions options;
    options.target = target;
    if (!tls.key.empty()) options.tls = tls;
    return Client::Dial(options, std::move(token), absl::Seconds(timeout_seconds));
  }
};

// Registers a command; `run` gives the exit code.
class CommandLine {
 public:
  CommandLine(std::istream& in, std::ostream& out, std::ostream& err)
      : app_(kDescription, "nsclctl"), terminal_{in, out, err, false} {
    app_.footer(kFooter);
    app_.require_subcommand(1);
    app_.fallthrough();  // --json and the like may stand after the command
    app_.add_option("--target", connection_.target,
                    "gRPC address of the gateway, or of one service")
        ->envname("NSCL_TARGET")
        ->capture_default_str();
    app_.add_option("--token-file", connection_.token_file, "File that holds a bearer token")
        ->envname("NSCL_TOKEN_FILE");
    app_.add_option("--tls-key", connection_.tls.key, "PEM key; needed unless the target is local");
    app_.add_option("--tls-cert", connection_.tls.cert, "PEM certificate chain");
    app_.add_option("--tls-ca", connection_.tls.ca, "PEM roots that the server is checked against");
    app_.add_option("--timeout", connection_.timeout_seconds, "Seconds that a call may take")
        ->check(CLI::Range(0.001, 3600.0))
        ->capture_default_str();
    app_.add_flag("--json", terminal_.json, "Print JSON, one object a line");
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

  CLI::App* Local(CLI::App& parent, const char* name, const char* description,
                  std::function<int()> run) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->callback([this, run = std::move(run)] { run_ = run; });
    return command;
  }
  CLI::App* Remote(CLI::App& parent, const char* name, const char* description, Call call) {
    return Local(parent, name, description, [this, call = std::move(call)] {
      const auto client = connection_.Dial();
      return client.ok() ? call(**client) : BadData(client.status(), terminal_.err);
    });
  }

  void AddLocalCommands() {
    CLI::App* token = Local(app_, "token", "Print a token, signed with the local issuer's key",
                            [this] { return nsclctl::Token(terminal_, token_); });
    token->add_option("--data-dir", token_.data_dir, "Data folder of the installation");
    token->add_option("--issuer-dir", token_.issuer_dir, "Folder of the issuer's key itself");
    token->add_option("--subject", token_.subject, "Who it is for")->capture_default_str();
    token->add_option("--organisation", token_.organisation, "Organisation of the subject");
    token->add_option("--role", token_.roles, "A role (deploy/catalogue/roles.json); repeatable")
        ->required();
    token
        ->add_option("--province", token_.provinces,
                     "A two-digit province code, or * for all; repeatable")
        ->required();
    token->add_option("--minutes", token_.minutes, "How long it is valid")
        ->check(CLI::Range(1, 720))
        ->capture_default_str();
    Local(app_, "resources", "List the kinds of resources and the form of their names",
          [this] { return nsclctl::Resources(terminal_); });
    Local(app_, "methods", "List the methods", [this] { return nsclctl::Methods(terminal_); });
  }

  void AddDataCommands() {
    CLI::App* get = Remote(app_, "get", "Get a resource by its name", [this](Client& client) {
      return nsclctl::Get(terminal_, client, name_, list_.read_mask);
    });
    get->add_option("name", name_, "provinces/48/plans/danang-2022-2025")->required();
    get->add_option("--read-mask", list_.read_mask, "Fields wanted, separated by commas");

    CLI::App* list = Remote(app_, "list", "List a collection: `nsclctl resources` says which",
                            [this](Client& c) {
                              if (!province_.empty())
                                list_.parent = absl::StrCat("provinces/", province_);
                              return nsclctl::List(terminal_, c, list_);
                            });
    list->add_option("collection", list_.collection, "enterprises, plans, supportCases, …")
        ->required();
    auto* parent =
        list->add_option("--parent", list_.parent, "Where to look")->capture_default_str();
    list->add_option("--province", province_, "Short for --parent provinces/CODE")
        ->excludes(parent);
    list->add_option("--filter", list_.filter, "AIP-160 filter: 'state = \"STATE_ISSUED\"'");
    list->add_option("--read-mask", list_.read_mask, "Fields wanted, separated by commas");
    list->add_option("--page-size", list_.page_size, "At most so many at once")
        ->check(CLI::Range(1, 500));
    list->add_option("--page-token", list_.page_token, "From the list before");
    list->add_flag("--all", list_.all, "Go through all pages");
    list->add_option("--columns", list_.columns, "Columns of the table")->delimiter(',');

    CLI::App* call = Remote(
        app_, "call", "Call any method: `nsclctl methods` says which",
        [this](Client& c) { return nsclctl::Call(terminal_, c, name_, json_, request_id_); });
    call->add_option("method", name_, "GetPlan, or its full name where several fit")->required();
    call->add_option("json", json_, "The request, @file, or - for the standard input");
    call->add_option("--request-id", request_id_, "UUID of the command; a new one when left out");

    CLI::App* import = app_.add_subcommand("import", "Import files");
    import->require_subcommand(1);
    CLI::App* plan = Remote(*import, "plan", "Import a plan as printed", [this](Client& client) {
      import_.request_id = request_id_;
      return nsclctl::ImportPlan(terminal_, client, import_);
    });
    plan->add_option("file", import_.file, "JSON of nscl.budgeting.v1.Plan")->required();
    plan->add_option("--province", import_.province, "Two-digit code of the province")->required();
    plan->add_option("--id", import_.plan_id, "Id of the plan; the file's name when left out");
    plan->add_flag("--validate-only", import_.validate_only, "Check and show, store nothing");
    plan->add_option("--request-id", request_id_, "UUID of the command; a new one when left out");

    CLI::App* report =
        Remote(app_, "report", "Print the annual report of a plan", [this](Client& c) {
          report_.request_id = request_id_;
          return nsclctl::Report(terminal_, c, report_);
        });
    report->add_option("plan", report_.plan, "provinces/48/plans/danang-2022-2025")->required();
    report->add_option("year", report_.year, "The year")
        ->required()
        ->check(CLI::Range(time::kFirstBudgetYear, time::kLastBudgetYear));
    report->add_option("--id", report_.report_id, "Keep it, frozen, under this id");
    report->add_option("--request-id", request_id_, "UUID of the command; a new one when left out");
  }

  void AddStoreCommands() {
    const auto services = [this](CLI::App* command) {
      command->add_option("--service", services_, "Only these services; repeatable")
          ->check(CLI::IsMember(StoreServices()));
    };
    services(Remote(app_, "status", "Say where the stores stand", [this](Client& client) {
      return nsclctl::Status(terminal_, client, services_);
    }));
    // These read every byte.
    const auto patient = [this](auto command) {
      return [this, command](Client&) {
        connection_.timeout_seconds = std::max(connection_.timeout_seconds, 1800.0);
        const auto client = connection_.Dial();
        return client.ok() ? command(**client) : BadData(client.status(), terminal_.err);
      };
    };
    services(Remote(
        app_, "verify", "Check files, log and state of the stores",
        patient([this](Client& client) { return nsclctl::Verify(terminal_, client, services_); })));
    CLI::App* backup =
        Remote(app_, "backup", "Take a backup set of one moment", patient([this](Client& client) {
                 return nsclctl::Backup(terminal_, client, services_, backup_set_);
               }));
    services(backup);
    backup
        ->add_option("--set", backup_set_,
                     "Id of the set: letters, digits and -; the present time when left out")
        ->default_val(absl::FormatTime("%Y%m%d-%H%M%S", absl::Now(), absl::UTCTimeZone()));
    CLI::App* restore =
        Local(app_, "restore", "Put a backup set into a new data folder, with the services stopped",
              [this] {
                restore_.backup_set = backup_set_;
                restore_.services = services_;
                return nsclctl::Restore(terminal_, restore_);
              });
    services(restore);
    restore->add_option("--set", backup_set_, "Id of the set")->required();
    restore->add_option("--from", restore_.from, "Folder that holds the services' backup folders")
        ->required()
        ->check(CLI::ExistingDirectory);
    restore
        ->add_option(
            "--to", restore_.to,
            "New folder for the stores: <data folder>/stores of nscl, or the data folder of "
            "a service started alone")
        ->required();
  }

  CLI::App app_;
  Terminal terminal_;
  Connection connection_;
  std::function<int()> run_;
  TokenArguments token_;
  ListArguments list_;
  ImportArguments import_;
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
