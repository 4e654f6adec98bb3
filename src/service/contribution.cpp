#include "service/contribution.h"

#include <algorithm>
#include <map>
#include <set>

#include "service/pseudonym_sending.h"
#include "service/threat_quality.h"
#include "threat/object.h"

namespace sluice::service {

namespace {

constexpr std::int64_t kMicrosOfHour = 3'600'000'000;
constexpr std::int64_t kMostGone = 5'000;         // objects that one question goes through
constexpr std::size_t kMostScoredOfPackage = 200, kMostNamed = 500, kMostLines = 1'000;

// As it is kept. `at` stands in the row.
struct KeptEvent {
  threat::ContributionKind kind = threat::ContributionKind::Package;
  std::string id;
  threat::MilliPoints quality = 0;
  std::int64_t objects = 0;
};
BOOST_DESCRIBE_STRUCT(KeptEvent, (), (kind, id, quality, objects))

std::string counts_for(const KeptEvent& event) { return to_word(event.kind) + " " + event.id; }
threat::ContributionEvent counted(Instant at, const KeptEvent& event) { return {at, event.kind, event.id, event.quality, event.objects}; }

Result<void> keep_event(Services& services, Unit& unit, const store::Tag& member, const KeptEvent& event, Instant at) {
  return store::keep_given(unit.writing().tx(), services.cells(), member, counts_for(event), {at, to_json(event)});
}

struct Gathered {
  std::vector<std::pair<Instant, KeptEvent>> events;
  std::int64_t through = 0;
  bool is_complete = true, has_moved = false;
};

class Gathering {
 public:
  // `member`: by which it sent; `own`: all by which it sends, so that what it says of its own under another name is no gift.
  Gathering(Services& services, store::Queries& db, const std::map<std::int64_t, store::CollectionSeen>& seen, const store::Tag& member, const std::set<store::Tag>& own)
      : services_(services), db_(db), seen_(seen), member_(member), own_(own) {}

  // Whole hours that are over.
  Result<Gathered> gathered(Instant now) {
    const auto end = now.micros - now.micros % kMicrosOfHour;
    const auto hour_of = [](const store::SentObject& one) { return one.posting.date_added / kMicrosOfHour; };
    TRY(out_.through, store::gathered_through(db_, member_));
    const auto before = out_.through;
    TRY(auto sent, store::sent_after(db_, member_, before, kMostGone));
    const auto over = std::find_if(sent.begin(), sent.end(), [end](const store::SentObject& one) { return one.posting.date_added >= end; });
    sent.erase(over, sent.end());
    if (sent.empty()) return std::move(out_);
    TRY(const auto next, store::sent_after(db_, member_, sent.back().posting.object, 1));
    out_.is_complete = next.empty() || next.front().posting.date_added >= end;
    if (!out_.is_complete && hour_of(next.front()) == hour_of(sent.back()) && hour_of(sent.front()) != hour_of(sent.back()))
      while (hour_of(sent.back()) == hour_of(next.front())) sent.pop_back();
    out_.through = sent.back().posting.object, out_.has_moved = true;

    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<const store::SentObject*>> packages;   // by hour and collection
    std::map<std::int64_t, const store::SentObject*> by_number;
    for (const auto& one : sent) {
      if (!seen_.contains(one.collection)) continue;
      packages[{hour_of(one), one.collection}].push_back(&one);
      by_number[one.posting.object] = &one;
    }
    for (const auto& [key, objects] : packages) TRY(take_package(key.first, seen_.at(key.second), objects));
    TRY(const auto names, store::sent_that_name(db_, member_, before, out_.through));
    std::size_t looked_at = 0;
    for (const auto number : names) {
      const auto found = by_number.find(number);
      if (found == by_number.end()) continue;
      if (++looked_at > kMostNamed) break;
      TRY(take_naming(seen_.at(found->second->collection), found->second->posting));
    }
    return std::move(out_);
  }

 private:
  Result<TablesInForce> tables(Instant at) {
    const auto hour = at.micros / kMicrosOfHour;
    if (const auto known = tables_.find(hour); known != tables_.end()) return known->second;
    TRY(auto found, tables_as_of(services_, db_, Instant{hour * kMicrosOfHour}));
    return tables_.emplace(hour, std::move(found)).first->second;
  }

  // The mean is of the objects that count, so that what is beyond them is neither gain nor loss.
  Result<void> take_package(std::int64_t hour, const store::CollectionSeen& seen, const std::vector<const store::SentObject*>& objects) {
    TRY(const auto in_force, tables(Instant{hour * kMicrosOfHour}));
    KeptEvent event{.kind = threat::ContributionKind::Package, .id = seen.collection().id + "/" + to_text(Instant{hour * kMicrosOfHour}), .quality = 0, .objects = 0};
    std::size_t looked_at = 0;
    for (const auto* one : objects) {
      if (event.objects >= in_force.contribution.objects_counted || ++looked_at > kMostScoredOfPackage) break;
      TRY(const auto first, store::first_of(db_, seen, one->posting.name));
      if (!first || first->object != one->posting.object) continue;   // another version, or somebody else's object
      const auto scored = object_posted(services_, db_, seen, one->posting);
      if (!scored && scored.error().kind == ErrorKind::NotFound) continue;
      if (!scored) return std::unexpected(scored.error());
      const Instant at{one->posting.date_added};
      TRY(const auto facts, quality_facts(services_, db_, seen, *scored, at));
      if (!facts.values.empty() && facts.new_values == 0) continue;   // a duplicate
      event.quality += threat::quality_of(facts, at, in_force.quality).points;
      ++event.objects;
    }
    if (event.objects > 0) event.quality /= event.objects;
    if (looked_at > 0) out_.events.emplace_back(Instant{objects.front()->posting.date_added}, std::move(event));
    return {};
  }

  // Is it another member's, and was it there before?
  Result<bool> is_of_another(const store::CollectionSeen& seen, std::string_view id, std::int64_t before) {
    TRY(const auto first, store::first_of(db_, seen, store::name_of_object(services_.cells(), id)));
    return first && !own_.contains(first->sender) && first->date_added < before;
  }

  // A sighting of another member's object confirms it; a relationship that says of it whose it is, how it is done or whom it is aimed at adds context.
  Result<void> take_naming(const store::CollectionSeen& seen, const store::HeldPosting& posting) {
    const auto opened = object_posted(services_, db_, seen, posting);
    if (!opened && opened.error().kind == ErrorKind::NotFound) return {};
    if (!opened) return std::unexpected(opened.error());
    const auto& object = opened->object;
    const Instant at{posting.date_added};
    const auto type = string_at(object, "type");
    if (type == "sighting") {
      const auto* count = object.if_contains("count");
      const auto of = string_at(object, "sighting_of_ref");
      TRY(const bool counts, is_of_another(seen, of, posting.date_added));
      if (counts && !(count && count->is_int64() && count->get_int64() == 0)) out_.events.emplace_back(at, KeptEvent{threat::ContributionKind::Validated, std::string(of), 0, 0});
    } else if (type == "relationship") {
      for (const auto& [end, other] : {std::pair("source_ref", "target_ref"), std::pair("target_ref", "source_ref")}) {
        const auto of = string_at(object, end);
        const auto there = threat::identifier_of(string_at(object, other));
        if (!there) continue;
        const threat::Related related{std::string(string_at(object, "relationship_type")), std::string(there->type)};
        const auto context = threat::context_of({}, std::span(&related, 1));
        if (!context.technique && !context.actor && !context.malware && !context.target) continue;
        TRY(const bool counts, is_of_another(seen, of, posting.date_added));
        if (counts) out_.events.emplace_back(at, KeptEvent{threat::ContributionKind::AddedContext, std::string(of), 0, 0});
      }
    }
    return {};
  }

  Services& services_;
  store::Queries& db_;
  const std::map<std::int64_t, store::CollectionSeen>& seen_;
  store::Tag member_;
  const std::set<store::Tag>& own_;
  std::map<std::int64_t, TablesInForce> tables_;
  Gathered out_;
};

// What was gathered of each tag by which a member sends.
using GatheredByTag = std::vector<std::pair<store::Tag, Gathered>>;

Work keep_gathered(Services& services, GatheredByTag all) {
  return [&services, all = std::move(all)](Unit& unit) -> Result<Committed> {
    for (const auto& [member, gathered] : all) {
      for (const auto& [at, event] : gathered.events) TRY(keep_event(services, unit, member, event, at));
      TRY(store::set_gathered(unit.writing().tx(), member, gathered.through));
    }
    return Committed{};
  };
}

// A package of one hour under each name is a package of its own; a find that is confirmed or refuted counts once a member, whatever the name.
threat::ContributionEvent counted_under(const store::Tag& own, const store::Tag& tag, Instant at, const KeptEvent& event) {
  auto out = counted(at, event);
  if (tag != own && event.kind == threat::ContributionKind::Package) out.id += "/pseudonym";
  return out;
}

// The strictest label that a member reads of others in a collection (threat/marking.h).
constexpr Tlp kCeilingOfMember = Tlp::AmberStrict;

}  // namespace

Result<Points> points_of(Services& services, const access::Viewer& viewer) {
  if (!viewer.organisation) return fail(ErrorKind::Forbidden, "Points are of an organisation; sign in for one.");
  const auto member = services.store.tag_of(*viewer.organisation);
  TRY(auto all, services.store.as(viewer).collections());
  std::map<std::int64_t, store::CollectionSeen> seen;
  for (auto& one : all)
    if (one.can_read()) seen.emplace(one.collection().n, std::move(one));

  const auto now = services.clock.now();
  TRY(auto db, services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  TRY(const auto row, store::organisation(tx, services.cells(), *viewer.organisation));
  if (!row) return fail(ErrorKind::NotFound, "There is no such organisation.");
  TRY(const auto tables, tables_as_of(services, tx, now));
  std::set<store::Tag> own{member};
  for (const auto& [n, one] : seen) {
    TRY(const auto tags, tags_of_member(services, tx, one.collection(), *viewer.organisation));
    own.insert(tags.begin(), tags.end());
  }
  std::vector<threat::ContributionEvent> events;
  GatheredByTag moved;
  bool is_complete = true;
  for (const auto& tag : own) {
    TRY(const auto kept, store::given_by(tx, services.cells(), tag));
    for (const auto& one : kept) {
      TRY(const auto event, from_json<KeptEvent>(one.event));
      events.push_back(counted_under(member, tag, one.at, event));
    }
    TRY(auto gathered, Gathering(services, tx, seen, tag, own).gathered(now));
    for (const auto& [at, event] : gathered.events) events.push_back(counted_under(member, tag, at, event));
    is_complete = is_complete && gathered.is_complete;
    if (gathered.has_moved) moved.emplace_back(tag, std::move(gathered));
  }

  const auto contribution = threat::contribution_of(events, row->created, now, tables.contribution);
  const auto standing = threat::standing_of(contribution, row->created, now, tables.standing);
  Points out;
  auto& shown = out.shown;
  shown.at = now, shown.joined = row->created;
  shown.total = contribution.total, shown.days = contribution.days, shown.daily_mean = contribution.daily_mean;
  shown.counted_until = Instant{now.micros / kMicrosOfHour * kMicrosOfHour};
  shown.packages = contribution.packages, shown.per_package = contribution.per_package;
  shown.standing = standing.name, shown.why = standing.why, shown.is_grace = standing.is_grace, shown.to_next = standing.to_next;
  shown.is_complete = is_complete;
  for (const auto& [n, one] : seen) {
    const auto& collection = one.collection();
    const auto reading = threat::reading_of(standing, tables.standing, collection.alias.value_or(collection.id), kCeilingOfMember, threat::Delivery::Ordinary);
    if (!reading.why.empty()) shown.reads.push_back({collection.id, reading.is_given, reading.ceiling, reading.delay, reading.objects_a_day, reading.why});
  }
  const auto& lines = contribution.lines;
  for (auto at = lines.rbegin(); at != lines.rend() && shown.lines.size() < kMostLines; ++at) shown.lines.push_back({at->at, at->id, at->points, at->reason});
  shown.lines_left_out = static_cast<std::int64_t>(lines.size() - shown.lines.size());
  if (!moved.empty()) out.keep = keep_gathered(services, std::move(moved));
  return out;
}

Result<void> keep_validation(Services& services, Unit& unit, const store::Tag& member, std::string_view object) {
  return keep_event(services, unit, member, {threat::ContributionKind::Validated, std::string(object), 0, 0}, unit.now());
}

Result<void> keep_noise(Services& services, Unit& unit, const store::Tag& member, std::string_view object) {
  return keep_event(services, unit, member, {threat::ContributionKind::ProvenNoise, std::string(object), 0, 0}, unit.now());
}

}  // namespace sluice::service
