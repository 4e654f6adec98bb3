// Measures of skill: pictures of intervals with the line of luck, and the same as a table.
#include "cvd/case_letters.h"
#include "service/measures.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "web/pages/layout.h"

namespace sluice::web::pages {

namespace {

double number_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? 0 : value->is_double() ? value->get_double() : value->is_int64() ? static_cast<double>(value->get_int64()) : 0;
}
std::int64_t whole_at(const json::object& object, std::string_view key) { return static_cast<std::int64_t>(number_at(object, key)); }

std::string decimals(double value, int places) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof(text), value, std::chars_format::fixed, places);
  return std::string(text, end);
}

std::string length_words(std::int64_t seconds) { return words_of_length(std::chrono::seconds(seconds)); }

// From -1 to 1; the tick stands at 0, which is luck. What lies further down is cut there, and the table says the number.
Html bar(const json::object& d) {
  const auto x = [](double alpha) { return decimals(100 + 96 * std::clamp(alpha, -1.0, 1.0), 1); };
  const auto low = std::clamp(number_at(d, "low"), -1.0, 1.0), high = std::clamp(number_at(d, "high"), -1.0, 1.0);
  const auto words = "Skill " + decimals(number_at(d, "alpha"), 2) + ", between " + decimals(number_at(d, "low"), 2) + " and " + decimals(number_at(d, "high"), 2) + "; luck is 0";
  return el("svg", {cls("interval"), attr("viewbox", "0 0 200 16"), attr("role", "img"), attr("aria-label", words)}, el("line", {cls("axis"), attr("x1", "4"), attr("x2", "196"), attr("y1", "8"), attr("y2", "8")}),
            el("rect", {cls("range"), attr("x", x(low)), attr("y", "5"), attr("width", decimals(std::max(2.0, 96 * (high - low)), 1)), attr("height", "6")}),
            el("circle", {cls("value"), attr("cx", x(number_at(d, "alpha"))), attr("cy", "8"), attr("r", "4")}), el("line", {cls("luck"), attr("x1", "100"), attr("x2", "100"), attr("y1", "0"), attr("y2", "16")}));
}

Html desiderata(const json::object& measures) {
  Table table("Skill by desideratum, the hardest first", {"Wish", "Met", "By luck", "Skill", "95 % interval", "Picture"});
  for (const auto& one : measures.at("desiderata").as_array()) {
    const auto& d = one.as_object();
    const bool any = whole_at(d, "observed") > 0;
    table.row({all(el("code", text_at(d, "desideratum")), " ", text_at(d, "meaning")), any ? std::to_string(whole_at(d, "satisfied")) + " of " + std::to_string(whole_at(d, "observed")) : std::string("not decided yet"), text_at(d, "baseline"),
               any ? Html(decimals(number_at(d, "alpha"), 2)) : Html(), any ? Html(decimals(number_at(d, "low"), 2) + " to " + decimals(number_at(d, "high"), 2)) : Html(), any ? bar(d) : Html()});
  }
  return all(table.html(), el("p", {cls("quiet")}, "Skill 1: always met; 0: as often as by luck; below: less often than by luck. Wide intervals mean few histories. What the numbers do not say stands in the documentation: docs/measures.md."));
}

Html lengths(std::string_view caption, const std::vector<std::pair<std::string, const json::object*>>& rows) {
  Table table(caption, {"What", "How many", "Median", "Shortest", "Longest"});
  for (const auto& [words, object] : rows)
    if (object != nullptr && whole_at(*object, "count") > 0)
      table.row({words, std::to_string(whole_at(*object, "count")), length_words(whole_at(*object, "median_seconds")), length_words(whole_at(*object, "shortest_seconds")), length_words(whole_at(*object, "longest_seconds"))});
  return table.empty() ? Html() : table.html();
}

std::string words_of_class(std::string_view word) {
  for (const auto& one : cvd::kZeroDayClasses)
    if (to_word(one.kind) == word) return std::string(one.meaning);
  return std::string(word);
}

std::string spaced(std::string_view code) {
  std::string out(code);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

Html set_form(const service::MeasuredSet& set) {
  const Option which[] = {{"", "All"}, {"true", "Closed for us"}, {"false", "Not closed for us"}};
  return el("form", {attr("method", "get"), action(path("/measures")), cls("form inline")}, field({.name = "year", .label = "Opened in the year", .value = set.year ? std::to_string(*set.year) : std::string(), .most = 4}),
            select({.name = "closed", .label = "Which cases?", .value = !set.closed ? "" : *set.closed ? "true" : "false"}, which), el("p", {cls("actions")}, submit("Show", "button second")));
}

}  // namespace

Result<Response> measures(App& app, const Request& request) {
  service::MeasuredSet set;
  const auto year = request.http.query_value("year").value_or("");
  if (!year.empty()) {
    int number = 0;
    const auto [end, error] = std::from_chars(year.data(), year.data() + year.size(), number);
    if (error != std::errc{} || end != year.data() + year.size() || number < 1970 || number > 9999) return fail(ErrorKind::Invalid, "A year has four digits.", "/year");
    set.year = number;
  }
  if (const auto closed = request.http.query_value("closed"); closed && !closed->empty()) {
    if (*closed != "true" && *closed != "false") return fail(ErrorKind::Invalid, "Say true or false.", "/closed");
    set.closed = *closed == "true";
  }
  TRY(const auto m, service::measures(app.services, request.viewer, set));
  Html inside = all(el("p", {cls("lead")}, "Over the ", std::to_string(whole_at(m, "cases")), " cases of this set that you read, with ", std::to_string(whole_at(m, "histories")), " histories, one for each vulnerability in each product."), set_form(set));
  if (whole_at(m, "cases") == 0) {
    inside += empty_state("There is no such case.", "Choose another year, or all.");
  } else {
    inside += section("skill", "Skill and luck", desiderata(m));
    const auto at = [&](std::string_view key) { return &m.at(key).as_object(); };
    std::vector<std::pair<std::string, const json::object*>> rows{{"To acknowledge a report", at("to_acknowledge")}, {"To validate it", at("to_validate")}, {"From awareness to a fix", at("to_fix")}, {"From awareness to its deployment", at("to_deploy")}};
    for (const auto& tier : m.at("to_fix_by_tier").as_array()) rows.emplace_back("To a fix, tier " + std::to_string(whole_at(tier.as_object(), "tier")), &tier.as_object());
    rows.emplace_back("From the first to the last told, before it was public", at("unequal_access"));
    inside += section("lengths", "How long it took", lengths("Lengths of time", rows));
    const auto& e = m.at("embargoes").as_object();
    Facts facts;
    facts.add("Embargoes", std::to_string(whole_at(e, "count"))).add("Kept", std::to_string(whole_at(e, "kept"))).add("Ended early", std::to_string(whole_at(e, "ended_early"))).add("Changed", std::to_string(whole_at(e, "times_changed")) + " times in all");
    Html fates;
    for (const auto& [fate, count] : e.at("by_fate").as_object()) fates += el("li", spaced(fate), ": ", json::serialize(count));
    inside += section("embargoes", "Embargoes", all(facts.html(), fates.empty() ? Html() : el("ul", fates), lengths("Lengths of embargoes", {{"As agreed first", &e.at("agreed").as_object()}, {"As kept", &e.at("lasted").as_object()}})));
    Html zero;
    for (const auto& [name, count] : m.at("zero_days").as_object()) zero += el("li", words_of_class(name), ": ", json::serialize(count));
    if (!zero.empty()) inside += section("zero-days", "Zero-day classes met", el("ul", zero));
  }
  auto out = html(page(frame_of(app, request), "Measures", inside, {.at = At::Cases, .above = el("p", {cls("trail")}, link(path("/cases"), "Your cases")), .width = "wide"}));
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

Result<Response> case_measures(App& app, const Request& request) {
  TRY(const auto id, path_id<Case>(request, "case"));
  TRY(const auto m, service::case_measures(app.services, request.viewer, id));
  TRY(auto seen, app.services.store.as(request.viewer).case_view(id));
  Html inside = section("skill", "Skill and luck", desiderata(m));
  Table table("Histories, one for each vulnerability in each product", {"Vulnerability", "Product", "Order", "To a fix", "To deployment", "Zero-day classes"});
  for (const auto& one : m.at("pairs").as_array()) {
    const auto& pair = one.as_object();
    std::string classes;
    for (const auto& zero : pair.at("zero_days").as_array()) classes += (classes.empty() ? "" : "; ") + words_of_class(std::string(zero.as_string()));
    const auto id = VulnerabilityId::parse(text_at(pair, "vulnerability"));
    const auto* of = id ? seen.view.fold.vulnerability(*id) : nullptr;
    table.row({of == nullptr ? std::string() : of->identifier.value_or(of->title), text_at(pair, "name"), el("code", text_at(pair, "letters").empty() ? "-" : text_at(pair, "letters")), pair.contains("to_fix_seconds") ? Html(length_words(whole_at(pair, "to_fix_seconds"))) : Html(),
               pair.contains("to_deploy_seconds") ? Html(length_words(whole_at(pair, "to_deploy_seconds"))) : Html(), classes});
  }
  if (!table.empty()) inside += section("histories", "Histories", table.html());
  Facts facts;
  if (m.contains("to_acknowledge_seconds")) facts.add("To acknowledge the report", length_words(whole_at(m, "to_acknowledge_seconds")));
  if (m.contains("to_validate_seconds")) facts.add("To validate it", length_words(whole_at(m, "to_validate_seconds")));
  if (const auto* embargo = m.if_contains("embargo")) {
    const auto& e = embargo->as_object();
    facts.add("Embargo agreed for", length_words(whole_at(e, "agreed_seconds")));
    if (e.contains("kept_seconds")) facts.add("Embargo kept for", length_words(whole_at(e, "kept_seconds")));
    facts.add("How it ended", spaced(text_at(e, "fate"))).add("Terms changed", std::to_string(whole_at(e, "times_changed")) + " times");
  }
  if (const auto* access = m.if_contains("access"))
    for (const auto& [key, words] : {std::pair{"before_publication", "First to last that could read it before publication"}, std::pair{"at_release", "First to last that has read of the release here"}}) {
      const auto& spread = access->as_object().at(key).as_object();
      if (whole_at(spread, "recipients") > 0) facts.add(words, length_words(whole_at(spread, "seconds")) + ", " + std::to_string(whole_at(spread, "recipients")) + (whole_at(spread, "recipients") == 1 ? " recipient" : " recipients"));
    }
  inside += section("lengths", "How long it took", facts.html());
  auto out = html(page(frame_of(app, request), "Measures of a case", inside, {.at = At::Cases, .above = el("p", {cls("trail")}, link(path("/cases") / id.text(), "The case")), .width = "wide"}));
  out.headers.emplace_back("Cache-Control", "no-store");
  deliver(out, request, seen);  // products and dates are content (ACC-13)
  return out;
}

}  // namespace sluice::web::pages
