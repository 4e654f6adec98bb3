// What one person asked for and a second one has to confirm (ACC-11): open requests with what they would do, and erasure, which is always asked for here.
#include "cvd/second_person.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

std::string compartment_words(const Scene& s, std::string_view text) {
  const auto compartment = Compartment::parse(text);
  if (!compartment) return std::string(text);
  if (compartment->organisation) return "What only " + s.name(compartment->organisation) + " and the coordination read";
  const auto* report = compartment->report ? s.fold.report(*compartment->report) : nullptr;
  return report != nullptr ? "The report of " + words_of_time(report->received) + " and its mailbox" : std::string(text);
}

// The whole command, as it will be decided.
struct Asked {
  const Scene& s;
  Facts facts = {};
  void operator()(const cvd::RemoveParticipant& c) { facts.add("Who", s.name(c.organisation)).add("Why", prose(c.why)); }
  void operator()(const cvd::WaiveReadiness& c) {
    const auto* release = s.fold.release(c.release);
    facts.add("Release", release != nullptr ? time(release->instant) : Html()).add("Why", prose(c.why)).add("Users' risk", prose(c.users_risk));
  }
  void operator()(const cvd::RecordDecision& c) {
    facts.add("Decided", words_of(c.kind)).add("About", c.about ? Html(s.name(c.about)) : Html()).add("Because", paragraphs(c.reason)).add("Who is exposed", paragraphs(c.who_is_exposed)).add("How badly", paragraphs(c.how_badly)).add("What they can do", paragraphs(c.what_they_can_do));
  }
  void operator()(const cvd::ProceedWithout& c) {
    facts.add("Without", c.vendor).add("Because", paragraphs(c.why)).add("Who is exposed", paragraphs(c.who_is_exposed)).add("How badly", paragraphs(c.how_badly)).add("What they can do", paragraphs(c.what_they_can_do));
  }
  void operator()(const cvd::ReleaseEarly& c) {
    const auto* release = s.fold.release(c.release);
    facts.add("Planned for", release != nullptr ? time(release->instant) : Html()).add("Why", prose(c.why)).add("Users' risk", prose(c.users_risk));
  }
  void operator()(const cvd::ShareMitigation& c) {
    facts.add("Told", words_of(c.role)).add("Words", c.text ? paragraphs(*c.text) : Html("as proposed")).add("Because", paragraphs(c.why)).add("Who is exposed", paragraphs(c.who_is_exposed)).add("How badly", paragraphs(c.how_badly));
    facts.add("What they can do", paragraphs(c.what_they_can_do)).add("Though some go without", c.despite ? paragraphs(*c.despite) : Html());
  }
  void operator()(const cvd::TakeOwnership& c) { facts.add("Why", c.why ? prose(*c.why) : Html()); }
  void operator()(const cvd::EraseCompartment& c) { facts.add("What", compartment_words(s, c.compartment)).add("Why", prose(c.why)); }
  void operator()(const auto&) {}
};

Html request_card(const Scene& s, const cvd::TwoPersonRequest& r) {
  const auto id = hidden("request", r.id.text());
  const bool own = r.asked_by && r.asked_by == s.viewer.person;
  Asked asked{s};
  if (const auto command = cvd::asked_command(s.fold, r.id)) visit(asked, *command);
  Html body = all(el("p", badge(Tone::Waiting, "waits for a second person"), " asked by ", own ? std::string("you") : "a person of " + s.name(r.asked_for), " ", time(r.asked_at), ", until ", time(r.expires), " (", words_until(r.expires, s.now), ")"), asked.facts.html());
  if (own) {
    body += do_form(s, possible(s, Action::WithdrawRequest), "withdraw_request", "Withdraw this", id, Compartment::coordination(), false);
  } else {
    body += do_form(s, possible(s, Action::AnswerRequest, cvd::ConfirmRequest{r.id}), "confirm_request", "Confirm: it takes effect at once", id, Compartment::coordination(), false);
    body += do_form(s, possible(s, Action::AnswerRequest, cvd::RefuseRequest{r.id, "why"}), "refuse_request", "Refuse this", all(id, field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "refuse" + r.id.text()})), Compartment::coordination());
  }
  return el("div", {cls("card")}, el("h3", words_of_request(r.command)), body);
}

Html erasing(const Scene& s) {
  std::vector<Option> which{{"", "Please choose"}};
  const auto offer = [&](const Compartment& compartment) {
    if (!s.fold.erased.contains(compartment.text())) which.push_back({compartment.text(), compartment_words(s, compartment.text())});
  };
  for (const auto& report : s.fold.reports) offer(Compartment::of(report.id));
  for (const auto& [id, participant] : s.fold.participants) offer(Compartment::of(id));
  return big_form(s, possible(s, Action::EraseCompartment), "erase_compartment", "Erase a part of this case", {}, which.size() > kManyChoices, [&] {
    return all(el("p", "What is erased comes back by no means, for nobody. That it was erased, and why, stays on record."), select({.name = "compartment", .label = "What?", .required = true}, which),
                     field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "erase"}));
  }, Compartment::coordination());
}

}  // namespace

Html requests_part(const Scene& s) {
  if (!s.coordinates()) return {};
  Html cards;
  for (const auto& request : s.fold.requests)
    if (request.state == cvd::TwoPersonRequest::State::Open) cards += request_card(s, request);
  if (cards.empty()) cards = empty_state("Nothing waits for a second person.", "Some acts take two: another person of the case owner's organisation confirms them before they take effect; where a silent owner's case is taken over, another person of the taker's.");
  return section("requests", "What takes two persons", all(cards, erasing(s)));
}

}  // namespace sluice::web::pages
