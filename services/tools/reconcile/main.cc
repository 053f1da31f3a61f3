// nscl-reconcile: checks the invariants across services and prints what disagrees.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "services/tools/door/door.h"
#include "services/tools/reconcile/reconcile.h"

namespace {

constexpr int kDisagrees = 1;
constexpr int kUsage = 2;
constexpr int kUnreachable = 3;

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Compares what the services hold about the same money, cases and events.\n"
      "Exit codes: 0 nothing disagrees, 1 something does, 2 wrong usage, 3 the system cannot be "
      "read."};
  std::string address = "127.0.0.1:8090", token_file;
  app.add_option("--address", address, "gRPC address of the gateway")->capture_default_str();
  app.add_option("--token-file", token_file,
                 "File with the bearer token of a reconciler for all provinces")
      ->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;  // 0: help was asked for
  }
  std::ifstream in(token_file);
  std::string token;
  if (!std::getline(in, token) || token.empty()) {
    std::cerr << "cannot read a token from " << token_file << "\n";
    return kUsage;
  }
  auto result = nscl::tools::Reconcile(*nscl::tools::MakeGrpcDoor(address, token));
  if (!result.ok()) {
    std::cerr << result.status().ToString(absl::StatusToStringMode::kWithNoExtraData) << "\n";
    return kUnreachable;
  }
  for (const auto& d : result->disagreements)
    std::cout << d.invariant << "\t" << d.place << "\t" << d.found << "\n";
  for (const std::string& name : result->in_motion) std::cout << "in motion\t" << name << "\n";
  std::cout << result->rows_checked << " rows checked, " << result->disagreements.size()
            << " disagreements, " << result->in_motion.size() << " in motion\n";
  return result->disagreements.empty() ? 0 : kDisagrees;
}
