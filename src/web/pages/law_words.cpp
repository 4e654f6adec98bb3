#include "web/pages/law_words.h"

namespace sluice::web::pages {

namespace {

constexpr std::string_view kOfId = "abcdefghijklmnopqrstuvwxyz0123456789_-";

// A thing of the case by its id; nothing where there is no such thing in this view.
std::optional<std::string> name_of_id(const Scene& s, std::string_view id) {
  const auto is = [&](const auto& one) { return one.text() == id; };
  if (id.starts_with("told-"))
    if (const auto organisation = OrganisationId::parse(id.substr(5))) return "the telling of " + party_words(s, organisation->text());
  if (OrganisationId::parse(id)) return party_words(s, id);
  for (const auto& one : s.fold.notices)
    if (is(one.id)) return "the notice to " + (one.versions.empty() ? std::string("a body") : s.words.told(one.versions.back().what.to));
  for (const auto& one : s.fold.area_reports)
    if (is(one.id)) return "the text \"" + (one.versions.empty() ? std::string() : one.versions.back().what.title) + "\"";
  for (const auto& one : s.fold.releases)
    if (is(one.id)) return "the release of " + words_of_time(one.instant);
  for (const auto& one : s.fold.reports)
    if (is(one.id)) return "the report of " + words_of_time(one.received);
  for (const auto& one : s.fold.vulnerabilities)
    if (is(one.id)) return one.identifier.value_or(one.title);
  for (const auto& one : s.fold.products)
    if (is(one.id)) return one.name;
  return std::nullopt;
}

}  // namespace

std::string party_words(const Scene& s, std::string_view id) {
  if (const auto* parties = s.law.if_contains("parties"); parties != nullptr && parties->is_array())
    for (const auto& one : parties->get_array())
      if (string_at(one, "id") == id) return std::string(string_at(one, "name"));
  const auto organisation = OrganisationId::parse(id);
  return organisation ? s.name(*organisation) : std::string(id);
}

std::string with_names(const Scene& s, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = std::min(text.find_first_not_of(kOfId), text.size());
    if (length == 0) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    const auto word = text.substr(0, length);
    const auto name = length > 20 && word.find('_') != word.npos ? name_of_id(s, word) : std::nullopt;
    out += name ? *name : std::string(word);
    text.remove_prefix(length);
  }
  return out;
}

std::string law_text(const Scene& s, std::string_view text) { return with_names(s, s.words.text(text)); }

Html rule_words(const Scene& s, std::string_view rule, std::string_view cite) {
  const auto title = s.words.title_of(rule);
  return all(title, cite.empty() ? "" : ", ", cite, title == rule ? Html() : el("span", {cls("quiet block")}, el("code", rule)));
}

Html due_words(const Scene& s, const json::value& of, bool counts_down) {
  const auto at = evaluated_instant(string_at(of, "due_at"));
  if (!at) return {};
  const auto due = string_at(of, "due"), zone = string_at(of, "zone");
  Html out = due.size() == 10 ? el("time", {attr("datetime", to_text(*at))}, "by ", words_of_last_day(due, *at, zone)) : time(*at);
  if (counts_down) out += el("strong", {cls("block")}, words_until(*at, s.now));
  return out;
}

Html part_of_case(const Scene& s) {
  if (!s.sees_a_part()) return {};
  if (s.viewer.role == access::SiteRole::Counsel)
    return el("p", {cls("quiet")}, "From your organisation's own part of this case, which is all that counsel reads. What else the organisation sees, somebody of its staff can print and hand to you.");
  return el("p", {cls("quiet")}, "From what your organisation can see of this case.");
}

}  // namespace sluice::web::pages
