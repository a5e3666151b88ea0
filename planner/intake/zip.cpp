#include "zip.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::intake {

namespace {

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

/// A workbook has some dozens. libarchive keeps a node for each entry of the directory, so they are counted before.
constexpr std::size_t kMostMembers = 4096;
constexpr std::string_view kDirectoryEntry("PK\x01\x02", 4);

bool has_too_many_members(std::string_view zip) {
  std::size_t count = 0;
  for (auto at = zip.find(kDirectoryEntry); at != std::string_view::npos; at = zip.find(kDirectoryEntry, at + 4))
    if (++count > kMostMembers) return true;
  return false;
}

std::string reason(archive* opened) {
  const char* text = archive_error_string(opened);
  return text ? std::string("the archive is damaged: ") + text : "the archive is damaged";
}

tl::expected<std::string, std::string> read_data(archive* opened, std::size_t most) {
  std::string out;
  std::array<char, 65536> buffer;
  for (;;) {
    const auto got = archive_read_data(opened, buffer.data(), buffer.size());
    if (got < 0) return tl::unexpected(reason(opened));
    if (got == 0) return out;
    if (out.size() + static_cast<std::size_t>(got) > most)
      return tl::unexpected(fmt::format("it inflates to more than {} MiB", most >> 20));
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::string name_of(archive_entry* entry) {
  const char* path = archive_entry_pathname(entry);
  std::string name(path ? path : "");
  std::replace(name.begin(), name.end(), '\\', '/');  // some writers
  return name;
}

tl::expected<Archive, std::string> open_zip(std::string_view zip) {
  if (!is_zip(zip)) return tl::unexpected(std::string("it is no zip archive"));
  if (has_too_many_members(zip)) return tl::unexpected(std::string("it has more members than any workbook"));
  Archive opened(archive_read_new(), archive_read_free);
  archive_read_support_format_zip_seekable(opened.get());
  if (archive_read_open_memory(opened.get(), zip.data(), zip.size()) != ARCHIVE_OK)
    return tl::unexpected(reason(opened.get()));
  return opened;
}

/// The next member; null at the end.
tl::expected<archive_entry*, std::string> next_member(archive* opened) {
  archive_entry* entry = nullptr;
  const int result = archive_read_next_header(opened, &entry);
  if (result == ARCHIVE_EOF) return nullptr;
  if (result < ARCHIVE_WARN) return tl::unexpected(reason(opened));
  return entry;
}

}  // namespace

bool is_zip(std::string_view bytes) { return bytes.starts_with(std::string_view("PK\x03\x04", 4)); }

std::vector<std::string> zip_members(std::string_view zip) {
  std::vector<std::string> out;
  const auto opened = open_zip(zip);
  if (!opened) return out;
  for (auto entry = next_member(opened->get()); entry && *entry; entry = next_member(opened->get()))
    out.push_back(name_of(*entry));
  return out;
}

tl::expected<std::string, std::string> zip_member(std::string_view zip, std::string_view name, std::size_t most) {
  const auto opened = open_zip(zip);
  if (!opened) return tl::unexpected(opened.error());
  for (;;) {
    const auto entry = next_member(opened->get());
    if (!entry) return tl::unexpected(entry.error());
    if (!*entry) return tl::unexpected(fmt::format("it has no member {}", name));
    if (equals_ignoring_case(name_of(*entry), name)) return read_data(opened->get(), most);
  }
}

}  // namespace esx2esxi::intake
