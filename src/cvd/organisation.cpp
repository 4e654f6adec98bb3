#include "cvd/organisation.h"

#include <algorithm>

namespace sluice::cvd {

namespace {
// A word of a vocabulary that is known elsewhere: its form alone is held here.
bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 60 && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}
Result<void> words_fit(const std::vector<std::string>& words, const std::string& where) {
  if (words.size() > 50) return fail(ErrorKind::Invalid, "At most 50.", where);
  for (std::size_t i = 0; i < words.size(); ++i)
    if (!is_word(words[i])) return fail(ErrorKind::Invalid, "Here is a word of small letters, digits and hyphens.", where + "/" + std::to_string(i));
  return {};
}
}  // namespace

bool is_place(std::string_view text) { return text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z'; }

Result<void> check(const PlacedAs& placed, const std::string& where) {
  if (placed.markets.size() > 300) return fail(ErrorKind::Invalid, "Those are more markets than there are.", where + "/markets");
  for (std::size_t i = 0; i < placed.markets.size(); ++i)
    if (!is_place(placed.markets[i])) return fail(ErrorKind::Invalid, "A market is two capital letters, such as EU.", where + "/markets/" + std::to_string(i));
  if (placed.kind && *placed.kind != "product" && *placed.kind != "service" && *placed.kind != "network") return fail(ErrorKind::Invalid, "The kind is product, service or network.", where + "/kind");
  return words_fit(placed.published, where + "/published");
}

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
  TRY(words_fit(profile.flags, "/flags"));
  TRY(words_fit(profile.not_flags, "/not_flags"));
  for (std::size_t i = 0; i < profile.not_flags.size(); ++i)
    if (std::find(profile.flags.begin(), profile.flags.end(), profile.not_flags[i]) != profile.flags.end()) return fail(ErrorKind::Invalid, "It can't both be this and not be it.", "/not_flags/" + std::to_string(i));
  if (profile.products) TRY(check(*profile.products, "/products"));
  if (profile.policy && profile.policy->vendor_answers_within && *profile.policy->vendor_answers_within <= Duration::zero())
    return fail(ErrorKind::Invalid, "A time to answer is longer than nothing.", "/policy/vendor_answers_within");
  if (profile.policy) {
    if (auto fits = check(profile.policy->embargo); !fits) return fail(fits.error().kind, fits.error().message, "/policy/embargo" + fits.error().where, fits.error().rule);
  }
  return {};
}

}  // namespace sluice::cvd
