// A claim that something leaked, and the drill that it opens: who could have had it, what is found out, how it ended.
//
// A leak decides nothing. Whether something is public is a fact of its own (ClaimFact), whether the embargo ends, who is told and when one publishes are commands
// of their own, each with a person behind it (Vultron: early termination; FIRST multi-party guidelines: respond to early disclosure).
#include <algorithm>

#include "cvd/decide.h"
#include "cvd/happened.h"
#include "cvd/own_product.h"
#include "cvd/reason.h"

namespace sluice::cvd::rules {

namespace {

constexpr int kOpenClaims = 20;   // of one claimant: so that a drill can't be buried

std::unexpected<Error> no_leak() { return fail(ErrorKind::NotFound, "There is no such claim of a leak in this case.", "/leak"); }

// Claimed by a reporter without an account: the report whose stream has the claim. Nothing where two claims of one instant leave it open.
std::optional<ReportId> report_of(const CaseFold& fold, const Leak& leak) {
  std::optional<ReportId> out;
  if (leak.by) return out;
  for (const auto& line : fold.timeline) {
    if (line.type != LeakClaimed::kType || line.recorded != leak.recorded || !line.compartment.report) continue;
    if (out) return std::nullopt;
    out = line.compartment.report;
  }
  return out;
}

// Where the claimant reads it, and coordination. What coordination claims itself, an outsider's hint, stands there alone.
Changes to_claimant(const CaseFold& fold, std::optional<OrganisationId> by, std::optional<ReportId> report, const Event& event) {
  Changes out;
  if (report) out.push_back({of_report(*report), event});   // first, so that the timeline's one line of the two says whose report (report_of)
  else if (by && !coordinates(fold, *by)) out.push_back({own(*by), event});
  out.push_back({coordination(), event});
  return out;
}

const Leak* open_leak(const CaseFold& fold, LeakId id, Result<void>& result) {
  const auto found = std::find_if(fold.leaks.begin(), fold.leaks.end(), [&](const Leak& leak) { return leak.id == id; });
  if (found == fold.leaks.end()) return result = no_leak(), nullptr;
  if (found->outcome) return result = fail(ErrorKind::Conflict, "This drill is over. If something new has turned up, claim that."), nullptr;
  return &*found;
}

}  // namespace

Result<Changes> decide_one(const CaseFold& fold, const ClaimLeak& c, const Ask& ask) {
  TRY(text_fits(c.what, 2'000, "/what"));
  TRY(text_fits(c.where_seen, 2'000, "/where_seen"));
  TRY(text_fits(c.evidence, 20'000, "/evidence"));
  const auto occurred = c.occurred.value_or(ask.occurred);
  if (occurred > ask.now) return fail(ErrorKind::Invalid, "It can't have been seen after now.", "/occurred");
  TRY(is_meant(occurred, "/occurred"));
  const auto by = ask.actor.reporter ? std::nullopt : std::optional(ask.actor.organisation);
  const auto report = ask.actor.reporter ? ask.actor.report : std::nullopt;
  const auto open = std::count_if(fold.leaks.begin(), fold.leaks.end(), [&](const Leak& leak) { return !leak.outcome && (by ? leak.by == by : report_of(fold, leak) == report); });
  if (open >= kOpenClaims) return fail(ErrorKind::Conflict, "You have " + std::to_string(kOpenClaims) + " claims open already. Wait until the case owner has closed some of them.");
  return to_claimant(fold, by, report, LeakClaimed{LeakId::random(ask.random), c.what, c.where_seen, c.evidence, occurred});
}

Result<Changes> decide_one(const CaseFold& fold, const NoteLeak& c, const Ask&) {
  Result<void> is_open;
  if (open_leak(fold, c.leak, is_open) == nullptr) return std::unexpected(is_open.error());
  TRY(text_fits(c.text, 20'000, "/text"));
  auto narrowed = c.narrowed_to.value_or(std::vector<OrganisationId>{});
  for (std::size_t i = 0; i < narrowed.size(); ++i)
    if (fold.participant(narrowed[i]) == nullptr) return fail(ErrorKind::Invalid, "This organisation never had a part in this case.", "/narrowed_to/" + std::to_string(i));
  std::sort(narrowed.begin(), narrowed.end());
  narrowed.erase(std::unique(narrowed.begin(), narrowed.end()), narrowed.end());
  return Changes{{coordination(), LeakNoted{c.leak, c.text, std::move(narrowed)}}};
}

Result<Changes> decide_one(const CaseFold& fold, const CloseLeak& c, const Ask&) {
  Result<void> is_open;
  const auto* leak = open_leak(fold, c.leak, is_open);
  if (leak == nullptr) return std::unexpected(is_open.error());
  TRY(reason_fits(c.why, 4'000, "/why"));
  return to_claimant(fold, leak->by, report_of(fold, *leak), LeakClosed{c.leak, c.outcome, c.why});
}

}  // namespace sluice::cvd::rules
