#include "regimes/network_sets.h"

#include <bit>
#include <map>
#include <numeric>

namespace sluice::regimes::temporal {

namespace {

using Bits = std::vector<std::uint64_t>;

constexpr std::size_t kMostNodes = 400'000;        // of one search by size and first member
constexpr std::size_t kMostAsked = 100'000;        // of one part

void put(Bits& bits, std::size_t i) { bits[i / 64] |= std::uint64_t{1} << (i % 64); }
void take(Bits& bits, std::size_t i) { bits[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }
bool has(const Bits& bits, std::size_t i) { return (bits[i / 64] >> (i % 64) & 1) != 0; }

template <class Do>
void each(const Bits& bits, const Do& what) {
  for (std::size_t word = 0; word < bits.size(); ++word)
    for (auto left = bits[word]; left != 0; left &= left - 1) what(word * 64 + std::size_t(std::countr_zero(left)));
}

std::size_t size_of(Family::ConstRow row, const Bits& within) {
  std::size_t out = 0;
  for (std::size_t word = 0; word < within.size(); ++word) out += std::size_t(std::popcount(row[word] & within[word]));
  return out;
}
bool is_within(Family::ConstRow row, const Bits& within) {
  for (std::size_t word = 0; word < within.size(); ++word)
    if ((row[word] & ~within[word]) != 0) return false;
  return true;
}

// How a set meets the sets of a family: the members that meet one alone, and those that it doesn't meet.
struct Met {
  Bits alone;
  std::vector<std::size_t> unmet;
};
void weigh(const Family& family, const Bits& set, Met& out) {
  out.alone.assign(set.size(), 0), out.unmet.clear();
  for (std::size_t k = 0; k < family.size(); ++k) {
    const auto* row = family[k];
    std::uint64_t met = 0;                         // the one word that holds what is met, while one member alone is
    std::size_t where = 0;
    bool is_more = false;
    for (std::size_t word = 0; word < set.size() && !is_more; ++word)
      if (const auto both = row[word] & set[word]; both != 0) is_more = met != 0 || (both & (both - 1)) != 0, met = both, where = word;
    if (met == 0) out.unmet.push_back(k);
    else if (!is_more) out.alone[where] |= met;
  }
}

}  // namespace

SetFinder::SetFinder(const Constraints& all, const std::vector<Time>& start, const std::vector<Counts>& counts, Work& work) : work_(work), alike_(0), found_(0), reasons_(0) {
  take_over(all, counts);
  search_.emplace(own_, start);
  is_asked_.assign(own_.size(), 0);
  is_kept_.assign(own_.size(), 0);
  found_ = reasons_ = alike_ = Family(members_.size());
  std::map<std::vector<int>, std::size_t> places;
  std::vector<Bits> alike;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const auto [place, is_new] = places.try_emplace(of_[i], alike.size());
    if (is_new) {
      alike_of_.insert(alike_of_.end(), of_[i].begin(), of_[i].end());
      alike_from_.push_back(std::uint32_t(alike_of_.size()));
      alike.emplace_back(found_.words(), 0);
    }
    put(alike[place->second], i);
  }
  for (const auto& one : alike) alike_.add(one.data());
  Bits nobody(found_.words(), 0), everybody(found_.words(), 0);
  for (std::size_t i = 0; i < members_.size(); ++i) put(everybody, i);
  if (ask(everybody) == Enumerated::Yes) {
    is_complete_ = true;
  } else if (ask(nobody) == Enumerated::No) {
    found_.add(nobody.data());
    is_complete_ = true;
  }
}

// Each constraint once, found again by open addressing.
void SetFinder::take_over(const Constraints& all, const std::vector<Counts>& counts) {
  const auto role = [&](Member who) { return who == Network::kNobody ? Counts::Fact : counts[std::size_t(who)]; };
  for (std::size_t i = 0; i < all.size(); ++i)
    if (role(all.who(i)) == Counts::In) members_.push_back(all.who(i));
  std::sort(members_.begin(), members_.end());
  members_.erase(std::unique(members_.begin(), members_.end()), members_.end());
  of_.resize(members_.size());
  std::vector<int> table(std::bit_ceil(2 * all.size() + 1), -1);
  std::vector<char> is_fact;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto as = role(all.who(i));
    if (as == Counts::Out) continue;
    auto at = all.hash(i) & (table.size() - 1);
    while (table[at] >= 0 && !own_.is_same(std::size_t(table[at]), all, i)) at = (at + 1) & (table.size() - 1);
    if (table[at] < 0) {
      table[at] = int(own_.size());
      own_.add(Network::kNobody, all, i, [](Point point) { return point; });
      is_fact.push_back(0);
    }
    const auto own = table[at];
    if (as == Counts::Fact) {
      if (is_fact[std::size_t(own)] == 0) is_fact[std::size_t(own)] = 1, facts_.push_back(own);
    } else {
      of_[std::size_t(std::lower_bound(members_.begin(), members_.end(), all.who(i)) - members_.begin())].push_back(own);
    }
  }
  having_.resize(own_.size());
  for (std::size_t member = 0; member < of_.size(); ++member) {
    auto& own = of_[member];
    std::erase_if(own, [&](int i) { return is_fact[std::size_t(i)] != 0; });
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
    for (const auto i : own) having_[std::size_t(i)].push_back(int(member));
  }
}

Enumerated SetFinder::ask(const Bits& set) {
  ++asked_;
  which_ = facts_, asked_about_ = set;
  each(set, [&](std::size_t member) {
    for (const auto i : of_[member])
      if (is_asked_[std::size_t(i)] == 0) is_asked_[std::size_t(i)] = 1, which_.push_back(i);
  });
  for (const auto i : which_) is_asked_[std::size_t(i)] = 0;
  const auto before = search_->work();
  const auto out = search_->find(which_);
  work_.spend(which_.size() + search_->work() - before);
  gave_up_ = gave_up_ || out == Enumerated::GaveUp || work_.is_over();
  return out;
}

std::optional<bool> SetFinder::can_be_kept(const Set& set) {
  if (is_complete_ && found_.size() == 0) return true;
  auto which = facts_;
  for (const auto one : set)
    if (const auto own = std::lower_bound(members_.begin(), members_.end(), one); own != members_.end() && *own == one) {
      const auto& constraints = of_[std::size_t(own - members_.begin())];
      which.insert(which.end(), constraints.begin(), constraints.end());
    }
  std::sort(which.begin(), which.end());
  which.erase(std::unique(which.begin(), which.end()), which.end());
  const auto out = search_->find(which);
  return out == Enumerated::GaveUp ? std::nullopt : std::optional(out == Enumerated::Yes);
}

// The search stands where the set can be kept: what else can be kept beside it? What can't is a set of which every conflict has a member.
void SetFinder::learn_success() {
  const auto before = search_->work();
  order_.resize(alike_.size());
  std::iota(order_.begin(), order_.end(), 0);
  for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[std::size_t((random() >> 32) * i >> 32)]);
  for (const auto kind : order_) {
    const auto own = asked_by(std::size_t(kind));
    if (std::all_of(own.begin(), own.end(), [&](int i) { return search_->is_on(i) || search_->holds(i); })) continue;
    for (const auto i : own)
      if (!search_->extend(i)) break;
  }
  for (std::size_t i = 0; i < is_kept_.size(); ++i) is_kept_[i] = search_->holds(int(i));
  Bits left(reasons_.words(), 0);
  for (std::size_t kind = 0; kind < alike_.size(); ++kind) {
    const auto own = asked_by(kind);
    if (std::all_of(own.begin(), own.end(), [&](int i) { return is_kept_[std::size_t(i)] != 0; })) continue;
    for (std::size_t word = 0; word < left.size(); ++word) left[word] |= alike_[kind][word];
  }
  work_.spend(2 * own_.size() + search_->work() - before);
  reasons_.add(left.data());
}

// What was just found not to be kept loses one member after the other, until every one is needed.
void SetFinder::learn_failure() {
  const auto blamed = [&] {
    std::vector<std::size_t> out;
    for (const auto i : search_->blame()) {        // of several that have it, one is enough
      const auto& who = having_[std::size_t(i)];
      const auto first = std::find_if(who.begin(), who.end(), [&](int member) { return has(asked_about_, std::size_t(member)); });
      if (first != who.end()) out.push_back(std::size_t(*first));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  };
  const auto bits = [&](const std::vector<std::size_t>& set) {
    Bits out(found_.words(), 0);
    for (const auto member : set) put(out, member);
    return out;
  };
  auto set = blamed();
  for (std::size_t needed = 0; needed < set.size();) {  // the last ones: without one of them the rest can be kept, and so can less
    auto less = set;
    less.erase(less.end() - std::ptrdiff_t(needed) - 1);
    switch (ask(bits(less))) {
      case Enumerated::GaveUp: return;
      case Enumerated::No: set = blamed(); break;
      case Enumerated::Yes: ++needed; break;
    }
  }
  found_.add(bits(set).data());
  is_new_ = true;
}

// ---- by size -----------------------------------------------------------------------------------------------------------------------------------

std::size_t SetFinder::of_size(std::size_t size, Member first) {
  const auto own = std::lower_bound(members_.begin(), members_.end(), first);
  if (is_complete_ || gave_up_ || own == members_.end() || *own != first) return 0;
  const auto before = found_.size();
  Bits chosen(found_.words(), 0), excluded(found_.words(), 0);
  if (reasons_.size() == 0) {
    if (ask(chosen) != Enumerated::Yes) return 0;
    learn_success();
  }
  if (bounded_by_ != reasons_.size()) least_ = least_size(), bounded_by_ = reasons_.size();
  if (least_ > size || (size == 1 && !is_in_all(std::size_t(own - members_.begin())))) return 0;
  for (std::size_t i = 0; i < std::size_t(own - members_.begin()); ++i) put(excluded, i);
  put(chosen, std::size_t(own - members_.begin()));
  nodes_ = 0;
  by_size(size - 1, chosen, excluded);
  return found_.size() - before;
}

bool SetFinder::is_in_all(std::size_t member) const {
  for (std::size_t k = 0; k < reasons_.size(); ++k)
    if ((reasons_[k][member / 64] >> (member % 64) & 1) == 0) return false;
  return true;
}

// Reasons that share no member need one each.
std::size_t SetFinder::least_size() const {
  Bits taken(reasons_.words(), 0);
  std::size_t out = 0;
  for (std::size_t k = 0; k < reasons_.size(); ++k) {
    if (size_of(reasons_[k], taken) != 0) continue;
    ++out;
    for (std::size_t word = 0; word < taken.size(); ++word) taken[word] |= reasons_[k][word];
  }
  return out;
}

// Sets of so many members more that meet every reason. All smaller conflicts are known, so what can't be kept and holds none of them is smallest. And each member of it meets a
// reason that no other member meets: without it the rest would meet all, hold a known conflict, and so would the whole. A branch where one has none leads nowhere.
void SetFinder::by_size(std::size_t more, Bits& chosen, Bits& excluded) {
  if (++nodes_ > kMostNodes || asked_ > kMostAsked || work_.is_over()) return void(gave_up_ = true);
  Met met;
  for (;;) {
    work_.spend((found_.size() + 2 * reasons_.size() + 4) * chosen.size());
    for (std::size_t k = 0; k < found_.size(); ++k)
      if (is_within(found_[k], chosen)) return;
    weigh(reasons_, chosen, met);
    if (met.alone != chosen) return;
    if (!met.unmet.empty()) break;
    switch (ask(chosen)) {
      case Enumerated::GaveUp: return;
      case Enumerated::No: return found_.add(chosen.data());
      case Enumerated::Yes: learn_success();
    }
  }
  if (more == 0) return;
  Bits may(excluded.size());
  for (std::size_t word = 0; word < may.size(); ++word) may[word] = ~excluded[word];
  std::size_t fewest = members_.size() + 1, needed = 0, which = 0;
  auto free = may;
  for (const auto k : met.unmet) {
    const auto* row = reasons_[k];
    const auto count = size_of(row, may);
    if (count == 0) return;
    if (count < fewest) fewest = count, which = k;
    if (size_of(row, free) != count) continue;
    if (++needed > more) return;
    for (std::size_t word = 0; word < free.size(); ++word) free[word] &= ~row[word];
  }
  Bits branches(may.size());
  for (std::size_t word = 0; word < may.size(); ++word) branches[word] = reasons_[which][word] & may[word];
  each(branches, [&](std::size_t member) {
    if (gave_up_) return;
    put(chosen, member);
    by_size(more - 1, chosen, excluded);
    take(chosen, member);
    put(excluded, member);
  });
  each(branches, [&](std::size_t member) { take(excluded, member); });
}

// ---- all of them -------------------------------------------------------------------------------------------------------------------------------

void SetFinder::all(std::size_t most_asked) {
  most_asked_ = asked_ + most_asked;
  is_out_ = false;
  while (!is_complete_ && !gave_up_ && !is_out_) {
    is_new_ = false;
    Bits left(found_.words(), 0), may_leave(found_.words(), 0);
    for (std::size_t i = 0; i < members_.size(); ++i) put(may_leave, i);
    leave(left, may_leave);
    is_complete_ = !is_new_ && !gave_up_ && !is_out_;
  }
}

// Murakami and Uno, "Efficient algorithms for dualizing large-scale hypergraphs" (2014), their MMCS: least sets that meet each of a family, each of them once. Here the family, the known
// conflicts, grows meanwhile; what its new sets would have allowed comes in the next round, and the last round adds none. False: one that has left meets no conflict alone.
bool SetFinder::leave(Bits& left, Bits& may_leave) {
  Met met;
  for (;;) {
    work_.spend((2 * found_.size() + reasons_.size() + 4) * left.size());
    weigh(found_, left, met);
    if (met.alone != left) return false;
    if (!met.unmet.empty()) break;
    for (std::size_t k = 0; k < reasons_.size(); ++k)
      if (is_within(reasons_[k], left)) return true;  // it is known that the rest can be kept
    if (work_.is_over() || asked_ >= std::min(most_asked_, kMostAsked)) return gave_up_ = work_.is_over() || asked_ >= kMostAsked, is_out_ = true;
    Bits rest(left.size(), 0);
    for (std::size_t i = 0; i < members_.size(); ++i)
      if (!has(left, i)) put(rest, i);
    switch (ask(rest)) {
      case Enumerated::Yes: return reasons_.add(left.data()), true;
      case Enumerated::No: learn_failure(); break;
      case Enumerated::GaveUp: break;
    }
    if (gave_up_) return true;
  }
  std::size_t fewest = members_.size() + 1, which = 0;
  for (const auto k : met.unmet)
    if (const auto count = size_of(found_[k], may_leave); count < fewest) fewest = count, which = k;
  Bits branches(left.size());
  for (std::size_t word = 0; word < left.size(); ++word) branches[word] = found_[which][word] & may_leave[word], may_leave[word] &= ~branches[word];
  each(branches, [&](std::size_t member) {
    if (gave_up_ || is_out_) return;
    put(left, member);
    if (leave(left, may_leave)) put(may_leave, member);
    take(left, member);
  });
  for (std::size_t word = 0; word < left.size(); ++word) may_leave[word] |= branches[word];
  return true;
}

std::vector<SetFinder::Set> SetFinder::sets(std::size_t size) const {
  std::vector<Set> out;
  for (std::size_t k = 0; k < found_.size(); ++k) {
    Set set;
    for (std::size_t i = 0; i < members_.size(); ++i)
      if ((found_[k][i / 64] >> (i % 64) & 1) != 0) set.push_back(members_[i]);
    if (set.size() <= size) out.push_back(std::move(set));
  }
  return out;
}

std::uint64_t SetFinder::random() {
  seed_ ^= seed_ << 13, seed_ ^= seed_ >> 7, seed_ ^= seed_ << 17;
  return seed_;
}

}  // namespace sluice::regimes::temporal
