#include "service/proof_of_work.h"

#include <bit>

#include "service/sealed_value.h"

namespace sluice::service {

namespace {

constexpr std::string_view kPurpose = "proof of work";
constexpr int kBits = 16;                         // 65,000 hashes on average: a second and less on a phone, in script
constexpr auto kLife = std::chrono::minutes(30);
constexpr std::size_t kLongestNonce = 20;

}  // namespace

bool is_solved(std::string_view challenge, std::string_view nonce, int bits) {
  const auto hash = sha256(bytes_of(std::string(challenge) + ":" + std::string(nonce)));
  int zeros = 0;
  for (const auto byte : hash) {
    zeros += std::countl_zero(byte);
    if (byte != 0) break;
  }
  return zeros >= bits;
}

std::string solve(std::string_view challenge, int bits) {
  for (std::uint64_t n = 0;; ++n)
    if (const auto nonce = std::to_string(n); is_solved(challenge, nonce, bits)) return std::string(challenge) + ":" + nonce;
}

Challenge Proofs::give() {
  return {seal_value(cells_, kPurpose, {}, clock_.now() + kLife, random_), kBits, kLife};
}

bool Proofs::take(std::string_view proof) {
  const auto colon = proof.rfind(':');
  if (colon == proof.npos || proof.size() - colon - 1 > kLongestNonce) return false;
  const auto challenge = proof.substr(0, colon);
  const auto now = clock_.now();
  if (!is_solved(challenge, proof.substr(colon + 1), kBits) || !open_value(cells_, kPurpose, challenge, now)) return false;
  std::scoped_lock lock(mutex_);
  if (taken_.size() >= most_) std::erase_if(taken_, [&](const auto& one) { return one.second <= now; });
  return taken_.size() < most_ && taken_.emplace(sha256(bytes_of(challenge)), now + kLife).second;
}

}  // namespace sluice::service
