#!/usr/bin/env python3
"""Writes cvss4_table.cpp from cvss/cvss4-macrovectors.json in $SLUICE_REFERENCE_DATA:  ./make_cvss4_table.py > cvss4_table.cpp"""
import itertools, json, os

values = json.load(open(os.path.join(os.environ["SLUICE_REFERENCE_DATA"], "cvss/cvss4-macrovectors.json")))["macrovectors"]
print("""// Made by make_cvss4_table.py; don't edit. The values of the CVSS 4.0 MacroVectors, in tenths.
//
// Source: numbers of the CVSS v4.0 specification (FIRST.Org, Inc.), as in FIRSTdotorg/cvss-v4-calculator (BSD-2-Clause).
#include <cstdint>

#include "score/cvss_metrics.h"

namespace sluice::cvss {

namespace {
constexpr std::int8_t kNone = -1;  // EQ3 2 with EQ6 0 can't occur

// A row an (EQ1, EQ2, EQ3); in it EQ4 0…2, EQ5 0…2, EQ6 0…1.
constexpr std::int8_t kTenths[18][18] = {""")
for a, b, c in itertools.product("012", "01", "012"):
    row = [values.get(a + b + c + d + e + f) for d, e, f in itertools.product("012", "012", "01")]
    print("    {" + ", ".join("kNone" if v is None else str(round(v * 10)) for v in row) + "},  // " + a + b + c)
print("""};
}  // namespace

int macrovector_tenths(const std::array<int, 6>& eq) { return kTenths[(eq[0] * 2 + eq[1]) * 3 + eq[2]][(eq[3] * 3 + eq[4]) * 2 + eq[5]]; }

}  // namespace sluice::cvss""")
