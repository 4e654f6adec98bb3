// What an incident's record can hold and what each notice asks for, as regimes/notices/forms.yaml says it; and a draft made of both.
//
// Pure. A draft invents nothing: what the record doesn't have and nobody answered is a blank. Which notice is owed, and when, is the duties' to say.
//
// Always holds
//   F1  A form that was read has known ways to the record; a field without one is for a person.
//   F2  Composing the same form from the same record and answers gives the same bytes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/findings.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "regimes/vocabulary.h"

namespace sluice::regimes {

struct RecordFact {
  enum class Form { YesNo, Instant, Number, Text, Place, Places, Words, Choice };
  std::string name, asks;
  Form form = Form::Text;
  std::vector<std::string> choices;
  bool is_event() const { return name.find('.') != std::string::npos; }
};

struct NoticeField {
  std::string id, asks, cite;
  std::vector<std::string> from, mark;
  bool needed = true;
  std::string within;                 // of places in the record only those inside this one count, as EU: its states, and not itself
  bool is_verified() const;           // nothing of it is general knowledge
};

struct NoticeForm {
  std::string id, title, act, to, stage, why;
  std::vector<std::string> rules, after;
  bool offer = false;
  std::vector<NoticeField> fields;
  bool is_for(std::string_view rule) const;
};

struct NoticeForms {
  std::string edition;
  std::vector<RecordFact> facts;      // in the file's order
  std::vector<NoticeForm> forms;
  Findings findings;

  const RecordFact* fact(std::string_view name) const;
  const NoticeForm* form(std::string_view id) const;
  // Those made for the rule; none has the form for all duties without one.
  std::vector<const NoticeForm*> for_rule(std::string_view rule) const;
};
inline constexpr std::string_view kGeneralForm = "general";

NoticeForms read_notice_forms(std::string_view yaml, std::string_view file);
// Those that come with the program; its findings are empty.
NoticeForms built_in_notice_forms();

// The value as it is kept (an instant in whole seconds of UTC), or what it should be. `null` is always fit: not known.
Result<json::value> fit_fact(const RecordFact& fact, const json::value& value, const std::string& where);

// What the record has, by its ways ("incident.summary", "breach.aware", "product.names"), as text.
using Record = std::map<std::string, std::string, std::less<>>;
// All ways that a form may name beside the facts.
bool is_way_to_record(std::string_view way);

struct Composed {
  json::object fields;                // id: {"asks", "answer"?, "from"?, "cite", "mark", "needed"}
  std::vector<std::string> blanks;    // needed, without an answer
  std::string text;
};
// What stands in a draft where an answer that is needed is missing.
inline constexpr std::string_view kBlankMark = "[to be filled in]";
struct Letterhead { std::string to, from, stage, supplements; };
// `words`: which places lie within others; without them nothing of the record is a place within one. `answers`: of a person, by the field's id; they go before the record's. Invalid where one is of no field, or no text.
Result<Composed> compose(const NoticeForm& form, const Record& record, const json::value* answers, const Letterhead& head, const Vocabulary* words = nullptr);

}  // namespace sluice::regimes
