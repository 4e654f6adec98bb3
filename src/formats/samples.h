// Advisories for the tests of all formats.
#pragma once

#include <string>
#include <vector>

#include "advisory/advisory.h"

namespace sluice::formats::samples {

struct Sample {
  std::string name;
  advisory::Advisory advisory;
};

advisory::Advisory log4shell();  // two vulnerabilities, products of four vendors, exploited
advisory::Advisory minimal();    // nothing that may be left out
advisory::Advisory revised();    // log4shell in its second revision
advisory::Advisory scored();     // CVSS 2.0, 3.0, 3.1 and 4.0, each for another product, with every group of metrics
advisory::Advisory unicode();    // in Chinese, with English beside it, and characters that need care

std::vector<Sample> all();

// A random advisory, mostly without an error.
advisory::Advisory any();

}  // namespace sluice::formats::samples
