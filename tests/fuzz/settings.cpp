// The two files that people write: any bytes are settings or diagnostics, and saying it twice says the same.
#include <cstddef>
#include <cstdint>

#include "esx2esxi/intake/policy.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Source source{FileName("f"), text};
  if (read_policy(source).notes.size() != read_policy(source).notes.size()) __builtin_trap();
  if (read_pools(source).notes.size() != read_pools(source).notes.size()) __builtin_trap();
  return 0;
}
