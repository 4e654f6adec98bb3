// Indicators and observables as a table for people and for tools that read no STIX: CSV (RFC 4180), UTF-8, CRLF, a header line.
//
// Always holds
//   T1  A cell that a spreadsheet could take for a formula (it begins with = + - @, a tab or a carriage return) has an apostrophe before it.
//   T2  Each value of an indicator is a row; what is more than a choice of values is one row with its pattern and no value.
//   T3  A row has the strictest TLP of its object, parts included.
// Columns: docs/formats/ioc_csv.md, and columns() here.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "formats/written.h"

namespace sluice::formats::ioc_csv {

struct Column {
  std::string_view name, what;
};
std::span<const Column> columns();

struct Table {
  std::string text;
  Losses losses;       // objects of other types, counted by type
};

// A bundle, an envelope, a list of objects or one object. Invalid where there is no STIX object.
Result<Table> write(const json::value& document);

// One cell: guarded against formulas (T1), quoted where it must be.
std::string cell(std::string_view text);

}  // namespace sluice::formats::ioc_csv
