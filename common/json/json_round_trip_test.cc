// The reader and the writer against protobuf's own mapping, on random messages of every message
// type that the services have.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <random>

#include "common/json/field_text.h"
#include "common/json/json_reader.h"
#include "common/json/json_writer.h"
#include "common/testing/random.h"
#include "google/rpc/error_details.pb.h"
#include "nscl/budgeting/v1/event_service.pb.h"
#include "nscl/casework/v1/event_service.pb.h"
#include "nscl/registry/v1/event_service.pb.h"
#include "nscl/reporting/v1/event_service.pb.h"

namespace nscl::json {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::Reflection;
using google::protobuf::util::MessageDifferencer;

class RandomMessages {
 public:
  explicit RandomMessages(uint64_t seed) : random_(seed) {}

  void Fill(Message& message, int depth) {
    const Reflection& reflection = *message.GetReflection();
    const Descriptor& type = *message.GetDescriptor();
    switch (TextTypeOf(type)) {
      case TextType::kTimestamp:
        reflection.SetInt64(&message, type.field(0), Between(-62135596800, 253402300799));
        reflection.SetInt32(&message, type.field(1), Nanos());
        return;
      case TextType::kDuration:
        reflection.SetInt64(&message, type.field(0), Between(0, 1'000'000));
        return;
      case TextType::kFieldMask:
        reflection.AddString(&message, type.field(0), "display_name");
        reflection.AddString(&message, type.field(0), "plan.first_year");
        return;
      case TextType::kNone:
        break;
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (Between(0, 2) == 0) continue;
      if (const auto* oneof = field.real_containing_oneof();
          oneof != nullptr && reflection.HasOneof(message, oneof)) {
        continue;
      }
      const int times = field.is_repeated() ? static_cast<int>(Between(0, 3)) : 1;
      for (int n = 0; n < times; ++n) FillField(message, reflection, field, depth);
    }
  }

 private:
  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random_);
  }

  int32_t Nanos() {
    const int32_t scales[] = {0, 1'000'000, 1'000, 1};
    return static_cast<int32_t>(Between(0, 999)) * scales[Between(0, 3)];
  }

  std::string Text() {
    static const char* const kParts[] = {"Đà Nẵng", "a", "\"", "\\", "\n", "😀",   "",
                                         "</b>",    "é", " ",  "/",  "\t", "\x7f"};
    std::string text;
    for (int64_t n = Between(0, 5); n > 0; --n) text += kParts[Between(0, std::size(kParts) - 1)];
    return text;
  }

  void FillField(Message& m, const Reflection& r, const FieldDescriptor& f, int depth) {
    const bool repeated = f.is_repeated();
    switch (f.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32: {
        const auto v = static_cast<int32_t>(Between(INT32_MIN, INT32_MAX));
        repeated ? r.AddInt32(&m, &f, v) : r.SetInt32(&m, &f, v);
        break;
      }
      case FieldDescriptor::CPPTYPE_INT64: {
        const int64_t v = Between(0, 1) == 0 ? Between(INT64_MIN, INT64_MAX) : Between(-5, 5);
        repeated ? r.AddInt64(&m, &f, v) : r.SetInt64(&m, &f, v);
        break;
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        repeated ? r.AddBool(&m, &f, Between(0, 1)) : r.SetBool(&m, &f, Between(0, 1));
        break;
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* v =
            f.enum_type()->value(static_cast<int>(Between(0, f.enum_type()->value_count() - 1)));
        repeated ? r.AddEnum(&m, &f, v) : r.SetEnum(&m, &f, v);
        break;
      }
      case FieldDescriptor::CPPTYPE_STRING:
        repeated ? r.AddString(&m, &f, Text()) : r.SetString(&m, &f, Text());
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth == 0) break;
        Fill(repeated ? *r.AddMessage(&m, &f) : *r.MutableMessage(&m, &f), depth - 1);
        break;
      default:
        ADD_FAILURE() << "a kind of field that public messages do not use yet: " << f.full_name();
    }
  }

  std::mt19937_64 random_;
};

void CollectMessages(const Descriptor* type, std::vector<const Descriptor*>* out) {
  out->push_back(type);
  for (int i = 0; i < type->nested_type_count(); ++i) CollectMessages(type->nested_type(i), out);
}

// Every message of every file that the four event services reach.
std::vector<const Descriptor*> AllMessages() {
  std::set<const FileDescriptor*> files;
  std::vector<const FileDescriptor*> open = {
      registry::v1::Event::descriptor()->file(), casework::v1::Event::descriptor()->file(),
      budgeting::v1::Event::descriptor()->file(),
      reporting::v1::ListEventsResponse::descriptor()->file()};
  while (!open.empty()) {
    const FileDescriptor* file = open.back();
    open.pop_back();
    if (file->package().rfind("nscl.", 0) != 0 || !files.insert(file).second) continue;
    for (int i = 0; i < file->dependency_count(); ++i) open.push_back(file->dependency(i));
  }
  std::vector<const Descriptor*> messages;
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      CollectMessages(file->message_type(i), &messages);
    }
  }
  return messages;
}

TEST(JsonRoundTripTest, AgreesWithProtobufOnEveryMessage) {
  RandomMessages random(nscl::testing::Seed());
  const std::vector<const Descriptor*> types = AllMessages();
  ASSERT_GT(types.size(), 40u);
  google::protobuf::util::JsonPrintOptions print;
  print.always_print_primitive_fields = true;
  for (const Descriptor* type : types) {
    SCOPED_TRACE(type->full_name());
    const Message* prototype = MessageFactory::generated_factory()->GetPrototype(type);
    for (int round = 0; round < 20; ++round) {
      std::unique_ptr<Message> message(prototype->New());
      random.Fill(*message, 4);
      // Reflection fills a map like a list: one entry for each key is left by a round on the wire.
      ASSERT_TRUE(message->ParseFromString(message->SerializeAsString()));

      // Ours, read by ours and by protobuf.
      const std::string ours = WriteJson(*message);
      std::unique_ptr<Message> back(prototype->New());
      const absl::Status status = ReadJson(ours, *back);
      ASSERT_TRUE(status.ok()) << status << "\n" << ours;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *back)) << ours;
      std::unique_ptr<Message> theirs_back(prototype->New());
      const auto parsed = google::protobuf::util::JsonStringToMessage(ours, theirs_back.get());
      ASSERT_TRUE(parsed.ok()) << parsed.ToString() << "\n" << ours;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *theirs_back)) << ours;

      // Protobuf's, read by ours.
      std::string theirs;
      ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*message, &theirs, print).ok());
      std::unique_ptr<Message> from_theirs(prototype->New());
      ASSERT_TRUE(ReadJson(theirs, *from_theirs).ok()) << theirs;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *from_theirs)) << theirs;

      // Without defaults too.
      WriteOptions sparse;
      sparse.defaults = false;
      std::unique_ptr<Message> from_sparse(prototype->New());
      ASSERT_TRUE(ReadJson(WriteJson(*message, sparse), *from_sparse).ok());
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *from_sparse));
    }
  }
}

// Protobuf's maps have no order of their own; the same refusal must be the same bytes.
TEST(JsonRoundTripTest, MapsAreWrittenInOrderOfKey) {
  google::rpc::ErrorInfo info;
  for (const char* key : {"b", "\"", "a", "ă", "ab"}) (*info.mutable_metadata())[key] = key;
  const std::string want = R"({"metadata":{"\"":"\"","a":"a","ab":"ab","b":"b","ă":"ă"}})";
  EXPECT_EQ(WriteJson(info, {.defaults = false}), want);
  google::rpc::ErrorInfo back;
  ASSERT_TRUE(ReadJson(want, back).ok());
  EXPECT_TRUE(MessageDifferencer::Equals(info, back));
  EXPECT_FALSE(ReadJson(R"({"metadata":{"a":"1","a":"2"}})", back).ok());
}

// What is damaged is refused or read as protobuf reads it; ours is never the more lenient.
TEST(JsonRoundTripTest, NeverMoreLenientThanProtobuf) {
  const uint64_t seed = nscl::testing::Seed();
  RandomMessages random(seed);
  std::mt19937_64 damage(seed);
  const char kBytes[] = "{}[]\",:0159.-+eEtrufalsn\\ \x01\xff/*'";
  const Message& prototype = budgeting::v1::Event::default_instance();
  int accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    std::unique_ptr<Message> message(prototype.New());
    random.Fill(*message, 3);
    std::string text = WriteJson(*message, {.defaults = false});
    for (int n = static_cast<int>(damage() % 2); n >= 0; --n) {
      const size_t at = damage() % text.size();
      const char byte = kBytes[damage() % (sizeof(kBytes) - 1)];
      switch (damage() % 3) {
        case 0:
          text[at] = byte;
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        default:
          text.erase(at, 1);
          if (text.empty()) text = "x";
      }
    }
    std::unique_ptr<Message> ours(prototype.New());
    if (!ReadJson(text, *ours).ok()) continue;
    ++accepted;
    std::unique_ptr<Message> theirs(prototype.New());
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, theirs.get()).ok()) << text;
    ASSERT_TRUE(MessageDifferencer::Equals(*ours, *theirs)) << text;
  }
  EXPECT_GT(accepted, 100);  // damage inside strings goes unnoticed, so some must pass
}

}  // namespace
}  // namespace nscl::json
