/* tests/browser/report.js: a report's folder as a test reads it: summary.json, labels.csv,
 * the files and the anchors in them. */
'use strict';
const fs = require('fs');
const path = require('path');

/* RFC 4180, as objects by column. */
function csvRows(text) {
    const rows = [];
    let row = [], cell = '', quoted = false;

    for (let i = 0; i < text.length; i++) {
        const c = text[i];

        if (quoted && c === '"' && text[i + 1] === '"') { cell += '"'; i++; }
        else if (c === '"') quoted = !quoted;
        else if (!quoted && c === ',') { row.push(cell); cell = ''; }
        else if (!quoted && c === '\n') { row.push(cell.replace(/\r$/, '')); rows.push(row); row = []; cell = ''; }
        else cell += c;
    }
    const [names, ...rest] = rows;

    return rest.map((cells) => Object.fromEntries(names.map((name, k) => [name, cells[k]])));
}

class Report {
    constructor(dir) {
        this.dir = path.resolve(dir);
        this.summary = JSON.parse(this.text('summary.json'));
        this.anchors_ = new Map();
    }

    has(name) { return fs.existsSync(path.join(this.dir, name)); }
    text(name) { return fs.readFileSync(path.join(this.dir, name), 'utf8'); }
    size(name) { return fs.statSync(path.join(this.dir, name)).size; }
    get labels() { return (this.labels_ ||= csvRows(this.text('labels.csv'))); }

    /* The value behind a JSON pointer (RFC 6901); undefined where there is none. */
    at(pointer) {
        let here = this.summary;

        for (const step of pointer.split('/').slice(1)) {
            here = here?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
            if (here === undefined)
                return undefined;
        }
        return here;
    }

    /* Every page below the folder. */
    pages() {
        const out = [];
        const walk = (at) => {
            for (const e of fs.readdirSync(path.join(this.dir, at), { withFileTypes: true })) {
                const name = path.posix.join(at, e.name);

                if (e.isDirectory()) walk(name);
                else if (name.endsWith('.html')) out.push(name);
            }
        };

        walk('');
        return out.sort();
    }

    anchors(name) {
        if (!this.anchors_.has(name))
            this.anchors_.set(name, new Set([...this.text(name).matchAll(/\sid="([^"]*)"/g)].map((m) => m[1])));
        return this.anchors_.get(name);
    }
}

module.exports = { Report, csvRows };
