#include "service/denials.h"

#include <algorithm>
#include <cstring>

#include "gate/judge.h"
#include "service/services.h"
#include "store/deliveries.h"

namespace sluice::service {

namespace {

constexpr Duration kDay = std::chrono::hours(24);

// What makes two denials of a case equal: all of the disclosure but the moment, and the answer with its reasons. Who asked stands in the disclosure.
Hash key_of(CaseId id, const json::object& body) {
  json::object same{{"case", id.text()}};
  if (const auto* disclosure = body.if_contains("disclosure"); disclosure != nullptr && disclosure->is_object()) {
    same["disclosure"] = *disclosure;
    same["disclosure"].as_object().erase("at");
  }
  if (const auto* ruling = body.if_contains("ruling"))
    for (const auto* part : {"outcome", "judges"})
      if (const auto* value = find_at(*ruling, "/" + std::string(part))) same[part] = *value;
  return sha256(bytes_of(canonical(same)));
}

std::int64_t count_in(const json::object& body) {
  const auto* count = body.if_contains("count");
  return count != nullptr && (count->is_int64() || count->is_uint64()) ? count->to_number<std::int64_t>() : 1;
}

}  // namespace

std::size_t Denials::HashOf::operator()(const Hash& key) const {
  std::size_t out = 0;
  std::memcpy(&out, key.data(), sizeof out);
  return out;
}

std::optional<Denials::Row> Denials::equal(const Hash& key, Instant now, Duration fold) const {
  const auto found = rows_.find(key);
  if (found == rows_.end() || now < found->second.first || now >= found->second.first + fold) return std::nullopt;  // a scripted clock also goes back
  return found->second;
}

void Denials::remember(const Hash& key, Row row) {
  if (rows_.size() >= kMost && !rows_.contains(key)) {
    std::vector<Instant> firsts;
    firsts.reserve(rows_.size());
    for (const auto& [other, one] : rows_) firsts.push_back(one.first);
    const auto middle = firsts.begin() + static_cast<std::ptrdiff_t>(firsts.size() / 2);
    std::nth_element(firsts.begin(), middle, firsts.end());
    std::erase_if(rows_, [&](const auto& one) { return one.second.first <= *middle; });
  }
  rows_[key] = row;
}

void keep_denial(Unit& unit, Services& services, CaseId id, const gate::Ruling& ruling, json::object body, DeniedTo whom) {
  const auto fold = whom == DeniedTo::Clock ? std::max(kDay, services.settings.tick) : services.settings.tick;
  unit.leave_on_record([denials = services.denials, id, fold, denied = ruling.id, outcome = static_cast<int>(ruling.outcome), key = key_of(id, body), body = std::move(body)](Unit& behind) -> Result<void> {
    const auto& cells = behind.store().cells();
    if (const auto equal = denials->equal(key, behind.now(), fold)) {
      TRY(const auto row, store::ruling(behind.writing().tx(), cells, equal->ruling));
      if (row && row->body.is_object()) {  // else the batch that made it failed
        auto folded = row->body.get_object();
        folded["count"] = count_in(folded) + 1;
        folded["last"] = to_text(behind.now());
        return behind.writing().fold_ruling(equal->ruling, folded);
      }
    }
    TRY(behind.writing().record_ruling(denied, behind.now(), outcome, cells.tag("object", id.text()), body));
    denials->remember(key, {denied, behind.now()});
    return {};
  });
}

Instant said_last(const store::RulingRow& row) {
  const auto last = parse_instant(string_at(row.body, "last"));
  return last ? std::max(*last, row.at) : row.at;
}

}  // namespace sluice::service
