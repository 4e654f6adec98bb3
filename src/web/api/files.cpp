#include "web/api/files.h"

#include "store/files.h"

namespace sluice::web::api {

Result<service::Work> upload(App& app, const Request& request, CaseId id, const access::Compartment& audience) {
  const auto name = request.http.query_value("name");
  if (!name) return fail(ErrorKind::Invalid, "Give the file's name as ?name=.", "name");
  const auto file = FileId::random(app.services.random);
  const cvd::AddFile command{audience.text(), file, *name, static_cast<std::int64_t>(request.http.body.size()), sha256(bytes_of(request.http.body)), "application/octet-stream"};
  auto body = std::make_shared<std::string>(request.http.body);
  auto rules = service::case_command(app.services, request.asker(), id, command);
  return service::Work([rules = std::move(rules), body, id, audience, file](service::Unit& unit) mutable -> Result<service::Committed> {
    TRY(auto committed, rules(unit));
    TRY(store::write_file(unit.writing(), id, audience, file, bytes_of(*body)));
    return committed;
  });
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
    out.headers = {{"Content-Type", "application/octet-stream"}, {"Content-Disposition", "attachment; filename=\"" + name + "\""}, {"Content-Security-Policy", "sandbox"}};
    out.body = std::string(text_of(bytes));
    out.deliveries = std::move(seen.deliveries);
    out.reader = seen.reader;
    out.reader_name = std::move(reader_name);
    return out;
  }
  return fail(ErrorKind::NotFound, "There is no such file, or you have no access to it.");
}

}  // namespace sluice::web::api
