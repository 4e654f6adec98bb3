#include "service/threat_intake.h"

#include <algorithm>
#include <map>

#include "base/fine_time.h"
#include "base/tlp.h"
#include "formats/taxii/envelope.h"
#include "service/collections.h"
#include "service/site_log.h"
#include "threat/marking.h"
#include "threat/object.h"

#if __has_include("formats/stix/check.h")
#include "formats/stix/check.h"
#endif

namespace sluice::service {

namespace {

constexpr std::size_t kSlice = 1000;              // objects to a transaction of the Writer
constexpr JsonLimits kOneObject{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};

void append_json(std::string& out, std::string_view text) { out += canonical(json::value(text)); }

}  // namespace

class Intake {
 public:
  // One object of the envelope, and what became of it.
  struct Candidate {
    store::NewObject object;
    std::string failure;                          // "" where it can be put
    std::string note;                             // of a success: that it was there already
  };
  Asker asker;
  std::string collection, body, status;           // status: its id
  Instant requested;
  std::vector<Candidate> candidates;
  std::vector<std::size_t> to_put;                // those without a failure
  std::size_t put = 0;                            // of these, so far

  // TAXII 2.1 §4.3.1: without pending ones, since this is told at the end.
  std::string status_text() const {
    std::string successes, failures;
    std::size_t good = 0, bad = 0;
    for (const auto& one : candidates) {
      auto& list = one.failure.empty() ? successes : failures;
      ++(one.failure.empty() ? good : bad);
      list += list.empty() ? "{\"id\":" : ",{\"id\":";
      append_json(list, one.object.id.empty() ? "unknown" : one.object.id);
      list += ",\"version\":";
      append_json(list, one.object.version.empty() ? six_digits(requested) : one.object.version);
      const auto& message = one.failure.empty() ? one.note : one.failure;
      if (!message.empty()) list += ",\"message\":", append_json(list, message);
      list += '}';
    }
    auto out = "{\"id\":\"" + status + "\",\"status\":\"complete\",\"request_timestamp\":\"" + six_digits(requested) + "\",\"total_count\":" + std::to_string(good + bad) + ",\"success_count\":" + std::to_string(good) +
               ",\"failure_count\":" + std::to_string(bad) + ",\"pending_count\":0";
    if (good > 0) out += ",\"successes\":[" + successes + "]";
    if (bad > 0) out += ",\"failures\":[" + failures + "]";
    return out + "}";
  }
};

namespace {

store::Tag owner_of_status(const store::Cells& cells, const access::Viewer& viewer) {
  return cells.tag("status owner", (viewer.person ? viewer.person->text() : "") + "/" + (viewer.organisation ? viewer.organisation->text() : ""));
}

// The definitions of markings that objects here name: those of this envelope, then those of the collection that its sender reads.
class Definitions {
 public:
  Definitions(Services& services, const store::CollectionSeen& seen) : services_(services), seen_(seen) {}
  void know(json::object definition) {
    const auto id = std::string(string_at(definition, "id"));
    known_.insert_or_assign(id, std::make_unique<json::object>(std::move(definition)));
  }
  const json::object* find(std::string_view id) {
    const auto found = known_.find(id);
    if (found != known_.end()) return found->second.get();
    if (asked_ >= kMostAsked) return nullptr;
    ++asked_;
    return known_.emplace(std::string(id), ask(id)).first->second.get();
  }

 private:
  static constexpr std::size_t kMostAsked = 1000;
  std::unique_ptr<json::object> ask(std::string_view id) {
    auto db = services_.store.lease();
    if (!db || !seen_.can_read()) return nullptr;
    const auto page = store::page_of(services_.store, **db, seen_, {.ids = {std::string(id)}, .most = 1}, store::Parts::Whole);
    if (!page || page->objects.empty()) return nullptr;
    auto value = parse_json(page->objects.front().bytes, kOneObject);
    return value && value->is_object() ? std::make_unique<json::object>(std::move(value->get_object())) : nullptr;
  }
  Services& services_;
  const store::CollectionSeen& seen_;
  std::map<std::string, std::unique_ptr<json::object>, std::less<>> known_;
  std::size_t asked_ = 0;
};

// What is wrong with the object itself, or "". The first violated rule: the checker on the command line tells them all.
std::string what_is_wrong(const json::object& object, const threat::ObjectFacts& facts) {
  if (facts.spec_version != "2.1" && facts.spec_version != "2.0") return "STIX " + facts.spec_version.substr(0, 20) + " is not taken here; 2.1 and 2.0 are.";
  if (!facts.version.empty() && !utc_nanos(facts.version)) return "modified or created is no time in UTC. (STIX 2.1 §3.2)";
#if __has_include("formats/stix/check.h")
  if (facts.spec_version == "2.1") {
    static const formats::stix::Checker checker({.warnings = false});
    for (const auto& finding : checker.object(object))
      if (finding.severity == Severity::Error) return finding.message + " (" + (finding.where.empty() ? "" : finding.where + ", ") + finding.rule + ")";
  }
#else
  // STIX 2.1 §3.2: whatever has a version of its own says when that was made.
  const bool has_times = object.contains("created") || object.contains("modified");
  const bool is_definition = facts.type == "marking-definition";
  if ((has_times && !is_definition && !(facts.created && facts.modified)) || (is_definition && !facts.created)) return "created and modified belong together. (STIX 2.1 §3.2)";
  if (facts.created && facts.modified) {
    const auto created = utc_nanos(*facts.created), modified = utc_nanos(*facts.modified);
    if (!created || !modified) return "created is no time in UTC. (STIX 2.1 §3.2)";
    if (*modified < *created) return "modified must not be before created. (STIX 2.1 §3.2)";
  }
#endif
  return {};
}

// Who meets an object: as wide as its label and those of its parts let the collection's readers be (threat/marking.h).
std::string audience_of_label(Tlp tlp, OrganisationId sender) {
  if (threat::may_read(tlp, {.is_community = true})) return std::string(store::kAllReaders);
  if (threat::may_read(tlp, {.is_community = true, .is_member = true})) return std::string(store::kMembers);
  return store::audience_of(sender);
}

void examine(Intake::Candidate& out, const json::value& value, const store::CollectionSeen& seen, const access::Viewer& sender, Definitions& definitions) {
  if (!value.is_object()) {
    out.failure = "This is not an object.";
    return;
  }
  const auto& object = value.get_object();
  auto facts = threat::facts_of(object);
  if (!facts) {
    out.object.id = std::string(string_at(object, "id").substr(0, 250));
    out.failure = facts.error().message + (facts.error().rule.empty() ? "" : " (" + facts.error().rule + ")");
    return;
  }
  out.object.id = std::move(facts->id), out.object.type = std::move(facts->type);
  out.object.version = facts->version.substr(0, 60);
  out.failure = what_is_wrong(object, *facts);
  if (!out.failure.empty()) return;
  out.object.version_at = facts->version.empty() ? std::nullopt : utc_nanos(facts->version);
  out.object.spec = facts->spec_version == "2.0" ? 2000 : 2001;

  const auto& unmarked = seen.collection().unmarked;
  threat::MarkingPolicy policy;
  policy.unmarked = from_word<Tlp>(unmarked).value_or(Tlp::AmberStrict);
  const auto markings = threat::markings_of(object, [&definitions](std::string_view id) { return definitions.find(id); }, policy);
  if (!markings.is_explicit && unmarked == "refused" && out.object.type != "marking-definition") {
    out.failure = "This collection takes marked objects alone: say in object_marking_refs how far it may go (TLP 2.0).";
    return;
  }
  const auto tlp = strictest(markings.tlp, markings.strictest_part);
  out.object.audience = audience_of_label(tlp, *sender.organisation);
  out.object.is_sealed = !is_for_anyone(tlp);
}

// One slice: checked against the collection as it stands by now, put, and written in its ledger.
Result<Committed> put_slice(Services& services, Unit& unit, Intake& intake) {
  const auto& asker = intake.asker;
  TRY(still_affiliated(unit, asker.viewer));
  TRY(const auto seen, services.store.as(asker.viewer).collection(unit.writing().tx(), intake.collection));
  if (!seen.can_write()) return fail(ErrorKind::Forbidden, "Your organisation doesn't write this collection.");
  const auto from = intake.put, to = std::min(from + kSlice, intake.to_put.size());
  std::vector<store::NewObject> slice;
  slice.reserve(to - from);
  for (auto i = from; i < to; ++i) slice.push_back(intake.candidates[intake.to_put[i]].object);
  TRY(const auto put, store::put_objects(unit.writing(), seen, slice, unit.now()));

  Committed out;
  std::vector<Hash> hashes;
  std::int64_t first = 0, last = 0;
  for (std::size_t i = 0; i < put.size(); ++i) {
    auto& candidate = intake.candidates[intake.to_put[from + i]];
    candidate.object.version = put[i].version;
    candidate.note.clear(), candidate.failure.clear();     // the Writer may try a batch again
    if (put[i].outcome == store::PutObject::Outcome::Added) {
      if (hashes.empty()) first = put[i].object;
      last = put[i].object;
      hashes.push_back(candidate.object.hash);
    } else if (put[i].outcome == store::PutObject::Outcome::AlreadyThere) {
      candidate.note = "This version was there already.";
    } else {
      candidate.failure = "Another content is held under this id and version. A change needs a new `modified`. (STIX 2.1 §3.6)";
    }
  }
  if (!hashes.empty()) TRY(write_collection_entry(unit, asker, seen.collection().id, "object.put", objects_added_event(seen.collection().id, first, last, hashes), out));
  if (to == intake.to_put.size()) {
    TRY(store::drop_old_statuses(unit.writing().tx(), unit.now()));
    TRY(store::keep_status(unit.writing().tx(), services.cells(), intake.status, owner_of_status(services.cells(), asker.viewer), unit.now() + kStatusLasts, intake.status_text()));
  }
  return out;
}

void put_on(Services& services, std::shared_ptr<Intake> intake, std::move_only_function<void(Result<std::string>)> done) {
  services.writer.submit(
      [&services, intake](Unit& unit) { return put_slice(services, unit, *intake); },
      [&services, intake, done = std::move(done)](Result<Committed> committed) mutable {
        if (!committed) return done(std::unexpected(committed.error()));
        intake->put = std::min(intake->put + kSlice, intake->to_put.size());
        if (intake->put < intake->to_put.size()) return put_on(services, std::move(intake), std::move(done));
        done(intake->status_text());
      });
}

}  // namespace

json::object objects_added_event(std::string_view collection, std::int64_t first, std::int64_t last, std::span<const Hash> hashes) {
  std::string all;
  for (const auto& hash : hashes) all += text_of(hash);
  return {{"type", "ObjectsAdded"}, {"v", 1}, {"collection", collection}, {"count", hashes.size()}, {"first", first}, {"last", last}, {"list", hex(sha256(bytes_of(all)))}};
}

Result<std::shared_ptr<Intake>> prepare_intake(Services& services, Asker asker, std::string collection, std::string body) {
  TRY(const auto seen, services.store.as(asker.viewer).collection(collection));
  if (!seen.can_write()) return fail(ErrorKind::Forbidden, "Your organisation doesn't write this collection.");
  if (body.size() > kMostEnvelopeBytes) return fail(ErrorKind::TooLarge, "An envelope has at most " + std::to_string(kMostEnvelopeBytes) + " bytes.");
  auto intake = std::make_shared<Intake>();
  intake->asker = std::move(asker);
  intake->collection = std::move(collection);
  intake->body = std::move(body);                 // from here on it stays where it is, and slices point into it
  intake->status = random_uuid(services.random);
  intake->requested = services.clock.now();
  TRY(const auto envelope, formats::taxii::read_envelope(std::string_view(intake->body)));
  intake->candidates.resize(envelope.objects.size());
  Definitions definitions(services, seen);
  for (const auto bytes : envelope.objects)       // what others refer to, wherever in the envelope it stands
    if (bytes.find("\"marking-definition\"") != bytes.npos)
      if (auto value = parse_json(bytes, kOneObject); value && value->is_object() && string_at(*value, "type") == "marking-definition") definitions.know(std::move(value->get_object()));
  for (std::size_t i = 0; i < envelope.objects.size(); ++i) {
    auto& candidate = intake->candidates[i];
    candidate.object.bytes = envelope.objects[i];
    const auto value = parse_json(candidate.object.bytes, kOneObject);
    // What is no JSON spoils the whole; what is JSON beyond a limit, or has a key twice, fails by itself.
    if (!value && value.error().kind == ErrorKind::Malformed) return fail(ErrorKind::Malformed, "This is not JSON.", "/objects/" + std::to_string(i), "TAXII 2.1 §3.7");
    if (value) examine(candidate, *value, seen, intake->asker.viewer, definitions);
    else candidate.failure = value.error().message;
    if (!candidate.failure.empty()) continue;
    candidate.object.hash = sha256(bytes_of(candidate.object.bytes));
    intake->to_put.push_back(i);
  }
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
