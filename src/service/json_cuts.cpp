#include "service/json_cuts.h"

#include "base/json.h"

namespace sluice::service {

namespace {

class Cutter {
 public:
  Cutter(std::string_view text, std::size_t most) : text_(text), most_(most) {}

  bool at_end() const { return at_ == text_.size(); }
  bool comes(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) { return comes(c) ? ++at_, true : false; }
  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  std::unexpected<Error> wrong(std::string what) const { return fail(ErrorKind::Malformed, "This is not valid JSON: " + std::move(what) + ".", "byte " + std::to_string(at_), "RFC 8259"); }
  Result<void> counted() {
    if (++pieces_ > most_) return fail(ErrorKind::TooLarge, "There are more than " + std::to_string(most_) + " items here.", "byte " + std::to_string(at_));
    return {};
  }

  // The text of the value that begins here.
  Result<std::string_view> value() {
    const auto from = at_;
    if (comes('"')) {
      TRY(string());
    } else if (comes('{') || comes('[')) {
      std::size_t depth = 0;
      do {
        if (at_end()) return wrong("it ends inside of a value");
        const char c = text_[at_];
        if (c == '"') {
          TRY(string());
          continue;
        }
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        ++at_;
      } while (depth > 0);
    } else {
      while (at_ < text_.size() && std::string_view(",]}{[\": \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
      if (at_ == from) return wrong("a value is missing");
    }
    return text_.substr(from, at_ - from);
  }

 private:
  Result<void> string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '"') return ++at_, Result<void>{};
    }
    at_ = text_.size();
    return wrong("a string has no end");
  }

  std::string_view text_;
  std::size_t most_, at_ = 0, pieces_ = 0;
};

}  // namespace

Result<std::vector<JsonMember>> members_in(std::string_view object, std::size_t most) {
  Cutter cutter(object, most);
  std::vector<JsonMember> out;
  cutter.space();
  if (!cutter.take('{')) return cutter.wrong("it is no object");
  cutter.space();
  if (!cutter.comes('}')) {
    do {
      cutter.space();
      TRY(cutter.counted());
      if (!cutter.comes('"')) return cutter.wrong("a key is missing");
      TRY(const auto written, cutter.value());
      TRY(const auto key, parse_json(written));
      cutter.space();
      if (!cutter.take(':')) return cutter.wrong("a key without a value");
      cutter.space();
      TRY(const auto text, cutter.value());
      std::string name(key.get_string());
      for (const auto& member : out)
        if (member.key == name) return fail(ErrorKind::Invalid, "The key \"" + name + "\" stands twice in one JSON object.", "/" + pointer_token(name), "RFC 8259 §4");
      out.push_back({std::move(name), text});
      cutter.space();
    } while (cutter.take(','));
  }
  if (!cutter.take('}')) return cutter.wrong("the object has no end");
  cutter.space();
  if (!cutter.at_end()) return cutter.wrong("something follows after the object");
  return out;
}

Result<std::vector<std::string_view>> elements_in(std::string_view array, std::size_t most) {
  Cutter cutter(array, most);
  std::vector<std::string_view> out;
  cutter.space();
  if (!cutter.take('[')) return cutter.wrong("it is no list");
  cutter.space();
  if (!cutter.comes(']')) {
    do {
      cutter.space();
      TRY(cutter.counted());
      TRY(const auto text, cutter.value());
      out.push_back(text);
      cutter.space();
    } while (cutter.take(','));
  }
  if (!cutter.take(']')) return cutter.wrong("the list has no end");
  cutter.space();
  if (!cutter.at_end()) return cutter.wrong("something follows after the list");
  return out;
}

Result<std::vector<std::string_view>> texts_in(std::string_view text, std::size_t most) {
  Cutter cutter(text, most);
  std::vector<std::string_view> out;
  for (cutter.space(); !cutter.at_end(); cutter.space()) {
    TRY(cutter.counted());
    TRY(const auto one, cutter.value());
    out.push_back(one);
  }
  return out;
}

}  // namespace sluice::service
