// `sluice`: reads the command line against the tables of verbs (verb.h), runs one, and turns its error into words and an exit code.
//
// CLI11 is seen here alone. Help is made from the tables: first an example, then every flag.
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>

#include "cli/console.h"
#include "cli/exit_code.h"
#include "cli/verb.h"

namespace sluice::cli {

namespace {

std::vector<Verb> all_verbs() {
  std::vector<Verb> out;
  for (const auto table : {site_verbs(), serve_verbs(), demo_verbs(), admin_verbs(), certificate_verbs(), case_verbs(), case_law_verbs(), decision_verbs(), talk_verbs(), parties_verbs(), leak_verbs(), recalls_verbs(), webhook_verbs(), peer_verbs(), pseudonym_verbs(), notice_verbs(), group_verbs(), remedy_verbs(), mitigation_verbs(), report_verbs(), contact_verbs(), target_verbs(), ledger_verbs(), score_verbs(), stix_verbs(), conversion_verbs(), exploited_list_verbs(), taxii_verbs(), points_verbs(), threat_verbs(), threat_reports_verbs(), regimes_verbs(), regimes_compare_verbs(), regimes_page_verbs(), evidence_verbs(), api_verbs()})
    out.insert(out.end(), table.begin(), table.end());
  return out;
}

std::string title(const Verb& verb) { return "sluice " + (verb.noun.empty() ? "" : std::string(verb.noun) + " ") + std::string(verb.name); }

std::string help_of(const Verb& verb) {
  std::string out = std::string(verb.summary) + "\n\nExample:\n";
  for (std::size_t from = 0; from < verb.example.size();) {
    const auto end = std::min(verb.example.find('\n', from), verb.example.size());
    out += "  " + std::string(verb.example.substr(from, end - from)) + "\n";
    from = end + 1;
  }
  out += "\nUsage: " + title(verb) + (verb.options.empty() ? "" : " [flags]");
  for (const auto& option : verb.options)
    if (!option.name.starts_with("--")) out += " " + std::string(option.name) + (option.takes == Takes::Files || option.takes == Takes::Many ? "…" : "");
  out += "\n\n";
  for (const auto& option : verb.options) {
    std::string left = "  " + std::string(option.name) + (option.value.empty() ? "" : " " + std::string(option.value));
    left.resize(std::max<std::size_t>(left.size() + 1, 28), ' ');
    out += left + " " + std::string(option.help) + (option.takes == Takes::Required ? " (required)" : "") + "\n";
  }
  return out + "  --help                     this text\n";
}

std::string overview(const std::vector<Verb>& verbs) {
  std::string out =
      "Sluice: coordinated vulnerability disclosure, one server and one command.\n\nExample:\n"
      "  sluice init --data /srv/site --org-name \"Example CERT\"\n  sluice serve --data /srv/site --listen 127.0.0.1:8080\n\nCommands:\n";
  for (const auto& verb : verbs) {
    auto left = "  " + title(verb).substr(7);
    left.resize(std::max<std::size_t>(left.size() + 1, 22), ' ');
    out += left + std::string(verb.summary) + "\n";
  }
  return out +
         "  help [COMMAND]      this text, or that of a command\n  version             the version of this program\n\n"
         "`sluice COMMAND --help` shows an example and every flag. Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 denied, 5 conflict, 6 unavailable.\n";
}

// The long line `sluice help csaf check` and `sluice help csaf` mean the same table.
int help(const std::vector<Verb>& verbs, std::span<const std::string> words) {
  if (words.empty()) return print(overview(verbs)), kOk;
  std::string out;
  for (const auto& verb : verbs) {
    const bool noun = verb.noun.empty() ? verb.name == words[0] : verb.noun == words[0];
    if (noun && (verb.noun.empty() || words.size() < 2 || verb.name == words[1])) out += (out.empty() ? "" : "\n") + title(verb) + "\n\n" + help_of(verb);
  }
  if (out.empty()) return tell("There is no such command. `sluice help` lists them."), kUsage;
  return print(out), kOk;
}

void add_option(CLI::App& app, const Option& option, Arguments& into, const Verb& verb) {
  const std::string name(option.name);
  auto& values = into.values_;
  if (option.takes == Takes::Switch) {
    app.add_flag_callback(name, [&values, name] { values[name] = {"on"}; }, std::string(option.help));
    return;
  }
  auto* made = app.add_option_function<std::vector<std::string>>(name, [&values, name](const std::vector<std::string>& given) { values[name] = given; }, std::string(option.help));
  const bool many = option.takes == Takes::Many || option.takes == Takes::Files;
  made->expected(1, many ? 1 << 29 : 1)->allow_extra_args(many && !name.starts_with("--"));   // of those by position there may be several
  if (many) made->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  else made->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  if (option.takes == Takes::Required || option.takes == Takes::Files) made->required();
  if (!option.words.empty()) {
    std::vector<std::string> words;
    for (std::size_t from = 0; from <= option.words.size();) {
      const auto end = std::min(option.words.find('|', from), option.words.size());
      words.emplace_back(option.words.substr(from, end - from));
      from = end + 1;
    }
    made->check(CLI::IsMember(words));
  }
  (void)verb;
}

void explain(const Error& error, const Verb* verb) {
  std::string text = "sluice: " + error.message;
  if (!error.where.empty()) text += " (" + error.where + ")";
  if (!error.rule.empty()) text += " [" + error.rule + "]";
  if (error.code == "usage" && verb != nullptr) text += "\nTry: " + title(*verb) + " --help";
  tell(text);
}

// Of what the parser refused: an option that was given more often than it can be, in words that name it.
std::optional<std::string> given_twice(const Verb& verb, const std::vector<std::string>& words) {
  for (const auto& option : verb.options) {
    if (!option.name.starts_with("--") || (option.takes != Takes::One && option.takes != Takes::Required)) continue;
    const auto times = std::count_if(words.begin(), words.end(), [&](const std::string& word) { return word == option.name || word.starts_with(std::string(option.name) + "="); });
    if (times > 1) return std::string(option.name) + " can be given once only.";
  }
  return std::nullopt;
}

int run(int argc, char** argv) {
  const auto verbs = all_verbs();
  std::vector<std::string> words(argv + 1, argv + argc);
  std::erase_if(words, [](const std::string& word) { return word == "--no-input" || word == "--no-color"; });  // it never asks, and has no colours
  if (words.empty() || words[0] == "--help" || words[0] == "-h") return print(overview(verbs)), words.empty() ? kUsage : kOk;
  if (words[0] == "help") return help(verbs, std::span(words).subspan(1));
  if (words[0] == "version" || words[0] == "--version") {
    const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
    const bool asks = std::find(words.begin(), words.end(), "--help") != words.end();
    if (asks) print("The version of this program.\n\nExample:\n  sluice version --json\n\n  --json                     answer as JSON");
    else if (json) print_json(json::object{{"name", "sluice"}, {"version", kVersion}});
    else print("sluice " + std::string(kVersion));
    return kOk;
  }

  CLI::App app("sluice");
  app.set_help_flag();
  app.require_subcommand(1, 1);
  Arguments arguments;
  const Verb* chosen = nullptr;
  std::map<std::string, CLI::App*> nouns;
  for (const auto& verb : verbs) {
    CLI::App* parent = &app;
    if (!verb.noun.empty()) {
      auto& noun = nouns[std::string(verb.noun)];
      if (noun == nullptr) {
        noun = app.add_subcommand(std::string(verb.noun));
        noun->set_help_flag();
        noun->require_subcommand(1, 1);
        noun->add_flag_callback("--help", [] { throw CLI::CallForHelp(); });
      }
      parent = noun;
    }
    auto* command = parent->add_subcommand(std::string(verb.name));
    command->set_help_flag("--help");
    command->formatter_fn([&verb](const CLI::App*, std::string, CLI::AppFormatMode) { return help_of(verb); });
    for (const auto& option : verb.options) add_option(*command, option, arguments, verb);
    command->callback([&chosen, &verb] { chosen = &verb; });
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return help(verbs, std::span(words).first(std::min<std::size_t>(words.size(), words.size() > 1 && !words[1].starts_with("-") ? 2 : 1)));
  } catch (const CLI::ParseError& error) {
    const bool is_known = !words.empty() && std::any_of(verbs.begin(), verbs.end(), [&](const Verb& verb) { return (verb.noun.empty() ? verb.name : verb.noun) == words[0]; });
    const auto verb = std::find_if(verbs.begin(), verbs.end(), [&](const Verb& one) { return one.noun.empty() ? one.name == words[0] : words.size() > 1 && one.noun == words[0] && one.name == words[1]; });
    if (!words.empty() && !is_known && !words[0].starts_with("-")) tell("sluice: There is no command '" + words[0] + "'. `sluice help` lists them.");
    else if (verb != verbs.end()) tell("sluice: " + given_twice(*verb, words).value_or(error.what()) + "\nTry: " + title(*verb) + " --help");
    else tell("sluice: " + std::string(error.what()) + "\nTry: sluice " + (words.size() > 1 ? words[0] + " " + words[1] + " --help" : "help"));
    return kUsage;
  }
  auto result = chosen->run(arguments);
  if (result) return *result;
  explain(result.error(), chosen);
  return exit_code(result.error());
}

// Keys and content are in this process's memory: it leaves no core file, and what it writes is the owner's alone.
void harden() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::umask(077);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace
}  // namespace sluice::cli

int main(int argc, char** argv) {
  sluice::cli::harden();
  try {
    return sluice::cli::run(argc, argv);
  } catch (const std::bad_alloc&) { sluice::cli::tell("sluice: out of memory."); } catch (const std::exception&) {
    sluice::cli::tell("sluice: an error nobody expected.");
  }
  return 6;
}
