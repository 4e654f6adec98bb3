#!/usr/bin/env python3
"""Writes cwe_table.cpp from cwe/cwe-weaknesses.tsv in $SLUICE_REFERENCE_DATA:  ./make_cwe_table.py > cwe_table.cpp"""
import csv, os

rows = list(csv.DictReader(open(os.path.join(os.environ["SLUICE_REFERENCE_DATA"], "cwe/cwe-weaknesses.tsv"), encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
rows.sort(key=lambda row: int(row["id"][4:]))
print("""// Made by make_cwe_table.py; don't edit. The names of all weaknesses (not categories or views) of CWE 4.15, one a line.
//
// Source: The MITRE Corporation, Common Weakness Enumeration, list version 4.15 (2024-07-16); CWE terms of use: free use with attribution.
// Copyright The MITRE Corporation. CWE is a trademark of The MITRE Corporation.
#include <algorithm>
#include <charconv>

#include "advisory/advisory.h"

namespace sluice::advisory {

namespace {
struct Weakness {
  int number;
  std::string_view name;
};

constexpr Weakness kWeaknesses[] = {  // by number""")
for row in rows:
    name = row["name"].replace("\\", "\\\\").replace('"', '\\"')
    print("    {%d, \"%s\"}," % (int(row["id"][4:]), name))
print("""};
}  // namespace

std::string_view cwe_name(std::string_view id) {
  if (!id.starts_with("CWE-")) return {};
  id.remove_prefix(4);
  int number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size() || id.starts_with('0')) return {};
  const auto* found = std::lower_bound(std::begin(kWeaknesses), std::end(kWeaknesses), number, [](const Weakness& w, int n) { return w.number < n; });
  return found != std::end(kWeaknesses) && found->number == number ? found->name : std::string_view{};
}

}  // namespace sluice::advisory""")
