// Does the time of an answer tell whether what was asked for exists? Requests for hidden and for never-existing ids, in an order drawn by lot, on one connection through the whole server:
// Welch's t of their times (EXI-1: |t| < 4.5). Beside it the control: ids that never existed against others that never existed, which says what this machine's noise alone makes of it.
//
//   leak_bench [samples of each kind] [seed]        ends with 1 if a time tells something, with 2 if the run can't say: the control tells too, or 20 µs more would not have told
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "service/cases.h"
#include "service/people.h"
#include "service/testing.h"
#include "service/tokens.h"
#include "web/http/server.h"
#include "web/router.h"

using namespace sluice;
using Steady = std::chrono::steady_clock;
using service::for_tests::must;

namespace {

constexpr std::size_t kHidden = 40;
constexpr double kBar = 4.5;
constexpr double kQuery = 20;                       // microseconds: about what one query costs. A run that wouldn't see that says nothing.

// Real time, but limits refill a hundred thousand times as fast: this one client asks more often than WEB-9 lets anybody.
class ImpatientClock final : public Clock {
 public:
  Instant now() const override { return real_.now(); }
  Duration monotonic() const override { return Duration{real_.monotonic().count() * 100'000}; }

 private:
  SystemClock real_;
};

// One connection: a request, and how long its whole answer took.
class Line {
 public:
  explicit Line(std::uint16_t port) : port_(port) { open(); }
  ~Line() { ::close(fd_); }
  Line(const Line&) = delete;

  double microseconds(const std::string& request, std::string_view wanted) {
    const auto begun = Steady::now();
    if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) < 0) std::exit(3);
    in_.clear();
    char buffer[8192];
    for (;;) {
      const auto size = ::recv(fd_, buffer, sizeof buffer, 0);
      if (size <= 0) std::exit(3);
      in_.append(buffer, static_cast<std::size_t>(size));
      const auto head = in_.find("\r\n\r\n");
      if (head == in_.npos) continue;
      const auto length = in_.find("Content-Length: ");
      if (length == in_.npos || length > head) std::exit(3);
      if (in_.size() >= head + 4 + static_cast<std::size_t>(std::atoll(in_.c_str() + length + 16))) break;
    }
    const double took = std::chrono::duration<double, std::micro>(Steady::now() - begun).count();
    if (in_.compare(9, 3, wanted) != 0) {
      std::fprintf(stderr, "leak_bench: not %s: %s\n", std::string(wanted).c_str(), in_.c_str());
      std::exit(3);
    }
    if (in_.find("Connection: close") < in_.find("\r\n\r\n")) ::close(fd_), open();  // after so many requests (WEB-1)
    return took;
  }

 private:
  void open() {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(3);
  }
  std::uint16_t port_;
  int fd_ = -1;
  std::string in_;
};

// Welch's t of two samples, at the cut at which it is largest: of both together the fastest nine tenths, half and fifth are looked at each alone. A slow tenth is what the machine did in
// between; and on a busy machine only the fastest are quiet enough to say anything.
double welch(const std::vector<double>& a, const std::vector<double>& b) {
  auto all = a;
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  double worst = 0;
  for (const std::size_t tenths : {9, 5, 2}) {
    const double most = all[all.size() * tenths / 10];
    const auto described = [most](std::vector<double> one) {
      std::erase_if(one, [most](double x) { return x > most; });
      const auto n = static_cast<double>(one.size());
      double mean = 0, variance = 0;
      for (const double x : one) mean += x / n;
      for (const double x : one) variance += (x - mean) * (x - mean) / (n - 1);
      return std::pair{mean, variance / n};
    };
    const auto [mean_a, share_a] = described(a);
    const auto [mean_b, share_b] = described(b);
    const double t = (mean_a - mean_b) / std::sqrt(share_a + share_b);
    if (std::abs(t) > std::abs(worst)) worst = t;
  }
  return worst;
}

// The control that must tell: the same question, each time answered that much later.
double t_of_a_query_more(std::vector<double> a, const std::vector<double>& b) {
  for (double& x : a) x += kQuery;
  return welch(a, b);
}

double median_of(std::vector<double> all) {
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
  return all[all.size() / 2];
}

struct Question {
  const char* name;
  const char* verb;
  std::string before, after;                        // of the id in the path
  std::string body;
  bool of_report = false;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t samples = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : 20'000;
  std::mt19937_64 lot(argc > 2 ? static_cast<std::uint64_t>(std::atoll(argv[2])) : std::random_device{}());

  const service::for_tests::Folder folder;
  ImpatientClock clock;
  service::SiteForTests site({.database = "sqlite:" + (folder.path / "site.db").string(), .clock = &clock});
  const auto owner = site.organisation("Owner", access::OrganisationKind::Vendor);
  const auto by_owner = site.asker(site.person(owner, "Olga", "olga@owner.example", access::SiteRole::Admin), owner);
  const auto elsewhere = site.organisation("Elsewhere", access::OrganisationKind::Vendor);
  const auto stranger = site.person(elsewhere, "Sam", "sam@elsewhere.example", access::SiteRole::Admin);
  cvd::OrganisationProfile profile;
  profile.name = "Owner";
  profile.takes_reports = true;
  must(site.writer->run(service::change_organisation(site.services, site.system(), owner, profile, 1)));
  std::vector<std::string> cases, reports;
  for (std::size_t i = 0; i < kHidden; ++i) {
    service::SubmitReport sent{owner, {}};
    sent.content.title = "Hidden";
    sent.content.description = "Something.";
    sent.content.product = "parser";
    reports.push_back(site.made<ReportId>(must(service::submit_report(site.services, {.viewer = access::Viewer::nobody()}, std::move(sent)))).text());
  }
  for (const auto& card : must(site.store->as(by_owner.viewer).cases({}, 200))) {
    cases.push_back(card.id.text());
    for (int i = 0; i < 5; ++i) must(site.writer->run(service::case_command(site.services, by_owner, card.id, cvd::OpenThread{"coordination", "Inner", "Words of a hidden case."})));
  }
  const auto issued = must(site.writer->run(service::issue_token(site.services, site.system(), {stranger, elsewhere, must(service::token_scopes("all"))})));
  const auto token = std::string(string_at(issued.answer, "token"));

  web::App app{site.services, site.doors};
  web::Router router(app, 2);
  web::http::Options options;
  options.own_headers = web::Router::security_headers();
  auto server = must(web::http::Server::start(
      options, [&router](web::http::Verb verb, std::string_view path) { return router.limits_of(verb, path); },
      [&router](web::http::Request request, web::http::Respond respond) { router.handle(std::move(request), std::move(respond)); }));
  Line line(server->port());

  const Question questions[] = {
      {"GET a case", "GET", "/api/v1/cases/", "", ""},
      {"GET its timeline", "GET", "/api/v1/cases/", "/timeline", ""},
      {"GET who knew", "GET", "/api/v1/cases/", "/knowers", ""},
      {"GET a report", "GET", "/api/v1/reports/", "", "", true},
      {"POST a thread", "POST", "/api/v1/cases/", "/threads", R"({"audience":"shared","topic":"x","text":"y"})"},
      {"the case's page", "GET", "/cases/", "", ""},
  };
  const auto ask = [&](const Question& question, const std::string& id) {
    auto request = std::string(question.verb) + " " + question.before + id + question.after + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token + "\r\n";
    if (!question.body.empty()) request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(question.body.size()) + "\r\n";
    return line.microseconds(request + "\r\n" + question.body, "404");
  };

  bool tells = false, noisy = false;
  for (const auto& question : questions) {
    // As many of each kind, each asked as often: an id that was asked before is answered from warmer memory than a new one, and drawing one just before the clock runs would leave its mark, too.
    const auto unknown = [&question] {
      std::vector<std::string> out(kHidden);
      for (auto& id : out) id = question.of_report ? ReportId::random().text() : CaseId::random().text();
      return out;
    };
    const std::vector<std::string> ids[] = {question.of_report ? reports : cases, unknown(), unknown()};
    std::vector<double> times[std::size(ids)];
    for (std::size_t i = 0; i < 500; ++i) ask(question, ids[i % 3][i / 3 % kHidden]);
    while (std::any_of(std::begin(times), std::end(times), [samples](const auto& one) { return one.size() < samples; })) {
      const auto kind = lot() % 3, which = lot() % kHidden;   // whose turn it is, drawn by lot
      if (times[kind].size() < samples) times[kind].push_back(ask(question, ids[kind][which]));
    }
    const auto& [hidden, never, others] = times;
    const double t = welch(hidden, never), control = welch(others, never), late = t_of_a_query_more(others, never);
    const bool told = std::abs(t) >= kBar, cannot_say = std::abs(control) >= kBar || (!told && std::abs(late) < kBar);
    tells = tells || told;
    noisy = noisy || cannot_say;
    std::printf("%-18s %6zu samples of each kind, median hidden %7.1f us, never %7.1f us, t %+6.2f; control t %+6.2f; %.0f us more t %+7.2f%s\n", question.name, samples, median_of(hidden), median_of(never), t, control,
                kQuery, late, cannot_say ? "  TOO NOISY" : told ? "  TELLS" : "");
    std::fflush(stdout);
  }
  std::printf("worst: %s\n", noisy ? "the machine is too noisy to say" : tells ? "a time tells something" : "no time tells anything, |t| < 4.5 everywhere");
  server->stop(std::chrono::seconds(1));
  return noisy ? 2 : tells ? 1 : 0;
}
