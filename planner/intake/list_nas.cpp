// `esxcfg-nas -l`: the NFS mounts.
//
//   prod_a_01 is /vol/prod_a_01 from 10.71.30.20 mounted
//   iso library is /vol/iso from filer-a.harbor.example
//
// Facts relied on: the label may hold blanks, the state word may be absent (seen); without mounts nothing or a sentence
// is printed (assumed). Whether a mount is up when the listing was taken says nothing of the configuration.
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
                    tail.empty() ? std::string_view() : tail.front()};
  if (mount.label.empty() || mount.share.empty() || mount.server.empty() || tail.size() > 3) return std::nullopt;
  return mount;
}

}  // namespace

Facts read_esxcfg_nas(const Source& source) {
  Reading reading(source);
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto mount = read_mount(line.text);
    if (!mount) return reading.unknown(line);
    NfsFact fact;
    fact.label = std::string(mount->label);
    fact.at = reading.at(line, mount->label);
    fact.share = reading.said(line, mount->share, std::string(mount->share));
    if (looks_like_damaged_address(mount->server))
      reading.address(line, mount->server);  // says what is wrong with it
    else
      fact.server = reading.said(line, mount->server, std::string(mount->server));
    reading.facts.nfs.push_back(std::move(fact));
  });
  return reading.take();
}

}  // namespace esx2esxi::intake
