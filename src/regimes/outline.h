// A rule by itself, without a case: what it asks of whom, when and to whom, in words that two rules can be compared by.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

// Which choices hold, and as of when. No instant: the packs as they are now, whatever their dates.
struct Standpoint {
  std::map<std::string, std::string> readings;   // "regime.reading"; what isn't named takes its default
  std::optional<Second> as_of;
};

// Whether its readings and choices are there. NotFound, with "/readings/…" in `where`.
Result<void> check(const Standpoint& standpoint, const Library& library);

// The rules of packs under a standpoint. Keep it as long as what it gave.
class Shelf {
 public:
  Shelf(const Library& library, Standpoint standpoint);
  Shelf(const Shelf&) = delete;
  const Library& library() const { return library_; }
  const Standpoint& standpoint() const { return standpoint_; }
  Applied applied(const Pack& pack, const Rule& rule) const { return regimes::applied(world_, pack, rule); }
  // A condition where nothing of a case is known: decided only by readings.
  Truth holds(const Pack& pack, const Rule& rule, const Condition& condition, Grounds& grounds) const;
  std::string document(const Pack& pack) const;                    // the edition's name, or the title
  std::string clause(const Pack& pack, const Rule& rule) const;    // the edition's name and number, or the rule's citation
  bool is_in_force(const Pack& pack, const Rule& rule) const;      // always, where no instant is given
  Second as_of() const { return standpoint_.as_of.value_or(kNever - 1); }

 private:
  const Library& library_;
  Standpoint standpoint_;
  Scenario scenario_;
  World world_;
};

// What a document was called at an instant: of a standard the edition that speaks, else the title. And a rule's place in it.
std::string document_at(const Pack& pack, Second as_of);
std::string clause_at(const Pack& pack, const Rule& rule, Second as_of);

struct Outline {
  Applied rule;
  std::set<std::string> types;   // of acts; empty: any, if there is an act
  std::string on, trigger, action, recipient, time, precondition, modality;
  std::string event;             // that a term runs from, or a ban ends with
};
Outline outline(const Shelf& shelf, const Pack& pack, const Rule& rule);

std::string to_text(const Due& due);

// Whether telling one and the same body could be telling both: kinds, and what they hold; places and levels aside.
bool meet(const Circles& a, const Circles& b, const Vocabulary& words);

// The packs of these ids, in their order; none named: all. NotFound.
Result<std::vector<const Pack*>> packs_named(const Library& library, const std::vector<std::string>& ids);

}  // namespace sluice::regimes
