#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace esx2esxi {

/// The name of an input file (and the archive member in it, as `bundle.tgz!etc/hosts`), shared by all that was read
/// from it: an estate keeps hundreds of origins a host, and each costs two words instead of a path.
class FileName {
 public:
  FileName() = default;
  explicit FileName(std::string path) : path_(std::make_shared<const std::string>(std::move(path))) {}

  std::string_view text() const { return path_ ? std::string_view(*path_) : std::string_view(); }

  friend bool operator==(const FileName& a, const FileName& b) { return a.text() == b.text(); }
  friend auto operator<=>(const FileName& a, const FileName& b) { return a.text() <=> b.text(); }

 private:
  std::shared_ptr<const std::string> path_;
};

/// A place in an input. Lines and columns count from 1; line 0 means the file as a whole.
struct Origin {
  FileName file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  bool known() const { return !file.text().empty(); }
  friend bool operator==(const Origin&, const Origin&) = default;
  friend auto operator<=>(const Origin&, const Origin&) = default;
};

/// A value together with the place that says so.
template <class T>
struct Said {
  T value;
  Origin at;

  friend bool operator==(const Said&, const Said&) = default;
};

/// `FILE:LINE`, or `FILE` where no single line is meant.
std::string to_string(const Origin& origin);

}  // namespace esx2esxi
