#include "service/recalls.h"

#include <algorithm>
#include <map>

#include "base/fine_time.h"
#include "cvd/reason.h"
#include "service/collections.h"
#include "service/pseudonym_sending.h"
#include "service/site_log.h"
#include "store/clients.h"

namespace sluice::service {

namespace {

constexpr int kMostRecalls = 100;                 // of one object that are shown
constexpr std::size_t kMostPassedOn = 100;


// All that this organisation sent under an id, from everybody. `seen`: of the site. How many versions.
Result<std::int64_t> withdraw(Unit& unit, const Asker& asker, const store::CollectionSeen& whole, std::string_view id, std::vector<std::int64_t> audiences) {
  if (audiences.empty()) return 0;
  TRY(const auto gone, store::delete_object(unit.writing(), whole.within(audiences), id, {.all = true, .specs = {2000, 2001}}, unit.now()));
  Committed entry;
  if (!gone.hashes.empty()) TRY(write_collection_entry(unit, asker, whole.collection().id, "object.delete", objects_deleted_event(whole.collection().id, id, gone.hashes), entry));
  return gone.versions;
}

std::vector<std::int64_t> audiences_in(const std::vector<store::SentVersion>& versions) {
  std::vector<std::int64_t> out;
  for (const auto& one : versions) out.push_back(one.audience);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Those whose number of fetched versions fell.
std::vector<store::Fetched> lost(const std::vector<store::Fetched>& had, const std::vector<store::Fetched>& has) {
  std::vector<store::Fetched> out;
  for (const auto& one : had) {
    const auto now = std::find_if(has.begin(), has.end(), [&](const store::Fetched& other) { return other.organisation == one.organisation; });
    if (now == has.end() || now->versions < one.versions) out.push_back(one);
  }
  return out;
}

struct ReaderCard { OrganisationId id; std::string name; bool is_member = false; };

Result<std::map<store::Tag, ReaderCard>> readers_by_tag(Services& services, const store::Collection& collection) {
  std::map<store::Tag, ReaderCard> out;
  TRY(const auto rows, services.directory->rows(services.store, services.clock.monotonic()));
  for (const auto& [id, row] : *rows) out.emplace(services.store.tag_of(id), ReaderCard{id, row.profile.name, collection.is_member(id, row.kind)});
  return out;
}

json::object answer_json(const store::NoticeRow& notice) {
  json::object out{{"told_at", to_text(notice.at)}};
  if (!notice.answered || !notice.answer) return out;
  out["answered_at"] = to_text(*notice.answered);
  out["done"] = to_word(notice.answer->done);
  if (notice.answer->reason) out["reason"] = *notice.answer->reason;
  if (!notice.answer->passed_on_to.empty()) out["passed_on_to"] = json::array(notice.answer->passed_on_to.begin(), notice.answer->passed_on_to.end());
  return out;
}

json::object counts_of(const std::vector<store::NoticeRow>& told) {
  std::int64_t answered = 0, done[3] = {};
  for (const auto& one : told)
    if (one.answer) ++answered, ++done[static_cast<std::size_t>(one.answer->done)];
  return {{"told", told.size()}, {"answered", answered}, {"deleted", done[0]}, {"kept", done[1]}, {"passed_on", done[2]}};
}

}  // namespace

Result<std::string> call_back(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, store::RecallBody body, const store::Tag& sender, std::vector<store::Fetched> told, IfNobody if_nobody, Committed* out) {
  std::erase_if(told, [&](const store::Fetched& one) { return one.organisation == sender || one.organisation == services.store.tag_of(services.site.file.organisation); });
  if (told.empty() && if_nobody == IfNobody::Nothing) return std::string();
  body.collection = collection.id;
  const store::RecallRow row{.id = random_uuid(services.random), .at = unit.now(), .sender = sender, .body = std::move(body)};
  TRY(const auto posted, store::add_recall(unit.writing().tx(), services.cells(), collection, row, told));
  if (posted != 0) unit.tell({.collection = collection.n});
  json::object event{{"type", "ObjectRecalled"}, {"v", 1}, {"recall", row.id}, {"collection", collection.id}, {"object", row.body.object}, {"kind", to_word(row.body.kind)}, {"reason", row.body.reason}, {"told", told.size()}};
  Committed entry;
  TRY(write_collection_entry(unit, asker, collection.id, "object.recall", std::move(event), out != nullptr ? *out : entry));
  return row.id;
}

Result<void> drop_copies(Unit& unit, Services& services, const Asker& asker, const store::Collection& collection, std::string_view original, std::span<const CopyIds> ids, store::RecallKind kind, const std::string& reason) {
  auto& tx = unit.writing().tx();
  const auto site = services.site.file.organisation;
  TRY(const auto whole, services.store.as(access::Viewer::system()).whole(tx, collection, site));
  TRY(const auto ladder, store::Ladder::of(tx, services.cells(), collection));
  for (const auto& [id, origin] : ids) {
    TRY(const auto origins, store::sent_versions(tx, services.cells(), collection, ladder, services.store.tag_of(site), origin));
    TRY(withdraw(unit, asker, whole, origin, audiences_in(origins)));
    TRY(const auto copies, store::sent_versions(tx, services.cells(), collection, ladder, services.store.tag_of(site), id));
    if (copies.empty()) continue;
    TRY(auto told, store::fetched(tx, services.cells(), collection, id));
    TRY(withdraw(unit, asker, whole, id, audiences_in(copies)));
    TRY(call_back(unit, services, asker, collection, {.object = id, .collection = {}, .kind = kind, .reason = reason, .instead = std::string(original)}, services.store.tag_of(site), std::move(told)));
  }
  return {};
}

Result<void> tell_deleted(Unit& unit, Services& services, const Asker& asker, const store::CollectionSeen& seen, std::string_view id, const std::vector<store::Fetched>& had) {
  auto& tx = unit.writing().tx();
  const auto& collection = seen.collection();
  TRY(const auto has, store::fetched(tx, services.cells(), collection, id));
  const std::string reason = "Its sender deleted it.";
  TRY(call_back(unit, services, asker, collection, {.object = std::string(id), .collection = {}, .kind = store::RecallKind::Deleted, .reason = reason, .instead = {}}, seen.reader(), lost(had, has)));
  if (from_word<Redacted>(collection.redacted).value_or(Redacted::Withheld) == Redacted::Withheld) return {};
  TRY(const bool is_there, store::has_object(services.store, tx, seen, id));
  if (is_there) return {};
  const auto ids = copy_ids(services, id);
  return drop_copies(unit, services, asker, collection, id, ids, store::RecallKind::Deleted, reason);
}

Work recall_object(Services& services, Asker asker, std::string name, std::string object, CallBack given) {
  return [&services, asker = std::move(asker), name = std::move(name), object = std::move(object), given = std::move(given)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto sending, sending_in(services, tx, asker, name));
    const auto& seen = sending.seen;
    const auto& as = sending.as;
    if (!seen.can_write()) return fail(ErrorKind::Forbidden, "Your organisation doesn't write this collection.");
    const auto& collection = seen.collection();
    TRY(const auto ladder, store::Ladder::of(tx, services.cells(), collection));
    TRY(const auto sent, store::sent_versions(tx, services.cells(), collection, ladder, seen.reader(), object));
    if (sent.empty()) return no_object();
    TRY(cvd::rules::reason_fits(given.reason, 2'000, "/reason"));
    TRY(check_text_under_pseudonym(services, tx, asker, sending, given.reason, "/reason"));
    TRY(auto told, store::fetched(tx, services.cells(), collection, object));
    TRY(const auto whole, services.store.as(access::Viewer::system()).whole(tx, collection, *as.viewer.organisation));
    TRY(withdraw(unit, as, whole, object, audiences_in(sent)));
    Committed out;
    TRY(const auto id, call_back(unit, services, as, collection, {.object = object, .collection = {}, .kind = store::RecallKind::Recalled, .reason = given.reason, .instead = {}}, seen.reader(), std::move(told), IfNobody::Recall, &out));
    TRY(drop_copies(unit, services, as, collection, object, copy_ids(services, object), store::RecallKind::Recalled, given.reason));
    TRY(write_use(unit, asker, sending, "object.recall", 1));
    TRY(const auto notices, store::told_of(tx, services.cells(), id));
    out.answer = {{"id", id}, {"told", notices.size()}};
    return out;
  };
}

Work answer_recall(Services& services, Asker asker, std::string recall, AnswerRecall answer) {
  return [&services, asker = std::move(asker), recall = std::move(recall), answer = std::move(answer)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    if (!asker.viewer.organisation) return fail(ErrorKind::NotFound, "There is no such recall, or it isn't for you.");
    const auto own = services.store.tag_of(*asker.viewer.organisation);
    TRY(const auto known, store::notice_of(tx, services.cells(), recall, own));
    if (answer.done == store::RecallDone::Kept && !answer.reason) return fail(ErrorKind::Invalid, "Say why it is kept.", "/reason");
    if (answer.done == store::RecallDone::PassedOn && answer.passed_on_to.empty()) return fail(ErrorKind::Invalid, "Say to whom it went on, so that they can be told.", "/passed_on_to");
    if (answer.reason) TRY(cvd::rules::reason_fits(*answer.reason, 2'000, "/reason"));
    if (answer.passed_on_to.size() > kMostPassedOn) return fail(ErrorKind::Invalid, "At most 100 are named.", "/passed_on_to");
    for (std::size_t i = 0; i < answer.passed_on_to.size(); ++i) TRY(cvd::rules::reason_fits(answer.passed_on_to[i], 250, "/passed_on_to/" + std::to_string(i)));
    TRY(store::answer_notice(tx, services.cells(), recall, own, unit.now(), {answer.done, answer.reason, answer.passed_on_to, asker.viewer.person}));
    Committed out;
    out.answer = {{"id", recall}};
    json::object event{{"type", "RecallAnswered"}, {"v", 1}, {"recall", recall}, {"organisation", asker.viewer.organisation->text()}, {"done", to_word(answer.done)}, {"passed_on_to", json::array(answer.passed_on_to.begin(), answer.passed_on_to.end())}};
    if (answer.reason) event["reason"] = *answer.reason;
    TRY(write_collection_entry(unit, asker, known.recall.body.collection, "recall.acknowledge", std::move(event), out));
    return out;
  };
}

Result<RecallsShown> recalls(Services& services, const access::Viewer& viewer, const std::optional<store::NoticePlace>& after, int most) {
  RecallsShown out;
  if (!viewer.organisation) return out;
  TRY(auto db, services.store.lease());
  TRY(auto rows, store::notices_of(*db, services.cells(), services.store.tag_of(*viewer.organisation), after, most + 1));
  const bool more = rows.size() > static_cast<std::size_t>(most);
  if (more) rows.pop_back();
  for (auto& row : rows) out.items.push_back(recall_shown(std::move(row)));
  if (more) out.next = store::NoticePlace{out.items.back().at.micros, out.items.back().id};
  return out;
}

RecallShown recall_shown(store::NoticeWithRecall row) {
  auto& body = row.recall.body;
  return {row.recall.id, std::move(body.collection), std::move(body.object), body.kind, std::move(body.reason), row.notice.at, row.notice.fetched, row.notice.answered, std::move(row.notice.answer)};
}

json::object recall_told(const store::NoticeWithRecall& row) {
  const auto& body = row.recall.body;
  return {{"id", row.recall.id}, {"collection", body.collection}, {"object", body.object}, {"kind", to_word(body.kind)}, {"reason", body.reason}, {"at", to_text(row.notice.at)}, {"fetched", to_text(row.notice.fetched)}};
}

Result<json::object> deliveries_of(Services& services, const Asker& asker, std::string_view name, std::string_view object) {
  const auto& viewer = asker.viewer;
  TRY(auto db, services.store.lease());
  std::optional<store::Collection> collection;
  std::optional<store::Tag> sender;
  bool names_all = false, names_members = false;
  if (viewer.is_instance_admin && viewer.has_scope(access::Scope::SiteAdmin)) {
    TRY(auto all, store::all_collections(*db, services.cells()));
    for (auto& one : all)
      if (one.id == name || one.alias == name) collection = std::move(one);
    if (!collection) return no_object();
    names_all = true;
  } else {
    TRY(const auto sending, sending_in(services, *db, asker, name));
    collection = sending.seen.collection();
    sender = sending.seen.reader();
    names_members = collection->is_member(*viewer.organisation, viewer.organisation_kind);
  }
  const auto& cells = services.cells();
  TRY(const auto recalls, store::recalls_of(*db, cells, *collection, object, kMostRecalls));
  TRY(auto fetched, store::fetched(*db, cells, *collection, object));
  if (sender) {                                   // what it sent, by now or before it called it back
    TRY(const auto ladder, store::Ladder::of(*db, cells, *collection));
    TRY(const auto sent, store::sent_versions(*db, cells, *collection, ladder, *sender, object));
    if (sent.empty() && std::none_of(recalls.begin(), recalls.end(), [&](const store::RecallRow& one) { return one.sender == *sender; })) return no_object();
    std::erase_if(fetched, [&](const store::Fetched& one) { return one.organisation == *sender; });
  } else if (fetched.empty() && recalls.empty()) {
    return no_object();
  }
  TRY(const auto readers, readers_by_tag(services, *collection));
  const auto shown = [&](const store::Tag& tag) -> const ReaderCard* {
    const auto found = readers.find(tag);
    return found != readers.end() && (names_all || (names_members && found->second.is_member)) ? &found->second : nullptr;
  };
  std::int64_t others = 0;
  json::array items, called;
  for (const auto& one : fetched) {
    const auto* reader = shown(one.organisation);
    if (reader == nullptr) ++others;
    else items.push_back(json::object{{"organisation", reader->id.text()}, {"name", reader->name}, {"first", to_text(one.first)}, {"versions", one.versions}});
  }
  for (const auto& recall : recalls) {
    if (sender && recall.sender != *sender) continue;
    TRY(const auto told, store::told_of(*db, cells, recall.id));
    json::array by;
    for (const auto& notice : told)
      if (const auto* reader = shown(notice.organisation)) {
        auto one = answer_json(notice);
        one["organisation"] = reader->id.text(), one["name"] = reader->name;
        by.push_back(std::move(one));
      }
    called.push_back(json::object{{"id", recall.id}, {"at", to_text(recall.at)}, {"kind", to_word(recall.body.kind)}, {"reason", recall.body.reason}, {"counts", counts_of(told)}, {"told", std::move(by)}});
  }
  return json::object{{"collection", collection->id}, {"object", object}, {"fetched", fetched.size()}, {"items", std::move(items)}, {"others", others}, {"recalls", std::move(called)}};
}

}  // namespace sluice::service
