#pragma once

#include <map>
#include <string>

#include "esx2esxi/render/documents.hpp"

namespace esx2esxi::test {

/// Path inside the plan folder -> content.
inline std::map<std::string, std::string> texts_of(const plan::Plan& plan, const render::DossierOptions& options = {}) {
  std::map<std::string, std::string> out;
  for (const auto& document : render::plan_documents(plan, options))
    document.write([&](std::string_view piece) { out[document.path] += piece; });
  return out;
}

}  // namespace esx2esxi::test
