// Which functions of templates/shell/library.sh a script calls: it holds no other.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "esx2esxi/render/template.hpp"

namespace esx2esxi::render {

class Functions {
 public:
  /// Takes note of the command a line begins with.
  void called_by(std::string_view line);
  void call(std::string_view function);

  /// A flag for each section of the library.
  void put(Fields& fields) const;

 private:
  std::set<std::string, std::less<>> called_;
};

}  // namespace esx2esxi::render
