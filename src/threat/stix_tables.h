// STIX 2.1 as data: every type of object with its properties, the extensions it defines, its vocabularies and its relationship types.
//
// Read by formats/stix (which holds documents to it), by object_id.h and by whoever must know what a property refers to. Facts of "STIX Version 2.1 Errata 01"
// (OASIS, 2023); where the official JSON schemas say more or less than the text, docs/formats/stix.md lists it. Nothing here judges.
//
// Always holds
//   T1  Properties of a type are sorted by name, common ones (§3.2) among them, and there are at most 64: a set of them is one number.
//   T2  Words of a vocabulary are sorted.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::threat::stix {

// The columns of the table of common properties, STIX 2.1 §3.2.
enum class Kind : std::uint8_t { Domain, Relationship, Observable, ExtensionDefinition, LanguageContent, MarkingDefinition, Bundle };

// STIX 2.1 §2, and the few structures that stand at one place only.
enum class Value : std::uint8_t {
  String, Integer, Float, Boolean, Timestamp, Identifier, Hex, Binary, Url, Language, Dictionary, Hashes,
  Structure,                      // an object with the properties of `shape`
  Extensions,                     // §7.3
  Container,                      // observed-data.objects (deprecated): key -> observable
  Contents,                       // language-content.contents: language -> property -> translation
  Objects,                        // a bundle's
  Any,                            // not looked into here
};

// §10. Open ones suggest, closed ones (enum) demand.
enum class Vocabulary : std::uint8_t {
  None,
  AccountType, AttackMotivation, AttackResourceLevel, EncryptionAlgorithm, ExtensionType, GroupingContext, HashAlgorithm, IdentityClass, ImplementationLanguage,
  IndicatorType, IndustrySector, InfrastructureType, MalwareCapabilities, MalwareResult, MalwareType, Opinion, PatternType, ProcessorArchitecture, Region, ReportType,
  SocketAddressFamily, SocketType, ThreatActorRole, ThreatActorSophistication, ThreatActorType, ToolType, WindowsIntegrityLevel, WindowsPebinaryType, WindowsRegistryDatatype,
  WindowsServiceStartType, WindowsServiceStatus, WindowsServiceType,
};

struct Words {
  std::string_view name;          // as the standard calls it: "industry-sector-ov"
  bool is_closed = false;
  std::span<const std::string_view> words;   // sorted
};

const Words& words_of(Vocabulary vocabulary);
bool has_word(Vocabulary vocabulary, std::string_view word);

struct Shape;

struct Property {
  std::string_view name;
  Value value = Value::String;
  bool is_list = false;
  bool is_required = false;
  bool is_deprecated = false;
  Vocabulary vocabulary = Vocabulary::None;
  std::string_view refers_to = {};            // of identifiers: types with a space between; @domain @relationship @observable @meta @custom; "" = any
  const Shape* shape = nullptr;
  std::int64_t least = INT64_MIN, most = INT64_MAX;   // of numbers, both included

  constexpr Property list() const { auto p = *this; p.is_list = true; return p; }
  constexpr Property must() const { auto p = *this; p.is_required = true; return p; }
  constexpr Property deprecated() const { auto p = *this; p.is_deprecated = true; return p; }
  constexpr Property of(Vocabulary v) const { auto p = *this; p.vocabulary = v; return p; }
  constexpr Property to(std::string_view types) const { auto p = *this; p.refers_to = types; return p; }
  constexpr Property from(std::int64_t low) const { auto p = *this; p.least = low; return p; }
  constexpr Property upto(std::int64_t high) const { auto p = *this; p.most = high; return p; }
};

// An object within an object.
struct Shape {
  std::string_view name;                      // for messages: "external reference"
  std::string_view section;
  std::span<const Property> properties;       // sorted by name
  bool needs_one = false;                     // at least one of its own properties
  bool is_closed = false;                     // no others are allowed
};

struct Type {
  std::string_view name;
  Kind kind = Kind::Domain;
  std::string_view section;                   // "4.7"
  std::span<const Property> properties;       // sorted by name, with the common ones
  std::string_view id_properties = {};        // of observables: those that contribute to the id (§2.9), a space between; "": none does, so the id is a UUIDv4
  std::string_view extensions = {};           // the predefined ones, a space between
  bool needs_one = false;                     // of observables: at least one of its own properties
};

const Type* type_of(std::string_view name);                                   // nullptr: a custom type
std::span<const Type> all_types();                                            // sorted by name
const Property* property_of(std::span<const Property> properties, std::string_view name);
const Shape* extension_of(std::string_view name);                             // predefined ones: "pdf-ext"
std::span<const Property> common_of(Kind kind);                               // what a custom type has at least

bool has_word(std::string_view list, std::string_view word);                  // of a list with spaces between
bool may_refer_to(std::string_view refers_to, std::string_view type);         // what Property::refers_to allows

// §3.7 and the relationship table of each object's section (appendix B). Whether this triple is one of them, the common ones included.
bool is_relationship(std::string_view source_type, std::string_view relationship_type, std::string_view target_type);
bool has_relationship_type(std::string_view source_type, std::string_view relationship_type);

}  // namespace sluice::threat::stix
