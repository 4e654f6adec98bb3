// What may be asked of the objects of a collection beyond TAXII's own filters: their label, sector, region, confidence, and the values they are about. Told from the objects' own
// bytes, so that a stream and a poll pick the same, in the same order, and one cursor is good for both.
//
//   TRY(const auto page, filtered_page(store, tx, seen, wanted, Parts::Whole, filter));     // as store::page_of; with an empty filter it is that
//
// Sectors and regions stand on identities and locations (STIX 2.1 §4.5, §4.10). An object fits if it says so itself, or refers to an identity or location that does and that the same
// reader meets in the same collection: a relationship that targets it, a sighting there, a report that names it.
//
// Always holds
//   F1  What fits is of the page without the filter; a page begins after `after` and its successor where it says (next_after), so nothing is lost or comes twice, whatever fits.
//   F2  A page looks at a bounded number of objects: where little fits it ends early, perhaps with no object, and says that there is more.
//   F3  Two filters with the same canonical() let the same objects through; "" exactly if there is none.
#pragma once

#include <functional>

#include "base/json.h"
#include "base/tlp.h"
#include "store/objects.h"

namespace sluice::service {

struct ContentFilter {
  std::vector<Tlp> labels = {};                   // any of them: of the object and its strictest part; sorted, each once, as the others
  std::vector<std::string> sectors = {};          // industry-sector-ov (STIX 2.1 §10.8), in lower case
  std::vector<std::string> regions = {};          // region-ov (§10.19), or a country's two letters; in lower case
  std::optional<int> confidence = {};             // at least this (STIX 2.1 §3.2: 0 to 100)
  std::vector<std::pair<std::string, std::string>> values = {};   // kind and text as threat::normalised writes them; any of them

  bool is_empty() const { return labels.empty() && sectors.empty() && regions.empty() && !confidence && values.empty(); }
  std::string canonical() const;                  // "" for none
};

// The readings of one text as a value, defanged or not: "198.51.100.7", "hxxps://evil[.]example/", "file-name:setup.exe" for one kind alone. None: it is no value.
std::vector<std::pair<std::string, std::string>> value_readings(std::string_view text);

// The identity or location with this id; nullptr: unknown to whoever asks.
using PartyLookup = std::function<const json::object*(std::string_view id)>;
bool lets_through(const ContentFilter& filter, const json::object& object, Tlp unmarked, const PartyLookup& party);

Result<store::ObjectPage> filtered_page(store::Store& store, store::Tx& tx, const store::CollectionSeen& seen, store::ObjectsWanted wanted, store::Parts parts, const ContentFilter& filter);

}  // namespace sluice::service
