// The case as it was given, in words, and what it leaves open.
#include "regimes/page_writer.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "base/time_words.h"
#include "regimes/page_time_line.h"
#include "regimes/plain_words.h"

namespace sluice::regimes::page {

Html Writer::questions() const {
  std::set<std::string> asked = all_.verdicts.questions;
  for (const auto& one : all_.verdicts.spoken) asked.insert(one.grounds.questions.begin(), one.grounds.questions.end());
  for (const auto& one : all_.duties) asked.insert(one.grounds.questions.begin(), one.grounds.questions.end());
  Html list;
  for (const auto& one : asked) {
    const auto said = plain_text(words_, one);
    list += said == one ? el("li", el("code", one)) : el("li", said, " (", el("code", one), ")");
  }
  for (const auto& one : all_.scenario->unknown_words) list += el("li", "No rule can speak of the word at ", el("code", one), ".");
  return list.empty() ? list : el("p", "Nobody gave these facts. What isn't known triggers nothing and lifts no ban; an answer may change once they are given.") + el("ul", list);
}

std::string Writer::value_words(const json::value& value) const {
  if (value.is_string()) return with_dates_in_words(plain_place(words_, value.get_string()));
  if (value.is_array()) {
    std::vector<std::string> out;
    for (const auto& one : value.get_array()) out.push_back(value_words(one));
    return listed(out, ", ");
  }
  if (value.is_object()) {
    std::vector<std::string> out;
    for (const auto& [key, one] : value.get_object()) out.push_back(std::string(key) + " " + value_words(one));
    return "(" + listed(out, ", ") + ")";
  }
  return value.is_null() ? "none" : value.is_bool() ? value.get_bool() ? "yes" : "no" : json::serialize(value);
}

// `subject`: of what they are facts, in the rules' words: "party", "product".
std::string Writer::facts_words(std::string_view subject, const json::object& facts, std::initializer_list<std::string_view> without) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : facts) {
    const auto name = std::string(subject) + "." + std::string(key);
    if (std::find(without.begin(), without.end(), std::string_view(key)) == without.end()) out.push_back((words_.says.contains(name) ? std::string(words_.plain(name)) : std::string(key)) + ": " + value_words(value));
  }
  return listed(out, "; ", "; ");
}

std::string Writer::more_facts(std::string_view subject, const json::object& facts, std::initializer_list<std::string_view> without) const {
  const auto words = facts_words(subject, facts, without);
  return words.empty() ? words : "; " + words;
}

Html Writer::facts() const {
  const auto& s = *all_.scenario;
  Html list;
  const auto add = [&](const Html& name, const Html& what) { list += el("dt", name) + el("dd", what); };
  for (const auto& one : s.parties) add("Party " + one.id, std::string(words_.plain(one.role)) + more_facts("party", one.facts, {"id", "role"}));
  if (s.product) add("Product", facts_words("product", *s.product, {}));
  if (s.vulnerability) add("Vulnerability", facts_words("vulnerability", *s.vulnerability, {}));
  if (s.incident) add("Incident", facts_words("incident", *s.incident, {}));
  if (s.embargo) {
    std::string what = "agreed by " + listed({s.embargo->parties.begin(), s.embargo->parties.end()}) + (s.embargo->until ? ", until " + instant_words(*s.embargo->until) : ", without an end");
    what += s.embargo->covers ? "; may not be told: " + recipients(*s.embargo->covers, ", ") : "; nobody outside may be told";
    add("Embargo", what);
  }
  for (const auto& [name, at] : s.events) {
    const auto whose = name.find('@');
    add(upper(std::string(words_.plain(name.substr(0, whose)))) + (whose == name.npos ? "" : " (" + name.substr(whose + 1) + ")"), at ? time_of(*at) : Html("hasn't happened"));
  }
  for (const auto& one : s.actions) add(one.id + ", by " + one.actor, action_words(one) + "; " + when_words(one) + more_facts("action", one.facts, {"id", "actor", "type", "to", "content", "at", "stage"}));
  std::vector<std::string> assumed(s.assumed.begin(), s.assumed.end());
  if (!assumed.empty()) add("Assumed in force", listed(assumed));
  for (const auto& [name, choice] : s.readings) add("Reading chosen", el("code", name + " = " + choice));
  return el("dl", {{"class", "facts"}}, list);
}

}  // namespace sluice::regimes::page
