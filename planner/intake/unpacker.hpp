// The bytes of an archive piece by piece, gunzipped on the way. Private to the stage.
//
// The layer below libarchive: its own gzip filter does not compare the checksum, and a bit that turned over on the way
// may be one of an address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "disk.hpp"

struct z_stream_s;

namespace esx2esxi::intake {

/// Why an archive was not read to its end: the words of a diagnostic.
struct Fault {
  std::string code;
  std::string message;
  std::string remedy;
};

/// A fault for an archive that ends too early.
Fault truncated();
/// A fault for an archive whose bytes are wrong; `reason` is a phrase.
Fault damaged(std::string_view reason);
/// A fault for an archive that no host made.
Fault beyond_budget(std::string message);

class Unpacker {
 public:
  explicit Unpacker(Pull pull);

  /// The next bytes, valid until the next call; empty at the end, which is too early where `fault` says so.
  std::string_view next();
  /// Reads what is left of a gzipped input: its checksum stands at the end.
  void drain();

  const std::optional<Fault>& fault() const { return fault_; }
  /// No more input: an archive that wants more is cut off.
  bool ended() const { return ended_; }

 private:
  using Inflater = std::unique_ptr<z_stream_s, void (*)(z_stream_s*)>;

  void start();
  bool refill();
  std::string_view inflated();
  void inflate_once();
  void check_budget();

  Pull pull_;
  Inflater inflater_;  ///< none: the input is not gzipped
  std::unique_ptr<char[]> room_;
  std::string_view input_;  ///< pulled, but not used yet
  std::uint64_t packed_ = 0;
  std::uint64_t unpacked_ = 0;
  bool started_ = false;
  bool ended_ = false;
  bool between_ = false;  ///< gzip members may follow each other
  std::optional<Fault> fault_;
};

}  // namespace esx2esxi::intake
