#include "esx2esxi/app/files.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "esx2esxi/core/sha256.hpp"

namespace esx2esxi::app {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Diagnostic unreadable(const std::string& path, int error) {
  return {Severity::Error,
          "unreadable",
          Origin{FileName(path)},
          "cannot be read: " + std::generic_category().message(error),
          {}};
}

/// Feeds a regular file to `take(bytes, count)` until the end, or until `take` has had enough.
template <class Take>
Result<void> read_pieces(const std::string& path, Take take) {
  // O_NONBLOCK: a named pipe must not hang the run; the type is looked at below.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return tl::unexpected(unreadable(path, errno));
  struct stat info = {};
  if (::fstat(file.get(), &info) != 0) return tl::unexpected(unreadable(path, errno));
  if (S_ISDIR(info.st_mode)) return tl::unexpected(unreadable(path, EISDIR));
  if (!S_ISREG(info.st_mode))
    return tl::unexpected(Diagnostic{Severity::Error, "unreadable", Origin{FileName(path)}, "is no regular file", {}});
  std::array<char, 1 << 16> piece;
  while (true) {
    const auto count = ::read(file.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return tl::unexpected(unreadable(path, errno));
    if (count == 0 || !take(piece.data(), static_cast<std::size_t>(count))) return {};
  }
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  std::string bytes;
  const auto done = read_pieces(path, [&](const char* data, std::size_t count) {
    bytes.append(data, count);
    return bytes.size() <= most;
  });
  if (!done) return tl::unexpected(done.error());
  if (bytes.size() > most)
    return tl::unexpected(Diagnostic{Severity::Error, "unreadable", Origin{FileName(path)},
                                     "is larger than " + std::to_string(most >> 20) + " MiB", "is it the right file?"});
  return bytes;
}

Result<std::string> standard_input_as_file() {
  const auto fail = [](int error) { return tl::unexpected(unreadable("standard input", error)); };
  const int file = ::memfd_create("standard input", MFD_CLOEXEC);  // never closed: the path leads to it
  if (file < 0) return fail(errno);
  std::array<char, 1 << 16> piece;
  for (std::size_t all = 0; all <= kLargestInput;) {
    const auto count = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(errno);
    if (count == 0) return "/proc/self/fd/" + std::to_string(file);
    if (::write(file, piece.data(), static_cast<std::size_t>(count)) != count) return fail(ENOSPC);
    all += static_cast<std::size_t>(count);
  }
  return fail(EFBIG);
}

Result<std::string> sha256_of_file(const std::string& path) {
  Sha256 hash;
  const auto done = read_pieces(path, [&](const char* data, std::size_t count) {
    hash.add({data, count});
    return true;
  });
  if (!done) return tl::unexpected(done.error());
  return hash.hex();
}

}  // namespace esx2esxi::app
