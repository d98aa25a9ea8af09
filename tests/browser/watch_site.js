/* tests/browser/watch_site.js [--large DIR] DIR: looks at the site of a watch list as people do, and
 * prints TAP. Its numbers are those of data.json. --large: the first page alone, and how big. */
'use strict';
const path = require('path');
const { Browser, axeFinds, done } = require('./browser');
const { Report, csvRows } = require('./report');
const { data, links, horizontal } = require('./page');

const LOOKS = ['wide', 'phone', 'dark', 'no script'];
let failed = 0;

function tell(name, wrong) {
    console.log((wrong.length ? 'not ok' : 'ok') + ' - watch_site: ' + name);
    wrong.slice(0, 12).forEach((line) => console.log('# ' + String(line).replace(/\s+/g, ' ').slice(0, 400)));
    if (wrong.length) failed++;
}

function siteOf(dir) {
    const site = Object.create(Report.prototype);

    Object.assign(site, { dir: path.resolve(dir), anchors_: new Map(), labels_: [] });
    site.summary = JSON.parse(site.text('data.json'));
    return site;
}

async function checkPage(browser, site, dir, name, look) {
    const page = await browser.open(dir, name, look);
    const at = name.replace(/\d{15,}/, 'ID') + ', ' + look + ': ';

    /* Before axe, which loads the style sheet once more. */
    tell(at + 'it says nothing on the console and asks for nothing elsewhere', [...page.said]);
    if (look !== 'no script') tell(at + 'axe finds nothing', await axeFinds(page));
    tell(at + 'nothing is wider than the screen', await horizontal(page));
    if (look === 'wide') {
        const numbers = await data(page, site);

        tell(at + 'its numbers are those of data.json', numbers.wrong);
        tell(at + 'every link leads somewhere', await links(page, site, name));
    }
    await done(page);
}

/* What the drawing shows of each post and day, by the cursor, is what data.csv says. */
async function checkCursor(browser, site, dir) {
    const page = await browser.open(dir, 'index.html');
    const frame = page.locator('.matrix').first(), out = page.locator('.cursor').first();
    const words = { found: /^returned/, absent: /^not returned/, not_measured: /^not measured/ };
    const wrong = [];

    await frame.focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 12; step++) {
        const said = await out.textContent();
        const m = said.match(/^(\d{4}-\d\d-\d\d), post (\d+): (.*)$/);
        const row = m && csvRows(site.text('data.csv')).find((r) => r.date === m[1] && r.id === m[2]);

        if (!m) wrong.push('the cursor says ' + JSON.stringify(said));
        else if (!row ? m[3] !== 'nothing is on record' : !words[row.api].test(m[3]))
            wrong.push(said + ', and data.csv has ' + JSON.stringify(row));
        await page.keyboard.press(step % 3 === 2 ? 'ArrowDown' : 'ArrowRight');
    }
    tell('arrow keys lead from day to day, and say what data.csv says', wrong);
    await page.keyboard.press('Enter');
    await page.waitForURL(/item\/\d+\.html#d\d{4}-\d\d-\d\d$/);
    tell('Enter opens that day of that post', (await page.locator('tr.here').count()) === 1 ? [] : ['no row is marked']);
    await done(page);
}

/* Every day of every post has an address that leads to the row it is in. */
async function checkDays(browser, site, dir) {
    const item = site.summary.items.find((i) => i.days.length > 3);
    const wrong = [];

    for (const day of item.days.filter((d, k) => k % Math.ceil(item.days.length / 6) === 0)) {
        const page = await browser.open(dir, 'item/' + item.id + '.html#d' + day.date, 'no script');
        const shown = await page.locator('tr:has(:target), tr:target').count();

        if (shown !== 1) wrong.push(day.date + ' leads to ' + shown + ' rows');
        await done(page);
    }
    tell('each day can be linked to, without a script too', wrong);
}

async function checkStale(browser, dir) {
    const page = await browser.open(dir, 'index.html');
    const text = await page.locator('#fresh').textContent();

    tell('an old list says that it is', /nothing was measured for more than \d+ hours/.test(text) ? [] : [text]);
    await done(page);
}

async function checkLarge(browser, dir) {
    const site = siteOf(dir);
    const from = Date.now(), page = await browser.open(dir, 'index.html');
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);

    console.log('# ' + (site.size('index.html') / 1e3).toFixed(0) + ' kB, ' + nodes + ' nodes, opened in ' + (Date.now() - from) + ' ms');
    tell('a list of 500 posts over 1,000 days: index.html is under 1 MB', site.size('index.html') < 1e6 ? [] : [site.size('index.html')]);
    tell('and has fewer than 3,000 nodes', nodes < 3000 ? [] : [nodes]);
    await page.locator('.matrix').first().focus();
    await page.keyboard.press('ArrowLeft');
    const said = await page.locator('.cursor').first().textContent();
    tell('and its cursor works', /^\d{4}-\d\d-\d\d, post \d+: /.test(said) ? [] : [said]);
    tell('it says nothing on the console', page.said);
    await done(page);
}

async function main(args) {
    const browser = await Browser.start();

    try {
        if (args[0] === '--large') await checkLarge(browser, args[1]);
        if (args[0] === '--large') args = args.slice(2);
        const dir = args[0], site = siteOf(dir);
        const item = 'item/' + site.summary.items[0].id + '.html';

        for (const name of ['index.html', item]) for (const look of LOOKS) await checkPage(browser, site, dir, name, look);
        for (const name of ['list.html', 'events.html']) await checkPage(browser, site, dir, name, 'wide');
        await checkCursor(browser, site, dir);
        await checkDays(browser, site, dir);
        await checkStale(browser, dir);
    } finally {
        await browser.close();
    }
    process.exitCode = failed ? 1 : 0;
}

main(process.argv.slice(2)).catch((e) => { console.log('not ok - watch_site: ' + e.message.split('\n')[0]); process.exitCode = 1; });
