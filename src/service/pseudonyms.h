// Pseudonyms: how a member shares in a collection without its readers learning who it is, and stays accountable. docs/pseudonyms.md says what is hidden from whom, and what can't be.
//
// The collection's policy says how many members must share what is said of a sender (k), how much may be said, how long a member waits after it sent by name, and whose trustees
// reveal. A member takes a pseudonym for one collection; taking another replaces it, and the old one goes on only with what it sent. It sends by the header `Sluice-Pseudonym: member-…`, or with a token
// that was bound to the pseudonym and then sends in no other way (pseudonym_sending.h).
//
// In the collection's stream of the ledger (service/collections.h), where nobody's name stands: PseudonymPolicySet (collection, k, says, apart_minutes, trustee).
// In the pseudonym's own stream, which no reader has: PseudonymTaken (pseudonym, collection), TokenBound (pseudonym, token), PseudonymUsed (pseudonym, collection, what, objects), and those of reveals.h.
//
// Always holds
//   S1  Where the collection has no policy, or fewer than k members share what would be said, no pseudonym is given, and none sends.
//   S2  A pseudonym is managed by its own member alone; to everybody else it is one that never was.
//   S3  A token that is bound sends under its pseudonym or not at all; binding is for good.
#pragma once

#include "service/viewers.h"
#include "store/pseudonyms.h"
#include "threat/k_anonymity.h"

namespace sluice::service {

struct SetPseudonymPolicy {
  std::int64_t k = 5;                             // 2 to 1,000
  std::string says;                               // a word of threat::SaidOfSender
  std::int64_t apart_minutes = 10;                // 0 to 1,440
  OrganisationId trustee;
};
BOOST_DESCRIBE_STRUCT(SetPseudonymPolicy, (), (k, says, apart_minutes, trustee))
// For an administrator of the site. Answer {"id"}: the collection's.
Work set_pseudonym_policy(Services& services, Asker asker, std::string collection, SetPseudonymPolicy policy);

// Answer {"id"}: the pseudonym's name.
Work take_pseudonym(Services& services, Asker asker, std::string collection);

struct BindToken {
  TokenId token;                                  // of the asker's own person and organisation, with scopes for collections alone
};
BOOST_DESCRIBE_STRUCT(BindToken, (), (token))
Work bind_token(Services& services, Viewers& viewers, Asker asker, std::string pseudonym, BindToken given);

struct RevealedTo {
  std::string id;
  Instant at;
  std::string reason;
  OrganisationId asked_for;                       // on whose behalf it was asked
};
BOOST_DESCRIBE_STRUCT(RevealedTo, (), (id, at, reason, asked_for))

struct OwnPseudonym {
  std::string name, identity;                     // identity: its identity object's id, for created_by_ref
  bool in_use = true;                             // false: replaced by a newer one
  Instant made;
  std::string sector, region;                     // what is said; "": nothing
  std::int64_t among = 0;                         // so many members could stand behind it now
  std::vector<RevealedTo> revealed;               // to whom, since
};
BOOST_DESCRIBE_STRUCT(OwnPseudonym, (), (name, identity, in_use, made, sector, region, among, revealed))

struct PseudonymsShown {
  std::optional<store::PseudonymPolicy> policy;   // none: the collection takes no pseudonyms
  std::vector<OwnPseudonym> items;                // of the viewer's organisation, newest first
};
BOOST_DESCRIBE_STRUCT(PseudonymsShown, (), (policy, items))
Result<PseudonymsShown> pseudonyms(Services& services, const access::Viewer& viewer, std::string_view collection);

// Those that may send to the collection, but for the site's own organisation: with whom it runs, sector and region. Of organisations with nobody who could send, none.
Result<std::vector<threat::CommunityMember>> community_of(Services& services, store::Queries& db, const store::Collection& collection);
// How many of them could stand behind this one.
std::int64_t standing_behind(std::span<const threat::CommunityMember> members, const store::PseudonymRow& row);

std::unexpected<Error> no_pseudonym();            // of one that isn't there, or another's

// What is written of a pseudonym where no reader looks: with the person and the organisation.
Result<void> write_pseudonym_entry(Unit& unit, const Asker& asker, std::string_view pseudonym, std::string_view action, json::object event, Committed& out);

}  // namespace sluice::service
