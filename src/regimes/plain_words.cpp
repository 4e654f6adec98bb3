#include "regimes/plain_words.h"

#include <algorithm>

#include "base/time_words.h"

namespace sluice::regimes {

namespace {

void put_instead(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
}

constexpr std::string_view kOfWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/@";

// Ordinary words of a sentence stay as they are: only what looks like a name is looked up.
std::string names_said(const Vocabulary& words, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = std::min(text.find_first_not_of(kOfWord), text.size());
    if (length == 0) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    auto word = text.substr(0, length);
    text.remove_prefix(length);
    std::string_view end;
    while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
    end = std::string_view(word.data() + word.size(), length - word.size());
    const auto whose = word.find('@');
    const auto name = word.substr(0, whose);
    if (name.find_first_of(".-_") == name.npos || !words.says.contains(name)) out += word;
    else out += std::string(words.plain(name)) + (whose == word.npos ? "" : " (" + std::string(word.substr(whose + 1)) + ")");
    out += end;
  }
  return out;
}

// "CN, DE or cii": each by itself, a place as a place.
std::string values_said(const Vocabulary& words, std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    auto one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    const auto said = one == "true" ? std::string("yes") : one == "false" ? std::string("no") : plain_place(words, one);
    if (std::find(all.begin(), all.end(), said) == all.end()) all.push_back(said);   // two words may be said alike
  }
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ", ") + one;
  return out;
}

// The engine's own short words for why, as a sentence.
std::string_view reason_said(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> kReasons[] = {{"no end that anybody can name", "This has no end that anybody can name"},
      {"outside the circle", "Somebody who is told is outside the circle that this keeps"}, {"inside the circle", "All who are told are inside the circle that this keeps"},
      {"it has to come before", "It has to come before another action of the plan"}};
  for (const auto& [word, said] : kReasons)
    if (word == text) return said;
  return {};
}

std::string begun_large(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = char(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

std::string plain_place(const Vocabulary& words, std::string_view place) {
  if (words.says.contains(place)) return std::string(words.plain(place));
  if (place.size() > 3 && place[2] == '-' && words.says.contains(place.substr(0, 2))) return std::string(place) + " (" + std::string(words.plain(place.substr(0, 2))) + ")";
  return std::string(place);
}

std::string plain_body(const Vocabulary& words, std::string_view kind, const std::vector<std::string>& places, std::string_view level, Level how) {
  auto out = std::string(words.plain(kind));
  std::string where;
  for (std::size_t i = 0; i < places.size(); ++i) where += (i == 0 ? "" : i + 1 == places.size() ? " and " : ", ") + plain_place(words, places[i]);
  // A body of which there is one alone has its place in its name: it is at home there.
  const auto known = words.recipients.find(kind);
  const bool is_home = places.size() == 1 && known != words.recipients.end() && known->second.home == places.front() && places.front().size() == 2;
  if (!where.empty() && !is_home) out += " of " + where;
  if (!level.empty()) out += ", " + std::string(words.plain(level)) + (how == Level::OrAbove ? " or above" : "");
  return out;
}

std::string plain_recipients(const Vocabulary& words, const Recipients& all, Level how, std::string_view joint) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? std::string() : std::string(joint)) + plain_body(words, one.kind, one.place.empty() ? std::vector<std::string>() : std::vector{one.place}, one.level, how);
  return out;
}
std::string plain_recipients(const Vocabulary& words, const Circles& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : "; or ") + plain_recipients(words, one, Level::OrAbove);
  return out;
}
std::string plain_recipients(const Vocabulary& words, std::string_view text, Level how) {
  const auto read = parse_circles(text);
  if (!read) return std::string(text);
  std::string out;
  for (const auto& one : *read) out += (out.empty() ? "" : "; or ") + plain_recipients(words, one, how);
  return out;
}

std::string plain_text(const Vocabulary& words, std::string_view text) {
  if (const auto said = reason_said(text); !said.empty()) return std::string(said);
  // "party.established is CN": what it is, and its value.
  if (const auto blank = text.find(' '); blank != text.npos && words.says.contains(text.substr(0, blank)))
    for (const std::string_view verb : {" is ", " has "})
      if (const auto value = text.substr(blank); value.starts_with(verb) && !value.starts_with(" has not happened") && value != " has happened")
        return std::string(words.plain(text.substr(0, blank))) + ": " + values_said(words, value.substr(verb.size()));
  auto out = names_said(words, text);
  put_instead(out, " is yes", ": yes");
  put_instead(out, " is no ", ": no ");
  put_instead(out, " before 2200-01-01", "");   // a pack's way to say "ever"
  return with_dates_in_words(std::move(out));
}

std::string plain_names(const Vocabulary& words, std::string_view text) { return names_said(words, text); }

std::string plain_reason(const Vocabulary& words, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find(" [");
    const auto close = open == text.npos ? open : text.find(']', open);
    if (close == text.npos) return out + std::string(text);
    out += text.substr(0, open);
    auto said = begun_large(plain_text(words, text.substr(open + 2, close - open - 2)));
    out += " " + said + (said.ends_with('.') ? "" : ".");
    text.remove_prefix(close + 1);
  }
  return out;
}

std::string plain_fact(const Vocabulary& words, std::string_view pointer) {
  if (!pointer.starts_with('/')) return plain_text(words, pointer);
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < pointer.size();) {
    const auto end = std::min(pointer.find('/', at + 1), pointer.size());
    parts.push_back(pointer.substr(at + 1, end - at - 1));
    at = end;
  }
  if (parts.size() == 2 && parts[0] == "events") {
    const auto whose = parts[1].find('@');
    const auto name = parts[1].substr(0, whose);
    if (words.says.contains(name)) return std::string(words.plain(name)) + (whose == parts[1].npos ? "" : " (" + std::string(parts[1].substr(whose + 1)) + ")");
  }
  if (parts.size() == 3 && parts[0] == "parties")
    if (const auto name = "party." + std::string(parts[2]); words.says.contains(name)) return std::string(words.plain(name)) + " (" + std::string(parts[1]) + ")";
  if (parts.size() == 2)
    if (const auto name = std::string(parts[0]) + "." + std::string(parts[1]); words.says.contains(name)) return std::string(words.plain(name));
  return std::string(pointer);
}

std::string pointer_of_fact(const Vocabulary& words, std::string_view word) {
  const auto dot = word.find('.');
  if (dot == word.npos) return {};
  const auto subject = word.substr(0, dot);
  if (subject == "product" || subject == "vulnerability" || (subject == "incident" && !words.events.contains(word))) return "/" + std::string(subject) + "/" + std::string(word.substr(dot + 1));
  const auto event = words.events.find(word);
  return event != words.events.end() && event->second == Whose::Case ? "/events/" + std::string(word) : std::string();
}

}  // namespace sluice::regimes
