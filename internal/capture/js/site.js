// What a page of a site leads to.
(() => {
  'use strict';
  const A = arsring;
  // ways lists the links of the page as they stand, hidden menus included, without forms and buttons.
  A.ways = (most) => {
    const out = [], seen = new Set();
    for (const a of A.all('a[href],area[href]')) {
      const url = String(a.href && a.href.baseVal !== undefined ? a.href.baseVal : a.href);
      if (!/^https?:/i.test(url) || url.length > 2000 || seen.has(url) || a.closest('form')) continue;
      seen.add(url);
      out.push({ url, file: a.hasAttribute('download') });
      if (out.length >= most) break;
    }
    return out;
  };
})();
