// Pieces that pages are made of: badges, fields, forms, tables. They know no case.
#pragma once

#include <span>

#include "web/html.h"
#include "web/pages/words.h"

namespace sluice::web::pages {

using namespace markup;  // the pages speak it throughout

// Colour, icon and word together, never colour alone.
Html badge(Tone tone, std::string_view words, std::string_view explained = {});
Html badge(const Said& state);
Html empty_state(std::string_view what, std::string_view how);
Html notice(Tone tone, std::string_view title, const Html& inside);

struct Option { std::string value; std::string words; };
struct Field {
  enum class Kind { Line, Text, Password, Mail, Instant, Code, File };
  std::string_view name;
  std::string_view label;
  std::string_view help = {};
  Kind kind = Kind::Line;
  bool required = false;
  std::string_view value = {};
  std::string_view error = {};
  std::size_t most = 0;             // characters; 0: no limit said
  std::string_view complete = {};   // the autocomplete word
  std::string scope = {};           // goes before the id where a page has the field twice
  std::span<const Option> offers = {};  // of a line: what a browser offers to choose; anything else can be written
};
Html field(const Field& field);

Html select(const Field& field, std::span<const Option> options);
Html radios(const Field& field, std::span<const Option> options);
Html checks(const Field& field, std::span<const Option> options);  // names are "<field>.<value>": a form keeps the last of each name. `value`: those chosen, with commas between
Html hidden(std::string_view name, std::string_view text);

// A POST form; the CSRF token is in it where there is one.
Html form(const Path& to, std::string_view csrf, const Html& inside, std::string_view classes = "form");
Html file_form(const Path& to, std::string_view csrf, const Html& inside);  // multipart: for forms with a field of kind File
Html submit(std::string_view words, std::string_view classes = "button");
Html disabled(std::string_view words, std::string_view reason);

// Facts as a definition list; a row without a value is left out.
class Facts {
 public:
  Facts& add(std::string_view term, const Html& value);
  Html html() const;

 private:
  Html rows_;
};

// On a phone each row becomes a small list, with the column's name before each cell. A column that no row fills is left out.
class Table {
 public:
  Table(std::string_view caption, std::vector<std::string> columns) : caption_(caption), columns_(std::move(columns)) {}
  void row(std::vector<Html> cells);  // the first is the row's header
  bool empty() const { return rows_.empty(); }
  Html html() const;

 private:
  std::string caption_;
  std::vector<std::string> columns_;
  std::vector<std::vector<Html>> rows_;
};

// Text as it is, in a box that scrolls by itself and so has to be reached by Tab.
Html verbatim(std::string_view name, std::string_view text);

// A part of a page under a heading that can be linked to.
Html section(std::string_view anchor, std::string_view title, const Html& inside, std::string_view classes = {});
Html more(const Html& summary, const Html& inside, bool open = false);  // <details>

}  // namespace sluice::web::pages
