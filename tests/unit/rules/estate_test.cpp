// What needs several hosts, and the policy's word on findings.
#include <catch2/catch.hpp>

#include "build.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

struct Hosts {
  model::Estate estate;
  model::Policy policy;
  std::vector<model::State> now;

  explicit Hosts(const std::vector<HostBuilder>& builders) {
    for (const auto& builder : builders) {
      const auto scene = builder.scene();
      estate.hosts.push_back(scene.host);
      now.push_back(scene.mapping.state);
    }
  }
  std::vector<Finding> judge() const {
    std::vector<const model::State*> states;
    for (const auto& state : now) states.push_back(&state);
    return rules::judge_estate(estate, states, policy, rules::built_in_catalogue(), {2026, 3, 1}, Stage::Mapped);
  }
  std::vector<Finding> of(std::string_view slug) const {
    auto all = judge();
    std::erase_if(all, [&](const Finding& f) { return f.rule != slug; });
    return all;
  }
};

bool says(const Finding& finding, std::string_view text) { return finding.message.find(text) != std::string::npos; }

HostBuilder member(std::string name, std::string_view console, std::string_view vmotion) {
  return esx(std::move(name))
      .console("vswif0", console)
      .vmkernel("vmk0", vmotion)
      .carries(Service::VMotion)
      .cluster("A");
}

model::PolicyEndpoint policy_endpoint(model::EndpointKind kind, std::string_view address) {
  model::PolicyEndpoint e;
  e.kind = kind;
  e.name = "x";
  e.address = ip(address);
  e.at = at("policy.info", 5);
  return e;
}

}  // namespace

TEST_CASE("duplicate-address between hosts") {
  const Hosts hosts({esx("b").console("vswif0", "10.0.0.6/24"),
                     esx("c").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.1.5/24"),
                     esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.1.5/24").disabled()});
  const auto found = hosts.of("duplicate-address");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(found[0].scope == "a c");
  CHECK(found[0].hosts == std::vector<std::string>{"a", "c"});
  CHECK(names(found[0]) == "a:vswif0 c:vswif0");
  CHECK(addresses(found[0]) == "10.0.0.5");
  CHECK(hosts.judge().size() == 1);
}

TEST_CASE("duplicate-address ignores what is no address, and a host's own pair") {
  CHECK(Hosts({esx("a").console("vswif0", "0.0.0.0"), esx("b").console("vswif0", "0.0.0.0")}).judge().empty());
  CHECK(Hosts({esx("a").console("vswif0", "169.254.1.1/16"), esx("b").console("vswif0", "169.254.1.1/16")})
            .judge()
            .empty());
  CHECK(Hosts({esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.0.5/24")}).judge().empty());
}

TEST_CASE("duplicate-address with an endpoint that the policy or another host names") {
  Hosts by_policy({esx("a").console("vswif0", "10.0.0.5/24")});
  by_policy.policy.endpoints.push_back(policy_endpoint(model::EndpointKind::Nfs, "10.0.0.5"));
  REQUIRE(by_policy.of("duplicate-address").size() == 1);
  CHECK(by_policy.of("duplicate-address")[0].scope == "a");
  CHECK(says(by_policy.of("duplicate-address")[0], "nfs x"));
  by_policy.policy.endpoints = {policy_endpoint(model::EndpointKind::Isolation, "10.0.0.5"),
                                policy_endpoint(model::EndpointKind::Nfs, "10.0.0.6")};
  CHECK(by_policy.judge().empty());

  CHECK(
      Hosts({esx("a").console("vswif0", "10.0.0.1/24"), esx("b").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1")})
          .of("duplicate-address")
          .size() == 1);
  const auto mount = [](Scene& s) { s.host.before.nfs.push_back({"ds", "10.0.0.5", "/vol", false, {}}); };
  CHECK(Hosts({esx("a").console("vswif0", "10.0.0.5/24"), esx("b").console("vswif0", "10.0.0.6/24").with(mount)})
            .of("duplicate-address")
            .size() == 1);
  CHECK(Hosts({esx("a").console("vswif0", "10.0.0.5/24").with(mount)}).of("duplicate-address").size() == 1);
}

TEST_CASE("duplicate-address with each service that a host's own files name") {
  const auto claimed_by = [](const std::function<void(model::State&)>& names_it) {
    const Hosts hosts({esx("a").console("vswif0", "10.0.0.5/24"),
                       esx("b").console("vswif0", "10.0.0.6/24").with([&](Scene& s) { names_it(s.host.before); })});
    const auto found = hosts.of("duplicate-address");
    return found.size() == 1 ? found[0].endpoints.at(0) : std::string();
  };
  const auto it = ip("10.0.0.5");
  CHECK(claimed_by([&](model::State& s) {
          s.dns.servers.push_back({it, at("resolv.conf", 1)});
        }) == "the DNS server of b 10.0.0.5");
  CHECK(claimed_by([&](model::State& s) {
          s.iscsi.targets.push_back({it, at("vmkiscsi.conf", 1)});
        }) == "the iSCSI target of b 10.0.0.5");
  CHECK(claimed_by([](model::State& s) {
          s.ntp.push_back({"10.0.0.5", at("ntp.conf", 1)});
        }) == "the NTP server of b 10.0.0.5");
  CHECK(claimed_by([](model::State& s) { s.ntp.push_back({"clock.example", at("ntp.conf", 1)}); }).empty());
  CHECK(claimed_by([](model::State& s) { s.nfs.push_back({"ds", "filer.example", "/vol", false, {}}); }).empty());
}

TEST_CASE("a host's own gateway that is its own address is no duplicate") {
  CHECK(Hosts({esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.5")}).judge().empty());
}

TEST_CASE("vmotion-peers-apart: no subnet in which all hosts of the cluster are") {
  const Hosts apart({member("a", "10.0.0.5/24", "10.0.1.5/24"), member("b", "10.0.0.6/24", "10.0.1.6/24"),
                     member("c", "10.0.0.7/24", "10.0.2.7/24")});
  const auto found = apart.of("vmotion-peers-apart");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(found[0].scope == "A");
  CHECK(addresses(found[0]) == "10.0.1.0/24 10.0.2.0/24");
  CHECK(names(found[0]) == "a:vmk0 b:vmk0 c:vmk0");
  CHECK(says(found[0], "a and b on 10.0.1.0/24; c on 10.0.2.0/24"));
  CHECK(Hosts({member("a", "10.0.0.5/24", "10.0.1.5/24"), member("b", "10.0.0.6/24", "10.0.1.6/24")}).judge().empty());
  CHECK(Hosts({member("a", "10.0.0.5/24", "10.0.1.5/24"), member("b", "10.0.0.6/24", "10.0.1.6/25")})
            .of("vmotion-peers-apart")
            .size() == 1);
}

TEST_CASE("vmotion-peers-apart leaves other clusters, hosts without one, and hosts without vMotion out") {
  const auto host = [](std::string name, std::string_view vmotion, std::string cluster) {
    auto builder = member(std::move(name), "10.0.0.5/24", vmotion);
    return builder.cluster(std::move(cluster)).with([](Scene& s) { s.host.before.interfaces[0].enabled = false; });
  };
  CHECK(Hosts({host("a", "10.0.1.5/24", "A"), host("b", "10.0.2.5/24", "B")}).judge().empty());
  CHECK(Hosts({host("a", "10.0.1.5/24", ""), host("b", "10.0.2.5/24", "")}).judge().empty());
  CHECK(Hosts({host("a", "10.0.1.5/24", "A"), host("b", "10.0.2.5/24", "A").disabled()}).judge().empty());
  CHECK(Hosts({host("a", "10.0.1.5/24", "A"), host("b", "", "A")}).judge().empty());
}

TEST_CASE("ha-networks-differ compares the sets of management networks") {
  const auto host = [](std::string name, std::string_view console) {
    return esx(std::move(name)).console("vswif0", console).cluster("A");
  };
  CHECK(Hosts({host("a", "10.0.0.5/24"), host("b", "10.0.0.6/24")}).judge().empty());
  const auto found = Hosts({host("a", "10.0.0.5/16"), host("b", "10.0.0.6/24")}).of("ha-networks-differ");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(found[0].scope == "A");
  CHECK(addresses(found[0]) == "10.0.0.0/16 10.0.0.0/24");
  CHECK(names(found[0]) == "a:vswif0 b:vswif0");
  CHECK(Hosts({host("a", "10.0.0.5/24"), host("b", "10.0.0.6/24").console("vswif1", "10.0.1.6/24")})
            .of("ha-networks-differ")
            .size() == 1);
  CHECK(
      Hosts({host("a", "10.0.0.5/24"), host("b", "10.0.0.6/24").console("vswif1", "169.254.1.6/16")}).judge().empty());
  CHECK(Hosts({host("a", "10.0.0.5/24"), host("b", "10.0.0.6/24").console("vswif1", "10.0.1.6/24").disabled()})
            .judge()
            .empty());
  CHECK(Hosts({host("a", "10.0.0.5/24"), host("b", "10.0.0.6/24").vmkernel("vmk0", "10.0.1.6/24")}).judge().empty());
}

TEST_CASE("mtu-mismatch between the peers of a segment") {
  const auto host = [](std::string name, std::string_view vmotion) {
    return member(std::move(name), "10.0.0.5/24", vmotion).vswitch_named("vSwitch0", 9000);
  };
  const auto mismatch = [](std::vector<HostBuilder> builders) { return Hosts(builders).of("mtu-mismatch"); };
  CHECK(mismatch({host("a", "10.0.1.5/24"), host("b", "10.0.1.6/24").mtu(1500)}).empty());
  const auto found = mismatch({host("a", "10.0.1.5/24"), host("b", "10.0.1.6/24").mtu(9000)});
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(found[0].scope == "A");
  CHECK(names(found[0]) == "a:vmk0 b:vmk0");
  CHECK(says(found[0], "b vmk1 (was vmk0) with MTU 9000"));
  CHECK(mismatch({host("a", "10.0.1.5/24"), host("b", "10.0.2.6/24").mtu(9000)}).empty());
  CHECK(mismatch({host("a", "10.0.1.5/24"), host("b", "10.0.1.6/24").mtu(9000).disabled()}).empty());
  CHECK(mismatch({host("a", "10.0.1.5/24"), host("b", "10.0.1.6/24").mtu(9000).cluster("B")}).empty());
}

// --- severities and waivers ---

namespace {

HostBuilder shared_subnet() {
  return esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.9.1").vmkernel("vmk0", "10.0.0.9/24").cluster("A");
}

model::Waiver waiver(std::string rule) {
  model::Waiver w;
  w.rule = std::move(rule);
  w.reason = "accepted";
  w.owner = "Networks";
  w.expires = model::Date{2026, 3, 1};
  w.at = at("policy.info", 30);
  return w;
}

Scene with_waiver(const std::function<void(model::Waiver&)>& change) {
  auto w = waiver("same-subnet");
  change(w);
  return shared_subnet().with([&](Scene& s) { s.policy.waivers.push_back(w); }).scene();
}

rules::Resolution resolution(const Scene& scene) { return scene.of("same-subnet").at(0).resolution; }

}  // namespace

TEST_CASE("the policy's severity replaces the rule's and its grades', off removes the finding") {
  const auto with = [](std::string slug, std::optional<Severity> severity) {
    return shared_subnet().with([&](Scene& s) { s.policy.severities[slug] = {severity, {}}; }).scene();
  };
  CHECK(with("same-subnet", Severity::Info).of("same-subnet").at(0).severity == Severity::Info);
  CHECK(with("same-subnet", Severity::Info).of("gateway-off-subnet").at(0).severity == Severity::Error);
  CHECK(with("same-subnet", std::nullopt).of("same-subnet").empty());
  Hosts hosts({esx("a").console("vswif0", "10.0.0.5/24"), esx("b").console("vswif0", "10.0.0.5/24")});
  hosts.policy.severities["duplicate-address"] = {Severity::Warning, {}};
  CHECK(hosts.judge().at(0).severity == Severity::Warning);
  hosts.policy.severities["duplicate-address"] = {std::nullopt, {}};
  CHECK(hosts.judge().empty());
  auto graded = esx("a").console("vswif0", "10.0.0.5/24").dhcp().to({5, 5}, Path::Upgrade).with([](Scene& s) {
    s.policy.severities["management-on-dhcp"] = {Severity::Info, {}};
  });
  CHECK(graded.scene().of("management-on-dhcp").at(0).severity == Severity::Info);
}

TEST_CASE("a waiver covers its scope: host, interface, cluster") {
  CHECK(resolution(shared_subnet().scene()) == rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a"; })) == rules::Resolution::Waived);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "A"; })) == rules::Resolution::Waived);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "b"; })) == rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto& w) { w.cluster = "A"; })) == rules::Resolution::Waived);
  CHECK(resolution(with_waiver([](auto& w) { w.cluster = "B"; })) == rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a", w.rule = "overlapping-masks"; })) ==
        rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a", w.interface = "vswif0"; })) == rules::Resolution::Waived);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a", w.interface = "vmk1"; })) == rules::Resolution::Waived);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a", w.interface = "vmk7"; })) == rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a", w.cluster = "B"; })) == rules::Resolution::Open);
}

TEST_CASE("a waiver for a classic interface does not cover what the mapping calls by that name") {
  // vswif0 becomes vmk0, vmk0 becomes vmk1: a waiver for vmk0 means the classic one.
  auto scene = esx("a").console("vswif0", "10.0.0.0/24").vmkernel("vmk0", "10.0.1.5/24").scene();
  REQUIRE(scene.of("mask-invalid").at(0).interfaces.at(0).name == "vmk0");
  auto w = waiver("mask-invalid");
  w.host = "a";
  w.interface = "vmk0";
  scene.policy.waivers = {w};
  CHECK(scene.of("mask-invalid").at(0).resolution == rules::Resolution::Open);
}

TEST_CASE("a void or expired waiver waives nothing, and its last day is a day") {
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a", w.reason.clear(); })) == rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a", w.owner.clear(); })) == rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto& w) { w.host = "a", w.expires.reset(); })) == rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto&) {})) == rules::Resolution::Open);
  CHECK(resolution(with_waiver([](auto& w) {
          w.host = "a", w.expires = model::Date{2026, 2, 28};
        })) == rules::Resolution::Open);
}

TEST_CASE("a waived finding keeps its severity and does not count") {
  const auto scene = with_waiver([](auto& w) { w.host = "a"; });
  const auto found = scene.of("same-subnet").at(0);
  CHECK(found.severity == Severity::Error);
  CHECK(found.why == "accepted (Networks, until 2026-03-01, policy.info:30)");
  CHECK_FALSE(rules::counts(found));
  CHECK(rules::worst({found}) == Severity::Note);
  CHECK(rules::worst(scene.judge()) == Severity::Error);  // the gateway is another matter
  CHECK(rules::worst({}) == Severity::Note);
}

TEST_CASE("waivers of estate findings: a host of a pair, the cluster of a cluster") {
  Hosts hosts({member("a", "10.0.0.5/24", "10.0.1.5/24"), member("b", "10.0.0.5/24", "10.0.2.6/24")});
  const auto open = [&](const std::function<void(model::Waiver&)>& change, std::string rule) {
    auto w = waiver(rule);
    change(w);
    hosts.policy.waivers = {w};
    return hosts.of(rule).at(0).resolution == rules::Resolution::Open;
  };
  CHECK_FALSE(open([](auto& w) { w.host = "a"; }, "duplicate-address"));
  CHECK_FALSE(open([](auto& w) { w.host = "b", w.interface = "vswif0"; }, "duplicate-address"));
  CHECK(open([](auto& w) { w.host = "b", w.interface = "vmk0"; }, "duplicate-address"));
  CHECK_FALSE(open([](auto& w) { w.cluster = "A"; }, "duplicate-address"));
  CHECK(open([](auto& w) { w.cluster = "B"; }, "duplicate-address"));
  CHECK_FALSE(open([](auto& w) { w.cluster = "A"; }, "vmotion-peers-apart"));
  CHECK(open([](auto& w) { w.cluster = "B"; }, "vmotion-peers-apart"));
  CHECK(open([](auto& w) { w.host = "a"; }, "vmotion-peers-apart"));
}

TEST_CASE("waiver_notes names waivers that are void, expired or of no use") {
  model::Policy policy;
  auto used = waiver("same-subnet");
  used.host = "a";
  auto unused = waiver("overlapping-masks");
  unused.host = "a";
  auto expired = used;
  expired.expires = model::Date{2020, 6, 30};
  expired.at = at("policy.info", 40);
  auto no_scope = waiver("same-subnet");
  no_scope.reason.clear();
  policy.waivers = {used, unused, expired, no_scope};
  const auto scene = shared_subnet().with([&](Scene& s) { s.policy.waivers = policy.waivers; }).scene();
  const auto findings = scene.judge();
  const auto notes = rules::waiver_notes(policy, {&findings}, {2026, 3, 1});
  REQUIRE(notes.size() == 3);
  CHECK(notes[0].code == "waiver-unused");
  CHECK(notes[1].code == "waiver-expired");
  CHECK(notes[1].at == at("policy.info", 40));
  CHECK(notes[2].code == "waiver-void");
  CHECK(notes[2].message.find("lacks a reason, a host or a cluster") != std::string::npos);
  for (const auto& note : notes) CHECK(note.severity == Severity::Warning);
}

TEST_CASE("resolutions have names") {
  CHECK(to_string(rules::Resolution::Open) == "open");
  CHECK(to_string(rules::Resolution::Waived) == "waived");
  CHECK(to_string(rules::Resolution::Resolved) == "resolved");
}
