// Objects opened for a reader, with what lists show of them. One a question: it keeps the snapshot's connection and gathers what is shown for the first time.
#pragma once

#include <map>

#include "service/standing_reads.h"
#include "service/threat_lookup.h"
#include "store/pseudonyms.h"

namespace sluice::service {

struct OpenedObject {
  ObjectCard card;
  json::object object;
  std::string bytes;
  threat::Markings markings;
  store::FoundPosting posting;
  bool is_delivered = false;                      // to the reader's organisation, before
};

class ThreatCards {
 public:
  // `allowances`: of each collection that is asked (standing_reads.h); what standing withholds opens as if it weren't there.
  ThreatCards(Services& services, store::Queries& db, Allowances& allowances) : services_(services), db_(db), allowances_(allowances) {}

  // One version, with what its other versions say of it. Nothing where it is gone, or is no JSON any more.
  Result<std::optional<OpenedObject>> open(const store::CollectionSeen& seen, const store::FoundPosting& posting);
  // The newest version that the reader meets, by id or by name.
  Result<std::optional<OpenedObject>> newest(const store::CollectionSeen& seen, std::string_view id);
  Result<std::optional<OpenedObject>> newest(const store::CollectionSeen& seen, const store::Tag& name);
  // Its version as text, without its content.
  Result<store::ObjectPage> labels_at(const store::CollectionSeen& seen, const store::PostingKey& key) { return store::objects_at(services_.store, db_, seen, std::span(&key, 1), store::Parts::Labels); }
  // All that the reader meets of it, oldest first.
  Result<std::vector<store::FoundPosting>> postings_of(const store::CollectionSeen& seen, const store::Tag& name);

  // What is opened counts as given only once it is shown.
  void shown(const OpenedObject& one);
  std::vector<std::int64_t> fresh() const;        // sorted, each once
  bool is_spent() const { return bytes_ > kMostBytesOpened; }   // a question opens no more than so much
  store::Queries& db() { return db_; }
  const store::Cells& cells() const { return services_.cells(); }

 private:
  Result<std::string> pseudonym_behind(const store::Tag& sender);   // "" for who sent by name
  static constexpr std::size_t kMostBytesOpened = 32 << 20;
  Services& services_;
  store::Queries& db_;
  Allowances& allowances_;
  std::map<std::pair<std::int64_t, store::Tag>, std::vector<store::FoundPosting>> known_;
  std::map<store::Tag, std::string> pseudonyms_;
  std::vector<std::int64_t> fresh_;
  std::size_t bytes_ = 0;
};

bool is_older(const store::FoundPosting& a, const store::FoundPosting& b);   // as a version; of the same one, what came later counts as older

// Of an object's own words: its name, else its value, its pattern, its source name.
std::string shown_name(const json::object& object);
json::object card_json(const ObjectCard& card);
json::object found_json(const FoundObject& one);
json::array benign_json(const std::vector<threat::BenignSign>& signs);
json::array values_json(const std::vector<threat::Value>& values);

}  // namespace sluice::service
