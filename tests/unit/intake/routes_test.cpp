// esxcfg-route, the console's route and ip route, and the files of static routes.
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

struct Dialect {
  std::string name;
  std::string listing;
  Texts gateways;
  Texts routes;
};

}  // namespace

TEST_CASE("esxcfg-route is read in every dialect") {
  const auto [name, listing, gateways, routes] = GENERATE(values<Dialect>({
      {"the sentence", "VMkernel default gateway is 10.30.64.1\n", {"vmkernel 10.30.64.1 -"}, {}},
      {"the sentence, unset", "VMkernel default gateway is not set\n", {}, {}},
      {"4.x",
       "VMkernel Routes:\nNetwork          Netmask          Gateway          Interface\n"
       "10.71.10.0       255.255.255.0    Local Subnet     vmk0\n10.71.40.0       255.255.255.0    10.71.30.253     "
       "vmk1\n"
       "default          0.0.0.0          10.71.30.254     vmk1\n",
       {"vmkernel 10.71.30.254 vmk1"},
       {"vmkernel 10.71.40.0/24 via 10.71.30.253 vmk1"}},
      {"3.x, no Interface column, the older title",
       "VM Kernel Routes:\nNetwork          Netmask          Gateway          \n10.74.20.0       255.255.255.0    "
       "Local Subnet     \n"
       "10.80.0.0 255.255.0.0 10.74.20.9\ndefault 0.0.0.0 10.74.20.1\n",
       {"vmkernel 10.74.20.1 -"},
       {"vmkernel 10.80.0.0/16 via 10.74.20.9 -"}},
      {"a header as one copy has it",
       "Network Network Gateway\n10.0.0.0 255.0.0.0 Local Subnet\n0.0.0.0 0.0.0.0 10.0.0.1\n",
       {"vmkernel 10.0.0.1 -"},
       {}},
      {"connected rows with a damaged mask say nothing",
       "VMkernel Routes:\n10.71.33.0 255.255.225.0 Local Subnet vmk2\n",
       {},
       {}},
      {"no gateway", "VMkernel Routes:\ndefault 0.0.0.0 0.0.0.0\n", {}, {}},
  }));
  INFO(name);
  const auto facts = read(read_esxcfg_route, listing);
  CHECK(texts(facts.gateways) == gateways);
  CHECK(texts(facts.routes) == routes);
  CHECK(warnings(facts) == Texts{});
  CHECK(facts.lists_routes == !listing.starts_with("VMkernel default"));
}

TEST_CASE("damaged rows of esxcfg-route -l are refused") {
  const auto [row, place] = GENERATE(values<std::pair<std::string, std::string>>({
      {"10.71.4O.0 255.255.255.0 10.71.30.253 vmk1", "value-damaged 2:1"},
      {"10.71.40.0 255.255.225.0 10.71.30.253 vmk1", "value-damaged 2:12"},
      {"10.71.40.5 255.255.255.0 10.71.30.253 vmk1", "value-damaged 2:1"},
      {"10.71.40.0 10.71.30.253", "row-damaged 2:1"},
      {"10.71.40.0 255.255.255.0 Lokales Subnetz vmk1", "row-damaged 2:1"},
      {"default 10.71.30.254 vmk1", "row-damaged 2:1"},
      {"default 0.0.0.0 10.71.x.254 vmk1", "value-damaged 2:17"},
      {"10.71.40.0 255.255.255.0 10.71.30.253 vmkl", "row-damaged 2:1"},
  }));
  INFO(row);
  const auto facts = read(read_esxcfg_route, "VMkernel Routes:\n" + row + "\n");
  CHECK(texts(facts.gateways) == Texts{});
  CHECK(texts(facts.routes) == Texts{});
  CHECK(warnings(facts) == Texts{place});
}

TEST_CASE("the console's routing table is read in every form") {
  const std::string header =
      "Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n";
  const auto [name, listing, gateways, routes] = GENERATE_COPY(values<Dialect>({
      {"route -n",
       header + "10.20.0.0       0.0.0.0         255.255.255.0   U     0      0        0 vswif0\n"
                "10.80.0.0       10.20.0.9       255.255.0.0     UG    0      0        0 vswif0\n"
                "10.81.0.7       10.20.0.9       255.255.255.255 UGH   0      0        0 vswif0\n"
                "169.254.0.0     0.0.0.0         255.255.0.0     U     0      0        0 vswif0\n"
                "0.0.0.0         10.20.0.1       0.0.0.0         UG    0      0        0 vswif0\n",
       {"console 10.20.0.1 vswif0"},
       {"console 10.80.0.0/16 via 10.20.0.9 vswif0", "console 10.81.0.7/32 via 10.20.0.9 vswif0"}},
      {"route: stars and the word default",
       header + "10.72.0.0       *               255.255.0.0     U     0      0        0 vswif0\ndefault         "
                "10.72.0.1       0.0.0.0         UG    0      0        0 vswif0\n",
       {"console 10.72.0.1 vswif0"},
       {}},
      {"netstat -rn",
       "Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n"
       "10.20.0.0       0.0.0.0         255.255.255.0   U         0 0          0 vswif0\n0.0.0.0         10.20.0.1     "
       "  0.0.0.0         UG        0 0          0 vswif0\n",
       {"console 10.20.0.1 vswif0"},
       {}},
      {"without its header",
       "0.0.0.0         10.20.0.1       0.0.0.0         UG    0      0        0 vswif0\n",
       {"console 10.20.0.1 vswif0"},
       {}},
      {"ip route",
       "10.20.0.0/24 dev vswif0  proto kernel  scope link  src 10.20.0.130\n169.254.0.0/16 dev vswif0  scope link\n"
       "10.80.0.0/16 via 10.20.0.9 dev vswif0\n10.81.0.7 via 10.20.0.9 dev vswif0\ndefault via 10.20.0.1 dev vswif0\n",
       {"console 10.20.0.1 vswif0"},
       {"console 10.80.0.0/16 via 10.20.0.9 vswif0", "console 10.81.0.7/32 via 10.20.0.9 vswif0"}},
      {"a redirect",
       header + "10.81.0.7       10.20.0.9       255.255.255.255 UGHD  0      0        0 vswif0\n",
       {},
       {}},
      {"names, cut at fifteen characters",
       header + "archive-net     10.20.0.9       255.255.0.0     UG    0      0        0 vswif0\n10.82.0.0 "
                "b-gw.harbor.exa 255.255.0.0 UG 0 0 0 vswif0\n"
                "default         b-gw.harbor.exa 0.0.0.0         UG    0      0        0 vswif0\n",
       {},
       {}},
  }));
  INFO(name);
  const auto facts = read(read_route, listing);
  CHECK(texts(facts.gateways) == gateways);
  CHECK(texts(facts.routes) == routes);
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE("what the console's table drops, it drops with a line") {
  const auto facts = read_sample(read_route, "crane04/tmp/route.12348.txt");
  CHECK(texts(facts.gateways) == Texts{});
  CHECK(has_note(facts, "route-dropped"));
  CHECK(has_note(facts, "route-by-name"));
  CHECK(has_note(read(read_route, "10.81.0.7 10.20.0.9 255.255.255.255 UGHD 0 0 0 vswif0\n"), "route-dropped"));
}

TEST_CASE("damaged rows of the console's table are refused") {
  CHECK(warnings(read(read_route, "0.0.0.0 1O.20.0.1 0.0.0.0 UG 0 0 0 vswif0\n")) == Texts{"value-damaged 1:9"});
  CHECK(warnings(read(read_route, "10.80.0.0 10.20.0.9 255.255.225.0 UG 0 0 0 vswif0\n")) ==
        Texts{"value-damaged 1:21"});
  CHECK(warnings(
            read(read_route, "Kernel IP routing table\nDestination Gateway Genmask Flags\n10.80.0.0 10.20.0.9 UG\n")) ==
        Texts{"row-damaged 3:1"});
}

TEST_CASE("route-vswifN is read in both of its forms") {
  const auto [name, listing, gateways, routes] = GENERATE(values<Dialect>({
      {"ip", "10.79.0.0/16 via 10.73.1.1\n", {}, {"console 10.79.0.0/16 via 10.73.1.1 vswif0"}},
      {"ip, with all words",
       "# archive\nto 10.79.0.0/16 via 10.73.1.1 dev vswif1 # old\n",
       {},
       {"console 10.79.0.0/16 via 10.73.1.1 vswif1"}},
      {"one host", "10.79.0.7 via 10.73.1.1\n", {}, {"console 10.79.0.7/32 via 10.73.1.1 vswif0"}},
      {"default", "default via 10.73.1.1\n", {"console 10.73.1.1 vswif0"}, {}},
      {"numbered",
       "ADDRESS0=10.79.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.73.1.1\nGATEWAY1='10.73.1.2'\nADDRESS1=\"10.80.1."
       "0\"\nNETMASK1=255.255.255.0\n",
       {},
       {"console 10.79.0.0/16 via 10.73.1.1 vswif0", "console 10.80.1.0/24 via 10.73.1.2 vswif0"}},
  }));
  INFO(name);
  const auto facts = read(read_route_file, listing, "etc/sysconfig/network-scripts/route-vswif0");
  CHECK(texts(facts.gateways) == gateways);
  CHECK(texts(facts.routes) == routes);
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE("a static route that the host could not take is refused") {
  const auto from_file = [](std::string_view text) { return read(read_route_file, text, "route-vswif0"); };
  CHECK(warnings(from_file("10.79.0.5/16 via 10.73.1.1\n")) == Texts{"value-damaged 1:1"});
  CHECK(warnings(from_file("10.79.0.0/16 via 10.73.1.x\n")) == Texts{"value-damaged 1:18"});
  CHECK(warnings(from_file("ADDRESS0=10.79.0.0\nGATEWAY0=10.73.1.1\n")) == Texts{"route-incomplete 1:10"});
  CHECK(warnings(from_file("ADDRESS0=10.79.0.0\nNETMASK0=255.0.255.0\nGATEWAY0=10.73.1.1\n")) ==
        Texts{"value-damaged 1:10"});
  const auto open = from_file("ADDRESS0=10.79.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=$GW\n");
  CHECK(open.routes.empty());
  REQUIRE(open.unresolved.size() == 1);
  CHECK(open.unresolved[0].value == "$GW");
  CHECK(open.unresolved[0].at.line == 3);
}

TEST_CASE("static-routes are read by net and by host") {
  const auto facts =
      read(read_static_routes,
           "# comment\nany net 10.79.0.0 netmask 255.255.0.0 gw 10.73.1.1\nany host 10.80.0.9 gw 10.73.1.2\n"
           "vswif1 net 10.81.0.0/24 gw 10.73.1.3\nany net 0.0.0.0 netmask 0.0.0.0 gw 10.73.1.4\nany net 10.82.0.0 gw "
           "10.73.1.1\n");
  CHECK(texts(facts.routes) == Texts{"console 10.79.0.0/16 via 10.73.1.1 -", "console 10.80.0.9/32 via 10.73.1.2 -",
                                     "console 10.81.0.0/24 via 10.73.1.3 vswif1"});
  CHECK(texts(facts.gateways) == Texts{"console 10.73.1.4 -"});
  CHECK(warnings(facts) == Texts{"route-incomplete 6:9"});
}
