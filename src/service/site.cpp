#include "service/site.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/bind.h"
#include "cvd/organisation.h"
#include "service/advisory_key.h"
#include "store/cells.h"
#include "store/migrate.h"
#include "store/people.h"
#include "store/store.h"

namespace sluice::service {

BOOST_DESCRIBE_STRUCT(SiteFile, (), (id, origin, organisation, demo, created))

namespace {

namespace fs = std::filesystem;

std::unexpected<Error> disk(const std::string& what) { return fail(ErrorKind::Unavailable, what, {}, {}, "disk"); }

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorKind::NotFound, "There is no file " + path.filename().string() + " in this data directory. Make a site with `sluice init --data DIR`.");
  std::stringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

Result<void> write_file(const fs::path& path, std::string_view text) {
  const auto temporary = path.string() + ".new";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return disk("The data directory can't be written.");
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) return disk("The data directory can't be written.");
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // the name, too
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  if (!synced) return disk("The data directory could not be written through to disk.");
  return {};
}

// A SQLite path that isn't absolute is meant from the data directory.
std::string placed(const fs::path& data, const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!url.starts_with(kSqlite) || url == "sqlite::memory:" || url[kSqlite.size()] == '/') return url;
  return std::string(kSqlite) + (fs::absolute(data) / url.substr(kSqlite.size())).string();
}

fs::path root_of(const fs::path& data, const std::optional<fs::path>& root_key) { return root_key.value_or(data / "root.key"); }

}  // namespace

Result<OpenSite> init_site(const SiteOptions& options, const Clock& clock) {
  if (fs::exists(options.data / "site.json")) return fail(ErrorKind::Conflict, "There is a site in this directory already.");
  std::error_code error;
  fs::create_directories(options.data, error);
  fs::permissions(options.data, fs::perms::owner_all, error);
  fs::create_directories(options.data / "checkpoints", error);
  if (error) return disk("The data directory can't be made.");

  constexpr std::int64_t kSecond = 1'000'000;  // born at a whole second: an empty feed shows it
  SiteFile file{SiteId::random(), options.origin, OrganisationId::random(), options.demo, Instant{clock.now().micros / kSecond * kSecond}};
  const auto url_text = options.database.value_or("sqlite:site.db");  // beside this file, so that the directory can be moved
  TRY(const auto url, store::DatabaseUrl::parse(placed(options.data, url_text)));
  TRY(auto keys, ledger::KeyRing::create(options.data / "keys", root_of(options.data, options.root_key), file.id, file.origin, system_random()));
  OpenSite site{file, options.data, url, std::make_unique<ledger::KeyRing>(std::move(keys))};
  {
    TRY(auto db, store::Db::open(url));
    TRY(store::migrate(db, store::all_migrations()));
    const store::Cells cells(*site.keys, file.id);
    TRY(auto tx, db.begin(store::Mode::Write));
    cvd::OrganisationProfile profile;
    profile.name = options.organisation_name;
    profile.takes_reports = true;
    TRY(store::add_organisation(tx, cells, {file.organisation, access::OrganisationKind::Coordinator, file.created, 1, profile}));
    TRY(tx.commit());
    TRY(site.advisory_key, advisory_key(db, site, clock.now()));
  }
  TRY(write_file(options.data / "database", url_text + "\n"));
  TRY(write_file(options.data / "site.json", pretty(to_json(file))));  // last: a directory without it is no site yet
  return site;
}

Result<OpenSite> open_site(const fs::path& data, const std::optional<fs::path>& root_key) {
  TRY(const auto text, read_file(data / "site.json"));
  TRY(const auto value, parse_json(text));
  TRY(const auto file, from_json<SiteFile>(value));
  TRY(auto url_text, read_file(data / "database"));
  while (!url_text.empty() && url_text.back() == '\n') url_text.pop_back();
  TRY(const auto url, store::DatabaseUrl::parse(placed(data, url_text)));
  TRY(auto keys, ledger::KeyRing::open(data / "keys", root_of(data, root_key), file.id, file.origin));
  return OpenSite{file, data, url, std::make_unique<ledger::KeyRing>(std::move(keys))};
}

Result<SiteLock> SiteLock::take(const fs::path& data) {
  const int fd = ::open((data / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return disk("The data directory can't be written.");
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return fail(ErrorKind::Conflict, "A server runs on this data directory.", {}, {}, "locked");
  }
  return SiteLock(fd);
}

SiteLock::~SiteLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace sluice::service
