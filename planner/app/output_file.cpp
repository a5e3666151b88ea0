#include "output_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace esx2esxi::app {

OutputFile::OutputFile(const std::string& path, mode_t mode)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)), failure_(file_ < 0 ? errno : 0) {}

OutputFile::~OutputFile() { (void)close(); }

void OutputFile::put(std::string_view text) {
  constexpr std::size_t kEnough = 64U << 10;
  pending_ += text;
  if (pending_.size() >= kEnough) flush();
}

void OutputFile::flush() {
  std::string_view text = pending_;
  while (!text.empty() && failure_ == 0) {
    const auto count = ::write(file_, text.data(), text.size());
    if (count >= 0)
      text.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      failure_ = errno;
  }
  pending_.clear();
}

int OutputFile::close() {
  if (file_ < 0) return failure_;
  flush();
  if (::close(file_) != 0 && failure_ == 0) failure_ = errno;
  file_ = -1;
  return failure_;
}

}  // namespace esx2esxi::app
