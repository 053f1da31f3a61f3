// What casework's feed brought: the cases and activities that payments are for, as last seen.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/store.h"
#include "common/store/table.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/event_service.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "services/budgeting/domain/payment.h"

namespace nscl::budgeting::rows {

class CaseFacts {
 public:
  CaseFacts();

  // Keeps what an event carried, in the commit that moves the cursor.
  absl::Status Keep(store::Txn& txn, const nscl::casework::v1::Event& event) const;
  // Newest revision of casework whose events were kept; 0 before the first.
  absl::StatusOr<int64_t> SeenRevision(const store::Reader& reader) const;

  // Facts of a case or activity; nullopt where none has arrived.
  absl::StatusOr<std::optional<domain::PaymentFacts>> Get(const store::Reader& reader,
                                                          absl::string_view owner) const;

 private:
  store::Table<nscl::casework::v1::SupportCase> cases_;
  store::Table<nscl::casework::v1::Activity> activities_;
};

}  // namespace nscl::budgeting::rows
