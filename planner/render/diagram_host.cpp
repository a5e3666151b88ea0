// A row an interface; a stack and a switch span the rows that use them.
#include <fmt/format.h>

#include <algorithm>

#include "changes.hpp"
#include "diagram.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kRoutesShown = 4;
constexpr int kTop = 22;  // below the column heads
constexpr int kGap = 10;

struct Column {
  int x;
  int width;
  constexpr int right() const { return x + width; }
};
constexpr Column kStack{1, 200};
constexpr Column kInterface{227, 232};
constexpr Column kGroup{485, 190};
constexpr Column kSwitch{701, 112};
constexpr Column kUplink{833, 110};
static_assert(kUplink.right() < kHostWidth);

struct Row {
  const model::Interface* interface;
  InterfaceChange change;
  std::vector<std::string> lines;
  std::vector<std::string> group;
  Mark mark = Mark::None;
  Mark group_mark = Mark::None;
};

Mark mark_of(const InterfaceChange& change, When when) {
  if (change.dropped()) return Mark::Dropped;
  if (when == When::Before) return Mark::None;
  if (change.added()) return Mark::Added;
  return differences(change).empty() ? Mark::None : Mark::Changed;
}

std::vector<std::string> interface_lines(const InterfaceChange& change, const model::Interface& i, When when,
                                         Mark mark) {
  std::vector<std::string> lines{i.name};
  if (when == When::After && !change.classic_name().empty() && change.classic_name() != i.name)
    lines[0] += " (was " + change.classic_name() + ")";
  lines.push_back(address_text(i));
  const auto services = services_text(i);
  lines.push_back(services.empty() ? "no service" : services);
  if (!i.enabled) lines.emplace_back("disabled");
  if (i.gateway_override) lines.push_back("own gateway " + to_string(*i.gateway_override));
  if (mark == Mark::Dropped) lines.emplace_back("DROPPED by the plan");
  if (mark == Mark::Added) lines.emplace_back("NEW");
  if (mark != Mark::Changed) return lines;
  lines.emplace_back("CHANGED, was:");
  const auto& old = *change.mapped;
  const auto add = [&](bool differs, std::string text) {
    if (differs) lines.push_back("  " + std::move(text));
  };
  add(old.address != i.address || old.netmask != i.netmask, address_text(old));
  add(old.vlan != i.vlan, "VLAN " + vlan_text(old.vlan));
  add(old.stack != i.stack, "stack " + old.stack);
  add(old.services != i.services, services_text(old));
  add(old.bound_to != i.bound_to, old.bound_to.empty() ? "not bound" : "bound to " + old.bound_to);
  add(old.enabled != i.enabled, old.enabled ? "enabled" : "disabled");
  return lines;
}

std::vector<std::string> group_lines(const model::State& state, const InterfaceChange& change,
                                     const model::Interface& i, Mark mark) {
  std::vector<std::string> lines{i.dvport.empty() ? i.portgroup : "dvPort " + i.dvport};
  if (lines[0].empty()) lines[0] = "port group not known";
  const auto vlan = vlan_text(i.vlan);
  lines.push_back(vlan == "?" ? "VLAN not known" : vlan == "untagged" ? vlan : "VLAN " + vlan);
  const auto* vswitch = state.switch_named(i.vswitch);
  if (vswitch && i.uplinks != vswitch->teaming) {
    lines.push_back("active " + (i.uplinks.active.empty() ? std::string("none") : join(i.uplinks.active, ", ")));
    if (!i.uplinks.standby.empty()) lines.push_back("standby " + join(i.uplinks.standby, ", "));
  }
  if (mark == Mark::Changed) {
    lines.emplace_back("CHANGED, was:");
    if (change.mapped->vlan != i.vlan) lines.push_back("  VLAN " + vlan_text(change.mapped->vlan));
    if (change.mapped->portgroup != i.portgroup) lines.push_back("  " + change.mapped->portgroup);
    if (change.mapped->uplinks != i.uplinks) lines.push_back("  active " + join(change.mapped->uplinks.active, ", "));
  }
  return lines;
}

Mark group_mark(const InterfaceChange& change, const model::Interface& i, When when) {
  if (when == When::Before || !change.mapped) return Mark::None;
  const auto& old = *change.mapped;
  const bool same = old.vlan == i.vlan && old.portgroup == i.portgroup && old.uplinks == i.uplinks;
  return same ? Mark::None : Mark::Changed;
}

std::size_t rank(const std::vector<model::Stack>& stacks, const std::string& name) {
  const auto it = std::find_if(stacks.begin(), stacks.end(), [&](const auto& s) { return s.name == name; });
  return static_cast<std::size_t>(it - stacks.begin());
}

std::vector<Row> rows_of(const plan::HostPlan& host, const model::State& state, When when) {
  std::vector<Row> rows;
  for (const auto& change : interface_changes(host)) {
    const auto* i = when == When::Before ? change.before : change.after;
    if (!i) continue;
    Row row{i, change, {}, {}, mark_of(change, when), group_mark(change, *i, when)};
    row.lines = interface_lines(change, *i, when, row.mark);
    row.group = group_lines(state, change, *i, row.group_mark);
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    const auto ra = rank(state.stacks, a.interface->stack);
    const auto rb = rank(state.stacks, b.interface->stack);
    if (ra != rb) return ra < rb;
    if (a.interface->stack != b.interface->stack) return a.interface->stack < b.interface->stack;
    return natural_less(a.interface->vswitch, b.interface->vswitch);
  });
  return rows;
}

class Picture {
 public:
  Picture(const plan::HostPlan& host, When when)
      : host_(host), when_(when), state_(when == When::Before ? host.before : host.after) {}

  Svg draw() {
    const auto rows = rows_of(host_, state_, when_);
    for (const auto& [column, head] : std::vector<std::pair<Column, std::string_view>>{{kStack, "TCP/IP stack"},
                                                                                       {kInterface, "Interface"},
                                                                                       {kGroup, "Port group"},
                                                                                       {kSwitch, "Switch"},
                                                                                       {kUplink, "Uplinks"}})
      svg_.text(column.x, 13, head, columns_in(column.width));
    for (std::size_t first = 0; first < rows.size();) first = draw_stack(rows, first);
    draw_switches();
    draw_rest();
    return std::move(svg_);
  }

 private:
  struct Wire {
    std::string vswitch;
    int y;
  };

  /// The rows of one stack; returns where the next stack begins.
  std::size_t draw_stack(const std::vector<Row>& rows, std::size_t first) {
    const auto& name = rows[first].interface->stack;
    const int top = y_;
    std::vector<int> middles;
    std::size_t at = first;
    for (; at < rows.size() && rows[at].interface->stack == name; ++at) middles.push_back(draw_row(rows[at]));
    const auto lines = stack_lines(name);
    const int height = std::max(y_ - kGap - top, height_of(lines.size()));
    svg_.box({kStack.x, top, kStack.width, height}, lines, stack_mark(name));
    for (const int y : middles) svg_.connect(kStack.right(), y, kInterface.x, y);
    y_ = top + height + kGap;
    return at;
  }

  int draw_row(const Row& row) {
    const int height = height_of(std::max(row.lines.size(), row.group.size()));
    const Box interface { kInterface.x, y_, kInterface.width, height };
    svg_.box(interface, row.lines, row.mark);
    svg_.box({kGroup.x, y_, kGroup.width, height}, row.group, row.group_mark);
    const int y = interface.middle();
    svg_.connect(kInterface.right(), y, kGroup.x, y);
    wires_.push_back({row.interface->vswitch, y});
    y_ += height + kGap;
    return y;
  }

  Mark stack_mark(const std::string& name) const {
    if (when_ == When::Before) return Mark::None;
    const auto* was = host_.mapped.stack(name);
    const auto* is = state_.stack(name);
    if (!was) return is ? Mark::Added : Mark::None;
    return is && *was == *is ? Mark::None : Mark::Changed;
  }

  std::vector<std::string> stack_lines(const std::string& name) const {
    std::vector<std::string> lines{name};
    const auto* stack = state_.stack(name);
    lines.emplace_back(stack && stack->gateway ? "gateway " + to_string(*stack->gateway) : "no default gateway");
    const auto* was = host_.mapped.stack(name);
    const auto mark = stack_mark(name);
    if (mark == Mark::Changed && was && stack && was->gateway != stack->gateway)
      lines.push_back(was->gateway ? "  CHANGED, was " + to_string(*was->gateway) : "  NEW");
    if (!stack) return lines;
    for (const auto& route : stack->routes) {
      if (&route == &stack->routes[0] + kRoutesShown) break;
      const bool added =
          mark != Mark::None && (!was || std::find(was->routes.begin(), was->routes.end(), route) == was->routes.end());
      lines.push_back(fmt::format("route {}{}", route.network, added ? " NEW" : ""));
      lines.push_back(fmt::format("  by {}", route.next_hop));
    }
    if (stack->routes.size() > kRoutesShown)
      lines.push_back(fmt::format("and {} more routes", stack->routes.size() - kRoutesShown));
    return lines;
  }

  void draw_switches() {
    int y = kTop;
    for (const auto& wire : wires_) {
      if (wire.vswitch.empty() || std::find(drawn_.begin(), drawn_.end(), wire.vswitch) != drawn_.end()) continue;
      drawn_.push_back(wire.vswitch);
      y = draw_switch(wire.vswitch, std::max(y, wire.y - kLineHeight)) + kGap;
    }
  }

  int draw_switch(const std::string& name, int top) {
    const auto* vswitch = state_.switch_named(name);
    const auto uplinks = vswitch ? vswitch->uplinks : std::vector<std::string>();
    std::vector<std::string> lines{name};
    if (vswitch && vswitch->distributed) lines.emplace_back("distributed");
    if (vswitch && vswitch->mtu && *vswitch->mtu != 1500) lines.push_back(fmt::format("MTU {}", *vswitch->mtu));
    const auto others = others_of(vswitch);
    if (others > 0) lines.push_back(fmt::format("+{} for machines", others));
    constexpr int kEach = kLineHeight + kPadding + 9;
    int height = std::max(height_of(lines.size()), static_cast<int>(uplinks.size()) * kEach - 4);
    for (const auto& wire : wires_)
      if (wire.vswitch == name) height = std::max(height, wire.y + kLineHeight - top);
    const Box box{kSwitch.x, top, kSwitch.width, height};
    svg_.box(box, lines);
    for (const auto& wire : wires_)
      if (wire.vswitch == name)
        svg_.connect(kGroup.right(), wire.y, kSwitch.x, std::clamp(wire.y, top + 4, top + height - 4));
    int y = top;
    for (const auto& uplink : uplinks) {
      draw_uplink(*vswitch, uplink, y);
      y += kEach;
    }
    return box.bottom();
  }

  void draw_uplink(const model::Switch& vswitch, const std::string& uplink, int y) {
    const auto in = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), uplink) != list.end();
    };
    const bool active = in(vswitch.teaming.active);
    const Box box{kUplink.x, y, kUplink.width, kLineHeight + 2 * kPadding};
    const auto role = active ? "" : in(vswitch.teaming.standby) ? " standby" : " unused";
    svg_.box(box, {uplink + role}, active ? Mark::None : Mark::Standby);
    svg_.connect(kSwitch.right(), box.middle(), kUplink.x, box.middle());
  }

  /// Port groups that no kernel interface uses.
  std::size_t others_of(const model::Switch* vswitch) const {
    if (!vswitch) return 0;
    return static_cast<std::size_t>(
        std::count_if(vswitch->portgroups.begin(), vswitch->portgroups.end(), [&](const model::Portgroup& group) {
          return std::none_of(state_.interfaces.begin(), state_.interfaces.end(),
                              [&](const auto& i) { return i.portgroup == group.name; });
        }));
  }

  void draw_rest() {
    std::vector<std::string> rest;
    for (const auto& vswitch : state_.switches)
      if (std::find(drawn_.begin(), drawn_.end(), vswitch.name) == drawn_.end()) rest.push_back(vswitch.name);
    if (rest.empty()) return;
    svg_.text(kStack.x, std::max(svg_.height(), kTop) + 16, "For machines only: " + join(rest, ", "),
              columns_in(kHostWidth));
  }

  const plan::HostPlan& host_;
  When when_;
  const model::State& state_;
  Svg svg_;
  int y_ = kTop;
  std::vector<Wire> wires_;
  std::vector<std::string> drawn_;
};

}  // namespace

Svg host_diagram(const plan::HostPlan& host, When when) { return Picture(host, when).draw(); }

std::string host_label(const plan::HostPlan& host, When when) {
  const auto& state = when == When::Before ? host.before : host.after;
  std::vector<std::string> parts;
  for (const auto& i : state.interfaces)
    parts.push_back(fmt::format("{} {} on {}", i.name, address_text(i), i.stack.empty() ? "no stack" : i.stack));
  return fmt::format("{} {}: {}", host.name, when == When::Before ? "on ESX" : "as planned on ESXi", join(parts, ", "));
}

}  // namespace esx2esxi::render
