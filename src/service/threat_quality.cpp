#include "service/threat_quality.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/fine_time.h"
#include "formats/stix/check.h"
#include "formats/stix20/upgrade.h"
#include "service/alliance_tables.h"
#include "service/collections.h"
#include "service/contribution.h"
#include "service/pseudonym_sending.h"
#include "service/site_log.h"
#include "service/standing_reads.h"
#include "store/peers.h"
#include "threat/benign.h"
#include "threat/object.h"

namespace sluice::service {

namespace {

constexpr JsonLimits kScoredObject{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};
constexpr std::size_t kMostVersionsRead = 20;     // of one object, when it is asked who read it first
constexpr std::size_t kMostDoubts = 1000;         // about one object


bool is_revoked(const json::object& object) {
  const auto* revoked = object.if_contains("revoked");
  return revoked && revoked->is_bool() && revoked->get_bool();
}

// How many of each the checker finds; of an object of STIX 2.0 in what it becomes in 2.1.
void count_findings(const json::object& object, int spec, threat::QualityFacts& out) {
  static const formats::stix::Checker checker;
  const auto take = [&out](const Findings& findings) {
    for (const auto& finding : findings) {
      out.errors += finding.severity == Severity::Error;
      out.warnings += finding.severity == Severity::Warning;
    }
  };
  if (spec != 2000) return take(checker.object(object));
  auto said = object;
  said.erase("spec_version");
  const auto upgraded = formats::stix20::upgrade(json::value(std::move(said)));
  bool is_there = false;
  if (upgraded)
    for (const auto& one : upgraded->objects)
      if (one.is_object() && string_at(one, "id") == string_at(object, "id")) is_there = true, take(checker.object(one.get_object()));
  if (!is_there) ++out.errors;
}

// Of what names the object in one way: each by its newest version, opened, without those that were taken back.
Result<std::vector<ScoredObject>> naming(Services& services, store::Queries& db, const store::CollectionSeen& seen, std::string_view id, store::RefKind kind, Instant at) {
  TRY(const auto all, store::first_naming(db, services.cells(), seen, id, kind, at, static_cast<std::int64_t>(kMostNamingScored)));
  std::map<store::Tag, store::HeldPosting> newest;
  std::vector<store::Tag> order;                  // as they came
  for (const auto& one : all) {
    const auto [held, is_new] = newest.try_emplace(one.name, one);
    if (is_new) order.push_back(one.name);
    else if (one.date_added > held->second.date_added) held->second = one;
  }
  std::vector<ScoredObject> out;
  for (const auto& name : order) {
    if (out.size() == kMostNamingScored) break;
    auto opened = object_posted(services, db, seen, newest.at(name));
    if (!opened) {
      if (opened.error().kind != ErrorKind::NotFound) return std::unexpected(opened.error());
      continue;
    }
    if (!is_revoked(opened->object)) out.push_back(*std::move(opened));
  }
  return out;
}

// Where its sender has it from, as far as it says: its creator; else the sender itself. What came through peers and names no creator may all be of one source, so it counts as that.
Result<std::string> lineage_of(store::Queries& db, const store::HeldPosting& posting) {
  TRY(const auto creator, store::creator_of(db, posting));
  if (!creator) {
    TRY(const bool is_of_peers, store::came_through_peer(db, posting.object));
    if (is_of_peers) return std::string("from peers");
  }
  return creator ? "by " + hex(*creator) : "from " + hex(posting.sender);
}

// Who holds the values, which of them are new with this object, and who says so independently.
Result<void> take_values(Services& services, store::Queries& db, const store::CollectionSeen& seen, const ScoredObject& scored, Instant at, threat::QualityFacts& out) {
  out.values = threat::values_of(scored.object);
  if (out.values.size() > kMostValuesScored) out.values.resize(kMostValuesScored);
  std::set<std::string> harmless;
  std::map<std::int64_t, threat::Witness> witnesses;   // by the object that they hold
  for (const auto& value : out.values) {
    for (auto& sign : threat::benign_signs(value, threat::builtin_benign())) harmless.insert(std::move(sign.why));
    TRY(const auto held, store::first_with(db, seen, store::value_name(services.cells(), value.kind, value.text), at, kMostHoldersScored));
    auto own = scored.posting.date_added;
    for (const auto& one : held)
      if (one.name == scored.posting.name) own = std::min(own, one.date_added);
    out.new_values += std::none_of(held.begin(), held.end(), [&](const store::HeldPosting& one) { return one.name != scored.posting.name && one.date_added < own; });
    for (const auto& one : held) {
      if (one.name == scored.posting.name || one.sender == scored.posting.sender || witnesses.contains(one.object) || witnesses.size() >= static_cast<std::size_t>(kMostHoldersScored)) continue;
      TRY(auto lineage, lineage_of(db, one));
      witnesses.emplace(one.object, threat::Witness{hex(one.sender), std::move(lineage), Instant{one.date_added}});
    }
  }
  out.benign.assign(harmless.begin(), harmless.end());
  for (auto& [object, witness] : witnesses) out.corroborations.push_back(std::move(witness));
  return {};
}

// STIX 2.1 §5.1: what relationships say of it. The type at the other end stands in the id there, whether or not that object is held.
Result<void> take_context(Services& services, store::Queries& db, const store::CollectionSeen& seen, const ScoredObject& scored, Instant at, threat::QualityFacts& out) {
  std::vector<threat::Related> related;
  for (const auto& [kind, other_end] : {std::pair(store::kSourceRef, "target_ref"), std::pair(store::kTargetRef, "source_ref")}) {
    TRY(const auto all, naming(services, db, seen, scored.id, kind, at));
    for (const auto& one : all)
      if (const auto other = threat::identifier_of(string_at(one.object, other_end)); other && string_at(one.object, "type") == "relationship")
        related.push_back({std::string(string_at(one.object, "relationship_type")), std::string(other->type)});
  }
  out.context = threat::context_of(scored.object, related);
  return {};
}

// Sightings of it (STIX 2.1 §5.2). One with a count of 0 says that it was looked for and not seen: that confirms nothing, and refutes nothing.
Result<void> take_sightings(Services& services, store::Queries& db, const store::CollectionSeen& seen, const ScoredObject& scored, Instant at, threat::QualityFacts& out) {
  TRY(const auto all, naming(services, db, seen, scored.id, store::kSightingOfRef, at));
  for (const auto& one : all) {
    const auto* count = one.object.if_contains("count");
    if (count && count->is_int64() && count->get_int64() == 0) continue;
    TRY(auto lineage, lineage_of(db, one.posting));
    out.sightings.push_back({hex(one.posting.sender), std::move(lineage), Instant{one.posting.date_added}});
  }
  return {};
}

// Doubts, and opinions that disagree strongly (STIX 2.1 §4.14). What a person decided of doubts holds for opinions that were there by then.
Result<void> take_doubts(Services& services, store::Queries& db, const store::CollectionSeen& seen, const ScoredObject& scored, Instant at, threat::QualityFacts& out) {
  TRY(const auto doubts, store::doubts_about(db, services.cells(), seen.collection().n, scored.id));
  std::optional<Instant> decided;
  bool is_proven = false;
  for (const auto& one : doubts) {
    threat::FalsePositive report{.member = hex(services.store.tag_of(one.by)), .at = one.at, .proven = std::nullopt, .refuted = std::nullopt};
    if (one.decided_at) (one.is_proven ? report.proven : report.refuted) = *one.decided_at;
    if (one.decided_at && *one.decided_at <= at && (!decided || *decided <= *one.decided_at)) decided = one.decided_at, is_proven = one.is_proven;
    out.false_positives.push_back(std::move(report));
  }
  TRY(const auto opinions, naming(services, db, seen, scored.id, store::kOtherRef, at));
  for (const auto& one : opinions) {
    if (string_at(one.object, "type") != "opinion" || string_at(one.object, "opinion") != "strongly-disagree") continue;
    threat::FalsePositive report{.member = hex(one.posting.sender), .at = Instant{one.posting.date_added}, .proven = std::nullopt, .refuted = std::nullopt};
    if (decided && report.at <= *decided) (is_proven ? report.proven : report.refuted) = decided;
    out.false_positives.push_back(std::move(report));
  }
  return {};
}

// When the viewer reads of its own object, what counts is the first reader that isn't itself; of another's, when it was itself given the object: of others' reading it learns nothing (G1).
Result<void> take_reading(store::Queries& db, const store::CollectionSeen& seen, const std::vector<store::FoundPosting>& versions, const store::Tag& sender, threat::QualityFacts& out) {
  std::size_t asked = 0;
  for (const auto& one : versions) {
    if (one.sender != sender) continue;
    if (++asked > kMostVersionsRead) break;
    TRY(const auto at, seen.reader() == sender ? store::first_read_by_others(db, one.object, sender) : store::first_read_by(db, one.object, seen.reader()));
    if (at && (!out.first_read || *at < *out.first_read)) out.first_read = at;
  }
  return {};
}

// What standing withholds (standing_reads.h) has no score either. Asked before a connection is leased; only where an alliance voted for standing is there anything to ask.
Result<void> is_given_by_standing(Services& services, const access::Viewer& viewer, std::string_view collection, std::string_view id) {
  TRY(const auto seen, services.store.as(viewer).collection(collection));
  TRY(const auto allowance, allowance_for(services, viewer, seen));
  if (!allowance.narrows() || !seen.can_read()) return {};
  TRY(auto db, services.store.lease());
  store::ObjectsWanted wanted{.ids = {std::string(id)}, .types = {}, .versions = {.all = true, .specs = {2000, 2001}}, .most = 100};
  TRY(auto tx, db->begin(store::Mode::Read));
  TRY(const auto page, page_under(services, tx, allowance, seen, std::move(wanted), store::Parts::Labels, {}));
  if (page.objects.empty()) return no_object();
  return {};
}

Result<store::CollectionSeen> readable_for_scores(Services& services, store::Queries& db, const access::Viewer& viewer, std::string_view collection) {
  TRY(auto seen, services.store.as(viewer).collection(db, collection));
  if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  return seen;
}

// What came within the same tick of the clock has a date a little ahead of it (store/objects.h, H1): it is there, so it is told of.
constexpr Duration kAheadOfClock = std::chrono::seconds(1);

Result<Instant> instant_asked(Services& services, std::optional<Instant> at) {
  const auto now = services.clock.now();
  if (at && *at > now + kAheadOfClock) return fail(ErrorKind::Invalid, "A score is told as of an instant that has passed: what will come isn't known.", "at");
  return at.value_or(now);
}

Result<threat::Quality> quality_as_of(Services& services, store::Queries& db, const store::CollectionSeen& seen, const ScoredObject& scored, Instant at, const threat::QualityTable& table) {
  TRY(const auto facts, quality_facts(services, db, seen, scored, at));
  return threat::quality_of(facts, at, table);
}

Result<void> check_reason(std::string_view text, std::string_view where) {
  if (text.empty() || text.size() > 4000) return fail(ErrorKind::Invalid, "Say why, in 1 to 4,000 bytes.", std::string(where));
  return {};
}

}  // namespace

Result<ScoredObject> object_posted(Services& services, store::Queries& db, const store::CollectionSeen& seen, const store::HeldPosting& posting) {
  const store::PostingKey key{posting.audience, posting.date_added};
  TRY(auto page, store::objects_at(services.store, db, seen, std::span(&key, 1), store::Parts::Whole));
  if (page.objects.empty()) return no_object();
  auto& one = page.objects.front();
  TRY(auto value, parse_json(one.bytes, kScoredObject));
  if (!value.is_object()) return no_object();
  return ScoredObject{posting, std::move(one.id), std::move(one.version), one.spec, std::move(value.get_object())};
}

Result<ScoredObject> object_as_of(Services& services, store::Queries& db, const store::CollectionSeen& seen, std::string_view id, Instant at) {
  TRY(const auto all, store::postings_of(db, seen, store::name_of_object(services.cells(), id)));
  const store::FoundPosting* best = nullptr;
  for (const auto& one : all)
    if (one.date_added <= at.micros && (!best || std::pair(one.spec, one.version_at) > std::pair(best->spec, best->version_at))) best = &one;
  if (!best) return no_object();
  return object_posted(services, db, seen, {best->object, best->audience, best->date_added, best->name, best->sender});
}

Result<threat::QualityFacts> quality_facts(Services& services, store::Queries& db, const store::CollectionSeen& seen, const ScoredObject& scored, Instant at) {
  threat::QualityFacts out;
  out.type = std::string(string_at(scored.object, "type"));
  out.submitter = hex(scored.posting.sender);
  TRY(out.lineage, lineage_of(db, scored.posting));
  // A new version is no new find: whoever sends one doesn't keep its own fresh.
  TRY(auto versions, store::postings_of(db, seen, scored.posting.name));
  std::erase_if(versions, [&](const store::FoundPosting& one) { return one.date_added > at.micros; });
  out.submitted = Instant{scored.posting.date_added};
  for (const auto& one : versions)
    if (one.sender == scored.posting.sender) out.submitted = std::min(out.submitted, Instant{one.date_added});
  count_findings(scored.object, scored.spec, out);
  if (const auto until = parse_instant(string_at(scored.object, "valid_until"))) out.valid_until = *until;
  if (is_revoked(scored.object)) out.revoked = Instant{scored.posting.date_added};
  TRY(take_values(services, db, seen, scored, at, out));
  TRY(take_context(services, db, seen, scored, at, out));
  TRY(take_sightings(services, db, seen, scored, at, out));
  TRY(take_doubts(services, db, seen, scored, at, out));
  TRY(take_reading(db, seen, versions, scored.posting.sender, out));
  return out;
}

Result<json::object> score_of(Services& services, const access::Viewer& viewer, std::string_view collection, std::string_view id, std::optional<Instant> at) {
  TRY(auto when, instant_asked(services, at));
  TRY(is_given_by_standing(services, viewer, collection, id));
  TRY(auto db, services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));     // one snapshot
  TRY(const auto seen, readable_for_scores(services, tx, viewer, collection));
  if (!at) {
    TRY(const auto all, store::postings_of(tx, seen, store::name_of_object(services.cells(), id)));
    if (!all.empty()) when = std::max(when, Instant{all.back().date_added});
  }
  TRY(const auto scored, object_as_of(services, tx, seen, id, when));
  TRY(const auto tables, tables_as_of(services, tx, when));
  TRY(const auto quality, quality_as_of(services, tx, seen, scored, when, tables.quality));
  json::object out{{"object", scored.id}, {"version", scored.version}, {"at", to_text(when)}, {"table", threat::name_of(tables.quality)}, {"points", quality.points}, {"fresh", quality.fresh}, {"left", quality.left},
                   {"decay", quality.decay_reason}};
  json::array parts;
  for (const auto& part : quality.parts) parts.push_back(to_json(part));
  out["parts"] = std::move(parts);
  return out;
}

Result<json::object> scores(Services& services, const access::Viewer& viewer, std::string_view collection, std::optional<Instant> added_after, std::int64_t most, std::optional<Instant> at) {
  TRY(auto when, instant_asked(services, at));
  TRY(const auto known, services.store.as(viewer).collection(collection));
  TRY(const auto allowance, allowance_for(services, viewer, known));
  TRY(auto db, services.store.lease());
  TRY(const auto seen, readable_for_scores(services, *db, viewer, collection));
  store::ObjectsWanted wanted{.after = added_after ? added_after->micros : INT64_MIN, .most = most};
  TRY(auto tx, db->begin(store::Mode::Read));
  TRY(const auto page, page_under(services, tx, allowance, seen, wanted, store::Parts::Labels, {}));
  if (!at && !page.objects.empty()) when = std::max(when, Instant{page.objects.back().date_added});
  TRY(const auto tables, tables_as_of(services, tx, when));
  json::array items;
  for (const auto& one : page.objects) {
    auto scored = object_as_of(services, tx, seen, one.id, when);
    if (!scored && scored.error().kind == ErrorKind::NotFound) continue;   // not there yet, or deleted meanwhile
    if (!scored) return std::unexpected(scored.error());
    TRY(const auto quality, quality_as_of(services, tx, seen, *scored, when, tables.quality));
    items.push_back(json::object{{"object", one.id}, {"version", scored->version}, {"date_added", six_digits(Instant{one.date_added})}, {"points", quality.points}, {"fresh", quality.fresh}, {"left", quality.left}});
  }
  json::object out{{"items", std::move(items)}, {"at", to_text(when)}, {"table", threat::name_of(tables.quality)}};
  if (page.more) out["next"] = six_digits(Instant{page.next_after});
  return out;
}

// ---- doubts

namespace {

// Of the asker's organisation, under whatever name.
Result<bool> is_sent_by(Services& services, store::Queries& db, const access::Viewer& viewer, const store::CollectionSeen& seen, const store::Tag& sender) {
  TRY(const auto own, tags_of_member(services, db, seen.collection(), *viewer.organisation));
  return std::find(own.begin(), own.end(), sender) != own.end();
}

}  // namespace

Work doubt_object(Services& services, Asker asker, std::string collection, std::string id, DoubtObject doubt) {
  return [&services, asker = std::move(asker), collection = std::move(collection), id = std::move(id), doubt = std::move(doubt)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto seen, readable_for_scores(services, tx, asker.viewer, collection));
    TRY(const auto scored, object_as_of(services, tx, seen, id, unit.now() + kAheadOfClock));
    TRY(check_reason(doubt.reason, "/reason"));
    TRY(const bool is_own, is_sent_by(services, tx, asker.viewer, seen, scored.posting.sender));
    if (is_own) return fail(ErrorKind::Conflict, "Your organisation sent this: revoke it, or send it anew as it should be.", {}, {}, "own-object");
    TRY(const auto there, store::doubts_about(tx, services.cells(), seen.collection().n, id));
    for (const auto& one : there)
      if (one.by == *asker.viewer.organisation && !one.decided_at) return fail(ErrorKind::Conflict, "Your organisation doubts this already.", {}, {}, "already-doubted");
    if (there.size() >= kMostDoubts) return fail(ErrorKind::Conflict, "There are as many doubts about this as are kept.", {}, {}, "too-many-doubts");
    const store::Doubt made{.id = random_uuid(services.random), .object = id, .at = unit.now(), .by = *asker.viewer.organisation, .reason = doubt.reason, .decided_at = {}, .is_proven = false, .why = {}};
    TRY(store::add_doubt(unit.writing(), seen.collection().n, made));
    Committed out;
    out.answer = {{"id", made.id}};
    TRY(write_collection_entry(unit, asker, seen.collection().id, "object.doubt", {{"type", "ObjectDoubted"}, {"v", 1}, {"collection", seen.collection().id}, {"object", id}, {"doubt", made.id}, {"reason", made.reason}}, out));
    return out;
  };
}

Result<std::vector<DoubtShown>> doubts_shown(Services& services, const access::Viewer& viewer, std::string_view collection) {
  constexpr std::int64_t kLookedAt = 5000;
  constexpr std::size_t kShown = 500;
  TRY(auto db, services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  TRY(const auto seen, readable_for_scores(services, tx, viewer, collection));
  TRY(const auto all, store::doubts_in(tx, services.cells(), seen.collection().n, kLookedAt));
  const bool decides = access::authorize(viewer, access::Action::DecideDoubt, {}).allowed;
  std::vector<DoubtShown> out;
  for (const auto& one : all) {
    if (out.size() == kShown) break;
    const bool is_own = one.by == *viewer.organisation;
    if (!is_own && (!decides || one.decided_at)) continue;
    TRY(const bool meets, store::has_object(services.store, tx, seen, one.object));
    if (!meets) continue;
    out.push_back({one.id, one.object, one.at, one.reason, is_own, one.decided_at, one.decided_at ? std::optional(one.is_proven) : std::nullopt, one.why});
  }
  return out;
}

Work decide_doubts(Services& services, Asker asker, std::string collection, std::string id, DecideDoubts decision) {
  return [&services, asker = std::move(asker), collection = std::move(collection), id = std::move(id), decision = std::move(decision)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto seen, readable_for_scores(services, tx, asker.viewer, collection));
    TRY(const auto scored, object_as_of(services, tx, seen, id, unit.now() + kAheadOfClock));
    TRY(access::require(asker.viewer, access::Action::DecideDoubt, {}));
    TRY(check_reason(decision.why, "/why"));
    TRY(const bool is_own, is_sent_by(services, tx, asker.viewer, seen, scored.posting.sender));
    if (is_own) return fail(ErrorKind::Forbidden, "Your organisation sent this, so somebody else decides.");
    TRY(auto doubts, store::doubts_about(tx, services.cells(), seen.collection().n, id));
    if (std::any_of(doubts.begin(), doubts.end(), [&](const store::Doubt& one) { return one.by == *asker.viewer.organisation && !one.decided_at; })) return fail(ErrorKind::Forbidden, "Your organisation doubts this, so somebody else decides.");
    json::array decided;
    for (auto& one : doubts) {
      if (one.decided_at) continue;
      one.decided_at = unit.now(), one.is_proven = decision.is_proven, one.why = decision.why;
      TRY(store::change_doubt(unit.writing(), one));
      decided.emplace_back(one.id);
      if (decision.is_proven) TRY(keep_validation(services, unit, services.store.tag_of(one.by), id));
    }
    if (decided.empty()) return fail(ErrorKind::Conflict, "No doubt about this waits for a decision.", {}, {}, "nothing-to-decide");
    if (decision.is_proven) TRY(keep_noise(services, unit, scored.posting.sender, id));
    Committed out;
    out.answer = {{"id", id}};
    TRY(write_collection_entry(unit, asker, seen.collection().id, "object.doubts.decide",
                               {{"type", "DoubtsDecided"}, {"v", 1}, {"collection", seen.collection().id}, {"object", id}, {"is_proven", decision.is_proven}, {"why", decision.why}, {"doubts", std::move(decided)}}, out));
    return out;
  };
}

}  // namespace sluice::service
