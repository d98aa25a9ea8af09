/* tests/browser/table.js: items.html as somebody works with it: keys, filters, search, order,
 * the address, what is saved; each against labels.csv. */
'use strict';
const fs = require('fs');
const { csvRows } = require('./report');
const { done } = require('./browser');

const ROWS_MAX = 200;
const number = (text) => Number(text.replaceAll(',', ''));

const seen = (page) => page.evaluate(() => {
    const frame = document.getElementById('frame'), edge = frame.getBoundingClientRect();
    const head = document.getElementById('head').getBoundingClientRect();
    const rows = [...document.querySelectorAll('#body [role=row]')];
    const box = (row) => row.getBoundingClientRect();

    return {
        nodes: rows.length,
        shown: Number(document.querySelector('#told output').textContent.replaceAll(',', '')),
        count: Number(frame.getAttribute('aria-rowcount')),
        active: frame.getAttribute('aria-activedescendant'),
        hash: location.hash,
        rows: rows.filter((row) => box(row).bottom > head.bottom + 1 && box(row).top < edge.bottom - 1).map((row) => ({
            id: row.querySelector('.c-id').textContent,
            index: Number(row.getAttribute('aria-rowindex')),
            active: row.id === frame.getAttribute('aria-activedescendant'),
            cells: Object.fromEntries([...row.children].map((c) => [c.className.split(' ')[0].slice(2), c.textContent])),
        })),
    };
});

/* Goes to an address behind "#" as a link does. */
async function go(page, fragment) {
    await page.evaluate((to) => { location.hash = to; }, fragment);
    await page.waitForTimeout(30);
}

async function press(page, key) {
    await page.locator('#frame').focus();
    await page.keyboard.press(key);
    await page.waitForTimeout(30);
}

const plain = (text) => text.replaceAll('_', ' ');

/* What a row shows is what labels.csv says of it. */
function rowIsWrong(row, want) {
    const cells = row.cells;

    if (!want) return 'labels.csv has no ' + row.id;
    const pairs = [
        [cells.created_at, want.created_at.slice(0, 10)], [cells.reason, plain(want.reason)],
        [cells.rule, want.rule.replace(/^'(?=[=+\-@])/, '')], [cells.api_asked.replaceAll(',', ''), want.api_asked],
        [cells.api_days, want.api_days], [cells.page_outcome, plain(want.page_outcome)], [cells.page_at, want.page_at.slice(0, 10)],
    ];
    const bad = pairs.find(([got, is]) => got !== is);

    return bad ? row.id + ': shows ' + JSON.stringify(bad[0]) + ', labels.csv has ' + JSON.stringify(bad[1]) : null;
}

async function checkTable(browser, report, file, tell) {
    const labels = report.labels, of = new Map(labels.map((row) => [row.id, row]));
    const page = await browser.open(report.dir, file);
    const equal = (name, got, want) => tell(name, got === want ? [] : ['expected ' + want + ', got ' + got]);
    let now = await seen(page);

    tell('the table shows every item', now.shown === labels.length && now.count === labels.length + 1
        ? [] : [labels.length + ' items, shown ' + now.shown + ', aria-rowcount ' + now.count]);
    tell('its first rows are those of labels.csv', now.rows.map((row, k) => (row.id !== labels[k].id ? 'row ' + k + ': ' + row.id : rowIsWrong(row, of.get(row.id)))).filter(Boolean));
    if (labels.length > 30) {
        await keys(page, labels, of, tell, equal);
        await filters(page, report, labels, tell, equal);
        await orders(page, of, tell);
        await searches(page, labels, equal);
        await saves(page, report, labels, tell);
    }
    now = await seen(page);
    tell('never more than ' + ROWS_MAX + ' rows are drawn', now.nodes <= ROWS_MAX ? [] : ['' + now.nodes]);
    tell('and nothing was said on the console', page.said);
    await done(page);
    await scriptless(browser, report, file, tell);
}

async function keys(page, labels, of, tell, equal) {
    const last = labels.length;

    await press(page, 'End');
    let now = await seen(page), at = now.rows.find((row) => row.active);
    equal('End goes to the last item', at && at.id + ' ' + at.index, labels[last - 1].id + ' ' + (last + 1));
    tell('whose rows are right as well', now.rows.map((row) => rowIsWrong(row, of.get(row.id))).filter(Boolean));
    await press(page, 'ArrowUp');
    at = (await seen(page)).rows.find((row) => row.active);
    equal('an arrow goes one up', at && at.index, last);
    await press(page, 'Home');
    at = (await seen(page)).rows.find((row) => row.active);
    equal('Home goes to the first', at && at.id + ' ' + at.index, labels[0].id + ' 2');
    await press(page, 'PageDown');
    await press(page, 'ArrowDown');
    now = await seen(page);
    at = now.rows.find((row) => row.active);
    tell('Page Down goes a screen down', at && at.index > 8 && at.id === labels[at.index - 2].id ? [] : [JSON.stringify(at)]);
    /* The middle, by the scroll bar: what is drawn there is what belongs there. */
    await page.evaluate(() => { const f = document.getElementById('frame'); f.scrollTop = f.scrollHeight / 2; });
    await page.waitForTimeout(300);
    now = await seen(page);
    tell('in the middle stand the rows of the middle', now.rows.length < 5 ? ['only ' + now.rows.length + ' rows']
        : now.rows.filter((row) => row.id !== labels[row.index - 2].id).map((row) => row.id)
            .concat(Math.abs(now.rows[0].index / last - 0.5) < 0.1 || last < 200 ? [] : ['the first is row ' + now.rows[0].index]));
}

const within = (path, node) => path === node || path.startsWith(node + '/');

async function filters(page, report, labels, tell, equal) {
    const wrong = [];
    const walk = async (node, path) => {
        if (path && node.count) {
            await go(page, path.replaceAll('/', '-'));
            const now = await seen(page);

            if (now.shown !== node.count || now.rows.some((row) => !within(labels.find((l) => l.id === row.id).bucket, path)))
                wrong.push('#' + path.replaceAll('/', '-') + ': ' + now.shown + ' rows, the ledger has ' + node.count);
        }
        for (const [name, child] of Object.entries(node.children || {}))
            await walk(child, path ? path + '/' + name : name);
    };

    await walk(report.summary.waterfall.items, '');
    tell('the address of each node of the ledger shows its items', wrong);
    await go(page, '');
    for (const name of ['state', 'bucket', 'rule', 'basis']) {
        const options = await page.$$eval('#' + name + ' option', (list) => list.map((o) => [o.value, (o.textContent.match(/\(([\d,]+)\)/) || [])[1]]));
        const bad = options.filter(([value]) => value).filter(([value, n]) =>
            number(n) !== labels.filter((row) => (name === 'bucket' ? within(row.bucket, value) : row[name].replace(/^'(?=[=+\-@])/, '') === value)).length);

        tell('the counts beside each ' + name + ' are those of labels.csv', bad.map((one) => one.join(': ')));
    }
    const rule = await page.$eval('#rule option:last-child', (o) => o.value);

    await page.selectOption('#rule', rule);
    await page.waitForTimeout(50);
    const now = await seen(page), want = labels.filter((row) => row.rule.replace(/^'(?=[=+\-@])/, '') === rule).length;

    equal('choosing a rule shows its items', now.shown, want);
    equal('and the address says so', new URLSearchParams(now.hash.slice(1)).get('rule'), rule);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset.ready);
    equal('which brings them back when it is opened again', (await seen(page)).shown, want);
    await page.click('#clear');
    equal('Clear shows all', (await seen(page)).shown, labels.length);
}

async function orders(page, of, tell) {
    for (const [name, key] of [['created_at', (row) => row.created_at], ['api_asked', (row) => Number(row.api_asked)]]) {
        const button = page.locator('.head .c-' + name + ' button');
        const wrong = [];

        await button.click();
        await page.waitForTimeout(30);
        let rows = (await seen(page)).rows.map((row) => key(of.get(row.id)));
        if (rows.some((x, k) => k && x < rows[k - 1])) wrong.push('ascending: ' + rows.join(' '));
        await button.click();
        await page.waitForTimeout(30);
        rows = (await seen(page)).rows.map((row) => key(of.get(row.id)));
        if (rows.some((x, k) => k && x > rows[k - 1])) wrong.push('descending: ' + rows.join(' '));
        if (await page.getAttribute('.head .c-' + name, 'aria-sort') !== 'descending') wrong.push('aria-sort does not say so');
        tell('a click on the head orders by ' + name, wrong);
    }
    await page.click('#clear');
}

async function searches(page, labels, equal) {
    const one = labels[Math.floor(labels.length / 3)], two = labels[labels.length - 1];
    const type = async (text) => { await page.fill('#q', text); await page.waitForTimeout(250); return seen(page); };

    equal('an id is found', (await type(one.id)).rows.map((row) => row.id).join(), one.id);
    equal('and by its address', (await type('https://www.tiktok.com/@x/video/' + one.id + '?q=1')).rows.map((row) => row.id).join(), one.id);
    equal('two ids are found', (await type(one.id + ' ' + two.id)).shown, 2);
    equal('what nobody has is not', (await type('zzzzqq')).shown, 0);
    await page.click('#clear');
}

async function saves(page, report, labels, tell) {
    const node = labels.some((row) => within(row.bucket, 'missing/public')) ? 'missing/public' : 'retrieved';

    await go(page, node.replace('/', '-'));
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
    const text = fs.readFileSync(await download.path(), 'utf8');
    const rows = csvRows(text), want = labels.filter((row) => within(row.bucket, node));
    const same = ['id', 'created_at', 'state', 'label', 'reason', 'rule', 'basis', 'confirmed', 'api_asked', 'api_days', 'api_first_asked_at', 'api_last_asked_at',
        'page_outcome', 'page_status_code', 'page_status_msg', 'page_at', 'location_created', 'sound_days', 'later_refused_at', 'bucket'];
    const wrong = rows.length === want.length ? [] : [rows.length + ' rows, not ' + want.length];

    want.forEach((row, k) => same.forEach((name) => { if (rows[k] && rows[k][name] !== row[name]) wrong.push(row.id + ' ' + name + ': ' + rows[k][name] + ', labels.csv has ' + row[name]); }));
    tell('what is saved as ' + download.suggestedFilename() + ' is what labels.csv says', wrong.slice(0, 5));
    const handles = new Set(labels.map((row) => row.username).filter(Boolean));

    tell('and names nobody', rows.filter((row) => Object.values(row).some((cell) => handles.has(cell))).map((row) => row.id).slice(0, 3));
    await page.click('#clear');
}

async function scriptless(browser, report, file, tell) {
    const page = await browser.open(report.dir, file, 'no script');
    const seenLink = await page.locator('#plain a[href="labels.csv"]').isVisible();
    const hidden = await page.locator('#filters').isVisible();

    tell('without a script it leads to labels.csv', seenLink && !hidden ? [] : ['the link is ' + (seenLink ? '' : 'not ') + 'seen']);
    await done(page);
}

module.exports = { checkTable, seen, press, go };
