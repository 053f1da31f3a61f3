// Makes bearer tokens for the benchmark, signed by a local issuer.
//
//   bench_tokens --folder=FOLDER --count=N --roles=admin --provinces=48
//
// Prints N tokens, one a line. FOLDER/issuer.jwks.json is what the servers are given.
#include <iostream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "common/auth/issuer.h"

ABSL_FLAG(std::string, folder, "", "folder of the issuer; made where there is none");
ABSL_FLAG(int32_t, count, 1, "how many tokens, each of another subject");
ABSL_FLAG(std::vector<std::string>, roles, {}, "roles in every token");
ABSL_FLAG(std::vector<std::string>, provinces, {}, "provinces in every token");

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const auto issuer = nscl::auth::LocalIssuer::Open(absl::GetFlag(FLAGS_folder));
  if (!issuer.ok()) {
    std::cerr << "bench_tokens: " << issuer.status() << "\n";
    return 1;
  }
  nscl::auth::TokenRequest request;
  request.organisation = "so-khcn-da-nang";
  request.roles = absl::GetFlag(FLAGS_roles);
  request.provinces = absl::GetFlag(FLAGS_provinces);
  request.lifetime = absl::Hours(2);
  for (int i = 0; i < absl::GetFlag(FLAGS_count); ++i) {
    request.subject = absl::StrCat("officer-", i);
    const auto token = (*issuer)->Mint(request);
    if (!token.ok()) {
      std::cerr << "bench_tokens: " << token.status() << "\n";
      return 1;
    }
    std::cout << *token << "\n";
  }
  return 0;
}
