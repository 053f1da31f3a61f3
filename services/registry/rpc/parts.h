// What the handlers of registry work with.
#pragma once

#include "common/catalogue/funding_sources.h"
#include "common/catalogue/provinces.h"
#include "common/catalogue/support_contents.h"
#include "common/resource/page.h"
#include "common/rpc/handle.h"
#include "common/store/store.h"
#include "common/time/clock.h"
#include "services/registry/domain/overlap.h"
#include "services/registry/domain/registry_rules.h"
#include "services/registry/domain/sectors.h"
#include "services/registry/domain/size_class.h"
#include "services/registry/store/enterprise_search.h"
#include "services/registry/store/tables.h"

namespace nscl::registry {

// All of it outlives the handlers.
struct Parts {
  rpc::Door& door;
  store::Store& store;
  const time::Clock& clock;
  const rows::Tables& tables;
  const rows::Enterprises& enterprises;
  const rows::YearProfiles& year_profiles;
  const catalogue::Provinces& provinces;
  const domain::Sectors& sectors;
  const domain::SizeRules& size_rules;
  const resource::PageTokens& page_tokens;
  rows::EnterpriseSearch& enterprise_search;
  const domain::RegistryRules& rules;
  const catalogue::SupportContents& support_contents;
  const catalogue::FundingSources& funding_sources;
  const domain::OverlapRules& overlap_rules;
};

}  // namespace nscl::registry
