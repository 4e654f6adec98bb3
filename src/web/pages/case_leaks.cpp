// What is said to have leaked, and the drill: who could have had it by then, what people can decide. And the way to the case's measures and its export.
#include "cvd/leak_drill.h"
#include "web/pages/law_words.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

Said said_of(cvd::LeakOutcome outcome) {
  switch (outcome) {
    case cvd::LeakOutcome::NoLeak: return {"No leak", Tone::Good, "What was seen did not come from this case."};
    case cvd::LeakOutcome::Contained: return {"Contained", Tone::Held, "Something got out and was stopped before strangers could use it."};
    case cvd::LeakOutcome::Public: return {"Public", Tone::Alarm, "Strangers can read it."};
    case cvd::LeakOutcome::Unresolved: return {"Unresolved", Tone::Quiet, "It was not found out."};
  }
  return {"Unresolved", Tone::Quiet, ""};
}

// Of what reached an organisation, what had done so when the leaked piece was seen.
Html could_have_had_it(const Scene& s, const cvd::Leak& leak) {
  Table table("Who could have had it by then", {"Organisation", "Since", "What"});
  const auto* knowers = s.knowers.if_contains("knowers");
  if (knowers == nullptr || !knowers->is_array()) return {};
  for (const auto& one : knowers->get_array()) {
    std::optional<Instant> first;
    std::map<std::string, std::int64_t> things;
    if (const auto* items = one.as_object().if_contains("items"); items != nullptr && items->is_array())
      for (const auto& item : items->get_array()) {
        const auto at = parse_instant(string_at(item, "at"));
        if (!at || *at > leak.occurred) continue;
        first = first ? std::min(*first, *at) : *at;
        const auto* version = item.as_object().if_contains("version");
        auto& newest = things[std::string(string_at(item, "object"))];
        if (version != nullptr && version->is_int64()) newest = std::max(newest, version->get_int64());
      }
    if (!first) continue;
    std::string name = "a reporter";
    if (const auto* organisation = one.as_object().if_contains("organisation"); organisation != nullptr && !string_at(*organisation, "name").empty()) name = std::string(string_at(*organisation, "name"));
    Html what;
    for (const auto& [object, version] : things) what += el("span", {cls("block")}, el("code", with_names(s, object)), " up to ", std::to_string(version));
    table.row({name, time(*first), what});
  }
  return table.empty() ? el("p", "Nobody outside the coordination had anything of this case by then.") : table.html();
}

Html drill(const Scene& s, const cvd::Leak& leak) {
  Html out;
  for (const auto& note : leak.notes) {
    std::string names;
    for (const auto id : note.narrowed_to) names += (names.empty() ? "" : ", ") + s.name(id);
    out += el("div", {cls("message")}, el("p", {cls("quiet")}, time(note.at)), paragraphs(note.text), names.empty() ? Html() : el("p", "Narrowed to: ", names));
  }
  if (leak.outcome) return out;
  out += could_have_had_it(s, leak);
  Html steps;
  for (const auto& step : cvd::follows(s.fold, leak)) steps += el("li", step.because);
  out += all(el("p", {cls("quiet")}, "Nothing of this happens by itself. What people can decide now:"), el("ul", steps));
  const auto number = hidden("leak", leak.id.text());
  const auto scope = leak.id.text();
  std::vector<Option> whom;
  for (const auto& [id, participant] : s.fold.participants) whom.push_back({id.text(), s.name(id)});
  out += big_form(s, possible(s, Action::HandleLeak), "note_leak", "Note what was found out", {{"leak", scope}}, whom.size() > kManyChoices, [&] {
    return all(number, field({.name = "text", .label = "What?", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = scope}), checks({.name = "narrowed_to", .label = "Narrowed to whom?", .scope = scope}, whom));
  }, Compartment::coordination());
  static const Option kOutcomes[] = {{"no_leak", "No leak"}, {"contained", "Contained"}, {"public", "Public"}, {"unresolved", "Unresolved"}};
  out += do_form(s, possible(s, Action::HandleLeak), "close_leak", "Say how it ended",
                 all(number, radios({.name = "outcome", .label = "How?", .required = true, .scope = scope}, kOutcomes), field({.name = "why", .label = "In a few words", .help = "The claimant reads this.", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "close-" + scope})),
                 leak.by ? Compartment::of(*leak.by) : Compartment::coordination());
  return out;
}

}  // namespace

Html leaks_part(const Scene& s) {
  Html items;
  for (const auto& leak : s.fold.leaks) {
    Facts facts;
    facts.add("Where", prose(leak.where_seen)).add("Seen", time(leak.occurred)).add("Claimed", all(time(leak.recorded), leak.by ? Html(" by " + s.name(leak.by)) : Html())).add("Evidence", paragraphs(leak.evidence));
    if (leak.closed_why) facts.add("Ended", prose(*leak.closed_why));
    items += el("li", {cls("card")}, el("h3", leak.what), el("p", leak.outcome ? badge(said_of(*leak.outcome)) : badge(Tone::Waiting, "Open")), facts.html(), s.coordinates() ? drill(s, leak) : Html());
  }
  const auto may = possible(s, Action::ClaimLeak);
  if (items.empty() && !may.shown) return {};
  Html inside = items.empty() ? Html() : el("ul", {cls("plain")}, items);
  inside += el("p", {cls("quiet")}, "Copies differ: text files and the exported case carry, in spaces and signs and never in words, whose copy they are. Other files are the same for all.");
  inside += do_form(s, may, "claim_leak", "Say that something leaked",
                    all(field({.name = "what", .label = "What leaked?", .required = true, .most = 2'000}), field({.name = "where_seen", .label = "Where was it seen?", .required = true, .most = 2'000}),
                        field({.name = "evidence", .label = "What shows it?", .help = "The words that were seen, or where to find them.", .kind = Field::Kind::Text, .required = true, .most = 20'000, .scope = "leak"}),
                        field({.name = "occurred", .label = "When was it seen? (UTC)", .help = "Empty: now.", .kind = Field::Kind::Instant, .scope = "leak"})),
                    s.coordinates() ? Compartment::coordination() : Compartment::of(s.own()));
  return section("leaks", "Leaks", inside);
}

Html figures_part(const Scene& s) {
  return section("figures", "Measures and export",
                 el("ul", el("li", link(path("/cases") / s.fold.id.text() / "measures", "Measures of skill of this case")), el("li", link(path("/cases") / s.fold.id.text() / "export", "The case as a document"), ", your organisation's own copy; needs a fresh confirmation that it is you"),
                    s.coordinates() ? el("li", link(path("/cases") / s.fold.id.text() / "evidence", "An evidence pack of the case"), ", which anybody checks offline with the site's key") : Html()));
}

}  // namespace sluice::web::pages
