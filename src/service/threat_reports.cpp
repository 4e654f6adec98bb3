#include "service/threat_reports.h"

#include <algorithm>

#include "cvd/reason.h"
#include "service/collections.h"
#include "service/site_log.h"
#include "service/threat_groups.h"
#include "service/threat_report_law.h"
#include "service/threat_report_parts.h"

namespace sluice::service {

namespace {

using store::ThreatAudience;
using store::ThreatTextKind;

constexpr std::size_t kLongestTitle = 300, kLongestWords = 100'000, kMostTextVersions = 200, kMostTold = 100;

// What is to be written of a version, before it has a number.
struct PreparedVersion {
  store::ThreatTextVersion version;
  std::optional<GroupId> group;
  std::string collection;                         // id
};

// Of a report's figures: what was asked, and of what they were counted. For its author alone.
json::object as_gathered(const threat::ReportWanted& wanted, const std::vector<store::CollectionSeen>& sources, const GatheredRows& rows) {
  json::array ids;
  for (const auto& one : sources) ids.emplace_back(one.collection().id);
  return {{"wanted", to_json(wanted)}, {"collections", std::move(ids)}, {"basis", hex(threat::basis_of(wanted, rows.rows, rows.rows, rows.left_out))}, {"held_back", rows.held_back}, {"narrowed", rows.is_narrowed}};
}

Result<std::string> name_of_author(Services& services, OrganisationId organisation, const std::optional<GroupId>& group, const store::Collection& home, const access::Viewer& viewer) {
  if (!group) {
    TRY(const auto rows, services.directory->rows(services.store, services.clock.monotonic()));
    const auto row = rows->find(organisation);
    return row == rows->end() ? organisation.text() : row->second.profile.name;
  }
  TRY(auto db, services.store.lease());
  TRY(const auto found, store::threat_group(*db, services.cells(), *group));
  TRY(const auto place, store::place_in_group(*db, *group, services.store.tag_of(*viewer.organisation)));
  if (!found || found->collection != home.n || place != store::GroupPlace::Joined) return fail(ErrorKind::Invalid, "Your organisation is in no such group of this collection.", "/group");
  return found->body.name;
}

Result<void> take_figures(Services& services, const Asker& asker, const store::CollectionSeen& home, const FiguresWanted& asked, const std::string& author, store::ThreatTextVersion& out) {
  threat::ReportWanted wanted{.title = out.title, .author = author, .summary = out.text, .period = asked.period, .before = asked.before, .sectors = asked.sectors, .regions = asked.regions, .by = asked.by,
                              .wide_regions = asked.wide_regions.value_or(false), .least_objects = asked.least_objects.value_or(5), .least_senders = asked.least_senders.value_or(3), .labels = {}};
  if (const auto checked = threat::check(wanted); !checked) {
    auto error = checked.error();
    const bool is_outside = error.where.starts_with("/title") || error.where.starts_with("/author");
    error.where = error.where.starts_with("/summary") ? "/text" : is_outside ? error.where : "/figures" + error.where;
    return std::unexpected(std::move(error));
  }
  if (asked.collections.size() > kMostSources) return fail(ErrorKind::Invalid, "A report counts 20 collections at most.", "/figures/collections");
  std::vector<store::CollectionSeen> sources;
  if (asked.collections.empty()) sources.push_back(home);
  for (std::size_t i = 0; i < asked.collections.size(); ++i) {
    auto seen = services.store.as(asker.viewer).collection(asked.collections[i]);
    if (!seen || !seen->can_read()) return fail(ErrorKind::Invalid, "This is no collection that your organisation reads.", "/figures/collections/" + std::to_string(i));
    if (std::none_of(sources.begin(), sources.end(), [&](const store::CollectionSeen& one) { return one.collection().id == seen->collection().id; })) sources.push_back(*std::move(seen));
  }
  TRY(auto rows, gather_rows(services, asker.viewer, home.collection(), sources, wanted, out.audience));
  wanted.labels = std::move(rows.labels);
  TRY(threat::check(wanted));
  out.figures = to_json(threat::make_report(wanted, rows.rows, rows.rows, rows.left_out));
  out.wanted = as_gathered(wanted, sources, rows);
  return {};
}

// On the pool thread that asks: words are checked, figures gathered.
Result<PreparedVersion> prepare(Services& services, const Asker& asker, const store::CollectionSeen& home, ThreatTextKind kind, std::optional<GroupId> group, ReviseThreatText given) {
  if (!home.can_read() || !asker.viewer.organisation || !asker.viewer.person) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  PreparedVersion out{.version = {}, .group = group, .collection = home.collection().id};
  auto& version = out.version;
  version.title = std::move(given.title), version.text = given.text.value_or(""), version.on = std::move(given.on);
  version.audience = given.audience.value_or(ThreatAudience::Members), version.public_data = given.public_data.value_or(false), version.classes = std::move(given.classes), version.assume = std::move(given.assume);
  version.by = *asker.viewer.person, version.organisation = *asker.viewer.organisation;
  TRY(check_text(version.title, kLongestTitle, false, "/title"));
  TRY(check_text(version.text, kind == ThreatTextKind::Report ? 10'000 : kLongestWords, kind == ThreatTextKind::Report, "/text"));
  if (version.on) TRY(check_text(*version.on, 500, false, "/on"));
  if (kind == ThreatTextKind::Comment && !version.on) return fail(ErrorKind::Invalid, "Say what the comment is on: a draft law's name, a report's id.", "/on");
  if (kind != ThreatTextKind::Comment && version.on) return fail(ErrorKind::Invalid, "Only a comment is on something.", "/on");
  if (kind == ThreatTextKind::Report && !given.figures) return fail(ErrorKind::Invalid, "Say which figures the report has: a period, and what to count by.", "/figures");
  if (kind != ThreatTextKind::Report && given.figures) return fail(ErrorKind::Invalid, "Only a report has figures.", "/figures");
  TRY(check_report_classes(services, version.classes));
  TRY(check_assumed(services, version.assume));
  TRY(const auto author, name_of_author(services, version.organisation, group, home.collection(), asker.viewer));
  if (given.figures) TRY(take_figures(services, asker, home, *given.figures, author, version));
  return out;
}

json::value author_json(const store::ThreatTextBody& body) { return body.group ? json::value(body.group->text()) : json::value(body.organisation->text()); }

Result<Committed> write_version(Unit& unit, Services& services, const Asker& asker, store::ThreatText& row, store::ThreatTextVersion version, bool is_new) {
  auto& tx = unit.writing().tx();
  version.version = ++row.body.versions, version.at = row.changed = unit.now();
  version.hash = hash_of_text(row.body, version);
  if (is_new) {
    TRY(store::add_threat_text(tx, services.cells(), row));
    TRY(store::let_read(tx, row.id, row.author, 0, unit.now()));
  } else {
    TRY(store::change_threat_text(tx, services.cells(), row));
  }
  TRY(store::add_threat_version(tx, services.cells(), row.id, version));
  Committed out;
  out.answer = {{"id", row.id}, {"version", version.version}};
  json::object event{{"type", "ThreatTextDrafted"}, {"v", 1}, {"report", row.id}, {"version", version.version}, {"kind", to_word(row.body.kind)}, {"author", author_json(row.body)}, {"hash", "sha256:" + hex(version.hash)}};
  TRY(write_collection_entry(unit, asker, row.body.collection, "threat_report.draft", std::move(event), out));
  return out;
}

}  // namespace

// Once more in the Writer: reads it still, and is in its group still.
Result<store::CollectionSeen> still_reads(Unit& unit, Services& services, const Asker& asker, std::string_view collection) {
  TRY(still_affiliated(unit, asker.viewer));
  TRY(auto seen, services.store.as(asker.viewer).collection(unit.writing().tx(), collection));
  if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  return seen;
}

// A text and the viewer's part in it, inside the Writer. For its author alone; whoever else reads it is told why.
Result<SeenText> authored(Unit& unit, Services& services, const Asker& asker, const TextReader& reader, const std::string& id) {
  TRY(still_affiliated(unit, asker.viewer));
  TRY(auto seen, see_text(services, unit.writing().tx(), reader, id));
  if (!seen.is_author || !asker.viewer.person) return fail(ErrorKind::Forbidden, "Only its author does this.");
  return seen;
}

Result<store::ThreatTextVersion> text_version(Unit& unit, Services& services, const SeenText& seen, std::int64_t version) {
  if (!seen.may_read(version)) return fail(ErrorKind::Invalid, "There is no such version.", "/version");
  TRY(auto found, store::threat_version(unit.writing().tx(), services.cells(), seen.row.id, version));
  if (!found) return fail(ErrorKind::Invalid, "There is no such version.", "/version");
  return *std::move(found);
}

Result<void> check_text(const std::string& text, std::size_t most, bool may_be_empty, std::string where) {
  if (text.size() > most || (text.empty() && !may_be_empty)) return fail(ErrorKind::Invalid, "This has at most " + std::to_string(most) + " bytes" + (may_be_empty ? "." : ", and at least one."), std::move(where));
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f) return fail(ErrorKind::Invalid, "There may be no control characters here but line ends and tabs.", std::move(where));
  return {};
}

std::unexpected<Error> text_withdrawn() { return fail(ErrorKind::Conflict, "Its author has withdrawn this version. A new one can be written and released.", {}, {}, "withdrawn"); }

std::unexpected<Error> no_threat_text() { return fail(ErrorKind::NotFound, "There is no such report here, or you have no access to it."); }

EndorsementState state_of(const store::Endorsement& endorsement, std::int64_t version, const Hash& hash) {
  if (endorsement.withdrawn) return EndorsementState::Withdrawn;
  return endorsement.version == version && endorsement.hash == hash ? EndorsementState::Standing : EndorsementState::Lapsed;
}

Hash hash_of_text(const store::ThreatTextBody& text, const store::ThreatTextVersion& version) {
  const json::object all{{"v", 1}, {"kind", to_word(text.kind)}, {"collection", text.collection}, {"author", author_json(text)}, {"title", version.title}, {"text", version.text}, {"on", version.on ? json::value(*version.on) : json::value(nullptr)}, {"figures", version.figures}};
  return sha256(bytes_of(canonical(json::value(all))));
}

std::string why_not_to(const store::ThreatTextVersion& version, ThreatAudience to) {
  if (to <= version.audience) return {};
  return std::string("This version was made for ") + (version.audience == ThreatAudience::Members ? "the members" : "the readers") + " of its collection. Make a version for the wider audience, so that nothing is in it that those may not have.";
}

Tlp label_of(ThreatAudience to) { return to == ThreatAudience::Public ? Tlp::Clear : to == ThreatAudience::Readers ? Tlp::Green : Tlp::AmberStrict; }

Tlp label_of_draft(ThreatAudience audience) { return std::max(label_of(audience), Tlp::Green); }

Result<Work> draft_threat_text(Services& services, Asker asker, DraftThreatText given) {
  TRY(const auto home, services.store.as(asker.viewer).collection(given.collection));
  const auto kind = given.kind;
  TRY(auto prepared, prepare(services, asker, home, kind, given.group, {std::move(given.title), std::move(given.text), std::move(given.on), std::move(given.figures), given.audience, given.public_data, std::move(given.classes), std::move(given.assume)}));
  return Work([&services, asker = std::move(asker), kind, prepared = std::move(prepared)](Unit& unit) mutable -> Result<Committed> {
    TRY(const auto seen, still_reads(unit, services, asker, prepared.collection));
    store::ThreatText row{.id = random_uuid(services.random), .collection = seen.collection().n, .author = services.store.tag_of(*asker.viewer.organisation), .changed = unit.now(), .body = {}};
    row.body.collection = seen.collection().id, row.body.kind = kind, row.body.created = unit.now(), row.body.group = prepared.group;
    if (prepared.group) {
      TRY(const auto place, store::place_in_group(unit.writing().tx(), *prepared.group, seen.reader()));
      if (place != store::GroupPlace::Joined) return fail(ErrorKind::Invalid, "Your organisation is in no such group of this collection.", "/group");
      row.author = store::reader_of_group(services.cells(), *prepared.group);
    } else {
      row.body.organisation = asker.viewer.organisation;
    }
    return write_version(unit, services, asker, row, std::move(prepared.version), true);
  });
}

Result<Work> revise_threat_text(Services& services, Asker asker, std::string id, ReviseThreatText given) {
  TRY(auto reader, text_reader(services, asker.viewer));
  std::optional<store::ThreatText> row;
  {
    TRY(auto db, services.store.lease());
    TRY(auto seen, see_text(services, *db, reader, id));
    if (!seen.is_author) return fail(ErrorKind::Forbidden, "Only its author does this.");
    row = std::move(seen.row);
  }
  TRY(const auto home, services.store.as(asker.viewer).collection(row->body.collection));
  TRY(auto prepared, prepare(services, asker, home, row->body.kind, row->body.group, std::move(given)));
  return Work([&services, asker = std::move(asker), id = std::move(id), reader = std::move(reader), prepared = std::move(prepared)](Unit& unit) mutable -> Result<Committed> {
    TRY(auto seen, authored(unit, services, asker, reader, id));
    TRY(still_reads(unit, services, asker, prepared.collection));
    if (seen.row.body.versions >= static_cast<std::int64_t>(kMostTextVersions)) return fail(ErrorKind::Conflict, "This text has as many versions as it can have.");
    TRY(const auto before, store::threat_version(unit.writing().tx(), services.cells(), id, seen.row.body.versions));
    if (before && before->hash == hash_of_text(seen.row.body, prepared.version) && before->audience == prepared.version.audience && before->classes == prepared.version.classes && before->assume == prepared.version.assume && before->public_data == prepared.version.public_data)
      return fail(ErrorKind::Conflict, "This is what the newest version says already.", {}, {}, "unchanged");   // else endorsements would lapse for nothing
    return write_version(unit, services, asker, seen.row, std::move(prepared.version), false);
  });
}

Result<Work> endorse_threat_text(Services& services, Asker asker, std::string id, EndorseThreatText given) {
  TRY(auto reader, text_reader(services, asker.viewer));
  if (given.words) TRY(check_text(*given.words, 2'000, false, "/words"));
  return Work([&services, asker = std::move(asker), id = std::move(id), given = std::move(given), reader = std::move(reader)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto seen, see_text(services, tx, reader, id));
    if (!asker.viewer.organisation || !asker.viewer.person) return fail(ErrorKind::Forbidden, "A person endorses for an organisation.");
    if (seen.row.body.organisation == asker.viewer.organisation) return fail(ErrorKind::Conflict, "Your organisation wrote this: it says so already.", {}, {}, "own");
    TRY(const auto version, text_version(unit, services, seen, given.version));
    if (seen.withdrawal(version.version) != nullptr) return text_withdrawn();
    const store::Endorsement made{version.version, *asker.viewer.organisation, *asker.viewer.person, unit.now(), version.hash, given.words, {}};
    TRY(store::put_endorsement(tx, services.cells(), id, services.store.tag_of(made.organisation), made));
    Committed out;
    out.answer = {{"id", id}, {"version", version.version}};
    json::object event{{"type", "ThreatTextEndorsed"}, {"v", 1}, {"report", id}, {"version", version.version}, {"organisation", made.organisation.text()}, {"hash", "sha256:" + hex(version.hash)}};
    if (made.words) event["words"] = *made.words;
    TRY(write_collection_entry(unit, asker, seen.row.body.collection, "threat_report.endorse", std::move(event), out));
    return out;
  });
}

Result<Work> withdraw_endorsement(Services& services, Asker asker, std::string id, WithdrawEndorsement given) {
  TRY(auto reader, text_reader(services, asker.viewer));
  return Work([&services, asker = std::move(asker), id = std::move(id), given, reader = std::move(reader)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    auto& tx = unit.writing().tx();
    TRY(const auto seen, see_text(services, tx, reader, id));
    TRY(auto all, store::endorsements_of(tx, services.cells(), id));
    const auto own = std::find_if(all.begin(), all.end(), [&](const store::Endorsement& one) { return one.version == given.version && one.organisation == asker.viewer.organisation && !one.withdrawn; });
    if (own == all.end()) return fail(ErrorKind::Conflict, "Your organisation doesn't endorse this version.", "/version", {}, "no-endorsement");
    own->withdrawn = unit.now();
    TRY(store::put_endorsement(tx, services.cells(), id, services.store.tag_of(own->organisation), *own));
    Committed out;
    out.answer = {{"id", id}, {"version", given.version}};
    TRY(write_collection_entry(unit, asker, seen.row.body.collection, "threat_report.withdraw_endorsement", {{"type", "ThreatTextEndorsementWithdrawn"}, {"v", 1}, {"report", id}, {"version", given.version}, {"organisation", own->organisation.text()}}, out));
    return out;
  });
}

Result<Work> tell_authority(Services& services, Asker asker, std::string id, TellAuthority given) {
  TRY(auto reader, text_reader(services, asker.viewer));
  TRY(check_told(services, given.to));
  if (given.reference) TRY(check_text(*given.reference, 300, false, "/reference"));
  return Work([&services, asker = std::move(asker), id = std::move(id), given = std::move(given), reader = std::move(reader)](Unit& unit) -> Result<Committed> {
    TRY(auto seen, authored(unit, services, asker, reader, id));
    if (given.at > unit.now()) return fail(ErrorKind::Invalid, "It can't have been told after now.", "/at");
    if (given.at < unit.now() - std::chrono::hours(24 * 366)) return fail(ErrorKind::Invalid, "That is more than a year ago.", "/at");
    if (seen.row.body.told.size() >= kMostTold) return fail(ErrorKind::Conflict, "As many are on record as there can be.");
    seen.row.body.told.push_back({*asker.viewer.organisation, given.to, given.at, unit.now(), given.reference, *asker.viewer.person});
    seen.row.changed = unit.now();
    TRY(store::change_threat_text(unit.writing().tx(), services.cells(), seen.row));
    Committed out;
    out.answer = {{"id", id}};
    json::object event{{"type", "AuthorityTold"}, {"v", 1}, {"report", id}, {"to", given.to}, {"at", to_text(given.at)}};
    if (given.reference) event["reference"] = *given.reference;
    TRY(write_collection_entry(unit, asker, seen.row.body.collection, "threat_report.told", std::move(event), out));
    return out;
  });
}

}  // namespace sluice::service
