// What of a text goes out, and what is asked before: to those who are shown a draft, and by a release.
#include <algorithm>
#include <set>

#include "service/collections.h"
#include "service/gate_facts.h"
#include "service/law_library.h"
#include "service/threat_groups.h"
#include "service/threat_report_law.h"
#include "service/threat_report_parts.h"

namespace sluice::service {

namespace {

using store::ThreatAudience;
using store::ThreatTextKind;

constexpr std::size_t kMostTextsShown = 200, kMostReleased = 200;

Result<std::vector<OrganisationId>> authors_of(store::Queries& db, Services& services, const store::ThreatTextBody& body) {
  if (body.organisation) return std::vector<OrganisationId>{*body.organisation};
  return joined_of(db, services.cells(), *body.group);
}

// The figures as they are kept. A version of another kind has none.
Result<ReportAreas> areas_in(const store::ThreatTextVersion& version) {
  if (!version.figures.is_object()) return ReportAreas{};
  TRY(const auto report, threat::report_from_json(version.figures));
  return areas_of(report);
}

// What law says of letting a version go, asked on a pool thread; it holds in the Writer as long as what it was asked of is still so.
struct LawAsked {
  Instant changed;                                // of the text, with what it says was told to authorities
  std::vector<OrganisationId> authors;
  std::optional<gate::RegimesVerdict> law;
};
Result<LawAsked> ask_law(Services& services, const TextReader& reader, const std::string& id, std::int64_t number, ThreatAudience to) {
  LawAsked out;
  std::optional<store::ThreatTextVersion> version;
  store::ThreatTextBody body;
  {
    TRY(auto db, services.store.lease());           // given back before law is asked, which may take one of its own
    TRY(auto seen, see_text(services, *db, reader, id));
    if (!seen.is_author) return fail(ErrorKind::Forbidden, "Only its author does this.");
    if (!seen.may_read(number)) return fail(ErrorKind::Invalid, "There is no such version.", "/version");
    TRY(version, store::threat_version(*db, services.cells(), id, number));
    TRY(out.authors, authors_of(*db, services, seen.row.body));
    out.changed = seen.row.changed, body = std::move(seen.row.body);
  }
  if (!version) return no_threat_text();
  if (body.kind != ThreatTextKind::Report) return out;
  TRY(const auto turn, Turn::take());
  TRY(const auto areas, areas_in(*version));
  out.law = law_of_release(services, out.authors, body, *version, areas, to, services.clock.now());
  return out;
}

Result<void> still_so(Unit& unit, Services& services, const SeenText& seen, const LawAsked& asked) {
  TRY(const auto authors, authors_of(unit.writing().tx(), services, seen.row.body));
  if (seen.row.changed != asked.changed || authors != asked.authors) return fail(ErrorKind::Conflict, "It was changed at this moment. Please look at it and try again.", {}, {}, "changed");
  return {};
}

struct JudgedText {
  gate::Disclosure disclosure;
  gate::Judged judged;
};

// What an organisation that is shown a draft is to the collection.
enum class TextRecipient { Outside, Reader, Member };

// `recipient`: one organisation that is shown a draft; none: `to`.
JudgedText judge_text(Services& services, const std::optional<gate::RegimesVerdict>& law, const std::optional<PersonId>& actor, const SeenText& seen, const store::ThreatTextVersion& version, ThreatAudience to, std::optional<OrganisationId> recipient, TextRecipient as, Instant now) {
  gate::Disclosure disclosure;
  disclosure.content.object = "threat-report:" + seen.row.id;
  disclosure.content.version = static_cast<int>(version.version);
  disclosure.content.hash = gate::ContentHash{version.hash};
  disclosure.content.marking = label_of(to);
  disclosure.content.classes = version.classes;
  disclosure.audience = recipient ? gate::Audience::of(*recipient) : to == ThreatAudience::Public ? gate::Audience::everyone() : gate::Audience::community("collection:" + seen.row.body.collection + "/" + std::string(to == ThreatAudience::Members ? "members" : "readers"));
  disclosure.channel = to == ThreatAudience::Public && !recipient ? gate::Channel::PublicSite : gate::Channel::Api;
  disclosure.at = now;
  disclosure.actor = actor;
  disclosure.basis = {.kind = gate::BasisKind::Decision};
  gate::Facts facts;
  facts.now = now;
  facts.audience.is_community = as != TextRecipient::Outside;
  facts.audience.is_recipient = as == TextRecipient::Member;
  facts.marking.source_is_ours = true;
  facts.marking.source_permits = !recipient && to != ThreatAudience::Public;   // its source is its author, who gives it to these itself
  facts.two_person = services.settings.two_person;
  facts.decided = gate::Decided{actor.value_or(PersonId{}), {}, recipient ? "its author asks this organisation for its view" : "its author releases it"};
  facts.regimes = law;
  return JudgedText{disclosure, gate::judge(disclosure, facts, RulingId::random(services.random))};
}

json::object ruling_body(const JudgedText& judged) { return {{"disclosure", to_json(judged.disclosure)}, {"ruling", to_json(judged.judged.ruling)}}; }

threat::CountedFrom counted_from(const store::ThreatTextVersion& one, const store::ThreatTextVersion& other) {
  const auto sources = [](const store::ThreatTextVersion& version) {
    std::set<std::string> out;
    const auto* all = version.wanted.is_object() ? version.wanted.get_object().if_contains("collections") : nullptr;
    if (all != nullptr && all->is_array())
      for (const auto& id : all->get_array())
        if (id.is_string()) out.emplace(id.get_string());
    return out;
  };
  return one.audience == other.audience && sources(one) == sources(other) ? threat::CountedFrom::Same : threat::CountedFrom::Other;
}

// What a version's figures were asked by. None: it has no figures.
Result<std::optional<threat::ReportWanted>> question_of(const store::ThreatTextVersion& version) {
  if (!version.figures.is_object() || !version.wanted.is_object()) return std::nullopt;
  const auto* wanted = version.wanted.get_object().if_contains("wanted");
  if (wanted == nullptr) return std::nullopt;
  TRY(auto out, from_json<threat::ReportWanted>(*wanted));
  return std::optional(std::move(out));
}

// Reports that all of this audience have by now, over the same collection, and from which this version may be subtracted; versions of this one that they have among them. What each leaves out alone is safe;
// both together may not be. Of those that the reader may read alone: a version that it may not read tells it nothing.
constexpr std::size_t kMostCompared = 50;         // reports
constexpr int kMostOverCollection = 1'000;        // texts that are looked through for them, the newest
struct Overlaps {
  json::array ids;
  bool is_cut = false;                            // there are more texts than were compared
};
Result<Overlaps> could_be_subtracted(Services& services, const TextReader& reader, const SeenText& seen, const store::ThreatTextVersion& version, ThreatAudience to) {
  Overlaps out;
  TRY(const auto own, question_of(version));
  if (!own) return out;
  TRY(auto db, services.store.lease());
  TRY(const auto ids, store::texts_over(*db, seen.tags, seen.row.collection, kMostOverCollection));
  out.is_cut = ids.size() == static_cast<std::size_t>(kMostOverCollection);
  std::size_t compared = 0;
  for (const auto& id : ids) {
    const auto other = see_text(services, *db, reader, id);
    if (!other && other.error().kind == ErrorKind::NotFound) continue;
    if (!other) return std::unexpected(other.error());
    const auto& released = other->row.body.released;
    const auto is_to_compare = [&](const store::ThreatTextReleased& one) { return one.to >= to && other->may_read(one.version) && (id != seen.row.id || one.version != version.version); };
    if (other->row.body.kind != ThreatTextKind::Report || std::none_of(released.begin(), released.end(), is_to_compare)) continue;
    if (++compared > kMostCompared) {
      out.is_cut = true;
      break;
    }
    bool is_one = false;
    for (const auto& one : released) {
      if (is_one || !is_to_compare(one)) continue;
      TRY(const auto theirs, store::threat_version(*db, services.cells(), id, one.version));
      if (!theirs) continue;
      TRY(const auto asked, question_of(*theirs));
      is_one = asked && threat::can_be_subtracted(*own, *asked, counted_from(version, *theirs));
    }
    if (is_one) out.ids.emplace_back(id);
  }
  return out;
}

// T5. The command fails with this, and the ruling stays.
std::unexpected<Error> text_denied(Unit& unit, Services& services, const JudgedText& judged) {
  const auto& ruling = judged.judged.ruling;
  unit.leave_on_record([id = ruling.id, outcome = static_cast<int>(ruling.outcome), object = services.cells().tag("threat report", judged.disclosure.content.object), body = ruling_body(judged)](Unit& later) {
    return later.writing().record_ruling(id, later.now(), outcome, object, body);
  });
  return fail(ErrorKind::Conflict, "The gate says no. " + why_denied(ruling), {}, "gate", "gate-denies");
}

Result<void> record_text_ruling(Unit& unit, Services& services, const JudgedText& judged) {
  const auto& ruling = judged.judged.ruling;
  return unit.writing().record_ruling(ruling.id, unit.now(), static_cast<int>(ruling.outcome), services.cells().tag("threat report", judged.disclosure.content.object), ruling_body(judged));
}

Result<Committed> show_to(Unit& unit, Services& services, const Asker& asker, SeenText seen, const ShowThreatText& given, const LawAsked& law) {
  auto& tx = unit.writing().tx();
  TRY(const auto home, still_reads(unit, services, asker, seen.row.body.collection));
  TRY(const auto version, text_version(unit, services, seen, given.version));
  if (given.organisations.empty() || given.organisations.size() > 50 || seen.row.body.shown.size() + given.organisations.size() > kMostTextsShown) return fail(ErrorKind::Invalid, "Name 1 to 50 organisations; a text is shown 200 times at most.", "/organisations");
  TRY(still_so(unit, services, seen, law));
  if (seen.withdrawal(version.version) != nullptr) return text_withdrawn();
  Committed out;
  out.answer = {{"id", seen.row.id}};
  for (std::size_t i = 0; i < given.organisations.size(); ++i) {
    const auto& one = given.organisations[i];
    TRY(const auto organisation, store::organisation(tx, services.cells(), one));
    if (!organisation) return fail(ErrorKind::Invalid, "There is no such organisation.", "/organisations/" + std::to_string(i));
    const auto to = std::min(version.audience, ThreatAudience::Readers);
    const auto is = !reads_collection(home.collection(), one) ? TextRecipient::Outside : home.collection().is_member(one, organisation->kind) ? TextRecipient::Member : TextRecipient::Reader;
    const auto judge_as = [&](TextRecipient as) { return judge_text(services, law.law, asker.viewer.person, seen, version, to, one, as, unit.now()); };
    auto judged = judge_as(TextRecipient::Member);   // T9: one answer, whatever it is to the collection
    if (!judged.judged.ruling.allows()) return text_denied(unit, services, judged);
    if (is != TextRecipient::Member) judged = judge_as(is);   // what is on record is what it got
    TRY(record_text_ruling(unit, services, judged));
    const bool is_outside = is == TextRecipient::Outside || !judged.judged.ruling.allows();
    if (!is_outside) {
      ThreatTextOutlet outlet(gate::Channel::Api, tx, unit.now());
      TRY(outlet.send(*std::move(judged.judged.pass), {seen.row.id, version.version, {services.store.tag_of(one)}, judged.disclosure.content.hash, judged.disclosure.audience}, unit.now()));
    }
    seen.row.body.shown.push_back({one, version.version, unit.now(), *asker.viewer.person, judged.judged.ruling.id, is_outside ? std::optional(true) : std::nullopt});
    Committed entry;
    json::object event{{"type", "ThreatTextShown"}, {"v", 1}, {"report", seen.row.id}, {"version", version.version}, {"organisation", one.text()}, {"ruling", judged.judged.ruling.id.text()}};
    if (is_outside) event["outside"] = true;
    TRY(write_collection_entry(unit, asker, seen.row.body.collection, "threat_report.show", std::move(event), i == 0 ? out : entry));
  }
  seen.row.changed = unit.now();
  TRY(store::change_threat_text(tx, services.cells(), seen.row));
  return out;
}

// T6
Result<void> check_second(Unit& unit, Services& services, const Asker& asker, const SeenText& seen, const store::ThreatTextVersion& version) {
  if (!services.settings.two_person) return {};
  if (seen.row.body.group) {
    TRY(const auto joined, joined_of(unit.writing().tx(), services.cells(), *seen.row.body.group));
    if (joined.size() > 1 && version.organisation == *asker.viewer.organisation) return fail(ErrorKind::Forbidden, "Your organisation wrote this version: another member of the group releases it.", {}, "two persons");
  }
  if (version.by == *asker.viewer.person) return fail(ErrorKind::Forbidden, "You wrote this version: a second person releases it.", {}, "two persons");
  return {};
}

Result<Committed> release_to(Unit& unit, Services& services, const Asker& asker, SeenText seen, const ReleaseThreatText& given, const LawAsked& law) {
  auto& tx = unit.writing().tx();
  TRY(const auto home, still_reads(unit, services, asker, seen.row.body.collection));
  if (!home.can_write()) return fail(ErrorKind::Forbidden, "Your organisation doesn't write this collection.");
  TRY(const auto version, text_version(unit, services, seen, given.version));
  auto& body = seen.row.body;
  if (version.version != body.versions) return fail(ErrorKind::Conflict, "There is a newer version; the newest is released.", "/version", {}, "not-newest");
  if (seen.withdrawal(version.version) != nullptr) return text_withdrawn();
  if (const auto why = why_not_to(version, given.to); !why.empty()) return fail(ErrorKind::Conflict, why, "/to", {}, "too-wide");
  TRY(check_second(unit, services, asker, seen, version));
  if (std::any_of(body.released.begin(), body.released.end(), [&](const store::ThreatTextReleased& one) { return one.version == version.version && one.to == given.to; })) return fail(ErrorKind::Conflict, "This version was released to them already.", {}, {}, "released");
  if (body.released.size() >= kMostReleased) return fail(ErrorKind::Conflict, "This text was released as often as it can be.");
  TRY(still_so(unit, services, seen, law));
  auto judged = judge_text(services, law.law, asker.viewer.person, seen, version, given.to, {}, TextRecipient::Reader, unit.now());
  if (!judged.judged.ruling.allows()) return text_denied(unit, services, judged);
  TRY(record_text_ruling(unit, services, judged));
  ThreatTextOutlet outlet(judged.disclosure.channel, tx, unit.now());
  TRY(outlet.send(*std::move(judged.judged.pass), {seen.row.id, version.version, {store::reader_of_collection(services.cells(), body.collection, given.to)}, judged.disclosure.content.hash, judged.disclosure.audience}, unit.now()));
  store::ThreatTextReleased released{version.version, given.to, unit.now(), *asker.viewer.person, *asker.viewer.organisation, judged.judged.ruling.id, {}};
  json::array duties;
  for (const auto& duty : judged.judged.ruling.duties) released.duties.push_back(to_json(duty)), duties.push_back(to_json(duty));
  body.released.push_back(std::move(released));
  seen.row.changed = unit.now();
  TRY(store::change_threat_text(tx, services.cells(), seen.row));
  Committed out;
  out.answer = {{"id", seen.row.id}, {"version", version.version}, {"ruling", judged.judged.ruling.id.text()}, {"duties", std::move(duties)}};
  TRY(write_collection_entry(unit, asker, body.collection, "threat_report.release",
                             {{"type", "ThreatTextReleased"}, {"v", 1}, {"report", seen.row.id}, {"version", version.version}, {"to", to_word(given.to)}, {"ruling", judged.judged.ruling.id.text()}, {"hash", "sha256:" + hex(version.hash)}}, out));
  return out;
}

}  // namespace

Result<void> ThreatTextOutlet::deliver(gate::Pass, const TextEnvelope& envelope) {
  for (const auto& reader : envelope.readers) TRY(store::let_read(tx_, envelope.report, reader, envelope.version, now_));
  return {};
}

Result<Work> show_threat_text(Services& services, Asker asker, std::string id, ShowThreatText given) {
  TRY(auto reader, text_reader(services, asker.viewer));
  TRY(auto law, ask_law(services, reader, id, given.version, ThreatAudience::Members));
  return Work([&services, asker = std::move(asker), id = std::move(id), given = std::move(given), reader = std::move(reader), law = std::move(law)](Unit& unit) -> Result<Committed> {
    TRY(auto seen, authored(unit, services, asker, reader, id));
    return show_to(unit, services, asker, std::move(seen), given, law);
  });
}

Result<Work> withdraw_threat_text(Services& services, Asker asker, std::string id, WithdrawThreatText given) {
  TRY(auto reader, text_reader(services, asker.viewer));
  TRY(check_text(given.reason, 2'000, false, "/reason"));
  return Work([&services, asker = std::move(asker), id = std::move(id), given = std::move(given), reader = std::move(reader)](Unit& unit) -> Result<Committed> {
    TRY(auto seen, authored(unit, services, asker, reader, id));
    auto& body = seen.row.body;
    if (std::none_of(body.released.begin(), body.released.end(), [&](const store::ThreatTextReleased& one) { return one.version == given.version; }))
      return fail(ErrorKind::Conflict, "This version was not released, so there is nothing to take back.", "/version", {}, "not-released");
    if (seen.withdrawal(given.version) != nullptr) return text_withdrawn();
    body.withdrawn.push_back({given.version, unit.now(), *asker.viewer.person, *asker.viewer.organisation, given.reason});
    seen.row.changed = unit.now();
    TRY(store::change_threat_text(unit.writing().tx(), services.cells(), seen.row));
    Committed out;
    out.answer = {{"id", id}, {"version", given.version}};
    TRY(write_collection_entry(unit, asker, body.collection, "threat_report.withdraw", {{"type", "ThreatTextWithdrawn"}, {"v", 1}, {"report", id}, {"version", given.version}, {"reason", given.reason}}, out));
    return out;
  });
}

Result<Work> release_threat_text(Services& services, Asker asker, std::string id, ReleaseThreatText given) {
  TRY(auto reader, text_reader(services, asker.viewer));
  TRY(auto law, ask_law(services, reader, id, given.version, given.to));
  return Work([&services, asker = std::move(asker), id = std::move(id), given, reader = std::move(reader), law = std::move(law)](Unit& unit) -> Result<Committed> {
    TRY(auto seen, authored(unit, services, asker, reader, id));
    return release_to(unit, services, asker, std::move(seen), given, law);
  });
}

Result<json::object> ask_release(Services& services, const access::Viewer& viewer, const std::string& id, ThreatAudience to) {
  TRY(const auto reader, text_reader(services, viewer));
  SeenText seen;
  std::optional<store::ThreatTextVersion> version;
  {
    TRY(auto db, services.store.lease());
    TRY(seen, see_text(services, *db, reader, id));
    TRY(version, store::threat_version(*db, services.cells(), id, seen.newest()));
  }
  if (!version) return no_threat_text();
  TRY(const auto law, ask_law(services, reader, id, version->version, to));
  const auto judged = judge_text(services, law.law, viewer.person, seen, *version, to, {}, TextRecipient::Reader, services.clock.now());
  auto ruling = to_json(judged.judged.ruling);
  ruling.as_object().erase("id");                 // nothing is recorded
  json::object out{{"version", version->version}, {"to", to_word(to)}, {"ruling", std::move(ruling)}};
  if (const auto why = why_not_to(*version, to); !why.empty()) out["too_wide"] = why;
  TRY(auto overlaps, could_be_subtracted(services, reader, seen, *version, to));
  if (!overlaps.ids.empty()) out["overlaps"] = std::move(overlaps.ids);
  if (overlaps.is_cut) out["overlaps_cut"] = true;
  return out;
}

}  // namespace sluice::service
