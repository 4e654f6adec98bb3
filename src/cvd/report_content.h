// What a reporter tells: the questions experience has taught to ask (CERT Guide to CVD, reporting form; ISO/IEC 29147 9.3.2).
//
// Only title, description and product are required: a poor report is still a report, and validation is a later, separate step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bind.h"

namespace sluice::cvd {

enum class YesNo { Yes, No, Unknown };
BOOST_DESCRIBE_ENUM(YesNo, Yes, No, Unknown)

struct ReportContent {
  std::string title;
  std::string description;
  std::string product;                                // as the reporter names it; a purl is welcome
  std::optional<std::string> versions;
  std::optional<std::string> vendor;                  // who makes it, in the reporter's words
  std::optional<YesNo> contacted_vendor;
  std::optional<std::string> contact_when, contact_how, contact_answer, contact_why_not;
  std::optional<YesNo> public_;                       // is it publicly known?
  std::optional<std::string> public_where;
  std::optional<YesNo> exploited;
  std::optional<std::string> exploited_how;
  std::optional<std::string> disclosure_plans;
  std::optional<Instant> proposed_embargo_until;      // the reporter's own proposal of terms (protocol: RS with EP)
  std::optional<std::string> safety_impact;           // on people, infrastructure, the environment
  std::optional<std::string> impact;
  std::optional<std::string> how_found;
  std::optional<std::string> several_vendors;         // others who may be hit
  std::optional<std::string> contact;                 // how to reach the reporter, if the reporter wants that
  std::optional<YesNo> may_share_identity;
  std::optional<std::string> credit;                  // the name to thank in the advisory
  std::optional<std::string> own_tracking_id;
};
BOOST_DESCRIBE_STRUCT(ReportContent, (), (title, description, product, versions, vendor, contacted_vendor, contact_when, contact_how, contact_answer, contact_why_not, public_,
                                          public_where, exploited, exploited_how, disclosure_plans, proposed_embargo_until, safety_impact, impact, how_found, several_vendors,
                                          contact, may_share_identity, credit, own_tracking_id))

// Required fields are there and nothing is longer than a person writes.
Result<void> check(const ReportContent& content);

}  // namespace sluice::cvd
