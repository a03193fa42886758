import { Html } from './html.ts';

/** One sheet, inside the page: it shows even where nothing else can be fetched. Contrast of every pair is at least 4.5. */
export const STYLE = new Html(`
:root{color-scheme:light dark;--ink:#161616;--paper:#fff;--quiet:#4a4a4a;--line:#c8c8c8;--link:#00398f}
@media (prefers-color-scheme:dark){:root{--ink:#f2f2f2;--paper:#161616;--quiet:#c2c2c2;--line:#4a4a4a;--link:#9dc1ff}}
body{margin:0 auto;max-width:46rem;padding:1rem;font:1.0625rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.3rem}h3{font-size:1.15rem;border-bottom:1px solid var(--line)}
h4{font-size:1.0625rem;margin:.25rem 0}h5{font-size:1rem;margin:.5rem 0 0}a{color:var(--link)}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}input,button{font:inherit;padding:.4rem .6rem}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
article{border-left:.5rem solid var(--line);padding:.25rem 0 .25rem .9rem;margin:1rem 0;overflow-wrap:anywhere}
article.EXTREME{border-color:#c00}article.SEVERE{border-color:#e06c00}article.MODERATE{border-color:#d9b800}article.MINOR{border-color:#2e8b3d}
p{margin:.4rem 0}.facts,footer{color:var(--quiet);font-size:.95rem}.stale,.seen{border:2px solid #c00;padding:.5rem}.seen{border-color:var(--line)}
`);
