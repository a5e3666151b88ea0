#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/render/quote.hpp"

namespace esx2esxi::render {

namespace {

// 11 px of a monospaced face are 6.6 px a column (0.6 em; DejaVu Sans Mono: 0.602); a bold face is as wide.
constexpr int kColumnTenths = 67;

/// One UTF-8 character at the head of well-formed text.
std::string_view first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return text.substr(0, length);
}

/// A face that stands in for a missing one may be wider: what is not ASCII counts twice.
constexpr std::size_t columns_of(std::string_view character) { return character.size() == 1 ? 1 : 2; }

constexpr std::string_view class_of(Mark mark) {
  switch (mark) {
    case Mark::None: return "k";
    case Mark::Changed: return "c";
    case Mark::Added: return "a";
    case Mark::Dropped: return "d";
    case Mark::Standby: return "s";
  }
  return "k";
}

}  // namespace

std::size_t columns_in(int width) { return static_cast<std::size_t>((width - 2 * kPadding) * 10 / kColumnTenths); }

std::string fitted(std::string_view text, std::size_t columns) {
  const auto shown = quote(valid_utf8(text), Syntax::Terminal);
  std::size_t used = 0;
  std::size_t cut = 0;  // where an ellipsis would still fit
  for (std::size_t at = 0; at < shown.size();) {
    const auto character = first_character(std::string_view(shown).substr(at));
    used += columns_of(character);
    if (used > columns) return shown.substr(0, cut) + "…";
    at += character.size();
    if (used + 2 <= columns) cut = at;
  }
  return shown;
}

void Svg::box(const Box& box, const std::vector<std::string>& lines, Mark mark) {
  height_ = std::max(height_, box.bottom() + 2);
  body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"/>", box.x, box.y, box.width,
                       box.height, class_of(mark));
  if (mark != Mark::None && mark != Mark::Standby) {  // a shape in the corner, for those who see no outline
    const int x = box.right() - 9;
    const int y = box.y + 9;
    body_ += mark == Mark::Dropped ? fmt::format("<path d=\"M{} {}l8 8m0-8l-8 8\" class=\"x\"/>", x - 4, y - 4)
                                   : fmt::format("<path d=\"M{} {}l5 5-5 5-5-5z\" class=\"m\"/>", x, y - 5);
  }
  int y = box.y + kPadding + 10;
  for (const auto& line : lines) {
    if (y > box.bottom() - kPadding + 1) break;
    const bool first = &line == &lines.front();
    const auto columns = columns_in(box.width) - (first && mark != Mark::None ? 2 : 0);
    body_ += fmt::format("<text x=\"{}\" y=\"{}\"{}>{}</text>", box.x + kPadding, y, first ? " class=\"b\"" : "",
                         quote(fitted(line, columns), Syntax::Html));
    y += kLineHeight;
  }
}

void Svg::text(int x, int y, std::string_view text, std::size_t columns) {
  height_ = std::max(height_, y + 4);
  body_ +=
      fmt::format("<text x=\"{}\" y=\"{}\" class=\"h\">{}</text>", x, y, quote(fitted(text, columns), Syntax::Html));
}

void Svg::connect(int x1, int y1, int x2, int y2) { lines_ += fmt::format("M{} {}L{} {}", x1, y1, x2, y2); }

void Svg::arrow(int x1, int y1, int x2, int y2, Mark mark) {
  auto& lines = mark == Mark::None ? lines_ : moves_;
  lines += fmt::format("M{} {}L{} {}m-8 -4l8 4l-8 4", x1, y1, x2, y2);
}

std::string Svg::content() const {
  const auto path = [](std::string_view name, const std::string& lines) {
    return lines.empty() ? std::string() : fmt::format("<path class=\"{}\" d=\"{}\"/>", name, lines);
  };
  return path("l", lines_) + path("v", moves_) + body_;
}

std::string Svg::picture(int width, std::string_view label) const {
  return fmt::format(
             "<svg class=\"net\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
             "aria-label=\"{2}\">",
             width, height_ + 1, quote(valid_utf8(label), Syntax::Html)) +
         content() + "</svg>";
}

std::string svg_file(int width, std::string_view title, const std::vector<std::pair<std::string, Svg>>& panels) {
  constexpr int kTitle = 26;
  int y = 0;
  std::string body;
  for (const auto& [name, panel] : panels) {
    Svg head;
    head.text(0, y + 16, name, columns_in(width));
    body += head.content() + fmt::format("<g transform=\"translate(0 {})\">", y + kTitle) + panel.content() + "</g>";
    y += kTitle + panel.height() + kTitle / 2;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
      "class=\"net\" width=\"{0}\" height=\"{1}\" viewBox=\"-8 0 {0} {1}\" role=\"img\">\n"
      "<title>{2}</title>\n<style>{3}</style>\n{4}</svg>\n",
      width + 16, y, quote(valid_utf8(title), Syntax::Html), data_file("templates/dossier/diagram.css.mustache"), body);
}

}  // namespace esx2esxi::render
