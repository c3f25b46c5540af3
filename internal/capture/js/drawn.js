// Times that are drawn rather than written: as letters whose places a style sheet gives, beside others that nobody sees; as a drawing that takes its
// words from elsewhere; as what a style sheet puts before an empty element. Some platforms do so to keep programs from reading them.
(() => {
  'use strict';
  const A = arsring;

  // inPlace reads letters in elements of their own from left to right as they stand; '' where an element holds anything else.
  const inPlace = (el) => {
    const kids = el.children;
    if (kids.length < 3 || kids.length > 100) return '';
    for (const k of kids) if (k.childElementCount || k.textContent.length > 2) return '';
    let box = el.getBoundingClientRect();
    for (let p = el.parentElement, i = 0; p && !box.height && i < 4; p = p.parentElement, i++) box = p.getBoundingClientRect();
    const seen = [];
    for (const k of kids) {
      const r = k.getBoundingClientRect(), mid = (r.top + r.bottom) / 2;
      if (r.width && mid > box.top && mid < box.bottom && r.right > box.left && r.left < box.right && A.visible(k) && +A.css(k).opacity > 0.05) seen.push([r.left, k.textContent]);
    }
    return A.clean(seen.sort((a, b) => a[0] - b[0]).map((s) => s[1]).join(''));
  };
  // drawing reads the words of a drawing: its own, and those that it takes from another one.
  const drawing = (svg) => {
    const parts = [];
    for (const e of svg.querySelectorAll('text,use')) {
      const ref = e.localName === 'use' ? (e.getAttribute('href') || e.getAttribute('xlink:href') || '') : '';
      const from = ref.startsWith('#') ? svg.getRootNode().getElementById(ref.slice(1)) : e.closest('defs,symbol') ? null : e;
      if (from && from.textContent.length < 60) parts.push(from.textContent);
    }
    return A.clean(parts.join(' '));
  };
  // styled reads what a style sheet writes from an empty element's own attribute.
  const styled = (el) => {
    if (el.firstChild || !/^(?:i|b|a|em|span|small|abbr|div|p)$/.test(el.localName)) return '';
    for (const a of el.attributes) {
      if (!/^(?:data-|title$|aria-label$)/.test(a.name) || a.value.length > 40 || !A.looksLikeTime(a.value)) continue;
      for (const side of ['::before', '::after']) {
        const said = el.ownerDocument.defaultView.getComputedStyle(el, side).content;
        if (said === 'attr(' + a.name + ')' || said === JSON.stringify(a.value)) return a.value;
      }
    }
    return '';
  };
  const only = (el) => (el.localName === 'svg' ? el : el.childElementCount === 1 && el.firstElementChild.localName === 'svg' && !el.textContent.trim() ? el.firstElementChild : null);
  // drawn is the time that an element shows in one of these ways; '' for all others.
  A.drawn = (el) => {
    const svg = only(el), s = svg ? drawing(svg) : inPlace(el) || styled(el);
    return s && A.looksLikeTime(s) ? s : '';
  };
})();
