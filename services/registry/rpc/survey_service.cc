#include "services/registry/rpc/survey_service.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "services/registry/domain/survey.h"
#include "services/registry/rpc/references.h"
#include "services/registry/store/same_enterprise.h"

namespace nscl::registry {
namespace {

constexpr char kMetrics[] = "survey-metrics";
constexpr char kSolutions[] = "solutions";
constexpr char kAbsenceReasons[] = "absence-reasons";
// Attribute of a metric that says what is better, and its values.
constexpr char kBetter[] = "better";
constexpr char kMore[] = "MORE";
constexpr char kLess[] = "LESS";
constexpr size_t kPage = 500;

// Every code that the survey carries, on its day.
absl::Status CheckCodes(status::Violations& violations, const Parts& parts,
                        const store::Reader& reader, const v1::Survey& survey) {
  const absl::CivilDay day = *time::ToCivilDay(survey.surveyed_on());
  for (int i = 0; i < survey.measures_size(); ++i) {
    const v1::Measure& measure = survey.measures(i);
    const std::string path = absl::StrCat("survey.measures[", i, "]");
    RETURN_IF_ERROR(CheckCode(violations, parts, reader, absl::StrCat(path, ".metric"), kMetrics,
                              measure.metric(), day));
    RETURN_IF_ERROR(CheckCode(violations, parts, reader, absl::StrCat(path, ".absence_reason"),
                              kAbsenceReasons, measure.absence_reason(), day));
  }
  for (int i = 0; i < survey.systems_in_use_size(); ++i) {
    RETURN_IF_ERROR(CheckCode(violations, parts, reader,
                              absl::StrCat("survey.systems_in_use[", i, "]"), kSolutions,
                              survey.systems_in_use(i), day));
  }
  return absl::OkStatus();
}

// The baseline is there, of the same enterprise, and fits.
absl::Status CheckOwnBaseline(status::Violations& violations, const Parts& parts,
                              const store::Reader& reader, const v1::Survey& survey) {
  if (survey.baseline().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<std::string> names,
                   rows::NamesOf(parts.enterprises, reader, resource::ParentOf(survey.name())));
  const bool own = std::find(names.begin(), names.end(),
                             std::string(resource::ParentOf(survey.baseline()))) != names.end();
  absl::StatusOr<v1::Survey> baseline =
      own ? parts.tables.surveys.Load(reader, survey.baseline()) : absl::NotFoundError("");
  if (baseline.ok()) {
    violations.AddAll(domain::CheckBaseline(survey, *baseline), "");
    return absl::OkStatus();
  }
  if (!absl::IsNotFound(baseline.status()) && !absl::IsInvalidArgument(baseline.status())) {
    return baseline.status();
  }
  violations.Add("survey.baseline", "SURVEY_BASELINE",
                 absl::StrCat("the enterprise has no survey ", survey.baseline()),
                 absl::StrCat("doanh nghiệp không có khảo sát ", survey.baseline()));
  return absl::OkStatus();
}

// A baseline does not move behind the measurements that are compared with it.
absl::Status CheckMeasurementsOf(status::Violations& violations, const Parts& parts,
                                 const store::Reader& reader, const v1::Survey& baseline) {
  ASSIGN_OR_RETURN(std::vector<std::string> names,
                   rows::NamesOf(parts.enterprises, reader, resource::ParentOf(baseline.name())));
  for (const std::string& name : names) {
    std::string after_key;
    do {
      ASSIGN_OR_RETURN(store::Page<v1::Survey> page,
                       parts.tables.surveys.List(reader, name, std::nullopt, after_key, kPage,
                                                 [&](const v1::Survey& survey) {
                                                   return survey.baseline() == baseline.name();
                                                 }));
      for (const v1::Survey& survey : page.rows) {
        if (domain::CheckBaseline(survey, baseline).ok()) continue;
        violations.Add("survey.surveyed_on", "SURVEY_BASELINE",
                       absl::StrCat("must not be after that of ", survey.name()),
                       absl::StrCat("không được sau ngày của ", survey.name()));
        return absl::OkStatus();
      }
      after_key = page.last_key;
    } while (!after_key.empty());
  }
  return absl::OkStatus();
}

absl::Status Settle(const Parts& parts, const store::Reader& reader, const v1::Survey& next,
                    const v1::Survey* before) {
  status::Violations violations;
  RETURN_IF_ERROR(CheckCodes(violations, parts, reader, next));
  RETURN_IF_ERROR(CheckOwnBaseline(violations, parts, reader, next));
  if (before != nullptr && next.kind() == v1::Survey::KIND_BASELINE) {
    RETURN_IF_ERROR(CheckMeasurementsOf(violations, parts, reader, next));
  }
  return violations.ToStatus();
}

// What the list says of each metric on a day.
absl::StatusOr<std::map<std::string, domain::Better>> MetricsOn(const Parts& parts,
                                                                const store::Reader& reader,
                                                                absl::CivilDay day) {
  ASSIGN_OR_RETURN(std::vector<v1::Code> codes, CodesOn(parts, reader, kMetrics, day));
  std::map<std::string, domain::Better> metrics;
  for (const v1::Code& code : codes) {
    const auto better = code.attributes().find(kBetter);
    if (better == code.attributes().end()) continue;
    metrics[code.value()] = better->second == kMore   ? domain::Better::kMore
                            : better->second == kLess ? domain::Better::kLess
                                                      : domain::Better::kNotSaid;
  }
  return metrics;
}

}  // namespace

SurveyHandlers::SurveyHandlers(const Parts& parts)
    : parts_(parts),
      methods_(parts, parts.tables.surveys,
               {.filter_fields = {"kind", "year", "support_case"},
                .normalise = domain::NormaliseSurvey,
                .settle = [parts](store::Txn& txn, v1::Survey& next, const v1::Survey* before) {
                  return Settle(parts, txn, next, before);
                }}) {}

grpc::ServerUnaryReactor* SurveyHandlers::GetSurvey(grpc::CallbackServerContext* context,
                                                    const v1::GetSurveyRequest* request,
                                                    v1::Survey* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* SurveyHandlers::ListSurveys(grpc::CallbackServerContext* context,
                                                      const v1::ListSurveysRequest* request,
                                                      v1::ListSurveysResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* SurveyHandlers::CreateSurvey(grpc::CallbackServerContext* context,
                                                       const v1::CreateSurveyRequest* request,
                                                       v1::Survey* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* SurveyHandlers::UpdateSurvey(grpc::CallbackServerContext* context,
                                                       const v1::UpdateSurveyRequest* request,
                                                       v1::Survey* response) {
  return methods_.Update(context, request, response);
}

grpc::ServerUnaryReactor* SurveyHandlers::CompareSurveys(grpc::CallbackServerContext* context,
                                                         const v1::CompareSurveysRequest* request,
                                                         v1::CompareSurveysResponse* response) {
  return rpc::Handle(
      parts_.door, context, request, response,
      [this](const auth::Call&, const v1::CompareSurveysRequest& request)
          -> absl::StatusOr<v1::CompareSurveysResponse> {
        std::unique_ptr<store::Snapshot> snapshot = parts_.store.TakeSnapshot();
        ASSIGN_OR_RETURN(v1::Survey after, parts_.tables.surveys.Load(*snapshot, request.name()));
        if (after.baseline().empty()) return errors::SurveyHasNoBaseline(after.name());
        ASSIGN_OR_RETURN(v1::Survey baseline,
                         parts_.tables.surveys.Load(*snapshot, after.baseline()));
        ASSIGN_OR_RETURN(auto metrics,
                         MetricsOn(parts_, *snapshot, *time::ToCivilDay(after.surveyed_on())));
        return domain::CompareSurveys(baseline, after, metrics);
      });
}

}  // namespace nscl::registry
