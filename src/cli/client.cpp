#include "cli/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>

#include "cli/console.h"

namespace sluice::cli {

struct Client::State {
  std::string site, token, certificate_file, key_file;
  CURL* curl = nullptr;
  ~State() {
    if (curl != nullptr) curl_easy_cleanup(curl);
  }
};

namespace {

constexpr std::size_t kLargestAnswer = 256 << 20;

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size * count > kLargestAnswer) return 0;
  body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* into) {
  auto& answer = *static_cast<Answer*>(into);
  const std::string_view line(data, size * count);
  const auto colon = line.find(':');
  if (colon == line.npos) return size * count;
  std::string name(line.substr(0, colon));
  for (auto& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  auto value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
  if (name == "etag") answer.etag = value;
  if (name == "content-type") answer.content_type = value;
  if (name == "retry-after") answer.retry_after = value;
  return size * count;
}

ErrorKind kind_of(int status) {
  switch (status) {
    case 400: return ErrorKind::Malformed;
    case 401: return ErrorKind::Unauthenticated;
    case 403: return ErrorKind::Forbidden;
    case 404: return ErrorKind::NotFound;
    case 409: return ErrorKind::Conflict;
    case 412: return ErrorKind::Stale;
    case 413: return ErrorKind::TooLarge;
    case 428: return ErrorKind::PreconditionRequired;
    case 429: return ErrorKind::TooMany;
    default: return status >= 500 ? ErrorKind::Unavailable : ErrorKind::Invalid;
  }
}

}  // namespace

Result<json::value> Answer::json() const {
  auto value = parse_json(body, {.bytes = kLargestAnswer, .depth = 64, .keys = 10'000'000, .string = 64 << 20});
  if (!value) return fail(ErrorKind::Unavailable, "The site's answer is not JSON. Is this the address of a Sluice site?");
  return value;
}

Error error_of(const Answer& answer) {
  Error out{kind_of(answer.status), "The site answered " + std::to_string(answer.status) + "."};
  if (const auto problem = parse_json(answer.body); problem && problem->is_object()) {
    if (const auto detail = string_at(*problem, "detail"); !detail.empty()) out.message = detail;
    out.rule = string_at(*problem, "rule");
    out.code = string_at(*problem, "code");
    if (out.code == "usage") out.code.clear();
    if (const auto* pointer = find_at(*problem, "/errors/0/pointer"); pointer != nullptr && pointer->is_string()) out.where = std::string(pointer->get_string());
  }
  if (out.kind == ErrorKind::TooMany && !answer.retry_after.empty()) out.message += " Try again in " + answer.retry_after + " s.";
  return out;
}

std::string query_escaped(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '_' || c == '~' || c == ':') out += c;
    else out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::make(std::string site, std::string token) {
  while (site.ends_with('/')) site.pop_back();
  if (!site.starts_with("http://") && !site.starts_with("https://")) return usage("The site's address begins with https:// (or http:// on this machine).");
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  auto state = std::make_unique<State>();
  state->site = std::move(site);
  state->token = std::move(token);
  state->curl = ready ? curl_easy_init() : nullptr;
  if (state->curl == nullptr) return fail(ErrorKind::Unavailable, "The HTTP client can't start.");
  return Client(std::move(state));
}

Result<Client> Client::of(const Arguments& arguments, bool needs_token) {
  std::string token;
  auto file = arguments.maybe("--token-file");
  if (!file)
    if (const char* named = std::getenv("SLUICE_TOKEN_FILE"); named != nullptr && *named != '\0') file = named;
  if (file) {
    TRY(token, read_secret(*file, "token"));
  } else if (needs_token) {
    return usage("This needs a token: --token-file FILE, or $SLUICE_TOKEN_FILE.");
  }
  TRY(auto out, make(arguments.get("--site"), std::move(token)));
  out.state_->certificate_file = arguments.get("--cert");
  out.state_->key_file = arguments.get("--key");
  return out;
}

void Client::set_token(std::string token) { state_->token = std::move(token); }

Result<Answer> Client::call(std::string_view verb, std::string_view path, std::string_view body, const Headers& headers) {
  CURL* const curl = state_->curl;
  curl_easy_reset(curl);
  const bool is_api = !path.starts_with("/api/") && !path.starts_with("/taxii2/") && !path.starts_with("/.well-known/") && path != "/healthz" && path != "/readyz";
  const std::string url = state_->site + (is_api ? "/api/v1" : "") + (path.starts_with('/') ? "" : "/") + std::string(path);
  Answer answer;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, std::string(verb).c_str());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 300L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "sluice");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
  if (!state_->certificate_file.empty()) curl_easy_setopt(curl, CURLOPT_SSLCERT, state_->certificate_file.c_str());
  if (!state_->key_file.empty()) curl_easy_setopt(curl, CURLOPT_SSLKEY, state_->key_file.c_str());
  curl_slist* list = nullptr;
  const auto add = [&](const std::string& line) { list = curl_slist_append(list, line.c_str()); };
  add("Expect:");
  const auto is_given = [&headers](std::string_view name) { return std::any_of(headers.begin(), headers.end(), [&](const auto& one) { return one.first == name; }); };
  if (!is_given("Accept")) add("Accept: application/json");
  if (!state_->token.empty()) add("Authorization: Bearer " + state_->token);
  for (const auto& [name, value] : headers) add(name + ": " + value);
  if (verb != "GET" && verb != "HEAD") {
    if (!is_given("Content-Type")) add("Content-Type: application/json");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  const auto code = curl_easy_perform(curl);
  curl_slist_free_all(list);
  if (code != CURLE_OK) return fail(ErrorKind::Unavailable, "No answer from " + state_->site + ": " + curl_easy_strerror(code) + ".", {}, {}, "unreachable");
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

Result<Answer> Client::must(std::string_view verb, std::string_view path, std::string_view body, const Headers& headers) {
  TRY(auto answer, call(verb, path, body, headers));
  if (answer.status < 200 || answer.status >= 300) return std::unexpected(error_of(answer));
  return answer;
}

}  // namespace sluice::cli
