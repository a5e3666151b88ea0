#include "shell_words.hpp"

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/render/quote.hpp"

namespace esx2esxi::render {

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:,=";
  const bool plain = !text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos;
  return plain ? std::string(text) : quote(text, Syntax::Shell);
}

std::string shell_option(std::string_view name, std::string_view value) {
  return shell_word("--" + std::string(name) + "=" + std::string(value));
}

std::string shell_line(const std::vector<std::string>& words) { return join(words, " "); }

}  // namespace esx2esxi::render
