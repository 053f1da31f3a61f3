// What enterprises hold, over a real server: products, certificates with their expiry, notices of
// conformity, traceability records, clusters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "common/time/legal_date.h"
#include "nscl/registry/v1/certificate_service.grpc.pb.h"
#include "nscl/registry/v1/cluster_service.grpc.pb.h"
#include "nscl/registry/v1/conformity_notice_service.grpc.pb.h"
#include "nscl/registry/v1/event_service.pb.h"
#include "nscl/registry/v1/product_service.grpc.pb.h"
#include "nscl/registry/v1/traceability_record_service.grpc.pb.h"
#include "services/registry/testing/test_service.h"

namespace nscl::registry {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Certificates = v1::CertificateService::Stub;
using Clusters = v1::ClusterService::Stub;
using Notices = v1::ConformityNoticeService::Stub;
using Products = v1::ProductService::Stub;
using Records = v1::TraceabilityRecordService::Stub;

constexpr char kA[] = "provinces/48/enterprises/a";

class HoldingsTest : public ::testing::Test {
 protected:
  HoldingsTest() {
    test_.Enterprise("a", TaxCode(1));
    test_.Enterprise("b", TaxCode(2));
  }

  absl::StatusOr<v1::Product> Product(const std::string& over) {
    auto request = Parse<v1::CreateProductRequest>(
        "parent: 'provinces/48/enterprises/a' product { display_name: 'Cà phê' }");
    request.MergeFrom(Parse<v1::CreateProductRequest>(over));
    return test_.Call(&Products::CreateProduct, request);
  }
  absl::StatusOr<v1::Certificate> Certificate(const std::string& id, const std::string& over) {
    auto request = Parse<v1::CreateCertificateRequest>(
        "parent: 'provinces/48/enterprises/a' certificate { kind: KIND_SYSTEM standard_code: 'TCVN "
        "ISO 9001:2015' certification_body: 'QUACERT' issued_on { year: 2024 month: 1 day: 5 } }");
    request.set_certificate_id(id);
    request.mutable_certificate()->set_certificate_number(id);
    request.MergeFrom(Parse<v1::CreateCertificateRequest>("certificate { " + over + " }"));
    return test_.Call(&Certificates::CreateCertificate, request);
  }
  absl::StatusOr<v1::Certificate> Ending(const std::string& id, absl::CivilDay day) {
    return Certificate(id, absl::StrCat("expires_on { year: ", day.year(), " month: ", day.month(),
                                        " day: ", day.day(), " }"));
  }
  absl::StatusOr<v1::Certificate> UpdateCertificate(const std::string& id,
                                                    const std::string& text) {
    return test_.Call(&Certificates::UpdateCertificate,
                      Parse<v1::UpdateCertificateRequest>(
                          "certificate { name: 'provinces/48/enterprises/a/certificates/" + id +
                          "' " + text + " }"));
  }
  std::string StateOf(const std::string& id) {
    v1::GetCertificateRequest request;
    request.set_name(absl::StrCat(kA, "/certificates/", id));
    const auto certificate = test_.Call(&Certificates::GetCertificate, request);
    if (!certificate.ok()) return Reason(certificate);
    return v1::Certificate::ExpiryState_Name(certificate->expiry_state()).substr(13);
  }
  // "expiring near": the sweep's events since the last call, in order of name.
  std::vector<std::string> Sweep() {
    EXPECT_OK(test_.service().SweepCertificates());
    std::vector<std::string> raised;
    const auto page = test_.service().store().ReadEvents(position_, 0, "", 1000);
    EXPECT_OK(page);
    if (!page.ok()) return raised;
    position_ = page->next_position;
    for (const std::string& bytes : page->events) {
      v1::Event event;
      EXPECT_TRUE(event.ParseFromString(bytes));
      const std::string& type = event.metadata().type();
      if (type != "certificate.expiring" && type != "certificate.expired") continue;
      raised.push_back(absl::StrCat(
          type.substr(12), " ",
          event.certificate().name().substr(event.certificate().name().rfind('/') + 1)));
    }
    std::sort(raised.begin(), raised.end());
    return raised;
  }

  TestService test_;
  const absl::CivilDay today_ = time::VietnamDay(test_.clock().Now());
  int64_t position_ = 0;
};

// Events come once, whatever sweeps, restarts and days come after them.
TEST_F(HoldingsTest, ExpiryIsToldOnce) {
  ASSERT_OK(Ending("far", today_ + 91));
  ASSERT_OK(Ending("near", today_ + 90));
  ASSERT_OK(Ending("last-day", today_));
  ASSERT_OK(Ending("over", today_ - 1));
  ASSERT_OK(Certificate("endless", ""));
  ASSERT_OK(Ending("revoked", today_ + 5));
  ASSERT_OK(UpdateCertificate("revoked", "revoked: true"));
  EXPECT_EQ(StateOf("over"), "EXPIRED");  // entered so: no event
  EXPECT_THAT(Sweep(), ElementsAre("expiring last-day", "expiring near"));
  EXPECT_EQ(StateOf("near"), "EXPIRING");
  EXPECT_EQ(StateOf("far"), "VALID");
  EXPECT_EQ(StateOf("endless"), "VALID");
  EXPECT_THAT(Sweep(), IsEmpty());
  test_.Restart();
  EXPECT_THAT(Sweep(), IsEmpty());

  test_.clock().Advance(absl::Hours(24));
  EXPECT_THAT(Sweep(), ElementsAre("expired last-day", "expiring far"));
  EXPECT_EQ(StateOf("last-day"), "EXPIRED");
  // Renewed in time: its watch begins again.
  const absl::CivilDay later = today_ + 1000;
  ASSERT_OK(UpdateCertificate("near", absl::StrCat("expires_on { year: ", later.year(), " month: ",
                                                   later.month(), " day: ", later.day(), " }")));
  EXPECT_EQ(StateOf("near"), "VALID");
  test_.clock().Advance(absl::Hours(24) * 95);
  EXPECT_THAT(Sweep(), ElementsAre("expired far"));
  // Nothing looked for a thousand days: what is over is told as over, once.
  test_.clock().Advance(absl::Hours(24) * 1000);
  EXPECT_THAT(Sweep(), ElementsAre("expired near"));
  EXPECT_THAT(Sweep(), IsEmpty());
  ASSERT_OK(test_.service().store().Verify());
}

TEST_F(HoldingsTest, ManyExpireInSeveralCommands) {
  for (int i = 0; i < 450; ++i) ASSERT_OK(Ending(absl::StrCat("c", i), today_ + 1));
  ASSERT_OK_AND_ASSIGN(int raised, test_.service().SweepCertificates());
  EXPECT_EQ(raised, 450);
  ASSERT_OK_AND_ASSIGN(raised, test_.service().SweepCertificates());
  EXPECT_EQ(raised, 0);
}

TEST_F(HoldingsTest, ACertificateIsEnteredOnce) {
  ASSERT_OK(Certificate("c", ""));
  EXPECT_EQ(Reason(Certificate("c", "")), "CERTIFICATE_EXISTS");
  EXPECT_EQ(Reason(Certificate("d", "certificate_number: 'c'")), "CERTIFICATE_NUMBER_EXISTS");
  EXPECT_EQ(Reason(Certificate("d", "certificate_number: 'c' certification_body: 'Quacert'")),
            "CERTIFICATE_NUMBER_EXISTS");
  ASSERT_OK(Certificate("d", "certificate_number: 'c' certification_body: 'VINACERT'"));
  EXPECT_EQ(Reason(UpdateCertificate("d", "certification_body: 'QUACERT'")),
            "CERTIFICATE_NUMBER_EXISTS");
  EXPECT_OK(UpdateCertificate("d", "scope: 'Rang xay'"));
  EXPECT_EQ(Reason(Certificate("e", "product: 'provinces/48/enterprises/a/products/none'")),
            "PRODUCT_UNKNOWN");
  ASSERT_OK(Product("product_id: 'p'"));
  EXPECT_OK(Certificate("e", "product: 'provinces/48/enterprises/a/products/p'"));
  EXPECT_EQ(Reason(UpdateCertificate("e", "etag: '\"0\"' scope: 'x'")), "ETAG_MISMATCH");
  EXPECT_EQ(Reason(UpdateCertificate("e", "expiry_state: EXPIRY_STATE_EXPIRED")), "OUTPUT_ONLY");

  v1::ListCertificatesRequest list;
  list.set_parent("provinces/48/enterprises/-");
  list.set_filter("certificate_number = c");
  ASSERT_OK_AND_ASSIGN(v1::ListCertificatesResponse page,
                       test_.Call(&Certificates::ListCertificates, list));
  EXPECT_EQ(page.certificates_size(), 2);
}

TEST_F(HoldingsTest, Products) {
  ASSERT_OK_AND_ASSIGN(v1::Product product,
                       Product("product_id: 'p' product { gtin: '8938500012341' ocop: true }"));
  EXPECT_TRUE(product.gtin_vietnamese());
  EXPECT_EQ(Reason(Product("product_id: 'p'")), "PRODUCT_EXISTS");
  EXPECT_EQ(Reason(Product("product { gtin: '8934602401077' }")), "GTIN");
  EXPECT_EQ(Reason(Product("parent: 'provinces/48/enterprises/none'")), "NOT_FOUND");
  EXPECT_EQ(Reason(Product("parent: 'provinces/01/enterprises/a'")), "SCOPE_DENIED");
  v1::ListProductsRequest list;
  list.set_parent(kA);
  for (const auto& [filter, count] :
       {std::pair("ocop = true", 1), std::pair("ocop = false", 0), std::pair("", 1)}) {
    list.set_filter(filter);
    ASSERT_OK_AND_ASSIGN(v1::ListProductsResponse page, test_.Call(&Products::ListProducts, list));
    EXPECT_EQ(page.products_size(), count) << filter;
  }
  const auto stale = test_.Call(
      &Products::UpdateProduct,
      Parse<v1::UpdateProductRequest>("product { name: 'provinces/48/enterprises/a/products/p' "
                                      "etag: '\"0\"' ocop: false }"));
  EXPECT_EQ(Reason(stale), "ETAG_MISMATCH");
}

TEST_F(HoldingsTest, NoticesOfConformity) {
  const auto create = [&](const std::string& over) {
    auto request = Parse<v1::CreateConformityNoticeRequest>(
        "parent: 'provinces/48/enterprises/a' conformity_notice { kind: KIND_REGULATION "
        "standard_code: 'QCVN 16:2023/BXD' method: 5 base: BASE_SELF received_on { year: 2026 "
        "month: 3 day: 10 } }");
    request.MergeFrom(Parse<v1::CreateConformityNoticeRequest>(over));
    return test_.Call(&Notices::CreateConformityNotice, request);
  };
  ASSERT_OK_AND_ASSIGN(
      v1::ConformityNotice notice,
      create("conformity_notice_id: 'n' conformity_notice { notice_number: '12/TB' accepted_on { "
             "year: 2026 month: 3 day: 12 } }"));
  EXPECT_EQ(notice.valid_to().year(), 2029);
  EXPECT_EQ(Reason(create("conformity_notice_id: 'n'")), "CONFORMITY_NOTICE_EXISTS");
  EXPECT_EQ(Reason(create("conformity_notice { test_on { year: 2025 month: 3 day: 9 } }")),
            "TEST_AGE");
  EXPECT_EQ(
      Reason(create("conformity_notice { product: 'provinces/48/enterprises/a/products/none' }")),
      "PRODUCT_UNKNOWN");
  const auto updated =
      test_.Call(&Notices::UpdateConformityNotice,
                 Parse<v1::UpdateConformityNoticeRequest>(
                     "conformity_notice { name: 'provinces/48/enterprises/a/conformityNotices/n' "
                     "method: 9 }"));
  EXPECT_THAT(updated, FieldsAre(ElementsAre("conformity_notice.method")));
  v1::ListConformityNoticesRequest list;
  list.set_parent(kA);
  list.set_filter("base = BASE_SELF");
  ASSERT_OK_AND_ASSIGN(v1::ListConformityNoticesResponse page,
                       test_.Call(&Notices::ListConformityNotices, list));
  EXPECT_EQ(page.conformity_notices_size(), 1);
}

TEST_F(HoldingsTest, TraceabilityRecords) {
  const auto create = [&](const std::string& over) {
    auto request = Parse<v1::CreateTraceabilityRecordRequest>(
        "parent: 'provinces/48/enterprises/a' traceability_record { gln: '8936012345674' }");
    request.MergeFrom(Parse<v1::CreateTraceabilityRecordRequest>(over));
    return test_.Call(&Records::CreateTraceabilityRecord, request);
  };
  ASSERT_OK(create("traceability_record_id: 'r'"));
  EXPECT_EQ(Reason(create("traceability_record_id: 'r'")), "TRACEABILITY_RECORD_EXISTS");
  EXPECT_EQ(Reason(create("traceability_record { gln: '8936012345675' }")), "GLN");
  EXPECT_EQ(
      Reason(create("traceability_record { product: 'provinces/48/enterprises/a/products/none' }")),
      "PRODUCT_UNKNOWN");
  v1::GetTraceabilityRecordRequest get;
  get.set_name(absl::StrCat(kA, "/traceabilityRecords/r"));
  ASSERT_OK_AND_ASSIGN(v1::TraceabilityRecord record,
                       test_.Call(&Records::GetTraceabilityRecord, get));
  EXPECT_EQ(record.gln(), "8936012345674");
  const auto updated = test_.Call(
      &Records::UpdateTraceabilityRecord,
      Parse<v1::UpdateTraceabilityRecordRequest>(
          "traceability_record { name: 'provinces/48/enterprises/a/traceabilityRecords/r' "
          "minimal_data_complete: true }"));
  ASSERT_OK(updated);
  EXPECT_TRUE(updated->minimal_data_complete());
}

TEST_F(HoldingsTest, Clusters) {
  const auto create = [&](const std::string& over) {
    auto request = Parse<v1::CreateClusterRequest>(
        "parent: 'provinces/48' cluster { display_name: 'Cà phê' kind: KIND_VALUE_CHAIN }");
    request.MergeFrom(Parse<v1::CreateClusterRequest>(over));
    return test_.Call(&Clusters::CreateCluster, request);
  };
  ASSERT_OK(create("cluster_id: 'c'"));
  EXPECT_EQ(Reason(create("")), "CLUSTER_NAME_EXISTS");
  EXPECT_EQ(Reason(create("cluster { display_name: 'Ca\\u0300 phe\\u0302' }")),
            "CLUSTER_NAME_EXISTS");
  EXPECT_OK(create("cluster { kind: KIND_INDUSTRY_CLUSTER }"));
  EXPECT_OK(create("parent: 'provinces/56'"));
  EXPECT_EQ(Reason(create("parent: 'provinces/01'")), "SCOPE_DENIED");
  EXPECT_EQ(Reason(create("cluster_id: 'c' cluster { display_name: 'Chè' }")), "CLUSTER_EXISTS");
  ASSERT_OK(create("cluster_id: 'd' cluster { display_name: 'Chè' }"));
  EXPECT_EQ(Reason(test_.Call(&Clusters::UpdateCluster,
                              Parse<v1::UpdateClusterRequest>(
                                  "cluster { name: 'provinces/48/clusters/d' display_name: 'Cà "
                                  "phê' }"))),
            "CLUSTER_NAME_EXISTS");
  v1::ListClustersRequest list;
  list.set_parent("provinces/-");
  list.set_filter("kind = KIND_VALUE_CHAIN");
  ASSERT_OK_AND_ASSIGN(v1::ListClustersResponse page, test_.Call(&Clusters::ListClusters, list));
  EXPECT_EQ(page.clusters_size(), 3);
}

}  // namespace
}  // namespace nscl::registry
