// The words that packs and cases share, as they stand in regimes/vocabulary.yaml: events and whose they are, kinds of recipients, what actions bring about.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "regimes/recipient.h"
#include "regimes/truth.h"

namespace sluice::regimes {

enum class Whose { Case, Provider, Party };  // an event that names no party

struct Cause {
  std::set<std::string> types;
  std::string to;        // "" : whoever is told
  std::string event;
};

struct Kind {
  std::vector<std::string> holds;       // telling it tells these too
  std::string home;                     // whose body it is
  std::vector<Recipient> as;            // it is that body
  bool authority = false;
  bool body = true;                     // a body or person, rather than a crowd or a place
  Truth needed = Truth::Unknown;        // to make or deploy a remedy
};

struct Vocabulary {
  std::map<std::string, std::set<std::string>, std::less<>> places;
  std::vector<std::string> levels;      // lowest first
  std::map<std::string, Whose, std::less<>> events;
  std::set<std::string, std::less<>> before_the_case;              // of the events: those that may lie before anybody knows of the flaw
  std::vector<Cause> causes;
  std::set<std::string, std::less<>> actions, publications, contents;
  std::set<std::string, std::less<>> reports, flaw_publications;   // of the actions: telling a body what one knows; making a flaw known to all
  std::set<std::string, std::less<>> remedy;                       // of the events: those that come with a remedy, or after it
  std::map<std::string, std::vector<std::string>, std::less<>> roles;
  std::map<std::string, Kind, std::less<>> recipients;

  std::map<std::string, std::string, std::less<>> flags;           // what a party's profile may say of it with this word: "is an essential entity"
  std::map<std::string, std::string, std::less<>> says;            // a word, a place's among them: how a page says it (plain_words.h)
  std::string_view plain(std::string_view word) const;             // itself, where the vocabulary doesn't say it
  std::map<std::string, std::string, std::less<>> sources;         // "S16": what was read

  // Whether `whole` is `part`, or a place that holds it: EU holds FR, CN holds CN-SH.
  bool same_or_part(std::string_view whole, std::string_view part) const;
  int level(std::string_view name) const;  // -1: none

  // Facts that take one of few words ("product.support"), and which; what packs ask of them is among these (Library::learn).
  using Some = std::set<std::string, std::less<>>;
  std::map<std::string, Some, std::less<>> facts;
  Some owners;                                                     // flags of those whose own policies are packs
  Some asked;                                                      // all facts that packs ask of
  // False: no rule can speak of this word. A fact that takes any word takes this one too.
  bool takes(std::string_view fact, std::string_view word) const;
  // A country, a part of one, or a group of them.
  bool knows_place(std::string_view place) const;
};

// Malformed or Invalid, with the file's name and line in `where`.
Result<Vocabulary> read_vocabulary(std::string_view yaml, std::string_view file);

}  // namespace sluice::regimes
