/* tests/browser/page.js: what holds of every page of a report. Each check gives a list of
 * what is wrong; none is good. */
'use strict';
const path = require('path');
const { axeFinds, printed } = require('./browser');

/* Digits that are no number of an audit: names of things, and the level of an interval. */
const NAMES = [
    /\b95 %/g, /\bSHA-?256\b/gi, /\bsha256\b/g, /\bRFC \d+\b/g, /\bRFC3339\b/g, /\bUTF-8\b/g, /\b64 bits?\b/g,
    /\bISO 3166(-1)?\b/g, /\bHTTP(\/[\d.]+| [1-5]\d\d)\b/g, /\bDuckDB \d+\b/g, /\(\d{4}\)/g, /\b[1-5]xx\b/g, /\b8 to 13\b/g,
];

async function horizontal(page) {
    const over = await page.evaluate(() => {
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;

        if (wide <= 0)
            return null;
        const out = [...document.body.querySelectorAll('*')].filter((e) => {
            const box = e.getBoundingClientRect();

            return box.right > document.documentElement.clientWidth + 1 && box.width > 0 && !e.closest('.scroll, .frame');
        }).slice(0, 3).map((e) => e.outerHTML.slice(0, 100).replace(/\s+/g, ' '));

        return wide + ' px too wide: ' + out.join(' | ');
    });

    return over ? [over] : [];
}

/* A share as people say it: "1 in 7", "6 in 10". */
function readsAsRatio(text, value) {
    const m = text.match(/^([\d,]+) in ([\d,]+)$/);

    if (!m)
        return null;
    const [n, of] = m.slice(1).map((digits) => Number(digits.replaceAll(',', '')));

    return n === 1 ? Math.round(1 / value) === of : Math.round(value * of) === n;
}

/* Rounded as the text is: "14.3 %" is half of 0.1 % at most away from the value. */
function reads(text, value) {
    const m = text.trim().replaceAll(',', '').replaceAll('\u2212', '-').match(/^([<>~]?)\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*(%?)/);

    if (!m)
        return null;
    const [, sign, digits, percent] = m;
    const shown = Number(digits) / (percent ? 100 : 1);
    const decimals = (digits.split(/e/)[0].split('.')[1] || '').length - (digits.includes('e') ? Number(digits.split('e')[1]) : 0);
    const half = 0.5000001 * 10 ** -decimals / (percent ? 100 : 1) + 1e-6;

    if (sign === '<') return value < shown + 1e-9;
    if (sign === '>') return value > shown - 1e-9;
    return Math.abs(shown - value) <= half;
}

/* Every number on the page, or in the parts of it that a selector names, is the one in
 * summary.json, and reads like it. */
async function data(page, report, within = 'html') {
    const found = await page.$$eval(within + ' data', (list) => list.map((d) => ({ at: d.dataset.at, value: d.value, text: d.textContent })));
    const wrong = [];

    for (const d of found) {
        const want = d.at === undefined ? undefined : report.at(d.at);
        const what = JSON.stringify(d.text) + ' at ' + d.at;

        if (want === undefined) wrong.push(what + ': nothing stands there');
        else if (typeof want === 'number') {
            if (Math.abs(Number(d.value) - want) > 1e-6 * Math.max(1, Math.abs(want)))
                wrong.push(what + ': the value is ' + d.value + ', summary.json has ' + want);
            else if ((readsAsRatio(d.text, want) ?? reads(d.text, want)) === false)
                wrong.push(what + ': summary.json has ' + want);
        } else if (String(want) !== d.value)
            wrong.push(what + ': the value is ' + d.value + ', summary.json has ' + JSON.stringify(want));
    }
    /* Sentences that summary.json has as well. */
    const texts = await page.$$eval(within + ' [data-at]:not(data)', (list) => list.map((e) => ({ at: e.dataset.at, text: e.textContent })));

    for (const t of texts)
        if (report.at(t.at) !== t.text)
            wrong.push(JSON.stringify(t.text.slice(0, 80)) + ' at ' + t.at + ': summary.json has ' + JSON.stringify(report.at(t.at)));
    return { wrong, count: found.length };
}

/* Digits in text that is no datum, link, code, time or id, nor came so from outside. */
async function digits(page) {
    const texts = await page.evaluate(() => {
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];

        for (let node; (node = walk.nextNode());)
            if (/\d/.test(node.data) && !node.parentElement.closest('data, [data-at], [data-outside], [data-name], a, code, time, output, script, style, select, [role=gridcell], .id, .hidden'))
                out.push(node.data.trim().replace(/\s+/g, ' '));
        return out;
    });

    return texts.filter((text) => /\d/.test(NAMES.reduce((t, name) => t.replace(name, ''), text)))
        .map((text) => JSON.stringify(text.slice(0, 160)));
}

/* A fragment of items.html is what it shows, not an anchor (report/items.js). */
function itemsFragment(report, fragment) {
    const known = ['q', 'sort', 'state', 'bucket', 'meaning', 'reason', 'rule', 'basis', 'account', 'page_outcome', 'location_created'];

    if (fragment.includes('='))
        return [...new URLSearchParams(fragment).keys()].every((key) => known.includes(key));
    let node = report.summary.waterfall.items;

    for (const name of fragment.split('-'))
        node = node?.children?.[name];
    return fragment === 'items' || node !== undefined;
}

function caseFragment(report, fragment) {
    return /^\d+$/.test(fragment) && report.labels.some((row) => row.id === fragment);
}

async function links(page, report, name) {
    const hrefs = [...new Set(await page.$$eval('a[href], area[href]', (list) => list.map((a) => a.getAttribute('href'))))];
    const gone = new Set();
    const wrong = [];

    for (const href of hrefs) {
        const post = href.match(/^https:\/\/[^/]*tiktok\.com\/.*\/(\d{15,})/);

        if (post) {
            if (!gone.size) report.labels.filter((row) => /^(deleted|private)$/.test(row.label)).forEach((row) => gone.add(row.id));
            if (gone.has(post[1])) wrong.push(href + ': the live post of a deleted or private item');
            continue;
        }
        if (/^(https:|mailto:)/.test(href))
            continue;
        if (/^[a-z]+:/.test(href)) { wrong.push(href + ': neither a file nor https'); continue; }
        const [file, fragment] = href.split('#');
        const to = file ? path.posix.normalize(path.posix.join(path.posix.dirname(name), decodeURIComponent(file))) : name;

        if (to.startsWith('..') || !report.has(to)) { wrong.push(href + ': there is no such file'); continue; }
        if (!fragment || fragment === 'top')
            continue;
        if (report.anchors(to).has(decodeURIComponent(fragment)))
            continue;
        if (/^items[^/]*\.html$/.test(to) && itemsFragment(report, decodeURIComponent(fragment)))
            continue;
        if (/^cases\/index\.html$/.test(to) && caseFragment(report, fragment))
            continue;
        wrong.push(href + ': there is no such anchor');
    }
    return wrong;
}

/* Page numbers; no page that holds but a line or two. */
async function print(page, file) {
    const pages = await printed(page, file);
    const wrong = [];

    pages.forEach((text, k) => {
        const lines = text.split('\n').map((line) => line.trim()).filter(Boolean);
        const number = new RegExp('(^|[^\\d])' + (k + 1) + '\\s*(/|of|\u2215)\\s*' + pages.length + '([^\\d]|$)');

        if (!lines.some((line) => number.test(line)))
            wrong.push('page ' + (k + 1) + ' of ' + pages.length + ' has no number "' + (k + 1) + ' of ' + pages.length + '": its last line is ' + JSON.stringify((lines.at(-1) || '').slice(0, 80)));
        if (k > 0 && lines.length < 5)
            wrong.push('page ' + (k + 1) + ' of ' + pages.length + ' holds ' + lines.length + ' lines alone: ' + JSON.stringify(lines));
    });
    return wrong;
}

/* Runs the checks that suit a look; tell(name, list of what is wrong). */
async function checkPage(page, report, name, look, tell) {
    if (look !== 'no script')
        tell('axe finds nothing', await axeFinds(page));
    tell('nothing is wider than the screen', await horizontal(page));
    if (look === 'wide') {
        const numbers = await data(page, report);

        tell('its ' + numbers.count + ' numbers are those of summary.json', numbers.wrong);
        /* What a case file tells is of one item: labels.csv has it, not summary.json. */
        if (!name.startsWith('cases/'))
            tell('no digits stand outside a number, link, code or time', await digits(page));
        tell('every link leads somewhere', await links(page, report, name));
    }
    tell('it says nothing on the console and asks for nothing elsewhere', page.said);
}

module.exports = { checkPage, print, data, digits, links, horizontal };
