#define CONTAINER "session"
#include "container.hpp"
