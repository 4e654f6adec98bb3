#include "service/sign_in.h"

#include <algorithm>

#include "service/limits.h"
#include "service/passwords.h"
#include "service/people.h"
#include "service/sealed_value.h"
#include "service/site_log.h"
#include "service/totp.h"

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

json::array array_of(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& one : list) out.push_back(json::value(one));
  return out;
}

// W1, in the transaction that opens the session: the first factor is set, one that is there is spent, and who must have one has it. Answers the recovery codes of a first one.
Result<std::vector<std::string>> pass_factor(Unit& unit, Services& services, const SignedIn& who) {
  auto& tx = unit.writing().tx();
  const Asker machine{.viewer = access::Viewer::system()};  // nobody is signed in yet
  if (!who.first_secret.empty()) {
    TRY(auto codes, set_factor(unit, services, who.person, {who.first_secret, who.proof.step, false}));
    TRY(write_site_entry(unit, machine, {"factor.set", who.person.text(), {{"type", "FactorSet"}, {"v", 1}, {"person", who.person.text()}}}, {}));
    return codes;
  }
  TRY(spend(unit, services, who.person, who.proof));
  TRY(const auto affiliations, store::affiliations_of(tx, who.person));
  if (who.proof.kind == FactorProof::Kind::None && must_have_factor(services.site, affiliations)) return wrong();  // it became so a moment ago: the next try asks for it
  return std::vector<std::string>{};
}

Result<Committed> open_for(Unit& unit, Services& services, PersonId person, OrganisationId organisation, std::optional<RequestId> request, std::string_view how) {
  auto& tx = unit.writing().tx();
  TRY(auto viewer, viewer_for(services.site, tx, person, organisation));
  const auto limits = session_limits(services.site);
  TRY(store::drop_old_sessions(tx, unit.now(), unit.now() - limits.idle));
  std::array<std::uint8_t, 32> secret{};
  services.random.fill(secret);
  const auto cookie = base64url(secret);
  const store::SessionRow row{hash_of_session(services.cells(), cookie), SessionId::random(services.random), person, organisation, unit.now(), unit.now(), unit.now() + limits.absolute, unit.now()};
  TRY(store::add_session(tx, row));
  viewer.session = row.id;
  json::object event{{"type", "SessionOpened"}, {"v", 1}, {"session", row.id.text()}, {"person", person.text()}, {"organisation", organisation.text()}, {"how", how}};
  return write_site_entry(unit, {.viewer = viewer, .request = request}, {"session.open", row.id.text(), std::move(event)},
                          {{"id", row.id.text()}, {"cookie", cookie}, {"expires", to_text(row.expires)}});
}

std::string_view how(const FactorProof& proof) {
  switch (proof.kind) {
    case FactorProof::Kind::None: return "password";
    case FactorProof::Kind::Recovery: return "password and recovery code";
    case FactorProof::Kind::Earlier:
    case FactorProof::Kind::Code: return "password and code";
  }
  return "password";
}

constexpr std::string_view kPasswords = "sign-in", kCodes = "factor";

std::string bound_to(const store::Cells& cells, const store::PersonRow& person) { return hex(cells.tag("sign-in ticket", person.password_hash.value_or(""))); }

}  // namespace

SignIn::SignIn(const OpenSite& site, const Clock& clock, Random& random, store::Store& store) : site_(site), clock_(clock), random_(random), store_(store), failures_(clock, random) {
  nobody_profile_ = store_.cells().seal_json("person", "nobody", "profile", json::object{{"name", "Nobody"}, {"mail", "nobody@example.org"}});
  nobody_password_ = store_.cells().seal("person", "nobody", "password", std::string(97, 'a'));
}

// EXI-8: an account that isn't there costs as many openings as one that is.
void SignIn::open_nobody() const {
  (void)store_.cells().open_json("person", "nobody", "profile", nobody_profile_);
  (void)store_.cells().open("person", "nobody", "password", nobody_password_);
}

// Depends on the caller's own failures alone, known account or not.
Result<void> SignIn::check_delay(std::string_view kind, const std::string& who) {
  const auto wait = failures_.with(kind, who, [](const Failures& f, Duration now) { return f.last + delay_after(f.count) - now; });
  if (wait <= Duration::zero()) return {};
  return too_many(static_cast<int>((wait.count() + 999'999) / 1'000'000));
}

void SignIn::failed(std::string_view kind, const std::string& who) {
  failures_.with(kind, who, [](Failures& f, Duration now) { ++f.count, f.last = now; return 0; });
}

void SignIn::succeeded(std::string_view kind, const std::string& who) {
  failures_.with(kind, who, [](Failures& f, Duration) { f = {}; return 0; });
}

Result<SignedIn> SignIn::signed_in(const store::PersonRow& person, store::Queries& db) {
  SignedIn out{.person = person.id, .name = person.name, .mail = person.mail, .bound = bound_to(store_.cells(), person)};
  TRY(const auto affiliations, store::affiliations_of(db, person.id));
  for (const auto& row : affiliations) {
    if (row.state != store::AffiliationState::Active) continue;
    TRY(const auto organisation, store::organisation(db, store_.cells(), row.organisation));
    if (organisation) out.choices.push_back({row.organisation, organisation->profile.name, row.role});
  }
  std::sort(out.choices.begin(), out.choices.end(), [](const auto& a, const auto& b) { return std::tie(a.name, a.organisation) < std::tie(b.name, b.organisation); });
  if (out.choices.empty()) return wrong();
  TRY(const auto factor, store::factor_of(db, store_.cells(), person.id));
  out.factor = factor ? SignedIn::Factor::Set : must_have_factor(site_, affiliations) ? SignedIn::Factor::Wanted : SignedIn::Factor::None;
  return out;
}

Result<SignedIn> SignIn::with_password(std::string_view mail, std::string_view password, std::string_view peer) {
  // What is no address at all is an account that isn't there, and as much work.
  const auto address = lower(normalised_mail(mail).value_or(std::string(mail.substr(0, 254))));
  const auto who = account_and_prefix(address, peer);
  TRY(check_delay(kPasswords, who));
  std::optional<store::PersonRow> person;
  {
    TRY(auto db, store_.lease());
    TRY(person, store::person_by_mail(*db, store_.cells(), address));
  }
  if (!person) open_nobody();
  const auto secret = password.substr(0, 1024);
  TRY(const bool right, slow_verify(person ? person->password_hash : std::nullopt, secret, SlowCost::Password));
  if (!right || password.size() > 1024) {
    failed(kPasswords, who);
    return wrong();
  }
  TRY(auto db, store_.lease());
  auto out = signed_in(*person, *db);
  if (out) succeeded(kPasswords, who);
  else if (out.error().kind == ErrorKind::Unauthenticated) failed(kPasswords, who);
  return out;
}

Result<void> SignIn::confirm_password(PersonId id, std::string_view password, std::string_view peer) {
  std::optional<store::PersonRow> person;
  {
    TRY(auto db, store_.lease());
    TRY(person, store::person(*db, store_.cells(), id));
  }
  const auto account = account_and_prefix(person ? lower(person->mail) : id.text(), peer);
  TRY(check_delay(kPasswords, account));
  TRY(const bool right, slow_verify(person ? person->password_hash : std::nullopt, password.substr(0, 1024), SlowCost::Password));
  if (!right || password.size() > 1024) {
    failed(kPasswords, account);
    return fail(ErrorKind::Forbidden, "This isn't your password.", "/password", {}, "sign-in-failed");
  }
  succeeded(kPasswords, account);
  return {};
}

std::string SignIn::ticket(const SignedIn& signed_in, Stage stage) {
  json::object value{{"person", signed_in.person.text()}, {"stage", to_word(stage)}, {"bound", signed_in.bound}};
  if (stage == Stage::Enrol) value["secret"] = signed_in.first_secret;
  if (stage == Stage::Choose && signed_in.proof.kind == FactorProof::Kind::Earlier) value["since"] = to_text(signed_in.proof.since);
  return seal_value(store_.cells(), kTicket, std::move(value), clock_.now() + kTicketFor, random_);
}

Result<SignedIn> SignIn::from_ticket(std::string_view text, Stage stage) {
  const auto too_late = [] { return fail(ErrorKind::Unauthenticated, "This took too long. Please sign in again.", {}, {}, "sign-in-failed"); };
  const auto value = open_value(store_.cells(), kTicket, text, clock_.now());
  const auto id = value ? PersonId::parse(string_at(*value, "person")) : std::nullopt;
  if (!id || string_at(*value, "stage") != to_word(stage)) return too_late();
  TRY(auto db, store_.lease());
  TRY(const auto person, store::person(*db, store_.cells(), *id));
  if (!person) return wrong();
  TRY(auto out, signed_in(*person, *db));
  if (string_at(*value, "bound") != out.bound) return too_late();  // another password since
  if (stage == Stage::Enrol) out.first_secret = std::string(string_at(*value, "secret"));
  if (const auto since = parse_instant(string_at(*value, "since")); since && stage == Stage::Choose) out.proof = {.kind = FactorProof::Kind::Earlier, .since = *since};
  return out;
}

// The delay is of codes from an app: a million of them. A recovery code isn't counted.
Result<FactorProof> SignIn::check_code(PersonId person, const store::FactorRow& factor, std::string_view code) {
  const auto who = person.text();
  auto proof = proof_of(store_.cells(), factor, code, clock_.now());
  if (proof && proof->kind == FactorProof::Kind::Recovery) return *std::move(proof);
  TRY(check_delay(kCodes, who));
  if (!proof) {
    failed(kCodes, who);
    return fail(ErrorKind::Unauthenticated, "This code isn't right, or was used before. A code from an app counts once: wait for its next one.", "/code", "AUT-2", "factor-failed");
  }
  succeeded(kCodes, who);
  return *std::move(proof);
}

Result<SignedIn> SignIn::with_code(std::string_view ticket, std::string_view code, std::string_view) {
  TRY(auto out, from_ticket(ticket, Stage::Code));
  std::optional<store::FactorRow> factor;
  {
    TRY(auto db, store_.lease());
    TRY(factor, store::factor_of(*db, store_.cells(), out.person));
  }
  if (!factor) return wrong();  // taken away since: the next try says so
  TRY(out.proof, check_code(out.person, *factor, code));
  return out;
}

Result<SignedIn> SignIn::with_first_code(std::string_view ticket, std::string_view code, std::string_view) {
  TRY(auto out, from_ticket(ticket, Stage::Enrol));
  const auto secret = from_base32(out.first_secret);
  const auto step = secret ? totp_match(*secret, code, clock_.now(), 0) : std::nullopt;
  if (!step) return fail(ErrorKind::Unauthenticated, "This isn't the code of that secret now. Go back and try the next one; is the phone's clock right?", "/code", "AUT-2", "factor-failed");
  out.proof = {.kind = FactorProof::Kind::Code, .step = *step};
  return out;
}

Result<FactorProof> SignIn::confirm(PersonId person, std::string_view password, std::string_view code, std::string_view peer) {
  std::optional<store::FactorRow> factor;
  {
    TRY(auto db, store_.lease());
    TRY(factor, store::factor_of(*db, store_.cells(), person));
  }
  if (factor) {
    auto proof = check_code(person, *factor, code);
    if (!proof && proof.error().kind == ErrorKind::Unauthenticated) return fail(ErrorKind::Forbidden, proof.error().message, "/code", "AUT-2", "factor-failed");  // signed in all the same
    return proof;
  }
  TRY(confirm_password(person, password, peer));
  return FactorProof{};
}

Work open_session(Services& services, SignedIn signed_in, OrganisationId organisation, std::optional<RequestId> request) {
  return [&services, signed_in = std::move(signed_in), organisation, request](Unit& unit) -> Result<Committed> {
    TRY(const auto codes, pass_factor(unit, services, signed_in));
    TRY(auto out, open_for(unit, services, signed_in.person, organisation, request, how(signed_in.proof)));
    if (!codes.empty()) out.answer["recovery_codes"] = array_of(codes);
    return out;
  };
}

Work prove(Services& services, SignedIn signed_in, json::object answer) {
  return [&services, signed_in = std::move(signed_in), answer = std::move(answer)](Unit& unit) -> Result<Committed> {
    TRY(const auto codes, pass_factor(unit, services, signed_in));
    TRY(const auto factor, store::factor_of(unit.writing().tx(), services.cells(), signed_in.person));
    Committed out{.answer = answer};
    if (factor) out.answer["proven"] = to_text(factor->since);
    if (!codes.empty()) out.answer["recovery_codes"] = array_of(codes);
    return out;
  };
}

Work open_demo_session(Services& services, PersonId person, std::optional<OrganisationId> organisation) {
  if (!services.site.file.demo) return [](Unit&) -> Result<Committed> { return fail(ErrorKind::NotFound, "There is nothing here."); };
  return [&services, person, organisation](Unit& unit) -> Result<Committed> {
    if (organisation) return open_for(unit, services, person, *organisation, {}, "demo");
    TRY(const auto all, store::affiliations_of(unit.writing().tx(), person));
    const auto active = std::find_if(all.begin(), all.end(), [](const auto& a) { return a.state == store::AffiliationState::Active; });
    if (active == all.end()) return fail(ErrorKind::NotFound, "There is no such person.");
    return open_for(unit, services, person, active->organisation, {}, "demo");
  };
}

Work step_up(Services& services, Viewers& viewers, Asker asker, FactorProof proof) {
  return [&services, doubt = viewers.doubt(), asker = std::move(asker), proof = std::move(proof)](Unit& unit) -> Result<Committed> {
    TRY(const auto person, person_of(asker.viewer));
    if (!services.site.file.demo) TRY(spend(unit, services, person, proof));
    const auto session = asker.viewer.session.value_or(SessionId{});
    TRY(const bool done, store::step_up_session(unit.writing().tx(), person, session, unit.now()));
    if (!done) return fail(ErrorKind::Unauthenticated, "This session has ended. Please sign in again.");
    json::object event{{"type", "SessionSteppedUp"}, {"v", 1}, {"session", session.text()}, {"person", person.text()}};
    return write_site_entry(unit, asker, {"session.step-up", session.text(), std::move(event)}, {{"id", session.text()}});
  };
}

Work end_session(Services&, Viewers& viewers, Asker asker, SessionId session) {
  return [doubt = viewers.doubt(), asker = std::move(asker), session](Unit& unit) -> Result<Committed> {
    TRY(const auto person, person_of(asker.viewer));
    TRY(const bool ended, store::end_session(unit.writing().tx(), person, session));
    if (!ended) return fail(ErrorKind::NotFound, "There is no such session of yours.");
    json::object event{{"type", "SessionEnded"}, {"v", 1}, {"session", session.text()}, {"person", person.text()}};
    return write_site_entry(unit, asker, {"session.end", session.text(), std::move(event)}, {{"id", session.text()}});
  };
}

Work end_other_sessions(Services&, Viewers& viewers, Asker asker) {
  return [doubt = viewers.doubt(), asker = std::move(asker)](Unit& unit) -> Result<Committed> {
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
