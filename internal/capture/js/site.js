// What a page of a site leads to.
(() => {
  'use strict';
  const A = arsring;
  // ways lists the links of the page as they stand, hidden menus included, without buttons. Some sites put all of a page into one form.
  A.ways = (most) => {
    const out = [], seen = new Set();
    for (const a of A.all('a[href],area[href],svg a')) {
      let url = String(a.href);
      if (a.href && a.href.baseVal !== undefined) { // a drawing's link stands as it is written
        try { url = new URL(a.href.baseVal, a.baseURI).href; } catch { continue; }
      }
      if (!/^https?:/i.test(url) || url.length > 2000 || seen.has(url)) continue;
      seen.add(url);
      out.push({ url, file: a.hasAttribute('download') });
      if (out.length >= most) break;
    }
    return out;
  };
  // pictures lists the large pictures of the page's own matter: where pages say the same, they tell them apart.
  A.pictures = () => A.all('img,video,object,embed,iframe').filter((e) => {
    const r = e.getBoundingClientRect();
    return r.width >= 160 && r.height >= 120 && !e.closest('header,footer,nav,aside');
  }).slice(0, 50).map((e) => e.currentSrc || e.src || e.data || '');
})();
