// What stands in an object's row: keyed names for what it is found by, and one cell that holds the rest. For the files here that put objects and read them.
//
// The cell: the id and the version as TAXII writes it, each with a line feed after it; 32 bytes of SHA-256 over the object's bytes; the bytes. Of a deleted object the hash alone is left.
//
// Always holds
//   O1  The hash of sealed bytes stands in no clear column: whoever has the database could guess a small text by it. The column is a keyed hash of it.
//   O2  A cell opens only in the row whose keyed hash it was sealed for; other bytes than its hash says are damage ("corrupt"), sealed or not.
#pragma once

#include <memory>

#include "ledger/seal.h"
#include "store/collections.h"

namespace sluice::store {

Tag object_name(const Cells& cells, std::string_view id);
std::int64_t type_number(const Cells& cells, std::string_view type);      // of a type: nobody without the key can read it
std::int64_t line_number(const Tag& sender);                              // of an organisation's versions (lines.h); from its keyed hash
Tag tag_in(ByteView bytes);                                               // as a column holds it
Tag content_tag(const Cells& cells, const Collection& collection, std::string_view id, const Hash& content);   // of what two spellings of one object have in common
Tag hash_tag(const Cells& cells, const Collection& collection, const Hash& hash);

std::string cell_of(std::string_view id, std::string_view version, const Hash& hash, std::string_view bytes);

struct ObjectCell {
  std::string_view id, version, bytes;
  Hash hash{};
};

// Seals for a collection's key, and opens what it sealed; the key is asked for once.
class ObjectCells {
 public:
  ObjectCells(Store& store, Queries& db, const Collection& collection) : store_(store), db_(db), collection_(collection), stream_(store.cells().tag("stream", stream_of_collection(collection.id))) {}
  Result<std::string> open(bool is_sealed, const Tag& hash, ByteView body);
  // Its parts, which point into it.
  Result<ObjectCell> parts(std::string_view cell, const Tag& hash) const;

 private:
  Store& store_;
  Queries& db_;
  const Collection& collection_;
  Tag stream_;
  ledger::KeyName name_;
  std::shared_ptr<const ledger::SecretKey> key_;
};

Bytes sealed_cell(const Cells& cells, const ledger::SecretKey& key, const ledger::KeyName& name, const Tag& hash, std::string_view cell);

}  // namespace sluice::store
