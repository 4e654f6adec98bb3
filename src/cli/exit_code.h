// The one place where an Error becomes an exit code (CLI-1): 0 ok, 1 failed, 2 usage, 3 not found, 4 denied, 5 conflict, 6 unavailable.
#pragma once

#include "base/result.h"

namespace sluice::cli {

inline constexpr int kOk = 0, kFailed = 1, kUsage = 2;

inline int exit_code(const Error& error) {
  if (error.code == "usage") return kUsage;
  switch (error.kind) {
    case ErrorKind::Malformed:
    case ErrorKind::Invalid:
    case ErrorKind::TooLarge: return kFailed;
    case ErrorKind::NotFound: return 3;
    case ErrorKind::Unauthenticated:
    case ErrorKind::Forbidden: return 4;
    case ErrorKind::Conflict:
    case ErrorKind::Stale:
    case ErrorKind::PreconditionRequired: return 5;
    case ErrorKind::TooMany:
    case ErrorKind::Unavailable: return 6;
  }
  return kFailed;
}

}  // namespace sluice::cli
