#define CONTAINER "RVTools workbook"
#include "container.hpp"
