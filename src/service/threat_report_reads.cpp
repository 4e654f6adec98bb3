// What readers are told of a text, and what its author's own people are told besides.
#include <algorithm>
#include <set>

#include "service/threat_groups.h"
#include "service/threat_reports.h"
#include "gate/ruling.h"

namespace sluice::service {

namespace {

using store::ThreatAudience;

constexpr int kMostTextsListed = 200;

struct AuthorShown { std::string name; bool is_group = false; json::object json; };

std::string organisation_name(const store::Directory::Rows& rows, OrganisationId id) {
  const auto row = rows.find(id);
  return row == rows.end() ? std::string() : row->second.profile.name;
}

// T3: of a group's text the group alone.
Result<AuthorShown> author_shown(store::Queries& db, const store::Cells& cells, const store::Directory::Rows& rows, const store::ThreatTextBody& body) {
  AuthorShown out;
  if (body.organisation) {
    out.name = organisation_name(rows, *body.organisation);
    out.json = {{"organisation", body.organisation->text()}, {"name", out.name}};
    return out;
  }
  TRY(const auto group, store::threat_group(db, cells, *body.group));
  out.is_group = true, out.name = group ? group->body.name : std::string();
  out.json = {{"group", body.group->text()}, {"name", out.name}};
  return out;
}

bool has_tag(const SeenText& seen, const store::Tag& tag) { return std::find(seen.tags.begin(), seen.tags.end(), tag) != seen.tags.end(); }

// Those it has joined, of collections that it reads still: a group is one of readers.
Result<std::vector<GroupId>> groups_of_reader(store::Queries& db, const TextReader& reader, const store::Tag& own) {
  TRY(const auto joined, store::groups_joined(db, own));
  std::vector<GroupId> out;
  for (const auto& one : joined)
    if (std::find(reader.collections.begin(), reader.collections.end(), one.collection) != reader.collections.end()) out.push_back(one.id);
  return out;
}

// Who reads a text that was released to everybody needn't know that its collection is there.
bool knows_collection(const store::Cells& cells, const SeenText& seen) { return seen.is_author || has_tag(seen, store::reader_of_collection(cells, seen.row.body.collection, ThreatAudience::Readers)); }

// Those of its releases that the viewer belongs to the audience of; its author's people see all.
std::vector<const store::ThreatTextReleased*> releases_for(const store::Cells& cells, const SeenText& seen, std::int64_t version) {
  std::vector<const store::ThreatTextReleased*> out;
  for (const auto& one : seen.row.body.released)
    if (one.version == version && (seen.is_author || has_tag(seen, store::reader_of_collection(cells, seen.row.body.collection, one.to)))) out.push_back(&one);
  return out;
}

json::array releases_json(const std::vector<const store::ThreatTextReleased*>& releases, bool with_whom) {
  json::array out;
  for (const auto* one : releases) {
    json::object item{{"version", one->version}, {"to", to_word(one->to)}, {"at", to_text(one->at)}};
    if (with_whom) item["by"] = one->by.text(), item["organisation"] = one->organisation.text(), item["ruling"] = one->ruling.text(), item["duties"] = json::array(one->duties.begin(), one->duties.end());
    out.push_back(std::move(item));
  }
  return out;
}

json::object withdrawal_json(const store::ThreatTextWithdrawn& one) { return {{"version", one.version}, {"at", to_text(one.at)}, {"reason", one.reason}}; }

json::object endorsement_json(const store::Directory::Rows& rows, const store::Endorsement& one, EndorsementState state) {
  json::object out{{"organisation", one.organisation.text()}, {"name", organisation_name(rows, one.organisation)}, {"version", one.version}, {"at", to_text(one.at)}, {"state", to_word(state)}};
  if (one.words) out["words"] = *one.words;
  if (one.withdrawn) out["withdrawn_at"] = to_text(*one.withdrawn);
  return out;
}

// What is for its author's people alone: T2.
Result<json::object> for_author(store::Queries& db, Services& services, const store::Directory::Rows& rows, const SeenText& seen, const store::ThreatTextVersion& version, const std::vector<store::Endorsement>& endorsements) {
  const auto& body = seen.row.body;
  json::array shown, told, all, released;
  for (const auto& one : body.shown) shown.push_back(json::object{{"organisation", one.organisation.text()}, {"name", organisation_name(rows, one.organisation)}, {"version", one.version}, {"at", to_text(one.at)}});
  for (const auto& one : body.told) {
    json::object item{{"to", one.to}, {"at", to_text(one.at)}, {"recorded", to_text(one.recorded)}, {"organisation", one.organisation.text()}};
    if (one.reference) item["reference"] = *one.reference;
    told.push_back(std::move(item));
  }
  TRY(const auto newest, store::threat_version(db, services.cells(), seen.row.id, body.versions));
  for (const auto& one : endorsements) all.push_back(endorsement_json(rows, one, state_of(one, body.versions, newest ? newest->hash : Hash{})));
  std::vector<const store::ThreatTextReleased*> releases;
  for (const auto& one : body.released) releases.push_back(&one);
  json::object out{{"versions", body.versions}, {"audience", to_word(version.audience)}, {"written_by", json::object{{"person", version.by.text()}, {"organisation", version.organisation.text()}}}, {"public_data", version.public_data},
                   {"classes", json::array(version.classes.begin(), version.classes.end())}, {"assume", json::array(version.assume.begin(), version.assume.end())}, {"shown", std::move(shown)}, {"told", std::move(told)}, {"endorsements", std::move(all)}, {"releases", releases_json(releases, true)}};
  if (version.wanted.is_object()) {
    const auto& gathered = version.wanted.get_object();
    for (const auto* key : {"collections", "basis", "held_back", "narrowed"})
      if (const auto* found = gathered.if_contains(key)) out[key] = *found;
  }
  return out;
}

Result<json::object> text_card(store::Queries& db, Services& services, const store::Directory::Rows& rows, const SeenText& seen) {
  const auto newest = seen.newest();
  TRY(const auto version, store::threat_version(db, services.cells(), seen.row.id, newest));
  if (!version) return json::object{};
  TRY(const auto author, author_shown(db, services.cells(), rows, seen.row.body));
  const auto releases = releases_for(services.cells(), seen, newest);
  json::object out{{"id", seen.row.id}, {"kind", to_word(seen.row.body.kind)}, {"collection", seen.row.body.collection}, {"title", version->title}, {"author", author.json}, {"version", newest}, {"at", to_text(version->at)},
                   {"released", releases_json(releases, false)}, {"own", seen.is_author}};
  if (const auto* withdrawn = seen.withdrawal(newest)) out["withdrawn"] = withdrawal_json(*withdrawn);
  if (!knows_collection(services.cells(), seen)) out.erase("collection");
  return out;
}

}  // namespace

bool SeenText::may_read(std::int64_t version) const {
  if (version < 1 || version > row.body.versions) return false;
  return versions.all || std::binary_search(versions.some.begin(), versions.some.end(), version);
}

const store::ThreatTextWithdrawn* SeenText::withdrawal(std::int64_t version) const {
  for (const auto& one : row.body.withdrawn)
    if (version <= one.version) return &one;
  return nullptr;
}

Result<TextReader> text_reader(Services& services, const access::Viewer& viewer) {
  TextReader out{.viewer = viewer, .of_collections = {store::reader_of_collection(services.cells(), {}, ThreatAudience::Public)}};
  if (!viewer.organisation) return out;
  TRY(const auto all, services.store.as(viewer).collections());
  for (const auto& seen : all) {
    if (!seen.can_read()) continue;
    const auto& collection = seen.collection();
    out.collections.push_back(collection.n);
    out.of_collections.push_back(store::reader_of_collection(services.cells(), collection.id, ThreatAudience::Readers));
    if (collection.is_member(*viewer.organisation, viewer.organisation_kind)) out.of_collections.push_back(store::reader_of_collection(services.cells(), collection.id, ThreatAudience::Members));
  }
  return out;
}

Result<SeenText> see_text(Services& services, store::Queries& db, const TextReader& reader, const std::string& id) {
  SeenText out;
  out.tags = reader.of_collections;
  std::vector<GroupId> groups;
  if (reader.viewer.organisation) {
    const auto own = services.store.tag_of(*reader.viewer.organisation);
    out.tags.push_back(own);
    TRY(groups, groups_of_reader(db, reader, own));
    for (const auto& group : groups) out.tags.push_back(store::reader_of_group(services.cells(), group));
  }
  TRY(out.versions, store::readable_versions(db, id, out.tags));
  if (out.versions.none()) return no_threat_text();          // T1: nothing else was looked at
  TRY(auto row, store::threat_text(db, services.cells(), id));
  if (!row) return no_threat_text();
  out.row = *std::move(row);
  const auto& body = out.row.body;
  out.is_author = reader.viewer.organisation && (body.organisation == reader.viewer.organisation || (body.group && std::find(groups.begin(), groups.end(), *body.group) != groups.end()));
  return out;
}

Result<json::object> threat_texts(Services& services, const access::Viewer& viewer, const std::optional<std::string>& collection) {
  TRY(const auto reader, text_reader(services, viewer));
  std::optional<std::string> only;
  if (collection) {
    TRY(const auto seen, services.store.as(viewer).collection(*collection));
    only = seen.collection().id;
  }
  TRY(const auto rows, services.directory->rows(services.store, services.clock.monotonic()));
  TRY(auto db, services.store.lease());
  auto tags = reader.of_collections;
  if (viewer.organisation) {
    const auto own = services.store.tag_of(*viewer.organisation);
    tags.push_back(own);
    TRY(const auto groups, groups_of_reader(*db, reader, own));
    for (const auto& group : groups) tags.push_back(store::reader_of_group(services.cells(), group));
  }
  TRY(const auto ids, store::texts_for(*db, tags, kMostTextsListed));
  json::array items;
  for (const auto& id : ids) {
    auto seen = see_text(services, *db, reader, id);
    if (!seen) {
      if (seen.error().kind == ErrorKind::NotFound) continue;   // left the group meanwhile
      return std::unexpected(seen.error());
    }
    if (only && seen->row.body.collection != *only) continue;
    TRY(auto card, text_card(*db, services, *rows, *seen));
    if (!card.empty()) items.push_back(std::move(card));
  }
  return json::object{{"items", std::move(items)}};
}

Result<TextShown> shown_text(Services& services, const access::Viewer& viewer, const std::string& id, std::optional<std::int64_t> wanted) {
  TRY(const auto reader, text_reader(services, viewer));
  TRY(const auto rows, services.directory->rows(services.store, services.clock.monotonic()));
  TRY(auto db, services.store.lease());
  TRY(const auto seen, see_text(services, *db, reader, id));
  const auto number = wanted.value_or(seen.newest());
  if (!seen.may_read(number)) return no_threat_text();
  TRY(auto version, store::threat_version(*db, services.cells(), id, number));
  if (!version) return no_threat_text();
  TRY(const auto author, author_shown(*db, services.cells(), *rows, seen.row.body));
  TRY(const auto endorsements, store::endorsements_of(*db, services.cells(), id));
  TextShown out;
  out.id = id, out.author = author.name, out.is_group = author.is_group, out.kind = seen.row.body.kind, out.created = seen.row.body.created;
  const auto releases = releases_for(services.cells(), seen, number);
  out.tlp = releases.empty() ? label_of_draft(version->audience) : Tlp::AmberStrict;
  const bool is_taken_back = seen.withdrawal(number) != nullptr && !seen.is_author;   // T8
  if (const auto* withdrawn = seen.withdrawal(number)) out.withdrawn = *withdrawn;
  if (is_taken_back) version->text.clear(), version->figures = nullptr, version->on.reset();
  json::array behind;
  for (const auto& one : endorsements)
    if (!is_taken_back && state_of(one, number, version->hash) == EndorsementState::Standing) {
      behind.push_back(endorsement_json(*rows, one, EndorsementState::Standing));
      out.endorsers.push_back(organisation_name(*rows, one.organisation));
    }
  for (const auto* one : releases) {
    if (!out.published || one->at < *out.published) out.published = one->at;
    out.tlp = std::min(out.tlp, label_of(one->to));
    if (!seen.is_author) continue;
    for (const auto& duty : one->duties) out.duties.emplace_back(std::string(string_at(duty, "text")) + " (" + std::string(string_at(duty, "cite")) + ")");
  }
  auto& shown = out.shown;
  shown = {{"id", id}, {"kind", to_word(seen.row.body.kind)}, {"collection", seen.row.body.collection}, {"author", author.json}, {"version", number}, {"at", to_text(version->at)}, {"title", version->title}, {"text", version->text},
           {"tlp", to_json(TlpLabel{out.tlp})}, {"hash", "sha256:" + hex(version->hash)}, {"draft", releases.empty()}, {"released", releases_json(releases, false)}, {"endorsed_by", std::move(behind)}};
  if (out.withdrawn) shown["withdrawn"] = withdrawal_json(*out.withdrawn);
  if (version->on) shown["on"] = *version->on;
  if (version->figures.is_object()) shown["figures"] = version->figures;
  if (!knows_collection(services.cells(), seen)) shown.erase("collection");
  if (seen.is_author) {
    TRY(auto more, for_author(*db, services, *rows, seen, *version, endorsements));
    shown["for_author"] = std::move(more);
  }
  if (viewer.organisation && !is_taken_back) {
    TRY(const bool known, store::has_threat_text_delivery(*db, id, number, services.store.tag_of(*viewer.organisation)));
    out.is_fresh = !known;
  }
  out.version = *std::move(version);
  return out;
}

Work note_text_shown(Services& services, access::Viewer viewer, std::string id, std::int64_t version) {
  return [&services, viewer = std::move(viewer), id = std::move(id), version](Unit& unit) -> Result<Committed> {
    if (viewer.organisation) TRY(store::note_threat_text_delivery(unit.writing().tx(), id, version, services.store.tag_of(*viewer.organisation), unit.now()));
    return Committed{};
  };
}

Result<json::object> behind_figure(Services& services, const access::Viewer& viewer, const std::string& id, threat::Breakdown by, const std::string& line) {
  TRY(const auto reader, text_reader(services, viewer));
  std::optional<store::ThreatTextVersion> version;
  std::string home_id;
  {
    TRY(auto db, services.store.lease());
    TRY(const auto seen, see_text(services, *db, reader, id));
    if (!seen.is_author) return fail(ErrorKind::Forbidden, "Only its author asks this.");
    home_id = seen.row.body.collection;
    TRY(version, store::threat_version(*db, services.cells(), id, seen.row.body.versions));
  }
  if (!version || !version->wanted.is_object()) return fail(ErrorKind::Conflict, "This text has no figures.", {}, {}, "no-figures");
  const auto& gathered = version->wanted.get_object();
  TRY(const auto wanted, from_json<threat::ReportWanted>(gathered.at("wanted")));
  TRY(const auto home, services.store.as(viewer).collection(home_id));
  std::vector<store::CollectionSeen> sources;
  for (const auto& one : gathered.at("collections").as_array()) {
    auto seen = services.store.as(viewer).collection(std::string(one.as_string()));
    if (!seen || !seen->can_read()) return fail(ErrorKind::Conflict, "Your organisation doesn't read all that this was counted from.", {}, {}, "not-readable");
    sources.push_back(*std::move(seen));
  }
  TRY(const auto rows, gather_rows(services, viewer, home.collection(), sources, wanted, version->audience));
  json::array ids;
  for (const auto& one : threat::behind(wanted, rows.rows, by, line)) ids.emplace_back(one);
  const bool is_same = hex(threat::basis_of(wanted, rows.rows, rows.rows, rows.left_out)) == std::string(string_at(gathered, "basis"));
  return json::object{{"version", version->version}, {"by", to_word(by)}, {"line", line}, {"unchanged", is_same}, {"ids", std::move(ids)}};
}

}  // namespace sluice::service
