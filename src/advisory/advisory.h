// The advisory as meaning: what a reader must learn, in no format's shape. CSAF, CVE and OSV documents are made from it (formats/).
//
// Open data and pure functions: no clock, no store. Described for base/bind.h, so an advisory is also its own JSON document.
//
// Always holds of an advisory in which check() finds no error
//   A1  Every product named anywhere in it is one of its products; product ids are unique.
//   A2  Revisions are numbered without a gap, from 0 or 1, oldest first; the newest number is the advisory's version.
//   A3  Within one vulnerability a product is only one of affected, not affected, fixed, under investigation.
//   A4  Each thing is said in one place: a workaround is a remediation, a credit belongs to its vulnerability, a score is a CVSS vector
//       (its figures are computed), a range is its spans (its vers text is computed).
//   A5  All four CVSS versions, purls, CVE and CWE ids in it are well formed; a CWE carries its official name.
// A format may still lack something (a CVE record needs a CNA): missing_for() says what.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bind.h"
#include "base/findings.h"
#include "base/result.h"
#include "base/time.h"
#include "base/tlp.h"

namespace sluice::advisory {

using sluice::Tlp;
enum class PublisherCategory { Vendor, Coordinator, Discoverer, Other, User, Translator };
BOOST_DESCRIBE_ENUM(PublisherCategory, Vendor, Coordinator, Discoverer, Other, User, Translator)
enum class PublicationStatus { Draft, Interim, Final };    // interim: more to come soon; final: not expected to change
BOOST_DESCRIBE_ENUM(PublicationStatus, Draft, Interim, Final)
enum class NoteCategory { Description, Details, Faq, General, LegalDisclaimer, Other, Summary };
BOOST_DESCRIBE_ENUM(NoteCategory, Description, Details, Faq, General, LegalDisclaimer, Other, Summary)
enum class ReferenceCategory { External, Self };           // self: another form of this very advisory
BOOST_DESCRIBE_ENUM(ReferenceCategory, External, Self)
enum class ReferenceTag { Advisory, Article, Discussion, Evidence, Exploit, Fix, IssueTracking, MediaCoverage, Mitigation, Product, ReleaseNotes, Report, TechnicalDescription };
BOOST_DESCRIBE_ENUM(ReferenceTag, Advisory, Article, Discussion, Evidence, Exploit, Fix, IssueTracking, MediaCoverage, Mitigation, Product, ReleaseNotes, Report, TechnicalDescription)
enum class Status { FirstAffected, KnownAffected, LastAffected, KnownNotAffected, FirstFixed, Fixed, Recommended, UnderInvestigation };
BOOST_DESCRIBE_ENUM(Status, FirstAffected, KnownAffected, LastAffected, KnownNotAffected, FirstFixed, Fixed, Recommended, UnderInvestigation)
enum class Justification {  // why a product is not affected; CSAF and OpenVEX use the same five
  ComponentNotPresent, InlineMitigationsAlreadyExist, VulnerableCodeCannotBeControlledByAdversary, VulnerableCodeNotInExecutePath, VulnerableCodeNotPresent
};
BOOST_DESCRIBE_ENUM(Justification, ComponentNotPresent, InlineMitigationsAlreadyExist, VulnerableCodeCannotBeControlledByAdversary, VulnerableCodeNotInExecutePath, VulnerableCodeNotPresent)
enum class RemediationCategory { VendorFix, Mitigation, Workaround, NoFixPlanned, NoneAvailable };
BOOST_DESCRIBE_ENUM(RemediationCategory, VendorFix, Mitigation, Workaround, NoFixPlanned, NoneAvailable)
enum class ThreatCategory { ExploitStatus, Impact, TargetSet };
BOOST_DESCRIBE_ENUM(ThreatCategory, ExploitStatus, Impact, TargetSet)
enum class CreditType { Finder, Reporter, Analyst, Coordinator, RemediationDeveloper, RemediationReviewer, RemediationVerifier, Tool, Sponsor, Other };
BOOST_DESCRIBE_ENUM(CreditType, Finder, Reporter, Analyst, Coordinator, RemediationDeveloper, RemediationReviewer, RemediationVerifier, Tool, Sponsor, Other)

struct Publisher {
  std::string name;
  PublisherCategory category = PublisherCategory::Coordinator;
  std::string namespace_uri;                       // a URI the publisher owns
  std::optional<std::string> contact_details;
  std::optional<std::string> issuing_authority;
};
BOOST_DESCRIBE_STRUCT(Publisher, (), (name, category, namespace_uri, contact_details, issuing_authority))

struct Revision {
  std::int64_t number = 0;                         // 0 only while a draft; revise() chooses the next
  Instant date;
  std::string summary;
};
BOOST_DESCRIBE_STRUCT(Revision, (), (number, date, summary))

struct Reference {
  std::string summary;
  std::string url;
  ReferenceCategory category = ReferenceCategory::External;
  std::vector<ReferenceTag> tags;
};
BOOST_DESCRIBE_STRUCT(Reference, (), (summary, url, category, tags))

// Thanks for the advisory as a whole. Who found or fixed a vulnerability is a Credit there.
struct Acknowledgment {
  std::vector<std::string> names;
  std::optional<std::string> organization;
  std::optional<std::string> summary;
  std::vector<std::string> urls;
};
BOOST_DESCRIBE_STRUCT(Acknowledgment, (), (names, organization, summary, urls))

struct Note {
  NoteCategory category = NoteCategory::General;
  std::string text;
  std::optional<std::string> title;
  std::optional<std::string> audience;
};
BOOST_DESCRIBE_STRUCT(Note, (), (category, text, title, audience))

// Versions from `introduced` (absent: from the first one) up to but without `fixed`, or up to and with `last_affected`; neither: all later ones.
struct VersionSpan {
  std::optional<std::string> introduced;
  std::optional<std::string> fixed;
  std::optional<std::string> last_affected;
};
BOOST_DESCRIBE_STRUCT(VersionSpan, (), (introduced, fixed, last_affected))

// Spans in version order. `scheme` is the vers scheme that orders them: maven, npm, pypi, semver, generic, ...
struct VersionRange {
  std::string scheme;
  std::vector<VersionSpan> spans;
};
BOOST_DESCRIBE_STRUCT(VersionRange, (), (scheme, spans))

// One product in one version, or in a range of versions, or (neither given) in all versions.
struct Product {
  std::string id;                                  // unique in the advisory: "log4j-core-affected"
  std::string vendor;
  std::string name;
  std::optional<std::string> version;
  std::optional<VersionRange> range;
  std::optional<std::string> purl;                 // with a version only where `version` is given
  std::optional<std::string> cpe;                  // 2.3 or 2.2
  std::optional<std::string> ecosystem;            // as OSV names it: "Maven", "npm", "Debian:12"
  std::optional<std::string> package;              // its name there: "org.apache.logging.log4j:log4j-core"
  std::optional<std::string> repository;           // URL of the source repository
  std::vector<std::string> platforms;
};
BOOST_DESCRIBE_STRUCT(Product, (), (id, vendor, name, version, range, purl, cpe, ecosystem, package, repository, platforms))

struct Cwe {
  std::string id;                                  // "CWE-502"
  std::string name;                                // exactly as MITRE names it: cwe_name(id)
};
BOOST_DESCRIBE_STRUCT(Cwe, (), (id, name))

struct ProductStatus {
  std::string product;
  Status status = Status::UnderInvestigation;
  std::optional<Justification> justification;      // these two for KnownNotAffected only
  std::optional<std::string> impact_statement;
};
BOOST_DESCRIBE_STRUCT(ProductStatus, (), (product, status, justification, impact_statement))

// A CVSS vector of any version. `products` empty: all that are affected or under investigation.
struct Cvss {
  std::string vector;
  std::vector<std::string> products;
};
BOOST_DESCRIBE_STRUCT(Cvss, (), (vector, products))

// What a user can do. `products` empty: all that are affected or under investigation.
struct Remediation {
  RemediationCategory category = RemediationCategory::VendorFix;
  std::string details;
  std::vector<std::string> products;
  std::optional<std::string> url;
  std::optional<Instant> date;
};
BOOST_DESCRIBE_STRUCT(Remediation, (), (category, details, products, url, date))

struct Threat {
  ThreatCategory category = ThreatCategory::Impact;
  std::string details;
  std::vector<std::string> products;               // empty: said of the vulnerability
  std::optional<Instant> date;
};
BOOST_DESCRIBE_STRUCT(Threat, (), (category, details, products, date))

struct Credit {
  std::string name;
  CreditType type = CreditType::Finder;
  std::optional<std::string> organization;
  std::vector<std::string> contact;                // URLs the credited agreed to
};
BOOST_DESCRIBE_STRUCT(Credit, (), (name, type, organization, contact))

struct TimelineEntry {
  Instant time;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(TimelineEntry, (), (time, text))

// Exploitation was seen. Nothing is said of exploitation where this is absent.
struct Exploitation {
  std::string details;
  std::optional<Instant> since;                    // earliest known, which may be before anyone knew
};
BOOST_DESCRIBE_STRUCT(Exploitation, (), (details, since))

// The vulnerability's id in somebody else's system: {"GitHub Advisory", "GHSA-jfh8-c2jp-5v3q"}.
struct OtherId {
  std::string system;
  std::string id;
};
BOOST_DESCRIBE_STRUCT(OtherId, (), (system, id))

struct Vulnerability {
  std::optional<std::string> cve;
  std::vector<OtherId> other_ids;
  std::string title;
  std::optional<Cwe> cwe;
  std::string description;                         // in the advisory's language
  std::optional<std::string> description_en;       // where that isn't English: CVE records need it
  std::optional<Instant> discovered;
  std::optional<Instant> released;                 // first public, anywhere
  std::optional<Instant> cve_reserved;
  std::vector<Cvss> cvss;
  std::vector<ProductStatus> statuses;
  std::vector<Remediation> remediations;           // fixes, mitigations and workarounds
  std::vector<Threat> threats;
  std::optional<Exploitation> exploitation;
  std::vector<Reference> references;
  std::vector<Credit> credits;
  std::vector<TimelineEntry> timeline;
  std::vector<Note> notes;
};
BOOST_DESCRIBE_STRUCT(Vulnerability, (), (cve, other_ids, title, cwe, description, description_en, discovered, released, cve_reserved, cvss, statuses,
                                          remediations, threats, exploitation, references, credits, timeline, notes))

// The CVE Numbering Authority that assigns the ids and signs the records.
struct Cna {
  std::string org_id;                              // UUID version 4
  std::string short_name;
};
BOOST_DESCRIBE_STRUCT(Cna, (), (org_id, short_name))

struct Advisory {
  std::string id;                                  // tracking id: "SLUICE-2021-0001"
  std::string title;
  std::string summary;
  Publisher publisher;
  std::string language = "en";                     // BCP 47
  Tlp tlp = Tlp::Clear;
  PublicationStatus status = PublicationStatus::Draft;
  Instant initial_release;
  Instant current_release;
  std::vector<Revision> revisions;                 // oldest first
  std::optional<std::string> aggregate_severity;   // "Critical"
  std::optional<std::string> canonical_url;        // where its CSAF document will lie; ends with the file name
  std::vector<Reference> references;
  std::vector<Acknowledgment> acknowledgments;
  std::vector<Note> notes;
  std::optional<std::string> legal;                // disclaimer or terms of use
  std::vector<Product> products;
  std::vector<Vulnerability> vulnerabilities;
  std::optional<Cna> cna;
};
BOOST_DESCRIBE_STRUCT(Advisory, (), (id, title, summary, publisher, language, tlp, status, initial_release, current_release, revisions, aggregate_severity,
                                     canonical_url, references, acknowledgments, notes, legal, products, vulnerabilities, cna))

enum class Format { Csaf, Cve, Osv };
BOOST_DESCRIBE_ENUM(Format, Csaf, Cve, Osv)

// All that is wrong. An error: the advisory (so also its CSAF document) is not valid. A warning: it would serve its readers better otherwise.
Findings check(const Advisory& advisory);

// What stands in the way of documents in `format`, as errors: those of check(), and for CVE and OSV what they need on top. Empty: the writer of that
// format does not refuse. A vulnerability without a CVE id, or without a package, only has no record; it is missing where that is true of all.
Findings missing_for(const Advisory& advisory, Format format);

// The advisory with one more revision: numbered next (a given number must be that; 0 lets it be chosen), its date the current release.
// Conflict when the revision is older than the newest one or its number would leave a gap.
Result<Advisory> revise(Advisory advisory, Revision revision);

// The number of the newest revision, 0 without any.
std::int64_t version_of(const Advisory& advisory);

// "vers:maven/>=2.0-beta9|<2.15.0"; "vers:maven/*" where the range is open at both ends.
std::string vers_text(const VersionRange& range);

// nullptr: no product of this id.
const Product* product_of(const Advisory& advisory, std::string_view id);

bool is_affected(Status status);  // first, known or last affected
bool is_fixed(Status status);     // first fixed or fixed

// Ids of the products of this vulnerability that are affected or under investigation, in order: whom a score or remediation without products speaks of.
std::vector<std::string> products_at_risk(const Vulnerability& vulnerability);

// The official name of a weakness ("CWE-502"), empty for an unknown one.
std::string_view cwe_name(std::string_view id);

}  // namespace sluice::advisory
