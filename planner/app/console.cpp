#include "esx2esxi/app/console.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>

#include <fmt/format.h>
#include <unistd.h>

#include "esx2esxi/render/quote.hpp"

namespace esx2esxi::app {

namespace {

constexpr std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::Plain: return "";
    case Tone::Bold: return "1";
    case Tone::Dim: return "2";
    case Tone::Red: return "1;31";
    case Tone::Yellow: return "33";
    case Tone::Green: return "32";
    case Tone::Cyan: return "36";
  }
  return "";
}

/// The environment is asked here and nowhere else: NO_COLOR (no-color.org) and terminals that know no colours.
bool wants_colour(Colour colour, int descriptor) {
  if (colour != Colour::Auto) return colour == Colour::Always;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return isatty(descriptor) == 1 && (!no_colour || !*no_colour) && terminal && std::string_view(terminal) != "dumb";
}

/// Errno of the write that failed; 0: all was written.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string line_of(const Diagnostic& note, std::size_t more, Paint paint) {
  std::string line = note.at.known() ? shown(to_string(note.at)) : std::string("esx2esxi");
  line += ": ";
  line += paint(tone_of(note.severity), fmt::format("{}:", to_string(note.severity)));
  line += ' ';
  line += shown(note.message);
  if (!note.remedy.empty()) line += fmt::format(" ({})", shown(note.remedy));
  if (more > 0) line += fmt::format(" [and {} more of this kind]", more);
  return line + "\n";
}

}  // namespace

std::string Paint::operator()(Tone tone, std::string_view text) const {
  if (!on || tone == Tone::Plain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(tone), text);
}

Tone tone_of(Severity severity) {
  switch (severity) {
    case Severity::Note: return Tone::Dim;
    case Severity::Info: return Tone::Cyan;
    case Severity::Warning: return Tone::Yellow;
    case Severity::Error: return Tone::Red;
  }
  return Tone::Plain;
}

std::string shown(std::string_view text) { return render::quote(text, render::Syntax::Terminal); }

std::string notes_text(const Diagnostics& notes, Severity least, Paint paint) {
  constexpr std::size_t kAlike = 10;
  std::map<std::pair<Severity, std::string_view>, std::size_t> counts;
  for (const auto& note : notes) ++counts[{note.severity, note.code}];
  std::string text;
  for (const auto& note : notes) {
    if (note.severity < least) continue;
    auto& count = counts[{note.severity, note.code}];
    if (count == 0) continue;  // folded into the first of its kind
    if (count <= kAlike) {
      text += line_of(note, 0, paint);
      continue;
    }
    text += line_of(note, count - 1, paint);
    count = 0;
  }
  return text;
}

Console::Console(Colour colour, bool quiet)
    : paint_out_{wants_colour(colour, STDOUT_FILENO)},
      paint_err_{wants_colour(colour, STDERR_FILENO)},
      quiet_(quiet),
      progress_(!quiet && isatty(STDERR_FILENO) == 1) {}

void Console::report(const Diagnostics& notes) const {
  // A failure to write an error message has no place left to be reported.
  (void)write_all(STDERR_FILENO, notes_text(notes, quiet_ ? Severity::Error : Severity::Warning, paint_err_));
}

void Console::print(std::vector<std::string> pages) {
  for (auto& page : pages) print(std::move(page));
}

Result<void> Console::flush() {
  constexpr std::size_t kPiece = 1U << 20;
  std::string piece;
  int failure = 0;
  for (auto& page : out_) {
    piece += page;
    page = {};
    if (failure != 0 || piece.size() < kPiece) continue;
    failure = write_all(STDOUT_FILENO, piece);
    piece.clear();
  }
  out_.clear();
  if (failure == 0) failure = write_all(STDOUT_FILENO, piece);
  if (failure == 0) return {};
  return tl::unexpected(Diagnostic{
      Severity::Error, "stdout", {}, fmt::format("cannot write to standard output: {}", std::strerror(failure)), {}});
}

Progress::Progress(const Console& console, std::string what)
    : what_(std::move(what)),
      on_(console.shows_progress()),
      next_(std::chrono::steady_clock::now() + std::chrono::milliseconds(400)) {}

Progress::~Progress() {
  if (drawn_) (void)write_all(STDERR_FILENO, "\r\x1b[K");
}

void Progress::operator()(std::size_t done, std::size_t all) {
  if (!on_ || all == 0) return;
  const std::unique_lock lock(guard_, std::try_to_lock);
  if (!lock) return;  // another thread is drawing
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  drawn_ = true;
  constexpr std::size_t kWidth = 30;
  const auto filled = std::min(kWidth, kWidth * done / all);
  (void)write_all(STDERR_FILENO,
                  fmt::format("\r{} [{:#<{}}{:.<{}}] {}/{}", what_, "", filled, "", kWidth - filled, done, all));
}

void Progress::busy() {
  if (!on_) return;
  drawn_ = true;
  (void)write_all(STDERR_FILENO, what_ + " ...");
}

std::function<void(std::size_t, std::size_t)> Progress::callback() {
  if (!on_) return {};
  return [this](std::size_t done, std::size_t all) { (*this)(done, all); };
}

}  // namespace esx2esxi::app
