// Sharing collections, as work for the Writer: made here, and what their readers are given follows from their audiences (store/collections.h).
// Each has a stream of its own in the ledger. Its events, and what each carries:
//
//   CollectionAdded   collection, title, read, write (ids, or "*"), unmarked, shared_ids where writers make versions of each other's objects
//   ObjectsAdded      collection, count, first, last: numbers of rows; list: the SHA-256 over the SHA-256 of each object's bytes, in order
//   ObjectsDeleted    collection, object, count, hashes: the SHA-256 of the bytes of each that was removed
//
// Always holds
//   N1  Whoever is named as a reader is given it by the gate: one Ruling and one grant for each audience, in the transaction that makes the collection.
#pragma once

#include "service/services.h"
#include "store/collections.h"
#include "store/version_choice.h"

namespace sluice::service {

struct NewCollection {
  std::string title;
  std::optional<std::string> description = {}, alias = {};
  std::vector<OrganisationId> readers = {}, writers = {};
  bool anyone_reads = false, anyone_writes = false;         // any signed-in organisation
  std::string unmarked = "green";                           // how objects without a marking are taken: a word of Tlp, or "refused"
  std::string redacted = "withheld";                        // a word of Redacted (redacted.h)
  bool shared_ids = false;                                  // its writers make versions of each other's objects
};

// For an administrator of the site, or the command line. Answer {"id"}.
Work add_collection(Services& services, Asker asker, NewCollection collection);

// "o_…,o_…" or "*". Invalid, with the flag's name, for anything else.
struct NamedOrganisations {
  std::vector<OrganisationId> named;
  bool anyone = false;
};
Result<NamedOrganisations> organisations_in_list(std::string_view text, std::string_view flag);

// One entry in the collection's stream, acknowledged to the asker.
Result<void> write_collection_entry(Unit& unit, const Asker& asker, std::string_view collection, std::string_view action, json::object event, Committed& out);

std::string random_uuid(Random& random);                    // version 4 (RFC 4122 §4.4)

std::unexpected<Error> no_object();                         // of one that isn't there for whoever asks: the same for all doors

// Writes down what of a page reached the viewer's organisation for the first time, before the bytes leave.
Work record_object_deliveries(Services& services, access::Viewer viewer, std::vector<std::int64_t> objects);

// What the ledger says of what was removed.
json::object objects_deleted_event(std::string_view collection, std::string_view id, std::span<const Hash> hashes);

// Removes what the filter picks of one object. NotFound for what the viewer doesn't meet; Forbidden without the right to read and to write. Answer {"deleted"}.
Work delete_object(Services& services, Asker asker, std::string collection, std::string id, store::VersionsWanted wanted);

}  // namespace sluice::service
