// The plan folder appears whole or not at all:
//
//   1. everything is written into a sibling, .NAME.new-PID, and flushed to the disk once (syncfs)
//   2. no folder yet:   rename(sibling, NAME), which fails if somebody made NAME meanwhile
//      a folder, force: rename(sibling, NAME) as one exchange, then the old one is removed. Where a file system cannot
//                       exchange, the old one is moved aside first and moved back if the second step fails
//   3. on any failure the sibling is removed, and the parents that were made for it
//
// Signals that ask the program to end wait until this is over.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "esx2esxi/app/files.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/sha256.hpp"
#include "esx2esxi/core/text.hpp"
#include "output_file.hpp"

namespace esx2esxi::app {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kManifest = "MANIFEST.sha256";

Diagnostic write_error(const fs::path& path, int error) {
  return {Severity::Error, "out-write", Origin{FileName(path.string())},
          fmt::format("cannot be written: {}", std::generic_category().message(error)), "nothing was written"};
}

Diagnostic exists(const fs::path& folder, std::string message, std::string remedy) {
  return {Severity::Error, "out-exists", Origin{FileName(folder.string())}, std::move(message), std::move(remedy)};
}

class SignalsWait {
 public:
  SignalsWait() {
    sigset_t all;
    sigemptyset(&all);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&all, signal);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t before_{};
};

/// Removes what was made on the way, unless told that all went well.
class Undo {
 public:
  Undo() = default;
  ~Undo() {
    std::error_code ignored;
    if (!sibling_.empty()) fs::remove_all(sibling_, ignored);
    for (auto it = parents_.rbegin(); it != parents_.rend(); ++it) fs::remove(*it, ignored);  // only if empty
  }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;

  void sibling(fs::path path) { sibling_ = std::move(path); }
  void parent(fs::path path) { parents_.push_back(std::move(path)); }
  void release() {
    sibling_.clear();
    parents_.clear();
  }

 private:
  fs::path sibling_;
  std::vector<fs::path> parents_;
};

/// The folder's place with links resolved and without a slash at the end, so that a sibling of it can be named.
/// Messages call it as the user does.
fs::path place_of(const std::string& folder) {
  std::error_code error;
  auto place = fs::weakly_canonical(fs::absolute(folder, error), error);
  if (error) place = fs::absolute(folder);
  return place.has_filename() ? place : place.parent_path();
}

Result<void> make_parents(const fs::path& place, Undo& undo) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (auto at = place.parent_path(); !at.empty() && !fs::exists(at, error); at = at.parent_path())
    missing.push_back(at);
  for (auto it = missing.rbegin(); it != missing.rend(); ++it) {
    if (!fs::create_directory(*it, error) && error) return tl::unexpected(write_error(*it, error.value()));
    undo.parent(*it);
  }
  return {};
}

Result<fs::path> make_sibling(const fs::path& place, const fs::path& folder, Undo& undo) {
  const auto stem = fmt::format(".{}.new-{}", place.filename().string(), ::getpid());
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto path = place.parent_path() / (attempt == 0 ? stem : fmt::format("{}-{}", stem, attempt));
    std::error_code error;
    if (fs::create_directory(path, error)) {
      undo.sibling(path);
      return path;
    }
    if (error) return tl::unexpected(write_error(folder, error.value()));
  }
  return tl::unexpected(write_error(folder, EEXIST));
}

/// The documents name their own paths; one that would leave the folder is a fault of this program.
void must_stay_inside(const fs::path& path) {
  bool bad = path.empty() || path.is_absolute() || path.native().find('\0') != std::string::npos;
  for (const auto& part : path) bad = bad || part.empty() || part == "." || part == "..";
  if (bad) throw std::logic_error(fmt::format("a document's path leaves the plan folder: '{}'", path.string()));
}

/// The digest of what was written.
Result<std::string> write_one(const fs::path& path, const fs::path& named, const Document& document) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return tl::unexpected(write_error(named, error.value()));
  OutputFile output(path, path.extension() == ".sh" ? 0777 : 0666);  // less the umask
  Sha256 digest;
  document.write([&](std::string_view piece) {
    digest.add(piece);
    output.put(piece);
  });
  if (const int failure = output.close()) return tl::unexpected(write_error(named, failure));
  return digest.hex();
}

/// One flush for the whole file system costs less than one for each of thousands of files.
int flush(const fs::path& folder) {
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return errno;
  const int failure = ::syncfs(directory) == 0 ? 0 : errno;
  ::close(directory);
  return failure;
}

Document manifest(const Documents& documents, const std::vector<Result<std::string>>& digests) {
  std::map<std::string, std::string> sorted;
  for (std::size_t i = 0; i < documents.size(); ++i) sorted[documents[i].path] = *digests[i];
  return {std::string(kManifest), [sorted](const Put& put) {
            for (const auto& [path, digest] : sorted) put(digest + "  " + path + "\n");
          }};
}

Result<void> fill(const fs::path& sibling, const fs::path& folder, const Documents& documents, unsigned jobs) {
  for (const auto& document : documents) must_stay_inside(document.path);
  std::vector<Result<std::string>> digests(documents.size());
  std::atomic<bool> failed = false;
  parallel_for(documents.size(), jobs, [&](std::size_t i) {
    if (failed) return;
    digests[i] = write_one(sibling / documents[i].path, folder / documents[i].path, documents[i]);
    if (!digests[i]) failed = true;
  });
  for (auto& digest : digests)
    if (!digest) return tl::unexpected(std::move(digest.error()));
  const auto written = write_one(sibling / kManifest, folder / kManifest, manifest(documents, digests));
  if (!written) return tl::unexpected(written.error());
  if (const int failure = flush(sibling)) return tl::unexpected(write_error(folder, failure));
  return {};
}

/// Whether everything in the folder is a file that its own manifest lists: such a folder can be made again.
bool only_a_plan(const fs::path& folder) {
  const auto manifest = read_file((folder / kManifest).string());
  if (!manifest) return false;
  std::vector<std::string> listed{std::string(kManifest)};
  for_each_line(*manifest, [&](std::string_view line, std::uint32_t) {
    if (const auto at = line.find("  "); at != std::string_view::npos) listed.emplace_back(line.substr(at + 2));
  });
  std::sort(listed.begin(), listed.end());
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory(error) && !it->is_symlink(error)) continue;
    const auto name = it->path().lexically_relative(folder).generic_string();
    if (!std::binary_search(listed.begin(), listed.end(), name)) return false;
  }
  return !error;
}

int rename_error(const fs::path& from, const fs::path& to, unsigned flags) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0 ? 0 : errno;
}

bool not_supported(int error) { return error == EINVAL || error == ENOSYS || error == ENOTSUP; }

fs::path unused_name(const fs::path& folder) {
  for (int n = 0;; ++n) {
    auto path = folder;
    path += n == 0 ? std::string(".old") : fmt::format(".old-{}", n);
    std::error_code error;
    if (!fs::exists(fs::symlink_status(path, error))) return path;
  }
}

Result<Written> place_new(const fs::path& sibling, const fs::path& place, const fs::path& folder, Undo& undo) {
  int failure = rename_error(sibling, place, RENAME_NOREPLACE);
  // Without that flag rename replaces an empty folder at most, which is as good as none.
  if (not_supported(failure)) failure = rename_error(sibling, place, 0);
  if (failure == EEXIST || failure == ENOTEMPTY)
    return tl::unexpected(exists(folder, "exists already", "choose another --out, or give --force to replace it"));
  if (failure != 0) return tl::unexpected(write_error(folder, failure));
  undo.release();
  return Written{};
}

Result<Written> replace_old(const fs::path& sibling, const fs::path& place, const fs::path& folder, Undo& undo) {
  const bool disposable = only_a_plan(place);
  const auto aside = unused_name(place);
  int failure = rename_error(sibling, place, RENAME_EXCHANGE);
  fs::path old = sibling;
  if (not_supported(failure)) {
    failure = rename_error(place, aside, 0);
    if (failure == 0 && (failure = rename_error(sibling, place, 0)) != 0) (void)rename_error(aside, place, 0);
    old = aside;
  }
  if (failure != 0) return tl::unexpected(write_error(folder, failure));
  undo.release();
  std::error_code error;
  if (disposable) {
    fs::remove_all(old, error);
    return Written{};
  }
  if (old != aside && rename_error(old, aside, 0) == 0) old = aside;
  return Written{old.string()};
}

bool holds(const fs::path& folder, const fs::path& inner) {
  const auto relative = inner.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

std::optional<Diagnostic> out_obstacle(const std::string& folder, Existing existing) {
  const auto place = place_of(folder);
  std::error_code error;
  const auto status = fs::symlink_status(place, error);
  if (!fs::exists(status)) return std::nullopt;
  if (!fs::is_directory(status)) return exists(folder, "exists and is no folder", "choose another --out");
  if (existing == Existing::Refuse)
    return exists(folder, "exists already", "choose another --out, or give --force to replace it");
  if (holds(place, fs::current_path(error)))
    return exists(folder, "is or holds the folder that you are in", "choose another --out");
  return std::nullopt;
}

Result<Written> write_folder(const std::string& folder, const Documents& documents, Existing existing, unsigned jobs) {
  const SignalsWait wait;
  if (auto obstacle = out_obstacle(folder, existing)) return tl::unexpected(std::move(*obstacle));
  const auto place = place_of(folder);
  Undo undo;
  if (const auto made = make_parents(place, undo); !made) return tl::unexpected(made.error());
  const auto sibling = make_sibling(place, folder, undo);
  if (!sibling) return tl::unexpected(sibling.error());
  if (const auto filled = fill(*sibling, folder, documents, jobs); !filled) return tl::unexpected(filled.error());
  std::error_code error;
  return fs::exists(place, error) ? replace_old(*sibling, place, folder, undo)
                                  : place_new(*sibling, place, folder, undo);
}

}  // namespace esx2esxi::app
