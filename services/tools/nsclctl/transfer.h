// import, export and import-template of the registry's tables: files in and out as long works of
// nscl.registry.v1.OperationService. docs/imports.md says what the files are.
#pragma once

#include <string>

#include "services/tools/nsclctl/commands.h"

namespace nscl::nsclctl {

struct TransferArguments {
  std::string dataset;  // "enterprises", "support-records", "needs"
  std::string province;
  std::string file;    // to import; of an export or template: where it goes, "" or "-": stdout
  std::string format;  // "csv", "xlsx"; by the file's ending where empty
  std::string filter;  // of an export
  std::string errors;  // where the file of errors goes; "" : not fetched
  bool dry_run = false;
  bool quiet = false;  // no progress
};

// Sends the file and waits for the end of the work. Called again after an interruption, it goes on
// with the upload that was begun. kSomeRefused where rows were refused.
int ImportTable(const Terminal& terminal, Client& client, const TransferArguments& arguments);
int ExportTable(const Terminal& terminal, Client& client, const TransferArguments& arguments);
int ImportTemplate(const Terminal& terminal, Client& client, const TransferArguments& arguments);

// The names of datasets, for the command line.
std::vector<std::string> Datasets();

}  // namespace nscl::nsclctl
