#include "service/vendor_contact.h"

#include <doctest/doctest.h>

#include <future>

#include "service/testing.h"

using namespace sluice;
using namespace sluice::service;
using namespace std::chrono_literals;

namespace {

bool named(std::string uri, std::string_view domain) {
  cvd::OrganisationProfile profile;
  profile.contacts = {{"security", std::move(uri)}};
  return names_domain(profile, domain);
}

// A site whose outbound client reaches nothing: every name leads to an address that isn't spoken to.
struct Asking {
  SiteForTests site;
  Outbound outbound{{.hosts = {*parse_outbound_host("vendor.example=127.0.0.1:1")}}};
  VendorContacts contacts{site.services, outbound};

  access::Viewer staff_of(access::OrganisationKind kind, std::string_view name, access::SiteRole role = access::SiteRole::Staff) {
    const auto of = site.organisation(std::string(name), kind);
    return site.viewer(site.person(of, std::string(name) + " person", std::string(name) + "@people.example", role), of);
  }
  Result<json::object> find(const access::Viewer& viewer, FindContact wanted) {
    std::promise<Result<json::object>> answer;
    const auto started = contacts.find(viewer, wanted, [&](Result<json::object> found) { answer.set_value(std::move(found)); });
    if (!started) return std::unexpected(started.error());
    return answer.get_future().get();
  }
};

}  // namespace

TEST_CASE("V2: a contact names a domain if its host is the domain or below it") {
  CHECK(named("mailto:psirt@vendor.example", "vendor.example"));
  CHECK(named("mailto:PSIRT@Vendor.Example?subject=x", "vendor.example"));
  CHECK(named("https://www.vendor.example/report", "vendor.example"));
  CHECK(named("https://vendor.example:8443/report", "vendor.example"));
  CHECK_FALSE(named("mailto:psirt@vendor.example", "www.vendor.example"));
  CHECK_FALSE(named("https://evilvendor.example/", "vendor.example"));
  CHECK_FALSE(named("https://vendor.example.else.example/", "vendor.example"));
  CHECK_FALSE(named("https://else.example/?vendor.example", "vendor.example"));
  CHECK_FALSE(named("https://else.example#.vendor.example", "vendor.example"));
  CHECK_FALSE(named("tel:+1-201-555-0123", "vendor.example"));
  CHECK_FALSE(named("mailto:vendor.example", "vendor.example"));
}

TEST_CASE("staff of vendors and coordinators look up; nobody else, and no administrator of the site") {
  Asking a;
  const FindContact wanted{"vendor.example", AskVendor::Never};
  using enum access::OrganisationKind;
  CHECK(a.find(a.staff_of(Vendor, "vendor"), wanted));
  CHECK(a.find(a.staff_of(Coordinator, "coordinator"), wanted));
  for (const auto kind : {Finder, Member, Authority, Operator}) CHECK(a.find(a.staff_of(kind, "other" + to_word(kind)), wanted).error().kind == ErrorKind::Forbidden);
  CHECK(a.find(a.staff_of(Vendor, "audited", access::SiteRole::Auditor), wanted).error().kind == ErrorKind::Forbidden);
  CHECK(a.find(access::Viewer::nobody(), wanted).error().kind == ErrorKind::Unauthenticated);
}

TEST_CASE("a vendor that can't be asked is nothing found, with what was tried") {
  Asking a;
  const auto found = a.find(a.staff_of(access::OrganisationKind::Coordinator, "coordinator"), {"vendor.example", {}});
  REQUIRE(found);
  CHECK(found->at("found") == "nothing");
  const auto& tried = found->at("security_txt").at("tried").as_array();
  REQUIRE(tried.size() == 2);
  CHECK(tried[0].at("address") == "https://vendor.example/.well-known/security.txt");
  CHECK(tried[1].at("address") == "https://vendor.example/security.txt");
}
