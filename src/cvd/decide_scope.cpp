// Law and standards: a person's word on which count, on a fact that was drawn from elsewhere, on what content is. What the words mean, regimes/ knows; the
// service has compared them with the packs before they come here.
#include <algorithm>

#include "cvd/content.h"
#include "cvd/own_product.h"
#include "cvd/happened.h"
#include "cvd/reason.h"
#include "cvd/talk.h"

namespace sluice::cvd::rules {

namespace {

// The owner and its coordinators speak for the case; anybody else for its own view, which stands in its own compartment.
std::optional<OrganisationId> speaks_for(const CaseFold& fold, const Ask& ask) {
  return coordinates(fold, ask.actor.organisation) ? std::nullopt : std::optional(ask.actor.organisation);
}
access::Compartment place_of(std::optional<OrganisationId> organisation) { return organisation ? own(*organisation) : coordination(); }

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 120 && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '/' || c == ':'; });
}
Result<void> is_regime_word(std::string_view text, std::string where) {
  return is_word(text) ? Result<void>{} : fail(ErrorKind::Invalid, "This is no name as packs have them.", std::move(where));
}

// "/parties/o_…/flags", "/product/market", "/events/vuln.aware@o_…": two or three parts.
Result<void> is_fact(std::string_view fact) {
  const auto parts = std::count(fact.begin(), fact.end(), '/');
  const bool fits = fact.size() <= 200 && fact.starts_with("/") && !fact.ends_with("/") && parts >= 2 && parts <= 3 && fact.find("//") == std::string_view::npos &&
                    std::all_of(fact.begin(), fact.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '.' || c == '-' || c == '@'; });
  return fits ? Result<void>{} : fail(ErrorKind::Invalid, "A fact is named like /product/market or /events/vuln.public.", "/fact");
}
Result<void> is_simple(const json::value& value) {
  const auto text = [](const json::value& one) { return one.is_string() && one.get_string().size() <= 200; };
  const bool fits = value.is_null() || value.is_bool() || value.is_int64() || text(value) ||
                    (value.is_array() && value.get_array().size() <= 100 && std::all_of(value.get_array().begin(), value.get_array().end(), text));
  return fits ? Result<void>{} : fail(ErrorKind::Invalid, "A fact is a text, a number, true or false, a list of texts, or null.", "/value");
}

Result<void> classes_fit(const std::vector<std::string>& classes) {
  if (classes.size() > 30) return fail(ErrorKind::Invalid, "At most 30 classes.", "/classes");
  for (std::size_t i = 0; i < classes.size(); ++i) TRY(is_regime_word(classes[i], "/classes/" + std::to_string(i)));
  return {};
}

}  // namespace

Result<void> add_classes(Changes& out, const access::Compartment& where, std::string object, const std::optional<std::vector<std::string>>& classes) {
  if (!classes) return {};
  TRY(classes_fit(*classes));
  out.push_back({where, ContentClassed{std::move(object), *classes, {}}});
  return {};
}

Result<Changes> decide_one(const CaseFold& fold, const ConfirmScope& c, const Ask& ask) {
  TRY(reason_fits(c.why, 4'000, "/why"));
  if (c.regimes.size() > 200) return fail(ErrorKind::Invalid, "At most 200 regimes.", "/regimes");
  for (std::size_t i = 0; i < c.regimes.size(); ++i) {
    const auto where = "/regimes/" + std::to_string(i);
    TRY(is_regime_word(c.regimes[i].regime, where + "/regime"));
    if (c.regimes[i].why) TRY(text_fits(*c.regimes[i].why, 2'000, where + "/why"));
  }
  const auto mine = speaks_for(fold, ask);
  ScopeConfirmed out{mine, c.regimes, {}, {}, c.why};
  // What isn't said about drafts and readings stays as it was.
  const auto* before = !mine ? (fold.scope ? &*fold.scope : nullptr) : fold.own_scopes.contains(*mine) ? &fold.own_scopes.at(*mine) : nullptr;
  if (c.assumed) out.assumed = *c.assumed;
  else if (before != nullptr) out.assumed = {before->assumed.begin(), before->assumed.end()};
  if (c.readings) out.readings = *c.readings;
  else if (before != nullptr)
    for (const auto& [reading, choice] : before->readings) out.readings.push_back({reading, choice});
  if (out.assumed.size() > 200 || out.readings.size() > 500) return fail(ErrorKind::Invalid, "That is too much for one scope.", "");
  for (std::size_t i = 0; i < out.assumed.size(); ++i) TRY(is_regime_word(out.assumed[i], "/assumed/" + std::to_string(i)));
  for (std::size_t i = 0; i < out.readings.size(); ++i) {
    TRY(is_regime_word(out.readings[i].reading, "/readings/" + std::to_string(i) + "/reading"));
    TRY(is_regime_word(out.readings[i].choice, "/readings/" + std::to_string(i) + "/choice"));
  }
  return Changes{{place_of(mine), std::move(out)}};
}

Result<Changes> decide_one(const CaseFold& fold, const CorrectFact& c, const Ask& ask) {
  TRY(is_fact(c.fact));
  TRY(is_simple(c.value));
  if (c.fact.starts_with("/events/") && c.value.is_string())
    if (const auto at = parse_instant(c.value.get_string())) TRY(is_meant(*at, "/value"));
  TRY(reason_fits(c.why, 4'000, "/why"));
  const auto mine = speaks_for(fold, ask);
  const auto others = std::count_if(fold.corrections.begin(), fold.corrections.end(), [&](const Correction& one) { return one.organisation == mine && one.fact != c.fact; });
  if (others >= 200) return fail(ErrorKind::Conflict, "Two hundred facts are corrected already.", "/fact");
  return Changes{{place_of(mine), FactCorrected{mine, c.fact, c.value, c.why}}};
}

Result<Changes> decide_one(const CaseFold& fold, const EndCorrection& c, const Ask& ask) {
  TRY(reason_fits(c.why, 4'000, "/why"));
  const auto mine = speaks_for(fold, ask);
  const bool there = std::any_of(fold.corrections.begin(), fold.corrections.end(), [&](const Correction& one) { return one.organisation == mine && one.fact == c.fact; });
  if (!there) return fail(ErrorKind::NotFound, "You corrected no such fact.", "/fact");
  return Changes{{place_of(mine), FactCorrectionEnded{mine, c.fact, c.why}}};
}

// The word of whoever may write where the thing stands: its author, or the coordination, which answers for what goes out.
Result<Changes> decide_one(const CaseFold& fold, const ClassContent& c, const Ask& ask) {
  TRY(classes_fit(c.classes));
  if (c.why) TRY(reason_fits(*c.why, 4'000, "/why"));
  const auto none = [] { return fail(ErrorKind::NotFound, "There is no such text, file, report or advisory in this case.", "/object"); };
  const auto colon = c.object.find(':');
  if (colon == std::string::npos) return fail(ErrorKind::Invalid, "Name a file:f_…, a message:m_…, a report:r_… or an advisory:a_…/version.", "/object");
  const auto kind = c.object.substr(0, colon), id = c.object.substr(colon + 1);
  const auto write = [&](const access::Compartment& where) -> Result<Changes> { return Changes{{where, ContentClassed{c.object, c.classes, c.why}}}; };
  const auto may_write = [&](const access::Compartment& where) {
    using enum access::Compartment::Kind;
    if (coordinates(fold, ask.actor.organisation)) return true;
    if (where.kind == Shared) return true;
    if (where.kind == Organisation) return where.organisation == ask.actor.organisation;
    if (where.kind == Group) return fold.groups.contains(*where.group) && fold.groups.at(*where.group).members.contains(ask.actor.organisation);
    return where.kind == Report && fold.report(*where.report) != nullptr && fold.report(*where.report)->reporter == ask.actor.organisation;
  };
  if (kind == "file") {
    for (const auto& file : fold.files)
      if (file.id.text() == id) {
        if (!may_write(file.audience)) return none();
        if (file.by != ask.actor.organisation && !coordinates(fold, ask.actor.organisation)) return fail(ErrorKind::Forbidden, "Whoever added it says what it contains, or the coordination does.", "/object");
        return write(file.audience);
      }
    return none();
  }
  if (kind == "message") {
    for (const auto& thread : fold.threads)
      for (const auto& message : thread.messages)
        if (message.id.text() == id) {
          if (!may_write(thread.audience)) return none();
          // What others wrote is classed by the coordination.
          if (message.by != ask.actor.organisation && !coordinates(fold, ask.actor.organisation)) return fail(ErrorKind::Forbidden, "Whoever wrote it says what it contains, or the coordination does.", "/object");
          return write(thread.audience);
        }
    for (const auto& report : fold.reports)
      for (const auto& message : report.mailbox)
        if (message.id.text() == id) {
          if (!may_write(of_report(report.id))) return none();
          const bool mine = message.from_reporter ? report.reporter == ask.actor.organisation : message.by == ask.actor.organisation;
          if (!mine && !coordinates(fold, ask.actor.organisation)) return fail(ErrorKind::Forbidden, "Whoever wrote it says what it contains, or the coordination does.", "/object");
          return write(of_report(report.id));
        }
    return none();
  }
  if (kind == "report") {
    for (const auto& report : fold.reports)
      if (report.id.text() == id && may_write(of_report(report.id))) return write(of_report(report.id));
    return none();
  }
  if (kind == "advisory") {
    if (!coordinates(fold, ask.actor.organisation)) return none();
    for (const auto& [advisory, versions] : fold.advisories)
      for (const auto& version : versions)
        if (advisory.text() + "/" + std::to_string(version.version) == id) return write(coordination());
    return none();
  }
  return fail(ErrorKind::Invalid, "Name a file:f_…, a message:m_… or an advisory:a_…/version.", "/object");
}

}  // namespace sluice::cvd::rules
