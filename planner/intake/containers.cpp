// The table of containers: one line each.
#include "esx2esxi/intake/container.hpp"

#include <array>

#include "rvtools.hpp"
#include "session_read.hpp"

namespace esx2esxi::intake {

namespace {

// A zip and a table are told by their first bytes; a session can hold anything.
constexpr std::array kContainers{
    Container{"RVTools workbook", Trust::Inventory, recognises_rvtools_xlsx, read_rvtools_xlsx},
    Container{"RVTools tab", Trust::Inventory, recognises_rvtools_csv, read_rvtools_csv},
    Container{"session", Trust::Listing, recognises_session, read_session},
};

constexpr auto kImporters = [] {
  std::array<Importer, kContainers.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].name = kContainers[i].name;
    out[i].trust = kContainers[i].trust;
  }
  return out;
}();

}  // namespace

std::span<const Container> containers() { return kContainers; }

const Importer& importer_of(const Container& container) {
  return kImporters[static_cast<std::size_t>(&container - kContainers.data())];
}

}  // namespace esx2esxi::intake
