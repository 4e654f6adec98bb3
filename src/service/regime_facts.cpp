// Longer than other files because it is one idea: each fact that a law asks for, and where in a case it comes from.
#include "service/regime_facts.h"

#include <algorithm>

#include "cvd/availability.h"
#include "regimes/scenario.h"
#include "regimes/term.h"

namespace sluice::service {

namespace {

using cvd::CaseFold;
using cvd::Letter;

std::string second_text(Instant at) {
  const auto micros = at.micros;
  return regimes::to_text(micros >= 0 ? micros / 1'000'000 : (micros - 999'999) / 1'000'000);
}

json::array json_texts(const std::vector<std::string>& from) {
  json::array out;
  for (const auto& one : from) out.push_back(json::value(one));
  return out;
}

bool takes_part(const cvd::Participant& participant) { return participant.admission != cvd::Admission::None; }

// A role of its own that a flag says: a body that collects flaws, a steward of free software, an agency.
constexpr std::string_view kRolesByFlag[] = {"steward", "collector", "agency", "registrant", "controller"};
std::optional<std::string> role_by_flag(const std::vector<std::string>& flags) {
  for (const auto word : kRolesByFlag)
    if (std::find(flags.begin(), flags.end(), word) != flags.end()) return std::string(word);
  return std::nullopt;
}

std::string role_of_kind(access::OrganisationKind kind) {
  using enum access::OrganisationKind;
  switch (kind) {
    case Vendor: return "vendor";
    case Coordinator: return "coordinator";
    case Finder: return "finder";
    case Authority: return "authority";
    case Operator: return "operator";
    case Member: break;
  }
  return "member";
}

std::string role_in_case(const cvd::Participant* participant, const store::OrganisationRow* row) {
  if (row != nullptr && row->kind == access::OrganisationKind::Authority && (participant == nullptr || !participant->roles.contains(cvd::Role::Coordinator))) return "authority";
  if (participant != nullptr) {
    using enum cvd::Role;
    if (participant->roles.contains(Vendor)) return "vendor";
    if (participant->roles.contains(Coordinator)) return "coordinator";
    if (participant->roles.contains(Deployer)) return "operator";
    if (participant->roles.contains(Finder) || participant->roles.contains(Reporter)) return "finder";
    if (participant->roles.contains(Cna)) return "coordinator";
  }
  return row == nullptr ? "member" : role_of_kind(row->kind);
}

// Support of a product on one market at an instant, by the most exact word on it.
bool is_supported(const cvd::Product& product, const std::string& market, Instant at) {
  if (product.placed) {
    const cvd::MarketSupport* best = nullptr;
    for (const auto& one : product.placed->support) {
      if (one.market != market || (one.version && one.version != product.version)) continue;
      if (best == nullptr || (one.version && !best->version)) best = &one;
    }
    if (best != nullptr) return best->supported && (!best->until || *best->until > at);
  }
  if (product.supported && !*product.supported) return product.supported_until && *product.supported_until > at;
  return !product.supported_until || *product.supported_until > at;
}

// A provider's products that are alike to the law: same support, kind, customers. Where they are sold differs, and is joined.
struct Placement {
  bool supported = true;
  std::string kind;
  std::optional<bool> consumer, commercial;
  bool operator==(const Placement&) const = default;
};

struct Offered {
  OrganisationId provider;
  Placement as;
  std::vector<std::string> markets, published;
  bool markets_known = false;
  std::vector<const cvd::Product*> products;
};

void add_new(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const auto& one : from)
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
}

class Builder {
 public:
  std::string role_of(OrganisationId id) {
    add_party(id);
    return std::string(string_at(parties_.front().facts, "role"));
  }

  Builder(const CaseFold& fold, const OrganisationRows& organisations, const Considered& considered) : fold_(fold), organisations_(organisations), considered_(considered) {}

  std::vector<CaseScenario> all() {
    gather_parties();
    std::vector<CaseScenario> out;
    for (const auto& group : vulnerability_groups())
      for (const auto& offered : offers(group)) out.push_back(one(group, offered ? &*offered : nullptr));
    add_incidents(out);
    return out;
  }

 private:
  using Group = std::vector<const cvd::Vulnerability*>;

  const store::OrganisationRow* row(OrganisationId id) const {
    const auto found = organisations_.find(id);
    return found == organisations_.end() ? nullptr : &found->second;
  }

  // ---- parties

  // Who is invited sees the case's stub: its opening isn't in it, nor what a flaw's state is drawn from.
  bool reads_case() const { return fold_.opened != Instant{} || !fold_.reports.empty() || !fold_.vulnerabilities.empty(); }

  // Who was asked to come in and hasn't answered has no part in it yet, but for what it did or learned before.
  bool only_asked(const cvd::Participant& participant) const {
    if (participant.admission != cvd::Admission::Invited || aware_since(participant.organisation)) return false;
    const auto* running = fold_.running_terms();
    return running == nullptr || fold_.consent(participant.organisation, running->version) != cvd::ConsentState::Signatory;
  }

  void gather_parties() {
    add_party(fold_.owner);
    for (const auto& [id, participant] : fold_.participants)
      if (takes_part(participant) && !(considered_.parties.empty() && only_asked(participant)) && (considered_.parties.empty() || std::find(considered_.parties.begin(), considered_.parties.end(), id) != considered_.parties.end())) add_party(id);
    for (const auto& product : fold_.products)
      if (!considered_.only_provider || product.vendor == *considered_.only_provider || considered_.parties.empty()) add_party(product.vendor);
    if (considered_.own) add_party(*considered_.own);
    for (const auto& report : fold_.reports) {
      if (report.reporter) add_party(*report.reporter, "finder");
      else parties_.push_back({report.id.text(), json::object{{"id", report.id.text()}, {"role", "finder"}}, {{"/parties/" + report.id.text() + "/role", "case", "an anonymous reporter", report.received, {}, {}, {}}}});
    }
  }

  void add_party(OrganisationId id, std::string role = {}) {
    const auto text = id.text();
    if (id.is_nil() || std::any_of(parties_.begin(), parties_.end(), [&](const auto& one) { return one.id == text; })) return;
    const auto* known = row(id);
    const auto* participant = fold_.participant(id);
    Drawn out{text, {{"id", text}}, {}};
    const auto from = [&](const char* key, const char* kind) { out.origins.push_back({"/parties/" + text + "/" + key, kind, text, {}, {}, {}, {}}); };
    auto flags = known == nullptr ? std::vector<std::string>{} : known->profile.flags;
    const bool vends = std::any_of(fold_.products.begin(), fold_.products.end(), [&](const auto& p) { return p.vendor == id; }) || (id == fold_.owner && fold_.owner_is_vendor);
    if (role.empty() || (participant != nullptr && !participant->roles.empty())) role = role_in_case(participant, known);
    if (vends && role != "vendor") role = "vendor";
    if (const auto own = role_by_flag(flags); own && !vends) role = *own;
    else if (own && *own == "steward") role = *own;
    out.facts["role"] = role;
    from("role", participant != nullptr && !participant->roles.empty() ? "entry" : "profile");
    if (known != nullptr) {
      if (known->profile.country) out.facts["established"] = *known->profile.country, from("established", "profile");
      auto places = known->profile.jurisdictions;
      if (known->profile.country && std::find(places.begin(), places.end(), *known->profile.country) == places.end()) places.insert(places.begin(), *known->profile.country);
      if (!places.empty()) out.facts["operates_in"] = json_texts(places), from("operates_in", "profile");
      if (!known->profile.sectors.empty()) out.facts["sectors"] = json_texts(known->profile.sectors), from("sectors", "profile");
    }
    const bool silent = std::any_of(fold_.proceeded_without.begin(), fold_.proceeded_without.end(), [&](const auto& p) { return p.organisation == id; });
    if (silent && std::find(flags.begin(), flags.end(), "unresponsive") == flags.end()) flags.push_back("unresponsive");
    if (!flags.empty()) out.facts["flags"] = json_texts(flags), from("flags", silent ? "entry" : "profile");
    parties_.push_back(std::move(out));
  }

  bool makes(OrganisationId id) const { return std::any_of(fold_.products.begin(), fold_.products.end(), [&](const auto& p) { return p.vendor == id; }); }

  // ---- vulnerabilities that are alike

  struct State {
    bool is_public = false, attacked = false, suspected = false;
    std::optional<Instant> public_since;
    bool operator==(const State&) const = default;
  };

  State state_of(const cvd::Vulnerability& v) const {
    State out;
    for (const auto letter : {Letter::P, Letter::X})
      if (const auto found = v.facts.find(letter); found != v.facts.end() && found->second.occurred <= considered_.as_of)
        out.is_public = true, out.public_since = out.public_since ? std::min(*out.public_since, found->second.occurred) : found->second.occurred;
    if (const auto found = v.facts.find(Letter::A); found != v.facts.end() && found->second.recorded <= considered_.as_of) out.attacked = true;
    for (const auto& claim : fold_.claims)
      if (claim.vulnerability == v.id && claim.fact == Letter::A && claim.state == cvd::Claim::State::Open && claim.recorded <= considered_.as_of) out.suspected = true;
    return out;
  }

  // An incident or a text on an area with nothing of a flaw beside it: then there is none to be reported, or to be kept from anybody. What nobody has described yet is about one, and a view that isn't
  // the case's whole can't say that there is none.
  bool is_of_a_flaw() const {
    if (!reads_case() || (fold_.incidents.empty() && fold_.area_reports.empty())) return true;
    if (!fold_.vulnerabilities.empty() || !fold_.products.empty() || !fold_.reports.empty() || !fold_.claims.empty()) return true;
    return std::any_of(fold_.corrections.begin(), fold_.corrections.end(), [](const auto& c) { return c.fact.starts_with("/vulnerability/") || c.fact.starts_with("/events/vuln.") || c.fact.starts_with("/events/fix."); });
  }

  // Asked of together where nothing that the law asks tells them apart.
  std::vector<Group> vulnerability_groups() const {
    std::vector<Group> out;
    const auto alike = [&](const cvd::Vulnerability& a, const cvd::Vulnerability& b) {
      if (!(state_of(a) == state_of(b)) || a.identifier.value_or("").substr(0, 8) != b.identifier.value_or("").substr(0, 8)) return false;
      const auto aware = [](const cvd::Vulnerability& v) { const auto found = v.facts.find(Letter::A); return found == v.facts.end() ? Instant{} : found->second.recorded; };
      if (aware(a) != aware(b)) return false;
      for (const auto& product : fold_.products) {
        const auto first = fold_.answers.find({a.id, product.id}), second = fold_.answers.find({b.id, product.id});
        const auto word = [&](auto found) { return found == fold_.answers.end() ? std::tuple<std::optional<cvd::Status>, std::optional<cvd::RemedyStep>, std::size_t>{} : std::tuple{found->second.status, found->second.step, found->second.history.size()}; };
        if (word(first) != word(second)) return false;
      }
      return std::none_of(fold_.corrections.begin(), fold_.corrections.end(), [&](const auto& c) { return c.fact.find(a.id.text()) != std::string::npos || c.fact.find(b.id.text()) != std::string::npos; });
    };
    for (const auto& v : fold_.vulnerabilities) {
      if (!considered_.only.empty() && std::find(considered_.only.begin(), considered_.only.end(), v.id) == considered_.only.end()) continue;
      const auto group = std::find_if(out.begin(), out.end(), [&](const Group& g) { return alike(*g.front(), v); });
      if (group == out.end()) out.push_back({&v});
      else group->push_back(&v);
    }
    if (out.empty()) out.emplace_back();  // a report that nobody has looked at yet is about a vulnerability too
    return out;
  }

  // ---- products

  bool concerns(const Group& group, const cvd::Product& product) const {
    if (group.empty()) return true;
    return std::any_of(group.begin(), group.end(), [&](const auto* v) {
      const auto found = fold_.answers.find({v->id, product.id});
      return found == fold_.answers.end() || found->second.status != cvd::Status::NotAffected;
    });
  }

  void offer(std::vector<Offered>& out, OrganisationId provider, const cvd::Product* product) const {
    const auto* known = row(provider);
    const auto defaults = known != nullptr && known->profile.products ? *known->profile.products : cvd::PlacedAs{};
    const auto* placed = product != nullptr && product->placed ? &*product->placed : nullptr;
    const auto markets = placed != nullptr && !placed->markets.empty() ? placed->markets : defaults.markets;
    const auto published = placed != nullptr && !placed->published.empty() ? placed->published : defaults.published;
    Placement as;
    as.kind = placed != nullptr && placed->kind ? *placed->kind : defaults.kind.value_or("");
    as.consumer = placed != nullptr && placed->consumer ? placed->consumer : defaults.consumer;
    as.commercial = placed != nullptr && placed->commercial ? placed->commercial : defaults.commercial;
    const auto add = [&](bool supported, const std::vector<std::string>& there) {
      as.supported = supported;
      auto found = std::find_if(out.begin(), out.end(), [&](const Offered& o) { return o.provider == provider && o.as == as; });
      if (found == out.end()) found = out.insert(out.end(), Offered{provider, as, {}, {}, false, {}});
      add_new(found->markets, there);
      add_new(found->published, published);
      found->markets_known = found->markets_known || !there.empty();
      if (product != nullptr) found->products.push_back(product);
    };
    std::vector<std::string> living, ended;
    for (const auto& market : markets) (product == nullptr || is_supported(*product, market, considered_.as_of) ? living : ended).push_back(market);
    if (!living.empty()) add(true, living);
    if (!ended.empty()) add(false, ended);
    if (markets.empty()) add(product == nullptr || is_supported(*product, "", considered_.as_of), {});
  }

  std::vector<std::optional<Offered>> offers(const Group& group) const {
    std::vector<Offered> out;
    for (const auto& product : fold_.products)
      if (concerns(group, product) && (!considered_.only_provider || product.vendor == *considered_.only_provider)) offer(out, product.vendor, &product);
    if (out.empty() && fold_.products.empty()) {  // nobody has named a product: each vendor's own is meant
      for (const auto& party : parties_) {
        const auto id = OrganisationId::parse(party.id);
        if (id && string_at(party.facts, "role") == "vendor" && (!considered_.only_provider || id == considered_.only_provider)) offer(out, *id, nullptr);
      }
    }
    // Others have named theirs, and a vendor that takes part and says where it sells has not: its own is meant, or its clocks stood still unseen. A view that isn't the coordination's may
    // lack others' products, so it says so of its own organisation alone; a single act at the gate is asked about as the products say. Before somebody is told, it is the one that is asked about.
    if (!fold_.products.empty() && (considered_.parties.empty() || considered_.told))
      for (const auto& party : parties_) {
        const auto id = OrganisationId::parse(party.id);
        const auto* participant = id ? fold_.participant(*id) : nullptr;
        const bool is_asked = considered_.parties.empty() && (!considered_.own || id == considered_.own);
        if (!id || makes(*id) || string_at(party.facts, "role") != "vendor" || (!is_asked && id != considered_.told) || (considered_.only_provider && id != considered_.only_provider)) continue;
        const auto* known = row(*id);
        const bool sells = known != nullptr && known->profile.products && !known->profile.products->markets.empty();
        if (sells && (id == fold_.owner || (participant != nullptr && participant->admission == cvd::Admission::Confirmed))) offer(out, *id, nullptr);
      }
    std::vector<std::optional<Offered>> found;
    for (auto& one : out) found.emplace_back(std::move(one));
    if (found.empty()) found.emplace_back(std::nullopt);
    return found;
  }

  // What it is made of, as far as remedies wait for others: their makers are the providers of components.
  json::array components_of(const Group& group, const cvd::Product& product, int depth) const {
    json::array out;
    if (depth > 8) return out;
    for (const auto& wait : fold_.waits) {
      if (wait.product != product.id || (!group.empty() && std::none_of(group.begin(), group.end(), [&](const auto* v) { return v->id == wait.vulnerability; }))) continue;
      const auto* on = fold_.product(wait.on);
      if (on == nullptr || on->vendor == product.vendor) continue;
      json::object component{{"id", on->id.text()}, {"provider", on->vendor.text()}};
      if (auto inner = components_of(group, *on, depth + 1); !inner.empty()) component["components"] = std::move(inner);
      out.push_back(std::move(component));
    }
    return out;
  }

  // ---- one scenario

  static void origin(CaseScenario& out, std::string fact, const char* kind, std::string of, std::optional<Instant> at = {}) { out.origins.push_back({std::move(fact), kind, std::move(of), at, {}, {}, {}}); }

  CaseScenario one(const Group& group, const Offered* offered) const {
    CaseScenario out;
    for (const auto* v : group) out.vulnerabilities.push_back(v->id);
    if (offered != nullptr) {
      out.provider = offered->provider;
      for (const auto* product : offered->products) out.products.push_back(product->id);
    }
    json::array parties;
    for (const auto& party : parties_) {
      parties.push_back(party.facts);
      out.origins.insert(out.origins.end(), party.origins.begin(), party.origins.end());
    }
    out.given["id"] = fold_.id.text();
    out.given["title"] = "";
    out.given["as_of"] = second_text(considered_.as_of);
    out.given["parties"] = std::move(parties);
    if (offered != nullptr) add_product(out, group, *offered);
    if (is_of_a_flaw()) add_vulnerability(out, group, offered);
    add_embargo(out);
    add_actions(out, group);
    std::optional<OrganisationId> whose = considered_.own;
    if (!whose || !fold_.incidents.contains(*whose)) whose = offered != nullptr && fold_.incidents.contains(offered->provider) ? std::optional(offered->provider) : std::nullopt;
    if (!whose && !fold_.incidents.empty() && !considered_.own) whose = fold_.incidents.begin()->first;
    if (whose) add_incident(out, *whose);
    for (const auto& action : considered_.more_actions) actions(out).push_back(action);
    correct(out);
    return out;
  }

  static json::object& object(CaseScenario& out, std::string_view key) {
    auto& value = out.given[key];
    if (!value.is_object()) value = json::object{};
    return value.as_object();
  }
  static json::array& actions(CaseScenario& out) {
    auto& value = out.given["actions"];
    if (!value.is_array()) value = json::array{};
    return value.as_array();
  }

  void add_product(CaseScenario& out, const Group& group, const Offered& offered) const {
    auto& product = object(out, "product");
    const auto id = offered.products.empty() ? std::string("product") : offered.products.front()->id.text();
    product["id"] = id;
    product["provider"] = offered.provider.text();
    origin(out, "/product/provider", offered.products.empty() ? "case" : "entry", offered.products.empty() ? "a vendor of the case" : id);
    const bool own_word = std::any_of(offered.products.begin(), offered.products.end(), [](const auto* p) { return p->placed.has_value(); });
    const auto source = own_word ? "entry" : "profile";
    const auto of = own_word ? id : offered.provider.text();
    if (offered.markets_known) product["market"] = json_texts(offered.markets), origin(out, "/product/market", source, of);
    if (reads_case()) product["support"] = offered.as.supported ? "supported" : "ended", origin(out, "/product/support", "entry", id);
    if (!offered.as.kind.empty()) product["kind"] = offered.as.kind, origin(out, "/product/kind", source, of);
    if (offered.as.consumer) product["consumer"] = *offered.as.consumer ? "yes" : "no", origin(out, "/product/consumer", source, of);
    if (offered.as.commercial) product["commercial"] = *offered.as.commercial ? "yes" : "no", origin(out, "/product/commercial", source, of);
    if (!offered.published.empty()) product["published"] = json_texts(offered.published), origin(out, "/product/published", source, of);
    json::array components;
    for (const auto* one : offered.products)
      for (auto& component : components_of(group, *one, 0)) components.push_back(component);
    if (!components.empty()) product["components"] = std::move(components), origin(out, "/product/components", "entry", id);
  }

  void event(CaseScenario& out, std::string name, Instant at, const char* kind, std::string of) const {
    if (at > considered_.as_of || at == Instant{}) return;  // a time that isn't known isn't the beginning of all times
    object(out, "events")[name] = second_text(at);
    origin(out, "/events/" + name, kind, std::move(of), at);
  }

  // When an organisation came to know of the flaw, as far as this fold says.
  std::optional<Instant> aware_since(OrganisationId id) const {
    std::optional<Instant> out;
    const auto earlier = [&](std::optional<Instant> at) { if (at) out = out ? std::min(*out, *at) : at; };
    for (const auto& report : fold_.reports) {
      if (report.to == id || report.reporter == id) earlier(report.received);
      for (const auto& route : report.routes)
        if (route.to == id) earlier(route.taken_up);
    }
    if (id == fold_.owner && fold_.reports.empty() && fold_.opened != Instant{}) earlier(fold_.opened);
    if (const auto* participant = fold_.participant(id)) earlier(participant->confirmed_at);
    for (const auto& claim : fold_.claims)
      if (claim.by == id) earlier(claim.recorded);
    return out;
  }

  void add_vulnerability(CaseScenario& out, const Group& group, const Offered* offered) const {
    auto& v = object(out, "vulnerability");
    v["in"] = "product";
    origin(out, "/vulnerability/in", "case", "a case is about a product");
    State state;
    if (!group.empty()) state = state_of(*group.front());
    if (reads_case()) v["state"] = state.is_public ? "public" : "undisclosed", origin(out, "/vulnerability/state", "entry", group.empty() ? "case" : group.front()->id.text(), state.public_since);
    bool told_exploited = false;
    for (const auto& report : fold_.reports) told_exploited = told_exploited || (report.content && report.content->exploited == cvd::YesNo::Yes);
    if (reads_case()) {
      v["exploited"] = state.attacked ? "yes" : state.suspected || told_exploited ? "itw-suspected" : "no";
      origin(out, "/vulnerability/exploited", "entry", group.empty() ? "case" : group.front()->id.text());
    }
    if (!group.empty() && group.front()->identifier && group.front()->identifier->starts_with("CVE-") && group.front()->identifier->size() > 8) {
      v["cve_year"] = std::atoi(group.front()->identifier->substr(4, 4).c_str());
      origin(out, "/vulnerability/cve_year", "entry", group.front()->id.text());
    }
    std::set<OrganisationId> vendors;
    for (const auto& product : fold_.products) vendors.insert(product.vendor);
    if (vendors.size() > 1) v["affects_others"] = "yes", origin(out, "/vulnerability/affects_others", "entry", "products of several vendors");

    if (state.public_since) event(out, "vuln.public", *state.public_since, "entry", group.front()->id.text());
    if (reads_case()) add_fix(out, group, offered);
    for (const auto& party : parties_) {
      const auto id = OrganisationId::parse(party.id);
      if (!id) continue;
      const auto aware = aware_since(*id);
      if (aware) event(out, "vuln.aware@" + party.id, *aware, "entry", party.id);
      const auto* participant = fold_.participant(*id);
      if (participant != nullptr && participant->validated_at) event(out, "vuln.validated@" + party.id, *participant->validated_at, "entry", party.id);
      add_attack(out, group, *id, aware);
    }
    if (offered != nullptr) add_reported(out, offered->provider);
    for (const auto& report : fold_.reports) {
      const auto finder = report.reporter ? report.reporter->text() : report.id.text();
      event(out, "vuln.discovered@" + finder, report.received, "entry", report.id.text());  // no later than that
    }
    for (const auto& release : fold_.releases)
      if (release.state == cvd::Release::State::Released && release.released_at) event(out, "users.informed", *release.released_at, "entry", release.id.text());
    agreed(out);
  }

  // "An attack was observed": the clock of whoever learned of it starts when it was recorded here, or when it came to know the case at all.
  void add_attack(CaseScenario& out, const Group& group, OrganisationId id, std::optional<Instant> aware) const {
    std::optional<Instant> at;
    std::string of;
    for (const auto* v : group) {
      if (const auto found = v->facts.find(Letter::A); found != v->facts.end() && aware) {
        const auto learned = std::max(found->second.recorded, *aware);
        if (!at || learned < *at) at = learned, of = v->id.text();
      }
      for (const auto& claim : fold_.claims)  // who observed it knew before it was adopted
        if (claim.vulnerability == v->id && claim.fact == Letter::A && claim.by == id && claim.state != cvd::Claim::State::Refused && (!at || claim.recorded < *at)) at = claim.recorded, of = claim.id.text();
    }
    if (at) event(out, "vuln.aware_exploited@" + id.text(), *at, "entry", of);
  }

  void add_reported(CaseScenario& out, OrganisationId provider) const {
    std::optional<Instant> at;
    std::string of;
    const auto earlier = [&](std::optional<Instant> when, const std::string& what) { if (when && (!at || *when < *at)) at = when, of = what; };
    for (const auto& report : fold_.reports) {
      if (report.to == provider) earlier(report.received, report.id.text());
      for (const auto& route : report.routes)
        if (route.to == provider) earlier(route.taken_up, report.id.text());
    }
    if (const auto* participant = fold_.participant(provider); participant != nullptr && provider != fold_.owner) earlier(participant->confirmed_at, provider.text());
    if (at) event(out, "vuln.reported", *at, "entry", of);
    if (const auto* participant = fold_.participant(provider); participant != nullptr && participant->answered_at) event(out, "vendor.response", *participant->answered_at, "entry", provider.text());
  }

  void add_fix(CaseScenario& out, const Group& group, const Offered* offered) const {
    auto& v = object(out, "vulnerability");
    bool all = offered != nullptr && !group.empty() && !offered->products.empty();
    std::optional<Instant> since, measures;
    if (all) {
      for (const auto* vulnerability : group) {
        const auto delivery = cvd::delivery_of(cvd::chain_of(fold_, vulnerability->id));
        for (const auto* product : offered->products) {
          const auto found = delivery.availability.find(product->id);
          const bool there = found != delivery.availability.end() && found->second.reach == cvd::Reach::Available && found->second.since && *found->second.since <= considered_.as_of;
          const bool needless = found != delivery.availability.end() && found->second.reach == cvd::Reach::NotNeeded;
          if (there) since = since ? std::max(*since, *found->second.since) : *found->second.since;
          else if (!needless) all = false;
          if (const auto answer = fold_.answers.find({vulnerability->id, product->id}); answer != fold_.answers.end())
            for (const auto& moved : answer->second.history)
              if (!moved.reopened && moved.step && *moved.step >= cvd::RemedyStep::Developed && moved.at <= considered_.as_of) measures = measures ? std::min(*measures, moved.at) : moved.at;
        }
      }
    }
    const bool available = all && since;
    v["fix"] = available ? "available" : "none";
    origin(out, "/vulnerability/fix", "case", "the remedies' steps", available ? since : std::optional<Instant>{});
    if (available) event(out, "fix.available", *since, "entry", offered->products.front()->id.text());
    if (measures && offered != nullptr) event(out, "measures.taken@" + offered->provider.text(), *measures, "entry", offered->products.front()->id.text());
  }

  void agreed(CaseScenario& out) const {
    std::optional<Instant> at;
    for (const auto& release : fold_.releases)
      if (release.state == cvd::Release::State::Planned) at = at ? std::min(*at, release.instant) : release.instant;
    if (const auto* running = fold_.running_terms(); running != nullptr && !at) at = running->until;
    if (!at) return;
    object(out, "events")["release.agreed"] = second_text(*at);
    origin(out, "/events/release.agreed", "entry", "the release's plan or the running terms", at);
  }

  void add_embargo(CaseScenario& out) const {
    const auto* running = fold_.running_terms();
    if (running == nullptr || !cvd::binds(fold_.embargo)) return;
    auto& embargo = object(out, "embargo");
    json::array inside;
    for (const auto& party : parties_) {
      const auto id = OrganisationId::parse(party.id);
      if (id && fold_.consent(*id, running->version) == cvd::ConsentState::Signatory) inside.push_back(json::value(party.id));
    }
    embargo["parties"] = std::move(inside);
    embargo["until"] = second_text(running->until);
    origin(out, "/embargo", "entry", "terms v" + std::to_string(running->version), running->settled_at);
  }

  // ---- acts, planned or done

  // As somebody said; else what a report is by its nature.
  json::array content_of_report(ReportId id) const {
    const auto found = fold_.content_classes.find("report:" + id.text());
    return found == fold_.content_classes.end() ? json::array{"technical-detail"} : json_texts(found->second.classes);
  }

  void add_actions(CaseScenario& out, const Group& group) const {
    auto& list = actions(out);
    const auto is_party = [&](const std::string& id) { return std::any_of(parties_.begin(), parties_.end(), [&](const auto& one) { return one.id == id; }); };
    // Who did it then, not who leads now. Where that one has left, or isn't asked about, whoever leads stands for it.
    const auto actor_of = [&](OrganisationId then) { return is_party(then.text()) ? then.text() : fold_.owner.text(); };
    for (const auto& release : fold_.releases) {
      if (release.state == cvd::Release::State::Held || (!release.released_at && release.instant == Instant{})) continue;
      const bool about = group.empty() || release.vulnerabilities.empty() || std::any_of(group.begin(), group.end(), [&](const auto* v) { return std::find(release.vulnerabilities.begin(), release.vulnerabilities.end(), v->id) != release.vulnerabilities.end(); });
      if (!about) continue;
      list.push_back(json::object{{"id", release.id.text()}, {"actor", actor_of(release.released_at ? fold_.owner_at(*release.released_at) : fold_.owner)}, {"type", "publish-advisory"}, {"to", "public"}, {"content", json_texts(classes_of_advisory(fold_, release.advisory, release.version))},
                                  {"at", second_text(release.released_at.value_or(release.instant))}});
      origin(out, "/actions/" + release.id.text(), "entry", release.id.text(), release.released_at);
    }
    for (const auto& report : fold_.reports) {
      const auto actor = report.reporter ? report.reporter->text() : report.id.text();
      if (!is_party(report.to.text()) || report.reporter == report.to || report.received > considered_.as_of) continue;
      if (out.provider && report.to != *out.provider && makes(report.to)) continue;  // it was told as the maker of its own product: asked of there
      list.push_back(json::object{{"id", report.id.text()}, {"actor", actor}, {"type", "report-vuln"}, {"to", report.to.text()}, {"content", content_of_report(report.id)}, {"at", second_text(report.received)}});
      origin(out, "/actions/" + report.id.text(), "entry", report.id.text(), report.received);
    }
    // Who was let in reads the case: told then, by who invited it. In a very large case those whom laws ask about are enough.
    const bool many = fold_.participants.size() > kMostTold;
    for (const auto& [id, participant] : fold_.participants) {
      if (id == fold_.first_owner() || !participant.confirmed_at || *participant.confirmed_at > considered_.as_of) continue;
      if (std::any_of(fold_.reports.begin(), fold_.reports.end(), [&](const auto& r) { return r.to == id || r.reporter == id; })) continue;
      if (!is_party(id.text()) || (many && id != out.provider)) continue;
      if (out.provider && id != *out.provider && makes(id)) continue;  // it was told as the maker of its own product: asked of there
      const auto teller = actor_of(fold_.told_by(participant));
      if (teller == id.text()) continue;
      const auto* party = &*std::find_if(parties_.begin(), parties_.end(), [&](const auto& one) { return one.id == id.text(); });
      const auto role = string_at(party->facts, "role");
      list.push_back(json::object{{"id", "told-" + id.text()}, {"actor", teller}, {"type", role == "vendor" || role == "steward" ? "report-vuln" : "inform-partner"}, {"to", id.text()},
                                  {"content", json::array{"technical-detail"}}, {"at", second_text(*participant.confirmed_at)}});
      origin(out, "/actions/told-" + id.text(), "entry", id.text(), participant.confirmed_at);
    }
    for (const auto& party : parties_) {
      const auto id = OrganisationId::parse(party.id);
      if (!id) continue;
      for (auto& action : cvd::notice_actions(fold_, *id)) list.push_back(std::move(action));
    }
  }

  // ---- incidents

  void add_incident(CaseScenario& out, OrganisationId whose) const {
    const auto facts = cvd::incident_facts(fold_, whose);
    if (const auto* incident = facts.if_contains("incident"); incident != nullptr && incident->is_object() && !incident->get_object().empty()) out.given["incident"] = *incident;
    if (const auto* events = facts.if_contains("events"); events != nullptr && events->is_object())
      for (const auto& one : events->get_object()) object(out, "events")[one.key()] = one.value();
    if (const auto* origins = facts.if_contains("origins"); origins != nullptr && origins->is_array())
      for (const auto& one : origins->get_array()) {
        std::optional<Instant> at;
        if (const auto read = parse_instant(string_at(one, "at"))) at = *read;
        out.origins.push_back({std::string(string_at(one, "path")), "entry", std::string(string_at(one, "source")), at, PersonId::parse(string_at(one, "by")), {}, {}});
      }
  }

  // Each organisation's own incident is asked about once; where the case is about several, by itself.
  void add_incidents(std::vector<CaseScenario>& out) const {
    if (considered_.own || fold_.incidents.size() < 2) return;
    for (const auto& [id, incident] : fold_.incidents) {
      const bool asked = (out.front().provider && fold_.incidents.contains(*out.front().provider) ? *out.front().provider == id : id == fold_.incidents.begin()->first) ||
                         std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.provider == id; });
      if (asked) continue;
      CaseScenario extra;
      extra.given["id"] = fold_.id.text();
      extra.given["as_of"] = second_text(considered_.as_of);
      json::array parties;
      for (const auto& party : parties_) parties.push_back(party.facts);
      extra.given["parties"] = std::move(parties);
      add_incident(extra, id);
      for (auto& action : cvd::notice_actions(fold_, id)) actions(extra).push_back(std::move(action));
      correct(extra);
      out.push_back(std::move(extra));
    }
  }

  // ---- a person's word in the place of what was drawn

  void correct(CaseScenario& out) const {
    for (const bool of_case : {false, true})
      for (const auto& correction : fold_.corrections) {
        if (correction.organisation.has_value() == of_case || correction.at > considered_.as_of) continue;
        // In the coordination's view a participant's word counts for what is its own.
        if (correction.organisation && correction.organisation != considered_.own && !is_about(correction.fact, *correction.organisation, out)) continue;
        apply(out, correction);
      }
  }

  bool is_about(const std::string& fact, OrganisationId organisation, const CaseScenario& out) const {
    const auto id = organisation.text();
    if (fact.starts_with("/parties/" + id + "/") || fact.ends_with("@" + id)) return true;
    return fact.starts_with("/product/") && out.provider == organisation;
  }

  // Of any pointer: what names no fact of this case changes nothing, however it came to be recorded.
  void apply(CaseScenario& out, const cvd::Correction& c) const {
    if (!c.fact.starts_with('/')) return;
    std::vector<std::string> parts;
    for (std::size_t at = 1; at <= c.fact.size();) {
      const auto end = std::min(c.fact.find('/', at), c.fact.size());
      parts.push_back(c.fact.substr(at, end - at));
      at = end + 1;
    }
    if (parts.size() < 2 || parts.back().empty()) return;  // nothing, or a whole section
    json::object* target = nullptr;
    std::string key;
    const auto& root = parts.front();
    if (root == "parties" && parts.size() == 3) {
      for (auto& party : out.given["parties"].as_array())
        if (party.is_object() && string_at(party, "id") == parts[1]) target = &party.get_object();
      key = parts[2];
      if (key == "id") return;
    } else if ((root == "product" || root == "vulnerability") && parts.size() == 3) {
      const bool here = root == "product" ? std::any_of(out.products.begin(), out.products.end(), [&](const auto& id) { return id.text() == parts[1]; })
                                          : std::any_of(out.vulnerabilities.begin(), out.vulnerabilities.end(), [&](const auto& id) { return id.text() == parts[1]; });
      if (!here) return;
      target = &object(out, root);
      key = parts[2];
    } else if (parts.size() == 2 && (root == "vulnerability" || root == "incident" || root == "embargo" || root == "product" || root == "events")) {
      if ((root == "embargo" || root == "product") && !out.given.contains(root)) return;
      target = &object(out, root);
      key = parts[1];
      if (root == "events" && key.find('@') != std::string::npos && std::none_of(parties_.begin(), parties_.end(), [&](const auto& p) { return key.ends_with("@" + p.id); })) return;
    }
    if (target == nullptr) return;
    // Recorded before the fact had a form: the case would not read with it.
    if (!regimes::why_unfit(root, key, c.value).empty()) return;
    const auto* before = target->if_contains(key);
    Origin origin{c.fact, "person", c.organisation ? c.organisation->text() : "case", c.at, c.by, c.why, before == nullptr ? json::value() : *before};
    std::erase_if(out.origins, [&](const Origin& o) { return o.fact == c.fact; });
    out.origins.push_back(std::move(origin));
    if (c.value.is_null() && root != "events") target->erase(key);
    else (*target)[key] = c.value.is_bool() ? json::value(c.value.get_bool() ? "yes" : "no") : c.value;
    // The state of a flaw and its events say the same thing twice: what a person says of the one holds for the other.
    auto& events = object(out, "events");
    const auto happened = [&](const char* name) { const auto* at = events.if_contains(name); return at != nullptr && at->is_string(); };
    if (c.fact == "/events/vuln.public") object(out, "vulnerability")["state"] = is_past(events, "vuln.public") ? "public" : "undisclosed";
    else if (c.fact == "/events/fix.available") object(out, "vulnerability")["fix"] = is_past(events, "fix.available") ? "available" : "none";
    else if (root == "vulnerability" && key == "state" && happened("vuln.public") != (c.value == json::value("public"))) events.erase("vuln.public");
    else if (root == "vulnerability" && key == "fix" && happened("fix.available") != (c.value != json::value("none"))) events.erase("fix.available");
  }

  bool is_past(const json::object& events, const char* name) const {
    const auto* at = events.if_contains(name);
    if (at == nullptr || !at->is_string()) return false;
    const auto read = regimes::parse_second(at->get_string());
    const auto now = regimes::parse_second(second_text(considered_.as_of));
    return read && now && *read <= *now;
  }

  static constexpr std::size_t kMostTold = 30;
  struct Drawn { std::string id; json::object facts; std::vector<Origin> origins; };
  const CaseFold& fold_;
  const OrganisationRows& organisations_;
  const Considered& considered_;
  std::vector<Drawn> parties_;
};

}  // namespace

bool is_role_by_flag(std::string_view role) { return std::find(std::begin(kRolesByFlag), std::end(kRolesByFlag), role) != std::end(kRolesByFlag); }

std::vector<std::string> classes_of_advisory(const CaseFold& fold, AdvisoryId advisory, int version) {
  const auto found = fold.content_classes.find("advisory:" + advisory.text() + "/" + std::to_string(version));
  if (found != fold.content_classes.end()) return found->second.classes;
  std::vector<std::string> out{"existence", "product-identity", "summary", "technical-detail", "mitigation"};  // the most that an advisory says by its nature
  // Nobody said what it contains: what it looks as if it held counts, until its author has looked.
  if (const auto versions = fold.advisories.find(advisory); versions != fold.advisories.end())
    for (const auto& one : versions->second)
      if (one.version == version)
        for (const auto& sign : signs_of_document(one.document))
          if (sign.sign.kind == "exploit-code" || sign.sign.kind == "credential") add_new(out, {sign.sign.proposes});
  return out;
}

namespace {
void look_into(const json::value& value, const std::string& where, std::vector<PlacedSign>& out) {
  if (out.size() >= gate::kMostSigns) return;
  if (value.is_string()) {
    for (auto& one : gate::signs_in(value.get_string())) out.push_back({where, std::move(one)});
  } else if (value.is_array()) {
    std::size_t i = 0;
    for (const auto& item : value.get_array()) look_into(item, where + "/" + std::to_string(i++), out);
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) look_into(member.value(), where + "/" + pointer_token(member.key()), out);
  }
}
}  // namespace

std::vector<PlacedSign> signs_of_document(const json::value& document) {
  std::vector<PlacedSign> out;
  look_into(document, "", out);
  return out;
}

std::string role_for_law(const CaseFold& fold, const OrganisationRows& organisations, OrganisationId id) {
  const Considered nothing{};
  return Builder(fold, organisations, nothing).role_of(id);
}

std::vector<CaseScenario> scenarios_of(const CaseFold& fold, const OrganisationRows& organisations, const Considered& considered) { return Builder(fold, organisations, considered).all(); }

}  // namespace sluice::service
