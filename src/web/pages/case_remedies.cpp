// Remedies across tiers: one picture of who holds up whom, the same as a list, and what can be said of each remedy. One vulnerability at a time.
//
// The picture is our own SVG in columns: on the left who waits for nobody. It takes its colours from the sheet (classes and data-tone alone), scrolls in its own
// frame on a small screen, and says nothing that the list beneath it doesn't.
#include <algorithm>

#include "cvd/availability.h"
#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

constexpr int kBoxWide = 208, kBoxHigh = 58, kGapWide = 72, kGapHigh = 16, kMargin = 10;
constexpr std::size_t kLetters = 24;  // that fit into a box

// The first letters of a text, never a part of one.
std::string shortened(std::string_view text, std::size_t most) {
  std::size_t letters = 0, at = 0;
  while (at < text.size() && letters < most) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    ++letters;
  }
  return at == text.size() ? std::string(text) : std::string(text.substr(0, at)) + "…";
}

struct Node {
  ProductId id;
  std::string name, vendor, state;
  Tone tone = Tone::Quiet;
  bool known = true;
  int tier = 0, row = 0;
};

const cvd::Answer& answer_of(const Scene& s, VulnerabilityId vulnerability, ProductId product) {
  static const cvd::Answer kNone;
  const auto found = s.fold.answers.find({vulnerability, product});
  return found == s.fold.answers.end() ? kNone : found->second;
}

// As the viewer may know it: by its name what it sees, by the label it was told what it doesn't.
std::string name_of(const Scene& s, const cvd::Chain& chain, ProductId product) {
  if (const auto* known = s.fold.product(product)) return known->name + (known->version ? " " + *known->version : "");
  for (const auto& wait : chain.waits)
    if (wait.on == product) return wait.label;
  return "another party's remedy";
}

Node node_of(const Scene& s, const cvd::Vulnerability& v, const cvd::Chain& chain, const cvd::Delivery& delivery, ProductId id) {
  Node out{.id = id, .name = name_of(s, chain, id)};
  const auto tier = delivery.tier.find(id);
  out.tier = tier == delivery.tier.end() ? 0 : tier->second;
  const auto* product = s.fold.product(id);
  out.known = product != nullptr;
  out.vendor = product != nullptr ? s.name(product->vendor) : "another participant";
  const auto& answer = answer_of(s, v.id, id);
  const auto reached = delivery.reached.find(id);
  const auto step = product != nullptr ? answer.step : reached == delivery.reached.end() ? std::nullopt : reached->second;
  out.state = step ? std::string(said(*step).words) : "no fix yet";
  out.tone = step ? said(*step).tone : Tone::Quiet;
  if (!delivery.unmet(chain, id).empty()) out.state += ", waits", out.tone = Tone::Waiting;
  if (answer.blocked_because) out.state = "blocked", out.tone = Tone::Alarm;
  else if (answer.step && *answer.step >= cvd::RemedyStep::Validated && !cvd::is_validated(answer)) out.state = "its test failed", out.tone = Tone::Alarm;
  return out;
}

Html text_at(int x, int y, std::string_view classes, std::string_view words) { return el("text", {attr("x", std::to_string(x)), attr("y", std::to_string(y)), cls(classes)}, words); }

Html picture(const std::vector<Node>& nodes, const cvd::Chain& chain, const cvd::Delivery& delivery, const std::string& name) {
  int tiers = 0, rows = 0;
  for (const auto& node : nodes) tiers = std::max(tiers, node.tier + 1), rows = std::max(rows, node.row + 1);
  const auto x_of = [](const Node& node) { return kMargin + node.tier * (kBoxWide + kGapWide); };
  const auto y_of = [](const Node& node) { return kMargin + node.row * (kBoxHigh + kGapHigh); };
  const int wide = 2 * kMargin + tiers * kBoxWide + (tiers - 1) * kGapWide, high = 2 * kMargin + rows * kBoxHigh + (rows - 1) * kGapHigh;
  const auto node_at = [&](ProductId id) { return std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == id; }); };
  Html inside;
  for (const auto& wait : chain.waits) {
    const auto from = node_at(wait.on), to = node_at(wait.product);
    if (from == nodes.end() || to == nodes.end()) continue;
    const int x1 = x_of(*from) + kBoxWide, y1 = y_of(*from) + kBoxHigh / 2, x2 = x_of(*to), y2 = y_of(*to) + kBoxHigh / 2, bend = std::max(kGapWide / 2, (x2 - x1) / 2);
    const auto n = [](int number) { return std::to_string(number); };
    const auto line = "M" + n(x1) + " " + n(y1) + "C" + n(x1 + bend) + " " + n(y1) + " " + n(x2 - bend) + " " + n(y2) + " " + n(x2 - 8) + " " + n(y2);
    const auto head = "M" + n(x2) + " " + n(y2) + "l-10 -5v10z";
    const auto state = delivery.met(wait) ? "met" : "unmet";
    inside += el("path", {cls("line"), attr("data-wait", state), attr("d", line)}) + el("path", {cls("head"), attr("data-wait", state), attr("d", head)});
  }
  for (const auto& node : nodes) {
    const int x = x_of(node), y = y_of(node);
    inside += el("g", {attr("data-tone", word_of(node.tone)), cls(node.known ? "known" : "unknown")},
                 el("rect", {attr("x", std::to_string(x)), attr("y", std::to_string(y)), attr("width", std::to_string(kBoxWide)), attr("height", std::to_string(kBoxHigh)), attr("rx", "6")}), text_at(x + 10, y + 19, "name", shortened(node.name, kLetters)),
                 text_at(x + 10, y + 35, "vendor", shortened(node.vendor, kLetters + 4)), text_at(x + 10, y + 51, "state", node.state));
  }
  const auto w = std::to_string(wide), h = std::to_string(high);
  return el("div", {cls("scroll chain"), attr("tabindex", "0"), attr("role", "group"), attr("aria-label", name)},
            el("svg", {attr("viewbox", "0 0 " + w + " " + h), attr("width", w), attr("height", h), attr("role", "img"), attr("aria-label", name + ". The list below says the same.")}, inside));
}

// Columns by tier; in a column near to what is waited for, so that lines seldom cross.
std::vector<Node> laid_out(const Scene& s, const cvd::Vulnerability& v, const cvd::Chain& chain, const cvd::Delivery& delivery) {
  std::vector<Node> nodes;
  std::set<ProductId> drawn;
  for (const auto& wait : chain.waits)
    for (const auto id : {wait.on, wait.product})
      if (drawn.insert(id).second) nodes.push_back(node_of(s, v, chain, delivery, id));
  std::stable_sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) { return std::tie(a.tier, a.name) < std::tie(b.tier, b.name); });
  std::map<ProductId, double> place;
  std::map<int, int> rows;
  for (std::size_t first = 0; first < nodes.size();) {
    auto last = first;
    while (last < nodes.size() && nodes[last].tier == nodes[first].tier) ++last;
    const auto middle = [&](const Node& node) {
      double sum = 0;
      int n = 0;
      for (const auto& wait : chain.waits)
        if (const auto found = place.find(wait.on); wait.product == node.id && found != place.end()) sum += found->second, ++n;
      return n == 0 ? 0.0 : sum / n;
    };
    std::stable_sort(nodes.begin() + static_cast<std::ptrdiff_t>(first), nodes.begin() + static_cast<std::ptrdiff_t>(last), [&](const Node& a, const Node& b) { return middle(a) < middle(b); });
    for (auto i = first; i < last; ++i) nodes[i].row = rows[nodes[i].tier]++, place[nodes[i].id] = nodes[i].row;
    first = last;
  }
  return nodes;
}

Html availability_words(const Scene& s, const cvd::Chain& chain, const cvd::Availability& availability) {
  Html last;
  for (const auto id : availability.last) last += all(last.empty() ? "" : ", ", name_of(s, chain, id));
  switch (availability.reach) {
    case cvd::Reach::NotNeeded: return badge(Tone::Good, "not affected, needs none");
    case cvd::Reach::Available: return all(badge(Tone::Good, "available to users"), availability.since ? all(" since ", time(*availability.since)) : Html());
    case cvd::Reach::Partly: return all(badge(Tone::Waiting, "available to some users"), " missing: ", last);
    case cvd::Reach::None: break;
  }
  return all(badge(Tone::Quiet, "not available to users yet"), last.empty() ? Html() : all(" missing: ", last));
}

Html wait_words(const Scene& s, const cvd::Chain& chain, const cvd::Delivery& delivery, const cvd::Wait& wait) {
  const auto found = delivery.reached.find(wait.on);
  const auto reached = found == delivery.reached.end() ? std::nullopt : found->second;
  const auto* on = s.fold.product(wait.on);
  return all("Waits for ", el("strong", name_of(s, chain, wait.on)), on != nullptr ? all(" (", s.name(on->vendor), ")") : Html(), " until it is ", said(wait.at_step).words, ": ",
             delivery.met(wait) ? badge(Tone::Good, "it is") : badge(Tone::Waiting, reached ? "it is " + std::string(said(*reached).words) : "nothing yet"), " ", prose(wait.why));
}

Html assessments_of(const cvd::Answer& answer, const Scene& s) {
  Html out;
  for (auto it = answer.assessments.rbegin(); it != answer.assessments.rend(); ++it) {
    const auto& what = it->what;
    Facts facts;
    facts.add("Tested by", what.tested_by).add("Where", prose(what.where));
    if (what.reproduction) facts.add("Against", paragraphs(*what.reproduction));
    if (what.side_effects) facts.add("Side effects", paragraphs(*what.side_effects));
    if (what.note) facts.add("Remarks", paragraphs(*what.note));
    out += el("li", badge(what.passed ? Tone::Good : Tone::Alarm, what.passed ? "passed" : "failed"), " ", badge(what.partial ? Tone::Waiting : Tone::Quiet, what.partial ? "remedies a part" : "complete"), " ", time(it->at), ", said by ", s.name(it->by),
              it->step ? Html() : el("span", {cls("quiet")}, ", of a fix that was reopened since"), facts.html());
  }
  return out.empty() ? Html() : more("Tests of the fix", el("ul", out), true);
}

Html history_of(const cvd::Answer& answer) {
  Html out;
  for (const auto& moved : answer.history)
    out += el("li", time(moved.at), ": ", moved.reopened ? all(badge(Tone::Alarm, "reopened"), " back to ") : Html(), moved.step ? said(*moved.step).words : "", moved.note ? all(". ", prose(*moved.note)) : Html());
  return out.empty() ? Html() : more("What became of it", el("ol", out));
}

Html forms_of(const Scene& s, const cvd::Vulnerability& v, const cvd::Product& p, const cvd::Chain& chain) {
  if (p.vendor != s.own() && !s.coordinates()) return {};
  // Of many those of the one that was chosen.
  if (s.is_large() && s.asked_for("remedy") != p.id.text()) return s.form ? Html() : el("p", {cls("elsewhere")}, link(here(s, {{"remedies_of", v.id.text()}, {"remedy", p.id.text()}}).fragment("r-" + p.id.text()), "Say what became of the fix of " + p.name));
  const auto ids = all(hidden("vulnerability", v.id.text()), hidden("product", p.id.text()));
  const auto scope = [&](const char* what) { return std::string(what) + v.id.text() + p.id.text(); };
  const auto sees = Compartment::of(p.vendor);
  static const Option kPassed[] = {{"yes", "It passed"}, {"no", "It failed"}};
  static const Option kPartial[] = {{"no", "The whole attack"}, {"yes", "A part of it"}};
  Html out = do_form(s, possible(s, Action::SetRemedyStep, cvd::AssessRemedy{v.id, p.id, true, {}, "who", "where", {}, {}, {}}), "assess_remedy", "Say how good the fix is",
                     all(ids, radios({.name = "passed", .label = "Did its test pass?", .required = true, .scope = scope("t")}, kPassed), radios({.name = "partial", .label = "What does it remedy?", .required = true, .scope = scope("t")}, kPartial),
                         field({.name = "tested_by", .label = "Tested by whom?", .required = true, .most = 300, .scope = scope("t")}), field({.name = "where", .label = "Where, on what?", .required = true, .most = 1'000, .scope = scope("t")}),
                         field({.name = "reproduction", .label = "Against which reproduction?", .kind = Field::Kind::Text, .most = 20'000, .scope = scope("t")}),
                         field({.name = "side_effects", .label = "Known side effects", .kind = Field::Kind::Text, .most = 20'000, .scope = scope("t")}), field({.name = "note", .label = "Remarks", .kind = Field::Kind::Text, .most = 4'000, .scope = scope("t")})),
                     sees);
  std::vector<Option> others;
  for (const auto& other : s.fold.products)
    if (other.id != p.id && (s.coordinates() || other.vendor == s.own())) others.push_back({other.id.text(), other.name + (s.coordinates() ? " (" + s.name(other.vendor) + ")" : "")});
  if (!others.empty()) {
    static const Option kAt[] = {{"distributed", "is out: users can have it"}, {"validated", "is validated: this product brings it to its users"}, {"developed", "is developed: this product builds on it"}};
    out += big_form(s, possible(s, Action::SetRemedyStep), "wait_for_remedy", "It waits for another's remedy", {{"remedies_of", v.id.text()}, {"remedy", p.id.text()}}, others.size() > kManyChoices, [&] {
      return all(ids, select({.name = "on", .label = "For which?", .required = true, .scope = scope("w")}, others), select({.name = "at_step", .label = "Until the other", .scope = scope("w")}, kAt),
                       field({.name = "label", .label = "What is the other, without saying whose?", .help = "Who waits reads this and no name. Such as: the firmware.", .required = true, .most = 200, .scope = scope("w")}),
                       field({.name = "why", .label = "Why does it wait?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = scope("w")}));
    }, sees);
  }
  for (const auto* wait : chain.waits_of(p.id))
    out += do_form(s, possible(s, Action::SetRemedyStep), "end_wait", "It no longer waits for " + name_of(s, chain, wait->on),
                   all(ids, hidden("on", wait->on.text()), field({.name = "why", .label = "Why not?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = scope("e") + wait->on.text()})), sees);
  if (answer_of(s, v.id, p.id).blocked_because) out += do_form(s, possible(s, Action::SetRemedyStep), "unblock_remedy", "Nothing is in its way any more", ids, sees, false);
  else out += do_form(s, possible(s, Action::SetRemedyStep), "block_remedy", "Something blocks it", all(ids, field({.name = "because", .label = "What?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = scope("b")})), sees);
  if (p.vendor == s.own() || s.standing.is_owner) {
    static const Option kSupported[] = {{"yes", "Yes"}, {"no", "No longer"}};
    out += do_form(s, possible(s, Action::SetStatus, cvd::StateSupport{p.id, true, {}, {}}), "state_support", "Say whether it is supported",
                   all(hidden("product", p.id.text()), radios({.name = "supported", .label = "Is it supported?", .required = true, .scope = scope("s")}, kSupported),
                       field({.name = "until", .label = "Until when? (UTC)", .help = "The end of its support, ahead or past; empty: not said.", .kind = Field::Kind::Instant, .scope = scope("s")}), field({.name = "note", .label = "Remarks", .kind = Field::Kind::Text, .most = 4'000, .scope = scope("s")})),
                   sees);
  }
  return out;
}

Html remedy_of(const Scene& s, const cvd::Vulnerability& v, const cvd::Product& p, const cvd::Chain& chain, const cvd::Delivery& delivery) {
  const auto& answer = answer_of(s, v.id, p.id);
  Html lines = el("p", answer.step ? badge(said(*answer.step)) : badge(Tone::Quiet, "no fix yet"), " ", cvd::is_partial(answer) ? all(badge(Tone::Waiting, "remedies a part only"), " ") : Html(),
                  availability_words(s, chain, delivery.availability.contains(p.id) ? delivery.availability.at(p.id) : cvd::Availability{}));
  if (answer.blocked_because) lines += el("p", badge(Tone::Alarm, "blocked"), " since ", time(*answer.blocked_since), ": ", prose(*answer.blocked_because));
  if (answer.step && *answer.step >= cvd::RemedyStep::Validated && !cvd::is_validated(answer)) lines += el("p", badge(Tone::Alarm, "its last test failed"), " No release goes out with it; reopen it, or record a test that passed.");
  if (p.supported || p.supported_until)
    lines += el("p", p.supported.value_or(true) ? badge(Tone::Quiet, "supported") : badge(Tone::Held, "out of support"), p.supported_until ? all(p.supported.value_or(true) ? " until " : " since ", time(*p.supported_until)) : Html(), p.support_note ? all(". ", prose(*p.support_note)) : Html());
  Html waits;
  for (const auto* wait : chain.waits_of(p.id)) waits += el("li", wait_words(s, chain, delivery, *wait));
  for (const auto& wait : s.fold.waits)
    if (wait.vulnerability == v.id && wait.product == p.id && wait.ended) waits += el("li", {cls("quiet")}, "Waited for ", s.fold.product(wait.on) != nullptr ? s.fold.product(wait.on)->name : wait.label, " until ", time(*wait.ended), ": ", prose(wait.end_why.value_or("")));
  if (!waits.empty()) lines += el("ul", waits);
  Html pressing;
  for (const auto* target : cvd::targets_on_a_fix(s.fold, v.id, p.id))
    if (target->by <= s.now) pressing += el("p", "A target was due ", time(target->by), " (", words_until(target->by, s.now), ").");
  if (!pressing.empty()) lines += notice(Tone::Alarm, "The risk of haste", all(pressing, el("p", "The fix isn't validated. One that is hurried out can leave the hole open, break what it was to mend, and show attackers where to look. No clock releases it.")));
  return el("div", {cls("card"), id("r-" + p.id.text())}, el("h3", p.name, p.version ? " " + *p.version : "", ", ", s.name(p.vendor)), lines, assessments_of(answer, s), history_of(answer), forms_of(s, v, p, chain));
}

Html readiness_of(const Scene& s) {
  const auto& agreed = s.fold.readiness;
  Html words = agreed.rule == cvd::SettlementRule::Majority ? Html("More than half of the vendors concerned have to be ready.")
               : agreed.rule == cvd::SettlementRule::Quorum ? Html("Vendors with " + std::to_string(agreed.share.value_or(100)) + " % of the weight have to be ready.")
                                                            : Html("All vendors concerned have to be ready.");
  Html inside = el("p", "For a release: ", words);
  Html weights;
  for (const auto& weight : agreed.weights) weights += el("li", s.name(weight.organisation), ": ", std::to_string(weight.weight));
  if (s.coordinates() && !weights.empty()) inside += more("Weights", el("ul", weights));
  if (s.standing.is_owner) {
    static const Option kRules[] = {{"unanimity", "All of them"}, {"majority", "More than half"}, {"quorum", "A share of the weights"}};
    const auto weighed = [&] {
      Html vendors;
      for (const auto& [id, participant] : s.fold.participants)
        if (participant.roles.contains(cvd::Role::Vendor)) {
          const auto name = "weights." + id.text(), label = "Weight of " + s.name(id);
          vendors += field({.name = name, .label = label, .most = 7, .scope = "readiness"});
        }
      return vendors;
    };
    inside += big_form(s, possible(s, Action::PlanRelease, cvd::AgreeReadiness{cvd::SettlementRule::Unanimity, {}, {}, "why"}), "agree_readiness", "Agree how many have to be ready", {}, s.fold.participants.size() > kManyChoices, [&] {
      const auto vendors = weighed();
      return all(radios({.name = "rule", .label = "Who has to be ready?", .required = true, .scope = "readiness"}, kRules), field({.name = "share", .label = "Share, in per cent", .help = "Of a quorum only.", .most = 3, .scope = "readiness"}),
                          vendors.empty() ? Html() : more("Weights", all(el("p", "Market share, place in the supply chain, what depends on it. Empty: all weigh the same. Only the coordination sees them."), vendors)),
                          field({.name = "why", .label = "Why?", .help = "All participants read this.", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = "readiness"}));
    }, Compartment::shared());
  }
  return inside;
}

}  // namespace

Html remedies_part(const Scene& s) {
  if (s.fold.vulnerabilities.empty() || s.fold.products.empty()) return {};
  const auto* chosen = s.remedies_of ? s.fold.vulnerability(*s.remedies_of) : nullptr;
  // Unless one is asked for: the first where something waits.
  const auto waits = std::find_if(s.fold.vulnerabilities.begin(), s.fold.vulnerabilities.end(), [&s](const cvd::Vulnerability& one) { return std::any_of(s.fold.waits.begin(), s.fold.waits.end(), [&one](const cvd::Wait& wait) { return wait.vulnerability == one.id && !wait.ended; }); });
  const auto& v = chosen != nullptr ? *chosen : waits != s.fold.vulnerabilities.end() ? *waits : s.fold.vulnerabilities.front();
  Html inside;
  if (s.fold.vulnerabilities.size() > 1) {
    std::vector<Option> options;
    for (const auto& one : s.fold.vulnerabilities) options.push_back({one.id.text(), one.identifier ? *one.identifier + ": " + one.title : one.title});
    const auto shown = v.id.text();
    inside += el("form", {attr("method", "get"), action((path("/cases") / s.fold.id.text()).fragment("remedies")), cls("form")}, select({.name = "remedies_of", .label = "Of which vulnerability?", .value = shown}, options), submit("Show", "button second"));
  }
  const auto chain = cvd::chain_of(s.fold, v.id);
  const auto delivery = cvd::delivery_of(chain);
  const auto title = "Who waits for whom: " + v.identifier.value_or(v.title);
  if (!chain.waits.empty()) {
    Html list;
    for (const auto& wait : chain.waits) list += el("li", el("strong", name_of(s, chain, wait.product)), ". ", wait_words(s, chain, delivery, wait));
    inside += all(picture(laid_out(s, v, chain, delivery), chain, delivery, title), more("The same as a list", el("ul", list)));
  } else {
    inside += el("p", {cls("quiet")}, "No remedy waits for another's.");
  }
  std::vector<const cvd::Product*> concerned;
  for (const auto& p : s.fold.products)
    if (s.fold.answers.contains({v.id, p.id}) || !chain.waits_of(p.id).empty() || p.vendor == s.own()) concerned.push_back(&p);
  const auto shown = window(s, "remedies", concerned.size(), 30);
  for (std::size_t i = 0; i < concerned.size(); ++i)
    if ((i >= shown.from && i < shown.to) || (s.form && s.asked_for("remedy") == concerned[i]->id.text())) inside += remedy_of(s, v, *concerned[i], chain, delivery);
  inside += window_links(s, "remedies", "remedies", shown);
  inside += readiness_of(s);
  return section("remedies", "Remedies, and who waits for whom", inside);
}

}  // namespace sluice::web::pages
