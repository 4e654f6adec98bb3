#include "service/widening.h"

#include <algorithm>
#include <set>
#include <span>

#include "base/tlp.h"
#include "cvd/reason.h"
#include "gate/judge.h"
#include "service/case_keys.h"
#include "service/collections.h"
#include "service/redacted.h"
#include "service/site_log.h"
#include "service/viewers.h"

namespace sluice::service {

namespace {

using store::WideningRow;
using store::WideningState;

constexpr int kShownWidenings = 100;
constexpr Duration kFurthest = std::chrono::hours(24 * 366);

std::unexpected<Error> no_widening() { return fail(ErrorKind::NotFound, "There is no such release, or it isn't your organisation's."); }

// The collection, for whoever may send to it.
Result<store::CollectionSeen> sent_to(Unit& unit, Services& services, const Asker& asker, std::string_view name) {
  TRY(still_affiliated(unit, asker.viewer));
  TRY(auto seen, services.store.as(asker.viewer).collection(unit.writing().tx(), name));
  if (!seen.can_write() || !asker.viewer.person) return fail(ErrorKind::Forbidden, "Your organisation doesn't write this collection.");
  return seen;
}

Result<WideningRow> own_widening(Unit& unit, Services& services, const store::CollectionSeen& seen, ReleaseId id) {
  TRY(auto row, store::widening(unit.writing().tx(), services.cells(), id));
  if (!row || row->collection != seen.collection().n || row->sender != seen.reader()) return no_widening();
  return *std::move(row);
}

Result<void> check_plan(const std::string& reason, Instant at, Instant now) {
  TRY(cvd::rules::reason_fits(reason, 2'000, "/reason"));
  if (at > now + kFurthest) return fail(ErrorKind::Invalid, "A release is planned for a year ahead at most.", "/at");
  return {};
}

json::array ids_in(const std::vector<store::WidenedObject>& objects) {
  json::array out;
  for (const auto& one : objects) out.emplace_back(one.id);
  return out;
}

// On record, with its second person where none is asked for.
Result<void> put_on_record(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, WideningRow& row, Committed& out) {
  if (!services.settings.two_person) {
    row.state = WideningState::Planned;
    row.due = row.body.at;
    row.body.answered_by = row.body.asked_by, row.body.answered_at = unit.now();
  }
  TRY(store::add_widening(unit.writing().tx(), services.cells(), row));
  json::object event{{"type", "WideningAsked"}, {"v", 1}, {"widening", row.id.text()}, {"collection", collection.id}, {"objects", ids_in(row.body.objects)}, {"at", to_text(row.body.at)}, {"reason", row.body.reason}};
  if (row.state == WideningState::Planned) event["second_person_spared"] = true;
  TRY(write_collection_entry(unit, asker, collection.id, "widening.ask", std::move(event), out));
  out.answer = {{"id", row.id.text()}};
  out.waits_for_second_person = row.state == WideningState::Asked;
  return {};
}

WideningRow row_of(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, std::vector<store::WidenedObject> objects, Instant at, const std::string& reason) {
  WideningRow row{.id = ReleaseId::random(services.random), .collection = collection.n, .sender = services.store.tag_of(*asker.viewer.organisation), .asked_at = unit.now()};
  row.body.collection = collection.id, row.body.objects = std::move(objects), row.body.at = at, row.body.reason = reason;
  row.body.organisation = *asker.viewer.organisation, row.body.asked_by = *asker.viewer.person;
  return row;
}

Result<Committed> end_widening(Unit& unit, Services& services, const Asker& asker, WideningRow row, WideningState state, std::optional<std::string> why, std::string_view action, json::object event) {
  row.state = state, row.due.reset();
  row.body.ended_at = unit.now(), row.body.why_ended = std::move(why);
  TRY(store::change_widening(unit.writing().tx(), services.cells(), row));
  Committed out;
  out.answer = {{"id", row.id.text()}};
  TRY(write_collection_entry(unit, asker, row.body.collection, action, std::move(event), out));
  return out;
}

// G: to whom all of it goes by this. The source says so itself, on record, by two persons.
Result<void> judge_firing(Unit& unit, Services& services, const WideningRow& row, std::string& why) {
  gate::Disclosure disclosure;
  disclosure.content.object = "widening:" + row.id.text();
  disclosure.content.hash = gate::hash_of_content(bytes_of(canonical(to_json(row.body.objects))));
  disclosure.content.marking = Tlp::AmberStrict;
  const bool to_all = std::any_of(row.body.objects.begin(), row.body.objects.end(), [](const store::WidenedObject& one) { return one.to > store::Reach::Members; });
  disclosure.audience = to_all ? gate::Audience::community(services.site.file.id.text()) : gate::Audience::community("collection:" + row.body.collection);
  disclosure.channel = gate::Channel::Taxii;
  disclosure.at = unit.now();
  disclosure.actor = row.body.asked_by;
  disclosure.basis = {.kind = gate::BasisKind::Release, .release = row.id};
  gate::Facts facts;
  facts.now = unit.now();
  facts.audience.is_community = true;
  facts.marking.source_permits = true;
  facts.release = gate::ReleaseFacts{row.id, row.body.answered_by.has_value(), row.body.at, {disclosure.content.hash}, true, false};
  facts.two_person = services.settings.two_person;
  const auto judged = gate::judge(disclosure, facts, RulingId::random(services.random));
  TRY(unit.writing().record_ruling(judged.ruling.id, unit.now(), static_cast<int>(judged.ruling.outcome), services.cells().tag("collection", row.body.collection), json::object{{"disclosure", to_json(disclosure)}, {"ruling", to_json(judged.ruling)}}));
  if (!judged.ruling.allows()) why = "The gate doesn't let this out.";
  return {};
}

// The one who planned it, if its organisation may still write here.
Result<std::optional<access::Viewer>> viewer_to_fire(Services& services, store::Queries& db, const WideningRow& row) {
  const auto viewer = viewer_for(services.site, db, row.body.asked_by, row.body.organisation);
  if (!viewer && viewer.error().kind == ErrorKind::Unavailable) return std::unexpected(viewer.error());
  if (!viewer) return std::optional<access::Viewer>{};
  const auto seen = services.store.as(*viewer).collection(db, row.body.collection);
  if (!seen && seen.error().kind == ErrorKind::Unavailable) return std::unexpected(seen.error());
  return seen && seen->can_write() ? std::optional<access::Viewer>(*viewer) : std::nullopt;
}

// What a participant of a case agreed to keep to itself goes no further by a release than by sending it (case_keys.h): it may have been sent to its own organisation alone, or before the embargo was.
Result<bool> is_held_back(Unit& unit, Services& services, HeldBack& held_back, const store::CollectionSeen& whole, const store::WidenedObject& object, std::span<const store::SentVersion> sent, OrganisationId sender) {
  constexpr JsonLimits kReleased{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};
  std::set<std::int64_t> left;                    // to be looked at: what can't be isn't let out
  std::vector<std::int64_t> audiences;
  for (const auto& one : sent)
    if (!one.is_aside) left.insert(one.object), audiences.push_back(one.audience);
  std::sort(audiences.begin(), audiences.end());
  audiences.erase(std::unique(audiences.begin(), audiences.end()), audiences.end());
  const auto seen = whole.within(audiences);
  TRY(const auto page, store::page_of(services.store, unit.writing().tx(), seen, {.ids = {object.id}, .versions = {.all = true, .specs = {2000, 2001}}, .most = static_cast<std::int64_t>(store::kMostVersions)}, store::Parts::Whole));
  for (const auto& one : page.objects) {
    if (left.erase(one.object) == 0) continue;
    const auto value = parse_json(one.bytes, kReleased);
    if (!value || !value->is_object() || !held_back.why_not(value->get_object(), store::audience_at(object.to, sender), Tlp::Green, unit.now()).empty()) return true;
  }
  return !left.empty();
}

Result<Committed> fire_widening(Unit& unit, Services& services, ReleaseId id) {
  auto& tx = unit.writing().tx();
  const Asker machine{access::Viewer::system(), {}, {}, {}};
  TRY(auto found, store::widening(tx, services.cells(), id));
  if (!found || found->state != WideningState::Planned || !found->due || *found->due > unit.now()) return Committed{};     // W1
  auto& row = *found;
  const auto hold = [&](std::string why) {
    json::object event{{"type", "WideningHeld"}, {"v", 1}, {"widening", id.text()}, {"collection", row.body.collection}, {"why", why}};
    return end_widening(unit, services, machine, row, WideningState::Held, why, "widening.hold", std::move(event));
  };
  TRY(const auto sender, viewer_to_fire(services, tx, row));
  const bool may = sender.has_value();
  if (!may) return hold("Whoever planned it may not send to this collection any more.");
  TRY(const auto all, store::all_collections(tx, services.cells()));
  const auto collection = std::find_if(all.begin(), all.end(), [&](const store::Collection& one) { return one.n == row.collection; });
  if (collection == all.end()) return hold("Its collection is gone.");
  std::string why;
  TRY(judge_firing(unit, services, row, why));
  if (!why.empty()) return hold(why);
  TRY(const auto ladder, store::Ladder::of(tx, services.cells(), *collection));
  TRY(const auto whole, services.store.as(access::Viewer::system()).whole(tx, *collection, row.body.organisation));
  TRY(auto held_back, HeldBack::of(services, *sender));
  std::int64_t posted = 0, left = 0;
  for (const auto& object : row.body.objects) {
    TRY(auto sent, store::sent_versions(tx, services.cells(), *collection, ladder, row.sender, object.id));
    const auto reach = store::reach_of(sent);
    if (!reach || *reach < object.from) {         // recalled, deleted or narrowed since
      ++left;
      continue;
    }
    std::erase_if(sent, [&](const store::SentVersion& one) { return std::find(object.versions.begin(), object.versions.end(), one.object) == object.versions.end(); });   // W3
    TRY(const bool is_held, is_held_back(unit, services, held_back, whole, object, sent, row.body.organisation));
    if (is_held) {
      ++left;
      continue;
    }
    TRY(const auto count, store::post_anew(unit.writing(), *collection, object.id, sent, object.to, row.body.organisation, unit.now()));
    posted += count;
  }
  if (left == static_cast<std::int64_t>(row.body.objects.size())) return hold("What was planned was recalled, deleted or marked stricter since, or is held back under an embargo.");
  row.body.posted = posted;
  if (posted > 0) unit.tell({.collection = row.collection});
  std::optional<std::string> said;
  if (left > 0) said = std::to_string(left) + " of its objects were recalled, deleted or marked stricter since, or are held back under an embargo, and stayed where they are.";
  json::object event{{"type", "WideningFired"}, {"v", 1}, {"widening", id.text()}, {"collection", row.body.collection}, {"posted", posted}};
  return end_widening(unit, services, machine, row, WideningState::Fired, std::move(said), "widening.fire", std::move(event));
}

}  // namespace

Work plan_widening(Services& services, Asker asker, std::string name, PlanWidening wanted) {
  return [&services, asker = std::move(asker), name = std::move(name), wanted = std::move(wanted)](Unit& unit) -> Result<Committed> {
    TRY(const auto seen, sent_to(unit, services, asker, name));
    const auto label = from_word<Tlp>(wanted.to);
    if (!label || *label == Tlp::Red) return fail(ErrorKind::Invalid, "Say how far: clear, green, amber or amber_strict.", "/to");
    if (wanted.objects.empty() || wanted.objects.size() > kMostWidened) return fail(ErrorKind::Invalid, "A release has 1 to " + std::to_string(kMostWidened) + " objects.", "/objects");
    TRY(check_plan(wanted.reason, wanted.at, unit.now()));
    const auto to = reach_of_label(*label);
    auto& tx = unit.writing().tx();
    const auto& collection = seen.collection();
    TRY(const auto ladder, store::Ladder::of(tx, services.cells(), collection));
    std::vector<store::WidenedObject> objects;
    std::set<std::string_view> once;
    for (std::size_t i = 0; i < wanted.objects.size(); ++i) {
      const auto where = "/objects/" + std::to_string(i);
      if (!once.insert(wanted.objects[i]).second) return fail(ErrorKind::Invalid, "This object is named twice.", where);
      TRY(const auto sent, store::sent_versions(tx, services.cells(), collection, ladder, seen.reader(), wanted.objects[i]));
      const auto from = store::reach_of(sent);
      if (!from) return fail(ErrorKind::NotFound, "There is no such object of your organisation here.", where);
      if (*from >= to) return fail(ErrorKind::Conflict, "This object goes as far already.", where, {}, "wide-already");
      store::WidenedObject one{.id = wanted.objects[i], .from = *from, .to = to, .versions = {}};
      for (const auto& version : sent)
        if (version.reach >= *from && std::find(one.versions.begin(), one.versions.end(), version.object) == one.versions.end()) one.versions.push_back(version.object);
      objects.push_back(std::move(one));
    }
    auto row = row_of(unit, services, asker, collection, std::move(objects), wanted.at, wanted.reason);
    Committed out;
    TRY(put_on_record(unit, services, asker, collection, row, out));
    return out;
  };
}

Work approve_widening(Services& services, Asker asker, std::string name, ReleaseId id) {
  return [&services, asker = std::move(asker), name = std::move(name), id](Unit& unit) -> Result<Committed> {
    TRY(const auto seen, sent_to(unit, services, asker, name));
    TRY(auto row, own_widening(unit, services, seen, id));
    if (row.state != WideningState::Asked) return fail(ErrorKind::Conflict, "This release is answered already.", {}, {}, "answered");
    if (row.body.asked_by == *asker.viewer.person) return fail(ErrorKind::Forbidden, "You planned this: a second person of your organisation approves it.", {}, "two persons");     // W2
    row.state = WideningState::Planned, row.due = row.body.at;
    row.body.answered_by = *asker.viewer.person, row.body.answered_at = unit.now();
    TRY(store::change_widening(unit.writing().tx(), services.cells(), row));
    Committed out;
    out.answer = {{"id", id.text()}};
    TRY(write_collection_entry(unit, asker, row.body.collection, "widening.approve", {{"type", "WideningAnswered"}, {"v", 1}, {"widening", id.text()}, {"collection", row.body.collection}, {"approved", true}}, out));
    return out;
  };
}

Work refuse_widening(Services& services, Asker asker, std::string name, ReleaseId id) {
  return [&services, asker = std::move(asker), name = std::move(name), id](Unit& unit) -> Result<Committed> {
    TRY(const auto seen, sent_to(unit, services, asker, name));
    TRY(auto row, own_widening(unit, services, seen, id));
    if (row.state != WideningState::Asked) return fail(ErrorKind::Conflict, "This release is answered already.", {}, {}, "answered");
    if (row.body.asked_by == *asker.viewer.person) return fail(ErrorKind::Forbidden, "You planned this: withdraw it, or let a second person answer.", {}, "two persons");
    row.body.answered_by = *asker.viewer.person, row.body.answered_at = unit.now();
    json::object event{{"type", "WideningAnswered"}, {"v", 1}, {"widening", id.text()}, {"collection", row.body.collection}, {"approved", false}};
    return end_widening(unit, services, asker, std::move(row), WideningState::Refused, {}, "widening.refuse", std::move(event));
  };
}

Work withdraw_widening(Services& services, Asker asker, std::string name, ReleaseId id) {
  return [&services, asker = std::move(asker), name = std::move(name), id](Unit& unit) -> Result<Committed> {
    TRY(const auto seen, sent_to(unit, services, asker, name));
    TRY(auto row, own_widening(unit, services, seen, id));
    if (row.state != WideningState::Asked && row.state != WideningState::Planned) return fail(ErrorKind::Conflict, "This release has ended already.", {}, {}, "ended");
    json::object event{{"type", "WideningWithdrawn"}, {"v", 1}, {"widening", id.text()}, {"collection", row.body.collection}};
    return end_widening(unit, services, asker, std::move(row), WideningState::Withdrawn, {}, "widening.withdraw", std::move(event));
  };
}

Result<void> check_early(Services& services, const Asker& asker, Instant at, const std::string& reason) {
  const auto now = services.clock.now();
  if (!asker.viewer.person || !asker.viewer.organisation) return fail(ErrorKind::Forbidden, "A person of the sender shares early.");
  if (at <= now) return fail(ErrorKind::Invalid, "The hour of the release must lie ahead.", "at");
  return check_plan(reason, at, now);
}

Result<ReleaseId> plan_early(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, std::vector<store::WidenedObject> objects, Instant at, const std::string& reason) {
  auto row = row_of(unit, services, asker, collection, std::move(objects), at, reason);
  Committed entry;
  TRY(put_on_record(unit, services, asker, collection, row, entry));
  return row.id;
}

Result<int> fire_widenings(Services& services, Instant now) {
  std::vector<ReleaseId> due;
  {
    TRY(auto db, services.store.lease());
    TRY(due, store::due_widenings(*db, now, 100));
  }
  std::optional<Error> trouble;
  for (const auto id : due) {
    auto fired = services.writer.run([&services, id](Unit& unit) { return fire_widening(unit, services, id); });
    if (fired) continue;
    trouble = fired.error();                      // tried again in a minute; those behind it aren't kept waiting
    (void)services.writer.run([&services, id](Unit& unit) -> Result<Committed> {
      TRY(auto row, store::widening(unit.writing().tx(), services.cells(), id));
      if (!row || row->state != WideningState::Planned) return Committed{};
      row->due = unit.now() + std::chrono::minutes(1);
      TRY(store::change_widening(unit.writing().tx(), services.cells(), *row));
      return Committed{};
    });
  }
  if (trouble) return std::unexpected(*trouble);
  return static_cast<int>(due.size());
}

Result<std::vector<WideningShown>> widenings(Services& services, const access::Viewer& viewer, std::string_view name) {
  TRY(auto db, services.store.lease());
  TRY(const auto seen, services.store.as(viewer).collection(*db, name));
  std::vector<WideningShown> out;
  if (!seen.can_write()) return out;
  TRY(auto rows, store::widenings_of(*db, services.cells(), seen.collection(), seen.reader(), kShownWidenings));
  for (auto& row : rows) {
    auto& body = row.body;
    out.push_back({row.id, to_word(row.state), std::move(body.objects), body.at, row.asked_at, std::move(body.reason), body.asked_by, body.answered_by, body.answered_at, body.ended_at, std::move(body.why_ended), body.posted});
  }
  return out;
}

}  // namespace sluice::service
