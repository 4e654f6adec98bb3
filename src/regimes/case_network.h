// A case as a temporal network: each act that a rule demands or the plan intends is a point in time, each rule that binds a constraint. Which times a rule allows is not
// read off its text: the rule is asked as everybody asks it (judge.h, duty.h), with points for the times that may still be chosen, until all ways to compare them are
// answered (when.h). So the network says what the rules say, whatever their conditions.
//
// Always holds
//   K1  A set of rules can be kept in the case exactly if their members can in the network. Where a rule has too many answers to be asked for all, `is_cut` says so.
//   K2  Acts are independent, but for those that bring events about: what two duties need may be done twice.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "regimes/duty.h"
#include "regimes/network.h"

namespace sluice::regimes {

inline constexpr std::string_view kEmbargo = "embargo";  // as a member of a set

class CaseNetwork {
 public:
  struct Options {
    bool with_drafts = true;         // as if they bound
    bool is_plan = false;            // each action of the plan is one point, which duties use; what else they need is done beside it
    std::optional<Second> from;      // of a plan: what isn't done yet is done from then on, or, where the plan has it before then, as it was planned
  };
  // A network of this case. The duties are those of its world.
  CaseNetwork(const World& world, const std::vector<const Pack*>& packs, const std::vector<Duty>& duties, const Options& options);
  ~CaseNetwork();
  CaseNetwork(const CaseNetwork&) = delete;
  CaseNetwork& operator=(const CaseNetwork&) = delete;

  static constexpr Network::Time kFar = Network::Time{1} << 40;  // never
  Network network;
  const std::vector<std::string>& members() const { return names_; }     // their order is that of sets: bytes, the embargo last
  std::optional<Network::Member> member(std::string_view id) const;
  bool is_cut() const { return is_cut_; }
  Second begins() const { return earliest_; }                            // nobody acts before
  Network::Point point_of(std::size_t action) const { return own_points_[action]; }  // of a plan
  Second ends() const { return last_; }                                  // well after the last that is known
  // Of a plan: that each action is done, that it is done when it was meant to, that a duty is fulfilled by actions of the plan. Members behind those of the rules.
  struct Wish {
    enum class Kind { Done, ByPlan, At, Left };  // ByPlan: a duty, or the first step that a rule asks for
    Kind kind = Kind::Done;
    std::size_t action = 0;          // of Done, At, Left
    const Rule* rule = nullptr;      // of ByPlan
    const Party* on = nullptr;
    Network::Member member = 0;
    bool is_whole = true;            // of ByPlan: the plan has actions for all whom a duty names
  };
  const std::vector<Wish>& wishes() const { return wishes_; }
  const std::vector<const Duty*>& too_late() const { return too_late_; } // with `from`: can't be kept in time any more
  std::vector<Network::Point> points_of(std::string_view event) const;   // of the actions that bring it about
  // First steps that could be done beside the plan.
  struct Beside {
    const Rule* rule = nullptr;      // that asks for it
    const Party* on = nullptr;
    Network::Point point = Network::kOrigin;
    const Action* act = nullptr;     // what is done, and who is told
  };
  const std::vector<Beside>& beside() const { return beside_; }
  // A further member, with a constraint.
  Network::Member ask(const Network::AtMost& one);

 private:
  using Point = Network::Point;
  using Member = Network::Member;
  using Together = Network::Together;
  using AtMost = Network::AtMost;
  using Step = Trail::Step;

  // Actions of the plan that bring about the same events, of which the case gives no time. Their point is the first of them.
  struct Group {
    std::set<std::string> events;
    std::vector<std::size_t> actions;
    Point point = Network::kOrigin;
  };
  // What the rules say of an act, for times of the groups (local points 1 and on) and of the act (the last).
  struct Opening {
    const Rule* rule = nullptr;      // whose first step opens it
    const Pack* pack = nullptr;
  };
  struct Allowed {
    std::vector<Step> steps;
    std::optional<Opening> opening;
  };
  struct Restriction {
    Member who = Network::kNobody;
    const Rule* rule = nullptr;      // none: the embargo
    std::vector<Allowed> allowed;
  };
  struct Shape {
    Action act;
    bool is_asked = false;
    std::vector<Restriction> restrictions;
  };
  // A way to do what is asked: an act, and the action of the plan that it is.
  struct Way {
    std::size_t shape = 0;
    std::optional<std::size_t> action;
    bool is_own = false;             // with the content that it has
  };
  Member number(const Rule& rule) const;
  bool counts(const Pack& pack) const;
  void set_bounds();
  void find_groups(const std::vector<Duty>& duties);
  bool is_asked(const std::string& event) const;
  std::size_t local_act() const { return groups_.size() + 1; }

  template <class Answer>
  std::vector<std::pair<std::vector<Step>, Answer>> every(std::size_t points, const std::function<Answer(const std::vector<When>&)>& ask, bool with_groups = true);
  void set_times(const std::vector<When>& times);

  std::size_t shape_of(Action act);
  const std::vector<Restriction>& restrictions(std::size_t shape);
  bool brings_about(const Cause& cause, const std::string& type, const Recipients& to) const;
  std::vector<Way> ways(const Applied& rule, const Act& act, const Party& party, const Action* later, const std::optional<Recipient>& to, bool with_plan);
  using Circles = std::vector<std::vector<std::vector<Way>>>;  // of each circle, for each that has to be told, the ways
  Circles circles(const Applied& rule, const Act& act, const Party& party, const Action* later, bool with_plan = true);
  static void add_beside(Circles& all, const Circles& beside);
  using Path = std::vector<const Rule*>;   // rules whose first steps lead here
  const std::vector<std::vector<Step>>& early_enough(const Opening& opening);
  const Circles& first_steps(const Opening& opening, std::size_t shape);
  const std::set<const Rule*>& reach(std::size_t shape);
  Point do_first(const Way& way, const Path& path);
  void restrict(Point point, std::size_t shape, const Path& path);
  void wish(Wish::Kind kind, std::size_t action, std::vector<Together> one_of);
  bool is_done(std::size_t action) const;
  Point make_act(const Way& way);
  Point do_act(const Way& way, const Path& path);
  Point do_for(const Way& way, const Step& from);
  struct Opened {
    Together how;
    bool is_by_plan = true;          // by its own actions, as far as it has any that would do
  };
  std::vector<Opened> opened(const Opening& opening, std::size_t shape, Point later, const Together& when, Path path);
  void need(const Duty& duty);
  Together map(const std::vector<Step>& steps, const std::vector<Point>& points) const;
  std::vector<Point> with(Point act) const;

  Options options_;
  const World& case_;
  const std::vector<const Pack*>& packs_;
  Scenario plan_;                    // its actions' times are the points'
  World world_;
  std::vector<std::string> names_;
  std::unordered_map<const Rule*, Member> numbers_;
  std::vector<Group> groups_;
  std::vector<int> group_of_;        // of each action; -1: none
  std::vector<Point> own_points_;
  std::deque<Shape> shapes_;         // which stay where they are
  std::unordered_map<std::string, std::size_t> shape_keys_;
  std::unordered_map<std::string, Point> done_;   // acts that duties share: the same act, from the same time on
  struct First {
    std::optional<std::size_t> action;
    bool is_own = false;
    const Rule* asked_by = nullptr;  // of a step beside a plan
    std::vector<const Rule*> barred;
    Point point = Network::kOrigin;
  };
  std::unordered_map<std::size_t, std::vector<First>> firsts_;  // of each shape, of the duty or action at hand
  std::unordered_map<const Rule*, std::vector<std::vector<Step>>> early_;
  std::map<std::pair<std::size_t, const Rule*>, Circles> first_steps_;
  std::unordered_map<std::size_t, std::set<const Rule*>> reach_;
  struct Restrictor { const Pack* pack; const Rule* rule; };
  std::unordered_map<const Party*, std::vector<Restrictor>> restrictors_;
  std::vector<Wish> wishes_;
  std::vector<const Duty*> too_late_;
  std::vector<Beside> beside_;
  Network::Member next_ = 0;
  Second earliest_ = 0, last_ = 0;
  bool is_cut_ = false;
  struct Made { Network::Mark from, until; };
  std::unordered_map<std::string, Made> made_;     // what is done for an act that a duty wants, as it was made first
};

}  // namespace sluice::regimes
