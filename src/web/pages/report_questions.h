// The report form's questions as a table: every field of cvd::ReportContent, in the order in which people tell a story (CERT Guide to CVD; ISO/IEC 29147 9.3.2).
#pragma once

#include <array>
#include <map>
#include <optional>

#include "cvd/report_content.h"
#include "web/pages/kit.h"

namespace sluice::web::pages {

enum class Chapter { Finding, Danger, WhoKnows, Plans, You };
enum class Asks { Line, Text, YesNo, Instant };

struct Question {
  std::string_view name, label, help;
  Asks asks;
  Chapter chapter;
  std::size_t most = 20'000;
  bool required = false;
};

constexpr auto kQuestions = std::to_array<Question>({
    {"title", "In one line: what is wrong?", "Such as: Remote code execution by a crafted log message.", Asks::Line, Chapter::Finding, 300, true},
    {"product", "Which product is it in?", "Its name as you know it. A purl such as pkg:npm/left-pad@1.3.0 is welcome.", Asks::Line, Chapter::Finding, 2'000, true},
    {"versions", "Which versions did you look at?", "Those that have it, and those that you know don't.", Asks::Line, Chapter::Finding},
    {"vendor", "Who makes it?", "", Asks::Line, Chapter::Finding},
    {"several_vendors", "Could others have it too?", "Products that contain this one, or share the flaw. Name whom you know.", Asks::Text, Chapter::Finding},
    {"description", "What did you find, and how can it be seen?", "Steps, a proof of concept, logs. A poor report is still a report: write what you have.", Asks::Text, Chapter::Finding, 200'000, true},
    {"how_found", "How did you find it?", "", Asks::Text, Chapter::Finding},
    {"impact", "What can an attacker do with it?", "", Asks::Text, Chapter::Danger},
    {"safety_impact", "Can people, infrastructure or the environment come to harm?", "Think of medical devices, plants, vehicles, networks that others depend on.", Asks::Text, Chapter::Danger},
    {"exploited", "Is it being exploited?", "", Asks::YesNo, Chapter::Danger},
    {"exploited_how", "If so: what was seen, where and when?", "", Asks::Text, Chapter::Danger},
    {"public", "Is it publicly known?", "", Asks::YesNo, Chapter::WhoKnows},
    {"public_where", "If so: where?", "An address is best.", Asks::Line, Chapter::WhoKnows},
    {"contacted_vendor", "Have you told the vendor?", "", Asks::YesNo, Chapter::WhoKnows},
    {"contact_when", "If so: when?", "", Asks::Line, Chapter::WhoKnows},
    {"contact_how", "How, and whom?", "", Asks::Line, Chapter::WhoKnows},
    {"contact_answer", "What did they answer?", "", Asks::Text, Chapter::WhoKnows},
    {"contact_why_not", "If not: why not?", "Nobody will hold it against you. It helps to know.", Asks::Text, Chapter::WhoKnows},
    {"disclosure_plans", "Do you plan to publish something yourself?", "A talk, a paper, a date that is set.", Asks::Text, Chapter::Plans},
    {"proposed_embargo_until", "Until when should it be kept back? (UTC)", "Leave it empty to take the receiver's usual length. Where wishes differ, the earlier end holds until something else is agreed.", Asks::Instant, Chapter::Plans},
    {"contact", "How can you be reached, if you want that?", "Leave it empty to stay reachable through your mailbox here alone.", Asks::Line, Chapter::You},
    {"may_share_identity", "May the receiver tell others who you are?", "Without a yes it stays with the receiver.", Asks::YesNo, Chapter::You},
    {"credit", "Whom shall the advisory thank?", "A name, a handle, a group. Empty: nobody.", Asks::Line, Chapter::You},
    {"own_tracking_id", "Your own number for this, if you have one", "", Asks::Line, Chapter::You},
});

constexpr std::string_view title_of(Chapter chapter) {
  switch (chapter) {
    case Chapter::Finding: return "What you found";
    case Chapter::Danger: return "How dangerous it is";
    case Chapter::WhoKnows: return "Who knows of it";
    case Chapter::Plans: return "Publishing and keeping back";
    case Chapter::You: return "About you";
  }
  return "";
}

using Answers = std::map<std::string, std::string, std::less<>>;  // as typed, by name; empty ones are absent
using Wrong = std::map<std::string, std::string, std::less<>>;    // what to say at a field

struct ReportRead {
  cvd::ReportContent content;
  Wrong wrong;                      // empty: it can be sent
};
ReportRead read_report(const Answers& answers, Instant now);

struct Receiver {
  std::string id, name, kind;
  std::string acknowledge_within;   // in words; empty: not said
  bool has_policy = false;
};

// What has to be mended, in the form's order, each with a way to its field; nothing where nothing is wrong.
Html report_mistakes(const Wrong& wrong);
Html report_questions(const Answers& answers, const Wrong& wrong, const std::vector<Receiver>& receivers, bool has_account, std::span<const Option> classes = {});
Html report_review_of(const Answers& answers, const Receiver& receiver, const Html& what_next);

}  // namespace sluice::web::pages
