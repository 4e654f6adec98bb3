#include "web/pages/case_scene.h"

#include <algorithm>
#include <charconv>

#include "cvd/answered.h"
#include "cvd/parties.h"
#include "cvd/standing.h"

namespace sluice::web::pages {

std::string Scene::name(std::optional<OrganisationId> id) const {
  if (!id) return "somebody";
  if (!cvd::may_know_of(fold, standing, viewer.organisation, *id)) return "another participant";
  return name_in_book ? name_in_book(*id) : id->text();
}

std::string Scene::with_names(std::string_view words) const {
  constexpr std::size_t kIdLength = 28;             // "o_" and 26 characters
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const auto next = std::min(words.find("o_", at), words.size());
    out += words.substr(at, next - at);
    at = next;
    if (at == words.size()) break;
    if (const auto organisation = OrganisationId::parse(words.substr(at, kIdLength))) {
      out += name(*organisation);
      at += kIdLength;
    } else {
      out += words.substr(at, 2);
      at += 2;
    }
  }
  return out;
}

bool Scene::is_large() const {
  std::size_t messages = 0;
  for (const auto& thread : fold.threads) messages += thread.messages.size();
  return fold.participants.size() > 30 || fold.products.size() * fold.vulnerabilities.size() > 100 || fold.vulnerabilities.size() > 10 || messages > 100;
}

std::string Scene::asked_for(const std::string& name) const {
  const auto found = asked.find(name);
  return found == asked.end() ? std::string() : found->second;
}

Path here(const Scene& scene, const About& instead) {
  auto asked = scene.asked;
  for (const auto& [name, value] : instead) asked[name] = value;
  auto out = path("/cases") / scene.fold.id.text();
  for (const auto& [name, value] : asked)
    if (!value.empty()) out = out.query(name, value);
  return out;
}

Window window(const Scene& scene, const std::string& list, std::size_t of, std::size_t size) {
  if (!scene.is_large() || of <= size) return {0, of, of, size};
  std::size_t from = 0;
  const auto text = scene.asked_for("from." + list);
  std::from_chars(text.data(), text.data() + text.size(), from);
  from = std::min(from, of - 1);
  return {from, std::min(of, from + size), of, size};
}

Html window_links(const Scene& scene, const std::string& list, std::string_view anchor, const Window& w) {
  if (w.from == 0 && w.to == w.of) return {};
  const auto name = "from." + list;
  const auto to = [&](std::size_t from) { return here(scene, {{name, std::to_string(from)}}).fragment(anchor); };
  const auto words = [&](std::size_t from) { return std::to_string(from + 1) + " to " + std::to_string(std::min(w.of, from + w.size)); };
  Html links;
  if (w.from > 0) {
    const auto before = w.from - std::min(w.from, w.size);
    links += el("li", link(to(before), words(before)));
  }
  links += el("li", el("strong", std::to_string(w.from + 1) + " to " + std::to_string(w.to)), " of ", std::to_string(w.of));
  if (w.to < w.of) links += el("li", link(to(w.to), words(w.to)));
  return el("ul", {cls("pages")}, links);
}

Window messages_shown(const Scene& scene, const cvd::Thread& thread) {
  constexpr std::size_t kShown = 15;
  const auto& all = thread.messages;
  auto out = window(scene, thread.id.text(), all.size(), kShown);
  if (out.to - out.from == out.of || scene.asked.contains("from." + thread.id.text())) return out;
  const auto first = [&](const auto& is) { return static_cast<std::size_t>(std::find_if(all.begin(), all.end(), is) - all.begin()); };
  const auto last = out.of - kShown;
  const auto wanted = scene.asked_for("message");
  auto from = wanted.empty() ? out.of : first([&](const cvd::Message& m) { return m.id.text() == wanted; });
  if (from == out.of) from = first([&](const cvd::Message& m) { return scene.unread.messages.contains(m.id); });
  out.from = std::min(from, last);
  out.to = out.from + kShown;
  return out;
}

std::optional<std::optional<EntryId>> shown_through(const Scene& scene) {
  const cvd::Thread* in = nullptr;
  const cvd::Message* hidden = nullptr;  // the first new one that isn't shown
  for (const auto& thread : scene.fold.threads) {
    const auto shown = messages_shown(scene, thread);
    for (std::size_t i = 0; i < thread.messages.size(); ++i) {
      const auto& one = thread.messages[i];
      if ((i < shown.from || i >= shown.to) && scene.unread.messages.contains(one.id) && (hidden == nullptr || one.at < hidden->at)) hidden = &one, in = &thread;
    }
  }
  if (hidden == nullptr) return std::nullopt;
  // The ledger counts seconds, so that several may bear its time. In one thread their order is known; where threads mix, all of them stay new.
  const auto of_its_second = [&](const cvd::Thread& thread) { return std::count_if(thread.messages.begin(), thread.messages.end(), [&](const auto& one) { return one.at == hidden->at; }); };
  const auto is_its_line = [&](const auto& line) { return line.recorded == hidden->at && line.type == cvd::MessagePosted::kType; };
  std::int64_t before = 0;
  if (of_its_second(*in) == std::count_if(scene.fold.timeline.begin(), scene.fold.timeline.end(), is_its_line))
    for (const auto& one : in->messages) {
      if (&one == hidden) break;
      if (one.at == hidden->at) ++before;
    }
  std::optional<EntryId> through;
  for (const auto& line : scene.fold.timeline) {
    if (line.recorded > hidden->at || (is_its_line(line) && before-- <= 0)) break;
    if (line.recorded < hidden->at || is_its_line(line)) through = line.entry;
  }
  return std::optional(through);
}

namespace {
// An approval is the second person's act itself.
Possible by_right(const Scene& scene, access::Action action, const access::Standing& standing) {
  // What still goes on in a case that was merged into another (cvd::takes_work).
  using enum access::Action;
  static constexpr access::Action kGoesOn[] = {UseMailbox, SetOwnReportState, LeaveCase, RemoveParticipant, EndEmbargo, EraseCompartment, AnswerRequest, WithdrawRequest};
  if (scene.fold.is_merged_away() && std::find(std::begin(kGoesOn), std::end(kGoesOn), action) == std::end(kGoesOn)) return {};
  const auto decision = access::authorize(scene.viewer, action, standing);
  return {decision.allowed, {}, decision.needs_second_person && scene.two_person && action != access::Action::ApproveAdvisory};
}
}  // namespace

Possible possible(const Scene& scene, access::Action action) {
  auto standing = scene.standing;
  standing.is_own_object = true;  // as the service asks: decide() holds a command to what is the organisation's own
  return by_right(scene, action, standing);
}

Possible possible(const Scene& scene, access::Action action, const cvd::Command& command) {
  auto out = by_right(scene, action, cvd::standing_towards(scene.fold, scene.standing, scene.own(), command));
  if (!out) return out;
  const auto whole = scene.whole ? scene.whole : std::make_shared<const cvd::CaseState>(scene.fold);
  cvd::Ask ask{{.organisation = scene.own(), .person = scene.viewer.person}, scene.now, scene.now, system_random(), {}};
  ask.known.two_persons = scene.two_person;
  ask.known.vendor_answers_within = scene.vendor_answers_within;
  const auto decided = cvd::decide(*whole, command, ask);
  // What a person still has to write is not in the way; what the state forbids is.
  if (!decided && decided.error().code == "case-merged") return {};
  if (!decided && (decided.error().kind == ErrorKind::Conflict || decided.error().kind == ErrorKind::Forbidden)) out.reason = decided.error().message;
  return out;
}

std::string_view icon_of(access::Compartment::Kind kind) {
  switch (kind) {
    case access::Compartment::Kind::Coordination: return "▣";
    case access::Compartment::Kind::Shared: return "◎";
    case access::Compartment::Kind::Organisation: return "⌂";
    case access::Compartment::Kind::Report: return "✉";
    case access::Compartment::Kind::Group: return "◈";
  }
  return "○";
}

Html audience(const Scene& scene, const access::Compartment& compartment) {
  using enum access::Compartment::Kind;
  std::string who;
  std::string_view kind;
  switch (compartment.kind) {
    case Coordination: kind = "coordination", who = "Coordination only: " + scene.name(scene.fold.owner) + " and its coordinators"; break;
    case Shared: kind = "shared", who = "Shared: every confirmed participant that agreed to the terms"; break;
    case Organisation: kind = "organisation", who = (compartment.organisation == scene.viewer.organisation ? "Your organisation" : scene.name(compartment.organisation)) + " and the coordination"; break;
    case Report: kind = "report", who = "The reporter and the coordination"; break;
    case Group: {
      const auto group = scene.fold.groups.find(*compartment.group);
      kind = "group", who = group != scene.fold.groups.end() && !group->second.name.empty() ? "The group " + group->second.name + " and the coordination" : "A group of participants and the coordination";
      break;
    }
  }
  return el("p", {cls("audience"), attr("data-audience", kind)}, el("span", {cls("icon"), attr("aria-hidden", "true")}, icon_of(compartment.kind)), el("span", {cls("who-sees")}, "Who will see this: "), who);
}

Html classes_field(const Scene& scene, std::string scope, bool is_one_of_many) {
  if (is_one_of_many && scene.is_large()) return {};
  return content_classes(scene.classes, std::move(scope));
}

Html classes_shown(const Scene& scene, const std::string& object) {
  const auto found = scene.fold.content_classes.find(object);
  if (found == scene.fold.content_classes.end()) return {};
  std::string words;
  for (const auto& one : found->second.classes) {
    const auto option = std::find_if(scene.classes.begin(), scene.classes.end(), [&](const Option& o) { return o.value == one; });
    words += (words.empty() ? "" : ", ") + (option == scene.classes.end() ? one : option->words);
  }
  return el("p", {cls("quiet")}, words.empty() ? std::string("Holds none of the classes of content.") : "Holds: " + words);
}

namespace {
Html form_of(const Scene& scene, const Possible& may, std::string_view command, std::string_view button, const Html& fields, std::optional<access::Compartment> sees, std::string_view classes) {
  const auto to = path("/cases") / scene.fold.id.text() / "do" / command;
  return form(to, scene.frame.csrf, all(fields, may.takes_two ? el("p", "It takes two: a second person of ", command == "take_ownership" ? std::string("your organisation") : scene.name(scene.fold.owner), " confirms it before it takes effect.") : Html(), sees ? audience(scene, *sees) : Html(), el("p", {cls("actions")}, submit(button))), classes);
}
}  // namespace

Html big_form(const Scene& scene, const Possible& may, std::string_view command, std::string_view button, const About& about, bool elsewhere, const std::function<Html()>& fields, std::optional<access::Compartment> sees) {
  if (!may.shown) return {};
  if (scene.form) {
    const bool is_it = scene.form->command == command && std::all_of(about.begin(), about.end(), [&](const auto& one) { return scene.asked_for(one.first) == one.second; });
    if (is_it) scene.form->button = button, scene.form->html = may.reason.empty() ? form_of(scene, may, command, button, fields(), sees, "form") : disabled(button, may.reason);
    return {};
  }
  if (!may.reason.empty()) return disabled(button, may.reason);
  if (!elsewhere) return do_form(scene, may, command, button, fields(), sees);
  auto to = path("/cases") / scene.fold.id.text();
  for (const auto& [name, value] : about) to = to.query(name, value);
  return el("p", {cls("elsewhere")}, link(to.query("form", command), button));
}

Html do_form(const Scene& scene, const Possible& may, std::string_view command, std::string_view button, const Html& fields, std::optional<access::Compartment> sees, bool folded) {
  if (!may.shown || scene.form) return {};
  if (!may.reason.empty()) return disabled(button, may.reason);
  const auto inside = form_of(scene, may, command, button, fields, sees, folded ? "form" : "form inline");
  return folded ? more(button, inside) : inside;
}

std::vector<Waiting> by_clock(std::vector<Waiting> waiting) {
  std::stable_sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) { return a.due && (!b.due || *a.due < *b.due); });
  return waiting;
}

std::vector<Waiting> waiting_for(const Scene& scene) {
  std::vector<Waiting> out;
  const auto& fold = scene.fold;
  const auto* self = scene.self();
  if (self == nullptr || fold.is_merged_away()) return out;
  if (self->admission == cvd::Admission::Invited) out.push_back({"Answer the invitation", "own", self->respond_by});
  if (self->admission == cvd::Admission::Accepted) out.push_back({"Wait: a coordinator checks who answered for your organisation", "own", {}});
  if (self->admission == cvd::Admission::Confirmed) {
    if (fold.offer && fold.offer->to == scene.own()) out.push_back({"Say whether your organisation takes the case over", "own", {}});
    const bool judges = scene.standing.is_owner || std::any_of(self->roles.begin(), self->roles.end(), [](cvd::Role role) { return role != cvd::Role::Reporter && role != cvd::Role::Finder; });  // nobody judges its own report
    if (judges && self->report == cvd::ReportState::Received) out.push_back({"Say whether the report is valid", "own", {}});
    if (judges && self->report == cvd::ReportState::Valid) out.push_back({"Take the report on, or set it aside", "own", {}});
    for (const auto& terms : fold.terms) {
      const auto consent = fold.consent(scene.own(), terms.version);
      const bool unanswered = consent == cvd::ConsentState::Invited || consent == cvd::ConsentState::NoEmbargo || consent == cvd::ConsentState::Lapsed;
      if (terms.state == cvd::Terms::State::Open && !cvd::has_lapsed(terms, scene.now) && unanswered && !scene.standing.is_owner) out.push_back({"Answer the proposed terms (version " + std::to_string(terms.version) + ")", "embargo", terms.respond_by});
      if (terms.state == cvd::Terms::State::Running && unanswered && !scene.standing.is_owner) out.push_back({"Agree to the terms in force to read the case (version " + std::to_string(terms.version) + ")", "embargo", {}});
    }
    const auto answered = cvd::answered_by(fold);
    for (const auto& [key, asked] : fold.asked)
      if (key.second == scene.own() && !answered.contains(key)) out.push_back({"Say whether your products are affected", "products", asked.answer_by});
  }
  add_target_waits(scene, out);
  add_law_waits(scene, out);
  if (!scene.coordinates() || scene.viewer.role == access::SiteRole::Counsel) return out;  // what follows is its staff's to do
  for (const auto& plan : fold.planned_invitations)
    if (plan.when <= scene.now) out.push_back({"Invite an organisation as planned, or drop the plan", "parties", {}});
  int to_confirm = 0, claims = 0, to_settle = 0, held = 0, to_approve = 0;
  for (const auto& [id, participant] : fold.participants) to_confirm += participant.admission == cvd::Admission::Accepted;
  for (const auto& claim : fold.claims) claims += claim.state == cvd::Claim::State::Open;
  for (const auto& terms : fold.terms) to_settle += terms.state == cvd::Terms::State::Open && !cvd::has_lapsed(terms, scene.now);
  for (const auto& release : fold.releases)
    held += release.state == cvd::Release::State::Held &&
            std::none_of(fold.releases.begin(), fold.releases.end(), [&](const cvd::Release& other) { return other.advisory == release.advisory && other.state == cvd::Release::State::Released; });
  for (const auto& [id, versions] : fold.advisories)
    if (!versions.empty()) to_approve += !versions.back().approved_at && versions.back().drafted_by != scene.viewer.person;
  if (to_confirm > 0) out.push_back({to_confirm == 1 ? "Confirm an organisation that answered its invitation" : "Confirm " + std::to_string(to_confirm) + " organisations that answered their invitations", "participants", {}});
  if (claims > 0) out.push_back({claims == 1 ? "Check a claimed fact" : "Check " + std::to_string(claims) + " claimed facts", "vulnerabilities", {}});
  if (to_settle > 0) out.push_back({to_settle == 1 ? "Settle or refuse the proposed terms" : "Settle or refuse proposed terms", "embargo", {}});
  if (held > 0) out.push_back({"Decide on a release that is held", "advisories", {}});
  const auto to_answer = std::count_if(fold.requests.begin(), fold.requests.end(), [&](const cvd::TwoPersonRequest& r) {
    return r.state == cvd::TwoPersonRequest::State::Open && r.asked_by != scene.viewer.person && (scene.standing.is_owner || (r.command == cvd::name_of(cvd::TakeOwnership{}) && r.asked_for == scene.own()));
  });
  if (to_answer > 0) out.push_back({"Confirm or refuse what another person asked for", "requests", {}});
  if (to_approve > 0) out.push_back({"Read an advisory that waits for a second person", "advisories", {}});
  return out;
}

}  // namespace sluice::web::pages
