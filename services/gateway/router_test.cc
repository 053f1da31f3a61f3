// Templates, targets and routes as tables, and every RPC of the services there and back.
#include "services/gateway/router.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/json/json_writer.h"
#include "common/status/error.h"
#include "nscl/budgeting/v1/plan_service.pb.h"
#include "nscl/registry/v1/enterprise_service.pb.h"
#include "services/gateway/path_template.h"
#include "services/gateway/transcoder.h"

namespace nscl::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

std::vector<std::string> AllServices() {
  return {"registry", "casework", "budgeting", "reporting"};
}

const Router& AllRoutes() {
  static const Router* const kRouter = [] {
    auto router = Router::Compile(LinkedServices(AllServices()));
    EXPECT_TRUE(router.ok()) << router.status();
    return router->release();
  }();
  return *kRouter;
}

TEST(PathTemplateTest, RefusesWhatIsNoTemplate) {
  for (const char* text :
       {"", "v1", "/", "/v1//a", "/v1/{name", "/v1/{name=}", "/v1/{=a}", "/v1/{name}x",
        "/v1/a:", "/v1/a:b:c", "/v1/**/a", "/v1/{n=**}/a", "/v1/a b", "/v1/{a..b}", "/v1/a:b/c"}) {
    EXPECT_FALSE(ParsePathTemplate(text).ok()) << text;
  }
}

TEST(PathTemplateTest, FindsOverlaps) {
  const struct {
    const char *a, *b;
    bool overlap;
  } rows[] = {
      {"/v1/{name=a/*}", "/v1/a/{b}", true},       {"/v1/{name=a/*}", "/v1/{name=b/*}", false},
      {"/v1/{name=a/*}", "/v1/a/b", true},         {"/v1/{name=a/*}:x", "/v1/{name=a/*}:y", false},
      {"/v1/{name=a/*}:x", "/v1/a/b:x", true},     {"/v1/{name=a/**}", "/v1/a/b/c", true},
      {"/v1/{name=a/*}", "/v1/a", false},          {"/v1/{name=*/b}", "/v1/{name=a/*}", true},
      {"/v1/{name=*/b}", "/v1/{name=a/c}", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Overlap(*ParsePathTemplate(row.a), *ParsePathTemplate(row.b)), row.overlap)
        << row.a << " " << row.b;
  }
}

TEST(TargetTest, RefusesPathsThatLie) {
  for (const char* text : {"/v1/../x", "/v1/%2e%2e/x", "/v1/./x", "/v1//x", "/v1/x/", "//", "/v1/%",
                           "/v1/%2", "/v1/%zz", "/v1/%2f", "/v1/%00", "/v1/%0a", "/v1/%c0%af",
                           "/v1/%ff", "/v1/x:", "/v1/x?a", "/v1/x?a=%00", "/v1/x?a=%ff"}) {
    const auto target = ParseTarget(text);
    EXPECT_EQ(status::ReasonOf(target.status()), "MALFORMED_PATH") << text;
  }
}

TEST(TargetTest, TakesTargetsApart) {
  const auto target = ParseTarget("/v1/%C4%90%C3%A0/a%3Ab:verb?x=1+2&y.z=%26&x=&");
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->segments, (std::vector<std::string>{"v1", "Đà", "a:b"}));
  EXPECT_EQ(target->verb, "verb");
  EXPECT_EQ(target->query, (std::vector<std::pair<std::string, std::string>>{
                               {"x", "1 2"}, {"y.z", "&"}, {"x", ""}}));
}

TEST(RouterTest, FindsMethodsAndSaysWhatIsAllowed) {
  const struct {
    const char *http_method, *target, *method, *value, *allowed;
  } rows[] = {
      {"GET", "/v1/provinces/48/enterprises/e1", "GetEnterprise", "provinces/48/enterprises/e1",
       ""},
      {"PATCH", "/v1/provinces/48/enterprises/e1", "UpdateEnterprise",
       "provinces/48/enterprises/e1", ""},
      {"GET", "/v1/provinces/-/enterprises", "ListEnterprises", "provinces/-", ""},
      {"POST", "/v1/provinces/48/enterprises", "CreateEnterprise", "provinces/48", ""},
      {"POST", "/v1/provinces/48/plans:import", "ImportPlan", "provinces/48", ""},
      {"POST", "/v1/provinces/48/plans/p:issue", "IssuePlan", "provinces/48/plans/p", ""},
      {"GET", "/v1/provinces/48/registry/events:watch", "WatchEvents", "provinces/48", ""},
      {"GET", "/v1/adminUnits", "ListAdminUnits", "", ""},
      {"DELETE", "/v1/provinces/48/enterprises/e1", "", "", "GET, PATCH"},
      {"PUT", "/v1/provinces/48/enterprises", "", "", "GET, POST"},
      {"GET", "/v1/provinces/48/plans:import", "", "", "POST"},
      {"TRACE", "/v1/adminUnits", "", "", "GET"},
      {"GET", "/v1/provinces/48/plans/p:nothing", "", "", ""},
      {"GET", "/v1/provinces/48", "", "", ""},
      {"GET", "/v2/adminUnits", "", "", ""},
      {"GET", "/v1/provinces/48/enterprises/e1/x", "", "", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.http_method, " ", row.target));
    const auto target = ParseTarget(row.target);
    ASSERT_TRUE(target.ok());
    const Router::Match match = AllRoutes().Find(row.http_method, *target);
    EXPECT_EQ(match.route == nullptr ? "" : match.route->method->name(), row.method);
    EXPECT_EQ(match.values.empty() ? "" : match.values[0], row.value);
    EXPECT_EQ(match.allowed, row.allowed);
  }
}

TEST(RouterTest, EveryMethodHasARoute) {
  std::set<std::string> routed;
  for (const auto& route : AllRoutes().routes()) routed.insert(route->method->full_name());
  size_t methods = 0;
  for (const auto* service : LinkedServices(AllServices())) {
    for (int i = 0; i < service->method_count(); ++i, ++methods) {
      EXPECT_TRUE(routed.contains(service->method(i)->full_name()))
          << service->method(i)->full_name();
    }
  }
  EXPECT_GT(methods, 80u);
}

TEST(RouterTest, RefusesTheSameRouteTwice) {
  auto services = LinkedServices({"registry"});
  services.push_back(services.front());
  const auto router = Router::Compile(services);
  EXPECT_EQ(router.status().code(), absl::StatusCode::kFailedPrecondition);
}

// Fills each field with a value that is not its default; strings hold `text`.
void Fill(Message& message, const std::string& text, int depth) {
  const auto& reflection = *message.GetReflection();
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& f = *type.field(i);
    if (f.real_containing_oneof() != nullptr && f.real_containing_oneof()->field(0) != &f) continue;
    const bool repeated = f.is_repeated();
    switch (f.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        repeated ? reflection.AddInt32(&message, &f, -7) : reflection.SetInt32(&message, &f, -7);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        repeated ? reflection.AddInt64(&message, &f, INT64_MAX)
                 : reflection.SetInt64(&message, &f, INT64_MAX);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        repeated ? reflection.AddBool(&message, &f, true) : reflection.SetBool(&message, &f, true);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        repeated ? reflection.AddEnum(&message, &f, f.enum_type()->value(1))
                 : reflection.SetEnum(&message, &f, f.enum_type()->value(1));
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        repeated ? reflection.AddString(&message, &f, text)
                 : reflection.SetString(&message, &f, text);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (f.message_type()->full_name() == "google.protobuf.FieldMask") {
          Message& mask = *reflection.MutableMessage(&message, &f);
          mask.GetReflection()->AddString(&mask, mask.GetDescriptor()->field(0), "display_name");
        } else if (f.message_type()->full_name() == "google.protobuf.Timestamp") {
          Message& time = repeated ? *reflection.AddMessage(&message, &f)
                                   : *reflection.MutableMessage(&message, &f);
          time.GetReflection()->SetInt64(&time, time.GetDescriptor()->field(0), 1706661000);
        } else if (depth > 0) {
          Fill(repeated ? *reflection.AddMessage(&message, &f)
                        : *reflection.MutableMessage(&message, &f),
               text, depth - 1);
        }
        break;
      default:
        ADD_FAILURE() << f.full_name();
    }
  }
}

std::string Escaped(const std::string& text) {
  std::string out;
  for (unsigned char c : text) {
    if (isalnum(c) || c == '/' || c == '-' || c == '_' || c == '.') {
      out.push_back(static_cast<char>(c));
    } else {
      absl::StrAppendFormat(&out, "%%%02X", c);
    }
  }
  return out;
}

// The query parameters that say `message`, less what `bound` has.
void AppendQuery(const Message& message, const std::string& prefix,
                 const std::set<std::string>& bound, std::string* out) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* f : fields) {
    const std::string path = prefix + f->name();
    if (bound.contains(path)) continue;
    const auto add = [&](const std::string& value) {
      absl::StrAppend(out, out->empty() ? "?" : "&", path, "=", Escaped(value));
    };
    const int count = f->is_repeated() ? reflection.FieldSize(message, f) : 1;
    for (int i = 0; i < count; ++i) {
      switch (f->cpp_type()) {
        case FieldDescriptor::CPPTYPE_INT32:
          add("-7");
          break;
        case FieldDescriptor::CPPTYPE_INT64:
          add(absl::StrCat(INT64_MAX));
          break;
        case FieldDescriptor::CPPTYPE_BOOL:
          add("true");
          break;
        case FieldDescriptor::CPPTYPE_ENUM:
          add(f->enum_type()->value(1)->name());
          break;
        case FieldDescriptor::CPPTYPE_STRING:
          add(f->is_repeated() ? reflection.GetRepeatedString(message, f, i)
                               : reflection.GetString(message, f));
          break;
        default:
          if (f->message_type()->full_name() == "google.protobuf.FieldMask") {
            add("displayName");
          } else {
            AppendQuery(reflection.GetMessage(message, f), path + ".", bound, out);
          }
      }
    }
  }
}

// For each route: a full request message, said as HTTP, is read back as the same message.
TEST(TranscoderTest, EveryMethodThereAndBack) {
  for (const auto& route : AllRoutes().routes()) {
    SCOPED_TRACE(route->path);
    std::unique_ptr<Message> want(route->request_prototype->New());
    Fill(*want, "Đà Nẵng \"2024\" & 100%", route->body_is_request || route->body_field ? 4 : 1);
    std::string path = route->path;
    std::set<std::string> bound;
    for (size_t v = 0; v < route->variables.size(); ++v) {
      const auto& variable = route->path_template.variables[v];
      bound.insert(variable.field_path);
      std::string value;
      for (size_t s = variable.begin; s < variable.end; ++s) {
        const auto& segment = route->path_template.segments[s];
        absl::StrAppend(&value, value.empty() ? "" : "/",
                        segment.kind == PathTemplate::Segment::kLiteral ? segment.literal : "48 đ");
      }
      Message* holder = want.get();
      for (size_t f = 0; f + 1 < route->variables[v].size(); ++f) {
        holder = holder->GetReflection()->MutableMessage(holder, route->variables[v][f]);
      }
      holder->GetReflection()->SetString(holder, route->variables[v].back(), value);
      const size_t open = path.find('{');
      path.replace(open, path.find('}') - open + 1, Escaped(value));
    }
    HttpRequest request;
    request.head.headers.emplace_back("content-type", "application/json; charset=utf-8");
    std::string query;
    if (route->body_is_request) {
      request.body = json::WriteJson(*want);
    } else {
      if (route->body_field != nullptr) {
        bound.insert(route->body_field->name());
        request.body = json::WriteJson(want->GetReflection()->GetMessage(*want, route->body_field));
      }
      AppendQuery(*want, "", bound, &query);
    }
    const auto target = ParseTarget(path + query);
    ASSERT_TRUE(target.ok()) << target.status() << path << query;
    const Router::Match match = AllRoutes().Find(route->http_method, *target);
    ASSERT_EQ(match.route, route.get());
    std::unique_ptr<Message> got(route->request_prototype->New());
    const absl::Status status = BuildRequest(match, *target, request, Limits(), *got);
    ASSERT_TRUE(status.ok()) << status << "\n" << path << query << "\n" << request.body;
    std::string difference;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(*want, *got)) << difference;
  }
}

struct Refusal {
  const char *http_method, *target, *body, *reason, *field;
  std::pair<std::string, std::string> header = {"content-type", "application/json"};
};

TEST(TranscoderTest, RefusesWhatDoesNotFit) {
  const Refusal rows[] = {
      {"GET", "/v1/provinces/48/enterprises?color=red", "", "UNKNOWN_FIELD", "color"},
      {"GET", "/v1/provinces/48/enterprises?page_size=5&pageSize=5", "", "DUPLICATE_FIELD",
       "page_size"},
      {"GET", "/v1/provinces/48/enterprises?page_size=5.0", "", "INVALID_NUMBER", "page_size"},
      {"GET", "/v1/provinces/48/enterprises?page_size=", "", "INVALID_NUMBER", "page_size"},
      {"GET", "/v1/provinces/48/enterprises?page_size.x=5", "", "UNKNOWN_FIELD", "page_size.x"},
      {"GET", "/v1/provinces/48/enterprises?parent=provinces/58", "", "DUPLICATE_FIELD", "parent"},
      {"GET", "/v1/provinces/48/enterprises?read_mask=a;b", "", "INVALID_FORMAT", "read_mask"},
      {"GET", "/v1/provinces/48/enterprises", "{}", "BODY_NOT_ALLOWED", ""},
      {"POST", "/v1/provinces/48/enterprises?enterprise.demo=true", "{}", "UNKNOWN_FIELD",
       "enterprise.demo"},
      {"POST", "/v1/provinces/48/enterprises?validate_only=1", "{}", "WRONG_TYPE", "validate_only"},
      {"POST", "/v1/provinces/48/enterprises", R"({"color":1})", "UNKNOWN_FIELD",
       "enterprise.color"},
      {"PATCH", "/v1/provinces/48/enterprises/e", R"({"name":"provinces/58/enterprises/e"})",
       "PATH_MISMATCH", "enterprise.name"},
      {"POST", "/v1/provinces/48/plans/p:submit", R"({"name":"provinces/48/plans/q"})",
       "PATH_MISMATCH", "name"},
      {"POST", "/v1/provinces/48/plans/p:submit?etag=x", "{}", "UNKNOWN_FIELD", "etag"},
      {"POST",
       "/v1/provinces/48/plans/p:submit",
       "{}",
       "UNSUPPORTED_MEDIA_TYPE",
       "",
       {"content-type", "text/plain"}},
      {"POST",
       "/v1/provinces/48/plans/p:submit",
       "{}",
       "UNSUPPORTED_MEDIA_TYPE",
       "",
       {"content-type", "application/json; charset=latin1"}},
      {"POST",
       "/v1/provinces/48/plans/p:submit",
       "{}",
       "UNSUPPORTED_MEDIA_TYPE",
       "",
       {"x", "no content type"}},
      {"POST",
       "/v1/provinces/48/plans/p:submit",
       "",
       "UNSUPPORTED_MEDIA_TYPE",
       "",
       {"content-encoding", "gzip"}},
  };
  for (const Refusal& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.http_method, " ", row.target, " ", row.body));
    HttpRequest request;
    request.head.headers.push_back(row.header);
    request.body = row.body;
    const auto target = ParseTarget(row.target);
    ASSERT_TRUE(target.ok()) << target.status();
    const Router::Match match = AllRoutes().Find(row.http_method, *target);
    ASSERT_NE(match.route, nullptr);
    std::unique_ptr<Message> message(match.route->request_prototype->New());
    const absl::Status status = BuildRequest(match, *target, request, Limits(), *message);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status::ReasonOf(status), row.reason) << status;
    const auto bad = status::BadRequestOf(status);
    EXPECT_EQ(bad.field_violations_size() == 0 ? "" : bad.field_violations(0).field(), row.field);
  }
}

TEST(TranscoderTest, IdempotencyKeyIsTheRequestId) {
  const auto build = [](const std::string& body, budgeting::v1::SubmitPlanRequest& out) {
    HttpRequest request;
    request.head.headers = {{"content-type", "application/json"}, {"idempotency-key", "k1"}};
    request.body = body;
    const auto target = ParseTarget("/v1/provinces/48/plans/p:submit");
    return BuildRequest(AllRoutes().Find("POST", *target), *target, request, Limits(), out);
  };
  budgeting::v1::SubmitPlanRequest from_header, equal, other;
  EXPECT_TRUE(build("", from_header).ok());
  EXPECT_EQ(from_header.request_id(), "k1");
  EXPECT_TRUE(build(R"({"requestId":"k1"})", equal).ok());
  EXPECT_EQ(status::ReasonOf(build(R"({"requestId":"k2"})", other)), "REQUEST_ID_MISMATCH");
}

}  // namespace
}  // namespace nscl::gateway
