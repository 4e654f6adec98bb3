#include "service/pseudonyms.h"

#include <doctest/doctest.h>

#include "service/contribution.h"
#include "service/people.h"
#include "service/pseudonym_sending.h"
#include "service/recalls.h"
#include "service/reveals.h"
#include "service/sharing_testing.h"
#include "service/threat_report_rows.h"
#include "service/tokens.h"
#include "store/standing.h"

using namespace sluice;
using namespace sluice::service;

namespace {

// Three who could have sent it, and two trustees.
struct PseudonymsForTests {
  SharingForTests sharing;
  SiteForTests& site = sharing.site;
  Services& services = site.services;
  OrganisationId office = site.organisation("Office", access::OrganisationKind::Authority);
  Asker tess = site.asker(site.person(office, "Tess", "tess@office.example", access::SiteRole::Trustee), office), theo = site.asker(site.person(office, "Theo", "theo@office.example", access::SiteRole::Trustee), office);
  Asker counsel = site.asker(site.person(site.open.file.organisation, "Carla", "carla@test.example", access::SiteRole::Counsel), site.open.file.organisation);

  explicit PseudonymsForTests(std::int64_t apart = 0) { set(3, apart); }
  void set(std::int64_t k, std::int64_t apart) { for_tests::must(site.writer->run(set_pseudonym_policy(services, SiteForTests::system(), sharing.collection, {k, "sector_and_region", apart, office}))); }
  std::string taken(const Asker& asker) {
    const auto made = for_tests::must(site.writer->run(take_pseudonym(services, asker, sharing.collection)));
    return std::string(string_at(made.answer, "id"));
  }
  Asker under(Asker asker, std::string name) {
    asker.pseudonym = std::move(name);
    return asker;
  }
  // What one object is answered: "" where it was taken.
  std::string put(const Asker& asker, const std::string& object) {
    const auto status = sharing.put(asker, "{\"objects\":[" + object + "]}");
    const auto* failures = status.as_object().if_contains("failures");
    return failures ? std::string(string_at(failures->as_array().at(0), "message")) : "";
  }
  Result<Committed> run(Work work) { return site.writer->run(std::move(work)); }
};

std::string bad_address_json(int id, std::string_view address, std::string_view more = {}) {
  return "{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"indicator--00000000-0000-4000-8000-00000000000" + std::to_string(id) + "\",\"created\":\"2020-01-01T00:00:00.000Z\",\"modified\":\"2020-01-01T00:00:00.000Z\",\"name\":\"Bad\","
         "\"indicator_types\":[\"malicious-activity\"],\"pattern\":\"[ipv4-addr:value = '" + std::string(address) + "']\",\"pattern_type\":\"stix\",\"valid_from\":\"2020-01-01T00:00:00Z\",\"object_marking_refs\":[\"" +
         std::string(threat::marking_id_of(Tlp::Green)) + "\"]" + std::string(more) + "}";
}

}  // namespace

TEST_CASE("S1 no pseudonym without a policy, nor where fewer than k could have sent it") {
  SharingForTests s;
  const auto without = s.site.writer->run(take_pseudonym(s.site.services, s.askers[0], s.collection));
  REQUIRE_FALSE(without.has_value());
  CHECK(without.error().code == "no-pseudonyms");
  PseudonymsForTests p;
  p.set(4, 0);                                    // First, Second and Guest are three; the site's own organisation and an office without staff are none
  const auto few = p.run(take_pseudonym(p.services, p.sharing.askers[0], p.sharing.collection));
  REQUIRE_FALSE(few.has_value());
  CHECK(few.error().code == "too-few-members");
  p.set(3, 0);
  const auto name = p.taken(p.sharing.askers[0]);
  CHECK(p.put(p.under(p.sharing.askers[0], name), thing_json(0, 0, Tlp::Green)) == "");
  p.set(4, 0);
  const auto refused = prepare_intake(p.services, p.under(p.sharing.askers[0], name), p.sharing.collection, "{\"objects\":[" + thing_json(2, 0, Tlp::Green) + "]}");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == "too-few-members");
}

TEST_CASE("S1 among the members are those that could send now, and never whoever runs the site") {
  PseudonymsForTests p;
  const auto runs = p.site.asker(p.site.person(p.site.open.file.organisation, "Rosa", "rosa@test.example"), p.site.open.file.organisation);
  const auto of_site = p.run(take_pseudonym(p.services, runs, p.sharing.collection));
  REQUIRE_FALSE(of_site.has_value());
  CHECK(of_site.error().code == "no-pseudonyms");
  p.set(4, 0);                                    // it could send, and hides nobody
  CHECK_FALSE(p.run(take_pseudonym(p.services, p.sharing.askers[0], p.sharing.collection)).has_value());
  p.set(3, 0);
  p.taken(p.sharing.askers[0]);
  for_tests::must(p.run(change_affiliation(p.services, p.site.doors.viewers, SiteForTests::system(), *p.sharing.askers[2].viewer.person, p.sharing.guest, store::AffiliationState::Suspended)));
  const auto few = p.run(take_pseudonym(p.services, p.sharing.askers[0], p.sharing.collection));
  REQUIRE_FALSE(few.has_value());
  CHECK(few.error().code == "too-few-members");
}

TEST_CASE("D1 what is kept of an object leads to the pseudonym and not to the member") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto name = p.taken(first);
  REQUIRE(p.put(p.under(first, name), thing_json(0, 0, Tlp::Green)) == "");
  const auto seen = p.sharing.seen(p.sharing.askers[1]);
  auto db = for_tests::must(p.site.store->lease());
  const auto held = for_tests::must(store::first_of(*db, seen, store::name_of_object(p.site.store->cells(), thing_id(0))));
  REQUIRE(held.has_value());
  CHECK(held->sender != p.site.store->tag_of(p.sharing.first));
  CHECK(for_tests::must(store::pseudonym_of_sender(*db, held->sender)) == name);
  CHECK_FALSE(for_tests::must(store::last_sent(*db, seen.collection(), p.site.store->tag_of(p.sharing.first))).has_value());
  CHECK(p.sharing.page(p.sharing.askers[1], {}).objects.size() == 2);   // and the identity, once
  REQUIRE(p.put(p.under(first, name), thing_json(2, 0, Tlp::Green)) == "");
  CHECK(p.sharing.page(p.sharing.askers[1], {}).objects.size() == 3);
  const auto sending = for_tests::must(sending_in(p.services, p.under(first, name), p.sharing.collection));
  CHECK_FALSE(sending.as.viewer.person.has_value());
  CHECK_FALSE(sending.as.viewer.token.has_value());
  CHECK(sending.as.viewer.organisation != first.viewer.organisation);
}

TEST_CASE("a report counts a member once, and nothing in it follows from whose a pseudonym is") {
  const auto gathered = [](std::size_t behind) {  // First and Second by name, and one of three under a pseudonym
    PseudonymsForTests p;
    REQUIRE(p.put(p.sharing.askers[0], thing_json(0, 0, Tlp::Green)) == "");
    REQUIRE(p.put(p.sharing.askers[1], thing_json(1, 0, Tlp::Green)) == "");
    REQUIRE(p.put(p.sharing.askers[0], thing_json(2, 0, Tlp::Green)) == "");
    const auto& member = p.sharing.askers[behind];
    REQUIRE(p.put(p.under(member, p.taken(member)), thing_json(3, 0, Tlp::Green)) == "");
    const auto seen = p.sharing.seen(p.sharing.askers[1]);
    const auto now = p.services.clock.now();
    threat::ReportWanted wanted;
    wanted.period = {now - std::chrono::hours(1), now + std::chrono::hours(1)};
    const auto rows = for_tests::must(gather_rows(p.services, p.sharing.askers[1].viewer, seen.collection(), std::span(&seen, 1), wanted, store::ThreatAudience::Readers));
    std::map<std::string, std::int64_t> out;
    for (const auto& row : rows.rows) out[row.id] = row.sender;
    return out;
  };
  const auto of_first = gathered(0);
  REQUIRE(of_first.size() == 4);
  CHECK(of_first.at(thing_id(0)) == of_first.at(thing_id(2)));
  CHECK(of_first.at(thing_id(0)) != of_first.at(thing_id(1)));
  CHECK(of_first.at(thing_id(3)) == threat::kSomeSender);
  CHECK(gathered(1) == of_first);
  CHECK(gathered(2) == of_first);
}

TEST_CASE("S2 another's pseudonym and one that never was are answered the same") {
  PseudonymsForTests p;
  const auto name = p.taken(p.sharing.askers[0]);
  const auto others = prepare_intake(p.services, p.under(p.sharing.askers[1], name), p.sharing.collection, "{\"objects\":[]}");
  const auto never = prepare_intake(p.services, p.under(p.sharing.askers[1], "member-0000000000000000"), p.sharing.collection, "{\"objects\":[]}");
  REQUIRE_FALSE(others.has_value());
  REQUIRE_FALSE(never.has_value());
  CHECK(others.error().kind == ErrorKind::NotFound);
  CHECK(others.error().message == never.error().message);
  // Of another collection, too.
  const auto elsewhere = p.sharing.add({.title = "Elsewhere", .anyone_reads = true, .anyone_writes = true});
  CHECK(prepare_intake(p.services, p.under(p.sharing.askers[0], name), elsewhere, "{\"objects\":[]}").error().message == never.error().message);
}

TEST_CASE("D3 no value and no object of a member stands under two of its names, whichever came first") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto hidden = p.under(first, p.taken(first));
  REQUIRE(p.put(hidden, bad_address_json(1, "198.51.100.1")) == "");
  REQUIRE(p.put(first, bad_address_json(2, "198.51.100.2")) == "");
  CHECK(p.put(first, bad_address_json(3, "198.51.100.1")).find(kTellsOfOtherNames) != std::string::npos);
  CHECK(p.put(hidden, bad_address_json(4, "198.51.100.2")).find("under another name") != std::string::npos);
  const auto note = [](int id, int about) {
    return "{\"type\":\"note\",\"spec_version\":\"2.1\",\"id\":\"note--00000000-0000-4000-8000-00000000000" + std::to_string(id) + "\",\"created\":\"2020-01-01T00:00:00.000Z\",\"modified\":\"2020-01-01T00:00:00.000Z\",\"content\":\"x\",\"object_refs\":[\"indicator--00000000-0000-4000-8000-00000000000" +
           std::to_string(about) + "\"],\"object_marking_refs\":[\"" + std::string(threat::marking_id_of(Tlp::Green)) + "\"]}";
  };
  CHECK(p.put(first, note(1, 1)).find("names an object") != std::string::npos);
  CHECK(p.put(first, note(1, 1)).find(kTellsOfOtherNames) != std::string::npos);   // by which they are left out where others would read them
  CHECK(p.put(hidden, note(2, 2)).find("names an object") != std::string::npos);
  CHECK(p.put(hidden, note(3, 1)) == "");
  CHECK(p.put(p.sharing.askers[1], bad_address_json(5, "198.51.100.1")) == "");   // others share what they like
  const auto next = p.under(first, p.taken(first));
  CHECK(p.put(next, bad_address_json(6, "198.51.100.1")).find("under another name") != std::string::npos);
}

TEST_CASE("D3 holds also where both are on their way at once") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto hidden = p.under(first, p.taken(first));
  const auto prepared = [&](const Asker& asker, int id) { return for_tests::must(prepare_intake(p.services, asker, p.sharing.collection, "{\"objects\":[" + bad_address_json(id, "198.51.100.1") + "]}")); };
  auto by_name = prepared(first, 1), under_it = prepared(hidden, 2);
  CHECK(p.sharing.finish(std::move(by_name)).has_value());
  const auto late = p.sharing.finish(std::move(under_it));
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().code == "one-hand");
}

TEST_CASE("the identity of a pseudonym is the site's to write, and of what goes to its own organisation alone none is needed") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto hidden = p.under(first, p.taken(first));
  const auto own = for_tests::must(pseudonyms(p.services, first.viewer, p.sharing.collection)).items.at(0).identity;
  CHECK(p.put(hidden, "{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"" + own + "\",\"created\":\"2020-01-01T00:00:00.000Z\",\"modified\":\"2020-01-01T00:00:00.000Z\",\"name\":\"Somebody else\",\"identity_class\":\"organization\",\"object_marking_refs\":[\"" +
                          std::string(threat::marking_id_of(Tlp::Green)) + "\"]}")
            .find("the site's to write") != std::string::npos);
  CHECK(p.put(hidden, thing_json(0, 0, Tlp::Red)).find("TLP:RED") != std::string::npos);
}

TEST_CASE("a creator stays where others share from the same source, and not where it could be the member") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto hidden = p.under(first, p.taken(first));
  const auto identity = [](int id, std::string_view name) {
    return "{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"identity--00000000-0000-4000-8000-00000000000" + std::to_string(id) + "\",\"created\":\"2020-01-01T00:00:00.000Z\",\"modified\":\"2020-01-01T00:00:00.000Z\",\"name\":\"" + std::string(name) +
           "\",\"identity_class\":\"organization\",\"object_marking_refs\":[\"" + std::string(threat::marking_id_of(Tlp::Green)) + "\"]}";
  };
  const auto by = [](int id) { return ",\"created_by_ref\":\"identity--00000000-0000-4000-8000-00000000000" + std::to_string(id) + "\""; };
  REQUIRE(p.put(p.sharing.askers[1], identity(1, "A feed")) == "");
  REQUIRE(p.put(p.sharing.askers[1], identity(2, "First")) == "");         // another wrote down who the member is
  REQUIRE(p.put(first, identity(3, "Another feed")) == "");
  CHECK(p.put(hidden, bad_address_json(1, "198.51.100.1", by(1))) == "");
  CHECK(p.put(hidden, bad_address_json(2, "198.51.100.2", by(2))).find("created_by_ref") != std::string::npos);
  CHECK(p.put(hidden, bad_address_json(3, "198.51.100.3", by(3))).find("created_by_ref") != std::string::npos);
  CHECK(p.put(hidden, bad_address_json(4, "198.51.100.4", by(4))).find("created_by_ref") != std::string::npos);
  REQUIRE(p.put(first, bad_address_json(5, "198.51.100.5", by(1))) == "");  // from now on it is known by this source
  CHECK(p.put(hidden, bad_address_json(6, "198.51.100.6", by(1))).find("created_by_ref") != std::string::npos);
}

TEST_CASE("D4 what is sent under a pseudonym doesn't follow at once on what was sent by name, and what is sent by name isn't held up") {
  PseudonymsForTests p(10);
  const auto& first = p.sharing.askers[0];
  const auto hidden = p.under(first, p.taken(first));
  REQUIRE(p.put(first, thing_json(0, 0, Tlp::Green)) == "");
  const auto soon = prepare_intake(p.services, hidden, p.sharing.collection, "{\"objects\":[" + thing_json(2, 0, Tlp::Green) + "]}");
  REQUIRE_FALSE(soon.has_value());
  CHECK(soon.error().code == "too-close-in-time");
  p.site.script.set(p.site.clock.now() + std::chrono::minutes(11));
  CHECK(p.put(hidden, thing_json(2, 0, Tlp::Green)) == "");
  CHECK(p.put(first, thing_json(4, 0, Tlp::Green)) == "");
}

TEST_CASE("D5 a pseudonym that was replaced goes on with what it sent, and with nothing else") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto old = p.under(first, p.taken(first));
  REQUIRE(p.put(old, thing_json(0, 0, Tlp::Green)) == "");
  const auto next = p.under(first, p.taken(first));
  CHECK(p.put(old, thing_json(0, 1, Tlp::Green)) == "");
  CHECK(p.put(old, thing_json(2, 0, Tlp::Green)).find("replaced") != std::string::npos);
  CHECK(p.put(next, thing_json(2, 0, Tlp::Green)) == "");
  CHECK(p.put(next, thing_json(0, 2, Tlp::Green)).find("Another organisation") != std::string::npos);
}

TEST_CASE("its member deletes and calls back what it sent under a pseudonym, and nothing of others") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto hidden = p.under(first, p.taken(first));
  REQUIRE(p.put(hidden, thing_json(0, 0, Tlp::Green)) == "");
  REQUIRE(p.put(p.sharing.askers[1], thing_json(2, 0, Tlp::Green)) == "");
  CHECK(p.run(recall_object(p.services, first, p.sharing.collection, thing_id(0), {"mine"})).error().kind == ErrorKind::NotFound);
  CHECK(p.run(recall_object(p.services, hidden, p.sharing.collection, thing_id(0), {"First was wrong"})).error().where == "/reason");
  CHECK(p.run(recall_object(p.services, hidden, p.sharing.collection, thing_id(0), {"It was wrong"})).has_value());
  CHECK(p.run(delete_object(p.services, hidden, p.sharing.collection, thing_id(2), {})).error().kind == ErrorKind::NotFound);
  REQUIRE(p.put(hidden, thing_json(4, 0, Tlp::Green)) == "");
  CHECK(p.sharing.remove(hidden, thing_id(4)) == 1);
}

TEST_CASE("S3 only a token for collections alone is bound, once, and by its own person") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto name = p.taken(first);
  const auto token = [&](const Asker& asker, access::Scopes scopes) {
    return p.site.made<TokenId>(issue_token(p.services, SiteForTests::system(), {.person = *asker.viewer.person, .organisation = asker.viewer.organisation, .scopes = scopes}));
  };
  const access::Scopes sending{access::Scope::CollectionRead, access::Scope::CollectionWrite};
  const auto bind = [&](TokenId id) {
    const auto done = p.run(bind_token(p.services, p.site.doors.viewers, first, name, {id}));
    return done ? std::string("bound") : done.error().where + " " + done.error().code;
  };
  CHECK(bind(token(first, {access::Scope::CaseRead, access::Scope::CollectionWrite})) == "/token ");
  CHECK(bind(token(p.sharing.askers[1], sending)) == "/token ");
  const auto colleague = p.site.asker(p.site.person(p.sharing.first, "Abe", "abe@first.example"), p.sharing.first);
  CHECK(bind(token(colleague, sending)) == "/token ");
  const auto others = p.run(bind_token(p.services, p.site.doors.viewers, p.sharing.askers[1], name, {token(p.sharing.askers[1], sending)}));
  REQUIRE_FALSE(others.has_value());
  CHECK(others.error().kind == ErrorKind::NotFound);   // S2: their own token, and a pseudonym that is another's
  const auto good = token(first, sending);
  CHECK(bind(good) == "bound");
  CHECK(bind(good) == "/token token-bound");
  auto db = for_tests::must(p.site.store->lease());
  CHECK(for_tests::must(store::pseudonym_of_token(*db, p.site.store->cells(), good)) == name);
}

TEST_CASE("V2 whose it is, two trustees say, neither of them twice, and the member learns of it") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  const auto name = p.taken(first);
  CHECK(p.run(ask_reveal(p.services, p.sharing.askers[1], name, {"curious"})).error().kind == ErrorKind::Forbidden);
  const auto id = p.site.made<store::RevealId>(ask_reveal(p.services, p.counsel, name, {"It shared what it must not"}));
  CHECK(p.run(agree_to_reveal(p.services, p.counsel, id)).error().kind == ErrorKind::Forbidden);
  CHECK(p.run(agree_to_reveal(p.services, p.tess, id)).has_value());
  CHECK_FALSE(for_tests::must(reveals(p.services, p.counsel.viewer)).at(0).member.has_value());
  CHECK(for_tests::must(pseudonyms(p.services, first.viewer, p.sharing.collection)).items.at(0).revealed.empty());   // what is only asked is told to nobody
  CHECK(p.run(agree_to_reveal(p.services, p.tess, id)).error().kind == ErrorKind::Forbidden);
  CHECK(p.run(agree_to_reveal(p.services, p.theo, id)).has_value());
  CHECK(for_tests::must(reveals(p.services, p.counsel.viewer)).at(0).member == p.sharing.first);
  CHECK(p.run(refuse_reveal(p.services, p.theo, id, {"too late"})).error().kind == ErrorKind::Conflict);
  const auto own = for_tests::must(pseudonyms(p.services, first.viewer, p.sharing.collection));
  REQUIRE(own.items.size() == 1);
  REQUIRE(own.items[0].revealed.size() == 1);
  CHECK(own.items[0].revealed[0].reason == "It shared what it must not");
  CHECK(for_tests::must(pseudonyms(p.services, p.sharing.askers[1].viewer, p.sharing.collection)).items.empty());
}

TEST_CASE("points for what was sent under a pseudonym are the member's own, and nobody else's") {
  PseudonymsForTests p;
  const auto& first = p.sharing.askers[0];
  REQUIRE(p.put(p.under(first, p.taken(first)), bad_address_json(1, "45.83.64.1")) == "");
  p.site.script.set(p.site.clock.now() + std::chrono::hours(2));
  const auto own = for_tests::must(points_of(p.services, first.viewer)).shown, others = for_tests::must(points_of(p.services, p.sharing.askers[1].viewer)).shown;
  CHECK(own.packages == 1);
  CHECK(own.total > 0);
  CHECK(others.packages == 0);
  CHECK(others.total == 0);
}
