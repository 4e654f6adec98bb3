#include "service/proof_of_work.h"

#include <doctest/doctest.h>

#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;

namespace {

struct Riddles {
  SteppedClock clock;
  SiteForTests site{{.clock = &clock}};
  Proofs proofs{clock, system_random(), site.services.cells(), 2};
  std::string solved() {
    const auto given = proofs.give();
    return solve(given.text, given.bits);
  }
};

}  // namespace

TEST_CASE("the hash is SHA-256 over challenge, colon and nonce, read from its first bit") {
  CHECK(is_solved("sluice", "111", 0));
  CHECK_FALSE(is_solved("sluice", "111", 256));
  const auto proof = solve("sluice", 12);
  CHECK(hex(sha256(bytes_of(proof))).starts_with("000"));
}

TEST_CASE("P1: a challenge is good for one report, within its life") {
  Riddles r;
  const auto first = r.solved(), second = r.solved();
  CHECK(r.proofs.take(first));
  CHECK_FALSE(r.proofs.take(first));
  r.clock.go_on(31min);
  CHECK_FALSE(r.proofs.take(second));
  CHECK_FALSE(r.proofs.take(""));
  CHECK_FALSE(r.proofs.take(":"));
}

TEST_CASE("P2: where all places are taken no further proof is, until those that were taken have ended") {
  Riddles r;
  CHECK(r.proofs.take(r.solved()));
  CHECK(r.proofs.take(r.solved()));
  CHECK_FALSE(r.proofs.take(r.solved()));
  r.clock.go_on(31min);
  CHECK(r.proofs.take(r.solved()));
}

TEST_CASE("a challenge of another site opens nothing here") {
  Riddles here, there;
  CHECK_FALSE(here.proofs.take(there.solved()));
}
