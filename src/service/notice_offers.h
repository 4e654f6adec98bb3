// Notes that nobody owes and that wait for something: what is still missing before one may go, and which drafts are such notes.
#pragma once

#include "service/regimes.h"

namespace sluice::service {

// Why a note that waits for these events can't go yet, in words, by one organisation's view of the case; empty: it can. What isn't known hasn't happened.
std::string not_yet(const Packs& packs, const CaseLaw& law, const cvd::CaseFold& fold, OrganisationId own, const std::vector<std::string>& after);

// The events that this notice waits for: those of its form; or, on another form, of the note that its body is sent where no form of a duty and no remedy needs that body.
std::vector<std::string> waits_for(const Packs& packs, std::string_view form, const std::string& to);

}  // namespace sluice::service
