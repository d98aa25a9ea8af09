/* report/cases.js: shows index.html#ID of cases/: finds the shard of a post, loads and unpacks it,
   and shows the post's story as report/cases.c shows one on a page of its own. */
'use strict';
var show;
document.addEventListener('DOMContentLoaded', function () {
  var data = JSON.parse(document.getElementById('data').textContent);
  var box = document.getElementById('case'), says = document.getElementById('says');
  var form = document.getElementById('find'), input = document.getElementById('id');
  var pages = document.getElementById('pages');
  var shards = {}, wanted = '', title = document.title;

  function add(parent, tag, text, name) {
    var node = document.createElement(tag);
    if (text) node.textContent = text;
    if (name) node.className = name;
    parent.appendChild(node);
    return node;
  }
  /* Ids are longer than a number keeps. */
  function before(a, b) {
    return a.length === b.length ? a < b : a.length < b.length;
  }
  function shardOf(id) {
    var low = 0, high = data.first.length, middle;
    while (low < high) {
      middle = (low + high) >> 1;
      if (before(id, data.first[middle])) high = middle; else low = middle + 1;
    }
    return low - 1;
  }

  /* ---- a story ---- */
  var put = {
    title: function (w, t) {
      var h1 = add(w.to, 'h2', 'Post ' + t[0], 'name'), p = add(w.to, 'p', '', 'verdict');
      h1.tabIndex = -1;
      add(p, 'span', '', 'sw m-' + t[1]);
      add(p, 'span', t[2]);
    },
    fact: function (w, t) {
      w.list = w.list || add(w.to, 'dl');
      add(w.list, 'dt', t[0]);
      return add(w.list, 'dd', t[1]);
    },
    link: function (w, t) {
      var a = add(put.fact(w, [t[0], '']), 'a', t[1]);
      if (/^https:\/\//.test(t[1])) a.href = t[1];
      a.rel = 'noreferrer noopener';
    },
    head: function (w, t) {
      w.section = add(w.to, 'section');
      w.events = w.rows = w.notes = null;
      add(w.section, 'h3', t[0]);
    },
    event: function (w, t) {
      var li, time;
      w.events = w.events || add(w.section, 'ol', '', 'events');
      li = add(w.events, 'li');
      time = add(li, 'time', t[0].replace('T', ' ').replace('Z', ' UTC'));
      time.dateTime = t[0];
      add(li, 'p', t[1]);
      w.notes = null;
    },
    place: function (w, t) {
      var p = add(w.events.lastChild, 'p', '', 'place');
      if (t[0]) add(p, 'code', t[0]);
      add(p, 'code', t[1]);
    },
    note: function (w, t) {
      w.notes = w.notes || add(w.events ? w.events.lastChild : w.section, 'ul', '', 'notes');
      add(w.notes, 'li', t[0]);
    },
    line: function (w, t) {
      add(w.section, 'p', t[0]);
      w.notes = null;
    },
    row: function (w, t) {
      var frame, table, row;
      if (!w.rows) {
        frame = add(w.section, 'div', '', 'scroll');
        frame.tabIndex = 0;
        frame.setAttribute('role', 'region');
        frame.setAttribute('aria-label', 'fields of both sides');
        table = add(frame, 'table');
        add(table, 'caption', 'Empty: that side does not show it.');
        row = add(add(table, 'thead'), 'tr');
        ['field', 'API', 'page'].forEach(function (name) { add(row, 'th', name).scope = 'col'; });
        w.rows = add(table, 'tbody');
      }
      row = add(w.rows, 'tr');
      add(row, 'th', t[0]).scope = 'row';
      add(row, 'td', t[1]);
      add(row, 'td', t[2]);
    },
    code: function (w, t) { add(add(w.section, 'pre'), 'code', t[0]); }
  };

  function neighbours(ids, id) {
    var nav = add(box, 'nav', '', 'crumbs'), at = ids.indexOf(id);
    nav.setAttribute('aria-label', 'next posts');
    [[at - 1, 'Post before'], [at + 1, 'Post after']].forEach(function (to) {
      if (ids[to[0]]) add(nav, 'a', to[1]).href = '#' + ids[to[0]];
    });
  }
  function tell(shard, id) {
    var lines = shard.posts[id], w = { to: box }, i = 0, kind, texts;
    box.textContent = '';
    if (!lines) {
      says.textContent = 'This audit has no post with the id ' + id + '.';
      return;
    }
    while (i < lines.length) {
      kind = data.lines[lines[i++]];
      texts = [];
      while (texts.length < kind[1]) texts.push(shard.text[lines[i++]]);
      put[kind[0]](w, texts);
    }
    says.textContent = '';
    pages.hidden = true;
    document.title = 'Post ' + id + ': case file';
    neighbours(Object.keys(shard.posts).sort(function (a, b) { return before(a, b) ? -1 : 1; }), id);
    box.querySelector('.name').focus();
  }

  /* ---- shards ---- */
  function fail(why) { says.textContent = why; }
  function unpack(text) {
    var raw = atob(text), bytes = new Uint8Array(raw.length), i;
    for (i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new Response(new Blob([bytes]).stream().pipeThrough(
        new DecompressionStream('deflate'))).json();
  }
  show = function (n, text) {
    unpack(text).then(function (shard) {
      shards[n] = shard;
      if (wanted && shardOf(wanted) === n) tell(shard, wanted);
    }, function () { fail('The file of this post is damaged.'); });
  };
  function load(n) {
    var script = document.createElement('script');
    script.src = 'shards/' + n + '.js';
    script.onerror = function () {
      fail('The file shards/' + n + '.js is missing, which holds this post.');
    };
    document.head.appendChild(script);
  }
  function go() {
    var id = location.hash.slice(1), n;
    wanted = '';
    box.textContent = says.textContent = '';
    document.title = title;
    pages.hidden = false;
    if (!/^[0-9]{1,20}$/.test(id)) return;
    wanted = input.value = id;
    n = shardOf(id);
    if (n < 0) fail('This audit has no post with the id ' + id + '.');
    else if (shards[n]) tell(shards[n], id);
    else {
      says.textContent = 'Loading ...';
      load(n);
    }
  }

  form.hidden = false;
  form.addEventListener('submit', function (event) {
    var id = /[0-9]{17,20}/.exec(input.value);
    event.preventDefault();
    if (id) location.hash = id[0];
    else fail('An id has 17 to 20 digits; a link to a post holds one.');
  });
  window.addEventListener('hashchange', go);
  go();
});
