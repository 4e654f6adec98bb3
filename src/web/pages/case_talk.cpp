// What was said and handed over in a case: threads, reports with their mailboxes, files, and the timeline.
#include <algorithm>

#include "web/pages/case_scene.h"

namespace sluice::web::pages {

namespace {

using access::Action;
using access::Compartment;

Html message(const Scene& s, const cvd::Message& m) {
  const auto who = m.from_reporter ? std::string("The reporter") : s.name(m.by);
  const bool is_new = s.unread.messages.contains(m.id);
  Html head = all(el("strong", who), " ", time(m.at));
  if (is_new) head += all(" ", badge(Tone::Waiting, "new"));
  if (m.amended_at && !m.retracted_why) head += el("span", {cls("quiet")}, ", changed ", time(*m.amended_at));
  Html body = m.retracted_why ? el("div", {cls("quiet")}, el("p", "Taken back ", m.amended_at ? time(*m.amended_at) : Html(), ": ", prose(*m.retracted_why))) : el("div", paragraphs(m.text));
  if (!m.earlier.empty()) {
    Html before;
    for (const auto& text : m.earlier) before += el("li", paragraphs(text));
    body += more("What it said before", el("ol", before));
  }
  body += classes_shown(s, "message:" + m.id.text());
  return el("li", {cls(m.by && m.by == s.viewer.organisation ? "message mine" : "message"), id("m-" + m.id.text())}, el("p", {cls("by")}, head), body);
}

std::string beginning(const std::string& text) {
  constexpr std::size_t kMost = 40;
  auto end = std::min(text.size(), kMost);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not in the middle of a character
  return text.substr(0, end) + (end < text.size() ? "…" : "");
}

// Of the own organisation's messages in a thread: one form for all, or the page would carry two for each.
Html own_messages(const Scene& s, const cvd::Thread& thread) {
  std::vector<Option> own;
  for (auto m = thread.messages.rbegin(); m != thread.messages.rend() && own.size() < 20; ++m)
    if (m->by && m->by == s.viewer.organisation && !m->retracted_why)
      own.push_back({m->id.text(), words_of_time(m->at) + ": " + beginning(m->text)});
  if (own.empty()) return {};
  const auto scope = [&](std::string_view what) { return std::string(what) + thread.id.text(); };
  const auto may = possible(s, Action::PostMessage);
  const About about{{"thread", thread.id.text()}};
  const auto amend = [&] { return all(hidden("thread", thread.id.text()), el("p", "What it said before stays to be seen."), select({.name = "message", .label = "Which?", .required = true, .scope = scope("amend-")}, own), field({.name = "text", .label = "What it says from now on", .kind = Field::Kind::Text, .required = true, .most = 100'000, .scope = scope("amend-")})); };
  const auto retract = [&] { return all(hidden("thread", thread.id.text()), el("p", "Nobody is shown it any more. Who had it by then stays on record."), select({.name = "message", .label = "Which?", .required = true, .scope = scope("retract-")}, own), field({.name = "why", .label = "Why?", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = scope("retract-")})); };
  return all(big_form(s, may, "amend_message", "Change a message of yours", about, s.is_large(), amend, thread.audience), big_form(s, may, "retract_message", "Take a message of yours back", about, s.is_large(), retract, thread.audience));
}

Html yes_no(const std::optional<cvd::YesNo>& answer) { return answer ? Html(words_of(*answer)) : Html(); }
Html text(const std::optional<std::string>& answer) { return answer ? paragraphs(*answer) : Html(); }

Html content_of(const cvd::ReportContent& c) {
  Facts facts;
  facts.add("Product", c.product).add("Versions", text(c.versions)).add("Vendor", text(c.vendor)).add("Others who may have it", text(c.several_vendors)).add("Description", paragraphs(c.description));
  facts.add("How it was found", text(c.how_found)).add("Impact", text(c.impact)).add("Harm to people or infrastructure", text(c.safety_impact));
  facts.add("Publicly known", yes_no(c.public_)).add("Where", text(c.public_where)).add("Exploited", yes_no(c.exploited)).add("What was seen", text(c.exploited_how));
  facts.add("Vendor told", yes_no(c.contacted_vendor)).add("When", text(c.contact_when)).add("How", text(c.contact_how)).add("Their answer", text(c.contact_answer)).add("Why not", text(c.contact_why_not));
  facts.add("Own plans to publish", text(c.disclosure_plans)).add("Proposed end of an embargo", c.proposed_embargo_until ? time(*c.proposed_embargo_until) : Html());
  facts.add("Contact", text(c.contact)).add("Identity may be shared", yes_no(c.may_share_identity)).add("Credit", text(c.credit)).add("Reporter's own number", text(c.own_tracking_id));
  return facts.html();
}

// The circles that the viewer writes to; a report's mailbox holds no threads, but files.
std::vector<Option> circles(const Scene& s, bool with_mailboxes) {
  std::vector<Option> out;
  for (const auto& compartment : access::readable_compartments(s.viewer, s.standing, cvd::compartments_of(s.fold))) {
    using enum Compartment::Kind;
    switch (compartment.kind) {
      case Shared: out.push_back({"shared", "Shared: every confirmed participant"}); break;
      case Coordination: out.push_back({"coordination", "Coordination only"}); break;
      case Organisation: out.push_back({compartment.text(), compartment.organisation == s.viewer.organisation ? "Your organisation and the coordination" : s.name(compartment.organisation) + " and the coordination"}); break;
      case Report:
        if (with_mailboxes) out.push_back({compartment.text(), "The reporter and the coordination"});
        break;
      case Group:
        if (const auto group = s.fold.groups.find(*compartment.group); group != s.fold.groups.end()) out.push_back({compartment.text(), (group->second.name.empty() ? std::string("A group") : "The group " + group->second.name) + " and the coordination"});
        break;
    }
  }
  return out;
}

// A list to choose from where there are many.
Html who_sees(std::string scope, const std::vector<Option>& readers) {
  const Field field{.name = "audience", .label = "Who will see this?", .required = true, .scope = std::move(scope)};
  if (readers.size() <= 12) return radios(field, readers);
  std::vector<Option> options{{"", "Please choose"}};  // nobody is to be told by default
  options.insert(options.end(), readers.begin(), readers.end());
  return select(field, options);
}

Html passed_on(const Scene& s, const cvd::ReportCard& report) {
  if (report.routes.empty()) return {};
  Table table("Passed on", {"When", "To", "Because", "Taken up"});
  for (const auto& r : report.routes) table.row({time(r.at), s.name_in_book(r.to), all(words_of(r.reason), el("span", {cls("quiet block")}, prose(r.why))), r.taken_up ? time(*r.taken_up) : badge(Tone::Waiting, "asked, no answer since")});
  return table.html();
}

Html pass_on(const Scene& s, const cvd::ReportCard& report) {
  if (s.receivers.empty()) return {};
  std::vector<Option> reasons;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<cvd::RouteReason>>([&](auto d) {
    if (s.coordinates() || d.value == cvd::RouteReason::ReporterAsked) reasons.push_back({to_word(d.value), std::string(words_of(d.value))});
  });
  const auto scope = "route-" + report.id.text();
  return do_form(s, possible(s, Action::RouteReport), "route_report", s.coordinates() ? "Pass the report on" : "Ask for a coordinator",
                 all(hidden("report", report.id.text()), el("p", "It is invited, and reads nothing before it has agreed to the terms. The reporter is told."), select({.name = "to", .label = "To whom?", .required = true, .scope = scope}, s.receivers),
                     select({.name = "reason", .label = "For which reason?", .required = true, .scope = scope}, reasons),
                     field({.name = "why", .label = "In your words", .help = "Read by the reporter, and by the receiver before it has agreed to anything: name no details.", .kind = Field::Kind::Text, .required = true, .most = 4'000, .scope = scope})),
                 Compartment::of(report.id));
}

}  // namespace

Html threads_part(const Scene& s) {
  Html inside;
  for (const auto& thread : s.fold.threads) {
    Html messages;
    const auto anchor = "h-" + thread.id.text();
    const auto shown = messages_shown(s, thread);
    for (std::size_t i = shown.from; i < shown.to; ++i) messages += message(s, thread.messages[i]);
    const auto others = window_links(s, thread.id.text(), anchor, shown);
    Html body = all(audience(s, thread.audience), others, messages.empty() ? el("p", {cls("quiet")}, "Nobody has written yet.") : el("ol", {cls("messages"), attr("start", std::to_string(shown.from + 1))}, messages), shown.to < shown.of ? others : Html());
    body += do_form(s, possible(s, Action::PostMessage), "post_message", "Write in this thread", all(hidden("thread", thread.id.text()), field({.name = "text", .label = "Your message", .kind = Field::Kind::Text, .required = true, .most = 100'000, .scope = thread.id.text()}), classes_field(s, thread.id.text(), true)), thread.audience);
    const auto newest = thread.messages.empty() ? thread.opened : thread.messages.back().at;
    body += own_messages(s, thread);
    const auto fresh = std::find_if(s.unread.threads.begin(), s.unread.threads.end(), [&](const auto& one) { return one.thread == thread.id; });
    if (fresh != s.unread.threads.end()) {
      const auto first = static_cast<std::size_t>(std::find_if(thread.messages.begin(), thread.messages.end(), [&](const cvd::Message& m) { return s.unread.messages.contains(m.id); }) - thread.messages.begin());
      const auto words = std::to_string(fresh->messages) + " new: to the first";
      const auto place = "m-" + (first < thread.messages.size() ? thread.messages[first].id : fresh->first).text();
      const bool is_shown = first >= shown.from && first < shown.to;
      body = all(el("p", is_shown ? link_here(place, words) : link(here(s, {{"from." + thread.id.text(), std::to_string(first)}}).fragment(place), words)), body);
    }
    inside += el("article", {cls("card"), id(anchor)}, el("h3", thread.topic), el("p", {cls("quiet")}, std::to_string(thread.messages.size()), thread.messages.size() == 1 ? " message" : " messages", ", last ", time(newest)), body);
  }
  if (s.unread.count > 0 && !s.unread.threads.empty()) inside = all(el("p", link_here("h-" + s.unread.threads.front().thread.text(), "Jump to the first new messages")), inside);
  if (inside.empty()) inside = empty_state("No thread is open yet.", "A thread belongs to one circle of readers, named on it. Open one below.");
  const auto readers = circles(s, false);
  if (!readers.empty())
    inside += do_form(s, possible(s, Action::OpenThread), "open_thread", "Open a thread",
                      all(who_sees("", readers), field({.name = "topic", .label = "What is it about?", .required = true, .most = 300}), field({.name = "text", .label = "First message", .kind = Field::Kind::Text, .most = 100'000, .scope = "thread"}), classes_field(s, "thread-")), std::nullopt);
  return section("threads", "Talk", inside);
}

Html reports_part(const Scene& s) {
  Html inside;
  for (const auto& report : s.fold.reports) {
    const auto title = report.content ? report.content->title : std::string("A report");
    Html body = el("p", {cls("quiet")}, "Received ", time(report.received), report.anonymous ? Html(" without an account") : report.reporter ? all(" from ", s.name(report.reporter)) : Html());
    if (report.content) body += all(more("What the reporter wrote", content_of(*report.content)), classes_shown(s, "report:" + report.id.text()));
    Html messages;
    for (const auto& m : report.mailbox) messages += message(s, m);
    if (!messages.empty()) body += all(el("h4", "Mailbox"), el("ol", {cls("messages")}, messages));
    Scene about{s};
    about.standing.report = report.id;
    body += do_form(about, possible(about, Action::UseMailbox), "post_to_mailbox", "Write to the mailbox", all(hidden("report", report.id.text()), field({.name = "text", .label = "Your message", .kind = Field::Kind::Text, .required = true, .most = 100'000, .scope = report.id.text()}), classes_field(s, report.id.text(), true)), Compartment::of(report.id));
    if (!report.attempts.empty()) {
      Table table("Attempts to reach somebody", {"When", "Who tried", "Whom", "How", "Answer"});
      for (const auto& a : report.attempts) table.row({time(a.at), s.name(a.by), a.whom, a.how, a.answer ? Html(*a.answer) : badge(Tone::Waiting, "asked, no answer since")});
      body += table.html();
    }
    body += do_form(about, possible(about, Action::RecordContactAttempt), "record_contact_attempt", "Record an attempt to reach somebody",
                    all(hidden("report", report.id.text()), field({.name = "whom", .label = "Whom?", .required = true, .most = 500, .scope = report.id.text()}), field({.name = "how", .label = "How?", .required = true, .most = 500, .scope = report.id.text()}), field({.name = "answer", .label = "Answer", .help = "Empty: none yet.", .kind = Field::Kind::Text, .most = 4'000, .scope = report.id.text()})),
                    Compartment::coordination());
    body += all(passed_on(about, report), pass_on(about, report), duplicate_and_credit(about, report));
    inside += el("article", {cls("card")}, el("h3", title), body);
  }
  return inside.empty() ? Html() : section("reports", "Reports", inside);
}

Html files_part(const Scene& s) {
  Table table("Files of this case", {"Name", "Who sees it", "Size", "Added", "SHA-256"});
  for (const auto& file : s.fold.files)
    table.row({all(el("a", {href(path("/api/v1/cases") / s.fold.id.text() / "files" / file.id.text()), attr("download", "")}, file.name), classes_shown(s, "file:" + file.id.text())), audience(s, file.audience), words_of_size(file.size), time(file.added), el("code", {cls("hash")}, hex(file.hash))});
  Html inside = table.empty() ? empty_state("No file is here yet.", "A proof of concept, logs, a patch: each goes to one circle of readers.") : table.html();
  const auto may = possible(s, Action::AddFile);
  if (const auto readers = circles(s, true); may && !readers.empty())
    inside += more("Add files", file_form(path("/cases") / s.fold.id.text() / "files", s.frame.csrf,
                                          all(who_sees("file-", readers), field({.name = "files", .label = "Files", .help = "100 MiB at most in one go. They are only ever given out as downloads.", .kind = Field::Kind::File, .required = true, .scope = "new-"}),
                                              classes_field(s, "file-"), el("p", {cls("actions")}, submit("Add them")))));
  return section("files", "Files", inside);
}

namespace {
// What an entry is about, so far as this view of the case has it: the product, the flaw where there are several, the step or status.
std::string about_words(const Scene& s, const cvd::CaseFold::Line& line) {
  std::string out;
  const auto add = [&](std::string_view words) { out += (out.empty() ? "" : ", ") + std::string(words); };
  if (const auto* product = line.product ? s.fold.product(*line.product) : nullptr) add(product->name + (product->version ? " " + *product->version : ""));
  if (const auto* v = line.vulnerability && s.fold.vulnerabilities.size() > 1 ? s.fold.vulnerability(*line.vulnerability) : nullptr) add(v->identifier.value_or(v->title));
  if (line.step) add(said(*line.step).words);
  if (line.status) add(said(*line.status).words);
  return out;
}
}  // namespace

Html timeline_part(const Scene& s) {
  // One command writes an entry in each compartment; the reader sees it once.
  std::vector<const cvd::CaseFold::Line*> lines;
  std::set<std::tuple<std::optional<RequestId>, std::string_view, std::optional<VulnerabilityId>, std::optional<ProductId>>> seen;
  for (const auto& line : s.fold.timeline)
    if (!line.request || seen.insert({line.request, line.type, line.vulnerability, line.product}).second) lines.push_back(&line);
  std::stable_sort(lines.begin(), lines.end(), [](const auto* a, const auto* b) { return a->recorded < b->recorded; });
  Html items;
  const auto shown = window(s, "timeline", lines.size(), 50);
  for (auto i = shown.from; i < shown.to; ++i) {
    const auto& line = *lines[lines.size() - 1 - i];
    Html item = all(time(line.occurred), " ", el("strong", words_of_event(line.type)));
    if (const auto about = about_words(s, line); !about.empty()) item += all(": ", about);
    if (line.by) item += all(" by ", s.name(line.by));
    if (line.recorded != line.occurred) item += el("span", {cls("quiet")}, ", recorded ", time(line.recorded));
    // A receipt opens the whole entry, who wrote it included.
    if (s.coordinates() || !line.by || cvd::may_know_of(s.fold, s.standing, s.viewer.organisation, *line.by)) item += all(" ", el("a", {href(path("/api/v1/cases") / s.fold.id.text() / "entries" / line.entry.text() / "receipt"), attr("download", ""), cls("quiet")}, "receipt"));
    items += el("li", item);
  }
  if (items.empty()) return {};
  return section("timeline", "Timeline", all(el("p", {cls("quiet")}, "All in UTC, newest first. A receipt proves an entry without this site; it comes with the next tick of the ledger, within a minute."), el("ol", {cls("timeline")}, items), window_links(s, "timeline", "timeline", shown)));
}

}  // namespace sluice::web::pages
