// esxcli system, esxcli vm process, esxcli network nic
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

/// What this emulator has no state for.
void accept(Host&, const Given&, Output&) {}

}  // namespace

std::vector<Command> system_commands() {
  return {
      {"system hostname get", 500, false, {}, hostname_get},
      {"system uuid get", 500, false, {}, uuid_get},
      {"system version get", 500, false, {}, version_get},
      {"system maintenanceMode get", 501, false, {}, maintenance_get},
      {"system maintenanceMode set",
       501,
       true,
       {{"enable", 'e', Kind::Bool, true}, {"timeout", 't', Kind::Number}, {"vsanmode", 'm', Kind::Text, false, 505}},
       maintenance_set},
      {"vm process list", 500, false, {}, process_list},
      {"network ip dns search add", 500, true, {{"domain", 'd', Kind::Text, true}}, accept},
      {"network ip dns server add", 500, true, {{"server", 's', Kind::Text, true}}, accept},
      {"system ntp set",
       700,
       true,
       {{"server", 's', Kind::Text, false, 700, true}, {"enabled", 'e', Kind::Bool}},
       accept},
      {"network firewall ruleset set",
       500,
       true,
       {{"ruleset-id", 'r', Kind::Text, true}, {"enabled", 'e', Kind::Bool}},
       accept},
      {"iscsi software set", 500, true, {{"enabled", 'e', Kind::Bool, true}}, accept},
      {"iscsi adapter discovery sendtarget add",
       500,
       true,
       {{"adapter", 'A', Kind::Text, true}, {"address", 'a', Kind::Text, true}},
       accept},
      {"storage core adapter rescan", 500, true, {{"adapter", 'A', Kind::Text}}, accept},
      {"network nic list", 500, false, {}, nic_list},
  };
}

}  // namespace emulator
