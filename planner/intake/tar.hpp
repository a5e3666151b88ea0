// Members of a tar archive, gzipped or not, one after the other in one pass, within a budget. Nothing is ever written.
// Private to the stage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "unpacker.hpp"

struct archive;

namespace esx2esxi::intake {

enum class MemberKind { File, Folder, Link, Other };

struct TarMember {
  std::string name;  ///< as the archive has it
  MemberKind kind = MemberKind::Other;
  std::uint64_t size = 0;
};

/// Begins like a tar archive: the first header's checksum is right.
bool is_tar(std::string_view bytes);

class TarReader {
 public:
  explicit TarReader(Pull pull);
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  /// None at the end, which is too early where `fault` says so.
  std::optional<TarMember> next();
  /// The bytes of the member that `next` gave; none if the archive breaks off in it. Call it for members whose size is
  /// bearable.
  std::optional<std::string> read();
  /// Nothing more is asked for; what is wrong with bytes unpacked already still counts.
  void stop();

  const std::optional<Fault>& fault() const { return fault_; }

 private:
  void fail();
  void settle_end();

  Unpacker bytes_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  std::size_t members_ = 0;
  std::optional<Fault> fault_;
};

}  // namespace esx2esxi::intake
