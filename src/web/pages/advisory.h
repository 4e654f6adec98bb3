// An advisory as a page, for those who have to act on it: what happened and what to do first, proof and history after.
#pragma once

#include "store/documents.h"
#include "web/pages/layout.h"

namespace sluice::web::pages {

struct AdvisoryShown {
  advisory::Advisory advisory;
  int version = 0;                                  // of the publication
  Instant first_released, released;
  struct Version { int number = 0; Instant released; };
  std::vector<Version> versions;                    // newest first
  struct Download { std::string kind, name; bool is_signed = false; };
  std::vector<Download> downloads;                  // public documents of this version
};

std::string advisory_page(const Frame& frame, const AdvisoryShown& shown);
std::string versions_in_words(const advisory::Product& product);  // "from 2.0-beta9, before 2.15.0"

}  // namespace sluice::web::pages
