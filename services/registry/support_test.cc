// Surveys, support history and needs over a real server, and every refusal that their protos name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/code_service.grpc.pb.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "nscl/registry/v1/need_service.grpc.pb.h"
#include "nscl/registry/v1/product_service.grpc.pb.h"
#include "nscl/registry/v1/support_record_service.grpc.pb.h"
#include "nscl/registry/v1/survey_service.grpc.pb.h"
#include "services/registry/store/tables.h"
#include "services/registry/testing/test_service.h"

namespace nscl::registry {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;
using ::nscl::testing::Refused;
using ::testing::ElementsAre;

using Surveys = v1::SurveyService::Stub;
using Records = v1::SupportRecordService::Stub;
using Needs = v1::NeedService::Stub;

class SupportTest : public ::testing::Test {
 protected:
  SupportTest() { enterprise_ = test_.Enterprise("a", "5800123458"); }

  // Puts rows that other parts' methods make, past their rules.
  template <typename M>
  M Put(const rows::Rows<M>& rows, const std::string& text) {
    M stored;
    store::Command command;
    command.origin.request_id = test_.RequestId();
    command.apply = [&](store::Txn& txn) -> absl::StatusOr<std::string> {
      M row = Parse<M>(text);
      ASSIGN_OR_RETURN(bool there, rows.Exists(txn, row.name()));
      if (there) {
        ASSIGN_OR_RETURN(M before, rows.Load(txn, row.name()));
        M after = before;
        after.MergeFrom(row);
        ASSIGN_OR_RETURN(stored, rows.Update(txn, before, std::move(after)));
      } else {
        ASSIGN_OR_RETURN(stored, rows.Insert(txn, std::move(row)));
      }
      return std::string();
    };
    EXPECT_OK(test_.service().store().Run(std::move(command)));
    return stored;
  }
  // Merges one enterprise into another, as the records say it.
  void Merge(const std::string& from, const std::string& into) {
    store::Command command;
    command.origin.request_id = test_.RequestId();
    command.apply = [&](store::Txn& txn) -> absl::StatusOr<std::string> {
      for (const auto& [name, other] : {std::pair(from, into), std::pair(into, from)}) {
        ASSIGN_OR_RETURN(v1::Enterprise before, tables_.enterprises.Get(txn, name));
        v1::Enterprise after = before;
        if (name == from) after.set_merged_into(other);
        if (name == into) after.add_aliases(other);
        RETURN_IF_ERROR(tables_.enterprises.Update(txn, before, std::move(after)).status());
      }
      return std::string();
    };
    EXPECT_OK(test_.service().store().Run(std::move(command)));
  }
  void Code(const std::string& list, const std::string& id, const std::string& text) {
    Put(tables_.codes, absl::StrCat("name: 'codeLists/", list, "/codes/", id, "' ", text));
  }

  absl::StatusOr<v1::Survey> Survey(const std::string& id, const std::string& over,
                                    const std::string& parent = "") {
    auto request = Parse<v1::CreateSurveyRequest>(
        "survey { kind: KIND_BASELINE surveyed_on { year: 2026 month: 3 day: 4 } year: 2025 }");
    request.set_parent(parent.empty() ? enterprise_ : parent);
    request.set_survey_id(id);
    request.MergeFrom(Parse<v1::CreateSurveyRequest>("survey { " + over + " }"));
    if (request.survey().measures().empty()) {
      *request.mutable_survey()->add_measures() =
          Parse<v1::Measure>("metric: 'DEFECT_RATE' value_thousandths: 50");
    }
    return test_.Call(&Surveys::CreateSurvey, request);
  }
  absl::StatusOr<v1::CompareSurveysResponse> Compare(const std::string& name) {
    v1::CompareSurveysRequest request;
    request.set_name(name);
    return test_.Call(&Surveys::CompareSurveys, request);
  }

  absl::StatusOr<v1::SupportRecord> Record(const std::string& id, const std::string& over = "",
                                           const std::string& parent = "") {
    return RecordAs(test_.As({"enterprise_clerk"}, {"*"}), id, over, parent);
  }
  absl::StatusOr<v1::SupportRecord> RecordAs(const rpc::Peer& peer, const std::string& id,
                                             const std::string& over = "",
                                             const std::string& parent = "") {
    auto request = Parse<v1::CreateSupportRecordRequest>(
        "support_record { programme: 'OTHER' sector_unit: 'Sở Công Thương' "
        "content: 'MANAGEMENT_SYSTEM' solution: 'ISO 9001:2015' origin: ORIGIN_ENTERED "
        "starts_on { year: 2024 month: 3 day: 1 } ends_on { year: 2024 month: 8 day: 31 } }");
    request.set_parent(parent.empty() ? enterprise_ : parent);
    request.set_support_record_id(id);
    request.MergeFrom(Parse<v1::CreateSupportRecordRequest>("support_record { " + over + " }"));
    return test_.CallAs(peer, &Records::CreateSupportRecord, request);
  }
  absl::StatusOr<v1::CheckOverlapResponse> Overlap(const std::string& over = "",
                                                   const std::string& name = "") {
    auto request = Parse<v1::CheckOverlapRequest>(
        "content: 'MANAGEMENT_SYSTEM' solution: 'ISO 9001:2015' "
        "starts_on { year: 2024 month: 6 day: 1 }");
    request.set_name(name.empty() ? enterprise_ : name);
    request.MergeFrom(Parse<v1::CheckOverlapRequest>(over));
    return test_.Call(&Records::CheckOverlap, request);
  }
  static std::string Show(const absl::StatusOr<v1::CheckOverlapResponse>& response) {
    if (!response.ok()) return Reason(response);
    std::string shown = v1::CheckOverlapResponse::Verdict_Name(response->verdict()).substr(8);
    for (const v1::Overlap& overlap : response->overlaps()) {
      absl::StrAppend(&shown, " ", overlap.record().name().substr(10));
    }
    return shown;
  }

  absl::StatusOr<v1::Need> Need(const std::string& id, const std::string& over = "",
                                const std::string& province = "48") {
    auto request = Parse<v1::CreateNeedRequest>(
        "need { content: 'TRACEABILITY' year: 2027 quantity: 2 "
        "proposed_on { year: 2026 month: 10 day: 1 } }");
    request.set_parent("provinces/" + province);
    request.set_need_id(id);
    request.MergeFrom(Parse<v1::CreateNeedRequest>("need { " + over + " }"));
    v1::Need& need = *request.mutable_need();
    if (need.enterprise().empty() && need.enterprise_name().empty()) {
      need.set_enterprise(enterprise_);
    }
    if (need.proposed_by().empty()) {
      need.set_proposed_by(absl::StrCat("provinces/", province, "/organisations/dost"));
    }
    return test_.CallAs(test_.As({"enterprise_clerk"}, {"*"}), &Needs::CreateNeed, request);
  }
  void Organisation(const std::string& province, const std::string& over = "") {
    Put(tables_.organisations, absl::StrCat("name: 'provinces/", province,
                                            "/organisations/dost' display_name: 'Sở' "
                                            "kind: KIND_DOST ",
                                            over));
  }
  template <typename Request, typename Method>
  absl::StatusOr<v1::Need> Act(Method method, const std::string& text) {
    return test_.Call(method, Parse<Request>(text));
  }
  std::string Sums(const std::string& text, const std::vector<std::string>& provinces = {"*"}) {
    auto response = test_.CallAs(test_.As({"province_reader"}, provinces), &Needs::SummarizeNeeds,
                                 Parse<v1::SummarizeNeedsRequest>(text));
    if (!response.ok()) return Reason(response);
    std::string shown;
    for (const v1::NeedSummary& row : response->rows()) {
      absl::StrAppend(&shown, shown.empty() ? "" : " ", row.year(), "/", row.key(), ":",
                      row.need_count(), "/", row.enterprise_count(), "/", row.quantity());
    }
    return shown;
  }

  TestService test_;
  const rows::Tables tables_;
  std::string enterprise_;
};

// ---- Surveys

TEST_F(SupportTest, ASurveyIsKeptAndCompared) {
  Code("survey-metrics", "a",
       "value: 'DEFECT_RATE' display_name: 'x' attributes { key: 'better' value: 'LESS' }");
  Code("survey-metrics", "b",
       "value: 'OUTPUT' display_name: 'x' attributes { key: 'better' value: 'MORE' }");
  Code("survey-metrics", "c", "value: 'OTHER' display_name: 'x'");
  Code("absence-reasons", "a", "value: 'NOT_KEPT' display_name: 'x'");
  ASSERT_OK_AND_ASSIGN(v1::Survey before,
                       Survey("before",
                              "measures { metric: 'OUTPUT' value_thousandths: 2000 } "
                              "measures { metric: 'DEFECT_RATE' value_thousandths: 50 } "
                              "measures { metric: 'OTHER' absence_reason: 'NOT_KEPT' }"));
  EXPECT_EQ(Reason(Compare(before.name())), "SURVEY_HAS_NO_BASELINE");
  ASSERT_OK_AND_ASSIGN(
      v1::Survey after,
      Survey("after", absl::StrCat("kind: KIND_REMEASUREMENT baseline: '", before.name(),
                                   "' surveyed_on { month: 11 } "
                                   "measures { metric: 'OUTPUT' value_thousandths: 2001 } "
                                   "measures { metric: 'DEFECT_RATE' value_thousandths: 40 } "
                                   "measures { metric: 'OTHER' value_thousandths: 1 }")));
  ASSERT_OK_AND_ASSIGN(v1::CompareSurveysResponse compared, Compare(after.name()));
  EXPECT_EQ(
      compared.DebugString(),
      Parse<v1::CompareSurveysResponse>(
          absl::StrCat(
              "baseline: '", before.name(),
              "' changes { metric: 'DEFECT_RATE' before_thousandths: 50 after_thousandths: 40 "
              "change_per_mille: -200 direction: DIRECTION_BETTER } "
              "changes { metric: 'OTHER' after_thousandths: 1 "
              "direction: DIRECTION_NOT_COMPARABLE } "
              "changes { metric: 'OUTPUT' before_thousandths: 2000 after_thousandths: 2001 "
              "change_per_mille: 1 direction: DIRECTION_BETTER }"))
          .DebugString());
  EXPECT_THAT(Compare(enterprise_ + "/surveys/none"),
              Refused(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_EQ(Reason(Compare("provinces/01/enterprises/a/surveys/b")), "SCOPE_DENIED");

  v1::ListSurveysRequest list;
  list.set_parent(enterprise_);
  list.set_filter("kind = KIND_REMEASUREMENT AND year = 2025");
  ASSERT_OK_AND_ASSIGN(v1::ListSurveysResponse page, test_.Call(&Surveys::ListSurveys, list));
  ASSERT_EQ(page.surveys_size(), 1);
  EXPECT_EQ(page.surveys(0).SerializeAsString(), after.SerializeAsString());
  test_.Restart();
  v1::GetSurveyRequest get;
  get.set_name(before.name());
  ASSERT_OK_AND_ASSIGN(v1::Survey got, test_.Call(&Surveys::GetSurvey, get));
  EXPECT_EQ(got.SerializeAsString(), before.SerializeAsString());
}

TEST_F(SupportTest, SurveyRefusals) {
  ASSERT_OK(Survey("base", ""));
  ASSERT_OK(Survey("measured", absl::StrCat("kind: KIND_REMEASUREMENT baseline: '", enterprise_,
                                            "/surveys/base'")));
  const std::string other = test_.Enterprise("b", TaxCode(1));
  ASSERT_OK(Survey("base", "", other));
  Code("solutions", "a", "value: '5S' display_name: 'x' valid_to { year: 2026 month: 3 day: 3 }");
  Code("solutions", "b",
       "value: 'TPM' display_name: 'x' valid_from { year: 2026 month: 3 day: 4 }");
  struct {
    const char* what;
    std::string id, over, reason;
    std::vector<std::string> fields;
  } rows[] = {
      {"twice", "base", "", "SURVEY_EXISTS", {}},
      {"id", "a b", "", "RESOURCE_ID", {"survey_id"}},
      {"bad fields",
       "x",
       "year: 1 visit_days_tenths: -1",
       "BAD_FIELDS",
       {"survey.year", "survey.visit_days_tenths"}},
      {"output only", "x", "etag: 'x'", "OUTPUT_ONLY", {"survey.etag"}},
      {"no baseline",
       "x",
       absl::StrCat("kind: KIND_REMEASUREMENT baseline: '", enterprise_, "/surveys/none'"),
       "SURVEY_BASELINE",
       {"survey.baseline"}},
      {"no name",
       "x",
       "kind: KIND_REMEASUREMENT baseline: 'x'",
       "SURVEY_BASELINE",
       {"survey.baseline"}},
      {"another's baseline",
       "x",
       absl::StrCat("kind: KIND_REMEASUREMENT baseline: '", other, "/surveys/base'"),
       "SURVEY_BASELINE",
       {"survey.baseline"}},
      {"a measurement as baseline",
       "x",
       absl::StrCat("kind: KIND_REMEASUREMENT baseline: '", enterprise_, "/surveys/measured'"),
       "SURVEY_BASELINE",
       {"survey.baseline"}},
      {"before its baseline",
       "x",
       absl::StrCat("kind: KIND_REMEASUREMENT surveyed_on { day: 3 } baseline: '", enterprise_,
                    "/surveys/base'"),
       "SURVEY_BASELINE",
       {"survey.baseline"}},
      {"solution of the day", "x", "systems_in_use: 'TPM'", "OK", {}},
      {"solution that ended, and one that never was",
       "y",
       "systems_in_use: 'TPM' systems_in_use: '5S' systems_in_use: 'KPI'",
       "CODE_UNKNOWN",
       {"survey.systems_in_use[1]", "survey.systems_in_use[2]"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    absl::StatusOr<v1::Survey> created = Survey(row.id, row.over);
    EXPECT_EQ(Reason(created), row.reason);
    EXPECT_THAT(created, FieldsAre(::testing::ElementsAreArray(row.fields)));
  }
  EXPECT_THAT(Survey("x", "", "provinces/48/enterprises/none"),
              Refused(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_EQ(Reason(Survey("x", "", "provinces/01/enterprises/a")), "SCOPE_DENIED");
}

TEST_F(SupportTest, SurveyUpdates) {
  ASSERT_OK_AND_ASSIGN(v1::Survey base, Survey("base", ""));
  ASSERT_OK(
      Survey("measured", absl::StrCat("kind: KIND_REMEASUREMENT baseline: '", base.name(), "'")));
  const auto update = [&](const std::string& over, const std::string& mask,
                          const std::string& name = "") {
    auto request = Parse<v1::UpdateSurveyRequest>("survey { " + over + " }");
    request.mutable_survey()->set_name(name.empty() ? base.name() : name);
    if (!mask.empty()) request.mutable_update_mask()->add_paths(mask);
    return test_.Call(&Surveys::UpdateSurvey, request);
  };
  ASSERT_OK_AND_ASSIGN(v1::Survey updated, update("needs: 'Máy đo'", ""));
  EXPECT_EQ(updated.needs(), "Máy đo");
  EXPECT_NE(updated.etag(), base.etag());
  EXPECT_EQ(Reason(update(absl::StrCat("needs: 'x' etag: '", base.etag(), "'"), "")),
            "ETAG_MISMATCH");
  EXPECT_EQ(Reason(update("kind: KIND_REMEASUREMENT", "kind")), "IMMUTABLE");
  EXPECT_EQ(Reason(update("needs: 'x'", "", base.name() + "x")), "NOT_FOUND");
  EXPECT_EQ(Reason(update("", "nothing")), "UPDATE_MASK");
  EXPECT_EQ(Reason(update("year: 3000", "")), "YEAR_RANGE");
  EXPECT_EQ(Reason(update("surveyed_on { year: 2026 month: 3 day: 3 }", "surveyed_on")), "OK");
  absl::StatusOr<v1::Survey> later =
      update("surveyed_on { year: 2026 month: 3 day: 5 }", "surveyed_on");
  EXPECT_EQ(Reason(later), "SURVEY_BASELINE");
  EXPECT_THAT(later, FieldsAre(ElementsAre("survey.surveyed_on")));
}

// ---- Support history

TEST_F(SupportTest, ARecordIsKept) {
  ASSERT_OK_AND_ASSIGN(v1::SupportRecord record, Record("r", "state_part_vnd: 5"));
  v1::GetSupportRecordRequest get;
  get.set_name(record.name());
  ASSERT_OK_AND_ASSIGN(v1::SupportRecord got, test_.Call(&Records::GetSupportRecord, get));
  EXPECT_EQ(got.SerializeAsString(), record.SerializeAsString());
  ASSERT_OK(Record("s", "cancelled: true"));
  v1::ListSupportRecordsRequest list;
  list.set_parent("provinces/48/enterprises/-");
  list.set_filter("cancelled = false AND programme = OTHER AND origin = ORIGIN_ENTERED");
  ASSERT_OK_AND_ASSIGN(auto page, test_.Call(&Records::ListSupportRecords, list));
  ASSERT_EQ(page.support_records_size(), 1);
  EXPECT_EQ(page.support_records(0).name(), record.name());

  auto update = Parse<v1::UpdateSupportRecordRequest>("support_record { cancelled: true }");
  update.mutable_support_record()->set_name(record.name());
  update.mutable_support_record()->set_etag(record.etag());
  ASSERT_OK_AND_ASSIGN(got, test_.Call(&Records::UpdateSupportRecord, update));
  EXPECT_TRUE(got.cancelled());
  EXPECT_EQ(Reason(test_.Call(&Records::UpdateSupportRecord, update)), "ETAG_MISMATCH");
  update.mutable_support_record()->clear_etag();
  update.mutable_support_record()->set_origin(v1::SupportRecord::ORIGIN_FEED);
  EXPECT_EQ(Reason(test_.Call(&Records::UpdateSupportRecord, update)), "IMMUTABLE");
  update.mutable_support_record()->clear_origin();
  update.mutable_support_record()->set_content("X");
  EXPECT_EQ(Reason(test_.Call(&Records::UpdateSupportRecord, update)), "CONTENT_FAMILY");
  update.mutable_support_record()->set_name(record.name() + "x");
  EXPECT_EQ(Reason(test_.Call(&Records::UpdateSupportRecord, update)), "NOT_FOUND");
}

TEST_F(SupportTest, RecordRefusals) {
  ASSERT_OK(Record("taken"));
  const std::string other = test_.Enterprise("b", TaxCode(1));
  v1::CreateProductRequest product;
  product.set_parent(other);
  product.set_product_id("p");
  product.mutable_product()->set_display_name("Chè");
  ASSERT_OK(test_.Call(&v1::ProductService::Stub::CreateProduct, product));
  Code("programmes", "a", "value: 'OTHER' display_name: 'x'");
  struct {
    const char* what;
    std::string id, over, reason;
    std::vector<std::string> fields;
  } rows[] = {
      {"twice", "taken", "", "SUPPORT_RECORD_EXISTS", {}},
      {"bad fields",
       "x",
       "content: 'X' state_part_vnd: -1",
       "BAD_FIELDS",
       {"support_record.content", "support_record.state_part_vnd"}},
      {"programme", "x", "programme: 'NONE'", "CODE_UNKNOWN", {"support_record.programme"}},
      {"no product",
       "x",
       absl::StrCat("product: '", enterprise_, "/products/p'"),
       "PRODUCT_UNKNOWN",
       {"support_record.product"}},
      {"no name of a product", "x", "product: 'p'", "PRODUCT_UNKNOWN", {"support_record.product"}},
      {"another's product",
       "x",
       absl::StrCat("product: '", other, "/products/p'"),
       "PRODUCT_UNKNOWN",
       {"support_record.product"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    absl::StatusOr<v1::SupportRecord> created = Record(row.id, row.over);
    EXPECT_EQ(Reason(created), row.reason);
    EXPECT_THAT(created, FieldsAre(::testing::ElementsAreArray(row.fields)));
  }
  EXPECT_OK(Record("p", absl::StrCat("product: '", other, "/products/p'"), other));
  EXPECT_THAT(Record("x", "", "provinces/48/enterprises/none"),
              Refused(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_EQ(Reason(RecordAs(test_.As({"province_reader"}, {"48"}), "x")), "ROLE_DENIED");
  EXPECT_EQ(Reason(RecordAs(test_.As({"enterprise_clerk"}, {"56"}), "x")), "SCOPE_DENIED");
  // Casework enters what its cases gave.
  EXPECT_OK(RecordAs(test_.AsService("casework"), "case",
                     "origin: ORIGIN_CASE support_case: 'provinces/48/supportCases/c'"));
}

TEST_F(SupportTest, OverlapLooksAtTheEnterpriseUnderEveryName) {
  EXPECT_EQ(Show(Overlap()), "NONE");
  ASSERT_OK(Record("r"));
  ASSERT_OK(Record("other", "solution: 'ISO 14001:2015'"));
  ASSERT_OK(Record("gone", "cancelled: true"));
  EXPECT_EQ(Show(Overlap()),
            "DUPLICATE 48/enterprises/a/supportRecords/r 48/enterprises/a/supportRecords/other");
  EXPECT_EQ(Show(Overlap("starts_on { month: 9 } solution: 'ISO 9001:2015'")),
            "RELATED 48/enterprises/a/supportRecords/other 48/enterprises/a/supportRecords/r");
  EXPECT_EQ(Show(Overlap("content: 'TRACEABILITY'")), "NONE");

  // A record of the same enterprise that was merged, and of its copy in another province.
  const std::string old = test_.Enterprise("old", TaxCode(1));
  const std::string hanoi = test_.Enterprise("x", "5800123458", "01");
  const std::string old_in_hue = test_.Enterprise("y", TaxCode(1), "46");
  test_.Enterprise("z", TaxCode(2), "01");
  const std::string content = "content: 'TRACEABILITY' state_part_vnd: 7";
  ASSERT_OK(Record("m", content, old));
  ASSERT_OK(Record("h", content, hanoi));
  ASSERT_OK(Record("u", content, old_in_hue));
  ASSERT_OK(Record("z", content, "provinces/01/enterprises/z"));
  EXPECT_EQ(Show(Overlap("content: 'TRACEABILITY'")),
            "DUPLICATE 01/enterprises/x/supportRecords/h");
  Merge(old, enterprise_);
  const std::string all =
      "DUPLICATE 01/enterprises/x/supportRecords/h 46/enterprises/y/supportRecords/u "
      "48/enterprises/old/supportRecords/m";
  EXPECT_EQ(Show(Overlap("content: 'TRACEABILITY'")), all);
  EXPECT_EQ(Show(Overlap("content: 'TRACEABILITY'", old)), all);

  // Of another province's records only what tells of the overlap.
  ASSERT_OK_AND_ASSIGN(auto response, Overlap("content: 'TRACEABILITY'"));
  EXPECT_FALSE(response.overlaps(0).record().has_state_part_vnd());
  EXPECT_EQ(response.overlaps(0).record().sector_unit(), "Sở Công Thương");
  EXPECT_EQ(response.overlaps(2).record().state_part_vnd(), 7);
}

TEST_F(SupportTest, OverlapTellsProductsByGtin) {
  const std::string hanoi = test_.Enterprise("x", "5800123458", "01");
  const auto product = [&](const std::string& parent, const std::string& id,
                           const std::string& gtin) {
    v1::CreateProductRequest request;
    request.set_parent(parent);
    request.set_product_id(id);
    request.mutable_product()->set_display_name("Chè");
    request.mutable_product()->set_gtin(gtin);
    EXPECT_OK(test_.CallAs(test_.As({"enterprise_clerk"}, {"*"}),
                           &v1::ProductService::Stub::CreateProduct, request));
    return absl::StrCat("product: '", parent, "/products/", id, "'");
  };
  const std::string here = product(enterprise_, "p", "8934567890120");
  const std::string there = product(hanoi, "p", "8934567890120");
  const std::string other = product(enterprise_, "q", "");
  ASSERT_OK(Record("h", there, hanoi));
  EXPECT_EQ(Show(Overlap(here)), "DUPLICATE 01/enterprises/x/supportRecords/h");
  EXPECT_EQ(Show(Overlap(there)), "DUPLICATE 01/enterprises/x/supportRecords/h");
  EXPECT_EQ(Show(Overlap(other)), "RELATED 01/enterprises/x/supportRecords/h");
  EXPECT_EQ(Show(Overlap()), "RELATED 01/enterprises/x/supportRecords/h");
}

TEST_F(SupportTest, OverlapRefusals) {
  ASSERT_OK(Record("r"));
  struct {
    const char *over, *name, *reason;
  } rows[] = {
      {"content: 'X' starts_on { day: 40 }", "", "BAD_FIELDS"},
      {"product: 'p'", "", "PRODUCT_UNKNOWN"},
      {"starts_on { year: 2021 month: 7 day: 4 }", "", "NO_OVERLAP_RULE"},
      {"", "provinces/48/enterprises/none", "NOT_FOUND"},
      {"", "provinces/48/enterprises/a b", "RESOURCE_NAME"},
      {"", "provinces/01/enterprises/a", "SCOPE_DENIED"},
      {"content: 'X'", "provinces/48/enterprises/none", "CONTENT_FAMILY"},
      {"except_support_case: 'provinces/48/supportCases/c'", "", "DUPLICATE"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Show(Overlap(row.over, row.name)).substr(0, strlen(row.reason)), row.reason)
        << row.over;
  }
}

TEST_F(SupportTest, ACasesOwnRecordDoesNotCountAgainstIt) {
  ASSERT_OK(Record("r", "origin: ORIGIN_CASE support_case: 'provinces/48/supportCases/c'"));
  EXPECT_EQ(Show(Overlap()), "DUPLICATE 48/enterprises/a/supportRecords/r");
  EXPECT_EQ(Show(Overlap("except_support_case: 'provinces/48/supportCases/c'")), "NONE");
}

// ---- Needs

TEST_F(SupportTest, ANeedIsEnteredAndDecidedOnce) {
  Organisation("48");
  ASSERT_OK_AND_ASSIGN(v1::Need need, Need("n"));
  EXPECT_EQ(need.state(), v1::Need::STATE_PROPOSED);
  auto update = Parse<v1::UpdateNeedRequest>("need { quantity: 3 }");
  update.mutable_need()->set_name(need.name());
  update.mutable_need()->set_etag(need.etag());
  ASSERT_OK_AND_ASSIGN(v1::Need updated, test_.Call(&Needs::UpdateNeed, update));
  EXPECT_EQ(updated.quantity(), 3);
  EXPECT_EQ(Reason(test_.Call(&Needs::UpdateNeed, update)), "ETAG_MISMATCH");

  const std::string name = absl::StrCat("name: '", need.name(), "' ");
  using Accept = v1::AcceptNeedRequest;
  using Decline = v1::DeclineNeedRequest;
  using Withdraw = v1::WithdrawNeedRequest;
  EXPECT_EQ(Reason(Act<Decline>(&Needs::DeclineNeed, name)), "TEXT_LENGTH");
  EXPECT_EQ(
      Reason(Act<Accept>(&Needs::AcceptNeed, absl::StrCat(name, "etag: '", need.etag(), "'"))),
      "ETAG_MISMATCH");
  EXPECT_EQ(Reason(Act<Accept>(&Needs::AcceptNeed, "name: 'provinces/48/needs/none'")),
            "NOT_FOUND");
  EXPECT_EQ(Reason(Act<Accept>(&Needs::AcceptNeed, "name: 'provinces/01/needs/n'")),
            "SCOPE_DENIED");
  const std::string id = "request_id: '11111111-1111-4111-8111-111111111111'";
  ASSERT_OK_AND_ASSIGN(v1::Need accepted,
                       Act<Accept>(&Needs::AcceptNeed, name + "reason: 'Kế hoạch 2027' " + id));
  EXPECT_EQ(accepted.state(), v1::Need::STATE_ACCEPTED);
  EXPECT_EQ(accepted.decision_reason(), "Kế hoạch 2027");
  ASSERT_OK_AND_ASSIGN(v1::Need again,
                       Act<Accept>(&Needs::AcceptNeed, name + "reason: 'Kế hoạch 2027' " + id));
  EXPECT_EQ(again.SerializeAsString(), accepted.SerializeAsString());
  EXPECT_EQ(Reason(Act<Accept>(&Needs::AcceptNeed, name + id)), "REQUEST_ID_REUSED");
  for (const auto& decided :
       {Act<Accept>(&Needs::AcceptNeed, name), Act<Withdraw>(&Needs::WithdrawNeed, name),
        Act<Decline>(&Needs::DeclineNeed, name + "reason: 'x'")}) {
    EXPECT_EQ(Reason(decided), "NEED_STATE");
    EXPECT_THAT(decided, MetadataIs("state", "STATE_ACCEPTED"));
  }
  update.mutable_need()->clear_etag();
  EXPECT_EQ(Reason(test_.Call(&Needs::UpdateNeed, update)), "NEED_STATE");

  ASSERT_OK(Need("d"));
  ASSERT_OK(Need("w"));
  ASSERT_OK_AND_ASSIGN(
      v1::Need declined,
      Act<Decline>(&Needs::DeclineNeed, "name: 'provinces/48/needs/d' reason: 'Hết kinh phí'"));
  EXPECT_EQ(declined.state(), v1::Need::STATE_DECLINED);
  ASSERT_OK_AND_ASSIGN(v1::Need withdrawn,
                       Act<Withdraw>(&Needs::WithdrawNeed, "name: 'provinces/48/needs/w'"));
  EXPECT_EQ(withdrawn.state(), v1::Need::STATE_WITHDRAWN);
  v1::ListNeedsRequest list;
  list.set_parent("provinces/-");
  list.set_filter("state = STATE_DECLINED AND year = 2027");
  ASSERT_OK_AND_ASSIGN(v1::ListNeedsResponse page, test_.Call(&Needs::ListNeeds, list));
  ASSERT_EQ(page.needs_size(), 1);
  EXPECT_EQ(page.needs(0).SerializeAsString(), declined.SerializeAsString());
  v1::GetNeedRequest get;
  get.set_name(declined.name());
  EXPECT_OK(test_.Call(&Needs::GetNeed, get));
}

// Who enters needs does not decide on them.
TEST_F(SupportTest, NeedsAreDecidedByThoseWhoMay) {
  Organisation("48");
  ASSERT_OK(Need("n"));
  auto accept = Parse<v1::AcceptNeedRequest>("name: 'provinces/48/needs/n'");
  EXPECT_EQ(Reason(test_.CallAs(test_.As({"dost_officer"}, {"48"}), &Needs::AcceptNeed, accept)),
            "ROLE_DENIED");
  EXPECT_OK(test_.CallAs(test_.As({"dost_leader"}, {"48"}), &Needs::AcceptNeed, accept));
}

TEST_F(SupportTest, NeedRefusals) {
  Organisation("48", "valid_from { year: 2026 month: 10 day: 1 }");
  Organisation("58");
  Organisation("01");
  ASSERT_OK(Need("taken"));
  test_.Enterprise("x", TaxCode(1), "01");
  struct {
    const char* what;
    std::string id, over, reason;
    std::vector<std::string> fields;
  } rows[] = {
      {"twice", "taken", "", "NEED_EXISTS", {}},
      {"bad fields",
       "x",
       "year: 1 quantity: -1",
       "BAD_FIELDS",
       {"need.content", "need.year", "need.quantity"}},
      {"output only",
       "x",
       "state: STATE_ACCEPTED decision_reason: 'x'",
       "OUTPUT_ONLY",
       {"need.state", "need.decision_reason"}},
      {"no enterprise",
       "x",
       "enterprise: 'provinces/48/enterprises/none'",
       "ENTERPRISE_UNKNOWN",
       {"need.enterprise"}},
      {"enterprise of another province",
       "x",
       "enterprise: 'provinces/01/enterprises/x'",
       "ENTERPRISE_UNKNOWN",
       {"need.enterprise"}},
      {"no organisation",
       "x",
       "proposed_by: 'provinces/48/organisations/none'",
       "ORGANISATION_UNKNOWN",
       {"need.proposed_by"}},
      {"organisation of another province",
       "x",
       "proposed_by: 'provinces/01/organisations/dost'",
       "ORGANISATION_UNKNOWN",
       {"need.proposed_by"}},
      {"organisation not yet there",
       "x",
       "proposed_on { month: 9 day: 30 }",
       "ORGANISATION_UNKNOWN",
       {"need.proposed_by"}},
      {"not registered", "x", "enterprise_name: 'Cơ sở Một'", "OK", {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    absl::StatusOr<v1::Need> created = Need(row.id, row.over);
    EXPECT_EQ(Reason(created), row.reason);
    EXPECT_THAT(created, FieldsAre(::testing::ElementsAreArray(row.fields)));
  }
  EXPECT_EQ(Reason(Need("x", "enterprise_name: 'x'", "99")), "PROVINCE_UNKNOWN");
  // Khánh Hòa holds what was Ninh Thuận.
  EXPECT_OK(Need("n", "enterprise_name: 'x' proposed_by: 'provinces/58/organisations/dost'", "56"));
}

TEST_F(SupportTest, NeedsAreAddedUp) {
  for (const char* province : {"48", "56", "58", "01"}) Organisation(province);
  const std::string copy = test_.Enterprise("x", "5800123458", "01");
  const std::string merged = test_.Enterprise("old", TaxCode(1));
  Merge(merged, enterprise_);
  const std::string then = "proposed_on { year: 2024 month: 5 day: 2 } ";
  ASSERT_OK(Need("a"));
  ASSERT_OK(Need("b", absl::StrCat("enterprise: '", merged, "'")));
  ASSERT_OK(Need("c", "enterprise_name: 'Cơ sở Đức Phát'"));
  ASSERT_OK(Need("d", "enterprise_name: 'CO SO DUC PHAT' content: 'BASE_STANDARD'"));
  ASSERT_OK(Need("e", absl::StrCat("enterprise: '", copy, "'"), "01"));
  ASSERT_OK(Need("f", "enterprise_name: 'x' year: 2026"));
  ASSERT_OK(Need("g", "enterprise_name: 'x' " + then, "58"));
  ASSERT_OK(Need("h", "enterprise_name: 'y' ", "58"));
  ASSERT_OK(Need("i", "enterprise_name: 'x' " + then, "56"));
  ASSERT_OK(Need("w"));
  ASSERT_OK(Act<v1::WithdrawNeedRequest>(&Needs::WithdrawNeed, "name: 'provinces/48/needs/w'"));
  struct {
    const char *what, *request, *rows;
  } rows[] = {
      {"content", "parent: 'provinces/48' year: 2027 group_by: GROUP_BY_CONTENT",
       "2027/BASE_STANDARD:1/1/2 2027/TRACEABILITY:3/2/6"},
      {"all years", "parent: 'provinces/48' group_by: GROUP_BY_PROVINCE",
       "2026/48:1/1/2 2027/48:4/2/8"},
      {"organisation", "parent: 'provinces/01' group_by: GROUP_BY_ORGANISATION",
       "2027/provinces/01/organisations/dost:1/1/2"},
      {"solution", "parent: 'provinces/01' group_by: GROUP_BY_SOLUTION", "2027/:1/1/2"},
      {"a copy in another province is the same enterprise",
       "parent: 'provinces/-' year: 2027 group_by: GROUP_BY_CONTENT",
       "2027/BASE_STANDARD:1/1/2 2027/TRACEABILITY:7/4/14"},
      {"as it is now", "parent: 'provinces/-' year: 2027 group_by: GROUP_BY_PROVINCE",
       "2027/01:1/1/2 2027/48:4/2/8 2027/56:3/2/6"},
      {"as it was",
       "parent: 'provinces/-' year: 2027 group_by: GROUP_BY_PROVINCE unit_mode: UNIT_MODE_AS_WAS",
       "2027/01:1/1/2 2027/48:4/2/8 2027/56:2/2/4 2027/58:1/1/2"},
      {"the successor now",
       "parent: 'provinces/56' group_by: GROUP_BY_PROVINCE unit_mode: UNIT_MODE_AS_NOW",
       "2027/56:3/2/6"},
      {"the successor as it was",
       "parent: 'provinces/56' group_by: GROUP_BY_PROVINCE unit_mode: UNIT_MODE_AS_WAS",
       "2027/56:1/1/2"},
      {"the predecessor now", "parent: 'provinces/58' group_by: GROUP_BY_PROVINCE",
       "2027/56:2/2/4"},
      {"the predecessor as it was",
       "parent: 'provinces/58' group_by: GROUP_BY_PROVINCE unit_mode: UNIT_MODE_AS_WAS",
       "2027/56:1/1/2 2027/58:1/1/2"},
      {"nothing", "parent: 'provinces/46' group_by: GROUP_BY_CONTENT", ""},
      {"no rows asked", "parent: 'provinces/48'", "ENUM_VALUE"},
      {"year", "parent: 'provinces/48' group_by: GROUP_BY_CONTENT year: 1899", "YEAR_RANGE"},
      {"mode", "parent: 'provinces/48' group_by: GROUP_BY_CONTENT unit_mode: 7", "ENUM_VALUE"},
      {"no province", "parent: 'provinces/99' group_by: GROUP_BY_CONTENT", "PROVINCE_UNKNOWN"},
  };
  for (const auto& row : rows) EXPECT_EQ(Sums(row.request), row.rows) << row.what;
  EXPECT_EQ(Sums("parent: 'provinces/-' year: 2027 group_by: GROUP_BY_PROVINCE", {"48", "56"}),
            "2027/48:4/2/8 2027/56:3/2/6");
  EXPECT_EQ(Sums("parent: 'provinces/56' group_by: GROUP_BY_PROVINCE", {"48"}), "SCOPE_DENIED");
}

}  // namespace
}  // namespace nscl::registry
