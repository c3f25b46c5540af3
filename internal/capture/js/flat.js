// Posts that are no elements of their own: a heading, a time and paragraphs that follow each other, one post after the other. Each is put into an element
// that has no look, so that it can be told like any other post. Where that would move anything, all stays as it was.
(() => {
  'use strict';
  const A = arsring;
  const holds = new Map(); // what was parted, and what the lines with the times look like there
  const like = (e) => e.localName + '|' + (e.getAttribute('class') || '');
  const text = (n) => (n.nodeType === 3 ? A.clean(n.data) : n.nodeType === 1 && !/^(?:script|style|template|noscript)$/.test(n.localName) ? A.clean(n.textContent) : '');
  const heading = (n) => n.nodeType === 1 && (/^h[1-6]$/.test(n.localName) || n.getAttribute('role') === 'heading');
  const inline = (n) => n.nodeType === 3 || n.nodeType === 8 || n.nodeType === 1 && n.localName !== 'br' && /^(?:inline|contents)/.test(A.css(n).display);
  const apart = 'nav,footer,form,aside,script,style,template,dialog,header,main,[role=navigation],[class*=pag i]:not(p):not(h2):not(h3)';
  let grouped = 0;
  // grouped is how many posts were put into elements of their own.
  A.grouped = () => grouped;

  // lines gives times that stand as text alone in their line, between line breaks, an element of their own.
  const lines = () => {
    const found = [], w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const ends = (n) => !n || n.nodeType === 1 && (n.localName === 'br' || !inline(n));
    const next = (n, step) => { do n = n[step]; while (n && (n.nodeType === 8 || n.nodeType === 3 && !n.data.trim())); return n; };
    for (let t = w.nextNode(), k = 0; t && k < 60000; t = w.nextNode(), k++) {
      if (t.data.length > 60 || !/\d/.test(t.data) || !t.parentElement || !t.parentElement.querySelector('br') || !A.looksLikeTime(A.clean(t.data)) || t.parentElement.closest('nav,footer,aside,form,button,a')) continue;
      if (ends(next(t, 'previousSibling')) && ends(next(t, 'nextSibling'))) found.push(t);
    }
    if (found.length < 3) return;
    for (const t of found) { const s = document.createElement('span'); t.replaceWith(s); s.append(t); }
  };
  // begin is where the post begins that has its time in the given child: at a rule, a heading, or at the beginning of its line.
  const begin = (kids, i, from) => {
    for (let k = i - 1; k >= from; k--) if (kids[k].nodeType === 1 && kids[k].localName === 'hr') return k + 1;
    let k = i, head = heading(kids[i]) || kids[i].localName === 'dt';
    for (; k > from; k--) {
      const n = kids[k - 1];
      if (!text(n) && !(n.nodeType === 1 && n.localName === 'br')) continue; // space, or a picture
      if (n.nodeType === 1 && n.localName === 'br') break;
      if (heading(n) && !heading(kids[i])) { head = true; continue; }
      if (inline(n) && (inline(kids[k]) || k === i && inline(kids[i]))) continue;
      const bold = n.nodeType === 1 && text(n).length < 120 && !/[.!?]$/.test(text(n)) && (parseInt(A.css(n).fontWeight, 10) >= 600 || n.querySelector('b,strong') && text(n) === A.clean(n.querySelector('b,strong').textContent));
      if (bold && !head && !heading(kids[i])) { head = true; continue; }
      break;
    }
    while (k < i && !text(kids[k])) k++;
    return k;
  };
  // plan parts the children of box into posts; null where they are none.
  const plan = (box, face) => {
    const kids = Array.from(box.childNodes), at = [];
    kids.forEach((n, i) => { if (n.nodeType === 1 && like(n) === face && text(n).length <= 140 && A.marks(n).length > 0 && A.visible(n)) at.push(i); });
    if (at.length < (holds.has(box) ? 1 : 3)) return null;
    const starts = at.map((i, k) => begin(kids, i, k ? at[k - 1] + 1 : 0)), full = (a, b) => kids.slice(a, b).filter((n) => text(n)).length;
    if (at.length > 1) { // what stands over them all is none of the first one's
      const most = Math.max(...starts.slice(1).map((s, k) => full(s, at[k + 1])));
      while (starts[0] < at[0] && (full(starts[0], at[0]) > most || kids[starts[0]].localName === 'h1' || !text(kids[starts[0]]))) starts[0]++;
    }
    const dead = (n) => n.nodeType === 1 && (n.matches(apart) || n.localName === 'hr');
    const tags = new Set();
    const runs = starts.map((s, k) => {
      let e = k + 1 < starts.length ? starts[k + 1] : kids.length;
      for (let j = at[k]; j < e; j++) if (dead(kids[j]) || k + 1 === starts.length && k > 0 && kids[j].nodeType === 1 && j > at[k] && (!tags.has(kids[j].localName) || heading(kids[j]) && kids.slice(starts[0], at[0]).some((n) => heading(n) && n.localName >= kids[j].localName))) { e = j; break; }
      const run = kids.slice(s, e);
      for (const n of run) if (n.nodeType === 1) tags.add(n.localName);
      return run;
    });
    const said = runs.map((r) => r.filter((n) => !heading(n) && !(n.nodeType === 1 && like(n) === face)).reduce((n, x) => n + text(x).length, 0));
    const crowded = runs.filter((r) => r.filter(heading).length > 2 || r.some((n) => n.nodeType === 1 && like(n) !== face && !/kommentar|comment|svar|repl|vastau/i.test(n.className + n.id) && A.marks(n).length > 1)).length;
    if (said.filter((n) => n >= 15).length < runs.length * 0.8 || crowded * 5 > runs.length) return null;
    return runs;
  };
  const wrap = (box, runs) => {
    const all = runs.flat().filter((n) => n.nodeType === 1), y = all.map((n) => n.getBoundingClientRect().top);
    const made = runs.map((r) => { const d = document.createElement('div'); r[0].before(d); d.append(...r); return d; });
    if (all.some((n, i) => Math.abs(n.getBoundingClientRect().top - y[i]) > 2)) {
      for (const d of made) d.replaceWith(...d.childNodes);
      return 0;
    }
    return made.length;
  };
  // rows parts tables in which a post takes several rows: one with its time, all alike, and below it what it says. A table may have many bodies.
  const rows = () => {
    const face = (tr) => Array.from(tr.cells, (c) => c.localName + c.colSpan).join(' ');
    for (const body of A.all('tbody')) {
      const all = Array.from(body.rows), dated = all.filter((tr) => tr.textContent.length < 200 && A.marks(tr).length > 0 && A.visible(tr)), count = new Map();
      for (const tr of dated) count.set(face(tr), (count.get(face(tr)) || 0) + 1);
      const [own, n] = [...count].sort((a, b) => b[1] - a[1])[0] || ['', 0];
      if (n < 3) continue;
      const starts = dated.filter((tr) => face(tr) === own).map((tr) => all.indexOf(tr));
      const runs = starts.map((s, k) => all.slice(s, k + 1 < starts.length ? starts[k + 1] : all.length));
      if (runs.filter((r) => r.slice(1).some((tr) => face(tr) !== own && A.clean(tr.textContent).length >= 15)).length < runs.length * 0.8) continue;
      let last = body;
      for (const r of runs) { const d = document.createElement('tbody'); d.append(...r); last.after(d); last = d; }
      return runs.length;
    }
    return 0;
  };
  let counted = -1;
  // part looks for such posts, and for more of them where there were some.
  A.part = () => {
    const n = document.getElementsByTagName('*').length;
    if (n === counted || !document.body) return;
    for (const [box, face] of holds) if (box.isConnected) { const runs = plan(box, face); if (runs) grouped += wrap(box, runs); } else holds.delete(box);
    if (!grouped) {
      const boxes = new Map();
      for (const m of A.marks(document.body)) {
        if (!A.visible(m) || m.closest('nav,footer,aside,table,form,[role=dialog]')) continue;
        for (let e = m, i = 0; e.parentElement && i < 4 && e !== document.body; e = e.parentElement, i++) {
          if (A.clean(e.textContent).length > 140) break;
          const box = e.parentElement, key = like(e);
          if (/^(?:ul|ol|table|tbody|tr|p|select|span|a|h\d)$/.test(box.localName) || /flex|grid/.test(A.css(box).display)) continue;
          if (!boxes.has(box)) boxes.set(box, new Map());
          boxes.get(box).set(key, (boxes.get(box).get(key) || 0) + 1);
        }
      }
      const found = [...boxes].flatMap(([box, faces]) => [...faces].map(([face, k]) => ({ box, face, k }))).filter((x) => x.k >= 3).sort((a, b) => b.k - a.k);
      for (const { box, face } of found.slice(0, 6)) {
        const runs = plan(box, face), made = runs ? wrap(box, runs) : 0;
        if (made) { holds.set(box, face); grouped = made; break; }
      }
    }
    if (!grouped) grouped = rows();
    counted = document.getElementsByTagName('*').length;
  };
  // partLines is part where nothing else was found: times as text alone in their line count, too.
  A.partLines = () => { lines(); counted = -1; A.part(); };
})();
