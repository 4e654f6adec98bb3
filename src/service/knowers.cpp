#include "service/knowers.h"

#include <algorithm>
#include <map>
#include <set>

#include "cvd/decide.h"
#include "regimes/recipient.h"
#include "service/copies.h"
#include "service/gate_facts.h"
#include "service/regimes.h"
#include "store/deliveries.h"

namespace sluice::service {

namespace {

struct Item {
  CaseId in;
  std::string object;
  std::int64_t version = 0;
  Instant at;
  std::string channel, way;
  std::optional<RulingId> ruling;
};

json::object item_json(const Item& item) {
  json::object out{{"case", item.in.text()}, {"object", item.object}, {"version", item.version}, {"at", to_text(item.at)}, {"channel", item.channel}, {"way", item.way}};
  if (item.ruling) out["ruling"] = item.ruling->text();
  return out;
}

// A notice is one for each body that it went to. What it said of the day counts from then on only if it was on record by `as_of`.
struct Filing {
  CaseId in;
  const cvd::Notice* notice = nullptr;
  std::string to;
};
std::vector<Filing> filings_in(CaseId in, const cvd::CaseFold& fold, Instant as_of) {
  std::vector<Filing> out;
  for (const auto& one : fold.notices) {
    if (!one.filed || one.filed->what.at > as_of || one.filed->recorded > as_of) continue;
    const auto bodies = regimes::parse_recipients(one.filed->what.to);
    if (!bodies) out.push_back({in, &one, one.filed->what.to});
    else
      for (const auto& body : *bodies) out.push_back({in, &one, regimes::to_text(body)});
  }
  return out;
}

// The case, and what was merged into it: what a party learned there, it knew here. Each is seen as the asker's standing there allows. Only the coordination was told which case that was; nobody
// else is told by this. One that the asker may not see makes the answer incomplete, and tells no more than that a case was merged, which it knows.
struct Family {
  struct Member { CaseId id; store::CaseSeen seen; };
  std::vector<Member> cases;
  bool complete = true;
};

Result<Family> family_of(Services& services, const access::Viewer& viewer, CaseId id) {
  Family out;
  TRY(auto first, services.store.as(viewer).case_view(id));
  out.cases.push_back({id, std::move(first)});
  for (std::size_t i = 0; i < out.cases.size(); ++i) {
    out.complete = out.complete && access::knows_whole_case(viewer, out.cases[i].seen.view.standing);
    const auto siblings = out.cases[i].seen.view.fold.siblings;
    for (const auto& sibling : siblings) {
      if (sibling.kind != cvd::Sibling::Kind::MergedIn || !sibling.id) continue;
      if (std::any_of(out.cases.begin(), out.cases.end(), [&](const Family::Member& one) { return one.id == *sibling.id; })) continue;
      if (auto merged = services.store.as(viewer).case_view(*sibling.id)) out.cases.push_back({*sibling.id, *std::move(merged)});
      else out.complete = false;
    }
  }
  return out;
}

// What reached whom in one case, by authorship, delivery and copy.
Result<void> gather(Services& services, store::Db& db, const access::Viewer& viewer, CaseId id, const cvd::CaseView& view, Instant as_of, std::map<std::string, std::vector<Item>>& by_party) {
  static const store::StreamEntries kNothing;
  const bool all = access::knows_whole_case(viewer, view.standing);
  const auto note = [&](const std::string& party, Item item) {
    const bool own = viewer.organisation && party == viewer.organisation->text();
    if (all || own) by_party[party].push_back(std::move(item));
  };
  for (const auto& compartment : access::readable_compartments(viewer, view.standing, cvd::compartments_of(view.fold))) {
    auto entries = services.store.streams().read(db, id, compartment);
    const bool erased = !entries && entries.error().code == "erased";  // who had read it stays on record
    if (!entries && !erased) continue;
    // What somebody wrote, it knew when it wrote it. The first sender of a report stands by its report.
    for (const auto& entry : erased ? kNothing : **entries) {
      if (entry->context.recorded > as_of) continue;
      if (entry->context.organisation) note(entry->context.organisation->text(), {id, compartment.text(), entry->sequence, entry->context.recorded, "api", "author", {}});
      else if (compartment.kind == access::Compartment::Kind::Report && entry->entry.action == "report.submit") note(compartment.report->text(), {id, compartment.text(), entry->sequence, entry->context.recorded, "api", "author", {}});
    }
    TRY(const auto deliveries, store::deliveries_of(db, services.cells(), services.store.streams().tag_of(id, compartment), as_of));
    for (const auto& delivery : deliveries) note(delivery.to, {id, compartment.text(), delivery.upto, delivery.at, to_word(static_cast<gate::Channel>(delivery.channel)), "pull", delivery.ruling});
  }

  // Copies that went out: of files, and of the case as a document (service/copies.h).
  std::vector<std::string> copied{"export"};
  for (const auto& file : view.fold.files) copied.push_back("file:" + file.id.text());
  for (const auto& object : copied) {
    TRY(const auto copies, store::deliveries_of(db, services.cells(), copy_tag(services.cells(), id, object), as_of));
    for (const auto& delivery : copies) note(delivery.to, {id, object, delivery.upto, delivery.at, to_word(static_cast<gate::Channel>(delivery.channel)), "copy", delivery.ruling});
  }
  return {};
}

}  // namespace

Result<Knowers> knowers(Services& services, const access::Viewer& viewer, CaseId id, std::optional<Instant> asked, const cvd::CaseFold* told) {
  TRY(auto family, family_of(services, viewer, id));
  const auto& fold = family.cases.front().seen.view.fold;
  const auto now = services.clock.now(), as_of = asked.value_or(now);
  TRY(const auto then, known_then(services, viewer, fold, asked));
  // Whom they have to tell by a law in scope: expected, beside what was observed.
  std::optional<CaseLaw> law;
  if (const auto& known = told != nullptr ? *told : then ? *then : fold; law_may_bind(services, known)) {
    Considered considered;
    considered.as_of = as_of;
    considered.own = own_view(fold, family.cases.front().seen.view.standing, viewer);
    if (auto evaluated = evaluate_case(services, known, considered, Asked::Duties)) law = *std::move(evaluated);
  }
  TRY(auto db, services.store.lease());

  std::set<OrganisationId> openers;                    // whom nobody told
  for (const auto& [of, seen] : family.cases)
    if (of == id || access::knows_whole_case(viewer, seen.view.standing)) openers.insert(seen.view.fold.first_owner());
  std::map<std::string, std::vector<Item>> by_party;   // organisation or report id
  for (const auto& [of, seen] : family.cases) TRY(gather(services, *db, viewer, of, seen.view, as_of, by_party));

  json::array list;
  std::map<std::string, Instant> by_kind, by_country;  // when the first of each was told
  std::optional<Instant> first_told, last_told;
  for (auto& [party, items] : by_party) {
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.at < b.at; });
    json::object one;
    json::object who{{"id", party}};
    if (const auto organisation_id = OrganisationId::parse(party)) {
      TRY(const auto organisation, store::organisation(*db, services.cells(), *organisation_id));
      if (organisation) {
        who["name"] = organisation->profile.name;
        if (organisation->profile.country) who["country"] = *organisation->profile.country;
        if (!openers.contains(*organisation_id)) {
          const auto earlier = [&](std::map<std::string, Instant>& of, const std::string& key) { const auto found = of.emplace(key, items.front().at).first; found->second = std::min(found->second, items.front().at); };
          earlier(by_kind, to_word(organisation->kind));
          if (organisation->profile.country) earlier(by_country, *organisation->profile.country);
        }
      }
      json::array roles;
      std::optional<Instant> could_read;
      for (const auto& [of, seen] : family.cases) {
        if (of != id && !access::knows_whole_case(viewer, seen.view.standing) && *organisation_id != viewer.organisation) continue;
        const auto* participant = seen.view.fold.participant(*organisation_id);
        if (participant == nullptr) continue;
        if (roles.empty())
          for (const auto role : participant->roles) roles.push_back(json::value(to_word(role)));
        if (participant->confirmed_at) could_read = could_read ? std::min(*could_read, *participant->confirmed_at) : participant->confirmed_at;
        if (!participant->essential_because.empty() && !one.contains("basis")) one["basis"] = json::object{{"kind", "participant"}, {"essential", participant->essential_because}};
      }
      if (could_read) one["could_read_since"] = to_text(*could_read);
      who["roles"] = std::move(roles);
      if (!openers.contains(*organisation_id)) {
        first_told = first_told ? std::min(*first_told, items.front().at) : items.front().at;
        last_told = last_told ? std::max(*last_told, items.front().at) : items.front().at;
      }
    } else {
      who["name"] = "an anonymous reporter";
      who["roles"] = json::array{"reporter"};
    }
    one["organisation"] = std::move(who);
    one["first"] = to_text(items.front().at);
    one["last"] = to_text(items.back().at);
    json::array shown;
    for (const auto& item : items) shown.push_back(item_json(item));
    one["items"] = std::move(shown);
    if (law)
      if (auto reached = reached_by_law(*law, party); !reached.empty()) one["reaches"] = std::move(reached);
    list.push_back(std::move(one));
  }
  json::object out{{"case", id.text()}, {"as_of", to_text(as_of)}, {"known_as_of", to_text(then ? as_of : now)}, {"knowers", std::move(list)}, {"complete", family.complete}};
  // Unequal access as a figure: from the first party told to the last.
  if (first_told) out["spread"] = json::object{{"first", to_text(*first_told)}, {"last", to_text(*last_told)}, {"seconds", (*last_told - *first_told).count() / 1'000'000}};
  // And by kind of recipient and by country: how much later than the first of all.
  const auto spread = [&](const std::map<std::string, Instant>& of, const char* key) {
    json::array rows;
    for (const auto& [word, at] : of) rows.push_back(json::object{{key, word}, {"first", to_text(at)}, {"seconds", (at - *first_told).count() / 1'000'000}});
    return rows;
  };
  std::vector<Filing> filings;
  for (const auto& [of, seen] : family.cases) {
    auto here = filings_in(of, seen.view.fold, as_of);
    if (!access::knows_whole_case(viewer, seen.view.standing)) std::erase_if(here, [&](const Filing& one) { return one.notice->organisation != viewer.organisation; });
    filings.insert(filings.end(), here.begin(), here.end());
  }
  std::stable_sort(filings.begin(), filings.end(), [](const Filing& a, const Filing& b) { return a.notice->filed->what.at < b.notice->filed->what.at; });
  json::array bodies;
  for (const auto& one : filings) {
    const auto& filed = *one.notice->filed;
    json::object body{{"to", one.to}, {"at", to_text(filed.what.at)}, {"recorded", to_text(filed.recorded)}, {"by", filed.what.organisation.text()}, {"case", one.in.text()}, {"notice", one.notice->id.text()}, {"observed", false}};
    TRY(const auto by, store::organisation(*db, services.cells(), filed.what.organisation));
    if (by) body["by_name"] = by->profile.name;
    bodies.push_back(std::move(body));
  }
  out["bodies"] = std::move(bodies);
  if (first_told) out["by_kind"] = spread(by_kind, "kind"), out["by_country"] = spread(by_country, "country");
  Knowers known{std::move(out), {}, {}};
  for (auto& [of, seen] : family.cases) {
    known.deliveries.insert(known.deliveries.end(), seen.deliveries.begin(), seen.deliveries.end());
    if (of != id) known.merged.push_back(of);
  }
  return known;
}

Result<json::array> rulings_of(Services& services, const access::Viewer& viewer, CaseId id) {
  TRY(const auto seen, services.store.as(viewer).case_view(id));
  TRY(access::require(viewer, access::Action::AskGate, [&] {
    auto standing = seen.view.standing;
    standing.is_own_object = true;  // what follows is held to the organisation's own
    return standing;
  }()));
  const auto& fold = seen.view.fold;
  const auto is_own = [&](std::string_view object) {
    return std::any_of(fold.notices.begin(), fold.notices.end(), [&](const auto& one) { return one.organisation == viewer.organisation && object == "notice:" + one.id.text(); }) ||
           std::any_of(fold.area_reports.begin(), fold.area_reports.end(), [&](const auto& one) { return one.organisation == viewer.organisation && object == "area-report:" + one.id.text(); });
  };
  // A decision that a ruling rests on may be somebody else's: its words are for whoever reads the decision.
  const auto reads_decision = [&](std::string_view decision) { return std::any_of(fold.decisions.begin(), fold.decisions.end(), [&](const auto& one) { return one.what.decision.text() == decision; }); };
  TRY(auto db, services.store.lease());
  TRY(const auto rows, store::rulings_about(*db, services.cells(), services.cells().tag("object", id.text())));
  json::array out;
  for (const auto& row : rows) {
    if (access::knows_whole_case(viewer, seen.view.standing)) {
      out.push_back(row.body);
      continue;
    }
    const auto* object = find_at(row.body, "/disclosure/content/object");
    if (object == nullptr || !object->is_string() || !is_own(object->get_string())) continue;
    auto body = row.body;
    if (const auto* decision = find_at(body, "/ruling/override/decision"); decision != nullptr && (!decision->is_string() || !reads_decision(decision->get_string()))) body.as_object()["ruling"].as_object()["override"] = nullptr;
    if (auto* judges = body.at("ruling").as_object().if_contains("judges"); judges != nullptr && judges->is_array())
      for (auto& judge : judges->get_array())
        if (auto* because = judge.as_object().if_contains("because"); because != nullptr && because->is_array())
          for (auto& reason : because->get_array())
            if (const auto cite = string_at(reason, "cite"); cite.starts_with("decision ") && !reads_decision(cite.substr(9))) reason.as_object()["text"] = "a decision that another organisation recorded";
    out.push_back(std::move(body));
  }
  return out;
}

Result<json::object> ask_gate(Services& services, const access::Viewer& viewer, const gate::Disclosure& disclosure) {
  gate::Facts facts;
  json::array onward;
  bool is_whole = true;  // else worked out from the asker's own part of the case, as everything that it is told
  facts.two_person = services.settings.two_person;
  const auto audience = disclosure.audience.id ? OrganisationId::parse(*disclosure.audience.id) : std::nullopt;
  if (disclosure.case_) {
    TRY(const auto seen, services.store.as(viewer).case_view(*disclosure.case_));
    TRY(access::require(viewer, access::Action::AskGate, [&] {
      auto standing = seen.view.standing;
      standing.is_own_object = audience == viewer.organisation;
      return standing;
    }()));
    facts.case_ = case_facts(seen.view.fold);
    if (audience && cvd::may_know_of(seen.view.fold, seen.view.standing, viewer.organisation, *audience)) facts = facts_for(seen.view.fold, *audience, services.settings.two_person);
    for (const auto& release : seen.view.fold.releases)
      if (disclosure.basis.release == release.id) {
        gate::ReleaseFacts plan{release.id, release.state == cvd::Release::State::Planned, release.instant, {}, cvd::not_ready(seen.view.fold, release).empty(), release.waiver.has_value()};
        for (const auto& hash : release.documents) plan.documents.push_back({hash});
        facts.release = plan;
      }
    Considered considered;
    considered.as_of = std::max(disclosure.at, services.clock.now());
    considered.own = own_view(seen.view.fold, seen.view.standing, viewer);
    is_whole = !considered.own;
    facts.regimes = regimes_verdict(services, seen.view.fold, disclosure, viewer.organisation.value_or(seen.view.fold.owner), considered);
    // Whom the audience has to tell in its turn.
    if (audience && audience != viewer.organisation) onward = reached_if_told(services, seen.view.fold, *audience, disclosure.audience.roles, considered.as_of, considered.own);
  }
  facts.now = services.clock.now();
  const auto ruling = gate::consider(disclosure, facts);
  json::array missing, changes;
  for (const auto& pointer : gate::facts_missing(disclosure, facts)) missing.push_back(json::value(pointer));
  for (const auto& change : gate::what_would_change(disclosure, facts)) changes.push_back(to_json(change));
  return json::object{{"recorded", false}, {"complete", is_whole}, {"ruling", to_json(ruling)}, {"as_of", to_text(services.clock.now())}, {"facts_missing", std::move(missing)}, {"what_would_change", std::move(changes)}, {"onward", std::move(onward)}};
}

}  // namespace sluice::service
