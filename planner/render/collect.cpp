#include "esx2esxi/render/collect.hpp"

#include "esx2esxi/render/template.hpp"

namespace esx2esxi::render {

std::string collect_script() { return expand("templates/collect.sh.mustache", {}, Syntax::Shell); }

}  // namespace esx2esxi::render
