#include "esx2esxi/intake/readers.hpp"

namespace esx2esxi::intake {

Facts read_route(const Source&) { return {}; }

}  // namespace esx2esxi::intake
