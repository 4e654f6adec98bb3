#include "service/release_objects.h"

#include <algorithm>
#include <deque>

#include "base/fine_time.h"
#include "formats/stix/check.h"
#include "formats/stix/from_advisory.h"
#include "service/case_keys.h"
#include "service/collections.h"
#include "service/marked_put.h"
#include "service/threat_intake.h"
#include "service/threat_ties.h"
#include "threat/marking.h"
#include "threat/object.h"

namespace sluice::service {

namespace {

Tlp label_of(const json::object& object) {
  const auto markings = threat::markings_of(object, [](std::string_view) -> const json::object* { return nullptr; });   // definitions of others aren't looked for: a release says its labels itself
  return strictest(markings.tlp, markings.strictest_part);
}

const json::array& objects_in(const json::value& body) {
  static const json::array kNone;
  const auto* list = body.is_object() ? body.get_object().if_contains("objects") : nullptr;
  return list != nullptr && list->is_array() ? list->get_array() : kNone;
}

constexpr JsonLimits kPlanned{.bytes = 32 << 20, .depth = 64, .keys = 1'000'000, .string = 8 << 20};

Result<json::value> body_of(const store::Document& document) {
  auto body = parse_json(document.body, kPlanned);
  if (!body || !body->is_object()) return fail(ErrorKind::Unavailable, "The threat objects of this release can't be read.", {}, {}, "corrupt");
  return body;
}

// The owner, as somebody who writes in collections.
Result<access::Viewer> owner_of(Unit& unit, Services& services, OrganisationId owner) {
  TRY(const auto row, store::organisation(unit.writing().tx(), services.cells(), owner));
  if (!row) return fail(ErrorKind::NotFound, "There is no such organisation.");
  return anyone_of(owner, row->kind);
}

store::Document threat_document(CaseId id, AdvisoryId advisory, int version, const store::Collection& collection, json::array objects) {
  const json::object body{{"collection", collection.id}, {"title", collection.title}, {"objects", std::move(objects)}};
  store::Document out{.case_id = id, .advisory = advisory, .version = version, .kind = std::string(kThreatDocument), .name = collection.id + ".json", .body = pretty(json::value(body))};
  out.hash = sha256({bytes_of(advisory.text()), bytes_of(std::to_string(version)), bytes_of(out.kind), bytes_of(out.name), bytes_of(out.body)});
  return out;
}

}  // namespace

Result<std::vector<cvd::PreparedObject>> read_prepared(const json::value& objects) {
  static const formats::stix::Checker checker({.warnings = false});
  if (!objects.is_array() || objects.get_array().empty()) return fail(ErrorKind::Invalid, "Send the STIX objects as a list.", "/objects");
  const auto& list = objects.get_array();
  if (list.size() > cvd::kMostPreparedObjects) return fail(ErrorKind::TooLarge, "A case has at most " + std::to_string(cvd::kMostPreparedObjects) + " prepared objects.", "/objects");
  std::vector<cvd::PreparedObject> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto where = "/objects/" + std::to_string(i);
    if (!list[i].is_object()) return fail(ErrorKind::Invalid, "This is not an object.", where);
    const auto& object = list[i].get_object();
    auto facts = threat::facts_of(object);
    if (!facts) return fail(ErrorKind::Invalid, facts.error().message, where + facts.error().where, facts.error().rule);
    if (facts->type == "bundle" || facts->type == "marking-definition") return fail(ErrorKind::Invalid, "Bundles and marking definitions are no objects of a release: send objects one by one, marked with TLP 2.0.", where + "/type");
    if (facts->spec_version != "2.1") return fail(ErrorKind::Invalid, "Objects of a case are STIX 2.1; `sluice stix upgrade` makes 2.1 of 2.0.", where + "/spec_version");
    for (const auto& finding : checker.object(object))
      if (finding.severity == Severity::Error) return fail(ErrorKind::Invalid, finding.message, where + finding.where, finding.rule);
    if (label_of(object) > Tlp::Green) return fail(ErrorKind::Invalid, "A release brings to collections what is marked TLP:CLEAR or TLP:GREEN. Say so in object_marking_refs.", where + "/object_marking_refs", "TLP 2.0");
    cvd::PreparedObject one{facts->id, facts->type, facts->version, object, {}};
    one.hash = sha256(bytes_of(canonical(one.object)));
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::vector<std::string>> writable_collections(Unit& unit, Services& services, OrganisationId owner, const std::vector<std::string>& named) {
  std::vector<std::string> out;
  TRY(const auto viewer, owner_of(unit, services, owner));
  for (std::size_t i = 0; i < named.size() && i <= cvd::kMostReleaseCollections; ++i) {  // of more, decide() says that they are too many
    const auto seen = services.store.as(viewer).collection(unit.writing().tx(), named[i]);
    if (!seen && seen.error().kind != ErrorKind::NotFound) return std::unexpected(seen.error());
    if (!seen || !seen->can_write()) return fail(ErrorKind::Invalid, "The case owner writes no such collection.", "/collections/" + std::to_string(i));
    out.push_back(seen->collection().id);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<std::vector<store::Document>> compose_threat_documents(Unit& unit, Services& services, const cvd::CaseFold& fold, const advisory::Advisory& advisory, AdvisoryId id, int version, Instant at) {
  std::vector<store::Document> out;
  if (fold.release_collections.empty()) return out;
  TRY(const auto viewer, owner_of(unit, services, fold.owner));
  json::array objects;
  for (auto& one : formats::stix::from_advisory(advisory, services.site.file.id.text(), at).objects) objects.push_back(std::move(one));
  // What the case prepared itself stands above what is made of the advisory under the same id.
  for (const auto& one : fold.prepared) {
    const auto same = std::find_if(objects.begin(), objects.end(), [&](const json::value& made) { return string_at(made, "id") == one.what.id; });
    if (same != objects.end()) *same = one.what.object;
    else objects.push_back(one.what.object);
  }
  for (const auto& collection : fold.release_collections) {
    const auto seen = services.store.as(viewer).collection(unit.writing().tx(), collection);
    if (!seen && seen.error().kind != ErrorKind::NotFound) return std::unexpected(seen.error());
    if (!seen || !seen->can_write()) return fail(ErrorKind::Conflict, "The case owner doesn't write a collection that was chosen for the release any more. Choose others.", "/advisory");
    out.push_back(threat_document(fold.id, id, version, seen->collection(), objects));
  }
  return out;
}

Result<std::vector<std::string>> closed_collections(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::Release& release) {
  std::vector<std::string> out;
  TRY(const auto documents, store::documents_of(unit.writing().tx(), services.cells(), release.advisory, release.version));
  for (const auto& document : documents) {
    if (document.kind != kThreatDocument || std::find(release.documents.begin(), release.documents.end(), document.hash) == release.documents.end()) continue;
    TRY(const auto body, body_of(document));
    TRY(const auto viewer, owner_of(unit, services, fold.owner));
    const auto seen = services.store.as(viewer).collection(unit.writing().tx(), string_at(body, "collection"));
    if (!seen && seen.error().kind != ErrorKind::NotFound) return std::unexpected(seen.error());
    if (!seen || !seen->can_write()) out.emplace_back(string_at(body, "title"));
  }
  return out;
}

Result<void> CollectionOutlet::deliver(gate::Pass, const ObjectsEnvelope& envelope) {
  TRY(const auto body, body_of(envelope.document));
  TRY(const auto viewer, owner_of(unit_, services_, envelope.owner));
  TRY(const auto seen, services_.store.as(viewer).collection(unit_.writing().tx(), string_at(body, "collection")));
  if (!seen.can_write()) return fail(ErrorKind::Conflict, "The case owner doesn't write this collection.");
  std::vector<std::string> texts;
  const auto& objects = objects_in(body);
  texts.reserve(objects.size());                  // the rows point into them
  std::deque<store::NewObject> made;              // and these too
  std::vector<MarkedObject> rows;
  for (const auto& value : objects) {
    const auto facts = threat::facts_of(value.as_object());
    if (!facts) return fail(ErrorKind::Unavailable, "The threat objects of this release can't be read.", {}, {}, "corrupt");
    const auto& text = texts.emplace_back(canonical(value));
    const auto label = label_of(value.get_object());
    store::NewObject row{.id = facts->id, .type = facts->type, .version = facts->version, .version_at = facts->version.empty() ? std::nullopt : utc_nanos(facts->version), .hash = sha256(bytes_of(text)),
                         .content = sha256(bytes_of(text)), .bytes = text, .creator = facts->created_by_ref, .created_at = facts->created ? utc_nanos(*facts->created) : std::nullopt,
                         .is_sealed = !is_for_anyone(label), .is_revoked = facts->revoked};
    tie(services_.cells(), value.get_object(), row);
    rows.push_back({&made.emplace_back(std::move(row)), reach_of_label(label), facts->revoked, true, nullptr});
  }
  Asker machine{access::Viewer::system(), {}, {}, {}};
  machine.viewer.organisation = envelope.owner;
  TRY(const auto put, put_as_marked(unit_, services_, machine, seen, rows));
  // What was there already, or stands there under the same version with another content, stays as it is.
  std::vector<Hash> hashes;
  std::int64_t first = 0, last = 0;
  for (std::size_t i = 0; i < put.size(); ++i) {
    if (put[i].outcome != store::PutObject::Outcome::Added) continue;
    if (hashes.empty()) first = put[i].object;
    last = put[i].object;
    hashes.push_back(rows[i].object->hash);
  }
  if (hashes.empty()) return {};
  unit_.tell({.collection = seen.collection().n});
  Committed unused;
  return write_collection_entry(unit_, machine, seen.collection().id, "object.put", objects_added_event(seen.collection().id, first, last, hashes), unused);
}

Tlp marking_of(const store::Document& document) {
  const auto body = parse_json(document.body, kPlanned);
  auto out = body ? Tlp::Clear : Tlp::Red;
  if (body)
    for (const auto& one : objects_in(*body)) out = strictest(out, one.is_object() ? label_of(one.get_object()) : Tlp::Red);
  return out;
}

json::object shown_plan(const store::Document& document) {
  json::object out{{"kind", document.kind}, {"name", document.name}};
  if (document.kind != kThreatDocument) return out;
  const auto body = parse_json(document.body, kPlanned);
  if (!body) return out;
  out["collection"] = string_at(*body, "title");
  json::array objects;
  for (const auto& one : objects_in(*body)) {
    auto version = string_at(one, "modified");
    objects.push_back(json::object{{"id", string_at(one, "id")}, {"type", string_at(one, "type")}, {"version", version}});
  }
  out["objects"] = std::move(objects);
  return out;
}

}  // namespace sluice::service
