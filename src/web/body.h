// Handlers that take JSON: a function whose third parameter is the body. It is read as that type, and that type's schema is published.
//
//   namespace takes {
//   Result<service::Work> open_case(App& app, const Request& request, service::OpenCase command) { ... }
//   }
//   constinit const Command open_case = taking<takes::open_case>();
#pragma once

#include "web/app.h"

namespace sluice::web {

struct NoFields {};                                // of an operation that is told everything by its path
BOOST_DESCRIBE_STRUCT(NoFields, (), ())

template <auto handler>
struct Taking;
template <class Out, class T, Result<Out> (*handler)(App&, const Request&, T)>
struct Taking<handler> {
  using Body = T;
  using Handler = std::conditional_t<std::is_same_v<Out, Response>, Read, Command>;
  static Result<Out> run(App& app, const Request& request) {
    TRY(auto body, from_json<T>(request.body));
    return handler(app, request, std::move(body));
  }
};

// `schema`: where the type alone doesn't say all of it.
template <auto handler>
constexpr auto taking(Schema schema = schema_of<typename Taking<handler>::Body>) {
  return typename Taking<handler>::Handler(Taking<handler>::run, schema);
}

}  // namespace sluice::web
