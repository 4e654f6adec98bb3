// One object as its reader meets it: versions, markings, others with the same value, and what belongs to it as nodes and edges.
#include <algorithm>
#include <deque>
#include <set>

#include "base/fine_time.h"
#include "service/collections.h"
#include "service/threat_cards.h"
#include "service/threat_ties.h"
#include "threat/object.h"

namespace sluice::service {

namespace {

constexpr std::size_t kMostNamedBy = 200;         // of one node and kind of reference
constexpr std::size_t kMostSame = 50;
constexpr std::size_t kMostOpened = 3000;         // of one graph: relationships are opened too
constexpr std::size_t kMostNamed = 500;           // by one object

// A marking's definition as the reader meets it in this collection.
class Definitions {
 public:
  Definitions(ThreatCards& cards, const store::CollectionSeen& seen) : cards_(cards), seen_(seen) {}
  const json::object* find(std::string_view id) {
    auto known = known_.find(id);
    if (known == known_.end()) {
      if (known_.size() >= 100) return nullptr;
      auto opened = cards_.newest(seen_, id);
      known = known_.emplace(std::string(id), opened && *opened ? std::make_unique<json::object>(std::move((*opened)->object)) : nullptr).first;
    }
    return known->second.get();
  }

 private:
  ThreatCards& cards_;
  const store::CollectionSeen& seen_;
  std::map<std::string, std::unique_ptr<json::object>, std::less<>> known_;
};

std::string without_ref(std::string_view property) {
  for (const std::string_view end : {"_refs", "_ref"})
    if (property.ends_with(end)) return std::string(property.substr(0, property.size() - end.size()));
  return std::string(property);
}

// Breadth first from one object, in one collection. A relationship is an edge and no node, unless it is where one begins.
class GraphWalk {
 public:
  GraphWalk(ThreatCards& cards, const store::CollectionSeen& seen, const ObjectWanted& wanted) : cards_(cards), seen_(seen), wanted_(wanted) {}

  Result<Graph> from(const std::string& id) {
    begin_ = id;
    TRY(const bool taken, reach(id, 0));
    while (taken && !waiting_.empty()) {
      const auto next = std::move(waiting_.front());
      waiting_.pop_front();
      TRY(expand(next));
    }
    for (auto& [name, node] : nodes_) out_.nodes.push_back(std::move(node));
    std::sort(out_.nodes.begin(), out_.nodes.end(), [](const GraphNode& a, const GraphNode& b) { return std::tie(a.depth, a.id) < std::tie(b.depth, b.id); });
    for (const auto& edge : edges_)
      if (nodes_.contains(edge.from) && nodes_.contains(edge.to)) out_.edges.push_back(edge);
    return std::move(out_);
  }

 private:
  // Puts it among the nodes; false: there is no room.
  Result<bool> reach(const std::string& id, int depth) {
    if (nodes_.contains(id)) return true;
    if (nodes_.size() >= std::min(wanted_.most_nodes, kMostGraphNodes) || cards_.is_spent() || opened_ >= kMostOpened) {
      out_.more = true;
      return false;
    }
    ++opened_;
    TRY(auto opened, cards_.newest(seen_, id));
    GraphNode node{.id = id, .depth = depth};
    node.type = std::string(threat::identifier_of(std::string_view(id)).value_or(threat::Identifier{}).type);
    node.is_met = opened.has_value();
    if (opened) {
      cards_.shown(*opened);
      node.name = opened->card.name, node.tlp = opened->card.tlp, node.version = opened->card.version, node.is_revoked = opened->card.is_revoked;
      if (depth < wanted_.depth) waiting_.push_back({id, depth, std::move(opened->object)});
    } else if (depth < wanted_.depth) {
      waiting_.push_back({id, depth, {}});        // what names it may be here though it isn't
    }
    nodes_.emplace(id, std::move(node));
    return true;
  }

  struct Waiting { std::string id; int depth = 0; json::object object; };

  Result<void> add_edge(GraphEdge edge, const std::string& other, int depth) {
    TRY(const bool taken, reach(other, depth));
    if (taken) edges_.insert(std::move(edge));
    return {};
  }

  Result<void> expand(const Waiting& at) {
    const auto next = at.depth + 1;
    for (const auto& [property, id] : threat::named_references_of(at.object, kMostNamed)) TRY(add_edge({at.id, id, without_ref(property), {}, false}, id, next));
    TRY(expand_relationships(at, store::kSourceRef, next));
    TRY(expand_relationships(at, store::kTargetRef, next));
    TRY(expand_named_by(at, store::kSightingOfRef, next));
    TRY(expand_named_by(at, store::kOtherRef, next));
    // An author is named by all it ever made: asked only of the one that the question is about.
    if (at.id == begin_) TRY(expand_named_by(at, store::kCreatedByRef, next));
    return {};
  }

  // Those that name it, each once, in the newest version that still does.
  Result<std::vector<OpenedObject>> naming(const Waiting& at, store::RefKind kind) {
    std::vector<OpenedObject> out;
    TRY(const auto rows, store::postings_naming(cards_.db(), cards_.cells(), seen_, at.id, kind, kMostNamedBy));
    out_.more = out_.more || rows.more;
    std::set<store::Tag> known;
    for (const auto& row : rows.found) {
      if (!known.insert(row.name).second) continue;
      if (cards_.is_spent() || ++opened_ > kMostOpened) {
        out_.more = true;
        break;
      }
      TRY(auto opened, cards_.newest(seen_, row.name));
      if (opened) out.push_back(*std::move(opened));
    }
    return out;
  }

  Result<void> expand_relationships(const Waiting& at, store::RefKind kind, int next) {
    TRY(const auto all, naming(at, kind));
    for (const auto& one : all) {
      const std::string from(string_at(one.object, "source_ref")), to(string_at(one.object, "target_ref"));
      if ((kind == store::kSourceRef ? from : to) != at.id) continue;
      if (nodes_.contains(one.card.id)) continue;   // where it began: its own references are edges
      cards_.shown(one);
      TRY(add_edge({from, to, one.card.name, one.card.id, one.card.is_revoked}, kind == store::kSourceRef ? to : from, next));
    }
    return {};
  }

  Result<void> expand_named_by(const Waiting& at, store::RefKind kind, int next) {
    TRY(const auto all, naming(at, kind));
    for (const auto& one : all)
      for (const auto& [property, id] : threat::named_references_of(one.object, kMostNamed))
        if (id == at.id) TRY(add_edge({one.card.id, at.id, without_ref(property), {}, false}, one.card.id, next));
    return {};
  }

  ThreatCards& cards_;
  const store::CollectionSeen& seen_;
  const ObjectWanted& wanted_;
  std::string begin_;
  std::map<std::string, GraphNode> nodes_;
  std::set<GraphEdge> edges_;
  std::deque<Waiting> waiting_;
  std::size_t opened_ = 0;
  Graph out_;
};

std::string spec_text(int spec) { return spec == 2000 ? "2.0" : "2.1"; }

// Every version, oldest first; a version that came again counts once, as it came first.
Result<void> add_versions(ThreatCards& cards, const store::CollectionSeen& seen, std::vector<store::FoundPosting> all, ObjectSeen& out) {
  std::sort(all.begin(), all.end(), is_older);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i + 1 < all.size() && all[i].spec == all[i + 1].spec && all[i].version_at == all[i + 1].version_at) continue;
    if (out.versions.size() >= 1000 || cards.is_spent()) break;
    const store::PostingKey key{all[i].audience, all[i].date_added};
    TRY(const auto page, cards.labels_at(seen, key));
    if (page.objects.empty()) continue;
    out.versions.push_back({page.objects.front().version, spec_text(all[i].spec), Instant{all[i].date_added}, all[i].sender == seen.reader()});
  }
  return {};
}

Result<void> add_same_values(ThreatCards& cards, const std::vector<store::CollectionSeen>& collections, const store::CollectionSeen& own, const OpenedObject& object, ObjectSeen& out) {
  std::set<std::pair<std::int64_t, store::Tag>> known{{own.collection().n, object.posting.name}};
  for (const auto& value : out.values)
    for (const auto& seen : collections) {
      TRY(const auto rows, store::postings_with(cards.db(), seen, value_name(cards.cells(), value), 4 * kMostSame));
      out.more_same = out.more_same || rows.more;
      for (const auto& row : rows.found) {
        if (!known.emplace(seen.collection().n, row.name).second) continue;
        if (out.same_value.size() >= kMostSame || cards.is_spent()) {
          out.more_same = true;
          return {};
        }
        TRY(auto opened, cards.open(seen, row));
        if (!opened) continue;
        cards.shown(*opened);
        out.same_value.push_back({FoundObject::How::Value, value, std::move(opened->card)});
      }
    }
  return {};
}

json::object graph_json(const Graph& graph) {
  json::array nodes, edges;
  for (const auto& node : graph.nodes) {
    json::object one{{"id", node.id}, {"type", node.type}, {"depth", node.depth}, {"met", node.is_met}};
    if (!node.name.empty()) one["name"] = node.name;
    if (!node.tlp.empty()) one["tlp"] = node.tlp;
    if (!node.version.empty()) one["version"] = node.version;
    if (node.is_revoked) one["revoked"] = true;
    nodes.push_back(std::move(one));
  }
  for (const auto& edge : graph.edges) {
    json::object one{{"source", edge.from}, {"target", edge.to}, {"label", edge.what}};
    if (!edge.by.empty()) one["relationship"] = edge.by;
    if (edge.is_revoked) one["revoked"] = true;
    edges.push_back(std::move(one));
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}, {"more", graph.more}};
}

json::object markings_json(const threat::Markings& markings) {
  const auto word = [](Tlp tlp) { return to_json(TlpLabel{tlp}); };
  json::object out{{"explicit", markings.is_explicit}, {"unknown", markings.has_unknown}};
  if (markings.is_explicit) out["tlp"] = word(markings.tlp), out["strictest_part"] = word(strictest(markings.tlp, markings.strictest_part));
  json::array parts;
  for (const auto& part : markings.parts) {
    json::object one{{"selector", threat::selector_text(part.selector)}, {"marking", part.marking}};
    if (!part.is_unknown) one["tlp"] = word(part.tlp);
    parts.push_back(std::move(one));
  }
  if (!parts.empty()) out["parts"] = std::move(parts);
  if (!markings.statements.empty()) out["statements"] = json::array(markings.statements.begin(), markings.statements.end());
  return out;
}


}  // namespace

Result<ObjectSeen> show_object(Services& services, const access::Viewer& viewer, std::string_view collection, std::string_view id, const ObjectWanted& wanted) {
  if (wanted.depth < 0 || wanted.depth > kDeepestGraph) return fail(ErrorKind::Invalid, "A graph goes 0 to " + std::to_string(kDeepestGraph) + " steps far.", "/depth");
  TRY(const auto seen, services.store.as(viewer).collection(collection));
  if (!seen.can_read()) return fail(ErrorKind::Forbidden, "Your organisation doesn't read this collection.");
  std::vector<store::CollectionSeen> readable;
  {
    TRY(auto all, services.store.as(viewer).collections());
    for (auto& one : all)
      if (one.can_read()) readable.push_back(std::move(one));
  }
  TRY(auto allowances, allowances_for(services, viewer, readable));
  TRY(auto db, services.store.lease());
  TRY(auto tx, db->begin(store::Mode::Read));
  ThreatCards cards(services, tx, allowances);
  const auto name = store::name_of_object(cards.cells(), id);
  TRY(auto all, cards.postings_of(seen, name));
  if (all.empty()) return no_object();
  TRY(auto opened, cards.newest(seen, name));
  if (!opened) return no_object();
  cards.shown(*opened);
  ObjectSeen out;
  out.collection_title = seen.collection().title;
  TRY(add_versions(cards, seen, std::move(all), out));
  Definitions definitions(cards, seen);
  out.markings = threat::markings_of(opened->object, [&definitions](std::string_view marking) { return definitions.find(marking); });
  out.values = threat::values_of(opened->object);
  TRY(add_same_values(cards, readable, seen, *opened, out));
  for (const auto& value : out.values)
    for (auto& sign : threat::benign_signs(value, threat::builtin_benign())) out.benign.push_back(std::move(sign));
  if (wanted.depth > 0) {
    TRY(out.graph, GraphWalk(cards, seen, wanted).from(opened->card.id));
  }
  out.card = std::move(opened->card), out.bytes = std::move(opened->bytes);
  out.fresh = cards.fresh();
  return out;
}

Result<json::object> object_json(const ObjectSeen& seen) {
  auto out = card_json(seen.card);
  out["collection_title"] = seen.collection_title;
  TRY(auto object, parse_json(seen.bytes, {.bytes = 16 << 20, .depth = 64, .keys = 100'000, .string = 8 << 20}));
  out["object"] = std::move(object);
  json::array versions, same;
  for (const auto& one : seen.versions) versions.push_back(json::object{{"version", one.version}, {"spec_version", one.spec}, {"first_shared", six_digits(one.first_shared)}, {"own", one.is_own}});
  for (const auto& one : seen.same_value) same.push_back(found_json(one));
  out["held"] = std::move(versions);
  out["markings"] = markings_json(seen.markings);
  out["values"] = values_json(seen.values);
  out["known_benign"] = benign_json(seen.benign);
  out["same_value"] = std::move(same), out["more_same_value"] = seen.more_same;
  if (!seen.graph.nodes.empty()) out["graph"] = graph_json(seen.graph);
  return out;
}

}  // namespace sluice::service
