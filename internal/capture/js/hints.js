// What a platform file tells of a page: selectors that come before the general way, and what they found. A selector that finds nothing, or that
// is none, changes nothing.
(() => {
  'use strict';
  const A = arsring;
  A.hints = {}; // by name, each a list of selectors that the browser understands
  const found = new Map(), broken = new Set();
  const usable = (s) => { try { document.createDocumentFragment().querySelector(s); return true; } catch (e) { broken.add(s); return false; } };

  // setHints takes what the platform file says: {select: {post: [...], ...}, urls: {...}, phrases: {...}}.
  A.setHints = (h) => {
    for (const [k, list] of Object.entries(h.select || {})) {
      const good = (list || []).filter(usable);
      if (good.length) { A.hints[k] = good; A.rules[k] = good.join(','); }
    }
    A.rules.attributes = h.attributes || [];
    A.rules.words = new Set((h.words || []).map((w) => w.toLowerCase()));
    const re = (parts) => (parts && parts.length ? new RegExp(parts.join('|'), 'iu') : null);
    A.rules.walls = {};
    for (const [k, w] of Object.entries(h.walls || {})) A.rules.walls[k] = { url: re(w.urls), text: re((w.phrases || []).map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'))), el: (w.elements || []).filter(usable).join(',') };
    A.veil();
    return true;
  };
  // veil keeps private areas - chats, notices, inboxes - out of every picture, also those that come later.
  A.veil = () => {
    if (!A.rules.private || !document.documentElement) return;
    const s = new CSSStyleSheet(); // a page's own policy may refuse style elements
    s.replaceSync(A.rules.private + '{visibility:hidden!important}' + A.hints.private.map((p) => p + ' *').join(',') + '{visibility:hidden!important}');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, s];
  };
  // hinted says whether the platform file names the element for the given use.
  A.hinted = (k, el) => !!A.rules[k] && el.matches(A.rules[k]);
  // barredBy says whether the platform file forbids pressing the element.
  A.forbidden = (el) => !!A.rules.never && !!el.closest(A.rules.never) || !!A.rules.words && A.rules.words.has(A.label(el).toLowerCase());

  let trust = null; // whether the file's posts are to be believed; null while nothing was seen
  // trusted judges once, at the first posts in sight: where the general way sees at least twice as many, the file is out of date.
  A.trusted = (els, general) => {
    if (trust === null && els.length) { const n = general().length; trust = !(n >= 2 && n >= 2 * els.length); }
    return trust !== false;
  };

  const counted = ['post', 'permalink', 'author', 'time', 'text', 'comment', 'more', 'expand', 'likes', 'shares', 'comments'];
  // hintReport tells how many elements each selector finds now: {found: {"post": {"selector": n}}, broken: [...], distrusted}.
  A.hintReport = () => {
    const out = {};
    for (const k of counted) if (A.hints[k]) { out[k] = {}; for (const s of A.hints[k]) out[k][s] = A.all(s).length; }
    return { found: out, broken: Array.from(broken), distrusted: trust === false, alternates: A.alternates(), private: A.rules.private ? A.all(A.rules.private).length : 0, in: A.rules.in ? A.all(A.rules.in).length : 0, out: A.rules.out ? A.all(A.rules.out).length : 0 };
  };
  // alternates lists what the page says of itself for programs: feeds, the address of its interface, how it is embedded.
  A.alternates = () => A.all('link[rel~=alternate][href],link[rel="https://api.w.org/"][href]').filter((l) => /(?:rss|atom|oembed|json)/i.test(l.type || '') || l.rel === 'https://api.w.org/').slice(0, 20)
    .map((l) => ({ rel: l.rel, type: l.type || '', url: l.href, title: A.clip(l.title || '', 200) }));
  // sign tells which wall the platform file sees here; words count only where the page says little else.
  A.sign = (sparse, says) => {
    for (const [k, w] of Object.entries(A.rules.walls || {})) {
      if (w.url && w.url.test(location.href)) return { kind: k, text: location.pathname };
      const el = w.el && A.all(w.el).find((e) => A.visible(e) && e.getBoundingClientRect().height > 1);
      if (el) return { kind: k, text: A.clean(el.innerText).slice(0, 160) };
      const t = sparse && w.text && says(w.text);
      if (t) return { kind: k, text: t };
    }
    return null;
  };
})();
