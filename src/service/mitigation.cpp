#include "service/mitigation.h"

#include <algorithm>
#include <deque>
#include <set>

#include "base/fine_time.h"
#include "service/case_keys.h"
#include "service/collections.h"
#include "service/gate_facts.h"
#include "service/marked_put.h"
#include "service/mitigation_gate.h"
#include "service/regimes.h"
#include "service/threat_intake.h"
#include "service/threat_ties.h"
#include "threat/object.h"

namespace sluice::service {

namespace {

// STIX 2.1 §4.3: what collections' members read in the place of the words.
json::object in_words(const cvd::Mitigation& mitigation, const Told& told) {
  const auto at = six_digits(mitigation.proposed_at);
  return {{"type", "course-of-action"}, {"spec_version", "2.1"}, {"id", own_id("course-of-action", mitigation, to_word(told.role))}, {"created", at}, {"modified", at},
          {"name", told.role == cvd::MitigationRole::Deployer ? "What to install or change" : "What to look for"}, {"description", told.text}, {"object_marking_refs", strict_marking()}};
}

// Posts what a collection's members are told, once each of them is let in by a Pass of its own (I2).
struct MitigationEnvelope { gate::ContentHash content; gate::Audience audience; };
class MitigationOutlet final : public gate::Outlet<MitigationEnvelope> {
 public:
  MitigationOutlet(Unit& unit, Services& services, std::string collection, OrganisationId owner) : Outlet(gate::Channel::Taxii), unit_(unit), services_(services), collection_(std::move(collection)), owner_(owner) {}

  Result<void> post(const json::array& objects, const std::vector<OrganisationId>& members) {
    for (const auto member : members)
      if (!passed_.contains(member.text())) return fail(ErrorKind::Conflict, "A member of the collection may not have this, so nothing was posted.", {}, "gate", "gate-denies");
    TRY(const auto row, store::organisation(unit_.writing().tx(), services_.cells(), owner_));
    if (!row) return fail(ErrorKind::NotFound, "There is no such organisation.");
    TRY(const auto seen, services_.store.as(anyone_of(owner_, row->kind)).collection(unit_.writing().tx(), collection_));
    if (!seen.can_write() || seen.collection().anyone_reads) return fail(ErrorKind::Conflict, "This collection doesn't stand for a role any more.");
    std::vector<std::string> texts;
    texts.reserve(objects.size());                // the rows point into them
    std::deque<store::NewObject> made;            // and these too
    std::vector<MarkedObject> rows;
    for (const auto& value : objects) {
      TRY(const auto facts, threat::facts_of(value.as_object()));
      const auto& text = texts.emplace_back(canonical(value));
      store::NewObject object{.id = facts.id, .type = facts.type, .version = facts.version, .version_at = utc_nanos(facts.version), .hash = sha256(bytes_of(text)), .content = sha256(bytes_of(text)), .bytes = text, .creator = facts.created_by_ref, .created_at = facts.created ? utc_nanos(*facts.created) : std::nullopt, .is_sealed = true, .is_revoked = facts.revoked};
      tie(services_.cells(), value.get_object(), object);
      rows.push_back({&made.emplace_back(std::move(object)), store::Reach::Members, false, false, nullptr});
    }
    Asker machine{access::Viewer::system(), {}, {}, {}};
    machine.viewer.organisation = owner_;
    TRY(const auto put, put_as_marked(unit_, services_, machine, seen, rows));
    std::vector<Hash> hashes;
    std::int64_t first = 0, last = 0;
    for (std::size_t i = 0; i < put.size(); ++i) {
      if (put[i].outcome == store::PutObject::Outcome::AlreadyThere) continue;
      if (put[i].outcome != store::PutObject::Outcome::Added) return fail(ErrorKind::Conflict, "The collection holds something else under an id of this mitigation.");
      if (hashes.empty()) first = put[i].object;
      last = put[i].object;
      hashes.push_back(rows[i].object->hash);
    }
    if (hashes.empty()) return {};
    Committed unused;
    return write_collection_entry(unit_, machine, collection_, "object.put", objects_added_event(collection_, first, last, hashes), unused);
  }

 private:
  Result<void> deliver(gate::Pass pass, const MitigationEnvelope&) override {
    passed_.insert(pass.audience().id.value_or(""));
    return {};
  }
  Unit& unit_;
  Services& services_;
  std::string collection_;
  OrganisationId owner_;
  std::set<std::string> passed_;
};

bool is_chosen(const cvd::CaseFold& fold, cvd::MitigationRole role, const std::string& collection) {
  const auto found = fold.mitigation_collections.find(role);
  return found != fold.mitigation_collections.end() && std::find(found->second.begin(), found->second.end(), collection) != found->second.end();
}

}  // namespace

Result<Telling> Telling::prepare(Unit& unit, Services& services, const Asker& asker, const cvd::CaseFold& fold, const cvd::Command& act, cvd::Ask& ask) {
  Telling out;
  out.owner_ = fold.owner;
  auto& tx = unit.writing().tx();
  if (const auto* choose = get_if<cvd::ChooseMitigationCollections>(&act)) {
    TRY(const auto rows, organisations_of(services));
    for (std::size_t i = 0; i < choose->collections.size() && i <= cvd::kMostReleaseCollections; ++i) {  // of more, decide() says that they are too many
      TRY(const auto collection, standing_collection(services, tx, fold, *rows, choose->collections[i]));
      // What the owner may is no right of others of the coordination: of a collection that they don't read they learn nothing, not even that it is there.
      const bool is_named_by_owner = !asker.viewer.organisation || *asker.viewer.organisation == fold.owner;
      bool is_seen = is_named_by_owner || (collection && is_chosen(fold, choose->role, collection->id));
      if (!is_seen && collection) {
        const auto own = services.store.as(asker.viewer).collection(tx, collection->id);
        if (!own && own.error().kind != ErrorKind::NotFound) return std::unexpected(own.error());
        is_seen = own && own->can_read();
      }
      if (!collection || !is_seen) return fail(ErrorKind::Invalid, "The case owner reads and writes no such collection with readers that are named.", "/collections/" + std::to_string(i));
      ask.known.collections.push_back(collection->id);
    }
    std::sort(ask.known.collections.begin(), ask.known.collections.end());
    ask.known.collections.erase(std::unique(ask.known.collections.begin(), ask.known.collections.end()), ask.known.collections.end());
    return out;
  }
  const auto* share = get_if<cvd::ShareMitigation>(&act);
  const auto* mitigation = share == nullptr ? nullptr : mitigation_of(fold, share->mitigation);
  if (mitigation == nullptr) return out;          // decide() says so
  auto told = told_as_proposed(fold, *mitigation, share->role);
  if (cvd::first_shared(*mitigation, share->role) == nullptr) {
    if (share->text) told.text = *share->text;
    if (share->objects) {
      const auto prepared = cvd::detecting(fold);
      std::set<std::string> wanted(share->objects->begin(), share->objects->end()), kept;
      for (const auto& one : prepared)
        if (wanted.erase(one.id) > 0) kept.insert(own_id(one.type, *mitigation, one.id + "/" + one.version));
      if (!wanted.empty() || !cvd::row_of(share->role).objects) return fail(ErrorKind::Invalid, "There is no such prepared object that this role may have.", "/objects");
      std::erase_if(told.objects, [&](const cvd::PreparedObject& one) { return !kept.contains(one.id); });
    }
  }
  ask.known.prepared = told.objects;
  ask.known.mitigation = cvd::MitigationGate{DecisionId::random(services.random), {}, {}};
  TRY(const auto rows, organisations_of(services));
  TRY(const auto holders, role_holders(services, tx, fold, *rows, *mitigation, share->role));
  if (holders.count() > cvd::kMostMitigationReceivers) return fail(ErrorKind::TooLarge, "At most " + std::to_string(cvd::kMostMitigationReceivers) + " organisations can be told at one instant.", "/role");
  const Asking asking{services, fold, *rows, *mitigation, told, asker.viewer.person, asker.viewer.organisation.value_or(fold.owner), {}, ask.known.mitigation->decision, share->why, unit.now()};
  Words words;
  const auto judge = [&](OrganisationId to, std::optional<std::string> collection) {
    Judged one{to, std::move(collection), {}, {}, {}};
    auto judged = asking.ask(to, one.collection.has_value(), one.disclosure, RulingId::random(services.random));
    one.ruling = std::move(judged.ruling), one.pass = std::move(judged.pass);
    words.try_emplace({to, one.collection.has_value()}, Word{one.ruling.id, one.ruling.allows(), one.ruling.allows() ? "" : why_denied(one.ruling)});
    out.judged_.push_back(std::move(one));
  };
  for (const auto id : holders.participants) judge(id, {});
  for (const auto& collection : holders.collections)
    for (const auto id : collection.members) judge(id, collection.id);
  auto sorted = sorted_by_gate(fold, holders, *mitigation, share->role, words);
  ask.known.mitigation->receivers = std::move(sorted.receivers);
  ask.known.mitigation->left_out = std::move(sorted.left_out);
  return out;
}

Result<void> Telling::carry_out(Unit& unit, Services& services, const cvd::CaseFold& before, const cvd::Changes& changes) {
  const cvd::MitigationShared* shared = nullptr;
  for (const auto& change : changes)
    if (const auto* one = get_if<cvd::MitigationShared>(&change.event)) shared = one;
  if (shared == nullptr) return {};               // it waits for a second person
  const auto* mitigation = mitigation_of(before, shared->mitigation);
  if (mitigation == nullptr) return {};
  const auto object = services.cells().tag("object", before.id.text());
  for (const auto& one : judged_) {
    const json::object body{{"disclosure", to_json(one.disclosure)}, {"ruling", to_json(one.ruling)}};
    TRY(unit.writing().record_ruling(one.ruling.id, unit.now(), static_cast<int>(one.ruling.outcome), object, body));
  }
  std::set<std::string> collections;
  for (const auto& one : shared->receivers)
    if (one.collection) collections.insert(*one.collection);
  const Told told{shared->role, shared->text, shared->classes, shared->objects};
  json::array objects;
  if (!told.text.empty()) objects.push_back(in_words(*mitigation, told));
  for (const auto& one : told.objects) objects.push_back(one.object);
  for (const auto& id : collections) {
    MitigationOutlet outlet(unit, services, id, owner_);
    std::vector<OrganisationId> members;
    for (auto& one : judged_) {
      if (one.collection != id) continue;
      members.push_back(one.organisation);
      if (one.pass) TRY(outlet.send(*std::exchange(one.pass, std::nullopt), {one.disclosure.content.hash, one.disclosure.audience}, unit.now()));
    }
    TRY(outlet.post(objects, members));
  }
  return {};
}

void Telling::keep_denials(Unit& unit, Services& services, CaseId id, const Error& refused) {
  if (refused.code != "gate-denies" && refused.code != "unequal-access") return;
  for (const auto& one : judged_)
    if (!one.ruling.allows()) keep_denial(unit, services, id, one.ruling, {{"disclosure", to_json(one.disclosure)}, {"ruling", to_json(one.ruling)}}, DeniedTo::Person);
}

}  // namespace sluice::service
