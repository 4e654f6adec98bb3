#include "cvd/organisation.h"

namespace sluice::cvd {

Result<void> check(const OrganisationProfile& profile) {
  if (profile.name.empty() || profile.name.size() > 200) return fail(ErrorKind::Invalid, "An organisation has a name of at most 200 bytes.", "/name");
  const auto is_country = [](const std::string& text) { return text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z'; };
  if (profile.country && !is_country(*profile.country)) return fail(ErrorKind::Invalid, "A country is two capital letters, such as DE.", "/country", "ISO 3166-1 alpha-2");
  for (std::size_t i = 0; i < profile.jurisdictions.size(); ++i)
    if (!is_country(profile.jurisdictions[i])) return fail(ErrorKind::Invalid, "A jurisdiction is two capital letters, such as EU.", "/jurisdictions/" + std::to_string(i));
  for (std::size_t i = 0; i < profile.contacts.size(); ++i) {
    const auto& uri = profile.contacts[i].uri;
    // RFC 9116 §2.5.3: a contact is a URI; web URIs are https.
    if (!uri.starts_with("mailto:") && !uri.starts_with("https://") && !uri.starts_with("tel:"))
      return fail(ErrorKind::Invalid, "A contact is a mailto:, https: or tel: URI.", "/contacts/" + std::to_string(i) + "/uri", "RFC 9116 §2.5.3");
  }
  if (profile.policy && profile.policy->vendor_answers_within && *profile.policy->vendor_answers_within <= Duration::zero())
    return fail(ErrorKind::Invalid, "A time to answer is longer than nothing.", "/policy/vendor_answers_within");
  if (profile.policy) {
    if (auto fits = check(profile.policy->embargo); !fits) return fail(fits.error().kind, fits.error().message, "/policy/embargo" + fits.error().where, fits.error().rule);
  }
  return {};
}

}  // namespace sluice::cvd
