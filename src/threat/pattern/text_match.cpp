#include "threat/pattern/text_match.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

namespace sluice::threat::pattern {

namespace {

constexpr std::size_t kLongestExpression = 16 << 10;
constexpr std::uint32_t kDeepestExpression = 64;
constexpr std::ptrdiff_t kMostDearRanges = 8;   // some milliseconds each
constexpr std::uint32_t kHeapKibibytes = 20'000;
constexpr std::size_t kSteps = 10'000'000;  // over all places where a match may begin, each of which PCRE2 counts by itself

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}
std::unexpected<Error> too_long(std::string_view op) {
  return fail(ErrorKind::TooLarge, "A " + std::string(op) + " of this pattern takes more steps on what was observed than are allowed.", {}, "STIX 2.1 §9.6.1");
}
std::size_t character_length(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xc0) == 0x80) ++length;
  return length;
}

}  // namespace

std::string nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  utf8proc_uint8_t* made = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &made, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (length < 0) return std::string(text);  // no UTF-8, or no memory: compared as it is
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(made, &std::free);
  return std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(length));
}

// On a mismatch, the last '%' takes one character more: text × wildcards steps at most, and no recursion.
Result<bool> is_like(std::string_view text, std::string_view wildcards) {
  std::size_t at = 0, wild = 0, after_percent = std::string_view::npos, retry = 0, steps = 0;
  while (at < text.size()) {
    if (++steps > kSteps) return too_long("LIKE");
    if (wild < wildcards.size() && wildcards[wild] == '%') {
      after_percent = ++wild;
      retry = at;
    } else if (wild < wildcards.size() && wildcards[wild] == '_') {
      at += character_length(text, at);
      ++wild;
    } else if (wild < wildcards.size() && wildcards[wild] == text[at]) {
      ++at, ++wild;
    } else if (after_percent != std::string_view::npos) {
      retry += character_length(text, retry);
      at = retry;
      wild = after_percent;
    } else {
      return false;
    }
  }
  while (wild < wildcards.size() && wildcards[wild] == '%') ++wild;
  return wild == wildcards.size();
}

bool is_dear(std::string_view expression) {
  const auto has = [expression](std::string_view what) { return expression.find(what) != std::string_view::npos; };
  if (!has("[") || !has("-") || (is_ascii(expression) && !has("\\x{") && !has("\\o{") && !has("\\N{"))) return false;
  for (auto at = expression.find("(?"); at != std::string_view::npos; at = expression.find("(?", at + 2)) {
    const auto options = expression.substr(at + 2);
    const auto end = options.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ^-");
    if (options.substr(0, end).find('i') != std::string_view::npos) return true;
  }
  return false;
}

void Regex::Free::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

Result<Regex> Regex::compile(std::string_view expression, Over over) {
  constexpr std::string_view kRule = "STIX 2.1 §9.6.1";
  std::string octets;
  if (over == Over::Bytes) {
    if (!to_octets(expression, octets)) return fail(ErrorKind::Invalid, "A sign above 255 stands in no binary value.", {}, std::string(kRule));
    expression = octets;
  } else if (is_dear(expression) && std::count(expression.begin(), expression.end(), '-') > kMostDearRanges) {
    return fail(ErrorKind::TooLarge, "This regular expression is larger than one may be here.", {}, std::string(kRule));
  }
  const std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(pcre2_compile_context_create(nullptr), &pcre2_compile_context_free);
  if (!context) return fail(ErrorKind::Unavailable, "There is no memory left for a regular expression.");
  pcre2_set_max_pattern_length(context.get(), kLongestExpression);
  pcre2_set_parens_nest_limit(context.get(), kDeepestExpression);
  int error = 0;
  std::size_t at = 0;
  const auto options = PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C | (over == Over::Text ? PCRE2_UTF : PCRE2_NEVER_UTF);
  Regex out;
  out.code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(), options, &error, &at, context.get()));
  if (out.code_) return out;
  if (error == PCRE2_ERROR_PATTERN_TOO_LARGE || error == PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP || error == PCRE2_ERROR_PATTERN_STRING_TOO_LONG || error == PCRE2_ERROR_HEAP_FAILED)
    return fail(ErrorKind::TooLarge, "This regular expression is larger than one may be here.", {}, std::string(kRule));
  PCRE2_UCHAR message[256] = {};
  pcre2_get_error_message(error, message, sizeof message);
  return fail(ErrorKind::Invalid, "This is no regular expression of PCRE: " + std::string(reinterpret_cast<const char*>(message)) + ".", "byte " + std::to_string(at + 1) + " of it", std::string(kRule));
}

Result<bool> Regex::found_in(std::string_view subject) const {
  const std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)> context(pcre2_match_context_create(nullptr), &pcre2_match_context_free);
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> found(pcre2_match_data_create(1, nullptr), &pcre2_match_data_free);
  if (!context || !found) return fail(ErrorKind::Unavailable, "There is no memory left for a regular expression.");
  pcre2_set_match_limit(context.get(), static_cast<std::uint32_t>(std::max<std::size_t>(kSteps / (subject.size() + 1), 1'000)));
  pcre2_set_depth_limit(context.get(), 100'000);
  pcre2_set_heap_limit(context.get(), kHeapKibibytes);
  const int matched = pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), 0, 0, found.get(), context.get());
  if (matched >= 0) return true;
  if (matched == PCRE2_ERROR_NOMATCH) return false;
  if (matched <= PCRE2_ERROR_UTF8_ERR1 && matched >= PCRE2_ERROR_UTF8_ERR21) return false;  // no text, so it fits none
  return too_long("MATCHES");
}

bool to_octets(std::string_view text, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      out += text[i];
    } else if ((first == 0xc2 || first == 0xc3) && i + 1 < text.size()) {  // U+0080 to U+00FF
      out += static_cast<char>((first & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f));
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace sluice::threat::pattern
