// Signing in with a password and, where there is one or must be, a second factor (factors.h); and the sessions that follow.
//
// with_password(): one answer and the same work whether the account exists, has a password, is affiliated anywhere or not (EXI-8). After five failures the
// next tries from the same address prefix for the same account must wait, longer each time; elsewhere the account stays open to its owner, so nobody can
// lock others out (WEB-9).
//
//   TRY(const auto signed_in, sign_in.with_password(mail, password, peer));             // on a pool thread
//   factor Set:    ask for a code with ticket(signed_in, Stage::Code); then with_code()
//   factor Wanted: show a new secret with ticket(signed_in, Stage::Enrol); then with_first_code()
//   one choice:    submit(open_session(services, signed_in, signed_in.choices[0].organisation)); the answer has the cookie
//   several:       submit(prove(services, signed_in, …)), show them with ticket(signed_in, Stage::Choose), and take the choice with from_ticket()
//
// Tries of a code are slowed down for each account, wherever they come from: who guesses has the password already. A recovery code has too many digits to be guessed, so
// its owner gets in whatever others try.
#pragma once

#include "service/factors.h"
#include "service/hourly.h"
#include "service/viewers.h"

namespace sluice::service {

struct SignedIn {
  struct Choice {
    OrganisationId organisation;
    std::string name;
    access::SiteRole role = access::SiteRole::Staff;
  };
  enum class Factor { None, Wanted, Set };          // Wanted: must have one and has none
  PersonId person;
  std::string name, mail;
  std::vector<Choice> choices;                      // active affiliations, at least one, by name
  Factor factor = Factor::None;
  FactorProof proof = {};                           // what was given of it so far
  std::string first_secret = {};                    // that was shown, and a code proved it: to be set
  std::string bound = {};                           // to the password it was: a ticket ends with it
};

class SignIn {
 public:
  SignIn(const OpenSite& site, const Clock& clock, Random& random, store::Store& store);

  Result<SignedIn> with_password(std::string_view mail, std::string_view password, std::string_view peer);
  // Of somebody signed in already, before step_up(): same delays.
  Result<void> confirm_password(PersonId person, std::string_view password, std::string_view peer);

  // Between the password and the session: sealed, for five minutes, and for its own step alone.
  enum class Stage { Code, Enrol, Choose };
  BOOST_DESCRIBE_NESTED_ENUM(Stage, Code, Enrol, Choose)
  std::string ticket(const SignedIn& signed_in, Stage stage);
  Result<SignedIn> from_ticket(std::string_view text, Stage stage);
  Result<SignedIn> with_code(std::string_view ticket, std::string_view code, std::string_view peer);          // of an app, or to recover
  Result<SignedIn> with_first_code(std::string_view ticket, std::string_view code, std::string_view peer);
  // Of somebody signed in already, before step_up(): the factor where there is one, else the password.
  Result<FactorProof> confirm(PersonId person, std::string_view password, std::string_view code, std::string_view peer);

 private:
  struct Failures { int count = 0; Duration last{}; };
  Result<void> check_delay(std::string_view kind, const std::string& who);
  void failed(std::string_view kind, const std::string& who);
  void succeeded(std::string_view kind, const std::string& who);
  void open_nobody() const;
  Result<SignedIn> signed_in(const store::PersonRow& person, store::Queries& db);
  Result<FactorProof> check_code(PersonId person, const store::FactorRow& factor, std::string_view code);

  const OpenSite& site_;
  const Clock& clock_;
  Random& random_;
  store::Store& store_;
  Hourly<Failures> failures_;
  Bytes nobody_profile_, nobody_password_;
};

// Answer {"id", "cookie", "expires"}: the cookie's value is in it this once; it never goes into a body. Stepped up, since the factor was just given. With a first factor
// also {"recovery_codes"}. What stands in signed_in.proof is spent here; without it no session of a person with a factor, or who must have one, is opened.
Work open_session(Services& services, SignedIn signed_in, OrganisationId organisation, std::optional<RequestId> request = {});
// The same before the choice of the organisation: {"proven"}, to be put in as signed_in.proof's `since` with Kind::Earlier.
Work prove(Services& services, SignedIn signed_in, json::object answer);
// One click, no password: NotFound unless the site was made with `init --demo`. The person's first active affiliation unless one is named.
Work open_demo_session(Services& services, PersonId person, std::optional<OrganisationId> organisation = {});
// After confirm() (on a demo site after a click, which asks for no proof). Of the viewer's own session.
Work step_up(Services& services, Viewers& viewers, Asker asker, FactorProof proof);
// Of the own; another's sessions end with the affiliation (people.h).
Work end_session(Services& services, Viewers& viewers, Asker asker, SessionId session);
Work end_other_sessions(Services& services, Viewers& viewers, Asker asker);

struct SessionShown {
  SessionId id;
  OrganisationId organisation;
  Instant created, last_used, expires;
  bool is_this;
};
BOOST_DESCRIBE_STRUCT(SessionShown, (), (id, organisation, created, last_used, expires, is_this))
Result<std::vector<SessionShown>> sessions_of(Services& services, const access::Viewer& viewer);  // the viewer's own person's

}  // namespace sluice::service
