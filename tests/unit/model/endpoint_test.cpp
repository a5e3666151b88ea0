#include <catch2/catch.hpp>

#include "esx2esxi/model/endpoint.hpp"

using namespace esx2esxi;
using namespace esx2esxi::model;

namespace {

net::Ipv4Address ip(const char* text) { return *net::Ipv4Address::parse(text); }

Interface nic(std::string name, const char* address, std::uint16_t created) {
  Interface i;
  i.name = i.from = std::move(name);
  i.stack = i.is_vswif() ? kConsole : kVmkernel;
  i.address = ip(address);
  i.netmask = ip("255.255.255.0");
  i.created = created;
  return i;
}

Host esx(std::string name, std::vector<Interface> interfaces) {
  Host host;
  host.name = std::move(name);
  host.product = "ESX";
  host.before.interfaces = std::move(interfaces);
  for (const auto stack_name : {kConsole, kVmkernel}) {
    Stack stack;
    stack.name = stack_name;
    host.before.stacks.push_back(stack);
  }
  return host;
}

PolicyEndpoint policy_endpoint(EndpointKind kind, const char* address) {
  PolicyEndpoint e;
  e.kind = kind;
  e.name = "x";
  e.address = ip(address);
  return e;
}

}  // namespace

TEST_CASE("storage roles follow the egress towards servers and targets") {
  auto host = esx("a", {nic("vswif0", "10.0.0.5", 0), nic("vmk0", "10.0.1.5", 1), nic("vmk1", "10.0.2.5", 2)});
  host.before.stacks[1].gateway = ip("10.0.2.1");
  host.before.nfs.push_back({"ds", "10.9.9.9", "/vol", false, {}});
  host.before.iscsi.targets.push_back({ip("10.0.1.20"), {}});
  derive_services(host, {});
  CHECK(host.before.interfaces[0].services == Services{Service::Management});
  CHECK(host.before.interfaces[1].services == Services{Service::Iscsi});
  CHECK(host.before.interfaces[2].services == Services{Service::Nfs});
}

TEST_CASE("a vMotion interface that strayed into the array's subnet is no storage path while another is there") {
  auto host = esx("a", {nic("vmk0", "10.0.1.5", 0), nic("vmk1", "10.0.1.6", 1)});
  host.before.interfaces[0].services.add(Service::VMotion);
  host.before.iscsi.targets.push_back({ip("10.0.1.20"), {}});
  derive_services(host, {});
  CHECK(host.before.interfaces[0].services == Services{Service::VMotion});
  CHECK(host.before.interfaces[1].services == Services{Service::Iscsi});
}

TEST_CASE("a second vswif beside the iSCSI targets serves their discovery, not management") {
  auto host = esx("a", {nic("vswif0", "10.0.0.5", 0), nic("vswif1", "10.0.1.5", 1), nic("vswif2", "10.0.3.5", 2)});
  host.before.iscsi.targets.push_back({ip("10.0.1.20"), {}});
  derive_services(host, {});
  CHECK(host.before.interfaces[0].services == Services{Service::Management});
  CHECK(host.before.interfaces[1].services == Services{Service::Iscsi});
  CHECK(host.before.interfaces[2].services == Services{Service::Management});
}

TEST_CASE("endpoints come from the host, the policy where it concerns the host, and the peers of its cluster") {
  Estate estate;
  estate.hosts = {esx("a", {nic("vswif0", "10.0.0.5", 0)}), esx("b", {nic("vswif0", "10.0.0.6", 0)}),
                  esx("c", {nic("vswif0", "10.0.0.7", 0)})};
  Policy policy;
  Cluster cluster;
  cluster.name = "P";
  cluster.hosts = {"a", "B"};
  cluster.isolation_addresses.push_back({ip("10.0.0.1"), {}});
  policy.clusters = {cluster};
  policy.endpoints = {policy_endpoint(EndpointKind::Vcenter, "10.0.0.9"),
                      policy_endpoint(EndpointKind::Nfs, "10.0.0.10"),
                      policy_endpoint(EndpointKind::Iscsi, "10.0.0.11")};
  policy.endpoints[1].clusters = {"P"};
  policy.endpoints[2].hosts = {"c"};
  Diagnostics notes;
  assign_clusters(estate, policy, notes);
  REQUIRE(estate.hosts[1].cluster == "P");  // names are compared without case
  for (auto& host : estate.hosts) derive_services(host, policy);
  estate.hosts[0].before.dns.servers.push_back({ip("10.0.0.9"), {}});
  estate.hosts[0].before.ntp.push_back({"clock", {}});
  estate.hosts[0].hosts_file.push_back({ip("10.0.0.12"), {"clock.example", "clock"}, {}});

  std::vector<std::string> seen;
  for (const auto& e : endpoints_of(estate.hosts[0], policy, estate))
    seen.push_back(to_string(e.address) + " " + e.name);
  CHECK(seen == std::vector<std::string>{"10.0.0.1 HA isolation address", "10.0.0.6 peer b vswif0",
                                         "10.0.0.9 vCenter x", "10.0.0.10 NFS server x", "10.0.0.12 NTP server"});
  CHECK(endpoints_of(estate.hosts[2], policy, estate).size() == 2);  // vCenter and the iSCSI target, no peers
}

TEST_CASE("a cluster is one however its name is spelled, and is called as the policy calls it") {
  Estate estate;
  estate.hosts = {esx("a", {}), esx("b", {}), esx("c", {}), esx("d", {}), esx("e", {})};
  estate.hosts[0].cluster = "ALPHA";  // as the folder is called; the policy names no host but b
  estate.hosts[1].cluster = "ALPHA";
  estate.hosts[2].cluster = "beta";
  estate.hosts[3].cluster = "BETA";
  Policy policy;
  Cluster cluster;
  cluster.name = "alpha";
  cluster.hosts = {"b"};
  policy.clusters = {cluster};
  Diagnostics notes;
  assign_clusters(estate, policy, notes);
  CHECK(notes.empty());
  std::vector<std::string> clusters;
  for (const auto& host : estate.hosts) clusters.push_back(host.cluster);
  CHECK(clusters == std::vector<std::string>{"alpha", "alpha", "BETA", "BETA", ""});
}

TEST_CASE("an endpoint concerns the hosts and clusters that its policy names, however it writes them") {
  auto host = esx("a", {});
  host.cluster = "PROD-A";
  const auto concerned = [&](const std::vector<std::string>& hosts, const std::vector<std::string>& clusters) {
    Policy policy;
    policy.endpoints = {policy_endpoint(EndpointKind::Nfs, "10.0.0.9")};
    policy.endpoints[0].hosts = hosts;
    policy.endpoints[0].clusters = clusters;
    return endpoints_of(host, policy, {}).size() == 1;
  };
  CHECK(concerned({}, {}));
  CHECK(concerned({"A"}, {}));
  CHECK(concerned({"a.example"}, {}));  // no input tells the host's domain
  CHECK_FALSE(concerned({"b"}, {}));
  CHECK(concerned({"b"}, {"prod-a"}));
  CHECK_FALSE(concerned({}, {"PROD-B"}));
  host.fqdn = "a.other";
  CHECK_FALSE(concerned({"a.example"}, {}));
}

TEST_CASE("a server that HA pings as well is a server") {
  Policy policy;
  policy.endpoints = {policy_endpoint(EndpointKind::Isolation, "10.0.0.9"),
                      policy_endpoint(EndpointKind::Dns, "10.0.0.9"),
                      policy_endpoint(EndpointKind::Isolation, "10.0.0.8")};
  const auto found = endpoints_of(esx("a", {}), policy, {});
  REQUIRE(found.size() == 2);
  CHECK(found[0].isolation);
  CHECK_FALSE(found[1].isolation);
  CHECK(found[1].name == "DNS server x");
}
