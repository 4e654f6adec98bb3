#include "service/writer.h"

#include <doctest/doctest.h>

#include "service/testing.h"

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
