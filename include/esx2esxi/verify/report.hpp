// What `verify` gives to other programs, and to those who sign.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/render/quote.hpp"
#include "esx2esxi/verify/compare.hpp"

namespace esx2esxi::verify {

/// {"format": "esx2esxi-verify", "version": "1.0", "as_planned", "hosts": [{"name", "as_planned", "blocked", "equal",
/// "different", "missing", "unexpected", "checks": [{"verdict", "subject", "field", "expected", "found", "mend"[]}],
/// "unseen": [{"what", "command", "needed"}]}], "uncaptured"[], "strangers"[]}
std::string to_json(const Report& report);

/// One suite a host, one case a field; what the capture lacks fails where it is needed, else it is skipped.
std::string to_junit(const Report& report);

/// What a report was made of, so that a signature says what it is for.
struct Verification {
  struct File {
    std::string path;
    std::string sha256;
  };
  std::string date;    ///< YYYY-MM-DD
  std::string target;  ///< "8.0"
  File plan;           ///< plan.json
  std::vector<File> captures;
};

/// A table per host with each field, planned and found, its verdict, and blanks for names and signatures; whole by
/// itself. `syntax` is Html or Markdown.
std::string to_document(const Report& report, const Verification& about, render::Syntax syntax);

}  // namespace esx2esxi::verify
