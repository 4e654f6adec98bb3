#include "advisory/advisory.h"

#include <algorithm>

namespace sluice::advisory {

std::int64_t version_of(const Advisory& advisory) { return advisory.revisions.empty() ? 0 : advisory.revisions.back().number; }

Result<Advisory> revise(Advisory advisory, Revision revision) {
  const auto next = advisory.revisions.empty() ? 1 : version_of(advisory) + 1;
  if (revision.summary.empty()) return fail(ErrorKind::Invalid, "A revision says in a sentence what changed.", "/summary");
  if (revision.number != 0 && revision.number != next)
    return fail(ErrorKind::Conflict, "The next revision of this advisory is number " + std::to_string(next) + ".", "/number", "CSAF 2.0 §6.1.21");
  if (!advisory.revisions.empty() && revision.date < advisory.revisions.back().date)
    return fail(ErrorKind::Conflict, "The newest revision is of " + to_text(advisory.revisions.back().date) + "; the next one cannot be older.", "/date", "CSAF 2.0 §6.1.14");
  revision.number = next;
  if (advisory.revisions.empty()) advisory.initial_release = revision.date;
  advisory.current_release = revision.date;
  advisory.revisions.push_back(std::move(revision));
  return advisory;
}

namespace {

// Versions percent-encode what vers has a use for.
std::string vers_version(std::string_view version) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : version) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::string_view("<>=!*|%").contains(c) || byte <= 0x20 || byte >= 0x7F) {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string vers_text(const VersionRange& range) {
  std::string out;
  const auto add = [&](std::string_view comparator, std::string_view version) {
    if (!out.empty()) out += '|';
    out += std::string(comparator) + vers_version(version);
  };
  for (const auto& span : range.spans) {
    if (span.introduced && span.introduced == span.last_affected) {  // just this version
      add("", *span.introduced);
      continue;
    }
    if (span.introduced) add(">=", *span.introduced);
    if (span.fixed) add("<", *span.fixed);
    if (span.last_affected) add("<=", *span.last_affected);
  }
  return "vers:" + range.scheme + "/" + (out.empty() ? "*" : out);
}

const Product* product_of(const Advisory& advisory, std::string_view id) {
  const auto found = std::find_if(advisory.products.begin(), advisory.products.end(), [&](const Product& p) { return p.id == id; });
  return found == advisory.products.end() ? nullptr : &*found;
}

bool is_affected(Status status) { return status == Status::FirstAffected || status == Status::KnownAffected || status == Status::LastAffected; }

bool is_fixed(Status status) { return status == Status::FirstFixed || status == Status::Fixed; }

std::vector<std::string> products_at_risk(const Vulnerability& vulnerability) {
  std::vector<std::string> out;
  for (const auto& item : vulnerability.statuses)
    if ((is_affected(item.status) || item.status == Status::UnderInvestigation) && std::find(out.begin(), out.end(), item.product) == out.end()) out.push_back(item.product);
  return out;
}

}  // namespace sluice::advisory
