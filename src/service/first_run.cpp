#include "service/passwords.h"
#include "service/people.h"
#include "service/site_log.h"

namespace sluice::service {

namespace {
std::unexpected<Error> no_first_run() { return fail(ErrorKind::NotFound, "This code isn't valid, or the site has an administrator already."); }

// Whoever has the code read it in the server's log: the operator, and so the system.
Asker operator_of_the_site() { return {.viewer = access::Viewer::system()}; }
}  // namespace

Result<std::optional<std::string>> FirstRun::code() {
  TRY(auto db, services_.store.lease());
  TRY(const auto administrators, store::administrators_with_password(*db, services_.site.file.organisation));
  std::scoped_lock lock(mutex_);
  if (administrators > 0) {
    code_.clear();
    return std::optional<std::string>();
  }
  if (code_.empty()) {
    std::array<std::uint8_t, 16> bytes{};
    services_.random.fill(bytes);
    code_ = crockford(bytes);
  }
  return std::optional(code_);
}

Result<void> FirstRun::check(std::string_view code) {
  TRY(const auto right, this->code());
  if (!right || !equal_in_constant_time(bytes_of(*right), bytes_of(code))) return no_first_run();
  return {};
}

Result<Work> FirstRun::create_administrator(std::string_view code, std::string name, std::string mail, std::string_view password) {
  TRY(check(code));
  TRY(mail, normalised_mail(mail));
  TRY(check_password(password, name, mail));
  TRY(auto hash, slow_hash(password, SlowCost::Password));
  return [&services = services_, name = std::move(name), mail = std::move(mail), hash = std::move(hash)](Unit& unit) -> Result<Committed> {
    auto& tx = unit.writing().tx();
    const auto organisation = services.site.file.organisation;
    // The one thing that makes it once: of two at the same time the Writer does one after the other.
    TRY(const auto administrators, store::administrators_with_password(tx, organisation));
    if (administrators > 0) return no_first_run();

    PersonId id;
    TRY(const auto known, store::person_by_mail(tx, services.cells(), mail));
    std::optional<store::AffiliationRow> affiliated;
    if (known) {
      TRY(affiliated, store::affiliation(tx, known->id, organisation));
    }
    if (affiliated && affiliated->state != store::AffiliationState::Ended) {  // added by the command line, without a password yet
      id = known->id;
      TRY(store::put_affiliation(tx, id, organisation, access::SiteRole::Admin, store::AffiliationState::Active));
    } else {
      TRY(const auto added, add_person(services, operator_of_the_site(), organisation, {name, mail, access::SiteRole::Admin})(unit));
      id = PersonId::parse(string_at(added.answer, "id")).value();
    }
    TRY(store::set_password(tx, services.cells(), id, hash));
    json::object event{{"type", "PasswordSet"}, {"v", 1}, {"person", id.text()}};
    return write_site_entry(unit, operator_of_the_site(), {"first-run.administrator", id.text(), std::move(event)}, {{"id", id.text()}, {"organisation", organisation.text()}});
  };
}

}  // namespace sluice::service
