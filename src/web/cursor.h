// Where the next page of a list begins: sealed, for one hour, for one viewer and one query (EXI-6). Whoever else sends it, or asks something else with it, or
// changes it, has sent nothing that opens.
#pragma once

#include "service/legal_clocks.h"
#include "web/app.h"

namespace sluice::web {

// `place` is what the list needs to go on after its last row.
std::string seal_cursor(App& app, const Request& request, json::object place);
// Of ?name=; nothing if the list begins at its beginning. Malformed if it is no cursor of this viewer for this query, or older than an hour.
Result<std::optional<json::object>> open_cursor(App& app, const Request& request, std::string_view name);

// Of lists of cases, which are in the order of rank and id.
std::string cases_from(App& app, const Request& request, const store::CaseCard& last);
Result<std::optional<std::pair<std::int64_t, CaseId>>> cases_after(App& app, const Request& request, std::string_view name);

// Of lists of duties, which are in the order of their instants.
std::string duties_from(App& app, const Request& request, const service::DutyPlace& last);
Result<std::optional<service::DutyPlace>> duties_after(App& app, const Request& request, std::string_view name);

// ?limit=, from 1 to 200 (API-5).
Result<int> page_limit(const Request& request);

}  // namespace sluice::web
