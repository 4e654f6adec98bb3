// What a stranger hands to a site to be let in, or to go on where it was: sessions, tokens, report codes, cursors, event ids, proofs of work; and what comes over the
// owner's socket. By the first byte; the rest is the text. None of it lets anybody in, and a refusal has words.
#include "service/testing.h"

#include <cstdlib>

#include "cli/admin.h"
#include "service/sealed_value.h"
#include "web/hub.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  static service::SiteForTests site;
  static web::Hub hub(site.services);
  static const auto sealed = service::seal_value(site.services.cells(), "list cursor", {{"rank", 1}}, site.services.clock.now() + std::chrono::hours(1), site.services.random, "somebody");
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto refused = [](const auto& result) {
    if (result.has_value() || result.error().message.empty()) std::abort();
  };
  switch (data[0] % 8) {
    case 0: refused(site.doors.viewers.of_session(text)); break;
    case 1: {
      if (service::is_token(text) && (!text.starts_with(service::kTokenPrefix) || text.find_first_of("\r\n ") != text.npos)) std::abort();
      refused(site.doors.viewers.of_token(text));
      (void)service::token_scopes(text);
      break;
    }
    case 2: {
      if (const auto digits = service::report_code_digits(text)) {
        if (digits->size() != 20 || service::report_code_digits(*digits) != digits) std::abort();
      }
      refused(site.doors.mailboxes.viewer_of_cookie(text));
      refused(site.doors.mailboxes.report_of_cookie(text));
      for (const auto stage : {service::SignIn::Stage::Code, service::SignIn::Stage::Enrol, service::SignIn::Stage::Choose}) refused(site.doors.sign_in.from_ticket(text, stage));
      break;
    }
    case 3: {
      if (service::open_value(site.services.cells(), "list cursor", text, site.services.clock.now(), "somebody") && text != sealed) std::abort();
      if (service::open_value(site.services.cells(), "list cursor", text, site.services.clock.now(), "somebody else")) std::abort();
      // And the true one, changed in one place.
      auto changed = sealed;
      changed[text.size() % changed.size()] = static_cast<char>(changed[text.size() % changed.size()] ^ (text.empty() ? 1 : text[0] | 1));
      if (changed != sealed && service::open_value(site.services.cells(), "list cursor", changed, site.services.clock.now(), "somebody")) std::abort();
      break;
    }
    case 4: hub.subscribe(access::Viewer::nobody(), text, [] { return false; })->close(); break;
    case 5:
      if (site.doors.proofs.take(text)) std::abort();
      break;
    case 6:
      if (const auto mail = service::normalised_mail(text)) {
        const auto again = service::normalised_mail(*mail);
        if (!again || *again != *mail || mail->find_first_of("\r\n") != mail->npos) std::abort();
      }
      break;
    default: {
      const auto value = parse_json(text);
      const auto request = value ? from_json<cli::AdminRequest>(*value) : fail(ErrorKind::Malformed, "");
      if (!request || request->command == "password.set") break;  // a slow hash
      const auto answer = cli::run_admin({site.services, site.doors}, *request);
      if (!answer && answer.error().message.empty()) std::abort();
    }
  }
  return 0;
}
