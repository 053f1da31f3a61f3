// Peer: what gRPC alone costs. A callback server that answers every GetEnterprise with the same
// bytes, without looking at the request: no token, no store, no check.
//
//   bench_echo --listen=127.0.0.1:0 --response=FILE      prints the port, ends at SIGTERM
#include <grpcpp/grpcpp.h>
#include <signal.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:0", "address");
ABSL_FLAG(std::string, response, "", "file with the bytes of the answer; empty answers nothing");

namespace {

using Service = nscl::registry::v1::EnterpriseService;

class Echo final : public Service::WithRawCallbackMethod_GetEnterprise<Service::Service> {
 public:
  explicit Echo(const std::string& answer) {
    const grpc::Slice slice(answer);
    answer_ = grpc::ByteBuffer(&slice, 1);
  }

  grpc::ServerUnaryReactor* GetEnterprise(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer*,
                                          grpc::ByteBuffer* response) override {
    *response = answer_;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  grpc::ByteBuffer answer_;
};

}  // namespace

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  // Before any thread is there, so that none of them takes the signal.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);

  std::ifstream file(absl::GetFlag(FLAGS_response), std::ios::binary);
  Echo echo(std::string(std::istreambuf_iterator<char>(file), {}));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(absl::GetFlag(FLAGS_listen), grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  const auto server = builder.BuildAndStart();
  if (server == nullptr || port == 0) return 1;
  std::cout << port << std::endl;
  int signal = 0;
  sigwait(&ending, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}
