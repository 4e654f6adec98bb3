#include "service/packs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "regimes/built_in.h"
#include "regimes/scope.h"
#include "service/regime_facts.h"

namespace sluice::service {

namespace {
namespace fs = std::filesystem;
constexpr std::uintmax_t kLargestPackFile = 1 << 20;

Result<std::string> text_of(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return fail(ErrorKind::NotFound, "This pack can't be read.", path.string());
  if (size > kLargestPackFile) return fail(ErrorKind::Invalid, "A pack has at most a mebibyte.", path.string());
  std::ifstream in(path, std::ios::binary);
  std::string out(static_cast<std::size_t>(size), '\0');
  if (!in.read(out.data(), static_cast<std::streamsize>(size))) return fail(ErrorKind::NotFound, "This pack can't be read.", path.string());
  return out;
}
}  // namespace

Result<std::vector<PackFile>> pack_files(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml" || entry.path().extension() == ".yml") paths.push_back(entry.path());
  if (error) return fail(ErrorKind::NotFound, "This folder of packs can't be read.", folder);
  std::sort(paths.begin(), paths.end());
  std::vector<PackFile> out;
  for (const auto& path : paths) {
    TRY(auto text, text_of(path));
    out.push_back({path.filename().string(), std::move(text)});
  }
  return out;
}

Result<void> Packs::add(std::string_view text, const std::string& file) {
  const auto before = library_.findings.size();
  library_.add(text, file);
  for (std::size_t i = before; i < library_.findings.size(); ++i)
    if (const auto& one = library_.findings[i]; one.severity == Severity::Error) return fail(ErrorKind::Invalid, one.message, one.where, one.rule);
  texts_[file] = std::string(text);
  for (const auto& [id, pack] : library_.packs)
    if (pack.file == file) hashes_[id] = "sha256:" + hex(sha256(bytes_of(text)));
  return {};
}

Result<std::shared_ptr<const Packs>> Packs::load(const std::vector<std::string>& folders) {
  auto out = std::make_shared<Packs>();
  for (const auto& [file, yaml] : regimes::built_in_packs())
    if (file == regimes::kVocabularyFile) {
      TRY(out->library_.words, regimes::read_vocabulary(yaml, file));
      out->texts_[std::string(file)] = std::string(yaml);
    }
  // A site's own words come before the packs that use them.
  std::vector<PackFile> own;
  for (const auto& folder : folders) {
    TRY(auto files, pack_files(folder));
    for (auto& file : files) {
      if (file.name != regimes::kVocabularyFile) { own.push_back(std::move(file)); continue; }
      TRY(out->library_.words, regimes::read_vocabulary(file.text, file.name));
      out->texts_[file.name] = std::move(file.text);
    }
  }
  for (const auto& [file, yaml] : regimes::built_in_packs())
    if (file != regimes::kVocabularyFile) TRY(out->add(yaml, std::string(file)));
  for (const auto& [file, text] : own) TRY(out->add(text, file));
  json::array parties;
  for (const auto& [role, kinds] : out->library_.words.roles)
    if (!is_role_by_flag(role)) parties.push_back(json::object{{"id", "a-" + role}, {"role", role}});
  TRY(const auto nobody, regimes::read_scenario(json::object{{"as_of", "2026-01-01T00:00Z"}, {"parties", std::move(parties)}}, out->library_.words));
  for (const auto& one : regimes::propose_scope(nobody, out->library_))
    if (one.in == regimes::Truth::True && one.pack->force != regimes::Force::Advice) out->binds_anybody_ = true;
  return out;
}

const regimes::Pack* Packs::pack(std::string_view id) const {
  const auto found = library_.packs.find(std::string(id));
  return found == library_.packs.end() ? nullptr : &found->second;
}

std::string Packs::hash_of(const std::string& id) const {
  const auto found = hashes_.find(id);
  return found == hashes_.end() ? std::string() : found->second;
}

const regimes::Rule* Packs::rule(std::string_view id) const {
  const auto* found = pack(id.substr(0, id.find('/')));
  return found == nullptr ? nullptr : found->rule(id);
}

}  // namespace sluice::service
