// The commands of nsclctl. Each returns the exit code.
#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/tools/door/grpc_door.h"

namespace nscl::nsclctl {

using Client = tools::GrpcDoor;

// What all commands have.
struct Terminal {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool json = false;  // JSON instead of tables
};

// token: mints a token with the local issuer's key.
struct TokenArguments {
  std::string data_dir;    // the installation's folder; the issuer is in `issuer` under it
  std::string issuer_dir;  // or the issuer's folder itself
  std::string subject = "operator";
  std::string organisation;
  std::vector<std::string> roles;
  std::vector<std::string> provinces;
  int minutes = 15;
};
int Token(const Terminal& terminal, const TokenArguments& arguments);

// resources, methods: what there is.
int Resources(const Terminal& terminal);
int Methods(const Terminal& terminal);

// get NAME.
int Get(const Terminal& terminal, Client& client, const std::string& name,
        const std::string& read_mask);

// list COLLECTION.
struct ListArguments {
  std::string collection;
  std::string parent = "provinces/-";
  std::string filter;
  std::string read_mask;
  std::string page_token;
  int page_size = 0;
  bool all = false;
  std::vector<std::string> columns;
};
int List(const Terminal& terminal, Client& client, const ListArguments& arguments);

// call METHOD JSON: JSON as text, as @file, or - for the standard input.
int Call(const Terminal& terminal, Client& client, const std::string& method,
         const std::string& json, const std::string& request_id);

// import plan FILE.
struct ImportArguments {
  std::string file;
  std::string province;
  std::string plan_id;  // the file's name without its ending where empty
  std::string request_id;
  bool validate_only = false;
};
int ImportPlan(const Terminal& terminal, Client& client, const ImportArguments& arguments);

// report PLAN YEAR: builds the annual report and prints it; stores it under an id where one is
// given.
struct ReportArguments {
  std::string plan;
  int year = 0;
  std::string report_id;
  std::string request_id;
};
int Report(const Terminal& terminal, Client& client, const ReportArguments& arguments);

// status, verify, backup: the stores of all services, or of those named.
int Status(const Terminal& terminal, Client& client, const std::vector<std::string>& services);
int Verify(const Terminal& terminal, Client& client, const std::vector<std::string>& services);
int Backup(const Terminal& terminal, Client& client, const std::vector<std::string>& services,
           const std::string& backup_set);

// restore: puts a backup set into a new data folder. Works on files, with the services stopped.
struct RestoreArguments {
  std::string backup_set;
  std::string
      from;  // the services' --backup-dir (sets are in <from>/<service>), or the folder of sets
  std::string to;  // new data folder; the stores are <to>/<service>
  std::vector<std::string> services;
};
int Restore(const Terminal& terminal, const RestoreArguments& arguments);

// The services that have a store.
std::vector<std::string> StoreServices();

}  // namespace nscl::nsclctl
