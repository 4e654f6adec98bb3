// One-time codes by time (RFC 6238 over RFC 4226): HMAC-SHA-1, six digits, thirty seconds, since that is what every authenticator app does. Pure: `now` comes in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

namespace sluice::service {

// RFC 4648 §6, without padding. Reading takes small letters, blanks and hyphens, as people copy it.
std::string base32(ByteView bytes);
std::optional<Bytes> from_base32(std::string_view text);

std::int64_t totp_step(Instant at);                                    // RFC 6238 §4.2: T = floor(seconds / 30)
std::string totp_code(ByteView secret, std::int64_t step);             // RFC 4226 §5.3

// The step that this code belongs to: the one of now, or one before or after it, and later than `last_step` (RFC 6238 §5.2: a code is taken once). Blanks between the digits
// don't count. All three are worked out, whichever fits.
std::optional<std::int64_t> totp_match(ByteView secret, std::string_view code, Instant now, std::int64_t last_step);

// What an authenticator app reads from a link or a picture of one.
std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret);

}  // namespace sluice::service
