#include "esx2esxi/intake/readers.hpp"

namespace esx2esxi::intake {

Facts read_resolv_conf(const Source&) { return {}; }

}  // namespace esx2esxi::intake
