// Who takes part, for those who may know it; and what each organisation says of itself.
#include <algorithm>

#include "web/pages/law_words.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

Html confirmation(const Scene& s, OrganisationId id, const cvd::Participant& p) {
  if (p.admission != cvd::Admission::Accepted) return {};
  const auto number = hidden("organisation", id.text());
  return do_form(s, possible(s, Action::ConfirmParticipant), "confirm_participant", "Confirm " + s.name(id),
                   all(number, el("p", "From then on it reads the case. Check over a second channel that it was really them."), field({.name = "checked_how", .label = "How did you check?", .kind = Field::Kind::Text, .required = true, .most = 2'000, .scope = id.text()})), Compartment::of(id));
}

Html leaving(const Scene& s, OrganisationId id, const cvd::Participant& p) {
  const auto number = hidden("organisation", id.text());
  const auto why = [&](const std::string& verb) { return field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = verb + id.text()}); };
  Html out;
  const bool can_lead = (p.roles.contains(cvd::Role::Vendor) || p.roles.contains(cvd::Role::Coordinator)) && cvd::may_see_terms(p.admission) && id != s.fold.owner;
  if (can_lead && s.standing.is_owner)
    out += do_form(s, possible(s, Action::OfferOwnership), "offer_ownership", "Offer the case to " + s.name(id),
                   all(number, el("p", "It leads the case once it has taken it. Your organisation then reads as a participant does: the reports and the coordination are the new owner's, so write down in the shared part what the work needs."), why("offer-")), Compartment::of(id));
  if (p.admission == cvd::Admission::Confirmed && id != s.fold.owner) out += do_form(s, possible(s, Action::SuspendParticipant), "suspend_participant", "Suspend " + s.name(id), all(number, why("suspend-")), Compartment::of(id));
  if (p.admission == cvd::Admission::Suspended) out += do_form(s, possible(s, Action::RestoreParticipant), "restore_participant", "Restore " + s.name(id), all(number, why("restore-")), Compartment::of(id));
  if (p.admission != cvd::Admission::Removed && p.admission != cvd::Admission::None && id != s.fold.owner) out += do_form(s, possible(s, Action::RemoveParticipant, cvd::RemoveParticipant{id, "why"}), "remove_participant", "Remove " + s.name(id), all(number, why("remove-")), Compartment::of(id));
  return out;
}

std::string in_small_letters(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// Of many, by name and those alone whose name has what was asked for.
std::vector<OrganisationId> listed(const Scene& s) {
  std::vector<std::pair<std::string, OrganisationId>> named;
  const auto wanted = in_small_letters(s.asked_for("who"));
  for (const auto& [id, p] : s.fold.participants) {
    if (!cvd::may_know_of(s.fold, s.standing, s.viewer.organisation, id)) continue;
    auto name = s.is_large() ? s.name(id) : std::string();
    if (s.is_large() && !wanted.empty() && in_small_letters(name).find(wanted) == std::string::npos) continue;
    named.emplace_back(std::move(name), id);
  }
  std::stable_sort(named.begin(), named.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<OrganisationId> out;
  for (const auto& [name, id] : named) out.push_back(id);
  return out;
}

}  // namespace

Html participants_part(const Scene& s) {
  Table table("Who takes part", {"Organisation", "Part", "Takes part", "Report", "Running terms"});
  Html to_confirm, to_leave;
  const auto all_of_them = listed(s);
  const bool chooses = s.coordinates() && s.is_large();  // of many parties the forms are shown for the one that was chosen by its name
  const auto shown = window(s, "participants", all_of_them.size(), 50);
  if (chooses)
    if (const auto id = OrganisationId::parse(s.party); id)
      if (const auto* p = s.fold.participant(*id); p != nullptr) to_confirm += confirmation(s, *id, *p), to_leave += leaving(s, *id, *p);
  for (std::size_t i = shown.from; i < shown.to; ++i) {
    const auto id = all_of_them[i];
    const auto& p = s.fold.participants.at(id);
    const bool sees_states = s.coordinates() || id == s.own();
    Html roles;
    if (id == s.fold.owner) roles = "case owner";
    for (const auto role : p.roles) roles += all(roles.empty() ? "" : ", ", words_of(role));
    Html admission = badge(said(p.admission));
    if (sees_states && p.admission == cvd::Admission::Invited && p.invited_at)
      admission += el("span", {cls("quiet block")}, "asked, no answer since ", time(*p.invited_at), " (", words_of_length(s.now - *p.invited_at), ")", p.respond_by ? all(*p.respond_by <= s.now ? ", the time to answer ended " : ", answer by ", time(*p.respond_by)) : Html());
    if (s.coordinates() && p.invited_by && p.invited_by != s.fold.owner) admission += el("span", {cls("quiet block")}, "Invited by ", s.name(p.invited_by));
    if (sees_states && !p.essential_because.empty()) admission += el("span", {cls("quiet block")}, "Essential because: ", prose(p.essential_because));
    const auto* running = s.fold.running_terms();
    const auto name = chooses && id != s.fold.owner ? link(here(s, {{"party", id.text()}}).fragment("participants"), s.name(id)) : Html(s.name(id));
    table.row({name, roles, admission, sees_states ? badge(said(p.report)) : Html(), sees_states && running != nullptr ? badge(said(s.fold.consent(id, running->version))) : Html()});
    if (s.coordinates() && !s.is_large()) to_confirm += confirmation(s, id, p), to_leave += leaving(s, id, p);
  }
  Html inside = table.empty() && !s.asked_for("who").empty() ? empty_state("Nobody is called that.", "A part of a name is enough; an empty field shows everybody.") : all(table.html(), window_links(s, "participants", "participants", shown));
  if (chooses) {
    const auto who = s.asked_for("who");
    inside = all(el("form", {attr("method", "get"), action((path("/cases") / s.fold.id.text()).fragment("participants")), cls("form inline")}, field({.name = "who", .label = "Find a participant by its name", .value = who, .most = 100}), submit("Find it", "button second")),
                 el("p", {cls("quiet")}, "Choose one by its name to confirm, suspend, restore or remove it, to offer it the case, to ask it again or to change its roles."), inside);
    if (const auto id = OrganisationId::parse(s.party); id && s.fold.participant(*id) != nullptr) inside += el("h3", "For ", s.name(*id));
  }
  if (!s.coordinates() && !s.stub()) inside += el("p", {cls("quiet")}, "Who else takes part is known to the coordination alone.");
  inside += to_confirm;
  if (s.coordinates()) {
    static const Option kRoles[] = {{"vendor", "Vendor: makes an affected product"}, {"deployer", "Deployer: runs it, applies the fix"}, {"coordinator", "Coordinator: reads everything, helps to agree"}, {"finder", "Finder"}, {"observer", "Observer"}, {"cna", "Gives CVE ids"}};
    std::vector<Option> whom{{"", "Please choose"}};
    for (const auto& option : s.organisations) {
      const auto id = OrganisationId::parse(option.value);
      const auto* known = id ? s.fold.participant(*id) : nullptr;
      if (known == nullptr || known->admission == cvd::Admission::None || known->admission == cvd::Admission::Removed || known->admission == cvd::Admission::Invited) whom.push_back(option);
    }
    const auto* self = s.self();
    auto may = possible(s, Action::InviteParticipant);
    if (may && self != nullptr)
      if (const auto accepted = cvd::may_bring_in_others(self->report); !accepted) may.reason = accepted.error().message;
    inside += big_form(s, may, "invite_participant", "Invite an organisation", {}, whom.size() > kManyChoices, [&] {
      return all(el("p", "It sees only the terms, their end and why it is essential, until it has agreed and you have confirmed who answered."), select({.name = "organisation", .label = "Whom?", .required = true}, whom), checks({.name = "roles", .label = "As what?"}, kRoles),
                          field({.name = "essential_because", .label = "Why is it essential to a remedy?", .kind = Field::Kind::Text, .required = true, .most = 4'000}), field({.name = "respond_by", .label = "Answer by (UTC)", .help = "Empty: seven days. Never less than three.", .kind = Field::Kind::Instant}));
    }, std::nullopt);
    if (!to_leave.empty()) inside += more("Suspend, restore or remove somebody", to_leave);
  } else {
    inside += do_form(s, possible(s, Action::SuggestParticipant), "suggest_participant", "Suggest a participant",
                      all(field({.name = "whom", .label = "Whom?", .required = true, .most = 500}), field({.name = "essential_because", .label = "Why is it essential to a remedy?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "suggest"})), Compartment::coordination());
  }
  return section("participants", "Participants", inside);
}

Html statements_part(const Scene& s) {
  Html items;
  for (const auto& [id, p] : s.fold.participants)
    if (p.statement && cvd::may_know_of(s.fold, s.standing, s.viewer.organisation, id)) items += el("li", {cls("card")}, el("h3", s.name(id)), paragraphs(*p.statement));
  Html inside = items.empty() ? empty_state("No statement is approved yet.", "A vendor says here, in its own words, what users should know from it.") : el("ul", {cls("plain")}, items);
  const auto* self = s.self();
  const auto draft = self != nullptr ? self->statement_draft : std::nullopt;
  if (draft) {
    inside += el("div", {cls("card")}, el("h3", "Draft of your organisation"), paragraphs(*draft), do_form(s, possible(s, Action::ApproveStatement), "approve_statement", "Approve this draft", hidden("text", *draft), Compartment::shared(), false));
  }
  inside += do_form(s, possible(s, Action::DraftStatement), "draft_statement", draft ? "Change the draft" : "Draft a statement", field({.name = "text", .label = "Your statement", .kind = Field::Kind::Text, .required = true, .value = draft ? std::string_view(*draft) : std::string_view(), .most = 20'000, .scope = "statement"}),
                    Compartment::of(s.own()));
  return section("statements", "Statements of vendors", inside);
}

Html knowers_part(const Scene& s) {
  const auto* knowers = s.knowers.if_contains("knowers");
  if (s.coordinates() && s.is_large() && knowers == nullptr)
    return section("knowers", "Who knew what, when", el("form", {attr("method", "get"), action((path("/cases") / s.fold.id.text()).fragment("knowers"))}, hidden("knowers", "shown"), submit("Work it out", "button second")));
  if (!s.coordinates() || knowers == nullptr || !knowers->is_array()) return {};
  Table table("Who learned of this case", {"Organisation", "First", "Last", "Things", "By law it tells"});
  const auto at = [](const json::value& one, const char* key) -> Html {
    const auto instant = parse_instant(string_at(one, key));
    return instant ? time(*instant) : Html();
  };
  for (const auto& one : knowers->get_array()) {
    std::string name;
    if (const auto* organisation = one.as_object().if_contains("organisation")) {
      name = std::string(string_at(*organisation, "name"));
      if (const auto country = string_at(*organisation, "country"); !country.empty()) name += " (" + s.words.place(country) + ")";
    }
    const auto* items = one.as_object().if_contains("items");
    const auto count = items != nullptr && items->is_array() ? std::to_string(items->get_array().size()) : std::string();
    Html first = at(one, "first");
    if (items != nullptr && items->is_array() && !items->get_array().empty() && string_at(items->get_array().front(), "case") != s.fold.id.text()) first += el("span", {cls("quiet block")}, "in a case that was merged into this one");
    Html reached;  // expected, not observed; or told by its own word
    if (const auto* reaches = one.as_object().if_contains("reaches"); reaches != nullptr && reaches->is_array())
      for (const auto& body : reaches->get_array()) {
        const auto* step = body.as_object().if_contains("step");
        const bool passed_on = step != nullptr && step->is_int64() && step->get_int64() > 1;  // by a body that was told before
        const auto* expected = body.as_object().if_contains("expected");
        const bool is_done = expected != nullptr && expected->is_bool() && !expected->get_bool();
        const auto told = evaluated_instant(string_at(body, "told_at"));
        reached += el("span", {cls("block")}, s.words.asked(string_at(body, "to")), " ", is_done ? badge(Tone::Good, "told", "By its own word: its notice is on record as filed, or the record says so.") : badge(Tone::Quiet, "expected"),
                      told ? all(" ", time(*told)) : Html(), el("span", {cls("quiet block")}, passed_on ? "through " + s.words.asked(string_at(body, "via")) + ", " : std::string(), rule_words(s, string_at(body, "rule"), string_at(body, "citation"))));
      }
    table.row({name.empty() ? std::string("a reporter") : name, first, at(one, "last"), count, reached});
  }
  Html inside = table.empty() && !s.asked_for("who").empty() ? empty_state("Nobody has been told anything yet.", "The first time something reaches an organisation is written down here.") : table.html();
  const auto rows_of = [&](const char* key) -> const json::array& {
    static const json::array kNone;
    const auto* list = s.knowers.if_contains(key);
    return list != nullptr && list->is_array() ? list->get_array() : kNone;
  };
  Table bodies("Bodies that were told by a notice", {"Body", "When", "By whom"});
  for (const auto& one : rows_of("bodies")) bodies.row({all(s.words.told(std::string(string_at(one, "to"))), " ", badge(Tone::Quiet, "by its sender's word")), at(one, "at"), all(std::string(string_at(one, "by_name")))});
  if (!bodies.empty()) inside += bodies.html();
  // Unequal access as a figure: how much later than the first of all the first of each kind and country had it.
  Table unequal("Who had it first, by kind and by country", {"Kind or country", "First", "Later than the first of all by"});
  for (const auto* key : {"kind", "country"})
    for (const auto& one : rows_of(std::string_view(key) == "kind" ? "by_kind" : "by_country")) {
      const auto word = std::string(string_at(one, key));
      const auto* seconds = one.as_object().if_contains("seconds");
      unequal.row({std::string_view(key) == "country" ? s.words.place(word) : word, at(one, "first"), seconds != nullptr && seconds->is_int64() ? seconds->get_int64() == 0 ? std::string("the first") : words_of_length(std::chrono::seconds(seconds->get_int64())) : std::string()});
    }
  if (!unequal.empty()) inside += unequal.html();
  const auto* complete = s.knowers.if_contains("complete");
  if (access::knows_whole_case(s.viewer, s.standing) && complete != nullptr && complete->is_bool() && !complete->get_bool()) inside += el("p", {cls("quiet")}, "There may be others: of a case that was merged into this one you don't see everything.");
  inside += el("p", {cls("quiet")}, "From deliveries and authorship: what reached whom first, and when. What a body is told by law is expected to reach it; nobody observed that. A notice counts as told by the word of who filed it, since it went out elsewhere.");
  return section("knowers", "Who knew what, when", inside);
}

}  // namespace sluice::web::pages
