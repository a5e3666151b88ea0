// %firstboot of ks.cfg. ESXi 4.1 has other words (command reference, section 21), and some it has not: those are left
// to a person. The same goes for services before 5.1.
#include "first_boot.hpp"

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/old_words.hpp"
#include "esx2esxi/render/commands.hpp"
#include "shell_commands.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

FirstBoot::FirstBoot(const model::State& planned, model::Target release)
    : state(planned),
      vmk0(*first_interface(planned)),
      target(release),
      old(!plan::versions().has("esxcli-network", release)) {}

void FirstBoot::step(plan::Action action, std::string_view interface, Arguments arguments) {
  plan::Step one;
  one.action = action;
  one.interface = interface;
  one.arguments = std::move(arguments);
  const auto commands = typed_commands(one, target);
  for (const auto& line : commands) lines.push_back("do_it " + line);
  if (commands.empty()) by_hand(title_of(one));
}

void FirstBoot::esxcli(std::string_view command, const Arguments& options) {
  lines.push_back("do_it " + esxcli_line(command, options));
}

void FirstBoot::words(const Words& all) {
  Words quoted;
  bool plain = true;
  for (const auto& word : all) {
    quoted.push_back(shell_word(word));
    plain = plain && (plan::is_plain_operand(word) || (word.size() == 2 && word.front() == '-'));
  }
  if (plain)
    lines.push_back("do_it " + shell_line(quoted));
  else
    by_hand(join(all, " "));
}

void FirstBoot::by_hand(std::string_view what) { lines.push_back("by_hand " + shell_word(what)); }

void FirstBoot::append(std::string_view indent, std::string_view format, std::string_view value,
                       std::string_view file) {
  lines.push_back(fmt::format("{}printf '{}\\n' {} >>{}", indent, format, shell_word(value), file));
}

std::vector<std::string> first_boot(const model::State& state, model::Target target, std::string_view folder) {
  FirstBoot out(state, target);
  first_boot_network(out, folder);
  first_boot_services(out);
  return std::move(out.lines);
}

}  // namespace esx2esxi::render
