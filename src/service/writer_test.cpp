#include "service/writer.h"

#include <doctest/doctest.h>

#include <atomic>

#include "service/testing.h"
#include "store/deliveries.h"

using namespace sluice;
using namespace sluice::service;

namespace {
Work failing(std::string code) {
  return [code = std::move(code)](Unit&) -> Result<Committed> { return fail(ErrorKind::Unavailable, "It failed.", {}, {}, code); };
}
Work passing() {
  return [](Unit&) -> Result<Committed> { return Committed{}; };
}
std::string code_of(const Result<Committed>& result) { return result ? "done" : result.error().code; }
}  // namespace

TEST_CASE("R4: on a full disk commands are refused and the ledger goes on, until there is space again") {
  SiteForTests site;
  CHECK(code_of(site.writer->run(failing("full"))) == "full");
  CHECK(site.writer->is_full());
  CHECK_FALSE(site.writer->is_read_only());
  bool ran = false;
  const auto refused = site.writer->run([&](Unit&) -> Result<Committed> { ran = true; return Committed{}; });
  CHECK(code_of(refused) == "full");
  CHECK_FALSE(ran);
  CHECK(code_of(site.writer->run(passing(), Writer::Whose::Ledger)) == "done");
  site.writer->space_again();
  CHECK(code_of(site.writer->run(passing())) == "done");
}

TEST_CASE("R3: damage that a command meets stops all writing, the ledger's too, and its batch is not acknowledged") {
  for (const auto* code : {"corrupt", "ledger-broken"}) {
    CAPTURE(code);
    SiteForTests site;
    const auto answer = code_of(site.writer->run(failing(code)));
    CHECK((answer == "not-written" || answer == code));
    CHECK(site.writer->is_read_only());
    site.writer->space_again();
    for (const auto whose : {Writer::Whose::Command, Writer::Whose::Ledger}) CHECK(code_of(site.writer->run(passing(), whose)) == "read-only");
  }
}

TEST_CASE("what is wrong with one command is nobody else's matter") {
  SiteForTests site;
  CHECK(code_of(site.writer->run(failing("step-up-needed"))) == "step-up-needed");
  CHECK(code_of(site.writer->run(passing())) == "done");
}

TEST_CASE("R1: what a failed command leaves on record stays, and what it changed is undone; one that succeeds leaves nothing") {
  SiteForTests site;
  const auto changed = RulingId::random(), left = RulingId::random();
  const auto denied = [&](Unit& unit) -> Result<Committed> {
    TRY(unit.writing().record_ruling(changed, unit.now(), 0, {}, json::object{}));
    unit.leave_on_record([&](Unit& behind) { return behind.writing().record_ruling(left, behind.now(), 0, {}, json::object{}); });
    return fail(ErrorKind::Conflict, "No.", {}, {}, "no");
  };
  const auto is_there = [&](RulingId id) {
    auto db = for_tests::must(site.store->lease());
    return for_tests::must(store::ruling(*db, site.services.cells(), id)).has_value();
  };
  CHECK(code_of(site.writer->run(denied)) == "no");
  CHECK_FALSE(is_there(changed));
  CHECK(is_there(left));
  CHECK(code_of(site.writer->run(denied)) == "not-written");  // its row is there already: what can't be put on record isn't answered
  const auto unsaid = RulingId::random();
  const auto done = site.writer->run([&](Unit& unit) -> Result<Committed> {
    unit.leave_on_record([&](Unit& behind) { return behind.writing().record_ruling(unsaid, behind.now(), 0, {}, json::object{}); });
    return Committed{};
  });
  CHECK(code_of(done) == "done");
  CHECK_FALSE(is_there(unsaid));
}

TEST_CASE("who listens is told of a commit before its answer, and one that throws takes neither the answer nor the word to others") {
  std::atomic<int> heard = 0;
  SiteForTests site;
  site.bus.listen([](const Change&) { throw std::bad_alloc(); });
  site.bus.listen([&](const Change&) { ++heard; });
  for (int i = 1; i <= 50; ++i) {
    const auto done = site.writer->run([](Unit& unit) -> Result<Committed> {
      unit.tell({.collection = 1});
      return Committed{};
    });
    CHECK(code_of(done) == "done");
    CHECK(heard == i);
  }
}
