#include "store/cells.h"

#include "store/read_work.h"

namespace sluice::store {

namespace {
constexpr JsonLimits kOwnLimits{.bytes = 64 << 20, .depth = 64, .keys = 2'000'000, .string = 16 << 20};  // what we wrote ourselves
}

Cells::Cells(const ledger::KeyRing& keys, SiteId site) : keys_(keys), site_(site), key_(keys.derived("site cells")) {
  const auto id = hmac_sha256(key_.view(), {bytes_of("key id")});
  std::copy(id.begin(), id.begin() + 16, name_.id.begin());
  name_.version = 1;
}

Bytes Cells::seal(std::string_view table, std::string_view row, std::string_view column, std::string_view plain) const {
  return ledger::seal(key_, name_, {site_, table, row, column}, bytes_of(plain), system_random());
}

Result<std::string> Cells::open(std::string_view table, std::string_view row, std::string_view column, ByteView sealed) const {
  ++read_work().opened;
  TRY(auto opened, ledger::open(key_, {site_, table, row, column}, sealed));
  return std::string(text_of(opened.reveal()));
}

Bytes Cells::seal_json(std::string_view table, std::string_view row, std::string_view column, const json::value& value) const { return seal(table, row, column, canonical(value)); }

Result<json::value> Cells::open_json(std::string_view table, std::string_view row, std::string_view column, ByteView sealed) const {
  TRY(const auto text, open(table, row, column, sealed));
  return parse_json(text, kOwnLimits);
}

Tag Cells::tag(std::string_view kind, std::string_view text) const { return keys_.tag(kind, bytes_of(text)); }

}  // namespace sluice::store
