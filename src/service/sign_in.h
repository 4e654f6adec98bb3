// Signing in with a password, and the sessions that follow.
//
// with_password(): one answer and the same work whether the account exists, has a password, is affiliated anywhere or not (EXI-8). After five failures the
// next tries from the same address prefix for the same account must wait, longer each time; elsewhere the account stays open to its owner, so nobody can
// lock others out (WEB-9).
//
//   TRY(const auto signed_in, sign_in.with_password(mail, password, peer));             // on a pool thread
//   one choice: submit(open_session(services, signed_in.person, signed_in.choices[0].organisation)); the answer has the cookie
//   several:    show them with sign_in.ticket(signed_in), and take the choice with sign_in.from_ticket()
#pragma once

#include "service/hourly.h"
#include "service/viewers.h"

namespace sluice::service {

struct SignedIn {
  struct Choice {
    OrganisationId organisation;
    std::string name;
    access::SiteRole role = access::SiteRole::Staff;
  };
  PersonId person;
  std::string name;
  std::vector<Choice> choices;                      // active affiliations, at least one, by name
};

class SignIn {
 public:
  SignIn(const Clock& clock, Random& random, store::Store& store);

  Result<SignedIn> with_password(std::string_view mail, std::string_view password, std::string_view peer);
  // Of somebody signed in already, before step_up(): same delays.
  Result<void> confirm_password(PersonId person, std::string_view password, std::string_view peer);

  // Between the password and the choice of the organisation: sealed, for five minutes.
  std::string ticket(const SignedIn& signed_in);
  Result<SignedIn> from_ticket(std::string_view text);

 private:
  struct Failures { int count = 0; Duration last{}; };
  Result<void> check_delay(std::string_view account, std::string_view peer);
  void failed(std::string_view account, std::string_view peer);
  void succeeded(std::string_view account, std::string_view peer);
  void open_nobody() const;
  Result<SignedIn> signed_in(PersonId person, std::string name, store::Queries& db);

  const Clock& clock_;
  Random& random_;
  store::Store& store_;
  Hourly<Failures> failures_;
  Bytes nobody_profile_, nobody_password_;
};

// Answer {"id", "cookie", "expires"}: the cookie's value is in it this once; it never goes into a body. Stepped up, since the factor was just given.
Work open_session(Services& services, PersonId person, OrganisationId organisation, std::optional<RequestId> request = {});
// One click, no password: NotFound unless the site was made with `init --demo`. The person's first active affiliation unless one is named.
Work open_demo_session(Services& services, PersonId person, std::optional<OrganisationId> organisation = {});
// After confirm_password (on a demo site after a click). Of the viewer's own session.
Work step_up(Services& services, Viewers& viewers, Asker asker);
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
