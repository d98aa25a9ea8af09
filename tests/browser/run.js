/* tests/browser/run.js NAME=DIR... --rows N DIR... --front DIR: looks at the reports in these folders as
 * people do, and prints TAP. NAME~=DIR is the short look, for a report that only differs in its
 * numbers; --rows: the table of so many made-up rows; --front DIR: the front page of a site of
 * several folders. BROWSER_WHOLE=yes: every page, every look. */
'use strict';
const path = require('path');
const { Browser, done } = require('./browser');
const { Report } = require('./report');
const { checkPage, print } = require('./page');
const { checkTable, seen, press } = require('./table');
const { checkCases } = require('./cases');
const { checkCaseWalk } = require('./case_walk');
const { checkFront } = require('./front');

const whole = process.env.BROWSER_WHOLE === 'yes';
const LOOKS = whole ? ['wide', 'phone', 'dark', 'dark phone', 'calm', 'no script'] : ['wide', 'dark phone'];
const scratch = process.env.TMPDIR || '/tmp';
let failed = 0;

function teller(prefix) {
    return (name, wrong) => {
        const ok = wrong.length === 0;

        console.log((ok ? 'ok' : 'not ok') + ' - browser: ' + prefix + ': ' + name);
        wrong.slice(0, 12).forEach((line) => console.log('# ' + String(line).replace(/\s+/g, ' ').slice(0, 400)));
        if (!ok) failed++;
    };
}

/* Pages of one kind (cases/ID.html) are alike: the first of each kind, or the first few; in a
 * short look the first screen and the table. */
function chosen(report, full) {
    const kinds = new Map();

    if (!full && !whole)
        return ['index.html', 'items.html'];
    return report.pages().filter((name) => {
        const kind = name.replace(/\d{6,}/g, 'N').replace(/-\d+\.html$/, '.html');

        kinds.set(kind, (kinds.get(kind) || 0) + 1);
        return kinds.get(kind) <= (whole ? 4 : 1);
    });
}

async function checkReport(browser, title, dir, full) {
    const report = new Report(dir);

    for (const name of chosen(report, full)) {
        for (const look of full ? LOOKS : ['wide']) {
            const page = await browser.open(dir, name, look);

            await checkPage(page, report, name, look, teller(title + ', ' + name + (look === 'wide' ? '' : ', ' + look)));
            await done(page);
        }
        if (full || whole) {
            const page = await browser.open(dir, name);

            teller(title + ', ' + name + ', on paper')('its pages are numbered and none is nearly empty', await print(page, path.join(scratch, 'printed.pdf')));
            await done(page);
        }
    }
    if (report.has('items.html'))
        await checkTable(browser, report, 'items.html', teller(title + ', items.html'));
    if (report.has('cases/index.html') && (full || whole || title.includes('hostile')))
        await checkCases(browser, report, title.includes('hostile'), teller(title + ', cases'));
    if (report.has('cases/index.html') && (full || whole))
        await checkCaseWalk(browser, report, teller(title + ', cases'));
}

/* A table of so many rows that nothing of it but its rows is there. */
async function checkRows(browser, n, dir) {
    const tell = teller(n + ' items');
    const report = { size: require('fs').statSync(path.join(dir, 'items.html')).size };
    const from = Date.now();
    const page = await browser.open(dir, 'items.html');
    const took = Date.now() - from;
    let now = await seen(page);

    if (n <= 100000) tell('the file is under 5 MB', report.size < 5e6 ? [] : [report.size + ' bytes']);
    tell('all are in the table', now.shown === n && now.nodes <= 200 ? [] : [now.shown + ' rows, ' + now.nodes + ' drawn']);
    console.log('# ' + n + ' items: ' + (report.size / 1e6).toFixed(1) + ' MB, opened in ' + took + ' ms');
    await press(page, 'End');
    now = await seen(page);
    let at = now.rows.find((row) => row.active);
    tell('End shows the last', at && at.index === n + 1 && now.rows.at(-1).index === n + 1 ? [] : [JSON.stringify(now.rows.at(-1))]);
    await press(page, 'PageUp');
    at = (await seen(page)).rows.find((row) => row.active);
    tell('Page Up from there is a screen up', at && at.index < n - 5 && at.index > n - 60 ? [] : [JSON.stringify(at)]);
    /* By the wheel no row is jumped over, however tall the table. */
    const before = (await seen(page)).rows.map((row) => row.index);
    await page.locator('#frame').hover();
    await page.mouse.wheel(0, -120);
    await page.waitForTimeout(400);
    const after = (await seen(page)).rows.map((row) => row.index);
    tell('the wheel moves a few rows', before[0] - after[0] >= 2 && before[0] - after[0] <= 6 ? [] : [before[0] + ' then ' + after[0]]);
    await page.evaluate(() => { const f = document.getElementById('frame'); f.scrollTop = f.scrollHeight / 4; });
    await page.waitForTimeout(400);
    now = await seen(page);
    tell('a quarter down the bar is a quarter of the rows', Math.abs(now.rows[0].index / n - 0.25) < 0.02 ? [] : ['row ' + now.rows[0].index]);
    await press(page, 'Home');
    now = await seen(page);
    tell('Home shows the first', now.rows[0]?.index === 2 ? [] : [JSON.stringify(now.rows[0])]);
    const sorted = Date.now();
    await page.locator('.head .c-account button').click();
    await page.waitForTimeout(1);
    await page.evaluate(() => 1);
    console.log('# ordered by account in ' + (Date.now() - sorted) + ' ms');
    tell('at most 200 rows are drawn', (await seen(page)).nodes <= 200 ? [] : ['more']);
    tell('nothing was said on the console', page.said);
    await done(page);
}

async function main(args) {
    const browser = await Browser.start();

    try {
        for (let k = 0; k < args.length; k++) {
            if (args[k] === '--rows') {
                await checkRows(browser, Number(args[k + 1]), args[k + 2]);
                k += 2;
                continue;
            }
            if (args[k] === '--front') {
                await checkFront(browser, args[++k], LOOKS, teller);
                continue;
            }
            const [, title, light, dir] = args[k].match(/^([^=~]*)(~?)=(.*)$/);

            await checkReport(browser, title, dir, !light);
        }
    } finally {
        await browser.close();
    }
}

main(process.argv.slice(2)).then(() => process.exit(failed ? 1 : 0), (why) => {
    console.log('not ok - browser: the browser ran to the end');
    console.log('# ' + String(why.stack || why).replace(/\n/g, '\n# '));
    process.exit(1);
});
