// Packs and a case drawn by lot, and beside them the same question in bare times for Z3 (z3_rules.h), translated from what the conventions say and not from what the engine does. For tests
// and benchmarks only.
//
// What is drawn: duties within a term after an event, bans until an event or during two, bans without an end, preconditions with and without a waiting time, permissions that set a ban
// aside (once a step came first, or after a waiting time), and an agreed embargo; of laws, own policies and drafts, with advice between that must change nothing.
//
// How it is asked in bare times: each triggered duty wants an act of its own. A precondition or permission wants one more act before it, of the party's own, bound by the bans on that.
// An act at or after kNotDone isn't done. Nothing is done before anybody knew of the flaw, at second 0.
#pragma once

#include <map>
#include <set>

#include "regimes/z3_rules.h"

namespace sluice::regimes::oracle {

constexpr std::int64_t kNotDone = std::int64_t{1} << 38;

struct DrawnCase {
  std::vector<std::string> packs;            // YAML
  std::string scenario;                      // JSON
  Rules rules;
  std::vector<std::string> members;          // who is who: a rule's id, or "embargo"
  std::map<std::string, std::string> force;  // of each rule

  // Sets as the answer orders them: by size, then by names in byte order, an embargo last.
  std::vector<std::vector<std::string>> named(const std::vector<Members>& sets) const {
    const auto comes_first = [](const std::string& a, const std::string& b) { return (a == "embargo") != (b == "embargo") ? b == "embargo" : a < b; };
    std::vector<std::vector<std::string>> out;
    for (const auto& set : sets) {
      std::vector<std::string> names;
      for (const auto one : set) names.push_back(members[std::size_t(one)]);
      std::sort(names.begin(), names.end(), comes_first);
      if (names.size() > 1) out.push_back(std::move(names));
    }
    std::sort(out.begin(), out.end(), [&](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), comes_first); });
    return out;
  }
};

class CaseDraw {
 public:
  struct Size {
    int rules = 8, shapes = 6, most_hours = 240;
    int one_embargo_in = 2, one_endless_ban_in = 6;
    int one_event_missing_in = 6;
    int most_within = 96;
    bool only_law = false;
    bool with_times = true;                  // `rules`: they grow with every way that a first step can take
  };
  CaseDraw(std::uint32_t seed, Size size) : draw_(seed), size_(size) {}

  DrawnCase drawn() {
    make_events();
    for (const auto* to : kTold)
      for (const auto* type : kTypes) shapes_.push_back({type, to});
    // Which come first in line is by lot; a first step is always of a later shape, so that no precondition waits for itself.
    for (std::size_t i = shapes_.size(); i > 1; --i) std::swap(shapes_[i - 1], shapes_[std::size_t(draw_.any(0, int(i) - 1))]);
    shapes_.resize(std::size_t(std::min<int>(size_.shapes, int(shapes_.size()))));
    for (int i = 0; i < size_.rules; ++i) make_rule(i);
    if (draw_.one_in(size_.one_embargo_in)) make_embargo();
    for (const auto& duty : size_.with_times ? duties_ : std::vector<Duty>{}) {
      const int one = add_act();
      require(duty.who, {{{act(one), instant(duty.from), 0}, {instant(duty.until), act(one), 0}}});
      restrict(one, duty.shape, 0);
    }
    out_.rules.members = int(out_.members.size());
    write();
    return std::move(out_);
  }

 private:
  struct Shape { std::string type, to; };
  struct Duty { int who, shape; std::int64_t from, until; };
  struct Step { int shape; std::int64_t wait; };
  struct Permission { std::string id; std::optional<std::int64_t> from; std::optional<Step> step; };
  struct Limit {                             // a ban or a precondition
    int who;
    std::set<int> shapes;
    std::vector<Way> ways;                   // over act 0, that is judged
    std::vector<Permission> permissions;
    std::optional<Step> step;                // a precondition's
  };

  // Types that bring no event about, and recipients of whom none is told by telling another.
  static constexpr const char* kTypes[] = {"notify-authority", "share-threat-info", "inform-partner", "pass-on"};
  static constexpr const char* kTold[] = {"cisa", "cert-in", "cncert", "cnitsec", "enisa", "journalist", "broker", "customers", "members", "data-subjects", "notification-centre", "downstream-vendor"};
  static constexpr const char* kEvents[] = {"users.informed", "release.agreed", "support.end", "kev.added", "certcc.initial_contact", "zdi.initial_contact", "jpcert.contact_started",
                                            "vendor.response", "rule.issued"};

  static std::string written(std::int64_t at) {  // from 2026-03-01T00:00Z on, by hand: 31 days a month would be wrong, so days are counted
    static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    auto day = at / kDay;
    int month = 2;
    for (; day >= kDays[month]; ++month) day -= kDays[month];
    char text[40];
    std::snprintf(text, sizeof text, "2026-%02d-%02dT%02d:%02d:%02dZ", month + 1, int(day) + 1, int(at % kDay / kHour), int(at % kHour / 60), int(at % 60));
    return text;
  }

  void make_events() {
    for (const auto* name : kEvents) {
      if (draw_.one_in(size_.one_event_missing_in)) events_[name] = std::nullopt;
      else events_[name] = draw_.any(0, size_.most_hours) * kHour + (draw_.one_in(4) ? 1 : 0);
    }
    const auto begins = draw_.any(0, size_.most_hours) * kHour;
    events_["national_event.start"] = begins, events_["national_event.end"] = begins + draw_.any(1, 100) * kHour;
  }
  std::string any_event() { return kEvents[draw_.any(0, int(std::size(kEvents)) - 1)]; }
  std::string hours(std::int64_t count) { return count % 24 == 0 && draw_.one_in(2) ? "P" + std::to_string(count / 24) + "D" : "PT" + std::to_string(count) + "H"; }
  // The case begins at 0, with the vendor aware: whatever is done, is done from then on.
  int add_act() {
    require(kFact, {{{act(out_.rules.acts), instant(0), 0}}});
    return out_.rules.acts++;
  }
  void require(int who, std::vector<Way> ways) { out_.rules.rules.push_back({std::move(ways), "", who}); }

  int member(const std::string& id, const std::string& force) {
    out_.members.push_back(id), out_.force[id] = force;
    return int(out_.members.size()) - 1;
  }

  std::string acts_of(const std::set<int>& shapes) const {
    std::set<std::string> types;
    for (const auto one : shapes) types.insert(shapes_[std::size_t(one)].type);
    std::string out;
    for (const auto& type : types) out += (out.empty() ? "" : ", ") + type;
    return "{type: [" + out + "], to: " + shapes_[std::size_t(*shapes.begin())].to + "}";
  }
  // One shape, or all with its recipient.
  std::set<int> any_shapes() {
    const int one = draw_.any(0, int(shapes_.size()) - 1);
    std::set<int> out{one};
    if (draw_.one_in(3))
      for (std::size_t i = 0; i < shapes_.size(); ++i)
        if (shapes_[i].to == shapes_[std::size_t(one)].to) out.insert(int(i));
    return out;
  }
  std::optional<Step> any_step(const std::set<int>& shapes, std::string& yaml) {
    const int after = *shapes.rbegin();
    if (after + 1 >= int(shapes_.size())) return std::nullopt;
    Step out{draw_.any(after + 1, int(shapes_.size()) - 1), 1};
    yaml = "first: {type: [" + shapes_[std::size_t(out.shape)].type + "], to: " + shapes_[std::size_t(out.shape)].to;
    if (draw_.one_in(2)) {
      const auto wait = draw_.any(1, 72);
      out.wait = wait * kHour;
      yaml += ", wait: " + hours(wait);
    }
    yaml += "}";
    return out;
  }

  struct Pack { const char* id; const char* force; };
  static constexpr Pack kPacks[] = {{"law-a", "law"}, {"law-b", "law"}, {"own", "policy"}, {"plan", "draft"}, {"book", "advice"}};

  void make_rule(int number) {
    const auto pack = std::size_t(size_.only_law ? draw_.any(0, 1) : draw_.any(0, 9) < 6 ? draw_.any(0, 1) : draw_.any(2, 4));
    const std::string name = "r" + std::to_string(1000 + number), id = std::string(kPacks[pack].id) + "/" + name;
    const bool is_advice = pack == 4;
    auto& yaml = yaml_[pack];
    const auto line = [&](const std::string& rule, const std::string& fields) { yaml += "  - {id: " + rule + ", cite: c, says: s, mark: [GEN], " + fields + "}\n"; };
    switch (draw_.any(0, 5)) {
      case 0: case 1: case 2: {
        const int shape = draw_.any(0, int(shapes_.size()) - 1);
        const auto event = any_event();
        const auto within = draw_.any(1, size_.most_within);
        line(name, std::string("modality: ") + (is_advice ? "should" : "must") + ", act: " + acts_of({shape}) + ", due: {within: " + hours(within) + ", after: " + event + "}");
        if (is_advice) return;
        const auto who = member(id, kPacks[pack].force);
        if (const auto at = events_.at(event)) duties_.push_back({who, shape, *at, *at + within * kHour});  // else it waits, and wants nothing
        return;
      }
      case 3: case 4: {
        Limit limit{-1, any_shapes(), {}, {}, {}};
        std::string fields = std::string("modality: ") + (is_advice ? "should-not" : "must-not") + ", act: " + acts_of(limit.shapes);
        if (draw_.one_in(4)) {
          fields += ", during: [national_event.start, national_event.end]";
          limit.ways = {{{instant(*events_.at("national_event.start")), act(0), 1}}, {{act(0), instant(*events_.at("national_event.end")), 0}}};
        } else if (!draw_.one_in(size_.one_endless_ban_in)) {
          const auto event = any_event();
          fields += ", until: " + event;
          if (const auto at = events_.at(event)) limit.ways.push_back({{act(0), instant(*at), 0}});  // else it never ends
        }
        std::string names;
        for (int i = draw_.one_in(3) ? draw_.any(1, 2) : 0; i > 0 && !is_advice; --i) {
          Permission permission;
          permission.id = name + "-but" + std::to_string(i);
          std::string how;
          if (draw_.one_in(2)) {
            permission.step = any_step(limit.shapes, how);
            if (!permission.step) continue;
          } else {
            const auto event = any_event();
            const auto wait = draw_.any(1, 96);
            how = "wait: {within: " + hours(wait) + ", after: " + event + "}";
            permission.from = events_.at(event) ? *events_.at(event) + wait * kHour : kNotDone;
          }
          line(permission.id, "modality: may, act: " + acts_of(limit.shapes) + ", " + how);
          names += (names.empty() ? "" : ", ") + permission.id;
          limit.permissions.push_back(std::move(permission));
        }
        if (!names.empty()) fields += ", excepted_by: [" + names + "]";
        line(name, fields);
        if (is_advice) return;
        limit.who = member(id, kPacks[pack].force);
        limits_.push_back(std::move(limit));
        return;
      }
      default: {
        Limit limit{-1, any_shapes(), {}, {}, {}};
        std::string how;
        limit.step = any_step(limit.shapes, how);
        if (!limit.step || is_advice) return;
        line(name, "modality: precondition, act: " + acts_of(limit.shapes) + ", " + how);
        limit.who = member(id, kPacks[pack].force);
        limits_.push_back(std::move(limit));
      }
    }
  }

  void make_embargo() {
    const auto until = draw_.any(0, size_.most_hours) * kHour;
    embargo_ = R"("embargo": {"parties": ["v"], "until": ")" + written(until) + "\"";
    Limit limit{-1, {}, {{{act(0), instant(until), 0}}}, {}, {}};
    std::set<std::string> covers;
    if (draw_.one_in(2)) {
      for (int i = draw_.any(1, 4); i > 0; --i) covers.insert(kTold[draw_.any(0, int(std::size(kTold)) - 1)]);
      std::string list;
      for (const auto& one : covers) list += (list.empty() ? "\"" : ", \"") + one + "\"";
      embargo_ += ", \"covers\": [" + list + "]";
    }
    embargo_ += "}, ";
    for (std::size_t i = 0; i < shapes_.size(); ++i)
      if (covers.empty() || covers.contains(shapes_[i].to)) limit.shapes.insert(int(i));
    if (limit.shapes.empty()) return;
    limit.who = member("embargo", "embargo");
    limits_.push_back(std::move(limit));
  }

  // All that stands in the way of this act, if it is done.
  void restrict(int own, int shape, int depth) {
    const auto with = [&](std::vector<Way> ways) {
      for (auto& way : ways)
        for (auto& atom : way) {
          if (atom.what.act == 0) atom.what.act = own;
          if (atom.from.act == 0) atom.from.act = own;
        }
      return ways;
    };
    const Way not_done{{act(own), instant(kNotDone), 0}};
    for (const auto& limit : limits_) {
      if (!limit.shapes.contains(shape)) continue;
      auto ways = with(limit.ways);
      const auto after = [&](const Step& step) {
        const int first = add_act();
        ways.push_back({{act(own), act(first), step.wait}});
        restrict(first, step.shape, depth + 1);
      };
      for (const auto& permission : limit.permissions) {
        if (permission.from) ways.push_back({{act(own), instant(*permission.from), 0}});
        if (permission.step) after(*permission.step);
      }
      if (limit.step) after(*limit.step);
      ways.push_back(not_done);
      require(limit.who, std::move(ways));
    }
  }

  void write() {
    std::string ids;
    for (std::size_t i = 0; i < std::size(kPacks); ++i) {
      if (yaml_[i].empty()) continue;
      out_.packs.push_back("id: " + std::string(kPacks[i].id) + "\nedition: 2026-01-01\ntitle: T\njurisdiction: CN\nforce: " + kPacks[i].force + (i == 2 ? "\nowner: zdi" : "") + "\nstatus: s\nrules:\n" + yaml_[i]);
      ids += (ids.empty() ? "\"" : ", \"") + std::string(kPacks[i].id) + "\"";
    }
    std::string events = "\"vuln.aware\": \"" + written(0) + "\"";
    for (const auto& [name, at] : events_) events += ", \"" + name + "\": " + (at ? "\"" + written(*at) + "\"" : std::string("null"));
    std::string actions;  // in the plan or not, at whatever time: that changes no set
    for (std::size_t i = 0; i < shapes_.size() && !size_.only_law; ++i)
      if (draw_.one_in(4))
        actions += (actions.empty() ? "" : ", ") + (R"({"id": "a)" + std::to_string(i) + R"(", "actor": "v", "type": ")" + shapes_[i].type + R"(", "to": ")" + shapes_[i].to + R"(", "at": ")" + written(draw_.any(0, size_.most_hours) * kHour) + "\"}");
    out_.scenario = R"({"id": "drawn", "as_of": ")" + written(draw_.any(0, size_.most_hours) * kHour) + R"(", "regimes": [)" + ids + R"(], "parties": [{"id": "v", "role": "vendor", "established": "CN", "flags": ["zdi"]}], )" +
                    embargo_ + "\"events\": {" + events + "}, \"actions\": [" + actions + "]}";
  }

  Draw draw_;
  Size size_;
  DrawnCase out_;
  std::vector<Shape> shapes_;
  std::map<std::string, std::optional<std::int64_t>> events_;
  std::string yaml_[std::size(kPacks)], embargo_;
  std::vector<Duty> duties_;
  std::vector<Limit> limits_;
};

}  // namespace sluice::regimes::oracle
