// The refusals of registry beside those of its tables (NOT_FOUND, `ENTERPRISE_EXISTS`,
// `ETAG_MISMATCH`: common/store), once: code, stable reason, metadata and both languages. The order
// in which a method gives them stands in the comments of the protos.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace nscl::registry::errors {

// ALREADY_EXISTS `TAX_CODE_EXISTS`: another enterprise of the province has the code (REG-02).
absl::Status TaxCodeExists(absl::string_view tax_code, absl::string_view enterprise);
// FAILED_PRECONDITION `BRANCH_WITHOUT_HEAD`: no enterprise of the installation has the ten digits
// of the branch (REG-02).
absl::Status BranchWithoutHead(absl::string_view tax_code, absl::string_view head_tax_code);
// FAILED_PRECONDITION `PERSONAL_DATA_ERASED`: they were erased on request and are not entered
// again.
absl::Status PersonalDataErased(absl::string_view name);
// ALREADY_EXISTS `CERTIFICATE_NUMBER_EXISTS`: the enterprise has it from the same body for the same
// standard.
absl::Status CertificateNumberExists(absl::string_view number, absl::string_view certificate);
// ALREADY_EXISTS `CLUSTER_NAME_EXISTS`: one of the same kind in the province.
absl::Status ClusterNameExists(absl::string_view display_name, absl::string_view cluster);
// ALREADY_EXISTS `TAX_CODE_EXISTS`: another provider of the province has the code.
absl::Status ProviderTaxCodeExists(absl::string_view tax_code, absl::string_view provider);
// INVALID_ARGUMENT `PROVINCE_UNKNOWN`: the code never was a province.
absl::Status ProvinceUnknown(absl::string_view field, absl::string_view province);
// NOT_FOUND `ADMIN_UNIT_NOT_FOUND`.
absl::Status AdminUnitNotFound(absl::string_view name);
// NOT_FOUND `YEAR_PROFILE_NOT_FOUND`.
absl::Status YearProfileNotFound(absl::string_view name);
// FAILED_PRECONDITION `NO_SIZE_RULE`: no rule for the sector holds at the end of the year.
absl::Status NoSizeRule(absl::string_view sector, int year);
// FAILED_PRECONDITION `SIZE_INPUTS`: neither revenue nor capital can be used (REG-06).
absl::Status SizeInputsMissing(absl::string_view year_profile);

// FAILED_PRECONDITION `SURVEY_HAS_NO_BASELINE`: there is nothing to compare it with.
absl::Status SurveyHasNoBaseline(absl::string_view survey);
// FAILED_PRECONDITION `NO_OVERLAP_RULE`: no rule says what is the same support on the day.
absl::Status NoOverlapRule(absl::CivilDay day);
// FAILED_PRECONDITION `NEED_STATE`: only a need that is PROPOSED is changed or decided.
absl::Status NeedNotProposed(absl::string_view need, absl::string_view state);

// UNAVAILABLE `SEARCH_INDEX_LOADING`: the search index is being read; try again in a second.
absl::Status SearchIndexLoading();
// RESOURCE_EXHAUSTED `SEARCH_INDEX_FULL`: the search index outgrew the memory that it may take.
absl::Status SearchIndexFull(size_t limit_bytes, size_t needed_bytes);

}  // namespace nscl::registry::errors
