// Both headers, twice, in two files of one program: neither a second definition nor a second symbol.
#include "tenure.h"
#include "tenure.h"
#include "tenure.hpp"
#include "tenure.hpp"

std::size_t catalog_length();

int main() { return catalog_length() > 2 && tenure::Book::create().faults().rows() == 0 ? 0 : 1; }
