#include "access/authorize.h"

#include <algorithm>

#include "access/rights.h"

namespace sluice::access {

namespace {

constexpr auto kActions = [] {
  std::array<Action, kRights.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<Action>(i);
  return out;
}();

bool is_met(Needs needs, Principal principal, const Viewer& viewer, const Standing& s) {
  if (needs == Needs::Nothing) return true;
  if (!knows_case(viewer, s)) return false;
  const bool reported = principal == Principal::Finder && !s.own_reports.empty();
  if (principal == Principal::InstanceAdmin) return true;  // knows it by break-glass alone, and its cells say what that opens
  const bool confirmed = s.is_owner || s.admission == Place::Confirmed;
  switch (needs) {
    case Needs::Nothing:
    case Needs::Known: return true;
    case Needs::Terms: return s.is_owner || s.may_see_terms || reported;
    case Needs::Place: return confirmed || reported;
    case Needs::Content: return s.is_owner || (confirmed && s.may_read_content);
  }
  return false;
}

enum class Answer { No, Second, Yes };

Answer answer(char cell, const Viewer& viewer, const Standing& s) {
  const auto yes_if = [](bool condition) { return condition ? Answer::Yes : Answer::No; };
  switch (cell) {
    case 'y': return Answer::Yes;
    case 'o': return yes_if(s.is_own_object);
    case '2': return Answer::Second;
    case 'w': return s.is_own_object ? Answer::Second : Answer::No;
    case 'L': return s.is_last_coordinator ? Answer::Second : Answer::Yes;
    case 'r': {
      const auto report = viewer.kind == Viewer::Kind::Reporter ? viewer.report : s.report;
      return yes_if(report && std::find(s.own_reports.begin(), s.own_reports.end(), *report) != s.own_reports.end() && (!s.report || s.report == report));
    }
    case 'p': return yes_if(s.is_put_to_viewer);
    case 'g': return yes_if(s.is_behind_glass);
    case 'l': return yes_if(s.owner_lets_coordinators_settle);
    case 'h': return yes_if(s.is_shared_identity);
    case 'a': return yes_if(viewer.role == SiteRole::Admin);
    case 's': return yes_if(viewer.is_of_site || s.is_own_object);
    case 'k': return yes_if(viewer.organisation_kind == OrganisationKind::Vendor || viewer.organisation_kind == OrganisationKind::Coordinator);
    case 'R': return yes_if(s.is_granted_read);
    case 'W': return yes_if(s.is_granted_write);
    default: return Answer::No;
  }
}

std::string why_not(char cell, const Right& right) {
  switch (cell) {
    case 'o': return "Only the organisation that this belongs to may do it.";
    case 'w': return "Only the case's owner may do this, by two of its people.";
    case 'l': return "The case owner hasn't let coordinators do this.";
    case 'a': return "Only an administrator of the organisation may do this.";
    case 'k': return "Only vendors and coordinators do this.";
    case '-': return "Your part here doesn't let you " + std::string(right.words) + ".";
    default: return "This isn't open to your organisation.";
  }
}

std::string why_unmet(Needs needs) {
  switch (needs) {
    case Needs::Place: return "Your organisation must be a confirmed participant first.";
    case Needs::Content: return "Your organisation must be a confirmed participant that agreed to the terms in force.";
    default: return "This isn't open to your organisation.";
  }
}

void add_part_in_case(std::vector<Principal>& out, const Viewer& viewer, const Standing& s) {
  using enum CaseRole;
  if (!s.own_reports.empty()) out.push_back(Principal::Finder);
  if (s.is_owner) out.push_back(Principal::CaseOwner);
  if (s.is_admitted_coordinator) out.push_back(Principal::Coordinator);

  const bool takes_part = s.is_owner || s.admission != Place::None;
  const bool makes = s.has(Vendor) || s.has(Deployer) || s.has(Cna) ||
                     (s.roles.empty() && (s.is_owner ? viewer.organisation_kind == OrganisationKind::Vendor : takes_part && !s.is_admitted_coordinator));
  if (takes_part && makes) out.push_back(Principal::VendorMember);
  if (takes_part && (s.has(Finder) || s.has(Reporter)) && s.own_reports.empty()) out.push_back(Principal::Finder);
  if (takes_part && out.empty()) out.push_back(Principal::Observer);  // also a coordinator that is only invited yet
}

}  // namespace

std::span<const Action> all_actions() { return kActions; }
std::string_view words_for(Action action) { return right_of(action).words; }

std::vector<Principal> principals_of(const Viewer& viewer, const Standing& s) {
  if (viewer.kind == Viewer::Kind::Nobody) return {Principal::Nobody};
  if (viewer.kind == Viewer::Kind::Reporter) return {Principal::Finder};
  if (!viewer.is_signed_in()) return {};
  if (viewer.is_instance_admin) return {Principal::InstanceAdmin};
  switch (viewer.role) {
    case SiteRole::Counsel: return {Principal::Counsel};
    case SiteRole::Trustee: return {Principal::Trustee};
    case SiteRole::Auditor: return {Principal::Auditor};
    case SiteRole::Staff:
    case SiteRole::Admin: break;
  }
  std::vector<Principal> out;
  add_part_in_case(out, viewer, s);
  // An administrator is one of its vendor in the case, and of its organisation outside of cases.
  if (viewer.role == SiteRole::Admin && (out.empty() || std::find(out.begin(), out.end(), Principal::VendorMember) != out.end())) out.push_back(Principal::VendorAdmin);
  out.push_back(Principal::SharingMember);
  std::sort(out.begin(), out.end());
  return out;
}

namespace {

// Whoever can't is told which colleagues can. It tells what the table says and what the viewer's own organisation is, nothing of others.
std::string who_may(const Viewer& viewer, const Right& right, const Standing& standing) {
  if (!viewer.is_signed_in() || viewer.is_instance_admin || right.needs == Needs::Nothing) return {};
  const auto may = [&](SiteRole role) {
    auto colleague = viewer;
    colleague.role = role;
    const auto all = principals_of(colleague, standing);
    return std::any_of(all.begin(), all.end(), [&](Principal principal) { return is_met(right.needs, principal, colleague, standing) && answer(right.cells[static_cast<std::size_t>(principal)], colleague, standing) != Answer::No; });
  };
  if (viewer.role != SiteRole::Staff && may(SiteRole::Staff)) return " The staff of your organisation may.";
  if (viewer.role != SiteRole::Admin && may(SiteRole::Admin)) return " An administrator of your organisation may.";
  return {};
}

}  // namespace

Decision authorize(const Viewer& viewer, Action action, const Standing& standing) {
  const auto& right = right_of(action);
  if (viewer.kind == Viewer::Kind::System) return {.allowed = true};

  const Decision hidden{.hide = true};
  if (right.needs != Needs::Nothing && !knows_case(viewer, standing)) return hidden;

  auto best = Answer::No;
  std::string reason;
  int closeness = 0;  // of several columns, the one that came closest says why not
  for (const auto principal : principals_of(viewer, standing)) {
    const char cell = right.cells[static_cast<std::size_t>(principal)];
    const bool met = is_met(right.needs, principal, viewer, standing);
    const auto given = met ? answer(cell, viewer, standing) : Answer::No;
    best = std::max(best, given);
    const int close = cell == '-' ? 1 : met ? 3 : 2;
    if (given == Answer::No && close > closeness) {
      closeness = close;
      reason = cell == '-' || met ? why_not(cell, right) : why_unmet(right.needs);
    }
  }
  if (best == Answer::No) {
    if (right.refusal == Refusal::Hidden) return hidden;
    if (const auto colleagues = who_may(viewer, right, standing); !colleagues.empty()) return Decision{.reason = why_not('-', right) + colleagues};
    return Decision{.reason = std::move(reason)};
  }

  // Asked last, so that a token without the scope can't tell a hidden thing from one that isn't there.
  if (viewer.kind == Viewer::Kind::Machine) {
    if (right.scope.empty()) return {.reason = "A token can't do this; a person must."};
    if (!viewer.has_scope(from_word<Scope>(right.scope).value())) return {.reason = "This token lacks the scope " + std::string(right.scope) + "."};
  }
  return {.allowed = true, .needs_second_person = best == Answer::Second};
}

Result<Decision> require(const Viewer& viewer, Action action, const Standing& standing) {
  auto decision = authorize(viewer, action, standing);
  if (decision.allowed) return decision;
  if (viewer.kind == Viewer::Kind::Nobody) return fail(ErrorKind::Unauthenticated, "Sign in, or send a token, to do this.");
  if (decision.hide) return fail(ErrorKind::NotFound, "There is nothing here.");
  return fail(ErrorKind::Forbidden, std::move(decision.reason));
}

}  // namespace sluice::access
