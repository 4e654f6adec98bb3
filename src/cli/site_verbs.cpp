// `sluice init`: a directory, keys, a schema, the site's own organisation. Never asks anything.
#include "cli/console.h"
#include "cli/verb.h"
#include "service/site.h"

namespace sluice::cli {

namespace {

Result<int> init(const Arguments& a) {
  service::SiteOptions options{.data = std::filesystem::absolute(a.get("--data")).lexically_normal(), .demo = a.has("--demo")};  // the database's url keeps the path
  if (const auto file = a.maybe("--root-key")) options.root_key = *file;
  options.database = a.maybe("--database");
  if (const auto file = a.maybe("--database-file")) { TRY(options.database, read_secret(*file, "database url")); }
  options.organisation_name = a.get("--org-name", options.organisation_name);
  options.origin = a.get("--origin", options.origin);
  TRY(const auto site, service::init_site(options, SystemClock()));
  if (a.json()) {
    print_json(
        json::object{{"id", site.file.organisation.text()}, {"site", site.file.id.text()}, {"origin", site.file.origin}, {"key", site.keys->vkey()}, {"demo", site.file.demo}});
    return 0;
  }
  tell("Site made in " + a.get("--data") + ", database " + site.database.shown() +
       ". Below: the id of its own organisation. Keep a copy of the root key elsewhere: no backup contains it.");
  print(site.file.organisation.text());
  return 0;
}

// clang-format off
const Verb kSiteVerbs[] = {
    {"", "init", "Make a site; prints the id of its own organisation.", "sluice init --data /srv/site --root-key /etc/sluice/root.key --org-name \"Example CERT\" --origin cert.example/ledger",
     {{"--data", "DIR", Takes::Required, "made if it isn't there"}, {"--root-key", "FILE", Takes::One, "where the root key is put (owner only); then every command takes this flag"},
      {"--org-name", "NAME", Takes::One, "of the site's own organisation"}, {"--origin", "NAME", Takes::One, "names the ledger to the outside, for good: cert.example/ledger"},
      {"--database", "URL", Takes::One, "postgresql://… instead of SQLite in DIR; a password belongs into --database-file"}, {"--database-file", "FILE", Takes::One, "a file that holds the URL, so that no argument shows its password"},
      {"--demo", "", Takes::Switch, "a site to try things on: scripted clock, one-click sign-in"}, {"--json", "", Takes::Switch, kJsonHelp}},
     init},
};
// clang-format on

}  // namespace

std::span<const Verb> site_verbs() { return kSiteVerbs; }

}  // namespace sluice::cli
