#include "web/schema.h"

namespace sluice::web::schema {

json::object text() { return {{"type", "string"}}; }
json::object text_of_form(std::string_view pattern) { return {{"type", "string"}, {"pattern", "^(" + std::string(pattern) + ")$"}}; }
json::object number() { return {{"type", "integer"}, {"format", "int64"}}; }
json::object flag() { return {{"type", "boolean"}}; }
json::object instant() { return {{"type", "string"}, {"format", "date-time"}}; }
json::object hash() { return text_of_form("[0-9a-f]{64}"); }
json::object anything() { return {}; }
// base/id.h: 128 bits as 26 digits of Crockford's base32, so the first is below 8.
json::object id(char letter) { return text_of_form(std::string{letter} + "_[0-7][0-9a-hjkmnp-tv-z]{25}"); }
json::object list(json::object items) { return {{"type", "array"}, {"items", std::move(items)}}; }
json::object ref(std::string_view shape) { return {{"$ref", "#/components/schemas/" + std::string(shape)}}; }
json::object or_null(json::object one) { return one_of({std::move(one), json::object{{"type", "null"}}}); }

json::object one_of(std::initializer_list<json::object> all) {
  json::array list;
  for (const auto& one : all) list.push_back(one);
  return {{"anyOf", std::move(list)}};
}

json::object object(std::initializer_list<Field> fields) { return with({{"type", "object"}, {"properties", json::object{}}}, fields); }

json::object with(json::object object, std::initializer_list<Field> fields) {
  auto& properties = object["properties"].as_object();
  json::array required;
  if (const auto* before = object.if_contains("required")) required = before->as_array();
  for (const auto& field : fields) {
    const bool optional = field.name.ends_with('?');
    const auto name = field.name.substr(0, field.name.size() - (optional ? 1 : 0));
    const bool is_new = !properties.contains(name);
    properties[name] = field.schema;
    if (is_new && !optional) required.push_back(json::value(name));
  }
  if (!required.empty()) object["required"] = std::move(required);
  return object;
}

}  // namespace sluice::web::schema
