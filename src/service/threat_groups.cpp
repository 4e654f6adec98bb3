#include "service/threat_groups.h"

#include <algorithm>

#include "service/collections.h"
#include "service/site_log.h"

namespace sluice::service {

namespace {

using store::GroupPlace;

constexpr std::size_t kLongestGroupName = 120;

std::unexpected<Error> no_threat_group() { return fail(ErrorKind::NotFound, "There is no such group here, or you have no part in it."); }

std::string lower_name(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// The collection, for a reader of it that acts for an organisation.
Result<store::CollectionSeen> read_by(Unit& unit, Services& services, const Asker& asker, std::string_view name) {
  TRY(still_affiliated(unit, asker.viewer));
  TRY(auto seen, services.store.as(asker.viewer).collection(unit.writing().tx(), name));
  if (!seen.can_read() || !asker.viewer.organisation || !asker.viewer.person) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  return seen;
}

Result<store::ThreatGroup> group_here(Unit& unit, Services& services, const store::CollectionSeen& seen, GroupId id) {
  TRY(auto group, store::threat_group(unit.writing().tx(), services.cells(), id));
  if (!group || group->collection != seen.collection().n) return no_threat_group();
  return *std::move(group);
}

Result<void> put_place(Unit& unit, Services& services, GroupId group, OrganisationId organisation, PersonId by, GroupPlace place) {
  return store::put_group_member(unit.writing().tx(), services.cells(), group, services.store.tag_of(organisation), {organisation, by, place, unit.now()});
}

Work change_own_place(Services& services, Asker asker, std::string collection, GroupId id, GroupPlace from, GroupPlace to, std::string_view action, std::string_view type) {
  return [&services, asker = std::move(asker), collection = std::move(collection), id, from, to, action, type](Unit& unit) -> Result<Committed> {
    TRY(const auto seen, read_by(unit, services, asker, collection));
    TRY(const auto group, group_here(unit, services, seen, id));
    TRY(const auto place, store::place_in_group(unit.writing().tx(), id, seen.reader()));
    if (place == to) return fail(ErrorKind::Conflict, to == GroupPlace::Joined ? "Your organisation is in this group already." : "Your organisation has left this group already.");
    if (place != from && !(to == GroupPlace::Left && place == GroupPlace::Asked)) return no_threat_group();
    TRY(put_place(unit, services, id, *asker.viewer.organisation, *asker.viewer.person, to));
    Committed out;
    out.answer = {{"id", id.text()}};
    TRY(write_collection_entry(unit, asker, seen.collection().id, action, {{"type", type}, {"v", 1}, {"group", id.text()}}, out));
    return out;
  };
}

}  // namespace

bool reads_collection(const store::Collection& collection, OrganisationId id) {
  return collection.anyone_reads || std::find(collection.readers.begin(), collection.readers.end(), id) != collection.readers.end();
}

Result<std::vector<OrganisationId>> joined_of(store::Queries& db, const store::Cells& cells, GroupId group) {
  TRY(const auto all, store::group_members(db, cells, group));
  std::vector<OrganisationId> out;
  for (const auto& one : all)
    if (one.place == GroupPlace::Joined) out.push_back(one.organisation);
  std::sort(out.begin(), out.end());
  return out;
}

Work form_threat_group(Services& services, Asker asker, std::string collection, FormGroup given) {
  return [&services, asker = std::move(asker), collection = std::move(collection), given = std::move(given)](Unit& unit) -> Result<Committed> {
    TRY(const auto seen, read_by(unit, services, asker, collection));
    if (given.name.empty() || given.name.size() > kLongestGroupName) return fail(ErrorKind::Invalid, "A group's name has 1 to 120 bytes.", "/name");
    for (const char c : given.name)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return fail(ErrorKind::Invalid, "There may be no control characters here.", "/name");
    // J2: else "Alder " would look like Alder.
    if (given.name.front() == ' ' || given.name.back() == ' ' || given.name.find("  ") != given.name.npos) return fail(ErrorKind::Invalid, "A name has single spaces, between words alone.", "/name");
    auto& tx = unit.writing().tx();
    TRY(const auto all, store::threat_groups_of(tx, services.cells(), seen.collection()));
    if (all.size() >= static_cast<std::size_t>(store::kMostGroups)) return fail(ErrorKind::Conflict, "There are as many groups here as a collection can have.");
    for (const auto& one : all)
      if (lower_name(one.body.name) == lower_name(given.name)) return fail(ErrorKind::Conflict, "There is a group of this name here already.", "/name", {}, "taken");   // J2: readers see all names
    TRY(const auto organisations, store::organisations(tx, services.cells()));
    for (const auto& one : organisations)
      if (lower_name(one.profile.name) == lower_name(given.name)) return fail(ErrorKind::Conflict, "This is the name of an organisation; a group speaks with a name of its own.", "/name", {}, "taken");
    TRY(const auto own, store::groups_joined(tx, seen.reader()));
    if (own.size() >= static_cast<std::size_t>(store::kMostGroups)) return fail(ErrorKind::Conflict, "Your organisation is in as many groups as it can be.");
    const store::ThreatGroup group{.id = GroupId::random(services.random), .collection = seen.collection().n, .at = unit.now(), .body = {seen.collection().id, given.name, *asker.viewer.organisation}};
    TRY(store::add_threat_group(tx, services.cells(), group));
    TRY(put_place(unit, services, group.id, *asker.viewer.organisation, *asker.viewer.person, GroupPlace::Joined));
    Committed out;
    out.answer = {{"id", group.id.text()}};
    TRY(write_collection_entry(unit, asker, seen.collection().id, "group.form", {{"type", "ThreatGroupFormed"}, {"v", 1}, {"group", group.id.text()}, {"collection", seen.collection().id}, {"name", given.name}}, out));
    return out;
  };
}

Work ask_into_threat_group(Services& services, Asker asker, std::string collection, GroupId id, AskIntoGroup given) {
  return [&services, asker = std::move(asker), collection = std::move(collection), id, given = std::move(given)](Unit& unit) -> Result<Committed> {
    TRY(const auto seen, read_by(unit, services, asker, collection));
    auto& tx = unit.writing().tx();
    TRY(const auto group, group_here(unit, services, seen, id));
    TRY(const auto own, store::place_in_group(tx, id, seen.reader()));
    if (own != GroupPlace::Joined) return no_threat_group();
    TRY(const auto members, store::group_members(tx, services.cells(), id));
    if (given.organisations.empty() || members.size() + given.organisations.size() > kMostInGroup) return fail(ErrorKind::Invalid, "A group has 50 members at most, and somebody is to be named.", "/organisations");
    Committed out;
    out.answer = {{"id", id.text()}};
    json::array asked;
    for (std::size_t i = 0; i < given.organisations.size(); ++i) {
      const auto& one = given.organisations[i];
      TRY(const auto row, store::organisation(tx, services.cells(), one));
      if (!row) return fail(ErrorKind::Invalid, "There is no such organisation.", "/organisations/" + std::to_string(i));
      TRY(const auto place, store::place_in_group(tx, id, services.store.tag_of(one)));
      if (place == GroupPlace::Joined || place == GroupPlace::Asked) continue;
      TRY(put_place(unit, services, id, one, *asker.viewer.person, GroupPlace::Asked));
      asked.emplace_back(one.text());
    }
    TRY(write_collection_entry(unit, asker, seen.collection().id, "group.ask", {{"type", "ThreatGroupAsked"}, {"v", 1}, {"group", id.text()}, {"organisations", std::move(asked)}}, out));
    return out;
  };
}

Work join_threat_group(Services& services, Asker asker, std::string collection, GroupId group) {
  return change_own_place(services, std::move(asker), std::move(collection), group, GroupPlace::Asked, GroupPlace::Joined, "group.join", "ThreatGroupJoined");
}
Work leave_threat_group(Services& services, Asker asker, std::string collection, GroupId group) {
  return change_own_place(services, std::move(asker), std::move(collection), group, GroupPlace::Joined, GroupPlace::Left, "group.leave", "ThreatGroupLeft");
}

Result<json::object> threat_groups(Services& services, const access::Viewer& viewer, std::string_view collection) {
  {
    TRY(auto db, services.store.lease());
    TRY(const auto asked, services.store.as(viewer).collection(*db, collection));
    if (!asked.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  }
  TRY(const auto rows, services.directory->rows(services.store, services.clock.monotonic()));   // once it may be asked at all, and with no connection held
  TRY(auto db, services.store.lease());
  TRY(const auto seen, services.store.as(viewer).collection(*db, collection));
  if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  TRY(const auto all, store::threat_groups_of(*db, services.cells(), seen.collection()));
  json::array items;
  for (const auto& group : all) {
    json::object item{{"id", group.id.text()}, {"name", group.body.name}, {"formed", to_text(group.at)}};
    TRY(const auto own, store::place_in_group(*db, group.id, seen.reader()));
    if (own && *own != GroupPlace::Left) {
      item["place"] = to_word(*own);
      TRY(const auto members, store::group_members(*db, services.cells(), group.id));
      json::array list;
      for (const auto& one : members) {
        const auto row = rows->find(one.organisation);
        list.push_back(json::object{{"organisation", one.organisation.text()}, {"name", row == rows->end() ? std::string() : row->second.profile.name}, {"place", to_word(one.place)}, {"at", to_text(one.at)}});
      }
      item["members"] = std::move(list);
    }
    items.push_back(std::move(item));
  }
  return json::object{{"items", std::move(items)}};
}

}  // namespace sluice::service
