// Commands on a data directory: with a server on it they go through DIR/admin.sock, without one they run here. One request, one answer, either way
// the same code: run_admin().
//
//   {"command":"org.add","arguments":{"name":"Acme","kind":"vendor"}}      one line; the answer {"ok":{"id":"o_…"}} or {"error":{"kind":…}}
//
// Always holds
//   A1  The socket is the owner's alone (0600), and whoever connects must be the same user or root. Whoever can do that can read the files as well, so
//       the asker is the system itself.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "cli/clock_watch.h"
#include "service/doors.h"
#include "service/services.h"

namespace sluice::cli {

struct AdminRequest {
  std::string command;
  json::value arguments;
};
BOOST_DESCRIBE_STRUCT(AdminRequest, (), (command, arguments))

// What there is beside the services. Without a server there is no watch: nothing fires then.
struct AdminContext {
  service::Services& services;
  service::Doors& doors;
  ClockWatch* watch = nullptr;
};
Result<json::object> run_admin(const AdminContext& context, const AdminRequest& request);

// Through the lock: here if it is free, else through the socket of whoever holds it.
Result<json::object> ask_site(const std::filesystem::path& data, const std::optional<std::filesystem::path>& root_key, const AdminRequest& request);

// The server's end. Answers one connection after another on a thread of its own, until it is destroyed.
class AdminSocket {
 public:
  static Result<std::unique_ptr<AdminSocket>> start(const std::filesystem::path& data, AdminContext context);
  ~AdminSocket();

 private:
  struct Impl;
  explicit AdminSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::cli
