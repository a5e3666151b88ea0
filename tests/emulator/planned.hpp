// A plan folder made from two states, without the rest of the program.
#pragma once

#include <filesystem>
#include <string>

#include "../unit/plan/hosts.hpp"
#include "machine.hpp"

#include "esx2esxi/intake/read.hpp"
#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/plan/read.hpp"
#include "esx2esxi/render/scripts.hpp"
#include "esx2esxi/verify/compare.hpp"

namespace test {

class Planned {
 public:
  Planned(model::State from, model::State to, model::Target target, std::vector<plan::Destination> destinations = {})
      : folder_(new_folder()) {
    plan::HostPlan host;
    host.name = "esx01";
    from.dns.host = to.dns.host = "esx01";
    host.mapped = std::move(from);
    host.after = std::move(to);
    host.destinations = std::move(destinations);
    auto forward = plan::compose(host.mapped, host.after, target, {});
    auto back = plan::compose(host.after, host.mapped, target, {});
    if (!forward.obstacles.empty()) throw std::runtime_error(forward.obstacles.front());
    if (!back.obstacles.empty()) throw std::runtime_error(back.obstacles.front());
    host.steps = std::move(forward.steps);
    host.rollback = std::move(back.steps);
    plan_.target = target;
    plan_.hosts.push_back(std::move(host));
    write_text(folder_ / "plan.json", plan::json_text(plan_));
    write_text(folder_ / "hosts/esx01/remediate.sh", render::remediate_script(plan_, plan_.hosts.front()));
    write_text(folder_ / "hosts/esx01/rollback.sh", render::rollback_script(plan_, plan_.hosts.front()));
    write_text(folder_ / "hosts/esx01/verify.sh", render::verify_script(plan_, plan_.hosts.front()));
    write_text(folder_ / "hosts/esx01/ks.cfg", render::kickstart_script(plan_, plan_.hosts.front()));
  }
  ~Planned() { std::filesystem::remove_all(folder_); }
  Planned(const Planned&) = delete;
  Planned& operator=(const Planned&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  const plan::HostPlan& host() const { return plan_.hosts.front(); }
  std::string script(const std::string& name) const { return read_text(folder_ / "hosts/esx01" / name); }

 private:
  std::filesystem::path folder_;
  plan::Plan plan_;
};

/// A capture against the plan.json of that folder.
inline verify::Report verified(const std::filesystem::path& folder, const std::string& capture) {
  const auto path = folder / "capture.txt";
  write_text(path, capture);
  const auto plan = plan::read_plan(FileName("plan.json"), read_text(folder / "plan.json"));
  if (!plan) throw std::runtime_error(plan.error().message);
  return verify::compare_all(*plan, intake::read_estate({path.string()}, {}));
}

}  // namespace test
