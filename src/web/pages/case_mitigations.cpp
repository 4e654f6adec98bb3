// Mitigations before a case is public: what one was told; for the coordination what each role may have, whom the gate lets have it, how unequal that is, and the telling.
#include "cvd/mitigation.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

const json::array& list_of(const json::value& of, std::string_view key) {
  static const json::array kNone;
  const auto* list = of.is_object() ? of.get_object().if_contains(key) : nullptr;
  return list != nullptr && list->is_array() ? list->get_array() : kNone;
}

std::string joined_words(const json::array& from) {
  std::string out;
  for (const auto& one : from)
    if (one.is_string()) out += (out.empty() ? "" : ", ") + std::string(one.get_string());
  return out;
}

std::string count_in(const json::value& of, std::string_view key) {
  const auto* found = of.is_object() ? of.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_int64() ? std::to_string(found->get_int64()) : "";
}

Html named(const Scene& s, const json::value& organisation) {
  const auto country = std::string(string_at(organisation, "country"));
  return all(std::string(string_at(organisation, "name")), country.empty() ? Html() : el("span", {cls("quiet block")}, s.words.place(country)));
}

Html told_words(const json::value& one) { return string_at(one, "text").empty() ? Html() : paragraphs(std::string(string_at(one, "text"))); }

Html role_card(const Scene& s, const cvd::Mitigation& m, const json::value& role) {
  const auto which = from_word<cvd::MitigationRole>(string_at(role, "role")).value_or(cvd::MitigationRole::Deployer);
  Html body = told_words(role);
  body += Facts().add("May have", joined_words(list_of(role, "may_have"))).add("Withheld", joined_words(list_of(role, "withheld"))).html();
  if (const auto count = list_of(role, "objects").size(); count > 0) body += el("p", std::to_string(count) + (count == 1 ? " prepared object goes" : " prepared objects go") + " along, pared down to what detects.");
  Table table("Who would be told", {"Who", "Through", "The gate"});
  bool without = false, anybody = false;
  for (const auto& one : list_of(role, "recipients")) {
    const auto why = std::string(string_at(one, "why_not"));
    (why.empty() ? anybody : without) = true;
    const auto* organisation = one.as_object().if_contains("organisation");
    table.row({organisation != nullptr ? named(s, *organisation) : Html(), string_at(one, "through") == "participant" ? Html("the case") : Html("a collection"), why.empty() ? badge(Tone::Good, "gets it") : all(badge(Tone::Held, "goes without"), el("span", {cls("quiet block")}, why))});
  }
  if (table.empty()) body += el("p", {cls("quiet")}, "Nobody stands for this role who wasn't told yet.");
  else body += table.html();
  Table unequal("The unequal access that it makes", {"Role, kind or country", "Get it", "Go without"});
  const auto* made = role.as_object().if_contains("unequal_access");
  if (made != nullptr) {
    for (const auto* key : {"role", "kind", "country"})
      for (const auto& one : list_of(*made, "by_" + std::string(key))) {
        const auto word = std::string(string_at(one, key));
        unequal.row({word.empty() ? std::string("not stated") : std::string_view(key) == "country" ? s.words.place(word) : std::string_view(key) == "role" ? std::string(words_of(which)) : word, count_in(one, "gets"), count_in(one, "goes_without")});
      }
    if (!unequal.empty()) body += unequal.html();
    const auto hours = count_in(*made, "head_start_hours");
    body += el("p", hours.empty() ? std::string("Nobody has said when all will know.") : "All others wait " + hours + (hours == "1" ? " hour longer, as things are planned." : " hours longer, as things are planned."));
  }
  const auto scope = m.id.text() + to_word(which);
  if (anybody) {
    const auto text = [&](std::string_view name, std::string_view label, bool required) { return field({.name = name, .label = label, .kind = Field::Kind::Text, .required = required, .most = 4'000, .scope = scope}); };
    Html fields = all(hidden("mitigation", m.id.text()), hidden("role", to_word(which)));
    if (cvd::first_shared(m, which) == nullptr) fields += field({.name = "text", .label = "What they are told", .help = "Leave it as it is, or say less.", .kind = Field::Kind::Text, .value = string_at(role, "text"), .most = cvd::kMostMitigationText, .scope = scope});
    fields += all(text("why", "Why before publication?", true), text("who_is_exposed", "Who is exposed?", true), text("how_badly", "How badly?", true), text("what_they_can_do", "What can they do?", true));
    if (without) fields += text("despite", "Why though some go without?", true);
    body += do_form(s, possible(s, Action::ShareMitigation), "share_mitigation", "Tell " + std::string(words_of(which)), fields, Compartment::coordination());
  }
  return el("div", {cls("card")}, el("h4", "For " + std::string(words_of(which))), body);
}

}  // namespace

Html mitigations_part(const Scene& s) {
  if (s.mitigations.empty() && !s.fold.mitigations.empty())
    return section("mitigations", "Mitigations before publication", el("form", {attr("method", "get"), action((path("/cases") / s.fold.id.text()).fragment("mitigations"))}, hidden("mitigations", "shown"), submit("Work out who may be told", "button second")));
  const json::value all_of_it = s.mitigations;
  Html inside;
  for (const auto& one : list_of(all_of_it, "told")) {
    const auto at = parse_instant(std::string(string_at(one, "at")));
    inside += el("div", {cls("card")}, el("h3", "Told before publication"), at ? el("p", {cls("quiet")}, time(*at)) : Html(), told_words(one));
  }
  for (const auto& one : list_of(all_of_it, "proposals")) {
    const auto id = cvd::MitigationId::parse(string_at(one, "mitigation"));
    const auto found = std::find_if(s.fold.mitigations.begin(), s.fold.mitigations.end(), [&](const cvd::Mitigation& m) { return id && m.id == *id; });
    if (found == s.fold.mitigations.end()) continue;
    const auto* v = s.fold.vulnerability(found->vulnerability);
    const auto* product = s.fold.product(found->product);
    Html body = el("p", found->ended_at ? all(badge(Tone::Quiet, "ended"), " ", time(*found->ended_at), ". ", prose(found->ended_why.value_or(""))) : all(badge(Tone::Waiting, "waits for a decision"), " proposed ", time(found->proposed_at)));
    for (const auto& role : list_of(one, "roles")) body += role_card(s, *found, role);
    for (const auto& batch : list_of(one, "shared")) {
      Table table("Told at one instant", {"Who", "First read"});
      for (const auto& to : list_of(batch, "receivers")) {
        const auto* organisation = to.as_object().if_contains("organisation");
        const auto read = parse_instant(std::string(string_at(to, "first_read")));
        table.row({organisation != nullptr ? named(s, *organisation) : Html(), read ? time(*read) : Html()});
      }
      const auto at = parse_instant(std::string(string_at(batch, "at")));
      body += all(el("p", badge(Tone::Good, "told"), at ? all(" ", time(*at)) : Html()), table.html());
    }
    if (!found->ended_at)
      body += do_form(s, possible(s, Action::HoldRelease, cvd::DeclineMitigation{found->id, "why"}), "decline_mitigation", "Tell nobody before the others",
                      all(hidden("mitigation", found->id.text()), field({.name = "why", .label = "Why not?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "d" + found->id.text()})), Compartment::coordination());
    inside += el("div", {cls("card")}, el("h3", (product != nullptr ? product->name : std::string("A product")) + ": " + (v != nullptr ? v->identifier.value_or(v->title) : std::string("a vulnerability"))), body);
  }
  if (inside.empty()) return {};
  return section("mitigations", "Mitigations before publication", all(inside, el("p", {cls("quiet")}, "Each role may have what it needs and no more, all of it at one instant. Who joins a role later is told when a person decides so again.")));
}

}  // namespace sluice::web::pages
