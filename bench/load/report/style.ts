/** The page's look, in light and dark. */
export const STYLE = `
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #16202e; --soft: #5d6b7e; --line: #e3e7ec; --band: #eef3fb;
  --c1: #2563eb; --c2: #db6a00; --c3: #0b8f6a; --c4: #b0307f; --c5: #6d5bd0;
  --good: #0b7a4b; --good-soft: #e3f6ec; --bad: #b3261e; --bad-soft: #fdeceb; }
@media (prefers-color-scheme: dark) { :root {
  --page: #0e131a; --card: #161d27; --ink: #e8edf4; --soft: #93a1b5; --line: #27313f;
  --band: #1b2635;
  --c1: #6aa5ff; --c2: #ffa24d; --c3: #3ecf9f; --c4: #f07ac0; --c5: #a99bff;
  --good: #54d69a; --good-soft: #12301f; --bad: #ff8a80; --bad-soft: #3a1a19; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums; }
main { max-width: 1120px; margin: 0 auto; padding: 36px 20px 60px; }
header { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center;
  justify-content: space-between; margin-bottom: 22px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0; letter-spacing: -0.02em; }
h1 small { display: block; font-size: 13px; font-weight: 600; letter-spacing: 0.08em;
  text-transform: uppercase; color: var(--soft); margin-bottom: 6px; }
h2 { font-size: 17px; margin: 34px 0 12px; letter-spacing: -0.01em; }
.verdict { padding: 9px 18px; border-radius: 999px; font-weight: 650; white-space: nowrap; }
.verdict.good, td.good { color: var(--good); } .verdict.good { background: var(--good-soft); }
.verdict.bad, td.bad { color: var(--bad); } .verdict.bad { background: var(--bad-soft); }
.lead { color: var(--soft); margin: 0 0 20px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; }
.card, .chart, .panel { background: var(--card); border: 1px solid var(--line);
  border-radius: 14px; }
.card { padding: 14px 16px 12px; }
.card b { display: block; font-size: 27px; font-weight: 680; line-height: 1.15;
  letter-spacing: -0.02em; }
.card b span { font-size: 15px; font-weight: 550; color: var(--soft); letter-spacing: 0;
  margin-left: 3px; }
.card i { display: block; font-style: normal; font-weight: 600; font-size: 13px;
  margin-bottom: 5px; }
.card small { color: var(--soft); font-size: 12.5px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr));
  gap: 14px; }
.chart { margin: 0; padding: 14px 14px 8px; position: relative; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline;
  padding: 0 4px 6px; }
.chart figcaption i { font-style: normal; color: var(--soft); font-size: 12.5px;
  margin-right: auto; }
.chart p { margin: 2px 4px 6px; color: var(--soft); font-size: 12.5px; }
.chart svg { display: block; width: 100%; height: auto; overflow: visible; }
.key { font-size: 12.5px; color: var(--soft); }
.key::before { content: ""; display: inline-block; width: 10px; height: 10px; border-radius: 3px;
  margin-right: 5px; background: var(--colour); }
.c1 { --colour: var(--c1); } .c2 { --colour: var(--c2); } .c3 { --colour: var(--c3); }
.c4 { --colour: var(--c4); } .c5 { --colour: var(--c5); }
.grid { stroke: var(--line); } .floor { stroke: var(--soft); }
.line { fill: none; stroke: var(--colour); stroke-width: 2; stroke-linejoin: round; }
.area { fill: var(--colour); opacity: 0.13; } .bar, .dot { fill: var(--colour); }
.bar { opacity: 0.85; } .bar:hover { opacity: 1; }
.band { fill: var(--band); } .band-label { fill: var(--soft); font-size: 10.5px; }
.mark { stroke: var(--ink); stroke-dasharray: 3 3; opacity: 0.55; }
.mark-label { fill: var(--ink); font-size: 11px; }
.tick { fill: var(--soft); font-size: 11px; }
text.end { text-anchor: end; } text.middle { text-anchor: middle; }
.panel { padding: 4px 18px; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: 8px 10px; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
th { color: var(--soft); font-weight: 550; font-size: 13px; }
th:first-child, td:first-child, td.text { text-align: left; padding-left: 0; }
td.text { white-space: normal; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr));
  gap: 14px; align-items: start; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 18px; margin: 12px 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
code { font: 13px/1.5 ui-monospace, monospace; }
pre { margin: 0 0 20px; padding: 11px 16px; background: var(--card); border: 1px solid var(--line);
  border-radius: 10px; overflow-x: auto; } pre::before { content: "$ "; color: var(--soft); }
.method { color: var(--soft); max-width: 76ch; } .method p { margin: 0 0 10px; }
.hair { position: absolute; width: 1px; background: var(--soft); opacity: 0.6;
  pointer-events: none; }
.tip { position: absolute; pointer-events: none; background: var(--ink); color: var(--page);
  padding: 6px 10px; border-radius: 8px; font-size: 12.5px; line-height: 1.45; white-space: nowrap;
  z-index: 1; transform: translateX(10px); }
.tip.left { transform: translateX(calc(-100% - 10px)); }
.tip span { display: block; } .tip b { font-weight: 600; }
[hidden] { display: none; }
@media print { body { background: none; } .card, .chart, .panel { break-inside: avoid; } }
`;
