#include "formats/security_txt/read.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace sluice;
using namespace sluice::formats;

namespace {

const Instant kNow = *parse_instant("2027-01-15T08:00:00Z");
const std::string kGood = "Contact: mailto:psirt@vendor.example\nExpires: 2027-06-01T00:00:00Z\n";

std::string word(Severity severity) { return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "information"; }

// "error §2.5.3 line 2", sorted by what stands in the file.
std::vector<std::string> shown(std::string_view text, std::string_view found_at = {}) {
  std::vector<std::string> out;
  for (const auto& f : security_txt::check(security_txt::read(text), kNow, found_at)) out.push_back(word(f.severity) + f.rule.substr(8) + (f.where.empty() ? "" : " " + f.where));
  return out;
}

}  // namespace

TEST_CASE("contacts keep their order, names of fields their registry's case") {
  const auto read = security_txt::read("# Our security address\r\ncontact: mailto:a@vendor.example\r\nCONTACT: https://vendor.example/report\r\nContact: tel:+1-201-555-0123\r\nExpires: 2027-06-01T00:00:00Z\r\n"
                                       "preferred-languages: de, en\r\ncsaf: https://vendor.example/.well-known/csaf/provider-metadata.json\r\n\r\n");
  CHECK(read.findings.empty());
  CHECK(read.file.all("Contact") == std::vector<std::string>{"mailto:a@vendor.example", "https://vendor.example/report", "tel:+1-201-555-0123"});
  CHECK(read.file.languages() == std::vector<std::string>{"de", "en"});
  CHECK(read.file.expires() == parse_instant("2027-06-01T00:00:00Z"));
  CHECK(read.file.all("CSAF").size() == 1);
  CHECK(read.file.fields[1].line == 3);
}

TEST_CASE("what RFC 9116 forbids is found where it stands, with its clause") {
  struct Row {
    const char* what;
    std::string text;
    std::vector<std::string> found;
  };
  const Row rows[] = {
      {"nothing", "", {"error §2.5.3", "error §2.5.5"}},
      {"a sound file", kGood, {}},
      {"a bare address", "Contact: psirt@vendor.example\nExpires: 2027-06-01T00:00:00Z\n", {"error §2.5.3 line 1"}},
      {"a bare number", "Contact: +1-201-555-0123\nExpires: 2027-06-01T00:00:00Z\n", {"error §2.5.3 line 1"}},
      {"mailto to nobody", "Contact: mailto:psirt\nExpires: 2027-06-01T00:00:00Z\n", {"error §2.5.3 line 1"}},
      {"a contact over plain http", "Contact: HTTP://vendor.example/report\nExpires: 2027-06-01T00:00:00Z\n", {"error §2.5.3 line 1"}},
      {"a policy over plain http", kGood + "Policy: http://vendor.example/policy\n", {"error §2.5.7 line 3"}},
      {"other pages over plain http",
       kGood + "Acknowledgments: http://v.example/\nCanonical: http://v.example/\nEncryption: http://v.example/\nHiring: http://v.example/\nCSAF: http://v.example/\n",
       {"error §2.5.4 line 5", "error §2.5.1 line 3", "error §2.5.2 line 4", "error §2.5.6 line 6", "error §2.4 line 7"}},
      {"a key where its address belongs", kGood + "Encryption: -----BEGIN PGP PUBLIC KEY BLOCK-----\n", {"error §2.5.4 line 3"}},
      {"a fingerprint is a URI", kGood + "Encryption: openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f\n", {}},
      {"no Expires", "Contact: mailto:a@v.example\n", {"error §2.5.5"}},
      {"two Expires", kGood + "Expires: 2027-07-01T00:00:00Z\n", {"error §2.5.5 line 3"}},
      {"an expired file", "Contact: mailto:a@v.example\nExpires: 2027-01-15T08:00:00Z\n", {"error §2.5.5 line 2"}},
      {"a file good for ever", "Contact: mailto:a@v.example\nExpires: 2099-01-01T00:00:00Z\n", {"warning §2.5.5 line 2"}},
      {"a day without a time", "Contact: mailto:a@v.example\nExpires: 2027-06-01\n", {"error §2.5.5 line 2"}},
      {"the date form of an early draft", "Contact: mailto:a@v.example\nExpires: Thu, 31 Dec 2027 18:37:07 -0800\n", {"error §2.5.5 line 2"}},
      {"two lists of languages", kGood + "Preferred-Languages: en\nPreferred-Languages: de\n", {"error §2.5.8 line 4"}},
      {"no such language", kGood + "Preferred-Languages: en, english\n", {"error §2.5.8 line 3"}},
      {"an empty language", kGood + "Preferred-Languages: en,\n", {"error §2.5.8 line 3"}},
      {"an unknown field", kGood + "Bug-Bounty: false\n", {"information §2.4 line 3"}},
      {"no space after the colon", "Contact:mailto:a@v.example\nExpires: 2027-06-01T00:00:00Z\n", {"warning §4 line 1"}},
      {"no value", kGood + "Hiring:\n", {"warning §4 line 3", "error §4 line 3"}},
      {"a line of prose", kGood + "Please write to us\n", {"error §4 line 3"}},
      {"a page of HTML", "<!DOCTYPE html>\n<html></html>\n", {"error §4 line 1", "error §4 line 2", "error §2.5.3", "error §2.5.5"}},
      {"no line feed at the end", kGood + "# end", {"warning §2.2 line 3"}},
      {"a byte order mark", "\xEF\xBB\xBF" + kGood, {"warning §4 line 1"}},
      {"an escape sequence", kGood + "# \x1b[2J\n", {"error §4 line 3"}},
      {"a control of Latin 1", kGood + "# \xC2\x9B" "2J\n", {"error §4 line 3"}},
      {"an overlong slash", kGood + "Policy: https:/\xC0\xAFv.example\n", {"error §4 line 3"}},
      {"a surrogate", kGood + "# \xED\xA0\x80\n", {"error §4 line 3"}},
      {"UTF-8 in a comment", kGood + "# Grüße\n", {}},
      {"a carriage return alone", "Contact: mailto:a@v.example\rExpires: 2027-06-01T00:00:00Z\n", {"error §4 line 1", "error §2.5.3", "error §2.5.5"}},
      {"a long line", kGood + "# " + std::string(2047, 'x') + "\n", {"error §5.4 line 3"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(shown(row.text) == row.found);
  }
}

TEST_CASE("limits come first: a file over one has no fields, a line over one is none") {
  const auto large = security_txt::read(kGood + std::string(40'000, '\n'));
  CHECK(large.file.fields.empty());
  REQUIRE(large.findings.size() == 1);
  CHECK(large.findings[0].rule == "RFC 9116 §5.4");
  CHECK(security_txt::read(kGood, {.bytes = kGood.size()}).findings.empty());
  CHECK(security_txt::read(kGood, {.lines = 1}).file.fields.size() == 1);
}

TEST_CASE("hostile text can't make more findings than the limit, and what was left out is an error") {
  std::string text;
  for (int i = 0; i < 900; ++i) text += "X: 1\n";
  const auto read = security_txt::read(text + kGood);
  CHECK(read.findings.size() == 101);
  CHECK_FALSE(is_valid(read.findings));
}

TEST_CASE("of a signed file only what is signed is read, and the signature is said not to be verified") {
  const std::string head = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n";
  const std::string tail = "-----BEGIN PGP SIGNATURE-----\n\niHUEARYKAB0=\n-----END PGP SIGNATURE-----\n";
  const auto canonical = kGood + "Canonical: https://vendor.example/.well-known/security.txt\n";
  const auto read = security_txt::read(head + canonical + tail);
  CHECK(read.file.is_signed);
  CHECK(read.file.fields.size() == 3);
  CHECK(shown(head + canonical + tail) == std::vector<std::string>{"information §2.3"});
  CHECK(shown(head + kGood + tail) == std::vector<std::string>{"warning §2.3", "information §2.3"});

  const auto around = security_txt::read("Contact: mailto:evil@else.example\n" + head + "- # dash\n" + canonical + tail + "Contact: mailto:evil@else.example\n");
  CHECK(around.file.all("Contact") == std::vector<std::string>{"mailto:psirt@vendor.example"});
  CHECK(is_valid(around.findings));  // "- # dash" is a comment that was escaped
  CHECK(std::count_if(around.findings.begin(), around.findings.end(), [](const Finding& f) { return f.severity == Severity::Warning; }) == 2);
  // Armour headers end at the first empty line; a contact hidden among them is none.
  CHECK(security_txt::read("-----BEGIN PGP SIGNED MESSAGE-----\nContact: mailto:evil@else.example\n\n" + canonical + tail).file.all("Contact").size() == 1);
  CHECK_FALSE(is_valid(security_txt::read(head + canonical).findings));
}

TEST_CASE("a file found elsewhere than its Canonical says is not to be trusted unseen") {
  const auto text = kGood + "Canonical: https://vendor.example/.well-known/security.txt\n";
  CHECK(shown(text, "https://vendor.example/.well-known/security.txt").empty());
  CHECK(shown(text, "https://else.example/.well-known/security.txt") == std::vector<std::string>{"warning §2.5.2"});
}

TEST_CASE("reading never fails, and no value can steer a terminal") {
  CHECK(rc::check([](const std::string& noise) {
    for (const auto& field : security_txt::read("Contact: " + noise + "\n" + noise).file.fields)
      RC_ASSERT(std::none_of(field.value.begin(), field.value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }));
  }));
}
