// The record of an incident, and notices: what is to be told to which body by when, what would do it, drafts, filing, receipts; texts on a region or sector.
#include "web/pages/law_words.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

std::string words_at(const json::value& value, std::string_view key) {
  const auto* found = value.is_object() ? value.get_object().if_contains(key) : nullptr;
  if (found == nullptr || found->is_null()) return {};
  if (found->is_string()) return std::string(found->get_string());
  if (found->is_bool()) return found->get_bool() ? "yes" : "no";
  if (found->is_int64()) return std::to_string(found->get_int64());
  if (!found->is_array()) return {};
  std::string out;
  for (const auto& one : found->get_array())
    if (one.is_string()) out += (out.empty() ? "" : ", ") + std::string(one.get_string());
  return out;
}
const json::array& items_at(const json::value& value, std::string_view key) {
  static const json::array kNone;
  const auto* found = value.is_object() ? value.get_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}
const json::array& items_at(const json::object& object, std::string_view key) {
  static const json::array kNone;
  const auto* found = object.if_contains(key);
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}
bool is_yes(const json::value& value, std::string_view key) { return words_at(value, key) == "yes"; }

Compartment where_kept(const Scene& s) { return s.coordinates() ? Compartment::coordination() : Compartment::of(s.own()); }

Said said_of_state(const std::string& state) {
  if (state == "missed") return {"Missed", Tone::Alarm, "Its time has passed and nothing was filed."};
  if (state == "open") return {"Open", Tone::Waiting, "It is owed."};
  if (state == "waiting") return {"Waiting", Tone::Quiet, "The event that it runs from has not happened."};
  if (state == "late") return {"Late", Tone::Held, "It was done after its time."};
  if (state == "met") return {"Met", Tone::Good, "It was done in time."};
  if (state == "filed") return {"Filed", Tone::Good, "A person filed it."};
  if (state == "cleared") return {"May go out", Tone::Held, "The gate let this text go to this body."};
  if (state == "dropped") return {"Dropped", Tone::Quiet, "Nobody means to file it."};
  return {"Draft", Tone::Waiting, "Not filed."};
}

std::vector<std::string> texts_at(const json::value& value, std::string_view key) {
  std::vector<std::string> out;
  for (const auto& one : items_at(value, key))
    if (one.is_string()) out.emplace_back(one.get_string());
  return out;
}

// "the coordinator CSIRT of Germany and ENISA; or …", and who that is by the directory.
std::string bodies_words(const Scene& s, const json::value& value, std::string_view key) {
  std::string out;
  for (const auto& circle : items_at(value, key)) {
    std::string all;
    if (circle.is_array())
      for (const auto& one : circle.get_array()) {
        all += (all.empty() ? "" : " and ") + s.words.body(words_at(one, "kind"), texts_at(one, "places"), words_at(one, "level"));
        if (is_yes(one, "place_unknown")) all += " (where isn't known yet)";
        std::string named;
        for (const auto& body : items_at(one, "named")) named += (named.empty() ? "" : "; ") + words_at(body, "name") + ", by " + words_at(body, "basis") + (is_yes(body, "verified") ? "" : ", unverified") + (words_at(body, "unclear").empty() ? "" : ", unclear: " + words_at(body, "unclear"));
        if (!named.empty()) all += " (" + named + ")";
      }
    out += (out.empty() ? "" : "; or ") + all;
  }
  return out;
}

Html cited(const Scene& s, const json::value& rule) {
  return all(rule_words(s, words_at(rule, "rule"), words_at(rule, "cite")), is_yes(rule, "verified") ? Html() : all(" ", badge(Tone::Quiet, "unverified", "General knowledge: nobody checked it in the text.")), words_at(rule, "force") == "law" ? Html() : all(" (", words_of_force(words_at(rule, "force")), ")"));
}

Html clock_of(const Scene& s, const json::value& task) {
  const auto state = words_at(task, "state");
  auto due = due_words(s, task, state == "open" || state == "missed");
  if (due.empty()) return state == "waiting" ? all("runs from ", s.words.word(words_at(task, "runs_from"))) : Html("no fixed time in the text");
  // A day has its place already; of an instant, what a clock there shows.
  const auto local = words_at(task, "due_local"), zone = words_at(task, "zone");
  if (words_at(task, "due").size() != 10 && local.size() >= 16 && !zone.empty() && zone != "UTC")
    if (const auto there = parse_instant(local.substr(0, 10) + "T" + local.substr(11, 5) + ":00Z")) due += el("span", {cls("quiet block")}, "in ", city_of(zone), ": ", words_of_date(*there), ", ", local.substr(11, 5));
  return due;
}

std::string stage_words(const Scene& s, const json::value& of) { return s.words.word(words_at(of, "stage")); }

Html draft_button(const Scene& s, const std::string& form, const std::string& title, const std::string& scope, const std::string& stage = {}, const std::string& to = {}) {
  const auto help = to.empty() ? std::string("Empty: whom the rule names. Else written as kind:place@level.") : "As it stands: " + s.words.asked(to) + ". Written as kind:place@level.";
  return do_form(s, possible(s, Action::DraftNotice), "draft_notice", "Draft \"" + title + "\"",
                 all(hidden("form", form), stage.empty() ? Html() : hidden("stage", stage), el("p", {cls("quiet")}, "Filled from the record. What isn't known stays a blank."), field({.name = "to", .label = "To which body?", .help = help, .value = to, .most = 400, .scope = scope})),
                 where_kept(s));
}

Html task_item(const Scene& s, const json::value& task, int number) {
  const auto stage = words_at(task, "stage");
  Facts facts;
  facts.add("Due", clock_of(s, task)).add("What would do", el("span", "a notice to ", bodies_words(s, task, "bodies"))).add("Rests on", cited(s, task));
  if (!stage.empty()) facts.add("Stage", Html(stage_words(s, task)));
  std::string readings;
  for (const auto& one : texts_at(task, "readings")) readings += (readings.empty() ? "" : " ") + s.words.reading(words_at(task, "rule"), one);
  if (!readings.empty()) facts.add("Read as", Html(readings));
  std::string questions;
  for (const auto& one : texts_at(task, "questions")) questions += (questions.empty() ? "" : "; ") + law_text(s, one);
  if (!questions.empty()) facts.add("Not known", Html(questions));
  Html forms;
  const auto state = words_at(task, "state");
  if (state == "open" || state == "missed")
    for (const auto& form : items_at(task, "forms")) forms += draft_button(s, words_at(form, "id"), words_at(form, "title"), "task" + std::to_string(number) + words_at(form, "id"), words_at(form, "id") == "general" ? stage : std::string(), words_at(form, "id") == "general" && words_at(task, "to").find('|') == std::string::npos ? words_at(task, "to") : std::string());
  return el("li", {cls("card")}, el("h3", words_at(task, "regime")), el("p", badge(said_of_state(state))), el("p", words_at(task, "says")), facts.html(), forms);
}

// What nobody has answered yet, as the form asks it.
std::string blanks_words(const json::value& notice) {
  const auto* fields = notice.get_object().if_contains("fields");
  std::string out;
  for (const auto& id : texts_at(notice, "blanks")) {
    const auto* asked = fields != nullptr && fields->is_object() ? fields->get_object().if_contains(id) : nullptr;
    out += (out.empty() ? "" : "; ") + (asked == nullptr ? id : words_at(*asked, "asks"));
  }
  return out;
}

std::string classes_words(const Scene& s, const std::vector<std::string>& classes) {
  std::string out;
  for (const auto& one : classes) {
    const auto option = std::find_if(s.classes.begin(), s.classes.end(), [&](const Option& o) { return o.value == one; });
    out += (out.empty() ? "" : ", ") + (option == s.classes.end() ? one : option->words);
  }
  return out;
}

// A body, or an organisation of the case.
std::string told_in_words(const Scene& s, const std::string& to) { return OrganisationId::parse(to) ? party_words(s, to) : s.words.told(to); }

Html draft_of(const Scene& s, const json::value& notice) {
  const auto id = words_at(notice, "id"), version = words_at(notice, "version");
  Html answers;
  const auto* fields = notice.get_object().if_contains("fields");
  if (fields != nullptr && fields->is_object())
    for (const auto& one : items_at(notice, "order")) {
      const auto* found = one.is_string() ? fields->get_object().if_contains(one.get_string()) : nullptr;
      if (found == nullptr) continue;
      const auto& name = one.get_string();
      const auto& asked = *found;
      const auto answer = words_at(asked, "answer"), from = words_at(asked, "from");
      const auto help = words_at(asked, "cite") + (is_yes(asked, "verified") ? "" : " (unverified)") + (from.empty() || from == "person" ? "" : "; from the record");
      const auto label = words_at(asked, "asks") + (is_yes(asked, "needed") ? "" : " (optional)");
      const auto key = "answers." + std::string(name);
      answers += field({.name = key, .label = label, .help = help, .kind = Field::Kind::Text, .value = answer, .most = 8'000, .scope = id});
    }
  std::string holds;
  for (const auto& one : texts_at(notice, "classes")) holds += (holds.empty() ? "" : ",") + one;
  // What isn't chosen here isn't held; without the choice, what was said before stays.
  const auto classes = s.is_large() || s.classes.empty() ? Html() : all(hidden("says_classes", "yes"), content_classes(s.classes, id, holds));
  Html out = do_form(s, possible(s, Action::DraftNotice), "draft_notice", "Fill in, as the next version",
                     all(hidden("form", words_at(notice, "form")), hidden("notice", id), field({.name = "to", .label = "To", .value = words_at(notice, "to"), .most = 400, .scope = id}), answers, classes), where_kept(s));
  const auto numbers = all(hidden("notice", id), hidden("version", version));
  out += do_form(s, possible(s, Action::FileNotice), "clear_notice", "Ask the gate to let version " + version + " go",
                 all(numbers, field({.name = "decision", .label = "By which recorded decision?", .help = "Only where the gate says no without one: its id.", .most = 40, .scope = "clear" + id})), where_kept(s));
  out += do_form(s, possible(s, Action::FileNotice), "file_notice", "Record that version " + version + " was filed",
                 all(numbers, field({.name = "how", .label = "In which way?", .help = "As the body asks for it: a web form, a letter, a call.", .required = true, .most = 2'000, .scope = id}),
                     field({.name = "at", .label = "When? (UTC)", .help = "Empty: now. Earlier than the gate let it go: say why below.", .kind = Field::Kind::Instant, .scope = "filed" + id}), field({.name = "to", .label = "With which body, if not as drafted?", .most = 400, .scope = "filed" + id}),
                     field({.name = "reference", .label = "Reference number", .most = 500, .scope = id}), field({.name = "receipt", .label = "What came back", .kind = Field::Kind::Text, .most = 20'000, .scope = id}),
                     field({.name = "text", .label = "What was filed, if not this text", .kind = Field::Kind::Text, .most = 64'000, .scope = id}),
                     items_at(notice, "blanks").empty() ? Html() : el("p", badge(Tone::Waiting, "Still to be filled in"), " ", blanks_words(notice), ". Fill it in first, or say why it goes out so."),
                     field({.name = "blanks_left_why", .label = "If the text still has blanks: why are they left?", .help = "As some bodies allow of a first notice: not known yet, to follow.", .most = 4'000, .scope = id}),
                     field({.name = "unasked", .label = "Why without the gate's leave?", .help = "Only if it went out before the gate let it go, or though it said no.", .most = 4'000, .scope = id})),
                 where_kept(s));
  out += do_form(s, possible(s, Action::DraftNotice), "drop_notice", "Drop the draft", all(hidden("notice", id), field({.name = "why", .label = "Why?", .required = true, .most = 4'000, .scope = "drop" + id})), where_kept(s));
  return out;
}

Html filed_of(const Scene& s, const json::value& notice) {
  const auto id = words_at(notice, "id");
  Html out;
  for (const auto& met : items_at(notice, "fulfils")) out += el("p", badge(said_of_state(words_at(met, "state"))), " ", cited(s, met));
  for (const auto& wrong : items_at(notice, "right_bodies")) out += el("p", badge(Tone::Alarm, "Not the right body"), " ", words_at(wrong, "why"), " ", cited(s, wrong), " names: ", el("strong", bodies_words(s, wrong, "bodies")), ". ", el("span", {cls("quiet")}, words_at(wrong, "says")));
  out += do_form(s, possible(s, Action::DraftNotice), "add_notice_receipt", "Add a receipt", all(hidden("notice", id), field({.name = "reference", .label = "Reference number", .most = 500, .scope = "receipt" + id}), field({.name = "receipt", .label = "What came back", .kind = Field::Kind::Text, .most = 20'000, .scope = "receipt" + id})), where_kept(s));
  out += do_form(s, possible(s, Action::DraftNotice), "draft_notice", "Draft a supplement or correction", all(hidden("form", words_at(notice, "form")), hidden("supplements", id), el("p", {cls("quiet")}, "What was filed stays as it is.")), where_kept(s));
  return out;
}

Html notice_item(const Scene& s, const json::value& notice) {
  const auto state = words_at(notice, "state");
  Facts facts;
  facts.add("To", Html(told_in_words(s, words_at(notice, "to"))));
  if (const auto stage = stage_words(s, notice); !stage.empty()) facts.add("Stage", Html(stage));
  facts.add("Version", Html(words_at(notice, "version")));
  if (const auto holds = texts_at(notice, "classes"); !holds.empty()) facts.add("Holds", Html(classes_words(s, holds)));
  if (const auto* filed = notice.get_object().if_contains("filed")) {
    if (const auto at = evaluated_instant(words_at(*filed, "at"))) facts.add("Filed", all(time(*at), " with ", told_in_words(s, words_at(*filed, "to")), ", by ", words_at(*filed, "how")));
    if (const auto reference = words_at(*filed, "reference"); !reference.empty()) facts.add("Reference", Html(reference));
    if (const auto receipt = words_at(*filed, "receipt"); !receipt.empty()) facts.add("Receipt", paragraphs(receipt));
    if (const auto unasked = words_at(*filed, "unasked"); !unasked.empty()) facts.add(words_at(*filed, "denied").empty() ? "The gate hadn't let it go" : "The gate had said no", all(words_at(*filed, "denied").empty() ? Html() : all("by ruling ", el("code", words_at(*filed, "denied")), ". It went out all the same: "), prose(unasked)));
    if (const auto left = words_at(*filed, "blanks_left_why"); !left.empty()) facts.add("Why blanks were left", prose(left));
  }
  for (const auto& receipt : items_at(notice, "receipts"))
    if (const auto at = evaluated_instant(words_at(receipt, "at"))) facts.add("Receipt", all(time(*at), " ", words_at(receipt, "reference"), " ", words_at(receipt, "receipt")));
  Html blanks;
  const auto empty = items_at(notice, "blanks").size();
  if (empty > 0) blanks = el("p", badge(Tone::Waiting, std::to_string(empty) + (empty == 1 ? " blank" : " blanks")), " ", blanks_words(notice));
  const bool own = words_at(notice, "organisation") == s.own().text();
  Html handed;
  if (own && (state == "cleared" || state == "filed")) handed = el("p", link(path("/cases") / s.fold.id.text() / "notices" / words_at(notice, "id") / "text", state == "filed" ? "The text as it was filed" : "The text to file"), "; needs a fresh confirmation that it is you");
  Html acts;
  if (own && (state == "draft" || state == "cleared")) acts = draft_of(s, notice);
  if (own && state == "filed") acts = filed_of(s, notice);
  return el("li", {cls("card")}, el("h3", words_at(notice, "title")), el("p", badge(said_of_state(state))), facts.html(), blanks, more(Html(state == "filed" ? "The text" : "The draft"), verbatim("The text of the notice", words_at(notice, "text"))), handed, acts);
}

std::string places_words(const Scene& s, const json::value& of, std::string_view key) {
  std::string out;
  for (const auto& one : texts_at(of, key)) out += (out.empty() ? "" : ", ") + s.words.place(one);
  return out;
}

Html area_item(const Scene& s, const json::value& area) {
  const auto id = words_at(area, "id"), outcome = words_at(area, "outcome");
  Facts facts;
  facts.add("Regions", Html(places_words(s, area, "regions"))).add("Sector", Html(words_at(area, "sector"))).add("On public data alone", Html(words_at(area, "public_data")));
  if (!words_at(area, "where").empty()) facts.add("Published", prose(words_at(area, "where")));
  Html says;
  for (const auto& verdict : items_at(area, "verdicts")) {
    says += el("li", words_of_verdict(words_at(verdict, "verdict")), ": ", cited(s, verdict), ". ", words_at(verdict, "says"), items_at(verdict, "first").empty() ? Html() : all(" First to be told: ", el("strong", bodies_words(s, verdict, "first")), "."));
  }
  Html acts;
  if (words_at(area, "state") == "draft" && words_at(area, "organisation") == s.own().text())
    acts = do_form(s, possible(s, Action::FileNotice), "publish_area_report", "Record that version " + words_at(area, "version") + " was published", all(hidden("area", id), hidden("version", words_at(area, "version")), field({.name = "where", .label = "Where?", .required = true, .most = 2'000, .scope = id})), where_kept(s));
  return el("li", {cls("card")}, el("h3", words_at(area, "title")), el("p", outcome == "deny" || outcome == "conflict" ? badge(Tone::Alarm, "May not be published as planned") : badge(Tone::Good, "No rule in force forbids it")), facts.html(),
            says.empty() ? Html() : el("ul", says), more(Html("The text"), paragraphs(words_at(area, "text"))), acts);
}

std::string_view words_of_form(std::string_view form) {
  if (form == "yes-no") return "yes or no";
  if (form == "instant") return "a time in UTC";
  if (form == "number") return "a number";
  if (form == "text") return "a text";
  if (form == "place") return "a place, as DE or CN-ZJ";
  if (form == "places") return "places, as DE or CN-ZJ";
  if (form == "words") return "words, as energy";
  return "one of a list";
}

// A text that a person wrote stays as it was written.
std::string stated_words(const Scene& s, const json::value& of, const std::string& form) {
  const auto value = words_at(of, "value");
  if (value.empty()) return "not known";
  if (form == "text" || form.empty()) return value;
  if (form == "instant") return value == "no" ? std::string("has not happened") : s.words.text(value);
  std::string out;
  const auto several = texts_at(of, "value");
  for (const auto& one : several.empty() ? std::vector{value} : several) out += (out.empty() ? "" : ", ") + s.words.place(one);
  return out;
}

}  // namespace

Html incident_part(const Scene& s) {
  if (s.stub()) return {};
  const auto& items = items_at(s.incidents, "items");
  const auto may = possible(s, Action::RecordIncident);
  if (items.empty() && !may.shown) return {};
  Html cards;
  bool own = false;
  std::string title, summary;
  for (const auto& one : items) {
    Table facts("What is stated of it", {"What", "Stated", "How one knows", "Since", "Before"});
    const auto* stated = one.get_object().if_contains("facts");
    std::map<std::string, std::string> asks, forms;
    for (const auto& ask : items_at(s.incidents, "may_state")) asks[words_at(ask, "fact")] = words_at(ask, "asks"), forms[words_at(ask, "fact")] = words_at(ask, "form");
    if (stated != nullptr && stated->is_object())
      for (const auto& [name, fact] : stated->get_object()) {
        std::string before;
        for (const auto& earlier : items_at(fact, "earlier")) before += (before.empty() ? "" : "; ") + stated_words(s, earlier, forms[std::string(name)]);
        const auto since = evaluated_instant(words_at(fact, "at"));
        const auto known = asks.find(std::string(name));
        facts.row({known == asks.end() ? std::string(name) : known->second, stated_words(s, fact, forms[std::string(name)]), words_at(fact, "source"), since ? time(*since) : Html(), before});
      }
    if (is_yes(one, "own")) own = true, title = words_at(one, "title"), summary = words_at(one, "summary");
    const auto organisation = OrganisationId::parse(words_at(one, "organisation"));
    cards += el("li", {cls("card")}, el("h3", words_at(one, "title")), el("p", badge(Tone::Held, words_at(one, "phase"), "How far it is handled: detected, assessed, responded, learnt."), is_yes(one, "own") || !organisation ? Html() : all(" of ", s.name(*organisation))),
                words_at(one, "summary").empty() ? Html() : paragraphs(words_at(one, "summary")), facts.empty() ? Html() : facts.html());
  }
  Html inside = cards.empty() ? el("p", {cls("quiet")}, "If this case is about an incident of your organisation, or came with one, its record stands here: what is known, by whom, since when. Which notices it demands follows from it.") : el("ul", {cls("plain")}, cards);
  if (own) {
    static const Option kPhases[] = {{"detected", "Detected"}, {"assessed", "Assessed"}, {"responded", "Responded"}, {"learnt", "Learnt"}};
    std::vector<Option> facts{{"", "Please choose"}};
    for (const auto& ask : items_at(s.incidents, "may_state")) facts.push_back({words_at(ask, "fact"), words_at(ask, "asks") + " (" + (words_at(ask, "choices").empty() ? std::string(words_of_form(words_at(ask, "form"))) : words_at(ask, "choices")) + ")"});
    inside += do_form(s, may, "state_incident", "State a fact",
                      all(select({.name = "fact", .label = "Which fact?", .required = true, .scope = "incident"}, facts), field({.name = "value", .label = "What is it?", .help = "Instants as 2026-12-01T09:00 in UTC; several words with commas. Empty: it isn't known any more.", .most = 4'000, .scope = "incident"}),
                          field({.name = "source", .label = "How does one know?", .required = true, .most = 2'000, .scope = "incident"}), field({.name = "why", .label = "Why does it change?", .help = "Only where it was stated otherwise before.", .most = 4'000, .scope = "incident"})),
                      where_kept(s));
    inside += do_form(s, may, "move_incident", "Say how far it is handled", all(radios({.name = "phase", .label = "Phase", .required = true, .scope = "incident"}, kPhases), field({.name = "note", .label = "In a few words", .most = 4'000, .scope = "phase"})), where_kept(s));
  }
  inside += do_form(s, may, "record_incident", own ? "Name it anew" : "Begin the record of an incident",
                    all(field({.name = "title", .label = "What is it called?", .required = true, .value = title, .most = 300, .scope = "incident"}), field({.name = "summary", .label = "What happened?", .kind = Field::Kind::Text, .value = summary, .most = 20'000, .scope = "incident"})), where_kept(s));
  return section("incident", "Incident", inside);
}

Html notices_part(const Scene& s) {
  if (s.stub()) return {};
  const auto may = possible(s, Action::DraftNotice);
  if (s.notices.empty()) return may.shown ? section("notices", "Notices", el("form", {attr("method", "get"), action((path("/cases") / s.fold.id.text()).fragment("notices"))}, hidden("notices", "shown"), submit("Work out what is to be notified", "button second"))) : Html();
  const auto& tasks = items_at(s.notices, "tasks");
  const auto& items = items_at(s.notices, "items");
  const auto& areas = items_at(s.notices, "area_reports");
  if (!may.shown && items.empty() && areas.empty() && tasks.empty()) return {};
  Html owed, done, offers, kept, texts;
  int number = 0;
  for (const auto& task : tasks) {
    const auto state = words_at(task, "state");
    if (state == "open" || state == "missed") owed += task_item(s, task, ++number);
    else done += el("li", badge(said_of_state(state)), " ", cited(s, task), ": ", words_at(task, "says"), " ", el("span", {cls("quiet")}, law_text(s, words_at(task, "why")), "."));
  }
  for (const auto& offer : items_at(s.notices, "offers"))
    offers += el("li", words_at(offer, "title"), ": ",
                 is_yes(offer, "possible") ? all(el("span", {cls("quiet")}, words_at(offer, "because")), draft_button(s, words_at(offer, "form"), words_at(offer, "title"), "offer" + words_at(offer, "form"))) : el("span", {cls("quiet")}, "not possible yet. ", words_at(offer, "reason"), " ", words_at(offer, "because")));
  for (const auto& one : items) kept += notice_item(s, one);
  for (const auto& one : areas) texts += area_item(s, one);
  Html inside = part_of_case(s);
  inside += owed.empty() ? el("p", "No notice is owed by your organisation as far as this case tells.") : el("ul", {cls("plain")}, owed);
  if (!done.empty()) inside += more(Html("Waiting, and done"), el("ul", done), owed.empty());
  if (!kept.empty()) inside += all(el("h3", "Drafted and filed"), el("ul", {cls("plain")}, kept));
  if (!offers.empty()) inside += more(Html("What may be offered, and nobody owes"), el("ul", offers));
  if (!texts.empty()) inside += all(el("h3", "Texts on a region or sector"), el("ul", {cls("plain")}, texts));
  inside += do_form(s, may, "draft_area_report", "Draft a text on a region or sector",
                    all(field({.name = "title", .label = "Title", .required = true, .most = 300, .scope = "area"}), field({.name = "text", .label = "Text", .kind = Field::Kind::Text, .required = true, .most = 64'000, .scope = "area"}),
                        field({.name = "regions", .label = "Regions", .help = "As CN-ZJ; several with commas.", .most = 400, .scope = "area"}), field({.name = "sector", .label = "Sector", .help = "As energy, finance or transport.", .most = 80, .scope = "area"}),
                        checks({.name = "public_data", .label = "What does it rest on?", .scope = "area"}, std::array<Option, 1>{Option{"yes", "It rests on public data alone"}})),
                    where_kept(s));
  inside += el("p", {cls("quiet")}, words_at(json::value(s.notices), "reading"));
  return section("notices", "Notices", inside);
}

}  // namespace sluice::web::pages
