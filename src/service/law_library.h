// The packs of this server as a library to look things up in: which rules there are, who is competent, how two regimes compare, what they say of a case given as JSON.
// The same questions as `sluice regimes …` asks offline. They are about texts and a case that the asker gives, never about cases of the site.
#pragma once

#include <utility>

#include "service/services.h"

namespace sluice::service {

// {"items": [{"regime", "title", "jurisdiction", "force", "edition", "rules", "pack"}]}
Result<json::object> all_regimes(Services& services);
// One pack: its readings and every rule with sentence, citation and mark. NotFound.
Result<json::object> one_regime(Services& services, std::string_view id);

// What an evaluation of a case from outside may cost: no more actions, parties and words than this. Invalid, with the place in the case.
Result<void> fits(const json::object& given);
// A question that takes a processor for a while: two at once, so that whoever asks many leaves the pool to others. Unavailable while both are taken.
class Turn {
 public:
  static Result<Turn> take();
  Turn(Turn&& other) noexcept : has_(std::exchange(other.has_, false)) {}
  ~Turn();

 private:
  Turn() = default;
  bool has_ = true;
};

struct RuleQuestion {
  std::vector<std::string> actions, timings, modalities, forces;
  std::string trigger, recipient, precondition, jurisdiction, mark, text, in_force;
  bool unverified = false;
};
// {"found": [...]}; Invalid for a word that the packs don't have.
Result<json::object> find_rules(Services& services, const RuleQuestion& question);

struct BodyQuestion { std::string rule, topic, kind, place, level; };
// {"edition", "competent": [...]}
Result<json::object> competent_bodies(Services& services, const BodyQuestion& question);

// Rule by rule. NotFound for a regime that isn't there.
Result<json::object> compare_regimes(Services& services, std::string_view a, std::string_view b);
// {"items": [{"act", "how", "a", "b"}]}: acts of which several rules speak; of one regime alone its own rules; none named: all packs. `act`, `how`: "" or the ones asked for.
Result<json::object> overlaps_of(Services& services, const std::vector<std::string>& regimes, std::string_view act, std::string_view how);
// {"overlays": [...]}: the amendments that are built in, and what each changes of these packs.
Result<json::object> all_overlays(Services& services);
// Where laws and drafts depart from the yardsticks; none named: all.
Result<json::object> departures_of(Services& services, const std::vector<std::string>& regimes, const std::vector<std::string>& against);

// The answer to a case in the form of docs/formats/regime-case.md; as JSON, or as one printable page.
Result<json::object> evaluate_given(Services& services, const json::value& given);
Result<std::string> page_of_given(Services& services, const json::value& given);
// The Content-Security-Policy under which such a page is shown: its own style, by its hash, and nothing else.
std::string policy_of_page();

}  // namespace sluice::service
