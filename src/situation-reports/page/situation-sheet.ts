import { html } from '../../web/html.ts';

/**
 * The one sheet of the page of a situation report: for a screen, light or dark, and for one side of A4. `page-room.rules.ts`
 * counts with these sizes: 9 pt on 11 pt, margins of 10 mm, 102 pt of names.
 */
export const SITUATION_SHEET = html`
:root{color-scheme:light dark;--ink:#161616;--paper:#fff;--quiet:#4a4a4a;--line:#c8c8c8}
@media screen and (prefers-color-scheme:dark){:root{--ink:#f2f2f2;--paper:#161616;--quiet:#c2c2c2;--line:#4a4a4a}}
body{margin:0 auto;max-width:52rem;padding:1rem;font:1.0625rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.3;margin:.5rem 0}
h2{font-size:1.15rem;margin:1rem 0 .25rem;border-bottom:1px solid var(--line)}
p{margin:.25rem 0}
.band{border:2px solid;padding:.25rem .5rem;font-weight:700;text-align:center}
.facts,footer{color:var(--quiet)}
.words,dd{white-space:pre-line}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.5rem 0}
dt{font-weight:700}
dd{margin:0}
footer{margin-top:1rem;font-size:.875rem}
@media screen and (max-width:36rem){dl{display:block}dd{margin:0 0 .5rem}}
@page{size:A4;margin:10mm}
@media print{
:root{color-scheme:light;--ink:#000;--paper:#fff;--quiet:#000;--line:#000}
body{max-width:none;padding:0;font:9pt/11pt Arial,Helvetica,Liberation Sans,sans-serif}
h1{font-size:13pt;line-height:16pt;margin:0 0 2pt}
h2{font-size:10pt;line-height:13pt;margin:3pt 0 0;border-bottom:.5pt solid}
p{margin:0}
.band{border-width:1pt;padding:1pt;margin-bottom:3pt;font-size:11pt;line-height:13pt}
dl{grid-template-columns:102pt 1fr;gap:1.5pt 6pt;margin:2pt 0 0}
footer{margin-top:4pt;font-size:9pt}
}
`;
