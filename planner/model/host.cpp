#include "esx2esxi/model/host.hpp"

#include <algorithm>

#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::model {

std::optional<Service> service_named(std::string_view name) {
  const auto same = [&](std::string_view known) {
    return std::equal(known.begin(), known.end(), name.begin(), name.end(), [](char a, char b) {
      const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
      return low(a) == low(b);
    });
  };
  const auto it = std::find_if(kServiceNames.begin(), kServiceNames.end(), same);
  if (it == kServiceNames.end()) return std::nullopt;
  return static_cast<Service>(it - kServiceNames.begin());
}

std::vector<Service> Services::list() const {
  std::vector<Service> out;
  for (std::size_t i = 0; i < kServiceNames.size(); ++i)
    if (has(static_cast<Service>(i))) out.push_back(static_cast<Service>(i));
  return out;
}

void Origins::set(std::string_view field, Origin at) {
  for (auto& [known, where] : all_)
    if (known == field) {
      where = std::move(at);
      if (elements_) std::erase_if(own_elements(), [&](const Element& element) { return element.field == field; });
      return;
    }
  all_.emplace_back(field, std::move(at));
}

void Origins::set(std::string_view field, const Said<std::vector<Said<std::string>>>& list) {
  set(field, list.at);
  for (const auto& element : list.value)
    if (!(element.at == list.at)) set_element(field, element.value, element.at);
}

void Origins::set_element(std::string_view field, std::string_view element, Origin at) {
  own_elements().push_back({field, std::string(element), std::move(at)});
}

std::vector<Origins::Element>& Origins::own_elements() {
  if (!elements_)
    elements_ = std::make_shared<std::vector<Element>>();
  else if (elements_.use_count() > 1)
    elements_ = std::make_shared<std::vector<Element>>(*elements_);
  return *elements_;
}

void Origins::adopt(std::string_view field, const Origins& other, std::string_view theirs) {
  const auto* at = other.find(theirs);
  if (at == nullptr) return;
  const auto elements = other.elements_;  // held: it may be this very object's
  set(field, Origin(*at));
  if (!elements) return;
  for (const auto& element : *elements)
    if (element.field == theirs) set_element(field, element.name, element.at);
}

const Origin* Origins::find_element(std::string_view field, std::string_view element) const {
  if (elements_)
    for (const auto& known : *elements_)
      if (known.field == field && known.name == element) return &known.at;
  return find(field);
}

const Origin* Origins::find(std::string_view field) const {
  for (const auto& [known, where] : all_)
    if (known == field) return &where;
  return nullptr;
}

std::optional<net::Ipv4Prefix> Interface::range() const {
  const auto length = prefix_length();
  if (!addressed() || !length || *length == 0 || *length > 30) return std::nullopt;
  return net::Ipv4Prefix::containing(*address, *length);
}

std::string address_text(const Interface& interface) {
  if (!interface.address) return interface.dhcp ? "dhcp" : "-";
  if (!interface.netmask) return to_string(*interface.address);
  if (const auto length = interface.prefix_length()) return fmt::format("{}/{}", *interface.address, *length);
  return fmt::format("{} {}", *interface.address, *interface.netmask);
}

namespace {

template <class T>
bool same_values(const std::vector<Said<T>>& a, const std::vector<Said<T>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Said<T>& x, const Said<T>& y) { return x.value == y.value; });
}

template <class Range>
auto named(Range& range, std::string_view name) -> decltype(&range.front()) {
  const auto it = std::find_if(range.begin(), range.end(), [&](const auto& item) { return item.name == name; });
  return it == range.end() ? nullptr : &*it;
}

}  // namespace

bool operator==(const Dns& a, const Dns& b) {
  return a.host == b.host && a.domain == b.domain && a.search == b.search && same_values(a.servers, b.servers);
}

bool operator==(const Iscsi& a, const Iscsi& b) {
  return a.enabled == b.enabled && a.adapters == b.adapters && same_values(a.targets, b.targets);
}

bool operator==(const State& a, const State& b) {
  return a.interfaces == b.interfaces && a.stacks == b.stacks && a.switches == b.switches && a.pnics == b.pnics &&
         a.dns == b.dns && same_values(a.ntp, b.ntp) && a.nfs == b.nfs && a.iscsi == b.iscsi;
}

const Interface* State::interface(std::string_view name) const { return named(interfaces, name); }

const Interface* State::interface_from(std::string_view classic_name) const {
  const auto it =
      std::find_if(interfaces.begin(), interfaces.end(), [&](const Interface& i) { return i.from == classic_name; });
  return it == interfaces.end() ? nullptr : &*it;
}

const Stack* State::stack(std::string_view name) const { return named(stacks, name); }
Stack* State::stack(std::string_view name) { return named(stacks, name); }
const Switch* State::switch_named(std::string_view name) const { return named(switches, name); }

std::pair<const Switch*, const Portgroup*> State::portgroup(std::string_view name) const {
  for (const auto& vswitch : switches)
    if (const auto* group = named(vswitch.portgroups, name)) return {&vswitch, group};
  return {nullptr, nullptr};
}

unsigned Host::major() const {
  return version.empty() || version.front() < '0' || version.front() > '9'
             ? 0
             : static_cast<unsigned>(version.front() - '0');
}

}  // namespace esx2esxi::model
