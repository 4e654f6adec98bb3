// What the verbs of `sluice taxii` share: the connection that flags describe, what a person sees of it, and where objects go.
//
// Always holds
//   X1  Credentials come from files and variables of the environment that flags name, never from arguments. A variable that held one is gone from the environment of
//       commands that are started. $SLUICE_TOKEN_FILE isn't looked at: it is a site's, and the server here may be anybody's.
//   X2  What an outlet has settled is on disk, or with the command that took it, before the state says so.
#pragma once

#include <chrono>
#include <memory>

#include "cli/verb.h"
#include "service/taxii_exchange.h"

namespace sluice::cli {

namespace taxii = service::taxii;

// The flags of a connection, for each verb's table.
std::vector<Option> with_connection(std::vector<Option> own);
struct Connection { taxii::PeerClient peer; std::string url; };
Result<Connection> connect(const Arguments& arguments, service::Patience patience = {});

Result<std::uint64_t> whole_number(const Arguments& arguments, std::string_view option, std::uint64_t otherwise, std::uint64_t least, std::uint64_t most);
Result<Duration> length_of(const Arguments& arguments, std::string_view option, Duration otherwise);

// One line on stderr, drawn anew; nothing where that is no terminal.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  void show(std::uint64_t objects, std::uint64_t pages);
  void clear();

 private:
  std::string what_;
  bool shown_ = false;
  const bool is_terminal_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_{};
};

// Where objects go.
class Outlet {
 public:
  virtual ~Outlet() = default;
  virtual Result<void> deliver(const taxii::Envelope& envelope, const std::vector<std::size_t>& which) = 0;
  // Makes what was delivered last; gives the length of the file, where there is one.
  virtual Result<std::optional<std::uint64_t>> settle() = 0;
  virtual Result<void> finish() { return {}; }     // at the end of a pull that came to its end
};
// A JSON object a line. With a state (`bytes`: its length as that says), FILE grows and is cut to what the state knows; without, it is whole or not there.
Result<std::unique_ptr<Outlet>> lines_into(const std::string& file, bool has_state, std::optional<std::uint64_t> bytes);
// DIR/TYPE/ID.VERSION.json, as sent. Again the same object is the same file.
Result<std::unique_ptr<Outlet>> files_into(const std::string& folder);
// Objects, one a line, on the standard input of `sh -c COMMAND`, a run for each page; it has taken them when it ends with 0.
std::unique_ptr<Outlet> lines_to_command(const std::string& command);

// A file that one process alone holds as long as this lives. Conflict if another does.
class Held {
 public:
  static Result<Held> take(const std::string& file);
  Held(Held&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Held();

 private:
  explicit Held(int fd) : fd_(fd) {}
  int fd_;
};

Result<int> taxii_pull(const Arguments& arguments);
Result<int> taxii_follow(const Arguments& arguments);
Result<int> taxii_push(const Arguments& arguments);

}  // namespace sluice::cli
