#include "cvd/measures.h"

#include <algorithm>

namespace sluice::cvd {

namespace {

// Of two letters at one instant the less wished-for comes first, so that a tie is never counted as skill.
constexpr Letter kAtOnce[] = {Letter::A, Letter::X, Letter::P, Letter::V, Letter::F, Letter::D};
int place_of(Letter letter) { return static_cast<int>(std::find(std::begin(kAtOnce), std::end(kAtOnce), letter) - std::begin(kAtOnce)); }

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) { return a && b ? std::min(*a, *b) : a ? a : b; }

// The vendor knows once it takes part, and no later than everybody (cvd-protocol: V and P).
std::optional<Instant> aware(const CaseFold& fold, const Product& product, std::optional<Instant> p, std::optional<Instant> f) {
  std::optional<Instant> at;
  if (product.vendor == fold.owner) {
    at = fold.opened;
  } else if (const auto* vendor = fold.participant(product.vendor); vendor != nullptr && vendor->report != ReportState::Start) {
    at = vendor->confirmed_at;
  }
  return earlier(earlier(at, p), f);
}

PairMeasured pair_of(const CaseFold& fold, const Vulnerability& vulnerability, const Product& product) {
  PairMeasured out{.vulnerability = vulnerability.id, .product = product.id, .vendor = product.vendor};
  std::optional<Instant> f, d;
  if (const auto found = fold.answers.find({vulnerability.id, product.id}); found != fold.answers.end())
    for (const auto& moved : found->second.history) {
      if (moved.reopened || !moved.step) continue;
      if (*moved.step >= RemedyStep::Validated) f = earlier(f, moved.at);
      if (*moved.step == RemedyStep::Deployed) d = earlier(d, moved.at);
    }
  const auto fact = [&](Letter letter) {
    const auto found = vulnerability.facts.find(letter);
    return found == vulnerability.facts.end() ? std::optional<Instant>{} : std::optional(found->second.occurred);
  };
  const auto v = aware(fold, product, fact(Letter::P), f);
  const std::pair<Letter, std::optional<Instant>> letters[] = {{Letter::V, v}, {Letter::F, f}, {Letter::D, d}, {Letter::P, fact(Letter::P)}, {Letter::X, fact(Letter::X)}, {Letter::A, fact(Letter::A)}};
  for (const auto& [letter, at] : letters)
    if (at) out.history.emplace_back(letter, *at);
  std::sort(out.history.begin(), out.history.end(), [](const auto& a, const auto& b) { return std::pair(a.second, place_of(a.first)) < std::pair(b.second, place_of(b.first)); });
  std::vector<Letter> order;
  for (const auto& [letter, at] : out.history) order.push_back(letter);
  for (std::size_t i = 0; i < kDesiderata.size(); ++i) out.desiderata[i] = fulfilment(kDesiderata[i], order);
  out.zero_days = zero_day_classes(order);
  if (v && f) out.to_fix = *f - *v;
  if (v && d) out.to_deploy = *d - *v;
  for (const auto& [id, group] : fold.groups)
    if (group.members.contains(product.vendor)) out.tier = out.tier ? std::min(*out.tier, group.order) : group.order;
  return out;
}

std::optional<EmbargoMeasured> embargo_of(const CaseFold& fold) {
  EmbargoMeasured out;
  bool any = false;
  for (const auto& terms : fold.terms) {
    if (!terms.settled_at || terms.state == Terms::State::Refused) continue;  // it never ran
    if (!any) out.began = *terms.settled_at, out.first_end = terms.until;
    else if (*terms.settled_at < out.began) out.began = *terms.settled_at, out.first_end = terms.until;
    out.changed += any;
    any = true;
  }
  if (!any) return std::nullopt;
  const Terms* last = nullptr;
  for (const auto& terms : fold.terms)
    if (terms.settled_at && terms.state != Terms::State::Refused && (last == nullptr || *terms.settled_at >= *last->settled_at)) last = &terms;
  out.last_end = last->until;
  out.ended = fold.embargo_ended_at;
  if (!out.ended) return out;
  // A fact that is adopted ends it in the same command, at the same instant.
  const auto adopted = [&](Letter letter) {
    return std::any_of(fold.vulnerabilities.begin(), fold.vulnerabilities.end(), [&](const Vulnerability& v) { return v.facts.contains(letter) && v.facts.at(letter).recorded == *out.ended; });
  };
  const bool released = std::any_of(fold.releases.begin(), fold.releases.end(), [&](const Release& release) { return release.released_at == out.ended; });
  out.fate = *out.ended >= out.last_end ? EmbargoFate::AtItsEnd
             : released                 ? EmbargoFate::WithRelease
             : adopted(Letter::A)       ? EmbargoFate::Attacks
             : adopted(Letter::X)       ? EmbargoFate::Exploit
             : adopted(Letter::P)       ? EmbargoFate::Public
                                        : EmbargoFate::Decided;
  return out;
}

}  // namespace

std::string PairMeasured::letters() const {
  std::string out;
  for (const auto& [letter, at] : history) out += character(letter);
  return out;
}

CaseMeasured measured(const CaseFold& fold, const FirstSteps& steps) {
  CaseMeasured out;
  for (const auto& vulnerability : fold.vulnerabilities)
    for (const auto& product : fold.products) {
      const auto found = fold.answers.find({vulnerability.id, product.id});
      if (found != fold.answers.end() && found->second.status == Status::NotAffected) continue;   // nothing to remedy: no history of a remedy
      out.pairs.push_back(pair_of(fold, vulnerability, product));
    }
  if (!fold.reports.empty()) {
    const auto& report = *std::min_element(fold.reports.begin(), fold.reports.end(), [](const auto& a, const auto& b) { return a.received < b.received; });
    std::optional<Instant> answered;
    if (const auto step = steps.stepped.find(report.to); step != steps.stepped.end()) answered = step->second;
    for (const auto& message : report.mailbox)
      if (!message.from_reporter) answered = earlier(answered, message.at);
    if (answered && *answered >= report.received) out.to_acknowledge = *answered - report.received;
    if (const auto valid = steps.validated.find(report.to); valid != steps.validated.end() && valid->second >= report.received) out.to_validate = valid->second - report.received;
  }
  out.embargo = embargo_of(fold);
  return out;
}

}  // namespace sluice::cvd
