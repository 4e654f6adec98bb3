#include "web/multipart.h"

#include <algorithm>

#include "base/utf8.h"

namespace sluice::web {

namespace {

std::unexpected<Error> malformed(std::string what) { return fail(ErrorKind::Malformed, "This form can't be read: " + std::move(what), {}, "RFC 7578"); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string_view trimmed_value(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

// `; name="value"` at the front of `rest`, taken off it. Quoted strings alone, as browsers write them: a quote inside one is %22 (HTML, multipart form data).
struct Parameter { std::string name, value; };
Result<Parameter> next_parameter(std::string_view& rest) {
  if (!rest.starts_with(';')) return malformed("there is something else where a parameter should be.");
  rest = trimmed_value(rest.substr(1));
  const auto equals = rest.find('=');
  if (equals == rest.npos || equals + 1 >= rest.size() || rest[equals + 1] != '"') return malformed("a parameter has no quoted value.");
  const auto end = rest.find('"', equals + 2);
  if (end == rest.npos) return malformed("a quoted value has no end.");
  // A backslash before the quote: some read an escape there, some the end.
  if (rest[end - 1] == '\\') return malformed("a quoted value ends in a backslash.");
  Parameter out{lower(rest.substr(0, equals)), std::string(rest.substr(equals + 2, end - equals - 2))};
  rest = trimmed_value(rest.substr(end + 1));
  return out;
}

Result<void> read_disposition(std::string_view value, const MultipartLimits& limits, Part& part) {
  constexpr std::string_view kFormData = "form-data";
  if (lower(value.substr(0, kFormData.size())) != kFormData) return malformed("a part is no form-data.");
  auto rest = trimmed_value(value.substr(kFormData.size()));
  bool named = false;
  while (!rest.empty()) {
    TRY(auto parameter, next_parameter(rest));
    if (parameter.name == "name" && !named) {
      named = true;
      part.name = std::move(parameter.value);
    } else if (parameter.name == "filename" && !part.file_name) {
      part.file_name = std::move(parameter.value);
    } else {
      return malformed("a part has a parameter twice, or one that forms don't have.");  // filename* among them (RFC 7578 4.2)
    }
  }
  if (!named || part.name.empty() || part.name.size() > limits.name) return malformed("a part has no name, or one that is too long.");
  return {};
}

Result<void> read_head(std::string_view head, const MultipartLimits& limits, Part& part) {
  if (!is_utf8(head)) return malformed("the head of a part is no UTF-8.");
  bool disposition = false, type = false;
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(head.size(), end + 2));
    const auto colon = line.find(':');
    if (colon == line.npos || has_controls(line)) return malformed("a part has a header that is none.");
    const auto name = lower(line.substr(0, colon));
    const auto value = trimmed_value(line.substr(colon + 1));
    if (name == "content-disposition" && !disposition) {
      disposition = true;
      TRY(read_disposition(value, limits, part));
    } else if (name == "content-type" && !type && !lower(value).starts_with("multipart/")) {
      type = true;  // of no interest: type by content, and files only ever leave as downloads (FIL-1)
    } else {
      return malformed("a part has a header twice, or one that forms don't have.");
    }
  }
  if (!disposition) return malformed("a part doesn't say what it is.");
  return {};
}

Result<void> check_value(const Part& part, std::string_view value, const std::vector<Part>& before, const MultipartLimits& limits) {
  const auto same = [&](const Part& other) { return other.name == part.name && !(other.file_name && part.file_name); };
  if (std::any_of(before.begin(), before.end(), same)) return malformed("the field \"" + part.name + "\" is there twice.");
  if (part.file_name) return {};
  if (value.size() > limits.value) return fail(ErrorKind::Invalid, "This is longer than what fits here.", "/" + part.name);
  if (!is_utf8(value) || value.find('\0') != value.npos) return malformed("the field \"" + part.name + "\" is no UTF-8 text.");
  return {};
}

}  // namespace

Result<std::string> boundary_of(std::string_view content_type) {
  constexpr std::string_view kType = "multipart/form-data", kParameter = "boundary=";
  if (lower(content_type.substr(0, kType.size())) != kType) return malformed("send it as multipart/form-data.");
  auto rest = trimmed_value(content_type.substr(kType.size()));
  if (!rest.starts_with(';')) return malformed("it names no boundary.");
  rest = trimmed_value(rest.substr(1));
  if (lower(rest.substr(0, kParameter.size())) != kParameter) return malformed("it names no boundary, or something besides.");
  rest.remove_prefix(kParameter.size());
  if (rest.size() >= 2 && rest.starts_with('"') && rest.ends_with('"')) rest = rest.substr(1, rest.size() - 2);
  // RFC 2046 5.1.1: 1 to 70 of these characters; no blank, which some strip at its end.
  const auto fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || std::string_view("'()+_,-./:=?").find(c) != std::string_view::npos; };
  if (rest.empty() || rest.size() > 70 || !std::all_of(rest.begin(), rest.end(), fits)) return malformed("its boundary isn't one.");
  return std::string(rest);
}

Result<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body, const MultipartLimits& limits) {
  TRY(const auto boundary, boundary_of(content_type));
  const auto delimiter = "\r\n--" + boundary;
  // The first boundary has no line before it.
  if (!body.starts_with(std::string_view(delimiter).substr(2))) return malformed("it doesn't begin with its boundary.");
  auto at = delimiter.size() - 2;
  std::vector<Part> out;
  for (;;) {
    const auto next = body.substr(at);
    if (next == "--" || next == "--\r\n") return out;
    if (!next.starts_with("\r\n")) return malformed("after a boundary comes something else than a part or the end.");
    if (out.size() == limits.parts) return fail(ErrorKind::Invalid, "This form has more than the " + std::to_string(limits.parts) + " parts that fit here.");
    at += 2;
    const auto head = body.substr(at, limits.head).find("\r\n\r\n");
    if (head == body.npos) return malformed("the head of a part is too long, or has no end.");
    Part part;
    TRY(read_head(body.substr(at, head), limits, part));
    part.offset = at + head + 4;
    if (body.substr(part.offset).starts_with(std::string_view(delimiter).substr(2))) return malformed("a part begins with the boundary.");  // an empty one, for some
    const auto end = body.find(delimiter, part.offset);
    if (end == body.npos) return malformed("it ends in the middle of a part.");
    part.size = end - part.offset;
    TRY(check_value(part, body.substr(part.offset, part.size), out, limits));
    out.push_back(std::move(part));
    at = end + delimiter.size();
  }
}

}  // namespace sluice::web
