// vmkping: strict options, and an answer where the host's own tables lead to somebody who is there.
//
// The state's `alive` lists who answers besides the host's own addresses; EMULATED_ALIVE adds to it, EMULATED_DEAD
// takes away (commas between).
#include "ping.hpp"

#include <algorithm>
#include <cstdlib>

namespace emulator {

namespace {

constexpr int kHeaders = 28;

struct Asked {
  std::string interface;
  std::string stack = "defaultTcpipStack";
  std::string address;
  int size = 56;
  int count = 3;
  bool whole = false;  ///< do not fragment
};

[[noreturn]] void usage(const std::string& what) {
  throw Refused("vmkping: " + what + "\nusage: vmkping [-d] [-I vmkN] [-S stack] [-c count] [-s size] [-W wait] host");
}

int number(const std::string& text) {
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos)
    usage("invalid number '" + text + "'");
  return std::stoi(text);
}

Asked parse(const std::vector<std::string>& arguments, Release release) {
  Asked asked;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (++i >= arguments.size()) usage("option requires an argument -- " + word);
      return arguments[i];
    };
    if (word == "-d")
      asked.whole = true;
    else if (word == "-4")
      continue;
    else if (word == "-c")
      asked.count = number(value());
    else if (word == "-s")
      asked.size = number(value());
    else if (word == "-W")
      number(value());
    else if (word == "-I" && release >= 501)
      asked.interface = value();
    else if (word == "-S" && release >= 505)
      asked.stack = value();
    else if (word.rfind("++netstack=", 0) == 0 && release >= 505)
      asked.stack = word.substr(11);
    else if (word.rfind("-", 0) == 0 || !asked.address.empty())
      usage("illegal option -- " + word);
    else
      asked.address = word;
  }
  if (!ipv4(asked.address)) usage("cannot resolve '" + asked.address + "'");
  return asked;
}

bool listed(const char* name, const std::string& address) {
  const char* list = std::getenv(name);
  return list && ("," + std::string(list) + ",").find("," + address + ",") != std::string::npos;
}

Json& sender(Host& host, const Asked& asked) {
  auto* out = egress(host, asked.stack, asked.address);
  if (asked.interface.empty()) {
    if (!out) throw Refused("sendto() failed (Network is unreachable)");
    return *out;
  }
  auto& interface = host.existing_interface(asked.interface);
  if (interface.at("stack") != asked.stack || !interface.at("enabled"))
    throw Refused("vmkping: unknown interface '" + asked.interface + "'");
  if (!out) throw Refused("sendto() failed (Host is down)");
  return interface;
}

}  // namespace

Json* egress(Host& host, const std::string& name, const std::string& address) {
  auto& stack = host.existing_stack(name);
  if (auto* direct = host.carrier(name, address)) return direct;
  for (const auto& route : stack.at("routes"))
    if (in_network(*ipv4(address), *ipv4(route.at("network")), *ipv4(route.at("netmask"))))
      return host.carrier(name, route.at("gateway"));
  return stack.at("gateway").is_string() ? host.carrier(name, stack.at("gateway")) : nullptr;
}

bool answers(Host& host, const std::string& address) {
  if (listed("EMULATED_DEAD", address)) return false;
  if (listed("EMULATED_ALIVE", address)) return true;
  for (const auto& i : host.state().at("interfaces"))
    if (i.at("enabled") && i.value("address", "") == address) return true;
  return host.state().contains("alive") && has(host.state().at("alive"), address);
}

std::string ping(Host& host, const std::vector<std::string>& arguments) {
  auto asked = parse(arguments, host.release);
  if (host.kernel() == "vmkernel") asked.stack = host.kernel();  // classic ESX has no other
  const auto& interface = sender(host, asked);
  if (asked.whole && asked.size + kHeaders > interface.at("mtu").get<int>())
    throw Refused("sendto() failed (Message too long)");
  const bool there = answers(host, asked.address);
  const auto count = std::to_string(asked.count);
  std::string out =
      "PING " + asked.address + " (" + asked.address + "): " + std::to_string(asked.size) + " data bytes\n";
  if (there)
    out += std::to_string(asked.size + 8) + " bytes from " + asked.address + ": icmp_seq=0 ttl=64 time=0.3 ms\n";
  out += "\n--- " + asked.address + " ping statistics ---\n" + count + " packets transmitted, ";
  out += there ? count + " packets received, 0% packet loss" : "0 packets received, 100% packet loss";
  if (!there) throw Refused(out);
  return out + "\n";
}

}  // namespace emulator
