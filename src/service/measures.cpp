#include "service/measures.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <map>
#include <set>

#include "cvd/standing.h"
#include "store/deliveries.h"

namespace sluice::service {

namespace {

using cvd::kDesiderata;

std::int64_t seconds(Duration length) { return length.count() / 1'000'000; }

int year_of(Instant at) {
  const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds(at.micros)};
  return static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year());
}

cvd::FirstSteps first_steps(Services& services, store::Db& db, const access::Viewer& viewer, const cvd::CaseView& view) {
  cvd::FirstSteps out;
  const auto keep = [](std::map<OrganisationId, Instant>& list, OrganisationId id, Instant at) {
    const auto [known, fresh] = list.emplace(id, at);
    if (!fresh) known->second = std::min(known->second, at);
  };
  for (const auto& compartment : access::readable_compartments(viewer, view.standing, cvd::compartments_of(view.fold))) {
    const auto entries = services.store.streams().read(db, view.fold.id, compartment);
    if (!entries) continue;
    for (const auto& entry : **entries)
      for (const auto& event : entry->events)
        if (const auto* step = get_if<cvd::ReportStepped>(&event); step != nullptr && step->action != cvd::ReportAction::Receive) {
          keep(out.stepped, step->organisation, entry->context.recorded);
          if (step->action == cvd::ReportAction::Validate) keep(out.validated, step->organisation, entry->context.recorded);
        }
  }
  return out;
}

// From the first to the last that could know, leaving out the one that opened the case, whom nobody here told (an owner that took it over was told like others): from its admission, or from what reached it before that; and who has read the release here.
struct Access {
  struct Spread { int recipients = 0; Instant first, last; };
  Spread before, release;
};

Result<Access> access_of(Services& services, store::Db& db, const cvd::CaseFold& fold) {
  std::optional<Instant> published;
  for (const auto& v : fold.vulnerabilities)
    if (const auto p = v.facts.find(cvd::Letter::P); p != v.facts.end()) published = published ? std::min(*published, p->second.occurred) : p->second.occurred;
  const auto until = published.value_or(services.clock.now());
  TRY(const auto entries, services.store.streams().read(db, fold.id, access::Compartment::shared()));
  std::int64_t released = 0;
  for (const auto& entry : *entries)
    for (const auto& event : entry->events)
      if (released == 0 && holds_alternative<cvd::Released>(event)) released = entry->sequence;
  TRY(const auto deliveries, store::deliveries_of(db, services.cells(), services.store.streams().tag_of(fold.id, access::Compartment::shared()), services.clock.now()));
  std::map<std::string, Instant> first, of_release;
  for (const auto& delivery : deliveries) {
    if (delivery.to == fold.first_owner().text()) continue;
    if (delivery.at < until) first.emplace(delivery.to, delivery.at);           // in the order of their times
    if (released > 0 && delivery.upto >= released) of_release.emplace(delivery.to, delivery.at);
  }
  for (const auto& [id, participant] : fold.participants) {
    if (id == fold.first_owner() || !participant.confirmed_at || *participant.confirmed_at >= until) continue;
    auto& at = first.emplace(id.text(), *participant.confirmed_at).first->second;
    at = std::min(at, *participant.confirmed_at);
  }
  const auto spread = [](const std::map<std::string, Instant>& told) {
    Access::Spread out{static_cast<int>(told.size()), {}, {}};
    for (const auto& [who, at] : told) {
      out.first = out.first.micros == 0 ? at : std::min(out.first, at);
      out.last = std::max(out.last, at);
    }
    return out;
  };
  return Access{spread(first), spread(of_release)};
}

struct Seen {
  cvd::CaseMeasured measured;
  std::optional<Access> access;                    // for who knows all participants
  Instant opened;
  bool is_public = false, closed = false;
};

Result<Seen> look(Services& services, const access::Viewer& viewer, const store::CaseSeen& seen) {
  const auto& fold = seen.view.fold;
  TRY(auto db, services.store.lease());
  Seen out{.measured = cvd::measured(fold, first_steps(services, *db, viewer, seen.view)), .opened = fold.opened, .is_public = fold.is_public()};
  if (const auto* own = viewer.organisation ? fold.participant(*viewer.organisation) : nullptr) out.closed = own->report == cvd::ReportState::Closed;
  if (access::knows_whole_case(viewer, seen.view.standing))
    if (auto access = access_of(services, *db, fold)) out.access = *access;
  return out;
}

json::array desiderata_json(const std::array<cvd::Tally, kDesiderata.size()>& tallies, int smallest, const std::array<int, kDesiderata.size()>& cases) {
  json::array out;
  for (std::size_t i = 0; i < kDesiderata.size(); ++i) {
    const auto& d = kDesiderata[i];
    const auto& tally = tallies[i];
    const auto baseline = cvd::precedence(d.first, d.then).frequency;
    json::object one{{"desideratum", cvd::name(d)}, {"meaning", std::string(d.meaning)}, {"baseline", baseline.text()}, {"baseline_value", baseline.value()}};
    const bool shown = cases[i] >= smallest;
    one["satisfied"] = shown ? json::value(tally.satisfied) : json::value(nullptr);
    one["observed"] = shown ? json::value(tally.observed()) : json::value(nullptr);
    if (smallest == 0) one["unknown"] = tally.unknown;
    if (const auto skill = shown ? cvd::skill(tally.satisfied, tally.observed(), baseline) : std::nullopt) {
      one["rate"] = static_cast<double>(tally.satisfied) / tally.observed();
      one["alpha"] = skill->alpha;
      one["low"] = skill->low;
      one["high"] = skill->high;
    }
    out.push_back(std::move(one));
  }
  return out;
}

enum class Lengths { Exact, Days };
json::object lengths_json(std::vector<Duration> all, Lengths how) {
  json::object out{{"count", static_cast<int>(all.size())}};
  if (all.empty()) return out;
  std::sort(all.begin(), all.end());
  const auto middle = all.size() / 2;
  const auto median = all.size() % 2 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
  if (how == Lengths::Days) {
    out["median_days"] = static_cast<std::int64_t>(std::llround(static_cast<double>(seconds(median)) / 86'400));
    return out;
  }
  out["median_seconds"] = seconds(median);
  out["shortest_seconds"] = seconds(all.front());
  out["longest_seconds"] = seconds(all.back());
  return out;
}

json::object spread_json(const Access::Spread& spread) {
  json::object out{{"recipients", spread.recipients}};
  if (spread.recipients > 0) out["first"] = to_text(spread.first), out["last"] = to_text(spread.last), out["seconds"] = seconds(spread.last - spread.first);
  return out;
}

// Over many cases.
struct Sums {
  int cases = 0;
  std::array<cvd::Tally, kDesiderata.size()> tallies{};
  std::array<int, kDesiderata.size()> cases_with{};
  std::map<cvd::ZeroDay, int> zero_days, zero_day_cases;
  std::map<cvd::EmbargoFate, int> fates;
  int embargoes = 0, changed = 0;
  std::vector<Duration> acknowledge, validate, fix, deploy, agreed, kept, spread;
  std::map<int, std::vector<Duration>> fix_by_tier;
  int histories = 0, fix_cases = 0, deploy_cases = 0;

  void add(const Seen& seen) {
    ++cases;
    std::set<cvd::ZeroDay> classes;
    std::array<bool, kDesiderata.size()> decided{};
    bool fixed = false, deployed = false;
    for (const auto& pair : seen.measured.pairs) {
      ++histories;
      for (std::size_t i = 0; i < kDesiderata.size(); ++i) tallies[i].add(pair.desiderata[i]), decided[i] |= pair.desiderata[i] != cvd::Fulfilment::Unknown;
      for (const auto zero : pair.zero_days) ++zero_days[zero], classes.insert(zero);
      if (pair.to_fix) fix.push_back(*pair.to_fix), fixed = true;
      if (pair.to_fix && pair.tier) fix_by_tier[*pair.tier].push_back(*pair.to_fix);
      if (pair.to_deploy) deploy.push_back(*pair.to_deploy), deployed = true;
    }
    for (std::size_t i = 0; i < decided.size(); ++i) cases_with[i] += decided[i];
    for (const auto zero : classes) ++zero_day_cases[zero];
    fix_cases += fixed, deploy_cases += deployed;
    if (seen.measured.to_acknowledge) acknowledge.push_back(*seen.measured.to_acknowledge);
    if (seen.measured.to_validate) validate.push_back(*seen.measured.to_validate);
    if (const auto& embargo = seen.measured.embargo) {
      ++embargoes, ++fates[embargo->fate], changed += embargo->changed;
      agreed.push_back(embargo->agreed());
      if (embargo->kept()) kept.push_back(*embargo->kept());
    }
    if (seen.access && seen.access->before.recipients > 1) spread.push_back(seen.access->before.last - seen.access->before.first);
  }

  json::object embargo_json() const {
    json::object by_fate;
    int kept_ones = 0, broken = 0;
    for (const auto& [fate, count] : fates) {
      by_fate[to_word(fate)] = count;
      if (cvd::was_kept(fate)) kept_ones += count;
      else if (fate != cvd::EmbargoFate::Runs) broken += count;
    }
    return {{"count", embargoes}, {"kept", kept_ones}, {"ended_early", broken}, {"by_fate", std::move(by_fate)}, {"times_changed", changed}};
  }
};

// Every case of the viewer's that it reads, in the set.
Result<std::vector<Seen>> look_at(Services& services, const access::Viewer& viewer, const MeasuredSet& set) {
  std::vector<Seen> out;
  const auto sight = services.store.as(viewer);
  std::optional<std::pair<std::int64_t, CaseId>> after;
  for (;;) {
    TRY(const auto cards, sight.cases(after, 200));
    for (const auto& card : cards) {
      if (card.stub_only || (set.year && year_of(card.opened) != *set.year)) continue;
      const auto seen = sight.case_view(card.id);
      if (!seen) continue;                          // left between the two reads
      TRY(auto looked, look(services, viewer, *seen));
      if (!set.closed || looked.closed == *set.closed) out.push_back(std::move(looked));
    }
    if (cards.size() < 200) return out;
    after = std::pair{cards.back().rank, cards.back().id};
  }
}

json::object set_json(const MeasuredSet& set) {
  json::object out;
  if (set.year) out["year"] = *set.year;
  if (set.closed) out["closed"] = *set.closed;
  return out;
}

}  // namespace

Result<json::object> case_measures(Services& services, const access::Viewer& viewer, CaseId id) {
  TRY(const auto seen, services.store.as(viewer).case_view(id));
  if (!seen.view.standing.may_read_content && !seen.view.standing.is_owner) return fail(ErrorKind::Forbidden, "Your organisation must be a confirmed participant that agreed to the terms in force.");
  TRY(const auto looked, look(services, viewer, seen));
  const auto& fold = seen.view.fold;
  json::array pairs;
  std::array<cvd::Tally, kDesiderata.size()> tallies{};
  std::array<std::vector<double>, kDesiderata.size()> alphas;
  for (const auto& pair : looked.measured.pairs) {
    json::array desiderata, zero_days, history;
    for (std::size_t i = 0; i < kDesiderata.size(); ++i) {
      tallies[i].add(pair.desiderata[i]);
      desiderata.push_back(json::object{{"desideratum", cvd::name(kDesiderata[i])}, {"fulfilment", to_word(pair.desiderata[i])}});
      if (pair.desiderata[i] != cvd::Fulfilment::Unknown)
        alphas[i].push_back(cvd::skill_of_rate(pair.desiderata[i] == cvd::Fulfilment::Satisfied ? 1 : 0, cvd::precedence(kDesiderata[i].first, kDesiderata[i].then).frequency));
    }
    for (const auto zero : pair.zero_days) zero_days.push_back(json::value(to_word(zero)));
    for (const auto& [letter, at] : pair.history) history.push_back(json::object{{"letter", std::string(1, cvd::character(letter))}, {"at", to_text(at)}});
    json::object one{{"vulnerability", pair.vulnerability.text()}, {"product", pair.product.text()}, {"letters", pair.letters()}, {"history", std::move(history)}, {"desiderata", std::move(desiderata)}, {"zero_days", std::move(zero_days)}};
    if (const auto* product = fold.product(pair.product)) one["name"] = product->name;
    if (pair.tier) one["tier"] = *pair.tier;
    if (pair.to_fix) one["to_fix_seconds"] = seconds(*pair.to_fix);
    if (pair.to_deploy) one["to_deploy_seconds"] = seconds(*pair.to_deploy);
    pairs.push_back(std::move(one));
  }
  auto desiderata = desiderata_json(tallies, 0, {});
  for (std::size_t i = 0; i < kDesiderata.size(); ++i)
    if (const auto middle = cvd::median(alphas[i])) desiderata[i].as_object()["median_alpha"] = *middle;
  json::object out{{"case", id.text()}, {"histories", static_cast<int>(looked.measured.pairs.size())}, {"desiderata", std::move(desiderata)}, {"pairs", std::move(pairs)}};
  if (looked.measured.to_acknowledge) out["to_acknowledge_seconds"] = seconds(*looked.measured.to_acknowledge);
  if (looked.measured.to_validate) out["to_validate_seconds"] = seconds(*looked.measured.to_validate);
  if (const auto& embargo = looked.measured.embargo) {
    json::object one{{"began", to_text(embargo->began)}, {"agreed_until", to_text(embargo->first_end)}, {"last_agreed_until", to_text(embargo->last_end)}, {"fate", to_word(embargo->fate)}, {"times_changed", embargo->changed}, {"agreed_seconds", seconds(embargo->agreed())}};
    if (embargo->ended) one["ended"] = to_text(*embargo->ended), one["kept_seconds"] = seconds(*embargo->kept());
    out["embargo"] = std::move(one);
  }
  if (looked.access) out["access"] = json::object{{"before_publication", spread_json(looked.access->before)}, {"at_release", spread_json(looked.access->release)}};
  return out;
}

Result<json::object> measures(Services& services, const access::Viewer& viewer, const MeasuredSet& set) {
  TRY(const auto all, look_at(services, viewer, set));
  Sums sums;
  for (const auto& seen : all) sums.add(seen);
  json::object zero_days;
  for (const auto& [zero, count] : sums.zero_days) zero_days[to_word(zero)] = count;
  json::array tiers;
  for (const auto& [tier, lengths] : sums.fix_by_tier) {
    auto one = lengths_json(lengths, Lengths::Exact);
    one["tier"] = tier;
    tiers.push_back(std::move(one));
  }
  auto embargoes = sums.embargo_json();
  embargoes["agreed"] = lengths_json(sums.agreed, Lengths::Exact);
  embargoes["lasted"] = lengths_json(sums.kept, Lengths::Exact);
  return json::object{{"set", set_json(set)}, {"cases", sums.cases}, {"histories", sums.histories}, {"desiderata", desiderata_json(sums.tallies, 0, sums.cases_with)}, {"zero_days", std::move(zero_days)},
                      {"to_acknowledge", lengths_json(sums.acknowledge, Lengths::Exact)}, {"to_validate", lengths_json(sums.validate, Lengths::Exact)}, {"to_fix", lengths_json(sums.fix, Lengths::Exact)}, {"to_deploy", lengths_json(sums.deploy, Lengths::Exact)},
                      {"to_fix_by_tier", std::move(tiers)}, {"embargoes", std::move(embargoes)}, {"unequal_access", lengths_json(sums.spread, Lengths::Exact)}};
}

Result<json::object> export_measures(Services& services, const access::Viewer& viewer, const MeasuredSet& set) {
  TRY(const auto all, look_at(services, viewer, set));
  Sums sums;
  for (const auto& seen : all)
    if (seen.is_public || seen.closed) sums.add(seen);
  if (sums.cases < kSmallestSet) return fail(ErrorKind::Invalid, "Fewer than " + std::to_string(kSmallestSet) + " closed or public cases are in this set, so its sums would tell of single cases.", "year", {}, "set-too-small");
  const auto lengths = [](const std::vector<Duration>& all_of_them, int cases) { return cases < kSmallestSet ? json::object{} : lengths_json(all_of_them, Lengths::Days); };
  const auto one_a_case = [&](const std::vector<Duration>& all_of_them) { return lengths(all_of_them, static_cast<int>(all_of_them.size())); };
  json::object zero_days;
  for (const auto& [zero, count] : sums.zero_days)
    if (sums.zero_day_cases.at(zero) >= kSmallestSet) zero_days[to_word(zero)] = count;
  json::object embargoes;
  if (sums.embargoes >= kSmallestSet) {
    const auto whole = sums.embargo_json();
    embargoes = {{"count", whole.at("count")}, {"kept", whole.at("kept")}, {"ended_early", whole.at("ended_early")}};
  }
  return json::object{{"set", set_json(set)}, {"cases", sums.cases}, {"smallest_set", kSmallestSet}, {"desiderata", desiderata_json(sums.tallies, kSmallestSet, sums.cases_with)}, {"zero_days", std::move(zero_days)},
                      {"to_acknowledge", one_a_case(sums.acknowledge)}, {"to_validate", one_a_case(sums.validate)}, {"to_fix", lengths(sums.fix, sums.fix_cases)}, {"to_deploy", lengths(sums.deploy, sums.deploy_cases)}, {"embargoes", std::move(embargoes)}};
}

std::string to_csv(const json::object& exported) {
  std::string out = "measure,satisfied,observed,baseline,rate,alpha,low,high,value\r\n";
  // A cell that begins like a formula gets an apostrophe before it, and all cells are quoted.
  const auto cell = [](std::string text) {
    const bool number = text.find_first_not_of("0123456789.eE+-") == std::string::npos;
    if (!number && !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text.insert(text.begin(), '\'');
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
  };
  const auto plain = [](const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || value->is_null()) return std::string();
    return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
  };
  const auto row = [&](std::vector<std::string> cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + cell(std::move(cells[i]));
    out += "\r\n";
  };
  row({"cases", "", "", "", "", "", "", "", plain(exported, "cases")});
  for (const auto& d : exported.at("desiderata").as_array()) {
    const auto& o = d.as_object();
    row({plain(o, "desideratum"), plain(o, "satisfied"), plain(o, "observed"), plain(o, "baseline"), plain(o, "rate"), plain(o, "alpha"), plain(o, "low"), plain(o, "high"), ""});
  }
  for (const auto& [key, value] : exported.at("zero_days").as_object()) row({"zero_day." + std::string(key), "", "", "", "", "", "", "", json::serialize(value)});
  for (const std::string name : {"to_acknowledge", "to_validate", "to_fix", "to_deploy", "embargoes"})
    for (const auto& [key, value] : exported.at(name).as_object()) row({name + "." + std::string(key), "", "", "", "", "", "", "", json::serialize(value)});
  return out;
}

}  // namespace sluice::service
