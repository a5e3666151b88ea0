#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::plan {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

model::Interface vswif0() {
  model::Interface i;
  i.name = i.from = "vswif0";
  i.stack = "console";
  i.address = net::Ipv4Address::parse("10.0.0.5").value();
  i.netmask = net::Ipv4Address::parse("255.255.255.0").value();
  i.portgroup = "Service Console";
  i.vswitch = "vSwitch0";
  i.vlan = net::VlanId::make(110).value();
  i.services.add(model::Service::Management);
  i.uplinks.active = {"vmnic0"};
  return i;
}

TEST_CASE("an interface has the published keys in the published order") {
  model::State state;
  state.interfaces.push_back(vswif0());
  const auto json = to_json(state)["interfaces"][0];
  CHECK(keys(json) == std::vector<std::string>{"name", "from", "stack", "address", "prefix", "netmask", "dhcp",
                                               "enabled", "portgroup", "vswitch", "dvport", "vlan", "mtu", "mac",
                                               "services", "uplinks", "bound_to", "gateway_override"});
  CHECK(json["address"] == "10.0.0.5");
  CHECK(json["prefix"] == 24);
  CHECK(json["vlan"] == 110);
  CHECK(json["mtu"].is_null());
  CHECK(json["dvport"].is_null());
  CHECK(json["services"] == Json::array({"management"}));
  CHECK(json["uplinks"]["active"] == Json::array({"vmnic0"}));
  CHECK(json["uplinks"]["standby"] == Json::array());
}

TEST_CASE("a mask with holes has no prefix and keeps its text") {
  model::State state;
  state.interfaces.push_back(vswif0());
  state.interfaces[0].netmask = net::Ipv4Address::parse("255.255.225.0").value();
  const auto json = to_json(state)["interfaces"][0];
  CHECK(json["prefix"].is_null());
  CHECK(json["netmask"] == "255.255.225.0");
}

TEST_CASE("an empty state has every key and no invented value") {
  const auto json = to_json(model::State{});
  CHECK(keys(json) ==
        std::vector<std::string>{"interfaces", "stacks", "switches", "pnics", "dns", "ntp", "nfs", "iscsi"});
  CHECK(json["interfaces"] == Json::array());
  CHECK(json["dns"]["host"].is_null());
  CHECK(json["iscsi"]["enabled"].is_null());
}

TEST_CASE("names that are no UTF-8 print with replacement characters") {
  model::State state;
  state.interfaces.push_back(vswif0());
  state.interfaces[0].portgroup = "K\xfchlhaus";  // ISO 8859-1
  state.nfs.push_back({"\xff\xfe", "h\xc3", "/a", false, {}});
  const auto json = to_json(state);
  CHECK_NOTHROW(json.dump());
  CHECK(json["interfaces"][0]["portgroup"] == "K\xef\xbf\xbdhlhaus");
  CHECK(json["nfs"][0]["server"] == "h\xef\xbf\xbd");
}

TEST_CASE("only a finding of the estate names hosts") {
  rules::Finding finding;
  finding.rule = "duplicate-address";
  finding.interfaces = {{"", "vmk0", "vswif0"}};
  CHECK(keys(to_json(finding)) == std::vector<std::string>{"rule", "severity", "stack", "interfaces", "addresses",
                                                           "endpoints", "introduced", "message", "kb", "origins",
                                                           "resolution", "why"});
  CHECK(keys(to_json(finding)["interfaces"][0]) == std::vector<std::string>{"name", "from"});

  finding.hosts = {"esx01", "esx02"};
  finding.interfaces = {{"esx01", "vmk0", "vswif0"}};
  finding.origins = {{FileName("esx01/etc/hosts"), 7, 0}};
  const auto json = to_json(finding);
  CHECK(json["interfaces"][0]["host"] == "esx01");
  CHECK(json["hosts"] == Json::array({"esx01", "esx02"}));
  CHECK(json["origins"] == Json::array({"esx01/etc/hosts:7"}));
  CHECK(json["severity"] == "error");
}

}  // namespace
}  // namespace esx2esxi::plan
