#include "ledger/acknowledgement.h"

#include <algorithm>

#include "base/bind.h"

namespace sluice::ledger {

namespace {

// The fields as JSON has them.
struct Wire {
  Hash commit{};
  EntryId id;
  Instant recorded;
  std::string sig;
  SiteId site;
  std::uint32_t v = 1;
};
BOOST_DESCRIBE_STRUCT(Wire, (), (commit, id, recorded, sig, site, v))

// The first line keeps a signature made for one purpose from being read as another's.
std::string signed_text(const Acknowledgement& acknowledgement) {
  auto value = acknowledgement.value();
  value.get_object().erase("sig");
  return "sluice/acknowledgement/v1\n" + canonical(value);
}

Result<Acknowledgement> read(std::string_view file) {
  if (!file.ends_with('\n')) return fail(ErrorKind::Malformed, "The file must end in a line feed.");
  TRY(const json::value value, parse_json(file.substr(0, file.size() - 1)));
  TRY(const Wire wire, from_json<Wire>(value));
  if (wire.v != 1) return fail(ErrorKind::Invalid, "This acknowledgement is of a version that this program does not know.", "/v");
  Acknowledgement out{.commit = wire.commit, .id = wire.id, .recorded = wire.recorded, .site = wire.site};
  TRY(const Bytes sig, from_base64(wire.sig));
  if (sig.size() != out.sig.size()) return fail(ErrorKind::Invalid, "An Ed25519 signature has 64 bytes.", "/sig");
  std::copy(sig.begin(), sig.end(), out.sig.begin());
  if (out.file() != file) return fail(ErrorKind::Invalid, "The file is not written in its one canonical form, so it was changed.", {}, "RFC 8785");
  return out;
}

}  // namespace

json::value Acknowledgement::value() const { return to_json(Wire{commit, id, recorded, base64(sig), site, 1}); }
std::string Acknowledgement::file() const { return canonical(value()) + "\n"; }

Result<Acknowledgement> acknowledge(SiteId site, const Leaf& leaf, const Signer& signer) {
  Acknowledgement out{.commit = leaf.commit, .id = leaf.id, .recorded = leaf.t, .site = site};
  TRY(out.sig, signer.sign(bytes_of(signed_text(out))));
  return out;
}

Findings verify_acknowledgement(std::string_view file_bytes, const VerifyingKey& key) {
  const auto read_back = read(file_bytes);
  if (!read_back) return {{Severity::Error, read_back.error().rule.empty() ? "acknowledgement" : read_back.error().rule, read_back.error().where, read_back.error().message}};
  if (!key.verifies(bytes_of(signed_text(*read_back)), read_back->sig)) return {{Severity::Error, "RFC 8032", "/sig", "The signature does not fit: the acknowledgement was changed, or another key made it."}};
  return {};
}

}  // namespace sluice::ledger
