// Large cases: the state of many parties at a glance, named groups tier by tier with who was told when, many invited at once, and an organisation's own number.
#include <algorithm>

#include "cvd/answered.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

constexpr std::string_view kSilent = "silent", kPartly = "answered_in_part", kUnasked = "not_asked", kUndecided = "not_in_yet";

// One party's answers over all vulnerabilities and its products.
struct Glance {
  OrganisationId id;
  const cvd::Participant* participant = nullptr;
  std::map<cvd::Status, int> answers;
  int asked = 0, unanswered = 0;
  bool silent = false, gone_on_without = false;
  std::optional<Instant> asked_since, silent_since, answered_at;

  bool is(std::string_view state) const {
    if (state.empty()) return true;
    if (state == kUndecided) return participant->admission == cvd::Admission::Invited || participant->admission == cvd::Admission::Accepted;
    if (state == kSilent) return !gone_on_without && (silent || (unanswered > 0 && answers.empty()));
    if (state == kPartly) return !gone_on_without && !silent && unanswered > 0 && !answers.empty();
    if (state == kUnasked) return asked == 0 && answers.empty();
    return std::any_of(answers.begin(), answers.end(), [&](const auto& one) { return to_word(one.first) == state; });
  }
};

std::vector<Glance> glances(const Scene& s) {
  std::map<OrganisationId, Glance> all;
  for (const auto& [id, p] : s.fold.participants)
    if (id != s.fold.owner && (p.roles.contains(cvd::Role::Vendor) || p.roles.contains(cvd::Role::Deployer)) && p.admission != cvd::Admission::None && p.admission != cvd::Admission::Removed) all[id] = {.id = id, .participant = &p};
  std::map<ProductId, OrganisationId> vendors;
  for (const auto& product : s.fold.products) vendors.emplace(product.id, product.vendor);
  for (const auto& [which, answer] : s.fold.answers) {
    const auto vendor = vendors.find(which.second);
    const auto found = vendor == vendors.end() ? all.end() : all.find(vendor->second);
    if (found == all.end() || !answer.status || *answer.status == cvd::Status::Asked) continue;
    ++found->second.answers[*answer.status];
    if (answer.said_at && (!found->second.answered_at || *answer.said_at > *found->second.answered_at)) found->second.answered_at = answer.said_at;
  }
  const auto answered = cvd::answered_by(s.fold);
  for (const auto& [key, asked] : s.fold.asked) {
    const auto found = all.find(key.second);
    if (found == all.end()) continue;
    auto& one = found->second;
    ++one.asked;
    if (!one.asked_since || asked.at < *one.asked_since) one.asked_since = asked.at;
    if (answered.contains(key)) continue;
    ++one.unanswered;
    if (!one.silent_since || asked.at < *one.silent_since) one.silent_since = asked.at;
  }
  const auto silent = cvd::silent_vendors(s.fold, s.now);
  std::vector<Glance> out;
  for (auto& [id, one] : all) {
    one.gone_on_without = cvd::goes_without(s.fold, id);
    // An answer of its own to something is no silence, though more was asked; what the case owner said for it is none of its own.
    one.silent = std::find(silent.begin(), silent.end(), id) != silent.end() && (one.answers.empty() || !one.participant->confirmed_at);
    if (one.silent && !one.silent_since) one.silent_since = one.participant->invited_at;
    out.push_back(std::move(one));
  }
  std::sort(out.begin(), out.end(), [&](const Glance& a, const Glance& b) { return s.name(a.id) < s.name(b.id); });
  return out;
}

std::vector<Option> states() {
  std::vector<Option> out{{"", "Everybody"}, {std::string(kSilent), "Asked, and silent since"}, {std::string(kPartly), "Answered in part"}, {std::string(kUnasked), "Not asked"}, {std::string(kUndecided), "Invited, not in yet"}};
  for (const auto status : {cvd::Status::UnderInvestigation, cvd::Status::Affected, cvd::Status::NotAffected, cvd::Status::Fixed}) out.push_back({to_word(status), std::string(said(status).words)});
  return out;
}

std::vector<Option> named(const Scene& s, const std::set<OrganisationId>& ids) {
  std::vector<Option> out;
  for (const auto& id : ids) out.push_back({id.text(), s.name(id)});
  std::sort(out.begin(), out.end(), [](const Option& a, const Option& b) { return a.words < b.words; });
  return out;
}

// One party, one state: what the coordination has to know first.
Html state_of(const Scene& s, const Glance& one) {
  const auto since = [&](std::string_view words) { return one.silent_since ? el("span", {cls("quiet block")}, words, date(*one.silent_since), ", ", words_of_length(s.now - *one.silent_since)) : Html(); };
  if (one.gone_on_without) return badge(Tone::Held, "the case goes on without it");
  if (one.is(kSilent)) return all(badge(Tone::Waiting, one.silent ? "silent" : "asked, no answer yet"), since("since "));
  if (one.is(kPartly)) return all(badge(Tone::Waiting, "answered in part"), since(one.unanswered == 1 ? "one question open since " : "questions open since "));
  if (!one.answers.empty()) return badge(Tone::Good, "answered");
  return badge(Tone::Quiet, "not asked");
}

Html tier(const Scene& s, const cvd::Group& group) {
  const auto number = hidden("group", group.id.text());
  const auto scope = group.id.text();
  Table table("Members of " + group.name, {"Organisation", "Part", "Told", "Confirmed"});
  std::optional<Instant> first, last;
  const auto shown = window(s, scope, group.members.size(), 50);
  std::size_t number_of = 0;
  for (const auto& id : group.members) {
    const auto* p = s.fold.participant(id);
    const auto at = number_of++;
    if (p == nullptr) continue;
    const auto told = p->invited_at ? p->invited_at : p->confirmed_at;
    if (told) first = first ? std::min(*first, *told) : told, last = last ? std::max(*last, *told) : told;
    if (at < shown.from || at >= shown.to) continue;
    table.row({s.name(id), badge(said(p->admission)), told ? time(*told) : Html(), p->confirmed_at ? time(*p->confirmed_at) : Html()});
  }
  Html body = el("p", {cls("quiet")}, "Told in step ", std::to_string(group.order), first ? all(", first ", time(*first), last != first ? all(", last ", time(*last)) : Html()) : Html(", nobody yet"));
  body += el("p", "Because: ", prose(group.why));
  if (!table.empty()) body += more(group.members.size() == 1 ? std::string("1 member") : std::to_string(group.members.size()) + " members", all(table.html(), window_links(s, scope, "g-" + scope, shown)), group.members.size() <= 20 || s.asked.contains("from." + scope));
  std::set<OrganisationId> others;
  for (const auto& [id, p] : s.fold.participants)
    if (id != s.fold.owner && !p.roles.contains(cvd::Role::Coordinator) && !group.members.contains(id) && p.admission != cvd::Admission::None && p.admission != cvd::Admission::Removed) others.insert(id);
  const auto fields = [&] {
    Html choice;
    if (!others.empty()) choice += checks({.name = "add", .label = "Who joins?", .scope = scope}, named(s, others));
    if (!group.members.empty()) choice += checks({.name = "remove", .label = "Who leaves?", .scope = scope}, named(s, group.members));
    return all(number, el("p", "Members learn of themselves alone. Who joins reads what was said in the group before."), choice, field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = scope}));
  };
  if (const auto many = others.size() + group.members.size(); many > 0) body += big_form(s, possible(s, Action::ChangeGroup), "change_group", "Change who is in it", {{"group", scope}}, many > kManyChoices, fields, Compartment::of(group.id));
  return el("article", {cls("card"), id("g-" + scope)}, el("h3", group.name.empty() ? std::string("A group") : group.name), body);
}

Html invite_many(const Scene& s, const std::vector<const cvd::Group*>& groups) {
  static const Option kRoles[] = {{"vendor", "Vendor: makes an affected product"}, {"deployer", "Deployer: runs it, applies the fix"}, {"finder", "Finder"}, {"observer", "Observer"}, {"cna", "Gives CVE ids"}};
  std::vector<Option> whom, into{{"", "No group"}};
  for (const auto& option : s.organisations) {
    const auto id = OrganisationId::parse(option.value);
    const auto* known = id ? s.fold.participant(*id) : nullptr;
    if (known == nullptr || known->admission == cvd::Admission::None || known->admission == cvd::Admission::Removed) whom.push_back(option);
  }
  if (whom.size() < 2) return {};
  for (const auto* group : groups) into.push_back({group->id.text(), group->name});
  auto may = possible(s, Action::InviteParticipant);
  if (const auto* self = s.self(); may && self != nullptr)
    if (const auto accepted = cvd::may_bring_in_others(self->report); !accepted) may.reason = accepted.error().message;
  return big_form(s, may, "invite_many", "Invite many at once", {}, whom.size() > kManyChoices, [&] {
    return all(el("p", "Each sees only the terms, their end and why it is essential, and none learns of the others. All are invited or none."), checks({.name = "organisations", .label = "Whom?", .scope = "many"}, whom), checks({.name = "roles", .label = "As what?", .scope = "many"}, kRoles),
                     field({.name = "essential_because", .label = "Why are they essential to a remedy?", .help = "One reason for all of them. Who is essential for another is invited by itself, or with the command line, which takes a reason a line.", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "many"}),
                     into.size() > 1 ? select({.name = "group", .label = "Into which group?", .help = "It reads the group's part once it is confirmed.", .scope = "many"}, into) : Html(),
                     field({.name = "respond_by", .label = "Answer by (UTC)", .help = "Empty: seven days. Never less than three.", .kind = Field::Kind::Instant, .scope = "many"}));
  }, std::nullopt);
}

}  // namespace

Html glance_part(const Scene& s) {
  if (!s.coordinates()) return {};
  const auto all_of_them = glances(s);
  if (all_of_them.size() < 2) return {};  // of one vendor its products tell
  const auto choices = states();
  const bool known = std::any_of(choices.begin(), choices.end(), [&](const Option& option) { return option.value == s.state; });
  const auto state = known ? std::string_view(s.state) : std::string_view();
  Html counts;
  for (const auto& choice : choices)
    if (const auto count = std::count_if(all_of_them.begin(), all_of_them.end(), [&](const Glance& one) { return one.is(choice.value); }); count > 0 || choice.value.empty()) counts += el("li", el("strong", std::to_string(count)), " ", choice.words);
  Html inside = el("ul", {cls("badges")}, counts);
  inside += el("form", {attr("method", "get"), action((path("/cases") / s.fold.id.text()).fragment("glance")), cls("form inline")}, select({.name = "state", .label = "Show", .value = state, .scope = "glance"}, choices), submit("Show these", "button second"));
  Table table("Parties and their answers", {"Organisation", "Part", "State", "Asked", "Seen", "Answered", "Answers"});
  std::vector<const Glance*> matching;
  for (const auto& one : all_of_them)
    if (one.is(state)) matching.push_back(&one);
  const auto shown = window(s, "glance", matching.size(), 50);
  for (std::size_t i = shown.from; i < shown.to; ++i) {
    const auto& one = *matching[i];
    Html answers;
    for (const auto& [status, count] : one.answers) answers += el("span", {cls("block")}, badge(said(status)), count > 1 ? " × " + std::to_string(count) : std::string());
    if (!one.answers.empty() && !one.participant->confirmed_at) answers += el("span", {cls("quiet block")}, "as the case owner says");
    const auto seen = s.last_seen ? s.last_seen(one.id) : std::nullopt;
    table.row({s.name(one.id), badge(said(one.participant->admission)), state_of(s, one), one.asked_since ? date(*one.asked_since) : Html(), seen ? date(*seen) : Html(), one.answered_at ? date(*one.answered_at) : Html(), answers});
  }
  inside += table.empty() ? empty_state("Nobody is in this state.", "Choose another one above.") : all(el("div", {cls("sticky")}, table.html()), window_links(s, "glance", "glance", shown));
  return section("glance", "Who stands where", inside);
}

Html groups_part(const Scene& s) {
  std::vector<const cvd::Group*> groups;
  for (const auto& [id, group] : s.fold.groups)
    if (s.coordinates() || group.members.contains(s.own())) groups.push_back(&group);
  if (!s.coordinates()) {
    if (groups.empty()) return {};
    Html items;
    for (const auto* group : groups) items += el("li", group->name.empty() ? std::string("A group") : group->name);
    return section("groups", "Your groups", all(el("p", "What is said in a group is read by its members and the coordination. Who else is in it is known to the coordination alone."), el("ul", items)));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const auto* a, const auto* b) { return a->order < b->order; });
  Html inside;
  for (const auto* group : groups) inside += tier(s, *group);
  if (inside.empty()) inside = empty_state("No group is formed yet.", "A group has a part of the case to itself: those who fix first, then those who build on them. Groups are told in their order.");
  inside += do_form(s, possible(s, Action::ChangeGroup), "form_group", "Form a group",
                    all(field({.name = "name", .label = "Name", .help = "Its members read it: name nobody in it.", .required = true, .most = 200, .scope = "group"}), field({.name = "order", .label = "Told in which step?", .help = "A number; empty: after the others.", .scope = "group"}),
                        field({.name = "why", .label = "Why this group?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "group"})),
                    Compartment::coordination());
  inside += invite_many(s, groups);
  return section("groups", "Groups, told in steps", inside);
}

Html own_number(const Scene& s) {
  Html out;
  for (const auto& [id, tracking] : s.fold.tracking_ids) {
    if (!cvd::may_know_of(s.fold, s.standing, s.viewer.organisation, id)) continue;
    out += el("li", s.name(id), ": ", tracking.url ? outside_link(*tracking.url, tracking.tracking_id) : Html(tracking.tracking_id));
  }
  if (!out.empty()) out = more(s.coordinates() ? "Numbers that the parties have for it" : "Your organisation's number for it", el("ul", out), s.fold.tracking_ids.size() < 6);
  const auto known = s.fold.tracking_ids.find(s.own());
  const bool has = known != s.fold.tracking_ids.end();
  out += do_form(s, possible(s, Action::WriteOwnOrg), "set_tracking_id", has ? "Change your own number for it" : "Give it your own number",
                 all(field({.name = "tracking_id", .label = "Number in your own tracker", .help = "Empty takes it off.", .value = has ? std::string_view(known->second.tracking_id) : std::string_view(), .most = 200, .scope = "own"}),
                     field({.name = "url", .label = "Its address there", .value = has && known->second.url ? std::string_view(*known->second.url) : std::string_view(), .most = 2'000, .scope = "own"})),
                 Compartment::of(s.own()));
  return out;
}

}  // namespace sluice::web::pages
