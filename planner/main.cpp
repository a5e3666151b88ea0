#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "esx2esxi/app/run.hpp"

#ifdef ESX2ESXI_JEMALLOC
/// Read by jemalloc at its start (jemalloc(3), TUNING): what is freed goes back to the system soon.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,dirty_decay_ms:200,muzzy_decay_ms:0";
}
#endif

int main(int argc, char** argv) {
  try {
    return esx2esxi::app::run({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception&) {
    return 70;  // not even the arguments could be copied
  }
}
