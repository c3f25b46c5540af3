// The page's own words: facts about the document, its text in reading order, and the elements that follow the reader.
(() => {
  'use strict';
  const A = arsring;

  A.meta = () => {
    const html = document.documentElement || document.createElement('html'); // a document may have no element at all
    const attr = (sel, name) => { const e = document.querySelector(sel); return e ? e.getAttribute(name) || '' : ''; };
    const structured = [];
    for (const s of document.querySelectorAll('script[type="application/ld+json"]')) {
      if (structured.length < 40 && s.textContent.length < 200000) structured.push({ kind: 'json-ld', json: s.textContent.trim() });
    }
    const og = {};
    for (const m of document.querySelectorAll('meta[property],meta[name]')) {
      const k = m.getAttribute('property') || m.getAttribute('name');
      if (/^(og|article|profile|twitter|fediverse|dc|dcterms)[:.]/i.test(k) && Object.keys(og).length < 100) og[k] = A.clip(m.content, 2000);
    }
    if (Object.keys(og).length) structured.push({ kind: 'open-graph', json: JSON.stringify(og) });
    return {
      title: A.clip(A.clean(document.title), 500), lang: html.lang || attr('meta[http-equiv="content-language" i]', 'content'),
      dir: (document.body && A.css(document.body).direction) || 'ltr', description: A.clip(attr('meta[name="description" i]', 'content'), 2000),
      canonical: (document.querySelector('link[rel~="canonical"]') || {}).href || '', url: location.href, mime: document.contentType, structured,
    };
  };

  const blockish = (d) => d === 'block' || d === 'flex' || d === 'grid' || d === 'list-item' || d === 'flow-root' || d.startsWith('table');

  // blocks gives the text of everything visible in reading order, leaving out the elements given in except.
  A.blocks = (except) => {
    const out = [];
    let cur = null;
    const out_of = new Set(except || []);
    const flush = () => {
      if (!cur) return;
      cur.text = cur.pre ? cur.text.replace(/\s+$/, '') : cur.text.replace(/[ \t]*\n[ \t]*/g, '\n').replace(/[ \t\u00a0]+/g, ' ').trim();
      delete cur.pre;
      if (/\S/.test(cur.text)) out.push(cur);
      cur = null;
    };
    const ensure = (st) => { if (!cur) cur = { kind: st.kind, level: st.level, text: '', lang: st.lang, dir: st.dir, pre: st.pre }; };
    const table = (el, st) => {
      const rows = [];
      let simple = !el.querySelector('table') && el.rows.length < 3000;
      for (const r of el.rows) {
        if (!A.visible(r)) continue;
        const cells = Array.from(r.cells);
        if (cells.some((c) => c.colSpan > 1 || c.querySelector('h1,h2,h3,h4,h5,h6,p+p,ul,ol,pre'))) simple = false;
        rows.push(cells.map((c) => A.clean(c.innerText)));
      }
      const w = rows.length ? rows[0].length : 0;
      if (!simple || rows.length < 2 || w < 2 || w > 8 || rows.some((r) => r.length !== w)) return false;
      flush();
      if (el.caption) out.push({ kind: 'p', text: A.clean(el.caption.innerText), lang: st.lang, dir: st.dir });
      out.push({ kind: 'table', rows, head: Array.from(el.rows[0].cells).every((c) => c.localName === 'th'), lang: st.lang, dir: st.dir });
      return true;
    };
    const go = (node, st) => {
      if (node.nodeType === 3) {
        if (!st.shown) return;
        const t = A.transform(node.data, st.how);
        if (!/\S/.test(t)) { if (cur) cur.text += st.pre ? t : ' '; return; }
        ensure(st);
        cur.text += st.pre ? t : t.replace(/[ \t\r\n\f]+/g, ' ');
        return;
      }
      if (node.nodeType !== 1 || out_of.has(node)) return;
      const n = node.localName;
      if (n === 'script' || n === 'style' || n === 'noscript' || n === 'template' || n === 'head') return;
      if (n === 'br') { if (cur) cur.text += '\n'; return; }
      const s = A.css(node);
      if (s.display === 'none' || (node.checkVisibility && s.display !== 'contents' && !node.checkVisibility())) return;
      const inner = { ...st, shown: s.visibility === 'visible', how: s.textTransform, pre: /^pre/.test(s.whiteSpace), dir: s.direction };
      const lang = node.getAttribute('lang'); if (lang) inner.lang = lang;
      const block = blockish(s.display);
      if (n === 'table' && inner.shown && table(node, inner)) return;
      if (block) {
        flush();
        const h = /^h([1-6])$/.exec(n);
        const role = node.getAttribute('role');
        if (h || role === 'heading') { inner.kind = 'h'; inner.level = h ? +h[1] : +(node.getAttribute('aria-level') || 2); }
        else if (n === 'li' || s.display === 'list-item') inner.kind = 'li';
        else if (n === 'pre') inner.kind = 'pre';
        else if (st.kind === 'h') { inner.kind = 'h'; } else if (st.kind !== 'li' && st.kind !== 'pre') inner.kind = 'p';
      }
      if ((n === 'input' || n === 'textarea') && inner.shown) return;
      if (n === 'select') { ensure(inner); cur.text += ' ' + Array.from(node.options).map((o) => o.text).join('\n') + ' '; return; }
      const body = A.frameBody(node);
      if (body) { flush(); go(body, { ...inner, kind: 'p' }); flush(); return; }
      for (const k of A.kids(node)) go(k, inner);
      if (block) flush();
      else if (s.display === 'inline-block' || s.display === 'inline-flex' || s.display === 'table-cell') { if (cur) cur.text += ' '; }
    };
    const root = document.body || document.documentElement; // a drawing has no body
    if (root) go(root, { kind: 'p', shown: true, how: 'none', pre: false, lang: document.documentElement.lang || '', dir: 'ltr' });
    flush();
    return out;
  };

  // few leaves out what goes beyond so many blocks and letters: a page without end must not make a record that nobody can print.
  A.mostBlocks = 20000;
  const few = (blocks) => {
    let letters = 0, n = 0;
    while (n < blocks.length && n < A.mostBlocks && (letters += (blocks[n].text || '').length + (blocks[n].rows || []).flat().join('').length) < 4e6) n++;
    if (n === blocks.length) return blocks;
    const cut = blocks[n];
    return [...blocks.slice(0, n), { kind: 'p', text: A.clip((cut.text || '').slice(0, 200000), 100000), lang: cut.lang, dir: cut.dir, cut: true }];
  };
  // text is blocks, and whatever of innerText they should have missed.
  A.text = (except) => {
    const blocks = few(A.blocks(except));
    if (except && except.length || blocks.some((b) => b.cut)) return blocks;
    const have = new Map();
    const words = (s) => s.split(/\s+/).filter(Boolean);
    for (const b of blocks) for (const w of words((b.text || '') + ' ' + (b.rows || []).flat().join(' '))) have.set(w, (have.get(w) || 0) + 1);
    for (const line of (document.body ? document.body.innerText : '').split('\n')) {
      let miss = false;
      for (const w of words(line)) { const n = have.get(w) || 0; if (n) have.set(w, n - 1); else miss = true; }
      if (miss) blocks.push({ kind: 'p', text: line.trim(), lang: document.documentElement.lang || '', dir: 'ltr' });
    }
    return blocks;
  };

  A.links = (most) => {
    const out = [], seen = new Set();
    for (const a of A.all('a[href]')) {
      const url = String(a.href);
      if (!/^(https?|mailto|tel):/i.test(url) || seen.has(url) || url.length > 2000 || !A.visible(a)) continue;
      seen.add(url);
      out.push({ url, text: A.clip(A.name(a), 200) });
      if (out.length >= most) break;
    }
    return out;
  };

  // followers finds elements that stay in the window while the page is scrolled.
  A.followers = () => A.treesNow().flatMap((r) => Array.from(r.querySelectorAll(r.nodeType === 9 ? 'body *' : '*'))).filter((el) => {
    const p = A.css(el).position;
    if (p !== 'fixed' && p !== 'sticky') return false;
    const r = el.getBoundingClientRect();
    return r.width > 1 && r.height > 1 && A.visible(el);
  });
  A.describe = (el) => A.clip((el.getAttribute('aria-label') || el.id || el.localName) + ': ' + A.clean(el.innerText) || A.words(el), 120);

  // frames tells what is fixed in the window and is the page itself: it scrolls, and holds the posts or nearly all that is said.
  const frames = (el) => {
    const r = el.getBoundingClientRect();
    if (r.width * r.height < innerWidth * innerHeight * 0.5) return false;
    const scrolls = [el, ...el.querySelectorAll('*')].slice(0, 40).some((e) => e.scrollHeight > e.clientHeight + 40 && /auto|scroll/.test(A.css(e).overflowY));
    return scrolls && (A.holdsPosts(el) || A.clean(el.innerText).length > 0.8 * A.clean(document.body.innerText).length);
  };
  // unrollPage gives boxes that scroll in the place of a page that does not all of their height, as if the window were that tall. It says which they were.
  A.unrollPage = () => {
    const set = (e, o) => { for (const k of Object.keys(o)) e.style.setProperty(k, o[k], 'important'); };
    if (!document.body || !still()) return [];
    // A box may be moved by a script, and then hides what goes beyond it; a frame scrolls like a box.
    const within = (e) => (A.frameBody(e) ? e.contentDocument.documentElement.scrollHeight : e.scrollHeight);
    const hides = (e) => e.clientHeight > innerHeight * 0.9 && Array.from(e.querySelectorAll('p,h1,h2,h3,li,img')).some((k) => k.getBoundingClientRect().top > e.getBoundingClientRect().bottom && A.visible(k));
    const scrolls = (e) => { const o = A.css(e).overflowY; return !!A.frameBody(e) || /auto|scroll/.test(o) || /hidden|clip/.test(o) && hides(e); };
    const boxes = A.all('body,body *').filter((e) => within(e) > e.clientHeight + 20 && e.clientHeight > innerHeight * 0.5 && e.clientWidth > innerWidth * 0.2 && e.localName !== 'frame' && scrolls(e) && A.visible(e) && !isOver(e));
    for (const box of boxes.reverse()) { // those within others first
      const h = within(box);
      for (let e = box; e; e = A.parent(e)) {
        const s = A.css(e);
        if (s.position === 'fixed') set(e, { position: 'absolute' });
        if (s.position === 'fixed' || s.position === 'absolute') set(e, { bottom: 'auto' });
        set(e, { height: 'auto', 'max-height': 'none', overflow: 'visible', contain: 'none', 'min-height': (e === box ? h : e.offsetHeight || 0) + 'px' });
      }
    }
    return boxes.map(A.describe);
  };
  // toEnd scrolls to where the page ends, and tells those who wait for that also where everything fits the window.
  A.toEnd = () => { A.scrollTo(A.height()); window.dispatchEvent(new Event('scroll')); return A.painted(); };
  // still says that the page does not scroll by itself.
  const still = () => document.documentElement.scrollHeight <= innerHeight + 50;
  // isOver tells what lies over the page from what is the page itself, although it is raised: below that nothing is said.
  const isOver = (el) => {
    const o = A.outer(el);
    if (!o) return false;
    if (A.isModal(o) || /dialog/.test(o.getAttribute('role') || '')) return true;
    const r = o.getBoundingClientRect(), says = (e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim().length > 2);
    return [0.1, 0.3, 0.5, 0.7, 0.9].some((x) => [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95].some((y) => {
      const stack = document.elementsFromPoint(r.left + r.width * x, r.top + r.height * y), at = stack.findIndex((e) => A.inside(e, o));
      return at >= 0 && stack.slice(at).some((e) => !A.inside(e, o) && !A.inside(o, e) && (says(e) || e.localName === 'img'));
    }));
  };

  const held = new WeakSet();
  // quell makes elements that follow the reader appear once: fixed ones are hidden, sticky ones returned to their place.
  // With top true, those that hang at the top of the window stay for now. It returns what was changed.
  A.quell = (top) => {
    const done = [];
    if (A.barred()) return done; // what bars the way is not hidden in passing
    const whole = still();
    for (const el of A.followers()) {
      if (held.has(el)) continue;
      const name = A.describe(el); // what is hidden says nothing any more
      const p = A.css(el).position, r = el.getBoundingClientRect();
      if (p === 'sticky') {
        for (const side of ['top', 'bottom', 'left', 'right']) el.style.setProperty(side, 'auto', 'important');
        el.style.setProperty('position', 'relative', 'important');
      } else {
        if (whole && !isOver(el) || frames(el)) continue; // the page itself, or what stands beside it
        if (top && r.top < 300 && r.bottom < 500 && window.scrollY < 5) continue;
        el.style.setProperty('visibility', 'hidden', 'important');
        for (const k of el.querySelectorAll('*')) if (A.css(k).visibility === 'visible') k.style.setProperty('visibility', 'hidden', 'important');
      }
      held.add(el);
      done.push((p === 'sticky' ? 'unstuck ' : '') + name);
    }
    return done;
  };
})();
