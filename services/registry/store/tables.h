// Every table of registry.
#pragma once

#include "nscl/registry/v1/admin_unit.pb.h"
#include "nscl/registry/v1/calendar_day.pb.h"
#include "nscl/registry/v1/certificate.pb.h"
#include "nscl/registry/v1/change_proposal.pb.h"
#include "nscl/registry/v1/cluster.pb.h"
#include "nscl/registry/v1/code.pb.h"
#include "nscl/registry/v1/code_list.pb.h"
#include "nscl/registry/v1/conformity_notice.pb.h"
#include "nscl/registry/v1/contact.pb.h"
#include "nscl/registry/v1/expert.pb.h"
#include "nscl/registry/v1/merge.pb.h"
#include "nscl/registry/v1/need.pb.h"
#include "nscl/registry/v1/operation.pb.h"
#include "nscl/registry/v1/organisation.pb.h"
#include "nscl/registry/v1/product.pb.h"
#include "nscl/registry/v1/provider.pb.h"
#include "nscl/registry/v1/support_record.pb.h"
#include "nscl/registry/v1/survey.pb.h"
#include "nscl/registry/v1/traceability_record.pb.h"
#include "services/registry/store/certificates.h"
#include "services/registry/store/competences.h"
#include "services/registry/store/enterprises.h"
#include "services/registry/store/keys.h"
#include "services/registry/store/operations.h"
#include "services/registry/store/rows.h"
#include "services/registry/store/size_classes.h"
#include "services/registry/store/year_profiles.h"

namespace nscl::registry::rows {

struct Tables {
  Enterprises enterprises;
  YearProfiles year_profiles;
  SizeClasses size_classes;
  Rows<v1::Contact> contacts{kContactKind};
  Rows<v1::Product> products{kProductKind};
  Rows<v1::Certificate> certificates{kCertificateKind, IndexExpiry};
  Rows<v1::ConformityNotice> conformity_notices{kConformityNoticeKind};
  Rows<v1::TraceabilityRecord> traceability_records{kTraceabilityRecordKind};
  Rows<v1::Survey> surveys{kSurveyKind};
  Rows<v1::SupportRecord> support_records{kSupportRecordKind};
  Rows<v1::ChangeProposal> change_proposals{kChangeProposalKind};
  Rows<v1::Cluster> clusters{kClusterKind};
  Rows<v1::Need> needs{kNeedKind};
  Rows<v1::Provider> providers{kProviderKind, IndexProvider};
  Rows<v1::Expert> experts{kExpertKind, IndexExpert};
  Rows<v1::Organisation> organisations{kOrganisationKind};
  Rows<v1::Merge> merges{kMergeKind};
  Rows<v1::Operation> operations{kOperationKind, IndexOperation};
  Rows<v1::AdminUnit> admin_units{kAdminUnitKind};
  Rows<v1::CodeList> code_lists{kCodeListKind};
  Rows<v1::Code> codes{kCodeKind};
  Rows<v1::CalendarDay> calendar_days{kCalendarDayKind};
};

}  // namespace nscl::registry::rows
