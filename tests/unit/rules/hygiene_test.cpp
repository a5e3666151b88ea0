// DHCP, names, MTU, hygiene, evidence.
#include <catch2/catch.hpp>

#include "build.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

bool says(const Finding& finding, std::string_view text) { return finding.message.find(text) != std::string::npos; }

HostBuilder plain() { return esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1"); }

}  // namespace

TEST_CASE("several-dhcp-interfaces counts enabled ones of a stack, with a lease or without") {
  CHECK(plain().dhcp().vmkernel("vmk0", "10.0.1.5/24").scene().of("several-dhcp-interfaces").empty());
  CHECK(plain().dhcp().vmkernel("vmk0", "10.0.1.5/24").dhcp().disabled().scene().of("several-dhcp-interfaces").empty());
  const auto found = plain()
                         .dhcp()
                         .vmkernel("vmk0", "10.0.1.5/24")
                         .dhcp()
                         .vmkernel("vmk1")
                         .dhcp()
                         .scene()
                         .of("several-dhcp-interfaces");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(names(found[0]) == "vmk0 vmk1 vswif0");
  CHECK(found[0].introduced);
  CHECK_FALSE(plain()
                  .vmkernel("vmk0", "10.0.1.5/24")
                  .dhcp()
                  .vmkernel("vmk1")
                  .dhcp()
                  .scene()
                  .of("several-dhcp-interfaces")
                  .at(0)
                  .introduced);
  CHECK(esxi("a")
            .vmkernel("vmk0", "10.0.0.5/24")
            .dhcp()
            .vmkernel("vmk1", "10.0.1.5/24")
            .dhcp()
            .in_stack("vmotion")
            .scene()
            .of("several-dhcp-interfaces")
            .empty());
}

TEST_CASE("management-on-dhcp is a warning, on the upgrade path an error") {
  CHECK(plain().scene().of("management-on-dhcp").empty());
  CHECK(plain().vmkernel("vmk0", "10.0.1.5/24").dhcp().scene().of("management-on-dhcp").empty());
  const auto fresh = plain().dhcp().scene().of("management-on-dhcp");
  REQUIRE(fresh.size() == 1);
  CHECK(fresh[0].severity == Severity::Warning);
  CHECK(names(fresh[0]) == "vswif0");
  const auto upgrade = plain().dhcp().to({5, 5}, Path::Upgrade).scene().of("management-on-dhcp");
  REQUIRE(upgrade.size() == 1);
  CHECK(upgrade[0].severity == Severity::Error);
  // An upgrade that does not exist is judged as path fresh.
  CHECK(plain().dhcp().to({8, 0}, Path::Upgrade).scene().of("management-on-dhcp").at(0).severity == Severity::Warning);
}

TEST_CASE("management-on-dhcp is about the management interface, not another vswif") {
  CHECK(plain().console("vswif1", "10.0.1.5/24").dhcp().scene().of("management-on-dhcp").empty());
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .console("vswif1", "10.0.1.5/24")
            .dhcp()
            .gateway("10.0.1.1")
            .scene()
            .of("management-on-dhcp")
            .size() == 1);
}

TEST_CASE("mtu-mismatch: more than the vSwitch lets pass, 1500 where neither says") {
  const auto found = [](std::optional<unsigned> interface, std::optional<unsigned> vswitch) {
    auto host = plain().vmkernel("vmk2", "10.0.5.5/24").on("vSwitch3").vswitch_named("vSwitch3", vswitch);
    if (interface) host.mtu(*interface);
    return host.scene().of("mtu-mismatch");
  };
  CHECK(found({}, {}).empty());
  CHECK(found(9000, 9000).empty());
  CHECK(found(1500, {}).empty());
  CHECK(found({}, 9000).empty());
  REQUIRE(found(9000, {}).size() == 1);
  CHECK(found(9000, {})[0].severity == Severity::Warning);
  CHECK(names(found(9000, {})[0]) == "vmk2");
  CHECK(says(found(9000, {})[0], "vSwitch3, which lets 1500 pass"));
  CHECK(found(1501, {}).size() == 1);
  CHECK(found(9000, 8999).size() == 1);
  CHECK(found({}, 1400).size() == 1);
}

TEST_CASE("mtu-mismatch guesses nothing about switches it does not know") {
  CHECK(plain().mtu(9000).disabled().scene().of("mtu-mismatch").empty());
  CHECK(plain().mtu(9000).with([](Scene& s) { s.host.before.switches.clear(); }).scene().of("mtu-mismatch").empty());
  CHECK(plain()
            .mtu(9000)
            .with([](Scene& s) { s.host.before.switches[0].distributed = true; })
            .scene()
            .of("mtu-mismatch")
            .empty());
  CHECK(plain()
            .mtu(9000)
            .vswitch_named("vSwitch0", 1500)
            .with([](Scene& s) { s.host.before.switches[0].distributed = true; })
            .scene()
            .of("mtu-mismatch")
            .size() == 1);
}

TEST_CASE("service-console-name: the name alone is no finding, a reference to it is") {
  auto host = plain().portgroup("Service Console");
  CHECK(host.scene().of("service-console-name").empty());
  const auto found = host.allow_network("Service Console").scene().of("service-console-name");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(names(found[0]) == "vswif0");
  CHECK(found[0].origins == std::vector<Origin>{at("policy.info", 8)});
  CHECK(says(found[0], "\"Service Console\""));
  CHECK(says(found[0], "\"Management Network\""));
}

TEST_CASE("service-console-name: references of the host, several names in one finding") {
  auto host = plain().portgroup("Service Console").console("vswif1", "10.0.1.5/24").portgroup("Service Console 2");
  host.allow_network("Service Console").allow_network("Service Console 2").allow_network("Service Console");
  REQUIRE(host.scene().of("service-console-name").size() == 1);
  CHECK(names(host.scene().of("service-console-name")[0]) == "vswif0 vswif1");
  const auto by_host = plain().portgroup("Service Console").with([](Scene& s) {
    s.host.names_old_portgroup.emplace_back("Service Console", at("ha.conf", 4));
  });
  CHECK(by_host.scene().of("service-console-name").size() == 1);
}

TEST_CASE("service-console-name: references to names that stay or were never there are none") {
  CHECK(plain().portgroup("Verwaltung").allow_network("Verwaltung").scene().of("service-console-name").empty());
  CHECK(plain()
            .portgroup("Service Console")
            .allow_network("Service Console 7")
            .scene()
            .of("service-console-name")
            .empty());
  CHECK(plain()
            .portgroup("Service Console")
            .allow_network("Management Network")
            .scene()
            .of("service-console-name")
            .empty());
}

TEST_CASE("isolation-address-moves: the gateway that goes") {
  auto host = plain().vmkernel("vmk0", "10.0.1.5/24").kernel_gateway("10.0.1.254");
  CHECK(host.isolation("10.0.0.1").scene().of("isolation-address-moves").empty());
  const auto found = host.isolation("10.0.1.254").scene().of("isolation-address-moves");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(addresses(found[0]) == "10.0.1.254");
  CHECK(found[0].origins == std::vector<Origin>{at("policy.info", 7)});
  // Without a cluster there is no isolation address.
  CHECK(plain()
            .vmkernel("vmk0", "10.0.1.5/24")
            .kernel_gateway("10.0.1.254")
            .scene()
            .of("isolation-address-moves")
            .empty());
}

TEST_CASE("isolation-address-moves: a gateway that a plan gives to another stack does not go") {
  auto scene = plain().vmkernel("vmk0", "10.0.1.5/24").kernel_gateway("10.0.1.254").isolation("10.0.1.254").scene();
  scene.plan([](model::State& after) {
    after.interfaces[1].stack = "vmotion";
    model::Stack own;
    own.name = "vmotion";
    own.gateway = ip("10.0.1.254");
    after.stacks.push_back(own);
  });
  CHECK(scene.of("isolation-address-moves").empty());
  scene.planned->stacks.back().gateway.reset();
  CHECK(scene.of("isolation-address-moves").size() == 1);
}

TEST_CASE("isolation-address-moves: a range that the mapping drops") {
  auto host = plain().vmkernel("vmk0", "10.0.0.9/24").to({5, 5}, Path::Upgrade);
  CHECK(host.isolation("10.0.0.77").scene().of("isolation-address-moves").empty());  // management stays in it
  auto wide = plain().console("vswif1", "10.0.1.5/24").vmkernel("vmk0", "10.0.1.9/24").isolation("10.0.1.77").scene();
  CHECK(wide.of("isolation-address-moves").empty());
  wide.plan([](model::State& after) {
    after.interfaces[1].enabled = false;
    set_address(after.interfaces[2], "10.0.2.9/24");
  });
  REQUIRE(wide.of("isolation-address-moves").size() == 1);
  CHECK(addresses(wide.of("isolation-address-moves")[0]) == "10.0.1.77");
  wide.plan([](model::State& after) { after.interfaces[1].enabled = false; });
  CHECK(wide.of("isolation-address-moves").empty());
}

TEST_CASE("isolation-address-moves takes the policy's isolation endpoints, if they concern the host") {
  const auto with_endpoint = [](bool concerns) {
    return plain().vmkernel("vmk0", "10.0.1.5/24").kernel_gateway("10.0.1.254").with([=](Scene& s) {
      model::PolicyEndpoint endpoint;
      endpoint.kind = model::EndpointKind::Isolation;
      endpoint.address = ip("10.0.1.254");
      s.policy.endpoints.push_back(endpoint);
      if (!concerns) return;
      model::Endpoint e;
      e.address = endpoint.address;
      s.endpoints.push_back(e);
    });
  };
  CHECK(with_endpoint(true).scene().of("isolation-address-moves").size() == 1);
  CHECK(with_endpoint(false).scene().of("isolation-address-moves").empty());
}

// --- evidence ---

namespace {

model::Doubt doubt(model::Doubt::Kind kind, std::string interface, std::string subject,
                   std::vector<Said<std::string>> values = {}) {
  model::Doubt d;
  d.kind = kind;
  d.interface = std::move(interface);
  d.subject = std::move(subject);
  d.values = std::move(values);
  return d;
}

model::Doubt missing_doubt(std::string interface, std::string subject) {
  return doubt(model::Doubt::Kind::Missing, std::move(interface), std::move(subject));
}

/// Each could send by two uplinks, as port binding forbids.
HostBuilder bound_pair() {
  return plain()
      .vmkernel("vmk1", "10.0.5.5/24")
      .bound("vmhba33")
      .uplinks({"vmnic1", "vmnic2"})
      .vmkernel("vmk2", "10.0.5.6/24")
      .bound("vmhba33")
      .uplinks({"vmnic1", "vmnic2"});
}

}  // namespace

TEST_CASE("evidence-missing: one question for one subject, an error where a script needs it") {
  const auto missing = [](std::string interface) {
    return doubt(model::Doubt::Kind::Missing, std::move(interface), "vlan");
  };
  auto host = plain().vmkernel("vmk0", "10.0.1.5/24");
  CHECK(host.scene().of("evidence-missing").empty());
  const auto found = host.doubt(missing("vswif0")).doubt(missing("vmk0")).scene().of("evidence-missing");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(names(found[0]) == "vmk0 vswif0");
  CHECK(says(found[0], "the vlan of vmk0 (was vswif0) and vmk1 (was vmk0)"));
  auto needed = missing("vmk0");
  needed.script_needs_it = true;
  needed.hint = "esxcfg-vmknic -l";
  const auto both = host.doubt(needed).scene().of("evidence-missing");
  REQUIRE(both.size() == 2);
  CHECK(both[1].severity == Severity::Error);
  CHECK(says(both[1], "esxcfg-vmknic -l"));
}

TEST_CASE("what is missing evidence is judged by no other rule") {
  const auto needed = [](std::string interface, std::string subject) {
    auto d = missing_doubt(std::move(interface), std::move(subject));
    d.script_needs_it = true;
    return d;
  };
  CHECK(plain().mtu(9000).scene().of("mtu-mismatch").size() == 1);
  CHECK(plain().mtu(9000).doubt(needed("", "mtu of vSwitch0")).scene().of("mtu-mismatch").empty());
  CHECK(bound_pair().scene().of("binding-uplinks").size() == 2);
  CHECK(bound_pair().scene().of("same-subnet").size() == 1);
  auto open = bound_pair().doubt(needed("vmk1", "uplinks")).doubt(needed("vmk2", "uplinks"));
  CHECK(open.scene().of("binding-uplinks").empty());
  CHECK(open.scene().of("same-subnet").empty());
  CHECK(open.scene().of("evidence-missing").size() == 1);
  const auto unseen = esxi("a").with([](Scene& s) { s.host.before.interfaces.clear(); });
  CHECK(HostBuilder(unseen).scene().of("no-default-gateway").size() == 1);
  CHECK(HostBuilder(unseen).doubt(needed("", "VMkernel interfaces")).scene().of("no-default-gateway").empty());
}

TEST_CASE("uplinks that no input tells excuse the interfaces they are of, and no others") {
  const auto other = bound_pair().doubt(missing_doubt("vmk1", "uplinks")).scene().of("binding-uplinks");
  REQUIRE(other.size() == 1);
  CHECK(other[0].interfaces.front().from == "vmk2");
  CHECK(bound_pair().doubt(missing_doubt("", "uplinks of vSwitch0")).scene().of("binding-uplinks").empty());
  CHECK(bound_pair().doubt(missing_doubt("", "uplinks of vSwitch7")).scene().of("binding-uplinks").size() == 2);

  const auto pair = [&](Service first) {
    return esxi("a")
        .vmkernel("vmk0", "10.0.1.5/24")
        .carries(first)
        .uplinks({"vmnic0"})
        .vmkernel("vmk1", "10.0.1.6/24")
        .carries(Service::VMotion)
        .uplinks({"vmnic0"});
  };
  CHECK(pair(Service::VMotion).scene().of("same-subnet").size() == 1);
  CHECK(pair(Service::VMotion).doubt(missing_doubt("vmk1", "uplinks")).scene().of("same-subnet").empty());
  CHECK(pair(Service::Management).doubt(missing_doubt("vmk1", "uplinks")).scene().of("same-subnet").size() == 1);
}

TEST_CASE("evidence-missing names what is on no interface, and interfaces the mapping lacks") {
  const auto none =
      plain().doubt(doubt(model::Doubt::Kind::Missing, "", "console gateway")).scene().of("evidence-missing");
  REQUIRE(none.size() == 1);
  CHECK(says(none[0], "console gateway of the host"));
  const auto lacking =
      plain().doubt(doubt(model::Doubt::Kind::Missing, "vswif7", "address")).scene().of("evidence-missing");
  REQUIRE(lacking.size() == 1);
  CHECK(names(lacking[0]) == "vswif7");
}

TEST_CASE("evidence-missing lists the places of values, not their absence") {
  auto missing = doubt(model::Doubt::Kind::Missing, "vswif0", "vlan", {{"", at("ks.cfg", 9)}});
  const auto found = plain().doubt(missing).scene().of("evidence-missing");
  REQUIRE(found.size() == 1);
  CHECK(found[0].addresses.empty());
  CHECK(found[0].origins == std::vector<Origin>{at("ks.cfg", 9)});
}

TEST_CASE("evidence-contradicts names both values and both places") {
  auto d = doubt(model::Doubt::Kind::Contradiction, "vswif0", "address",
                 {{"10.0.0.5", at("listing.txt", 2)}, {"10.0.0.6", at("ifcfg-vswif0", 6)}});
  const auto found = plain().doubt(d).scene().of("evidence-contradicts");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(names(found[0]) == "vswif0");
  CHECK(addresses(found[0]) == "10.0.0.5 10.0.0.6");
  CHECK(found[0].origins == std::vector<Origin>{at("listing.txt", 2), at("ifcfg-vswif0", 6)});
  CHECK(says(found[0], "10.0.0.5 (listing.txt:2) and 10.0.0.6 (ifcfg-vswif0:6)"));
  CHECK(says(found[0], "The plan uses 10.0.0.5"));
  d.script_needs_it = true;
  CHECK(plain().doubt(d).scene().of("evidence-contradicts").at(0).severity == Severity::Error);
  CHECK(plain().doubt(d).scene().of("evidence-missing").empty());
}

TEST_CASE("unresolved-variable is one finding for a host") {
  auto host = plain()
                  .doubt(doubt(model::Doubt::Kind::Variable, "vswif0", "address", {{"$IPADDR", at("ks.cfg", 9)}}))
                  .doubt(doubt(model::Doubt::Kind::Variable, "", "gateway", {{"$GW", at("ks.cfg", 10)}}));
  const auto found = host.scene().of("unresolved-variable");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(addresses(found[0]) == "$IPADDR $GW");
  CHECK(found[0].origins == std::vector<Origin>{at("ks.cfg", 9), at("ks.cfg", 10)});
  CHECK(says(found[0], "$IPADDR (ks.cfg:9) for the address of vswif0 and $GW (ks.cfg:10) for the gateway."));
  CHECK(plain().scene().of("unresolved-variable").empty());

  host = plain()
             .doubt(doubt(model::Doubt::Kind::Variable, "vswif0", "", {{"$IPADDR", at("ks.cfg", 9)}}))
             .doubt(doubt(model::Doubt::Kind::Variable, "", "", {{"$GW", at("ks.cfg", 10)}}));
  CHECK(says(host.scene().of("unresolved-variable").at(0), "in: $IPADDR (ks.cfg:9) at vswif0 and $GW (ks.cfg:10)."));
}
