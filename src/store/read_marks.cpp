#include "store/read_marks.h"

#include <algorithm>

namespace sluice::store {

namespace {
constexpr Sql kFindMark{"read_mark", "SELECT positions FROM read_mark WHERE mark = $1"};
constexpr Sql kPutMark{"put_read_mark", "INSERT INTO read_mark (mark, positions) VALUES ($1, $2) ON CONFLICT (mark) DO UPDATE SET positions = excluded.positions"};

constexpr std::size_t kMostOwn = 1'000;  // in one stream, without reading it once

Tag tag_of(const Cells& cells, PersonId person, CaseId id) { return cells.tag("read mark", person.text() + "/" + id.text()); }

json::value to_cell(const ReadMark& mark) {
  json::object read, own;
  for (const auto& [compartment, position] : mark.read) read[compartment] = position;
  for (const auto& [compartment, sequences] : mark.own) {
    json::array list;
    for (const auto sequence : sequences) list.push_back(json::value(sequence));
    own[compartment] = std::move(list);
  }
  return json::object{{"read", std::move(read)}, {"own", std::move(own)}};
}

ReadMark from_cell(const json::value& value) {
  ReadMark out;
  if (const auto* read = find_at(value, "/read"); read != nullptr && read->is_object())
    for (const auto& one : read->get_object())
      if (one.value().is_int64()) out.read[std::string(one.key())] = one.value().get_int64();
  if (const auto* own = find_at(value, "/own"); own != nullptr && own->is_object())
    for (const auto& one : own->get_object())
      if (one.value().is_array())
        for (const auto& sequence : one.value().get_array())
          if (sequence.is_int64()) out.own[std::string(one.key())].push_back(sequence.get_int64());
  return out;
}

Result<void> put(Tx& tx, const Cells& cells, const Tag& tag, const ReadMark& mark) {
  TRY(tx.run(kPutMark, tag, cells.seal_json("read_mark", hex(tag), "positions", to_cell(mark))));
  return {};
}
}  // namespace

Result<ReadMark> read_mark(Queries& db, const Cells& cells, PersonId person, CaseId id) {
  const auto tag = tag_of(cells, person, id);
  TRY(const auto row, db.one(kFindMark, tag));
  if (!row) return ReadMark{};
  TRY(const auto opened, cells.open_json("read_mark", hex(tag), "positions", row->bytes(0)));
  return from_cell(opened);
}

Result<void> move_read_mark(Tx& tx, const Cells& cells, PersonId person, CaseId id, const Positions& to) {
  TRY(auto mark, read_mark(tx, cells, person, id));
  bool moved = false;
  for (const auto& [compartment, position] : to) {
    auto& known = mark.read[compartment];
    if (position <= known) continue;
    known = position;
    moved = true;
    if (const auto own = mark.own.find(compartment); own != mark.own.end()) {
      std::erase_if(own->second, [&](std::int64_t sequence) { return sequence <= position; });
      if (own->second.empty()) mark.own.erase(own);
    }
  }
  return moved ? put(tx, cells, tag_of(cells, person, id), mark) : Result<void>();
}

Result<void> note_own_entry(Tx& tx, const Cells& cells, PersonId person, CaseId id, const std::string& compartment, std::int64_t sequence) {
  TRY(auto mark, read_mark(tx, cells, person, id));
  auto& own = mark.own[compartment];
  own.push_back(sequence);
  if (own.size() > kMostOwn) own.erase(own.begin());
  return put(tx, cells, tag_of(cells, person, id), mark);
}

}  // namespace sluice::store
