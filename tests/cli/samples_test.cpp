// What the samples' README says of each input, against what `inspect` says of it: the sentences are looked up there, so
// that an expectation cannot outlive them.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;
using nlohmann::json;

namespace {

/// The README as running text: lines and code marks do not matter.
const std::string& readme() {
  static const std::string text = [] {
    std::istringstream in(content(kHarbor + "/README.md"));
    std::string out;
    for (std::string word; in >> word; out += " ") out += word;
    std::erase(out, '`');
    return out;
  }();
  return text;
}

void says(const std::string& sentence) { CHECK_THAT(readme(), Contains(sentence)); }

std::map<std::string, json> inspected(const std::vector<std::string>& inputs) {
  std::vector<std::string> arguments{"inspect", "--format", "json"};
  for (const auto& input : inputs) arguments.push_back(kHarbor + "/" + input);
  const auto outcome = run(arguments);
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  std::map<std::string, json> hosts;
  const auto document = json::parse(outcome.out);
  for (const auto& host : document.at("hosts")) hosts[host.at("name")] = host;
  return hosts;
}

/// "HOST CODE" of each warning and error.
std::multiset<std::string> warnings(const std::map<std::string, json>& hosts) {
  std::multiset<std::string> out;
  for (const auto& [name, host] : hosts)
    for (const auto& note : host.at("diagnostics"))
      if (note.at("severity") == "warning" || note.at("severity") == "error")
        out.insert(name + " " + note.at("code").get<std::string>());
  return out;
}

std::vector<std::string> names(const std::map<std::string, json>& hosts) {
  std::vector<std::string> out;
  for (const auto& [name, host] : hosts) out.push_back(name);
  return out;
}

bool has_note(const json& host, const std::string& text) {
  const auto& notes = host.at("diagnostics");
  return std::any_of(notes.begin(), notes.end(), [&](const json& note) {
    return note.at("message").get<std::string>().find(text) != std::string::npos;
  });
}

/// "vswif0 10.0.0.5/24" of every interface, in the order of their names.
std::vector<std::string> addresses(const json& host) {
  std::vector<std::string> out;
  for (const auto& i : host.at("before").at("interfaces"))
    out.push_back(i.at("name").get<std::string>() + " " +
                  (i.at("address").is_null() ? "-" : i.at("address").get<std::string>() + "/" + i.at("prefix").dump()));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("samples: the fourteen trees, with the two diagnostics that are planted") {
  says("fourteen classic ESX hosts");
  says("ifcfg-vswif0 edited to .113, never activated | evidence-contradicts");
  says("a vSwitch child without a name");
  const auto hosts = inspected({"hosts"});
  CHECK(hosts.size() == 14);
  CHECK(warnings(hosts) == std::multiset<std::string>{"pier02 esxconf-nameless", "pier03 evidence-contradicts"});
  says("console and VMkernel on dvPorts 34, 51, 68");
  const auto not_found = hosts.at("ferry01").at("not_found").dump();
  CHECK_THAT(not_found, Contains("vlan of vswif0, vmk0, vmk1"));
}

TEST_CASE("samples: the transcripts say what the trees say, without a warning") {
  says("The same facts as in hosts/tug35 and hosts/pier02.");
  const auto transcripts = inspected({"transcripts"});
  CHECK(names(transcripts) == std::vector<std::string>{"pier02", "tug35"});
  CHECK(warnings(transcripts).empty());
  const auto trees = inspected({"hosts/tug35", "hosts/pier02"});
  for (const auto& [name, host] : transcripts) {
    CHECK(addresses(host) == addresses(trees.at(name)));
    CHECK(host.at("before").at("stacks") == trees.at(name).at("before").at("stacks"));
    CHECK(host.at("version") == trees.at(name).at("version"));
  }
  // Read together they contradict each other in nothing.
  CHECK(warnings(inspected({"transcripts", "hosts/tug35", "hosts/pier02"})) ==
        std::multiset<std::string>{"pier02 esxconf-nameless"});
}

TEST_CASE("samples: the kickstarts describe their hosts, and the template what it leaves open") {
  says("describe those hosts and must not contradict them");
  const auto scripts = inspected({"kickstart"});
  REQUIRE(names(scripts) == std::vector<std::string>{"ks-esx35-template", "pier01", "tug35"});
  const auto trees = inspected({"hosts/tug35", "hosts/pier01"});
  for (const auto* name : {"tug35", "pier01"}) CHECK(addresses(scripts.at(name)) == addresses(trees.at(name)));
  CHECK(warnings(inspected({"kickstart/ks-esx35-tug35.cfg", "hosts/tug35"})).empty());
  CHECK(warnings(inspected({"kickstart/ks-esx41-pier01.cfg", "hosts/pier01"})).empty());

  const auto& host = scripts.at("ks-esx35-template");
  says("holds $IPADDR, $GW, $HOST, $VLAN, $VMO, $KGW, one \\$IPADDR inside a here-document");
  for (const auto* variable : {"$IPADDR", "$GW", "$VLAN", "$VMO", "$KGW"}) {
    INFO(variable << host.at("diagnostics"));
    CHECK(has_note(host, variable));
  }
  says("a command that is commented out (10.74.62.39 must not appear)");
  CHECK_THAT(host.dump(), !Contains("10.74.62.39"));
  says("esxcfg-vswif - vswif1 -p ..., which means -a");
  CHECK(has_note(host, "'esxcfg-vswif - vswif1' has lost its letter"));
  CHECK(addresses(host) ==
        std::vector<std::string>{"vmk0 -", "vmk1 10.74.61.139/24", "vswif0 -", "vswif1 10.74.61.39/24"});
  for (const auto& warning : warnings(scripts)) CHECK_THAT(warning, Catch::StartsWith("ks-esx35-template "));
}

TEST_CASE("samples: RVTools in three forms is one estate") {
  says("All fourteen hosts.");
  const auto csv = inspected({"rvtools/csv"});
  const auto semicolon = inspected({"rvtools/csv-semicolon"});
  const auto workbook = inspected({"rvtools/RVTools_export_all_harbor.xlsx"});
  CHECK(csv.size() == 14);
  CHECK(names(semicolon) == names(csv));
  CHECK(names(workbook) == names(csv));
  for (const auto& [name, host] : csv) {
    INFO(name);
    for (const auto* field : {"before", "version", "build", "product", "cluster", "not_found"}) {
      CHECK(semicolon.at(name).at(field) == host.at(field));
      CHECK(workbook.at(name).at(field) == host.at(field));
    }
  }
  says("ferry01's port groups have names here (dvPG-Console, dvPG-VMotion, dvPG-NFS)");
  says("There is no dvPort tab.");
  const std::multiset<std::string> expected{"ferry01 portgroup-unknown", "ferry01 portgroup-unknown",
                                            "ferry01 portgroup-unknown"};
  for (const auto& form : {csv, semicolon, workbook}) CHECK(warnings(form) == expected);
  says("pier03 shows the running address");
  CHECK(addresses(csv.at("pier03")).back() == "vswif0 10.71.10.13/24");
  CHECK(csv.at("crane01").at("cluster") == "PROD-B");
}

TEST_CASE("samples: RVTools beside the trees adds clusters, and contradicts what is planted only") {
  const auto both = inspected({"hosts", "rvtools/csv"});
  CHECK(both.size() == 14);
  CHECK(both.at("pier01").at("cluster") == "PROD-A");
  CHECK(warnings(both) == std::multiset<std::string>{"pier02 esxconf-nameless", "pier03 evidence-contradicts"});
}

TEST_CASE("samples: the captures of ESXi hosts, without a warning") {
  const auto planned = inspected({"esxi-captures/pier01-esxi80.txt"});
  const auto light = inspected({"esxi-captures/light01-esxi67.txt"});
  const auto gantry = inspected({"esxi-captures/gantry01-esxi67.txt"});
  for (const auto& hosts : {planned, light, gantry}) {
    CHECK(hosts.size() == 1);
    CHECK(warnings(hosts).empty());
    CHECK(hosts.begin()->second.at("product") == "ESXi");
  }
  says("light01 is a plain mapping (vmk0 management, vmk1 vMotion, vmk2 NFS)");
  const auto& interfaces = light.at("light01").at("before").at("interfaces");
  const std::vector<std::string> services{"management", "vmotion", "nfs"};
  for (std::size_t i = 0; i < services.size(); ++i) CHECK(interfaces.at(i).at("services") == json{services[i]});
  says("vMotion to 10.71.20.61/24 on VLAN 120");
  CHECK(addresses(planned.at("pier01")).at(1) == "vmk1 10.71.20.61/24");
  CHECK(planned.at("pier01").at("before").at("interfaces").at(1).at("vlan") == 120);
  says("The Gateway column of ipv4 get shows the stack's gateway at vmk0: no override. At gantry01's vmk7 it is one.");
  const auto override_of = [&](std::size_t i) {
    return gantry.at("gantry01").at("before").at("interfaces").at(i).at("gateway_override");
  };
  CHECK(override_of(0).is_null());
  CHECK(override_of(7) == "10.78.70.1");
}

TEST_CASE("samples: each uplink's origin is a line of the file that names it, not only the list's first line") {
  std::size_t own_lines = 0;
  for (const auto hosts = inspected({"hosts"}); const auto& [name, host] : hosts) {
    std::map<std::string, std::set<std::string>> lines;  // of one list
    for (const auto& [pointer, at] : host.at("origins").items()) {
      if (pointer.find("/uplinks/") == std::string::npos && pointer.find("/active/") == std::string::npos &&
          pointer.find("/standby/") == std::string::npos)
        continue;
      const auto& value = host.at("before").at(json::json_pointer(pointer));
      const auto place = at.get<std::string>();
      INFO(name << " " << pointer << " " << value << " " << place);
      const auto colon = place.rfind(':');
      std::ifstream file(place.substr(0, colon));
      std::string line;
      for (auto n = std::stoul(place.substr(colon + 1)); n > 0; --n) std::getline(file, line);
      CHECK(line.find(value.get<std::string>()) != std::string::npos);
      lines[pointer.substr(0, pointer.rfind('/'))].insert(place);
    }
    for (const auto& [list, places] : lines) own_lines += places.size() > 1 ? 1U : 0U;
  }
  CHECK(own_lines > 10);
}

TEST_CASE("samples: every value has its origin, but for what follows from the host's name or from other values") {
  for (const auto* input : {"hosts", "esxi-captures/gantry01-esxi67.txt", "rvtools/csv", "transcripts"})
    for (const auto hosts = inspected({input}); const auto& [name, host] : hosts) {
      const auto& origins = host.at("origins");
      const auto flat = host.at("before").flatten();
      for (const auto& [pointer, value] : flat.items()) {
        if (value.is_null() || value == false || origins.contains(pointer)) continue;
        INFO(input << " " << name << " " << pointer << " " << value);
        const bool derived = pointer.starts_with("/stacks/") || pointer.find("/enabled") != std::string::npos ||
                             pointer == "/dns/host" || pointer.find("/from") != std::string::npos;
        CHECK(derived);
      }
    }
}
