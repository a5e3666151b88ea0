// Archives for tests, made in memory by the library that reads them.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

namespace archives {

struct Entry {
  std::string path;
  std::string text;
  decltype(AE_IFREG) type = AE_IFREG;
  std::string link = {};  ///< what a symbolic link leads to
  std::string hard = {};  ///< the member that this one is the same file as
};

inline Entry folder(std::string path) { return {std::move(path), {}, AE_IFDIR}; }

namespace detail {

inline la_ssize_t take(archive*, void* to, const void* bytes, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

inline void want(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

inline void write_header(archive* to, const Entry& one, std::uint64_t size) {
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, one.path.c_str());
  archive_entry_set_filetype(entry, one.type);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, static_cast<la_int64_t>(size));
  if (!one.link.empty()) archive_entry_set_symlink(entry, one.link.c_str());
  if (!one.hard.empty()) archive_entry_set_hardlink(entry, one.hard.c_str());
  want(archive_write_header(to, entry) == ARCHIVE_OK, "a header was not written");
  archive_entry_free(entry);
}

inline archive* tar_writer(std::string& sink) {
  archive* made = archive_write_new();
  archive_write_set_format_pax_restricted(made);
  archive_write_set_bytes_per_block(made, 0);
  want(archive_write_open(made, &sink, nullptr, take, nullptr) == ARCHIVE_OK, "an archive was not opened");
  return made;
}

}  // namespace detail

/// Ends in the two blocks of zeros, 1024 bytes.
inline std::string tar(const std::vector<Entry>& entries) {
  std::string sink;
  archive* made = detail::tar_writer(sink);
  for (const auto& one : entries) {
    detail::write_header(made, one, one.text.size());
    detail::want(archive_write_data(made, one.text.data(), one.text.size()) >= 0, "a member was not written");
  }
  detail::want(archive_write_close(made) == ARCHIVE_OK, "an archive was not closed");
  archive_write_free(made);
  return sink;
}

/// Without its end: more may follow.
inline std::string open_tar(const std::vector<Entry>& entries) {
  auto bytes = tar(entries);
  bytes.resize(bytes.size() - 1024);
  return bytes;
}

/// The header alone of a member of that size, below 8 GiB. The library writes one for nothing, of which the size is
/// changed: it leaks when a member is left unwritten.
inline std::string tar_header(const std::string& path, std::uint64_t size) {
  constexpr std::size_t kSize = 124;
  constexpr std::size_t kSum = 148;
  auto header = open_tar({{path, {}}});
  detail::want(header.size() == 512, "a header is one block");
  const auto put = [&](std::size_t at, std::size_t digits, std::uint64_t value) {
    for (std::size_t i = digits; i-- > 0; value /= 8) header[at + i] = static_cast<char>('0' + value % 8);
  };
  put(kSize, 11, size);
  header.replace(kSum, 8, 8, ' ');
  std::uint64_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(kSum, 6, sum);
  header[kSum + 6] = '\0';
  return header;
}

/// Texts that were gzipped one by one may be put behind each other: that is their gzip too.
inline std::string gzip(std::string_view bytes) {
  std::string sink;
  archive* made = archive_write_new();
  archive_write_set_format_raw(made);
  archive_write_add_filter_gzip(made);
  archive_write_set_bytes_per_block(made, 0);
  detail::want(archive_write_open(made, &sink, nullptr, detail::take, nullptr) == ARCHIVE_OK, "gzip was not opened");
  detail::write_header(made, {"bytes", {}}, bytes.size());
  detail::want(archive_write_data(made, bytes.data(), bytes.size()) >= 0, "gzip was not written");
  detail::want(archive_write_close(made) == ARCHIVE_OK, "gzip was not closed");
  archive_write_free(made);
  return sink;
}

inline std::string repeated(const std::string& bytes, std::size_t times) {
  std::string out;
  out.reserve(bytes.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += bytes;
  return out;
}

}  // namespace archives
