// Conditions of a rule: short sentences that a lawyer can read, parsed once, decided in three values.
//
// The grammar stands in docs/formats/regime-pack.md. What a fact or an event is, the Facts say; here is only what follows from it.
//
// Always holds
//   C1  A condition that was read has no word the grammar doesn't know; where it breaks off, `where` names the column.
//   C2  A fact that isn't given makes a test unknown, and is noted as a question.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "regimes/term.h"
#include "regimes/truth.h"

namespace sluice::regimes {

// When something happened, as far as it is known: between the two, both included.
struct Span {
  When from = 0;
  When to = 0;
  bool operator==(const Span&) const = default;
  bool known() const { return from == to; }
};
inline constexpr Span kNotAtAll{kNever, kNever};
inline bool happens(const Span& span) { return span.to < kNever; }

// The words of a fact: one, or a list.
using Words = std::vector<std::string>;

// What a condition asks about. Made for one pack, one party, perhaps one action, at one instant (world.h).
class Facts {
 public:
  virtual ~Facts() = default;
  virtual std::optional<Words> fact(std::string_view name) const = 0;   // nothing: not given
  virtual bool given(std::string_view name) const = 0;
  virtual Span event(std::string_view name) const = 0;                  // also "action" and "as_of"
  virtual Second start_of(std::chrono::sys_days day) const = 0;
  virtual When instant() const = 0;                                     // the one judged
  virtual std::string reading(std::string_view name) const = 0;
  virtual bool same_or_part(std::string_view whole, std::string_view part) const = 0;  // equal words, or a place that holds the other
  virtual const Calendar& calendar() const = 0;
};

// What a decision rested on.
struct Grounds {
  bool is_kept = true;              // nobody will ask for them otherwise
  std::set<std::string> facts;      // "party.established is CN"
  std::set<std::string> questions;  // facts that nobody gave
  std::set<std::string> readings;   // names of readings that were asked
  void add(const Grounds& other);
  static Grounds unasked() {
    Grounds out;
    out.is_kept = false;
    return out;
  }
};

struct Test {
  enum class Kind { Always, Never, Past, Reading, Given, Is, In, Has, Below, AtLeast, Compare };
  enum class Order { Before, AtOrBefore, After, AtOrAfter };
  struct Time {
    std::string event;                                 // "" where it is a day
    std::optional<std::chrono::sys_days> day;
    int sign = 0;
    Term term;
  };
  Kind kind = Kind::Always;
  std::string name;                                    // of the fact, event or reading
  Words values;
  std::int64_t number = 0;
  Order order = Order::Before;
  Time left, right;
  std::string text;                                    // as it was written
};

class Condition {
 public:
  Condition() = default;                               // always true
  bool is_empty() const { return nodes_.empty(); }
  Truth holds(const Facts& facts, Grounds& grounds) const;
  const std::string& text() const { return text_; }
  const std::vector<Test>& tests() const { return tests_; }  // all of them

 private:
  friend class ConditionReader;
  enum class Op { Test, Not, Known, And, Or };
  struct Node {
    Op op = Op::Test;
    int a = -1, b = -1;
    Test test;
  };
  Truth holds(int node, const Facts& facts, Grounds& grounds) const;
  std::vector<Node> nodes_;
  std::vector<Test> tests_;
  int root_ = -1;
  std::string text_;
};

// Invalid, with "column 12" in `where`.
Result<Condition> parse_condition(std::string_view text);

}  // namespace sluice::regimes
