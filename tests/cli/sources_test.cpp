// One host, several sources: the same model, but for what a source cannot know.
//
// What each cannot know is taken from what it is, not from what comes out: a transcript knows what the commands in it
// print; RVTools has no tab for routes, bindings, services, mounts or the teaming of one port group, and leaves the
// gateway of such old hosts empty.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace cli;
using Json = nlohmann::json;

namespace {

Json inspected(const std::string& input, const std::string& host) {
  const auto outcome = run({"inspect", kHarbor + "/" + input, "--host", host, "--format", "json"});
  INFO(input << ": " << outcome.err);
  REQUIRE(outcome.code == 0);
  const auto report = Json::parse(outcome.out);
  REQUIRE(report.at("hosts").size() == 1);
  return report.at("hosts")[0];
}

struct Unknown {
  bool identity = true;      ///< uuid, from esx.conf
  bool name_servers = true;  ///< /etc/resolv.conf
  bool clocks = true;        ///< /etc/ntp.conf
  bool services = true;      ///< who is vMotion, NFS, iSCSI
  bool mounts = true;
  bool iscsi = true;        ///< targets and bindings
  bool routing = true;      ///< gateways and static routes
  bool teaming = true;      ///< a port group's own, and so which uplinks its interface uses
  bool console_mtu = true;  ///< only ifconfig shows it
};

void forget_of_interfaces(Json& all, const Unknown& what) {
  for (auto& interface : all) {
    if (what.services) interface.erase("services");
    if (what.iscsi) interface.erase("bound_to");
    if (what.teaming) interface.erase("uplinks");
    if (what.console_mtu && interface.at("name").get<std::string>().starts_with("vswif")) interface.erase("mtu");
  }
}

/// What the source may know of the host, and only that.
Json known(const Json& host, const Unknown& what) {
  Json out;
  for (const auto* field : {"name", "product", "version", "build"}) out[field] = host.at(field);
  if (!what.identity) out["uuid"] = host.at("uuid");
  auto state = host.at("before");
  forget_of_interfaces(state.at("interfaces"), what);
  if (what.name_servers) state.at("dns").erase("servers"), state.at("dns").erase("search");
  if (what.clocks) state.erase("ntp");
  if (what.mounts) state.erase("nfs");
  if (what.iscsi) state.erase("iscsi");
  if (what.routing) state.erase("stacks");
  if (what.teaming)
    for (auto& vswitch : state.at("switches"))
      for (auto& group : vswitch.at("portgroups")) group.erase("override");
  out["before"] = state;
  return out;
}

void same_model(const std::string& host, const std::string& input, const Unknown& what) {
  const auto tree = known(inspected("hosts/" + host, host), what);
  const auto other = known(inspected(input, host), what);
  INFO(host << " in " << input << ": " << Json::diff(tree, other).dump(1));
  CHECK(other == tree);
}

}  // namespace

TEST_CASE("a bundle says all that its tree says, line by line") {
  for (const std::string host : {"pier01", "crane02", "tug35"}) {
    auto tree = inspected("hosts/" + host, host);
    auto bundle = inspected("bundles", host);
    for (const auto* field : {"name", "product", "version", "build", "uuid", "cluster", "before", "not_found"})
      CHECK(bundle.at(field) == tree.at(field));
    REQUIRE(bundle.at("origins").size() == tree.at("origins").size());
    for (const auto& [pointer, at] : tree.at("origins").items()) {
      const auto inside = [](const Json& place, const std::string& mark) {
        const auto text = place.get<std::string>();
        return text.substr(text.find(mark) + mark.size());
      };
      CHECK(inside(bundle.at("origins").at(pointer), ".tgz!") == inside(at, "/" + host + "/"));
    }
    CHECK(bundle.at("diagnostics").size() == tree.at("diagnostics").size());
  }
}

TEST_CASE("a transcript says what its commands print, and nothing else") {
  // Neither prints resolv.conf, ntp.conf, esx.conf or ifconfig.
  Unknown tug35;  // nor esxcfg-nas -l (it has no mounts), vmkiscsi.conf or the vMotion interface
  tug35.routing = tug35.mounts = tug35.teaming = false;
  same_model("tug35", "transcripts/tug35-esx35.txt", tug35);
  Unknown pier02;  // esxcfg-nas -l, and grep Vmknic in esx.conf
  pier02.routing = pier02.mounts = pier02.services = pier02.iscsi = false;
  same_model("pier02", "transcripts/pier02-esx41.txt", pier02);
}

TEST_CASE("RVTools says the interfaces, switches, VLANs, names and clocks of every host") {
  Unknown what;
  what.name_servers = what.clocks = what.console_mtu = false;
  for (const std::string host : {"tug35", "pier01", "pier02", "crane02", "light01"})
    for (const std::string form : {"rvtools/RVTools_export_all_harbor.xlsx", "rvtools/csv", "rvtools/csv-semicolon"})
      same_model(host, form, what);
}

TEST_CASE("all sources of one host at once give the tree's model, without a contradiction") {
  const auto tree = inspected("hosts/tug35", "tug35");
  const auto outcome =
      run({"inspect", kHarbor + "/bundles", kHosts, kHarbor + "/transcripts", "--host", "tug35", "--format", "json"});
  REQUIRE(outcome.code == 0);
  const auto report = Json::parse(outcome.out);
  REQUIRE(report.at("hosts").size() == 1);
  CHECK(report.at("hosts")[0].at("before") == tree.at("before"));
}
