#include <doctest/doctest.h>

#include <algorithm>

#include "web/app.h"

using namespace sluice;
using namespace sluice::web;

TEST_CASE("AUT-6: what publishes, exports, changes members, roles, keys or tokens asks a session for the factor anew") {
  // Ends of paths; a route that isn't here doesn't.
  constexpr std::string_view kNamed[] = {
      "/people", "/{person}/suspend", "/{person}/restore", "/{person}/end", "/{person}/role", "/{person}/disable", "/{person}/enable", "/factor/reset", "/factor/reset/confirm",             // members and roles of an organisation
      "/v1/factor", "/factor/begin", "/factor/recovery-codes", "/factor/drop", "/v1/tokens", "/threats/webhooks", "/{webhook}/secret", "/tokens/certificates", "/threats/peers", "/{peer}/resume", "/{pseudonym}/reveals", "/{reveal}/agree", "/{threat_report}/release",                                                                                              // keys and tokens
      "/v1/break-glass", "/{glass}/confirm",
      "/{case}/participants", "/{organisation}/confirm", "/{organisation}/suspend", "/{organisation}/restore", "/{organisation}/remove", "/{case}/leave", "/owner/offer", "/owner/take", "/{report}/route",
      "/{organisation}/roles", "/{case}/split", "/{case}/merge", "/{case}/groups", "/{group}/members", "/participants/invite", "/{case}/without",                                             // members of a case
      "/{version}/settle", "/embargo/end", "/{claim}/adopt", "/{claim}/refuse", "/statements/approve", "/{version}/approve", "/releases", "/releases/readiness", "/{release}/waive", "/{release}/hold", "/{release}/early", "/threat-objects/collections", "/mitigations/collections", "/{mitigation}/share", "/{mitigation}/decline", "/{collection}/widenings", "/{widening}/approve",  // publishing
      "/{notice}/clear", "/{notice}/file", "/{area}/publish",                                                                                                                               // what goes to authorities
      "/{request}/confirm", "/erasures"};
  for (const auto& route : routes()) {
    CAPTURE(route.path);
    const bool exports = route.path.find("/export") != route.path.npos || route.path.find("/evidence") != route.path.npos || route.path.ends_with("/notices/{notice}/text");
    if (route.verb == http::Verb::Get) CHECK((route.step_up == access::StepUp::Needed) == exports);
    if (!route.path.starts_with("/api/") || route.verb != http::Verb::Post) continue;
    const bool named = std::any_of(std::begin(kNamed), std::end(kNamed), [&](std::string_view end) { return route.path.ends_with(end); });
    CHECK((route.step_up == access::StepUp::Needed) == named);
  }
}
