#include "service/threat_report_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "service/case_keys.h"
#include "service/law_library.h"
#include "service/standing_reads.h"
#include "store/pseudonyms.h"
#include "store/reach.h"
#include "store/standing.h"
#include "threat/marking.h"
#include "threat/regions.h"

namespace sluice::service {

namespace {

constexpr JsonLimits kCountedObject{.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20};
constexpr std::size_t kMostOlder = 5'000;         // neighbours from before both periods that one source is asked for
constexpr std::size_t kMostAttributes = 200;      // of one object and kind
constexpr std::string_view kCountedTypes[] = {"campaign", "incident", "indicator", "infrastructure", "intrusion-set", "malware", "malware-analysis", "observed-data", "report", "sighting", "threat-actor", "tool", "vulnerability"};

bool is_counted_type(std::string_view type) { return std::binary_search(std::begin(kCountedTypes), std::end(kCountedTypes), type); }

// What an object says by itself, as far as it is counted by.
struct Said {
  std::string type;
  Tlp tlp = Tlp::Red;
  std::int64_t number = 0;                        // of its row
  bool is_revoked = false, is_held = false;
  std::vector<std::string> sectors, regions, techniques, malware;
  std::string technique_name;
  std::vector<std::string> about;                 // ids of identities, locations, what was sighted, what a report holds
  std::string from, to, how;                      // of a relationship
};

void add_word(std::vector<std::string>& to, std::string_view word) {
  if (word.empty() || word.size() > 200 || to.size() >= kMostAttributes || std::find(to.begin(), to.end(), word) != to.end()) return;
  to.emplace_back(word);
}

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

void take_words(std::vector<std::string>& to, const json::object& object, std::string_view key) {
  const auto* all = object.if_contains(key);
  if (all == nullptr || !all->is_array()) return;
  for (const auto& one : all->get_array())
    if (one.is_string()) add_word(to, in_small_letters(one.get_string()));
}

// ATT&CK's own number of a technique, as its objects name it.
bool is_technique(std::string_view text) {
  if (text.size() != 5 && text.size() != 9) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 0 ? text[i] != 'T' : i == 5 ? text[i] != '.' : text[i] < '0' || text[i] > '9') return false;
  return true;
}

void add_techniques(Said& out, const json::object& object) {
  const auto* all = object.if_contains("external_references");
  if (all == nullptr || !all->is_array()) return;
  for (const auto& one : all->get_array())
    if (const auto id = string_at(one, "external_id"); string_at(one, "source_name").starts_with("mitre-") && is_technique(id)) add_word(out.techniques, id);
}

void add_about(Said& out, const json::object& object) {
  const auto take = [&out](const json::value& one) {
    if (one.is_string()) add_word(out.about, one.get_string());
  };
  for (const auto& member : object) {
    const std::string_view name = member.key();
    if (name == "created_by_ref" || name == "object_marking_refs" || name == "source_ref" || name == "target_ref") continue;
    if (name.ends_with("_ref")) take(member.value());
    else if (name.ends_with("_refs") && member.value().is_array())
      for (const auto& one : member.value().get_array()) take(one);
  }
}

Said said_by(const json::object& object, Tlp unmarked) {
  Said out;
  out.type = std::string(string_at(object, "type"));
  const auto markings = threat::markings_of(object, [](std::string_view) -> const json::object* { return nullptr; }, {.unmarked = unmarked});
  out.tlp = strictest(markings.tlp, markings.strictest_part);
  const auto* revoked = object.if_contains("revoked");
  out.is_revoked = revoked != nullptr && revoked->is_bool() && revoked->get_bool();
  take_words(out.sectors, object, "sectors");
  if (const auto region = string_at(object, "region"); !region.empty()) add_word(out.regions, in_small_letters(region));
  else if (out.type == "location") add_word(out.regions, threat::region_of_country(string_at(object, "country")));
  if (out.type == "attack-pattern") add_techniques(out, object), out.technique_name = std::string(string_at(object, "name"));
  if (out.type == "malware") add_word(out.malware, string_at(object, "name"));
  if (out.type == "relationship") out.from = std::string(string_at(object, "source_ref")), out.to = std::string(string_at(object, "target_ref")), out.how = std::string(string_at(object, "relationship_type"));
  add_about(out, object);
  return out;
}

// One collection as its reader meets it, from the beginning of both periods on.
class Source {
 public:
  Source(Services& services, store::Tx& tx, const store::CollectionSeen& seen, threat::Allowance allowance, HeldBack& held_back, Tlp ceiling, std::string_view audience, std::int64_t& looked)
      : services_(services), tx_(tx), seen_(seen), allowance_(std::move(allowance)), held_back_(held_back), ceiling_(ceiling), audience_(audience), looked_(looked),
        unmarked_(from_word<Tlp>(seen.collection().unmarked).value_or(Tlp::AmberStrict)) {}

  Result<void> read(Instant from, Instant until) {
    TRY(auto ladder, store::Ladder::of(tx_, services_.cells(), seen_.collection()));
    if (ladder.has_steps_below(store::Reach::AllReaders)) ladder_ = std::move(ladder);
    TRY(each_page({.versions = {.first = true, .last = false}, .after = from.micros - 1}, store::Parts::Labels, [&](store::PostedObject& one) {
      if (Instant{one.date_added} < until) first_.emplace(one.id, Instant{one.date_added});
      return Instant{one.date_added} < until;
    }));
    TRY(each_page({.after = from.micros - 1}, store::Parts::Whole, [&](store::PostedObject& one) {
      take(one);
      return true;
    }));
    for (auto& [id, said] : said_) TRY(take_reach(said, id));
    for (const auto& [id, said] : said_)
      if (said.type == "relationship" && !said.is_revoked && !said.is_held && said.tlp <= ceiling_) ties_[said.from].push_back(&said), ties_[said.to].push_back(&said);
    return {};
  }

  // `name`: as rows name the collection.
  Result<void> count(GatheredRows& out, const std::string& name, std::map<store::Tag, std::int64_t>& senders) {
    for (const auto& [id, at] : first_) {
      const auto found = said_.find(id);
      if (found == said_.end() || found->second.is_revoked || !is_counted_type(found->second.type)) continue;
      const auto& said = found->second;
      if (said.is_held) {
        ++out.held_back;
        continue;
      }
      threat::ReportRow row{.id = id, .at = at, .kind = said.type, .collection = name, .sectors = {}, .regions = {}, .techniques = {}, .malware = {}, .sender = 0};
      TRY(row.sender, sender_number(said.number, senders));
      TRY(describe(row, said, id));
      if (said.tlp <= ceiling_) out.rows.push_back(std::move(row));
      else out.left_out.push_back({to_text(said.tlp), "Its marking doesn't let it reach the readers of this report.", std::move(row)});
    }
    for (const auto& [id, said] : said_) label(out, id, said);
    for (const auto& [id, said] : older_)
      if (said) label(out, id, *said);
    return {};
  }

 private:
  template <class Take>
  Result<void> each_page(store::ObjectsWanted wanted, store::Parts parts, Take take) {
    for (;;) {
      TRY(auto page, page_under(services_, tx_, allowance_, seen_, wanted, parts, {}));
      for (auto& one : page.objects) {
        if (++looked_ > kMostGathered) return fail(ErrorKind::Invalid, "There is more in this period than a report can count. Ask for a shorter one, or for fewer collections.", "/period");
        if (!take(one)) return {};
      }
      if (!page.more) return {};
      wanted.after = page.next_after;
    }
  }

  // Y2: what goes less far than its marking would let it, since it is shared early or held where the version before it was, is as one that is marked so.
  Result<void> take_reach(Said& said, const std::string& id) {
    if (!ladder_ || said.tlp > ceiling_) return {};
    TRY(const auto whose, store::sender_of(tx_, said.number));
    if (!whose) return {};
    TRY(const auto sent, store::sent_versions(tx_, services_.cells(), seen_.collection(), *ladder_, whose->sender, id));
    const auto reach = store::reach_of(sent);
    if (reach == store::Reach::Members) said.tlp = strictest(said.tlp, Tlp::AmberStrict);
    if (reach == store::Reach::Recipients) said.tlp = strictest(said.tlp, Tlp::Amber);
    return {};
  }

  // Y5
  Result<std::int64_t> sender_number(std::int64_t object, std::map<store::Tag, std::int64_t>& senders) {
    TRY(const auto whose, store::sender_of(tx_, object));
    if (!whose) return threat::kSomeSender;
    if (const auto known = senders.find(whose->sender); known != senders.end()) return known->second;
    TRY(const auto pseudonym, store::pseudonym_of_sender(tx_, whose->sender));
    const auto number = pseudonym ? threat::kSomeSender : static_cast<std::int64_t>(senders.size()) + 1;
    return senders.emplace(whose->sender, number).first->second;
  }

  void take(const store::PostedObject& one) {
    const auto value = parse_json(one.bytes, kCountedObject);
    if (!value || !value->is_object()) return;
    auto said = said_by(value->get_object(), unmarked_);
    said.number = one.object;
    said.is_held = !held_back_.why_not(value->get_object(), audience_, said.tlp, services_.clock.now()).empty();
    said_.insert_or_assign(one.id, std::move(said));
  }

  // An object as the maker meets it, from before the period if need be; nullptr where it isn't met, or may not be passed on.
  Result<const Said*> may_pass(std::string_view id) {
    const auto known = said_.find(std::string(id));
    const Said* out = known == said_.end() ? nullptr : &known->second;
    if (out == nullptr) {
      auto older = older_.find(std::string(id));
      if (older == older_.end()) {
        if (older_.size() >= kMostOlder) return nullptr;
        older = older_.emplace(std::string(id), std::nullopt).first;
        TRY(const auto page, page_under(services_, tx_, allowance_, seen_, {.ids = {std::string(id)}, .most = 1}, store::Parts::Whole, {}));
        if (!page.objects.empty())
          if (const auto value = parse_json(page.objects.front().bytes, kCountedObject); value && value->is_object()) {
            older->second = said_by(value->get_object(), unmarked_);
            older->second->number = page.objects.front().object;
            older->second->is_held = !held_back_.why_not(value->get_object(), audience_, older->second->tlp, services_.clock.now()).empty();
            TRY(take_reach(*older->second, older->first));
          }
      }
      if (older->second) out = &*older->second;
    }
    return out == nullptr || out->is_held || out->is_revoked || out->tlp > ceiling_ ? nullptr : out;
  }

  static void add_own(threat::ReportRow& row, const Said& said) {
    for (const auto& one : said.sectors) add_word(row.sectors, one);
    for (const auto& one : said.regions) add_word(row.regions, one);
    for (const auto& one : said.techniques) add_word(row.techniques, one);
    for (const auto& one : said.malware) add_word(row.malware, one);
  }

  // One step: what it refers to, and the other ends of relationships with it.
  Result<void> add_around(threat::ReportRow& row, const Said& said, const std::string& id) {
    for (const auto& about : said.about) {
      const bool says = about.starts_with("identity--") || about.starts_with("location--") || about.starts_with("attack-pattern--") || about.starts_with("malware--");
      if (!says) continue;
      TRY(const auto* one, may_pass(about));
      if (one != nullptr) add_own(row, *one);
    }
    const auto tied = ties_.find(id);
    if (tied == ties_.end()) return {};
    for (std::size_t i = 0; i < tied->second.size() && i < kMostAttributes; ++i) {
      const auto& tie = *tied->second[i];
      TRY(const auto* one, may_pass(tie.from == id ? tie.to : tie.from));
      if (one != nullptr) add_own(row, *one);
    }
    return {};
  }

  Result<void> describe(threat::ReportRow& row, const Said& said, const std::string& id) {
    add_own(row, said);
    TRY(add_around(row, said, id));
    std::vector<std::string> further;               // what an indicator indicates, what a sighting is of
    if (said.type == "sighting")
      for (const auto& about : said.about)
        if (!about.starts_with("identity--") && !about.starts_with("location--") && !about.starts_with("observed-data--")) further.push_back(about);
    if (const auto tied = ties_.find(id); said.type == "indicator" && tied != ties_.end())
      for (const auto* tie : tied->second)
        if (tie->how == "indicates" && tie->from == id && further.size() < kMostAttributes) further.push_back(tie->to);
    for (const auto& one : further) {
      TRY(const auto* other, may_pass(one));
      if (other == nullptr) continue;
      add_own(row, *other);
      TRY(add_around(row, *other, one));
    }
    return {};
  }

  void label(GatheredRows& out, const std::string& id, const Said& said) const {
    if (said.is_held || said.is_revoked || said.tlp > ceiling_ || out.labels.size() >= 5'000) return;
    if (said.type == "attack-pattern" && said.techniques.size() == 1 && said.technique_name.size() <= 200) out.labels.try_emplace(said.techniques.front(), threat::ReportLabel{said.technique_name, id});
    if (said.type == "malware" && said.malware.size() == 1) out.labels.try_emplace(in_small_letters(said.malware.front()), threat::ReportLabel{said.malware.front(), id});
  }

  Services& services_;
  store::Tx& tx_;
  const store::CollectionSeen& seen_;
  threat::Allowance allowance_;
  HeldBack& held_back_;
  Tlp ceiling_;
  std::string_view audience_;
  std::int64_t& looked_;
  Tlp unmarked_;
  std::optional<store::Ladder> ladder_;           // none: all of the collection goes to all of its readers
  std::map<std::string, Instant> first_;          // by id: when it was first shared, within both periods
  std::unordered_map<std::string, Said> said_;    // by id: its newest version
  std::unordered_map<std::string, std::optional<Said>> older_;
  std::unordered_map<std::string, std::vector<const Said*>> ties_;
};

// Y4. "" where the audience may not know that it is there.
std::string name_for_audience(const store::Collection& home, const store::Collection& source, store::ThreatAudience audience) {
  if (audience == store::ThreatAudience::Public || (source.id != home.id && !source.anyone_reads)) return {};
  return source.alias.value_or(source.id);
}

}  // namespace

Tlp ceiling_of_report(const store::Collection& home, const store::Collection& source, store::ThreatAudience audience) {
  switch (audience) {
    case store::ThreatAudience::Public: return Tlp::Clear;
    case store::ThreatAudience::Readers: return Tlp::Green;     // TLP 2.0: the community
    case store::ThreatAudience::Members: break;
  }
  return home.id == source.id ? Tlp::AmberStrict : Tlp::Green;  // TLP 2.0: the recipients of the one collection aren't those of another
}

Result<GatheredRows> gather_rows(Services& services, const access::Viewer& maker, const store::Collection& home, std::span<const store::CollectionSeen> sources, const threat::ReportWanted& wanted, store::ThreatAudience audience) {
  TRY(const auto turn, Turn::take());
  const auto length = wanted.period.until - wanted.period.from;
  const auto before = wanted.before.value_or(threat::ReportPeriod{wanted.period.from - length, wanted.period.from});
  TRY(auto held_back, HeldBack::of(services, maker));
  TRY(auto allowances, allowances_for(services, maker, sources));
  GatheredRows out;
  std::map<store::Tag, std::int64_t> senders;
  std::int64_t looked = 0;
  TRY(auto db, services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  for (const auto& seen : sources) {
    if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.", "/collections");
    auto allowance = allowances.find(seen.collection().n)->second;
    out.is_narrowed = out.is_narrowed || allowance.narrows();
    Source source(services, tx, seen, std::move(allowance), held_back, ceiling_of_report(home, seen.collection(), audience), audience == store::ThreatAudience::Members ? store::kMembers : store::kAllReaders, looked);
    TRY(source.read(std::min(before.from, wanted.period.from), std::max(before.until, wanted.period.until)));
    const auto name = name_for_audience(home, seen.collection(), audience);
    TRY(source.count(out, name, senders));
    if (!name.empty()) out.labels.try_emplace(name, threat::ReportLabel{seen.collection().title, {}});
  }
  return out;
}

}  // namespace sluice::service
