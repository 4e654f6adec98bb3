// `sluice taxii push`: objects from files into a collection, each accounted for.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/taxii_connect.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kMostInput = std::size_t{1} << 30;

// What was acknowledged, on disk after each envelope.
class Journal {
 public:
  static Result<Journal> open(const std::string& file, const std::string& collection) {
    Journal out;
    if (file.empty()) return out;
    TRY(auto held, Held::take(file));
    out.held_ = std::make_unique<Held>(std::move(held));
    std::string text;
    std::error_code ec;
    if (std::filesystem::exists(file, ec)) { TRY(text, read_input(file, kMostInput)); }
    auto read = taxii::read_push_journal(text, collection);
    if (!read) return std::unexpected(shown(read.error(), file));
    out.acknowledged = std::move(read->acknowledged);
    out.file_ = file;
    out.fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (out.fd_ < 0 || ::ftruncate(out.fd_, static_cast<off_t>(read->whole)) != 0) return out.not_kept();
    if (read->whole == 0) TRY(out.add(taxii::journal_head(collection)));
    return out;
  }
  Journal(Journal&& other) noexcept : acknowledged(std::move(other.acknowledged)), file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)), held_(std::move(other.held_)) {}
  ~Journal() {
    if (fd_ >= 0) ::close(fd_);
  }

  Result<void> add(std::string_view line) {
    if (fd_ < 0) return {};
    for (auto rest = line; !rest.empty();) {
      const auto n = ::write(fd_, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return not_kept();
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::fdatasync(fd_) == 0 ? Result<void>{} : not_kept();
  }

  std::set<taxii::ObjectKey> acknowledged;

 private:
  Journal() = default;
  std::unexpected<Error> not_kept() const { return fail(ErrorKind::Unavailable, "This file can't be written: " + std::string(std::strerror(errno)) + ".", file_); }
  std::string file_;
  int fd_ = -1;
  std::unique_ptr<Held> held_;
};

Result<std::vector<taxii::StixObject>> objects_of(const Arguments& a, const taxii::AnswerLimits& limits) {
  std::vector<taxii::StixObject> out;
  auto inside = limits;
  inside.bytes = kMostInput;
  inside.objects = 10'000'000;
  for (const auto& file : a.all("FILE")) {
    TRY(const auto text, read_input(file, kMostInput));
    auto objects = taxii::objects_in(text, inside);
    if (!objects) return std::unexpected(shown(objects.error(), file));
    out.insert(out.end(), std::make_move_iterator(objects->begin()), std::make_move_iterator(objects->end()));
  }
  return out;
}

json::object summary(const std::string& collection, const taxii::Push& push) {
  json::array failures;
  for (const auto& one : push.failures()) failures.push_back(json::object{{"id", one.id}, {"version", one.version}, {"message", one.message}});
  return {{"collection", collection}, {"objects", push.size()}, {"acknowledged", push.acknowledged()}, {"earlier", push.earlier()}, {"pending", push.pending()}, {"failures", std::move(failures)}};
}

void tell_of(const taxii::Push& push) {
  for (const auto& one : push.failures()) tell(one.id + (one.version.empty() ? "" : " (" + one.version + ")") + ": " + one.message);
  tell(std::to_string(push.acknowledged()) + " of " + std::to_string(push.size()) + " objects acknowledged" + (push.earlier() > 0 ? ", " + std::to_string(push.earlier()) + " not sent again" : "") + (push.pending() > 0 ? ", " + std::to_string(push.pending()) + " still pending" : "") +
       (push.failures().empty() ? "" : ", " + std::to_string(push.failures().size()) + " failed") + ".");
}

// All envelopes, one after the other. An error that isn't of one envelope ends it; what was acknowledged is in the journal.
Result<void> send_all(taxii::PeerClient& peer, const taxii::Place& place, taxii::Push& push, Journal& journal, Duration wait) {
  Progress progress("push");
  std::uint64_t envelopes = 0;
  while (const auto batch = push.next()) {
    const auto status = taxii::send(peer, place, *batch, wait);
    if (!status) {
      const auto& error = status.error();
      if (error.code == "status-413") {
        push.too_large(*batch);
        continue;
      }
      if (error.code != "status-422") return std::unexpected(error);
      push.refused(*batch, error.message);         // this envelope, not the next
      continue;
    }
    const auto acknowledged = push.answered(*batch, *status);
    if (!acknowledged.empty()) TRY(journal.add(taxii::journal_line(acknowledged)));
    progress.show(push.acknowledged(), ++envelopes);
  }
  return {};
}

}  // namespace

Result<int> taxii_push(const Arguments& a) {
  taxii::PushSettings settings;
  TRY(const auto objects, whole_number(a, "--per-envelope", settings.objects, 1, 100'000));
  settings.objects = objects;
  TRY(const auto wait, length_of(a, "--wait", std::chrono::minutes(5)));
  TRY(auto connection, connect(a));
  TRY(auto given, objects_of(a, connection.peer.limits()));
  TRY(const auto place, taxii::place_of(connection.peer, connection.url, a.get("--collection")));
  if (!place.collection.can_write) return fail(ErrorKind::Forbidden, "This server says that you can't write to this collection.");
  if (place.api_root.max_content_length > 0) settings.bytes = std::min(settings.bytes, place.api_root.max_content_length);
  TRY(auto journal, Journal::open(a.get("--state"), place.url));
  taxii::Push push(std::move(given), journal.acknowledged, settings);
  const auto done = send_all(connection.peer, place, push, journal, wait);
  if (a.json()) print_json(summary(place.url, push));
  else tell_of(push);
  if (!done) return std::unexpected(done.error());
  return !push.failures().empty() ? kFailed : push.pending() > 0 ? 6 : kOk;
}

}  // namespace sluice::cli
