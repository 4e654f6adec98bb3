// A report that went to a body of the wrong kind, level or place: it fulfils nothing (D2), and here is which body it should have gone to, with the basis of its remit.
//
// Never changes an answer: it only says more of one.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct WrongBody {
  const Action* action = nullptr;
  std::vector<Recipient> asked;        // whom the rule asks for and the action didn't tell, with the place where that is known
  std::vector<Competent> right;
};

// Of a duty that isn't met, or was met late after a report that went elsewhere; and of a ban that stands because its first step isn't done.
std::vector<WrongBody> wrong_bodies(const Evaluation& evaluation, const Duty& duty);
std::vector<WrongBody> wrong_bodies(const Evaluation& evaluation, const Verdict& verdict);

// "a2 went to X, which fulfils nothing here; asked is Y, that is: name of the body (basis of its remit)"
std::string to_text(const WrongBody& wrong);

// The bodies that a rule asks for, by the directory; `place`: "" where it isn't known. For rules that ask for no body of the directory: empty.
std::vector<Competent> right_bodies(const Directory& directory, const Vocabulary& words, const Rule& rule, const RuleBody& body, const std::string& place);

}  // namespace sluice::regimes
