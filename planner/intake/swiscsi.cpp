// `esxcli swiscsi nic list -d vmhbaN` (ESX 4.x): the VMkernel interfaces bound to the software iSCSI adapter.
//
//   vmk1
//       pNic name: vmnic2
//       ipv4 address: 10.72.50.24
//       mac address: 00:21:5e:98:bd:14
//
// Facts relied on: a block begins with a line that is the interface's name; published copies are flush left (seen). The
// MAC is the physical NIC's, and the adapter is named by the command only: where the command line was saved too, it
// tells.
#include <algorithm>

#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostBindings = 256;  // vSphere allows eight an adapter

std::string adapter_of(std::string_view command) {
  for (const auto word : words(command)) {
    auto name = word;
    for (const std::string_view option : {"-d", "--adapter=", "--device="})
      if (name.starts_with(option)) name.remove_prefix(option.size());
    if (is_numbered(name, "vmhba")) return std::string(name);
  }
  return {};
}

}  // namespace

Facts read_swiscsi_nic_list(const Source& source) {
  Reading reading(source);
  std::string adapter;
  reading.for_each_line([&](const Line& line) {
    if (const auto prompt = find_prompt(line.text)) {
      adapter = adapter_of(prompt->command);
      return;
    }
    auto text = trim(line.text);
    const bool is_field = text.find(':') != std::string_view::npos;  // "ipv6 addresses:" has no value
    if (text.ends_with(':')) text.remove_suffix(1);
    if (!is_numbered(text, "vmk")) {
      if (!is_field) reading.unknown(line);
      return;
    }
    auto& all = reading.facts.bindings;
    const bool known = std::any_of(all.begin(), all.end(), [&](const BindingFact& fact) {
      return fact.interface == text && fact.adapter == adapter;
    });
    if (!known && all.size() < kMostBindings) all.push_back({adapter, std::string(text), reading.at(line, text)});
  });
  return reading.take();
}

}  // namespace esx2esxi::intake
