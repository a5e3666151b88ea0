// Boxes with lines of text, and lines between them. Every length follows from the number of columns a text has in a
// monospaced face, so that no text meets another whatever the names are.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace esx2esxi::render {

/// What a box says by its outline: colour alone would not do.
enum class Mark : std::uint8_t { None, Changed, Added, Dropped, Standby };

struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  int right() const { return x + width; }
  int bottom() const { return y + height; }
  int middle() const { return y + height / 2; }
};

inline constexpr int kLineHeight = 14;
inline constexpr int kPadding = 5;

/// The height of a box that holds so many lines.
constexpr int height_of(std::size_t lines) { return static_cast<int>(lines) * kLineHeight + 2 * kPadding; }

/// How many columns fit into that width.
std::size_t columns_in(int width);

/// `text` with what is invisible spelled out, cut to so many columns with an ellipsis.
std::string fitted(std::string_view text, std::size_t columns);

class Svg {
 public:
  /// Lines that do not fit the box are cut; the first one is bold.
  void box(const Box& box, const std::vector<std::string>& lines, Mark mark = Mark::None);
  void text(int x, int y, std::string_view text, std::size_t columns);
  void connect(int x1, int y1, int x2, int y2);  ///< a straight line
  void arrow(int x1, int y1, int x2, int y2, Mark mark = Mark::None);

  int height() const { return height_; }

  /// What stands between the tags of a picture.
  std::string content() const;
  /// A picture in a page. `label` says to those who cannot see it what it shows.
  std::string picture(int width, std::string_view label) const;

 private:
  std::string body_;
  std::string lines_;
  std::string moves_;  ///< marked lines
  int height_ = 0;
};

/// Pictures one below the other as a file of its own, with its style in it.
std::string svg_file(int width, std::string_view title, const std::vector<std::pair<std::string, Svg>>& panels);

}  // namespace esx2esxi::render
