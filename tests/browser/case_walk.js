/* tests/browser/case_walk.js: cases/index.html as somebody walks through it: a post by its
 * address, by its link, the one before, one that is not there, line by line as on a page of its own. */
'use strict';
const fs = require('fs');
const path = require('path');
const { done } = require('./browser');

const story = (page, root) => page.evaluate((at) => {
    const box = document.querySelector(at);

    return [...box.querySelectorAll('h1, h2, h3, p, dt, dd, time, li, th, td, code, caption')]
        .filter((e) => !e.closest('nav'))
        .map((e) => (/^H\d$/.test(e.tagName) ? 'H' : e.tagName) + ' ' + e.textContent.trim());
}, root);

const told = (page, id) => page.waitForFunction((id) => {
    const name = document.querySelector('#case .name');

    return name && name.textContent === 'Post ' + id;
}, id, { timeout: 20000 });

const same = (a, b) => a.length === b.length && a.every((line, k) => line === b[k]);

async function noForm(browser, report) {
    const page = await browser.open(report.dir, 'cases/index.html', 'no script');
    const shown = await page.isVisible('#find');

    await done(page);
    return shown ? ['it is shown'] : [];
}

async function checkCaseWalk(browser, report, tell) {
    const ids = report.labels.map((row) => row.id);
    const alone = report.pages().map((name) => /^cases\/(\d+)\.html$/.exec(name)?.[1]).filter(Boolean);
    const id = alone[0];
    const page = await browser.open(report.dir, 'cases/index.html' + (id ? '#' + id : ''));

    if (id) {
        await told(page, id);
        const still = await browser.open(report.dir, 'cases/' + id + '.html', 'no script');

        tell('a post by its address is told as on its own page', same(await story(page, '#case'), await story(still, 'main')) ? [] : [id]);
        await done(still);

        const other = ids.at(-1);

        await page.fill('#id', 'https://www.tiktok.com/@_/video/' + other + '?lang=en');
        await page.keyboard.press('Enter');
        await told(page, other);
        tell('a post by its link', page.url().endsWith('#' + other) ? [] : [page.url()]);
        if (ids.length > 1) {
            await page.click('#case nav a:has-text("Post before")');
            await told(page, ids.at(-2));
            await page.goBack();
            await told(page, other);
            tell('the post before, and back', []);
        }
        tell('markup of theirs stays text', await page.$$eval('#case img, #case script, #case svg, #case b', (l) => l.map((e) => e.outerHTML)));
    }
    await page.evaluate(() => { location.hash = '7000000000000000001'; });
    await page.waitForFunction(() => /no post/.test(document.getElementById('says').textContent), null, { timeout: 20000 });
    tell('no form that does nothing stands there without a script', await noForm(browser, report));
    tell('a post that is not there is said not to be', (await page.textContent('#case')) === '' ? [] : ['something is shown']);
    tell('nothing was said on the console', page.said);
    await done(page);

    const shards = fs.existsSync(path.join(report.dir, 'cases/shards')) ? fs.readdirSync(path.join(report.dir, 'cases/shards')).length : 0;

    tell('there is a shard for each 256 posts', shards === Math.ceil(ids.length / 256) ? [] : [shards + ' for ' + ids.length]);
}

module.exports = { checkCaseWalk };
