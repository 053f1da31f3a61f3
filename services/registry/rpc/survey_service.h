// nscl.registry.v1.SurveyService.
#pragma once

#include "nscl/registry/v1/survey_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class SurveyHandlers final : public v1::SurveyService::CallbackService {
 public:
  explicit SurveyHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetSurvey(grpc::CallbackServerContext* context,
                                      const v1::GetSurveyRequest* request,
                                      v1::Survey* response) override;
  grpc::ServerUnaryReactor* ListSurveys(grpc::CallbackServerContext* context,
                                        const v1::ListSurveysRequest* request,
                                        v1::ListSurveysResponse* response) override;
  grpc::ServerUnaryReactor* CreateSurvey(grpc::CallbackServerContext* context,
                                         const v1::CreateSurveyRequest* request,
                                         v1::Survey* response) override;
  grpc::ServerUnaryReactor* UpdateSurvey(grpc::CallbackServerContext* context,
                                         const v1::UpdateSurveyRequest* request,
                                         v1::Survey* response) override;
  grpc::ServerUnaryReactor* CompareSurveys(grpc::CallbackServerContext* context,
                                           const v1::CompareSurveysRequest* request,
                                           v1::CompareSurveysResponse* response) override;

 private:
  const Parts parts_;
  const StandardMethods<v1::Survey> methods_;
};

}  // namespace nscl::registry
