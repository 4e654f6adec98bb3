// What a list of duties was asked for, as the API and the page read it from an address.
#pragma once

#include "service/legal_clocks.h"
#include "web/app.h"

namespace sluice::web::api {

// ?of=own|all and ?state=open,missed,waiting.
Result<service::DutiesAsked> duties_asked(const Request& request);

}  // namespace sluice::web::api
