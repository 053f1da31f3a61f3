// nsclctl: the operator's tool. See run.h.
#include <iostream>

#include "services/tools/nsclctl/run.h"

int main(int argc, char** argv) {
  return nscl::nsclctl::Run({argv + 1, argv + argc}, std::cin, std::cout, std::cerr);
}
