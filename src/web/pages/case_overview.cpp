// The head of a case page: where it stands in words, what waits, and the organisation's own path.
#include <algorithm>

#include "cvd/ownership.h"
#include "cvd/parties.h"
#include "cvd/standing.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

Html embargo_line(const Scene& s) {
  const auto* running = s.fold.running_terms();
  if (running == nullptr) {
    if (s.fold.embargo_ended_at) return all("Ended ", time(*s.fold.embargo_ended_at), s.fold.embargo_end_reason ? all(": ", prose(*s.fold.embargo_end_reason)) : Html());
    return {};
  }
  return all("Until ", time(running->until), running->zone == "UTC" ? Html() : all(" (agreed in ", running->zone, ")"), ", ", el("strong", words_until(running->until, s.now)), ". From the terms, version ", std::to_string(running->version), ".");
}

Html step_button(const Scene& s, cvd::ReportAction action, std::string_view button, bool asks_why) {
  const auto may = possible(s, access::Action::SetOwnReportState, cvd::StepReport{action, asks_why ? std::optional<std::string>("why") : std::nullopt, true});
  Html fields = hidden("action", to_word(action));
  if (asks_why) fields += field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .most = 4'000, .scope = to_word(action)});
  if (action == cvd::ReportAction::Close && cvd::binds(s.fold.embargo)) {
    static const Option kYesNo[] = {{"yes", "Yes, it goes on keeping the embargo"}, {"no", "No"}};
    fields += radios({.name = "still_honours_terms", .label = "Does your organisation go on keeping the embargo?", .required = true, .scope = "close"}, kYesNo);
  }
  return do_form(s, may, "step_report", button, fields, access::Compartment::of(s.own()), asks_why || action == cvd::ReportAction::Close);
}

Html invitation(const Scene& s, const cvd::Participant& self) {
  const auto* running = s.fold.running_terms();
  Facts facts;
  const bool is_told = self.invited_by && cvd::may_know_of(s.fold, s.standing, s.viewer.organisation, *self.invited_by);
  facts.add("From", s.name(is_told ? *self.invited_by : s.fold.owner)).add("Why you are essential", paragraphs(self.essential_because));
  Html roles;
  for (const auto role : self.roles) roles += all(roles.empty() ? "" : ", ", words_of(role));
  facts.add("Your part", roles);
  if (running != nullptr) facts.add("Terms", all("Version ", std::to_string(running->version), ": tell nobody outside until ", time(running->until), ", ", words_until(running->until, s.now)));
  else facts.add("Terms", "No embargo is in force.");
  if (s.fold.offer && s.fold.offer->to == s.own()) facts.add("Offered to you", all("To lead the case, once you take part: ", prose(s.fold.offer->why)));
  if (self.respond_by) facts.add("Answer by", all(time(*self.respond_by), ", ", words_until(*self.respond_by, s.now), *self.respond_by > s.now ? ". Silence counts as no." : ". No answer came in time, which counts as no until you say yes."));
  const auto terms = running != nullptr ? std::optional(running->version) : std::nullopt;
  const auto fields = [&](std::string_view answer) { return all(hidden("accepted", answer), terms ? hidden("terms", std::to_string(*terms)) : Html()); };
  const auto note = [](std::string scope) { return field({.name = "note", .label = "A word to the coordination", .kind = Field::Kind::Text, .most = 4'000, .scope = scope}); };
  const auto yes = possible(s, access::Action::AnswerInvitation, cvd::AnswerInvitation{true, terms, {}});
  const auto no = possible(s, access::Action::AnswerInvitation, cvd::AnswerInvitation{false, terms, {}});
  Html inside = facts.html();
  if (!yes.shown) inside += el("p", "An administrator of your organisation answers it.");
  inside += do_form(s, yes, "answer_invitation", terms ? "Take part and agree to the terms" : "Take part", all(fields("yes"), note("yes")), access::Compartment::of(s.own()), false);
  inside += do_form(s, no, "answer_invitation", "Decline", all(fields("no"), note("no")), access::Compartment::of(s.own()));
  return inside;
}

std::string_view words_for(cvd::CoordinatorGround ground) {
  switch (ground) {
    case cvd::CoordinatorGround::ReporterAsked: return "the reporter turned to a coordinator";
    case cvd::CoordinatorGround::SeveralVendors: return "several vendors are concerned";
    case cvd::CoordinatorGround::ContactFailed: return "the vendor was tried and has not answered";
  }
  return {};
}

std::string why_not_the_vendor(const Scene& s) {
  std::string out;
  for (const auto ground : cvd::coordinator_grounds(s.fold)) out += (out.empty() ? "" : "; ") + std::string(words_for(ground));
  return out.empty() ? "No reason is on record yet. The vendor leads unless it or the reporter asks a coordinator, several vendors need one, or it can't be reached: record each attempt." : out + ".";
}

// The case, where it was offered; a coordinator's own step where its owner is silent.
Html take_over(const Scene& s) {
  const bool offered = s.fold.offer && s.fold.offer->to == s.own();
  const auto may = possible(s, access::Action::TakeOwnership, cvd::TakeOwnership{"why"});
  if (!offered && !may) return {};
  Html fields = offered ? all(el("p", s.name(s.fold.owner), " offers your organisation the case."), paragraphs(s.fold.offer->why)) : el("p", "An attempt to reach ", s.name(s.fold.owner), " is on record, and it hasn't judged the report yet.");
  fields += field({.name = "why", .label = "Why?", .help = "All participants and the reporter read it.", .kind = Field::Kind::Text, .required = !offered, .most = 4'000, .scope = "take"});
  return do_form(s, may, "take_ownership", "Take the case over", fields, access::Compartment::shared());
}

}  // namespace

Html what_the_world_knows(const Scene& s) {
  Html badges;
  for (const auto fact : {cvd::Letter::A, cvd::Letter::X, cvd::Letter::P})
    if (std::any_of(s.fold.vulnerabilities.begin(), s.fold.vulnerabilities.end(), [fact](const cvd::Vulnerability& v) { return v.facts.contains(fact); }))
      badges += el("li", badge(fact == cvd::Letter::P ? Tone::Waiting : Tone::Alarm, words_of(fact)));
  return badges;
}

// ACC-5: whom the case was opened to, told to its owner and coordinators, and to the one who reads it so.
Html opened_in_emergency(const Scene& s) {
  Html items;
  bool open = false;
  for (const auto& glass : s.fold.glasses) {
    const bool now = !glass.closed_at && glass.until > s.now;
    open = open || now;
    items += el("li", time(glass.at), now ? all(", until ", time(glass.until)) : glass.closed_at ? all(", ended ", time(*glass.closed_at)) : all(", ended ", time(glass.until)),
                glass.asked_by == glass.confirmed_by ? ", by one administrator of this site alone: " : ", by two administrators of this site: ", prose(glass.reason));
  }
  if (items.empty()) return {};
  return notice(open ? Tone::Alarm : Tone::Quiet, open ? "An administrator of this site may read this case now" : "Administrators of this site could read this case", all(el("ul", items), el("p", "What was read stands under who knew what.")));
}

Html merged_notice(const Scene& s) {
  Html where;
  for (const auto& sibling : s.fold.siblings)
    if (sibling.kind == cvd::Sibling::Kind::MergedInto && sibling.id && s.parts.contains(*sibling.id)) where = el("p", link(path("/cases") / sibling.id->text(), "Open the case that it was merged into"));
  return notice(Tone::Quiet, "This case was merged into another", all(el("p", "What holds and what is known is said there. Here is what was written until then, to be read, and the mailboxes of its reports."), where));
}

Html overview(const Scene& s) {
  const bool merged = s.fold.is_merged_away();
  Html badges = el("li", merged ? badge(Tone::Quiet, "Merged into another case") : badge(said(s.fold.embargo)));
  const auto* self = s.self();
  if (self != nullptr && self->admission != cvd::Admission::Confirmed) badges += el("li", badge(said(self->admission)));
  if (self != nullptr && self->admission == cvd::Admission::Confirmed) badges += el("li", badge(said(self->report).tone, "Report: " + std::string(said(self->report).words), said(self->report).explained));
  if (!merged) badges += what_the_world_knows(s);
  Html out = all(opened_in_emergency(s), el("ul", {cls("badges")}, badges), merged ? merged_notice(s) : Html());
  if (const auto line = embargo_line(s); !line.empty() && !merged) out += el("p", {cls("embargo-line")}, line);
  if (s.fold.summary) out += paragraphs(*s.fold.summary);
  Facts facts;
  facts.add("Case owner", s.name(s.fold.owner));
  if (!s.fold.owner_is_vendor && s.coordinates()) facts.add("Why a coordinator", why_not_the_vendor(s));
  if (!s.stub() && s.fold.opened != Instant{}) facts.add("Opened", time(s.fold.opened));  // counsel doesn't read when
  facts.add("Case", el("code", s.fold.id.text()));
  out += facts.html();

  const auto waiting = by_clock(waiting_for(s));
  Html items;
  for (const auto& w : waiting) items += el("li", link_here(w.anchor, w.words), w.due ? all(", by ", time(*w.due), " (", words_until(*w.due, s.now), ")") : Html());
  out += section("waiting", "What waits for your organisation", items.empty() ? empty_state("Nothing waits for you now.", "What you could do is offered in each part below.") : el("ul", {cls("waiting")}, items));
  if (s.coordinates() && !s.viewer.is_stepped_up(s.now) && s.viewer.kind == access::Viewer::Kind::Person)
    out += el("p", {cls("quiet")}, "Inviting, settling terms and publishing need a fresh confirmation: ", link(path("/step-up"), "confirm that it is you"), ".");
  return out;
}

Html own_part(const Scene& s) {
  const auto* self = s.self();
  if (self == nullptr) return {};
  if (self->admission == cvd::Admission::Invited) return section("own", "You are invited", invitation(s, *self), "call");
  if (self->admission == cvd::Admission::Accepted)
    return section("own", "You answered yes", el("p", "A coordinator now checks that it was really your organisation that answered. The case opens once that is done."));
  Html inside = el("p", "Your organisation: ", badge(said(self->report)), " ", self->report != cvd::ReportState::Received || possible(s, access::Action::SetOwnReportState) ? said(self->report).explained : std::string_view());
  inside += el("div", {cls("moves")}, step_button(s, cvd::ReportAction::Validate, "It is valid", false), step_button(s, cvd::ReportAction::Accept, "Take it on", false), step_button(s, cvd::ReportAction::Defer, "Set it aside", true),
               step_button(s, cvd::ReportAction::Invalidate, "It is not valid", true), step_button(s, cvd::ReportAction::Close, "Close it for us", false));
  if (s.coordinates())
    inside += do_form(s, possible(s, access::Action::DescribeCase), "describe_case", "Name and summarise the case",
                      all(field({.name = "title", .label = "Title", .required = true, .value = s.fold.title, .most = 300}), field({.name = "summary", .label = "Summary", .kind = Field::Kind::Text, .value = s.fold.summary.value_or(""), .most = 20'000})),
                      access::Compartment::shared());
  inside += own_number(s);
  inside += take_over(s);
  if (!s.standing.is_owner) {
    static const Option kYesNo[] = {{"yes", "Yes"}, {"no", "No"}};
    inside += do_form(s, possible(s, access::Action::LeaveCase, cvd::LeaveCase{true}), "leave_case", "Leave the case",
                      radios({.name = "still_honours_terms", .label = "Does your organisation go on keeping the embargo?", .help = "What you know stays known to you. Others learn only whether you keep the terms.", .required = true}, kYesNo), access::Compartment::of(s.own()));
  }
  return section("own", "Your organisation's part", inside);
}

namespace {
// Of terms that others took the place of, "lapsed" is what became of them, not of the answer.
Html answer_badge(const cvd::Terms& terms, cvd::ConsentState state) {
  return terms.state == cvd::Terms::State::Superseded && state == cvd::ConsentState::Lapsed ? badge(Tone::Quiet, "had agreed") : badge(said(state));
}
}  // namespace

Html embargo_part(const Scene& s) {
  Html inside;
  Table table("Terms of the embargo", s.coordinates() ? std::vector<std::string>{"Version", "Until", "State", "Answers"} : std::vector<std::string>{"Version", "Until", "State", "Your answer"});
  for (const auto& terms : s.fold.terms) {
    Html answers;
    if (s.coordinates()) {
      for (const auto& [id, participant] : s.fold.participants)
        if (const auto state = s.fold.last_consent(id, terms.version); state != cvd::ConsentState::NoEmbargo) answers += el("span", {cls("block")}, s.name(id), ": ", answer_badge(terms, state));
    } else {
      answers = answer_badge(terms, s.fold.last_consent(s.own(), terms.version));
    }
    const bool lapsed = cvd::is_lapsed(terms, s.now);
    const bool counts = !lapsed && (terms.state == cvd::Terms::State::Open || terms.state == cvd::Terms::State::Running);
    Html until = all(time(terms.until), terms.zone == "UTC" ? Html() : all(" (agreed in ", terms.zone, ")"), counts ? el("span", {cls("quiet block")}, words_until(terms.until, s.now)) : Html());
    Html state = lapsed ? badge(Tone::Quiet, "lapsed", "Its end passed before it was agreed on. It binds nobody.") : badge(said(terms.state));
    if (terms.state == cvd::Terms::State::Open && !lapsed) state += el("span", {cls("quiet block")}, "Answers by ", time(terms.respond_by));
    if (terms.proposed_by && s.coordinates()) state += el("span", {cls("quiet block")}, "Proposed by ", s.name(terms.proposed_by));
    if (terms.note) state += el("span", {cls("quiet block")}, prose(*terms.note));
    table.row({std::to_string(terms.version), until, state, answers});
  }
  inside += table.empty() ? empty_state("No terms were ever proposed.", "An embargo is an agreement: somebody proposes until when, the others answer, the case owner settles.") : table.html();

  for (const auto& terms : s.fold.terms) {
    const auto version = std::to_string(terms.version);
    const auto number = hidden("version", version);
    if (cvd::has_lapsed(terms, s.now)) continue;
    if (terms.state == cvd::Terms::State::Open || terms.state == cvd::Terms::State::Running) {
      const auto yes = possible(s, access::Action::AnswerTerms, cvd::AnswerTerms{terms.version, true, {}}), no = possible(s, access::Action::AnswerTerms, cvd::AnswerTerms{terms.version, false, {}});
      const auto note = [&](std::string_view answer) { return field({.name = "note", .label = "A word on it", .kind = Field::Kind::Text, .most = 4'000, .scope = std::string(answer) + version}); };
      // A running version that was signed has nothing left to answer.
      if (yes) inside += do_form(s, yes, "answer_terms", "Agree to version " + version, all(number, hidden("accepted", "yes"), note("agree")), access::Compartment::of(s.own()));
      if (no) inside += do_form(s, no, "answer_terms", "Decline version " + version, all(number, hidden("accepted", "no"), note("decline")), access::Compartment::of(s.own()));
    }
    if (terms.state == cvd::Terms::State::Open) {
      inside += do_form(s, possible(s, access::Action::SettleTerms, cvd::SettleTerms{terms.version}), "settle_terms", "Settle version " + version, all(number, el("p", "From then on it is in force for all who agreed to it.")), access::Compartment::shared());
      const auto refuse = possible(s, access::Action::RefuseTerms, cvd::RefuseTerms{terms.version, "why"});
      if (refuse) inside += do_form(s, refuse, "refuse_terms", terms.proposed_by == s.viewer.organisation ? "Withdraw version " + version : "Refuse version " + version, all(number, field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .most = 4'000, .scope = version})), access::Compartment::shared());
    }
  }
  const auto a_month_on = s.now + std::chrono::days(30);
  inside += do_form(s, possible(s, access::Action::ProposeTerms, cvd::ProposeTerms{a_month_on, {}, {}, {}}), "propose_terms", s.fold.terms.empty() ? "Propose an embargo" : "Propose other terms",
                    all(field({.name = "until", .label = "Until (UTC)", .help = "An instant, not a length. Two years at most.", .kind = Field::Kind::Instant, .required = true}),
                        field({.name = "respond_by", .label = "Answers by (UTC)", .help = "Empty: seven days. Never less than three.", .kind = Field::Kind::Instant, .scope = "terms"}), field({.name = "note", .label = "Why this end?", .kind = Field::Kind::Text, .most = 4'000})),
                    access::Compartment::shared());
  if (s.coordinates() && cvd::binds(s.fold.embargo))
    inside += do_form(s, possible(s, access::Action::EndEmbargo, cvd::EndEmbargo{"why"}), "end_embargo", "End the embargo now",
                      all(el("p", "It can't be reopened. Ending it publishes nothing: a planned release becomes a task for you."), field({.name = "reason", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000})), access::Compartment::shared());
  return section("embargo", "Embargo", inside);
}

}  // namespace sluice::web::pages
