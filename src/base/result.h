// The one way to report failure: Result<T> for whatever a person, peer, document, disk or network can cause.
//
// Always holds
//   B1  An Error's message is for a person: what was wrong and what to do. It never carries secrets, nor the existence of what the reader may not see.
//   B2  ErrorKind is mapped to an HTTP status in one place (web/problem.cpp) and to an exit code in one (cli/exit_code.h).
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace sluice {

enum class ErrorKind {
  Malformed,             // could not be read at all (framing, JSON syntax)
  Invalid,               // was read, and a value in it is wrong
  Unauthenticated,
  Forbidden,
  NotFound,              // is not there, or may not be known to be there: the same answer
  Conflict,              // the state of the thing does not allow it now
  Stale,                 // the caller's version is not the current one
  PreconditionRequired,  // the caller must name the version it saw
  TooLarge,
  TooMany,               // rate or quota
  Unavailable,           // our own trouble: database, memory, overload, read-only site
};

struct Error {
  ErrorKind kind;
  std::string message;
  std::string where = {};  // JSON Pointer, line or field
  std::string rule = {};   // the rule that was broken, such as "CSAF 2.0 §6.1.14"
  std::string code = {};   // stable machine word, such as "embargo-ended"; empty: derived from kind
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string where = {}, std::string rule = {}, std::string code = {}) {
  return std::unexpected(Error{kind, std::move(message), std::move(where), std::move(rule), std::move(code)});
}

}  // namespace sluice

// TRY(const auto x, f());  leaves the function with f's error, else binds its value.  TRY(f());  does the same for Result<void>.
#define SLUICE_TRY_JOIN2(a, b) a##b
#define SLUICE_TRY_JOIN(a, b) SLUICE_TRY_JOIN2(a, b)
#define SLUICE_TRY_VALUE(name, declaration, expression)                 \
  auto name = (expression);                                             \
  if (!name) return std::unexpected(std::move(name).error());           \
  declaration = *std::move(name)
#define SLUICE_TRY2(declaration, expression) SLUICE_TRY_VALUE(SLUICE_TRY_JOIN(try_result_, __COUNTER__), declaration, expression)
#define SLUICE_TRY1(expression) \
  do { if (auto try_result = (expression); !try_result) return std::unexpected(std::move(try_result).error()); } while (false)
#define SLUICE_TRY_PICK(_1, _2, NAME, ...) NAME
#define TRY(...) SLUICE_TRY_PICK(__VA_ARGS__, SLUICE_TRY2, SLUICE_TRY1)(__VA_ARGS__)
