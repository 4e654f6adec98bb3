// Proof of work for reports without an account: optional. Who brings one has a far larger quota than who doesn't, so that a crowd behind one address, or a
// program, isn't held up by somebody else's flood there; without script the form works under the plain quota (WEB-9).
//
// A challenge is sealed, so nothing is kept for those that are given out. Its answer is a nonce such that SHA-256(challenge ":" nonce) begins with `bits`
// zero bits; both travel together as "challenge:nonce". Says nothing of who solved it.
//
// Always holds
//   P1  A challenge is good for one report, within its life.
//   P2  Memory is bounded: where all places are taken by challenges that still live, no further proof is taken, and the plain quota decides.
#pragma once

#include <mutex>
#include <unordered_map>

#include "service/clock.h"
#include "store/cells.h"

namespace sluice::service {

struct Challenge {
  std::string text;
  int bits = 0;
  std::chrono::seconds lives{};
};

class Proofs {
 public:
  // `most`: proofs remembered at once.
  Proofs(const Clock& clock, Random& random, const store::Cells& cells, std::size_t most = 50'000) : clock_(clock), random_(random), cells_(cells), most_(most) {}

  Challenge give();                               // from any thread
  bool take(std::string_view proof);              // right, in time, and for the first time

 private:
  struct First {
    std::size_t operator()(const Hash& hash) const { std::size_t out = 0; for (int i = 0; i < 8; ++i) out = out << 8 | hash[i]; return out; }
  };
  const Clock& clock_;
  Random& random_;
  const store::Cells& cells_;
  const std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<Hash, Instant, First> taken_;  // until when it lives
};

bool is_solved(std::string_view challenge, std::string_view nonce, int bits);
std::string solve(std::string_view challenge, int bits);  // "challenge:nonce"

}  // namespace sluice::service
