// nsclctl run as people run it, against small real services.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/auth/issuer.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"
#include "common/status/error.h"
#include "common/store/store.h"
#include "common/testing/certificates.h"
#include "nscl/budgeting/v1/plan_service.grpc.pb.h"
#include "nscl/budgeting/v1/store_service.grpc.pb.h"
#include "nscl/casework/v1/store_service.grpc.pb.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "nscl/registry/v1/event_service.grpc.pb.h"
#include "nscl/registry/v1/operation_service.grpc.pb.h"
#include "nscl/registry/v1/store_service.grpc.pb.h"
#include "nscl/reporting/v1/store_service.grpc.pb.h"
#include "services/tools/nsclctl/methods.h"
#include "services/tools/nsclctl/run.h"

namespace nscl::nsclctl {
namespace {

using grpc::ServerContext;
using grpc::Status;
using registry::v1::Enterprise;
using status::Error;

class Enterprises : public registry::v1::EnterpriseService::Service {
 public:
  Status GetEnterprise(ServerContext* context, const registry::v1::GetEnterpriseRequest* request,
                       Enterprise* response) override {
    const auto token = context->client_metadata().find("authorization");
    if (token == context->client_metadata().end()) {
      return rpc::ToGrpcStatus(Error(absl::StatusCode::kUnauthenticated, "TOKEN_MISSING")
                                   .En("no token")
                                   .Vi("thiếu mã truy cập")
                                   .Build());
    }
    if (absl::EndsWith(request->name(), "/missing")) {
      return rpc::ToGrpcStatus(Error(absl::StatusCode::kNotFound, "ENTERPRISE_NOT_FOUND")
                                   .Meta("name", request->name())
                                   .En("there is no such enterprise")
                                   .Vi("không có doanh nghiệp này")
                                   .Build());
    }
    response->set_name(request->name());
    response->set_display_name("Công ty Đà Nẵng");
    response->set_legal_kind(Enterprise::LEGAL_KIND_JSC);
    response->mutable_established_on()->set_year(2019);
    return Status::OK;
  }

  // Three enterprises, a page each.
  Status ListEnterprises(ServerContext*, const registry::v1::ListEnterprisesRequest* request,
                         registry::v1::ListEnterprisesResponse* response) override {
    const int page = request->page_token().empty() ? 1 : request->page_token()[0] - '0';
    auto* enterprise = response->add_enterprises();
    enterprise->set_name(absl::StrCat(request->parent(), "/enterprises/e", page));
    enterprise->set_display_name(request->filter());
    if (page < 3) response->set_next_page_token(absl::StrCat(page + 1));
    return Status::OK;
  }
};

// One import of a file, in which "sai" stands for a row that is refused, and exports.
class Operations : public registry::v1::OperationService::Service {
 public:
  using Operation = registry::v1::Operation;

  Status ListOperations(ServerContext*, const registry::v1::ListOperationsRequest*,
                        registry::v1::ListOperationsResponse* response) override {
    if (operation_.state() == Operation::STATE_RECEIVING) *response->add_operations() = operation_;
    return Status::OK;
  }
  Status StartImport(ServerContext*, const registry::v1::StartImportRequest* request,
                     Operation* response) override {
    operation_.Clear();
    received_.clear();
    operation_.set_name(absl::StrCat(request->parent(), "/operations/o"));
    operation_.set_state(Operation::STATE_RECEIVING);
    operation_.set_dataset(request->dataset());
    operation_.set_format(request->format());
    operation_.set_dry_run(request->dry_run());
    operation_.set_size_bytes(request->size_bytes());
    operation_.set_file_sha256(request->file_sha256());
    *response = operation_;
    return Status::OK;
  }
  Status AppendImportData(ServerContext*, const registry::v1::AppendImportDataRequest* request,
                          Operation* response) override {
    if (request->offset() != static_cast<int64_t>(received_.size())) {
      return Status(grpc::OUT_OF_RANGE, "offset");
    }
    if (pieces_until_gone_-- == 0) return Status(grpc::PERMISSION_DENIED, "the token is over");
    received_ += request->data();
    operation_.set_received_bytes(static_cast<int64_t>(received_.size()));
    if (operation_.received_bytes() == operation_.size_bytes()) {
      operation_.set_state(Operation::STATE_RUNNING);
    }
    *response = operation_;
    return Status::OK;
  }
  Status StartExport(ServerContext*, const registry::v1::StartExportRequest* request,
                     Operation* response) override {
    received_ = absl::StrCat("exported ", request->filter());
    operation_.set_state(Operation::STATE_RUNNING);
    *response = operation_;
    return Status::OK;
  }
  Status GetOperation(ServerContext*, const registry::v1::GetOperationRequest*,
                      Operation* response) override {
    operation_.set_state(Operation::STATE_SUCCEEDED);
    operation_.set_rows_total(10);
    operation_.set_rows_failed(absl::StrContains(received_, "sai") ? 1 : 0);
    if (absl::StrContains(received_, "Latin")) {
      operation_.set_state(Operation::STATE_FAILED);
      operation_.mutable_failure()->set_reason("CSV_ENCODING");
    }
    *response = operation_;
    return Status::OK;
  }
  Status ReadOperationFile(ServerContext*, const registry::v1::ReadOperationFileRequest* request,
                           registry::v1::ReadOperationFileResponse* response) override {
    response->set_data(received_.substr(static_cast<size_t>(request->offset()), 4));
    response->set_next_offset(request->offset() + static_cast<int64_t>(response->data().size()));
    return Status::OK;
  }
  Status GetImportTemplate(ServerContext*, const registry::v1::GetImportTemplateRequest*,
                           registry::v1::GetImportTemplateResponse* response) override {
    response->set_content("titles");
    return Status::OK;
  }

  std::string received_;
  int pieces_until_gone_ = -1;

 private:
  Operation operation_;
};

class Plans : public budgeting::v1::PlanService::Service {
 public:
  Status ImportPlan(ServerContext*, const budgeting::v1::ImportPlanRequest* request,
                    budgeting::v1::Plan* response) override {
    if (request->request_id().size() != 36) return Status(grpc::INVALID_ARGUMENT, "request_id");
    *response = request->plan();
    response->set_name(absl::StrCat(request->parent(), "/plans/", request->plan_id()));
    return Status::OK;
  }
};

class Events : public registry::v1::EventService::Service {
 public:
  Status WatchEvents(ServerContext*, const event::v1::WatchEventsRequest*,
                     grpc::ServerWriter<registry::v1::WatchEventsResponse>* writer) override {
    for (int i = 1; i <= 3; ++i) {
      registry::v1::WatchEventsResponse response;
      response.set_next_position(i);
      writer->Write(response);
    }
    return Status::OK;
  }
};

// The store side of a service; all of them write down the order of what they are asked.
struct Order {
  std::mutex mutex;
  std::vector<std::string> steps;
  std::string barrier;
  void Add(std::string step) {
    std::lock_guard<std::mutex> lock(mutex);
    steps.push_back(std::move(step));
  }
};

template <typename Base>
class Stores : public Base {
 public:
  Stores(Order& order, std::string service) : order_(order), service_(std::move(service)) {}
  Status GetStoreStatus(ServerContext*, const store::v1::GetStoreStatusRequest*,
                        store::v1::StoreStatus* response) override {
    response->set_service(service_);
    response->set_revision(42);
    response->set_write_state(store::v1::StoreStatus::WRITE_STATE_OPEN);
    return Status::OK;
  }
  Status PauseWrites(ServerContext*, const store::v1::PauseWritesRequest* request,
                     store::v1::PauseWritesResponse*) override {
    order_.Add("pause " + service_);
    order_.barrier = request->barrier_id();
    return Status::OK;
  }
  Status CreateBackup(ServerContext*, const store::v1::CreateBackupRequest* request,
                      store::v1::Backup* response) override {
    order_.Add("backup " + service_);
    if (request->barrier_id() != order_.barrier) return Status(grpc::INTERNAL, "barrier");
    response->set_service(service_);
    response->set_backup_set(request->backup_set());
    return Status::OK;
  }
  Status VerifyStore(ServerContext*, const store::v1::VerifyStoreRequest*,
                     store::v1::VerifyStoreResponse* response) override {
    if (service_ == "casework") {
      return rpc::ToGrpcStatus(Error(absl::StatusCode::kDataLoss, "STORE_CORRUPT")
                                   .Meta("file", "000012.sst")
                                   .En("a block is damaged")
                                   .Vi("dữ liệu bị hỏng")
                                   .Build());
    }
    response->mutable_status()->set_service(service_);
    return Status::OK;
  }

 private:
  Order& order_;
  const std::string service_;
};

class NsclctlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = absl::StrCat(::testing::TempDir(), "/nsclctl-", NewUuid());
    std::filesystem::create_directories(folder_);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    for (grpc::Service* service :
         std::initializer_list<grpc::Service*>{&enterprises_, &operations_, &plans_, &events_,
                                               &registry_, &casework_, &budgeting_, &reporting_}) {
      builder.RegisterService(service);
    }
    server_ = builder.BuildAndStart();
    target_ = absl::StrCat("127.0.0.1:", port);
    Write("token", "abc.def.ghi\n");
  }
  void TearDown() override {
    server_->Shutdown(std::chrono::system_clock::now());
    std::filesystem::remove_all(folder_);
  }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = absl::StrCat(folder_, "/", name);
    std::ofstream(path) << text;
    return path;
  }

  int Ctl(std::vector<std::string> arguments, const std::string& input = "") {
    std::istringstream in(input);
    std::ostringstream out, err;
    arguments.insert(arguments.begin(),
                     {"--target", target_, "--token-file", absl::StrCat(folder_, "/token")});
    const int code = nsclctl::Run(arguments, in, out, err);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  Order order_;
  Enterprises enterprises_;
  Operations operations_;
  Plans plans_;
  Events events_;
  Stores<registry::v1::StoreService::Service> registry_{order_, "registry"};
  Stores<casework::v1::StoreService::Service> casework_{order_, "casework"};
  Stores<budgeting::v1::StoreService::Service> budgeting_{order_, "budgeting"};
  Stores<reporting::v1::StoreService::Service> reporting_{order_, "reporting"};
  std::unique_ptr<grpc::Server> server_;
  std::string folder_, target_, out_, err_;
};

TEST_F(NsclctlTest, GetsByName) {
  EXPECT_EQ(Ctl({"get", "provinces/48/enterprises/e1"}), kOk) << err_;
  EXPECT_EQ(out_,
            "name: provinces/48/enterprises/e1\ndisplay_name: Công ty Đà Nẵng\nlegal_kind: JSC\n"
            "established_on: 00/00/2019\n");
  EXPECT_EQ(Ctl({"get", "provinces/48/enterprises/e1", "--json"}), kOk);
  EXPECT_EQ(out_, R"({"name":"provinces/48/enterprises/e1","displayName":"Công ty Đà Nẵng",)"
                  R"("legalKind":"LEGAL_KIND_JSC","establishedOn":{"year":2019}})"
                  "\n");
}

TEST_F(NsclctlTest, ExplainsRefusals) {
  EXPECT_EQ(Ctl({"get", "provinces/48/enterprises/missing"}), kRefused);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(err_,
            "NOT_FOUND ENTERPRISE_NOT_FOUND: there is no such enterprise\n"
            "  không có doanh nghiệp này\n"
            "  name = provinces/48/enterprises/missing\n");
  std::filesystem::remove(folder_ + "/token");
  EXPECT_EQ(Ctl({"get", "provinces/48/enterprises/e1"}), kBadData);
}

TEST_F(NsclctlTest, ListsPagesAndAll) {
  EXPECT_EQ(Ctl({"list", "enterprises", "--province", "48", "--filter", "f"}), kOk);
  EXPECT_EQ(out_, "NAME                         DISPLAY_NAME\nprovinces/48/enterprises/e1  f\n");
  EXPECT_TRUE(absl::StrContains(err_, "--page-token 2"));
  EXPECT_EQ(Ctl({"list", "enterprises", "--all", "--json"}), kOk);
  EXPECT_EQ(out_,
            "{\"name\":\"provinces/-/enterprises/e1\"}\n{\"name\":\"provinces/-/enterprises/e2\"}\n"
            "{\"name\":\"provinces/-/enterprises/e3\"}\n");
  EXPECT_EQ(Ctl({"list", "enterprises", "--page-token", "3", "--columns", "name"}), kOk);
  EXPECT_EQ(out_, "NAME\nprovinces/-/enterprises/e3\n");
}

TEST_F(NsclctlTest, CallsAnyMethod) {
  const std::string json = R"({"name":"provinces/48/enterprises/e1"})";
  for (const std::string& argument : {json, std::string("-"), "@" + Write("request.json", json)}) {
    EXPECT_EQ(Ctl({"call", "GetEnterprise", argument}, json), kOk) << err_;
    EXPECT_TRUE(absl::StrContains(out_, "Công ty")) << out_;
  }
  EXPECT_EQ(Ctl({"call", "registry.EventService.WatchEvents", "{}"}), kOk) << err_;
  EXPECT_EQ(out_, "{\"nextPosition\":\"1\"}\n{\"nextPosition\":\"2\"}\n{\"nextPosition\":\"3\"}\n");
  EXPECT_EQ(Ctl({"call", "GetEnterprise", R"({"nme":"x"})"}), kBadData);
  EXPECT_TRUE(absl::StrContains(err_, "UNKNOWN_FIELD"));
  EXPECT_EQ(Ctl({"call", "ListEvents"}), kUsage);
  EXPECT_TRUE(absl::StrContains(err_, "may be any of"));
}

TEST_F(NsclctlTest, ImportsTablesAndFetchesWhatWasRefused) {
  const std::string good = Write("good.csv", "Mã số thuế");
  EXPECT_EQ(Ctl({"import", "enterprises", good, "--province", "48"}), kOk) << err_;
  EXPECT_EQ(operations_.received_, "Mã số thuế");
  EXPECT_TRUE(absl::StrContains(out_, "provinces/48/operations/o: 10 rows")) << out_;
  EXPECT_TRUE(absl::StrContains(err_, "[########################] 100 %")) << err_;
  const std::string bad = Write("bad.csv", "sai");
  const std::string errors = folder_ + "/errors.csv";
  EXPECT_EQ(Ctl({"import", "enterprises", bad, "--province", "48", "--errors", errors, "--quiet"}),
            kSomeRefused)
      << err_;
  EXPECT_EQ(err_, "");
  std::ifstream file(errors);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "sai");
  EXPECT_EQ(Ctl({"import", "needs", Write("latin.csv", "Latin"), "--province", "48"}), kRefused);
  EXPECT_TRUE(absl::StrContains(err_, "CSV_ENCODING")) << err_;
  EXPECT_EQ(Ctl({"import", "enterprises", folder_ + "/none.csv", "--province", "48"}), kBadData);
  EXPECT_EQ(Ctl({"import", "enterprises", Write("empty.csv", ""), "--province", "48"}), kBadData);
  EXPECT_EQ(Ctl({"import", "enterprises", good}), kUsage);
}

TEST_F(NsclctlTest, GoesOnWithAnInterruptedUpload) {
  const std::string text(size_t{1200} << 10, 'x');
  const std::string file = Write("large.csv", text);
  operations_.pieces_until_gone_ = 1;
  EXPECT_EQ(Ctl({"import", "enterprises", file, "--province", "48"}), kRefused);
  EXPECT_EQ(Ctl({"import", "enterprises", file, "--province", "48"}), kOk) << err_;
  EXPECT_TRUE(absl::StrContains(err_, "going on with provinces/48/operations/o at byte 524288"))
      << err_;
  EXPECT_EQ(operations_.received_, text);
}

TEST_F(NsclctlTest, ExportsTablesAndTemplates) {
  EXPECT_EQ(Ctl({"export", "enterprises", "--province", "48", "--filter", "f"}), kOk) << err_;
  EXPECT_EQ(out_, "exported f");
  const std::string path = folder_ + "/out.xlsx";
  EXPECT_EQ(Ctl({"export", "needs", "--province", "48", "--output", path}), kOk) << err_;
  EXPECT_EQ(std::filesystem::file_size(path), 9u);
  EXPECT_EQ(Ctl({"import-template", "enterprises"}), kOk) << err_;
  EXPECT_EQ(out_, "titles");
  EXPECT_EQ(Ctl({"export", "plans", "--province", "48"}), kUsage);
  EXPECT_EQ(Ctl({"export", "needs", "--province", "48", "--output", "/none/x"}), kRefused);
}

TEST_F(NsclctlTest, ImportsTheShippedPlans) {
  const std::string file = NSCL_SOURCE_DIR "/deploy/plans/danang-2022-2025.json";
  EXPECT_EQ(Ctl({"import", "plan", file, "--province", "48"}), kOk) << err_;
  EXPECT_TRUE(absl::StartsWith(out_, "imported as provinces/48/plans/danang-2022-2025: ")) << out_;
  EXPECT_EQ(Ctl({"import", "plan", Write("bad.json", R"({"title":"a","annexes":{}})"), "--province",
                 "48"}),
            kBadData);
  EXPECT_TRUE(absl::StrContains(err_, "plan.annexes")) << err_;
  EXPECT_EQ(Ctl({"import", "plan", folder_ + "/none.json", "--province", "48"}), kBadData);
}

TEST_F(NsclctlTest, ABackupPausesAllBeforeItCopiesOne) {
  EXPECT_EQ(Ctl({"backup", "--set", "s1"}), kOk) << err_;
  EXPECT_EQ(absl::StrJoin(order_.steps, ", "),
            "pause registry, pause casework, pause budgeting, pause reporting, backup registry, "
            "backup casework, backup budgeting, backup reporting");
}

TEST_F(NsclctlTest, StatusAndVerifyShowEveryService) {
  EXPECT_EQ(Ctl({"status"}), kOk) << err_;
  for (const char* service : {"registry", "casework", "budgeting", "reporting"}) {
    EXPECT_TRUE(absl::StrContains(out_, service)) << out_;
  }
  EXPECT_TRUE(absl::StrContains(out_, "OPEN"));
  EXPECT_EQ(Ctl({"status", "--service", "registry"}), kOk);
  EXPECT_FALSE(absl::StrContains(out_, "casework"));
  EXPECT_EQ(Ctl({"verify"}), kBadData);
  EXPECT_TRUE(absl::StrContains(err_, "casework: DATA_LOSS STORE_CORRUPT")) << err_;
  EXPECT_TRUE(absl::StrContains(out_, "reporting"));
}

TEST_F(NsclctlTest, MintsTokensThatTheIssuerTrusts) {
  const std::string issuer = folder_ + "/issuer";
  EXPECT_EQ(Ctl({"token", "--data-dir", folder_, "--role", "operator", "--province", "48"}),
            kBadData);  // no key: none is made
  ASSERT_TRUE(auth::LocalIssuer::Open(issuer).ok());
  EXPECT_EQ(Ctl({"token", "--data-dir", folder_, "--role", "operator", "--province", "48"}), kOk)
      << err_;
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '.'), 2);
  EXPECT_EQ(Ctl({"token", "--issuer-dir", issuer, "--role", "operator", "--province", "480"}),
            kUsage);
}

TEST_F(NsclctlTest, RestoresASetIntoANewFolder) {
  for (const char* service : {"registry", "casework", "budgeting", "reporting"}) {
    store::Options options;
    options.service = service;
    options.path = absl::StrCat(folder_, "/", service);
    options.backup_path = absl::StrCat(folder_, "/backup/", service);
    options.init = true;
    options.low_space_bytes = 0;
    auto store = store::Store::Open(options);
    ASSERT_TRUE(store.ok()) << store.status();
    const auto backup = (*store)->CreateBackup("", "s1");
    ASSERT_TRUE(backup.ok()) << backup.status();
  }
  EXPECT_EQ(
      Ctl({"restore", "--set", "s1", "--from", folder_ + "/backup", "--to", folder_ + "/new"}), kOk)
      << err_;
  EXPECT_TRUE(absl::StrContains(out_, "reporting")) << out_;
  // Not over what is there, and not what is not there.
  EXPECT_EQ(
      Ctl({"restore", "--set", "s1", "--from", folder_ + "/backup", "--to", folder_ + "/new"}),
      kBadData);
  EXPECT_EQ(Ctl({"restore", "--set", "s2", "--from", folder_ + "/backup", "--to", folder_ + "/x"}),
            kBadData);
}

TEST_F(NsclctlTest, SaysWhenNobodyAnswers) {
  server_->Shutdown(std::chrono::system_clock::now());
  EXPECT_EQ(Ctl({"get", "provinces/48/enterprises/e1"}), kUnreachable);
  EXPECT_TRUE(absl::StrContains(err_, "UNAVAILABLE UNREACHABLE: no answer from 127.0.0.1:"))
      << err_;
  EXPECT_TRUE(absl::StrContains(err_, "is it running, and is the address right?")) << err_;
  EXPECT_TRUE(absl::StrContains(err_, "không có trả lời từ 127.0.0.1:")) << err_;
  target_ = "nobody.example.vn:8090";  // neither local nor with TLS files
  EXPECT_EQ(Ctl({"get", "provinces/48/enterprises/e1"}), kBadData);
  EXPECT_TRUE(absl::StrContains(err_, "TLS files are needed")) << err_;
  target_ = absl::StrCat("unix:", folder_, "/none.sock");
  EXPECT_EQ(Ctl({"get", "provinces/48/enterprises/e1"}), kUnreachable);
  EXPECT_TRUE(absl::StrContains(err_, "is it running")) << err_;
}

// Whoever speaks TLS to a port that does not, or the other way round, is told so.
TEST_F(NsclctlTest, SaysWhenTlsDoesNotFit) {
  using nscl::testing::MakeCertificate;
  using nscl::testing::WritePem;
  const auto ca = MakeCertificate("CA", nullptr, nullptr);
  const auto other_ca = MakeCertificate("another CA", nullptr, nullptr);
  const auto files =
      WritePem(folder_ + "/server", MakeCertificate("gateway", "DNS:localhost", &ca), ca);
  const auto stranger =
      WritePem(folder_ + "/stranger", MakeCertificate("stranger", nullptr, &other_ca), other_ca);
  grpc::ServerBuilder builder;
  int port = 0;
  auto credentials = rpc::ServerTls({files.key, files.cert, files.ca});
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  builder.AddListeningPort("127.0.0.1:0", *credentials, &port);
  Enterprises enterprises;
  builder.RegisterService(&enterprises);
  const auto server = builder.BuildAndStart();
  const auto tls = [](const nscl::testing::PemFiles& pem) {
    return std::vector<std::string>{"--tls-key", pem.key,    "--tls-cert",
                                    pem.cert,    "--tls-ca", pem.ca};
  };
  const std::string by_name = absl::StrCat("localhost:", port),
                    by_address = absl::StrCat("127.0.0.1:", port);
  const struct {
    const char* what;
    std::string target;
    std::vector<std::string> flags;
    int code;
    const char* says;
  } rows[] = {
      {"all is well", by_name, tls(files), kOk, ""},
      {"plain text to TLS", by_name, {}, kUnreachable, "it may ask for TLS (--tls-key"},
      {"TLS to plain text", "localhost" + target_.substr(target_.find(':')), tls(files),
       kUnreachable, "it speaks no TLS"},
      {"a server of another authority", by_name, tls(stranger), kUnreachable,
       "its certificate is not of the authority in --tls-ca"},
      {"a server of another name", by_address, tls(files), kUnreachable,
       "its certificate is for another name than the address"},
      {"half of the flags",
       by_name,
       {"--tls-key", files.key},
       kUsage,
       "--tls-key requires --tls-c"},
      {"a file that is not there",
       by_name,
       {"--tls-key", "none", "--tls-cert", "none", "--tls-ca", "none"},
       kBadData,
       "none"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    std::vector<std::string> arguments = {"get", "provinces/48/enterprises/e1"};
    target_ = row.target;
    arguments.insert(arguments.end(), row.flags.begin(), row.flags.end());
    EXPECT_EQ(Ctl(arguments), row.code) << err_;
    EXPECT_TRUE(absl::StrContains(err_, row.says)) << err_;
  }
}

TEST_F(NsclctlTest, HelpsInVietnameseWhereItIsAskedFor) {
  const char* commands[] = {"token",  "resources", "methods", "get",    "list",   "call",
                            "import", "report",    "status",  "verify", "backup", "restore"};
  for (const char* language : {"vi_VN.UTF-8", "en_US.UTF-8"}) {
    SCOPED_TRACE(language);
    const bool vi = language[0] == 'v';
    ::setenv("NSCL_LANG", language, 1);
    EXPECT_EQ(Ctl({"--help"}), kOk);
    EXPECT_EQ(absl::StrContains(out_, "Mã kết thúc: 0 xong"), vi) << out_;
    EXPECT_EQ(absl::StrContains(out_, "Exit codes: 0 done"), !vi) << out_;
    for (const char* command : commands) {
      EXPECT_EQ(Ctl({command, "--help"}), kOk) << command;
      EXPECT_NE(out_, "") << command;
    }
    EXPECT_EQ(absl::StrContains(out_, "Khôi phục"), vi) << out_;
  }
  ::unsetenv("NSCL_LANG");
}

TEST_F(NsclctlTest, WrongCommandLines) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"nothing"},
           {"get"},
           {"get", "provinces/48"},
           {"list", "dragons"},
           {"list", "enterprises", "--page-size", "0"},
           {"list", "enterprises", "--province", "48", "--parent", "provinces/58"},
           {"import", "plan"},
           {"report", "x", "2024"},
           {"report", "provinces/48/plans/p", "24"},
           {"call", "NoSuchMethod"},
           {"token", "--role", "operator"},
           {"status", "--service", "gateway"}}) {
    EXPECT_EQ(Ctl(arguments), kUsage) << absl::StrJoin(arguments, " ");
    EXPECT_NE(err_, "");
  }
  EXPECT_EQ(Ctl({"--help"}), kOk);
  EXPECT_TRUE(absl::StrContains(out_, "Exit codes"));
  EXPECT_EQ(Ctl({"resources"}), kOk);
  EXPECT_TRUE(absl::StrContains(out_, "provinces/{province}/enterprises/{enterprise}"));
}

}  // namespace
}  // namespace nscl::nsclctl
