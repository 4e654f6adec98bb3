#include "regimes/compare.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace sluice::regimes {

namespace {

bool is_kept(const Outline& one) { return one.rule.body->modality != Modality::Definition && one.rule.body->modality != Modality::Sanction; }

// What an act of the one and of the other type share: a type, or "" where either takes any.
bool share_type(const Outline& a, const Outline& b) {
  if (!a.rule.body->act || !b.rule.body->act) return false;
  if (a.types.empty() || b.types.empty()) return true;
  return std::any_of(a.types.begin(), a.types.end(), [&](const std::string& type) { return b.types.contains(type); });
}

bool share_content(const Act& a, const Act& b) {
  if (a.content.empty() || b.content.empty() || a.how == Act::Content::Only || b.how == Act::Content::Only) return true;
  return std::any_of(a.content.begin(), a.content.end(), [&](const std::string& one) { return b.content.contains(one); });
}

bool on_one_topic(const RuleBody& a, const RuleBody& b) {
  const auto departs = [](const RuleBody& from, const RuleBody& norm) {
    return std::any_of(from.against.begin(), from.against.end(), [&](const Topic& topic) { return std::find(norm.norm.begin(), norm.norm.end(), topic.topic) != norm.norm.end(); });
  };
  return departs(a, b) || departs(b, a);
}

bool closes(Modality one) { return one == Modality::MustNot || one == Modality::ShouldNot; }

// What two sentences share, weighed by how rare a word is in both texts. Words by their first letters, so that "publish" is "publication".
class Wording {
 public:
  void add(const std::string& sentence) {
    ++sentences_;
    for (const auto& word : words_of(sentence)) ++in_[word];
  }
  // 0 to 1.
  double alike(const std::string& a, const std::string& b) const {
    const auto left = words_of(a), right = words_of(b);
    double same = 0, all = 0;
    for (const auto& word : left) (right.contains(word) ? same : all) += weight(word);
    for (const auto& word : right) all += weight(word);
    return all > 0 ? same / all : 0;
  }
  // Of a few words each counts the same.
  static double overlap(const std::string& a, const std::string& b) {
    const auto left = words_of(a), right = words_of(b);
    const auto same = std::count_if(left.begin(), left.end(), [&](const std::string& word) { return right.contains(word); });
    return same == 0 ? 0 : double(same) / double(left.size() + right.size() - std::size_t(same));
  }

 private:
  static std::set<std::string> words_of(const std::string& sentence) {
    static const std::set<std::string> kSmall{"the", "and", "for", "that", "which", "who", "whom", "are", "its", "they", "them", "their", "this", "with", "from", "not", "nor", "neither", "must", "may", "what",
                                              "where", "when", "until", "before", "after", "only", "other", "others", "one", "any", "both", "has", "have", "had", "does"};
    constexpr std::size_t kStem = 6;
    std::set<std::string> out;
    std::string word;
    const auto end = [&] {
      if (word.size() >= 3 && !kSmall.contains(word)) out.insert(word.substr(0, kStem));
      word.clear();
    };
    for (const char c : sentence) {
      const char low = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
      if (low >= 'a' && low <= 'z') word += low;
      else end();
    }
    return end(), out;
  }
  double weight(const std::string& word) const {
    const auto found = in_.find(word);
    return found == in_.end() ? 0 : std::log(1.0 + double(sentences_) / double(found->second));
  }

  std::map<std::string, int> in_;
  int sentences_ = 0;
};

struct FactsAsked {
  std::set<std::string> facts;    // of the case and the act, its type and content aside
  std::set<std::string> manner;   // of the act: that it overstates, that it reports a breach
};
FactsAsked facts_asked(const RuleBody& body) {
  FactsAsked out;
  const auto add = [&](const Condition& condition) {
    for (const auto& test : condition.tests()) {
      using enum Test::Kind;
      const bool of_fact = test.kind == Is || test.kind == In || test.kind == Has || test.kind == Below || test.kind == AtLeast;
      if (!of_fact || test.name.starts_with("party.") || test.name == "action.type" || test.name == "action.content") continue;
      out.facts.insert(test.name);
      if (test.kind == Is && test.name.starts_with("action.") && test.values == std::vector<std::string>{"yes"}) out.manner.insert(test.name);
    }
  };
  add(body.when);
  if (body.act) add(body.act->condition);
  return out;
}

bool share_any(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& one) { return b.contains(one); });
}

constexpr int kLeastLike = 8;     // below, two rules have no more in common than that both are rules

// How much two rules are about the same thing, by act, subject and topic; below kLeastLike they aren't. One topic is enough.
int likeness(const Outline& a, const Outline& b, const Vocabulary& words, const Wording& wording) {
  const auto &left = *a.rule.body, &right = *b.rule.body;
  const bool topic = on_one_topic(left, right);
  const int by_topic = topic ? kLeastLike : 0;
  if (left.modality == Modality::Definition || right.modality == Modality::Definition) return topic ? 12 : 0;
  if (left.modality == Modality::Sanction || right.modality == Modality::Sanction) return left.modality == right.modality ? kLeastLike : by_topic;
  if (left.act.has_value() != right.act.has_value()) return by_topic;
  const bool event = !a.event.empty() && a.event == b.event;
  const int said = int(std::lround(30 * wording.alike(a.rule.rule->says, b.rule.rule->says)));
  int out = (said >= 3 ? said : 0) + int(std::lround(6 * Wording::overlap(a.on, b.on)));   // less is chance
  if (event) out += 4;
  if (topic) out += 6;
  if (left.modality == right.modality) out += 2;
  if (!left.act) return event || topic || said >= 4 ? std::max(out, by_topic) : 0;
  const bool told = meet(left.act->to, right.act->to, words);
  if (!share_type(a, b) || !told || !share_content(*left.act, *right.act)) return by_topic;
  // A rule on any act at all is like one on a certain act only by what it is about.
  const bool on_content = !left.act->content.empty() && !right.act->content.empty();
  if (a.types.empty() != b.types.empty() && !on_content) return by_topic;
  std::size_t same = 0;
  for (const auto& type : a.types) same += b.types.contains(type) ? 1 : 0;
  const auto all = a.types.size() + b.types.size() - same;
  out += 2 + (all == 0 ? 4 : int(std::lround(8.0 * double(same) / double(all))));
  if (!left.act->to.empty() && !right.act->to.empty()) out += left.act->to == right.act->to ? 5 : 3;
  if (on_content) out += 4;
  if (left.stage == right.stage && !left.stage.empty()) out += 4;
  if (!left.act->condition.is_empty() && left.act->condition.text() == right.act->condition.text()) out += 6;
  const auto asks = facts_asked(left), other_asks = facts_asked(right);
  if (share_any(asks.facts, other_asks.facts)) out += 6;
  // What the one is about the other never asks; or the one closes what the other opens; or they run from other events.
  if ((!asks.manner.empty() || !other_asks.manner.empty()) && !share_any(asks.manner, other_asks.manner)) out -= 8;
  if (closes(left.modality) != closes(right.modality)) out -= 10;
  if (!a.event.empty() && !b.event.empty() && !event) out -= 2;
  return std::max(out, by_topic);
}

std::vector<std::string> differences(const Outline& a, const Outline& b) {
  std::vector<std::string> out;
  const auto add = [&](const char* name, const std::string& left, const std::string& right) {
    if (left != right) out.emplace_back(name);
  };
  add("on", a.on, b.on), add("trigger", a.trigger + " " + a.event, b.trigger + " " + b.event), add("action", a.action, b.action), add("recipient", a.recipient, b.recipient);
  add("time", a.time, b.time), add("precondition", a.precondition, b.precondition), add("modality", a.modality, b.modality);
  return out;
}

std::vector<Outline> outlines(const Shelf& shelf, const Pack& pack) {
  std::vector<Outline> out;
  for (const auto& rule : pack.rules)
    if (shelf.is_in_force(pack, rule)) out.push_back(outline(shelf, pack, rule));
  return out;
}

// Whether what the ban closes can be part of what the other asks for or leaves open. A ban on a content is no ban on the acts that can do without it.
bool can_clash(const Outline& ban, const Outline& other) {
  const auto &closed = *ban.rule.body->act, &asked = *other.rule.body->act;
  const bool names_content = std::any_of(asked.content.begin(), asked.content.end(), [&](const std::string& one) { return closed.content.contains(one); });
  if (ban.types.empty()) return closed.content.empty() ? closed.condition.is_empty() : names_content;
  const bool leaves_open = other.rule.body->modality == Modality::May && asked.content.empty();
  return closed.content.empty() || names_content || leaves_open;
}

// "": each can be kept as if the other weren't there.
std::string how_of(const Outline& a, const Outline& b) {
  const auto left = a.rule.body->modality, right = b.rule.body->modality;
  if (closes(left) != closes(right)) return can_clash(closes(left) ? a : b, closes(left) ? b : a) ? "clash" : "";
  if (left == Modality::Precondition || right == Modality::Precondition) return "order";
  const bool both_asked = left == Modality::Must && right == Modality::Must;
  return both_asked ? "twice" : "alike";
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value() : json::value(text); }

}  // namespace

Comparison compare(const Shelf& shelf, const Pack& a, const Pack& b) {
  const auto left = outlines(shelf, a), right = outlines(shelf, b);
  Wording wording;
  for (const auto* side : {&left, &right})
    for (const auto& one : *side) wording.add(one.rule.rule->says);
  struct Likely { int much; std::size_t a, b; };
  std::vector<Likely> likely;
  for (std::size_t i = 0; i < left.size(); ++i)
    for (std::size_t j = 0; j < right.size(); ++j)
      if (const auto much = likeness(left[i], right[j], shelf.library().words, wording); much >= kLeastLike) likely.push_back({much, i, j});
  std::sort(likely.begin(), likely.end(), [](const Likely& x, const Likely& y) { return std::tuple(-x.much, x.a, x.b) < std::tuple(-y.much, y.a, y.b); });
  std::map<std::size_t, std::size_t> of_a, of_b;
  for (const auto& one : likely)
    if (!of_a.contains(one.a) && !of_b.contains(one.b)) of_a[one.a] = one.b, of_b[one.b] = one.a;
  Comparison out;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (const auto found = of_a.find(i); found != of_a.end()) out.pairs.push_back({left[i], right[found->second], differences(left[i], right[found->second])});
    else out.only_a.push_back(left[i]);
  }
  for (std::size_t j = 0; j < right.size(); ++j)
    if (!of_b.contains(j)) out.only_b.push_back(right[j]);
  return out;
}

std::string_view how_says(std::string_view how) {
  if (how == "clash") return "one closes what the other asks for or leaves open";
  if (how == "order") return "one of them asks for a step before";
  if (how == "twice") return "both ask for it: the same act is owed twice";
  return "both speak of it";
}

std::vector<Overlap> overlaps(const Shelf& shelf, const std::vector<const Pack*>& packs) {
  std::vector<std::vector<Outline>> all;
  for (const auto* pack : packs) all.push_back(outlines(shelf, *pack));
  std::vector<Overlap> out;
  const auto add = [&](const Outline& a, const Outline& b) {
    if (!is_kept(a) || !is_kept(b) || !share_type(a, b) || !share_content(*a.rule.body->act, *b.rule.body->act)) return;
    if (!meet(a.rule.body->act->to, b.rule.body->act->to, shelf.library().words)) return;
    auto how = how_of(a, b);
    if (how.empty()) return;
    std::string act;
    for (const auto& type : a.types.empty() ? b.types : a.types)
      if (a.types.empty() || b.types.empty() || b.types.contains(type)) act += (act.empty() ? "" : "|") + type;
    out.push_back({act.empty() ? "any act" : act, a, b, std::move(how)});
  };
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = all.size() == 1 ? i : i + 1; j < all.size(); ++j)
      for (std::size_t x = 0; x < all[i].size(); ++x)
        for (std::size_t y = i == j ? x + 1 : 0; y < all[j].size(); ++y) add(all[i][x], all[j][y]);
  return out;
}

Result<std::vector<Overlap>> overlaps(const Shelf& shelf, const std::vector<const Pack*>& packs, std::string_view act, std::string_view how) {
  static constexpr std::string_view kHow[] = {"", "clash", "order", "twice", "alike"};
  if (!act.empty() && !shelf.library().words.actions.contains(std::string(act))) return fail(ErrorKind::Invalid, "\"" + std::string(act) + "\" is no type of action of the vocabulary.", "act");
  if (std::find(std::begin(kHow), std::end(kHow), how) == std::end(kHow)) return fail(ErrorKind::Invalid, "Two rules clash, or are of order, twice or alike.", "how");
  auto out = overlaps(shelf, packs);
  const auto asked = "|" + std::string(act) + "|";
  if (!act.empty()) std::erase_if(out, [&](const Overlap& one) { return ("|" + one.act + "|").find(asked) == std::string::npos && one.act != "any act"; });
  if (!how.empty()) std::erase_if(out, [&](const Overlap& one) { return one.how != how; });
  return out;
}

json::object to_json(const Outline& one) {
  json::object out{{"rule", one.rule.rule->id}, {"citation", one.rule.rule->cite}, {"says", one.rule.rule->says}, {"modality", one.modality}, {"force", to_text(one.rule.pack->force)}, {"on", one.on}};
  out["trigger"] = one.trigger, out["event"] = text_or_null(one.event), out["action"] = text_or_null(one.action), out["recipient"] = text_or_null(one.recipient);
  out["time"] = text_or_null(one.time), out["precondition"] = text_or_null(one.precondition);
  if (!one.rule.rule->verified) out["verified"] = false;
  return out;
}

json::object to_json(const Comparison& comparison) {
  json::array pairs, only_a, only_b;
  for (const auto& pair : comparison.pairs) {
    json::array differs;
    for (const auto& field : pair.differs) differs.emplace_back(field);
    pairs.push_back(json::object{{"a", to_json(pair.a)}, {"b", to_json(pair.b)}, {"differs", std::move(differs)}});
  }
  for (const auto& one : comparison.only_a) only_a.push_back(to_json(one));
  for (const auto& one : comparison.only_b) only_b.push_back(to_json(one));
  return {{"pairs", std::move(pairs)}, {"only_a", std::move(only_a)}, {"only_b", std::move(only_b)}};
}

json::array to_json(const std::vector<Overlap>& all) {
  json::array out;
  for (const auto& one : all) out.push_back(json::object{{"act", one.act}, {"how", one.how}, {"a", to_json(one.a)}, {"b", to_json(one.b)}});
  return out;
}

}  // namespace sluice::regimes
