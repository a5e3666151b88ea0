#define CONTAINER "RVTools tab"
#include "container.hpp"
