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

/// A prompt that somebody set up: "esx01:~ # ", "esx01# ", "-bash-3.00# ", "10:15 [root@esx01 ~]# ". Text can look like
/// that, so it counts only where a session shows it before a command that is known.
struct LoosePrompt {
  std::string_view stem;  ///< what stays of it in every folder: "esx01", "-bash-3.00"
  Prompt prompt;
};
std::optional<LoosePrompt> find_loose_prompt(std::string_view line);

}  // namespace esx2esxi::intake
