// The states of a case in a reader's words. Letters and states of the protocol stand beside them where an expert looks for them.
#pragma once

#include <string_view>

#include "advisory/advisory.h"
#include "cvd/case.h"
#include "cvd/targets.h"

namespace sluice::web::pages {

// How a state is to be seen: a colour, always beside a word and an icon.
enum class Tone { Quiet, Good, Waiting, Held, Alarm };
std::string_view word_of(Tone tone);  // for data-tone

struct Said {
  std::string_view words;
  Tone tone = Tone::Quiet;
  std::string_view explained = {};
};

Said said(cvd::ReportState state);
Said said(cvd::EmbargoState state);
Said said(cvd::ConsentState state);
Said said(cvd::Admission admission);
Said said(cvd::Status status);
Said said(cvd::RemedyStep step);
Said said(cvd::Release::State state);
Said said(cvd::Terms::State state);
Said said(cvd::Claim::State state);
Said said(cvd::TargetState state);
std::string words_of(cvd::TargetStep step);       // "develop the remedy"
std::string_view words_of(cvd::Role role);
std::string_view words_of(cvd::MitigationRole role);
std::string_view words_of(cvd::RouteReason reason);
std::string_view words_of(cvd::DecisionSort sort);
std::string_view words_of(cvd::Letter fact);         // "publicly known"
std::string_view words_of_absence(cvd::Letter fact);  // "no attacks seen"
std::string_view words_of(cvd::YesNo answer);
std::string_view words_of_request(std::string_view command);  // "release.waive" -> "Release though not all are ready"
std::string words_of_size(std::int64_t bytes);
std::string_view words_of_event(std::string_view type);  // "TermsProposed" -> "Terms proposed"

// Of law, as its answers write them (docs/formats/regime-case.md); what isn't known stands as it is. The rules' own words are the packs' (Scene::words).
Said said_of_duty(std::string_view state);
Said said_of_outcome(std::string_view outcome);
std::string_view words_of_verdict(std::string_view verdict);
std::string_view words_of_force(std::string_view force);
std::string_view words_of_conflict(std::string_view kind);

Said said(advisory::Status status);
std::string_view words_of(advisory::Justification why);
std::string_view words_of(advisory::RemediationCategory category);
std::string_view words_of(advisory::ThreatCategory category);
std::string_view words_of(advisory::CreditType type);
std::string_view words_of(advisory::NoteCategory category);

}  // namespace sluice::web::pages
