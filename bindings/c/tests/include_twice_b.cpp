#include "tenure.hpp"
#include "tenure.hpp"
#include "tenure.h"
#include "tenure.h"

std::size_t catalog_length();
std::size_t catalog_length() { return tenure::catalog().size(); }
