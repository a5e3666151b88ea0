// Shell prompts of ESX and ESXi, as pasted sessions show them. Private to the stage.
#pragma once

#include <optional>
#include <string_view>

namespace esx2esxi::intake {

struct Prompt {
  std::string_view host;     ///< empty where the prompt does not say
  std::string_view command;  ///< what was typed; may be empty
};

/// "[root@esx01 ~]# esxcfg-vswif -l", "[root@esxi:~] esxcli ...", "root@esx:~# ...", "~ # ...", "/tmp # ...".
/// A bare "# word" is none: it looks like any comment.
std::optional<Prompt> find_prompt(std::string_view line);

}  // namespace esx2esxi::intake
