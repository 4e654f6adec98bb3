// Large cases: named groups, which are told in their order; many invited at once for one reason; words taken back by whoever said them; the parties' own numbers.
#include <algorithm>
#include <map>
#include <set>

#include "cvd/reason.h"
#include "cvd/talk.h"

namespace sluice::cvd::rules {

namespace {

constexpr std::size_t kMostGroups = 100, kMostAtOnce = 200;

access::Compartment of_group(GroupId group) { return access::Compartment::of(group); }
std::string at(std::string_view list, std::size_t i) { return "/" + std::string(list) + "/" + std::to_string(i); }

// Who is in the case or about to be. Suspended ones keep their groups: once restored they read as before.
bool has_place(const CaseFold& fold, OrganisationId id) {
  const auto* participant = fold.participant(id);
  return participant != nullptr && participant->admission != Admission::None && participant->admission != Admission::Removed;
}
bool reads_every_group(const CaseFold& fold, OrganisationId id) {
  const auto* participant = fold.participant(id);
  return id == fold.owner || (participant != nullptr && participant->roles.contains(Role::Coordinator));
}

Result<const Group*> group_of(const CaseFold& fold, GroupId id, std::string where) {
  const auto found = fold.groups.find(id);
  if (found == fold.groups.end()) return fail(ErrorKind::NotFound, "There is no such group in this case.", std::move(where));
  if (fold.erased.contains(of_group(id).text())) return fail(ErrorKind::Conflict, "What this group held was erased. Form another one.", std::move(where));
  return &found->second;
}

// All that is in the way, by place, so that a list of many is put right in one go: the first place is the error's own, the rest stands in its words.
struct Faults {
  std::string first, words;
  int more = 0;
  void add(std::string where, const std::string& what) {
    constexpr int kMostNamed = 20;
    if (first.empty()) first = where;
    if (more++ < kMostNamed) words += (words.empty() ? "" : " ") + where + ": " + what;
  }
  bool empty() const { return first.empty(); }
  std::unexpected<Error> error(ErrorKind kind, const std::string& nothing_done) const { return fail(kind, nothing_done + " " + words + (more > 20 ? " And " + std::to_string(more - 20) + " more." : ""), first); }
};

// The author's own words, in a thread that it reads to this day. A thread that it can't write in is one it can't see (PostMessage asks the same).
Result<std::pair<const Thread*, const Message*>> own_message(const CaseFold& fold, ThreadId thread_id, MessageId id, const Ask& ask) {
  const auto* thread = fold.thread(thread_id);
  TRY(may_write_in(fold, thread, ask));
  const auto found = std::find_if(thread->messages.begin(), thread->messages.end(), [&](const Message& m) { return m.id == id; });
  if (found == thread->messages.end()) return fail(ErrorKind::NotFound, "There is no such message in this thread.");
  if (found->by != ask.actor.organisation) return fail(ErrorKind::Forbidden, "Only the organisation that wrote this message can change it or take it back.");
  if (found->retracted_why) return fail(ErrorKind::Conflict, "This message was taken back already.");
  return std::pair{thread, &*found};
}

}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const FormGroup& c, const Ask& ask) {
  TRY(text_fits(c.name, 200, "/name"));
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (fold.groups.size() >= kMostGroups) return fail(ErrorKind::Conflict, "A case has " + std::to_string(kMostGroups) + " groups at most.");
  int last = 0;
  for (const auto& [id, group] : fold.groups) {
    if (group.name == c.name) return fail(ErrorKind::Conflict, "A group of this name is there already.", "/name");
    last = std::max(last, group.order);
  }
  const int order = c.order.value_or(last + 1);
  if (order < 1 || order > 1'000) return fail(ErrorKind::Invalid, "The order in which groups are told is a number from 1 to 1000.", "/order");
  const auto id = GroupId::random(ask.random);
  // Members learn their group's name. Its place among others, and why there are several, would tell them of the others (EXI-10).
  return Changes{{coordination(), GroupFormed{id, c.name, order, c.why}}, {of_group(id), GroupFormed{id, c.name, 0, ""}}};
}

Result<Changes> decide_one(const CaseFold& fold, const ChangeGroup& c, const Ask&) {
  TRY(const auto* group, group_of(fold, c.group, "/group"));
  TRY(reason_fits(c.why, 4'000, "/why"));
  const auto add = c.add.value_or(std::vector<OrganisationId>{}), remove = c.remove.value_or(std::vector<OrganisationId>{});
  if (add.empty() && remove.empty()) return fail(ErrorKind::Invalid, "Say who joins the group or leaves it.", "/add");
  if (add.size() + remove.size() > kMostAtOnce) return fail(ErrorKind::Invalid, "Change at most " + std::to_string(kMostAtOnce) + " members at once.", add.size() > kMostAtOnce ? "/add" : "/remove");
  Faults faults;
  std::set<OrganisationId> named;
  for (std::size_t i = 0; i < add.size(); ++i) {
    if (!named.insert(add[i]).second) faults.add(at("add", i), "It is named twice.");
    else if (!has_place(fold, add[i])) faults.add(at("add", i), "It is not in this case: invite it first.");
    else if (reads_every_group(fold, add[i])) faults.add(at("add", i), "It coordinates the case and reads every group.");
    else if (group->members.contains(add[i])) faults.add(at("add", i), "It is in this group already.");
  }
  for (std::size_t i = 0; i < remove.size(); ++i) {
    if (!named.insert(remove[i]).second) faults.add(at("remove", i), "It is named twice.");
    else if (!group->members.contains(remove[i])) faults.add(at("remove", i), "It is not in this group.");
  }
  if (!faults.empty()) return faults.error(ErrorKind::Conflict, "Nobody was moved.");
  // Who else is in a group is known to the coordination alone; each party is told of itself (EXI-10).
  Changes out{{coordination(), GroupChanged{c.group, add, remove, c.why}}};
  for (const auto& id : add) out.push_back({own(id), GroupJoined{c.group, id}});
  for (const auto& id : remove) out.push_back({own(id), GroupLeft{c.group, id}});
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const InviteMany& c, const Ask& ask) {
  // ISO/IEC 29147 5.8: only parties essential to a remedy are told. One reason may hold for many, or each has its own; it is told its own alone.
  if (c.essential_because) TRY(reason_fits(*c.essential_because, 4'000, "/essential_because"));
  if (c.organisations.empty()) return fail(ErrorKind::Invalid, "Say whom to invite.", "/organisations");
  if (c.organisations.size() > kMostAtOnce) return fail(ErrorKind::Invalid, "Invite at most " + std::to_string(kMostAtOnce) + " organisations at once.", "/organisations");
  if (c.roles.empty()) return fail(ErrorKind::Invalid, "Say in which role these organisations take part.", "/roles");
  // ACC-3 lets the owner alone admit coordinators; who reads everything is looked at one by one.
  if (std::find(c.roles.begin(), c.roles.end(), Role::Coordinator) != c.roles.end()) return fail(ErrorKind::Invalid, "A coordinator reads everything: invite each by itself.", "/roles");
  // Vultron RM: only a participant in Accepted may bring in others.
  if (const auto* inviter = fold.participant(ask.actor.organisation)) TRY(may_bring_in_others(inviter->report));
  const Group* group = nullptr;
  if (c.group) {
    TRY(group, group_of(fold, *c.group, "/group"));
  }
  Faults faults;
  std::set<OrganisationId> named;
  for (std::size_t i = 0; i < c.organisations.size(); ++i) {
    if (!named.insert(c.organisations[i]).second) {
      faults.add(at("organisations", i), "It is named twice.");
    } else if (const auto may = may_be_invited(fold, c.organisations[i], {}); !may) {
      faults.add(at("organisations", i), may.error().message + " (" + c.organisations[i].text() + ")");
    }
  }
  std::map<OrganisationId, std::string> because;
  const auto& reasons = c.reasons ? *c.reasons : std::vector<OwnReason>{};
  if (reasons.size() > kMostAtOnce) return fail(ErrorKind::Invalid, "There are more reasons than organisations.", "/reasons");
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    TRY(reason_fits(reasons[i].because, 4'000, at("reasons", i) + "/because"));
    if (!named.contains(reasons[i].organisation)) faults.add(at("reasons", i), "It is not among those that are to be invited. (" + reasons[i].organisation.text() + ")");
    else if (!because.emplace(reasons[i].organisation, reasons[i].because).second) faults.add(at("reasons", i), "It has a reason already.");
  }
  if (!faults.empty()) return faults.error(ErrorKind::Conflict, "Nobody was invited.");
  for (const auto& id : c.organisations) {
    if (because.contains(id)) continue;
    if (!c.essential_because) return fail(ErrorKind::Invalid, "Nobody was invited. Say why they are essential to a remedy: once for all, or for each by itself. There is no reason for " + id.text() + ".", "/essential_because");
    because.emplace(id, *c.essential_because);
  }

  const auto answer_by = answer_due(ask.now, c.respond_by);
  const auto* running = fold.running_terms();
  const auto terms = running != nullptr ? std::optional(running->version) : std::nullopt;
  // They join the group at once: an invited member reads nothing of it (access: only confirmed participants do), and the coordination sees tier by tier who was told when.
  std::vector<OrganisationId> joining;
  for (const auto& id : c.organisations)
    if (group != nullptr && !group->members.contains(id)) joining.push_back(id);
  // In coordination one entry with them all; then one entry in each party's own compartment.
  Changes out;
  for (const auto& id : c.organisations) out.push_back({coordination(), ParticipantInvited{id, c.roles, because.at(id), terms, answer_by}});
  if (!joining.empty()) out.push_back({coordination(), GroupChanged{group->id, joining, {}, c.essential_because.value_or("Invited together, each for a reason of its own.")}});
  for (const auto& id : c.organisations) {
    out.push_back({own(id), ParticipantInvited{id, c.roles, because.at(id), terms, answer_by}});
    if (std::find(joining.begin(), joining.end(), id) != joining.end()) out.push_back({own(id), GroupJoined{group->id, id}});
  }
  return out;
}

Result<Changes> decide_one(const CaseFold& fold, const AmendMessage& c, const Ask& ask) {
  TRY(const auto found, own_message(fold, c.thread, c.message, ask));
  TRY(text_fits(c.text, 100'000, "/text"));
  if (found.second->text == c.text) return fail(ErrorKind::Conflict, "The message says this already.", "/text");
  constexpr std::size_t kMostVersions = 100;  // each is kept and shown
  if (found.second->earlier.size() >= kMostVersions) return fail(ErrorKind::Conflict, "This message was changed too often. Write a new one.");
  return Changes{{found.first->audience, MessageAmended{c.thread, c.message, c.text}}};
}

Result<Changes> decide_one(const CaseFold& fold, const RetractMessage& c, const Ask& ask) {
  TRY(const auto found, own_message(fold, c.thread, c.message, ask));
  TRY(reason_fits(c.why, 4'000, "/why"));
  return Changes{{found.first->audience, MessageRetracted{c.thread, c.message, c.why}}};
}

Result<Changes> decide_one(const CaseFold& fold, const SetTrackingId& c, const Ask& ask) {
  const auto known = fold.tracking_ids.find(ask.actor.organisation);
  if (c.tracking_id.empty()) {  // taken off
    if (known == fold.tracking_ids.end()) return fail(ErrorKind::Conflict, "Your organisation has no number of its own for this case.", "/tracking_id");
    return Changes{{own(ask.actor.organisation), TrackingIdSet{ask.actor.organisation, "", {}}}};
  }
  TRY(text_fits(c.tracking_id, 200, "/tracking_id"));
  const auto is_control = [](char ch) { return static_cast<unsigned char>(ch) < 0x20 || ch == 0x7f; };
  if (std::any_of(c.tracking_id.begin(), c.tracking_id.end(), is_control)) return fail(ErrorKind::Invalid, "Write it in one line.", "/tracking_id");
  if (c.url) {
    TRY(text_fits(*c.url, 2'000, "/url"));
    if (!c.url->starts_with("https://") && !c.url->starts_with("http://")) return fail(ErrorKind::Invalid, "Give an address that begins with https:// or http://.", "/url");
    if (std::any_of(c.url->begin(), c.url->end(), [&](char ch) { return is_control(ch) || ch == ' ' || ch == '"' || ch == '<' || ch == '>'; })) return fail(ErrorKind::Invalid, "This is no address.", "/url");
  }
  // Where its own work is tracked is the party's own: it and the coordination read it.
  return Changes{{own(ask.actor.organisation), TrackingIdSet{ask.actor.organisation, c.tracking_id, c.url}}};
}

}  // namespace sluice::cvd::rules
