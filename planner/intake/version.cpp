// `vmware -v`, `vmware -l`, `vmware -vl`, and /etc/vmware-release: what the host runs.
//
//   VMware ESX Server 3.5.0 build-110268        3.x says Server
//   VMware ESX 4.1.0 build-348481
//   VMware ESX 4.1.0 Update 1                   -l; with -vl the line with the build comes first
//   VMware ESXi 4.1.0 build-702113
//   VMware ESX Server 3i 3.5.0 build-123630     an ESXi (assumed)
//   VMware ESX 4.1 (Kandinsky)                  the release file: two numbers, or one (assumed)
#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

bool is_version(std::string_view text) {
  const auto parts = split(text, '.');
  for (const auto part : parts)
    if (!number(part) || part.size() > 3) return false;
  return parts.size() <= 4;
}

/// Whether the line names product and version; a build number makes it the best there is.
void read_version_line(Reading& reading, const Line& line) {
  auto tokens = words(line.text);
  std::size_t at = 1;
  if (tokens.size() < 3 || tokens[0] != "VMware") return reading.unknown(line);
  bool embedded = tokens[at] == "ESXi";
  if (!embedded && tokens[at] != "ESX") return reading.unknown(line);
  const auto product = tokens[at++];
  if (tokens[at] == "Server") ++at;
  if (at < tokens.size() && tokens[at] == "3i") embedded = true, ++at;
  if (at >= tokens.size() || !is_version(tokens[at])) return reading.unknown(line);
  auto& facts = reading.facts;
  const auto version = tokens[at];
  const auto build = at + 1 < tokens.size() ? tokens[at + 1] : std::string_view();
  const bool with_build = build.starts_with("build-") && number(build.substr(6));
  if (facts.version && (facts.build || !with_build)) return;
  facts.product = reading.said(line, product, std::string(embedded ? "ESXi" : "ESX"));
  facts.version = reading.said(line, version, std::string(version));
  if (with_build) facts.build = reading.said(line, build.substr(6), std::string(build.substr(6)));
}

Facts read_version(const Source& source) {
  Reading reading(source);
  reading.for_each_line([&](const Line& line) {
    if (!find_prompt(line.text)) read_version_line(reading, line);
  });
  return reading.take();
}

}  // namespace

Facts read_vmware_version(const Source& source) { return read_version(source); }
Facts read_vmware_release(const Source& source) { return read_version(source); }

}  // namespace esx2esxi::intake
