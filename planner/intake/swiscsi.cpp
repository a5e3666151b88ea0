#include "esx2esxi/intake/readers.hpp"

namespace esx2esxi::intake {

Facts read_swiscsi_nic_list(const Source&) { return {}; }

}  // namespace esx2esxi::intake
