#include "base/bind.h"

namespace sluice {

std::string snake_case(std::string_view pascal) {
  std::string out;
  for (const char c : pascal) {
    if (c >= 'A' && c <= 'Z') {
      if (!out.empty()) out += '_';
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c;
    }
  }
  return out;
}

namespace bind {

std::string to_word(std::span<const Word> words, std::int64_t value) {
  const auto found = std::ranges::find(words, value, &Word::value);
  return found == words.end() ? "unknown" : snake_case(found->name);
}

std::optional<std::int64_t> from_word(std::span<const Word> words, std::string_view word) {
  const auto found = std::ranges::find_if(words, [&](const Word& one) { return snake_case(one.name) == word; });
  return found == words.end() ? std::nullopt : std::optional(found->value);
}

std::string all_words(std::span<const Word> words) {
  std::string out;
  for (const auto& one : words) out += (out.empty() ? "" : ", ") + snake_case(one.name);
  return out;
}

std::unexpected<Error> wrong(std::string_view what, const std::string& where) { return fail(ErrorKind::Invalid, std::string(what), where); }

json::object write_members(std::span<const Member> members, const void* whole) {
  json::object out;
  for (const auto& one : members)
    if (!one.is_absent || !one.is_absent(whole)) out[one.name] = one.write(whole);
  return out;
}

Result<void> read_members(std::span<const Member> members, const json::value& value, void* whole, const std::string& where, std::initializer_list<std::string_view> ignored) {
  if (!value.is_object()) return wrong("This must be an object.", where);
  const auto& object = value.get_object();
  std::size_t used = 0;
  for (const auto& one : members) {
    const auto* found = object.if_contains(one.name);
    if (!found && one.may_be_missing) continue;
    const auto at = where + "/" + std::string(one.name);
    if (!found) return wrong("This field is required.", at);
    ++used;
    if (auto read = one.read(*found, whole, at); !read) return read;
  }
  for (const auto key : ignored) used += object.contains(key) ? 1 : 0;
  if (used == object.size()) return {};
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (std::ranges::find(ignored, key) == ignored.end() && std::ranges::find(members, key, &Member::name) == members.end())
      return wrong("There is no field of this name here.", where + "/" + pointer_token(key));
  }
  return {};
}

}  // namespace bind

}  // namespace sluice
