// The template of a dataset: a file with its titles and a row that explains them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/sheet/sheet.h"
#include "nscl/registry/v1/operation_service.pb.h"

namespace nscl::registry::imports {

// `path` is where the file is made and removed again.
absl::StatusOr<v1::GetImportTemplateResponse> MakeTemplate(v1::Operation::Dataset dataset,
                                                           sheet::Format format,
                                                           const std::string& path);

}  // namespace nscl::registry::imports
