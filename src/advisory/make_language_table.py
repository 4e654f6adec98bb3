#!/usr/bin/env python3
"""Writes language_table.cpp from lang/subtags.tsv in $SLUICE_REFERENCE_DATA:  ./make_language_table.py > language_table.cpp"""
import csv, os

rows = csv.DictReader(open(os.path.join(os.environ["SLUICE_REFERENCE_DATA"], "lang/subtags.tsv"), encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)
subtags = {"language": set(), "script": set(), "region": set()}
for row in rows:
    if row["type"] in subtags and ".." not in row["subtag"] and not row["description"].startswith("Private use"):
        subtags[row["type"]].add(row["subtag"])

def table(name, words):
    packed = "".join(sorted(words))
    width = 140 - 140 % (len(next(iter(words))))
    lines = [packed[i:i + width] for i in range(0, len(packed), width)]
    return "constexpr std::string_view %s =\n%s;" % (name, "\n".join('    "%s"' % line for line in lines))

print("""// Made by make_language_table.py; don't edit. The subtags of languages, scripts and regions, sorted and set one after the other, private use left out.
//
// Source: IANA Language Subtag Registry, file date 2025-08-25 (public domain).
#include "advisory/forms.h"

namespace sluice::advisory {

namespace {""")
for name, kind, size in [("kLanguages2", "language", 2), ("kLanguages3", "language", 3), ("kScripts", "script", 4), ("kRegions2", "region", 2), ("kRegions3", "region", 3)]:
    print(table(name, [w for w in subtags[kind] if len(w) == size]))
print("""
bool holds(std::string_view packed, std::string_view word) {
  std::size_t low = 0, high = packed.size() / word.size();
  while (low < high) {
    const auto middle = (low + high) / 2;
    const auto found = packed.substr(middle * word.size(), word.size());
    if (found == word) return true;
    if (found < word) low = middle + 1;
    else high = middle;
  }
  return false;
}
}  // namespace

bool is_language_subtag(std::string_view word) { return word.size() == 2 ? holds(kLanguages2, word) : word.size() == 3 && holds(kLanguages3, word); }

bool is_script_subtag(std::string_view word) { return word.size() == 4 && holds(kScripts, word); }

bool is_region_subtag(std::string_view word) { return word.size() == 2 ? holds(kRegions2, word) : word.size() == 3 && holds(kRegions3, word); }

}  // namespace sluice::advisory""")
