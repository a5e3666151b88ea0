// Words for tests of readers: a reader over a text, and its facts in short.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/container.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::intake::testing {

using Reader = Facts (*)(const Source&);

inline Facts read(Reader reader, std::string_view text, std::string_view name = "f") {
  return reader({FileName(std::string(name)), text});
}

inline std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  INFO(path);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A file of the sample estate.
inline Facts read_sample(Reader reader, const std::string& path) {
  return read(reader, file_text(TEST_ESTATES "/harbor/hosts/" + path), path);
}

template <class T>
std::string text(const Maybe<T>& value) {
  return value ? fmt::format("{}", value->value) : "-";
}
inline std::string text(const Maybe<bool>& value) { return !value ? "-" : value->value ? "yes" : "no"; }
inline std::string text(const Maybe<net::VlanId>& value) { return value ? std::to_string(value->value.value()) : "-"; }

/// "vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=no on=yes"; dv= for a dvPort, mac= and mtu= where they are
/// said.
inline std::string text(const InterfaceFact& f) {
  auto out = fmt::format("{} {}/{}", f.name, text(f.address), text(f.netmask));
  if (f.portgroup) out += " pg=" + f.portgroup->value;
  if (f.dvport) out += " dv=" + f.dvport->value;
  out += fmt::format(" dhcp={} on={}", text(f.dhcp), text(f.enabled));
  if (f.mac) out += " mac=" + to_string(f.mac->value);
  if (f.mtu) out += fmt::format(" mtu={}", f.mtu->value);
  if (f.stack) out += " stack=" + f.stack->value;
  return out;
}

inline std::string text(const GatewayFact& f) {
  return fmt::format("{} {} {}", f.stack, text(f.gateway), text(f.device));
}

inline std::string text(const RouteFact& f) {
  return fmt::format("{} {} via {} {}", f.stack, to_string(f.network), to_string(f.next_hop),
                     f.device.empty() ? "-" : f.device);
}

template <class Fact>
std::vector<std::string> texts(const std::vector<Fact>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) out.push_back(text(one));
  return out;
}

/// "warning value-damaged 3:8" for each diagnostic above a note.
inline std::vector<std::string> warnings(const Facts& facts) {
  std::vector<std::string> out;
  for (const auto& note : facts.notes)
    if (note.severity > Severity::Note) out.push_back(fmt::format("{} {}:{}", note.code, note.at.line, note.at.column));
  return out;
}

inline bool has_note(const Facts& facts, std::string_view code) {
  return std::any_of(facts.notes.begin(), facts.notes.end(), [&](const Diagnostic& d) { return d.code == code; });
}

using Texts = std::vector<std::string>;

inline const Container& container_named(std::string_view name) {
  for (const auto& container : containers())
    if (container.name == name) return container;
  FAIL("no container " << name);
  std::abort();
}

}  // namespace esx2esxi::intake::testing
