#include "cli/demo.h"

#include <boost/json/serialize.hpp>
#include <set>

#include "cli/admin.h"
#include "cli/client.h"
#include "cli/console.h"
#include "cli/log.h"
#include "cli/serve.h"
#include "ledger/receipt.h"
#include "service/ticker.h"

namespace sluice::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = ".sluice-demo";

// Only what an earlier demo made is wiped, and only while nobody serves it.
Result<void> make_room(const fs::path& data) {
  std::error_code error;
  if (!fs::exists(data, error) || fs::is_empty(data, error)) {
    fs::create_directories(data, error);
  } else {
    if (!fs::exists(data / kMarker, error))
      return fail(ErrorKind::Conflict, "This directory isn't one that the demo made, so it isn't wiped. Choose another with --data.", data.string());
    TRY(const auto lock, service::SiteLock::take(data));
    for (const auto& inside : fs::directory_iterator(data, error))
      if (inside.path().filename() != kMarker) fs::remove_all(inside.path(), error);
  }
  return write_output((data / kMarker).string(), "The demo made this directory and wipes it when it starts anew.\n");
}

Result<json::object> admin(Serving& serving, std::string command, json::object arguments) {
  return run_admin({serving.services(), serving.doors()}, {std::move(command), std::move(arguments)});
}

class Replay {
 public:
  Replay(const DemoScript& script, Serving& serving, Client client) : script_(script), serving_(serving), client_(std::move(client)) {}

  Result<void> run() {
    TRY(set_up());
    for (const auto& step : script_.steps) {
      if (end_is_asked()) return fail(ErrorKind::Unavailable, "The replay was stopped.");
      if (auto done = take(step); !done) {
        auto error = std::move(done).error();
        error.message = "The replay stopped at line " + std::to_string(step.line) + " of its script. " + error.message;
        error.code.clear();
        return std::unexpected(std::move(error));
      }
    }
    return {};
  }

 private:
  struct Kept {
    std::string entry, path, as;
  };

  Result<void> set_up() {
    auto& services = serving_.services();
    const auto own = services.site.file.organisation;
    names_["own"] = own.text();
    if (!script_.own_country.empty()) {
      std::optional<store::OrganisationRow> row;
      {
        TRY(auto db, services.store.lease());
        TRY(row, store::organisation(*db, services.cells(), own));
      }
      if (row) {
        row->profile.country = script_.own_country;
        TRY(services.writer.run(service::change_organisation(services, {.viewer = access::Viewer::system()}, own, row->profile, row->version)));
      }
    }
    for (const auto& one : script_.organisations) {
      json::object request{{"name", one.name}, {"kind", one.kind}, {"country", one.country}};
      if (one.takes_reports) request["takes_reports"] = true;
      TRY(const auto made, admin(serving_, "org.add", std::move(request)));
      names_[one.key] = string_at(made, "id");
    }
    for (const auto& one : script_.people) {
      TRY(const auto made, admin(serving_, "person.add", {{"org", names_[one.organisation]}, {"name", one.name}, {"email", one.mail}, {"role", one.role}}));
      people_[one.key].id = string_at(made, "id");
    }
    for (const auto& one : script_.collections) {
      std::string members;
      for (const auto& key : one.members) members += (members.empty() ? "" : ",") + names_[key];
      TRY(admin(serving_, "collection.add", {{"title", one.title}, {"alias", one.key}, {"read", members}, {"write", members}}));
    }
    return {};
  }

  // High scopes of a token end after a day, which in a replay is soon over.
  Result<std::string> token_of(const std::string& as) {
    const auto found = people_.find(as);
    if (found == people_.end()) return fail(ErrorKind::Invalid, "Nobody is called \"" + as + "\" in the script.");
    auto& person = found->second;
    const auto now = serving_.services().clock.now();
    if (person.token.empty() || now - person.issued > std::chrono::hours(20)) {
      TRY(const auto made, admin(serving_, "token.issue", {{"person", person.id}, {"scope", "all"}}));
      person.token = string_at(made, "token");
      person.issued = now;
    }
    return person.token;
  }

  Result<void> take(const DemoStep& step) {
    auto& services = serving_.services();
    if (step.at) {
      if (*step.at > services.clock.now()) services.script->set(*step.at);
      serving_.pass_time();
    }
    if (!step.say.empty()) {
      TRY(const auto line, substituted(step.say, names_, services.clock.now()));
      say(line);
    }
    if (step.tick) TRY(services.writer.run(service::close_tick(services)));
    if (step.receipts) TRY(verify_receipts());
    if (step.threats) TRY(serving_.look_at_threats());
    if (step.verb.empty()) return {};
    client_.set_token("");
    if (!step.as.empty()) {
      TRY(auto token, token_of(step.as));
      client_.set_token(std::move(token));
    }
    TRY(const auto path, substituted(step.path, names_, services.clock.now()));
    TRY(const auto body, substituted_in(step.body, names_, services.clock.now()));
    Client::Headers headers;
    if (step.occurred) headers.emplace_back("Sluice-Occurred", to_text(*step.occurred));
    if (!step.under.empty()) {
      TRY(auto pseudonym, substituted(step.under, names_, services.clock.now()));
      headers.emplace_back("Sluice-Pseudonym", std::move(pseudonym));
    }
    if (path.starts_with("/taxii2/"))
      for (const auto* name : {"Accept", "Content-Type"}) headers.emplace_back(name, "application/taxii+json;version=2.1");
    TRY(const auto answer, client_.call(step.verb, path, step.verb == "GET" ? "" : json::serialize(body), headers));
    const bool expected = step.expect == 0 ? answer.status >= 200 && answer.status < 300 : answer.status == step.expect;
    if (!expected)
      return fail(ErrorKind::Unavailable,
                  step.verb + " " + step.path + " was answered with " + std::to_string(answer.status) + ": " + error_of(answer).message + " " + error_of(answer).where);
    if (answer.status >= 400) {
      say("    refused (" + std::to_string(answer.status) + "): " + error_of(answer).message);
      return {};
    }
    const auto value = parse_json(answer.body, {.bytes = 64 << 20, .depth = 64, .keys = 1'000'000, .string = 16 << 20});
    if (const auto* refused = value && step.save.empty() ? find_at(*value, "/failures/0/message") : nullptr; refused != nullptr)
      return fail(ErrorKind::Unavailable, "An object wasn't taken: " + (refused->is_string() ? std::string(refused->get_string()) : std::string()));
    for (const auto& [name, pointer] : step.save) {
      const auto* found = value ? find_at(*value, pointer) : nullptr;
      if (found == nullptr) return fail(ErrorKind::Unavailable, "The answer has nothing at " + pointer + ".");
      names_[name] = found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
    }
    return value ? keep(*value, path, step.as) : Result<void>();
  }

  // Each acknowledgement is checked when it comes, with the public key alone.
  Result<void> keep(const json::value& answer, const std::string& path, const std::string& as) {
    const auto* acknowledgement = find_at(answer, "/acknowledgement");
    if (acknowledgement == nullptr || !acknowledgement->is_object()) return {};
    const auto findings = ledger::verify_receipt(canonical(*acknowledgement) + "\n", serving_.services().site.keys->signer().key());
    if (!is_valid(findings)) return fail(ErrorKind::Unavailable, "An acknowledgement is not sound: " + findings.front().message);
    ++acknowledged_;
    const auto entry = std::string(string_at(*acknowledgement, "id"));
    if (path.starts_with("/cases/")) kept_.push_back({entry, path.substr(0, path.find('/', 7)) + "/entries/" + entry + "/receipt", as});
    else if (path == "/reports") kept_.push_back({entry, "/reports/" + std::string(string_at(answer, "id")) + "/receipt", as});
    return {};
  }

  Result<void> verify_receipts() {
    TRY(serving_.services().writer.run(service::close_tick(serving_.services())));
    int sound = 0, out_of_reach = 0;
    for (const auto& kept : kept_) {
      TRY(auto token, token_of(kept.as));
      client_.set_token(std::move(token));
      TRY(const auto answer, client_.call("GET", kept.path, "", {}));
      if (answer.status == 404) {  // what a former owner wrote to the coordination is read by the coordination of now
        ++out_of_reach;
        continue;
      }
      if (answer.status != 200) return fail(ErrorKind::Unavailable, "A receipt was answered with " + std::to_string(answer.status) + ": " + error_of(answer).message);
      const auto findings = ledger::verify_receipt(answer.body, serving_.services().site.keys->signer().key());
      if (!is_valid(findings)) return fail(ErrorKind::Unavailable, "A receipt is not sound: " + findings.front().message);
      ++sound;
    }
    say("    " + std::to_string(acknowledged_) + " signed acknowledgements and " + std::to_string(sound) + " receipts verified with the public key alone." +
        (out_of_reach > 0 ? " " + std::to_string(out_of_reach) + " are of entries that their senders no longer read." : ""));
    return {};
  }

  void say(const std::string& text) { print(text.starts_with("    ") ? text : to_text(serving_.services().clock.now()) + "  " + text); }

  struct Person {
    std::string id, token;
    Instant issued;
  };
  const DemoScript& script_;
  Serving& serving_;
  Client client_;
  Names names_;
  std::map<std::string, Person> people_;
  std::vector<Kept> kept_;
  int acknowledged_ = 0;
};

// The port people expect, unless it is taken.
Result<std::unique_ptr<Serving>> start(ServeOptions options, bool any_port) {
  auto serving = Serving::start(options);
  if (serving || !any_port || serving.error().code == "usage") return serving;
  options.port = 0;
  return Serving::start(options);
}

Result<int> demo(const Arguments& a) {
  ServeOptions options{.data = a.get("--data")};
  options.settings.public_url.clear();
  options.settings.intake_limits = true;
  options.settings.tick = std::chrono::seconds(60);
  TRY(read_listen(a.get("--listen", "127.0.0.1:" + a.get("--port", "8080")), options));
  start_log(Level::Warning);
  hold_signals();

  const auto replay = a.get("--replay", "log4shell");
  std::string text(replay == "krack" ? krack_script() : replay == "meltdown" ? meltdown_script() : log4shell_script());
  if (const auto file = a.maybe("--script")) { TRY(text, read_input(*file)); }
  TRY(const auto script, read_script(text));
  TRY(make_room(options.data));
  const service::ScriptedClock begins(script.begins);
  TRY(service::init_site({.data = options.data, .organisation_name = script.own_organisation, .origin = "demo.sluice.example/ledger", .demo = true}, begins));
  TRY(write_output((options.data / "demo_clock").string(), to_text(script.begins) + "\n"));
  TRY(const auto serving, start(options, !a.has("--port") && !a.has("--listen")));
  TRY(auto client, Client::make(serving->url()));
  TRY(Replay(script, *serving, std::move(client)).run());
  print("Ready. Sign in with one click at " + serving->url() + "/sign-in" + (a.has("--exit") ? "" : " (Ctrl-C ends the demo)"));
  if (!a.has("--exit")) wait_for_end();
  return 0;
}

// clang-format off
const Verb kDemoVerbs[] = {
    {"", "demo", "Make a fresh demo site, replay a disclosure of the past in it through the API, and serve it. The last line says where to sign in.", "sluice demo --data /tmp/demo --port 8080\nsluice demo --data /tmp/demo --replay krack",
     {{"--data", "DIR", Takes::Required, "made anew each time; only a directory that a demo made is wiped"}, {"--port", "N", Takes::One, "default 8080, or a free one if that is taken"},
      {"--listen", "HOST:PORT", Takes::One, "instead of --port"}, {"--exit", "", Takes::Switch, "end when it is ready, for scripts"}, {"--replay", "NAME", Takes::One, "log4shell (the default), krack, or meltdown (with Spectre)", "log4shell|krack|meltdown"}, {"--script", "FILE", Takes::One, "another script than those built in (demo/*.yaml)"}},
     demo},
};
// clang-format on

}  // namespace

std::span<const Verb> demo_verbs() { return kDemoVerbs; }

}  // namespace sluice::cli
