#include "service/standing_reads.h"

#include "service/contribution.h"
#include "store/standing.h"
#include "threat/marking.h"

namespace sluice::service {

namespace {

constexpr Duration kStandingKept = std::chrono::minutes(1);
constexpr std::size_t kMostStandings = 10'000;
constexpr std::int64_t kMicrosOfDay = 86'400'000'000;
constexpr JsonLimits kOfferedObject{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};

Result<Standings::Known> standing_now(Services& services, const access::Viewer& viewer) {
  Standings::Known out{.at = services.clock.monotonic(), .standing = {}, .rules = nullptr};
  {
    TRY(auto db, services.store.lease());
    TRY(auto tables, tables_as_of(services, *db, services.clock.now()));
    out.rules = std::make_shared<const threat::StandingRules>(std::move(tables.standing));
  }
  if (out.rules->steps.empty()) return out;
  TRY(auto points, points_of(services, viewer));
  if (points.keep) services.writer.submit(*std::move(points.keep), [](Result<Committed>) {});   // else it is gathered again
  out.standing.name = points.shown.standing;
  return out;
}

// The strictest label of an object and its parts. A definition that isn't one of TLP's counts as the strictest.
Tlp strictest_label_of(const json::object& object, const store::Collection& collection) {
  threat::MarkingPolicy policy;
  policy.unmarked = from_word<Tlp>(collection.unmarked).value_or(Tlp::AmberStrict);
  const auto markings = threat::markings_of(object, [](std::string_view) { return nullptr; }, policy);
  return strictest(markings.tlp, markings.strictest_part);
}

Result<threat::OfferedObject> offered(store::Queries& db, const store::CollectionSeen& seen, const store::PostedObject& posted) {
  threat::OfferedObject out{.tlp = Tlp::Red, .posted = Instant{posted.date_added}, .is_own = false, .was_given = posted.is_delivered, .takes_back = false};
  TRY(const auto whose, store::sender_of(db, posted.object));
  out.is_own = whose && whose->sender == seen.reader();
  const auto value = parse_json(posted.bytes, kOfferedObject);
  if (!value || !value->is_object()) return out;
  const auto& object = value->get_object();
  out.tlp = strictest_label_of(object, seen.collection());
  const auto* revoked = object.if_contains("revoked");
  if (!whose || !revoked || !revoked->is_bool() || !revoked->get_bool()) return out;
  TRY(const auto versions, store::postings_of(db, seen, whose->name));
  for (const auto& one : versions) {
    TRY(const auto given, store::first_read_by(db, one.object, seen.reader()));
    if (given) out.takes_back = true;
  }
  return out;
}

}  // namespace

std::shared_ptr<Standings> no_standings_yet() { return std::make_shared<Standings>(); }

std::optional<Standings::Known> Standings::known(OrganisationId id, Duration now) {
  std::scoped_lock lock(mutex_);
  const auto found = known_.find(id);
  return found == known_.end() || now - found->second.at > kStandingKept ? std::nullopt : std::optional(found->second);
}

void Standings::know(OrganisationId id, Known known) {
  std::scoped_lock lock(mutex_);
  if (known_.size() >= kMostStandings) known_.clear();
  known_.insert_or_assign(id, std::move(known));
}

Result<threat::Allowance> allowance_for(Services& services, const access::Viewer& viewer, const store::CollectionSeen& seen) {
  if (!viewer.organisation) return threat::Allowance{};
  auto known = services.standings->known(*viewer.organisation, services.clock.monotonic());
  if (!known) {
    TRY(known, standing_now(services, viewer));
    services.standings->know(*viewer.organisation, *known);
  }
  if (known->rules->steps.empty()) return threat::Allowance{};
  const auto& collection = seen.collection();
  const auto name = collection.alias.value_or(collection.id);
  const auto now = services.clock.now();
  auto out = threat::allowance_of(known->standing, *known->rules, name, Tlp::Red, now, 0);
  if (!out.left_today) return out;
  TRY(auto db, services.store.lease());
  TRY(const auto given, store::given_since(*db, collection.n, seen.reader(), Instant{now.micros - now.micros % kMicrosOfDay}));
  return threat::allowance_of(known->standing, *known->rules, name, Tlp::Red, now, given);
}

Result<Allowances> allowances_for(Services& services, const access::Viewer& viewer, std::span<const store::CollectionSeen> collections) {
  Allowances out;
  for (const auto& seen : collections) {
    TRY(auto allowance, allowance_for(services, viewer, seen));
    out.emplace(seen.collection().n, std::move(allowance));
  }
  return out;
}

Result<bool> is_given(store::Queries& db, Allowances& allowances, const store::CollectionSeen& seen, const store::PostedObject& posted) {
  const auto found = allowances.find(seen.collection().n);
  if (found == allowances.end()) return false;   // nobody asked for it: nothing of it is given
  if (!found->second.narrows()) return true;
  TRY(const auto object, offered(db, seen, posted));
  return threat::offer_of(object, found->second) == threat::Offer::Give;
}

constexpr int kMostPages = 8;                     // looked at for one answer; one without objects then says where to go on

Result<store::ObjectPage> page_under(Services& services, store::Tx& tx, threat::Allowance allowance, const store::CollectionSeen& seen, store::ObjectsWanted wanted, store::Parts parts, const ContentFilter& filter) {
  if (!allowance.narrows()) return filtered_page(services.store, tx, seen, wanted, parts, filter);
  if (parts == store::Parts::Labels) allowance.left_today.reset();   // labels aren't given objects
  store::ObjectPage out;
  for (int pages = 1;; ++pages) {
    TRY(auto page, filtered_page(services.store, tx, seen, wanted, store::Parts::Whole, filter));
    for (auto& one : page.objects) {
      TRY(const auto object, offered(tx, seen, one));
      const auto offer = threat::offer_of(object, allowance);
      if (offer == threat::Offer::Stop) return out;
      if (offer == threat::Offer::Leave) continue;
      if (parts == store::Parts::Labels) one.bytes.clear();
      out.objects.push_back(std::move(one));
    }
    out.more = page.more, out.next_after = page.next_after;
    if (!page.more || !out.objects.empty() || pages == kMostPages) return out;
    wanted.after = page.next_after;
  }
}

}  // namespace sluice::service
