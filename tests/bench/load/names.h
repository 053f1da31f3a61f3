// Names of enterprises as a business register has them: a legal form, what is done, a name of its
// own, often a place. The same number always has the same name, whatever the machine; the
// frequencies of forms and syllables are uneven as real ones are. Invented: likeness to an existing
// enterprise is chance.
#pragma once

#include <cstdint>
#include <string>

namespace nscl::bench {

std::string EnterpriseName(uint64_t seed, uint64_t number);

}  // namespace nscl::bench
