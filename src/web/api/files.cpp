#include "web/api/files.h"

#include <algorithm>

#include "gate/content_signs.h"
#include "gate/copy_mark.h"
#include "service/copies.h"
#include "service/regimes.h"
#include "store/files.h"
#include "web/file_name.h"

namespace sluice::web::api {

namespace {

using Classes = std::optional<std::vector<std::string>>;

// What a text looks as if it held, shown beside the answer to whoever added it. Of what isn't text, or is long, nothing is said.
void add_signs(json::array& signs, std::string_view bytes, std::size_t file) {
  constexpr std::size_t kMostText = 1 << 20;
  if (bytes.size() > kMostText || bytes.find('\0') != bytes.npos) return;
  for (auto& one : service::signs_of(bytes)) {
    if (signs.size() >= gate::kMostSigns) return;
    one.as_object()["where"] = "/files/" + std::to_string(file);
    signs.push_back(std::move(one));
  }
}

// "poc,technical-detail"
Classes classes_in(const std::optional<std::string>& text) {
  if (!text || text->empty()) return {};
  std::vector<std::string> out{""};
  for (const char c : *text)
    if (c == ',') out.emplace_back();
    else if (c != ' ') out.back() += c;
  return out;
}

// Rules first, then the bytes, file by file, in one transaction. What `classes` says is said of each of them.
service::Work keep(App& app, service::Asker asker, CaseId id, const access::Compartment& audience, std::shared_ptr<const std::string> body, std::vector<FormFile> files, const Classes& classes) {
  std::vector<cvd::AddFile> commands;
  json::array signs;
  for (const auto& file : files) {
    const auto bytes = std::string_view(*body).substr(file.offset, file.size);
    add_signs(signs, bytes, commands.size());
    commands.push_back({audience.text(), FileId::random(app.services.random), file.name, static_cast<std::int64_t>(bytes.size()), sha256(bytes_of(bytes)), "application/octet-stream", classes});  // words that there aren't are refused with the rules
  }
  return [&services = app.services, asker = std::move(asker), id, audience, body, files = std::move(files), commands = std::move(commands), signs = std::move(signs)](service::Unit& unit) mutable -> Result<service::Committed> {
    service::Committed first;
    for (std::size_t i = 0; i < files.size(); ++i) {
      TRY(auto committed, service::case_command(services, asker, id, commands[i])(unit));
      TRY(store::write_file(unit.writing(), id, audience, commands[i].file, bytes_of(std::string_view(*body).substr(files[i].offset, files[i].size))));
      if (i == 0) first = std::move(committed);
    }
    if (!signs.empty()) first.answer["signs"] = signs;
    return first;
  };
}

constexpr std::string_view kClassField = "classes.";

}  // namespace

std::optional<std::vector<std::string>> classes_in_form(const Request& request) {
  std::vector<std::string> out;
  for (const auto& [name, value] : request.form)
    if (name.starts_with(kClassField) && !value.empty()) out.push_back(name.substr(kClassField.size()));
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

Result<service::Work> upload(App& app, const Request& request, CaseId id, const access::Compartment& audience) {
  const auto name = request.http.query_value("name");
  if (!name || name->empty()) return fail(ErrorKind::Invalid, "Give the file's name as ?name=.", "name");
  return keep(app, request.asker(), id, audience, std::make_shared<const std::string>(request.http.body), {{"", clean_file_name(*name), 0, request.http.body.size()}}, classes_in(request.http.query_value("classes")));
}

Result<service::Work> upload_form(App& app, const Request& request, service::Asker asker, CaseId id, const access::Compartment& audience, std::initializer_list<std::string_view> fields) {
  for (const auto& [name, value] : request.form)
    if (name != "csrf" && !name.starts_with(kClassField) && std::find(fields.begin(), fields.end(), name) == fields.end()) return fail(ErrorKind::Invalid, "This form has no such field.", "/" + name);
  for (const auto& file : request.files)
    if (file.field != "files") return fail(ErrorKind::Invalid, "This form takes no file there.", "/" + file.field);
  if (request.files.empty()) return fail(ErrorKind::Invalid, "Choose at least one file.", "/files");
  return keep(app, std::move(asker), id, audience, std::make_shared<const std::string>(request.http.body), request.files, classes_in_form(request));
}

Result<Response> download(App& app, const Request& request, store::CaseSeen seen, std::string reader_name) {
  TRY(const auto file_id, path_id<FileKind>(request, "file"));
  for (const auto& file : seen.view.fold.files) {
    if (file.id != file_id) continue;
    TRY(auto db, app.services.store.lease());
    TRY(auto bytes, store::read_file(*db, app.services.store, seen.view.fold.id, file.audience, file_id));
    if (sha256(bytes) != file.hash) return fail(ErrorKind::Unavailable, "This file is damaged.", {}, {}, "corrupt");
    std::string name;
    for (const char c : file.name) name += (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == '/' || static_cast<unsigned char>(c) >= 0x7f) ? '_' : c;
    Response out;
    out.headers = {{"Content-Type", "application/octet-stream"}, {"Content-Disposition", "attachment; filename=\"" + name + "\""}, {"Content-Security-Policy", "sandbox; default-src 'none'"}};
    out.body = std::string(text_of(bytes));
    out.deliveries = std::move(seen.deliveries);
    // ACC-14: text for people goes out as a copy of the reader's own; the hash on record is of the text that all copies are of. The rest is the same bytes for all.
    const auto object = "file:" + file_id.text();
    const bool signed_apart = std::any_of(seen.view.fold.files.begin(), seen.view.fold.files.end(), [&](const auto& beside) { return gate::vouches_for(beside.name, file.name); });
    if (!signed_apart && gate::can_be_marked(file.name, out.body)) {
      out.body = service::copy_for(app.services.cells(), seen.view.fold.id, object, out.body, reader_name);
      out.headers.emplace_back("Sluice-Copy", "differs-by-recipient");
    }
    TRY(auto copy, service::copy_delivery(app.services, seen.view.fold.id, object, 1, reader_name));
    if (copy) out.deliveries.push_back(std::move(*copy));
    out.reader = seen.reader;
    out.reader_name = std::move(reader_name);
    return out;
  }
  return fail(ErrorKind::NotFound, "There is no such file, or you have no access to it.");
}

}  // namespace sluice::web::api
