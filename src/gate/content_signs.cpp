#include "gate/content_signs.h"

#include <algorithm>
#include <array>

#include "gate/content_signs_persons.h"

namespace sluice::gate {

namespace {

bool a_digit(char c) { return c >= '0' && c <= '9'; }
bool an_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool a_letter(char c) { return (c >= 'a' && c <= 'z') || an_upper(c); }
bool a_word(char c) { return a_letter(c) || a_digit(c) || c == '_'; }
bool a_hex(char c) { return a_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
char small(char c) { return an_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::string_view kCode = "exploit-code", kSecret = "credential", kNetwork = "network-address", kPerson = "personal-data";

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    lower_.reserve(text.size());
    for (const char c : text) lower_.push_back(small(c));
  }

  std::vector<Sign> all() {
    lines();
    for (std::size_t at = 0; at < text_.size() && out_.size() < kMostSigns; ++at) {
      private_key(at);
      token(at);
      named_secret(at);
      secret_in_address(at);
      query(at);
      if (at == 0 || !a_word(text_[at - 1])) {
        address(at);
        mail(at);
        numbers_of_persons(at);
        bank_account(at);
        if (const auto length = telephone_number_at(text_, lower_, at); length != 0) sign(kPerson, "leaked-data", at, length, "a telephone number");
        if (const auto length = birth_date_at(text_, lower_, at); length != 0) sign(kPerson, "leaked-data", at, length, "a date of birth");
        if (const auto length = identity_number_at(text_, lower_, at); length != 0) sign(kPerson, "leaked-data", at, length, "a number of a person in a state's register");
      }
      shell_code(at);
    }
    exploit_lines();
    std::stable_sort(out_.begin(), out_.end(), [](const Sign& a, const Sign& b) { return a.offset < b.offset; });
    return std::move(out_);
  }

 private:
  void lines() {
    starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i)
      if (text_[i] == '\n') starts_.push_back(i + 1);
  }

  void sign(std::string_view kind, std::string_view proposes, std::size_t at, std::size_t length, std::string what) {
    if (out_.size() >= kMostSigns) return;
    const auto line = std::upper_bound(starts_.begin(), starts_.end(), at) - starts_.begin();
    // Of one kind a line says it once, but for addresses.
    for (const auto& one : out_)
      if (one.kind == kind && one.line == line && one.what == what) return;
    out_.push_back({std::string(kind), std::string(proposes), static_cast<std::int64_t>(line), static_cast<std::int64_t>(at), static_cast<std::int64_t>(length), std::move(what)});
  }

  bool at_is(std::size_t at, std::string_view word) const { return std::string_view(lower_).substr(at, word.size()) == word; }

  // ---- keys and passwords

  void private_key(std::size_t at) {
    if (text_[at] != '-' || !at_is(at, "-----begin ")) return;
    const auto head = std::string_view(lower_).substr(at, run(at, [](char c) { return c != '\n'; }));  // RFC 7468 §2: a label of a few words
    if (head.find("private key") != head.npos) sign(kSecret, "leaked-data", at, head.size(), "a private key begins here");
  }

  // Never longer than what is looked for can be, so that the work stays linear (C3).
  std::size_t run(std::size_t at, auto&& fits) const {
    std::size_t end = at;
    while (end < text_.size() && end - at < 400 && fits(text_[end])) ++end;
    return end - at;
  }

  // Tokens whose form their maker documents.
  void token(std::size_t at) {
    if (at != 0 && (a_word(text_[at - 1]) || text_[at - 1] == '-')) return;
    const auto rest = text_.substr(at);
    const auto key_char = [](char c) { return a_word(c) || c == '-'; };
    if ((rest.starts_with("AKIA") || rest.starts_with("ASIA")) && run(at, [](char c) { return an_upper(c) || a_digit(c); }) == 20) sign(kSecret, "leaked-data", at, 20, "an access key of a cloud");
    for (const auto* prefix : {"ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "sk_live_", "rk_live_"})
      if (rest.starts_with(prefix))
        if (const auto length = run(at, key_char); length >= 24) sign(kSecret, "leaked-data", at, length, "a token of a service");
    if (rest.starts_with("eyJ")) {  // RFC 7519: three parts in base64url
      const auto length = run(at, [](char c) { return a_word(c) || c == '-' || c == '.'; });
      const auto jwt = rest.substr(0, length);
      if (length > 40 && std::count(jwt.begin(), jwt.end(), '.') == 2 && jwt.find(".eyJ") != jwt.npos) sign(kSecret, "leaked-data", at, length, "a signed token (JWT)");
    }
  }

  static bool is_placeholder(std::string_view value) {
    if (value.size() < 6) return true;
    for (const char c : value)
      if (c == '<' || c == '$' || c == '{' || c == '%' || c == '(' || c == '[') return true;
    if (std::all_of(value.begin(), value.end(), [&](char c) { return c == value.front(); })) return true;
    static constexpr std::array<std::string_view, 14> kExamples{"example", "password", "changeme", "your", "secret", "none", "null", "true", "false", "redacted", "required", "optional", "string", "xxx"};
    std::string low;
    for (const char c : value) low.push_back(small(c));
    return std::any_of(kExamples.begin(), kExamples.end(), [&](std::string_view e) { return low.starts_with(e); });
  }

  // password = "…", api_key: …: a value that mixes letters with digits or signs, and isn't a placeholder.
  void named_secret(std::size_t at) {
    static constexpr std::array<std::string_view, 8> kNames{"password", "passwd", "api_key", "apikey", "api-key", "secret_key", "access_token", "auth_token"};
    if (at != 0 && a_letter(text_[at - 1])) return;
    for (const auto name : kNames) {
      if (!at_is(at, name)) continue;
      auto i = at + name.size();
      if (i < text_.size() && (text_[i] == '"' || text_[i] == '\'')) ++i;
      while (i < text_.size() && text_[i] == ' ') ++i;
      if (i >= text_.size() || (text_[i] != '=' && text_[i] != ':')) return;
      ++i;
      while (i < text_.size() && text_[i] == ' ') ++i;
      const bool quoted = i < text_.size() && (text_[i] == '"' || text_[i] == '\'');
      if (quoted) ++i;
      const auto length = run(i, [&](char c) { return c > ' ' && c != '"' && c != '\'' && c != ',' && c != ';' && c != '<' && c < 0x7f; });
      const auto value = text_.substr(i, std::min<std::size_t>(length, 200));
      const bool mixed = std::any_of(value.begin(), value.end(), [](char c) { return a_digit(c); }) && std::any_of(value.begin(), value.end(), [](char c) { return a_letter(c); });
      if (mixed && !is_placeholder(value)) sign(kSecret, "leaked-data", at, i + length - at, "a secret with its value");
      return;
    }
  }

  // scheme://user:password@host (RFC 3986 §3.2.1). A text about such addresses has a word for the password, or none with a digit or sign in it.
  void secret_in_address(std::size_t at) {
    if (text_[at] != ':' || at == 0 || !a_letter(text_[at - 1]) || !at_is(at, "://")) return;
    const auto from = at + 3;
    const auto user = run(from, [](char c) { return a_word(c) || c == '.' || c == '-' || c == '+' || c == '%'; });
    if (from + user >= text_.size() || text_[from + user] != ':') return;
    const auto begin = from + user + 1;
    const auto length = run(begin, [](char c) { return c > ' ' && c < 0x7f && c != '@' && c != '/' && c != '"' && c != '\'' && c != '?' && c != '#'; });
    if (begin + length + 1 >= text_.size() || text_[begin + length] != '@' || !(a_word(text_[begin + length + 1]) || text_[begin + length + 1] == '[')) return;
    const auto value = text_.substr(begin, length);
    const bool plain = std::all_of(value.begin(), value.end(), a_letter) || std::all_of(value.begin(), value.end(), a_digit);
    if (plain || is_placeholder(value) || at_is(begin, "pass") || value == text_.substr(from, user)) return;
    sign(kSecret, "leaked-data", at - 1, begin + length - at + 1, "a password in an address");
  }

  // ---- networks

  // An IPv4 address that isn't of documentation (RFC 5737), loopback, all or none; not a version, which has a word such as "version" or a v before it.
  void address(std::size_t at) {
    if (a_digit(text_[at])) ipv4(at);
    if (text_[at] == ':' || a_hex(text_[at])) ipv6(at);  // most begin with a digit, too
  }
  void ipv4(std::size_t at) {
    if (at != 0 && (text_[at - 1] == '.' || text_[at - 1] == '-' || text_[at - 1] == '/')) return;
    int part[4] = {}, n = 0;
    std::size_t i = at;
    for (; n < 4; ++n) {
      const auto from = i;
      int value = 0;
      while (i < text_.size() && a_digit(text_[i]) && i - from < 4) value = value * 10 + (text_[i++] - '0');
      if (i == from || i - from > 3 || value > 255 || (i - from > 1 && text_[from] == '0')) return;
      part[n] = value;
      if (n < 3 && (i >= text_.size() || text_[i++] != '.')) return;
    }
    if (i < text_.size() && (a_word(text_[i]) || (text_[i] == '.' && i + 1 < text_.size() && a_digit(text_[i + 1])) || text_[i] == '-')) return;
    const bool documentation = (part[0] == 192 && part[1] == 0 && part[2] == 2) || (part[0] == 198 && part[1] == 51 && part[2] == 100) || (part[0] == 203 && part[1] == 0 && part[2] == 113);
    if (documentation || part[0] == 127 || part[0] == 0 || part[0] >= 224) return;
    const auto from = at < 24 ? 0 : at - 24;
    const auto before = std::string_view(lower_).substr(from, at - from);
    static constexpr std::array<std::string_view, 8> kVersions{"version", "release", "build", " v", "firmware", "before ", "through ", "prior to"};
    if (std::any_of(kVersions.begin(), kVersions.end(), [&](std::string_view w) { return before.find(w) != before.npos; })) return;
    const bool inner = part[0] == 10 || (part[0] == 172 && part[1] >= 16 && part[1] < 32) || (part[0] == 192 && part[1] == 168);
    sign(kNetwork, "network-detail", at, i - at, inner ? "an address inside a network" : "an address of a machine");
  }
  void ipv6(std::size_t at) {
    if (at != 0 && (text_[at - 1] == ':' || text_[at - 1] == '.')) return;
    const auto length = run(at, [](char c) { return a_hex(c) || c == ':'; });
    if (length < 6 || length > 45) return;
    const auto text = text_.substr(at, length);
    const auto colons = std::count(text.begin(), text.end(), ':');
    const bool gap = text.find("::") != text.npos;
    if (colons < 2 || colons > 7 || (!gap && colons != 7)) return;
    int group = 0;
    for (const char c : text) {
      group = c == ':' ? 0 : group + 1;
      if (group > 4) return;
    }
    if (at + length < text_.size() && a_word(text_[at + length])) return;
    if (text.ends_with("::") && at + length < text_.size() && text_[at + length] == '/') return;  // a prefix: a kind of address, and none
    const auto low = std::string_view(lower_).substr(at, length);
    if (low.starts_with("2001:db8") || low == "::1" || !std::any_of(low.begin(), low.end(), a_digit)) return;  // RFC 3849
    if (gap && std::count_if(low.begin(), low.end(), a_hex) < 4) return;
    // RFC 4291 §2.5.6, RFC 4193: of one link, of one site.
    const bool inner = text_.substr(at, length).find(':') == 4 && (low.starts_with("fe8") || low.starts_with("fe9") || low.starts_with("fea") || low.starts_with("feb") || low.starts_with("fc") || low.starts_with("fd"));
    sign(kNetwork, "network-detail", at, length, inner ? "an address inside a network" : "an address of a machine");
  }

  // ---- persons

  void mail(std::size_t at) {
    const auto local = run(at, [](char c) { return a_word(c) || c == '.' || c == '+' || c == '-'; });
    if (local == 0 || local > 64 || at + local >= text_.size() || text_[at + local] != '@') return;
    if (at != 0 && (text_[at - 1] == '.' || text_[at - 1] == '+' || text_[at - 1] == '-' || text_[at - 1] == '/' || text_[at - 1] == '@')) return;
    if (at != 0 && text_[at - 1] == ':') {  // the password of an address, not a box
      const auto from = at < 100 ? 0 : at - 100;
      const auto before = text_.substr(from, at - from);
      if (const auto scheme = before.rfind("://"); scheme != before.npos && before.find_first_of(" \n\t", scheme) == before.npos) return;
    }
    const auto domain = run(at + local + 1, [](char c) { return a_word(c) || c == '.' || c == '-'; });
    auto host = std::string_view(lower_).substr(at + local + 1, domain);
    while (host.ends_with('.') || host.ends_with('-')) host.remove_suffix(1);
    const auto dot = host.rfind('.');
    if (dot == host.npos || dot + 2 >= host.size() || !std::all_of(host.begin() + static_cast<std::ptrdiff_t>(dot) + 1, host.end(), a_letter)) return;  // user@4.2, purl@1.0
    // RFC 2606, and boxes that are a function's rather than a person's.
    if (host == "example.com" || host == "example.org" || host == "example.net" || host.ends_with(".example") || host.ends_with(".invalid") || host.ends_with(".test")) return;
    const auto box = std::string_view(lower_).substr(at, local);
    static constexpr std::array<std::string_view, 12> kFunctions{"security", "psirt", "cert", "csirt", "info", "support", "abuse", "contact", "noreply", "no-reply", "press", "git"};
    if (std::find(kFunctions.begin(), kFunctions.end(), box) != kFunctions.end()) return;
    sign(kPerson, "leaked-data", at, local + 1 + host.size(), "a mail address of a person");
  }

  void numbers_of_persons(std::size_t at) {
    if (!a_digit(text_[at])) return;
    // A card: 13 to 19 digits, in groups or not, that pass Luhn's sum (ISO/IEC 7812) and begin as cards do.
    std::string digits;
    std::size_t i = at, grouped = 0;
    for (; i < text_.size() && digits.size() < 20; ++i) {
      if (a_digit(text_[i])) digits.push_back(text_[i]);
      else if ((text_[i] == ' ' || text_[i] == '-') && i + 1 < text_.size() && a_digit(text_[i + 1])) ++grouped;
      else break;
    }
    if (i < text_.size() && a_word(text_[i])) return;
    if (digits.size() >= 15 && digits.size() <= 16 && grouped <= 3 && (digits[0] >= '3' && digits[0] <= '6') && std::any_of(digits.begin(), digits.end(), [&](char c) { return c != digits[0]; })) {
      int sum = 0;
      for (std::size_t k = 0; k < digits.size(); ++k) {
        int d = digits[digits.size() - 1 - k] - '0';
        if (k % 2 == 1) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
      }
      if (sum % 10 == 0) sign(kPerson, "leaked-data", at, i - at, "a number of a payment card");
    }
  }

  // ISO 13616: a country with the length of its numbers, and two digits that check the rest (mod 97).
  void bank_account(std::size_t at) {
    if (!an_upper(text_[at]) || at + 4 > text_.size() || !an_upper(text_[at + 1]) || !a_digit(text_[at + 2]) || !a_digit(text_[at + 3])) return;
    struct Country { std::string_view code; std::size_t length; };
    static constexpr std::array<Country, 40> kCountries{{{"AD", 24}, {"AE", 23}, {"AT", 20}, {"BE", 16}, {"BG", 22}, {"CH", 21}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DK", 18}, {"EE", 20}, {"ES", 24}, {"FI", 18}, {"FR", 27},
                                                       {"GB", 22}, {"GR", 27}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IS", 26}, {"IT", 27}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"MC", 27}, {"MT", 31},
                                                       {"NL", 18}, {"NO", 15}, {"PL", 28}, {"PT", 25}, {"RO", 24}, {"RS", 22}, {"SA", 24}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"TR", 26}}};
    const auto country = std::find_if(kCountries.begin(), kCountries.end(), [&](const Country& one) { return one.code == text_.substr(at, 2); });
    if (country == kCountries.end()) return;
    std::string number;
    std::size_t i = at;
    for (; i < text_.size() && number.size() < country->length; ++i) {
      if (a_digit(text_[i]) || an_upper(text_[i])) number.push_back(text_[i]);
      else if (text_[i] != ' ' || number.size() % 4 != 0) return;
    }
    if (number.size() != country->length || (i < text_.size() && a_word(text_[i]))) return;
    int rest = 0;
    for (std::size_t k = 0; k < number.size(); ++k) {
      const char c = number[(k + 4) % number.size()];
      rest = a_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
    }
    if (rest == 1) sign(kPerson, "leaked-data", at, i - at, "a number of a bank account");
  }

  // ---- code that exploits

  // A condition that is always true, where a text ends and a query goes on: ' or 1=1 --. After a word in quotes, as in prose, only with what comments out the rest.
  void query(std::size_t at) {
    if (text_[at] != '\'' && text_[at] != '"') return;
    std::size_t i = at + 1;
    const auto blanks = [&] { while (i < text_.size() && i - at < 40 && (text_[i] == ' ' || text_[i] == '+')) ++i; };
    while (i < text_.size() && i - at < 8 && text_[i] == ')') ++i;
    blanks();
    if (at_is(i, "or ") || at_is(i, "or+") || at_is(i, "|| ")) i += 2;
    else return;
    blanks();
    const auto side = [&]() -> std::string_view {
      const auto from = i;
      while (i < text_.size() && i - from < 20 && (a_word(text_[i]) || text_[i] == '\'' || text_[i] == '"')) ++i;
      return text_.substr(from, i - from);
    };
    const auto bare = [](std::string_view one) {
      while (!one.empty() && (one.front() == '\'' || one.front() == '"')) one.remove_prefix(1);
      while (!one.empty() && (one.back() == '\'' || one.back() == '"')) one.remove_suffix(1);
      return one;
    };
    const auto left = side();
    blanks();
    if (left.empty() || i >= text_.size() || text_[i] != '=') return;
    ++i;
    blanks();
    const auto right = side();
    const bool is_value = a_digit(left.front()) || left.front() == '\'' || left.front() == '"';
    if (!is_value || bare(left) != bare(right)) return;
    blanks();
    const bool cuts = at_is(i, "--") || at_is(i, "#") || at_is(i, "/*") || at_is(i, ";");
    if (cuts || at == 0 || !a_word(text_[at - 1])) sign(kCode, "poc", at, i - at, "a condition that is always true, put into a query");
  }

  // A run of bytes in escapes: \x90\x90…, eight or more; four, where there is a sled or a call into the kernel among them.
  void shell_code(std::size_t at) {
    if (text_[at] != '\\' || (at >= 4 && is_escape(at - 4))) return;
    std::size_t i = at;
    while (i - at < 4'000 && is_escape(i)) i += 4;
    const auto run_of = std::string_view(lower_).substr(at, i - at);
    const auto has = [&](std::string_view bytes) { return run_of.find(bytes) != run_of.npos; };
    const bool is_code = has("\\x90\\x90") || has("\\xcd\\x80") || has("\\x0f\\x05");
    if ((i - at) / 4 >= (is_code ? 4u : 8u)) sign(kCode, "poc", at, i - at, "a run of machine code in escapes");
  }
  bool is_escape(std::size_t at) const { return at + 3 < text_.size() && text_[at] == '\\' && (text_[at + 1] == 'x' || text_[at + 1] == 'X') && a_hex(text_[at + 2]) && a_hex(text_[at + 3]); }

  // Lines that are used to attack, rather than words about attacks: each is a whole construction.
  void exploit_lines() {
    struct Line { std::string_view first, second; std::string_view proposes, what; };
    static constexpr std::array<Line, 26> kLines{{
        {"${jndi:", "}", "poc", "a lookup that makes a logger load code"},
        {"bash -i", "/dev/tcp/", "exploit-tool", "a shell that calls back"},
        {"nc -e", "/bin/", "exploit-tool", "a shell that calls back"},
        {"socket.socket", "subprocess", "exploit-tool", "a shell that calls back"},
        {"include msf/core", "", "exploit-tool", "a module of an attack framework"},
        {"msfvenom", "-p ", "exploit-tool", "a payload is made here"},
        {"class metasploitmodule", "", "exploit-tool", "a module of an attack framework"},
        {"union select", "from", "poc", "a query that reads what it should not"},
        {"<!entity", "system", "poc", "an entity that reads a file or an address"},
        {"'; drop table ", "", "poc", "a query that does what it should not"},
        {"';drop table ", "", "poc", "a query that does what it should not"},
        {"'; waitfor delay '", "", "poc", "a query that does what it should not"},
        {"exec xp_cmdshell", "", "poc", "a query that does what it should not"},
        {"%27%20or%20", "=", "poc", "a condition that is always true, put into a query"},
        {"struct.pack(", "\\x", "poc", "a payload with addresses"},
        {"from pwn import", "", "poc", "code for exploiting a program"},
        {"p64(0x", "payload", "poc", "a payload with addresses"},
        {"ysoserial", "payload", "exploit-tool", "a payload for a deserialiser"},
        {"/etc/passwd", "../../", "poc", "a path that leaves its folder"},
        {"<script", "alert(", "poc", "a script put into a page"},
        {"<script", "document.cookie", "poc", "a script put into a page"},
        {"onerror=", "alert(", "poc", "a script put into a page"},
        {"javascript:alert(", "", "poc", "a script put into a page"},
        {"$(id)", "", "poc", "a command put into an input"},
        {"() { :;};", "", "poc", "a function that makes a shell run code"},
        {"<?php", "system(", "exploit-tool", "a page that runs commands"},
    }};
    for (std::size_t i = 0; i < starts_.size() && out_.size() < kMostSigns; ++i) {
      const auto end = i + 1 < starts_.size() ? starts_[i + 1] - 1 : text_.size();
      const auto line = std::string_view(lower_).substr(starts_[i], std::min<std::size_t>(end - starts_[i], 4'000));
      for (const auto& one : kLines) {
        const auto at = line.find(one.first);
        if (at == line.npos || (!one.second.empty() && line.find(one.second) == line.npos)) continue;
        sign(kCode, one.proposes, starts_[i] + at, one.first.size(), std::string(one.what));
      }
    }
  }

  std::string_view text_;
  std::string lower_;
  std::vector<std::size_t> starts_;
  std::vector<Sign> out_;
};

}  // namespace

std::vector<Sign> signs_in(std::string_view text) { return Reader(text).all(); }

}  // namespace sluice::gate
