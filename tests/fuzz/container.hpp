// What holds for a container named CONTAINER, which the file that includes this defines. Any bytes are parts or
// diagnostics, whose places lie in the bytes (in a workbook a line is a row of a sheet, and bounded by nothing);
// recognising them never fails; and saying it twice says the same.
#pragma once

#include <cstddef>
#include <cstdint>

#include "esx2esxi/intake/container.hpp"
#include "invariants.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;

namespace {

const Container& container() {
  for (const auto& one : containers())
    if (one.name == CONTAINER) return one;
  __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)container().recognises(text);
  const Source source{FileName("f"), text};
  const auto parts = container().read(source);
  const bool lines_are_rows = text.starts_with("PK");
  for (const auto& part : parts) {
    if (part.only_notes && part.facts.notes.empty()) __builtin_trap();
    if (!lines_are_rows) testing::Invariants(source).check(part.facts);
  }
  const auto again = container().read(source);
  if (again.size() != parts.size()) __builtin_trap();
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (again[i].host != parts[i].host || again[i].facts.interfaces.size() != parts[i].facts.interfaces.size())
      __builtin_trap();
  return 0;
}
