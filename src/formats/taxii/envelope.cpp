#include "formats/taxii/envelope.h"

#include <optional>

#include "base/json.h"

namespace sluice::formats::taxii {

namespace {

std::unexpected<Error> no_envelope_json() { return fail(ErrorKind::Malformed, "This is not JSON.", {}, "TAXII 2.1 §3.7"); }

// Goes over JSON from outside: it finds where values end, and leaves it to a parser whether they are any.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  std::size_t at() const { return at_; }
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool take(char c) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool is_at(char c) {
    skip_spaces();
    return at_ < text_.size() && text_[at_] == c;
  }
  // The string with its quotes.
  std::optional<std::string_view> string() {
    skip_spaces();
    const auto from = at_;
    if (!skip_string()) return std::nullopt;
    return text_.substr(from, at_ - from);
  }
  // Any value, from its first byte to its last.
  std::optional<std::string_view> value() {
    skip_spaces();
    const auto from = at_;
    if (at_ >= text_.size()) return std::nullopt;
    const char first = text_[at_];
    if (first == '"') {
      if (!skip_string()) return std::nullopt;
    } else if (first == '{' || first == '[') {
      std::size_t open = 0;
      do {
        if (at_ >= text_.size()) return std::nullopt;
        const char c = text_[at_];
        if (c == '"') {
          if (!skip_string()) return std::nullopt;
          continue;
        }
        if (c == '{' || c == '[') ++open;
        if (c == '}' || c == ']') --open;
        ++at_;
      } while (open > 0);
    } else {
      while (at_ < text_.size() && std::string_view(",]} \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
    }
    if (at_ == from) return std::nullopt;
    return text_.substr(from, at_ - from);
  }

 private:
  bool skip_string() {
    if (at_ >= text_.size() || text_[at_] != '"') return false;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '"') return ++at_, true;
    }
    at_ = text_.size();
    return false;
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_name_of_objects(std::string_view quoted) {
  if (quoted.find('\\') == quoted.npos) return quoted == "\"objects\"";
  const auto read = parse_json(quoted);
  return read && read->is_string() && read->get_string() == "objects";
}

}  // namespace

Result<Envelope> read_envelope(std::string_view body, std::size_t most) {
  Envelope out;
  Scanner scanner(body);
  std::string rest;                               // the body without its objects
  std::size_t kept = 0;                           // of it, up to here
  bool has_objects = false, is_list = true;
  if (scanner.take('{') && !scanner.is_at('}')) {
    do {
      const auto name = scanner.string();
      if (!name || !scanner.take(':')) return no_envelope_json();
      if (!is_name_of_objects(*name) || has_objects) {  // a second one is a duplicate key, which the parser below refuses
        if (!scanner.value()) return no_envelope_json();
        continue;
      }
      has_objects = true;
      is_list = scanner.take('[');
      if (!is_list) {
        if (!scanner.value()) return no_envelope_json();
        continue;
      }
      rest += body.substr(kept, scanner.at() - kept);
      if (!scanner.is_at(']')) {
        do {
          const auto object = scanner.value();
          if (!object) return no_envelope_json();
          if (out.objects.size() == most) return fail(ErrorKind::TooLarge, "An envelope holds at most " + std::to_string(most) + " objects.", "/objects");
          out.objects.push_back(*object);
        } while (scanner.take(','));
      }
      kept = scanner.at();
      if (!scanner.is_at(']')) return no_envelope_json();
      scanner.take(']');
    } while (scanner.take(','));
  }
  rest += body.substr(kept);
  const auto read = parse_json(rest, {.bytes = body.size(), .depth = 32, .keys = 10'000, .string = 256 << 10});
  if (!read) return read.error().kind == ErrorKind::Malformed ? no_envelope_json() : Result<Envelope>(std::unexpected(read.error()));
  if (!read->is_object())
    return fail(ErrorKind::Invalid, "Send an envelope: {\"objects\": […]}, not the objects by themselves.", {}, "TAXII 2.1 §3.7");
  if (string_at(*read, "type") == "bundle")
    return fail(ErrorKind::Invalid, "This is a bundle. Send an envelope instead: only the bundle's list of objects, as {\"objects\": […]}.", "/type", "TAXII 2.1 §3.7");
  if (!has_objects) return fail(ErrorKind::Invalid, "An envelope to add has its list of objects: {\"objects\": […]}.", "/objects", "TAXII 2.1 §5.5");
  if (!is_list) return fail(ErrorKind::Invalid, "This must be a list of objects.", "/objects", "TAXII 2.1 §3.7");
  return out;
}

}  // namespace sluice::formats::taxii
