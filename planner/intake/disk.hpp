// The disk, as far as reading a host needs it: folders listed without following links, files read whole, or in pieces.
// Private to the stage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace esx2esxi::intake {

/// The largest file that is read: a real esx.conf has 120 KiB, a listing less.
inline constexpr std::size_t kLargestFile = 64U << 20;

/// An open file or folder; closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int release();

 private:
  int fd_ = -1;
};

/// The path up to and with its last slash; empty: it has none.
inline std::string_view folder_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

/// Why something cannot be read, in the operating system's words.
using Reason = std::string;

enum class EntryKind { File, Folder, Link, Other };

struct FolderEntry {
  std::string name;
  EntryKind kind = EntryKind::Other;
};

/// An open folder.
class Folder {
 public:
  /// Opens a folder below `base` (AT_FDCWD: a path as given, which may be a link itself).
  static tl::expected<Folder, Reason> open(int base, const std::string& path);

  int descriptor() const;
  /// The entries but `.` and `..`, sorted by name. Once for each open folder.
  tl::expected<std::vector<FolderEntry>, Reason> list() const;
  /// Whether a plain file of that path lies below.
  bool has_file(const char* path) const;
  /// What tells one folder from another, whatever paths lead to it: device and inode.
  std::pair<std::uint64_t, std::uint64_t> identity() const;

 private:
  struct Close {
    void operator()(void* stream) const;
  };
  std::unique_ptr<void, Close> stream_;  // a DIR; its type stays out of this header
};

/// A buffer that is used again and again; what a huge file made it grow is given back. A file in UTF-16 comes out in
/// UTF-8, with the same lines: Windows shells write it.
class FileBuffer {
 public:
  /// The bytes of a plain file; valid until the next call. Links below `base` are not followed.
  tl::expected<std::string_view, Reason> read(int base, const std::string& path, std::size_t most = kLargestFile);
  /// The first bytes only.
  tl::expected<std::string_view, Reason> read_head(int base, const std::string& path);

 private:
  tl::expected<std::string_view, Reason> read_from(const Descriptor& file, std::size_t size);
  std::string_view in_utf8(std::string_view bytes);
  void make_room(std::size_t size);

  std::unique_ptr<char[]> bytes_;
  std::size_t room_ = 0;
  std::string converted_;
};

/// The next bytes of an input, valid until the next call; empty at its end. At first at least two, where there are so
/// many: they tell what it is.
using Pull = std::function<tl::expected<std::string_view, Reason>()>;

/// A plain file of any size, piece by piece.
class FileStream {
 public:
  static tl::expected<FileStream, Reason> open(const std::string& path);
  tl::expected<std::string_view, Reason> next();

 private:
  FileStream(Descriptor file, std::unique_ptr<char[]> bytes) : file_(std::move(file)), bytes_(std::move(bytes)) {}

  Descriptor file_;
  std::unique_ptr<char[]> bytes_;
};

}  // namespace esx2esxi::intake
