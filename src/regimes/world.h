// What is known in a case: facts, events and whose they are, who is told by an action. The ground that every rule is judged on.
//
// Always holds
//   W1  An event with a time in the case keeps it; else what the plan's actions bring about, whatever becomes of them; else what the vulnerability's state says
//       of as_of; else it hasn't happened.
//   W2  What isn't given is unknown, but a list that isn't given is empty, a product is supported, and is a product.
#pragma once

#include <map>
#include <memory>

#include "regimes/pack.h"
#include "regimes/scenario.h"

namespace sluice::regimes {

class World {
 public:
  World(const Scenario& scenario, const Vocabulary& words) : scenario(scenario), words(words) {}

  const Scenario& scenario;
  const Vocabulary& words;

  // An event of the vocabulary, as the party sees it (nobody: of the case).
  enum class By { Anything, Statement };   // a statement of the case, not an action of the plan
  Span event(std::string_view name, const Party* party, By by = By::Anything) const;
  bool is_given(std::string_view name, const Party* party) const;   // the case gives its time
  // The notification stage of an incident's ladder, once an action was found to be it.
  void made(std::string event, When at) { made_.emplace(std::move(event), at); }
  bool has_made() const { return !made_.empty(); }

  bool is_assumed(const Pack& pack) const { return scenario.assumed.contains(pack.id); }
  // Force of what a pack says here: a draft that is assumed in force is law.
  Force force_of(const Pack& pack) const { return pack.force == Force::Draft && is_assumed(pack) ? Force::Law : pack.force; }

  // Whether telling `told` tells `asked`, which is of a rule of `pack`. `place`: where the body must be ("" : wherever), nothing: nobody said where.
  Truth tells(const Recipient& told, const Recipient& asked, const Pack& pack, const std::optional<std::string>& place) const;
  // Whether an agreed embargo forbids telling this one.
  bool embargoed(const Recipient& told) const;
  bool is_elsewhere(const Recipient& told, std::string_view place) const;
  // A change of readings for worlds beside the case's own.
  std::map<std::string, std::string> other_readings;  // "regime.reading"
  std::string choice(const Pack& pack, const Rule* rule, std::string_view reading) const;

 private:
  struct Body { std::string kind, place, level; };
  std::vector<Body> bodies(const Recipient& told) const;
  bool is_beyond(const Body& body, const Pack& pack) const;
  std::optional<Span> given(std::string_view name) const;
  std::optional<When> caused(std::string_view name) const;
  Truth is_foreign(const Recipient& told, const Pack& pack) const;
  template <typename Abroad>
  Truth is_foreign_to(const Recipient& told, const Abroad& abroad) const;  // abroad(place): whether that lies abroad
  // A role that somebody in the case has, and nobody but those.
  bool has_only(const Recipient& told, const std::set<std::string>& inside) const;
  Truth is_needed(const Recipient& told) const;
  std::map<std::string, When> made_;
};

// The facts for one rule: of a party, at an instant, perhaps about an action.
class RuleFacts final : public Facts {
 public:
  RuleFacts(const World& world, const Pack& pack, const Rule* rule, const Party* party, const Action* action, When at)
      : world_(world), pack_(pack), rule_(rule), party_(party), action_(action), at_(at) {}

  std::optional<Words> fact(std::string_view name) const override;
  bool given(std::string_view name) const override;
  Span event(std::string_view name) const override;
  Second start_of(std::chrono::sys_days day) const override { return pack_.calendar.zone.start_of(day); }
  When instant() const override { return at_; }
  std::string reading(std::string_view name) const override { return world_.choice(pack_, rule_, name); }
  bool same_or_part(std::string_view whole, std::string_view part) const override { return world_.words.same_or_part(whole, part); }
  const Calendar& calendar() const override { return pack_.calendar; }

 private:
  std::optional<Words> of_own_actions(std::string_view key) const;
  const World& world_;
  const Pack& pack_;
  const Rule* rule_;
  const Party* party_;
  const Action* action_;
  When at_;
};

}  // namespace sluice::regimes
