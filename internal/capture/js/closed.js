// Shadow trees that their page keeps closed: what a person sees in them is read like everything else. No script can look into them from outside,
// so the browser itself is asked, for those elements that may have one.
(() => {
  'use strict';
  const A = arsring;
  const trees = new WeakMap(); // by host
  const asked = new WeakSet();
  const without = new Map(); // by name of the element, how many were asked that had none
  const may = /^(?:article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/; // DOM 4.8, attachShadow
  let left = 400; // elements of ordinary names that are asked on one page

  A.shadow = (el) => el.shadowRoot || trees.get(el) || null;
  const drawn = (el) => { const r = el.getBoundingClientRect(); return r.width > 4 && r.height > 4; };
  // bare tells an empty element without size near the top of the page, from where scripts hang what lies over it.
  const bare = (el) => !el.firstChild && el.parentElement && (el.parentElement === el.ownerDocument.body || el.parentElement.parentElement === el.ownerDocument.body) && A.css(el).display !== 'none';
  let spare = 60;
  // Of an element with an ordinary name a tree is thinkable only where it shows something and holds nothing that could show.
  const suspect = (el) => {
    if (asked.has(el) || el.shadowRoot) return false;
    const own = el.localName.includes('-');
    if (!own && (el.firstElementChild || !may.test(el.localName) || left <= 0)) { asked.add(el); return false; }
    if (own && el.firstElementChild && (without.get(el.localName) || 0) >= 5) return false;
    if (own) return true; // one without size may hold what is fixed in the window
    if (!drawn(el) && !(bare(el) && spare-- > 0)) return false;
    if (A.css(el).backgroundImage !== 'none' || texts(el)) { asked.add(el); return false; }
    left--;
    return true;
  };
  // texts says that the element's own text is drawn, so that no tree stands in its place.
  const texts = (el) => {
    if (!el.firstChild || !A.clean(el.textContent)) return false;
    const range = el.ownerDocument.createRange();
    range.selectNodeContents(el);
    return range.getClientRects().length > 0;
  };
  // elsewhere gives the element that a point of the window belongs to although it lies somewhere else: something in its tree is drawn there.
  const met = new WeakMap();
  const elsewhere = (x, y) => {
    const el = document.elementFromPoint(x, y);
    if (!el || !el.localName.includes('-') && !may.test(el.localName) || A.shadow(el) || (met.get(el) || 0) >= 3) return null;
    const r = el.getBoundingClientRect();
    if (r.left <= x && r.right >= x && r.top <= y && r.bottom >= y) return null;
    met.set(el, (met.get(el) || 0) + 1);
    return el;
  };
  // suspects gives the elements that may hold a closed tree and were not asked yet: in a page that has not grown, every tenth time only.
  let size = -1, skipped = 0;
  A.suspects = () => {
    const out = [], until = performance.now() + 300, roots = A.treesNow(), n = A.elementCount();
    for (const x of [0.2, 0.5, 0.8]) for (const y of [0.2, 0.5, 0.8]) {
      const el = elsewhere(innerWidth * x, innerHeight * y);
      if (el && !out.includes(el)) out.push(el);
    }
    if (n === size && ++skipped < 10) return out;
    size = n; skipped = 0;
    for (const r of roots) {
      for (const el of r.querySelectorAll('*')) {
        if (out.length >= 500 || performance.now() > until) { size = -1; return out; }
        if (suspect(el)) out.push(el);
      }
    }
    return out;
  };
  // shut takes what the browser said of one of them.
  A.shut = (el, tree) => {
    asked.add(el);
    if (tree) { trees.set(el, tree); A.forgetRoots(); } else without.set(el.localName, (without.get(el.localName) || 0) + 1);
  };
})();
