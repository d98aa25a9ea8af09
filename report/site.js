/* report/site.js: what the site does where scripts run: a cursor in the drawing, by mouse and by
 * arrow keys; the way to a day that has no mark of its own; and the hour, which no file knows. */
'use strict';
(function () {
  const DAY = 86400000;
  const date = (day) => new Date(day * DAY).toISOString().slice(0, 10);

  /* The states of a row, from the drawing itself: [first x, end x, words]. */
  function rowsOf(svg, head, row) {
    const rows = new Map();
    const add = (y, x, w, is) => {
      const r = Math.floor((y - head) / row);
      if (!rows.has(r)) rows.set(r, []);
      rows.get(r).push([x, x + w, is]);
    };
    for (const g of svg.querySelectorAll('.s')) {
      const is = g.dataset.is;
      if (g.tagName === 'path') {
        for (const m of g.getAttribute('d').matchAll(/M(-?\d+) (\d+)h(\d+)/g)) add(+m[2], +m[1], +m[3], is);
      } else {
        for (const r of g.querySelectorAll('rect')) {
          add(+r.getAttribute('y'), +r.getAttribute('x'), +r.getAttribute('width'), is);
        }
      }
    }
    return rows;
  }

  function matrix(frame) {
    const svg = frame.querySelector('svg');
    const n = (name) => +frame.dataset[name];
    const first = n('day'), days = n('days'), wide = n('wide'), head = n('head'), row = n('row');
    const names = [...frame.querySelectorAll('.names a')];
    const count = Math.max(1, names.length);
    const out = frame.nextElementSibling;
    let rows, mark, at = null;

    frame.scrollLeft = frame.scrollWidth;
    function show(col, line, scroll) {
      rows = rows || rowsOf(svg, head, row);
      at = [Math.min(days - 1, Math.max(0, col)), Math.min(count - 1, Math.max(0, line))];
      const x = at[0] * wide, here = (rows.get(at[1]) || []).find((r) => r[0] <= x && x < r[1]);
      if (!mark) {
        mark = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
        mark.setAttribute('class', 'at');
        svg.append(mark);
      }
      mark.setAttribute('x', x);
      mark.setAttribute('y', head + at[1] * row);
      mark.setAttribute('width', Math.max(wide, 4));
      mark.setAttribute('height', row);
      out.textContent = date(first + at[0]) + (names.length ? ', post ' + names[at[1]].textContent : '') +
        ': ' + (here ? here[2] : 'nothing is on record');
      if (scroll) {
        const left = names.length ? names[0].parentNode.parentNode.offsetWidth : 0;
        const x0 = svg.offsetLeft || left, seen = frame.clientWidth - left;
        if (x + x0 - frame.scrollLeft > frame.clientWidth - 20 || x + x0 - frame.scrollLeft < left) {
          frame.scrollLeft = x + x0 - left - seen / 2;
        }
        const y = head + at[1] * row;
        if (y < frame.scrollTop || y + row > frame.scrollTop + frame.clientHeight) {
          frame.scrollTop = y - frame.clientHeight / 2;
        }
      }
    }
    function open() {
      const day = '#d' + date(first + at[0]);
      location.href = names.length ? names[at[1]].getAttribute('href') + day : day;
    }
    const of = (e) => {
      const box = svg.getBoundingClientRect();
      return [Math.floor((e.clientX - box.left) / wide), Math.floor((e.clientY - box.top - head) / row)];
    };
    svg.addEventListener('pointermove', (e) => show(...of(e), false));
    svg.addEventListener('click', (e) => { show(...of(e), false); open(); });
    frame.addEventListener('keydown', (e) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
        PageUp: [0, -10], PageDown: [0, 10], Home: [-days, 0], End: [days, 0] }[e.key];
      if (e.target !== frame || e.ctrlKey || e.altKey || e.metaKey) return;
      if (e.key === 'Enter' && at) { open(); return; }
      if (!step) return;
      e.preventDefault();
      if (at) show(at[0] + step[0], at[1] + step[1], true);
      else show(days - 1, 0, true);
    });
    frame.addEventListener('focus', () => { if (!at) show(days - 1, 0, true); });
  }

  /* #d2026-01-14: the row of the days around it, where the day has no mark. */
  function findDay() {
    const day = location.hash.slice(2);
    if (!/^#d\d{4}-\d\d-\d\d$/.test(location.hash)) return;
    for (const tr of document.querySelectorAll('tr.here')) tr.classList.remove('here');
    const target = document.getElementById('d' + day);
    const rows = [...document.querySelectorAll('tr[id^=d]')];
    const tr = target ? target.closest('tr') : rows.find((r) => r.id.slice(1) <= day);
    if (!tr) {
      const earlier = document.getElementById('earlier');
      if (earlier) earlier.scrollIntoView({ block: 'center' });
      return;
    }
    tr.classList.add('here');
    if (!target) tr.scrollIntoView({ block: 'center' });
  }

  /* Nothing was measured for too long: the page says so, whenever it was made. */
  function stale() {
    const last = +document.body.dataset.last, hours = +document.body.dataset.staleHours;
    const pill = document.getElementById('fresh');
    if (!pill || pill.classList.contains('w') || Date.now() / 1000 - last <= hours * 3600) return;
    pill.classList.add('w');
    pill.textContent += ': nothing was measured for more than ' + hours + ' hours';
  }

  for (const frame of document.querySelectorAll('.matrix')) matrix(frame);
  addEventListener('hashchange', findDay);
  findDay();
  stale();
}());
