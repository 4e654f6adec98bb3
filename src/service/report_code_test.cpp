#include "service/report_code.h"

#include <doctest/doctest.h>

#include "service/passwords.h"
#include "service/testing.h"
#include "store/timers.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;

namespace {

constexpr store::Sql kCase{"case_for_test", "INSERT INTO case_row (case_id, owner, em, rank, version, opened, changed, card) VALUES ($1, $2, 0, 0, 1, 0, 0, $2)"};

struct Mailbox {
  SteppedClock clock;
  SiteForTests site{{.clock = &clock}};
  Mailboxes& mailboxes = site.doors.mailboxes;
  std::string code = new_report_code(system_random());
  ReportId report = ReportId::random();

  Mailbox() {
    const auto columns = code_columns(site.store->cells(), code).value();
    REQUIRE(site.writer->run([&](Unit& unit) -> Result<Committed> {
      const auto id = CaseId::random();
      TRY(unit.writing().tx().run(kCase, id, Bytes{1}));
      TRY(store::add_report(unit.writing().tx(), report, id, unit.now(), store::CodeColumns{columns.tag, columns.hash}));
      return Committed{};
    }));
  }
};

}  // namespace

TEST_CASE("a report code is 20 digits in groups of four, read as people type it") {
  const auto code = new_report_code(system_random());
  CHECK(code.size() == 24);
  const auto digits = report_code_digits(code);
  REQUIRE(digits);
  auto typed = code;
  for (auto& c : typed) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    else if (c == '-') c = ' ';
    else if (c == '0') c = 'O';
    else if (c == '1') c = 'l';
  }
  CHECK(report_code_digits(typed) == digits);
  for (const auto* text : {"", "k7f2", "k7f2-x9qm-3vbd-w8ha-n5tc-9", "k7f2-x9qm-3vbd-w8ha-n5tu", "k7f2-x9qm-3vbd-w8ha-n5t"}) CHECK_FALSE(report_code_digits(text));
}

TEST_CASE("AUT-8: the code opens its mailbox; the cookie stands for it, sealed and for an hour") {
  Mailbox m;
  CHECK(m.mailboxes.open_mailbox(m.code, "192.0.2.1").value() == m.report);
  const auto cookie = m.mailboxes.cookie(m.report);
  CHECK(m.mailboxes.viewer_of_cookie(cookie).value() == access::Viewer::reporter(m.report));
  auto changed = cookie;
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  CHECK_FALSE(m.mailboxes.report_of_cookie(changed));
  CHECK_FALSE(m.mailboxes.report_of_cookie(""));
  CHECK_FALSE(m.site.doors.sign_in.from_ticket(cookie, SignIn::Stage::Choose));  // made for another purpose
  SiteForTests other;
  CHECK_FALSE(other.doors.mailboxes.report_of_cookie(cookie));
  m.clock.go_on(60min);
  CHECK_FALSE(m.mailboxes.report_of_cookie(cookie));
}

TEST_CASE("M1: unknown, nearly right and ill-formed codes answer the same and cost one slow hash each") {
  Mailbox m;
  auto nearly = m.code;
  nearly.back() = nearly.back() == '2' ? '3' : '2';
  std::string first;
  for (const auto& code : {nearly, new_report_code(system_random()), std::string("nonsense"), std::string()}) {
    const auto before = slow_hashes_done();
    const auto answer = m.mailboxes.open_mailbox(code, "192.0.2.1");
    REQUIRE_FALSE(answer);
    CHECK(slow_hashes_done() - before == 1);
    const auto text = answer.error().message + answer.error().code + answer.error().where;
    if (first.empty()) first = text;
    CHECK(text == first);
  }
}

TEST_CASE("guessing is stopped after ten tries from a prefix, without a slow hash, and right codes don't count") {
  Mailbox m;
  for (int i = 0; i < 12; ++i) CHECK(m.mailboxes.open_mailbox(m.code, "192.0.2.1"));
  for (int i = 0; i < 10; ++i) CHECK(m.mailboxes.open_mailbox("nonsense", "192.0.2.1").error().kind == ErrorKind::Unauthenticated);
  const auto before = slow_hashes_done();
  const auto refused = m.mailboxes.open_mailbox(m.code, "192.0.2.77");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::TooMany);
  CHECK(retry_after(refused.error()) == 60);
  CHECK(slow_hashes_done() == before);
  CHECK(m.mailboxes.open_mailbox(m.code, "198.51.100.1"));
  m.clock.go_on(60s);
  CHECK(m.mailboxes.open_mailbox(m.code, "192.0.2.1"));
}
