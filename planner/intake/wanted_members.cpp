#include "wanted_members.hpp"

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/importer.hpp"
#include "last_wanted.hpp"

namespace esx2esxi::intake {

namespace {

/// A real esx.conf has 120 KiB, esxcfg-info some MiB.
constexpr std::size_t kLargestMember = 16U << 20;
constexpr std::size_t kMostBytes = 32U << 20;
constexpr std::size_t kMostFiles = 4096;
constexpr std::size_t kMostRefused = 100;

constexpr std::size_t kLongestPath = 4096;  // PATH_MAX

/// The configuration before a 3-to-4 upgrade.
constexpr std::string_view kFormerLife = "/esx3-installation/";

/// As an extractor would write it, below a folder.
std::string_view below_a_folder(std::string_view name) {
  for (;;) {
    if (name.starts_with('/'))
      name.remove_prefix(1);
    else if (name.starts_with("./"))
      name.remove_prefix(2);
    else
      return name;
  }
}

bool leads_outside(std::string_view path) {
  for (auto at = path.find(".."); at != std::string_view::npos; at = path.find("..", at + 2)) {
    const bool begins = at == 0 || path[at - 1] == '/';
    const bool ends = at + 2 == path.size() || path[at + 2] == '/';
    if (begins && ends) return true;
  }
  return false;
}

void count(WantedMembers::Odd& odd, std::string_view path) {
  if (odd.count++ == 0) odd.first = path;
}

class Pass {
 public:
  explicit Pass(TarReader& tar) : tar_(tar) {}

  WantedMembers run() {
    while (const auto member = tar_.next()) {
      take(*member);
      if (last_.reached() || full_) {
        tar_.stop();
        break;
      }
    }
    if (!out_.fault) out_.fault = tar_.fault();
    return std::move(out_);
  }

 private:
  void take(const TarMember& member) {
    const auto path = below_a_folder(member.name);
    if (path.empty()) return;
    if (leads_outside(path)) return count(out_.outside, path);
    const bool wanted = member.kind != MemberKind::Folder && may_be_wanted(path);
    if (member.kind == MemberKind::Other && !wanted) count(out_.devices, path);
    last_.pass(member.kind == MemberKind::Folder && !path.ends_with('/') ? std::string(path) + "/" : std::string(path));
    if (wanted && !last_.reached()) keep(std::string(path), member);
  }

  void keep(std::string path, const TarMember& member) {
    if (member.kind != MemberKind::File)
      return refuse(std::move(path), "it is a link or a device, and those are not followed");
    if (member.size > kLargestMember)
      return refuse(std::move(path),
                    fmt::format("it has more than {} MiB, which no such file has", kLargestMember >> 20));
    if (out_.files.size() >= kMostFiles || bytes_ + member.size > kMostBytes) {
      out_.fault = beyond_budget("the archive holds more files of a host than any host has; the rest is not read");
      full_ = true;
      return;
    }
    auto text = tar_.read();
    if (!text) return;
    bytes_ += text->size();
    last_.keep(path, *text);
    out_.refused.erase(path);
    out_.files.insert_or_assign(std::move(path), std::move(*text));  // as an extractor: the last one stays
  }

  void refuse(std::string path, std::string_view reason) {
    out_.files.erase(path);
    if (out_.refused.size() < kMostRefused) out_.refused.insert_or_assign(std::move(path), Reason(reason));
  }

  TarReader& tar_;
  LastWanted last_;
  WantedMembers out_;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace

bool may_be_wanted(std::string_view path) {
  if (path.size() > kLongestPath) return false;
  if (path.starts_with(kFormerLife.substr(1)) || path.find(kFormerLife) != std::string_view::npos) return false;
  if (importer_for(path) != nullptr) return true;  // an output lies anywhere
  auto at = path.find('/');
  for (int depth = 1; depth < kDeepestRoot && at != std::string_view::npos; ++depth, at = path.find('/', at + 1))
    if (const auto inside = path.substr(at + 1); inside.starts_with("etc/") && importer_for(inside) != nullptr)
      return true;
  return false;
}

WantedMembers read_wanted(TarReader& tar) { return Pass(tar).run(); }

}  // namespace esx2esxi::intake
