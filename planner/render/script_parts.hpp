// What every script of a host has in common.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/render/template.hpp"

namespace esx2esxi::render {

/// Which host this is: name and uuid, as far as they are known.
Fields who_fields(const plan::HostPlan& host);

/// The fields of templates/shell/head.sh for a migrated host: which host this is, which release, and which words it
/// has. Throws std::logic_error where no scripts are written for the target.
Fields identity_fields(const plan::Plan& plan, const plan::HostPlan& host);

/// A host's name as part of a file's name or a comment: letters, digits and dashes; `_` for all else.
std::string plain_name(std::string_view name);

/// Whether it takes maintenance mode.
bool interrupts_storage(const plan::Step& step);

/// Whether management is interrupted: who came over the network may not come back.
bool cuts_connection(const plan::Step& step);

/// Those steps of a list as `n`, `action` and `interface`, for a header.
Rows cutting_steps(const std::vector<plan::Step>& steps);

/// The options that name each stack beside the default one, as `stack_option`.
Rows stack_rows(const std::vector<std::string>& stacks);

/// The file of the release that the host runs at its start. Not with UEFI Secure Boot, which came with 6.5.
std::string_view start_file(model::Target target);

/// "ADDRESS [-S STACK]": whom to ask whether he answers after this step; empty: nobody.
std::string hop_of(const plan::Step& step);

/// "this host is in its mapped state", and which addresses it has not, because ESXi takes no such mask.
std::string mapped_goal(const model::State& mapped);

/// A host whose mapped state is the planned one, and whose planned state has the second interface.
plan::HostPlan in_transition(const plan::HostPlan& host);

}  // namespace esx2esxi::render
