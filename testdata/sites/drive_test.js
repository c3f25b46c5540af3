// Drives one site in a frame with full knowledge of it, to show that everything its truth names can be reached by a visitor.
const tell = text => fetch('/verdict', { method: 'POST', body: text });
const wait = ms => new Promise(r => setTimeout(r, ms));
const { site, query, steps } = window.DRIVE;
const frame = document.querySelector('iframe');
const open = url => new Promise(r => { frame.onload = r; frame.src = url; });
const text = node => {
  let t = node.innerText || '';
  if (site === 'shadow') node.querySelectorAll('*').forEach(el => { if (el.shadowRoot) t += '\n' + [...el.shadowRoot.children].map(c => (c.localName === 'link' || c.localName === 'style' ? '' : text(c))).join('\n'); });
  return t;
};
const C = doc => (doc.defaultView.SITE || { mode: '' }).mode;
const homeOf = doc => { const host = doc.querySelector('feed-host'); return host ? host.shadowRoot : doc; };
(async () => {
  const truth = await (await fetch(`/${site}/truth.json?${query}`)).json();
  const want = new Map(), times = [];
  const add = p => { want.set(p.mark, p); p.comments.forEach(add); };
  const later = [];
  truth.posts.forEach(p => { if (truth.comments_on === 'permalink') { want.set(p.mark, p); if (p.comments.length && later.length < 3) later.push(p); } else add(p); });
  const total = want.size;
  let seen = '';
  const look = doc => { const t = text(doc.body); seen = t; for (const m of want.keys()) if (t.includes(m)) want.delete(m); };
  const drive = async (max) => {
    let still = 0, last = '', before = '', rounds = 0, quiet = 0;
    for (let i = 0; i < max && still < 14 && want.size; i += 1) {
      const w = frame.contentWindow.frames.length && frame.contentDocument.querySelector('iframe[src*="frame=1"]') ? frame.contentWindow.frames[0] : frame.contentWindow;
      const doc = w.document, S = w.SITE && w.SITE.sel;
      if (S) {
        const home = homeOf(doc);
        const press = async (sel, times) => { for (const el of [...home.querySelectorAll(sel)]) { el.times = (el.times || 0) + 1; if (!el.hidden && el.isConnected && el.times <= times) { el.click(); if (sel === S.open) await wait(8); } } await wait(15); };
        for (const el of home.querySelectorAll(S.sort)) if (!el.done) { el.done = 1; el.click(); const item = [...doc.querySelectorAll(S.sortItem)].pop(); if (item) item.click(); await wait(40); }
        await press(S.more, 3); await press(S.open, 8); await press(S.replies, 3); await press(S.cover, 1); await press(S.load, 999); await press(S.retry, 999);
        for (const el of home.querySelectorAll(S.reveal)) if (el.getAttribute('aria-expanded') === 'false') el.click();
        const x = doc.querySelector('.' + S.closeName); if (x && truth.comments_on !== 'modal') x.click();
        if (truth.comments_on === 'modal') { const tile = doc.querySelector(S.list + ' a'); const next = doc.querySelector('.' + S.goName + '[data-way=next]'); if (!next) tile.click(); else if (quiet > 1 && !doc.querySelector(`[role=dialog] ${S.open}:not([hidden])`)) { quiet = 0; next.click(); } }
        const box = S && doc.querySelector(S.inner) || doc.scrollingElement;
        look(doc);
        const settled = seen === before && !home.querySelector('[data-busy]');
        before = seen;
        quiet = settled ? quiet + 1 : 0;
        if (settled) { box.scrollTop += truth.comments_on === 'modal' ? 0 : w.innerHeight * 0.7; }
        const state = `${box.scrollTop} ${box.scrollHeight} ${want.size} ${settled}`;
        still = state === last ? still + 1 : 0;
        last = state;
      } else { look(doc); still += 1; }
      if (still > 10 && rounds < 2 && C(doc) === 'virtual') { rounds += 1; still = 0; doc.scrollingElement.scrollTop = 0; }
      const older = [...doc.querySelectorAll('a')].find(a => a.rel === 'next' || /Äldre inlägg|Older posts|Eldre innlegg|Ældre opslag|Vanhemmat julkaisut/.test(a.textContent));
      if (older && still > 3) { still = 0; await open(older.href); }
      await wait(60);
    }
  };
  try {
    await open(`/${site}/?${query}`);
    await drive(steps);
    for (const p of later) { p.comments.forEach(add); await open(p.permalink); await drive(30); }
    if (truth.comments_on === 'permalink') for (const p of truth.posts) if (want.has(p.mark) && later.length) { await open(p.permalink); await drive(6); if (later.push(p) > 40) break; }
  } catch (e) { await tell('ERROR ' + e.stack); return; }
  const twice = truth.posts.flatMap(p => [p, ...p.comments]).map(p => p.mark).filter(m => seen.split(m).length > 2);
  await tell(`DONE twice=${['loop', 'insert'].includes(site) ? 0 : twice.length} total=${total} missing=${want.size} ${[...want.keys()].slice(0, 5).join(' | ')}`);
})();
