#include "esx2esxi/plan/waves.hpp"

namespace esx2esxi::plan {

std::string_view to_string(WaveKind kind) {
  switch (kind) {
    case WaveKind::PreMigrate: return "pre-migrate";
    case WaveKind::Migrate: return "migrate";
    case WaveKind::CleanUp: return "clean-up";
  }
  return {};
}

std::string_view to_string(Transition transition) {
  switch (transition) {
    case Transition::None: return "none";
    case Transition::PreMigrate: return "pre-migrate";
    case Transition::SecondInterface: return "second-interface";
    case Transition::AtOnce: return "at-once";
    case Transition::Refused: return "refused";
  }
  return {};
}

}  // namespace esx2esxi::plan
