// A client of a site's public HTTP API, as any other: what verbs with --site and the demo's replay speak through.
//
// Always holds
//   H1  A token goes to the site it was given for and nowhere else: redirects are not followed.
//   H2  Whatever isn't a 2xx is an Error of the kind its status means, in the server's words.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/verb.h"

namespace sluice::cli {

struct Answer {
  int status = 0;
  std::string body;
  std::string etag, content_type, retry_after;
  Result<json::value> json() const;
};

class Client {
 public:
  // `site`: "http://127.0.0.1:8080" or "https://…". Invalid if it is neither.
  static Result<Client> make(std::string site, std::string token = {});
  // From --site, --token-file and $SLUICE_TOKEN_FILE; where a verb has them, --cert and --key too.
  static Result<Client> of(const Arguments& arguments, bool needs_token);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  using Headers = std::vector<std::pair<std::string, std::string>>;
  // Unavailable if no answer came; any status that came is an answer. "/cases" means "/api/v1/cases".
  Result<Answer> call(std::string_view verb, std::string_view path, std::string_view body = {}, const Headers& headers = {});
  // The same, and what isn't a 2xx is an error.
  Result<Answer> must(std::string_view verb, std::string_view path, std::string_view body = {}, const Headers& headers = {});
  void set_token(std::string token);

 private:
  struct State;
  explicit Client(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

Error error_of(const Answer& answer);
std::string query_escaped(std::string_view text);

}  // namespace sluice::cli
