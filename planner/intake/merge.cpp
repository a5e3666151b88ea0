#include "merge.hpp"

#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::intake {

namespace {

/// How many disagreeing places one doubt names.
constexpr std::size_t kMostValues = 8;

/// One of the three escapes of the VIM API; NUL: none.
char escaped_character(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return '\0';
  const auto code = lower(text.substr(1, 2));
  if (code == "2f") return '/';
  if (code == "5c") return '\\';
  return code == "25" ? '%' : '\0';
}

}  // namespace

std::string unescaped_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = escaped_character(name.substr(i));
    out += c == '\0' ? name[i] : c;
    if (c != '\0') i += 2;
  }
  return out;
}

std::string shown_value(bool value) { return value ? "true" : "false"; }
std::string shown_value(unsigned value) { return std::to_string(value); }
std::string shown_value(net::Ipv4Address value) { return to_string(value); }
std::string shown_value(const net::Mac& value) { return to_string(value); }
std::string shown_value(net::VlanId value) { return std::to_string(value.value()); }
std::string shown_value(const std::string& value) { return value; }
std::string shown_value(const std::vector<std::string>& value) { return value.empty() ? "none" : join(value, ","); }
std::string shown_value(const SaidNames& value) { return shown_value(names_of(value)); }

bool same_name(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (a.find('%') == std::string_view::npos && b.find('%') == std::string_view::npos) return false;
  return unescaped_name(a) == unescaped_name(b);
}

bool same_members(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::is_permutation(a.begin(), a.end(), b.begin(), b.end());
}

bool same_names(const SaidNames& a, const SaidNames& b) { return same_members(names_of(a), names_of(b)); }

bool same_mtu(unsigned a, unsigned b) {
  const auto without_header = [](unsigned mtu) { return mtu == 1514 ? 1500 : mtu; };
  return without_header(a) == without_header(b);
}

void Merge::contradict(const Subject& subject, const Said<std::string>& used, const Said<std::string>& other) {
  const auto what = subject.text();
  for (auto& doubt : host.doubts) {
    if (doubt.kind != model::Doubt::Kind::Contradiction || doubt.interface != subject.interface ||
        doubt.subject != what)
      continue;
    if (doubt.values.size() < kMostValues &&
        std::find(doubt.values.begin(), doubt.values.end(), other) == doubt.values.end())
      doubt.values.push_back(other);
    return;
  }
  model::Doubt doubt;
  doubt.kind = model::Doubt::Kind::Contradiction;
  doubt.interface = subject.interface;
  doubt.subject = what;
  doubt.values = {used, other};
  doubt.script_needs_it = subject.script_needs_it;
  host.doubts.push_back(std::move(doubt));
}

void Merge::missing(const Subject& subject, std::string_view hint, const Origin& where) {
  model::Doubt doubt;
  doubt.kind = model::Doubt::Kind::Missing;
  doubt.interface = subject.interface;
  doubt.subject = subject.text();
  doubt.hint = hint;
  doubt.script_needs_it = subject.script_needs_it;
  if (where.known()) doubt.values.push_back({std::string(), where});
  host.doubts.push_back(std::move(doubt));
}

bool Merge::doubts(const Subject& subject) const {
  if (host.doubts.empty()) return false;
  const auto what = subject.text();
  return std::any_of(host.doubts.begin(), host.doubts.end(), [&](const model::Doubt& doubt) {
    return doubt.interface == subject.interface && doubt.subject == what;
  });
}

void Merge::note(Severity severity, std::string_view code, const Origin& where, std::string message,
                 std::string remedy) {
  host.diagnostics.push_back({severity, std::string(code), where, std::move(message), std::move(remedy)});
}

bool was_read(const Merge& merge, Facts (*reader)(const Source&)) {
  return std::any_of(merge.files.begin(), merge.files.end(),
                     [&](const FileFacts& file) { return file.importer->read == reader && !file.facts.failed; });
}

bool has_esxcli(const Merge& merge) { return !merge.host.classic() && merge.host.major() != 4; }

std::string_view interface_listing(const Merge& merge, std::string_view interface) {
  if (interface.starts_with("vswif")) return "esxcfg-vswif -l";
  return has_esxcli(merge) ? "esxcli network ip interface list" : "esxcfg-vmknic -l";
}

bool was_run(const Merge& merge, std::string_view command) {
  return std::any_of(merge.files.begin(), merge.files.end(), [&](const FileFacts& file) {
    const auto part = file.path.rfind('!');  // "FILE!esxcli network nic list"
    return part != std::string::npos && file.path.find(command, part) != std::string::npos &&
           file.path.find(kNotRead, part) == std::string::npos;
  });
}

}  // namespace esx2esxi::intake
