#include "common/resource/id.h"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace nscl::resource {
namespace {

constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr size_t kIdLength = 26;

}  // namespace

std::string NewId(absl::Time now) {
  std::array<uint8_t, 16> bits;
  // For so few bytes getrandom fails only where the kernel has no generator at all.
  if (getrandom(bits.data() + 6, 10, 0) != 10) {
    std::perror("getrandom");
    std::abort();
  }
  uint64_t milliseconds = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (int i = 5; i >= 0; --i, milliseconds >>= 8) bits[i] = static_cast<uint8_t>(milliseconds);

  // 26 digits of 5 bits are 130: the number stands at their low end.
  unsigned __int128 value = 0;
  for (uint8_t byte : bits) value = value << 8 | byte;
  std::string id(kIdLength, '0');
  for (size_t i = kIdLength; i > 0; value >>= 5)
    id[--i] = kAlphabet[static_cast<unsigned>(value & 31)];
  return id;
}

}  // namespace nscl::resource
