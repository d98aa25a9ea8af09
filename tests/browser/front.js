/* tests/browser/front.js: the front page of a site of several folders: each entry has the numbers
 * of its own file, and no number stands outside an entry. */
'use strict';
const path = require('path');
const { axeFinds, done } = require('./browser');
const { Report } = require('./report');
const { data, links, horizontal } = require('./page');

/* A report without a summary of its own. */
function siteOf(dir) {
    return Object.assign(Object.create(Report.prototype), { dir: path.resolve(dir), anchors_: new Map(), labels_: [] });
}

async function checkNumbers(page, site, tell) {
    const parts = await page.$$eval('[data-from]', (list) => list.map((e) => e.dataset.from));
    const outside = await page.$$eval('data', (list) => list.filter((d) => !d.closest('[data-from]')).map((d) => d.outerHTML));

    tell('it has entries', parts.length ? [] : ['none']);
    tell('each number is that of an entry', outside);
    for (const from of parts) {
        site.summary = JSON.parse(site.text(from));
        const numbers = await data(page, site, '[data-from="' + from + '"]');

        tell('the ' + numbers.count + ' numbers of the entry are those of ' + from, numbers.count ? numbers.wrong : ['it has none']);
    }
}

async function checkFront(browser, dir, looks, teller) {
    const site = siteOf(dir);

    for (const look of looks) {
        const page = await browser.open(dir, 'index.html', look), tell = teller('a front page' + (look === 'wide' ? '' : ', ' + look));

        tell('it says nothing on the console and asks for nothing elsewhere', [...page.said]);
        if (look !== 'no script') tell('axe finds nothing', await axeFinds(page));
        tell('nothing is wider than the screen', await horizontal(page));
        if (look === 'wide') {
            await checkNumbers(page, site, tell);
            tell('every link leads somewhere', await links(page, site, 'index.html'));
        }
        await done(page);
    }
}

module.exports = { checkFront };
