// verify DIR CAPTURE...: the captures of the sample estate against its plan.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string kCaptures = kHarbor + "/esxi-captures";

/// The plan folder of the sample estate, made once.
const std::string& planned() {
  static const Scratch scratch;
  static const std::string folder = [] {
    const auto outcome = run({"plan", kHosts, "--policy", kPolicy, "--pools", kPools, "--date", "2026-03-01", "--out",
                              scratch / "plan", "--quiet"});
    REQUIRE((outcome.code == 0 || outcome.code == 4));
    return scratch / "plan";
  }();
  return folder;
}

Outcome verify(const std::string& capture, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"verify", planned(), capture});
  return run(more);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

json differences(const json& report) {
  auto out = json::array();
  for (const auto& check : report.at("hosts").at(0).at("checks"))
    if (check.at("verdict") != "equal") out.push_back(check);
  return out;
}

}  // namespace

TEST_CASE("hosts that were migrated as planned are reported so, with exit code 0") {
  const auto outcome = verify(kCaptures + "/pier01-esxi80.txt");
  INFO(outcome.out << outcome.err);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.out, Contains("pier01  as planned") && Contains("1 of 1 captured hosts as planned"));
  const auto older = verify(kCaptures + "/light01-esxi67.txt");
  INFO(older.out);
  CHECK(older.code == 0);
  CHECK_THAT(older.err, Contains("light01 runs ESXi 6.7"));
}

TEST_CASE("three planted differences are reported, each with the command that mends it, and nothing else") {
  const auto outcome = verify(kCaptures + "/pier01-esxi80-three-differences.txt", {"--format", "json"});
  INFO(outcome.out);
  CHECK(outcome.code == 1);
  const auto report = json::parse(outcome.out);
  CHECK(report.at("format") == "esx2esxi-verify");
  CHECK(!report.at("as_planned").get<bool>());
  const auto found = differences(report);
  REQUIRE(found.size() == 3);
  const auto is = [&](std::size_t i, const char* verdict, const char* subject, const char* field, const json& expected,
                      const json& shown, const std::string& mend) {
    CHECK(found[i].at("verdict") == verdict);
    CHECK(found[i].at("subject") == subject);
    CHECK(found[i].at("field") == field);
    CHECK(found[i].at("expected") == expected);
    CHECK(found[i].at("found") == shown);
    CHECK(found[i].at("mend") == json::array({mend}));
  };
  is(1, "unexpected", "vmk0", "tag VMotion", nullptr, "VMotion",
     "esxcli network ip interface tag remove --interface-name=vmk0 --tagname=VMotion");
  is(2, "missing", "stack defaultTcpipStack", "route 10.71.40.0/24", "10.71.30.254", nullptr,
     "esxcli network ip route ipv4 add --gateway=10.71.30.254 --network=10.71.40.0/24");
  is(0, "different", "port group VMotion", "VLAN", "120", "110",
     "esxcli network vswitch standard portgroup set --portgroup-name=VMotion --vlan-id=120");
}

TEST_CASE("the text names the differences for a person, and JUnit for a build") {
  const auto text = verify(kCaptures + "/pier01-esxi80-three-differences.txt");
  CHECK(text.code == 1);
  CHECK_THAT(text.out, Contains("port group VMotion: VLAN: expected 120, found 110") &&
                           Contains("mend  esxcli network ip route ipv4 add") && Contains("0 of 1 captured hosts"));
  const auto junit = verify(kCaptures + "/pier01-esxi80-three-differences.txt", {"--format", "junit"});
  CHECK(junit.code == 1);
  CHECK_THAT(junit.out, Contains("failures=\"3\"") && Contains("name=\"port group VMotion: VLAN\""));
  CHECK(verify(kCaptures + "/pier01-esxi80.txt", {"--format", "sarif"}).code == 2);
}

TEST_CASE("what the capture does not show is not taken for equal") {
  const Scratch scratch;
  const auto whole = content(kCaptures + "/pier01-esxi80.txt");
  const auto without = [&](const std::string& command) {
    const auto at = whole.find("[root@pier01:~] " + command);
    REQUIRE(at != std::string::npos);
    scratch.put("capture.txt", whole.substr(0, at) + whole.substr(whole.find("[root@", at + 1)));
    const auto outcome = verify(scratch / "capture.txt", {"--format", "json"});
    CHECK(outcome.code == 1);
    const auto report = json::parse(outcome.out);
    CHECK(differences(report).empty());
    return report.at("hosts").at(0).at("unseen").dump();
  };
  CHECK_THAT(without("esxcli network ip route ipv4 list"), Contains("stack defaultTcpipStack: gateway and routes"));
  CHECK_THAT(without("esxcli network ip interface tag get -i vmk1"), Contains("vmk1: tags"));
  CHECK_THAT(without("esxcli storage nfs list"), Contains("NFS volumes"));
  CHECK_THAT(without("esxcli network vswitch standard portgroup list"), Contains("port groups and VLANs"));
}

TEST_CASE("a wrong address, an interface on another port group, one that is gone and one too many are told apart") {
  const Scratch scratch;
  const auto whole = content(kCaptures + "/pier01-esxi80.txt");
  const auto one = [&](const std::string& text) {
    scratch.put("capture.txt", text);
    const auto outcome = verify(scratch / "capture.txt", {"--format", "json"});
    INFO(outcome.err);
    CHECK(outcome.code == 1);
    return differences(json::parse(outcome.out));
  };
  const auto address = one(replaced(whole, "vmk1  10.71.20.61 ", "vmk1  10.71.20.62 "));
  REQUIRE(address.size() == 1);
  CHECK(address[0].at("expected") == "10.71.20.61/24");
  CHECK(address[0].at("mend")[0] ==
        "esxcli network ip interface ipv4 set --interface-name=vmk1 --type=static --ipv4=10.71.20.61 "
        "--netmask=255.255.255.0");
  const auto stack = one(replaced(whole, "Portgroup: VMotion\n   Netstack Instance: defaultTcpipStack",
                                  "Portgroup: VMotion\n   Netstack Instance: vmotion"));
  REQUIRE(!stack.empty());
  CHECK(stack[0].at("field") == "stack");
  CHECK(stack[0].at("mend")[0] == "esxcli network ip interface remove --interface-name=vmk1");
  const auto volume =
      one(replaced(whole, "prod_a_01    10.71.30.20  /vol/prod_a_01", "prod_a_01    10.71.30.20  /vol/prod_a_02"));
  REQUIRE(volume.size() == 1);
  CHECK(volume[0].at("mend").size() == 2);
  const auto gateway =
      one(replaced(whole, "default     0.0.0.0        10.71.10.1 ", "default     0.0.0.0        10.71.10.2 "));
  REQUIRE(!gateway.empty());
  CHECK(gateway.back().at("field") == "gateway");
}

TEST_CASE("several captures, standard input, hosts without a capture, and hosts that the plan does not know") {
  const auto both = run({"verify", planned(), kCaptures + "/pier01-esxi80.txt", kCaptures + "/light01-esxi67.txt"});
  CHECK(both.code == 0);
  CHECK_THAT(both.out, Contains("2 of 2 captured hosts as planned; no capture of buoy01"));
  const auto stranger = verify(kCaptures + "/gantry01-esxi67.txt");
  CHECK(stranger.code == 1);
  CHECK_THAT(stranger.out, Contains("gantry01  is not in the plan"));
  CHECK(verify(kCaptures + "/pier01-esxi80.txt", {"--host", "pier01"}).code == 0);
  CHECK(verify(kCaptures + "/pier01-esxi80.txt", {"--host", "pier99"}).code == 3);
}

TEST_CASE(
    "verify --report writes the table to be signed, with each field planned and found, and changes no exit code") {
  const Scratch scratch;
  const auto report = [&](const std::string& name, const std::string& capture, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--report", scratch / name, "--date", "2026-03-02"});
    return verify(capture, more);
  };
  CHECK(report("three.md", kCaptures + "/pier01-esxi80-three-differences.txt").code == 1);
  const auto three = content(scratch / "three.md");
  INFO(three);
  CHECK_THAT(three,
             Contains("| Result | 0 of 1 captured hosts as planned |") && Contains("| Date | 2026-03-02, by esx2esxi"));
  CHECK_THAT(three, Contains("| port group VMotion | VLAN | 120 | 110 | different | esxcli network vswitch"));
  CHECK_THAT(three, Contains("| vmk1 | address | 10.71.20.61/24 | 10.71.20.61/24 | equal | – |"));
  CHECK_THAT(three, Contains("| pier01 | not as planned |") && Contains("signature `__________`"));
  const auto manifest = content(planned() + "/MANIFEST.sha256");
  const auto line = manifest.find("  plan.json\n");
  REQUIRE(line != std::string::npos);
  CHECK_THAT(three, Contains(manifest.substr(line - 64, 64)));
  CHECK(report("good.html", kCaptures + "/pier01-esxi80.txt").code == 0);
  const auto good = content(scratch / "good.html");
  CHECK_THAT(good, Contains("<tr><th scope=\"row\">pier01<td>as planned<td class=\"n\">") &&
                       Contains("1 of 1 captured hosts as planned") && Contains("class=\"blank\""));
  CHECK(good.find("<script") == std::string::npos);
}

TEST_CASE(
    "a signed report is not overwritten unless somebody says so, and nothing is left of one that cannot be written") {
  const Scratch scratch;
  scratch.put("signed.md", "signed");
  const auto capture = kCaptures + "/pier01-esxi80.txt";
  const auto refused = verify(capture, {"--report", scratch / "signed.md"});
  CHECK(refused.code == 3);
  CHECK_THAT(refused.err, Contains("exists already"));
  CHECK(content(scratch / "signed.md") == "signed");
  CHECK(verify(capture, {"--report", scratch / "signed.md", "--force"}).code == 0);
  CHECK_THAT(content(scratch / "signed.md"), Contains("# Verification"));
  CHECK(verify(capture, {"--report", scratch / "nowhere/report.md"}).code == 3);
  CHECK(verify(capture, {"--report", scratch / "report.pdf"}).code == 2);
  CHECK(scratch.listing() == std::vector<std::string>{"signed.md"});
}

TEST_CASE("what a capture is called by its host means nothing in a report") {
  const Scratch scratch;
  auto text = content(kCaptures + "/pier01-esxi80.txt");
  scratch.put("capture.txt", replaced(text, "prod_a_01    10.71.30.20", "<b>|*_*</    10.71.30.20"));
  for (const std::string name : {"report.md", "report.html"})
    CHECK(verify(scratch / "capture.txt", {"--report", scratch / name}).code == 1);
  CHECK_THAT(content(scratch / "report.md"), Contains("&lt;b&gt;\\|\\*\\_\\*&lt;/"));
  CHECK_THAT(content(scratch / "report.html"), Contains("&lt;b&gt;|*_*&lt;/"));
  CHECK(content(scratch / "report.html").find("<b>") == std::string::npos);
}

TEST_CASE("a plan that is none, and captures that are none, are inputs that cannot be read") {
  const Scratch scratch;
  const auto refused = [&](const std::string& plan, const std::string& expected) {
    scratch.put("plan/plan.json", plan);
    const auto outcome = run({"verify", scratch / "plan", kCaptures + "/pier01-esxi80.txt"});
    INFO(outcome.err);
    CHECK(outcome.code == 3);
    CHECK_THAT(outcome.err, Contains(expected));
    CHECK(outcome.out.empty());
  };
  refused("", "is no JSON");
  refused("[]", "'format' is missing");
  refused("{\"format\": \"esx2esxi-check\"}", "no plan of esx2esxi");
  refused(std::string(100000, '['), "is no JSON");
  const auto good = content(planned() + "/plan.json");
  refused(replaced(good, "\"path\": \"fresh\"", "\"path\": 7"), "'path'");
  const auto after = good.find("\"after\": {");
  REQUIRE(after != std::string::npos);
  refused(good.substr(0, after) + replaced(good.substr(after), "\"vlan\": ", "\"vlan\": 5000, \"was\": "),
          "'vlan' is 5000");
  refused(good.substr(0, good.size() / 2), "is no JSON");
  CHECK(run({"verify", scratch / "nowhere", kCaptures + "/pier01-esxi80.txt"}).code == 3);
  CHECK(verify(scratch / "nowhere.txt").code == 3);
  CHECK(run({"verify", planned()}).code == 2);
}
