// Keys of registry's rows. THESE BYTES ARE FOR EVER: every store written since stands on them, and
// keys_test.cc holds each.
//
//   kind  key                                                        value
//   'E'   province 0x00 enterprise 0x00                              Enterprise
//   'Y'   province 0x00 enterprise 0x00 year 0x00                    YearProfile
//   'T'   province 0x00 tax code 0x00                                id of the enterprise (derived)
//
// The keys of 'E' and 'Y' are made by common/store's Table from the name's pattern. Ids, codes and
// years hold no 0x00, so that keys sort as names do.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::registry::rows {

inline constexpr char kEnterpriseKind = 'E';
inline constexpr char kYearProfileKind = 'Y';
inline constexpr char kTaxCodeKind = 'T';

// Version of these rows, in the marker of the store's folder.
inline constexpr int kSchemaVersion = 1;

std::string TaxCodeKey(absl::string_view province, absl::string_view tax_code);

}  // namespace nscl::registry::rows
