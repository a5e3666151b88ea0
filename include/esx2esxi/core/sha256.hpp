#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace esx2esxi {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::string_view bytes);
  std::string hex();  ///< 64 lower-case hexadecimal digits; the last call

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// The same of bytes in memory.
std::string sha256_hex(std::string_view bytes);

}  // namespace esx2esxi
