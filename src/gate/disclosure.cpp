#include "gate/disclosure.h"

#include <algorithm>

namespace sluice::gate {

namespace {
constexpr std::string_view kPrefix = "sha256:";
}

std::string ContentHash::text() const { return std::string(kPrefix) + hex(bytes); }

std::optional<ContentHash> ContentHash::parse(std::string_view text) {
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + 64) return std::nullopt;
  const auto digits = text.substr(kPrefix.size());
  if (digits.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  const auto bytes = from_hex(digits);
  if (!bytes) return std::nullopt;
  const auto hash = to_hash(*bytes);
  return hash ? std::optional(ContentHash{*hash}) : std::nullopt;
}

ContentHash hash_of(const Disclosure& disclosure) { return hash_of_content(bytes_of(canonical(to_json(disclosure)))); }

ContentHash hash_of_content(ByteView bytes) { return {sha256(bytes)}; }

Result<Disclosure> read_disclosure(const json::value& value) {
  TRY(auto disclosure, from_json<Disclosure>(value));
  if (disclosure.v != 1) return fail(ErrorKind::Invalid, "This version of a Disclosure is not known here; 1 is.", "/v");
  const auto& audience = disclosure.audience;
  const auto is_id = [&] {
    switch (audience.kind) {
      case AudienceKind::Organisation: return audience.id && OrganisationId::parse(*audience.id);
      case AudienceKind::Person: return audience.id && PersonId::parse(*audience.id);
      case AudienceKind::Reporter: return audience.id && ReportId::parse(*audience.id);
      case AudienceKind::Community: return audience.id && !audience.id->empty();
      case AudienceKind::Public: return !audience.id;
    }
    return false;
  }();
  if (!is_id) return fail(ErrorKind::Invalid, "The audience's id doesn't belong to its kind: o_… for an organisation, p_… for a person, r_… for a reporter, a name for a community, none for the public.", "/audience/id");
  if (disclosure.content.classes.empty()) return fail(ErrorKind::Invalid, "Say what is in the content: a class at least.", "/content/classes");
  return disclosure;
}

bool has_class(const Content& content, std::string_view name) { return std::find(content.classes.begin(), content.classes.end(), name) != content.classes.end(); }

namespace {
bool only(const Content& content, std::initializer_list<std::string_view> allowed) {
  return !content.classes.empty() && std::all_of(content.classes.begin(), content.classes.end(), [&](const std::string& c) { return std::find(allowed.begin(), allowed.end(), c) != allowed.end(); });
}
}  // namespace

bool is_neutral(const Content& content) { return only(content, {classes::kKnock}); }
bool is_negotiation(const Content& content) { return only(content, {classes::kKnock, classes::kStub, classes::kTerms}); }

}  // namespace sluice::gate

namespace sluice {

template <> json::value to_json<gate::ContentHash>(const gate::ContentHash& hash) { return json::value(hash.text()); }

template <> Result<void> read_json<gate::ContentHash>(const json::value& value, gate::ContentHash& out, const std::string& where, std::initializer_list<std::string_view>) {
  const auto read = value.is_string() ? gate::ContentHash::parse(value.get_string()) : std::nullopt;
  if (!read) return bind::wrong("This must be \"sha256:\" and 64 lower-case hexadecimal digits.", where);
  out = *read;
  return {};
}

}  // namespace sluice
