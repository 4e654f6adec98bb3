#include "regimes/compare.h"

#include <algorithm>
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

// How much two rules are about the same thing; 0: they aren't.
int likeness(const Outline& a, const Outline& b, const Vocabulary& words) {
  const auto &left = *a.rule.body, &right = *b.rule.body;
  const bool topic = on_one_topic(left, right);
  if (left.modality == Modality::Definition || right.modality == Modality::Definition) return topic ? 12 : 0;
  if (left.modality == Modality::Sanction || right.modality == Modality::Sanction) return left.modality == right.modality ? 4 : topic ? 3 : 0;
  const bool event = !a.event.empty() && a.event == b.event;
  if (!left.act || !right.act) return left.act || right.act ? (topic ? 3 : 0) : (event ? 4 : 0) + (topic ? 6 : 0);
  const bool told = meet(left.act->to, right.act->to, words);
  if (!share_type(a, b) || !told || !share_content(*left.act, *right.act)) return topic ? 3 : 0;
  // A rule on any act at all is like one on a certain act only by what it is about.
  const bool on_content = !left.act->content.empty() && !right.act->content.empty();
  if (a.types.empty() != b.types.empty() && !on_content) return topic ? 3 : 0;
  std::size_t same = 0;
  for (const auto& type : a.types) same += b.types.contains(type) ? 1 : 0;
  const auto all = a.types.size() + b.types.size() - same;
  int out = 2 + (all == 0 ? 4 : int(8 * same / all));
  if (!left.act->to.empty() && !right.act->to.empty()) out += left.act->to == right.act->to ? 5 : 3;
  if (event) out += 4;
  if (topic) out += 6;
  if (left.modality == right.modality) out += 2;
  if (on_content) out += 4;
  if (left.stage == right.stage && !left.stage.empty()) out += 4;
  return out;
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

bool closes(Modality one) { return one == Modality::MustNot || one == Modality::ShouldNot; }

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
  struct Likely { int much; std::size_t a, b; };
  std::vector<Likely> likely;
  for (std::size_t i = 0; i < left.size(); ++i)
    for (std::size_t j = 0; j < right.size(); ++j)
      if (const auto much = likeness(left[i], right[j], shelf.library().words); much > 0) likely.push_back({much, i, j});
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
