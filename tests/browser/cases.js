/* tests/browser/cases.js: the case file of an item of every bucket, as a row of the table opens
 * it, against labels.csv; and beside the page of its own where it has one. */
'use strict';
const { done } = require('./browser');
const { checkPage } = require('./page');

const OWN_MAX = process.env.BROWSER_WHOLE === 'yes' ? 1000 : 3;       // pages of their own that are opened
const words = (text) => text.replace(/\s+/g, ' ').trim();

/* The first and the last item of each bucket. */
function chosen(labels) {
    const of = new Map();

    for (const row of labels) {
        const ends = of.get(row.bucket);

        if (ends) ends[1] = row;
        else of.set(row.bucket, [row]);
    }
    return [...of.values()].flat();
}

async function show(page, id) {
    await page.evaluate((to) => { location.hash = to; }, id);
    await page.waitForFunction((want) => document.querySelector('#case')?.textContent.includes('Post ' + want), id, { timeout: 10000, polling: 30 });
    return words(await page.textContent('#case'));
}

function factsAreWrong(text, row) {
    const asked = text.match(/(\d+) times? on (\d+) days?/);
    const wrong = [];

    if (!text.includes(row.bucket)) wrong.push(row.id + ': does not say that it counts in ' + row.bucket);
    if (asked && (asked[1] !== row.api_asked || asked[2] !== row.api_days))
        wrong.push(row.id + ': asked ' + asked[0] + ', labels.csv has ' + row.api_asked + ' and ' + row.api_days);
    if (!asked && row.api_asked !== '0') wrong.push(row.id + ': does not say how often it was asked');
    if (row.rule && !text.includes(row.rule.replace(/^'(?=[=+\-@])/, ''))) wrong.push(row.id + ': does not name its rule, ' + row.rule);
    return wrong;
}

async function checkCases(browser, report, named, tell) {
    const page = await browser.open(report.dir, 'cases/index.html');
    const facts = [], people = [], live = [], other = [];
    let last = null, opened = 0;

    for (const row of chosen(report.labels)) {
        const text = await show(page, row.id);
        const links = await page.$$eval('#case a[href]', (list) => list.map((a) => a.href));
        /* Whose name stands in every address of a post is no private person. */
        const handle = row.username.replace(/^'(?=[=+\-@])/, '').replace(/^tiktok$/, '');

        facts.push(...factsAreWrong(text, row));
        if (!named && handle.length > 4 && new RegExp('@?\\b' + handle.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') + '\\b').test(text)) people.push(row.id + ': ' + handle);
        if (/^(deleted|private)$/.test(row.label) && links.some((href) => /tiktok\.com/.test(href))) live.push(row.id + ': ' + links.join(' '));
        if (report.has('cases/' + row.id + '.html') && opened++ < OWN_MAX) {
            const own = await browser.open(report.dir, 'cases/' + row.id + '.html');

            /* Shown by the script it has links to its neighbours below. */
            if (!text.startsWith(words(await own.textContent('main')))) other.push(row.id);
            await done(own);
        }
        last = row;
    }
    tell('the case file of an item of each bucket says what labels.csv says', facts);
    tell('none names a private person', people);
    tell('none leads to the live post of a deleted or private item', live);
    tell('a page of its own says the same', other);
    tell('and nothing was said on the console', page.said);
    await done(page);
    if (last)
        for (const look of ['wide', 'dark phone']) {
            const shown = await browser.open(report.dir, 'cases/index.html', look);

            await show(shown, last.id);
            await checkPage(shown, report, 'cases/index.html', look, (name, wrong) => tell('shown, ' + look + ': ' + name, wrong));
            await done(shown);
        }
}

module.exports = { checkCases };
