#include "service/reveals.h"

#include <algorithm>

#include "cvd/reason.h"
#include "service/pseudonyms.h"
#include "service/site_log.h"

namespace sluice::service {

namespace {

constexpr std::int64_t kMostRevealsShown = 500;

using store::RevealRow;
using store::RevealState;

std::unexpected<Error> no_reveal() { return fail(ErrorKind::NotFound, "There is no such request."); }

bool is_open_reveal(const RevealRow& row) { return row.state == RevealState::Asked || row.state == RevealState::Agreed; }

// One put to this viewer as a trustee.
Result<RevealRow> put_to(Unit& unit, Services& services, const Asker& asker, store::RevealId id) {
  TRY(still_affiliated(unit, asker.viewer));
  TRY(access::require(asker.viewer, access::Action::RevealContributor, {}));
  TRY(auto row, store::reveal_by_id(unit.writing().tx(), services.cells(), id));
  if (!row || row->body.trustee != asker.viewer.organisation) return no_reveal();
  if (!is_open_reveal(*row)) return fail(ErrorKind::Conflict, "This request is answered already.", {}, {}, "answered");
  if (row->body.asked_by == asker.viewer.person) return fail(ErrorKind::Forbidden, "You asked for this: others answer it.", {}, "two persons");
  return *std::move(row);
}

Result<Committed> reveal_answered(Unit& unit, Services& services, const Asker& asker, const RevealRow& row, std::string_view action) {
  TRY(store::change_reveal(unit.writing().tx(), services.cells(), row));
  const json::object event{{"type", "RevealAnswered"}, {"v", 1}, {"reveal", row.id.text()}, {"pseudonym", row.pseudonym}, {"state", to_word(row.state)}};
  Committed entry;
  TRY(write_pseudonym_entry(unit, asker, row.pseudonym, action, event, entry));
  return write_site_entry(unit, asker, {action, row.id.text(), event}, {{"id", row.id.text()}});
}

}  // namespace

Work ask_reveal(Services& services, Asker asker, std::string pseudonym, AskReveal wanted) {
  return [&services, asker = std::move(asker), pseudonym = std::move(pseudonym), wanted = std::move(wanted)](Unit& unit) -> Result<Committed> {
    TRY(still_affiliated(unit, asker.viewer));
    TRY(access::require(asker.viewer, access::Action::AskContributor, {}));
    TRY(cvd::rules::reason_fits(wanted.reason, 4'000, "/reason"));
    auto& tx = unit.writing().tx();
    TRY(const auto known, store::pseudonym(tx, services.cells(), pseudonym));
    if (!known) return fail(ErrorKind::NotFound, "There is no such pseudonym.");
    TRY(const auto all, store::all_collections(tx, services.cells()));
    const auto collection = std::find_if(all.begin(), all.end(), [&](const store::Collection& one) { return one.n == known->collection; });
    if (collection == all.end()) return fail(ErrorKind::NotFound, "There is no such pseudonym.");
    TRY(const auto policy, store::pseudonym_policy(tx, services.cells(), *collection));
    if (!policy) return fail(ErrorKind::NotFound, "There is no such pseudonym.");
    TRY(const auto before, store::reveals_of(tx, services.cells(), pseudonym));
    if (std::any_of(before.begin(), before.end(), [&](const RevealRow& one) { return is_open_reveal(one) && one.body.asked_by == asker.viewer.person; }))
      return fail(ErrorKind::Conflict, "You have asked for this already.", {}, {}, "asked-already");
    const RevealRow row{.id = store::RevealId::random(services.random), .pseudonym = pseudonym, .asked_at = unit.now(), .state = RevealState::Asked,
                        .body = {.reason = wanted.reason, .asked_by = *asker.viewer.person, .asked_for = *asker.viewer.organisation, .trustee = policy->trustee, .agreed_by = {}, .confirmed_by = {}, .refused_by = {}, .answered_at = {}, .why_refused = {}}};
    TRY(store::add_reveal(tx, services.cells(), row));
    Committed entry;
    TRY(write_pseudonym_entry(unit, asker, pseudonym, "reveal.ask", {{"type", "RevealAsked"}, {"v", 1}, {"reveal", row.id.text()}, {"pseudonym", pseudonym}, {"reason", wanted.reason}}, entry));
    TRY(auto out, write_site_entry(unit, asker, {"reveal.ask", row.id.text(), {{"type", "RevealAsked"}, {"v", 1}, {"reveal", row.id.text()}, {"pseudonym", pseudonym}}}, {{"id", row.id.text()}}));
    out.waits_for_second_person = true;
    return out;
  };
}

Work agree_to_reveal(Services& services, Asker asker, store::RevealId id) {
  return [&services, asker = std::move(asker), id](Unit& unit) -> Result<Committed> {
    TRY(auto row, put_to(unit, services, asker, id));
    if (row.state == RevealState::Asked) {
      row.body.agreed_by = *asker.viewer.person;
      row.state = RevealState::Agreed;
      if (services.settings.two_person) {
        TRY(auto out, reveal_answered(unit, services, asker, row, "reveal.agree"));
        out.waits_for_second_person = true;
        return out;
      }
    } else {
      if (row.body.agreed_by == asker.viewer.person) return fail(ErrorKind::Forbidden, "You agreed to this: a second trustee confirms it.", {}, "two persons");
      // V2, ACC-7: who agreed must still be one.
      const auto first = store::affiliation(unit.writing().tx(), *row.body.agreed_by, row.body.trustee);
      if (!first) return std::unexpected(first.error());
      if (!*first || (*first)->state != store::AffiliationState::Active || (*first)->role != access::SiteRole::Trustee) {
        row.body.agreed_by = *asker.viewer.person;
        TRY(auto out, reveal_answered(unit, services, asker, row, "reveal.agree"));
        out.waits_for_second_person = true;
        return out;
      }
    }
    row.body.confirmed_by = *asker.viewer.person, row.body.answered_at = unit.now();
    row.state = RevealState::Revealed;
    return reveal_answered(unit, services, asker, row, "reveal.confirm");
  };
}

Work refuse_reveal(Services& services, Asker asker, store::RevealId id, RefuseReveal given) {
  return [&services, asker = std::move(asker), id, given = std::move(given)](Unit& unit) -> Result<Committed> {
    TRY(auto row, put_to(unit, services, asker, id));
    TRY(cvd::rules::reason_fits(given.why, 4'000, "/why"));
    row.body.refused_by = *asker.viewer.person, row.body.answered_at = unit.now(), row.body.why_refused = given.why;
    row.state = RevealState::Refused;
    return reveal_answered(unit, services, asker, row, "reveal.refuse");
  };
}

Result<std::vector<RevealShown>> reveals(Services& services, const access::Viewer& viewer) {
  const bool asks = access::authorize(viewer, access::Action::AskContributor, {}).allowed, answers = access::authorize(viewer, access::Action::RevealContributor, {}).allowed;
  if (!asks && !answers) TRY(access::require(viewer, access::Action::AskContributor, {}));
  TRY(auto db, services.store.lease());
  TRY(const auto rows, store::newest_reveals(*db, services.cells(), kMostRevealsShown));
  std::vector<RevealShown> out;
  for (const auto& row : rows) {
    const bool is_asker = asks && row.body.asked_by == viewer.person && row.body.asked_for == viewer.organisation, is_trustee = answers && row.body.trustee == viewer.organisation;
    if (!is_asker && !is_trustee) continue;
    TRY(const auto known, store::pseudonym(*db, services.cells(), row.pseudonym));
    if (!known) continue;
    RevealShown one{.id = row.id, .pseudonym = row.pseudonym, .collection = known->body.collection, .state = std::string(to_word(row.state)), .reason = row.body.reason, .asked_at = row.asked_at, .asked_by = row.body.asked_by,
                    .asked_for = row.body.asked_for, .agreed_by = row.body.agreed_by, .confirmed_by = row.body.confirmed_by, .refused_by = row.body.refused_by, .answered_at = row.body.answered_at, .why_refused = row.body.why_refused, .member = {}};
    if (row.state == RevealState::Revealed) one.member = known->body.member;   // V1
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace sluice::service
