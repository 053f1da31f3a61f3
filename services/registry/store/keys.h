// Keys of registry's rows. THESE BYTES ARE FOR EVER: every store written since stands on them, and
// keys_test.cc holds each.
//
//   kind  key                                                        value
//   'E'   province 0x00 enterprise 0x00                              Enterprise
//   'Y'   province 0x00 enterprise 0x00 year 0x00                    YearProfile
//   'O'   province 0x00 enterprise 0x00 contact 0x00                 Contact
//   'P'   province 0x00 enterprise 0x00 product 0x00                 Product
//   'C'   province 0x00 enterprise 0x00 certificate 0x00             Certificate
//   'N'   province 0x00 enterprise 0x00 conformity notice 0x00       ConformityNotice
//   'R'   province 0x00 enterprise 0x00 traceability record 0x00     TraceabilityRecord
//   'S'   province 0x00 enterprise 0x00 survey 0x00                  Survey
//   'H'   province 0x00 enterprise 0x00 support record 0x00          SupportRecord
//   'Q'   province 0x00 enterprise 0x00 change proposal 0x00         ChangeProposal
//   'L'   province 0x00 cluster 0x00                                 Cluster
//   'D'   province 0x00 need 0x00                                    Need
//   'V'   province 0x00 provider 0x00                                Provider
//   'X'   province 0x00 expert 0x00                                  Expert
//   'G'   province 0x00 organisation 0x00                            Organisation
//   'M'   province 0x00 merge 0x00                                   Merge
//   'J'   province 0x00 operation 0x00                               Operation
//   'U'   admin unit 0x00                                            AdminUnit
//   'B'   code list 0x00                                             CodeList
//   'K'   code list 0x00 code 0x00                                   Code
//   'W'   day 0x00                                                   CalendarDay
//   'Z'   province 0x00 enterprise 0x00 year 0x00                    SizeClass
//   'T'   province 0x00 tax code 0x00                                id of the enterprise (derived)
//   'j'   province 0x00 operation 0x00                               none: it is under way
//   (derived)
//   'e'   'v' valid or 'x' expiring, last day 0x00, certificate 0x00  empty (derived): its name
//   'p'   province 0x00 tax code 0x00                                name of the provider (derived)
//   'q'   content 0x00 name of the provider 0x00                     empty (derived)
//   'x'   content 0x00 name of the expert 0x00                       empty (derived)
//
// Capital letters but 'T' are the kinds of resources: their keys are made by common/store's Table
// from the name's pattern. Small letters are the kinds of derived rows. Ids, codes and years hold
// no 0x00, so that keys sort as names do.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::registry::rows {

inline constexpr char kEnterpriseKind = 'E';
inline constexpr char kYearProfileKind = 'Y';
inline constexpr char kContactKind = 'O';
inline constexpr char kProductKind = 'P';
inline constexpr char kCertificateKind = 'C';
inline constexpr char kConformityNoticeKind = 'N';
inline constexpr char kTraceabilityRecordKind = 'R';
inline constexpr char kSurveyKind = 'S';
inline constexpr char kSupportRecordKind = 'H';
inline constexpr char kChangeProposalKind = 'Q';
inline constexpr char kClusterKind = 'L';
inline constexpr char kNeedKind = 'D';
inline constexpr char kProviderKind = 'V';
inline constexpr char kExpertKind = 'X';
inline constexpr char kOrganisationKind = 'G';
inline constexpr char kMergeKind = 'M';
inline constexpr char kOperationKind = 'J';
inline constexpr char kAdminUnitKind = 'U';
inline constexpr char kCodeListKind = 'B';
inline constexpr char kCodeKind = 'K';
inline constexpr char kCalendarDayKind = 'W';
inline constexpr char kSizeClassKind = 'Z';
inline constexpr char kTaxCodeKind = 'T';
inline constexpr char kOperationUnderWayKind = 'j';
inline constexpr char kExpiryKind = 'e';
inline constexpr char kProviderTaxCodeKind = 'p';
inline constexpr char kProviderCompetenceKind = 'q';
inline constexpr char kExpertCompetenceKind = 'x';

// Version of these rows, in the marker of the store's folder.
inline constexpr int kSchemaVersion = 1;

std::string TaxCodeKey(absl::string_view province, absl::string_view tax_code);

// An operation that is being received or worked off, and the prefix of a province's.
std::string OperationUnderWayKey(absl::string_view province, absl::string_view operation);
std::string OperationsUnderWayPrefix(absl::string_view province);
// The name of the operation of such a key.
std::string OperationOfUnderWayKey(absl::string_view key);
// `last_day` as "2026-11-22"; empty parts at the end make the bound of a range.
std::string ExpiryKey(bool expiring, absl::string_view last_day, absl::string_view certificate);
absl::string_view NameOfExpiryKey(absl::string_view key);

std::string ProviderTaxCodeKey(absl::string_view province, absl::string_view tax_code);

// Who is competent for a content: `kind` is that of providers or of experts.
std::string CompetenceKey(char kind, absl::string_view content, absl::string_view name);
std::string CompetencePrefix(char kind, absl::string_view content);
absl::string_view NameOfCompetenceKey(absl::string_view key);

}  // namespace nscl::registry::rows
