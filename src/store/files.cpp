#include "store/files.h"

#include <bit>

namespace sluice::store {

namespace {
constexpr Sql kAddFile{"add_file", "INSERT INTO file (id, size_class, stream, created, chunks) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kAddChunk{"add_file_chunk", "INSERT INTO file_chunk (file, n, body) VALUES ($1, $2, $3)"};
constexpr Sql kFile{"file", "SELECT chunks, stream FROM file WHERE id = $1"};
constexpr Sql kChunks{"file_chunks", "SELECT n, body FROM file_chunk WHERE file = $1 ORDER BY n"};
constexpr std::size_t kChunk = 256 << 10;

std::string place_of(FileId file, std::int64_t n, std::int64_t chunks) { return file.text() + "/" + std::to_string(n) + "/" + std::to_string(chunks); }
}  // namespace

Result<void> write_file(Writing& writing, CaseId id, const access::Compartment& compartment, FileId file, ByteView body) {
  auto& store = writing.store();
  const auto stream = store.streams().tag_of(id, compartment);
  TRY(const auto key, store.streams().writing_key(writing.tx(), stream));
  const auto chunks = static_cast<std::int64_t>(body.empty() ? 1 : (body.size() + kChunk - 1) / kChunk);
  TRY(writing.tx().run(kAddFile, file, static_cast<std::int64_t>(std::bit_width(body.size())), stream, Instant{}, chunks));
  for (std::int64_t n = 0; n < chunks; ++n) {
    const auto from = static_cast<std::size_t>(n) * kChunk;
    const auto part = body.subspan(from, std::min(kChunk, body.size() - from));
    const auto row = place_of(file, n, chunks);
    TRY(writing.tx().run(kAddChunk, file, n, ledger::seal(*key.second, key.first, {writing.cells().site(), "file_chunk", row, "body"}, part, system_random())));
  }
  return {};
}

Result<Bytes> read_file(Queries& db, Store& store, CaseId id, const access::Compartment& compartment, FileId file) {
  std::int64_t chunks = 0;
  {
    TRY(auto row, db.one(kFile, file));
    if (!row) return fail(ErrorKind::NotFound, "There is no such file, or you have no access to it.");
    chunks = row->i64(0);
    const auto stream = store.streams().tag_of(id, compartment);
    if (!std::equal(stream.begin(), stream.end(), row->bytes(1).begin(), row->bytes(1).end())) return fail(ErrorKind::NotFound, "There is no such file, or you have no access to it.");
  }
  std::vector<Bytes> sealed;
  {
    TRY(auto rows, db.query(kChunks, file));
    for (;;) {
      TRY(const bool more, rows.next());
      if (!more) break;
      sealed.push_back(rows.copy(1));
    }
  }
  if (static_cast<std::int64_t>(sealed.size()) != chunks) return fail(ErrorKind::Unavailable, "This file is damaged.", {}, {}, "corrupt");
  Bytes out;
  for (std::int64_t n = 0; n < chunks; ++n) {
    const auto& record = sealed[static_cast<std::size_t>(n)];
    TRY(const auto name, ledger::key_of(record));
    TRY(const auto key, store.streams().reading_key(db, store.streams().tag_of(id, compartment), name));
    const auto row = place_of(file, n, chunks);
    TRY(auto opened, ledger::open(*key, {store.cells().site(), "file_chunk", row, "body"}, record));
    out.insert(out.end(), opened.reveal().begin(), opened.reveal().end());
  }
  return out;
}

}  // namespace sluice::store
