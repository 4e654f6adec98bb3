// Longer than other files because it is one idea: a case as JSON, one function a part, each beside its shape in answers.cpp.
#include "web/api/case_json.h"

#include "cvd/actions.h"
#include "cvd/answered.h"
#include "cvd/leak_drill.h"
#include "cvd/ownership.h"
#include "cvd/parties.h"
#include "cvd/readiness.h"
#include "cvd/standing.h"

namespace sluice::web::api {

namespace {

void put(json::object& out, std::string_view key, const std::optional<std::string>& value) {
  if (value) out[key] = *value;
}
void put(json::object& out, std::string_view key, const std::optional<Instant>& value) {
  if (value) out[key] = to_text(*value);
}

json::object terms_json(const Shown& shown, const cvd::Terms& terms) {
  json::object out{{"version", terms.version},       {"state", to_word(terms.state)},          {"until", to_text(terms.until)},
                   {"zone", terms.zone},             {"proposed_at", to_text(terms.proposed_at)}, {"respond_by", to_text(terms.respond_by)},
                   {"proposed_by", shown.who(terms.proposed_by)}};
  put(out, "note", terms.note);
  put(out, "settled_at", terms.settled_at);
  json::array answers;
  for (const auto& [id, participant] : shown.view.fold.participants) {
    const auto consent = participant.consent.find(terms.version);
    if (consent != participant.consent.end() && shown.may_know(id))
      answers.push_back(json::object{{"organisation", shown.names.card(id)}, {"consent", to_word(shown.view.fold.last_consent(id, terms.version))}});
  }
  out["answers"] = std::move(answers);
  return out;
}

json::array siblings_json(const Shown& shown) {
  json::array out;
  for (const auto& sibling : shown.view.fold.siblings) {
    json::object one{{"kind", to_word(sibling.kind)}, {"at", to_text(sibling.at)}};
    if (sibling.id && shown.parts.contains(*sibling.id)) one["case"] = sibling.id->text();
    json::array titles, terms;
    for (const auto& title : sibling.titles) titles.push_back(json::value(title));
    one["titles"] = std::move(titles);
    if (!sibling.why.empty()) one["why"] = sibling.why;
    for (const auto& moved : sibling.terms) {
      json::object news{{"at", to_text(moved.at)}, {"what", moved.what}};
      put(news, "until", moved.until);
      terms.push_back(std::move(news));
    }
    one["terms"] = std::move(terms);
    out.push_back(std::move(one));
  }
  return out;
}

json::array planned_invitations_json(const Shown& shown) {
  json::array out;
  for (const auto& plan : shown.view.fold.planned_invitations) {
    json::array roles;
    for (const auto role : plan.roles) roles.push_back(json::value(to_word(role)));
    out.push_back(json::object{{"organisation", shown.names.card(plan.organisation)}, {"when", to_text(plan.when)}, {"roles", std::move(roles)}, {"essential_because", plan.essential_because}, {"planned", to_text(plan.planned)},
                               {"due", !cvd::rules::plan_due(shown.view.fold, plan)}});
  }
  return out;
}

// Who counts how much names who takes part, so it is coordination's to know; the rule is everybody's.
json::object settlement_json(const Shown& shown) {
  const auto& settlement = shown.view.fold.settlement;
  json::object out{{"rule", to_word(settlement.rule)}};
  if (settlement.share) out["share"] = *settlement.share;
  json::array weights;
  for (const auto& one : settlement.weights)
    if (shown.may_know(one.organisation)) weights.push_back(json::object{{"organisation", shown.names.card(one.organisation)}, {"weight", one.weight}});
  if (!weights.empty()) out["weights"] = std::move(weights);
  return out;
}

json::object advice_json(const Shown& shown) {
  const auto advice = cvd::advice_for(shown.view.fold, shown.viewer.organisation.value_or(shown.view.fold.owner));
  json::object out{{"start", to_word(advice.start.may)}, {"start_because", advice.start.reason}};
  if (advice.pending) out["pending"] = to_word(*advice.pending);
  if (advice.existing) out["existing"] = to_word(*advice.existing), out["existing_because"] = advice.existing_because;
  return out;
}

// What it holds, where somebody has said so.
void put_classes(json::object& out, const cvd::CaseFold& fold, const std::string& object) {
  if (const auto found = fold.content_classes.find(object); found != fold.content_classes.end()) out["classes"] = to_json(found->second.classes);
}

json::object message_json(const cvd::CaseFold& fold, const Shown* shown, const cvd::Message& message) {
  json::object out{{"id", message.id.text()}, {"at", to_text(message.at)}, {"text", message.text}};
  put_classes(out, fold, "message:" + message.id.text());
  put(out, "amended_at", message.amended_at);
  put(out, "retracted_because", message.retracted_why);
  if (!message.earlier.empty()) out["earlier"] = to_json(message.earlier);  // what it said before, oldest first
  if (message.from_reporter) out["from"] = "reporter";
  else if (shown != nullptr && message.by) out["by"] = shown->who(message.by);  // null: another participant (EXI-10)
  else out["from"] = "receiver";
  return out;
}

}  // namespace

bool Shown::may_know(OrganisationId id) const { return cvd::may_know_of(view.fold, view.standing, viewer.organisation, id); }
json::value Shown::who(std::optional<OrganisationId> id) const { return id && may_know(*id) ? json::value(names.card(*id)) : json::value(nullptr); }

json::object case_card(const store::CaseCard& card) {
  json::object out{{"id", card.id.text()}, {"embargo", to_word(card.embargo)}, {"opened", to_text(card.opened)}, {"changed", to_text(card.changed)}, {"stub", card.stub_only}};
  if (!card.title.empty()) out["title"] = card.title;
  put(out, "embargo_until", card.embargo_until);
  if (card.unread) out["unread"] = *card.unread;
  return out;
}

json::object case_json(const Shown& shown) {
  const auto& fold = shown.view.fold;
  json::object out{{"id", fold.id.text()}, {"owner", shown.names.card(fold.owner)}, {"embargo", embargo_json(shown)}};
  const auto* me = shown.viewer.organisation ? fold.participant(*shown.viewer.organisation) : nullptr;
  const bool stub = !shown.view.standing.may_read_content && !shown.view.standing.is_owner;
  out["stub"] = stub;
  if (me != nullptr) {
    json::object own{{"admission", to_word(me->admission)}, {"report", to_word(me->report)}};
    json::array roles;
    for (const auto role : me->roles) roles.push_back(json::value(to_word(role)));
    own["roles"] = std::move(roles);
    if (!me->essential_because.empty()) own["essential_because"] = me->essential_because;
    put(own, "respond_by", me->respond_by);
    out["me"] = std::move(own);
  }
  if (stub) return out;
  if (fold.offer) out["offer"] = json::object{{"to", shown.who(fold.offer->to)}, {"at", to_text(fold.offer->at)}, {"why", fold.offer->why}};
  if (!fold.glasses.empty()) {
    json::array glasses;
    for (const auto& glass : fold.glasses) {
      json::object one{{"id", glass.id.text()}, {"at", to_text(glass.at)}, {"until", to_text(glass.until)}, {"reason", glass.reason}, {"asked_by", glass.asked_by.text()}, {"confirmed_by", glass.confirmed_by.text()}};
      put(one, "closed_at", glass.closed_at);
      glasses.push_back(std::move(one));
    }
    out["opened_in_emergency"] = std::move(glasses);
  }
  out["title"] = fold.title;
  put(out, "summary", fold.summary);
  out["opened"] = to_text(fold.opened);
  if ((shown.view.standing.is_owner || shown.view.standing.is_admitted_coordinator) && !fold.owner_is_vendor) {
    json::array because;  // empty: the standard has no ground for it yet
    for (const auto ground : cvd::coordinator_grounds(fold)) because.push_back(json::value(to_word(ground)));
    out["owner_because"] = std::move(because);
  }
  out["readiness"] = readiness_json(shown);
  out["vulnerabilities"] = vulnerabilities_json(shown);
  out["products"] = products_json(shown);
  out["statuses"] = statuses_json(shown);
  out["participants"] = participants_json(shown);
  out["reports"] = reports_json(shown);
  out["releases"] = releases_json(shown);
  if (!fold.siblings.empty()) out["siblings"] = siblings_json(shown);
  if (!fold.planned_invitations.empty()) out["planned_invitations"] = planned_invitations_json(shown);
  out["groups"] = groups_json(shown);
  out["tracking_ids"] = tracking_ids_json(shown);
  return out;
}

// In the order in which they are told. Members know their own group's name and nothing of the others in it (EXI-10).
json::array groups_json(const Shown& shown) {
  const auto& fold = shown.view.fold;
  const bool coordinates = shown.view.standing.is_owner || shown.view.standing.is_admitted_coordinator;
  std::vector<const cvd::Group*> groups;
  for (const auto& [id, group] : fold.groups)
    if (coordinates || (shown.viewer.organisation && group.members.contains(*shown.viewer.organisation))) groups.push_back(&group);
  std::stable_sort(groups.begin(), groups.end(), [](const auto* a, const auto* b) { return a->order < b->order; });
  json::array out;
  for (const auto* group : groups) {
    json::object one{{"id", group->id.text()}, {"audience", access::Compartment::of(group->id).text()}};
    if (!group->name.empty()) one["name"] = group->name;  // what the group held may be erased
    if (coordinates) {
      one["order"] = group->order;
      one["why"] = group->why;
      one["formed"] = to_text(group->formed);
      std::optional<Instant> first, last;  // when the group was told
      json::array members;
      for (const auto& id : group->members) {
        json::object member{{"organisation", shown.names.card(id)}};
        if (const auto* participant = fold.participant(id)) {
          member["admission"] = to_word(participant->admission);
          put(member, "invited_at", participant->invited_at);
          put(member, "confirmed_at", participant->confirmed_at);
          if (const auto told = participant->invited_at ? participant->invited_at : participant->confirmed_at) {
            first = first ? std::min(*first, *told) : told;
            last = last ? std::max(*last, *told) : told;
          }
        }
        members.push_back(std::move(member));
      }
      one["members"] = std::move(members);
      put(one, "first_told", first);
      put(one, "last_told", last);
    }
    out.push_back(std::move(one));
  }
  return out;
}

json::array tracking_ids_json(const Shown& shown) {
  json::array out;
  for (const auto& [id, tracking] : shown.view.fold.tracking_ids) {
    json::object one{{"organisation", shown.who(id)}, {"tracking_id", tracking.tracking_id}, {"set", to_text(tracking.set)}};
    put(one, "url", tracking.url);
    out.push_back(std::move(one));
  }
  return out;
}

json::object unread_json(const store::Unread& unread) {
  json::array threads;
  for (const auto& one : unread.threads) threads.push_back(json::object{{"thread", one.thread.text()}, {"messages", one.messages}, {"first", one.first.text()}});
  json::object out{{"count", unread.count}, {"threads", std::move(threads)}};
  if (unread.through) out["through"] = unread.through->text();
  return out;
}

json::array timeline_json(const Shown& shown) {
  json::array out;
  for (const auto& line : shown.view.fold.timeline) {
    json::object one{{"recorded", to_text(line.recorded)}, {"type", line.type}, {"by", shown.who(line.by)}, {"compartment", line.compartment.text()}, {"entry", line.entry.text()}};
    if (line.occurred != line.recorded) one["occurred"] = to_text(line.occurred);
    out.push_back(std::move(one));
  }
  return out;
}

json::array participants_json(const Shown& shown) {
  json::array out;
  for (const auto& [id, participant] : shown.view.fold.participants) {
    if (!shown.may_know(id)) continue;
    json::object one{{"organisation", shown.names.card(id)}, {"admission", to_word(participant.admission)}};
    json::array roles;
    for (const auto role : participant.roles) roles.push_back(json::value(to_word(role)));
    one["roles"] = std::move(roles);
    const bool own = shown.viewer.organisation == id;
    if (own || shown.view.standing.is_owner || shown.view.standing.is_admitted_coordinator) {
      one["report"] = to_word(participant.report);
      if (!participant.essential_because.empty()) one["essential_because"] = participant.essential_because;
      put(one, "invited_at", participant.invited_at);
      if (participant.invited_by) one["invited_by"] = shown.who(participant.invited_by);
      put(one, "respond_by", participant.respond_by);
      put(one, "confirmed_at", participant.confirmed_at);
      if (participant.honours_after_leaving) one["still_honours_terms"] = *participant.honours_after_leaving;
      if (const auto* running = shown.view.fold.running_terms()) one["consent"] = to_word(shown.view.fold.consent(id, running->version));
    }
    put(one, "statement", participant.statement);
    if (own) put(one, "statement_draft", participant.statement_draft);
    out.push_back(std::move(one));
  }
  return out;
}

json::object embargo_json(const Shown& shown) {
  const auto& fold = shown.view.fold;
  json::object out{{"state", to_word(fold.embargo)}};
  if (const auto* running = fold.running_terms()) {
    out["running"] = running->version;
    out["until"] = to_text(running->until);
    out["zone"] = running->zone;
  }
  put(out, "ended_at", fold.embargo_ended_at);
  put(out, "end_reason", fold.embargo_end_reason);
  json::array terms;
  for (const auto& one : fold.terms) terms.push_back(terms_json(shown, one));
  out["terms"] = std::move(terms);
  out["settlement"] = settlement_json(shown);
  if (shown.view.standing.is_owner || shown.view.standing.may_read_content) out["advice"] = advice_json(shown);
  return out;
}

json::object thread_json(const Shown& shown, const cvd::Thread& thread) {
  json::array messages;
  for (const auto& message : thread.messages) messages.push_back(message_json(shown.view.fold, &shown, message));
  return {{"id", thread.id.text()}, {"audience", thread.audience.text()}, {"topic", thread.topic}, {"opened", to_text(thread.opened)}, {"messages", std::move(messages)}};
}

json::array threads_json(const Shown& shown) {
  json::array out;
  for (const auto& thread : shown.view.fold.threads) out.push_back(thread_json(shown, thread));
  return out;
}

json::array vulnerabilities_json(const Shown& shown) {
  json::array out;
  for (const auto& vulnerability : shown.view.fold.vulnerabilities) {
    json::object one{{"id", vulnerability.id.text()}, {"title", vulnerability.title}, {"description", vulnerability.description}};
    put(one, "cwe", vulnerability.cwe);
    put(one, "identifier", vulnerability.identifier);
    put(one, "cvss", vulnerability.cvss);
    put(one, "score", vulnerability.score);
    json::object facts;
    for (const auto& [letter, fact] : vulnerability.facts) facts[std::string(1, cvd::character(letter))] = json::object{{"occurred", to_text(fact.occurred)}, {"recorded", to_text(fact.recorded)}};
    one["facts"] = std::move(facts);
    json::array letters;
    for (const auto& product : shown.view.fold.products)
      letters.push_back(json::object{{"product", product.id.text()}, {"letters", shown.view.fold.letters(vulnerability.id, product.id).text()}});
    one["states"] = std::move(letters);
    out.push_back(std::move(one));
  }
  return out;
}

json::array products_json(const Shown& shown) {
  json::array out;
  for (const auto& product : shown.view.fold.products) {
    json::object one{{"id", product.id.text()}, {"name", product.name}, {"vendor", shown.who(product.vendor)}};
    put(one, "version", product.version);
    put(one, "purl", product.purl);
    if (product.placed) {
      auto placed = to_json(*product.placed).as_object();
      placed.erase("product");
      one["placed"] = std::move(placed);
    }
    put(one, "cpe", product.cpe);
    if (product.supported) one["supported"] = *product.supported;
    put(one, "supported_until", product.supported_until);
    put(one, "support_note", product.support_note);
    out.push_back(std::move(one));
  }
  return out;
}

json::array claims_json(const Shown& shown) {
  json::array out;
  for (const auto& claim : shown.view.fold.claims) {
    const char* state = claim.state == cvd::Claim::State::Open ? "open" : claim.state == cvd::Claim::State::Adopted ? "adopted" : "refused";
    json::object one{{"id", claim.id.text()}, {"vulnerability", claim.vulnerability.text()}, {"fact", std::string(1, cvd::character(claim.fact))}, {"evidence", claim.evidence},
                     {"occurred", to_text(claim.occurred)}, {"recorded", to_text(claim.recorded)}, {"by", shown.who(claim.by)}, {"state", state}};
    put(one, "why", claim.why);
    if (!claim.sources.empty()) {
      json::array sources;
      for (const auto& source : claim.sources) {
        auto shown_source = to_json(source).as_object();
        shown_source.erase("claim");
        sources.push_back(std::move(shown_source));
      }
      one["sources"] = std::move(sources);
    }
    out.push_back(std::move(one));
  }
  return out;
}

json::array decisions_json(const Shown& shown) {
  json::array out;
  for (const auto& decision : shown.view.fold.decisions) {
    auto one = to_json(decision.what).as_object();
    one["at"] = to_text(decision.at);
    if (decision.by) one["by"] = decision.by->text();
    if (decision.second) one["second"] = decision.second->text();
    if (!decision.rules.empty()) one["rules"] = json::array(decision.rules.begin(), decision.rules.end());
    out.push_back(std::move(one));
  }
  return out;
}

json::array requests_json(const Shown& shown) {
  json::array out;
  for (const auto& request : shown.view.fold.requests) {
    json::object one{{"id", request.id.text()}, {"command", request.command}, {"body", request.body}, {"asked_at", to_text(request.asked_at)}, {"asked_for", shown.who(request.asked_for)},
                     {"expires", to_text(request.expires)}, {"state", to_word(request.state)}};
    if (request.asked_by) one["asked_by"] = request.asked_by->text();
    if (request.answered_by) one["answered_by"] = request.answered_by->text();
    put(one, "answered_at", request.answered_at);
    put(one, "why", request.why);
    out.push_back(std::move(one));
  }
  return out;
}

json::array advisories_json(const Shown& shown) {
  json::array out;
  for (const auto& [id, versions] : shown.view.fold.advisories) {
    json::array list;
    for (const auto& version : versions) {
      json::object one{{"version", version.version}, {"hash", hex(version.hash)}, {"drafted_at", to_text(version.drafted_at)}, {"document", version.document}};
      put_classes(one, shown.view.fold, "advisory:" + id.text() + "/" + std::to_string(version.version));
      put(one, "approved_at", version.approved_at);
      put(one, "released_at", version.released_at);
      if (version.drafted_by) one["drafted_by"] = version.drafted_by->text();
      if (version.approved_by) one["approved_by"] = version.approved_by->text();
      list.push_back(std::move(one));
    }
    out.push_back(json::object{{"id", id.text()}, {"versions", std::move(list)}});
  }
  return out;
}

json::array releases_json(const Shown& shown) {
  json::array out;
  for (const auto& release : shown.view.fold.releases) {
    const char* state = release.state == cvd::Release::State::Planned ? "planned" : release.state == cvd::Release::State::Held ? "held" : "released";
    json::object one{{"id", release.id.text()}, {"state", state}, {"instant", to_text(release.instant)}};
    if (release.version > 0) one["advisory"] = release.advisory.text(), one["version"] = release.version;
    put(one, "held_because", release.held_because);
    if (const auto overtaken = cvd::overtaken(shown.view.fold, release)) one["overtaken"] = to_word(*overtaken);
    put(one, "released_at", release.released_at);
    if (release.waiver) one["waiver"] = to_json(*release.waiver);
    if (release.version > 0 && release.state != cvd::Release::State::Released && (shown.view.standing.is_owner || shown.view.standing.is_admitted_coordinator)) one["readiness"] = readiness_of_json(shown, release);
    json::array documents;
    for (const auto& hash : release.documents) documents.push_back(json::value(hex(hash)));
    one["documents"] = std::move(documents);
    out.push_back(std::move(one));
  }
  return out;
}

json::array files_of(const cvd::CaseFold& fold, const access::Compartment& audience) {
  json::array out;
  for (const auto& file : fold.files)
    if (file.audience == audience) {
      json::object one{{"id", file.id.text()}, {"name", file.name}, {"size", file.size}, {"hash", hex(file.hash)}, {"added", to_text(file.added)}};
      put_classes(one, fold, "file:" + file.id.text());
      out.push_back(std::move(one));
    }
  return out;
}

json::object report_json(const cvd::CaseFold& fold, const Names& names, const cvd::ReportCard& report) {
  json::object out{{"id", report.id.text()}, {"received", to_text(report.received)}, {"anonymous", report.anonymous}};
  if (report.content) out["content"] = to_json(*report.content);
  put_classes(out, fold, "report:" + report.id.text());
  json::array mailbox;
  for (const auto& message : report.mailbox) mailbox.push_back(message_json(fold, nullptr, message));
  out["messages"] = std::move(mailbox);
  json::array attempts;
  for (const auto& attempt : report.attempts) {
    json::object one{{"at", to_text(attempt.at)}, {"whom", attempt.whom}, {"how", attempt.how}};
    if (attempt.by) one["by"] = attempt.by->text();
    put(one, "answer", attempt.answer);
    attempts.push_back(std::move(one));
  }
  if (!attempts.empty()) out["contact_attempts"] = std::move(attempts);
  json::array routes;
  for (const auto& route : report.routes) {
    json::object one{{"at", to_text(route.at)}, {"to", names.card(route.to)}, {"reason", to_word(route.reason)}, {"why", route.why}, {"by_reporter", route.by_reporter}};
    put(one, "taken_up", route.taken_up);
    routes.push_back(std::move(one));
  }
  if (!routes.empty()) out["passed_on"] = std::move(routes);
  if (report.duplicate_of) out["duplicate_of"] = report.duplicate_of->text();
  if (report.credit) {
    json::object credit{{"wanted", report.credit->wanted}};
    put(credit, "name", report.credit->name);
    out["credit"] = std::move(credit);
  }
  return out;
}

json::array reports_json(const Shown& shown) {
  json::array out;
  for (const auto& report : shown.view.fold.reports) {
    out.push_back(report_json(shown.view.fold, shown.names, report));
    if (report.kept_in && shown.parts.contains(*report.kept_in)) out.back().as_object()["kept_in"] = report.kept_in->text();
  }
  return out;
}

json::array files_json(const Shown& shown) {
  json::array out;
  for (const auto& file : shown.view.fold.files) {
    json::object one{{"id", file.id.text()}, {"audience", file.audience.text()}, {"name", file.name}, {"size", file.size}, {"hash", hex(file.hash)}, {"added", to_text(file.added)}};
    put_classes(one, shown.view.fold, "file:" + file.id.text());
    out.push_back(std::move(one));
  }
  return out;
}

json::array steps_json(const Shown& shown, Instant) {
  const auto& fold = shown.view.fold;
  json::array out;
  const auto* me = shown.viewer.organisation ? fold.participant(*shown.viewer.organisation) : nullptr;
  if (me == nullptr) return out;
  // What the machine has a step for is possible only to who may take it: a reporter that came in by a merge doesn't judge its own report.
  const auto offer = [&](std::string_view what, bool possible, std::string reason, access::Action action) {
    auto standing = shown.view.standing;
    standing.is_own_object = action != access::Action::RefuseTerms ||
                             std::any_of(fold.terms.begin(), fold.terms.end(), [&](const cvd::Terms& t) { return t.state == cvd::Terms::State::Open && t.proposed_by == shown.viewer.organisation; });
    const bool goes_on = action == access::Action::SetOwnReportState || action == access::Action::EndEmbargo;
    if (possible && fold.is_merged_away() && !goes_on) possible = false, reason = "This case was merged into another, and takes no new work.";
    const auto right = access::authorize(shown.viewer, action, standing);
    if (possible && !right.allowed) possible = false, reason = right.reason;
    json::object one{{"do", what}, {"possible", possible}};
    if (!possible) one["reason"] = reason;
    out.push_back(std::move(one));
  };
  // Made from the machines' own tables: what they have no step for comes with their reason.
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<cvd::ReportAction>>([&](auto d) {
    const auto next = cvd::step(me->report, d.value);
    offer("triage." + snake_case(d.name), next.has_value(), next ? "" : next.error().message, access::Action::SetOwnReportState);
  });
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<cvd::EmbargoAction>>([&](auto d) {
    using enum cvd::EmbargoAction;
    const auto next = cvd::step(fold.embargo, d.value);
    const auto takes = d.value == Propose ? access::Action::ProposeTerms : d.value == Reject ? access::Action::RefuseTerms : d.value == Accept ? access::Action::SettleTerms : access::Action::EndEmbargo;
    offer("embargo." + snake_case(d.name), next.has_value(), next ? "" : next.error().message, takes);
  });
  if (fold.is_merged_away()) return out;
  const bool ends = access::authorize(shown.viewer, access::Action::EndEmbargo, shown.view.standing).allowed;
  const cvd::Hats hats{me->roles.contains(cvd::Role::Vendor), me->roles.contains(cvd::Role::Deployer)};
  for (const auto& vulnerability : fold.vulnerabilities)
    for (const auto& product : fold.products)
      for (const auto& action : cvd::suggested_actions(fold.letters(vulnerability.id, product.id), hats, fold.embargo))
        if (!action.ends_embargo || ends) out.push_back(json::object{{"suggestion", action.what}, {"kind", to_word(action.kind)}, {"vulnerability", vulnerability.id.text()}, {"product", product.id.text()}});
  return out;
}

json::array leaks_json(const Shown& shown) {
  json::array out;
  for (const auto& leak : shown.view.fold.leaks) {
    json::object one{{"id", leak.id.text()}, {"what", leak.what}, {"where_seen", leak.where_seen}, {"evidence", leak.evidence}, {"occurred", to_text(leak.occurred)}, {"recorded", to_text(leak.recorded)}, {"by", shown.who(leak.by)},
                     {"state", leak.outcome ? "closed" : "open"}};
    if (leak.outcome) one["outcome"] = to_word(*leak.outcome);
    put(one, "closed_at", leak.closed_at);
    put(one, "why", leak.closed_why);
    if (shown.view.standing.is_owner || shown.view.standing.is_admitted_coordinator) {
      json::array notes;
      for (const auto& note : leak.notes) {
        json::array narrowed;
        for (const auto id : note.narrowed_to) narrowed.push_back(shown.names.card(id));
        json::object said{{"at", to_text(note.at)}, {"text", note.text}, {"narrowed_to", std::move(narrowed)}};
        if (note.by) said["by"] = note.by->text();
        notes.push_back(std::move(said));
      }
      one["notes"] = std::move(notes);
    }
    out.push_back(std::move(one));
  }
  return out;
}

json::array leak_follows_json(const Shown& shown, const cvd::Leak& leak) {
  json::array out;
  if (leak.outcome) return out;
  for (const auto& step : cvd::follows(shown.view.fold, leak)) out.push_back(json::object{{"do", std::string(step.command)}, {"because", std::string(step.because)}});
  return out;
}

}  // namespace sluice::web::api
