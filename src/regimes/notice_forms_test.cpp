#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "regimes/built_in.h"
#include "regimes/notice_forms.h"
#include "regimes/recipient.h"

using namespace sluice;
using namespace sluice::regimes;

TEST_CASE("the forms that come with the program are read without a finding") {
  const auto forms = built_in_notice_forms();
  for (const auto& finding : forms.findings) MESSAGE(finding.where << ": " << finding.message);
  CHECK(forms.findings.empty());
  CHECK(forms.forms.size() > 20);
  CHECK(forms.form(kGeneralForm) != nullptr);
}

TEST_CASE("every rule, body, act and event that a form names is one that the packs have") {
  const auto forms = built_in_notice_forms();
  const auto library = built_in_library();
  REQUIRE(library);
  for (const auto& form : forms.forms) {
    CAPTURE(form.id);
    CHECK(library->words.actions.contains(form.act));
    const auto bodies = parse_recipients(form.to);
    if (form.id != kGeneralForm)
      for (const auto& one : *bodies) CHECK(library->words.recipients.contains(one.kind));
    for (const auto& event : form.after) CHECK(library->words.events.contains(event));
    for (const auto& id : form.rules) {
      CAPTURE(id);
      const auto pack = library->packs.find(id.substr(0, id.find('/')));
      REQUIRE(pack != library->packs.end());
      const auto* rule = pack->second.rule(id);
      REQUIRE(rule != nullptr);
      // Filing it is what the rule asks for, at its stage.
      const auto& act = rule->plain.first ? rule->plain.first->act : *rule->plain.act;
      CHECK((act.types.empty() || act.types.contains(form.act)));
      if (!form.stage.empty() && !rule->plain.stage.empty() && rule->plain.stage_if.empty()) CHECK(rule->plain.stage == form.stage);
    }
  }
  for (const auto& fact : forms.facts)
    if (fact.is_event()) {
      CAPTURE(fact.name);
      CHECK(library->words.events.contains(fact.name));
    }
}

TEST_CASE("every must of law or draft that asks for a notice to a body of a state has a form of its own") {
  const auto forms = built_in_notice_forms();
  const auto library = built_in_library();
  for (const auto& [id, pack] : library->packs) {
    if (pack.force != Force::Law && pack.force != Force::Draft) continue;
    for (const auto& rule : pack.rules) {
      if (rule.plain.modality != Modality::Must || !rule.plain.act || !rule.plain.act->types.contains("notify-authority")) continue;
      const bool has = forms.for_rule(rule.id).front()->id != kGeneralForm;
      if (!has) MESSAGE(rule.id << " takes the general form");
    }
  }
}

TEST_CASE("a fact is what its form says, or the message says what it should be") {
  const auto forms = built_in_notice_forms();
  const struct { const char* fact; json::value value; std::optional<json::value> kept; } kCases[] = {
      {"personal_data", "yes", "yes"}, {"personal_data", true, "yes"}, {"personal_data", "perhaps", {}}, {"personal_data", nullptr, json::value(nullptr)},
      {"breach.aware", "2026-12-01T09:00:00.25+01:00", "2026-12-01T08:00:00Z"}, {"breach.aware", "2026-12-01T09:00", {}}, {"breach.aware", false, false}, {"breach.aware", true, {}},
      {"grade", "major", "major"}, {"grade", "huge", {}}, {"region", "CN-ZJ", "CN-ZJ"}, {"region", "zhejiang", {}}, {"region", "CN-", {}},
      {"sectors", "energy, finance", json::array{"energy", "finance"}}, {"sectors", json::array{}, {}}, {"member_states", json::array{"DE", "FR"}, json::array{"DE", "FR"}}, {"member_states", json::array{"DE", 3}, {}},
      {"cause", "", {}}, {"cause", json::value(std::string(4'001, 'x')), {}}, {"cause", "a\x01" "b", {}}, {"cause", "A phishing mail.", "A phishing mail."},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.fact);
    CAPTURE(json::serialize(one.value));
    const auto fit = fit_fact(*forms.fact(one.fact), one.value, "/v");
    REQUIRE(fit.has_value() == one.kept.has_value());
    if (fit) CHECK(*fit == *one.kept);
    else CHECK(fit.error().where == "/v");
  }
}

TEST_CASE("a draft is filled from the record and from answers; what nobody knows is a blank, and never invented") {
  const auto forms = built_in_notice_forms();
  const auto& form = *forms.form("personal-data-breach");
  const Record record{{"incident.summary", "Somebody copied the members' list."}, {"breach.aware", "2026-12-01T08:00:00Z"}};
  const json::value answers = json::object{{"measures", "Passwords were reset."}};
  const auto made = compose(form, record, &answers, {"supervisory-authority:DE", "Example Ltd", "", ""});
  REQUIRE(made);
  CHECK(made->blanks == std::vector<std::string>{"people", "records", "contact", "consequences"});
  CHECK(string_at(made->fields.at("nature"), "from") == "incident.summary");
  CHECK(string_at(made->fields.at("measures"), "from") == "person");
  CHECK_FALSE(made->fields.at("people").as_object().contains("answer"));
  CHECK(made->text.find("[to be filled in]") != std::string::npos);
  CHECK(made->text.find("Art. 33(3)(c)") != std::string::npos);
  CHECK(compose(form, record, &answers, {"supervisory-authority:DE", "Example Ltd", "", ""})->text == made->text);
}

TEST_CASE("a field's citation stands in brackets, once") {
  const auto forms = built_in_notice_forms();
  for (const auto& form : forms.forms) {
    CAPTURE(form.id);
    const auto made = compose(form, {}, nullptr, {"x", "y", "", ""});
    REQUIRE(made);
    CHECK(made->text.find("((") == std::string::npos);
  }
}

TEST_CASE("of places in the record only those within the one that a field names count, and not that one itself") {   // or a list of member states says "CN, EU"
  const auto forms = built_in_notice_forms();
  const auto library = built_in_library();
  REQUIRE(library);
  const auto& form = *forms.form("exploited-early-warning");
  const struct { const char *stated, *markets, *answer; } kCases[] = {{"", "CN, EU", ""}, {"", "CN, DE, EU, FR", "DE, FR"}, {"US", "DE", "DE"}, {"FR-IDF, GB", "DE", "FR-IDF"}, {"", "", ""}};
  for (const auto& one : kCases) {
    CAPTURE(one.markets);
    const auto made = compose(form, {{"incident.member_states", one.stated}, {"product.markets", one.markets}}, nullptr, {"x", "y", "", ""}, &library->words);
    REQUIRE(made);
    const auto& states = made->fields.at("states").as_object();
    CHECK((states.contains("answer") ? std::string(states.at("answer").as_string()) : std::string()) == one.answer);
    const bool blank = std::find(made->blanks.begin(), made->blanks.end(), "states") != made->blanks.end();
    CHECK(blank == (one.answer[0] == 0));
  }
}

TEST_CASE("answers that the form doesn't ask for are refused with their place") {
  const auto forms = built_in_notice_forms();
  const auto& form = *forms.form("personal-data-breach");
  const struct { json::value answers; const char* where; } kBad[] = {
      {json::object{{"colour", "red"}}, "/fields/colour"}, {json::object{{"nature", 7}}, "/fields/nature"}, {json::object{{"nature", json::value(std::string(8'001, 'x'))}}, "/fields/nature"}, {json::object{{"nature", "a\x1b"}}, "/fields/nature"}, {json::array{}, "/fields"}};
  for (const auto& bad : kBad) {
    const auto made = compose(form, {}, &bad.answers, {"x", "y", "", ""});
    REQUIRE_FALSE(made);
    CHECK(made.error().where == bad.where);
  }
}

TEST_CASE("a form with a mistake is a finding with its place") {
  const char* kHead = "facts:\n  kind: {asks: What, form: [a, b]}\nforms:\n";
  const struct { const char* form; const char* says; } kBad[] = {
      {"  - {id: x, title: X, act: a, to: enisa, fields: [{id: f, asks: F, from: [incident.colour], mark: [GEN]}]}\n", "leads nowhere"},
      {"  - {id: x, title: X, act: a, to: enisa, fields: [{id: f, asks: F, from: []}]}\n", "a mark"},
      {"  - {id: x, title: X, act: a, to: 'a b', fields: [{id: f, asks: F, mark: [GEN]}]}\n", ""},
      {"  - {id: x, title: X, act: a, to: enisa, fields: []}\n", "asks something"},
      {"  - {id: x, title: X, act: a, to: enisa, offer: yes, fields: [{id: f, asks: F, mark: [GEN]}]}\n", "why it is offered"},
  };
  for (const auto& bad : kBad) {
    CAPTURE(bad.form);
    const auto forms = read_notice_forms(std::string(kHead) + bad.form, "f.yaml");
    REQUIRE_FALSE(forms.findings.empty());
    CHECK(forms.findings.front().where.starts_with("f.yaml:"));
    CHECK(forms.findings.front().message.find(bad.says) != std::string::npos);
  }
}
