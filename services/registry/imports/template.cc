#include "services/registry/imports/template.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include "absl/cleanup/cleanup.h"
#include "common/status/status_macros.h"
#include "services/registry/imports/columns.h"

namespace nscl::registry::imports {

absl::StatusOr<v1::GetImportTemplateResponse> MakeTemplate(v1::Operation::Dataset dataset,
                                                           sheet::Format format,
                                                           const std::string& path) {
  v1::GetImportTemplateResponse response;
  std::vector<sheet::Cell> titles;
  std::vector<sheet::Cell> descriptions;
  for (const Column& column : ColumnsOf(dataset)) {
    titles.push_back({std::string(column.title)});
    descriptions.push_back({std::string(column.description)});
    v1::TemplateColumn& told = *response.add_columns();
    told.set_title(std::string(column.title));
    told.set_field(std::string(column.field));
    told.set_required(column.required);
    told.set_description(std::string(column.description));
  }
  const auto remover = absl::MakeCleanup([&path] { std::remove(path.c_str()); });
  ASSIGN_OR_RETURN(std::unique_ptr<sheet::Writer> writer,
                   sheet::MakeWriter(format, path, std::string(LabelOf(dataset))));
  RETURN_IF_ERROR(writer->Add(titles));
  RETURN_IF_ERROR(writer->Add(descriptions));
  RETURN_IF_ERROR(writer->Finish());
  std::ifstream file(path, std::ios::binary);
  response.set_content(
      std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
  return response;
}

}  // namespace nscl::registry::imports
