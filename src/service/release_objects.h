// Threat objects of a case on their way out with its release: those it prepared, and those made of the advisory.
//
// With the plan they become documents of kind "stix", one a collection, fixed by their hash like every other document of the release; at the instant they are posted in the release's own
// transaction, each with a Pass of its own. So they are public, or shared, at the same instant as the advisory, or not at all.
//
// Always holds
//   O1  What is posted is what was planned, byte for byte: nothing is composed at the instant.
//   O2  Objects reach a collection as the case owner's own, which writes it, in the audience that their marking allows (threat/marking.h).
//   O3  Nothing of them is behind the public documents' addresses: a collection's readers meet them there and nowhere else.
#pragma once

#include "advisory/advisory.h"
#include "service/outlets.h"
#include "service/services.h"
#include "store/collections.h"
#include "store/objects.h"

namespace sluice::service {

inline constexpr std::string_view kThreatDocument = "stix";

// Objects of a request: read, checked as a collection would (formats/stix), with their hashes. Invalid or TooLarge, with the place.
Result<std::vector<cvd::PreparedObject>> read_prepared(const json::value& objects);
// Ids or aliases to ids, each once, sorted. Invalid, with the place, for one that the owner doesn't write, as for one that isn't there.
Result<std::vector<std::string>> writable_collections(Unit& unit, Services& services, OrganisationId owner, const std::vector<std::string>& named);

// The documents of a plan: {"collection", "title", "objects"}. None where no collection was chosen. Conflict where one was closed to the owner since.
Result<std::vector<store::Document>> compose_threat_documents(Unit& unit, Services& services, const cvd::CaseFold& fold, const advisory::Advisory& advisory, AdvisoryId id, int version, Instant at);
// Titles of the collections among these documents that take nothing from the owner any more.
Result<std::vector<std::string>> closed_collections(Unit& unit, Services& services, const cvd::CaseFold& fold, const cvd::Release& release);

// Posts one document's objects; judged for Channel::Taxii.
struct ObjectsEnvelope {
  const store::Document& document;
  OrganisationId owner;
  gate::ContentHash content;
  gate::Audience audience;
};
class CollectionOutlet final : public gate::Outlet<ObjectsEnvelope> {
 public:
  CollectionOutlet(Unit& unit, Services& services) : Outlet(gate::Channel::Taxii), unit_(unit), services_(services) {}

 private:
  Result<void> deliver(gate::Pass pass, const ObjectsEnvelope& envelope) override;
  Unit& unit_;
  Services& services_;
};

// The strictest label of the document's objects: what the gate judges it by.
Tlp marking_of(const store::Document& document);
// For the dry run: the collection's title, and each object's id, type and version.
json::object shown_plan(const store::Document& document);

}  // namespace sluice::service
