// The lightest sets that have a member of each of some sets: which wishes a plan breaks, and what gives way where not all can be kept.
//
// Always holds
//   L1  Of every set that is given each member is needed: without it one of the sets has none.
//   L2  Where it gave up, what is given may not be the lightest.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "regimes/network.h"

namespace sluice::regimes {

class Lightest {
 public:
  using Member = Network::Member;
  using Cost = std::vector<std::size_t>;           // broken of each weight, heaviest first
  static constexpr std::size_t kMostTried = 50'000;

  Lightest(const std::vector<std::vector<Member>>& sets, std::function<std::size_t(Member)> weight, std::size_t weights, std::size_t most) : sets_(sets), weight_(std::move(weight)), most_(most), cost_(weights, 0) {}

  // The lightest alone, or all that are smallest.
  std::vector<std::vector<Member>> find(bool only_lightest) {
    only_lightest_ = only_lightest;
    choose();
    std::sort(out_.begin(), out_.end());
    std::vector<std::vector<Member>> out;
    for (auto& [cost, set] : out_)
      if (out.size() < most_ && std::find(out.begin(), out.end(), set) == out.end()) out.push_back(std::move(set));
    return out;
  }
  bool gave_up() const { return nodes_ > kMostTried; }

 private:
  void choose() {
    if (++nodes_ > kMostTried || (only_lightest_ && best_ && *best_ < cost_)) return;
    const auto has = [](const std::vector<Member>& all, Member one) { return std::find(all.begin(), all.end(), one) != all.end(); };
    const auto open = std::find_if(sets_.begin(), sets_.end(), [&](const auto& set) { return std::none_of(set.begin(), set.end(), [&](Member one) { return has(chosen_, one); }); });
    if (open == sets_.end()) {
      auto set = chosen_;
      std::sort(set.begin(), set.end());
      const auto is_needed = [&](Member one) {
        return std::any_of(sets_.begin(), sets_.end(), [&](const auto& each) { return std::count_if(each.begin(), each.end(), [&](Member own) { return std::binary_search(set.begin(), set.end(), own); }) == 1 && std::find(each.begin(), each.end(), one) != each.end(); });
      };
      if (!std::all_of(set.begin(), set.end(), is_needed)) return;
      if (only_lightest_ && (!best_ || cost_ < *best_)) best_ = cost_, out_.clear();
      return out_.emplace_back(cost_, std::move(set)), void();
    }
    // Each choice is made with all before it left out: no set is looked at twice.
    const auto left_out = left_out_.size();
    for (const auto one : *open) {
      if (has(left_out_, one)) continue;
      chosen_.push_back(one), ++cost_[weight_(one)];
      choose();
      chosen_.pop_back(), --cost_[weight_(one)];
      left_out_.push_back(one);
    }
    left_out_.resize(left_out);
  }

  const std::vector<std::vector<Member>>& sets_;
  std::function<std::size_t(Member)> weight_;
  std::size_t most_;
  Cost cost_;
  bool only_lightest_ = false;
  std::optional<Cost> best_;
  std::vector<Member> chosen_, left_out_;
  std::vector<std::pair<Cost, std::vector<Member>>> out_;
  std::size_t nodes_ = 0;
};

}  // namespace sluice::regimes
