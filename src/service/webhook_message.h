// What a webhook sends and how its receiver knows that it is ours: the signature of Standard Webhooks, what an answer means, and when the next attempt is made. Pure: the time, the secrets and chance come in.
//
//   webhook-id         a UUID, the same in every attempt of one message: by it a receiver tells a repeated one
//   webhook-timestamp  seconds since 1970, of this attempt
//   webhook-signature  "v1," and the base64 of HMAC-SHA-256 over id "." timestamp "." body; one for each secret that holds, with blanks between them
//
// A secret is written "whsec_" and the base64 of 32 bytes; those bytes are the key (Standard Webhooks: signature scheme).
//
// Always holds
//   S1  A receiver that has either secret while two hold accepts the message.
//   S2  Attempts go on for kGivesUpAfter from the first that failed, the last one at its end; then none is made.
//   S3  What the receiver said in Retry-After is never cut short, but by S2 and by a day.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

namespace sluice::service {

inline constexpr Duration kGivesUpAfter = std::chrono::hours(72);
inline constexpr Duration kSecretOverlap = std::chrono::hours(24);         // how long the old secret holds beside a new one
inline constexpr Duration kSignatureTolerance = std::chrono::minutes(5);   // between a message's timestamp and its receiver's clock

std::string new_webhook_secret(Random& random);
Result<Bytes> webhook_key(std::string_view secret);                          // Invalid: not of that form, or fewer than 24 bytes

// The value of webhook-signature. `secrets`: of the form above; others are left out.
std::string webhook_signature(std::span<const std::string> secrets, std::string_view id, std::int64_t timestamp, std::string_view body);
// What a receiver does. Invalid, saying what doesn't fit; a message that is older or newer than the tolerance is refused as one that was recorded and sent again.
Result<void> check_webhook_signature(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view signature, std::string_view body, Instant now);

enum class Heard { Taken, Gone, NotTaken };        // 2xx; 410; everything else, a redirect too
Heard heard_of(int status);

// After an attempt that failed at `now`, the `failures`-th in a row, the first of them at `failing`. Nothing: no further one (S2). `told`: of Retry-After; `chance`: any number, each as likely.
std::optional<Instant> next_attempt(int failures, Instant failing, Instant now, std::optional<Duration> told, std::uint32_t chance);

}  // namespace sluice::service
