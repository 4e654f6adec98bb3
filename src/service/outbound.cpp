#include "service/outbound.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace sluice::service {

using namespace std::chrono_literals;

namespace {

constexpr auto kWhole = 10s;
constexpr std::size_t kMostHeaders = 64 << 10, kMostPostAnswer = 64 << 10;
constexpr int kMostHops = 3;

// What one transfer's callbacks write into.
struct Transfer {
  const OutboundSettings& settings;
  const std::atomic<bool>& stopping;
  std::size_t most;
  std::string body;
  std::size_t headers = 0;
  bool too_large = false;
  std::string refused;                             // why an address was
};

std::optional<Address> address_of(const sockaddr& given) {
  Address out;
  if (given.sa_family == AF_INET) {
    std::memcpy(out.bytes.data(), &reinterpret_cast<const sockaddr_in&>(given).sin_addr, 4);
    return out;
  }
  if (given.sa_family != AF_INET6) return std::nullopt;
  out.v6 = true;
  std::memcpy(out.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(given).sin6_addr, 16);
  return out;
}

// H1: libcurl asks for a socket to this address and connects that socket to this address; what isn't fit gets none.
curl_socket_t open_socket(void* data, curlsocktype purpose, curl_sockaddr* to) {
  auto& transfer = *static_cast<Transfer*>(data);
  const auto address = address_of(to->addr);
  const auto why = !address ? std::optional<std::string>("no address of the Internet") : why_refused(*address, transfer.settings.allowed);
  if (why || purpose != CURLSOCKTYPE_IPCXN) {
    transfer.refused = why.value_or("no way of connecting that is known here");
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
  auto& transfer = *static_cast<Transfer*>(into);
  if (transfer.body.size() + size * count > transfer.most) return transfer.too_large = true, 0;
  try {
    transfer.body.append(data, size * count);
  } catch (const std::bad_alloc&) {
    return 0;  // no exception may cross libcurl
  }
  return size * count;
}

std::size_t take_header(char*, std::size_t size, std::size_t count, void* into) {
  auto& transfer = *static_cast<Transfer*>(into);
  transfer.headers += size * count;
  if (transfer.headers > kMostHeaders) return transfer.too_large = true, 0;
  return size * count;
}

int go_on(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return static_cast<Transfer*>(data)->stopping ? 1 : 0; }

std::unexpected<Error> unreachable(std::string why) { return fail(ErrorKind::Unavailable, std::move(why), {}, "OUT-1", "outside"); }

// In words: what a person can do something with. The name stays out; who asked knows it.
std::string why_failed(CURLcode code, const Transfer& transfer) {
  if (transfer.too_large) return "The answer is larger than is taken.";
  if (!transfer.refused.empty()) return "The name leads to an address that this server doesn't speak to: " + transfer.refused + ".";
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "There is no such name in the DNS, or the DNS gave no answer.";
    case CURLE_COULDNT_CONNECT: return "Nothing answers there.";
    case CURLE_OPERATION_TIMEDOUT: return "No answer came within ten seconds.";
    case CURLE_PEER_FAILED_VERIFICATION: return "Its certificate is not valid for this name.";
    case CURLE_SSL_CONNECT_ERROR: return "No secure connection could be made.";
    case CURLE_FILESIZE_EXCEEDED: return "The answer is larger than is taken.";
    default: return "The answer broke off.";
  }
}

// H2: what may be asked at all. The port is the scheme's own; the name is of the public DNS.
Result<void> check_url(const std::string& url, bool plain_http) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), curl_url_cleanup);
  const auto wrong = [](std::string why) { return unreachable("It leads to an address that isn't followed: " + std::move(why)); };
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) return wrong("it is no URL.");
  const auto part = [&](CURLUPart which) -> std::optional<std::string> {
    char* text = nullptr;
    if (curl_url_get(parts.get(), which, &text, 0) != CURLUE_OK) return std::nullopt;
    std::string out(text);
    curl_free(text);
    return out;
  };
  const auto scheme = part(CURLUPART_SCHEME).value_or("");
  if (scheme != "https" && !(plain_http && scheme == "http")) return wrong("it isn't https.");
  if (part(CURLUPART_USER) || part(CURLUPART_PASSWORD)) return wrong("it has a user in it.");
  if (const auto port = part(CURLUPART_PORT); port && *port != (scheme == "https" ? "443" : "80")) return wrong("it names a port.");
  if (!host_name(part(CURLUPART_HOST).value_or(""))) return wrong("its name isn't of the public DNS.");
  return {};
}

struct List {
  curl_slist* items = nullptr;
  ~List() { curl_slist_free_all(items); }
  void add(const std::string& line) { items = curl_slist_append(items, line.c_str()); }
};

// NAME:PORT:ADDRESS:PORT; an empty port means any.
std::string connect_to(const OutboundSettings::Host& host) {
  const auto address = to_text(host.address);
  return host.name + "::" + (host.address.v6 ? "[" + address + "]" : address) + ":" + std::to_string(host.port);
}

void set_limits(CURL* curl, Transfer& transfer, const Outbound::Call::Options& options, long milliseconds) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, options.plain_http ? "http,https" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_PROXY, "");       // also against https_proxy and the like in the environment
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, milliseconds);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // a resolver that is silent doesn't hold the thread beyond the time
  curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options.most));
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
}

void set_security(CURL* curl, const OutboundSettings& settings) {
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file.c_str());  // the machine's own folder (CAPATH) stays
}

}  // namespace

Result<OutboundSettings::Host> parse_outbound_host(std::string_view text) {
  const auto equals = text.find('=');
  const auto colon = text.rfind(':');
  OutboundSettings::Host out;
  const auto wrong = [] { return fail(ErrorKind::Invalid, "A host is written NAME=ADDRESS:PORT, such as vendor.example=127.0.0.1:8443."); };
  if (equals == text.npos || colon == text.npos || colon < equals) return wrong();
  auto address = text.substr(equals + 1, colon - equals - 1);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const auto parsed = parse_address(address);
  auto name = host_name(text.substr(0, equals));
  int port = 0;
  for (const char c : text.substr(colon + 1)) port = c >= '0' && c <= '9' && port <= 65'535 ? port * 10 + (c - '0') : 70'000;
  if (!parsed || !name || port < 1 || port > 65'535) return wrong();
  return OutboundSettings::Host{*std::move(name), *parsed, static_cast<std::uint16_t>(port)};
}

Result<void> check_outbound_url(const std::string& url) { return check_url(url, false); }

Result<void> Outbound::Call::hop(const std::string& url, const Options& options, Fetched& into, std::string& next, const Posted* posted) {
  TRY(check_url(url, options.plain_http));
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now()).count();
  if (left <= 0) return unreachable("No answer came within ten seconds.");
  Transfer transfer{client_.settings_, client_.stopping_, options.most, {}};
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) return fail(ErrorKind::Unavailable, "The HTTP client can't start.");
  List headers, hosts;
  headers.add("Accept: " + options.accept);
  for (const auto& host : client_.settings_.hosts) hosts.add(connect_to(host));
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "Mozilla/5.0 (compatible)");  // says neither Sluice nor whose server: the address says enough
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.items);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECT_TO, hosts.items);
  if (posted != nullptr) {
    for (const auto& header : posted->headers) headers.add(header);
    headers.add("Expect:");                        // no waiting for a "100 Continue"
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.items);
    curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(posted->body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, posted->body.c_str());
  }
  set_limits(curl.get(), transfer, options, static_cast<long>(left));
  set_security(curl.get(), client_.settings_);
  into.addresses.push_back(url);
  if (const auto code = curl_easy_perform(curl.get()); code != CURLE_OK) return unreachable(why_failed(code, transfer));

  long status = 0;
  const char* type = nullptr;
  const char* location = nullptr;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl.get(), CURLINFO_CONTENT_TYPE, &type);
  curl_easy_getinfo(curl.get(), CURLINFO_REDIRECT_URL, &location);
  into.status = static_cast<int>(status);
  into.content_type = type == nullptr ? "" : type;
  into.body = std::move(transfer.body);
  next = location == nullptr ? "" : location;
  curl_off_t seconds = 0;
  if (curl_easy_getinfo(curl.get(), CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0 && seconds < 365 * 86'400) into.retry_after = std::chrono::seconds(seconds);
  return {};
}

Result<Fetched> Outbound::Call::post(const std::string& url, const std::string& body, std::span<const std::string> headers) {
  if (until_ == std::chrono::steady_clock::time_point{}) return unreachable("The server is stopping.");
  until_ = std::chrono::steady_clock::now() + kWhole;   // whoever posts has written down before that it does
  Fetched out;
  std::string elsewhere;                           // H2: not followed
  const Posted posted{body, headers};
  TRY(hop(url, {.most = kMostPostAnswer}, out, elsewhere, &posted));
  out.body.clear();
  return out;
}

Result<Fetched> Outbound::Call::get(const std::string& url, const Options& options) {
  Fetched out;
  std::string here = url, next;
  for (int hops = 0; hops <= kMostHops; ++hops) {
    TRY(hop(here, options, out, next));
    if (next.empty()) return out;
    here = std::exchange(next, {});
  }
  return unreachable("It is passed on more than three times.");
}

Outbound::Outbound(OutboundSettings settings, Size size) : settings_(std::move(settings)), size_(size) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  (void)ready;  // without it each call answers that the client can't start
  for (std::size_t i = 0; i < size_.threads; ++i) threads_.emplace_back([this] { serve(); });
}

Outbound::~Outbound() { stop(); }

Result<void> Outbound::run(Work work) {
  std::scoped_lock lock(mutex_);
  if (stopping_ || queue_.size() == size_.waiting) return fail(ErrorKind::Unavailable, "Too many look-ups wait already. Please try again in a moment.", {}, "OUT-1", "busy");
  queue_.push_back({std::move(work), std::chrono::steady_clock::now() + kWhole});
  ready_.notify_one();
  return {};
}

void Outbound::serve() {
  while (true) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    Call call(*this, stopping_ ? std::chrono::steady_clock::time_point{} : next.until);
    try {
      next.work(call);
    } catch (const std::exception&) {
      // Out of memory: whoever waits is answered by what the work held, as it dies (REL-4).
    }
  }
}

void Outbound::stop() {
  {
    std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace sluice::service
