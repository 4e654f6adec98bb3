// JSON Schema (draft 2020-12, which OpenAPI 3.1 uses), made from the types that bind.h reads and writes: what is published is what is read.
//
//   schema_of<cvd::PostMessage>()                                       what from_json<cvd::PostMessage> takes
//   object({{"items", list(ref("thread"))}, {"next?", text()}})         by hand, of what is written by hand; a name that ends in '?' may be absent
//
// null, which reads as absent, isn't published: who has nothing to say leaves the field out. What is sent may have no other fields (API-1); answers may
// come to have more, so theirs are left open.
#pragma once

#include <concepts>
#include <initializer_list>
#include <limits>

#include "base/bind.h"
#include "base/tlp.h"

namespace sluice::web {

using Schema = json::object (*)();
enum class OtherFields { Refused, ToCome };

namespace schema {

json::object text();                                           // any string
json::object text_of_form(std::string_view pattern);           // a regular expression of the whole
json::object number();                                         // whole, of 64 bits
json::object flag();
json::object instant();
json::object hash();
json::object anything();
json::object id(char letter);
json::object list(json::object items);
json::object ref(std::string_view shape);                      // a shape of components/schemas
json::object or_null(json::object one);
json::object one_of(std::initializer_list<json::object> all);

template <class I>
json::object id_of() {
  return id(I{}.text()[0]);
}

struct Field {
  std::string_view name;
  json::object schema;
};
json::object object(std::initializer_list<Field> fields);
json::object with(json::object object, std::initializer_list<Field> fields);   // the same with further fields, or with these in the place of its own

}  // namespace schema

template <class T, OtherFields others = OtherFields::Refused>
json::object schema_of();

namespace schema {

template <class T, OtherFields others>
json::object of_struct() {
  static_assert(boost::describe::has_describe_members<T>::value, "describe this struct with BOOST_DESCRIBE_STRUCT");
  json::object properties;
  json::array required;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto d) {
    using Member = std::decay_t<decltype(std::declval<T&>().*d.pointer)>;
    const auto name = bind::field_name(d.name);
    properties[name] = schema_of<Member, others>();
    if constexpr (!bind::is_optional<Member>::value && !bind::is_vector<Member>::value && !bind::is_string_map<Member>::value) required.push_back(json::value(name));
  });
  json::object out{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) out["required"] = std::move(required);
  if (others == OtherFields::Refused) out["additionalProperties"] = false;
  return out;
}

// The words as to_json writes them, by `Written` where that has words of its own (TLP:CLEAR).
template <class E, class Written = E>
json::object of_enum() {
  json::array words;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) { words.push_back(to_json(Written{d.value})); });
  return {{"type", "string"}, {"enum", std::move(words)}};
}

}  // namespace schema

// In the order of bind.h's own cases.
template <class T, OtherFields others>
json::object schema_of() {
  using namespace bind;
  if constexpr (std::is_same_v<T, json::value>) {
    return schema::anything();
  } else if constexpr (std::is_same_v<T, bool>) {
    return schema::flag();
  } else if constexpr (std::is_integral_v<T>) {
    auto out = schema::number();
    if constexpr (sizeof(T) < sizeof(std::int64_t)) out["minimum"] = std::numeric_limits<T>::min(), out["maximum"] = std::numeric_limits<T>::max();
    return out;
  } else if constexpr (std::is_floating_point_v<T>) {
    return {{"type", "number"}};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return schema::text();
  } else if constexpr (is_id<T>::value) {
    return schema::id_of<T>();
  } else if constexpr (std::is_same_v<T, Instant>) {
    return schema::instant();
  } else if constexpr (std::is_same_v<T, Duration>) {
    return schema::text_of_form("P([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?|[0-9]+(ms|s|m|h|d)");
  } else if constexpr (std::is_same_v<T, Hash>) {
    return schema::hash();
  } else if constexpr (std::is_enum_v<T>) {
    return schema::of_enum<T>();
  } else if constexpr (std::is_same_v<T, TlpLabel>) {
    return schema::of_enum<Tlp, TlpLabel>();
  } else if constexpr (is_optional<T>::value) {
    return schema_of<typename T::value_type, others>();
  } else if constexpr (is_vector<T>::value) {
    return schema::list(schema_of<typename T::value_type, others>());
  } else if constexpr (is_string_map<T>::value) {
    return {{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type, others>()}};
  } else if constexpr (requires(const T& value) { { value.text() } -> std::convertible_to<std::string>; }) {
    return schema::text();  // a class with a text form of its own
  } else {
    return schema::of_struct<T, others>();
  }
}

}  // namespace sluice::web
