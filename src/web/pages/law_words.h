// What pages on law, incidents and notices share: names in the place of ids, whom a rule names, when something is due. Words come from the packs (Scene::words).
#pragma once

#include "web/pages/case_scene.h"

namespace sluice::web::pages {

// A party of the case as the answers of law name it; the id where they don't.
std::string party_words(const Scene& scene, std::string_view id);
// A text with ids of the case's things in it, as the engine makes them: each by its name, so far as the viewer's own case has it.
std::string with_names(const Scene& scene, std::string_view text);
// What the engine says of a fact or reason, in words and with names.
std::string law_text(const Scene& scene, std::string_view text);
// A rule: its regime, and where in it. The id stands beside, for who gives it to a program.
Html rule_words(const Scene& scene, std::string_view rule, std::string_view cite);
// "due", "due_at", "zone" of a duty or task: when it has to be done by, and how long that is from now. Empty: it has no date.
Html due_words(const Scene& scene, const json::value& of, bool counts_down);
// Once, above what was worked out from a part of the case.
Html part_of_case(const Scene& scene);

}  // namespace sluice::web::pages
