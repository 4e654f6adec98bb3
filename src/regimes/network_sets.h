// Smallest sets of members that can't be kept, in one part of a network.
//
// Two ways to look for them, which know of each other's finds:
//
//   of_size  by size: what breaks every reason known so far why something could be kept. Either it can be kept after all, which is one more such reason, or it can't. Good where
//            small sets are many, and enough.
//   all      by what can be kept: least sets whose leaving breaks all conflicts known so far. Either the rest can be kept then, or it can't, and is shrunk until every member
//            is needed. Ends when there is none left: then all are known.
//
// Always holds
//   S1  Every set of sets() can't be kept, and without any one of its members it can.
//   S2  Without gave_up() none is missing of what of_size() was asked for; where is_complete(), none at all.
//   S3  All finders of one question share its work, which is counted: where it is used up, all of them give up.
#pragma once

#include <optional>

#include "regimes/network_search.h"

namespace sluice::regimes::temporal {

// Sets of small numbers as bits, one behind the other.
class Family {
 public:
  explicit Family(std::size_t members) : words_(std::max<std::size_t>(1, (members + 63) / 64)) {}
  using ConstRow = const std::uint64_t*;
  std::size_t words() const { return words_; }
  std::size_t size() const { return bits_.size() / words_; }
  ConstRow operator[](std::size_t i) const { return bits_.data() + i * words_; }
  void add(ConstRow row) { bits_.insert(bits_.end(), row, row + words_); }

 private:
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

// What one question may cost, in words looked at, roughly: the same question gives up at the same place everywhere.
class Work {
 public:
  explicit Work(std::uint64_t most) : left_(most) {}
  void spend(std::uint64_t words) { left_ -= std::min(left_, words); }
  bool is_over() const { return left_ == 0; }

 private:
  std::uint64_t left_;
};

// What a member is to a question: one of those asked about, a fact, or neither, and then what is on its account doesn't count.
enum class Counts : char { Out, In, Fact };

class SetFinder {
 public:
  using Set = std::vector<Member>;                 // ascending

  // The work must live as long as this.
  SetFinder(const Constraints& all, const std::vector<Time>& start, const std::vector<Counts>& counts, Work& work);

  bool is_complete() const { return is_complete_; }
  const std::vector<Member>& members() const { return members_; }
  bool gave_up() const { return gave_up_; }
  // All of `size` members whose first is `first`; how many are new. All smaller ones have to be known.
  std::size_t of_size(std::size_t size, Member first);
  // All, if no more than so many questions are needed.
  void all(std::size_t most_asked);
  // What is known: in no order; of at most `size` members.
  std::vector<Set> sets(std::size_t size) const;
  // Whether those of the set that are members here can be kept; nothing: the search gave up. It counts no work.
  std::optional<bool> can_be_kept(const Set& set);

 private:
  using Bits = std::vector<std::uint64_t>;

  void take_over(const Constraints& all, const std::vector<Counts>& counts);
  Enumerated ask(const Bits& set);
  void learn_failure();
  void learn_success();
  bool is_in_all(std::size_t member) const;        // the reasons
  std::size_t least_size() const;
  void by_size(std::size_t more, Bits& chosen, Bits& excluded);
  bool leave(Bits& left, Bits& may_leave);
  std::uint64_t random();

  Constraints own_;                                // each once, on whosever account: many rules say the same of a point
  Work& work_;
  std::optional<Search> search_;
  std::vector<Member> members_;
  std::vector<std::vector<int>> of_;               // constraints of each member, ascending, but for facts
  std::vector<std::vector<int>> having_;           // members, by their place here, that have a constraint; a fact: none
  std::vector<int> facts_, which_;
  std::vector<char> is_asked_, is_kept_;           // of each constraint: it is among `which_`; the times keep it
  Bits asked_about_;                               // members, last
  // Members that ask for the same are alike: what keeps one of them keeps all. They lie one behind the other, since all are gone through again and again.
  std::vector<std::uint32_t> alike_from_{0};       // where the constraints of each kind begin
  std::vector<int> alike_of_;
  Family alike_;                                   // who they are
  std::span<const int> asked_by(std::size_t kind) const { return std::span(alike_of_).subspan(alike_from_[kind], alike_from_[kind + 1] - alike_from_[kind]); }
  Family found_, reasons_;                         // what can't be kept; what every conflict has a member of: the rest can be kept
  std::size_t least_ = 0, bounded_by_ = 0;         // no conflict is smaller, as far as so many reasons say
  std::size_t nodes_ = 0, asked_ = 0, most_asked_ = 0;
  std::vector<int> order_;
  std::uint64_t seed_ = 0x9E3779B97F4A7C15;        // the same every time (S2 of the search)
  bool is_complete_ = false, gave_up_ = false, is_new_ = false, is_out_ = false;
};

}  // namespace sluice::regimes::temporal
