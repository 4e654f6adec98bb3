// Binding of plain structs to JSON: a struct described with BOOST_DESCRIBE_STRUCT is read and written field by field.
//
//   struct ProposeEmbargo { Instant until; std::optional<std::string> note; };
//   BOOST_DESCRIBE_STRUCT(ProposeEmbargo, (), (until, note))
//   TRY(const auto embargo, from_json<ProposeEmbargo>(value));
//
// Rules, the same everywhere
//   - A field that is missing, of the wrong type or unknown is an error that names its JSON Pointer (API-1: unknown fields are refused).
//   - optional<T> and vector<T> may be missing; absent optionals and empty vectors are written as nothing (null, [] also read as absent).
//   - bool fields with a default and other fields with a default must still be sent unless they are optional or vector: what is meant is said.
//   - Enumerators are written in snake_case of their C++ names (UnderInvestigation -> "under_investigation").
//   - Id, Instant, Duration and Hash are strings in their text forms.
//   - A member that would be a C++ keyword ends in '_' (public_), which JSON doesn't see.
#pragma once

#include <algorithm>
#include <array>
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/json.h"
#include "base/time.h"

namespace sluice {

// UnderInvestigation -> under_investigation
std::string snake_case(std::string_view pascal);

namespace bind {

// An enumerator and its word. What is the same for all types is in bind.cpp: a file pays for a table of each type that it names, not for a loop.
struct Word {
  std::int64_t value;
  std::string_view name;  // as in C++: UnderInvestigation
};
std::string to_word(std::span<const Word> words, std::int64_t value);
std::optional<std::int64_t> from_word(std::span<const Word> words, std::string_view word);
std::string all_words(std::span<const Word> words);

template <class E, class List = boost::describe::describe_enumerators<E>> struct Words;
template <class E, template <class...> class L, class... D> struct Words<E, L<D...>> {
  static constexpr std::array<Word, sizeof...(D)> all{Word{static_cast<std::int64_t>(D::value), D::name}...};
};

}  // namespace bind

template <class E>
  requires std::is_enum_v<E>
std::string to_word(E value) { return bind::to_word(bind::Words<E>::all, static_cast<std::int64_t>(value)); }

template <class E>
  requires std::is_enum_v<E>
std::optional<E> from_word(std::string_view word) {
  const auto value = bind::from_word(bind::Words<E>::all, word);
  return value ? std::optional(static_cast<E>(*value)) : std::nullopt;
}

template <class E>
std::string words_of() { return bind::all_words(bind::Words<E>::all); }

namespace bind {

template <class T> struct is_optional : std::false_type {};
template <class T> struct is_optional<std::optional<T>> : std::true_type {};
template <class T> struct is_vector : std::false_type {};
template <class T> struct is_vector<std::vector<T>> : std::true_type {};
template <class T> struct is_string_map : std::false_type {};
template <class T> struct is_string_map<std::map<std::string, T>> : std::true_type {};
template <class T> struct is_id : std::false_type {};
template <class K> struct is_id<Id<K>> : std::true_type {};

constexpr std::string_view field_name(std::string_view member) { return member.ends_with('_') ? member.substr(0, member.size() - 1) : member; }

std::unexpected<Error> wrong(std::string_view what, const std::string& where);

// A member of a described struct, without its type.
struct Member {
  std::string_view name;
  bool may_be_missing;
  bool (*is_absent)(const void* whole);
  json::value (*write)(const void* whole);
  Result<void> (*read)(const json::value& value, void* whole, const std::string& where);
};
json::object write_members(std::span<const Member> members, const void* whole);
Result<void> read_members(std::span<const Member> members, const json::value& value, void* whole, const std::string& where, std::initializer_list<std::string_view> ignored);

template <class T> constexpr bool may_be_missing = is_optional<T>::value || is_vector<T>::value || is_string_map<T>::value;
template <class T, class D> using FieldOf = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;
// Defined below, with what they call.
template <class T, class D> bool member_is_absent(const void* whole);
template <class T, class D> json::value write_member(const void* whole);
template <class T, class D> Result<void> fill_member(const json::value& value, void* whole, const std::string& where);

template <class T, class List = boost::describe::describe_members<T, boost::describe::mod_public>> struct Members;
template <class T, template <class...> class L, class... D> struct Members<T, L<D...>> {
  static constexpr std::array<Member, sizeof...(D)> all{
      Member{field_name(D::name), may_be_missing<FieldOf<T, D>>, may_be_missing<FieldOf<T, D>> ? &member_is_absent<T, D> : nullptr, &write_member<T, D>, &fill_member<T, D>}...};
};

}  // namespace bind

template <class T>
json::value to_json(const T& value) {
  using namespace bind;
  if constexpr (std::is_same_v<T, json::value>) {
    return value;
  } else if constexpr (std::is_same_v<T, bool>) {
    return value;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<std::int64_t>(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<double>(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return json::value(value);
  } else if constexpr (is_id<T>::value) {
    return json::value(value.text());
  } else if constexpr (std::is_same_v<T, Instant> || std::is_same_v<T, Duration>) {
    return json::value(to_text(value));
  } else if constexpr (std::is_same_v<T, Hash>) {
    return json::value(hex(value));
  } else if constexpr (std::is_enum_v<T>) {
    return json::value(to_word(value));
  } else if constexpr (is_optional<T>::value) {
    return value ? to_json(*value) : json::value(nullptr);
  } else if constexpr (is_vector<T>::value) {
    json::array out;
    out.reserve(value.size());
    for (const auto& item : value) out.push_back(to_json(item));
    return out;
  } else if constexpr (is_string_map<T>::value) {
    json::object out;
    for (const auto& [key, item] : value) out[key] = to_json(item);
    return out;
  } else {
    static_assert(boost::describe::has_describe_members<T>::value, "describe this struct with BOOST_DESCRIBE_STRUCT");
    return write_members(Members<T>::all, &value);
  }
}

// Reads `value` into `out`. `ignored`: keys of the outermost object that belong to somebody else (an event's "type" and "v").
template <class T>
Result<void> read_json(const json::value& value, T& out, const std::string& where, std::initializer_list<std::string_view> ignored = {}) {
  using namespace bind;
  if constexpr (std::is_same_v<T, json::value>) {
    out = value;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_bool()) return wrong("This must be true or false.", where);
    out = value.get_bool();
  } else if constexpr (std::is_integral_v<T>) {
    boost::system::error_code ec;
    const auto number = value.is_int64() || value.is_uint64() ? value.to_number<T>(ec) : T{};
    if (ec || !(value.is_int64() || value.is_uint64())) return wrong("This must be a whole number.", where);
    out = number;
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!value.is_number()) return wrong("This must be a number.", where);
    out = value.to_number<T>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!value.is_string()) return wrong("This must be a string.", where);
    out.assign(value.get_string().data(), value.get_string().size());
  } else if constexpr (is_id<T>::value) {
    const auto id = value.is_string() ? T::parse(std::string_view(value.get_string())) : std::nullopt;
    if (!id) return wrong("This is not an id of the kind that belongs here.", where);
    out = *id;
  } else if constexpr (std::is_same_v<T, Instant> || std::is_same_v<T, Duration>) {
    if (!value.is_string()) return wrong("This must be a string.", where);
    auto read = [&] {
      if constexpr (std::is_same_v<T, Instant>) return parse_instant(value.get_string());
      else return parse_duration(value.get_string());
    }();
    if (!read) return wrong(read.error().message, where);
    out = *read;
  } else if constexpr (std::is_same_v<T, Hash>) {
    const auto bytes = value.is_string() ? from_hex(value.get_string()) : fail(ErrorKind::Invalid, "");
    if (!bytes || bytes->size() != 32) return wrong("This must be 64 hexadecimal digits.", where);
    std::copy(bytes->begin(), bytes->end(), out.begin());
  } else if constexpr (std::is_enum_v<T>) {
    const auto word = value.is_string() ? from_word<T>(value.get_string()) : std::nullopt;
    if (!word) return wrong("This must be one of: " + words_of<T>() + ".", where);
    out = *word;
  } else if constexpr (is_optional<T>::value) {
    if (value.is_null()) {
      out.reset();
    } else {
      out.emplace();
      return read_json(value, *out, where);
    }
  } else if constexpr (is_vector<T>::value) {
    if (!value.is_array()) return wrong("This must be a list.", where);
    out.clear();
    std::size_t i = 0;
    for (const auto& item : value.get_array()) {
      out.emplace_back();
      if (auto r = read_json(item, out.back(), where + "/" + std::to_string(i++)); !r) return r;
    }
  } else if constexpr (is_string_map<T>::value) {
    if (!value.is_object()) return wrong("This must be an object.", where);
    out.clear();
    for (const auto& member : value.get_object())
      if (auto r = read_json(member.value(), out[std::string(member.key())], where + "/" + pointer_token(member.key())); !r) return r;
  } else {
    static_assert(boost::describe::has_describe_members<T>::value, "describe this struct with BOOST_DESCRIBE_STRUCT");
    return read_members(Members<T>::all, value, &out, where, ignored);
  }
  return {};
}

namespace bind {

template <class T, class D>
bool member_is_absent(const void* whole) {
  const auto& field = static_cast<const T*>(whole)->*D::pointer;
  if constexpr (is_optional<FieldOf<T, D>>::value) return !field;
  else if constexpr (may_be_missing<FieldOf<T, D>>) return field.empty();
  else return false;
}
template <class T, class D>
json::value write_member(const void* whole) { return to_json(static_cast<const T*>(whole)->*D::pointer); }
template <class T, class D>
Result<void> fill_member(const json::value& value, void* whole, const std::string& where) { return read_json(value, static_cast<T*>(whole)->*D::pointer, where); }

}  // namespace bind

template <class T>
Result<T> from_json(const json::value& value, std::initializer_list<std::string_view> ignored = {}) {
  T out{};
  if (auto r = read_json(value, out, "", ignored); !r) return std::unexpected(std::move(r).error());
  return out;
}

}  // namespace sluice
