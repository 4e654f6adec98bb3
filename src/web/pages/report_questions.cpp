#include "web/pages/report_questions.h"

#include "web/pages/layout.h"

namespace sluice::web::pages {

namespace {

constexpr std::array kChapters = {Chapter::Finding, Chapter::Danger, Chapter::WhoKnows, Chapter::Plans, Chapter::You};

std::string_view said(const std::map<std::string, std::string, std::less<>>& in, std::string_view name) {
  const auto found = in.find(name);
  return found == in.end() ? std::string_view() : std::string_view(found->second);
}

Html ask(const Question& q, const Answers& answers, const Wrong& wrong) {
  const Field base{.name = q.name, .label = q.label, .help = q.help, .kind = q.asks == Asks::Text ? Field::Kind::Text : q.asks == Asks::Instant ? Field::Kind::Instant : Field::Kind::Line, .required = q.required,
                   .value = said(answers, q.name), .error = said(wrong, q.name), .most = q.asks == Asks::Instant ? 0 : q.most, .complete = "off"};
  if (q.asks != Asks::YesNo) return field(base);
  static const Option kAnswers[] = {{"", "No answer"}, {"yes", "Yes"}, {"no", "No"}, {"unknown", "I don't know"}};
  return radios(base, kAnswers);
}

std::string shown(const Question& q, std::string_view answer) {
  if (q.asks == Asks::YesNo) return answer == "yes" ? "Yes" : answer == "no" ? "No" : "I don't know";
  if (q.asks == Asks::Instant)
    if (const auto instant = parse_instant(utc_text(answer))) return words_of_time(*instant);
  return std::string(answer);
}

}  // namespace

ReportRead read_report(const Answers& answers, Instant now) {
  ReportRead out;
  json::object object;
  for (const auto& q : kQuestions) {
    const auto answer = said(answers, q.name);
    if (answer.empty()) {
      if (q.required) out.wrong[std::string(q.name)] = "This can't be left empty.";
      if (q.required) object[q.name] = "";
      continue;
    }
    if (q.asks == Asks::Instant) {
      const auto instant = parse_instant(utc_text(answer));
      if (!instant) out.wrong[std::string(q.name)] = "Write a date and a time, such as 2021-12-20T12:00.";
      else if (*instant <= now) out.wrong[std::string(q.name)] = "This has to be in the future.";
      else object[q.name] = to_text(*instant);
      continue;
    }
    object[q.name] = answer;
  }
  auto content = from_json<cvd::ReportContent>(object);
  if (!content) {
    out.wrong.emplace(content.error().where.empty() ? "" : content.error().where.substr(1), content.error().message);
    return out;
  }
  if (const auto fits = cvd::check(*content); !fits && !fits.error().where.empty()) out.wrong.emplace(fits.error().where.substr(1), fits.error().message);
  out.content = *std::move(content);
  return out;
}

Html report_mistakes(const Wrong& wrong) {
  if (wrong.empty()) return {};
  Html items;
  const auto name_it = [&](std::string_view name, std::string_view anchor, std::string_view label) {
    if (const auto what = said(wrong, name); !what.empty()) items += el("li", link_here(anchor, label), " ", what);
  };
  name_it("", "to", "The report");
  name_it("to", "to", "Who shall receive it?");
  for (const auto& q : kQuestions) name_it(q.name, q.asks == Asks::YesNo ? std::string(q.name) + "-" : std::string(q.name), q.label);
  return notice(Tone::Alarm, wrong.size() == 1 ? "One answer needs another look" : "Some answers need another look", el("ul", items));
}

Html report_questions(const Answers& answers, const Wrong& wrong, const std::vector<Receiver>& receivers, bool has_account, std::span<const Option> classes) {
  Html inside;
  std::vector<Option> options;
  if (receivers.size() > 1) options.push_back({"", "Please choose"});
  for (const auto& r : receivers) options.push_back({r.id, r.name + " (" + r.kind + ")"});
  Html first = select({.name = "to", .label = "Who shall receive it?", .help = "The vendor, if it is here; else a coordinator, who finds the right people. Nobody but the one you choose gets it.", .required = true,
                       .value = said(answers, "to"), .error = said(wrong, "to")},
                      options);
  inside += section("receiver", "Who shall receive it", first);
  for (const auto chapter : kChapters) {
    Html questions;
    bool open = chapter == Chapter::Finding;
    if (chapter == Chapter::You)
      questions += has_account ? el("p", "You are signed in: the receiver sees that the report comes from your organisation.")
                               : el("p", "You need no name. We keep no address of yours, but your provider can see that you were here, and what you write may tell who you are. A code opens your mailbox here; nothing is sent to you.");
    for (const auto& q : kQuestions) {
      if (q.chapter != chapter) continue;
      questions += ask(q, answers, wrong);
      open = open || !said(answers, q.name).empty() || !said(wrong, q.name).empty();
    }
    if (chapter == Chapter::Finding) questions += content_classes(classes, "", said(answers, "classes"));
    const auto anchor = "chapter-" + std::to_string(static_cast<int>(chapter));
    inside += section(anchor, title_of(chapter), chapter == Chapter::Finding ? questions : more(chapter == Chapter::You ? "Open these questions (all optional)" : "Open these questions (all optional, each helps)", questions, open));
  }
  return inside;
}

Html report_review_of(const Answers& answers, const Receiver& receiver, const Html& what_next) {
  Html inside = notice(Tone::Held, "Only " + receiver.name + " will receive this", el("p", "Nothing has been sent yet. Please check whom it goes to, and what."));
  inside += section("next", "What happens next", what_next);
  Html answered;
  for (const auto chapter : kChapters) {
    Facts facts;
    for (const auto& q : kQuestions) {
      const auto answer = said(answers, q.name);
      if (q.chapter == chapter && !answer.empty()) facts.add(q.label, paragraphs(shown(q, answer)));
    }
    if (const auto html = facts.html(); !html.empty()) answered += all(el("h3", title_of(chapter)), html);
  }
  inside += section("answers", "What you wrote", answered);
  return inside;
}

}  // namespace sluice::web::pages
