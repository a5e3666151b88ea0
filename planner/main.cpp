#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "esx2esxi/app/run.hpp"

int main(int argc, char** argv) {
  try {
    return esx2esxi::app::run({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception&) {
    return 70;  // not even the arguments could be copied
  }
}
