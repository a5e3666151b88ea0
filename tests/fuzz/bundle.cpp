// What holds for any bytes taken as a support bundle: hosts whose facts have places, or a word why there are none; and
// in pieces of any size it is the same.
#include <cstddef>
#include <cstdint>

#include "../../planner/intake/bundle.hpp"

using namespace esx2esxi::intake;

namespace {

Bundle read(std::string_view bytes, std::size_t piece) {
  return read_bundle("f", [=]() mutable {
    const auto next = bytes.substr(0, piece);
    bytes.remove_prefix(next.size());
    return next;
  });
}

void want(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)is_bundle(bytes);
  const auto bundle = read(bytes, size);
  want(bundle.hosts.empty() == !bundle.notes.empty());
  for (const auto& host : bundle.hosts) {
    want(!host.files.empty());
    for (const auto& file : host.files) {
      want(file.importer != nullptr && file.path.starts_with("f") && !file.kind.empty());
      for (const auto& fact : file.facts.interfaces) want(fact.at.file.text() == file.path);
    }
  }
  const auto again = read(bytes, 701);
  want(again.hosts.size() == bundle.hosts.size());
  for (std::size_t i = 0; i < again.hosts.size(); ++i)
    want(again.hosts[i].files.size() == bundle.hosts[i].files.size());
  return 0;
}
