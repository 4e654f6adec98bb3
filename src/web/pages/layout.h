// The frame round every page: head, header with navigation, the one h1, footer.
#pragma once

#include "web/pages/kit.h"
#include "web/pages/pages.h"

namespace sluice::web::pages {

enum class At { Nowhere, Home, Advisories, Report, Mailbox, Cases, Due, SignIn };

// All that the frame needs to know; a value, so that pages can be made without a server.
struct Frame {
  std::string site = "This site";   // the name of the site's own organisation
  bool demo = false;
  bool signed_in = false;
  std::string acting_for;           // the organisation's name
  bool administers = false;         // or audits: has a page for it
  std::string csrf;                 // of a browser with a session or an open mailbox
  std::string address;              // "https://cvd.example", without a slash at the end
};

struct PageOptions {
  At at = At::Nowhere;
  std::string language = "en";
  Html head = {};                   // more of <head>
  Html above = {};                  // between header and h1: a path back
  std::string_view width = {};      // "wide" for pages with tables
};

std::string page(const Frame& frame, std::string_view title, const Html& inside, const PageOptions& options = {});
Response html_page(const Frame& frame, std::string_view title, const Html& inside, const PageOptions& options = {}, int status = 200);

// With the queries it takes; where the site's own name can't be read the frame stands without it.
Frame frame_of(App& app, const Request& request);

// What a form field was given, without blanks around it; empty where it is absent.
std::string form_value(const Request& request, std::string_view name);

// Classes of content to choose from, as the packs have them; and the choice, folded: "classes.poc". None on a server without packs.
std::vector<Option> content_options(const App& app);
Html content_classes(std::span<const Option> options, std::string scope, std::string_view chosen = {});

// The key of a second factor in groups, and as an otpauth address; ten recovery codes, where the answer has them (sign_in.cpp).
Html secret_shown(std::string_view uri, std::string_view secret);
Html recovery_list(const json::object& answer);

// The string at `key`, by value: string_at() takes a json::value, and a view into a copy of an object would outlive it.
std::string text_at(const json::object& object, std::string_view key);

// What a date and time field sends ("2021-12-20T12:00", by its label in UTC) as an instant's text; other text stays as it is.
std::string utc_text(std::string_view local);
std::string local_text(Instant at);            // the way back
// An instant as evaluations write it, which leave out seconds that are none: "2026-12-02T05:30Z". Nothing: it is none.
std::optional<Instant> evaluated_instant(std::string_view text);

std::string cookie(std::string_view name, std::string_view value, bool tls, int max_age, std::string_view same_site);

// Files of assets/, built in: "sluice-1a2b3c4d5e6f.css".
struct Asset { std::string_view name, type, body; };
std::span<const Asset> all_assets();           // generated
const Asset* asset_called(std::string_view name);
// Files of the web client, built in: what ui/dist holds, packed by gzip but for its one page, which is "index.html". None where it wasn't built.
std::span<const Asset> client_files();         // generated
std::string_view stylesheet_name();
std::string_view proof_script_name();          // that solves a proof of work on the way to sending a report

}  // namespace sluice::web::pages
