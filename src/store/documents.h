// Documents of releases: sealed until their release fires, public from then on. Only TLP:CLEAR is here in clear.
#pragma once

#include "store/cells.h"
#include "store/db.h"

namespace sluice::store {

// What stands beside a CSAF document, as it is served: made when its release is planned, public with it.
struct Companions {
  std::string signature;                 // <name>.asc: OpenPGP, detached, ASCII-armoured (CSAF 2.0 §7.1.19)
  std::string sha256, sha512;            // <name>.sha256, <name>.sha512 (CSAF 2.0 §7.1.18)
};

struct Document {
  Hash hash{};
  CaseId case_id;
  AdvisoryId advisory;
  int version = 0;
  std::string kind;                      // "csaf", "cve", "osv"
  std::string name;                      // file name, "CVE-2021-44228.json"
  std::string body;
  std::optional<Companions> companions = {};
};

struct Publication {
  AdvisoryId advisory;
  int version = 0;
  std::string tracking, title, summary;
  Instant first_released, released;
  std::string document;                  // the advisory model as JSON
  std::string csaf;                      // where its CSAF document lies: "2031/ex-2031-0001.json"
};

Result<void> put_document(Tx& tx, const Cells& cells, const Document& document);
Result<std::vector<Document>> documents_of(Queries& db, const Cells& cells, AdvisoryId advisory, int version);
// Those that are public alone, for readers without a name: it has no key and opens nothing.
Result<std::vector<Document>> public_documents_of(Queries& db, AdvisoryId advisory, int version);
// Turns a sealed document public. Both are called by the Outlets of service/outlets.cpp alone.
Result<void> make_public(Tx& tx, const Cells& cells, const Document& document);
Result<void> put_publication(Tx& tx, const Publication& publication);

// The newest version of each advisory, newest first.
Result<std::vector<Publication>> publications(Queries& db, int limit, std::optional<Instant> before);
Result<std::vector<Publication>> publication_versions(Queries& db, std::string_view tracking);  // newest first
Result<std::optional<AdvisoryId>> advisory_of_public_document(Queries& db, std::string_view kind, std::string_view name);
Result<std::optional<std::string>> public_document(Queries& db, std::string_view kind, std::string_view name);
Result<std::optional<Document>> public_csaf(Queries& db, std::string_view path);  // of the newest version that lies there
Result<bool> every_public_csaf_is_signed(Queries& db);

}  // namespace sluice::store
