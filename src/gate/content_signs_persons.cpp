#include "gate/content_signs_persons.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sluice::gate {

namespace {

namespace persons {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
char at_or_end(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }
char before(std::string_view text, std::size_t at) { return at == 0 ? '\0' : text[at - 1]; }
constexpr std::string_view kHardSpace = "\xC2\xA0", kWideColon = "\xEF\xBC\x9A";

// ---- telephone numbers

// Digits in groups, with what is written between them.
struct Number {
  std::string digits;
  std::vector<std::size_t> groups;
  std::size_t end = 0;
  bool has_dots = false;
  bool has_trunk_zero = false;       // "+49 (0)30"
};

// From a digit or "(" on: groups of digits with one sign or two between them. Empty: more than 17 digits, or a bracket that isn't closed.
Number number_from(std::string_view text, std::size_t at, int open) {
  Number out;
  std::size_t i = at, group = 0;
  const auto close_group = [&] {
    if (group != 0) out.groups.push_back(group);
    group = 0;
  };
  while (i < text.size()) {
    if (is_digit(text[i])) {
      out.digits.push_back(text[i]), ++group, out.end = ++i;
      if (out.digits.size() > 17) return {};
      continue;
    }
    auto k = i;
    int brackets = 0;
    for (int signs = 0; signs < 3 && k < text.size() && !is_digit(text[k]); ++signs) {
      if (text.substr(k).starts_with(kHardSpace)) k += kHardSpace.size();
      else if (text[k] == '(' && open == 0) open = 1, ++brackets, ++k;
      else if (text[k] == ')' && open == 1) open = 0, ++brackets, ++k;
      else if (text[k] == ' ' || text[k] == '-' || text[k] == '.' || text[k] == '/') out.has_dots = out.has_dots || text[k] == '.', ++k;
      else break;
    }
    if (k >= text.size() || !is_digit(text[k]) || (k - i > 1 && brackets == 0 && text.substr(i, k - i) != kHardSpace && text.substr(i, k - i) != " - ")) break;
    if (text[k] == '0' && open == 1 && brackets > 0 && at_or_end(text, k + 1) == ')') {  // a zero that is dialled at home alone
      out.has_trunk_zero = true;
      open = 0, k += 2;
      while (k < text.size() && (text[k] == ' ' || text[k] == '-')) ++k;
      if (k >= text.size() || !is_digit(text[k])) return {};
    }
    close_group();
    i = k;
  }
  close_group();
  return open == 0 ? out : Number{};
}

bool goes_on(std::string_view text, std::size_t end) {
  const auto next = at_or_end(text, end), after = at_or_end(text, end + 1);
  return is_word(next) || next == '%' || ((next == '.' || next == ':' || next == '-' || next == ',' || next == '/') && is_digit(after));
}

// ITU-T E.164, list of assigned country codes: their length, 0 for none. Zones of three digits are taken as a whole.
std::size_t country_code(std::string_view digits) {
  if (digits.empty()) return 0;
  if (digits[0] == '1' || digits[0] == '7') return 1;
  static constexpr std::string_view kTwo[] = {"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58",
                                              "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"};
  static constexpr std::string_view kZones[] = {"21", "22", "23", "24", "25", "26", "29", "35", "37", "38", "42", "50", "59", "67", "68", "69", "80", "85", "87", "88", "96", "97", "99"};
  const auto first = digits.substr(0, 2);
  if (std::find(std::begin(kTwo), std::end(kTwo), first) != std::end(kTwo)) return 2;
  return std::find(std::begin(kZones), std::end(kZones), first) != std::end(kZones) ? 3 : 0;
}

// ATIS-0300051: areas and offices of North America begin with 2 to 9; 555-0100 to 555-0199 are kept for fiction.
bool is_north_american(std::string_view digits) { return digits.size() == 10 && digits[0] >= '2' && digits[3] >= '2' && digits.substr(1, 2) != "11" && digits.substr(3, 5) != "55501"; }

bool is_international(std::string_view digits, bool has_trunk_zero) {
  const auto length = country_code(digits);
  if (length == 0 || digits.size() < 8 || digits.size() > 15) return false;
  const auto own = digits.substr(length);
  if (digits[0] == '1') return is_north_american(own);
  if (digits[0] == '7' && digits.size() != 11) return false;
  if (own[0] == '0' && !digits.starts_with("39") && !has_trunk_zero) return false;  // Italy's begin so; elsewhere the zero is dialled at home alone
  return !own.ends_with("000000");                                                  // a round sum
}

// A bound of the machine rather than anybody's number: next to a power of two, the same digit over and over, or digits that count up or down.
bool is_made_up(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');  // of 15 at most
  for (int k = 20; k < 50; ++k)
    if (const auto power = std::uint64_t{1} << k; value + 16 >= power && value <= power + 16) return true;
  const auto goes_by = [&](int step) {
    for (std::size_t i = 1; i < digits.size(); ++i)
      if ((digits[i] - digits[i - 1] - step) % 10 != 0) return false;
    return true;
  };
  return goes_by(0) || goes_by(1) || goes_by(-1);
}

// "IP Phone 7811/7821": what stands behind it is which phone, not whose. `lower` up to where the word begins.
bool names_a_device(std::string_view lower) {
  const auto last = lower.find_last_not_of(" -");
  if (last == lower.npos || last + 1 == lower.size()) return false;
  lower = lower.substr(0, last + 1);
  static constexpr std::string_view kKinds[] = {"ip", "voip", "sip", "desk", "smart", "conference", "video", "wireless", "cordless", "dect", "softphone", "unified"};
  return std::any_of(std::begin(kKinds), std::end(kKinds), [&](std::string_view kind) { return lower.ends_with(kind) && (lower.size() == kind.size() || !is_word(lower[lower.size() - kind.size() - 1])); });
}

// A word that says what stands behind it, with no more than signs between.
bool has_word_before(std::string_view lower, std::size_t at) {
  auto end = at;
  const auto floor = at < 64 ? 0 : at - 64;
  const auto drop = [&](std::string_view what) { return end - floor >= what.size() && lower.substr(end - what.size(), what.size()) == what && (end -= what.size(), true); };
  const auto signs = [&] {
    for (int i = 0; i < 6 && end > floor; ++i) {
      const auto c = lower[end - 1];
      if (c == ' ' || c == ':' || c == '.' || c == '=' || c == '"' || c == '\'' || c == '*' || c == '|' || c == '>' || c == '\t') --end;
      else if (!drop(kWideColon) && !drop(kHardSpace)) break;
    }
  };
  signs();
  const bool is_bare = end == at;
  bool says_number = false;
  for (const std::string_view word : {"number", "nummer", "no", "nr", "num"})
    if (drop(word)) {
      says_number = true;
      signs();
      break;
    }
  static constexpr std::string_view kWords[] = {"tel", "phone", "telephone", "mobile", "cell phone", "cellphone", "cell-phone", "fax", "telefax", "telefon", "telefonnummer", "telefonnr", "rufnummer", "handy", "handynummer", "mobil", "telefono",
                                                "whatsapp", "hotline"};
  static constexpr std::string_view kOfOtherScripts[] = {"téléphone", "teléfono", "móvil", "电话", "電話", "手机", "手機", "手机号", "携帯"};  // no letters of ours before them to look at
  if (!is_bare)
    for (const auto word : kWords)
      if (end - floor >= word.size() && lower.substr(end - word.size(), word.size()) == word && (end == word.size() || !is_word(lower[end - word.size() - 1])) &&
          (says_number || !names_a_device(lower.substr(floor, end - word.size() - floor))))
        return true;
  return std::any_of(std::begin(kOfOtherScripts), std::end(kOfOtherScripts), [&](std::string_view word) { return end - floor >= word.size() && lower.substr(end - word.size(), word.size()) == word; });
}

bool is_ipv4_or_date(std::string_view written, const Number& number) {
  const bool plain = written.find_first_not_of("0123456789.") == written.npos;
  if (number.has_dots && plain && (number.groups.size() == 4 || std::any_of(number.groups.begin(), number.groups.end(), [](std::size_t one) { return one < 2; }))) return true;  // or a version
  const auto year = number.digits.substr(0, 2);
  return number.groups.size() == 3 && number.groups[0] == 4 && number.groups[1] <= 2 && number.groups[2] <= 2 && (year == "19" || year == "20");
}

// ---- birth dates

struct Date { std::size_t end = 0; bool is_compact = false; };

std::size_t digits_at(std::string_view text, std::size_t at, std::size_t most = 9) {
  std::size_t count = 0;
  while (count < most && is_digit(at_or_end(text, at + count))) ++count;
  return count;
}
int value_of(std::string_view text, std::size_t at, std::size_t count) {
  int out = 0;
  for (std::size_t i = 0; i < count; ++i) out = out * 10 + (text[at + i] - '0');
  return out;
}
bool is_year(int year) { return year >= 1900 && year < 2100; }
bool is_day(int a, int b) { return a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31)); }  // in either order

constexpr std::string_view kMonths[] = {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
                                        "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
                                        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"};
// Behind the month's name, longest first; nothing: none stands here.
std::size_t after_month(std::string_view lower, std::size_t at) {
  std::size_t out = 0;
  for (const auto month : kMonths)
    if (lower.substr(at).starts_with(month) && !is_letter(at_or_end(lower, at + month.size()))) out = std::max(out, at + month.size());
  return out;
}
std::size_t skipped(std::string_view text, std::size_t at, std::string_view signs, std::size_t most) {
  for (std::size_t i = 0; i < most && at < text.size() && signs.find(text[at]) != signs.npos; ++i) ++at;
  return at;
}
std::size_t year_from(std::string_view text, std::size_t at) { return digits_at(text, at) == 4 && is_year(value_of(text, at, 4)) ? at + 4 : 0; }

Date date_at(std::string_view text, std::string_view lower, std::size_t at) {
  const auto count = digits_at(text, at);
  if (count == 8 && is_year(value_of(text, at, 4)) && value_of(text, at + 4, 2) <= 12 && is_day(value_of(text, at + 6, 2), value_of(text, at + 4, 2))) return {at + 8, true};
  if (count == 0) {                        // May 3, 1980
    auto i = after_month(lower, at);
    if (i == 0) return {};
    i = skipped(text, i, ". ", 2);
    const auto day = digits_at(text, i);
    if (day == 0 || day > 2 || value_of(text, i, day) > 31) return {};
    i += day;
    for (const std::string_view ending : {"st", "nd", "rd", "th"})
      if (lower.substr(i).starts_with(ending)) i += 2;
    return {year_from(text, skipped(text, i, ", ", 2))};
  }
  if (count == 4 && is_year(value_of(text, at, 4))) {
    auto i = at + 4;
    const auto is_between = [&](std::size_t& from, std::string_view wide) {
      const auto plain = skipped(text, from, " ", 1);
      if (text.substr(plain).starts_with(wide)) return from = skipped(text, plain + wide.size(), " ", 1), true;
      return at_or_end(text, from) == '-' || at_or_end(text, from) == '/' || at_or_end(text, from) == '.' ? (++from, true) : false;
    };
    if (!is_between(i, "年")) return {};
    const auto month = digits_at(text, i);
    if (month == 0 || month > 2) return {};
    const auto m = value_of(text, i, month);
    i += month;
    if (!is_between(i, "月")) return {};
    const auto day = digits_at(text, i);
    if (day == 0 || day > 2 || m > 12 || !is_day(value_of(text, i, day), m)) return {};
    i += day;
    if (text.substr(i).starts_with("日")) i += std::string_view("日").size();
    return {i};
  }
  if (count > 2) return {};
  const auto first = value_of(text, at, count);
  auto i = at + count;
  const auto sign = at_or_end(text, i);
  if (sign == '.' || sign == '/' || sign == '-') {
    auto next = skipped(text, i + 1, " ", 1);
    if (const auto second = digits_at(text, next); second == 1 || second == 2) {
      const auto b = value_of(text, next, second);
      next += second;
      if (at_or_end(text, next) != sign) return {};
      return is_day(first, b) ? Date{year_from(text, skipped(text, next + 1, " ", 1))} : Date{};
    }
  }
  if (first < 1 || first > 31) return {};
  for (const std::string_view ending : {"st", "nd", "rd", "th"})
    if (lower.substr(i).starts_with(ending)) i += 2;
  i = after_month(lower, skipped(lower, i, ".- ", 2));   // 3 May 1980, 3. Mai 1980, 3-May-1980
  return {i == 0 ? 0 : year_from(text, skipped(text, i, "., -", 2))};
}

struct Word { std::string_view text; bool takes_place = false; bool is_foreign = false; };
constexpr Word kBorn[] = {{"born", true}, {"date of birth"}, {"birth date"}, {"birthdate"}, {"birth_date"}, {"date_of_birth"}, {"dateofbirth"}, {"birthday"}, {"dob"}, {"d.o.b"}, {"geburtsdatum"}, {"geburtstag"}, {"geboren", true}, {"geb"},
                          {"date de naissance"}, {"née", true}, {"né", true}, {"fecha de nacimiento"}, {"nacido", true}, {"nacida", true}, {"data di nascita"},
                          {"出生日期", false, true}, {"出生", false, true}, {"生日", false, true}, {"生年月日", false, true}, {"出生于", false, true}};

// Between the word and the date: signs, small words, and after "born" the name of a place.
bool is_beside(std::string_view text, bool takes_place) {
  static constexpr std::string_view kSmall[] = {"on", "is", "was", "the", "am", "le", "el", "em", "il", "der", "in", "at", "of", "ist", "est"};
  std::size_t i = 0;
  while (i < text.size()) {
    if (text.substr(i).starts_with(kWideColon)) {
      i += kWideColon.size();
      continue;
    }
    if (std::string_view(" :=-(\"'*|.,\t").find(text[i]) != std::string_view::npos) {
      ++i;
      continue;
    }
    auto end = i;
    while (end < text.size() && (is_letter(text[end]) || (static_cast<unsigned char>(text[end]) & 0x80) != 0)) ++end;
    if (end == i) return false;
    const auto word = text.substr(i, end - i);
    const bool is_name = takes_place && ((word[0] >= 'A' && word[0] <= 'Z') || (static_cast<unsigned char>(word[0]) & 0x80) != 0);
    if (!is_name && std::find(std::begin(kSmall), std::end(kSmall), word) == std::end(kSmall)) return false;
    i = end;
  }
  return true;
}

// Chinese and Japanese put no space between words: 発生日 is when something happened, 生日志 makes a log. So a word of birth ends where no other word goes on from it, and 生日 begins one of its own.
bool ends_there(std::string_view lower, std::size_t at) {
  const auto rest = lower.substr(at);
  if (rest.empty() || (static_cast<unsigned char>(rest[0]) & 0x80) == 0) return rest.empty() || !is_letter(rest[0]);
  static constexpr std::string_view kNext[] = {"まれ", "れ", "の", "于", "於", "在", "的", "，", "。", "、", "）", "；", "：", "！", "」", "】", "\xE3\x80\x80", kHardSpace};
  return std::any_of(std::begin(kNext), std::end(kNext), [&](std::string_view one) { return rest.starts_with(one); });
}
bool begins_there(std::string_view lower, std::size_t at) {
  const auto first = lower.substr(0, at);
  if (first.empty() || (static_cast<unsigned char>(first.back()) & 0x80) == 0) return true;
  static constexpr std::string_view kLast[] = {"的", "是", "他", "她", "我", "你", "其", "の", "，", "。", "、", "（", "；", "：", "「", "【", "\xE3\x80\x80", kHardSpace};
  return std::any_of(std::begin(kLast), std::end(kLast), [&](std::string_view one) { return first.ends_with(one); });
}

bool has_birth_before(std::string_view text, std::string_view lower, std::size_t at) {
  const auto from = at < 56 ? 0 : at - 56;
  const auto window = lower.substr(from, at - from);
  return std::any_of(std::begin(kBorn), std::end(kBorn), [&](const Word& word) {
    const auto found = window.rfind(word.text);
    if (found == window.npos) return false;
    const auto begin = from + found, end = begin + word.text.size();
    const bool is_part = word.is_foreign ? word.text == "生日" && !begins_there(lower, begin) : (is_word(before(lower, begin)) || is_letter(at_or_end(lower, end)) || at_or_end(lower, end) == '_');
    return !is_part && is_beside(text.substr(end, at - end), word.takes_place);
  });
}
bool has_birth_behind(std::string_view lower, std::size_t end) {
  const auto i = skipped(lower, end, " (,", 2);
  return std::any_of(std::begin(kBorn), std::end(kBorn), [&](const Word& word) { return lower.substr(i).starts_with(word.text) && word.text != "born" && word.text != "geb" && (word.is_foreign ? ends_there(lower, i + word.text.size()) : !is_letter(at_or_end(lower, i + word.text.size()))); }) ||
         (lower.substr(i).starts_with("生") && ends_there(lower, i + std::string_view("生").size()));
}

}  // namespace persons

}  // namespace

std::size_t telephone_number_at(std::string_view text, std::string_view lower, std::size_t at) {
  using namespace persons;
  const auto first = at_or_end(text, at), last = before(text, at);
  if (is_word(last) || last == '+' || last == '.' || last == '-') return 0;
  if (first == '+') {
    if (!is_digit(at_or_end(text, at + 1))) return 0;
    const auto number = number_from(text, at + 1, last == '(' ? 1 : 0);
    if (number.digits.empty() || goes_on(text, number.end) || (number.groups.size() == 1 && number.digits.size() < 9)) return 0;
    if (number.groups.size() == 1 && number.digits.size() <= 15 && is_made_up(number.digits)) return 0;
    return is_international(number.digits, number.has_trunk_zero) ? number.end - at : 0;
  }
  if (last == '/' || last == ':' || (!is_digit(first) && first != '(')) {
    if (last != ':' || !is_digit(first)) return 0;         // "Tel:030 …"
  }
  if (first == '(' && !is_digit(at_or_end(text, at + 1))) return 0;
  const auto number = number_from(text, at, 0);
  if (number.digits.empty() || goes_on(text, number.end)) return 0;
  const auto written = text.substr(at, number.end - at);
  if (is_ipv4_or_date(written, number)) return 0;
  // As it is written in North America, with no word beside it.
  const bool is_apart = number.groups == std::vector<std::size_t>{3, 3, 4} && !number.has_dots && written[written.size() - 5] == '-' && (first == '(' || written[3] == '-');
  if (is_apart && is_north_american(number.digits)) return number.end - at;
  if (is_apart && number.digits.substr(3, 5) == "55501") return 0;
  // 0049 30 …: in groups that aren't all alike, as in a dump of bytes.
  const bool is_even = std::all_of(number.groups.begin(), number.groups.end(), [&](std::size_t one) { return one == number.groups.front(); });
  if (number.digits.starts_with("00") && number.groups.size() >= 3 && !is_even && !number.has_dots && is_international(std::string_view(number.digits).substr(2), number.has_trunk_zero)) return number.end - at;
  if (number.digits.size() < 6 || number.digits.size() > 13 || (number.groups.size() == 1 && number.digits.size() < 7)) return 0;
  return has_word_before(lower, at) ? number.end - at : 0;
}

std::size_t birth_date_at(std::string_view text, std::string_view lower, std::size_t at) {
  using namespace persons;
  const auto first = at_or_end(lower, at), last = before(text, at);
  if (last == '.' && is_digit(before(text, at - 1))) return 0;
  if (is_digit(last) || is_letter(last) || last == '_' || !(is_digit(first) || is_letter(first))) return 0;
  const auto date = date_at(text, lower, at);
  if (date.end == 0 || (is_word(at_or_end(text, date.end)) && (at_or_end(text, date.end) != 'T' && at_or_end(text, date.end) != 't')) || (at_or_end(text, date.end) == '.' && is_digit(at_or_end(text, date.end + 1)))) return 0;
  return has_birth_before(text, lower, at) || (!date.is_compact && has_birth_behind(lower, date.end)) ? date.end - at : 0;
}

std::size_t identity_number_at(std::string_view text, std::string_view lower, std::size_t at) {
  using namespace persons;
  const auto last = before(text, at);
  if (!is_digit(at_or_end(text, at)) || is_word(last) || last == '.' || last == '-' || last == '+') return 0;
  const auto digits = digits_at(text, at, 19);
  // GB 11643-1999: six digits of a place, a birth date, three of a sequence, and one that checks the rest (ISO 7064, MOD 11-2), which may be an X.
  const char check = at_or_end(lower, at + 17);
  if ((digits == 18 || (digits == 17 && check == 'x')) && !is_word(at_or_end(text, at + 18))) {
    static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static constexpr std::string_view kChecks = "10x98765432";
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += (text[at + i] - '0') * kWeights[i];
    const auto month = value_of(text, at + 10, 2), day = value_of(text, at + 12, 2), place = value_of(text, at, 2);
    return kChecks[std::size_t(sum % 11)] == check && place >= 11 && place <= 82 && is_year(value_of(text, at + 6, 4)) && month >= 1 && month <= 12 && day >= 1 && day <= 31 ? 18 : 0;
  }
  // AAA-GG-SSSS; no area is 000, 666 or begins with 9, and no part is nothing but zeros.
  if (digits != 3 || at_or_end(text, at + 3) != '-' || digits_at(text, at + 4) != 2 || at_or_end(text, at + 6) != '-' || digits_at(text, at + 7) != 4 || goes_on(text, at + 11)) return 0;
  const auto area = value_of(text, at, 3);
  if (area == 0 || area == 666 || area >= 900 || value_of(text, at + 4, 2) == 0 || value_of(text, at + 7, 4) == 0) return 0;
  const auto from = at < 40 ? 0 : at - 40;
  const auto words = lower.substr(from, at - from);
  return words.find("ssn") != words.npos || words.find("social security") != words.npos ? 11 : 0;
}

}  // namespace sluice::gate
