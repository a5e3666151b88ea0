// One document, whole or not at all: a new one is made where nothing is, a replacement beside the old one first.
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "esx2esxi/app/files.hpp"
#include "output_file.hpp"

namespace esx2esxi::app {

namespace {

int write_to(const std::string& path, std::string_view text) {
  OutputFile output(path, 0666);  // less the umask
  output.put(text);
  const int failure = output.close();
  if (failure != 0 && failure != EEXIST) ::unlink(path.c_str());
  return failure;
}

int replace(const std::string& path, std::string_view text) {
  const auto beside = fmt::format("{}.new-{}", path, ::getpid());
  if (const int failure = write_to(beside, text)) return failure;
  if (std::rename(beside.c_str(), path.c_str()) == 0) return 0;
  const int failure = errno;
  ::unlink(beside.c_str());
  return failure;
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view text, Existing existing) {
  const int failure = existing == Existing::Replace ? replace(path, text) : write_to(path, text);
  if (failure == 0) return {};
  const Origin at{FileName(path)};
  if (failure == EEXIST)
    return tl::unexpected(Diagnostic{Severity::Error, "out-exists", at, "exists already",
                                     "choose another, or give --force to replace it"});
  return tl::unexpected(Diagnostic{Severity::Error, "out-write", at,
                                   fmt::format("cannot be written: {}", std::generic_category().message(failure)),
                                   "nothing was written"});
}

}  // namespace esx2esxi::app
