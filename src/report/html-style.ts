import { colours } from "./colours.ts";

export const STYLE = `
:root{${colours("light")}}
@media(prefers-color-scheme:dark){:root:not(:has(#theme-light:checked)){${colours("dark")}}}
:root:has(#theme-dark:checked){${colours("dark")}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:16px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
a{color:var(--accent);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--ground);padding:4px 8px;z-index:2}
.page{display:grid;grid-template-columns:176px minmax(0,984px);gap:0 40px;justify-content:center;padding:0 24px 64px}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:36px 2px 16px;font-size:13px}
nav ol{list-style:none;margin:0 0 20px;padding:0 0 0 12px;border-left:1px solid var(--line)}
nav li a{display:block;padding:4px 0;color:var(--muted);text-decoration:none}
nav li a:hover{color:var(--accent);text-decoration:underline}
.controls{color:var(--muted);padding-left:12px}
.check{margin:12px 0 0}.check input{margin:0 4px 0 0;vertical-align:-2px;accent-color:var(--accent)}
fieldset{border:0;margin:0;padding:0}legend{padding:0;margin-bottom:4px}
.switch>input{position:absolute;opacity:0;pointer-events:none}
.switch>label{display:inline-block;padding:1px 8px;border:1px solid var(--line);font-size:12px;color:var(--muted);cursor:pointer;margin-right:-1px;background:var(--ground)}
.switch>input:checked+label{color:var(--ink);background:var(--panel);border-color:var(--muted);position:relative}
.switch>input:focus-visible+label{outline:2px solid var(--accent);outline-offset:1px;position:relative;z-index:1}
header{padding-top:32px}main .facts{max-width:none}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
.question{font-size:17px;margin:0 0 8px;max-width:72ch}
.facts{color:var(--muted);font-size:13px;margin:0}.facts span:not(:last-child)::after{content:" ·"}
a.number{color:inherit;text-decoration:underline dotted var(--muted) 1px;text-underline-offset:3px}a.number:hover{color:var(--accent);text-decoration-style:solid}tr:target{background:var(--panel);outline:2px solid var(--accent);outline-offset:-1px}tr:target>th{background:var(--panel)}
.section{border-top:1px solid var(--line);margin-top:28px;padding-top:4px}
summary{cursor:pointer}
.section>summary{list-style:none;padding:8px 0}.section>summary::-webkit-details-marker{display:none}
.section>summary h2{display:inline;font-size:20px;line-height:1.3;margin:0}
.section>summary::before{content:"▾";display:inline-block;width:20px;color:var(--muted)}
.section:not([open])>summary::before{content:"▸"}
main p,main li{max-width:72ch}main ul{padding-left:20px}main li{margin:4px 0}
main p.lead{font-size:19px;line-height:1.45;margin:8px 0 12px;max-width:none}
h3{font-size:16px;line-height:1.35;margin:0;max-width:72ch}
h4{font-size:13px;line-height:1.4;margin:0 0 2px;font-weight:600;overflow-wrap:anywhere}
figure{margin:24px 0 32px}
figcaption p{margin:2px 0 10px;color:var(--muted);font-size:13px;max-width:none}
.views>.view{display:none;margin-top:8px}.only>.view{display:block;margin-top:0}
.views>input:nth-of-type(1):checked~.view:nth-of-type(1),.views>input:nth-of-type(2):checked~.view:nth-of-type(2){display:block}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,var(--w)),1fr));gap:16px}
.panel svg:not(.swatch){display:block;width:100%;height:auto;font-size:12px;overflow:visible}
.panel{display:flex;flex-direction:column;justify-content:flex-end}.uneven>.panel{justify-content:flex-start}.panel:only-child{grid-column:1/-1}
.narrow{display:none}
.seeds_pathgroup{display:none}:root:has(#seeds:checked) .seeds_pathgroup{display:inline}
[data-frame]{position:relative}@media screen{.off{display:none}.panel [data-frame]>svg{margin-top:var(--cut,0)}.legend~.views :is(.legendlines_marks,.legendnames_marks){visibility:hidden}}
.legend{position:relative;z-index:1;display:flex;flex-wrap:wrap;gap:4px 6px;align-items:center;margin:0 0 10px;font-size:12px}
.legend button{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--line);border-radius:3px;padding:2px 8px;min-height:24px;cursor:pointer}.legend button:hover{border-color:var(--muted)}
.legend .swatch{margin-right:6px}.legend button[aria-pressed="false"]{color:var(--muted);text-decoration:line-through;border-style:dashed}.legend button[aria-pressed="false"] .swatch{opacity:.3}
.legend .hint{display:none;color:var(--muted)}.legend:has(:focus-visible) .hint{display:inline}
.said{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
.tip,.dot{position:absolute;pointer-events:none;z-index:1}
.tip{display:flex;gap:8px;padding:3px 8px;white-space:nowrap;font-size:12px;background:var(--panel);border:1px solid var(--muted);border-radius:3px;transform:translate(12px,-130%)}.tip.leftwards{transform:translate(calc(-100% - 12px),-130%)}.tip span{color:var(--muted)}
.dot{width:11px;height:11px;margin:-5.5px;border:2px solid var(--ground);border-radius:50%}
.links{font-size:13px;margin:6px 0 0}
.table{overflow-x:auto;margin:6px 0 20px}
table{border-collapse:collapse;font-size:14px;line-height:1.4}
main .caption{color:var(--muted);font-size:13px;margin:12px 0 0;max-width:110ch}
th,td{padding:5px 16px 5px 0;text-align:left;vertical-align:top}
tbody th{font-weight:400;white-space:nowrap;position:sticky;left:0;background:var(--ground)}
thead th{font-weight:600;font-size:13px;vertical-align:bottom;border-bottom:1px solid var(--muted);max-width:150px}
thead th:lang(zh){word-break:keep-all}
tbody tr{border-bottom:1px solid var(--line)}
.number{text-align:right}td.number{white-space:nowrap}
tbody td[title],tbody th[title]{cursor:help}
.short td{white-space:nowrap}
.swatch{margin-right:8px;vertical-align:0}
pre{background:var(--panel);border:1px solid var(--line);padding:12px;overflow-x:auto;font-size:13px;line-height:1.45}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em;overflow-wrap:anywhere}
.fold{margin:12px 0}.fold>summary{color:var(--accent);width:fit-content}
#setup td{overflow-wrap:anywhere}
@media(max-width:1000px){.page{display:block;padding:0 16px 48px}nav{position:static;max-height:none;padding:12px 0 0}nav ol{display:flex;overflow-x:auto;border:0;padding:8px 0;margin:0 0 8px;gap:0 16px;position:static}nav li a{white-space:nowrap}.controls{padding:0;display:flex;gap:16px;align-items:center}.controls legend{float:left;margin:0 8px 0 0}.check{margin:0}header{padding-top:16px}}
@media(max-width:640px){.wide{display:none}.narrow{display:block}h1{font-size:22px}p.lead{font-size:17px}th,td{padding-right:14px}tbody th{white-space:normal;min-width:104px}}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@page{size:A4;margin:14mm}
@media print{:root{${colours("light", "!important")}}.page{display:block;padding:0}a.number{text-decoration:none}nav,.links,.skip,.switch>label,.legend,.tip,.dot{display:none}body{font-size:11pt}
figure,.panel,tr{break-inside:avoid}h2,h3,figcaption,.caption,summary{break-after:avoid}summary+*{break-before:avoid}.section{margin-top:16px}details::details-content{content-visibility:visible;block-size:auto}.section>summary::before{content:none}.table{overflow:visible}table{font-size:9pt}th,td{padding-right:8px}thead th{font-size:8.5pt;max-width:88px}.wide{font-size:calc(9pt*var(--fit))}.wide thead th{font-size:calc(8.5pt*var(--fit))}.wide :is(th,td){white-space:normal;padding-right:calc(8px*var(--fit))}.panels{grid-template-columns:repeat(auto-fill,minmax(min(100%,calc(.72*var(--w))),1fr))}.short td:not(.number){white-space:normal}pre{white-space:pre-wrap}}
`.replaceAll("\n", "");
