// Which regimes a case's facts bring into scope, with the reason for each: a proposal, for a person to confirm.
//
//   law, draft   somebody in the case is bound by the regime's scope and by a rule of it
//   policy       its owner takes part
//   advice       always
//
// Where an incident was brings no law in by itself: a law of that place which has duties in an incident, and would speak to the party if it operated there, is asked about.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct ScopeReason {
  std::string party;                       // its id; "" of the case as a whole
  std::vector<std::string> facts;          // "party.established is CN"
};

struct Proposed {
  const Pack* pack = nullptr;
  Truth in = Truth::False;                 // unknown: the questions say what isn't known
  std::vector<ScopeReason> because;
  std::vector<std::string> questions;
};

// The rules of laws not yet repealed that speak to a party of the case by what it is: their scope and subject, as far as it is known. What a rule asks of acts and events isn't asked.
std::set<std::string> spoken_to(const Scenario& scenario, const Library& library, const Party& party);

// Every pack of the library, by id.
std::vector<Proposed> propose_scope(const Scenario& scenario, const Library& library);

// A law of a later time, or a repealed one: whatever the scope says, nothing follows from it at that instant. Of rules that begin at different times the first counts.
bool is_not_law_yet(const Pack& pack, Second at);
bool is_law_no_more(const Pack& pack, Second at);

}  // namespace sluice::regimes
