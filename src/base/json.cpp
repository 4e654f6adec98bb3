#include "base/json.h"

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "base/json_reader.h"

namespace sluice {

namespace {

enum class Trouble { None, Duplicate, Keys, String, Number };

// The keys of the objects that are open, the innermost last: one text, and where in it each begins. An object of many keys has a set, so that its cost is never the square of its length.
class Keys {
 public:
  void open() { objects_.push_back({starts_.size(), text_.size(), {}}); }
  void close() {
    starts_.resize(objects_.back().first), text_.resize(objects_.back().text);
    objects_.pop_back();
  }
  void clear() { objects_.clear(), starts_.clear(), text_.clear(); }
  bool add(std::string_view key) {                // false: it is there already
    auto& object = objects_.back();
    if (!object.set.empty()) return object.set.emplace(key).second;
    for (auto i = object.first; i < starts_.size(); ++i)
      if (at(i) == key) return false;
    starts_.push_back(text_.size()), text_.append(key);
    if (starts_.size() - object.first < kFew) return true;
    for (auto i = object.first; i < starts_.size(); ++i) object.set.emplace(at(i));
    return true;
  }

 private:
  static constexpr std::size_t kFew = 24;
  struct Object {
    std::size_t first, text;                      // what the outer ones have
    std::unordered_set<std::string> set;
  };
  std::string_view at(std::size_t i) const { return std::string_view(text_).substr(starts_[i], (i + 1 < starts_.size() ? starts_[i + 1] : text_.size()) - starts_[i]); }

  std::string text_;
  std::vector<std::size_t> starts_;
  std::vector<Object> objects_;
};

// Builds a value like boost::json::parser, and refuses what J1 names.
struct Handler {
  static constexpr std::size_t max_object_size = -1;
  static constexpr std::size_t max_array_size = -1;
  static constexpr std::size_t max_key_size = 1 << 16;
  static constexpr std::size_t max_string_size = -1;

  json::value_stack stack;
  Keys keys;
  std::string key;
  std::string number;  // its text, as it comes in parts
  std::size_t key_count = 0;
  std::size_t string_size = 0;
  JsonLimits limits;
  Trouble trouble = Trouble::None;
  json::storage_ptr storage;                      // of what is built

  // For one more text, by the same limits.
  void begin_anew() {
    stack.reset();
    keys.clear(), key.clear(), number.clear();
    key_count = 0, trouble = Trouble::None;
  }

  bool stop(Trouble what, boost::system::error_code& ec) {
    trouble = what;
    ec = json::error::syntax;
    return false;
  }

  bool on_document_begin(boost::system::error_code&) { stack.reset(storage); return true; }
  bool on_document_end(boost::system::error_code&) { return true; }
  bool on_object_begin(boost::system::error_code&) { keys.open(); return true; }
  bool on_object_end(std::size_t n, boost::system::error_code&) { keys.close(); stack.push_object(n); return true; }
  bool on_array_begin(boost::system::error_code&) { return true; }
  bool on_array_end(std::size_t n, boost::system::error_code&) { stack.push_array(n); return true; }
  bool on_key_part(json::string_view s, std::size_t, boost::system::error_code&) { key.append(s.data(), s.size()); stack.push_chars(s); return true; }
  bool on_key(json::string_view s, std::size_t, boost::system::error_code& ec) {
    key.append(s.data(), s.size());
    if (++key_count > limits.keys) return stop(Trouble::Keys, ec);
    if (!keys.add(key)) return stop(Trouble::Duplicate, ec);
    key.clear();
    stack.push_key(s);
    return true;
  }
  bool on_string_part(json::string_view s, std::size_t n, boost::system::error_code& ec) {
    if (n > limits.string) return stop(Trouble::String, ec);
    stack.push_chars(s);
    return true;
  }
  bool on_string(json::string_view s, std::size_t n, boost::system::error_code& ec) {
    if (n > limits.string) return stop(Trouble::String, ec);
    stack.push_string(s);
    return true;
  }
  bool on_number_part(json::string_view s, boost::system::error_code&) { number.append(s.data(), s.size()); return true; }
  bool on_int64(std::int64_t i, json::string_view, boost::system::error_code&) { number.clear(); stack.push_int64(i); return true; }
  bool on_uint64(std::uint64_t u, json::string_view, boost::system::error_code&) { number.clear(); stack.push_uint64(u); return true; }
  // Boost.JSON 1.81 may be off in the last digits of a double, which would change what a signature is made over: read it exactly.
  bool on_double(double d, json::string_view s, boost::system::error_code& ec) {
    number.append(s.data(), s.size());
    const auto read = std::from_chars(number.data(), number.data() + number.size(), d);
    number.clear();
    if (read.ec != std::errc{} || !std::isfinite(d)) return stop(Trouble::Number, ec);
    stack.push_double(d);
    return true;
  }
  bool on_bool(bool b, boost::system::error_code&) { stack.push_bool(b); return true; }
  bool on_null(boost::system::error_code&) { stack.push_null(); return true; }
  bool on_comment_part(json::string_view, boost::system::error_code&) { return true; }
  bool on_comment(json::string_view, boost::system::error_code&) { return true; }
};

// UTF-16 code unit order of UTF-8 text (RFC 8785 §3.2.3): code point order, but U+E000…U+FFFF come after the supplementary planes.
bool utf16_less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto l = static_cast<unsigned char>(*x), r = static_cast<unsigned char>(*y);
  const bool l_high = l >= 0xF0, r_high = r >= 0xF0;  // lead bytes of supplementary planes
  if (l_high && r >= 0xEE && !r_high) return true;
  if (r_high && l >= 0xEE && !l_high) return false;
  return l < r;
}

// ECMAScript's Number::toString for a finite double (RFC 8785 §3.2.2.3).
void write_double(std::string& out, double value) {
  if (value == 0) {
    out += '0';
    return;
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  int exponent = 0;
  auto exponent_text = text.substr(e + 1);
  if (exponent_text.front() == '+') exponent_text.remove_prefix(1);
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
  std::string digits;
  for (const char c : text.substr(0, e))
    if (c != '.') digits += c;
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  const int k = static_cast<int>(digits.size()), n = exponent + 1;
  if (k <= n && n <= 21) {
    out += digits + std::string(static_cast<std::size_t>(n - k), '0');
  } else if (0 < n && n <= 21) {
    out += digits.substr(0, static_cast<std::size_t>(n)) + '.' + digits.substr(static_cast<std::size_t>(n));
  } else if (-6 < n && n <= 0) {
    out += "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
  } else {
    out += digits[0];
    if (k > 1) out += '.' + digits.substr(1);
    out += 'e';
    out += n - 1 < 0 ? '-' : '+';
    out += std::to_string(std::abs(n - 1));
  }
}

constexpr auto kIsEscaped = [] {
  std::array<bool, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
  out['"'] = out['\\'] = true;
  return out;
}();

void write_string(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // what needs no escape goes over in one piece
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!kIsEscaped[static_cast<unsigned char>(c)]) continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 15];
    }
  }
  out.append(text, plain);
  out += '"';
}

void write_canonical(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: out += "null"; break;
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case json::kind::int64: out += std::to_string(value.get_int64()); break;
    case json::kind::uint64: out += std::to_string(value.get_uint64()); break;
    case json::kind::double_: write_double(out, value.get_double()); break;
    case json::kind::string: write_string(out, value.get_string()); break;
    case json::kind::array: {
      out += '[';
      bool first = true;
      for (const auto& item : value.get_array()) {
        if (!std::exchange(first, false)) out += ',';
        write_canonical(out, item);
      }
      out += ']';
      break;
    }
    case json::kind::object: {
      boost::container::small_vector<const json::key_value_pair*, 24> members;
      members.reserve(value.get_object().size());
      for (const auto& member : value.get_object()) members.push_back(&member);
      std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return utf16_less(a->key(), b->key()); });
      out += '{';
      bool first = true;
      for (const auto* member : members) {
        if (!std::exchange(first, false)) out += ',';
        write_string(out, member->key());
        out += ':';
        write_canonical(out, member->value());
      }
      out += '}';
      break;
    }
  }
}

void write_pretty(std::string& out, const json::value& value, std::size_t level) {
  const auto lines = [&](const auto& items, char open, char close, auto&& write_item) {
    out += open;
    bool first = true;
    for (const auto& item : items) {
      if (!std::exchange(first, false)) out += ',';
      out += '\n';
      out.append((level + 1) * 2, ' ');
      write_item(item);
    }
    if (!first) {
      out += '\n';
      out.append(level * 2, ' ');
    }
    out += close;
  };
  if (value.is_array())
    lines(value.get_array(), '[', ']', [&](const json::value& item) { write_pretty(out, item, level + 1); });
  else if (value.is_object())
    lines(value.get_object(), '{', '}', [&](const json::key_value_pair& member) {
      write_string(out, member.key());
      out += ": ";
      write_pretty(out, member.value(), level + 1);
    });
  else
    write_canonical(out, value);
}

// Boost.JSON names half of a pair of surrogates only where another escape follows. Where else it stopped at one: nothing that is text comes of it, though the grammar has it.
bool stopped_at_half_a_pair(std::string_view text, std::size_t at) {
  const auto is_one_of = [&text](std::size_t i, std::string_view letters) { return letters.find(text[i]) != letters.npos; };
  for (auto from = at >= 8 ? at - 8 : 0; from <= at && from + 6 <= text.size(); ++from)
    if (text[from] == '\\' && text[from + 1] == 'u' && is_one_of(from + 2, "dD") && is_one_of(from + 3, "89abAB") && is_one_of(from + 4, "0123456789abcdefABCDEF") &&
        is_one_of(from + 5, "0123456789abcdefABCDEF") && from + 5 <= at && at <= from + 8)
      return true;
  return false;
}

json::parse_options options_of(const JsonLimits& limits) {
  json::parse_options options;
  options.max_depth = limits.depth;
  return options;
}

Result<json::value> read_with(json::basic_parser<Handler>& parser, std::string_view text) {
  const auto& limits = parser.handler().limits;
  if (text.size() > limits.bytes) return fail(ErrorKind::TooLarge, "This JSON text is larger than the " + std::to_string(limits.bytes) + " bytes allowed here.");
  boost::system::error_code ec;
  const auto used = parser.write_some(false, text.data(), text.size(), ec);
  const auto at = "byte " + std::to_string(used);
  switch (parser.handler().trouble) {
    case Trouble::Duplicate: return fail(ErrorKind::Invalid, "The key \"" + parser.handler().key + "\" stands twice in one JSON object.", at, "RFC 8259 §4");
    case Trouble::Keys: return fail(ErrorKind::TooLarge, "This JSON text has more than " + std::to_string(limits.keys) + " keys.", at);
    case Trouble::String: return fail(ErrorKind::TooLarge, "A string in this JSON text is longer than the " + std::to_string(limits.string) + " bytes allowed.", at);
    case Trouble::Number: return fail(ErrorKind::Invalid, "A number in this JSON text is too large or too small for 64 bits.", at, "RFC 8259 §6");
    case Trouble::None: break;
  }
  if (ec == json::error::too_deep) return fail(ErrorKind::TooLarge, "This JSON text is nested deeper than " + std::to_string(limits.depth) + " levels.", at);
  // JSON by its grammar, and more than is held here, or text that no UTF-8 can say: whoever reads a list of values fails that one alone.
  if (ec == json::error::key_too_large || ec == json::error::string_too_large || ec == json::error::array_too_large || ec == json::error::object_too_large)
    return fail(ErrorKind::TooLarge, "A key or a value in this JSON text is longer than is allowed.", at);
  if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate || (ec == json::error::syntax && stopped_at_half_a_pair(text, used)))
    return fail(ErrorKind::Invalid, "A string in this JSON text has half of a pair of surrogates.", at, "RFC 8259 §8.2");
  if (ec == json::error::exponent_overflow) return fail(ErrorKind::Invalid, "A number in this JSON text is too large or too small for 64 bits.", at, "RFC 8259 §6");
  if (ec || !parser.done() || used != text.size()) return fail(ErrorKind::Malformed, "This is not valid JSON" + (ec ? ": " + ec.message() : std::string{}) + ".", at, "RFC 8259");
  return parser.handler().stack.release();
}

}  // namespace

Result<json::value> parse_json(std::string_view text, const JsonLimits& limits) {
  json::basic_parser<Handler> parser(options_of(limits));
  parser.handler().limits = limits;
  return read_with(parser, text);
}

struct JsonReader::State {
  explicit State(const JsonLimits& limits) : parser(options_of(limits)) { parser.handler().limits = limits; }
  std::array<unsigned char, 32 << 10> first;      // most values fit
  std::optional<json::monotonic_resource> memory; // made anew for each text: Boost.JSON's release() keeps the size of the next block, which doubles with each that the values of all texts needed
  json::basic_parser<Handler> parser;
  std::optional<json::value> value;               // after what it lies in
};

JsonReader::JsonReader(const JsonLimits& limits) : state_(std::make_unique<State>(limits)) {}
JsonReader::~JsonReader() = default;

Result<const json::value*> JsonReader::read(std::string_view text) {
  auto& [first, memory, parser, value] = *state_;
  value.reset();
  parser.handler().begin_anew();                  // what a text that failed left goes before the memory it lies in
  parser.reset();
  memory.emplace(first.data(), first.size());
  parser.handler().storage = &*memory;
  TRY(value, read_with(parser, text));
  return &*value;
}

std::string canonical(const json::value& value) {
  std::string out;
  if (value.is_structured()) out.reserve(512);
  write_canonical(out, value);
  return out;
}

std::string pretty(const json::value& value) {
  std::string out;
  write_pretty(out, value, 0);
  out += '\n';
  return out;
}

std::string pointer_token(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}

const json::value* find_at(const json::value& root, std::string_view pointer) {
  boost::system::error_code ec;
  return root.find_pointer(pointer, ec);
}

std::string_view string_at(const json::value& object, std::string_view key) {
  return object.is_object() ? string_at(object.get_object(), key) : std::string_view{};
}

std::string_view string_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

}  // namespace sluice
