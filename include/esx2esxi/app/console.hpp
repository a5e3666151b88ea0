// The two streams of the program. Standard output is collected and written once; errors go out at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/app/options.hpp"
#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi::app {

enum class Tone : std::uint8_t { Plain, Bold, Dim, Red, Yellow, Green, Cyan };

/// Wraps text in terminal colours, or leaves it alone.
struct Paint {
  bool on = false;
  std::string operator()(Tone tone, std::string_view text) const;
};

Tone tone_of(Severity severity);

/// Text from an input, safe for a terminal.
std::string shown(std::string_view text);

/// Notes as lines for a person, in their order; more than ten of one code become one line with a count.
std::string notes_text(const Diagnostics& notes, Severity least, Paint paint);

class Console {
 public:
  Console(Colour colour, bool quiet);

  /// Takes the text over: an estate's report has megabytes.
  void print(std::string text) { out_.push_back(std::move(text)); }
  void print(std::vector<std::string> pages);
  /// Prints the notes that matter: warnings and errors, with --quiet errors only.
  void report(const Diagnostics& notes) const;
  void report(const Diagnostic& note) const { report(Diagnostics{note}); }
  /// Writes what was printed. The error says why it could not be written.
  Result<void> flush();

  Paint paint() const { return paint_out_; }
  bool quiet() const { return quiet_; }
  bool shows_progress() const { return progress_; }

 private:
  std::vector<std::string> out_;
  Paint paint_out_;
  Paint paint_err_;
  bool quiet_;
  bool progress_;
};

/// A bar on standard error for runs that take longer than a blink; nothing where nobody looks.
class Progress {
 public:
  Progress(const Console& console, std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void operator()(std::size_t done, std::size_t all);  ///< from any thread
  void busy();                                         ///< says what is being done where steps cannot be counted
  /// For those who take a callback; empty if there is nobody to show it to, so that they need not count.
  std::function<void(std::size_t, std::size_t)> callback();

 private:
  std::string what_;
  bool on_;
  bool drawn_ = false;
  std::mutex guard_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace esx2esxi::app
