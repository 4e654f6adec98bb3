#include "ledger/keys.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <system_error>

#include "ledger/big_endian.h"
#include "ledger/durable_file.h"

namespace sluice::ledger {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestKeyFile = 4096;
constexpr std::string_view kKeyFile = "key-file", kWrappedKey = "compartment_key";

struct Epoch {
  KeyName name;  // version = the epoch's number
  SecretKey key;
};

// What opens the key files: derived from the root secret, never stored.
struct Kek {
  explicit Kek(const SecretKey& root) : key(root.derived("sluice/kek/v1")), name{.version = 1} {
    const auto id = root.derived("sluice/kek-id/v1");
    std::copy_n(id.view().begin(), name.id.size(), name.id.begin());
  }
  SecretKey key;
  KeyName name;
};

// A key file is one sealed record (docs/formats/epoch-file.md). `what` is authenticated, so that no file can stand in for another.
Bytes sealed_file(const Kek& kek, SiteId site, const std::string& what, ByteView content, Random& random) {
  return seal(kek.key, kek.name, {site, kKeyFile, what, "key"}, content, random);
}

Result<Opened<Bytes>> open_file(const Kek& kek, SiteId site, const std::string& what, const fs::path& path) {
  TRY(const Bytes record, read_owner_only(path, kLargestKeyFile));
  const auto name = key_of(record);
  if (!name) return fail(ErrorKind::Invalid, path.string() + " is not a key file: " + name.error().message);
  if (*name != kek.name) return fail(ErrorKind::Invalid, "The root key is not the one that " + path.string() + " was sealed under. Give the right root key file.", {}, {}, "wrong-root-key");
  auto opened = open(kek.key, {site, kKeyFile, what, "key"}, record);
  if (!opened) return fail(ErrorKind::Invalid, path.string() + " was changed, or belongs to another site or origin. Restore it from a backup.", {}, {}, "key-file-broken");
  return opened;
}

// Takes the key out and wipes what it lay in.
Result<SecretKey> key_in(Opened<Bytes> opened) {
  Bytes bytes = std::move(opened).reveal();
  const Wiped wipe(bytes);
  return SecretKey::from(bytes);
}

Result<SecretKey> open_key(const Kek& kek, SiteId site, const std::string& what, const fs::path& path) {
  TRY(auto opened, open_file(kek, site, what, path));
  return key_in(std::move(opened));
}

std::string epoch_text(std::uint32_t number) { return "epoch-" + std::to_string(number); }
fs::path epoch_path(const fs::path& dir, std::uint32_t number) { return dir / (epoch_text(number) + ".key"); }

// "epoch-12.key" -> 12; nothing for any other name.
std::optional<std::uint32_t> epoch_number(const std::string& file_name) {
  std::uint32_t number = 0;
  const std::string_view digits = std::string_view(file_name).substr(std::min<std::size_t>(6, file_name.size()));
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (number == 0 || file_name != epoch_text(number) + ".key") return std::nullopt;
  return number;
}

Result<void> write_epoch(const Kek& kek, SiteId site, const fs::path& dir, std::uint32_t number, Existing existing, Random& random) {
  std::array<std::uint8_t, 48> content{};  // key id 16 ‖ key 32
  const Wiped wipe(content);
  random.fill(content);
  return write_durably(epoch_path(dir, number), sealed_file(kek, site, epoch_text(number), content, random), existing);
}

Result<Epoch> read_epoch(const Kek& kek, SiteId site, const fs::path& dir, std::uint32_t number) {
  TRY(auto opened, open_file(kek, site, epoch_text(number), epoch_path(dir, number)));
  Bytes content = std::move(opened).reveal();
  const Wiped wipe(content);
  KeyName name{.version = number};
  if (content.size() != name.id.size() + SecretKey::kSize) return fail(ErrorKind::Invalid, epoch_path(dir, number).string() + " has not the content of an epoch file.");
  std::copy_n(content.begin(), name.id.size(), name.id.begin());
  TRY(SecretKey key, SecretKey::from(ByteView(content).subspan(name.id.size())));
  return Epoch{name, std::move(key)};
}

Result<std::map<std::uint32_t, Epoch>> read_epochs(const Kek& kek, SiteId site, const fs::path& dir) {
  std::map<std::uint32_t, Epoch> out;
  std::error_code ec;
  for (fs::directory_iterator it(dir, ec), end; !ec && it != end; it.increment(ec)) {
    const auto number = epoch_number(it->path().filename().string());
    if (!number) continue;
    auto epoch = read_epoch(kek, site, dir, *number);
    if (!epoch && epoch.error().kind == ErrorKind::NotFound) continue;  // destroyed by another node between listing and reading
    if (!epoch) return std::unexpected(std::move(epoch).error());
    out.emplace(*number, *std::move(epoch));
  }
  if (ec) return fail(ErrorKind::Unavailable, dir.string() + " could not be read: " + ec.message() + ".");
  if (out.empty()) return fail(ErrorKind::Unavailable, dir.string() + " has no epoch file: the site's content cannot be opened. Restore the folder from a backup.");
  return out;
}

std::string wrapped_row(const KeyName& name) { return hex(name.id) + "/" + std::to_string(name.version); }

WrappedKey wrap(const Epoch& epoch, SiteId site, const KeyName& name, const SecretKey& key, Random& random) {
  const auto row = wrapped_row(name);
  return {name, epoch.name.version, seal(epoch.key, epoch.name, {site, kWrappedKey, row, "wrapped"}, key.view(), random)};
}

// The prefix keeps a kept secret from standing in for a file of ours.
std::string kept_text(std::string_view name) { return "kept:" + std::string(name); }
fs::path kept_path(const fs::path& dir, std::string_view name) { return dir / (std::string(name) + ".key"); }

std::string signer_text(std::string_view origin) { return "ledger:" + std::string(origin); }

Result<SecretKey> read_root(const fs::path& path) {
  TRY(Bytes bytes, read_owner_only(path, kLargestKeyFile));
  const Wiped wipe(bytes);
  if (bytes.size() != SecretKey::kSize) return fail(ErrorKind::Invalid, path.string() + " is not a root key file: it must hold exactly 32 bytes.");
  return SecretKey::from(bytes);
}

Result<void> make_root(const fs::path& path, Random& random) {
  std::error_code ec;
  if (fs::exists(path, ec)) return {};
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ec);
  return write_durably(path, SecretKey::random(random).view(), Existing::Refuse);
}

}  // namespace

struct KeyRing::State {
  fs::path dir;
  SiteId site;
  Kek kek;
  SecretKey purposes;
  SecretKey index;
  LocalSigner signer;
  std::map<std::uint32_t, Epoch> epochs;  // never empty
  mutable std::shared_mutex mutex = {};   // guards epochs; all else but the next two never changes
  std::mutex derived_mutex = {};
  std::map<std::string, SecretKey, std::less<>> derived = {};

  SecretKey of_purpose(std::string_view purpose) const { return purposes.derived("sluice/" + std::string(purpose) + "/v1"); }
};

KeyRing::KeyRing(std::unique_ptr<State> state) : state_(std::move(state)) {}
KeyRing::KeyRing(KeyRing&&) noexcept = default;
KeyRing& KeyRing::operator=(KeyRing&&) noexcept = default;
KeyRing::~KeyRing() = default;

Result<KeyRing> KeyRing::create(const fs::path& key_dir, const fs::path& root_key_file, SiteId site, std::string_view origin, Random& random) {
  std::error_code ec;
  if (fs::exists(key_dir / "site.key", ec)) return fail(ErrorKind::Conflict, key_dir.string() + " has the keys of a site already.");
  if (!fs::exists(key_dir, ec)) {
    fs::create_directories(key_dir, ec);
    if (!ec) fs::permissions(key_dir, fs::perms::owner_all, ec);
    if (ec) return fail(ErrorKind::Unavailable, key_dir.string() + " could not be made: " + ec.message() + ".");
  }
  SecretKey seed = SecretKey::random(random);
  {  // the origin is refused before anything is written
    TRY(SecretKey copy, SecretKey::from(seed.view()));
    TRY(LocalSigner::make(origin, std::move(copy)));
  }
  TRY(make_root(root_key_file, random));
  TRY(const SecretKey root, read_root(root_key_file));
  const Kek kek(root);
  // site.key comes last and says that the folder is complete: what an interrupted create() left before is written anew.
  TRY(write_epoch(kek, site, key_dir, 1, Existing::Replace, random));
  const auto signer = signer_text(origin);
  TRY(write_durably(key_dir / "ledger.key", sealed_file(kek, site, signer, seed.view(), random), Existing::Replace));
  TRY(write_durably(key_dir / "site.key", sealed_file(kek, site, "site", SecretKey::random(random).view(), random), Existing::Refuse));
  return open(key_dir, root_key_file, site, origin);
}

Result<KeyRing> KeyRing::open(const fs::path& key_dir, const fs::path& root_key_file, SiteId site, std::string_view origin) {
  TRY(const SecretKey root, read_root(root_key_file));
  Kek kek(root);
  TRY(SecretKey purposes, open_key(kek, site, "site", key_dir / "site.key"));
  TRY(SecretKey seed, open_key(kek, site, signer_text(origin), key_dir / "ledger.key"));
  TRY(LocalSigner signer, LocalSigner::make(origin, std::move(seed)));
  TRY(auto epochs, read_epochs(kek, site, key_dir));
  SecretKey index = purposes.derived("sluice/index/v1");
  return KeyRing(std::unique_ptr<State>(new State{key_dir, site, std::move(kek), std::move(purposes), std::move(index), std::move(signer), std::move(epochs), {}}));
}

SiteId KeyRing::site() const { return state_->site; }
const Signer& KeyRing::signer() const { return state_->signer; }

Tag KeyRing::tag(std::string_view kind, ByteView id) const {
  constexpr std::uint8_t kEnd[] = {0};  // kinds are words, so no kind and id can be read as another pair
  const Hash hash = hmac_sha256(state_->index.view(), {bytes_of(kind), kEnd, id});
  Tag out;
  std::copy_n(hash.begin(), out.size(), out.begin());
  return out;
}

const SecretKey& KeyRing::derived(std::string_view purpose) const {
  const std::scoped_lock lock(state_->derived_mutex);
  const auto found = state_->derived.find(purpose);
  if (found != state_->derived.end()) return found->second;
  return state_->derived.emplace(std::string(purpose), state_->of_purpose(purpose)).first->second;
}

LedgerKeys KeyRing::ledger_keys() const { return {.slots = state_->of_purpose("slot"), .padding = state_->of_purpose("pad"), .head = state_->of_purpose("head")}; }

Result<WrappedKey> KeyRing::new_key(Random& random) const {
  KeyName name{.version = 1};
  random.fill(name.id);
  const std::shared_lock lock(state_->mutex);
  return wrap(state_->epochs.rbegin()->second, state_->site, name, SecretKey::random(random), random);
}

Result<WrappedKey> KeyRing::next_version(const WrappedKey& before, Random& random) const {
  const KeyName name{before.name.id, before.name.version + 1};
  const std::shared_lock lock(state_->mutex);
  return wrap(state_->epochs.rbegin()->second, state_->site, name, SecretKey::random(random), random);
}

Result<SecretKey> KeyRing::unwrap(const WrappedKey& key) const {
  const std::shared_lock lock(state_->mutex);
  const auto epoch = state_->epochs.find(key.epoch);
  if (epoch == state_->epochs.end() && key.epoch > state_->epochs.rbegin()->first)
    return fail(ErrorKind::Unavailable, "This content's key is of an epoch that this node has not read yet.", {}, {}, "unknown-epoch");
  if (epoch == state_->epochs.end()) return fail(ErrorKind::NotFound, "The key of this content was erased.", {}, {}, "erased");
  const auto row = wrapped_row(key.name);
  TRY(auto opened, ledger::open(epoch->second.key, {state_->site, kWrappedKey, row, "wrapped"}, key.wrapped));
  return key_in(std::move(opened));
}

Result<WrappedKey> KeyRing::rewrap(const WrappedKey& key, Random& random) const {
  TRY(const SecretKey opened, unwrap(key));
  const std::shared_lock lock(state_->mutex);
  const auto& [number, epoch] = *state_->epochs.rbegin();
  if (number == key.epoch) return key;
  return wrap(epoch, state_->site, key.name, opened, random);
}

Result<void> KeyRing::keep(std::string_view name, ByteView secret, Random& random) const {
  return write_durably(kept_path(state_->dir, name), sealed_file(state_->kek, state_->site, kept_text(name), secret, random), Existing::Refuse);
}

Result<Opened<Bytes>> KeyRing::kept(std::string_view name) const { return open_file(state_->kek, state_->site, kept_text(name), kept_path(state_->dir, name)); }

std::uint32_t KeyRing::epoch() const {
  const std::shared_lock lock(state_->mutex);
  return state_->epochs.rbegin()->first;
}

std::vector<std::uint32_t> KeyRing::epochs() const {
  const std::shared_lock lock(state_->mutex);
  std::vector<std::uint32_t> out;
  for (const auto& [number, epoch] : state_->epochs) out.push_back(number);
  return out;
}

Result<std::uint32_t> KeyRing::begin_epoch(Random& random) {
  const std::unique_lock lock(state_->mutex);
  const auto number = state_->epochs.rbegin()->first + 1;
  // Refuse: another node may have begun the same epoch; then this one must refresh first.
  TRY(write_epoch(state_->kek, state_->site, state_->dir, number, Existing::Refuse, random));
  TRY(Epoch epoch, read_epoch(state_->kek, state_->site, state_->dir, number));
  state_->epochs.emplace(number, std::move(epoch));
  return number;
}

Result<void> KeyRing::destroy_epoch(std::uint32_t number, Random& random) {
  const std::unique_lock lock(state_->mutex);
  if (number >= state_->epochs.rbegin()->first) return fail(ErrorKind::Conflict, "The current epoch cannot be destroyed. Begin a new one and rewrap what stays.");
  // A second try after a crash finds no file, and that is what was wanted.
  if (auto gone = destroy_durably(epoch_path(state_->dir, number), random); !gone && gone.error().kind != ErrorKind::NotFound) return gone;
  state_->epochs.erase(number);
  return {};
}

Result<void> KeyRing::refresh() {
  TRY(auto epochs, read_epochs(state_->kek, state_->site, state_->dir));
  const std::unique_lock lock(state_->mutex);
  state_->epochs = std::move(epochs);
  return {};
}

}  // namespace sluice::ledger
