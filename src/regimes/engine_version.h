// Which meaning evaluate() gives to a case and its packs: a number that stands with answers that are kept, so that who works one out again later can tell another engine from another answer.
//
// Raised by one in the change after which evaluate() and to_json() answer some case with other bytes than before, though packs and case are the same: a rule read otherwise, a field more, a sentence put
// otherwise. Packs have editions and hashes of their own: a pack that changes raises nothing. engine_version_test.cpp fails when it was forgotten for what its case shows.
#pragma once

namespace sluice::regimes {

inline constexpr int kEngineVersion = 4;

}  // namespace sluice::regimes
