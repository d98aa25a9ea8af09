/* report/items.js: the table of all items. It stands in items.html, which allows it by its
 * digest, and loads nothing: the rows are packed in the page (report/items_data.c).
 *
 * Rows are drawn where the table is scrolled to, at most ROWS_MAX at a time. What is shown
 * (filters, search, order) stands in the address behind "#", so that it can be linked to:
 *     #missing-public              a node of the waterfall, its path with - for /
 *     #state=missing&rule=NAME     any of FILTERS, with q (search) and sort (NAME or -NAME) */
'use strict';

const ROWS_MAX = 160;               // row nodes in the page, whatever the screen
const TALL_MAX = 12000000;          // pixels; browsers cut what is taller than 17 to 33 million
const ROW_REM = { wide: 2, narrow: 4.75 };
const NARROW = '(max-width: 46rem)';

/* ---- the rows ---- */

const rows = { n: 0, of: {}, words: {} };       // of: a typed array a column; words: its texts

async function unpack(text) {
    const raw = Uint8Array.fromBase64
        ? Uint8Array.fromBase64(text)
        : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream('deflate'));

    return new Uint8Array(await new Response(stream).arrayBuffer());
}

/* A column is stored byte by byte, all lowest bytes first: that packs better. */
function column(bytes, at, n, width, delta) {
    const out = width <= 1 ? new Uint8Array(n) : width === 2 ? new Uint16Array(n) : new Uint32Array(n);

    for (let b = 0; b < width; b++)
        for (let i = 0, from = at + b * n; i < n; i++)
            out[i] |= bytes[from + i] << (8 * b);
    for (let i = 1; delta && i < n; i++)
        out[i] += out[i - 1];
    return out;
}

function read(bytes) {
    const long = new DataView(bytes.buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + long)));
    let at = 4 + long;

    rows.n = head.rows;
    for (const c of head.columns) {
        rows.of[c.name] = column(bytes, at, head.rows, c.bytes, c.delta);
        rows.words[c.name] = c.words || null;
        at += c.bytes * head.rows;
    }
    rows.looks = head.looks;
    rows.fewest = head.min_cell;
}

const word = (name, i) => rows.words[name][rows.of[name][i]];
const idText = (i) => ((BigInt(rows.of.id_high[i]) << 32n) | BigInt(rows.of.id_low[i])).toString();
const instant = (s) => (s ? new Date(s * 1000).toISOString().replace('.000', '') : '');
const day = (s) => instant(s).slice(0, 10);
const plain = (text) => text.replaceAll('_', ' ');
const counted = (n) => n.toLocaleString('en-US');
/* A count of posts; small ones may be kept back (--min-cell). */
const tallied = (n) => (n > 0 && n < rows.fewest ? 'under ' + rows.fewest : counted(n));
const stateOf = (bucket) => bucket.split('/')[0];

/* ---- the columns: what is shown, by what it is ordered, what is saved ---- */

const SHOWN = [
    { name: 'id', head: 'Post', fill: (cell, i) => link(cell, i) },
    { name: 'created_at', head: 'Made', fill: (cell, i) => date(cell, rows.of.created_at[i]) },
    { name: 'account', head: 'Account', fill: (cell, i) => whose(cell, i) },
    { name: 'bucket', head: 'What became of it', fill: (cell, i) => became(cell, i) },
    { name: 'reason', head: 'Reason', fill: (cell, i) => { cell.textContent = plain(word('reason', i)); } },
    { name: 'rule', head: 'Rule', fill: (cell, i) => code(cell, word('rule', i)) },
    { name: 'api_asked', head: 'Asked', number: true, fill: (cell, i) => { cell.textContent = counted(rows.of.api_asked[i]); } },
    { name: 'api_days', head: 'Days', number: true, fill: (cell, i) => { cell.textContent = counted(rows.of.api_days[i]); } },
    { name: 'page_outcome', head: 'Page', fill: (cell, i) => { cell.textContent = plain(word('page_outcome', i)); } },
    { name: 'page_at', head: 'Page read', fill: (cell, i) => date(cell, rows.of.page_at[i]) },
];

/* As in labels.csv, where these stand too; its handles are not known here. */
const SAVED = [
    ['id', idText],
    ['account', (i) => rows.of.account[i] || ''],
    ['account_shown', (i) => safe(word('name', i))],
    ['created_at', (i) => instant(rows.of.created_at[i])],
    ['state', (i) => stateOf(word('bucket', i))],
    ['bucket', (i) => word('bucket', i)],
    ['label', (i) => { const path = word('bucket', i).split('/'); return path[0] === 'missing' ? path[2] : ''; }],
    ['reason', (i) => word('reason', i)],
    ['rule', (i) => safe(word('rule', i))],
    ['basis', (i) => word('basis', i)],
    ['confirmed', (i) => word('confirmed', i)],
    ['api_asked', (i) => rows.of.api_asked[i]],
    ['api_days', (i) => rows.of.api_days[i]],
    ['api_first_asked_at', (i) => instant(rows.of.api_first_asked_at[i])],
    ['api_last_asked_at', (i) => instant(rows.of.api_last_asked_at[i])],
    ['sound_days', (i) => word('sound_days', i)],
    ['page_outcome', (i) => word('page_outcome', i)],
    ['page_status_code', (i) => word('page_status_code', i)],
    ['page_status_msg', (i) => safe(word('page_status_msg', i))],
    ['page_at', (i) => instant(rows.of.page_at[i])],
    ['location_created', (i) => safe(word('location_created', i))],
    ['later_refused_at', (i) => instant(rows.of.later_refused_at[i])],
];

function link(cell, i) {
    const id = idText(i), a = document.createElement(page.cases ? 'a' : 'code');

    a.textContent = id;
    if (page.cases) {
        a.href = page.cases + id;
        a.tabIndex = -1;
    }
    cell.replaceChildren(a);
}

function date(cell, seconds) {
    const time = document.createElement('time');

    time.dateTime = instant(seconds);
    time.textContent = day(seconds);
    cell.replaceChildren(...(seconds ? [time] : []));
}

function code(cell, text) {
    const box = document.createElement('code');

    box.textContent = text;
    cell.replaceChildren(...(text ? [box] : []));
    cell.title = text;
}

/* A click shows all posts of this account. */
function whose(cell, i) {
    const name = word('name', i), account = rows.of.account[i];
    const box = document.createElement(account ? 'a' : 'code');

    if (account) {
        box.href = '#account=' + account;
        box.tabIndex = -1;
        box.title = 'all posts of this account';
    }
    box.textContent = name || (account ? 'account ' + account : '');
    cell.replaceChildren(...(box.textContent ? [box] : []));
}

function became(cell, i) {
    const meaning = word('meaning', i), mark = document.createElement('span');

    mark.className = 'sw m-' + meaning;
    cell.replaceChildren(mark, rows.looks[meaning]);
    cell.title = word('bucket', i);
}

/* ---- which rows, and in what order ---- */

const FILTERS = ['state', 'bucket', 'meaning', 'reason', 'rule', 'basis', 'account', 'page_outcome', 'location_created'];
const CONTROLS = ['state', 'bucket', 'rule', 'basis', 'account'];
let want = { q: '', sort: '' };         // and a member for each filter that is set
let order = new Uint32Array(0);         // rows as they are shown

const within = (path, node) => path === node || path.startsWith(node + '/');

/* A row passes where the word that it has is marked: one look-up a row and filter. */
function marked(name, keep) {
    const list = rows.words[name], mark = new Uint8Array(list.length), of = rows.of[name];

    list.forEach((text, k) => { mark[k] = keep(text) ? 1 : 0; });
    return (i) => mark[of[i]] === 1;
}

function ofAccount(text) {
    const number = /^\d+$/.test(text) ? Number(text) : -1;
    const named = marked('name', (name) => name.toLowerCase() === text.toLowerCase());

    return (i) => (number > 0 && rows.of.account[i] === number) || named(i);
}

function filterOf(name, text) {
    switch (name) {
    case 'state': return marked('bucket', (path) => stateOf(path) === text);
    case 'bucket': return marked('bucket', (path) => within(path, text));
    case 'account': return ofAccount(text);
    default: return marked(name, (one) => one === text);
    }
}

/* Of several ids any, of other words all. An address of a post is its id. */
function search(text) {
    const terms = text.toLowerCase().split(/[\s,]+/).filter(Boolean)
        .map((term) => (term.match(/\/(?:video|photo)\/(\d+)/) || [null, term])[1]);

    if (terms.length && terms.every((term) => /^\d{15,}$/.test(term))) {
        const ids = new Set(terms);

        return [(i) => ids.has(idText(i))];
    }
    return terms.map((term) => {
        const looks = ['name', 'reason', 'rule', 'basis', 'bucket', 'location_created', 'page_status_msg', 'page_status_code']
            .map((name) => marked(name, (one) => one.toLowerCase().includes(term) || plain(one).includes(term)));
        const digits = /^\d{3,}$/.test(term);

        return (i) => looks.some((look) => look(i)) || (digits && idText(i).includes(term));
    });
}

/* What a row is ordered by, as a number; Infinity, which is last, where it has none. */
function keysOf(name) {
    const of = rows.of[name === 'account' ? 'name' : name], list = rows.words[name === 'account' ? 'name' : name];
    const keys = new Float64Array(rows.n);

    if (!of)
        return keys.map((_, i) => i);           // by id, as they come
    if (!list)
        return keys.map((_, i) => of[i] || Infinity);
    const sorted = list.map((text, k) => [text, k]);
    const rank = new Float64Array(list.length);

    if (name !== 'bucket')
        sorted.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    sorted.forEach(([text, k], at) => { rank[k] = text ? at : Infinity; });
    return keys.map((_, i) => rank[of[i]]);
}

function arrange() {
    const tests = FILTERS.filter((name) => want[name]).map((name) => filterOf(name, want[name])).concat(search(want.q));
    const kept = new Uint32Array(rows.n), down = want.sort.startsWith('-');
    let n = 0;

    for (let i = 0; i < rows.n; i++)
        if (tests.every((test) => test(i)))
            kept[n++] = i;
    order = kept.subarray(0, n);
    if (want.sort && want.sort !== 'id') {
        const keys = keysOf(down ? want.sort.slice(1) : want.sort);
        const last = (k) => (k === Infinity ? 1 : 0);

        order.sort((a, b) => last(keys[a]) - last(keys[b]) ||
            (keys[a] === keys[b] ? a - b : down ? keys[b] - keys[a] : keys[a] - keys[b]));
    }
}

/* ---- the address ---- */

const isNode = (path) => rows.words.bucket.some((leaf) => within(leaf, path));

function fromAddress() {
    const text = location.hash.slice(1), path = text.replaceAll('-', '/');
    const out = { q: '', sort: '' };

    if (!text.includes('=')) {
        if (isNode(path))
            out.bucket = path;
        return out;
    }
    for (const [name, value] of new URLSearchParams(text))
        if (name === 'q' || FILTERS.includes(name) ||
            (name === 'sort' && SHOWN.some((c) => c.name === value.replace(/^-/, ''))))
            out[name] = value;
    return out;
}

function toAddress() {
    const set = Object.entries(want).filter(([, value]) => value);
    const alone = set.length === 1 && set[0][0] === 'bucket';
    const text = alone ? set[0][1].replaceAll('/', '-') : new URLSearchParams(set).toString().replaceAll('%2F', '/');

    return location.href.split('#')[0] + (text ? '#' + text : '');
}

/* ---- the table as it is scrolled ---- */

const page = { cases: '' };             // its elements, by id, and where case files are
const view = { at: 0, seen: 0, active: -1, nodes: [] };       // at: pixels above the first line
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
const rowHeight = () => Math.round(rem() * (matchMedia(NARROW).matches ? ROW_REM.narrow : ROW_REM.wide));
const inner = () => Math.max(0, page.frame.clientHeight - page.head.offsetHeight);
const whole = () => order.length * rowHeight();
const most = () => Math.max(0, whole() - inner());
const tall = () => Math.min(whole(), TALL_MAX);
/* Pixels of the rows for one of the scroll bar; 1 until the rows are taller than a browser can show. */
const scale = () => (tall() > inner() ? most() / (tall() - inner()) : 1);

function rowNode() {
    const row = document.createElement('div');

    row.setAttribute('role', 'row');
    for (const [k, c] of SHOWN.entries()) {
        const cell = document.createElement('div');

        cell.setAttribute('role', 'gridcell');
        cell.setAttribute('aria-colindex', k + 1);
        cell.className = 'c-' + c.name + (c.number ? ' n' : '');
        row.append(cell);
    }
    return row;
}

function fill(row, place) {
    const i = order[place];

    if (row.item !== i) {
        SHOWN.forEach((c, k) => c.fill(row.children[k], i));
        row.item = i;
    }
    row.place = place;
    row.id = 'row-' + place;
    row.setAttribute('aria-rowindex', place + 2);
    row.setAttribute('aria-selected', place === view.active);
    row.classList.toggle('active', place === view.active);
    row.classList.toggle('odd', place % 2 === 1);
}

function draw() {
    const high = rowHeight(), first = Math.max(0, Math.floor(view.at / high) - 8);
    const n = Math.max(0, Math.min(order.length - first, Math.ceil(inner() / high) + 17, ROWS_MAX));

    while (view.nodes.length < n) {
        view.nodes.push(rowNode());
        page.body.append(view.nodes[view.nodes.length - 1]);
    }
    while (view.nodes.length > n)
        view.nodes.pop().remove();
    /* Beside where the bar is, so that no row stands millions of pixels down twice over. */
    const top = page.frame.scrollTop - view.at;

    view.nodes.forEach((row, k) => {
        fill(row, first + k);
        row.style.transform = 'translateY(' + (top + (first + k) * high) + 'px)';
    });
    const shown = view.active >= first && view.active < first + n;

    if (shown)
        page.frame.setAttribute('aria-activedescendant', 'row-' + view.active);
    else
        page.frame.removeAttribute('aria-activedescendant');
}

/* The bar stands where the rows are; the event that this causes finds nothing to do. */
function settle() {
    page.frame.scrollTop = view.at / scale();
    view.seen = page.frame.scrollTop;
    draw();
}

function show(at) {
    view.at = Math.min(Math.max(0, at), most());
    settle();
}

let resting = 0;
/* A short way is gone row by row, a long one in proportion. After a rest, and near an end,
 * the bar is put where it belongs. */
function scrolled() {
    const now = page.frame.scrollTop, way = now - view.seen, short = Math.abs(way) < 2 * inner();

    if (Math.abs(way) < 0.5)
        return draw();
    view.seen = now;
    view.at = Math.min(Math.max(0, scale() > 1 && short ? view.at + way : now * scale()), most());
    draw();
    clearTimeout(resting);
    if (scale() > 1)
        resting = setTimeout(settle, now < inner() || now > tall() - 2 * inner() ? 0 : 150);
}

function activate(place) {
    const high = rowHeight();

    view.active = Math.min(Math.max(0, place), order.length - 1);
    if (view.active < 0)
        return;
    if (view.active * high < view.at)
        show(view.active * high);
    else if ((view.active + 1) * high > view.at + inner())
        show((view.active + 1) * high - inner());
    else
        draw();
}

function key(event) {
    const step = Math.max(1, Math.floor(inner() / rowHeight()) - 1);
    const first = Math.ceil(view.at / rowHeight()), here = view.active < 0 ? first - 1 : view.active;
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + step, PageUp: here - step, Home: 0, End: order.length - 1 }[event.key];

    if (event.target !== page.frame || event.altKey || event.metaKey)
        return;
    if (event.key === 'Enter' && view.active >= 0 && page.cases)
        location.href = page.cases + idText(order[view.active]);
    else if (to !== undefined)
        activate(to);
    else
        return;
    event.preventDefault();
}

/* ---- what stands around it ---- */

/* Every node above the leaves, and the leaves; the tree as blanks before the name. */
function nodes() {
    const out = [];

    for (const leaf of rows.words.bucket) {
        const path = leaf.split('/');

        for (let k = 1; k <= path.length; k++)
            if (!out.includes(path.slice(0, k).join('/')))
                out.push(path.slice(0, k).join('/'));
    }
    return out;
}

function tally(name, keyOf) {
    const of = rows.of[name], each = new Float64Array(rows.words[name].length), out = new Map();

    for (let i = 0; i < rows.n; i++)
        each[of[i]]++;
    each.forEach((n, k) => {
        for (const one of keyOf(rows.words[name][k]))
            if (one && n)
                out.set(one, (out.get(one) || 0) + n);
    });
    return out;
}

function options(select, counts, names) {
    select.replaceChildren(new Option('any', ''));
    for (const name of names)
        if (counts.get(name)) {
            const text = name.split('/').map(plain).join(' / ');

            select.append(new Option(text + ' (' + tallied(counts.get(name)) + ')', name));
        }
    select.disabled = select.options.length === 1;
}

function choices() {
    const paths = (path) => path.split('/').map((_, k, all) => all.slice(0, k + 1).join('/'));
    const known = nodes();

    options(page.state, tally('bucket', (path) => [stateOf(path)]), known.filter((path) => !path.includes('/')));
    options(page.bucket, tally('bucket', paths), known);
    options(page.rule, tally('rule', (one) => [one]), [...rows.words.rule].sort());
    options(page.basis, tally('basis', (one) => [one]), rows.words.basis);
}

/* Filters without a control of their own, each with a button that takes it away. */
function chips() {
    page.chips.replaceChildren(...FILTERS.filter((name) => want[name] && !CONTROLS.includes(name)).map((name) => {
        const button = document.createElement('button');

        button.type = 'button';
        button.textContent = plain(name) + ': ' + plain(want[name]) + ' \u00d7';
        button.setAttribute('aria-label', 'take away the filter ' + plain(name) + ' ' + plain(want[name]));
        button.onclick = () => change({ [name]: '' });
        return button;
    }));
}

function controls() {
    if (page.q.value !== want.q)
        page.q.value = want.q;
    for (const name of CONTROLS) {
        const control = page[name], value = want[name] || '';

        if (control.options && ![...control.options].some((one) => one.value === value))
            control.append(new Option(plain(value) + ' (none)', value));
        if (control.value !== value)
            control.value = value;
    }
    for (const [k, c] of SHOWN.entries()) {
        const way = want.sort === c.name ? 'ascending' : want.sort === '-' + c.name ? 'descending' : 'none';

        page.head.firstElementChild.children[k].setAttribute('aria-sort', way);
    }
    chips();
}

function tell() {
    const n = document.createElement('output'), all = document.createElement('output');

    n.textContent = tallied(order.length);
    all.textContent = tallied(rows.n);
    page.told.replaceChildren(n, ' of ', all, rows.n === 1 ? ' post' : ' posts', order.length || !rows.n ? '' : ': none has all of this.');
    page.save.disabled = order.length === 0;
    page.clear.disabled = !Object.values(want).some(Boolean);
    page.frame.setAttribute('aria-rowcount', order.length + 1);
    page.body.style.height = tall() + 'px';
}

function apply() {
    arrange();
    controls();
    tell();
    view.active = -1;
    view.nodes.forEach((row) => { row.item = -1; });
    show(0);
}

function change(what) {
    want = { ...want, ...what };
    for (const name of FILTERS)
        if (!want[name])
            delete want[name];
    history.replaceState(null, '', toAddress());
    apply();
}

/* ---- these rows as a file ---- */

/* A spreadsheet runs a cell that begins with one of these as a formula. */
const safe = (text) => (/^[=+\-@\t\r\n]/.test(text) ? "'" + text : text);
const quoted = (cell) => (/[",\r\n]|^ | $/.test(cell) ? '"' + cell.replaceAll('"', '""') + '"' : cell);

function csv() {
    const parts = [SAVED.map(([name]) => name).join(',') + '\r\n'];

    for (const i of order)
        parts.push(SAVED.map(([, of]) => quoted(String(of(i)))).join(',') + '\r\n');
    return new Blob(parts, { type: 'text/csv' });
}

function save() {
    const a = document.createElement('a');
    const what = toAddress().split('#')[1] || 'all';

    a.href = URL.createObjectURL(csv());
    a.download = 'items-' + decodeURIComponent(what).replace(/[^\w.-]+/g, '-').slice(0, 80) + '.csv';
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}

/* ---- beginning ---- */

function heads() {
    const row = document.createElement('div');

    row.setAttribute('role', 'row');
    row.setAttribute('aria-rowindex', 1);
    for (const [k, c] of SHOWN.entries()) {
        const cell = document.createElement('div'), button = document.createElement('button');

        cell.setAttribute('role', 'columnheader');
        cell.setAttribute('aria-colindex', k + 1);
        cell.className = 'c-' + c.name + (c.number ? ' n' : '');
        button.type = 'button';
        button.textContent = c.head;
        button.onclick = () => change({ sort: want.sort === c.name ? '-' + c.name : want.sort === '-' + c.name ? '' : c.name });
        cell.append(button);
        row.append(cell);
    }
    page.head.replaceChildren(row);
    page.frame.setAttribute('aria-colcount', SHOWN.length);
}

function listen() {
    let typing = 0;
    const later = (change_) => { clearTimeout(typing); typing = setTimeout(change_, 150); };

    page.q.oninput = () => later(() => change({ q: page.q.value }));
    page.account.oninput = () => later(() => change({ account: page.account.value.trim() }));
    for (const name of ['state', 'bucket', 'rule', 'basis'])
        page[name].onchange = () => change({ [name]: page[name].value });
    page.filters.onsubmit = (event) => event.preventDefault();
    page.clear.onclick = () => { want = { q: '', sort: '' }; change({}); };
    page.save.onclick = save;
    page.frame.onscroll = scrolled;
    page.frame.onkeydown = key;
    page.frame.onfocus = () => { if (view.active < 0 && page.frame.matches(':focus-visible')) activate(Math.ceil(view.at / rowHeight())); };
    page.body.onclick = (event) => { const row = event.target.closest('[role=row]'); if (row) activate(row.place); };
    window.onhashchange = () => { want = fromAddress(); apply(); };
    window.onresize = () => { const first = view.at / view.high; view.high = rowHeight(); tell(); show(first * view.high); };
}

async function start() {
    const data = document.getElementById('data');

    if (!data)
        return;                          // a page without rows, which only lists others
    for (const node of document.querySelectorAll('[id]'))
        page[node.id] = node;
    page.cases = page.frame.dataset.cases;
    read(await unpack(data.textContent.trim()));
    data.remove();
    want = fromAddress();
    view.high = rowHeight();
    heads();
    choices();
    listen();
    page.plain.hidden = true;
    page.table.hidden = false;
    apply();
    document.documentElement.dataset.ready = 'yes';
}

document.addEventListener('DOMContentLoaded', () => {
    start().catch((why) => {
        document.getElementById('plain').append(' This browser cannot show the table here: ' + why.message + '.');
    });
});
