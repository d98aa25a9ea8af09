/* tests/browser/browser.js: Debian's Chromium through playwright-core, and pages in it as
 * people have them: wide, on a phone, in the dark, on paper, without scripts. What a page
 * says on its console, and each request that leaves the report's folder, is kept. */
'use strict';
const fs = require('fs');
const path = require('path');
const { execFileSync } = require('child_process');

const modules = process.env.BROWSER_MODULES || path.join(__dirname, '../../build/browser/node_modules');
const { chromium } = require(path.join(modules, 'playwright-core'));
const axe = fs.readFileSync(path.join(modules, 'axe-core', 'axe.min.js'), 'utf8');

const LOOKS = {
    wide: { viewport: { width: 1280, height: 860 } },
    phone: { viewport: { width: 360, height: 740 } },
    dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
    'dark phone': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
    calm: { viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' },
    'no script': { viewport: { width: 1280, height: 860 }, javaScriptEnabled: false },
};

/* On a busy machine now and then one ends as it starts: three are tried. */
async function launch(tries) {
    try {
        return await chromium.launch({
            executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
            /* As root there is no sandbox; the pages are our own. */
            args: process.getuid() === 0 ? ['--no-sandbox'] : [],
        });
    } catch (e) {
        if (tries <= 1) throw e;
        return launch(tries - 1);
    }
}

class Browser {
    static async start() {
        const self = new Browser();

        self.chromium = await launch(3);
        return self;
    }

    /* A page of a folder, loaded; page.said is what should be empty. */
    async open(dir, name, look = 'wide') {
        const context = await this.chromium.newContext({ ...LOOKS[look], acceptDownloads: true, locale: 'de-DE', timezoneId: 'Asia/Tokyo' });
        const page = await context.newPage();
        const home = 'file://' + path.resolve(dir) + '/';

        page.said = [];
        page.on('console', (m) => { if (m.type() !== 'log') page.said.push(m.type() + ': ' + m.text()); });
        page.on('pageerror', (e) => page.said.push('error: ' + e.message));
        page.on('dialog', (d) => { page.said.push('a dialog: ' + d.message()); d.dismiss(); });
        page.on('request', (r) => {
            if (!r.url().startsWith(home) && !/^(data|blob):/.test(r.url()))
                page.said.push('a request off the folder: ' + r.url());
        });
        await page.goto(home + name, { waitUntil: 'load' });
        if (/^items\b/.test(name) && look !== 'no script')
            await page.waitForFunction(() => document.documentElement.dataset.ready || !document.getElementById('data'), null, { timeout: 20000 });
        return page;
    }

    async close() { await this.chromium.close(); }
}

const done = (page) => page.context().close();

/* What axe finds, a line a rule and place. */
async function axeFinds(page) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));

    return violations.flatMap((v) => v.nodes.slice(0, 3).map((n) =>
        v.id + ' (' + v.nodes.length + '): ' + n.html.slice(0, 140).replace(/\s+/g, ' ') + ' -- ' + n.failureSummary.split('\n').slice(1, 3).join('; ').trim()));
}

/* The pages of a PDF as text, by poppler's pdftotext. */
async function printed(page, file) {
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await page.pdf({ path: file, preferCSSPageSize: true, printBackground: false });
    await page.emulateMedia({ media: 'screen' });
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 28 });

    return text.split('\f').slice(0, -1);
}

module.exports = { Browser, LOOKS, axeFinds, printed, done };
