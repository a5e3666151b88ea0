#pragma once

#include <string>
#include <string_view>

#include <sys/types.h>

namespace esx2esxi::app {

/// A new file that is written in pieces, small ones together. After the first failure it takes no more.
class OutputFile {
 public:
  OutputFile(const std::string& path, mode_t mode);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void put(std::string_view text);
  /// 0, or the first errno.
  int close();

 private:
  void flush();

  int file_;
  int failure_;
  std::string pending_;
};

}  // namespace esx2esxi::app
