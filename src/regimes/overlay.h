// An amendment as data: a proposed change of packs, such as a letter to a ministry asks for. The form: docs/formats/regime-overlay.md.
//
//   packs + amendments, in their order -> packs that say what was proposed
//
// Always holds
//   O1  An amended pack passed every check that a pack's file passes; what is wrong is told at a line of the amendment's file.
//   O2  All or nothing: an amendment with an error changes no pack.
//   O3  An amended pack's edition names the amendment, and so does every answer that rests on it.
#pragma once

#include "regimes/evaluate.h"

namespace sluice::regimes {

struct Overlay {
  enum class What { Dates, Scope, Reading, Settled, Dropped, Changed, Added };
  struct Change {
    What what = What::Changed;
    std::string pack, name;   // of the rule ("regime/rule") or reading; "" for dates and scope
    std::string detail;       // the fields that are otherwise, or the choice that is settled
  };
  std::string id, edition, title, source, says, notes, file;
  std::optional<Second> proposed;  // the day on which somebody asked for it, 00:00 UTC
  std::vector<Change> changes;
};
std::string_view to_text(Overlay::What what);

json::object to_json(const Overlay& overlay);

struct OverlayText { std::string file, yaml; };

// What packs become under amendments.
struct Amended {
  Library library;
  std::vector<Overlay> overlays;   // that were applied
  Findings findings;               // errors: `overlays` and `library` end before the amendment that has them
};
Amended amended(const Library& library, const std::vector<OverlayText>& overlays);

// The amendments that come with the program, against these packs: what each changes, or what of it doesn't fit them.
struct BuiltInOverlay {
  std::string id;
  std::optional<Overlay> overlay;
  Finding unfit;                   // where there is none
};
std::vector<BuiltInOverlay> overlays_against(const Library& library);
json::array to_json(const std::vector<BuiltInOverlay>& all);
std::optional<OverlayText> built_in_overlay(std::string_view id);

// Without one rule, and without what names it as an exception. NotFound.
Result<Library> without_rule(const Library& library, std::string_view id);

}  // namespace sluice::regimes
