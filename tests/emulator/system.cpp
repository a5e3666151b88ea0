// esxcli system, esxcli vm process, esxcli network nic
#include <algorithm>

#include "grammar.hpp"

namespace emulator {

namespace {

void hostname_get(Host& host, const Given&, Output& out) {
  const std::string name = host.state().at("host");
  const std::string domain = host.state().at("domain");
  out.records({{{"Domain Name", domain},
                {"Fully Qualified Domain Name", domain.empty() ? name : name + "." + domain},
                {"Host Name", name}}},
              false);
}

void hostname_set(Host& host, const Given& given, Output&) {
  if (given.count("fqdn") && (given.count("host") || given.count("domain")))
    throw Refused("Error: --fqdn excludes --host and --domain");
  if (given.count("host")) host.state()["host"] = get(given, "host");
  if (given.count("domain")) host.state()["domain"] = get(given, "domain");
  if (!given.count("fqdn")) return;
  const auto name = get(given, "fqdn");
  const auto dot = std::min(name.find('.'), name.size());
  host.state()["host"] = name.substr(0, dot);
  host.state()["domain"] = dot < name.size() ? name.substr(dot + 1) : "";
}

/// What this release has: namespaces with dots, then the command.
void command_list(Host& host, const Given&, Output& out) {
  std::vector<Record> rows;
  for (const auto& command : commands()) {
    if (host.release < command.since || command.until < host.release) continue;
    const auto blank = command.words.rfind(' ');
    auto space = command.words.substr(0, blank);
    std::replace(space.begin(), space.end(), ' ', '.');
    rows.push_back({{"Namespace", space}, {"Command", command.words.substr(blank + 1)}});
  }
  out.table(rows);
}

Json& dns_list(Host& host, const char* list) {
  auto& all = host.state()["dns"][list];
  if (!all.is_array()) all = Json::array();
  return all;
}

void dns_add(Host& host, const char* list, const std::string& value) {
  auto& all = dns_list(host, list);
  if (has(all, value)) throw Refused("Unable to add " + value + ": Already exists");
  all.push_back(value);
}

void server_add(Host& host, const Given& given, Output&) {
  if (!ipv4(get(given, "server"))) throw Refused("Invalid data constraint for parameter 'server'.");
  dns_add(host, "servers", get(given, "server"));
}
void domain_add(Host& host, const Given& given, Output&) { dns_add(host, "search", get(given, "domain")); }
void server_list(Host& host, const Given&, Output& out) {
  out.records({{{"DNSServers", Cell(dns_list(host, "servers").get<std::vector<std::string>>())}}}, false);
}
void domain_list(Host& host, const Given&, Output& out) {
  out.records({{{"DNSSearch Domains", Cell(dns_list(host, "search").get<std::vector<std::string>>())}}}, false);
}

void uuid_get(Host& host, const Given&, Output& out) { out.line(host.state().at("uuid")); }

void version_get(Host& host, const Given&, Output& out) {
  out.records({{{"Product", "VMware ESXi"},
                {"Version", host.state().at("version").get<std::string>()},
                {"Build", "Releasebuild-1000000"},
                {"Update", "0"}}},
              false);
}

void maintenance_get(Host& host, const Given&, Output& out) {
  out.line(host.state().at("maintenance").get<bool>() ? "Enabled" : "Disabled");
}

void maintenance_set(Host& host, const Given& given, Output&) {
  const bool wanted = given_true(given, "enable");
  if (host.state().at("maintenance") == wanted)
    throw Refused(wanted ? "Maintenance mode is already enabled." : "Maintenance mode is already disabled.");
  if (wanted && host.state().contains("guests") && !host.state().at("guests").empty())
    throw Refused("Operation timed out: virtual machines are running");
  host.state()["maintenance"] = wanted;
}

void process_list(Host& host, const Given&, Output& out) {
  if (!host.state().contains("guests")) return;
  std::vector<Record> records;
  for (const auto& guest : host.state().at("guests")) records.push_back({{"Display Name", guest.get<std::string>()}});
  out.records(records, true);
}

void nic_list(Host& host, const Given&, Output& out) {
  std::vector<Record> rows;
  for (const auto& vswitch : host.state().at("switches"))
    for (const auto& nic : vswitch.at("uplinks"))
      rows.push_back({{"Name", nic.get<std::string>()}, {"Driver", "ixgben"}});
  out.table(rows);
}

void ntp_set(Host& host, const Given& given, Output&) {
  if (given.count("server")) host.state()["ntp"] = get(given, "server");
}

/// What this emulator has no state for.
void accept(Host&, const Given&, Output&) {}

}  // namespace

std::vector<Command> system_commands() {
  return {
      {"system hostname get", 500, false, {}, hostname_get},
      {"system hostname set", 500, true, {{"host", 'H'}, {"domain", 'd'}, {"fqdn", 'f'}}, hostname_set},
      {"esxcli command list", 500, false, {}, command_list},
      {"system uuid get", 500, false, {}, uuid_get},
      {"system version get", 500, false, {}, version_get},
      {"system maintenanceMode get", 501, false, {}, maintenance_get},
      {"system maintenanceMode set",
       501,
       true,
       {{"enable", 'e', Kind::Bool, true}, {"timeout", 't', Kind::Number}, {"vsanmode", 'm', Kind::Text, false, 505}},
       maintenance_set},
      {"system ntp set",
       800,
       true,
       {{"enabled", 'e', Kind::Bool}, {"server", 's', Kind::Text, false, 800, true}},
       ntp_set},
      {"vm process list", 500, false, {}, process_list},
      {"network ip dns search add", 500, true, {{"domain", 'd', Kind::Text, true}}, domain_add},
      {"network ip dns search list", 500, false, {}, domain_list},
      {"network ip dns server list", 500, false, {}, server_list},
      {"network ip dns server add", 500, true, {{"server", 's', Kind::Text, true}}, server_add},
      {"network firewall ruleset set",
       500,
       true,
       {{"ruleset-id", 'r', Kind::Text, true}, {"enabled", 'e', Kind::Bool}},
       accept},
      {"network nic list", 500, false, {}, nic_list},
  };
}

}  // namespace emulator
