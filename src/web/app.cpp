#include "web/app.h"

#include "service/threat_intake.h"

namespace sluice::web {

service::Asker Request::asker() const { return {viewer, id, {}, viewer.session, pseudonym()}; }

std::optional<std::string> Request::pseudonym() const {
  if (viewer.pseudonym) return viewer.pseudonym;
  const auto asked = http.header(kPseudonymHeader);
  return asked.empty() ? std::nullopt : std::optional<std::string>(asked);
}

std::size_t most_bytes(Body body) {
  switch (body) {
    case Body::None: return 16 << 10;
    case Body::Json: case Body::Form: return 1 << 20;
    case Body::LargeJson: return 16 << 20;
    case Body::Envelope: return service::kMostEnvelopeBytes;
    case Body::Multipart: case Body::Upload: return 100 << 20;
  }
  return 0;
}

Response ok(const json::value& value, std::string etag) {
  Response out;
  out.headers = {{"Content-Type", "application/json"}};
  out.body = canonical(value) + "\n";
  out.etag = std::move(etag);
  return out;
}

namespace {
Response committed_as(const service::Committed& committed, int status) {
  auto answer = committed.answer;
  if (committed.acknowledgement) answer["acknowledgement"] = *committed.acknowledgement;
  auto out = ok(answer, committed.etag);
  out.status = committed.waits_for_second_person ? 202 : status;
  return out;
}
}  // namespace

Response created(const service::Committed& committed) { return committed_as(committed, 201); }
Response accepted(const service::Committed& committed) { return committed_as(committed, 200); }

Response html(std::string page, int status) {
  Response out;
  out.status = status;
  out.headers = {{"Content-Type", "text/html; charset=utf-8"}};
  out.body = std::move(page);
  return out;
}

Response see_other(std::string_view path) {
  Response out;
  out.status = 303;
  out.headers = {{"Location", std::string(path)}};
  return out;
}

}  // namespace sluice::web
