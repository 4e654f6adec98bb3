// The tables by which an alliance counts and reads: how good an object is, what a gift is worth, what a standing may read. Its members propose them and vote; until one has passed, the built-in one holds.
//
// The alliance is the site: its members are the organisations of the kind `member`, each with one vote, cast by one of its administrators. In the site's stream of the ledger:
//   TableProposed   proposal, kind, table (its name), why
//   TableVoted      proposal, yes, members
//   TableDecided    proposal, kind, table, is_in_force
//
// Always holds
//   V1  A table is in force from the vote on by which more than half of all members are for it; it is refused by the vote that makes that impossible.
//   V2  What was counted before it came into force stays counted by the table of its time.
//   V3  A table that breaks the promises of docs/quality.md can't be proposed.
#pragma once

#include "service/services.h"
#include "store/standing.h"
#include "threat/contribution.h"

namespace sluice::service {

enum class TableKind { Quality, Contribution, Standing };
BOOST_DESCRIBE_ENUM(TableKind, Quality, Contribution, Standing)

struct TableVote {
  OrganisationId organisation;
  bool yes = false;
  Instant at;
};
BOOST_DESCRIBE_STRUCT(TableVote, (), (organisation, yes, at))

struct AllianceTable {
  TableKind kind = TableKind::Quality;
  json::value table;
  OrganisationId by;
  Instant at;
  std::string why;
  std::vector<TableVote> votes;
  std::optional<Instant> decided_at;
  bool is_in_force = false;                       // once it is decided; a later one of its kind takes its place
};
BOOST_DESCRIBE_STRUCT(AllianceTable, (), (kind, table, by, at, why, votes, decided_at, is_in_force))

struct TablesInForce {
  threat::QualityTable quality;
  threat::ContributionRules contribution;
  threat::StandingRules standing;                 // without steps: standing ties nothing
};
Result<TablesInForce> tables_as_of(Services& services, store::Queries& db, Instant at);

// "sha256:…" of a table's canonical JSON.
std::string name_of_table(const json::value& table);

// What is in force, and what was proposed: open ones first, then the newest.
struct ProposalShown {
  std::string id;
  TableKind kind = TableKind::Quality;
  std::string name, state;                        // state: "open", "in_force", "replaced", "refused"
  json::value table;
  OrganisationId by;
  Instant at;
  std::string why;
  std::vector<TableVote> votes;
  std::optional<Instant> decided_at;
};
BOOST_DESCRIBE_STRUCT(ProposalShown, (), (id, kind, name, state, table, by, at, why, votes, decided_at))
struct TablesShown {
  std::int64_t members = 0;                       // that have a vote
  json::value quality, contribution, standing;
  std::vector<ProposalShown> proposals;
};
BOOST_DESCRIBE_STRUCT(TablesShown, (), (members, quality, contribution, standing, proposals))
Result<TablesShown> tables_shown(Services& services);

struct ProposeTable {
  TableKind kind = TableKind::Quality;
  json::value table;
  std::string why;
};
BOOST_DESCRIBE_STRUCT(ProposeTable, (), (kind, table, why))
// Whoever proposes is for it. Invalid, with the place in the table, for one that can't hold.
Work propose_table(Services& services, Asker asker, ProposeTable proposal);

struct VoteOnTable {
  bool yes = false;
};
BOOST_DESCRIBE_STRUCT(VoteOnTable, (), (yes))
// A vote can be changed until the table is decided. NotFound for no such proposal, Conflict for one that is decided.
Work vote_on_table(Services& services, Asker asker, std::string proposal, VoteOnTable vote);

}  // namespace sluice::service
