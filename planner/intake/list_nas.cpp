// `esxcfg-nas -l`: the NFS mounts.
//
//   prod_a_01 is /vol/prod_a_01 from 10.71.30.20 mounted
//   iso library is /vol/iso from filer-a.harbor.example
//
// Facts relied on: the label may hold blanks, the state word may be absent (seen); without mounts nothing or a sentence
// is printed (assumed). Whether a mount is up when the listing was taken says nothing of the configuration.
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

struct Mount {
  std::string_view label;
  std::string_view share;
  std::string_view server;
  bool has_state = false;  ///< "mounted" and the like behind the server
};

/// The share begins with a slash on all but Windows servers; a label or a share may itself hold " is " or " from ".
std::optional<Mount> read_mount(std::string_view text) {
  auto is = text.find(" is /");
  const auto from = text.rfind(" from ");
  if (from == std::string_view::npos) return std::nullopt;
  if (is == std::string_view::npos || is > from) is = text.substr(0, from).rfind(" is ");
  if (is == std::string_view::npos || is + 4 > from) return std::nullopt;
  const auto tail = words(text.substr(from + 6));
  const Mount mount{trim(text.substr(0, is)), trim(text.substr(is + 4, from - is - 4)),
                    tail.empty() ? std::string_view() : tail.front(), tail.size() > 1};
  if (mount.label.empty() || mount.share.empty() || mount.server.empty() || tail.size() > 3) return std::nullopt;
  return mount;
}

/// Holds one of a row's fixed words beside a share or an address: a damaged row, not somebody's remark.
bool is_like_row(std::string_view text) {
  if (text.find(" is /") != std::string_view::npos) return true;  // its end may be missing
  const auto tokens = words(text);
  const auto any = [&](auto fits) { return std::any_of(tokens.begin(), tokens.end(), fits); };
  const bool framed = any([](std::string_view word) { return word == "is" || word == "from"; });
  return framed && any([](std::string_view word) { return word.starts_with('/'); }) &&
         any([](std::string_view word) { return net::Ipv4Address::parse(word) || looks_like_damaged_address(word); });
}

/// "0 mounted", "ted": what a terminal broke off the row above.
bool is_rest_of_row(std::string_view text) {
  const auto tokens = words(text);
  if (tokens.empty() || tokens.size() > 2) return false;
  if (tokens.size() == 1 && tokens.front().find_first_not_of("0123456789.") == std::string_view::npos) return true;
  constexpr std::string_view kStates[] = {"mounted", "unmounted", "unavailable", "available"};
  return std::any_of(std::begin(kStates), std::end(kStates),
                     [&](std::string_view state) { return state.ends_with(tokens.back()); });
}

/// The server of the row above may have lost its end.
void refuse_wrapped(Reading& reading, const Line& line) {
  auto& row = reading.facts.nfs.back();
  row.server.reset();
  reading.warn(reading.at(line), "listing-wrapped",
               "the row above goes on here, wrapped by a terminal: its server was refused",
               "save the output of esxcfg-nas -l in a file, or widen the window");
}

}  // namespace

Facts read_esxcfg_nas(const Source& source) {
  Reading reading(source);
  std::uint32_t open_row = 0;  // line of the last row, if it has no state behind its server
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto mount = read_mount(line.text);
    if (!mount && open_row > 0 && open_row + 1 == line.number && is_rest_of_row(line.text))
      return refuse_wrapped(reading, line);
    open_row = mount && !mount->has_state ? line.number : 0;
    if (!mount && !is_like_row(line.text)) return reading.unknown(line);
    if (!mount) {
      reading.warn(reading.at(line), "row-damaged", "the row is no mount of esxcfg-nas -l and was refused",
                   "save the output of esxcfg-nas -l again");
      return reading.lose({LostFact::Of::Mount, {}, {}, {}, reading.at(line)});
    }
    NfsFact fact;
    fact.label = std::string(mount->label);
    fact.at = reading.at(line, mount->label);
    fact.share = reading.said(line, mount->share, std::string(mount->share));
    const bool numeric = net::Ipv4Address::parse(mount->server).has_value();
    if (looks_like_damaged_address(mount->server) || (numeric && line.cut && !mount->has_state)) {
      reading.address(line, mount->server);  // says what is wrong with it
    } else
      fact.server = reading.said(line, mount->server, std::string(mount->server));
    reading.facts.nfs.push_back(std::move(fact));
  });
  return reading.take();
}

}  // namespace esx2esxi::intake
