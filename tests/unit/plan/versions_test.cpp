#include "esx2esxi/plan/versions.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

#include "esx2esxi/model/host.hpp"

using namespace esx2esxi;
using plan::versions;

TEST_CASE("scripts are written for 4.1 to 8.0, and each release has its own banner") {
  CHECK(!versions().release({4, 0}));
  for (const auto target : {model::Target{4, 1}, {5, 0}, {5, 1}, {5, 5}, {6, 0}, {6, 5}, {6, 7}, {7, 0}, {8, 0}}) {
    const auto* release = versions().release(target);
    REQUIRE(release);
    CHECK(release->banner == "VMware ESXi " + to_string(target) + ".");
  }
}

TEST_CASE("the facts agree with the model's own idea of the releases") {
  for (const auto& release : versions().releases) {
    const auto target = release.target;
    CHECK(versions().has("netstacks", target) == target.has_netstacks());
    CHECK(versions().has("gateway-override", target) == target.has_gateway_override());
    CHECK(versions().has_stack(model::kVmotionStack, target) == target.has_vmotion_stack());
    CHECK(versions().has_stack("own", target) == target.has_netstacks());
    CHECK(versions().has_stack(model::kDefaultStack, target));
  }
}

TEST_CASE("services that the vSphere API can choose have a tag, the others have none") {
  CHECK(versions().tag_of(model::Service::Management)->name == "Management");
  CHECK(versions().tag_of(model::Service::VMotion)->name == "VMotion");
  CHECK(!versions().tag_of(model::Service::Iscsi));
  CHECK(!versions().tag_of(model::Service::Nfs));
  CHECK(versions().service_of_stack("vmotion") == model::Service::VMotion);
  CHECK(!versions().service_of_stack("defaultTcpipStack"));
}

TEST_CASE("a fault in the data is said with its line") {
  const auto fault = [](const char* text) {
    try {
      plan::read_versions("v.info", text);
    } catch (const std::logic_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(fault("release 8.0 { banner x }\nfeature tags { trust seen }") ==
        "v.info:2: error: feature: needs a name and `since`");
  CHECK(fault("tag X { since 5.1 trust maybe }").find("not seen, inferred or assumed") != std::string::npos);
  CHECK(fault("tag X { since 51 }").find("not a release") != std::string::npos);
  CHECK(fault("tag X { since 5.1 service nothing }").find("no such service") != std::string::npos);
  CHECK(fault("thing X\n").find("an unknown key") != std::string::npos);
}
