#include "regimes/unknown_words.h"

#include <algorithm>

namespace sluice::regimes {

namespace {

constexpr std::size_t kMostUnknown = 1'000;
constexpr int kDeepestComponent = 20;

constexpr std::string_view kTopOfCase[] = {"id", "title", "why", "notes", "as_of", "regimes", "assume_in_force", "readings", "parties", "product", "vulnerability", "incident", "embargo", "events", "actions", "expected"};
// Circles that rules name, and a case may too.
constexpr std::string_view kClassesOfBodies[] = {"any", "authority", "foreign", "need-to-know", "not-essential"};
constexpr std::string_view kPlaceFacts[] = {"party.established", "party.operates_in", "product.market", "incident.region", "action.region"};
// What a case's form has beside the facts.
constexpr std::string_view kFormOfCase[] = {"party.id", "party.role", "party.name", "product.id", "product.name", "product.provider", "product.components", "vulnerability.state", "vulnerability.fix", "embargo.parties", "embargo.until", "embargo.covers",
                                      "action.id", "action.actor", "action.type", "action.to", "action.content", "action.at", "action.stage", "action.weight", "party.sectors"};

template <std::size_t N>
bool is_among(const std::string_view (&all)[N], std::string_view word) { return std::find(std::begin(all), std::end(all), word) != std::end(all); }

class UnknownWords {
 public:
  UnknownWords(const Scenario& scenario, const Vocabulary& words) : scenario_(scenario), words_(words) {
    for (const auto& one : scenario.parties) parties_.insert(one.id);
  }

  std::vector<std::string> find(const json::object& root) {
    for (const auto& [key, value] : root)
      if (!is_among(kTopOfCase, key)) add("/" + pointer_token(key));
    for (std::size_t i = 0; i < scenario_.assumed_as_given.size(); ++i)
      if (std::find(scenario_.regimes.begin(), scenario_.regimes.end(), scenario_.assumed_as_given[i]) == scenario_.regimes.end()) add("/assume_in_force/" + std::to_string(i));
    for (std::size_t i = 0; i < scenario_.parties.size(); ++i) {
      const auto where = "/parties/" + std::to_string(i);
      const auto& role = scenario_.parties[i].role;
      if (!role.empty() && !words_.roles.contains(role)) add(where + "/role");
      facts("party", scenario_.parties[i].facts, where);
    }
    if (scenario_.product) facts("product", *scenario_.product, "/product"), providers(*scenario_.product, "/product", 0);
    if (scenario_.vulnerability) facts("vulnerability", *scenario_.vulnerability, "/vulnerability");
    if (scenario_.incident) facts("incident", *scenario_.incident, "/incident");
    if (scenario_.embargo && scenario_.embargo->covers)
      if (const auto* covers = root.at("embargo").as_object().if_contains("covers"))
        for (std::size_t i = 0; i < covers->as_array().size(); ++i)
          if (const auto read = parse_recipients(covers->as_array()[i].as_string()); read && !knows(*read)) add("/embargo/covers/" + std::to_string(i));
    for (const auto& [name, at] : scenario_.events)
      if (!words_.events.contains(std::string_view(name).substr(0, name.find('@')))) add("/events/" + pointer_token(name));
    for (std::size_t i = 0; i < scenario_.actions.size(); ++i) {
      const auto where = "/actions/" + std::to_string(i);
      facts("action", scenario_.actions[i].facts, where);
      if (!knows(scenario_.actions[i].to)) add(where + "/to");
    }
    return std::move(out_);
  }

 private:
  void add(std::string place) {
    if (out_.size() < kMostUnknown) out_.push_back(std::move(place));
  }

  // One of them that isn't known spoils the word, which stands in one text.
  bool knows(const Recipients& all) const {
    return std::all_of(all.begin(), all.end(), [&](const Recipient& one) {
      const bool is_kind = words_.recipients.contains(one.kind) || is_among(kClassesOfBodies, one.kind) || parties_.contains(one.kind);
      const bool is_land = !one.place.empty() && one.place[0] >= 'A' && one.place[0] <= 'Z';  // a place may be a sector too
      return is_kind && (!is_land || words_.knows_place(one.place)) && (one.level.empty() || words_.level(one.level) >= 0);
    });
  }

  bool knows(const std::string& fact, std::string_view word) const { return words_.takes(fact, word) && (!is_among(kPlaceFacts, fact) || words_.knows_place(word)); }

  bool knows(const std::string& fact, const json::value& value) const {
    if (value.is_string()) return knows(fact, std::string_view(value.get_string()));
    if (value.is_bool()) return knows(fact, value.get_bool() ? std::string_view("yes") : std::string_view("no"));
    return value.is_null() || (!words_.facts.contains(fact) && !is_among(kPlaceFacts, fact));
  }

  void facts(std::string_view of, const json::object& object, const std::string& where) {
    for (const auto& [key, value] : object) {
      const auto fact = std::string(of) + "." + std::string(key);
      const auto place = where + "/" + pointer_token(key);
      if (!value.is_array()) {
        if (!knows(fact, value)) add(place);
        continue;
      }
      for (std::size_t i = 0; i < value.get_array().size(); ++i)
        if (!knows(fact, value.get_array()[i])) add(place + "/" + std::to_string(i));
    }
  }

  void providers(const json::object& object, const std::string& where, int depth) {
    if (const auto provider = string_at(object, "provider"); !provider.empty() && !parties_.contains(provider)) add(where + "/provider");
    const auto* inner = object.if_contains("components");
    if (depth >= kDeepestComponent || inner == nullptr || !inner->is_array()) return;
    for (std::size_t i = 0; i < inner->get_array().size(); ++i)
      if (const auto& one = inner->get_array()[i]; one.is_object()) providers(one.get_object(), where + "/components/" + std::to_string(i), depth + 1);
  }

  const Scenario& scenario_;
  const Vocabulary& words_;
  std::set<std::string_view> parties_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> unknown_words(const json::object& root, const Scenario& scenario, const Vocabulary& words) { return UnknownWords(scenario, words).find(root); }

bool is_known_fact(std::string_view pointer, const Vocabulary& words) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 1; from <= pointer.size();) {
    const auto end = std::min(pointer.find('/', from), pointer.size());
    parts.push_back(pointer.substr(from, end - from));
    from = end + 1;
  }
  if (parts.empty() || !is_among(kTopOfCase, parts[0])) return false;
  const bool in_list = parts[0] == "parties" || parts[0] == "actions";
  const std::size_t at = in_list ? 2 : 1;
  if (parts.size() <= at) return true;
  const auto subject = parts[0] == "parties" ? std::string_view("party") : parts[0] == "actions" ? std::string_view("action") : parts[0];
  if (parts[0] == "events") return words.events.contains(parts[1].substr(0, parts[1].find('@')));
  if (!in_list && subject != "product" && subject != "vulnerability" && subject != "incident" && subject != "embargo") return true;
  const auto fact = std::string(subject) + "." + std::string(parts[at]);
  return is_among(kFormOfCase, fact) || words.asked.contains(fact) || words.facts.contains(fact) || words.says.contains(fact);
}

}  // namespace sluice::regimes
