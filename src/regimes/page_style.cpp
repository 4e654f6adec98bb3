// The style of a printed evaluation. Contrast of text on its ground is at least 4.5:1 in light, dark and print.
#include "regimes/page.h"

namespace sluice::regimes {

namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ground: #fff; --sunken: #f3f4f1; --ink: #1c2326; --soft: #4d585d; --line: #c3c9c6; --edge: #6d787d; --link: #0a4c8a; --focus: #b34700;
  --good: #1c6135; --good-ground: #e5f2e8; --waiting: #6b4a00; --waiting-ground: #fbf0d5; --held: #3d3a8c; --held-ground: #e9e8f8; --alarm: #9b1c1c; --alarm-ground: #fbe6e4; --plain: #1c2326; --plain-ground: #eceeeb; }
@media (prefers-color-scheme: dark) { :root { --ground: #14191b; --sunken: #1e2629; --ink: #e6eaea; --soft: #aab4b7; --line: #3a4448; --edge: #84919a; --link: #9cc7f5; --focus: #ffb060;
  --good: #8fd6a3; --good-ground: #173021; --waiting: #edc669; --waiting-ground: #33290d; --held: #b9b6f5; --held-ground: #25244a; --alarm: #ffa39b; --alarm-ground: #451a18; --plain: #e6eaea; --plain-ground: #262e31; } }
* { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif; background: var(--ground); color: var(--ink); scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 70rem; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; break-after: avoid; }
h1 { font-size: 1.7rem; margin: 0 0 0.25rem; }
h2 { font-size: 1.3rem; margin: 2.25rem 0 0.75rem; padding-top: 1rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.08rem; margin: 1.5rem 0 0.5rem; }
h4 { font-size: 1rem; margin: 1rem 0 0.25rem; }
p, ul, ol, dl { margin: 0 0 0.75rem; }
p, li, dd { max-width: 46rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
:target { outline: 2px solid var(--focus); outline-offset: 4px; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.88em; overflow-wrap: anywhere; }
.quiet { color: var(--soft); font-size: 0.9rem; }
.skip { position: absolute; left: -100vw; top: 0; padding: 0.5rem 1rem; background: var(--ground); }
.skip:focus { left: 0; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
nav a { display: inline-block; padding: 0.25rem 0; }
.short { border: 2px solid var(--edge); border-radius: 0.4rem; padding: 0.75rem 1rem; margin: 1rem 0; }
.short ul { margin: 0; padding-left: 1.2rem; }
.short li { margin-bottom: 0.25rem; }
.short > p:first-child { font-size: 1.1rem; font-weight: 600; margin-bottom: 0.5rem; }
.badge { display: inline-block; padding: 0 0.5rem; border: 1px solid currentColor; border-radius: 1rem; font-size: 0.88rem; line-height: 1.5; white-space: nowrap; font-weight: 600; }
.badge.light { border-style: dashed; font-weight: 400; }
.good { color: var(--good); background: var(--good-ground); }
.waiting { color: var(--waiting); background: var(--waiting-ground); }
.held { color: var(--held); background: var(--held-ground); }
.alarm { color: var(--alarm); background: var(--alarm-ground); }
.plain { color: var(--plain); background: var(--plain-ground); }
.doubt { color: var(--waiting); font-weight: 600; }
.doubt::before { content: "⚠ "; }
.scroll { overflow-x: auto; margin-bottom: 0.75rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 0.9rem; padding-bottom: 0.35rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.6rem; border: 1px solid var(--line); }
thead th { background: var(--sunken); font-size: 0.9rem; }
tbody th { font-weight: 600; }
td p, td ul { margin: 0 0 0.35rem; }
td > :last-child { margin-bottom: 0; }
.matrix td a { text-decoration: none; }
.matrix a:hover .badge { text-decoration: underline; }
.matrix td a { display: inline-block; margin: 0 0.25rem 0.25rem 0; }
.reason { border-left: 4px solid var(--line); padding: 0.1rem 0 0.1rem 0.9rem; margin: 0 0 1rem; break-inside: avoid; }
.reason.binds { border-left-color: var(--edge); }
.reason > p { margin-bottom: 0.25rem; }
.reason .says { font-size: 1.02rem; }
.facts { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; gap: 0.3rem 1rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; min-width: 0; }
.box { border: 1px solid var(--edge); border-radius: 0.4rem; padding: 0.75rem 1rem; margin-bottom: 1rem; break-inside: avoid; }
.box h3 { margin-top: 0; }
.box > :last-child { margin-bottom: 0; }
svg { display: block; width: 100%; min-width: 44rem; height: auto; font: 15px system-ui, "Noto Sans", sans-serif; }
svg .lane { fill: var(--soft); font-size: 13px; }
svg .rule { stroke: var(--line); fill: none; }
svg .now { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 5 4; fill: none; }
svg .mark circle, svg .mark rect, svg .mark path { fill: var(--ground); stroke: currentColor; stroke-width: 2; }
svg .mark, svg .bar { background: none; }
svg .mark text { fill: currentColor; font-size: 12px; font-weight: 600; }
svg .bar { stroke: currentColor; stroke-width: 4; fill: none; opacity: 0.55; }
.points li { margin-bottom: 0.15rem; }
time { font-variant-numeric: tabular-nums; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.75rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.4rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 0.4rem; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack, .stack tbody, .stack tr, .stack th, .stack td, .stack caption { display: block; width: 100%; }
  .stack tr { border: 1px solid var(--edge); border-radius: 0.4rem; margin-bottom: 0.75rem; }
  .stack th, .stack td { border: 0; border-bottom: 1px solid var(--line); }
  .stack tr > :last-child { border-bottom: 0; }
  .stack [data-column]::before { content: attr(data-column); display: block; color: var(--soft); font-size: 0.85rem; font-weight: 400; }
}
@media print {
  @page { size: A4; margin: 15mm 14mm; }
  @page wide { size: A4 landscape; margin: 13mm 14mm; }
  .wide { page: wide; }
  .wide table { table-layout: fixed; }
  .wide td { overflow-wrap: anywhere; hyphens: auto; }
  .matrix .badge { white-space: normal; }
  :root { color-scheme: light; --ground: #fff; --sunken: #f3f4f1; --ink: #000; --soft: #333; --line: #999; --edge: #555; --link: #000;
    --good: #14502a; --good-ground: #fff; --waiting: #5a3d00; --waiting-ground: #fff; --held: #2f2c78; --held-ground: #fff; --alarm: #8a1010; --alarm-ground: #fff; --plain: #000; --plain-ground: #fff; }
  html { font-size: 9.5pt; line-height: 1.4; }
  body { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  a { text-decoration: none; }
  .scroll { overflow: visible; }
  svg { min-width: 0; }
  h2 { margin-top: 1.5rem; }
  article + article { break-before: page; }
  tr, li, .short { break-inside: avoid; }
  thead { display: table-header-group; }
}
@media (forced-colors: active) { .badge, .short, .box { border-color: CanvasText; } }
)css";

}  // namespace

std::string_view style_of_page() { return kStyle; }

}  // namespace sluice::regimes
