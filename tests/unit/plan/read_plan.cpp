// plan.json there and back.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "hosts.hpp"

#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/plan/read.hpp"
#include "esx2esxi/plan/simulate.hpp"

using namespace test;

TEST_CASE("a state read back from plan.json is the one that was written") {
  Host host;
  host.portgroup("iSCSI-1", 50, model::Teaming{{"vmnic2"}, {"vmnic3"}})
      .vmk({"vmk0", "10.72.10.21/24", "Management Network", kManagement})
      .vmk({.name = "vmk1",
            .address = "10.72.50.21/24",
            .portgroup = "iSCSI-1",
            .services = kIscsi,
            .bound_to = "vmhba33"})
      .vmk({"vmk2", "dhcp", "Kühl \"haus\"", kVMotion})
      .gateway("10.72.10.1")
      .route("10.9.0.0/16", "10.72.10.9")
      .nfs("prod", "10.71.30.20");
  plan::Plan plan;
  plan.target = {6, 7};
  plan.path = model::Path::Upgrade;
  plan::HostPlan planned;
  planned.name = "esx01";
  planned.uuid = "4a1b";
  planned.after = planned.mapped = host;
  planned.after.interfaces[1].gateway_override = ip("10.72.50.1");
  plan.hosts = {planned};
  const auto read = plan::read_plan(FileName("plan.json"), plan::to_json(plan).dump());
  REQUIRE(read);
  CHECK(read->target == model::Target{6, 7});
  CHECK(read->path == model::Path::Upgrade);
  REQUIRE(read->hosts.size() == 1);
  CHECK(read->hosts[0].uuid == "4a1b");
  CHECK(read->hosts[0].after.interfaces[1].gateway_override == ip("10.72.50.1"));
  CHECK(plan::to_json(read->hosts[0].after) == plan::to_json(planned.after));
  CHECK(plan::to_json(read->hosts[0].mapped) == plan::to_json(planned.mapped));
}
