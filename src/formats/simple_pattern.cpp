#include "formats/simple_pattern.h"

#include <algorithm>

namespace sluice::formats {

namespace {

using Choices = std::vector<Together>;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class SimpleReader {
 public:
  SimpleReader(std::string_view text, std::size_t most) : text_(text), most_(most) {}

  std::optional<Choices> all() {
    auto out = observations();
    skip();
    if (!out || at_ != text_.size() || out->empty()) return std::nullopt;
    return out;
  }

 private:
  void skip() {
    for (;;) {
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n')) ++at_;
      const auto rest = text_.substr(at_);
      if (rest.starts_with("//")) at_ += std::min(rest.find('\n'), rest.size());
      else if (rest.starts_with("/*")) at_ += rest.find("*/", 2) == rest.npos ? rest.size() : rest.find("*/", 2) + 2;
      else return;
    }
  }
  bool take(std::string_view sign) {
    skip();
    if (!text_.substr(at_).starts_with(sign)) return false;
    if (is_letter(sign[0]) && at_ + sign.size() < text_.size() && (is_letter(text_[at_ + sign.size()]) || is_digit(text_[at_ + sign.size()]))) return false;
    at_ += sign.size();
    return true;
  }
  bool fits(const Choices& choices) const { return choices.size() <= most_; }

  // [ … ] OR ( [ … ] OR [ … ] )
  std::optional<Choices> observations() {
    if (++depth_ > kDepth) return std::nullopt;
    Choices out;
    do {
      std::optional<Choices> part;
      if (take("[")) {
        part = either();
        if (!part || !take("]")) return std::nullopt;
      } else if (take("(")) {
        part = observations();
        if (!part || !take(")")) return std::nullopt;
      } else {
        return std::nullopt;
      }
      out.insert(out.end(), part->begin(), part->end());
      if (!fits(out)) return std::nullopt;
    } while (take("OR"));
    --depth_;
    return out;
  }

  std::optional<Choices> either() {
    if (++depth_ > kDepth) return std::nullopt;
    Choices out;
    do {
      const auto part = together();
      if (!part) return std::nullopt;
      out.insert(out.end(), part->begin(), part->end());
      if (!fits(out)) return std::nullopt;
    } while (take("OR"));
    --depth_;
    return out;
  }

  std::optional<Choices> together() {
    Choices out{{}};
    do {
      std::optional<Choices> part;
      if (take("(")) {
        part = either();
        if (!part || !take(")")) return std::nullopt;
      } else {
        part = comparison();
        if (!part) return std::nullopt;
      }
      if (part->size() > most_ / out.size()) return std::nullopt;
      Choices next;
      for (const auto& before : out)
        for (const auto& more : *part) {
          if (before.size() + more.size() > kTogether) return std::nullopt;
          next.push_back(before);
          next.back().insert(next.back().end(), more.begin(), more.end());
        }
      out = std::move(next);
    } while (take("AND"));
    return out;
  }

  std::optional<Choices> comparison() {
    skip();
    Equality one;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '-')) one.type += text_[at_++];
    if (one.type.empty() || !take(":")) return std::nullopt;
    do {
      std::string step;
      if (at_ < text_.size() && text_[at_] == '\'') {
        const auto quoted = text();
        if (!quoted || quoted->empty()) return std::nullopt;
        step = *quoted;
      } else {
        while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '-')) step += text_[at_++];
      }
      if (step.empty()) return std::nullopt;
      one.path += (one.path.empty() ? "" : ".") + pattern_step(step);
      while (at_ < text_.size() && text_[at_] == '[') {
        const auto end = text_.find(']', at_);
        if (end == text_.npos) return std::nullopt;
        one.path += text_.substr(at_, end + 1 - at_);
        at_ = end + 1;
      }
    } while (at_ < text_.size() && text_[at_] == '.' && ++at_);
    if (take("IN")) {
      Choices out;
      if (!take("(")) return std::nullopt;
      do {
        if (!literal(one) || out.size() >= most_) return std::nullopt;
        out.push_back({one});
      } while (take(","));
      return take(")") ? std::optional(std::move(out)) : std::nullopt;
    }
    if (!take("==") && !take("=")) return std::nullopt;
    if (!literal(one)) return std::nullopt;
    return Choices{{one}};
  }

  bool literal(Equality& one) {
    skip();
    if (at_ >= text_.size()) return false;
    const char first = text_[at_];
    if ((first == 't' || first == 'h' || first == 'b') && at_ + 1 < text_.size() && text_[at_ + 1] == '\'') ++at_;
    if (text_[at_] == '\'') {
      const auto value = text();
      if (!value) return false;
      one.is_text = first == '\'';
      one.value = *value;
      return true;
    }
    one.is_text = false;
    one.value.clear();
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.' || text_[at_] == '-' || text_[at_] == '+')) one.value += text_[at_++];
    return one.value == "true" || one.value == "false" || (!one.value.empty() && one.value.find_first_not_of("0123456789.+-") == one.value.npos);
  }

  // STIX 2.1 §9.2: a backslash is for itself and the quote alone.
  std::optional<std::string> text() {
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\'') return ++at_, out;
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    return std::nullopt;
  }

  static constexpr int kDepth = 32;
  static constexpr std::size_t kTogether = 200;
  std::string_view text_;
  std::size_t most_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<std::vector<Together>> choices_of(std::string_view pattern, std::size_t most) {
  if (pattern.size() > (1 << 20) || most == 0) return std::nullopt;
  return SimpleReader(pattern, most).all();
}

std::string pattern_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string pattern_step(std::string_view step) {
  const bool plain = !step.empty() && is_letter(step[0]) && std::all_of(step.begin(), step.end(), [](char c) { return is_letter(c) || is_digit(c); });
  return plain ? std::string(step) : pattern_text(step);
}

}  // namespace sluice::formats
