// Facts of a file that another file writes. Private to the stage.
#pragma once

#include "esx2esxi/intake/facts.hpp"
#include "script.hpp"

namespace esx2esxi::intake {

/// The facts of a text that was put together from `lines`, with their places in `file`.
Facts moved(Facts facts, const FileName& file, const ScriptLines& lines);

/// What `later` says replaces what `facts` said before.
void overlay(Facts& facts, Facts later);

}  // namespace esx2esxi::intake
