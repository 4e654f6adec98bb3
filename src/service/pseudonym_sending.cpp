#include "service/pseudonym_sending.h"

#include <algorithm>
#include <array>

#include "base/fine_time.h"
#include "service/collections.h"
#include "service/pseudonyms.h"
#include "service/threat_intake.h"
#include "service/threat_ties.h"
#include "threat/marking.h"
#include "threat/object.h"
#include "threat/references.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostReferences = 2'000, kMostValuesOfHand = 500;

// Providers of mail for everybody: a domain there is no organisation's.
constexpr std::array<std::string_view, 18> kMailForAll{"163.com", "126.com", "aol.com", "gmail.com", "gmx.de", "gmx.net", "hotmail.com", "icloud.com", "live.com", "mail.ru", "outlook.com", "pm.me", "proton.me", "protonmail.com", "qq.com", "web.de", "yahoo.com", "yandex.ru"};

void add_domain(std::vector<std::string>& out, std::string_view domain) {
  std::string text;
  for (const char c : domain.substr(0, domain.find_first_of("/?#:"))) text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (text.starts_with("www.")) text.erase(0, 4);
  if (text.find('.') == text.npos || std::find(kMailForAll.begin(), kMailForAll.end(), text) != kMailForAll.end()) return;
  if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
}

// "mailto:soc@acme.example", "https://www.acme.example/security"
void add_domain_of_uri(std::vector<std::string>& out, std::string_view uri) {
  if (uri.starts_with("mailto:")) {
    if (const auto at = uri.find('@'); at != uri.npos) add_domain(out, uri.substr(at + 1));
  } else if (const auto at = uri.find("://"); at != uri.npos) {
    add_domain(out, uri.substr(at + 3));
  }
}

// By what the member could be known: its profile, and its people as they are named to it.
Result<threat::SenderNames> names_of_member(Services& services, store::Queries& db, OrganisationId member, const std::string& identity) {
  threat::SenderNames out{.words = {member.text()}, .domains = {}, .own_identity = identity};
  TRY(const auto row, store::organisation(db, services.cells(), member));
  if (row) {
    out.words.push_back(row->profile.name);
    if (row->profile.tracking_prefix) out.words.push_back(*row->profile.tracking_prefix);
    for (const auto& contact : row->profile.contacts) add_domain_of_uri(out.domains, contact.uri);
  }
  TRY(const auto people, store::affiliations_in(db, member));
  for (const auto& one : people) {
    const auto take = [&out](const std::string& name, const std::string& mail) {
      out.words.push_back(name), out.words.push_back(mail);
      if (const auto at = mail.find('@'); at != mail.npos) add_domain(out.domains, std::string_view(mail).substr(at + 1));
    };
    TRY(const auto person, store::person(db, services.cells(), one.person));
    if (person) take(person->name, person->mail);
    TRY(const auto given, store::given(db, services.cells(), one.person, member));
    if (given) take(given->name, given->mail);
  }
  return out;
}

// D4. In whole minutes, so that the answer says no more than the policy does.
Result<void> check_apart(Services& services, store::Queries& db, const store::Collection& collection, std::span<const store::Tag> others, std::int64_t minutes) {
  if (minutes == 0) return {};
  const auto now = services.clock.now();
  for (const auto& one : others) {
    TRY(const auto last, store::last_sent(db, collection, one));
    const auto until = last ? *last + std::chrono::minutes(minutes) : Instant{INT64_MIN};
    if (last && now < until)
      return fail(ErrorKind::Conflict, "Your organisation sent to this collection under another name less than " + std::to_string(minutes) + " minutes ago, and readers could join what comes together. Send this after " + to_text(until) + ".", {}, {}, "too-close-in-time");
  }
  return {};
}

struct PutByPseudonym {
  std::string bytes;
  store::NewObject object;
};

PutByPseudonym prepared_identity(Services& services, const json::object& object) {
  PutByPseudonym out{.bytes = canonical(json::value(object)), .object = {}};
  auto& put = out.object;
  put.id = std::string(string_at(object, "id")), put.type = std::string(string_at(object, "type"));
  if (const auto facts = threat::facts_of(object)) put.version = facts->version;
  put.version_at = put.version.empty() ? std::nullopt : utc_nanos(put.version);
  put.creator = std::string(string_at(object, "created_by_ref"));
  put.hash = put.content = sha256(bytes_of(out.bytes));
  put.is_sealed = true;
  tie(services.cells(), object, put);
  return out;
}

// STIX 2.1 §7.2, §7.3: markings, of the whole and of parts, and the extensions that it uses; without those that everybody has.
std::vector<std::string> definitions_in(const json::object& content) {
  std::vector<std::string> out;
  const auto add = [&out](const json::value& id) {
    if (id.is_string() && !threat::well_known_marking(std::string_view(id.get_string()))) out.emplace_back(id.get_string());
  };
  if (const auto* markings = content.if_contains("object_marking_refs"); markings && markings->is_array())
    for (const auto& one : markings->get_array()) add(one);
  if (const auto* parts = content.if_contains("granular_markings"); parts && parts->is_array())
    for (const auto& part : parts->get_array())
      if (const auto* marking = part.is_object() ? part.get_object().if_contains("marking_ref") : nullptr) add(*marking);
  if (const auto* extensions = content.if_contains("extensions"); extensions && extensions->is_object())
    for (const auto& [key, value] : extensions->get_object()) add(json::value(key));
  return out;
}

// STIX 2.1 §4.5. It says what may be said of the sender, and nothing else: its times are of the day on which it first sends, cut to the day.
json::object identity_of_pseudonym(const store::PseudonymRow& row, Instant now) {
  constexpr std::int64_t kMicrosOfDay = 86'400'000'000;
  const auto day = six_digits(Instant{now.micros - now.micros % kMicrosOfDay});
  json::object out{{"type", "identity"}, {"spec_version", "2.1"}, {"id", row.body.identity}, {"created", day}, {"modified", day}, {"name", row.name}, {"identity_class", "organization"},
                   {"description", "A member of this collection under a pseudonym." + (row.body.region.empty() ? std::string() : " Region: " + row.body.region + ".")},
                   {"object_marking_refs", json::array{json::value(threat::marking_id_of(Tlp::Green))}}};
  if (!row.body.sector.empty()) out["sectors"] = json::array{json::value(row.body.sector)};
  return out;
}

}  // namespace

Result<Sending> sending_in(Services& services, store::Queries& db, const Asker& asker, std::string_view collection) {
  TRY(auto seen, services.store.as(asker.viewer).collection(db, collection));
  if (!asker.pseudonym) return Sending{std::move(seen), asker, {}};
  TRY(auto row, store::pseudonym(db, services.cells(), *asker.pseudonym));
  if (!row || row->collection != seen.collection().n || row->body.member != asker.viewer.organisation) return no_pseudonym();
  Asker as;                                       // D1
  as.viewer.kind = access::Viewer::Kind::Machine;
  as.viewer.organisation = row->body.stands_for;
  as.viewer.scopes = {access::Scope::CollectionWrite};
  auto under = seen.sent_by(services.store.tag_of(row->body.stands_for));
  return Sending{std::move(under), std::move(as), std::move(row)};
}

Result<Sending> sending_in(Services& services, const Asker& asker, std::string_view collection) {
  TRY(auto db, services.store.lease());
  return sending_in(services, *db, asker, collection);
}

Result<std::vector<store::Tag>> tags_of_member(Services& services, store::Queries& db, const store::Collection& collection, OrganisationId member) {
  std::vector<store::Tag> out{services.store.tag_of(member)};
  TRY(const auto all, store::pseudonyms_of(db, services.cells(), collection, member));
  for (const auto& one : all) out.push_back(services.store.tag_of(one.body.stands_for));
  return out;
}

Result<OneHand> OneHand::of(Services& services, const Asker& asker, const Sending& sending) {
  OneHand out(services, sending.seen);
  const auto& collection = sending.seen.collection();
  if (!asker.viewer.organisation) return out;
  TRY(auto db, services.store.lease());
  TRY(out.others_, tags_of_member(services, *db, collection, *asker.viewer.organisation));
  std::erase(out.others_, sending.seen.reader());
  if (out.others_.empty()) return out;            // by name, and it never had another
  TRY(const auto policy, store::pseudonym_policy(*db, services.cells(), collection));
  if (!sending.pseudonym) return out;             // D4: by name it goes on as always
  out.pseudonym_ = sending.pseudonym;
  if (!policy) return fail(ErrorKind::Conflict, "This collection takes nothing under a pseudonym any more.", {}, {}, "no-pseudonyms");
  TRY(check_apart(services, *db, collection, out.others_, policy->apart_minutes));
  TRY(const auto members, community_of(services, *db, collection));
  if (standing_behind(members, *sending.pseudonym) < threat::least_group(policy->k))
    return fail(ErrorKind::Conflict, "Fewer than " + std::to_string(threat::least_group(policy->k)) + " members that were there when this pseudonym was taken could stand behind it by now. Take a new one.", {}, {}, "too-few-members");
  TRY(out.names_, names_of_member(services, *db, *asker.viewer.organisation, sending.pseudonym->body.identity));
  return out;
}

// Not where the identity, as others sent it, names the sender itself.
Result<std::string> OneHand::source_of(store::Db& db, const store::NewObject& object) const {
  constexpr JsonLimits kIdentity{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};
  if (object.creator.empty() || object.creator == names_.own_identity) return std::string();
  TRY(const bool is_others, store::is_source_of_others(db, services_->cells(), seen_.collection(), object.creator, others_));
  if (!is_others) return std::string();
  TRY(const auto page, store::page_of(services_->store, db, seen_, {.ids = {object.creator}, .versions = {.all = true, .specs = {2000, 2001}}, .most = 100}, store::Parts::Whole));
  if (page.more || page.objects.empty()) return std::string();
  for (const auto& one : page.objects) {
    auto value = parse_json(one.bytes, kIdentity);
    if (!value || !value->is_object()) return std::string();
    value->get_object().erase("created_by_ref");  // what it says of itself
    if (threat::trace_of_sender(value->get_object(), names_)) return std::string();
  }
  return object.creator;
}

Result<std::string> OneHand::why_not(const json::object& content, const store::NewObject& object, store::Reach reach) const {
  if (others_.empty()) return std::string();
  if (pseudonym_) {
    if (reach == store::Reach::Sender) return std::string("By its marking this goes to your own organisation alone, so there is nobody to hide from: send it by name. (TLP:RED)");
    if (object.id == pseudonym_->body.identity) return std::string("The pseudonym's own identity is the site's to write.");
  }
  TRY(auto db, services_->store.lease());
  const auto& cells = services_->cells();
  const auto& collection = seen_.collection();
  if (pseudonym_) {
    TRY(const auto source, source_of(*db, object));
    if (const auto trace = threat::trace_of_sender(content, names_, source)) return trace->why + " (at " + trace->where + ")";
  }
  if (pseudonym_ && pseudonym_->state == store::PseudonymState::Replaced) {   // D5
    TRY(const bool is_own, store::holds_object(*db, cells, collection, services_->store.tag_of(pseudonym_->body.stands_for), object.id));
    if (!is_own) return std::string("This pseudonym was replaced by a newer one: it goes on with what it sent, and sends nothing else.");
  }
  std::size_t asked = 0;
  for (const auto& value : object.value_tags) {
    if (++asked > kMostValuesOfHand) return "This has more than " + std::to_string(kMostValuesOfHand) + " values, too many to tell whether your organisation shared one under another name. Send it in parts.";
    for (const auto& other : others_) {
      TRY(const bool holds, store::holds_value(*db, collection, other, value));
      if (holds) return std::string("Your organisation has shared a value of this under another name here. Under a second one it would count as a second source, which it isn't, and readers could tell that both are one.");
    }
  }
  const auto references = threat::references_of(content, kMostReferences + 1);
  if (references.size() > kMostReferences) return "This names more than " + std::to_string(kMostReferences) + " objects, too many to tell whether your organisation sent one under another name. Send it in parts.";
  for (const auto& reference : references) {
    const auto id = threat::identifier_of(std::string_view(reference.id));
    if (id && id->version() == '5') continue;     // follows from what it says (STIX 2.1 §2.9), so it is nobody's; its values were asked for
    for (const auto& other : others_) {
      TRY(const bool holds, store::holds_object(*db, cells, collection, other, reference.id));
      if (holds) return std::string("This names an object that your organisation sent under another name here, so readers could tell that both are one.");
    }
  }
  for (const auto& id : definitions_in(content))
    for (const auto& other : others_) {
      TRY(const bool holds, store::holds_object(*db, cells, collection, other, id));
      if (holds) return std::string("This rests on a definition that your organisation sent under another name here, so readers could tell that both are one.");
    }
  return std::string();
}

Result<void> still_one_hand(Services& services, store::Queries& db, const Asker& asker, const Sending& sending, std::span<const MarkedObject> objects) {
  if (!asker.viewer.organisation) return {};
  const auto& collection = sending.seen.collection();
  TRY(auto others, tags_of_member(services, db, collection, *asker.viewer.organisation));
  std::erase(others, sending.seen.reader());
  for (const auto& other : others)
    for (const auto& one : objects) {
      bool holds = false;
      for (std::size_t i = 0; i < one.object->value_tags.size() && i < kMostValuesOfHand && !holds; ++i) { TRY(holds, store::holds_value(db, collection, other, one.object->value_tags[i])); }
      for (const auto& [kind, id] : one.object->refs) {
        const auto named = threat::identifier_of(std::string_view(id));
        if (holds || (named && named->version() == '5')) continue;
        TRY(holds, store::holds_object(db, services.cells(), collection, other, id));
      }
      if (holds) return fail(ErrorKind::Conflict, "Your organisation shared a value of this, or an object that this names, under another name just now.", {}, {}, "one-hand");
    }
  return {};
}

Result<void> check_text_under_pseudonym(Services& services, store::Queries& db, const Asker& asker, const Sending& sending, std::string_view text, std::string_view where) {
  if (!sending.pseudonym || !asker.viewer.organisation) return {};
  TRY(const auto names, names_of_member(services, db, *asker.viewer.organisation, sending.pseudonym->body.identity));
  if (const auto trace = threat::trace_of_sender(json::object{{"text", text}}, names)) return fail(ErrorKind::Invalid, trace->why + " Whoever is told would know whose pseudonym it is.", std::string(where));
  return {};
}

Result<void> introduce(Unit& unit, Services& services, Sending& sending) {
  if (!sending.pseudonym || sending.pseudonym->body.is_introduced) return {};
  const auto one = prepared_identity(services, identity_of_pseudonym(*sending.pseudonym, unit.now()));
  auto object = one.object;
  object.bytes = one.bytes;
  const store::PlacedObject placed{.object = &object, .audience = std::string(store::kAllReaders), .is_sealed = true};
  TRY(const auto put, store::put_objects(unit.writing(), sending.seen, std::span(&placed, 1), unit.now()));
  if (!put.empty() && put.front().outcome == store::PutObject::Outcome::Added) {
    Committed entry;
    TRY(write_collection_entry(unit, sending.as, sending.seen.collection().id, "object.put", objects_added_event(sending.seen.collection().id, put.front().object, put.front().object, std::span(&object.hash, 1)), entry));
  }
  sending.pseudonym->body.is_introduced = true;
  return store::change_pseudonym(unit.writing().tx(), services.store, *sending.pseudonym);
}

Result<void> write_use(Unit& unit, const Asker& asker, const Sending& sending, std::string_view what, std::int64_t objects) {
  if (!sending.pseudonym) return {};
  Committed entry;
  const auto& row = *sending.pseudonym;
  return write_pseudonym_entry(unit, asker, row.name, "pseudonym.use", {{"type", "PseudonymUsed"}, {"v", 1}, {"pseudonym", row.name}, {"collection", row.body.collection}, {"what", what}, {"objects", objects}}, entry);
}

}  // namespace sluice::service
