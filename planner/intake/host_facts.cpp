// Small outputs that tell one thing of a host.
//
//   uname -a             Linux esx01.example.com 2.6.18-194.ESX #1 Mon Oct 10 21:46:03 PDT 2011 x86_64 GNU/Linux
//   uname -n, hostname   esx01.example.com
//   esxcfg-swiscsi -q    Software iSCSI is enabled                                        (wording assumed)
//   esxcfg-advcfg -g /Migrate/Vmknic    Value of Vmknic is vmk0                           (the command says whose
//   value) esxcfg-info -a       |----System UUID......................50aa0001-...               (leaves seen, the rest
//   is not read)
//                        |----Service Console Mem (Cfg)........300                        (classic only)
//   grep Vmknic /etc/vmware/esx.conf    /adv/Migrate/Vmknic = "vmk0"
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && name != "(none)" &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
             std::string_view::npos;
}

/// "|----Key.....value": the value of this key; empty: another line.
std::string_view leaf(std::string_view text, std::string_view key) {
  text = trim(text);
  const auto start = text.find_first_not_of("|\\-= ");
  if (start == std::string_view::npos || !text.substr(start).starts_with(key)) return {};
  text.remove_prefix(start + key.size());
  const auto value = text.find_first_not_of('.');
  return value == std::string_view::npos || value < 2 ? std::string_view() : trim(text.substr(value));
}

}  // namespace

Facts read_uname(const Source& source) {
  Reading reading(source);
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto tokens = words(line.text);
    const bool whole = tokens.size() > 3 && (tokens[0] == "Linux" || tokens[0] == "VMkernel");
    if (!whole && tokens.size() != 1) return reading.unknown(line);
    const auto name = tokens[whole ? 1 : 0];
    if (is_host_name(name) && !name.starts_with("localhost") && !reading.facts.hostname)
      reading.facts.hostname = reading.said(line, name, std::string(name));
  });
  return reading.take();
}

Facts read_esxcfg_swiscsi(const Source& source) {
  Reading reading(source);
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto text = lower(line.text);
    const bool off = text.find("not enabled") != std::string::npos || text.find("disabled") != std::string::npos;
    if (text.find("iscsi") != std::string::npos && (off || text.find("enabled") != std::string::npos))
      reading.facts.software_iscsi = reading.said(line, trim(line.text), !off);
    else
      reading.unknown(line);
  });
  return reading.take();
}

Facts read_esxcfg_advcfg(const Source& source) {
  constexpr std::string_view sentence = "Value of Vmknic is ";
  Reading reading(source);
  std::string asked;
  reading.for_each_line([&](const Line& line) {
    if (const auto prompt = find_prompt(line.text)) {
      asked = std::string(prompt->command);
      return;
    }
    const auto text = trim(line.text);
    if (!text.starts_with(sentence)) return reading.unknown(line);
    const auto name = trim(text.substr(sentence.size()));
    const bool vmotion = asked.find("/Migrate/Vmknic") != std::string::npos;
    if (name.empty() || (!vmotion && asked.find("/FT/Vmknic") == std::string::npos)) return;
    const auto service = vmotion ? model::Service::VMotion : model::Service::FaultToleranceLogging;
    if (is_numbered(name, "vmk"))
      reading.facts.services.push_back({service, std::string(name), reading.at(line, name)});
    else
      reading.lose(
          {LostFact::Of::Host, {}, fmt::format("interface for {}", to_string(service)), {}, reading.at(line, name)});
  });
  return reading.take();
}

Facts read_esxcfg_info(const Source& source) {
  Reading reading(source);
  auto& facts = reading.facts;
  reading.for_each_line([&](const Line& line) {
    if (const auto uuid = leaf(line.text, "System UUID"); !uuid.empty() && !facts.uuid)
      facts.uuid = reading.said(line, uuid, std::string(uuid));
    if (const auto memory = leaf(line.text, "Service Console Mem (Cfg)");
        !memory.empty() && number(memory).value_or(0) > 0)
      facts.product = reading.said(line, memory, std::string("ESX"));
  });
  return reading.take();
}

Facts read_grepped_esx_conf(const Source& source) {
  auto whole = read_esx_conf(source);
  Facts facts;
  facts.services = std::move(whole.services);
  facts.uuid = std::move(whole.uuid);
  facts.failed = whole.failed;
  for (auto& lost : whole.lost)
    if (lost.of == LostFact::Of::Host) facts.lost.push_back(std::move(lost));
  facts.management_address = std::move(whole.management_address);
  return facts;
}

}  // namespace esx2esxi::intake
