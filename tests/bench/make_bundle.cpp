// A support bundle of a given size whose host's files come first or last: make_bundle TREE FILE MB first|last
//
// TREE is a host's file tree. The rest is made of logs that shrink as logs do; MB counts the compressed file.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

namespace {

namespace fs = std::filesystem;

constexpr const char* kTop = "vm-support-bench-2026-02-12--21.14.12074/";

class Bundle {
 public:
  explicit Bundle(const std::string& path) : made_(archive_write_new(), archive_write_free) {
    archive_write_set_format_ustar(made_.get());
    archive_write_add_filter_gzip(made_.get());
    archive_write_set_filter_option(made_.get(), "gzip", "compression-level", "1");
    if (archive_write_open_filename(made_.get(), path.c_str()) != ARCHIVE_OK) throw std::runtime_error(path);
  }

  void add(const std::string& name, const std::string& text) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), (kTop + name).c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
    if (archive_write_header(made_.get(), entry.get()) != ARCHIVE_OK ||
        archive_write_data(made_.get(), text.data(), text.size()) < 0)
      throw std::runtime_error(archive_error_string(made_.get()));
  }

  std::int64_t size() const { return archive_filter_bytes(made_.get(), -1); }

  void close() {
    if (archive_write_close(made_.get()) != ARCHIVE_OK) throw std::runtime_error(archive_error_string(made_.get()));
  }

 private:
  std::unique_ptr<archive, decltype(&archive_write_free)> made_;
};

class Random {
 public:
  std::uint32_t below(std::uint32_t end) {
    return static_cast<std::uint32_t>((state_ = state_ * 6364136223846793005U + 1442695040888963407U) >> 33) % end;
  }

 private:
  std::uint64_t state_ = 1;
};

std::string log_of(Random& random, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text += fmt::format(
        "Feb 11 {:02}:{:02}:{:02} bench vmkernel: 3:04:{:02}:{:02}.{:03} cpu{}:{})ScsiDeviceIO: 747: Command 0x{:02x} "
        "to device "
        "\"naa.6006{:08x}{:08x}{:08x}\" failed H:0x0 D:0x2 P:0x0 Valid sense data: 0x5 0x24 0x0.\n",
        random.below(24), random.below(60), random.below(60), random.below(60), random.below(60), random.below(1000),
        random.below(8), 4096 + random.below(900), random.below(256), random.below(1U << 31), random.below(1U << 31),
        random.below(1U << 31));
  return text;
}

void add_tree(Bundle& bundle, const fs::path& tree) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(tree))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    bundle.add(file.lexically_relative(tree).string(), {std::istreambuf_iterator<char>(in), {}});
  }
}

void make(const fs::path& tree, const std::string& file, std::int64_t megabytes, bool first) {
  Bundle bundle(file);
  if (first) add_tree(bundle, tree);
  Random random;
  for (int n = 0; bundle.size() < megabytes * 1'000'000; ++n)
    bundle.add(fmt::format("var/log/vmkernel.{}", n), log_of(random, 4U << 20));
  if (!first) add_tree(bundle, tree);
  bundle.close();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 5) throw std::invalid_argument("usage: make_bundle TREE FILE MB first|last");
    make(argv[1], argv[2], std::stoll(argv[3]), std::string(argv[4]) == "first");
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "make_bundle: " << e.what() << '\n';
    return 1;
  }
}
