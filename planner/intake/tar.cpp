#include "tar.hpp"

#include <algorithm>
#include <array>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

namespace esx2esxi::intake {

namespace {

/// The largest support bundles hold some ten thousand.
constexpr std::size_t kMostMembers = 100'000;

la_ssize_t give(archive*, void* unpacker, const void** bytes) {
  const auto piece = static_cast<Unpacker*>(unpacker)->next();
  *bytes = piece.data();
  return static_cast<la_ssize_t>(piece.size());
}

MemberKind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_hardlink_utf8(entry) != nullptr)
    return MemberKind::Link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return MemberKind::File;
    case AE_IFDIR: return MemberKind::Folder;
    case AE_IFLNK: return MemberKind::Link;
    default: return MemberKind::Other;
  }
}

/// Names that the C locale cannot spell are kept in UTF-8.
std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  return name ? name : "";
}

}  // namespace

bool is_tar(std::string_view bytes) {
  constexpr std::size_t kHeader = 512;
  constexpr std::size_t kSum = 148;
  constexpr std::size_t kSumLength = 8;
  if (bytes.size() < kHeader || bytes.front() == '\0') return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < kHeader; ++i)
    sum += i >= kSum && i < kSum + kSumLength ? unsigned{' '} : static_cast<unsigned char>(bytes[i]);
  unsigned said = 0;
  auto digits = bytes.substr(kSum, kSumLength);
  while (digits.starts_with(' ')) digits.remove_prefix(1);
  for (const char c : digits.substr(0, digits.find_first_not_of("01234567")))
    said = said * 8 + static_cast<unsigned>(c - '0');
  return said == sum;
}

TarReader::TarReader(Pull pull) : bytes_(std::move(pull)), archive_(archive_read_new(), archive_read_free) {
  if (!archive_) throw std::bad_alloc();
  archive_read_support_format_tar(archive_.get());  // and no filter: a second layer of compression is no bundle
  if (archive_read_open(archive_.get(), &bytes_, nullptr, give, nullptr) != ARCHIVE_OK) fail();
}

std::optional<TarMember> TarReader::next() {
  if (fault_) return std::nullopt;
  if (members_++ == kMostMembers) {
    fault_ = beyond_budget(fmt::format("the archive has more than {} members; the rest is not read", kMostMembers));
    return std::nullopt;
  }
  archive_entry* entry = nullptr;
  const int result = archive_read_next_header(archive_.get(), &entry);
  if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
    return TarMember{name_of(entry), kind_of(entry),
                     static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0))};
  result == ARCHIVE_EOF ? settle_end() : fail();
  return std::nullopt;
}

std::optional<std::string> TarReader::read() {
  std::string out;
  std::array<char, 65536> buffer;
  for (;;) {
    const auto got = archive_read_data(archive_.get(), buffer.data(), buffer.size());
    if (got == 0) return out;
    if (got < 0) {
      fail();
      return std::nullopt;
    }
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

void TarReader::stop() {
  if (!fault_) fault_ = bytes_.fault();
}

/// What is wrong below the archive comes first: it is the cause.
void TarReader::fail() {
  fault_ = bytes_.fault();
  if (fault_) return;
  if (members_ <= 1) {
    fault_ =
        Fault{"bundle-damaged", "this is no tar archive, or its beginning is damaged", "copy it from its source again"};
    return;
  }
  const char* text = archive_error_string(archive_.get());
  fault_ = bytes_.ended() ? truncated() : damaged(text ? text : "no member begins here");
}

/// A tar ends in blocks of zeros; where they are missing its writer died, or it was cut off between two members.
void TarReader::settle_end() {
  const bool marked = archive_filter_bytes(archive_.get(), 0) > archive_read_header_position(archive_.get());
  bytes_.drain();
  fault_ = bytes_.fault();
  if (!fault_ && !marked) fault_ = truncated();
}

}  // namespace esx2esxi::intake
