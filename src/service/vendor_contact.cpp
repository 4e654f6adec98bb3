#include "service/vendor_contact.h"

#include <algorithm>

#include "access/authorize.h"
#include "formats/security_txt/read.h"

namespace sluice::service {

namespace {

constexpr auto kRememberedFor = std::chrono::hours(1);
constexpr std::size_t kMostRemembered = 1000;
// RFC 9116 §3: the place, and the one before there was a place.
constexpr std::string_view kPaths[] = {"/.well-known/security.txt", "/security.txt"};

namespace txt = formats::security_txt;

std::string_view host_of(std::string_view uri) {
  if (uri.starts_with("mailto:")) {
    uri = uri.substr(0, uri.find('?'));
    const auto at = uri.rfind('@');
    return at == uri.npos ? std::string_view() : uri.substr(at + 1);
  }
  if (!uri.starts_with("https://")) return {};
  uri.remove_prefix(8);
  uri = uri.substr(0, uri.find_first_of("/?#"));
  return uri.substr(0, uri.find(':'));
}

json::array texts(const std::vector<std::string>& list) { return json::array(list.begin(), list.end()); }

json::object organisation_json(const store::OrganisationRow& row, const std::string& address) {
  const bool takes = row.profile.takes_reports.value_or(false);
  json::object out{{"id", row.id.text()}, {"name", row.profile.name}, {"takes_reports", takes}, {"contacts", to_json(row.profile.contacts)}};
  if (takes) out["report"] = address + "/report/to/" + row.id.text();
  if (row.profile.policy) out["policy"] = address + "/policies/" + row.id.text();
  if (row.profile.policy && !row.profile.policy->languages.empty()) out["languages"] = texts(row.profile.policy->languages);
  return out;
}


// A redirect to another name may be the vendor's own, or whoever took over a forgotten one (RFC 9116 §5.2).
void judge_place(const std::string& domain, const Fetched& fetched, Findings& findings) {
  const auto host = host_of(fetched.addresses.back());
  if (host != domain && !host.ends_with("." + domain))
    findings.push_back({Severity::Warning, "RFC 9116 §5.2", "", "The request was passed on to another name; make sure that it is the vendor's."});
  if (!fetched.content_type.starts_with("text/plain"))
    findings.push_back({Severity::Warning, "RFC 9116 §3", "", "The server doesn't say that the file is text/plain."});
}

json::object file_json(const std::string& domain, const Fetched& fetched, Instant now) {
  const auto read = txt::read(fetched.body);
  auto findings = txt::check(read, now, fetched.addresses.back());
  judge_place(domain, fetched, findings);
  json::object out{{"source", fetched.addresses.back()}, {"asked", texts(fetched.addresses)}, {"read_at", to_text(now)}};
  out["valid"] = is_valid(findings);
  out["signature"] = read.file.is_signed ? "not_verified" : "none";
  out["contacts"] = texts(read.file.all("Contact"));
  out["languages"] = texts(read.file.languages());
  out["policy"] = texts(read.file.all("Policy"));
  out["encryption"] = texts(read.file.all("Encryption"));
  out["acknowledgments"] = texts(read.file.all("Acknowledgments"));
  out["csaf"] = texts(read.file.all("CSAF"));
  if (const auto expires = read.file.expires()) {
    out["expires"] = to_text(*expires);
    out["expired"] = *expires <= now;
  }
  out["findings"] = to_json(findings);
  return out;
}

// A page of HTML with status 200 is what many servers say for "no such page".
std::optional<std::string> why_no_file(const Fetched& fetched) {
  if (fetched.status != 200) return "The server answers " + std::to_string(fetched.status) + ".";
  if (fetched.content_type.starts_with("text/html")) return "The server answers with a web page, not with a security.txt.";
  return std::nullopt;
}

// The file of the first place that has one; else what came of each.
json::object ask(Outbound::Call& call, const std::string& domain, Instant now) {
  json::array tried;
  for (const auto path : kPaths) {
    const auto address = "https://" + domain + std::string(path);
    const auto fetched = call.get(address, {.most = txt::Limits{}.bytes + 1, .accept = "text/plain, */*;q=0.1"});
    const auto why = fetched ? why_no_file(*fetched) : std::optional(fetched.error().message);
    if (!why) return file_json(domain, *fetched, now);
    tried.push_back(json::object{{"address", address}, {"why", *why}});
  }
  return {{"read_at", to_text(now)}, {"tried", std::move(tried)}};
}

json::object with_file(json::object answer, json::object file) {
  if (file.contains("source") && answer.at("found") == "nothing") answer["found"] = "security_txt";
  answer["security_txt"] = std::move(file);
  return answer;
}

}  // namespace

bool names_domain(const cvd::OrganisationProfile& profile, std::string_view domain) {
  return std::any_of(profile.contacts.begin(), profile.contacts.end(), [&](const cvd::Contact& contact) {
    std::string host(host_of(contact.uri));
    std::transform(host.begin(), host.end(), host.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return host == domain || host.ends_with("." + std::string(domain));
  });
}

// The answer as far as this site knows it.
Result<json::object> VendorContacts::here(const std::string& domain) {
  json::object out{{"domain", domain}, {"found", "nothing"}};
  json::array organisations;
  TRY(auto db, services_.store.lease());
  TRY(const auto rows, store::organisations(*db, services_.cells()));
  for (const auto& row : rows) {
    if (!names_domain(row.profile, domain)) continue;
    organisations.push_back(organisation_json(row, services_.settings.public_url));
    if (row.profile.takes_reports.value_or(false)) out["found"] = "here";
  }
  if (organisations.empty()) return out;
  out["note"] = "These organisations name the domain in their own profile here; whether it is theirs is not checked.";
  out["organisations"] = std::move(organisations);
  return out;
}

Result<void> VendorContacts::find(const access::Viewer& viewer, const FindContact& wanted, Done done) {
  TRY(access::require(viewer, access::Action::FindContact, {}));
  TRY(const auto domain, host_name(wanted.domain));
  TRY(auto answer, here(domain));
  const auto ask_vendor = wanted.ask_vendor.value_or(AskVendor::IfNobodyHere);
  if (ask_vendor == AskVendor::Never || (ask_vendor == AskVendor::IfNobodyHere && answer.at("found") == "here")) {
    done(std::move(answer));
    return {};
  }
  const Key key{*viewer.organisation, domain};
  if (auto known = remembered(key)) {
    done(with_file(std::move(answer), *std::move(known)));
    return {};
  }
  return outbound_.run([this, key, answer = std::move(answer), done = std::move(done)](Outbound::Call& call) mutable {
    auto file = ask(call, key.second, services_.clock.now());
    if (file.contains("source")) remember(key, file);
    done(with_file(std::move(answer), std::move(file)));
  });
}

std::optional<json::object> VendorContacts::remembered(const Key& key) {
  std::scoped_lock lock(mutex_);
  const auto found = memory_.find(key);
  if (found == memory_.end() || services_.clock.monotonic() - found->second.at >= kRememberedFor) return std::nullopt;
  return found->second.answer;
}

// Bounded: what is over its hour goes first, then whichever; a forgotten answer costs one question more.
void VendorContacts::remember(const Key& key, const json::object& answer) {
  std::scoped_lock lock(mutex_);
  const auto now = services_.clock.monotonic();
  if (memory_.size() >= kMostRemembered) std::erase_if(memory_, [&](const auto& item) { return now - item.second.at >= kRememberedFor; });
  if (memory_.size() >= kMostRemembered) memory_.erase(memory_.begin());
  memory_[key] = {answer, now};
}

}  // namespace sluice::service
