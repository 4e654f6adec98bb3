#include "service/taxii_client.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "service/outbound_address.h"

namespace sluice::service::taxii {

namespace {

constexpr std::size_t kMostHeaderBytes = 64 << 10;
constexpr int kMostRedirects = 3;
constexpr long kSilentSeconds = 90;                // a stream's server says something (a comment at least) within this

// Tried in turn where a server answers 406 or 415 to what the standard says: the parameter with a space, without it (a MUST that both ways are taken), anything.
constexpr std::string_view kAccepts[] = {"application/taxii+json;version=2.1", "application/taxii+json; version=2.1", "application/taxii+json", "application/taxii+json;version=2.1, application/json;q=0.5, */*;q=0.1"};
constexpr std::string_view kContentTypes[] = {"application/taxii+json;version=2.1", "application/taxii+json; version=2.1", "application/taxii+json"};

struct PeerTransfer {
  std::size_t most = 0, header_bytes = 0;
  PeerAnswer* answer = nullptr;
  bool too_large = false;
  const OutboundSettings* guard = nullptr;
  std::string refused;                             // C5: why an address was
  // Of a stream
  CURL* curl = nullptr;
  EventStream* events = nullptr;
  const PeerClient::Heard* heard = nullptr;
  std::optional<Error> failed;
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

bool is_event_stream(const PeerAnswer& answer) { return lower(answer.header("content-type")).starts_with("text/event-stream"); }

std::size_t take_peer_header(char* data, std::size_t size, std::size_t count, void* into) {
  auto& transfer = *static_cast<PeerTransfer*>(into);
  const std::string_view line(data, size * count);
  transfer.header_bytes += line.size();
  if (transfer.header_bytes > kMostHeaderBytes) return transfer.too_large = true, 0;
  if (line.starts_with("HTTP/")) transfer.answer->headers.clear();   // what came before was a 100 or the like
  const auto colon = line.find(':');
  if (colon == line.npos) return line.size();
  auto value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
  transfer.answer->headers[lower(line.substr(0, colon))] = value;
  return line.size();
}

// No exception may cross libcurl: out of memory breaks the transfer off.
std::size_t take_peer_body(char* data, std::size_t size, std::size_t count, void* into) try {
  auto& transfer = *static_cast<PeerTransfer*>(into);
  const std::string_view bytes(data, size * count);
  if (transfer.events != nullptr) {
    long status = 0;
    curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200 && is_event_stream(*transfer.answer)) {
      const auto events = transfer.events->take(bytes);
      if (!events) return transfer.failed = events.error(), 0;
      for (const auto& event : *events)
        if (const auto done = (*transfer.heard)(event); !done) return transfer.failed = done.error(), 0;
      return bytes.size();
    }
  }
  if (transfer.answer->body.size() + bytes.size() > transfer.most) return transfer.too_large = true, 0;
  transfer.answer->body.append(bytes);
  return bytes.size();
} catch (const std::bad_alloc&) {
  return 0;
}

// C5: libcurl asks for a socket to this address and connects that socket to this address; what isn't fit gets none.
curl_socket_t open_guarded(void* data, curlsocktype purpose, curl_sockaddr* to) {
  auto& transfer = *static_cast<PeerTransfer*>(data);
  std::optional<Address> address;
  if (to->addr.sa_family == AF_INET) {
    address.emplace();
    std::memcpy(address->bytes.data(), &reinterpret_cast<const sockaddr_in&>(to->addr).sin_addr, 4);
  } else if (to->addr.sa_family == AF_INET6) {
    address.emplace().v6 = true;
    std::memcpy(address->bytes.data(), &reinterpret_cast<const sockaddr_in6&>(to->addr).sin6_addr, 16);
  }
  const auto why = !address ? std::optional<std::string>("no address of the Internet") : why_refused(*address, transfer.guard->allowed);
  if (why || purpose != CURLSOCKTYPE_IPCXN) {
    transfer.refused = why.value_or("no way of connecting that is known here");
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

int goes_on(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return *static_cast<const std::atomic<bool>*>(stopping) ? 1 : 0; }

struct HeaderList {
  curl_slist* items = nullptr;
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_slist_free_all(items); }
  void add(const std::string& line) { items = curl_slist_append(items, line.c_str()); }
};

using UrlParts = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
UrlParts parts_of(const std::string& url) {
  UrlParts parts(curl_url(), curl_url_cleanup);
  if (parts && curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) parts.reset();
  return parts;
}
std::optional<std::string> part_of(const UrlParts& parts, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(parts.get(), which, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string out(text);
  curl_free(text);
  return out;
}

bool is_this_machine(std::string host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = parse_address(host);
  if (!address) return lower(host) == "localhost";
  return address->v6 ? to_text(*address) == "::1" : address->bytes[0] == 127;
}

// Scheme, name and port, as one text to compare.
std::string origin_of(const UrlParts& parts) {
  return part_of(parts, CURLUPART_SCHEME).value_or("") + "://" + lower(part_of(parts, CURLUPART_HOST).value_or("")) + ":" + part_of(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
}

bool may_come_again(int status) { return status == 408 || status == 425 || status == 429 || (status >= 500 && status != 501 && status != 505); }

ErrorKind kind_of_status(int status) {
  switch (status) {
    case 401: return ErrorKind::Unauthenticated;
    case 403: return ErrorKind::Forbidden;
    case 404: case 410: return ErrorKind::NotFound;
    case 409: return ErrorKind::Conflict;
    case 413: return ErrorKind::TooLarge;
    case 429: return ErrorKind::TooMany;
    default: return may_come_again(status) ? ErrorKind::Unavailable : ErrorKind::Invalid;
  }
}

std::string words_of_status(int status) {
  switch (status) {
    case 400: return "a parameter that it doesn't take";
    case 401: return "sign in (--token-file, --basic-file or --cert)";
    case 403: return "you may not";
    case 404: return "there is no such thing here, or you may not know of it";
    case 406: return "no media type that it serves was asked for";
    case 429: return "too many requests";
    case 503: return "it is overloaded or closed for the moment";
    default: return "";
  }
}

Error error_of_status(const PeerAnswer& answer) {
  auto said = said_in_error(answer.body);
  if (said.empty()) said = words_of_status(answer.status);
  return {kind_of_status(answer.status), "The server answered " + std::to_string(answer.status) + (said.empty() ? "." : ": " + said), {}, {}, "status-" + std::to_string(answer.status)};
}

std::string why_no_answer(CURLcode code, const PeerTransfer& transfer) {
  if (transfer.too_large) return "The answer is larger than is taken (--most-bytes).";
  if (!transfer.refused.empty()) return "The name leads to an address that this server doesn't speak to: " + transfer.refused + ". An operator lets it with --outbound-allow.";
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "There is no such name in the DNS, or the DNS gave no answer.";
    case CURLE_COULDNT_CONNECT: return "Nothing answers there.";
    case CURLE_OPERATION_TIMEDOUT: return "No answer came in time.";
    case CURLE_PEER_FAILED_VERIFICATION: return "The server's certificate is not valid for its name. A CA of your own is named with --ca.";
    case CURLE_SSL_CACERT_BADFILE: return "The file of --ca can't be read.";
    case CURLE_SSL_CERTPROBLEM: return "The file of --cert or --key can't be used.";
    default: return std::string("The connection failed: ") + curl_easy_strerror(code) + ".";
  }
}

// What no second try mends.
bool is_final(CURLcode code, const PeerTransfer& transfer) {
  return transfer.too_large || !transfer.refused.empty() || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CERTPROBLEM || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT;
}

std::string with_slash(std::string url) { return url.ends_with('/') ? url : url + "/"; }

}  // namespace

struct PeerClient::State {
  PeerSettings settings;
  CURL* curl = nullptr;
  std::size_t accept = 0, content_type = 0;        // which of the forms this server takes
  HeaderList found_at;                             // names that the guard says where to find
  ~State() {
    if (curl != nullptr) curl_easy_cleanup(curl);
  }

  // Everything that each request has in common. `headers` must outlive it.
  void set_up(const std::string& url, PeerTransfer& transfer, HeaderList& headers) {
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 15L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "sluice");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));   // TAXII 2.1 §8.1.2
    if (!settings.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file.c_str());
    if (!settings.certificate_file.empty()) curl_easy_setopt(curl, CURLOPT_SSLCERT, settings.certificate_file.c_str());
    if (!settings.key_file.empty()) curl_easy_setopt(curl, CURLOPT_SSLKEY, settings.key_file.c_str());
    if (!settings.key_password.empty()) curl_easy_setopt(curl, CURLOPT_KEYPASSWD, settings.key_password.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_peer_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_peer_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
    if (settings.guard != nullptr) {
      transfer.guard = settings.guard;
      if (settings.ca_file.empty() && !settings.guard->ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, settings.guard->ca_file.c_str());
      curl_easy_setopt(curl, CURLOPT_PROXY, "");
      curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_guarded);
      curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
      curl_easy_setopt(curl, CURLOPT_CONNECT_TO, found_at.items);
    }
    if (settings.stopping != nullptr) {
      curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, goes_on);
      curl_easy_setopt(curl, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(settings.stopping));
      curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);   // nor does a resolver that is silent hold it
    }
    if (!settings.authorization.empty()) headers.add("Authorization: " + settings.authorization);
    if (!settings.pseudonym.empty()) headers.add("Sluice-Pseudonym: " + settings.pseudonym);
    headers.add("Expect:");
  }
};

// ---- addresses

std::string escaped(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '_' || c == '~') out += c;
    else out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

Result<std::string> read_peer_url(std::string_view text, bool plain_http) {
  const auto wrong = [](std::string why) { return fail(ErrorKind::Invalid, std::move(why), {}, {}, "usage"); };
  const std::string url(text);
  if (url.size() > 2000 || url.find_first_of(" \t\r\n") != url.npos) return wrong("This is no address of a TAXII server.");
  if (!url.starts_with("https://") && !url.starts_with("http://")) return wrong("The server's address begins with https://.");
  const auto parts = parts_of(url);
  if (!parts) return wrong("This is no address of a TAXII server.");
  if (part_of(parts, CURLUPART_USER) || part_of(parts, CURLUPART_PASSWORD)) return wrong("A user or password in an address ends up in lists of processes and in logs. Give it with --basic-file or --basic-env.");
  if (part_of(parts, CURLUPART_QUERY) || part_of(parts, CURLUPART_FRAGMENT)) return wrong("The server's address has no query and no fragment.");
  const auto host = part_of(parts, CURLUPART_HOST).value_or("");
  if (host.empty()) return wrong("This is no address of a TAXII server.");
  if (part_of(parts, CURLUPART_SCHEME) == "http" && !plain_http && !is_this_machine(host)) return wrong("Plain http would send what is shared, and your credentials, in the clear. Use https, or say --plain-http.");
  const auto path = part_of(parts, CURLUPART_PATH).value_or("/");
  curl_url_set(parts.get(), CURLUPART_PATH, with_slash(path).c_str(), 0);
  return part_of(parts, CURLUPART_URL).value_or(url);
}

Result<std::string> on_same_origin(const std::string& base, const std::string& reference) {
  const auto from = parts_of(base);
  auto to = parts_of(base);
  if (!from || !to || curl_url_set(to.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK) return fail(ErrorKind::Invalid, "The server gives an address that can't be read.");
  if (origin_of(from) != origin_of(to) || part_of(to, CURLUPART_USER))
    return fail(ErrorKind::Forbidden, "The server leads to another one: " + part_of(to, CURLUPART_SCHEME).value_or("") + "://" + part_of(to, CURLUPART_HOST).value_or("") + part_of(to, CURLUPART_PATH).value_or("") + ". If you trust it with your credentials, give its address instead.", {}, {}, "other-origin");
  return part_of(to, CURLUPART_URL).value_or(base);
}

// ---- requests

std::string PeerAnswer::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

PeerClient::PeerClient(std::unique_ptr<State> state, Patience patience, PeerHooks hooks) : state_(std::move(state)), patience_(patience), hooks_(std::move(hooks)) {}
PeerClient::PeerClient(PeerClient&&) noexcept = default;
PeerClient::~PeerClient() = default;
const AnswerLimits& PeerClient::limits() const { return state_->settings.limits; }

Result<PeerClient> PeerClient::make(PeerSettings settings, Patience patience, PeerHooks hooks) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (settings.authorization.find_first_of("\r\n") != std::string::npos) return fail(ErrorKind::Invalid, "A credential is one line.", {}, {}, "usage");
  auto state = std::make_unique<State>();
  state->settings = std::move(settings);
  if (state->settings.guard != nullptr)
    for (const auto& host : state->settings.guard->hosts) {
      const auto address = service::to_text(host.address);
      state->found_at.add(host.name + "::" + (host.address.v6 ? "[" + address + "]" : address) + ":" + std::to_string(host.port));
    }
  state->curl = ready ? curl_easy_init() : nullptr;
  if (state->curl == nullptr) return fail(ErrorKind::Unavailable, "The HTTP client can't start.");
  return PeerClient(std::move(state), patience, std::move(hooks));
}

// One request; redirects within the origin are followed for GET, as for a slash that a server misses or adds.
Result<PeerAnswer> PeerClient::once(const std::string& url, const std::string* body) {
  std::string here = url;
  for (int hops = 0;; ++hops) {
    PeerAnswer answer;
    PeerTransfer transfer{.most = state_->settings.limits.bytes, .answer = &answer};
    HeaderList headers;
    state_->set_up(here, transfer, headers);
    headers.add("Accept: " + std::string(kAccepts[state_->accept]));
    if (body == nullptr)
      for (const auto& one : state_->settings.headers) headers.add(one);
    CURL* const curl = state_->curl;
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(state_->settings.timeout).count()));
    if (body != nullptr) {
      headers.add("Content-Type: " + std::string(kContentTypes[state_->content_type]));
      curl_easy_setopt(curl, CURLOPT_POST, 1L);
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->data());
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.items);
    const auto code = curl_easy_perform(curl);
    if (code != CURLE_OK) return fail(transfer.too_large ? ErrorKind::TooLarge : ErrorKind::Unavailable, why_no_answer(code, transfer), {}, {}, is_final(code, transfer) ? "no-answer" : "unreachable");
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    const auto location = answer.header("location");
    if (body != nullptr || location.empty() || (status != 301 && status != 302 && status != 307 && status != 308) || hops == kMostRedirects) return answer;
    TRY(here, on_same_origin(here, location));
  }
}

Result<PeerAnswer> PeerClient::ask(const std::string& url, const std::string* body) {
  Backoff backoff(patience_);
  for (;;) {
    auto answer = once(url, body);
    if (answer && answer->status >= 200 && answer->status < 300) return answer;
    if (answer && answer->status == 406 && state_->accept + 1 < std::size(kAccepts)) {
      ++state_->accept;                            // A2: a server that knows its media type by one spelling only
      continue;
    }
    if (answer && answer->status == 415 && state_->content_type + 1 < std::size(kContentTypes)) {
      ++state_->content_type;
      continue;
    }
    const auto error = answer ? error_of_status(*answer) : answer.error();
    if (answer ? !may_come_again(answer->status) : error.code != "unreachable") return std::unexpected(error);
    const auto told = answer ? wait_of_header(answer->header("retry-after"), hooks_.now()) : std::nullopt;
    const auto wait = backoff.after_failure(told, hooks_.chance());
    if (!wait) return std::unexpected(error);
    hooks_.note(error.message + " Trying again in " + std::to_string((wait->count() + 999'999) / 1'000'000) + " s.");
    hooks_.wait(*wait);
  }
}

Result<PeerAnswer> PeerClient::get(const std::string& url) { return ask(url, nullptr); }
Result<PeerAnswer> PeerClient::post(const std::string& url, const std::string& body) { return ask(url, &body); }

Result<void> PeerClient::listen(const std::string& url, const std::string& last_id, const Heard& heard) {
  PeerAnswer answer;
  EventStream events(state_->settings.limits.bytes, last_id);
  PeerTransfer transfer{.most = 1 << 20, .answer = &answer, .curl = state_->curl, .events = &events, .heard = &heard};
  HeaderList headers;
  state_->set_up(url, transfer, headers);
  headers.add("Accept: text/event-stream");
  headers.add("Cache-Control: no-store");
  if (!last_id.empty()) {
    if (last_id.find_first_of("\r\n") != last_id.npos) return fail(ErrorKind::Invalid, "This cursor can't stand in a header.");
    headers.add("Last-Event-ID: " + last_id);
  }
  CURL* const curl = state_->curl;
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.items);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSilentSeconds);
  const auto code = curl_easy_perform(curl);
  if (transfer.failed) return std::unexpected(*transfer.failed);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  if (status == 0) return fail(ErrorKind::Unavailable, why_no_answer(code, transfer), {}, {}, is_final(code, transfer) ? "no-answer" : "unreachable");
  if (status == 200 && is_event_stream(answer)) return fail(ErrorKind::Unavailable, "The stream broke off.", {}, {}, "unreachable");
  // Who has no stream says so in many ways; a web page or an envelope with 200 is one of them.
  if (status == 404 || status == 405 || status == 406 || status == 501 || (status >= 200 && status < 400)) return fail(ErrorKind::NotFound, "This server has no stream of the collection.", {}, {}, "no-stream");
  auto error = error_of_status(answer);
  if (may_come_again(answer.status)) error.code = "unreachable";
  return std::unexpected(std::move(error));
}

}  // namespace sluice::service::taxii
