#include "unpacker.hpp"

#include <fmt/format.h>
#include <zlib.h>

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kRoom = 256U << 10;

/// A whole bundle of a large host has some GiB.
constexpr std::uint64_t kMostUnpacked = 16ULL << 30;
/// Logs shrink to a tenth; what shrinks to less than 1/200 over this much is made of nothing.
constexpr std::uint64_t kMostRatio = 200;
constexpr std::uint64_t kRatioCounts = 256ULL << 20;

constexpr std::string_view kGzip("\x1f\x8b", 2);
constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, with gzip's header and checksum

void end_inflater(z_stream_s* stream) {
  if (stream == nullptr) return;
  inflateEnd(stream);
  delete stream;
}

}  // namespace

Fault truncated() {
  return {"bundle-truncated", "the archive is cut off; what stands before the cut is used",
          "copy it from its source again and compare the sizes"};
}

Fault damaged(std::string_view reason) {
  return {"bundle-damaged", fmt::format("the archive is damaged ({}); what stands before the damage is used", reason),
          "copy it from its source again"};
}

Fault beyond_budget(std::string message) {
  return {"bundle-budget", std::move(message), "if the archive is genuine, unpack it and name the folder instead"};
}

Unpacker::Unpacker(Pull pull) : pull_(std::move(pull)), inflater_(nullptr, end_inflater) {}

std::string_view Unpacker::next() {
  if (!started_) start();
  if (fault_ || ended_) return {};
  std::string_view piece;
  if (inflater_) {
    piece = inflated();
  } else if (!input_.empty() || refill()) {
    piece = std::exchange(input_, {});
    packed_ += piece.size();
  }
  unpacked_ += piece.size();
  check_budget();
  return piece;
}

void Unpacker::drain() {
  while (inflater_ && !next().empty()) {
  }
}

void Unpacker::start() {
  started_ = true;
  if (!refill() || !input_.starts_with(kGzip)) return;
  auto stream = std::make_unique<z_stream>();
  *stream = {};
  if (inflateInit2(stream.get(), kGzipWindow) != Z_OK) throw std::bad_alloc();
  inflater_.reset(stream.release());
  room_.reset(new char[kRoom]);
}

/// More input, or the end of it, which is too early in the middle of a gzip member.
bool Unpacker::refill() {
  const auto got = pull_();
  if (got) input_ = *got;
  if (!got)
    fault_ = Fault{"unreadable", "cannot be read: " + got.error(), "check the disk that it lies on"};
  else if (input_.empty())
    ended_ = true;
  return !fault_ && !ended_;
}

/// Fills the room as far as it goes: what was unpacked before a fault is handed out first.
std::string_view Unpacker::inflated() {
  auto& z = *inflater_;
  z.next_out = reinterpret_cast<Bytef*>(room_.get());
  z.avail_out = kRoom;
  while (z.avail_out > 0 && !fault_ && !ended_) {
    if (input_.empty() && !refill()) {
      if (ended_ && !between_) fault_ = truncated();
      break;
    }
    inflate_once();
  }
  return {room_.get(), kRoom - z.avail_out};
}

void Unpacker::inflate_once() {
  auto& z = *inflater_;
  if (between_) {
    // As gzip does: another member, or padding that means nothing.
    if (input_.front() != kGzip.front()) return void(ended_ = true);
    between_ = false;
    inflateReset(&z);
  }
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));  // zlib does not write there
  z.avail_in = static_cast<uInt>(std::min<std::size_t>(input_.size(), 1U << 30));
  const auto offered = z.avail_in;
  const int result = inflate(&z, Z_NO_FLUSH);
  const auto used = offered - z.avail_in;
  packed_ += used;
  input_.remove_prefix(used);
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result == Z_STREAM_END)
    between_ = true;
  else if (result != Z_OK && result != Z_BUF_ERROR)
    fault_ = damaged(z.msg ? z.msg : "it does not unpack");
}

void Unpacker::check_budget() {
  if (fault_) return;
  if (unpacked_ > kMostUnpacked)
    fault_ = beyond_budget(
        fmt::format("the archive unpacks to more than {} GiB; the rest is not read", kMostUnpacked >> 30));
  else if (unpacked_ > kRatioCounts && unpacked_ / kMostRatio > packed_)
    fault_ = beyond_budget(
        fmt::format("the archive unpacks to more than {} times its size, as only a zip bomb does; the rest is not read",
                    kMostRatio));
}

}  // namespace esx2esxi::intake
