// The style of a printed aggregate report. Contrast of text on its ground is at least 4.5:1, of bars at least 3:1, in light, dark and print.
#include "formats/aggregate_report/page.h"

namespace sluice::formats::aggregate_report {

namespace {

constexpr std::string_view kReportStyle = R"css(
:root { color-scheme: light dark; --ground: #fff; --sunken: #eceeeb; --ink: #1c2326; --soft: #4d585d; --line: #c3c9c6; --edge: #6d787d; --link: #0a4c8a; --focus: #b34700; --now: #1f6f8b; --before: #6d787d; --missing: #9b5a00; }
@media (prefers-color-scheme: dark) { :root { --ground: #14191b; --sunken: #232b2e; --ink: #e6eaea; --soft: #aab4b7; --line: #3a4448; --edge: #84919a; --link: #9cc7f5; --focus: #ffb060; --now: #6cc4de; --before: #aab4b7; --missing: #edb35c; } }
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif; background: var(--ground); color: var(--ink); scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 60rem; overflow-wrap: break-word; }
h1, h2 { line-height: 1.25; text-wrap: balance; break-after: avoid; }
h1 { font-size: 1.7rem; margin: 0.25rem 0 0.75rem; }
h2 { font-size: 1.3rem; margin: 2.25rem 0 0.75rem; padding-top: 1rem; border-top: 2px solid var(--line); }
p, ul, dl { margin: 0 0 0.75rem; }
p, li, dd { max-width: 46rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.88em; overflow-wrap: anywhere; }
.quiet { color: var(--soft); font-size: 0.9rem; }
.skip { position: absolute; left: -100vw; top: 0; padding: 0.5rem 1rem; background: var(--ground); }
.skip:focus { left: 0; }
.tlp { font-weight: 700; margin: 0; }
.summary { white-space: pre-line; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
nav a { display: inline-block; padding: 0.25rem 0; }
.facts { display: grid; grid-template-columns: minmax(6rem, 9rem) 1fr; gap: 0.2rem 1rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; min-width: 0; }
.names { list-style: none; padding: 0; margin: 0; }
.short { border: 2px solid var(--edge); border-radius: 0.4rem; padding: 0.75rem 1rem; margin: 1rem 0; }
.short p { margin: 0; }
.short > p:first-child { font-size: 1.25rem; font-weight: 600; }
figure { margin: 0 0 1rem; break-inside: avoid-page; }
svg { display: block; overflow: hidden; font: 0.9rem system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
svg text { fill: var(--ink); }
svg .end { text-anchor: end; font-variant-numeric: tabular-nums; }
svg .ground { fill: var(--sunken); }
svg .now, .square rect { fill: var(--now); }
svg .before { fill: var(--before); }
svg .missing { fill: var(--missing); }
.square { display: inline-block; vertical-align: middle; }
.scroll { overflow-x: auto; margin-bottom: 0.75rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 0.9rem; padding-bottom: 0.35rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border: 1px solid var(--line); }
thead th { background: var(--sunken); font-size: 0.9rem; vertical-align: bottom; }
tbody th { font-weight: 600; hyphens: auto; min-width: 7rem; }
th p { margin: 0.25rem 0 0; font-weight: 400; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .n { white-space: normal; }
time { font-variant-numeric: tabular-nums; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.75rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.4rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 0.4rem; }
  th, td { padding: 0.3rem 0.4rem; }
}
@media print {
  @page { size: A4; margin: 15mm 14mm; }
  @page wide { size: A4 landscape; margin: 13mm 14mm; }
  .wide { page: wide; }
  :root { color-scheme: light; --ground: #fff; --sunken: #eee; --ink: #000; --soft: #333; --line: #999; --edge: #555; --link: #000; --now: #1f5f78; --before: #555; --missing: #7a4600; }
  html { font-size: 9.5pt; line-height: 1.4; }
  body { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  .scroll { overflow: visible; }
  h2 { margin-top: 1.5rem; }
  tr, li, .short { break-inside: avoid; }
  thead { display: table-header-group; }
}
@media (forced-colors: active) { svg .now, .square rect { fill: CanvasText; } svg .before, svg .missing { fill: GrayText; } .short { border-color: CanvasText; } }
)css";

}  // namespace

std::string_view style_of_report() { return kReportStyle; }

}  // namespace sluice::formats::aggregate_report
