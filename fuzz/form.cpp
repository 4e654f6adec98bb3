// A form, with and without the name of a command in front: fields are text (F1); what becomes a command is written to JSON that reads back.
#include "web/form.h"

#include <cstdlib>

#include "base/bind.h"
#include "base/json.h"
#include "base/utf8.h"
#include "web/pages/case_commands.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  // The first line may name a command; the rest is the form.
  const auto line = all.find('\n');
  const auto fields = web::read_form(line == all.npos ? all : all.substr(line + 1));
  if (!fields) return 0;
  for (const auto& [name, value] : *fields)
    if (!is_utf8(name) || !is_utf8(value) || name.find('\0') != name.npos || value.find('\0') != value.npos) std::abort();
  const auto command = line == all.npos ? fail(ErrorKind::Invalid, "") : web::pages::command_of(all.substr(0, line), *fields);
  if (!command) return 0;
  const auto text = visit([](const auto& one) { return canonical(to_json(one)); }, *command);
  const auto again = parse_json(text, {.bytes = 8 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20});
  if (!again || canonical(*again) != text) std::abort();
  return 0;
}
