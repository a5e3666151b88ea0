#include "esxi_call.hpp"

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

/// A hostile output can be wrong in every row; the first ones tell the story.
constexpr std::size_t kMostNotes = 200;

}  // namespace

std::string EsxiCall::netstack() const {
  const auto words = esxcli_words(command);
  const auto named = words.option({"-N", "--netstack"});
  return std::string(named.empty() ? model::kDefaultStack : named);
}

const Field* Values::given(const Record& record, std::string_view key) const {
  const auto* field = record.find(key);
  return field && !field->value.empty() && field->value != "N/A" ? field : nullptr;
}

template <class T>
Maybe<T> Values::parsed(const Record& record, std::string_view key, Parsed<T> (*parse)(std::string_view),
                        std::string_view what) const {
  const auto* field = given(record, key);
  if (!field) return std::nullopt;
  const auto value = parse(field->value);
  if (value) return Said<T>{*value, at(*field)};
  warn(at(*field), "value-damaged", fmt::format("'{}' is not {}: {}", excerpt(field->value), what, value.error().what));
  return std::nullopt;
}

Maybe<std::string> Values::text(const Record& record, std::string_view key) const {
  const auto* field = given(record, key);
  if (!field) return std::nullopt;
  return Said<std::string>{field->value, at(*field)};
}

Maybe<bool> Values::flag(const Record& record, std::string_view key) const {
  const auto* field = given(record, key);
  if (!field) return std::nullopt;
  if (equals_ignoring_case(field->value, "true")) return Said<bool>{true, at(*field)};
  if (equals_ignoring_case(field->value, "false")) return Said<bool>{false, at(*field)};
  warn(at(*field), "value-damaged", fmt::format("'{}' is neither true nor false", excerpt(field->value)));
  return std::nullopt;
}

Maybe<unsigned> Values::number(const Record& record, std::string_view key) const {
  const auto* field = given(record, key);
  if (!field || field->value == "-1") return std::nullopt;
  const auto value = esx2esxi::number(field->value);
  if (value && *value <= 0xffffffffU) return Said<unsigned>{static_cast<unsigned>(*value), at(*field)};
  warn(at(*field), "value-damaged", fmt::format("'{}' is not a number", excerpt(field->value)));
  return std::nullopt;
}

Maybe<net::Ipv4Address> Values::address(const Record& record, std::string_view key) const {
  return parsed<net::Ipv4Address>(record, key, net::Ipv4Address::parse, "an IPv4 address");
}

Maybe<net::Mac> Values::mac(const Record& record, std::string_view key) const {
  return parsed<net::Mac>(record, key, net::Mac::parse, "a MAC address");
}

Maybe<net::VlanId> Values::vlan(const Record& record, std::string_view key) const {
  return parsed<net::VlanId>(record, key, net::VlanId::parse, "a VLAN id");
}

void Values::warn(Origin at, std::string_view code, std::string message, std::string_view remedy) const {
  if (facts_.notes.size() >= kMostNotes) return;
  facts_.notes.push_back(
      {Severity::Warning, std::string(code), std::move(at), std::move(message), std::string(remedy)});
}

void Values::note(Origin at, std::string_view code, std::string message) const {
  if (facts_.notes.size() >= kMostNotes) return;
  facts_.notes.push_back({Severity::Note, std::string(code), std::move(at), std::move(message), {}});
}

}  // namespace esx2esxi::intake
