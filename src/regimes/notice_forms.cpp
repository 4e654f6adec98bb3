#include "regimes/notice_forms.h"

#include <algorithm>

#include "regimes/notice_built_in.h"
#include "regimes/recipient.h"
#include "regimes/yaml.h"

namespace sluice::regimes {

namespace {

struct FormWord { std::string_view word; RecordFact::Form form; };
constexpr FormWord kFormWords[] = {{"yes-no", RecordFact::Form::YesNo}, {"instant", RecordFact::Form::Instant}, {"number", RecordFact::Form::Number}, {"text", RecordFact::Form::Text},
                                   {"place", RecordFact::Form::Place}, {"places", RecordFact::Form::Places}, {"words", RecordFact::Form::Words}};

constexpr std::string_view kWays[] = {"organisation.name", "organisation.contact", "case.title", "case.summary", "incident.title", "incident.summary", "product.names", "product.versions",
                                      "product.names_with_versions", "product.vendors", "product.markets", "vulnerability.titles", "vulnerability.descriptions", "vulnerability.identifiers",
                                      "vulnerability.severities", "vulnerability.cwes", "vulnerability.exploitation", "vulnerability.exploited_since", "remedy.summary", "area.titles", "area.places"};

constexpr std::size_t kLongestAnswer = 8'000, kLongestText = 4'000;

class FormsReader {
 public:
  explicit FormsReader(std::string_view file) : file_(file) {}

  NoticeForms read(std::string_view yaml) {
    const auto root = parse_yaml(yaml, file_);
    if (!root) return out_.findings.push_back({Severity::Error, "yaml", root.error().where, root.error().message}), std::move(out_);
    try {
      out_.edition = word_of((*root)["edition"]);
      for (const auto& entry : (*root)["facts"]) fact(entry.first, entry.second);
      for (const auto& node : child(*root, "forms")) form(node);
    } catch (const YAML::Exception& error) {
      out_.findings.push_back({Severity::Error, "form", std::string(file_) + ":" + std::to_string(error.mark.line + 1), "A field here has another form than it should: " + error.msg});
    }
    return std::move(out_);
  }

 private:
  void wrong(const YAML::Node& node, std::string message) { out_.findings.push_back({Severity::Error, "form", place_of(file_, node), std::move(message)}); }

  void fact(const YAML::Node& name, const YAML::Node& node) {
    RecordFact out{word_of(name), word_of(node["asks"]), RecordFact::Form::Choice, {}};
    if (out.asks.empty()) wrong(node, "A fact says what it asks.");
    if (node["form"].IsSequence()) {
      out.choices = words_of(node["form"]);
    } else {
      const auto word = word_of(node["form"]);
      const auto* known = std::find_if(std::begin(kFormWords), std::end(kFormWords), [&](const FormWord& one) { return one.word == word; });
      if (known == std::end(kFormWords)) return wrong(node, "\"" + word + "\" is no form of a fact.");
      out.form = known->form;
    }
    if (out.is_event() && out.form != RecordFact::Form::Instant) wrong(node, "What has a dot in its name is an event, and has an instant.");
    if (out_.fact(out.name) != nullptr) wrong(name, "This fact stands here twice.");
    out_.facts.push_back(std::move(out));
  }

  // F1
  bool leads_somewhere(const std::string& way) const {
    return is_way_to_record(way) || out_.fact(way) != nullptr || (way.starts_with("incident.") && out_.fact(std::string_view(way).substr(9)) != nullptr);
  }

  void form(const YAML::Node& node) {
    NoticeForm out{word_of(node["id"]), word_of(node["title"]), word_of(node["act"]), word_of(node["to"]), word_of(node["stage"]), word_of(node["why"]), words_of(node["rules"]), words_of(node["after"]),
                   word_of(node["offer"]) == "yes", {}};
    if (out.id.empty() || out.title.empty() || out.act.empty()) wrong(node, "A form has an id, a title and an act.");
    if (out_.form(out.id) != nullptr) wrong(node, "This form stands here twice.");
    if (out.to.empty() && out.id != kGeneralForm) wrong(node, "A form says to which body it goes.");
    if (const auto to = parse_recipients(out.to); !out.to.empty() && !to) wrong(node["to"], to.error().message);
    if (out.offer && out.why.empty()) wrong(node, "What nobody owes says why it is offered.");
    for (const auto& one : child(node, "fields")) {
      NoticeField field{word_of(one["id"]), word_of(one["asks"]), word_of(one["cite"]), words_of(one["from"]), words_of(one["mark"]), word_of(one["needed"]) != "no", word_of(one["within"])};
      if (field.id.empty() || field.asks.empty() || field.mark.empty()) wrong(one, "A field has an id, what it asks, and a mark.");
      if (std::any_of(out.fields.begin(), out.fields.end(), [&](const NoticeField& other) { return other.id == field.id; })) wrong(one, "This field stands here twice.");
      for (const auto& way : field.from)
        if (!leads_somewhere(way)) wrong(one, "\"" + way + "\" leads nowhere in a record.");
      out.fields.push_back(std::move(field));
    }
    if (out.fields.empty()) wrong(node, "A form asks something.");
    out_.forms.push_back(std::move(out));
  }

  std::string_view file_;
  NoticeForms out_;
};

std::unexpected<Error> unfit(std::string message, const std::string& where) { return fail(ErrorKind::Invalid, std::move(message), where); }

bool is_place(std::string_view text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() < 2 || !upper(text[0]) || !upper(text[1])) return false;
  if (text.size() == 2) return true;
  return text[2] == '-' && text.size() >= 4 && text.size() <= 6 && std::all_of(text.begin() + 3, text.end(), [&](char c) { return upper(c) || (c >= '0' && c <= '9'); });
}
bool is_small_word(std::string_view text) {
  return !text.empty() && text.size() <= 60 && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// A list, or one text with commas, as a form's field has it.
Result<json::value> fit_list(const json::value& given, const std::string& where, bool (*fits)(std::string_view), const char* what) {
  json::value value = given;
  if (given.is_string()) {
    json::array parts;
    std::string_view rest = given.get_string();
    while (!rest.empty() && parts.size() <= 300) {
      const auto comma = rest.find(',');
      auto one = rest.substr(0, comma);
      while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
      while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
      parts.emplace_back(one);
      rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
    }
    value = std::move(parts);
  }
  if (!value.is_array() || value.get_array().empty() || value.get_array().size() > 300) return unfit(what, where);
  for (const auto& one : value.get_array())
    if (!one.is_string() || !fits(one.get_string())) return unfit(what, where);
  return value;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f; });
}

std::string indented(std::string_view text) {
  std::string out = "   ";
  for (const char c : text) out += c == '\n' ? std::string("\n   ") : std::string(1, c);
  return out + "\n";
}

// "CN, DE, EU, FR" within EU: "DE, FR". The whole is no part of itself: who asks for its states isn't told by it which.
std::string within(std::string_view whole, std::string_view places, const Vocabulary* words) {
  std::string out;
  while (words != nullptr && !places.empty()) {
    const auto comma = places.find(',');
    auto one = places.substr(0, comma);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    const auto state = one.substr(0, 2);
    if (one != whole && words->same_or_part(whole, state)) out += (out.empty() ? "" : ", ") + std::string(one);
    places = comma == places.npos ? std::string_view() : places.substr(comma + 1);
  }
  return out;
}

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ", ") + one;
  return out;
}

}  // namespace

bool NoticeField::is_verified() const {
  return std::none_of(mark.begin(), mark.end(), [](const std::string& one) { return one.find("GEN") != std::string::npos; });
}
bool NoticeForm::is_for(std::string_view rule) const { return std::find(rules.begin(), rules.end(), rule) != rules.end(); }

const RecordFact* NoticeForms::fact(std::string_view name) const {
  const auto found = std::find_if(facts.begin(), facts.end(), [&](const RecordFact& one) { return one.name == name; });
  return found == facts.end() ? nullptr : &*found;
}
const NoticeForm* NoticeForms::form(std::string_view id) const {
  const auto found = std::find_if(forms.begin(), forms.end(), [&](const NoticeForm& one) { return one.id == id; });
  return found == forms.end() ? nullptr : &*found;
}
std::vector<const NoticeForm*> NoticeForms::for_rule(std::string_view rule) const {
  std::vector<const NoticeForm*> out;
  for (const auto& one : forms)
    if (one.is_for(rule)) out.push_back(&one);
  if (out.empty())
    if (const auto* general = form(kGeneralForm)) out.push_back(general);
  return out;
}

NoticeForms read_notice_forms(std::string_view yaml, std::string_view file) { return FormsReader(file).read(yaml); }
NoticeForms built_in_notice_forms() { return read_notice_forms(built_in_notice_forms_text(), "notices/forms.yaml"); }

bool is_way_to_record(std::string_view way) { return std::find(std::begin(kWays), std::end(kWays), way) != std::end(kWays); }

Result<json::value> fit_fact(const RecordFact& fact, const json::value& value, const std::string& where) {
  using Form = RecordFact::Form;
  if (value.is_null()) return value;
  switch (fact.form) {
    case Form::YesNo:
      if (value.is_bool()) return json::value(value.get_bool() ? "yes" : "no");
      if (value.is_string() && (value.get_string() == "yes" || value.get_string() == "no")) return value;
      return unfit("This is yes or no; null takes it back.", where);
    case Form::Instant: {
      if (value.is_bool() && !value.get_bool()) return value;  // it hasn't happened
      if (!value.is_string()) return unfit("This is an instant with a zone, or false if it hasn't happened.", where);
      const auto at = parse_instant(value.get_string());
      if (!at) return unfit(at.error().message, where);
      return json::value(to_text(Instant{at->micros - (at->micros % 1'000'000 + 1'000'000) % 1'000'000}));
    }
    case Form::Number:
      if (value.is_int64() && value.get_int64() >= 0) return value;
      if (value.is_string() && !value.get_string().empty() && value.get_string().size() <= 15 && std::all_of(value.get_string().begin(), value.get_string().end(), [](char c) { return c >= '0' && c <= '9'; }))
        return json::value(std::stoll(std::string(value.get_string())));
      return unfit("This is a whole number, zero or more.", where);
    case Form::Text:
      if (!value.is_string() || value.get_string().empty() || value.get_string().size() > kLongestText || has_control(value.get_string())) return unfit("This is a text of up to 4,000 bytes.", where);
      return value;
    case Form::Place:
      if (!value.is_string() || !is_place(value.get_string())) return unfit("This is a place, as DE or CN-ZJ (ISO 3166-1 or 3166-2).", where);
      return value;
    case Form::Places: return fit_list(value, where, is_place, "This is a list of places, as DE or CN-ZJ (ISO 3166-1 or 3166-2).");
    case Form::Words: return fit_list(value, where, is_small_word, "This is a list of words in small letters, as energy or public-services.");
    case Form::Choice:
      if (value.is_string() && std::find(fact.choices.begin(), fact.choices.end(), std::string_view(value.get_string())) != fact.choices.end()) return value;
      return unfit("This is one of: " + joined(fact.choices) + ".", where);
  }
  return unfit("This fact has no form.", where);
}

Result<Composed> compose(const NoticeForm& form, const Record& record, const json::value* answers, const Letterhead& head, const Vocabulary* words) {
  Composed out;
  if (answers != nullptr && !answers->is_null()) {
    if (!answers->is_object()) return unfit("Answers are an object: field and text.", "/fields");
    for (const auto& [id, answer] : answers->get_object()) {
      const auto where = "/fields/" + pointer_token(id);
      if (std::none_of(form.fields.begin(), form.fields.end(), [&](const NoticeField& one) { return one.id == id; })) return unfit("This form has no such field.", where);
      if (!answer.is_string() || answer.get_string().size() > kLongestAnswer || has_control(answer.get_string())) return unfit("An answer is a text of up to 8,000 bytes.", where);
    }
  }
  out.text = form.title + "\n\nTo: " + head.to + "\nFrom: " + head.from + "\n";
  if (!head.stage.empty()) out.text += "Stage: " + head.stage + "\n";
  if (!head.supplements.empty()) out.text += "Supplements: " + head.supplements + "\n";
  int number = 0;
  for (const auto& field : form.fields) {
    json::object one{{"asks", field.asks}, {"cite", field.cite}, {"mark", joined(field.mark)}, {"verified", field.is_verified()}, {"needed", field.needed}};
    std::string answer;
    if (const auto* given = answers != nullptr && answers->is_object() ? answers->get_object().if_contains(field.id) : nullptr; given != nullptr && given->get_string().find_first_not_of(" \t\r\n") != json::string::npos) {
      answer = std::string(given->get_string());
      one["from"] = "person";
    } else {
      for (const auto& way : field.from)
        if (const auto found = record.find(way); found != record.end() && !found->second.empty()) {
          answer = field.within.empty() ? found->second : within(field.within, found->second, words);
          if (answer.empty()) continue;
          one["from"] = way;
          break;
        }
    }
    out.text += "\n" + std::to_string(++number) + ". " + field.asks + (field.cite.empty() ? "" : field.cite.starts_with('(') ? " " + field.cite : " (" + field.cite + ")") + "\n";  // "(article not seen)" has its own
    if (!answer.empty()) {
      one["answer"] = answer;
      out.text += indented(answer);
    } else {
      out.text += field.needed ? "   " + std::string(kBlankMark) + "\n" : "   [not known, or not applicable]\n";
      if (field.needed) out.blanks.push_back(field.id);
    }
    out.fields[field.id] = std::move(one);
  }
  return out;
}

}  // namespace sluice::regimes
