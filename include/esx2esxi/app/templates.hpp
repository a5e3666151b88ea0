#pragma once

#include <string>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/render/template.hpp"

namespace esx2esxi::app {

/// The dossier's templates, those of `folder` before those compiled in; an empty name: the latter alone. All of them
/// are read and checked. Errors: "template" with file and line, also for a file that no document asks for;
/// "unreadable".
Result<render::TemplateSource> read_templates(const std::string& folder);

/// A fault of a template, told by the file's name in `folder` if it is there.
Diagnostic in_folder(Diagnostic fault, const std::string& folder);

}  // namespace esx2esxi::app
