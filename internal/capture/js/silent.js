// Times that a page gives to programs alone: in attributes, in microdata, in its structured data.
(() => {
  'use strict';
  const A = arsring;

  const names = ['datetime', 'data-published', 'data-publish-date', 'data-created', 'data-created-at', 'data-date', 'data-datetime', 'data-time', 'data-timestamp', 'data-utime', 'data-epoch'];
  const piece = 'article,[role=article],[itemprop=comment],[itemtype$="/Comment"]';

  // dated is when each address of the page's JSON-LD was published (schema.org: datePublished, uploadDate, dateCreated).
  let read = '', dated = new Map();
  const addresses = () => {
    const scripts = A.all('script[type="application/ld+json"]').slice(0, 60), state = scripts.map((s) => s.textContent.length).join();
    if (state === read) return dated;
    read = state;
    dated = new Map();
    const dig = (o, depth) => {
      if (!o || typeof o !== 'object' || depth > 8 || dated.size > 5000) return;
      const at = o.datePublished || o.uploadDate || o.dateCreated, entity = o.mainEntityOfPage;
      if (typeof at === 'string') for (const u of [o.url, o['@id'], typeof entity === 'string' ? entity : (entity || {})['@id']]) if (typeof u === 'string' && u && !dated.has(A.cleanURL(u))) dated.set(A.cleanURL(u), at);
      for (const k of Object.keys(o)) dig(o[k], depth + 1);
    };
    for (const s of scripts) { if (s.textContent.length < 2e6) try { dig(JSON.parse(s.textContent), 0); } catch (e) { /* pages write broken JSON */ } }
    return dated;
  };

  // silentWhen gathers the time of a post or comment that shows none; null where there is none.
  A.silentWhen = (el, permalink) => {
    const w = { datetime: '', epoch: '', json_ld: '', titles: [], text: '' };
    for (const m of A.within(el, 'meta[itemprop=datePublished][content],meta[itemprop=uploadDate][content],meta[itemprop=dateCreated][content]')) {
      const whose = m.closest(piece);
      if (!whose || whose === el || !A.inside(whose, el)) { w.datetime = m.content; break; }
    }
    for (const k of w.datetime ? [] : names) {
      const v = (el.getAttribute(k) || '').trim();
      if (/^\d{9,13}$/.test(v)) { w.epoch = v; break; }
      if (/^(?:19|20)\d\d-\d\d-\d\d/.test(v)) { w.datetime = v; break; }
    }
    if (!w.datetime && !w.epoch && permalink) w.json_ld = addresses().get(permalink) || '';
    return w.datetime || w.epoch || w.json_ld ? w : null;
  };
})();
