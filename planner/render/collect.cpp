#include "esx2esxi/render/collect.hpp"

#include <stdexcept>

#include "esx2esxi/core/data.hpp"

namespace esx2esxi::render {

std::string collect_script() {
  const auto text = data_file("templates/collect.sh");
  if (text.data() == nullptr) throw std::logic_error("templates/collect.sh is not in the program");
  return std::string(text);
}

}  // namespace esx2esxi::render
