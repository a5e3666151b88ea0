#include "disk.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "esx2esxi/core/utf8.hpp"

namespace esx2esxi::intake {

namespace {

/// Room that is kept between files; esx.conf seldom needs more.
constexpr std::size_t kKeptRoom = 256U << 10;
constexpr std::size_t kHead = 64U << 10;
constexpr std::size_t kPiece = 256U << 10;

tl::unexpected<Reason> failure(int error) { return tl::unexpected(std::generic_category().message(error)); }

EntryKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return EntryKind::File;
  if (S_ISDIR(mode)) return EntryKind::Folder;
  return S_ISLNK(mode) ? EntryKind::Link : EntryKind::Other;
}

EntryKind kind_of(int folder, const dirent& entry) {
  switch (entry.d_type) {
    case DT_REG: return EntryKind::File;
    case DT_DIR: return EntryKind::Folder;
    case DT_LNK: return EntryKind::Link;
    case DT_UNKNOWN: break;  // some file systems do not tell
    default: return EntryKind::Other;
  }
  struct stat status {};
  if (::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return EntryKind::Other;
  return kind_of(status.st_mode);
}

/// What the user named may be a link; what is found below it may not.
int link_flag(int base) { return base == AT_FDCWD ? 0 : O_NOFOLLOW; }

/// As many bytes as there are, up to `room`.
tl::expected<std::string_view, Reason> fill(const Descriptor& file, char* bytes, std::size_t room) {
  std::size_t got = 0;
  while (got < room) {
    const auto n = ::read(file.get(), bytes + got, room - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure(errno);
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  return std::string_view(bytes, got);
}

struct OpenFile {
  Descriptor descriptor;
  std::size_t size = 0;
};

tl::expected<OpenFile, Reason> open_file(int base, const std::string& path) {
  // O_NONBLOCK: a FIFO must not stop the program; for plain files it means nothing.
  Descriptor file(::openat(base, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | link_flag(base)));
  if (!file.open()) return failure(errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failure(errno);
  if (!S_ISREG(status.st_mode)) return tl::unexpected(Reason("not a plain file"));
  return OpenFile{std::move(file), static_cast<std::size_t>(status.st_size)};
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (open()) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (open()) ::close(fd_);
}

int Descriptor::release() { return std::exchange(fd_, -1); }

void Folder::Close::operator()(void* stream) const { ::closedir(static_cast<DIR*>(stream)); }

tl::expected<Folder, Reason> Folder::open(int base, const std::string& path) {
  Descriptor opened(::openat(base, path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | link_flag(base)));
  if (!opened.open()) return failure(errno);
  Folder folder;
  folder.stream_.reset(::fdopendir(opened.get()));
  if (!folder.stream_) return failure(errno);
  opened.release();
  return folder;
}

int Folder::descriptor() const { return ::dirfd(static_cast<DIR*>(stream_.get())); }

tl::expected<std::vector<FolderEntry>, Reason> Folder::list() const {
  std::vector<FolderEntry> entries;
  for (;;) {
    errno = 0;
    const auto* entry = ::readdir(static_cast<DIR*>(stream_.get()));
    if (entry == nullptr) break;
    const std::string_view name(entry->d_name);
    if (name != "." && name != "..") entries.push_back({std::string(name), kind_of(descriptor(), *entry)});
  }
  if (errno != 0) return failure(errno);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

bool Folder::has_file(const char* path) const {
  struct stat status {};
  return ::fstatat(descriptor(), path, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

std::pair<std::uint64_t, std::uint64_t> Folder::identity() const {
  struct stat status {};
  if (::fstat(descriptor(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

void FileBuffer::make_room(std::size_t size) {
  const bool wasteful = room_ > kKeptRoom && size <= kKeptRoom;
  if (room_ >= size && !wasteful) return;
  room_ = std::max(size, kKeptRoom);
  bytes_.reset(new char[room_]);  // not make_unique: the bytes are about to be written
}

tl::expected<std::string_view, Reason> FileBuffer::read_from(const Descriptor& file, std::size_t size) {
  make_room(size);
  const auto bytes = fill(file, bytes_.get(), size);
  if (!bytes) return bytes;
  return in_utf8(*bytes);
}

std::string_view FileBuffer::in_utf8(std::string_view bytes) {
  converted_ = {};
  auto converted = utf8_of_utf16(bytes);
  if (!converted) return bytes;
  converted_ = std::move(*converted);
  return converted_;
}

tl::expected<std::string_view, Reason> FileBuffer::read(int base, const std::string& path, std::size_t most) {
  const auto file = open_file(base, path);
  if (!file) return tl::unexpected(file.error());
  if (file->size > most)
    return tl::unexpected("it has more than " + std::to_string(most >> 20) + " MiB, which no such file has");
  return read_from(file->descriptor, file->size);
}

tl::expected<std::string_view, Reason> FileBuffer::read_head(int base, const std::string& path) {
  const auto file = open_file(base, path);
  if (!file) return tl::unexpected(file.error());
  return read_from(file->descriptor, std::min(file->size, kHead));
}

tl::expected<FileStream, Reason> FileStream::open(const std::string& path) {
  auto file = open_file(AT_FDCWD, path);
  if (!file) return tl::unexpected(file.error());
  return FileStream(std::move(file->descriptor), std::unique_ptr<char[]>(new char[kPiece]));
}

tl::expected<std::string_view, Reason> FileStream::next() { return fill(file_, bytes_.get(), kPiece); }

}  // namespace esx2esxi::intake
