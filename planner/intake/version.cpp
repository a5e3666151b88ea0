#include "esx2esxi/intake/readers.hpp"

namespace esx2esxi::intake {

Facts read_vmware_release(const Source&) { return {}; }

Facts read_vmware_version(const Source&) { return {}; }

}  // namespace esx2esxi::intake
