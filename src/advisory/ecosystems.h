// The package ecosystems that OSV knows (names of its schema 1.7, Apache-2.0) and whether their versions are SemVer.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::advisory {

constexpr auto kEcosystems = std::to_array<std::string_view>({
    "AlmaLinux", "Alpaquita", "Alpine", "Android", "Azure Linux", "BellSoft Hardened Containers", "Bioconductor", "Bitnami", "CRAN", "Chainguard", "CleanStart",
    "ConanCenter", "Debian", "Docker Hardened Images", "Echo", "FreeBSD", "GHC", "GIT", "GitHub Actions", "Go", "Hackage", "Hex", "Julia", "Kubernetes", "Linux",
    "Mageia", "Maven", "MinimOS", "NuGet", "OSS-Fuzz", "Packagist", "Photon OS", "Pub", "PyPI", "Red Hat", "Rocky Linux", "Root", "RubyGems", "SUSE", "SwiftURL",
    "TuxCare", "Ubuntu", "VSCode", "Wolfi", "crates.io", "npm", "opam", "openEuler", "openSUSE",
});

constexpr std::string_view base_ecosystem(std::string_view ecosystem) { return ecosystem.substr(0, ecosystem.find(':')); }  // "Debian:12" -> "Debian"

constexpr bool is_known_ecosystem(std::string_view ecosystem) {
  return std::find(kEcosystems.begin(), kEcosystems.end(), base_ecosystem(ecosystem)) != kEcosystems.end() && !ecosystem.ends_with(':');
}

constexpr bool is_semver_ecosystem(std::string_view ecosystem) {
  constexpr auto kSemver = std::to_array<std::string_view>({"Go", "Hex", "Julia", "Pub", "SwiftURL", "crates.io", "npm"});
  return std::find(kSemver.begin(), kSemver.end(), base_ecosystem(ecosystem)) != kSemver.end();
}

}  // namespace sluice::advisory
