// Times that a page gives to programs alone: in attributes, in microdata, in its structured data.
(() => {
  'use strict';
  const A = arsring;

  const names = ['datetime', 'data-published', 'data-publish-date', 'data-created', 'data-created-at', 'data-date', 'data-datetime', 'data-time', 'data-timestamp', 'data-utime', 'data-epoch'];
  const piece = 'article,[role=article],[itemprop=comment],[itemtype$="/Comment"]';

  // jsonLD is the page's structured data, as it can be read; the same list until the page changes it.
  let state = '', data = [];
  A.jsonLD = () => {
    const scripts = A.all('script[type="application/ld+json"]').slice(0, 60), now = scripts.map((s) => s.textContent.length).join();
    if (now === state) return data;
    state = now;
    data = [];
    for (const s of scripts) { if (s.textContent.length < 2e6) try { data.push(JSON.parse(s.textContent)); } catch (e) { /* pages write broken JSON */ } }
    return data;
  };
  // addresses is when each address of the structured data was published (schema.org: datePublished, uploadDate, dateCreated).
  let read = null, dated = new Map();
  const addresses = () => {
    if (read === A.jsonLD()) return dated;
    read = A.jsonLD();
    dated = new Map();
    const dig = (o, depth) => {
      if (!o || typeof o !== 'object' || depth > 8 || dated.size > 5000) return;
      const at = o.datePublished || o.uploadDate || o.dateCreated, entity = o.mainEntityOfPage;
      if (typeof at === 'string') for (const u of [o.url, o['@id'], typeof entity === 'string' ? entity : (entity || {})['@id']]) if (typeof u === 'string' && u && !dated.has(A.cleanURL(u))) dated.set(A.cleanURL(u), at);
      for (const k of Object.keys(o)) dig(o[k], depth + 1);
    };
    for (const o of read) dig(o, 0);
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
