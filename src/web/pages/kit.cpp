#include "web/pages/kit.h"

namespace sluice::web::pages {

namespace {

std::string_view icon(Tone tone) {
  switch (tone) {
    case Tone::Quiet: return "○";
    case Tone::Good: return "✓";
    case Tone::Waiting: return "◔";
    case Tone::Held: return "◼";
    case Tone::Alarm: return "▲";
  }
  return "○";
}

std::string id_of(const Field& f) { return (f.scope.empty() ? "" : f.scope + "-") + std::string(f.name); }

struct Described { std::string ids; Html help, error; };
Described described(const Field& f) {
  Described out;
  const auto id_text = id_of(f);
  if (!f.help.empty()) {
    out.ids = id_text + "-help";
    out.help = el("p", {cls("help"), id(id_text + "-help")}, f.help);
  }
  if (!f.error.empty()) {
    out.ids += (out.ids.empty() ? "" : " ") + id_text + "-error";
    out.error = el("p", {cls("error"), id(id_text + "-error")}, el("strong", "Please look at this: "), f.error);
  }
  return out;
}

void describe(std::vector<Attribute>& attributes, const Described& d, const Field& f) {
  if (!d.ids.empty()) attributes.push_back(attr("aria-describedby", d.ids));
  if (!f.error.empty()) attributes.push_back(attr("aria-invalid", "true"));
}

Html label_words(const Field& f) { return all(f.label, f.required ? all(" ", el("span", {cls("required")}, "(required)")) : Html()); }

Html group_of(const Field& f, std::span<const Option> options, bool many) {
  const auto d = described(f);
  Html items;
  for (const auto& option : options) {
    const auto one = id_of(f) + "-" + option.value;
    const auto name = many ? std::string(f.name) + "." + option.value : std::string(f.name);
    items += el("label", {cls("choice")}, el("input", {attr("type", many ? "checkbox" : "radio"), attr("name", name), id(one), value(many ? "yes" : option.value), flag("checked", many ? ("," + std::string(f.value) + ",").find("," + option.value + ",") != std::string::npos : option.value == f.value)}),
                el("span", option.words));
  }
  std::vector<Attribute> attributes{cls(f.error.empty() ? "field group" : "field group wrong")};
  describe(attributes, d, f);
  return element("fieldset", attributes, all(el("legend", label_words(f)), d.help, d.error, el("div", {cls("choices")}, items)));
}

}  // namespace

Html badge(Tone tone, std::string_view words, std::string_view explained) {
  std::vector<Attribute> attributes{cls("badge"), attr("data-tone", word_of(tone))};
  if (!explained.empty()) attributes.push_back(attr("title", explained));
  return element("span", attributes, all(el("span", {cls("icon"), attr("aria-hidden", "true")}, icon(tone)), words));
}
Html badge(const Said& state) { return badge(state.tone, state.words, state.explained); }

Html empty_state(std::string_view what, std::string_view how) { return el("div", {cls("empty")}, el("p", {cls("what")}, what), el("p", how)); }

Html notice(Tone tone, std::string_view title, const Html& inside) {
  return el("div", {cls("notice"), attr("data-tone", word_of(tone)), attr("role", tone == Tone::Alarm ? "alert" : "note")}, el("p", {cls("title")}, el("span", {cls("icon"), attr("aria-hidden", "true")}, icon(tone)), title), inside);
}

Html field(const Field& f) {
  const auto d = described(f);
  std::vector<Attribute> attributes{id(id_of(f)), attr("name", f.name), flag("required", f.required)};
  describe(attributes, d, f);
  if (f.most > 0) attributes.push_back(attr("maxlength", std::to_string(f.most)));
  if (!f.complete.empty()) attributes.push_back(attr("autocomplete", f.complete));
  Html control;
  if (f.kind == Field::Kind::Text) {
    attributes.push_back(attr("rows", f.required && f.most > 10'000 ? "8" : "3"));
    control = element("textarea", attributes, form_text(f.value));
  } else {
    attributes.push_back(attr("type", f.kind == Field::Kind::Password ? "password" : f.kind == Field::Kind::Mail ? "email" : f.kind == Field::Kind::Instant ? "datetime-local" : f.kind == Field::Kind::File ? "file" : "text"));
    if (f.kind == Field::Kind::File) attributes.push_back(flag("multiple"));
    if (f.kind == Field::Kind::Code) {
      attributes.push_back(cls("code"));
      attributes.push_back(attr("spellcheck", "false"));
      attributes.push_back(attr("autocapitalize", "none"));
    }
    if (f.kind != Field::Kind::Password && f.kind != Field::Kind::File) attributes.push_back(value(f.value));
    if (!f.offers.empty()) attributes.push_back(attr("list", id_of(f) + "-offers"));
    control = element("input", attributes, {});
    Html offers;
    for (const auto& one : f.offers) offers += el("option", {value(one.value)}, one.words);
    if (!offers.empty()) control += el("datalist", {id(id_of(f) + "-offers")}, offers);
  }
  return el("div", {cls(f.error.empty() ? "field" : "field wrong")}, el("label", {attr("for", id_of(f))}, label_words(f)), d.help, d.error, control);
}

Html select(const Field& f, std::span<const Option> options) {
  const auto d = described(f);
  std::vector<Attribute> attributes{id(id_of(f)), attr("name", f.name), flag("required", f.required)};
  describe(attributes, d, f);
  Html items;
  for (const auto& option : options) items += el("option", {value(option.value), flag("selected", option.value == f.value)}, option.words);
  return el("div", {cls(f.error.empty() ? "field" : "field wrong")}, el("label", {attr("for", id_of(f))}, label_words(f)), d.help, d.error, element("select", attributes, items));
}

Html radios(const Field& f, std::span<const Option> options) { return group_of(f, options, false); }
Html checks(const Field& f, std::span<const Option> options) { return group_of(f, options, true); }

Html hidden(std::string_view name, std::string_view text) { return el("input", {attr("type", "hidden"), attr("name", name), value(text)}); }

Html form(const Path& to, std::string_view csrf, const Html& inside, std::string_view classes) {
  return el("form", {attr("method", "post"), action(to), cls(classes), attr("accept-charset", "utf-8")}, csrf.empty() ? Html() : hidden("csrf", csrf), inside);
}

Html file_form(const Path& to, std::string_view csrf, const Html& inside) {
  return el("form", {attr("method", "post"), action(to), cls("form"), attr("enctype", "multipart/form-data")}, csrf.empty() ? Html() : hidden("csrf", csrf), inside);
}

Html submit(std::string_view words, std::string_view classes) { return el("button", {attr("type", "submit"), cls(classes)}, words); }

Html disabled(std::string_view words, std::string_view reason) {
  return el("div", {cls("not-now")}, el("button", {attr("type", "button"), cls("button"), attr("aria-disabled", "true"), flag("disabled")}, words), el("span", {cls("reason")}, reason));
}

Facts& Facts::add(std::string_view term, const Html& value) {
  if (!value.empty()) rows_ += el("div", el("dt", term), el("dd", value));
  return *this;
}
Html Facts::html() const { return rows_.empty() ? Html() : el("dl", {cls("facts")}, rows_); }

void Table::row(std::vector<Html> cells) { rows_.push_back(std::move(cells)); }

Html Table::html() const {
  std::vector<bool> filled(columns_.size(), false);
  for (const auto& cells : rows_)
    for (std::size_t i = 0; i < cells.size() && i < filled.size(); ++i) filled[i] = filled[i] || !cells[i].empty();
  Html head, rows;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (filled[i]) head += el("th", {attr("scope", "col")}, columns_[i]);
  for (const auto& cells : rows_) {
    Html row;
    for (std::size_t i = 0; i < cells.size() && i < columns_.size(); ++i) {
      if (!filled[i]) continue;
      row += i == 0 ? el("th", {attr("scope", "row"), attr("data-column", columns_[i])}, cells[i]) : el("td", {attr("data-column", columns_[i])}, cells[i]);
    }
    rows += el("tr", row);
  }
  return el("div", {cls("scroll"), attr("role", "region"), attr("tabindex", "0"), attr("aria-label", caption_)},
            el("table", el("caption", caption_), el("thead", el("tr", head)), el("tbody", rows)));
}

Html verbatim(std::string_view name, std::string_view text) { return el("pre", {cls("wrap"), attr("tabindex", "0"), attr("role", "group"), attr("aria-label", name)}, text); }

Html section(std::string_view anchor, std::string_view title, const Html& inside, std::string_view classes) {
  const auto heading = std::string(anchor) + "-heading";
  return el("section", {id(anchor), cls(classes.empty() ? "part" : "part " + std::string(classes)), attr("aria-labelledby", heading)}, el("h2", {id(heading)}, title), inside);
}

Html more(const Html& summary, const Html& inside, bool open) { return el("details", {flag("open", open)}, el("summary", summary), el("div", {cls("inside")}, inside)); }

}  // namespace sluice::web::pages
