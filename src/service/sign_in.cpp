#include "service/sign_in.h"

#include <algorithm>

#include "service/limits.h"
#include "service/passwords.h"
#include "service/people.h"
#include "service/sealed_value.h"
#include "service/site_log.h"

namespace sluice::service {

namespace {

constexpr int kFreeFailures = 5;
constexpr Duration kLongestDelay = std::chrono::minutes(15);
constexpr auto kTicketFor = std::chrono::minutes(5);
constexpr std::string_view kTicket = "sign-in ticket";

std::unexpected<Error> wrong() { return fail(ErrorKind::Unauthenticated, "This mail address and password don't belong together.", {}, {}, "sign-in-failed"); }

// 1 s after the fifth failure, then twice as long each time.
Duration delay_after(int failures) {
  if (failures < kFreeFailures) return Duration::zero();
  const int doublings = std::min(failures - kFreeFailures, 20);
  return std::min(kLongestDelay, Duration(std::chrono::seconds(1)) * (1 << doublings));
}

std::string account_and_prefix(std::string_view account, std::string_view peer) { return std::string(account) + "\n" + address_prefix(peer); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Result<PersonId> person_of(const access::Viewer& viewer) {
  if (viewer.kind != access::Viewer::Kind::Person) return fail(ErrorKind::Forbidden, "Sessions belong to people who are signed in.");
  return *viewer.person;
}

Work open_for(Services& services, PersonId person, std::optional<OrganisationId> organisation, std::optional<RequestId> request, std::string_view how) {
  return [&services, person, organisation, request, how](Unit& unit) mutable -> Result<Committed> {
    auto& tx = unit.writing().tx();
    if (!organisation) {
      TRY(const auto all, store::affiliations_of(tx, person));
      const auto active = std::find_if(all.begin(), all.end(), [](const auto& a) { return a.state == store::AffiliationState::Active; });
      if (active == all.end()) return fail(ErrorKind::NotFound, "There is no such person.");
      organisation = active->organisation;
    }
    TRY(auto viewer, viewer_for(services.site, tx, person, *organisation));

    const auto limits = session_limits(services.site);
    TRY(store::drop_old_sessions(tx, unit.now(), unit.now() - limits.idle));
    std::array<std::uint8_t, 32> secret{};
    services.random.fill(secret);
    const auto cookie = base64url(secret);
    const store::SessionRow row{hash_of_session(services.cells(), cookie), SessionId::random(services.random), person, *organisation, unit.now(), unit.now(), unit.now() + limits.absolute, unit.now()};
    TRY(store::add_session(tx, row));
    viewer.session = row.id;
    json::object event{{"type", "SessionOpened"}, {"v", 1}, {"session", row.id.text()}, {"person", person.text()}, {"organisation", organisation->text()}, {"how", how}};
    return write_site_entry(unit, {.viewer = viewer, .request = request}, {"session.open", row.id.text(), std::move(event)},
                            {{"id", row.id.text()}, {"cookie", cookie}, {"expires", to_text(row.expires)}});
  };
}

}  // namespace

SignIn::SignIn(const Clock& clock, Random& random, store::Store& store) : clock_(clock), random_(random), store_(store), failures_(clock, random) {
  nobody_profile_ = store_.cells().seal_json("person", "nobody", "profile", json::object{{"name", "Nobody"}, {"mail", "nobody@example.org"}});
  nobody_password_ = store_.cells().seal("person", "nobody", "password", std::string(97, 'a'));
}

// EXI-8: an account that isn't there costs as many openings as one that is.
void SignIn::open_nobody() const {
  (void)store_.cells().open_json("person", "nobody", "profile", nobody_profile_);
  (void)store_.cells().open("person", "nobody", "password", nobody_password_);
}

// Depends on the caller's own failures alone, known account or not.
Result<void> SignIn::check_delay(std::string_view account, std::string_view peer) {
  const auto wait = failures_.with("sign-in", account_and_prefix(account, peer), [](const Failures& f, Duration now) { return f.last + delay_after(f.count) - now; });
  if (wait <= Duration::zero()) return {};
  return too_many(static_cast<int>((wait.count() + 999'999) / 1'000'000));
}

void SignIn::failed(std::string_view account, std::string_view peer) {
  failures_.with("sign-in", account_and_prefix(account, peer), [](Failures& f, Duration now) { ++f.count, f.last = now; return 0; });
}

void SignIn::succeeded(std::string_view account, std::string_view peer) {
  failures_.with("sign-in", account_and_prefix(account, peer), [](Failures& f, Duration) { f = {}; return 0; });
}

Result<SignedIn> SignIn::signed_in(PersonId person, std::string name, store::Queries& db) {
  SignedIn out{person, std::move(name), {}};
  TRY(const auto affiliations, store::affiliations_of(db, person));
  for (const auto& row : affiliations) {
    if (row.state != store::AffiliationState::Active) continue;
    TRY(const auto organisation, store::organisation(db, store_.cells(), row.organisation));
    if (organisation) out.choices.push_back({row.organisation, organisation->profile.name, row.role});
  }
  std::sort(out.choices.begin(), out.choices.end(), [](const auto& a, const auto& b) { return std::tie(a.name, a.organisation) < std::tie(b.name, b.organisation); });
  if (out.choices.empty()) return wrong();
  return out;
}

Result<SignedIn> SignIn::with_password(std::string_view mail, std::string_view password, std::string_view peer) {
  // What is no address at all is an account that isn't there, and as much work.
  const auto address = lower(normalised_mail(mail).value_or(std::string(mail.substr(0, 254))));
  TRY(check_delay(address, peer));
  std::optional<store::PersonRow> person;
  {
    TRY(auto db, store_.lease());
    TRY(person, store::person_by_mail(*db, store_.cells(), address));
  }
  if (!person) open_nobody();
  const auto secret = password.substr(0, 1024);
  TRY(const bool right, slow_verify(person ? person->password_hash : std::nullopt, secret, SlowCost::Password));
  if (!right || password.size() > 1024) {
    failed(address, peer);
    return wrong();
  }
  TRY(auto db, store_.lease());
  auto out = signed_in(person->id, person->name, *db);
  if (out) succeeded(address, peer);
  else if (out.error().kind == ErrorKind::Unauthenticated) failed(address, peer);
  return out;
}

Result<void> SignIn::confirm_password(PersonId id, std::string_view password, std::string_view peer) {
  std::optional<store::PersonRow> person;
  {
    TRY(auto db, store_.lease());
    TRY(person, store::person(*db, store_.cells(), id));
  }
  const auto account = person ? lower(person->mail) : id.text();
  TRY(check_delay(account, peer));
  TRY(const bool right, slow_verify(person ? person->password_hash : std::nullopt, password.substr(0, 1024), SlowCost::Password));
  if (!right || password.size() > 1024) {
    failed(account, peer);
    return fail(ErrorKind::Forbidden, "This isn't your password.", "/password", {}, "sign-in-failed");
  }
  succeeded(account, peer);
  return {};
}

std::string SignIn::ticket(const SignedIn& signed_in) {
  return seal_value(store_.cells(), kTicket, {{"person", signed_in.person.text()}}, clock_.now() + kTicketFor, random_);
}

Result<SignedIn> SignIn::from_ticket(std::string_view text) {
  const auto value = open_value(store_.cells(), kTicket, text, clock_.now());
  const auto id = value ? PersonId::parse(string_at(*value, "person")) : std::nullopt;
  if (!id) return fail(ErrorKind::Unauthenticated, "This took too long. Please sign in again.", {}, {}, "sign-in-failed");
  TRY(auto db, store_.lease());
  TRY(auto person, store::person(*db, store_.cells(), *id));
  if (!person) return wrong();
  return signed_in(*id, std::move(person->name), *db);
}

Work open_session(Services& services, PersonId person, OrganisationId organisation, std::optional<RequestId> request) {
  return open_for(services, person, organisation, request, "password");
}

Work open_demo_session(Services& services, PersonId person, std::optional<OrganisationId> organisation) {
  if (!services.site.file.demo) return [](Unit&) -> Result<Committed> { return fail(ErrorKind::NotFound, "There is nothing here."); };
  return open_for(services, person, organisation, {}, "demo");
}

Work step_up(Services& services, Viewers& viewers, Asker asker) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker)](Unit& unit) -> Result<Committed> {
    TRY(const auto person, person_of(asker.viewer));
    const auto session = asker.viewer.session.value_or(SessionId{});
    TRY(const bool done, store::step_up_session(unit.writing().tx(), person, session, unit.now()));
    if (!done) return fail(ErrorKind::Unauthenticated, "This session has ended. Please sign in again.");
    json::object event{{"type", "SessionSteppedUp"}, {"v", 1}, {"session", session.text()}, {"person", person.text()}};
    return write_site_entry(unit, asker, {"session.step-up", session.text(), std::move(event)}, {{"id", session.text()}});
  };
}

Work end_session(Services& services, Viewers& viewers, Asker asker, SessionId session) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), session](Unit& unit) -> Result<Committed> {
    TRY(const auto person, person_of(asker.viewer));
    TRY(const bool ended, store::end_session(unit.writing().tx(), person, session));
    if (!ended) return fail(ErrorKind::NotFound, "There is no such session of yours.");
    json::object event{{"type", "SessionEnded"}, {"v", 1}, {"session", session.text()}, {"person", person.text()}};
    return write_site_entry(unit, asker, {"session.end", session.text(), std::move(event)}, {{"id", session.text()}});
  };
}

Work end_other_sessions(Services& services, Viewers& viewers, Asker asker) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker)](Unit& unit) -> Result<Committed> {
    TRY(const auto person, person_of(asker.viewer));
    TRY(const auto ended, store::end_sessions(unit.writing().tx(), person, asker.viewer.session));
    json::object event{{"type", "SessionEnded"}, {"v", 1}, {"person", person.text()}};
    if (asker.viewer.session) event["but"] = asker.viewer.session->text();
    return write_site_entry(unit, asker, {"session.end", person.text(), std::move(event)}, {{"ended", ended}});
  };
}

Result<std::vector<SessionShown>> sessions_of(Services& services, const access::Viewer& viewer) {
  TRY(const auto person, person_of(viewer));
  TRY(auto db, services.store.lease());
  TRY(const auto rows, store::sessions_of(*db, person));
  const auto now = services.clock.now();
  const auto idle = session_limits(services.site).idle;
  std::vector<SessionShown> out;
  for (const auto& row : rows)
    if (row.expires > now && row.last_used + idle > now) out.push_back({row.id, row.organisation, row.created, row.last_used, row.expires, row.id == viewer.session});
  return out;
}

}  // namespace sluice::service
