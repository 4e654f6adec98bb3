#include "service/alliance_tables.h"

#include <algorithm>

#include "service/collections.h"
#include "service/site_log.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostOpenTables = 20, kMostTables = 500, kMostBytesOfTable = 64 << 10;

Result<void> is_for_members(const access::Viewer& viewer) {
  TRY(access::require(viewer, access::Action::VoteOnTables, {}));
  if (viewer.organisation_kind != access::OrganisationKind::Member) return fail(ErrorKind::Forbidden, "Members of the alliance vote: organisations of the kind `member`.");
  return {};
}

Result<void> check_table(TableKind kind, const json::value& table) {
  const auto of = [](Error error) {
    error.where = "/table" + error.where;
    return std::unexpected(std::move(error));
  };
  const auto checked = [&]<class T>() -> Result<void> {
    const auto read = from_json<T>(table);
    if (!read) return of(read.error());
    if (const auto sound = threat::check(*read); !sound) return of(sound.error());
    return {};
  };
  if (canonical(table).size() > kMostBytesOfTable) return fail(ErrorKind::Invalid, "A table has at most " + std::to_string(kMostBytesOfTable) + " bytes.", "/table");
  switch (kind) {
    case TableKind::Quality: return checked.template operator()<threat::QualityTable>();
    case TableKind::Contribution: return checked.template operator()<threat::ContributionRules>();
    case TableKind::Standing: return checked.template operator()<threat::StandingRules>();
  }
  return {};
}

Result<std::vector<std::pair<std::string, AllianceTable>>> all_tables(Services& services, store::Queries& db) {
  std::vector<std::pair<std::string, AllianceTable>> out;
  TRY(auto rows, store::alliance_tables(db, services.cells()));
  for (auto& row : rows) {
    TRY(auto table, from_json<AllianceTable>(row.body));
    out.emplace_back(std::move(row.id), std::move(table));
  }
  return out;
}

Result<std::int64_t> count_members(Services& services, store::Queries& db) {
  TRY(const auto all, store::organisations(db, services.cells()));
  return static_cast<std::int64_t>(std::count_if(all.begin(), all.end(), [](const store::OrganisationRow& one) { return one.kind == access::OrganisationKind::Member; }));
}

// What stands at `at` of each kind: the last that came into force by then.
const AllianceTable* in_force(const std::vector<std::pair<std::string, AllianceTable>>& all, TableKind kind, Instant at) {
  const AllianceTable* out = nullptr;
  for (const auto& [id, one] : all)
    if (one.kind == kind && one.is_in_force && one.decided_at && *one.decided_at <= at && (!out || *out->decided_at <= *one.decided_at)) out = &one;
  return out;
}

Result<TablesInForce> tables_in(const std::vector<std::pair<std::string, AllianceTable>>& all, Instant at) {
  TablesInForce out;
  if (const auto* one = in_force(all, TableKind::Quality, at)) {
    TRY(out.quality, from_json<threat::QualityTable>(one->table));
  }
  if (const auto* one = in_force(all, TableKind::Contribution, at)) {
    TRY(out.contribution, from_json<threat::ContributionRules>(one->table));
  }
  if (const auto* one = in_force(all, TableKind::Standing, at)) {
    TRY(out.standing, from_json<threat::StandingRules>(one->table));
    out.standing.is_by_vote = true;
  }
  return out;
}

// V1. Nothing while both are still possible.
std::optional<bool> outcome(const AllianceTable& table, std::int64_t members) {
  const auto yes = std::count_if(table.votes.begin(), table.votes.end(), [](const TableVote& vote) { return vote.yes; });
  const auto no = static_cast<std::int64_t>(table.votes.size()) - yes;
  if (yes * 2 > members) return true;
  if (no * 2 >= members) return false;
  return std::nullopt;
}

Result<void> settle(Unit& unit, const Asker& asker, const std::string& id, AllianceTable& table, std::int64_t members, Committed& out) {
  const auto is_passed = outcome(table, members);
  if (!is_passed) return {};
  table.decided_at = unit.now(), table.is_in_force = *is_passed;
  TRY(auto written, write_site_entry(unit, asker, {"table.decide", id, {{"type", "TableDecided"}, {"v", 1}, {"proposal", id}, {"kind", to_word(table.kind)}, {"table", name_of_table(table.table)}, {"is_in_force", *is_passed}}}, {}));
  for (auto& entry : written.entries) out.entries.push_back(std::move(entry));
  return {};
}

}  // namespace

std::string name_of_table(const json::value& table) { return "sha256:" + hex(sha256(bytes_of(canonical(table)))); }

Result<TablesInForce> tables_as_of(Services& services, store::Queries& db, Instant at) {
  TRY(const auto all, all_tables(services, db));
  return tables_in(all, at);
}

Result<TablesShown> tables_shown(Services& services) {
  TRY(auto db, services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  TRY(const auto all, all_tables(services, tx));
  const auto now = services.clock.now();
  TRY(const auto tables, tables_in(all, now));
  TablesShown out;
  TRY(out.members, count_members(services, tx));
  out.quality = to_json(tables.quality), out.contribution = to_json(tables.contribution), out.standing = to_json(tables.standing);
  for (const auto& [id, one] : all) {
    const bool is_current = in_force(all, one.kind, now) == &one;
    const std::string state = !one.decided_at ? "open" : !one.is_in_force ? "refused" : is_current ? "in_force" : "replaced";
    out.proposals.push_back({id, one.kind, name_of_table(one.table), state, one.table, one.by, one.at, one.why, one.votes, one.decided_at});
  }
  std::reverse(out.proposals.begin(), out.proposals.end());
  std::stable_partition(out.proposals.begin(), out.proposals.end(), [](const ProposalShown& one) { return one.state == "open"; });
  return out;
}

Work propose_table(Services& services, Asker asker, ProposeTable proposal) {
  return [&services, asker = std::move(asker), proposal = std::move(proposal)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(is_for_members(asker.viewer));
    if (proposal.why.empty() || proposal.why.size() > 4000) return fail(ErrorKind::Invalid, "Say why, in 1 to 4,000 bytes.", "/why");
    TRY(check_table(proposal.kind, proposal.table));
    TRY(const auto all, all_tables(services, unit.writing().tx()));
    const auto open = std::count_if(all.begin(), all.end(), [](const auto& one) { return !one.second.decided_at; });
    if (static_cast<std::size_t>(open) >= kMostOpenTables || all.size() >= kMostTables) return fail(ErrorKind::Conflict, "There are as many proposals as are kept; vote on those that are open first.", {}, {}, "too-many-proposals");
    TRY(const auto members, count_members(services, unit.writing().tx()));
    const auto own = *asker.viewer.organisation;
    AllianceTable made{.kind = proposal.kind, .table = proposal.table, .by = own, .at = unit.now(), .why = proposal.why, .votes = {{own, true, unit.now()}}, .decided_at = {}, .is_in_force = false};
    const auto id = random_uuid(services.random);
    TRY(auto out, write_site_entry(unit, asker, {"table.propose", id, {{"type", "TableProposed"}, {"v", 1}, {"proposal", id}, {"kind", to_word(made.kind)}, {"table", made.table}, {"why", made.why}}}, {{"id", id}}));
    TRY(settle(unit, asker, id, made, members, out));
    TRY(store::add_alliance_table(unit.writing(), {id, to_json(made)}));
    return out;
  };
}

Work vote_on_table(Services& services, Asker asker, std::string proposal, VoteOnTable vote) {
  return [&services, asker = std::move(asker), proposal = std::move(proposal), vote](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(is_for_members(asker.viewer));
    TRY(auto all, all_tables(services, unit.writing().tx()));
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == proposal; });
    if (found == all.end()) return fail(ErrorKind::NotFound, "There is no such proposal.");
    auto& table = found->second;
    if (table.decided_at) return fail(ErrorKind::Conflict, "This was decided; propose another table.", {}, {}, "decided");
    TRY(const auto members, count_members(services, unit.writing().tx()));
    const auto own = *asker.viewer.organisation;
    std::erase_if(table.votes, [&](const TableVote& one) { return one.organisation == own; });
    table.votes.push_back({own, vote.yes, unit.now()});
    TRY(auto out, write_site_entry(unit, asker, {"table.vote", proposal, {{"type", "TableVoted"}, {"v", 1}, {"proposal", proposal}, {"yes", vote.yes}, {"members", members}}}, {{"id", proposal}}));
    TRY(settle(unit, asker, proposal, table, members, out));
    TRY(store::change_alliance_table(unit.writing(), {proposal, to_json(table)}));
    return out;
  };
}

}  // namespace sluice::service
