// Longer than other files because it is one idea: what is asked of one object on its way in, from its bytes to its row, is read from top to bottom.
#include "service/threat_intake.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/fine_time.h"
#include "base/json_reader.h"
#include "base/tlp.h"
#include "base/utf8.h"
#include "formats/stix/check.h"
#include "formats/stix20/upgrade.h"
#include "formats/taxii/envelope.h"
#include "service/case_keys.h"
#include "service/collections.h"
#include "service/marked_put.h"
#include "service/pseudonym_sending.h"
#include "service/site_log.h"
#include "service/threat_ties.h"
#include "service/widening.h"
#include "store/people.h"
#include "threat/marking.h"
#include "threat/object.h"
#include "threat/stix_tables.h"

namespace sluice::service {

namespace {

constexpr std::size_t kSlice = 200, kSliceBytes = 256 << 10;   // put at once; an object that is longer is one by itself
constexpr std::size_t kTogetherSlices = 2000;     // objects of one envelope in one transaction, while no command waits for its turn
constexpr std::size_t kMostListed = 5000;         // successes in a status, and as many failures; the counts are of all
constexpr Duration kAhead = std::chrono::hours(24);            // how far a version's time may lie ahead: one in a hundred years would be the last for as long
constexpr JsonLimits kOneObject{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};

void append_json(std::string& out, std::string_view text) { out += canonical(json::value(text)); }

}  // namespace

class Intake {
 public:
  // One object of the envelope, and what became of it.
  struct Candidate {
    store::NewObject object;
    store::Reach reach = store::Reach::Sender, own_reach = store::Reach::Sender;   // how far it is to go now, and by its own marking
    bool is_revoked = false;
    std::shared_ptr<const RedactedCopies> copies; // for those whom it doesn't reach; none where there is nothing to tell them
    std::string failure;                          // "" where it can be put
    std::string note;                             // of a success: that it was there already
    bool is_fixed = false;                        // a definition of TLP itself, which everybody has and nobody may change: whoever sends it, it is a success
    bool is_settled = false;                      // a success, with nothing to put
  };
  // What a transaction came to for one of them: it counts once that is committed.
  struct Verdict {
    std::string version, failure, note;
    std::int64_t object = 0;                      // its row, where it was added
  };
  Asker asker;
  MemoryBudget::Share memory;                     // until it is answered
  std::string collection, body, status;           // status: its id
  Instant requested;
  std::optional<EarlyTerms> early;
  std::optional<FromPeer> peer;
  std::vector<store::WidenedObject> shared_early; // that were put so far
  std::optional<ReleaseId> release;               // planned for them
  std::vector<Candidate> candidates;
  std::vector<std::size_t> to_put;                // those without a failure
  std::size_t put = 0;                            // of these, so far
  std::vector<Verdict> tried;                     // of the slice that begins there; the Writer may try a batch again
  std::string text;                               // the status, once there is one
  std::int64_t posted_to = 0;                     // the collection's number, where the slice in hand added something

  std::size_t slice_end(std::size_t from) const {
    auto to = from;
    for (std::size_t bytes = 0; to < to_put.size() && to < from + kSlice; ++to) {
      bytes += candidates[to_put[to]].object.bytes.size();
      if (to > from && bytes > kSliceBytes) break;
    }
    return to;
  }
  void take_tried() {
    for (std::size_t i = 0; i < tried.size(); ++i) {
      auto& one = candidates[to_put[put + i]];
      if (early) note_early(shared_early, one, tried[i]);
      one.object.version = std::move(tried[i].version), one.failure = std::move(tried[i].failure), one.note = std::move(tried[i].note);
    }
    put += tried.size();
    tried.clear();
  }

  // An object that its marking lets go further than it went now.
  static void note_early(std::vector<store::WidenedObject>& all, const Candidate& one, const Verdict& verdict) {
    if (verdict.object == 0 || one.own_reach <= one.reach) return;
    auto known = std::find_if(all.begin(), all.end(), [&](const store::WidenedObject& other) { return other.id == one.object.id; });
    if (known == all.end()) known = all.insert(all.end(), store::WidenedObject{.id = one.object.id, .from = one.reach, .to = one.own_reach, .versions = {}});
    known->from = std::min(known->from, one.reach), known->to = std::min(known->to, one.own_reach);
    known->versions.push_back(verdict.object);
  }

  // TAXII 2.1 §4.3.1: without pending ones, since this is told at the end; with what the slice in hand came to.
  std::string status_text() const {
    std::vector<const Verdict*> fresh(candidates.size());
    for (std::size_t i = 0; i < tried.size(); ++i) fresh[to_put[put + i]] = &tried[i];
    const auto failure_of = [&](std::size_t i) -> const std::string& { return fresh[i] ? fresh[i]->failure : candidates[i].failure; };
    std::size_t good = 0, bad = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) ++(failure_of(i).empty() ? good : bad);
    std::string successes, failures;
    std::size_t listed_good = 0, listed_bad = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const auto& one = candidates[i];
      const bool is_good = failure_of(i).empty();
      auto& listed = is_good ? listed_good : listed_bad;
      if (listed == kMostListed) continue;
      auto& list = is_good ? successes : failures;
      const auto& version = fresh[i] ? fresh[i]->version : one.object.version;
      list += list.empty() ? "{\"id\":" : ",{\"id\":";
      append_json(list, one.object.id.empty() ? "unknown" : one.object.id);
      list += ",\"version\":";
      append_json(list, version.empty() ? six_digits(requested) : version);
      auto message = !is_good ? failure_of(i) : fresh[i] ? fresh[i]->note : one.note;
      if (const auto all = is_good ? good : bad; ++listed == kMostListed && all > kMostListed) message += (message.empty() ? "" : " ") + std::to_string(all - kMostListed) + " more are not listed; the counts are of all.";
      if (!message.empty()) list += ",\"message\":", append_json(list, message);
      list += '}';
    }
    auto out = "{\"id\":\"" + status + "\",\"status\":\"complete\",\"request_timestamp\":\"" + six_digits(requested) + "\",\"total_count\":" + std::to_string(good + bad) + ",\"success_count\":" + std::to_string(good) +
               ",\"failure_count\":" + std::to_string(bad) + ",\"pending_count\":0";
    if (release) out += ",\"x_release\":\"" + release->text() + "\"";
    if (good > 0) out += ",\"successes\":[" + successes + "]";
    if (bad > 0) out += ",\"failures\":[" + failures + "]";
    return out + "}";
  }
};

namespace {

constexpr std::string_view kEverybodyHasIt = "Everybody has this definition.";

store::Tag owner_of_status(const store::Cells& cells, const access::Viewer& viewer) {
  return cells.tag("status owner", (viewer.person ? viewer.person->text() : "") + "/" + (viewer.organisation ? viewer.organisation->text() : ""));
}

// What an object refers to whose marking follows from it: definitions, as this envelope has them, else as the same sender sent them to this collection before; never as others did, since anybody may have
// sent another under the same id. And what is translated, as the envelope has it or as the sender meets it.
class Around {
 public:
  enum class Earlier { Counts, No };               // what the same sender sent before
  Around(Services& services, const store::CollectionSeen& seen, const std::vector<std::string_view>& objects, Instant now, Earlier earlier) : services_(services), seen_(seen), objects_(objects), now_(now), earlier_(earlier) {
    for (const auto bytes : objects)              // what others refer to, wherever in the envelope it stands and however it is spelt
      if (bytes.find("\"marking-definition\"") != bytes.npos || bytes.find("\\u") != bytes.npos)   // as the type alone, since most objects refer to one
        if (auto value = parse_json(bytes, kOneObject); value && value->is_object() && string_at(*value, "type") == "marking-definition") know(std::move(value->get_object()));
  }
  Instant now() const { return now_; }
  threat::MarkingLookup lookup() {
    return [this](std::string_view id) -> const json::object* {
      if (!threat::identifier_of(id)) return nullptr;
      // Before its pointer is given out for the first time: the stricter of what came with this and what was sent before counts.
      if (earlier_ == Earlier::Counts && !looked_up_.contains(id)) {
        if (looked_up_.size() >= kMostAsked) return nullptr;
        looked_up_.emplace(id);
        if (auto known = know_sent(id); !known && !error_) error_ = std::move(known).error();
      }
      const auto found = known_.find(id);
      if (found == known_.end()) return nullptr;
      return found->second.get();
    };
  }

  // Why something could not be looked up, since nothing may be judged without it.
  Result<void> looked_up() const { return error_ ? Result<void>(std::unexpected(*error_)) : Result<void>(); }

  // Of every version that is there; none if none is.
  std::optional<threat::Markings> of_translation(const json::object& content, const threat::MarkingPolicy& policy) {
    const std::string id(string_at(content, "object_ref"));
    std::optional<threat::Markings> out;
    const auto take = [&](std::string_view bytes) {
      const auto original = parse_json(bytes, kOneObject);
      if (!original || !original->is_object()) return;
      auto one = threat::markings_of_translation(content, original->get_object(), lookup(), policy);
      if (!out) out = std::move(one);
      else out->tlp = strictest(out->tlp, one.tlp), out->strictest_part = strictest(out->strictest_part, one.strictest_part), out->is_explicit = out->is_explicit && one.is_explicit;
    };
    if (places_.empty())
      for (std::size_t i = 0; i < objects_.size(); ++i)
        if (const auto value = parse_json(objects_[i], kOneObject); value && !string_at(*value, "id").empty()) places_.emplace(string_at(*value, "id"), i);
    const auto [from, to] = places_.equal_range(id);
    for (auto at = from; at != to; ++at) take(objects_[at->second]);
    if (id.empty() || !seen_.can_read()) return out;
    if (asked_ >= kMostAsked) return std::nullopt;
    ++asked_;
    const auto page = [&]() -> Result<store::ObjectPage> {  // gives the connection back: a look-up below takes one
      TRY(auto db, services_.store.lease());
      return store::page_of(services_.store, *db, seen_, {.ids = {id}, .versions = {.all = true, .specs = {2000, 2001}}, .most = 100}, store::Parts::Whole);
    }();
    if (!page || page->more) return std::nullopt;
    for (const auto& one : page->objects) take(one.bytes);
    return out;
  }

 private:
  static constexpr std::size_t kMostAsked = 1000, kMostSent = 100;
  // Two under one id: the stricter.
  void know(json::object definition) {
    const std::string id(string_at(definition, "id"));
    const auto rank = [&id](const json::object& one) {
      const auto meaning = threat::meaning_of(id, [&one](std::string_view) { return &one; });
      return meaning.is_unknown ? 100 : meaning.tlp ? 1 + static_cast<int>(*meaning.tlp) : 0;
    };
    auto& held = known_[id];
    if (!held || rank(definition) > rank(*held)) held = std::make_unique<json::object>(std::move(definition));
  }
  // What this sender itself sent under this id before. A client sends a definition once, and what is marked by it in many envelopes.
  Result<void> know_sent(std::string_view id) {
    TRY(auto db, services_.store.lease());
    const auto& cells = services_.cells();
    TRY(const auto ladder, store::Ladder::of(*db, cells, seen_.collection()));
    TRY(const auto sent, store::sent_versions(*db, cells, seen_.collection(), ladder, seen_.reader(), id));
    std::vector<store::PostingKey> keys;
    for (const auto& one : sent)
      if (!one.is_aside && keys.size() < kMostSent) keys.push_back({one.audience, one.date_added});
    if (keys.empty()) return {};
    TRY(const auto page, store::objects_at(services_.store, *db, seen_, keys, store::Parts::Whole));
    for (const auto& one : page.objects)
      if (auto value = parse_json(one.bytes, kOneObject); value && value->is_object() && string_at(*value, "type") == "marking-definition") know(std::move(value->get_object()));
    return {};
  }
  Services& services_;
  const store::CollectionSeen& seen_;
  const std::vector<std::string_view>& objects_;
  Instant now_;
  const Earlier earlier_;
  std::map<std::string, std::unique_ptr<json::object>, std::less<>> known_;
  std::set<std::string, std::less<>> looked_up_;
  std::optional<Error> error_;
  std::multimap<std::string, std::size_t, std::less<>> places_;
  std::size_t asked_ = 0;
};

// Is it what TLP fixes under this id? STIX 2.1 §7.2.1.4, and 2.0's without spec_version and name; TLP 2.0's by its extension alone.
bool is_fixed_definition(const json::object& object, std::string_view id) {
  const auto tlp = threat::well_known_marking(id);
  if (!tlp) return false;
  const auto word = [](std::string_view text) {
    std::string out(text);
    for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
  };
  const auto has_only = [](const json::object& one, std::initializer_list<std::string_view> names) {
    return std::all_of(one.begin(), one.end(), [&](const auto& member) { return std::find(names.begin(), names.end(), std::string_view(member.key())) != names.end(); });
  };
  constexpr std::string_view kExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
  constexpr std::string_view kTlpNames[] = {"clear", "green", "amber", "amber+strict", "red"};
  const bool is_second = id == threat::marking_id_of(*tlp);
  // Of STIX 2.0 it says no version; that and the rest below leave nothing to the sender but one `name`.
  if (const auto* spec = object.if_contains("spec_version"); spec == nullptr ? is_second : *spec != "2.1" && (is_second || *spec != "2.0")) return false;
  const std::string label(!is_second && *tlp == Tlp::Clear ? "white" : kTlpNames[static_cast<std::size_t>(*tlp)]);
  const auto created = utc_nanos(string_at(object, "created"));
  if (!created || *created != *utc_nanos(is_second ? "2022-10-01T00:00:00.000Z" : "2017-01-20T00:00:00.000Z")) return false;
  if (object.contains("name") && word(string_at(object, "name")) != "tlp:" + label) return false;
  if (is_second) {
    if (!has_only(object, {"type", "spec_version", "id", "created", "name", "extensions"})) return false;
    const auto* extensions = object.if_contains("extensions");
    const auto* fields = extensions && extensions->is_object() && extensions->get_object().size() == 1 ? extensions->get_object().if_contains(kExtension) : nullptr;
    return fields && fields->is_object() && has_only(fields->get_object(), {"extension_type", "tlp_2_0"}) && string_at(*fields, "extension_type") == "property-extension" && string_at(*fields, "tlp_2_0") == label;
  }
  if (!has_only(object, {"type", "spec_version", "id", "created", "name", "definition_type", "definition"}) || string_at(object, "definition_type") != "tlp") return false;
  const auto* definition = object.if_contains("definition");
  return definition && definition->is_object() && definition->get_object().size() == 1 && string_at(*definition, "tlp") == label;
}

// The first rule of STIX 2.1 that this breaks, or "".
std::string first_error(const json::object& object) {
  static const formats::stix::Checker checker({.warnings = false});
  for (const auto& finding : checker.object(object))
    if (finding.severity == Severity::Error) return finding.message + " (" + (finding.where.empty() ? "" : finding.where + ", ") + finding.rule + ")";
  return {};
}

// An object of STIX 2.0, which names no version itself (its bundle did): what 2.0 and 2.1 both demand, and what 2.0 demanded alone.
std::string what_is_wrong_in_20(const json::object& object, const threat::ObjectFacts& facts) {
  const std::string advice = " Say spec_version 2.1 if it is of 2.1; `sluice stix upgrade` makes 2.1 of 2.0.";
  constexpr std::string_view kNewIn21[] = {"grouping", "infrastructure", "language-content", "extension-definition", "location", "malware-analysis", "note", "opinion"};
  constexpr std::string_view kLabelled[] = {"indicator", "malware", "report", "threat-actor", "tool"};
  const auto* type = threat::stix::type_of(facts.type);
  if (std::find(std::begin(kNewIn21), std::end(kNewIn21), facts.type) != std::end(kNewIn21) || (type && type->kind == threat::stix::Kind::Observable)) return "STIX 2.0 has no such object." + advice;
  if (!facts.created || (!facts.modified && facts.type != "marking-definition")) return "This must have created and modified." + advice + " (STIX 2.1 §3.2)";
  const auto* labels = object.if_contains("labels");
  if (std::find(std::begin(kLabelled), std::end(kLabelled), facts.type) != std::end(kLabelled) && !(labels && labels->is_array() && !labels->get_array().empty())) return "In STIX 2.0 this must have labels." + advice;
  auto said = object;
  said.erase("spec_version");
  const auto upgraded = formats::stix20::upgrade(json::value(std::move(said)));
  if (!upgraded) return upgraded.error().message + advice;
  bool is_there = false;
  for (const auto& one : upgraded->objects) {
    if (!one.is_object() || string_at(one, "id") != facts.id) continue;
    is_there = true;
    if (auto error = first_error(one.get_object()); !error.empty()) return error + advice;
  }
  return is_there ? "" : "This is no object of STIX 2.0." + advice;
}

// What is wrong with the object itself, or "". The first violated rule: the checker on the command line tells them all.
std::string what_is_wrong(const json::object& object, const threat::ObjectFacts& facts) {
  if (facts.spec_version != "2.1" && facts.spec_version != "2.0") return "STIX " + std::string(cut_utf8(facts.spec_version, 20)) + " is not taken here; 2.1 and 2.0 are.";
  if (!facts.version.empty() && !utc_nanos(facts.version)) return "modified or created is no time in UTC. (STIX 2.1 §3.2)";
  return facts.spec_version == "2.1" ? first_error(object) : what_is_wrong_in_20(object, facts);
}

void examine(Services& services, Intake::Candidate& out, const json::value& value, const store::CollectionSeen& seen, Around& around, bool is_early) {
  if (!value.is_object()) {
    out.failure = "This is not an object.";
    return;
  }
  const auto& object = value.get_object();
  auto facts = threat::facts_of(object);
  if (!facts) {
    out.object.id = std::string(cut_utf8(string_at(object, "id"), 250));
    out.failure = facts.error().message + (facts.error().rule.empty() ? "" : " (" + facts.error().rule + ")");
    return;
  }
  out.object.id = facts->id, out.object.type = facts->type, out.object.creator = facts->created_by_ref;
  out.object.version = std::string(cut_utf8(facts->version, 60));
  if (const auto* type = threat::stix::type_of(out.object.type); type && type->kind == threat::stix::Kind::Bundle) {
    out.failure = "A bundle is no object of a collection: send its objects one by one, each with its markings. (TAXII 2.1 §3.7)";
    return;
  }
  if (out.object.type == "marking-definition" && threat::well_known_marking(out.object.id)) {
    if (!is_fixed_definition(object, out.object.id)) {
      out.failure = "Under this id stands a definition of TLP that nobody may change. (STIX 2.1 §7.2.1.4, TLP 2.0)";
      return;
    }
    // It is put for its readers' sake, once, as who sends it first spells it.
    out.is_fixed = out.object.is_everybodys = true, out.note = std::string(kEverybodyHasIt);
    out.object.version_at = utc_nanos(facts->version), out.object.spec = facts->spec_version == "2.0" ? 2000 : 2001;
    out.object.content = sha256(bytes_of("TLP " + out.object.id));
    out.reach = out.own_reach = store::Reach::AllReaders, out.object.is_sealed = false;
    return;
  }
  out.failure = what_is_wrong(object, *facts);
  if (!out.failure.empty()) return;
  out.object.version_at = facts->version.empty() ? std::nullopt : utc_nanos(facts->version);
  out.object.created_at = facts->created ? utc_nanos(*facts->created) : std::nullopt;
  if (out.object.version_at && instant_of_nanos(*out.object.version_at) > around.now() + kAhead) {
    out.failure = "modified or created lies more than a day ahead of now.";
    return;
  }
  out.object.spec = facts->spec_version == "2.0" ? 2000 : 2001;

  const auto& unmarked = seen.collection().unmarked;
  threat::MarkingPolicy policy;
  policy.unmarked = from_word<Tlp>(unmarked).value_or(Tlp::AmberStrict);
  auto markings = threat::markings_of(object, around.lookup(), policy);
  if (out.object.type == "language-content") {
    if (auto translated = around.of_translation(object, policy)) markings = *std::move(translated);
    else markings.tlp = strictest(markings.tlp, policy.unknown);   // nobody knows what it gives away
  }
  if (markings.has_unknown) out.note = "A marking of this has no definition in this envelope or among what you sent and read here, so it counts as TLP:RED: only your organisation meets it.";
  if (!markings.is_explicit && unmarked == "refused" && out.object.type != "marking-definition") {
    out.failure = "This collection takes marked objects alone: say in object_marking_refs how far it may go (TLP 2.0).";
    return;
  }
  const auto tlp = strictest(markings.tlp, markings.strictest_part);
  out.own_reach = reach_of_label(tlp);            // who meets it: as wide as its label and those of its parts let the collection's readers be
  out.reach = is_early ? std::min(out.own_reach, store::Reach::Members) : out.own_reach;
  out.object.is_sealed = !is_for_anyone(tlp) || is_early;
  out.is_revoked = out.object.is_revoked = facts->revoked;
  // Nobody has a copy before the hour, and whom no label keeps away needs none.
  if (!is_early && out.own_reach < store::Reach::AllReaders && seen.collection().redacted != "withheld")
    out.copies = std::make_shared<const RedactedCopies>(copies_of(services, seen.collection(), object, markings, around.lookup(), out.own_reach, out.object.spec, around.now()));
}

Result<void> keep_text(Services& services, Unit& unit, Intake& intake) {
  intake.text = intake.status_text();
  TRY(store::drop_old_statuses(unit.writing().tx(), unit.now()));
  return store::keep_status(unit.writing().tx(), services.cells(), intake.status, owner_of_status(services.cells(), intake.asker.viewer), unit.now() + kStatusLasts, intake.text);
}

// E7. Who sent it was let in when it came; that may have changed since.
Result<void> may_still_send(Unit& unit, const access::Viewer& viewer) {
  TRY(still_affiliated(unit, viewer));
  const auto ended = [] { return fail(ErrorKind::Unauthenticated, "What you signed in with has ended. Please sign in again."); };
  if (viewer.token) {
    TRY(const auto token, store::token_by_id(unit.writing().tx(), *viewer.token));
    if (!token || token->revoked_at || token->expires <= unit.now()) return ended();
  }
  if (viewer.session) {
    TRY(const auto sessions, store::sessions_of(unit.writing().tx(), *viewer.person));
    if (std::none_of(sessions.begin(), sessions.end(), [&](const store::SessionRow& one) { return one.id == *viewer.session && one.expires > unit.now(); })) return ended();
  }
  return {};
}

// Why one was not added, for its sender; "" where it was, or was there already.
std::string why_not_put(store::PutObject::Outcome outcome) {
  using enum store::PutObject::Outcome;
  switch (outcome) {
    case Added:
    case AlreadyThere: return {};
    case Differs: return "Another content is held under this id and version. A change needs a new `modified`. (STIX 2.1 §3.6)";
    case OfAnother: return "Another organisation sent this id first, and only who made an object makes versions of it. Send yours under an id of its own, with a relationship of type derived-from. (STIX 2.1 §3.6)";
    case OtherCreator: return "The versions before it have another created_by_ref or created, which stay as they are. (STIX 2.1 §3.6)";
    case AfterRevocation: return "A version before it is revoked, and that is for good: send this as an object of its own, under a new id. (STIX 2.1 §3.2)";
    case TooMany: return "This object has as many versions here as are kept.";
    case Wider: return "This is marked wider than the version before it, and a marking is loosened by a planned release alone: `sluice collection widen`. (TLP 2.0: only the source loosens a label)";
  }
  return {};
}

// The release of all that was put, with the last slice of it.
Result<void> plan_shared_early(Services& services, Unit& unit, Intake& intake, const store::Collection& collection) {
  auto all = intake.shared_early;
  for (std::size_t i = 0; i < intake.tried.size(); ++i) Intake::note_early(all, intake.candidates[intake.to_put[intake.put + i]], intake.tried[i]);
  intake.release.reset();
  if (all.empty()) return {};
  TRY(intake.release, plan_early(unit, services, intake.asker, collection, std::move(all), intake.early->at, intake.early->reason));
  return {};
}

// One slice: put, and written in the collection's ledger.
Result<void> put_slice(Services& services, Unit& unit, Intake& intake, Sending& sending, std::size_t from, std::size_t to, Committed& out) {
  const auto& asker = intake.asker;
  const auto& seen = sending.seen;
  std::vector<MarkedObject> slice;
  slice.reserve(to - from);
  for (auto i = from; i < to; ++i) {
    const auto& one = intake.candidates[intake.to_put[i]];
    slice.push_back({&one.object, one.reach, one.is_revoked, intake.early.has_value(), one.copies.get()});
  }
  TRY(still_one_hand(services, unit.writing().tx(), asker, sending, slice));
  TRY(const auto put, put_as_marked(unit, services, sending.as, seen, slice));

  std::vector<AddedObject> added;                 // by their rows
  for (std::size_t i = 0; i < put.size(); ++i) {
    auto& verdict = intake.tried.emplace_back();
    verdict.version = put[i].version;
    if (put[i].outcome == store::PutObject::Outcome::Added) {
      verdict.object = put[i].object;
      verdict.note = intake.candidates[intake.to_put[from + i]].note;
      added.push_back({put[i].object, slice[i].object});
    } else if (put[i].outcome == store::PutObject::Outcome::AlreadyThere) {
      verdict.note = "This version was there already.";
    } else {
      const auto& one = intake.candidates[intake.to_put[from + i]];
      if (one.is_fixed) verdict.note = one.note;
      else verdict.failure = why_not_put(put[i].outcome);
    }
  }
  if (added.empty()) return {};
  intake.posted_to = seen.collection().n;
  std::sort(added.begin(), added.end(), [](const AddedObject& a, const AddedObject& b) { return a.row < b.row; });
  std::vector<Hash> hashes;
  for (const auto& one : added) hashes.push_back(one.object->hash);
  if (intake.peer) TRY(intake.peer->note(unit, added));
  TRY(write_collection_entry(unit, sending.as, seen.collection().id, "object.put", objects_added_event(seen.collection().id, added.front().row, added.back().row, hashes), out));
  return write_use(unit, asker, sending, "object.put", static_cast<std::int64_t>(added.size()));
}

// The next slices, checked against the collection as it stands by now: one, and as many more as nobody waits for.
Result<Committed> put_slices(Services& services, Unit& unit, Intake& intake) {
  const auto& asker = intake.asker;
  TRY(may_still_send(unit, asker.viewer));
  TRY(auto sending, sending_in(services, unit.writing().tx(), asker, intake.collection));
  if (!sending.seen.can_write()) return fail(ErrorKind::Forbidden, "Your organisation doesn't write this collection.");
  if (intake.put < intake.to_put.size()) TRY(introduce(unit, services, sending));
  intake.tried.clear(), intake.posted_to = 0;     // anew: the Writer may try a batch again
  Committed out;
  auto from = intake.put;
  do {
    const auto to = intake.slice_end(from);
    TRY(put_slice(services, unit, intake, sending, from, to, out));
    from = to;
  } while (from < intake.to_put.size() && from < intake.put + kTogetherSlices && !services.writer.has_commands());
  if (from < intake.to_put.size()) return out;
  if (intake.early) TRY(plan_shared_early(services, unit, intake, sending.seen.collection()));
  TRY(keep_text(services, unit, intake));
  return out;
}

void put_on(Services& services, std::shared_ptr<Intake> intake, std::move_only_function<void(Result<std::string>)> done) {
  services.writer.submit(
      [&services, intake](Unit& unit) { return put_slices(services, unit, *intake); },
      [&services, intake, done = std::move(done)](Result<Committed> committed) mutable {
        if (committed) {
          if (intake->posted_to != 0) services.threat_events->posted({.collection = intake->posted_to});
          intake->take_tried();
          if (intake->put < intake->to_put.size()) return put_on(services, std::move(intake), std::move(done));
          return done(std::move(intake->text));
        }
        intake->tried.clear();
        intake->release.reset();
        if (intake->put == 0) return done(std::unexpected(committed.error()));
        // Some were taken: whoever sent them must learn which.
        for (auto i = intake->put; i < intake->to_put.size(); ++i) intake->candidates[intake->to_put[i]].failure = "This wasn't taken, as the site or your right changed meanwhile: " + committed.error().message;
        services.writer.submit(
            [&services, intake](Unit& unit) -> Result<Committed> {
              TRY(keep_text(services, unit, *intake));
              return Committed{};
            },
            [intake, error = committed.error(), done = std::move(done)](Result<Committed> kept) mutable {
              if (!kept) return done(std::unexpected(std::move(error)));
              done(std::move(intake->text));
            });
      },
      Writer::Whose::Slice);
}

}  // namespace

json::object objects_added_event(std::string_view collection, std::int64_t first, std::int64_t last, std::span<const Hash> hashes) {
  std::string all;
  for (const auto& hash : hashes) all += text_of(hash);
  return {{"type", "ObjectsAdded"}, {"v", 1}, {"collection", collection}, {"count", hashes.size()}, {"first", first}, {"last", last}, {"list", hex(sha256(bytes_of(all)))}};
}

Result<std::shared_ptr<Intake>> prepare_intake(Services& services, Asker asker, std::string collection, std::string body, std::optional<EarlyTerms> early, std::optional<FromPeer> peer) {
  TRY(const auto sending, sending_in(services, asker, collection));
  const auto& seen = sending.seen;
  if (!seen.can_write()) return fail(ErrorKind::Forbidden, "Your organisation doesn't write this collection.");
  if (early && sending.pseudonym) return fail(ErrorKind::Invalid, "What is shared early has a release that two persons of its sender plan: it goes by name.");
  if (body.size() > kMostEnvelopeBytes) return fail(ErrorKind::TooLarge, "An envelope has at most " + std::to_string(kMostEnvelopeBytes) + " bytes.");
  if (early) TRY(check_early(services, asker, early->at, early->reason));
  auto intake = std::make_shared<Intake>();
  intake->early = std::move(early);
  intake->peer = std::move(peer);
  // The body as it came, as it is kept here, as it is sealed, and what is told from it.
  TRY(intake->memory, services.envelopes->take(asker.viewer.organisation ? asker.viewer.organisation->text() : std::string(), 4 * body.size()));
  intake->asker = std::move(asker);
  intake->collection = std::move(collection);
  intake->body = std::move(body);                 // from here on it stays where it is, and slices point into it
  intake->status = random_uuid(services.random);
  intake->requested = services.clock.now();
  TRY(const auto envelope, formats::taxii::read_envelope(std::string_view(intake->body), intake->early ? kMostWidened : kMostEnvelopeObjects));
  intake->candidates.resize(envelope.objects.size());
  Around around(services, seen, envelope.objects, intake->requested, intake->peer ? Around::Earlier::No : Around::Earlier::Counts);
  TRY(auto held_back, HeldBack::of(services, intake->asker.viewer));
  TRY(const auto hand, OneHand::of(services, intake->asker, sending));
  JsonReader reader(kOneObject);
  intake->to_put.reserve(envelope.objects.size());
  for (std::size_t i = 0; i < envelope.objects.size(); ++i) {
    auto& candidate = intake->candidates[i];
    candidate.object.bytes = envelope.objects[i];
    const auto read = reader.read(candidate.object.bytes);
    // What is no JSON spoils the whole; what is JSON beyond a limit, or has a key twice, fails by itself.
    if (!read && read.error().kind == ErrorKind::Malformed) return fail(ErrorKind::Malformed, "This is not JSON.", "/objects/" + std::to_string(i), "TAXII 2.1 §3.7");
    const auto* const value = read ? *read : nullptr;
    if (value) examine(services, candidate, *value, seen, around, intake->early.has_value());
    else candidate.failure = read.error().message;
    if (candidate.failure.empty() && !candidate.is_settled && value->is_object()) {
      const auto reach = candidate.copies ? store::Reach::AllReaders : candidate.reach;   // a copy goes further, and is judged as the whole
      candidate.failure = held_back.why_not(value->get_object(), store::audience_at(reach, *intake->asker.viewer.organisation), candidate.object.is_sealed ? Tlp::Green : Tlp::Clear, intake->requested);
    }
    if (!candidate.failure.empty() || candidate.is_settled) continue;
    if (candidate.is_fixed && sending.pseudonym) {  // one hand, one name (pseudonym_sending.h): what everybody has is no object of anybody's
      candidate.is_settled = true;
      continue;
    }
    tie(services.cells(), value->get_object(), candidate.object);
    TRY(candidate.failure, hand.why_not(value->get_object(), candidate.object, candidate.reach));
    if (!candidate.failure.empty()) continue;
    if (!candidate.is_fixed) candidate.object.content = sha256(bytes_of(canonical(*value)));
    candidate.object.hash = sha256(bytes_of(candidate.object.bytes));
    store::key_ahead(services.store, seen.collection(), candidate.object);
    intake->to_put.push_back(i);
  }
  TRY(around.looked_up());
  if (!sending.pseudonym) held_back.note(services);   // a case would learn who meant to send under it
  return intake;
}

void put_intake(Services& services, std::shared_ptr<Intake> intake, std::move_only_function<void(Result<std::string>)> done) { put_on(services, std::move(intake), std::move(done)); }

Result<std::string> intake_status(Services& services, const access::Viewer& viewer, std::string_view id) {
  TRY(auto db, services.store.lease());
  TRY(auto kept, store::kept_status(*db, services.cells(), id, owner_of_status(services.cells(), viewer), services.clock.now()));
  if (!kept) return fail(ErrorKind::NotFound, "There is no such status, or it isn't yours.");
  return *std::move(kept);
}

}  // namespace sluice::service
