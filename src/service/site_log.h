// What commands outside of cases leave behind: one entry on the stream "site", acknowledged like any other (AUD-1). Its events, and what each carries:
//
//   OrganisationAdded     organisation, kind, name            OrganisationChanged   organisation, version
//   PersonAdded           person                              PasswordSet           person
//   AffiliationAdded      person, organisation, role          AffiliationChanged    person, organisation, role, state
//   SessionOpened         session, person, organisation, how  SessionEnded          session | person, but
//   SessionSteppedUp      session, person
//   SecondPersonOff       the server starts, set to ask for no second person (ACC-11)
//   CertificateRegistered token, person, organisation, scopes, fingerprint, expires, high_until: a token whose secret is a key; ends as TokenRevoked
//   TokenIssued           token, person, organisation, scopes, expires, high_until    TokenRevoked   token, person
//   FactorSet             person                              FactorDropped, RecoveryCodesMade   person
//   FactorResetAsked      person                              FactorReset           person, asked_by           FactorResetRefused   person
//   PersonDisabled        person                              PersonEnabled         person
//   GlassAsked            glass, person, case, hours, reason  GlassAnswered         glass, case, state, until  GlassClosed          glass, case
//   ReadingAlarm          person, organisation, cases
//
// A name and a mail address of a person are in none of them: they stay where they can be erased.
#pragma once

#include "base/time.h"
#include "service/services.h"

namespace sluice::service {

struct SiteEvent {
  std::string_view action;                          // "organisation.add"
  std::string object;                               // the id of what was acted on
  json::object event;                               // {"type":…, "v":1, …}
};

// Appends to a stream by its name, as the asker, and acknowledges it in `out`. What is checked of the asker is the caller's.
Result<void> write_entry_on(Unit& unit, const Asker& asker, std::string stream, SiteEvent event, Committed& out);

// Refuses an asker whose affiliation ended since the request was admitted (ACC-7); else appends, acknowledges, and answers with `answer`.
Result<Committed> write_site_entry(Unit& unit, const Asker& asker, SiteEvent event, json::object answer);

// ACC-11: that a site of one asks for no second person is on record, at each start anew.
Work write_second_person_off(Services& services);

// The same check alone, before anything is changed.
Result<void> still_affiliated(Unit& unit, const access::Viewer& viewer);

}  // namespace sluice::service
