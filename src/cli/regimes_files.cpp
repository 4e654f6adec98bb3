#include "cli/regimes_files.h"

#include <algorithm>
#include <filesystem>

#include "cli/console.h"
#include "regimes/what_if.h"
#include "service/packs.h"

namespace sluice::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestPack = 1 << 20;
constexpr std::size_t kMostCases = 10'000;

// The *.json of a folder, by name.
Result<std::vector<std::string>> files_of(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".json") out.push_back(entry.path().string());
  if (error) return fail(ErrorKind::NotFound, "This folder can't be read.", folder);
  std::sort(out.begin(), out.end());
  return out;
}

// Each case of a file. A case's own errors are told later, with its place.
Result<std::vector<CaseFile>> cases_of(const std::string& file) {
  TRY(const auto text, read_input(file));
  auto value = parse_json(text, {.bytes = 64 << 20, .keys = 1'000'000});
  if (!value) return std::unexpected(shown(value.error(), file));
  if (!value->is_object()) return fail(ErrorKind::Invalid, "A case is an object.", file);
  std::vector<CaseFile> out;
  auto& root = value->get_object();
  const auto* list = root.if_contains("scenarios");
  if (list == nullptr) return out.push_back({file, std::move(root)}), std::move(out);
  if (!list->is_array()) return fail(ErrorKind::Invalid, "`scenarios` is a list of cases.", file);
  for (const auto& one : list->get_array()) {
    if (!one.is_object()) return fail(ErrorKind::Invalid, "A case is an object.", file);
    out.push_back({file + "#" + std::string(string_at(one, "id")), one.get_object()});
  }
  return out;
}

}  // namespace

Result<void> add_folder(regimes::Library& library, const std::string& folder) {
  TRY(const auto files, service::pack_files(folder));
  for (const auto& [name, text] : files)
    if (name == regimes::kVocabularyFile) {
      TRY(library.words, regimes::read_vocabulary(text, name));
    }
  for (const auto& [name, text] : files)
    if (name != regimes::kVocabularyFile) library.add(text, name);
  return {};
}

Result<regimes::Library> regimes_packs(const Arguments& a) {
  TRY(const auto packs, service::Packs::load(a.all("--packs")));
  return packs->library();
}

Result<std::vector<regimes::OverlayText>> overlay_texts(const Arguments& a) {
  std::vector<regimes::OverlayText> out;
  for (const auto& name : a.all("--overlay")) {
    if (auto built_in = regimes::built_in_overlay(name)) {
      out.push_back(*std::move(built_in));
      continue;
    }
    if (name != "-" && !fs::exists(name)) return fail(ErrorKind::NotFound, "There is no such file, and no amendment of this id is built in.", name);
    TRY(auto text, read_input(name, kLargestPack));
    out.push_back({name, std::move(text)});
  }
  return out;
}

Result<std::vector<regimes::OverlayText>> overlays_of(const std::string& folder) {
  std::vector<regimes::OverlayText> out;
  if (!fs::is_directory(folder + "/overlays")) return out;
  TRY(auto files, service::pack_files(folder + "/overlays"));
  for (auto& [name, text] : files) out.push_back({"overlays/" + name, std::move(text)});
  return out;
}

Result<regimes::Amended> amended_packs(const regimes::Library& library, const Arguments& a) {
  TRY(auto texts, overlay_texts(a));
  return regimes::packs_otherwise(library, {std::move(texts), {}});
}

Result<regimes::Scenario> read_case(const CaseFile& file, const regimes::Library& library) {
  auto read = regimes::read_scenario(file.value, library.words);
  if (!read) return std::unexpected(shown(read.error(), file.where));
  return read;
}

Result<CaseFile> one_case(const std::string& file) {
  const auto hash = file == "-" || fs::exists(file) ? std::string::npos : file.rfind('#');
  TRY(auto all, cases_of(file.substr(0, hash)));
  if (hash == std::string::npos) {
    if (all.size() != 1) return fail(ErrorKind::Invalid, "This file has " + std::to_string(all.size()) + " cases; name one behind the file, as in " + file + "#" + (all.empty() ? "id" : std::string(string_at(all.front().value, "id"))) + ".", file);
    return std::move(all.front());
  }
  for (auto& one : all)
    if (string_at(one.value, "id") == std::string_view(file).substr(hash + 1)) return std::move(one);
  return fail(ErrorKind::NotFound, "This file has no case of this id.", file);
}

Result<std::vector<CaseFile>> all_cases(const std::vector<std::string>& files) {
  std::vector<CaseFile> out;
  for (const auto& file : files) {
    if (file != "-" && !fs::exists(file) && file.find('#') != std::string::npos) {
      TRY(auto one, one_case(file));
      out.push_back(std::move(one));
      continue;
    }
    std::vector<std::string> these{file};
    if (fs::is_directory(file)) {
      TRY(these, files_of(file));
      if (these.empty()) return fail(ErrorKind::NotFound, "There are no cases (*.json) in this folder.", file);
    }
    for (const auto& one : these) {
      TRY(auto cases, cases_of(one));
      if (out.size() + cases.size() > kMostCases) return fail(ErrorKind::TooLarge, "More than " + std::to_string(kMostCases) + " cases at a time.", one);
      std::move(cases.begin(), cases.end(), std::back_inserter(out));
    }
  }
  return out;
}

}  // namespace sluice::cli
