#include "store/object_cells.h"

#include <algorithm>

namespace sluice::store {

namespace {

constexpr std::string_view kTable = "object_version", kColumn = "body";

std::int64_t number_of(const Tag& tag) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8 | tag[i];
  return static_cast<std::int64_t>(out >> 1);
}

std::unexpected<Error> damaged_cell() { return fail(ErrorKind::Unavailable, "An object's cell is damaged.", {}, {}, "corrupt"); }

}  // namespace

Tag object_name(const Cells& cells, std::string_view id) { return cells.tag("object", id); }
std::int64_t type_number(const Cells& cells, std::string_view type) { return number_of(cells.tag("object type", type)); }
std::int64_t line_number(const Tag& sender) { return std::max<std::int64_t>(1, number_of(sender)); }
Tag tag_in(ByteView bytes) {
  Tag out{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.size()), out.begin());
  return out;
}

Tag content_tag(const Cells& cells, const Collection& collection, std::string_view id, const Hash& content) { return cells.tag("object content", collection.id + "/" + std::string(id) + "/" + hex(content)); }

Tag hash_tag(const Cells& cells, const Collection& collection, const Hash& hash) { return cells.tag("object hash", collection.id + "/" + hex(hash)); }

std::string cell_of(std::string_view id, std::string_view version, const Hash& hash, std::string_view bytes) {
  std::string out;
  out.reserve(id.size() + version.size() + hash.size() + bytes.size() + 2);
  return out.append(id).append("\n").append(version).append("\n").append(text_of(hash)).append(bytes);
}

Result<std::string> ObjectCells::open(bool is_sealed, const Tag& hash, ByteView body) {
  if (!is_sealed) return std::string(text_of(body));
  TRY(const auto name, ledger::key_of(body));
  if (!key_ || name != name_) {
    TRY(key_, store_.streams().reading_key(db_, stream_, name));
    name_ = name;
  }
  const auto row = hex(hash);
  TRY(auto opened, ledger::open(*key_, {store_.cells().site(), kTable, row, kColumn}, body));
  return std::string(text_of(opened.reveal()));
}

Result<ObjectCell> ObjectCells::parts(std::string_view cell, const Tag& hash) const {
  const auto first = cell.find('\n');
  const auto second = first == cell.npos ? cell.npos : cell.find('\n', first + 1);
  ObjectCell out;
  if (second == cell.npos || cell.size() - second - 1 < out.hash.size()) return damaged_cell();
  const auto from = bytes_of(cell.substr(second + 1, out.hash.size()));
  std::copy(from.begin(), from.end(), out.hash.begin());
  out.id = cell.substr(0, first), out.version = cell.substr(first + 1, second - first - 1), out.bytes = cell.substr(second + 1 + out.hash.size());
  const bool is_deleted = out.id.empty();
  if (hash_tag(store_.cells(), collection_, out.hash) != hash || (!is_deleted && sha256(bytes_of(out.bytes)) != out.hash)) return damaged_cell();
  return out;
}

Bytes sealed_cell(const Cells& cells, const ledger::SecretKey& key, const ledger::KeyName& name, const Tag& hash, std::string_view cell) {
  const auto row = hex(hash);
  return ledger::seal(key, name, {cells.site(), kTable, row, kColumn}, bytes_of(cell), system_random());
}

}  // namespace sluice::store
