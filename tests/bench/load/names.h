// Names and tax codes of enterprises. Names are as a business register has them: a legal form, what
// is done, a name of its own, often a place. The same number always has the same name, whatever the
// machine; the frequencies of forms and syllables are uneven as real ones are. Invented: likeness
// to an existing enterprise is chance.
#pragma once

#include <cstdint>
#include <string>

namespace nscl::bench {

std::string EnterpriseName(uint64_t seed, uint64_t number);

// A valid tax code of ten digits, the `number`th from `start`; those whose check digit would be 10
// do not exist and are passed over.
std::string TaxCode(uint64_t number);

}  // namespace nscl::bench
