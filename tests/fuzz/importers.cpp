// The importers of TRUST. Any bytes are facts or diagnostics, whose places lie in the bytes; a piece of a file says the
// same as the file, further down; and saying it twice says the same.
#include <cstddef>
#include <cstdint>

#include "esx2esxi/intake/importer.hpp"
#include "invariants.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Source source{FileName("etc/sysconfig/network-scripts/ifcfg-vswif0"), text};
  const Source piece{source.file, text, 1000};
  for (const auto& importer : importers()) {
    if (importer.trust != Trust::TRUST) continue;
    if (importer.recognises) (void)importer.recognises(text);
    const auto facts = importer.read(source);
    testing::Invariants(source).check(facts);
    const auto again = importer.read(piece);
    testing::Invariants(piece).check(again);
    if (again.interfaces.size() != facts.interfaces.size() || again.notes.size() != facts.notes.size())
      __builtin_trap();
  }
  return 0;
}
