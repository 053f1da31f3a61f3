// Holds the contract to its conventions, and shows for each convention that a breach of it is
// found.
#include "tests/proto/conventions.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/api/annotations.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "gtest/gtest.h"
#include "nscl/annotation/v1/annotation.pb.h"

namespace nscl::conventions {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// Every .proto of ours as compiled into this program.
std::vector<const FileDescriptor*> OurFiles(std::vector<std::string>* missing) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(NSCL_SOURCE_DIR) / "protos";
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root / "nscl")) {
    if (entry.path().extension() == ".proto") names.push_back(fs::relative(entry.path(), root));
  }
  std::sort(names.begin(), names.end());
  std::vector<const FileDescriptor*> files;
  for (const std::string& name : names) {
    const FileDescriptor* file = DescriptorPool::generated_pool()->FindFileByName(name);
    file == nullptr ? missing->push_back(name) : files.push_back(file);
  }
  return files;
}

TEST(ContractTest, EveryProtoIsBuilt) {
  std::vector<std::string> missing;
  EXPECT_GT(OurFiles(&missing).size(), 20u);
  EXPECT_THAT(missing, IsEmpty()) << "add it to protos/CMakeLists.txt";
}

TEST(ContractTest, KeepsTheConventions) {
  std::vector<std::string> missing;
  for (const FileDescriptor* file : OurFiles(&missing)) {
    SCOPED_TRACE(file->name());
    EXPECT_THAT(FaultsOf(*file), IsEmpty());
  }
}

TEST(ContractTest, NoTwoMethodsShareARoute) {
  std::vector<std::string> missing;
  EXPECT_THAT(SharedRoutes(OurFiles(&missing)), IsEmpty());
}

// A small file that keeps every convention; the rows below break it in one place each.
constexpr char kGood[] = R"pb(
  name: "nscl/sample/v1/thing_service.proto"
  package: "nscl.sample.v1"
  syntax: "proto3"
  dependency: "google/api/annotations.proto"
  dependency: "google/api/field_behavior.proto"
  dependency: "google/api/resource.proto"
  dependency: "google/protobuf/any.proto"
  dependency: "google/protobuf/field_mask.proto"
  dependency: "google/protobuf/struct.proto"
  dependency: "google/protobuf/timestamp.proto"
  dependency: "google/type/date.proto"
  dependency: "nscl/annotation/v1/annotation.proto"
  message_type {
    name: "Thing"
    field {
      name: "name"
      number: 1
      type: TYPE_STRING
      options {
        [google.api.field_behavior]: IDENTIFIER
      }
    }
    field { name: "cost_vnd" number: 2 type: TYPE_INT64 }
    field {
      name: "etag"
      number: 3
      type: TYPE_STRING
      options {
        [google.api.field_behavior]: OUTPUT_ONLY
      }
    }
    field {
      name: "create_time"
      number: 4
      type: TYPE_MESSAGE
      type_name: ".google.protobuf.Timestamp"
      options {
        [google.api.field_behavior]: OUTPUT_ONLY
      }
    }
    field {
      name: "update_time"
      number: 5
      type: TYPE_MESSAGE
      type_name: ".google.protobuf.Timestamp"
      options {
        [google.api.field_behavior]: OUTPUT_ONLY
      }
    }
    field { name: "signed_on" number: 6 type: TYPE_MESSAGE type_name: ".google.type.Date" }
    field {
      name: "state"
      number: 7
      type: TYPE_ENUM
      type_name: ".nscl.sample.v1.Thing.State"
      options {
        [google.api.field_behavior]: OUTPUT_ONLY
      }
    }
    enum_type {
      name: "State"
      value { name: "STATE_UNSPECIFIED" number: 0 }
      value { name: "STATE_OPEN" number: 1 }
    }
    options {
      [google.api.resource] {
        type: "nscl.vn/Thing"
        pattern: "provinces/{province}/things/{thing}"
        plural: "things"
        singular: "thing"
      }
    }
  }
  message_type {
    name: "GetThingRequest"
    field { name: "name" number: 1 type: TYPE_STRING }
  }
  message_type {
    name: "ListThingsRequest"
    field { name: "parent" number: 1 type: TYPE_STRING }
    field { name: "page_size" number: 2 type: TYPE_INT32 }
    field { name: "page_token" number: 3 type: TYPE_STRING }
    field { name: "read_mask" number: 4 type: TYPE_MESSAGE type_name: ".google.protobuf.FieldMask" }
  }
  message_type {
    name: "ListThingsResponse"
    field {
      name: "things"
      number: 1
      label: LABEL_REPEATED
      type: TYPE_MESSAGE
      type_name: ".nscl.sample.v1.Thing"
    }
    field { name: "next_page_token" number: 2 type: TYPE_STRING }
  }
  message_type {
    name: "UpdateThingRequest"
    field { name: "thing" number: 1 type: TYPE_MESSAGE type_name: ".nscl.sample.v1.Thing" }
    field {
      name: "update_mask"
      number: 2
      type: TYPE_MESSAGE
      type_name: ".google.protobuf.FieldMask"
    }
    field {
      name: "request_id"
      number: 3
      type: TYPE_STRING
      options {
        [google.api.field_behavior]: REQUIRED
      }
    }
    field { name: "validate_only" number: 4 type: TYPE_BOOL }
  }
  service {
    name: "ThingService"
    method {
      name: "GetThing"
      input_type: ".nscl.sample.v1.GetThingRequest"
      output_type: ".nscl.sample.v1.Thing"
      options {
        [google.api.http] { get: "/v1/{name=provinces/*/things/*}" }
        [nscl.annotation.v1.access] { permission: "sample.things.get" scope_field: "name" }
      }
    }
    method {
      name: "ListThings"
      input_type: ".nscl.sample.v1.ListThingsRequest"
      output_type: ".nscl.sample.v1.ListThingsResponse"
      options {
        [google.api.http] { get: "/v1/{parent=provinces/*}/things" }
        [nscl.annotation.v1.access] { permission: "sample.things.list" scope_field: "parent" }
      }
    }
    method {
      name: "UpdateThing"
      input_type: ".nscl.sample.v1.UpdateThingRequest"
      output_type: ".nscl.sample.v1.Thing"
      options {
        [google.api.http] { patch: "/v1/{thing.name=provinces/*/things/*}" body: "thing" }
        [nscl.annotation.v1.access] { permission: "sample.things.update" scope_field: "thing.name" }
      }
    }
  }
)pb";

// The rows below are written on one line each, the sample on many.
std::string OneSpace(const std::string& text) {
  std::string out = std::regex_replace(text, std::regex("\\s+"), " ");
  // Trailing blanks of a row matter to nobody.
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

struct Sample {
  DescriptorPool pool{DescriptorPool::generated_pool()};
  const FileDescriptor* file = nullptr;
};

std::unique_ptr<Sample> Build(const std::string& text) {
  // Named so that the linker keeps the files that only the sample imports.
  google::protobuf::Any::descriptor();
  google::protobuf::Struct::descriptor();
  auto sample = std::make_unique<Sample>();
  google::protobuf::FileDescriptorProto file;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &file));
  sample->file = sample->pool.BuildFile(file);
  return sample;
}

TEST(FaultsOfTest, TheSampleIsWithoutFault) {
  const auto sample = Build(kGood);
  ASSERT_NE(sample->file, nullptr);
  EXPECT_THAT(FaultsOf(*sample->file), IsEmpty());
  EXPECT_THAT(SharedRoutes({sample->file}), IsEmpty());
}

TEST(FaultsOfTest, EveryBreachIsFound) {
  struct {
    const char* from;
    const char* to;
    const char* fault;
  } rows[] = {
      {"nscl/sample/v1/thing_service.proto", "nscl/other/v1/thing_service.proto",
       "does not follow from the path"},
      {"nscl/sample/v1/thing_service.proto", "nscl/sample/v1/thing.proto",
       "stands in <resource>_service.proto"},
      {"nscl/sample/v1/thing_service.proto", "sample/thing_service.proto", "not nscl/<service>/v1"},
      {"type: TYPE_INT64", "type: TYPE_DOUBLE", "floating point"},
      {"type: TYPE_INT64", "type: TYPE_INT32", "money is int64"},
      {"type: TYPE_INT64", "type: TYPE_UINT64", "AIP-141"},
      {"\"cost_vnd\"", "\"cost\"", "ends in _vnd"},
      {"name: \"create_time\" number: 4 type: TYPE_MESSAGE type_name: "
       "\".google.protobuf.Timestamp\"",
       "name: \"create_time\" number: 4 type: TYPE_STRING", "an instant is a Timestamp"},
      {"TYPE_MESSAGE type_name: \".google.type.Date\"", "TYPE_STRING", "a legal date is"},
      {"TYPE_MESSAGE type_name: \".google.type.Date\"",
       "TYPE_MESSAGE type_name: \".google.protobuf.Any\"", "has no shape"},
      {"TYPE_MESSAGE type_name: \".google.type.Date\"",
       "TYPE_MESSAGE type_name: \".google.protobuf.Struct\"", "has no shape"},
      {"TYPE_MESSAGE type_name: \".google.type.Date\"",
       "TYPE_MESSAGE type_name: \".google.protobuf.Value\"", "has no shape"},
      {"number: 4 type: TYPE_MESSAGE type_name: \".google.protobuf.FieldMask\"",
       "number: 4 type: TYPE_STRING", "a mask is a FieldMask"},
      {"STATE_UNSPECIFIED", "STATE_NONE", "_UNSPECIFIED = 0"},
      {"\"STATE_OPEN\"", "\"OPEN\"", "does not begin with STATE_"},
      {"number: 1 type: TYPE_STRING options { [google.api.field_behavior]: IDENTIFIER }",
       "number: 1 type: TYPE_STRING", "begins with 'string name = 1'"},
      {"nscl.vn/Thing", "nscl.vn/Object", "resource type"},
      {"pattern: \"provinces/{province}/things/{thing}\"", "", "without a pattern"},
      {"provinces/{province}/things/{thing}", "provinces/{province}/things",
       "is not collection/{id}"},
      {"provinces/{province}/things/{thing}", "provinces/{province}/objects/{thing}",
       "does not hold its plural"},
      {"singular: \"thing\"", "", "without singular and plural"},
      {"name: \"etag\"", "name: \"tag\"", "go together"},
      {"name: \"create_time\"", "name: \"made_time\"", "without create_time"},
      {"type_name: \".nscl.sample.v1.Thing.State\" options { [google.api.field_behavior]: "
       "OUTPUT_ONLY }",
       "type_name: \".nscl.sample.v1.Thing.State\"", "so OUTPUT_ONLY"},
      {"name: \"ThingService\"", "name: \"Things\"", "not named ...Service"},
      {"[google.api.http] { get: \"/v1/{name=provinces/*/things/*}\" }", "", "no google.api.http"},
      {"[nscl.annotation.v1.access] { permission: \"sample.things.get\" scope_field: \"name\" }",
       "", "nobody could call it"},
      {"sample.things.get", "things.get", "is not sample.<collection>.<verb>"},
      {"sample.things.get", "other.things.get", "is not sample.<collection>.<verb>"},
      {"scope_field: \"name\"", "scope_field: \"nom\"", "is no string of the request"},
      {"scope_field: \"name\"", "scope_field: \"name\" any_scope: true", "any_scope beside"},
      {"scope_field: \"parent\"", "", "no scope_field says what to check"},
      {"get: \"/v1/{name=", "get: \"/{name=", "does not begin with /v1/"},
      {"get: \"/v1/{name=", "get: \"/v1/{nom=", "path variable 'nom'"},
      {"get: \"/v1/{name=", "post: \"/v1/{name=", "not a GET"},
      {"get: \"/v1/{parent=", "post: \"/v1/{parent=", "POST without a body"},
      {"body: \"thing\"", "body: \"object\"", "body 'object'"},
      {"patch: ", "put: ", "not a PATCH"},
      {"name: \"GetThing\"", "name: \"GetObject\"", "what it is named after"},
      {"field { name: \"page_size\" number: 2 type: TYPE_INT32 }", "", "page_size"},
      {"field { name: \"page_token\" number: 3 type: TYPE_STRING }", "", "'string page_token'"},
      {"field { name: \"next_page_token\" number: 2 type: TYPE_STRING }", "", "next_page_token"},
      {"label: LABEL_REPEATED ", "", "not the page"},
      {"\"request_id\"", "\"request\"", "request_id"},
      {"number: 3 type: TYPE_STRING options { [google.api.field_behavior]: REQUIRED }",
       "number: 3 type: TYPE_STRING", "request_id"},
      {"\"validate_only\"", "\"check_only\"", "validate_only"},
      {"\"update_mask\"", "\"change_mask\"", "update_mask"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.from) + " -> " + row.to);
    std::string text = OneSpace(kGood);
    const std::string from = OneSpace(row.from);
    const auto at = text.find(from);
    if (at == std::string::npos) {
      ADD_FAILURE() << "the sample does not hold this";
      continue;
    }
    text.replace(at, from.size(), row.to);
    const auto sample = Build(text);
    if (sample->file == nullptr) {
      ADD_FAILURE() << "does not build";
      continue;
    }
    EXPECT_THAT(FaultsOf(*sample->file), Contains(HasSubstr(row.fault)));
  }
}

TEST(SharedRoutesTest, TwoMethodsOnOnePathAreFound) {
  std::string text = kGood;
  const std::string from = "/v1/{parent=provinces/*}/things";
  text.replace(text.find(from), from.size(), "/v1/{parent=provinces/*/things/*}");
  const auto sample = Build(text);
  ASSERT_NE(sample->file, nullptr);
  EXPECT_THAT(SharedRoutes({sample->file}), Contains(HasSubstr("same route as")));
}

}  // namespace
}  // namespace nscl::conventions
