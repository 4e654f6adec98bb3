// `sluice taxii pull` and `follow`: a collection read to its end, and read on for as long as one likes.
#include <filesystem>

#include "cli/console.h"
#include "cli/taxii_connect.h"
#include "service/taxii_state.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kMostState = 64 << 20;

// One way from a collection to an outlet, with the state between.
class Flow {
 public:
  static Result<Flow> open(Connection connection, const Arguments& a, bool follows) {
    const auto place = taxii::place_of(connection.peer, connection.url, a.get("--collection"));
    if (!place) return std::unexpected(place.error());
    if (!place->collection.can_read) return fail(ErrorKind::Forbidden, "This server says that you can't read this collection.");
    Flow out(std::move(connection));
    out.reading_.collection = place->url;
    TRY(out.take_filters(a));
    TRY(out.take_state(a));
    TRY(out.take_outlet(a, follows));
    taxii::WalkSettings settings{.accept_loss = a.has("--accept-loss")};
    TRY(settings.overlap, length_of(a, "--overlap", settings.overlap));
    out.start_ = out.state_.walk;
    out.walk_ = std::make_unique<taxii::Walk>(out.state_.walk, settings);
    return out;
  }

  Result<void> read() { return taxii::read_on(connection_.peer, reading_, *walk_, hooks()); }
  Result<void> stream(bool by_cursor) { return taxii::stream_on(connection_.peer, reading_, *walk_, hooks(), by_cursor); }
  Result<void> finish() { return outlet_->finish(); }

  taxii::PeerClient& peer() { return connection_.peer; }
  const taxii::Walk& walk() const { return *walk_; }
  std::uint64_t objects() const { return walk_->state().objects - start_.objects; }
  std::uint64_t pages() const { return walk_->state().pages - start_.pages; }
  const std::string& collection() const { return reading_.collection; }
  void clear_progress() { progress_->clear(); }

 private:
  explicit Flow(Connection connection) : connection_(std::move(connection)) {}

  Result<void> take_filters(const Arguments& a) {
    const auto joined = [](const std::vector<std::string>& words) {
      std::string out;
      for (const auto& word : words) out += (out.empty() ? "" : ",") + word;
      return out;
    };
    for (const auto& [option, name] : {std::pair{"--type", "type"}, {"--id", "id"}, {"--version", "version"}, {"--spec-version", "spec_version"}})
      if (const auto words = a.all(option); !words.empty()) reading_.filters[name] = joined(words);
    state_.collection = reading_.collection;
    state_.filters = reading_.filters;
    if (const auto after = a.maybe("--added-after")) {
      const auto instant = parse_instant(*after);
      if (!instant) return usage("--added-after takes an instant, such as 2027-01-31T12:00:00Z.");
      state_.walk.after = *instant;
      state_.filters["added_after"] = taxii::taxii_text(*instant);
    }
    TRY(const auto limit, whole_number(a, "--limit", state_.walk.limit, 1, taxii::kMostLimit));
    state_.walk.limit = static_cast<std::uint32_t>(limit);
    return {};
  }

  Result<void> take_state(const Arguments& a) {
    state_file_ = a.get("--state");
    if (state_file_.empty()) return {};
    TRY(auto held, Held::take(state_file_));
    held_ = std::make_unique<Held>(std::move(held));
    std::error_code ec;
    if (!std::filesystem::exists(state_file_, ec)) return {};
    TRY(const auto text, read_input(state_file_, kMostState));
    auto read = taxii::read_pull_state(text);
    if (!read) return std::unexpected(shown(read.error(), state_file_));
    if (read->collection != state_.collection) return fail(ErrorKind::Conflict, "This state is of another collection: " + read->collection, state_file_);
    if (read->filters != state_.filters) return fail(ErrorKind::Conflict, "This state is of a pull with other filters (--type, --id, --version, --spec-version, --added-after): what those left out would never come. Give the same, or another state.", state_file_);
    state_ = *std::move(read);
    if (a.has("--limit")) { TRY(const auto limit, whole_number(a, "--limit", 0, 1, taxii::kMostLimit)); state_.walk.limit = static_cast<std::uint32_t>(limit); }
    return {};
  }

  Result<void> take_outlet(const Arguments& a, bool follows) {
    const auto file = a.maybe("--out"), folder = a.maybe("--into"), command = a.maybe("--exec");
    if (int(file.has_value()) + int(folder.has_value()) + int(command.has_value()) != 1) return usage("Say where the objects go: --into DIR, --out FILE" + std::string(follows ? " or --exec COMMAND" : " (- for standard output)") + ", one of them.");
    if (command) {
      outlet_ = lines_to_command(*command);
    } else if (folder) {
      TRY(outlet_, files_into(*folder));
    } else {
      // A file that is followed has no end at which it could be put in place.
      TRY(outlet_, lines_into(*file, !state_file_.empty() || follows, state_.bytes));
    }
    return {};
  }

  taxii::ReadHooks hooks() {
    return {
        .deliver = [this](const taxii::Envelope& envelope, const std::vector<std::size_t>& fresh) { return deliver(envelope, fresh); },
        .keep = [this](const taxii::Walk& walk) { return keep(walk); },
    };
  }

  Result<void> deliver(const taxii::Envelope& envelope, const std::vector<std::size_t>& fresh) {
    auto backoff = peer().backoff();
    for (;;) {
      auto done = outlet_->deliver(envelope, fresh);
      if (done || done.error().code != "command-failed") return done;
      const auto wait = backoff.after_failure(std::nullopt, peer().hooks().chance());
      if (!wait) return done;
      tell(done.error().message + " Trying again.");
      peer().hooks().wait(*wait);
    }
  }

  Result<void> keep(const taxii::Walk& walk) {
    progress_->show(objects(), pages());
    if (state_file_.empty()) return {};
    TRY(state_.bytes, outlet_->settle());
    state_.walk = walk.state();
    return write_output(state_file_, taxii::to_text(state_));
  }

  Connection connection_;
  taxii::Reading reading_;
  taxii::PullState state_;
  taxii::WalkState start_;
  std::string state_file_;
  std::unique_ptr<Held> held_;
  std::unique_ptr<Outlet> outlet_;
  std::unique_ptr<taxii::Walk> walk_;
  std::unique_ptr<Progress> progress_ = std::make_unique<Progress>("pull");
};

std::string counted(std::uint64_t number, std::string_view what) { return std::to_string(number) + " " + std::string(what) + (number == 1 ? "" : "s"); }

}  // namespace

Result<int> taxii_pull(const Arguments& a) {
  TRY(auto connection, connect(a));
  TRY(auto flow, Flow::open(std::move(connection), a, false));
  const auto done = flow.read();
  flow.clear_progress();
  if (!done) {
    if (flow.objects() > 0) tell("So far: " + counted(flow.objects(), "object") + (a.has("--state") ? ", kept. The same command goes on from there." : "."));
    return std::unexpected(done.error());
  }
  TRY(flow.finish());
  if (a.json() && a.get("--out") != "-") print_json(json::object{{"collection", flow.collection()}, {"objects", flow.objects()}, {"pages", flow.pages()}, {"may_have_lost", flow.walk().may_have_lost()}});
  else tell(counted(flow.objects(), "object") + ", " + counted(flow.pages(), "page") + ".");
  return 0;
}

Result<int> taxii_follow(const Arguments& a) {
  TRY(const auto interval, length_of(a, "--interval", std::chrono::seconds(60)));
  if (interval < std::chrono::milliseconds(100)) return usage("--interval is at least 100ms.");
  TRY(const auto rounds, whole_number(a, "--rounds", 0, 1, 1'000'000'000));
  TRY(auto connection, connect(a, {.tries = 0}));
  TRY(auto flow, Flow::open(std::move(connection), a, true));
  bool streams = !a.has("--poll"), by_cursor = false;
  auto backoff = flow.peer().backoff();
  for (std::uint64_t round = 1;; ++round) {
    if (!by_cursor) TRY(flow.read());
    if (streams) {
      const auto before = flow.objects();
      const auto broke = flow.stream(by_cursor);
      const bool came = flow.objects() > before;
      if (came) backoff.succeeded();
      if (broke) continue;
      const auto& error = broke.error();
      if (error.code == "no-stream") {
        streams = by_cursor = false;
      } else if (error.code == "unreachable") {
        // Where it had come to, by the stream itself; where that doesn't answer, by the poll, whose cursor is the same.
        by_cursor = (came || !by_cursor) && flow.walk().state().next.has_value();
        if (rounds > 0 && round >= rounds) break;
        if (const auto wait = backoff.after_failure(std::nullopt, flow.peer().hooks().chance())) flow.peer().hooks().wait(*wait);
        continue;
      } else if (by_cursor && error.code.starts_with("status-4")) {
        by_cursor = false;                         // the cursor isn't taken any more
        continue;
      } else {
        return std::unexpected(error);
      }
    }
    if (rounds > 0 && round >= rounds) break;
    flow.clear_progress();
    flow.peer().hooks().wait(interval);
  }
  flow.clear_progress();
  if (a.json() && a.get("--out") != "-") print_json(json::object{{"collection", flow.collection()}, {"objects", flow.objects()}, {"pages", flow.pages()}, {"may_have_lost", flow.walk().may_have_lost()}});
  return 0;
}

}  // namespace sluice::cli
